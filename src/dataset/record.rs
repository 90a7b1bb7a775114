//! Report → small owned rows that can be sent to another process and kept: what a dataset holds of one file.
//!
//! A file's rows depend on its bytes and the grammar alone, never on its name: the same bytes under two names are read
//! once. They come in two parts, so that thousands can be put in order by their [`Head`] with no table in memory.

use crate::check::Trust;
use crate::doc::Status;
use crate::fit::{Fate, FittedCell, FittedTable};
use crate::flag::{Flag, Severity};
use crate::fold::tidy;
use crate::generic::{LooseTable, LooseValue};
use crate::grammar::Item;
use crate::manual::{Language, say};
use crate::normalise::{Quantity, Reading};
use crate::place::{Place, Span};
use crate::prose::Statement;
use crate::report::Report;
use compact_str::{CompactString, ToCompactString};
use foldhash::HashMap;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Counts how often the packed rows have changed their layout: a state of another layout is not read.
pub const LAYOUT: u32 = 4;

/// What sentences state, as a table.
pub const INDICATORS: &str = "indicators";

/// A variable, by its place among those of its family, what stands for the unit of its value, and how large that is.
pub type Size = (u16, u32, i16);

/// What is known of a file before its tables are opened.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// How reading ended.
    pub status: String,
    /// Why it ended there, where it is not `ok`.
    pub message: Option<String>,
    /// Format found.
    pub format: String,
    /// Encoding found.
    pub encoding: Option<String>,
    /// Pages, where the format has them.
    pub pages: u32,
    /// Family of reports.
    pub family: Option<String>,
    /// Edition of its form.
    pub edition: Option<String>,
    /// Title as printed.
    pub title: Option<String>,
    /// Publisher as the title prints it.
    pub publisher: Option<String>,
    /// Year by the title.
    pub year: Option<i32>,
    /// Year of which the text names the first and the last day.
    pub period: Option<i32>,
    /// Lines near the top and the end in which a publisher may have signed.
    pub lines: Vec<String>,
    /// How large its values are; filled in where the variables are known.
    pub sizes: Vec<Size>,
    /// Counts.
    pub counts: Counts,
}

/// Counts of one file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Values.
    pub values: u32,
    /// Numbers in the text.
    pub numbers: u32,
    /// Numbers that became a value.
    pub placed: u32,
    /// Numbers noted with a reason.
    pub noted: u32,
    /// Numbers nobody accounts for.
    pub unplaced: u32,
    /// Sums that held.
    pub held: u32,
    /// Sums that failed.
    pub failed: u32,
    /// Sums that could not be checked.
    pub not_checkable: u32,
    /// Flags by severity.
    pub errors: u32,
    /// Flags by severity.
    pub warnings: u32,
    /// Flags by severity.
    pub notes: u32,
    /// Most digits of a value before the point, and behind it.
    pub digits: (u32, u32),
}

impl Counts {
    /// Count flags that were raised after the report was read.
    pub fn add(&mut self, found: &[Finding]) {
        let n = |severity: &str| count(found.iter().filter(|flag| flag.severity == severity).count());
        self.errors += n(Severity::Error.name());
        self.warnings += n(Severity::Warning.name());
        self.notes += n(Severity::Note.name());
    }
}

/// The rows of a file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// Tables in order.
    pub tables: Vec<Grid>,
    /// Flags in order.
    pub flags: Vec<Finding>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// First part of its keys.
    pub id: String,
    /// It belongs to the family, so the ids that the family knows mean the same in every report.
    pub fitted: bool,
    /// Rows: id and labels from the outermost group in.
    pub rows: Vec<Axis>,
    /// Columns, likewise.
    pub columns: Vec<Axis>,
    /// Cells in printed order.
    pub cells: Vec<Cell>,
}

impl Grid {
    /// The key of a cell.
    pub fn key(&self, cell: &Cell) -> Option<String> {
        let (row, column) = (self.rows.get(cell.row as usize)?, self.columns.get(cell.column as usize)?);
        Some([self.id.as_str(), row.id.as_str(), column.id.as_str()].join("/"))
    }
}

/// A row or a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// Part of the key.
    pub id: CompactString,
    /// Words, from the outermost group in: those of the form in a table of the family, where they are asked for, else the
    /// printed ones.
    pub labels: Vec<CompactString>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Index into the table's rows.
    pub row: u32,
    /// Index into the table's columns.
    pub column: u32,
    /// The number in digits, where there is one.
    pub value: Option<CompactString>,
    /// The cell's characters on one line.
    pub raw: CompactString,
    /// Unit.
    pub unit: Option<CompactString>,
    /// What kind of cell.
    pub state: State,
    /// How its number stands.
    pub standing: Standing,
    /// Where it is printed.
    pub place: CompactString,
}

macro_rules! names {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $about:literal])+ $variant:ident $text:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[doc = $about])+ $variant,)+ }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The public name.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }
        }
    };
}

names! {
    /// What kind of cell.
    State {
        /// A number.
        Number "number",
        /// A number with words.
        Annotated "annotated",
        /// Nothing.
        Blank "blank",
        /// A dash or its like.
        Na "na",
        /// Words.
        Text "text",
        /// More than one placement is possible.
        Ambiguous "ambiguous",
    }
}

names! {
    /// How a number stands.
    Standing {
        /// In a sum that holds.
        Proven "proven",
        /// No sum speaks of it.
        Unproven "unproven",
        /// In a sum that fails.
        Disputed "disputed",
    }
}

/// One flag.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Public code.
    pub code: String,
    /// `note`, `warning` or `error`.
    pub severity: String,
    /// `source`, `reading` or `unknown`.
    pub fault: String,
    /// The fact in English and in Chinese.
    pub message: [String; 2],
    /// What a person would look at, likewise.
    pub help: Option<[String; 2]>,
    /// Keys it concerns.
    pub cells: Vec<String>,
    /// Key and digits of a value that would settle it.
    pub proposal: Option<(String, String)>,
    /// Where.
    pub place: String,
    /// The line of the source, and the characters of it that are meant.
    pub source: String,
    /// Start and end of the marked characters.
    pub mark: [u32; 2],
    /// What is printed around it on the page, where the format has pages.
    pub crop: Option<Crop>,
}

/// A strip of a page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Crop {
    /// 1-based page.
    pub page: u32,
    /// What is meant: left, top, right, bottom in points.
    pub mark: [f32; 4],
    /// Words with their boxes.
    pub words: Vec<(String, [f32; 4])>,
}

/// Whether the labels of a family's tables are wanted. They are the same in every report, and the family has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// Of every table.
    All,
    /// Only of tables that no family has.
    Printed,
}

/// The rows of a report.
pub fn record(report: &Report, labels: Labels) -> (Head, Body) {
    let mut tables: Vec<Grid> = report.fitted.tables.iter().filter_map(|table| fitted_grid(report, table, labels)).collect();
    tables.extend(report.loose.iter().map(|loose| loose_grid(report, loose)));
    tables.extend((!report.stated.statements.is_empty()).then(|| stated_grid(report)));
    let flags: Vec<Finding> = report.flags.iter().map(|flag| super::evidence::finding(report, flag)).collect();
    let body = Body { tables, flags };
    (head(report, &body), body)
}

/// What stands for a file that could not be read.
pub fn failure(status: Status, why: &str) -> Head {
    Head { status: status.name().into(), message: Some(why.into()), ..Head::default() }
}

fn head(report: &Report, body: &Body) -> Head {
    let status = report.source.status;
    let worst = report.flags.iter().max_by_key(|flag| flag.severity).filter(|_| status != Status::Ok);
    Head {
        status: status.name().into(),
        message: worst.map(|flag| flag.message.to_string()),
        format: report.source.format.into(),
        encoding: report.source.encoding.clone(),
        pages: count(report.source.document.pages.len()),
        family: report.family.map(|family| family.id.clone()),
        edition: report.family.map(|_| report.fitted.edition.clone()),
        title: report.identity.title.clone(),
        publisher: report.identity.publisher.clone(),
        year: report.identity.year,
        period: super::evidence::find_period(&report.source.document),
        lines: super::evidence::signing_lines(&report.source.document),
        sizes: Vec::new(),
        counts: counts(report, body),
    }
}

fn counts(report: &Report, body: &Body) -> Counts {
    let tally = report.tally();
    let coverage = &report.coverage;
    let values = body.tables.iter().flat_map(|table| &table.cells).filter_map(|cell| cell.value.as_deref());
    let digits = values.map(n_digits).fold((0, 0), |most: (u32, u32), own| (most.0.max(own.0), most.1.max(own.1)));
    let of = |severity| count(report.flags.iter().filter(|flag: &&Flag| flag.severity == severity).count());
    Counts {
        values: count(body.tables.iter().map(|table| table.cells.len()).sum()),
        numbers: count(coverage.numbers),
        placed: count(coverage.placed),
        noted: count(coverage.noted.len()),
        unplaced: count(coverage.unplaced.len()),
        held: count(tally.held),
        failed: count(tally.failed),
        not_checkable: count(tally.not_checkable),
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
        notes: of(Severity::Note),
        digits,
    }
}

/// Digits before the point, and those behind it that are needed to hold the number.
fn n_digits(value: &str) -> (u32, u32) {
    let (whole, behind) = value.split_once('.').map_or((value, ""), |(whole, behind)| (whole, behind.trim_end_matches('0')));
    (count(whole.trim_start_matches('-').len()), count(behind.len()))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Ids in order of first sight, each with its index.
#[derive(Default)]
struct Axes<'a> {
    seen: HashMap<&'a str, u32>,
    list: Vec<Axis>,
    last: u32,
}

impl<'a> Axes<'a> {
    fn index(&mut self, id: &'a str, labels: impl FnOnce() -> Vec<CompactString>) -> u32 {
        // Cells come in printed order: most are of the last row, or of the next column.
        let is_at = |index: &u32| self.list.get(*index as usize).is_some_and(|axis| axis.id == id);
        let known = [self.last, self.last + 1].into_iter().find(is_at).or_else(|| self.seen.get(id).copied());
        self.last = known.unwrap_or_else(|| {
            let index = count(self.list.len());
            self.seen.insert(id, index);
            self.list.push(Axis { id: id.into(), labels: labels() });
            index
        });
        self.last
    }
}

fn fitted_grid(report: &Report, table: &FittedTable, labels: Labels) -> Option<Grid> {
    let form = report.family?.tables.get(table.form)?;
    let (row_items, column_items) = match labels {
        Labels::All => table.items(form, &report.fitted.edition),
        Labels::Printed => Default::default(),
    };
    let (row_items, column_items) = (Names::new(&row_items), Names::new(&column_items));
    let (mut rows, mut columns) = (Axes::default(), Axes::default());
    let shown = table.cells.iter().filter(|cell| cell.fate != Fate::Lost);
    let cells = shown
        .map(|cell| {
            let row = rows.index(&cell.row, || row_items.path(&cell.row));
            let column = columns.index(&cell.column, || column_items.path(&cell.column));
            fitted_cell(report, table, cell, (row, column))
        })
        .collect();
    Some(Grid { id: form.id.clone(), fitted: true, rows: rows.list, columns: columns.list, cells })
}

/// The label of each item by its id.
struct Names<'a>(HashMap<&'a str, &'a str>);

impl<'a> Names<'a> {
    fn new(items: &[&'a Item]) -> Names<'a> {
        Names(items.iter().map(|item| (item.id.as_str(), item.label())).collect())
    }

    /// The label of an item, those of the groups it is in before.
    fn path(&self, id: &str) -> Vec<CompactString> {
        let ends = id.match_indices('.').map(|(at, _)| at).chain([id.len()]);
        ends.filter_map(|end| self.0.get(id.get(..end)?).copied().map(CompactString::from)).collect()
    }
}

fn fitted_cell(report: &Report, table: &FittedTable, cell: &FittedCell, (row, column): (u32, u32)) -> Cell {
    let ambiguous = cell.fate == Fate::Ambiguous;
    let (state, quantity) = if ambiguous { (State::Ambiguous, None) } else { state(&cell.reading) };
    let trust = quantity.and_then(|_| report.trust(cell));
    let span = cell.span.filter(|_| !ambiguous);
    let row_span = || table.printed.get(cell.printed).map(|row| row.span);
    Cell {
        row,
        column,
        value: quantity.map(|quantity| digits(&quantity.value)),
        raw: span.map(|span| tidied(report.source.document.slice(span))).unwrap_or_default(),
        unit: quantity.and_then(|quantity| quantity.unit).or(cell.unit.as_deref()).map(CompactString::from),
        state,
        standing: standing(trust),
        place: place(report, span.or_else(row_span)),
    }
}

fn loose_grid<'r>(report: &Report, loose: &'r LooseTable) -> Grid {
    let (mut rows, mut columns) = (Axes::default(), Axes::default());
    let row_labels = |row: usize| loose.row_paths.get(row).into_iter().flatten().map(CompactString::from).collect();
    let column_labels = |value: &LooseValue| {
        let header = loose.headers.iter().rev().find(|header| header.end <= value.row);
        header.and_then(|header| header.paths.get(value.column)).into_iter().flatten().map(CompactString::from).collect()
    };
    let cell = |value: &'r LooseValue| {
        let (row_id, column_id) = split_key(&value.key);
        let (state, quantity) = state(&value.reading);
        Cell {
            row: rows.index(row_id, || row_labels(value.row)),
            column: columns.index(column_id, || column_labels(value)),
            value: quantity.map(|quantity| digits(&quantity.value)),
            raw: tidied(report.source.document.slice(value.span)),
            unit: quantity.and_then(|quantity| quantity.unit).or(value.unit.as_deref()).map(CompactString::from),
            state,
            standing: standing(value.trust.filter(|_| quantity.is_some())),
            place: place(report, Some(value.span)),
        }
    };
    let cells = loose.values.iter().map(cell).collect();
    Grid { id: loose.id.clone(), fitted: false, rows: rows.list, columns: columns.list, cells }
}

/// What sentences state: a row an indicator, a column what is said of it.
fn stated_grid<'r>(report: &'r Report) -> Grid {
    let (mut rows, mut columns) = (Axes::default(), Axes::default());
    let cell = |statement: &'r Statement| {
        let (row_id, column_id) = split_key(&statement.key);
        Cell {
            row: rows.index(row_id, || vec![statement.name.printed.as_str().into()]),
            column: columns.index(column_id, || vec![statement.facet.as_str().into()]),
            value: Some(digits(&statement.value)),
            raw: tidied(report.source.document.slice(statement.span)),
            unit: statement.unit.as_deref().map(CompactString::from),
            state: if statement.is_rough { State::Annotated } else { State::Number },
            standing: Standing::Unproven,
            place: place(report, Some(statement.span)),
        }
    };
    let cells = report.stated.statements.iter().map(cell).collect();
    Grid { id: INDICATORS.into(), fitted: true, rows: rows.list, columns: columns.list, cells }
}

fn standing(trust: Option<Trust>) -> Standing {
    match trust {
        Some(Trust::Proven) => Standing::Proven,
        Some(Trust::Disputed) => Standing::Disputed,
        None => Standing::Unproven,
    }
}

/// `t1/a\/b/c` → `a\/b`, `c`.
fn split_key(key: &str) -> (&str, &str) {
    let mut parts = Vec::new();
    let mut escaped = false;
    for (offset, character) in key.char_indices() {
        if character == '/' && !escaped {
            parts.push(offset);
        }
        escaped = character == '\\' && !escaped;
    }
    match (parts.first(), parts.last()) {
        (Some(&first), Some(&last)) if first < last => {
            (key.get(first + 1..last).unwrap_or_default(), key.get(last + 1..).unwrap_or_default())
        }
        _ => (key, ""),
    }
}

fn state(reading: &Reading) -> (State, Option<&Quantity>) {
    match reading {
        Reading::Blank => (State::Blank, None),
        Reading::NotApplicable => (State::Na, None),
        Reading::Number(quantity) => (State::Number, Some(quantity)),
        Reading::Annotated(quantity) => (State::Annotated, Some(quantity)),
        Reading::Unread(_) | Reading::Words => (State::Text, None),
    }
}

/// `38:43`, `page 3 (72.0, 100.1, 90.5, 112.0)`, `Sheet1!C7`.
pub fn place(report: &Report, span: Option<Span>) -> CompactString {
    match span.and_then(|span| report.source.document.place(span)) {
        Some(Place::Text { line, column, .. }) => {
            let mut place = line.to_compact_string();
            place.push(':');
            place.push_str(&column.to_compact_string());
            place
        }
        Some(Place::Page { page, bounds: [left, top, right, bottom] }) => {
            compact_str::format_compact!("page {page} ({left:.1}, {top:.1}, {right:.1}, {bottom:.1})")
        }
        Some(Place::Sheet { sheet, cell }) => compact_str::format_compact!("{sheet}!{cell}"),
        None => CompactString::default(),
    }
}

/// A number's digits. Most are whole numbers of a few, which need no decimal arithmetic to be written.
fn digits(value: &Decimal) -> CompactString {
    let whole = (value.scale() == 0 && !value.is_sign_negative()).then(|| i64::try_from(value.mantissa()).ok()).flatten();
    whole.map_or_else(|| value.to_compact_string(), |whole| whole.to_compact_string())
}

/// A cell's characters on one line.
fn tidied(printed: &str) -> CompactString {
    if printed.bytes().all(|byte| byte.is_ascii_graphic()) { printed.into() } else { tidy(printed).into() }
}

/// A message in both languages.
pub fn both(message: &crate::flag::Message) -> [String; 2] {
    [say(message, Language::English), say(message, Language::Chinese)]
}

#[cfg(test)]
mod tests {
    use super::split_key;

    #[test]
    fn a_key_of_printed_labels_parts_at_its_own_slashes() {
        assert_eq!(split_key("t1/收入/2019年"), ("收入", "2019年"));
        assert_eq!(split_key("t1/a\\/b/c\\/d#2"), ("a\\/b", "c\\/d#2"));
        assert_eq!(split_key("t1"), ("t1", ""));
    }
}
