//! Tables with one cell a line, laid out as rows and columns: each number under its name, where that is told.
//!
//! ```text
//!   Item            one name more than most rows have numbers: the first is that of the labels
//!   Men
//!   Women
//!   Farming
//!   100
//!   110             as many numbers as names: each stands under its own
//!   Mining
//!   50              fewer: which cell is blank is lost, and the row's numbers stand under no name
//! ```

use super::blank::row_mark;
use super::frame::{Frame, Role};
use crate::doc::{Document, Shape};
use crate::fold::tidy;
use crate::grammar::words::Words;
use crate::normalise::are_years;
use crate::place::Span;
use crate::table::{Mend, Table, TableCell, TableRow};
use std::collections::BTreeMap;
use std::ops::Range;

/// Lines of words, and the row that they end in.
struct Turn<'a> {
    heads: Vec<&'a TableRow>,
    row: &'a TableRow,
}

impl Turn<'_> {
    fn n_numbers(&self) -> usize {
        self.row.cells.len().saturating_sub(1)
    }
}

/// What it takes to tell names of columns from other lines.
struct Stack<'a> {
    document: &'a Document,
    words: &'a Words,
}

/// The table with its cells in columns; none where it is of another layout.
pub fn lay_out(document: &Document, table: &Table, words: &Words) -> Option<Table> {
    let is_stacked = table.rows.iter().all(|row| row.shape == Shape::Stacked);
    let joined = if is_stacked { None } else { Some(join_lines(&table.rows)?) };
    let stack = Stack { document, words };
    let (mut turns, mut heads) = (Vec::new(), Vec::new());
    for row in joined.as_ref().unwrap_or(&table.rows) {
        match row.cells.len() {
            0 | 1 => heads.push(row),
            _ => turns.push(Turn { heads: std::mem::take(&mut heads), row }),
        }
    }
    let mut rows = Vec::with_capacity(table.rows.len());
    let mut rest = turns.as_slice();
    while let Some((block, others)) = rest.split_at_checked(stack.n_of_block(rest)).filter(|(block, _)| !block.is_empty()) {
        stack.lay_block(block, &mut rows);
        rest = others;
    }
    rows.extend(heads.into_iter().cloned());
    Some(Table { rows, ..table.clone() })
}

/// One cell a line from the first line on, each at the left edge, that looked like one column: its numbers are those of the label
/// above them. None where it is another layout.
fn join_lines(rows: &[TableRow]) -> Option<Vec<TableRow>> {
    let mut joined: Vec<TableRow> = Vec::new();
    for row in rows {
        let [only] = row.cells.as_slice() else { return None };
        if row.shape != Shape::Aligned || only.span.start != row.span.start {
            return None;
        }
        if only.reading.is_datum() {
            let label = joined.last_mut()?;
            label.span = label.span.to(only.span);
            label.cells.push(only.clone());
        } else {
            joined.push(row.clone());
        }
    }
    // A list of labels with one number each has no columns that could be mixed up.
    joined.iter().any(|row| row.cells.len() > 2).then_some(joined)
}

/// Rows whose numbers stand under no name are rows all the same.
pub fn keep_rows(table: &Table, frame: &mut Frame) {
    for (_, role) in table.rows.iter().zip(&mut frame.roles).filter(|(row, _)| row.mend == Mend::Unplaced) {
        *role = Role::Data;
    }
}

impl Stack<'_> {
    fn text(&self, row: &TableRow) -> String {
        tidy(self.document.slice(row.span))
    }

    /// `一、农业`: its number makes it the name of rows, not of a column.
    fn is_marked(&self, row: &TableRow) -> bool {
        row_mark(&self.text(row)).is_some()
    }

    /// How many lines may be names of columns: the numbered ones right above a row are not.
    fn n_names(&self, heads: &[&TableRow]) -> usize {
        heads.len() - heads.iter().rev().take_while(|row| self.is_marked(row)).count()
    }

    /// How many turns stand under the first header: the next one has more names than rows have numbers, or is the same again.
    fn n_of_block(&self, turns: &[Turn]) -> usize {
        let words = |turn: &Turn| turn.heads.iter().map(|row| self.text(row)).collect::<Vec<String>>();
        let Some(first) = turns.first() else { return 0 };
        let header = words(first);
        let mut most = 1;
        let begins = |turn: &Turn| {
            most = most.max(turn.n_numbers());
            self.n_names(&turn.heads) > most || !turn.heads.is_empty() && words(turn) == header
        };
        turns.iter().skip(1).position(begins).map_or(turns.len(), |index| index + 1)
    }

    fn lay_block(&self, block: &[Turn], rows: &mut Vec<TableRow>) {
        let Some((first, behind)) = block.split_first() else { return };
        let has_groups = behind.iter().any(|turn| turn.heads.iter().any(|row| !self.is_marked(row)));
        let most = block.iter().map(Turn::n_numbers).max().unwrap_or(0);
        let found = [most, usual(block)].into_iter().find_map(|n| Some((n, self.find_names(first, n, has_groups)?)));
        let (n_columns, names) = match found {
            Some((n_columns, names)) => (n_columns, Some(names)),
            // Names that are years look like the numbers of a first row; what stands above them is a title.
            None if self.holds_years(first.row) && first.n_numbers() == most => (most, Some(0..0)),
            None => (usual(block), None),
        };
        let mend = if names.is_some() || first.heads.is_empty() { Mend::None } else { Mend::Unnamed };
        let names = names.filter(|names| !names.is_empty()).unwrap_or(first.heads.len()..first.heads.len());
        let [titles, groups] = [0..names.start, names.end..first.heads.len()].map(|part| first.heads.get(part).unwrap_or_default());
        rows.extend(titles.iter().map(|title| TableRow { mend, ..in_first_column(title) }));
        rows.extend(first.heads.get(names).and_then(|names| header(names, n_columns)));
        rows.extend(groups.iter().map(|group| in_first_column(group)));
        for turn in block {
            if !std::ptr::eq(turn, first) {
                rows.extend(turn.heads.iter().map(|group| in_first_column(group)));
            }
            let mend = if turn.n_numbers() == n_columns { turn.row.mend } else { Mend::Unplaced };
            rows.push(TableRow { mend, ..in_first_column(turn.row) });
        }
    }

    fn holds_years(&self, row: &TableRow) -> bool {
        let is_year = |cell: &TableCell| {
            let text = tidy(self.document.slice(cell.span));
            text.len() == 4 && are_years(&text)
        };
        row.cells.len() > 1 && row.cells.iter().skip(1).all(is_year)
    }

    /// Which of the lines above the first row name the columns of so many numbers, and before them the labels.
    fn find_names(&self, first: &Turn, n_columns: usize, has_groups: bool) -> Option<Range<usize>> {
        let end = self.n_names(&first.heads);
        [self.n_titles(first), 0].into_iter().find_map(|start| {
            let corner = self.text(first.heads.get(start)?);
            // `No` and its like may be over numbers, `项目` is not; one letter is a name like any.
            let is_corner = corner.chars().count() > 1 && self.words.numbering.is_alone(&corner) && !self.words.unit.is_made_of(&corner);
            match end.checked_sub(start)?.checked_sub(n_columns)? {
                0 if !is_corner => Some(start..end),
                // Either the first line is the name of the labels, or the last one that of the first rows.
                1 if is_corner || !has_groups => Some(start..end),
                2 if is_corner && has_groups => Some(start..end - 1),
                _ => None,
            }
        })
    }

    /// Lines above the header that blank lines part from it, where none part the cells of a row.
    fn n_titles(&self, first: &Turn) -> usize {
        let is_parted = |above: Span, below: Span| {
            let between = self.document.text.get(above.end as usize..below.start as usize).unwrap_or_default();
            between.matches('\n').count() > 1
        };
        let parts_cells = first.row.cells.windows(2).any(|pair| matches!(pair, [one, other] if is_parted(one.span, other.span)));
        let parts = |pair: &[&TableRow]| matches!(pair, [one, other] if is_parted(one.span, other.span));
        if parts_cells { 0 } else { first.heads.windows(2).rposition(parts).map_or(0, |index| index + 1) }
    }
}

/// How many numbers most rows have.
fn usual(block: &[Turn]) -> usize {
    let mut counts = BTreeMap::new();
    block.iter().for_each(|turn| *counts.entry(turn.n_numbers()).or_insert(0_usize) += 1);
    counts.into_iter().max_by_key(|&(n_numbers, n_rows)| (n_rows, n_numbers)).map_or(0, |(n_numbers, _)| n_numbers)
}

/// A row whose cells stand in the columns from the first on.
fn in_first_column(row: &TableRow) -> TableRow {
    let cells = row.cells.iter().enumerate().map(|(column, cell)| TableCell { column, ..cell.clone() });
    TableRow { cells: cells.collect(), ..row.clone() }
}

/// The names of the columns as one row: the numbers stand from the second column on.
fn header(names: &[&TableRow], n_columns: usize) -> Option<TableRow> {
    let (first, last) = (names.first()?, names.last()?);
    let start = (n_columns + 1).checked_sub(names.len())?;
    let cells = names.iter().filter_map(|row| row.cells.first()).enumerate();
    let cells = cells.map(|(index, cell)| TableCell { column: start + index, ..cell.clone() }).collect();
    Some(TableRow { cells, span: first.span.to(last.span), ..TableRow::clone(first) })
}
