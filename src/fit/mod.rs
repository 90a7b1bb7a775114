//! Table × grammar → ids: every printed cell of the family's tables gets its row and its column, or is left over.
//!
//! Steps, each in its own file: rows are parted and joined and aligned with the form ([`rows`]); headers are fitted to
//! columns ([`columns`]); each row's cells get every placement that is possible ([`place`]); where there is more than
//! one, sums decide or nobody does ([`solve`]). Rows that the form does not have find a place where sums bear it out
//! ([`extra`]). What was odd is flagged ([`tell`]).

pub mod align;
pub mod choose;
pub mod columns;
pub mod extra;
mod place;
mod rows;
mod solve;
mod tell;

use crate::doc::{Document, Shape};
use crate::flag::{Flag, Flagged};
use crate::grammar::{Band, Family, Identity, Item, TableForm};
use crate::normalise::{Reading, read_cell};
use crate::outline::Outline;
use crate::place::Span;
use crate::sums::{self, Operand};
use crate::table::{Mend, Table, TableRow};
use columns::Columns;
use extra::{Extra, ExtraRow};
use place::{Evidence, Fit, Slot};
use rows::FormRows;
use solve::{Identities, Seat};
use std::rc::Rc;
use std::sync::Arc;

/// The family's tables as found in a document.
#[derive(Debug, Clone, Default)]
pub struct Fitted {
    /// Edition of the form.
    pub edition: String,
    /// Tables in the form's order; one that is not there is left out.
    pub tables: Vec<FittedTable>,
    /// Indices of printed tables that belong to no form.
    pub loose: Vec<usize>,
    /// Role of each section of the outline, where it has one.
    pub roles: Vec<Option<String>>,
}

/// One table of the family.
#[derive(Debug, Clone)]
pub struct FittedTable {
    /// Index of its form in the family.
    pub form: usize,
    /// Section it stands in.
    pub section: Option<usize>,
    /// The line that names an open table.
    pub title: Option<Span>,
    /// All of it.
    pub span: Span,
    /// Cells in printed order: row by row.
    pub cells: Vec<FittedCell>,
    /// Rows that the report must print.
    pub rows_expected: usize,
    /// Those that were found.
    pub rows_found: usize,
    /// Printed things that are no values, with the reason.
    pub noted: Vec<(Span, &'static str)>,
    /// Ids of rows that are missing.
    pub missing: Vec<String>,
    /// Rows that the form does not have and that found a place among its rows.
    pub extra: Vec<ExtraRow>,
    /// Rows as printed, put together.
    pub printed: Vec<TableRow>,
    /// What an open table prints; none for a closed one, whose rows and columns are the form's.
    pub items: Option<Items>,
}

/// Rows and columns of an open table in printed order, and the sums that its codes promise.
#[derive(Debug, Clone, Default)]
pub struct Items {
    /// Rows, with their printed words.
    pub rows: Vec<Item>,
    /// Columns.
    pub columns: Vec<Item>,
    /// Sums over rows.
    pub sums: Vec<Identity>,
    /// What the table says it counts in.
    pub unit: Option<String>,
}

/// One cell of the form.
#[derive(Debug, Clone)]
pub struct FittedCell {
    /// Row id.
    pub row: Arc<str>,
    /// Column id.
    pub column: Arc<str>,
    /// Where it is printed; none where nothing can be said to stand there.
    pub span: Option<Span>,
    /// What it says.
    pub reading: Reading,
    /// Whether its address is sure.
    pub fate: Fate,
    /// Unit of its column.
    pub unit: Option<Arc<str>>,
    /// Row as printed: index into `printed`.
    pub printed: usize,
}

/// Whether a cell's address is sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// One placement is possible, or all agree.
    Placed,
    /// More than one is possible.
    Ambiguous,
    /// Its number is lost.
    Lost,
}

impl FittedTable {
    /// Its rows and columns: those the form has in an edition, or those that an open table prints.
    pub fn items<'a>(&'a self, form: &'a TableForm, edition: &str) -> (Vec<&'a Item>, Vec<&'a Item>) {
        if let Some(items) = &self.items {
            return (items.rows.iter().collect(), items.columns.iter().collect());
        }
        let columns = bands_of(form, edition).flat_map(|band| &band.columns).collect();
        (with_extra(bands_of(form, edition).flat_map(|band| &band.rows).collect(), self.extra.iter()), columns)
    }

    /// The cells of a row as printed: cells stand in printed order.
    fn cells_of(&self, printed: usize) -> &[FittedCell] {
        let start = self.cells.partition_point(|cell| cell.printed < printed);
        let rest = self.cells.get(start..).unwrap_or_default();
        rest.get(..rest.partition_point(|cell| cell.printed == printed)).unwrap_or_default()
    }

    /// The key of a cell.
    pub fn key(form: &TableForm, row: &str, column: &str) -> String {
        format!("{}/{row}/{column}", form.id)
    }
}

/// The bands that a form has in an edition.
fn bands_of<'f>(form: &'f TableForm, edition: &str) -> impl Iterator<Item = &'f Band> {
    form.bands.iter().filter(move |band| band.edition.as_deref().is_none_or(|own| own == edition))
}

/// Rows of a form with those that only the table has, each after the row it was printed below.
fn with_extra<'a>(mut rows: Vec<&'a Item>, extra: impl Iterator<Item = &'a ExtraRow>) -> Vec<&'a Item> {
    for row in extra {
        let at = rows.iter().position(|own| own.id == row.after).map_or(rows.len(), |at| at + 1);
        rows.insert(at, &row.item);
    }
    rows
}

/// One printed row with its row of the form.
pub struct Line {
    /// Row id.
    pub row: Arc<str>,
    /// The columns it stands in.
    pub under: Rc<Under>,
    /// Index of the printed row.
    pub printed: usize,
    /// Index of the form's row.
    form_row: usize,
    /// Placements that are possible.
    pub candidates: Vec<Vec<Slot>>,
    /// All that were looked at.
    n_first: usize,
    shiftable: Vec<usize>,
    fit: Fit,
    score: u32,
    seat: Seat,
}

/// The columns of the rows below one header.
pub struct Under {
    /// Ids of its columns in printed order.
    pub ids: Vec<Arc<str>>,
    /// What each counts in: as its header states, or as the form has it.
    units: Vec<Option<Arc<str>>>,
    fitted: Columns,
    /// How far the header reaches.
    width: Option<usize>,
}

impl Under {
    fn new(form: &TableForm, band: &Band, header: &[&TableRow], names: &dyn Fn(Span) -> String) -> Under {
        let fitted = columns::fit_columns(band, header, names);
        let items = fitted.printed.iter().filter_map(|column| Some((column, band.columns.get(column.leaf)?)));
        let unit = |column: &columns::Printed, item: &Item| column.unit.or_else(|| form_unit(form, Some(band), &item.id)).map(Arc::from);
        let (ids, units) = items.map(|(column, item)| (Arc::from(item.id.as_str()), unit(column, item))).unzip();
        Under { ids, units, width: header_width(header), fitted }
    }
}

/// Looks up what a slot of a line says.
pub struct Reader<'a> {
    document: &'a Document,
    printed: &'a [TableRow],
}

impl Reader<'_> {
    fn slot(&self, line: &Line, slot: Slot) -> (Option<Span>, Reading) {
        let cells = self.printed.get(line.printed).map(|row| row.cells.as_slice()).unwrap_or_default();
        match slot {
            Slot::Cell(index) => cells.get(index).map_or((None, Reading::Blank), |cell| (Some(cell.span), cell.reading.clone())),
            Slot::Joined(index) => match (cells.get(index), cells.get(index + 1)) {
                (Some(one), Some(other)) => {
                    let text = format!("{}{}", self.document.slice(one.span), self.document.slice(other.span));
                    (Some(one.span.to(other.span)), read_cell(&text))
                }
                _ => (None, Reading::Blank),
            },
            Slot::Part { cell, from, to } => match cells.get(cell) {
                Some(cell) => {
                    let start = cell.span.start as usize;
                    let span = Span::new(start + from, start + to);
                    (Some(span), read_cell(self.document.slice(span)))
                }
                None => (None, Reading::Blank),
            },
            Slot::Blank | Slot::Lost => (None, Reading::Blank),
        }
    }

    /// What an identity meets in a slot.
    pub fn operand(&self, line: &Line, slot: Slot) -> Operand {
        if slot == Slot::Lost {
            return Operand::Unknown;
        }
        match self.slot(line, slot).1 {
            Reading::Number(quantity) | Reading::Annotated(quantity) => Operand::Number(quantity.value),
            Reading::Blank | Reading::NotApplicable => Operand::Nothing,
            Reading::Unread(_) | Reading::Words => Operand::Unknown,
        }
    }
}

/// Fit a document's tables to a family, in the edition of its form that the tables print ([`choose::find_edition`]).
pub fn fit(document: &Document, outline: &Outline, tables: &[Table], family: &Family, edition: String) -> Flagged<Fitted> {
    let roles = choose::section_roles(outline, family);
    let owners = choose::owners(tables, outline, &roles, family, &edition);
    let mut flags = choose::section_flags(outline, &roles, family);
    let mut fitted = Fitted { edition, roles, ..Fitted::default() };
    for (index, form) in family.tables.iter().enumerate().filter(|(_, form)| !form.is_open()) {
        let own: Vec<&Table> = tables.iter().zip(&owners).filter(|(_, owner)| **owner == Some(index)).map(|(table, _)| table).collect();
        if own.is_empty() {
            flags.push(tell::table_missing(form, family, outline, &fitted.roles));
            continue;
        }
        let Flagged { value, flags: found } = fit_table(document, &own, form, &fitted.edition);
        flags.extend(found);
        fitted.tables.push(FittedTable { form: index, ..value });
    }
    fitted.loose = owners.iter().enumerate().filter(|(_, owner)| owner.is_none()).map(|(index, _)| index).collect();
    let loose: Vec<&Table> = fitted.loose.iter().filter_map(|&index| tables.get(index)).collect();
    flags.extend(tell::undescribed(&loose, family, outline, &fitted.roles));
    Flagged { value: fitted, flags }
}

fn fit_table(document: &Document, own: &[&Table], form: &TableForm, edition: &str) -> Flagged<FittedTable> {
    let form_rows = FormRows::new(form, edition);
    let rows: Vec<TableRow> = rows::find_side_by_side(own, document, &form_rows)
        .unwrap_or_else(|| own.iter().flat_map(|table| table.rows.iter().cloned()).collect());
    let rows = rows::find_unread(rows::part_labels(document, rows, &form_rows), document, &form_rows);
    let rows = rows::part_glued(document, rows, &form_rows);
    let printed = rows::join_broken(rows, &form_rows);
    let reader = Reader { document, printed: &printed };
    let mut data: Vec<usize> = (0..printed.len()).filter(|&index| is_item(&printed, index, &form_rows)).collect();
    if data.is_empty() && form_rows.is_unlabelled() {
        data.extend(rows::find_blank(&printed));
    }
    let candidates: Vec<&TableRow> = data.iter().filter_map(|&index| printed.get(index)).collect();
    let pairs = form_rows.align(&candidates);
    let mut matched: Vec<(usize, usize, u32)> =
        pairs.iter().filter_map(|pair| Some((*data.get(pair.left)?, pair.right, pair.score))).collect();
    let mut story = tell::Story::new(document, form, &printed);
    let strays: Vec<usize> = data.iter().copied().filter(|index| !matched.iter().any(|(printed, ..)| printed == index)).collect();
    let twins = place_strays(&strays, &mut matched, &printed, &form_rows, &mut story);
    matched.sort_unstable();
    let is_known = |stray: &usize| twins.iter().any(|(twin, _)| twin == stray) || matched.iter().any(|(printed, ..)| printed == stray);
    let unknown: Vec<usize> = strays.iter().copied().filter(|stray| !is_known(stray)).collect();
    let setting = Setting { document, form, edition, printed: &printed, data: &data };
    let mut settled = setting.settle(&matched, &form_rows, &[]);
    let extras = if unknown.is_empty() { Vec::new() } else { extra::find(&unknown, &mut matched, (document, &printed), &form_rows) };
    let wider = form_rows.with(&extras);
    if !extras.is_empty() {
        matched.extend(extras.iter().zip(form_rows.rows.len()..).map(|(extra, row)| (extra.printed, row, 100)));
        matched.sort_unstable();
        settled = Some(setting.settle(&matched, &wider, &extras)).filter(|with| with.bear_out(&extras, &reader)).unwrap_or(settled);
    }
    let is_added = |row: &usize| settled.lines.iter().any(|line| line.printed == *row);
    let (added, unknown): (Vec<usize>, Vec<usize>) = unknown.into_iter().partition(is_added);
    let Settled { lines, missing, identities } = settled;
    story.cuts(&data, own);
    story.headers(&lines, &wider);
    story.stated_units(&lines, &wider);
    let mut table = build(own, &lines, &reader);
    table.rows_expected = table.rows_found + missing.len();
    table.missing = missing;
    table.extra = extras.iter().filter(|extra| added.contains(&extra.printed)).map(|extra| extra.row.clone()).collect();
    let ledger = tell::Ledger { form: &wider, identities: &identities, reader: &reader };
    story.lines(&lines, &ledger, &mut table);
    story.twins(&twins, &form_rows, &mut table);
    story.missing(&form_rows, &mut table);
    story.extras(extras.iter().filter(|extra| added.contains(&extra.printed)));
    story.strays(&unknown, &ledger, &mut table);
    let flags: Vec<Flag> = story.flags;
    table.printed = printed;
    Flagged { value: table, flags }
}

/// What rows are settled in.
struct Setting<'a> {
    document: &'a Document,
    form: &'a TableForm,
    edition: &'a str,
    printed: &'a [TableRow],
    data: &'a [usize],
}

/// Rows with their placements, and what they were held against.
struct Settled<'i> {
    lines: Vec<Line>,
    missing: Vec<String>,
    identities: Identities<'i>,
}

impl<'a> Setting<'a> {
    fn settle<'i>(&self, matched: &[(usize, usize, u32)], rows: &FormRows, extras: &'i [Extra]) -> Settled<'i>
    where
        'a: 'i,
    {
        let reader = Reader { document: self.document, printed: self.printed };
        let mut lines = lines(self, matched, rows);
        drop_unreadable_joins(&mut lines, &reader);
        let missing = find_missing(rows, &lines);
        let identities = identities(self.form, self.edition, &lines, &missing, extras);
        solve::settle(&mut lines, &identities, &reader);
        Settled { lines, missing, identities }
    }
}

impl Settled<'_> {
    fn bear_out(&self, extras: &[Extra], reader: &Reader) -> bool {
        extra::are_borne_out(extras, &self.lines, &self.identities, reader)
    }
}

/// A row that may be a row of the form: it has numbers, or it is blank behind the label of a leaf. A header may end in
/// a word that is also a row's; there the cells behind it do not reach as far as the columns.
fn is_item(printed: &[TableRow], index: usize, form: &FormRows) -> bool {
    let Some(row) = printed.get(index) else { return false };
    if row.cells.iter().any(|cell| cell.reading.is_datum()) {
        return true;
    }
    let label = row.label_key();
    // A row that may be split is a group only where the parts follow.
    let below = printed.get(index + 1).map_or("", TableRow::label_key);
    let is_split =
        |group: &str| form.rows.iter().any(|row| crate::grammar::is_under(row.id, group) && row.keys.iter().any(|key| key == below));
    let mut labelled = form.labelled(label).filter_map(|index| form.rows.get(index));
    let is_leaf = labelled.any(|row| !(row.group || row.may_be_group && is_split(row.id)));
    let n_words = row.cells.iter().filter(|cell| cell.is_printed()).count();
    let n_behind = row.cells.len() - row.label().map_or(row.cells.len(), |index| index + 1);
    is_leaf && (form.n_columns(label).is_some_and(|wanted| n_behind >= wanted) || n_words <= 3 && !form.knows_header(label))
}

/// Rows the alignment left over, whose label is one of the form all the same: out of order, or printed twice.
/// The second are returned: printed row and form row.
fn place_strays(
    strays: &[usize],
    matched: &mut Vec<(usize, usize, u32)>,
    printed: &[TableRow],
    form: &FormRows,
    story: &mut tell::Story,
) -> Vec<(usize, usize)> {
    let mut twins = Vec::new();
    for &stray in strays {
        let Some(row) = printed.get(stray) else { continue };
        let is_leaf = |index: &usize| form.rows.get(*index).is_some_and(|row| !row.group);
        let own = if form.is_unlabelled() {
            Some(0).filter(|_| is_as_wide(row, matched, printed))
        } else {
            form.labelled(row.label_key()).find(is_leaf)
        };
        let Some(own) = own else { continue };
        if matched.iter().any(|&(_, form_row, _)| form_row == own) {
            twins.push((stray, own));
            continue;
        }
        let crossed: Vec<usize> =
            matched.iter().filter(|&&(other, form_row, _)| (other < stray) != (form_row < own)).map(|&(_, form_row, _)| form_row).collect();
        story.swapped(stray, own, &crossed, form);
        matched.push((stray, own, 100));
    }
    twins
}

/// A second row of numbers for the form's one row: at least half as many as the one that was taken.
fn is_as_wide(row: &TableRow, matched: &[(usize, usize, u32)], printed: &[TableRow]) -> bool {
    let n_data = |row: &TableRow| row.cells.iter().filter(|cell| cell.reading.is_datum()).count();
    let taken = matched.first().and_then(|&(index, ..)| printed.get(index)).map_or(0, n_data);
    n_data(row) * 2 >= taken
}

fn lines(setting: &Setting, matched: &[(usize, usize, u32)], form: &FormRows) -> Vec<Line> {
    let Setting { document, printed, data, .. } = *setting;
    let names = |span: Span| crate::fold::tidy(document.slice(span));
    let mut evidence = Evidence::default();
    let mut headed: Vec<Rc<Under>> = Vec::new();
    let mut latest: Option<(usize, Vec<usize>, &Band)> = None;
    for &(row_index, form_row, _) in matched {
        let Some(form_row) = form.rows.get(form_row) else { continue };
        let is_other_band = |index: usize| {
            matched.iter().any(|&(other, other_form, _)| {
                other == index && form.rows.get(other_form).is_some_and(|other| !std::ptr::eq(other.band, form_row.band))
            })
        };
        let before = latest.take().filter(|(.., band)| std::ptr::eq(*band, form_row.band));
        // Most rows follow another, under the same header.
        let header = match before {
            Some((index, ref header, _)) if index + 1 == row_index && !form.is_unlabelled() => header.clone(),
            _ => header_above(printed, row_index, data, form, &is_other_band),
        };
        let same = before.filter(|(_, own, _)| *own == header).and_then(|_| headed.last().cloned());
        let under = same.unwrap_or_else(|| {
            let header: Vec<&TableRow> = header.iter().filter_map(|&index| printed.get(index)).collect();
            Rc::new(Under::new(setting.form, form_row.band, &header, &names))
        });
        latest = Some((row_index, header, form_row.band));
        if let Some(row) = printed.get(row_index) {
            evidence.learn(row, under.fitted.printed.len());
        }
        headed.push(under);
    }
    let line = |(&(printed_index, form_index, score), under): (&(usize, usize, u32), Rc<Under>)| {
        let (row, form_row) = printed.get(printed_index).zip(form.rows.get(form_index))?;
        let placement = place::place(row, &under.fitted, &evidence, under.width);
        Some(Line {
            row: form_row.id.into(),
            under,
            printed: printed_index,
            form_row: form_index,
            n_first: placement.candidates.len(),
            candidates: placement.candidates,
            shiftable: placement.shiftable,
            fit: placement.fit,
            score,
            seat: Seat::default(),
        })
    };
    matched.iter().zip(headed).filter_map(line).collect()
}

/// How far a header reaches. Where cells span, a name that hangs down to its last row is printed in one above.
fn header_width(header: &[&TableRow]) -> Option<usize> {
    let is_last_only = header.last().is_some_and(|row| row.shape != Shape::Spanned);
    let lowest = header.iter().rev().take(if is_last_only { 1 } else { usize::MAX });
    lowest.flat_map(|row| &row.cells).map(|cell| cell.column + 1).max()
}

/// The header rows that stand over a row: the last run of rows without numbers that are no rows or groups of the form.
fn header_above(printed: &[TableRow], row: usize, data: &[usize], form: &FormRows, is_other_band: &dyn Fn(usize) -> bool) -> Vec<usize> {
    let mut header = Vec::new();
    // Where rows have no label, the last name of a stacked header looks like one.
    if form.is_unlabelled() && printed.get(row).is_some_and(|row| row.shape == Shape::Stacked) {
        header.push(row);
    }
    for index in (0..row).rev() {
        let is_data = data.binary_search(&index).is_ok();
        if is_data && is_other_band(index) {
            break;
        }
        if is_data && !header.is_empty() {
            if is_header(&header, printed, form) {
                break;
            }
            header.clear();
        }
        let Some(above) = printed.get(index).filter(|_| !is_data) else { continue };
        // One name a line: a column's name may be a row's as well , and stands in the header.
        let is_stacked_name = above.shape == Shape::Stacked && form.knows_header(above.label_key());
        let shown = || above.cells.iter().filter(|cell| cell.is_printed());
        // The first line of a header whose corner is empty: the name of a group, and a total's, which a row has as well.
        let names_columns = shown().count() == 2 && shown().all(|cell| form.knows_header(&cell.key));
        let names_row = form.knows(above.label_key()) && !is_stacked_name && !names_columns && shown().count() <= 2;
        if !names_row {
            header.push(index);
        }
    }
    if !is_header(&header, printed, form) {
        header.clear();
    }
    header.reverse();
    header
}

/// A header names several columns, or one that the form has; a lone line between rows (`续表`, a running title) is none.
fn is_header(rows: &[usize], printed: &[TableRow], form: &FormRows) -> bool {
    let rows = || rows.iter().filter_map(|&index| printed.get(index));
    let names_columns = |row: &TableRow| {
        row.cells.iter().filter(|cell| cell.is_printed()).count() >= 2 || row.cells.iter().any(|cell| form.knows_header(&cell.key))
    };
    rows().any(names_columns) || rows().filter(|row| row.shape == Shape::Stacked).count() >= 2
}

fn drop_unreadable_joins(lines: &mut [Line], reader: &Reader) {
    let is_join = |slot: &Slot| matches!(slot, Slot::Joined(_));
    for line in lines.iter_mut().filter(|line| line.candidates.iter().flatten().any(is_join)) {
        let readable = |slot: &Slot| !is_join(slot) || matches!(reader.slot(line, *slot).1, Reading::Number(_));
        let kept: Vec<Vec<Slot>> = line.candidates.iter().filter(|slots| slots.iter().all(readable)).cloned().collect();
        line.candidates = kept;
    }
}

/// Rows that the form has and the table does not print. Of rows that may be left out, all are missing or none: a group
/// that is split is split into all its parts.
fn find_missing(form: &FormRows, lines: &[Line]) -> Vec<String> {
    let found = |id: &str| lines.iter().any(|line| *line.row == *id);
    let any_under = |id: &str| lines.iter().any(|line| crate::grammar::is_under(&line.row, id));
    let is_split = |id: &str| id.rsplit_once('.').is_some_and(|(group, _)| form.rows.iter().any(|row| row.id == group) && any_under(group));
    let is_expected = |row: &rows::FormRow| !row.group && if row.optional { is_split(row.id) } else { !any_under(row.id) };
    form.rows.iter().filter(|row| is_expected(row) && !found(row.id)).map(|row| row.id.to_string()).collect()
}

fn identities<'i>(form: &'i TableForm, edition: &str, lines: &[Line], missing: &[String], extras: &'i [Extra]) -> Identities<'i> {
    let is_printed = |item: &&Item| !item.optional || lines.iter().any(|line| line.under.ids.iter().any(|id| **id == *item.id));
    let mut columns: Vec<&Item> = Vec::new();
    for item in bands_of(form, edition).flat_map(|band| &band.columns).filter(is_printed) {
        // Bands may share a column.
        if !columns.iter().any(|own| own.id == item.id) {
            columns.push(item);
        }
    }
    let is_own = |item: &&Item| !item.optional || missing.contains(&item.id) || lines.iter().any(|line| *line.row == *item.id);
    let rows = bands_of(form, edition).flat_map(|band| &band.rows).filter(is_own).collect();
    let rows = with_extra(rows, extras.iter().map(|extra| &extra.row));
    let in_rows = sums::expand(&form.column_checks, &columns).collect();
    let in_columns = sums::expand(&form.row_checks, &rows).collect();
    Identities { columns, rows, in_rows, in_columns }
}

fn build(own: &[&Table], lines: &[Line], reader: &Reader) -> FittedTable {
    let first = own.first();
    let span = own.iter().map(|table| table.span).reduce(Span::to).unwrap_or_default();
    let cells = lines.iter().flat_map(|line| line_cells(line, reader)).collect();
    FittedTable {
        form: 0,
        section: first.and_then(|table| table.section),
        title: None,
        span,
        cells,
        rows_expected: lines.len(),
        rows_found: lines.len(),
        noted: Vec::new(),
        missing: Vec::new(),
        extra: Vec::new(),
        printed: Vec::new(),
        items: None,
    }
}

/// The unit that the form states for a column.
fn form_unit<'f>(form: &'f TableForm, band: Option<&'f Band>, column: &str) -> Option<&'f str> {
    let item = band.and_then(|band| band.columns.iter().find(|item| item.id == *column));
    item.and_then(|item| item.unit.as_deref()).or(form.unit.as_deref())
}

fn line_cells(line: &Line, reader: &Reader) -> Vec<FittedCell> {
    let cell = |(index, (column, unit)): (usize, (&Arc<str>, &Option<Arc<str>>))| {
        let mut slots = line.candidates.iter().filter_map(|slots| slots.get(index)).copied();
        let slot = slots.next().unwrap_or(Slot::Lost);
        let (span, reading) = reader.slot(line, slot);
        let agree = slots.all(|other| (other == Slot::Lost) == (slot == Slot::Lost) && reader.slot(line, other).1 == reading);
        let fate = if !agree {
            Fate::Ambiguous
        } else if slot == Slot::Lost {
            Fate::Lost
        } else {
            Fate::Placed
        };
        FittedCell { row: line.row.clone(), column: column.clone(), span, reading, fate, unit: unit.clone(), printed: line.printed }
    };
    line.under.ids.iter().zip(&line.under.units).enumerate().map(cell).collect()
}

impl Line {
    fn is_mended(&self, printed: &[TableRow], mend: Mend) -> bool {
        printed.get(self.printed).is_some_and(|row| row.mend == mend)
    }
}
