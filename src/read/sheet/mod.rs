//! Workbooks → Document: XLSX, ODS and XML Spreadsheet from their XML, old XLS through calamine, every number as its cell
//! shows it.
//!
//! ```text
//!   bytes ─xlsx | ods | xmlss | xls→ sheets of cells (merged regions joined, number formats applied: format)
//!         ─regions→ paragraphs and grids, each with its sheet and cell as place
//! ```
//! calamine is kept to XLS: for XLSX it believes declared counts, and for all of them it spreads sparse cells over a
//! full rectangle, which a hostile file turns into more memory than there is. Tests read XLSX with both.

mod format;
mod ods;
mod regions;
mod rounded;
mod xls;
mod xlsx;
mod xmlss;

use super::Source;
use super::draft::Draft;
use super::package::Package;
use super::trouble::Trouble;
use crate::doc::Status;
use crate::flag::{Code, Fault, Flag, Flagged, Message, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// Cells of one workbook.
const MOST_CELLS: usize = 1_000_000;
/// Rows and columns of a sheet in any of the formats.
const LAST_ROW: u32 = 1 << 20;
const LAST_COLUMN: u32 = 1 << 14;

/// A printed cell.
#[derive(Debug, Clone)]
struct SheetCell {
    row: u32,
    column: u32,
    rows: u32,
    columns: u32,
    /// What shows.
    text: String,
    /// The number that is kept.
    stored: Option<f64>,
}

/// A sheet with the cells that show something, in order of rows.
#[derive(Debug, Default)]
struct Sheet {
    name: String,
    is_hidden: bool,
    cells: Vec<SheetCell>,
    hidden_rows: Stretches,
    hidden_columns: Stretches,
    n_hidden: usize,
    /// Blank cells with a border, row and column; what remains of them when merged regions are joined.
    ruled: BTreeSet<(u32, u32)>,
    /// Merged regions in which nothing stands, by their first cell.
    blanks: BTreeMap<(u32, u32), Region>,
}

/// Rows or columns, as stretches from first to last, in order.
#[derive(Debug, Default)]
struct Stretches(Vec<(u32, u32)>);

impl Stretches {
    /// Take in more; they come in order.
    fn push(&mut self, first: u32, last: u32) {
        match self.0.last_mut().filter(|open| first <= open.1.saturating_add(1)) {
            Some(open) => open.1 = open.1.max(last),
            None => self.0.push((first, last)),
        }
    }

    /// True when all from `first` up to `end` are among them.
    fn cover(&self, first: u32, end: u32) -> bool {
        let after = self.0.partition_point(|stretch| stretch.0 <= first);
        after.checked_sub(1).and_then(|index| self.0.get(index)).is_some_and(|stretch| end <= stretch.1.saturating_add(1))
    }
}

impl Sheet {
    /// True when every row from `first` up to `end` has a blank cell with a border.
    fn is_ruled(&self, first: u32, end: u32) -> bool {
        (first..end).all(|row| self.ruled.range((row, 0)..(row + 1, 0)).next().is_some())
    }

    /// Join merged regions, and leave out the cells of which nothing shows.
    fn settle(mut self, regions: &[Region]) -> Sheet {
        self.hidden_columns.0.sort_unstable();
        self.hidden_rows.0.sort_unstable();
        let blank = |(row, column): (u32, u32)| SheetCell { row, column, rows: 1, columns: 1, text: String::new(), stored: None };
        let ruled = std::mem::take(&mut self.ruled).into_iter().map(blank);
        let all = std::mem::take(&mut self.cells).into_iter().chain(ruled).collect();
        let (mut cells, ruled): (Vec<SheetCell>, Vec<SheetCell>) =
            join_regions(all, regions).into_iter().partition(|cell| !cell.text.is_empty());
        self.ruled = ruled.iter().map(|cell| (cell.row, cell.column)).collect();
        self.blanks = regions.iter().map(|region| (region.first, *region)).collect();
        cells.iter().for_each(|cell| {
            self.blanks.remove(&(cell.row, cell.column));
        });
        let n_cells = cells.len();
        cells.retain(|cell| {
            !self.hidden_rows.cover(cell.row, cell.row + cell.rows) && !self.hidden_columns.cover(cell.column, cell.column + cell.columns)
        });
        self.n_hidden = n_cells - cells.len();
        self.cells = cells;
        self
    }
}

/// A merged region: first row and column, last row and column.
#[derive(Debug, Clone, Copy)]
struct Region {
    first: (u32, u32),
    last: (u32, u32),
}

/// What a workbook's reader has found.
#[derive(Debug, Default)]
struct Workbook {
    sheets: Vec<Sheet>,
    troubles: Vec<Trouble>,
}

/// Read a workbook in a zip: XLSX or ODS.
pub fn read_package(bytes: &[u8]) -> Flagged<Source> {
    let package = match Package::open(bytes) {
        Ok(package) => package,
        Err(trouble) => return lay(Workbook { troubles: vec![trouble], ..Workbook::default() }, "xlsx"),
    };
    if package.has("content.xml") && !package.has("xl/workbook.xml") {
        lay(ods::read(package), "ods")
    } else {
        lay(xlsx::read(package), "xlsx")
    }
}

/// Read an old workbook.
pub fn read_xls(bytes: &[u8]) -> Flagged<Source> {
    lay(xls::read(bytes), "xls")
}

/// Read a workbook that is written as one XML text: XML Spreadsheet.
pub fn read_xml(text: &str) -> Flagged<Source> {
    lay(xmlss::read(text), "xls-xml")
}

fn lay(workbook: Workbook, format: &'static str) -> Flagged<Source> {
    let mut draft = Draft::default();
    workbook.troubles.into_iter().for_each(|trouble| draft.trouble(trouble));
    let n_shown = workbook.sheets.iter().filter(|sheet| !sheet.is_hidden && !sheet.cells.is_empty()).count();
    let mut allowance = regions::Allowance::default();
    for sheet in &workbook.sheets {
        if sheet.n_hidden > 0 && !sheet.is_hidden {
            let facts = [sheet.n_hidden.to_string(), sheet.name.clone()];
            let message = Message::new("{0} cells of the sheet {1} stand in hidden rows or columns and are not read", facts);
            draft.flag(Flag::new(Code::NoText, message).graded(Severity::Note).fault(Fault::Source));
        }
        if sheet.is_hidden {
            let message = Message::new("the sheet {0} is hidden and not read", [sheet.name.clone()]);
            draft.flag(Flag::new(Code::NoText, message).graded(Severity::Note).fault(Fault::Source));
        } else {
            rounded::find(sheet).into_iter().for_each(|flag| draft.flag(flag));
            regions::lay(&mut draft, sheet, n_shown > 1, &mut allowance);
        }
    }
    draft.finish(format)
}

/// Give merged regions to the cells at their corners; a cell under one shows nothing.
fn join_regions(mut cells: Vec<SheetCell>, regions: &[Region]) -> Vec<SheetCell> {
    cells.sort_by_key(|cell| (cell.row, cell.column));
    let mut by_row: BTreeMap<u32, Vec<Region>> = BTreeMap::new();
    for region in regions {
        by_row.entry(region.first.0).or_default().push(*region);
    }
    let mut open: Vec<Region> = Vec::new();
    let mut joined: Vec<SheetCell> = Vec::with_capacity(cells.len());
    let mut row = None;
    for mut cell in cells {
        if row != Some(cell.row) {
            row = Some(cell.row);
            let later = by_row.split_off(&(cell.row + 1));
            open.extend(std::mem::replace(&mut by_row, later).into_values().flatten());
            open.retain(|region| region.last.0 >= cell.row);
            open.sort_by_key(|region| region.first.1);
        }
        let until = open.partition_point(|region| region.first.1 <= cell.column);
        let over = open.iter().take(until).rev().find(|region| region.last.1 >= cell.column);
        match over {
            Some(region) if region.first == (cell.row, cell.column) => {
                cell.rows = region.last.0 - region.first.0 + 1;
                cell.columns = region.last.1 - region.first.1 + 1;
            }
            Some(_) => continue,
            None => {}
        }
        joined.push(cell);
    }
    joined
}

/// `C7` → row 6, column 2.
fn read_address(address: &str) -> Option<(u32, u32)> {
    let address = address.trim_matches('$');
    let letters = address.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, number) = address.split_at_checked(letters)?;
    let column =
        name.bytes().try_fold(0u32, |sum, byte| sum.checked_mul(26)?.checked_add(u32::from(byte.to_ascii_uppercase() - b'A') + 1))?;
    let row: u32 = number.trim_start_matches('$').parse().ok()?;
    let (row, column) = (row.checked_sub(1)?, column.checked_sub(1)?);
    (row < LAST_ROW && column < LAST_COLUMN).then_some((row, column))
}

/// Row 6, column 2 → `C7`.
fn write_address(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    let name: String = letters.into_iter().rev().collect();
    format!("{name}{}", row + 1)
}

/// Words that stand in from the left, one ideograph a step, as if typed so: it tells how deep a label stands.
fn indented(words: String, n_steps: u32) -> String {
    const MOST_STEPS: u32 = 15;
    if n_steps == 0 { words } else { format!("{}{words}", "\u{3000}".repeat(n_steps.min(MOST_STEPS) as usize)) }
}

/// Add characters of another look to a cell's words; a note's number beside a number is no digit of it.
fn push_run(words: &mut String, run: &str, is_edge: bool) {
    if is_edge && words.ends_with(|end: char| end.is_ascii_digit()) && run.starts_with(|next: char| next.is_ascii_digit()) {
        words.push('^');
    }
    words.push_str(run);
}

/// Formulas without a result; nothing where all have one.
fn without_results(addresses: &[String], sheet: &str) -> Option<Trouble> {
    let facts = [addresses.len().to_string(), sheet.to_string(), addresses.first()?.clone()];
    let message = Message::new("{0} formulas of the sheet {1} are kept without their results, the first at {2}", facts);
    Some(Trouble::partial(message))
}

/// Many cells at once end the reading.
fn too_many_cells() -> Trouble {
    Trouble::too_large(Message::new("the sheets have more than {0} cells", [MOST_CELLS.to_string()]))
}

fn unsupported(what: &'static str) -> Trouble {
    Trouble { status: Status::Unsupported, message: Message::plain(what) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_both_ways() {
        for (address, at) in [("A1", (0, 0)), ("Z9", (8, 25)), ("AA10", (9, 26)), ("XFD1048576", (1_048_575, 16_383))] {
            assert_eq!(read_address(address), Some(at));
            assert_eq!(write_address(at.0, at.1), address);
        }
        assert_eq!(read_address("XFE1"), None);
        assert_eq!(read_address("7"), None);
    }

    #[test]
    fn a_cell_under_a_merged_region_shows_nothing() {
        let cell = |row, column, text: &str| SheetCell { row, column, rows: 1, columns: 1, text: text.into(), stored: None };
        let cells = vec![cell(0, 0, "a"), cell(1, 0, "hidden"), cell(1, 1, "b"), cell(2, 1, "c")];
        let joined = join_regions(cells, &[Region { first: (0, 0), last: (1, 0) }]);
        let found: Vec<(&str, u32)> = joined.iter().map(|cell| (cell.text.as_str(), cell.rows)).collect();
        assert_eq!(found, [("a", 2), ("b", 1), ("c", 1)]);
    }
}
