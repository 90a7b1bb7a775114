//! Printed rows × the form's rows → which row is which.
//!
//! Before the alignment, rows that were broken over two lines are joined and rows glued on one line are parted; both
//! need the form's labels, and both are remembered in [`TableRow::mend`].

use super::align::{MOST_PAIRS, Pair, align, longest_rise};
use super::extra::Extra;
use crate::doc::{Document, Shape};
use crate::fold::is_numeric;
use crate::grammar::{Band, FormIndex, IndexedRow, TableForm, likeness};
use crate::label::key;
use crate::normalise::{Doubt, Reading};
use crate::place::Span;
use crate::table::{Mend, Table, TableCell, TableRow};
use std::collections::HashMap;

/// Spaces of a label at which two may meet.
const MOST_SPACES: usize = 8;

/// A row of the form in one edition.
#[derive(Debug, Clone)]
pub struct FormRow<'a> {
    /// The band it stands in.
    pub band: &'a Band,
    /// Its id.
    pub id: &'a str,
    /// Its official words.
    pub label: &'a str,
    /// What it is compared by.
    pub keys: &'a [String],
    /// It may be left out.
    pub optional: bool,
    /// It has children that are always there, so it never has numbers of its own.
    pub group: bool,
    /// It has children that may be there.
    pub may_be_group: bool,
}

/// The rows of a form in one edition, and an index by key.
pub struct FormRows<'a> {
    /// In printed order.
    pub rows: Vec<FormRow<'a>>,
    index: &'a FormIndex,
}

impl<'a> FormRows<'a> {
    /// The rows of one edition.
    pub fn new(form: &'a TableForm, edition: &str) -> FormRows<'a> {
        let index = form.indexes.of(edition);
        let row = |row: &IndexedRow| {
            let band = form.bands.get(row.band)?;
            let item = band.rows.get(row.item)?;
            Some(FormRow {
                band,
                id: &item.id,
                label: item.label(),
                keys: &item.keys,
                optional: item.optional,
                group: row.is_group,
                may_be_group: row.may_be_group,
            })
        };
        FormRows { rows: index.rows.iter().filter_map(row).collect(), index }
    }

    /// The same with rows that the form does not have behind them.
    pub fn with<'b>(&self, extras: &'b [Extra<'b>]) -> FormRows<'b>
    where
        'a: 'b,
    {
        let row = |extra: &'b Extra<'b>| FormRow {
            band: extra.band,
            id: &extra.row.item.id,
            label: extra.row.item.label(),
            keys: &extra.row.item.keys,
            optional: false,
            group: false,
            may_be_group: false,
        };
        FormRows { rows: self.rows.iter().cloned().chain(extras.iter().map(row)).collect(), index: self.index }
    }

    /// True when a key is the label of a row or group.
    pub fn knows(&self, key: &str) -> bool {
        !key.is_empty() && self.index.exact.contains_key(key)
    }

    /// True when a key is how the label of a row begins.
    pub fn begins(&self, key: &str) -> bool {
        key.chars().count() >= 2 && self.index.exact.keys().any(|known| known.starts_with(key))
    }

    /// True when the form's one row has no label.
    pub fn is_unlabelled(&self) -> bool {
        self.rows.len() == 1 && self.rows.iter().all(|row| row.keys.iter().all(String::is_empty))
    }

    /// True when a key is a column's, a band's or the stub head's.
    pub fn knows_header(&self, key: &str) -> bool {
        !key.is_empty() && self.index.headers.contains(key)
    }

    /// How alike a printed key is to the row of this index.
    pub fn like(&self, printed: &str, index: usize) -> u32 {
        self.like_known(printed, self.index.exact.get(printed).map(Vec::as_slice), index)
    }

    /// The same where the rows that have just this key are looked up already.
    fn like_known(&self, printed: &str, exact: Option<&[usize]>, index: usize) -> u32 {
        let Some(row) = self.rows.get(index).filter(|_| !printed.is_empty()) else { return 0 };
        if let Some(exact) = exact {
            return if exact.contains(&index) { 100 } else { 0 };
        }
        row.keys.iter().map(|key| likeness(printed, key)).max().unwrap_or(0)
    }

    /// The rows that a key is a label of, in order; those that the form does not have stand behind the others.
    pub fn labelled<'k>(&'k self, printed: &'k str) -> impl Iterator<Item = usize> + 'k {
        let own = self.index.exact.get(printed).filter(|_| !printed.is_empty());
        let is_extra = move |index: &usize| self.rows.get(*index).is_some_and(|row| row.keys.iter().any(|key| key == printed));
        let extras = if own.is_none() && !printed.is_empty() { self.index.rows.len()..self.rows.len() } else { 0..0 };
        own.into_iter().flatten().copied().chain(extras.filter(is_extra))
    }

    /// The number of columns in the band of the row that a key names best.
    pub fn n_columns(&self, printed: &str) -> Option<usize> {
        let named = self.index.exact.get(printed).and_then(|exact| exact.first().copied()).filter(|_| !printed.is_empty());
        let like = |index: usize| (self.like(printed, index), std::cmp::Reverse(index), index);
        let best = named.map(like).or_else(|| (0..self.rows.len()).map(like).max());
        let row = best.filter(|(likeness, ..)| *likeness > 0 || self.rows.len() == 1).and_then(|(_, _, index)| self.rows.get(index))?;
        Some(row.band.n_required())
    }

    /// Align printed rows with the form's. A row of the form without a label takes the first row with numbers.
    pub fn align(&self, printed: &[&TableRow]) -> Vec<Pair> {
        if self.is_unlabelled() {
            let widest = printed
                .iter()
                .enumerate()
                .max_by_key(|(index, row)| (row.cells.iter().filter(|cell| cell.reading.is_datum()).count(), std::cmp::Reverse(*index)));
            return widest.map(|(left, _)| Pair { left, right: 0, score: 100 }).into_iter().collect();
        }
        if printed.len().saturating_mul(self.rows.len()) > MOST_PAIRS {
            return self.align_equal(printed);
        }
        let keys = printed.iter().map(|row| row.label_key());
        let known: Vec<(&str, Option<&[usize]>)> = keys.map(|key| (key, self.index.exact.get(key).map(Vec::as_slice))).collect();
        // Groups have no numbers.
        let rows: Vec<usize> = self.rows.iter().enumerate().filter(|(_, row)| !row.group).map(|(index, _)| index).collect();
        let like = |left: usize, right: usize| {
            known.get(left).zip(rows.get(right)).map_or(0, |(&(key, exact), &right)| self.like_known(key, exact, right))
        };
        let pairs = align(printed.len(), rows.len(), &like).into_iter();
        pairs.filter_map(|pair| Some(Pair { right: *rows.get(pair.right)?, ..pair })).collect()
    }
}

impl FormRows<'_> {
    /// The same by equal labels alone, for tables of very many rows.
    fn align_equal(&self, printed: &[&TableRow]) -> Vec<Pair> {
        let mut n_taken: HashMap<&str, usize> = HashMap::new();
        let mut found = Vec::new();
        for (left, row) in printed.iter().enumerate() {
            let label = row.label_key();
            let known = self.index.exact.get(label).filter(|_| !label.is_empty());
            let taken = n_taken.entry(label).or_default();
            if let Some(&right) = known.and_then(|rows| rows.get(*taken)).filter(|row| self.rows.get(**row).is_some_and(|row| !row.group)) {
                *taken += 1;
                found.push((right, left));
            }
        }
        longest_rise(&found).into_iter().map(|(right, left)| Pair { left, right, score: 100 }).collect()
    }
}

/// Behind a row's label a cell that holds digits among other characters, `300余` `3l8`, or nothing but marks, `***`, is a
/// number that cannot be read; no label of the form, and no remark where the row has all its numbers.
pub fn find_unread(mut rows: Vec<TableRow>, document: &Document, form: &FormRows) -> Vec<TableRow> {
    let may_be_strange =
        |cell: &TableCell| cell.reading.is_words() && (cell.key.is_empty() || document.slice(cell.span).contains(is_numeric));
    for row in rows.iter_mut().filter(|row| row.cells.iter().skip(1).any(may_be_strange)) {
        let Some(label) = row.cells.iter().position(|cell| form.knows(&cell.key)) else { continue };
        let name = row.cells.iter().rev().find(|cell| form.knows(&cell.key)).map_or("", |cell| &cell.key);
        let n_wanted = form.n_columns(name).unwrap_or(0).saturating_sub(n_data(row));
        let is_strange = |cell: &&mut TableCell| may_be_strange(cell) && !form.knows(&cell.key) && !form.knows_header(&cell.key);
        for cell in row.cells.iter_mut().skip(label + 1).filter(is_strange).take(n_wanted) {
            *cell = TableCell { reading: Reading::Unread(Doubt::Garbled), key: String::new(), ..cell.clone() };
        }
    }
    rows
}

/// `（三）不予公开 1. 属于国家秘密`: the label of a group and that of its first row, where one space parts them.
pub fn part_labels(document: &Document, mut rows: Vec<TableRow>, form: &FormRows) -> Vec<TableRow> {
    for row in rows.iter_mut().filter(|row| row.shape == Shape::Aligned) {
        let Some(label) = row.label() else { continue };
        let Some((group, own)) = row.cells.get(label).and_then(|cell| find_two_labels(document, cell, form)) else { continue };
        // Where another label stands in the column before it, the group's stays there.
        let before = label.checked_sub(1).and_then(|before| row.cells.get(before)).map_or(0, |cell| cell.column + 1);
        let group = (before < own.column).then(|| TableCell { column: own.column - 1, ..group });
        row.cells.splice(label..=label, group.into_iter().chain([own]));
    }
    rows
}

fn find_two_labels(document: &Document, cell: &TableCell, form: &FormRows) -> Option<(TableCell, TableCell)> {
    if cell.key.is_empty() || form.knows(&cell.key) {
        return None;
    }
    let text = document.slice(cell.span);
    let part = |(offset, _): (usize, &str)| {
        let at = cell.span.start as usize + offset;
        let group = TableCell::read(document, Span::new(cell.span.start as usize, at), cell.column);
        let own = TableCell::read(document, Span::new(at + 1, cell.span.end as usize), cell.column);
        (form.knows(&group.key) && form.knows(&own.key)).then_some((group, own))
    };
    text.match_indices(' ').take(MOST_SPACES).find_map(part)
}

/// Part rows that stand on one line, where a label of the form begins again after a number.
pub fn part_glued(document: &Document, rows: Vec<TableRow>, form: &FormRows) -> Vec<TableRow> {
    rows.into_iter().flat_map(|row| part(document, row, form)).collect()
}

fn part(document: &Document, row: TableRow, form: &FormRows) -> Vec<TableRow> {
    let mut starts = find_starts(document, &row, form).into_iter().peekable();
    if starts.peek().is_none() {
        return vec![row];
    }
    let (piece, shape, end) = (row.piece, row.shape, row.span.end);
    let mut open = TableRow { cells: Vec::new(), mend: Mend::Parted, ..row };
    let (mut out, mut base) = (Vec::new(), 0);
    for (index, mut cell) in row.cells.into_iter().enumerate() {
        if let Some((_, start)) = starts.next_if(|(at, _)| *at == index) {
            if start > cell.span.start {
                let head = trim_end(document, Span { start: cell.span.start, end: start });
                open.cells.push(TableCell::read(document, head, cell.column.saturating_sub(base)));
                cell = TableCell::read(document, Span { start, end: cell.span.end }, cell.column);
            }
            open.span.end = start;
            let rest = TableRow { cells: Vec::new(), span: Span { start, end }, piece, shape, mend: Mend::Parted };
            out.push(std::mem::replace(&mut open, rest));
            base = cell.column;
        }
        cell.column = cell.column.saturating_sub(base);
        open.cells.push(cell);
    }
    out.push(open);
    out
}

/// Cells after a number in which a row of the form begins, each with the place of its label. The last has numbers, too.
fn find_starts(document: &Document, row: &TableRow, form: &FormRows) -> Vec<(usize, u32)> {
    let is_datum = |cell: &TableCell| cell.reading.is_datum();
    let Some((first, last)) = row.first_datum().zip(row.cells.iter().rposition(is_datum)) else { return Vec::new() };
    let (mut found, mut has_datum) = (Vec::new(), false);
    for (index, cell) in row.cells.iter().enumerate().take(last).skip(first) {
        has_datum |= is_datum(cell);
        if let Some(start) = label_start(document, cell, form).filter(|_| has_datum) {
            found.push((index, start));
            has_datum = false;
        }
    }
    found
}

/// Where in a cell a label of the form begins: at its start, or right after a number.
fn label_start(document: &Document, cell: &TableCell, form: &FormRows) -> Option<u32> {
    if form.knows(&cell.key) {
        return Some(cell.span.start);
    }
    let text = document.slice(cell.span);
    let rest = text.trim_start_matches(|character: char| character.is_ascii_digit() || matches!(character, '.' | ',' | ' '));
    let offset = text.len() - rest.len();
    let known = |text: &str| form.knows(&key(text));
    if offset > 0 && !rest.is_empty() && known(rest) {
        return Some(cell.span.start + u32::try_from(offset).ok()?);
    }
    // `01. 属于…`: the number's own end and the label's ordinal run together.
    let n_digits = text.chars().take_while(char::is_ascii_digit).count();
    (n_digits >= 2 && offset > n_digits && known(rest)).then(|| cell.span.start + 1)
}

fn trim_end(document: &Document, span: Span) -> Span {
    let length = document.slice(span).trim_end().len();
    Span::new(span.start as usize, span.start as usize + length)
}

/// Join rows that were broken over two lines: numbers that go on without a label, or a label in two pieces.
pub fn join_broken(rows: Vec<TableRow>, form: &FormRows) -> Vec<TableRow> {
    let mut out: Vec<TableRow> = Vec::with_capacity(rows.len());
    for row in rows {
        match out.last_mut().filter(|before| goes_on(before, &row, form)) {
            Some(before) => join(before, row),
            None => out.push(row),
        }
    }
    out
}

/// The first row below a header of which nothing is printed: the form's one row, left blank.
pub fn find_blank(printed: &[TableRow]) -> Option<usize> {
    let is_blank = |row: &TableRow| !row.cells.iter().any(TableCell::is_printed);
    let header = printed.iter().position(|row| !is_blank(row))?;
    (header + 1..printed.len()).find(|&index| printed.get(index).is_some_and(|row| row.cells.len() > 1 && is_blank(row)))
}

fn n_data(row: &TableRow) -> usize {
    row.cells.iter().filter(|cell| cell.reading.is_datum()).count()
}

/// True when a row is the rest of the one before: numbers of a label above, the rest of a label, or both.
fn goes_on(before: &TableRow, row: &TableRow, form: &FormRows) -> bool {
    let (n_before, n_row) = (n_data(before), n_data(row));
    if row.label().is_none() {
        let label = before.label_key();
        let wraps = row.shape == Shape::Aligned && n_before == 0 && form.begins(label);
        let wanted = form.n_columns(label).filter(|_| n_before > 0 || form.knows(label));
        return n_row > 0 && (wraps || wanted.is_some_and(|wanted| n_before < wanted && n_before + n_row <= wanted));
    }
    let words = |cell: &&TableCell| !cell.key.is_empty();
    let (Some(first), Some(rest)) = (before.cells.iter().rfind(words), row.cells.iter().find(words)) else { return false };
    // A label that is whole as it stands does not go on.
    if form.knows(&first.key) || form.knows_header(&first.key) {
        return false;
    }
    let joined = format!("{}{}", first.key, rest.key);
    let has_tail = n_before > 0 && n_row == 0 && before.mend == Mend::Wrapped;
    let is_whole = form.knows(&joined) && (n_before == 0 || has_tail);
    is_whole || n_before == 0 && n_row == 0 && row.shape == Shape::Aligned && form.begins(&joined)
}

fn join(before: &mut TableRow, row: TableRow) {
    // Aligned layouts wrap every long label; numbers that run over two lines are a broken row in any layout.
    let wraps = row.shape == Shape::Aligned && (n_data(before) == 0 || n_data(&row) == 0);
    before.mend = if wraps { Mend::Wrapped } else { Mend::Joined };
    before.span = before.span.to(row.span);
    if row.label().is_some() {
        join_label(before, row);
        return;
    }
    while before.cells.last().is_some_and(|cell| !cell.is_printed()) {
        before.cells.pop();
    }
    let base = before.cells.last().map_or(0, |cell| cell.column + 1);
    let keeps_columns = row.shape == Shape::Aligned;
    let printed = row.cells.into_iter().filter(TableCell::is_printed);
    let moved = |(index, cell): (usize, TableCell)| TableCell { column: if keeps_columns { cell.column } else { base + index }, ..cell };
    before.cells.extend(printed.enumerate().map(moved));
}

/// The rest of a label, and the numbers behind it.
fn join_label(before: &mut TableRow, row: TableRow) {
    let Some(rest) = row.cells.iter().position(|cell| !cell.key.is_empty()) else { return };
    let Some(cell) = before.cells.iter_mut().rfind(|cell| !cell.key.is_empty()) else { return };
    let column = cell.column;
    if let Some(rest) = row.cells.get(rest) {
        cell.key.push_str(&rest.key);
        cell.span = cell.span.to(rest.span);
    }
    before.cells.retain(TableCell::is_printed);
    before.cells.extend(row.cells.into_iter().skip(rest + 1).map(|cell| TableCell { column: cell.column.max(column), ..cell }));
}

/// Small tables that together print the form's one row, put side by side: each with a caption and a header over one row
/// of numbers. None where their numbers are not as many as the form has columns.
pub fn find_side_by_side(tables: &[&Table], document: &Document, form: &FormRows) -> Option<Vec<TableRow>> {
    let n_numbers: usize = tables.iter().flat_map(|table| &table.rows).map(n_data).sum();
    let one_row_each = tables.iter().all(|table| table.rows.iter().filter(|row| n_data(row) > 0).count() == 1);
    if tables.len() < 2 || !form.is_unlabelled() || !one_row_each || form.n_columns("") != Some(n_numbers) {
        return None;
    }
    let mut rows: Vec<TableRow> = Vec::new();
    let mut offset = 0;
    for table in tables {
        let caption = table.caption.map(|span| TableRow {
            cells: vec![TableCell::read(document, span, 0)],
            span,
            piece: 0,
            shape: Shape::Ragged,
            mend: Mend::None,
        });
        let own: Vec<TableRow> = caption.into_iter().chain(table.rows.iter().cloned()).collect();
        let width = own.iter().flat_map(|row| &row.cells).map(|cell| cell.column + 1).max().unwrap_or(0);
        for (from_bottom, row) in own.into_iter().rev().enumerate() {
            let cells = row.cells.iter().map(|cell| TableCell { column: cell.column + offset, ..cell.clone() });
            match rows.get_mut(from_bottom) {
                Some(level) => {
                    level.cells.extend(cells);
                    level.span = level.span.to(row.span);
                }
                None => rows.push(TableRow { cells: cells.collect(), mend: Mend::Wrapped, ..row }),
            }
        }
        offset += width;
    }
    rows.reverse();
    Some(rows)
}
