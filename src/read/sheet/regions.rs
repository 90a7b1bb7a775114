//! One sheet → paragraphs and grids. Blank rows part tables, and so do blank columns where each side has labels of its
//! own; a row with one cell before or after a table is a title or a note, not a row of it. Where blank cells have
//! borders these say what belongs to a table: a blank row, or a label without numbers at its end.

use super::{Sheet, SheetCell, write_address};
use crate::doc::Shape;
use crate::normalise::{Reading, read_cell};
use crate::place::Place;
use crate::read::draft::{Draft, DraftCell};
use std::collections::BTreeSet;
use std::ops::Range;

/// Blank cells are written only while they are at most so many times the printed ones, and a few more: so many in a
/// table, and so many in a workbook.
const MOST_BLANKS: usize = 8;
const FEW: usize = 20_000;
const FEW_IN_ALL: usize = 400_000;

/// Blank cells that may still be written beyond those that the printed ones allow.
#[derive(Debug)]
pub struct Allowance(usize);

impl Default for Allowance {
    fn default() -> Allowance {
        Allowance(FEW_IN_ALL)
    }
}

impl Allowance {
    /// True when a table of this area may be written with its blank cells.
    fn takes(&mut self, area: usize, n_printed: usize) -> bool {
        let surplus = area.saturating_sub(n_printed.saturating_mul(MOST_BLANKS));
        let fits = surplus <= FEW.min(self.0);
        self.0 -= if fits { surplus } else { 0 };
        fits
    }
}

type Cells<'a> = Vec<&'a SheetCell>;

/// Write a sheet. Its name is shown on its tab, and parts it from the sheet before.
pub fn lay(draft: &mut Draft, sheet: &Sheet, is_named: bool, allowance: &mut Allowance) {
    if sheet.cells.is_empty() {
        return;
    }
    if is_named {
        draft.sheet_name(&sheet.name);
    }
    for band in bands(sheet) {
        lay_band(draft, sheet, &band, allowance);
    }
}

/// Runs of rows without a blank row between them; a merged cell covers the rows it hangs down to.
fn bands(sheet: &Sheet) -> Vec<Vec<Cells<'_>>> {
    let mut found: Vec<Vec<Cells>> = Vec::new();
    let mut reached = 0;
    let mut row = None;
    for cell in &sheet.cells {
        if row != Some(cell.row) {
            if row.is_none() || cell.row > reached && !sheet.hidden_rows.cover(reached, cell.row) && !sheet.is_ruled(reached, cell.row) {
                found.push(Vec::new());
            }
            row = Some(cell.row);
            found.last_mut().into_iter().for_each(|band| band.push(Vec::new()));
        }
        reached = reached.max(cell.row + cell.rows);
        found.last_mut().and_then(|band| band.last_mut()).into_iter().for_each(|row| row.push(cell));
    }
    found
}

fn lay_band(draft: &mut Draft, sheet: &Sheet, band: &[Cells], allowance: &mut Allowance) {
    let is_single = |row: &Cells| matches!(row.as_slice(), [cell] if cell.rows == 1 && !is_number(cell));
    let first = band.iter().position(|row| !is_single(row)).unwrap_or(band.len());
    let is_ruled = |row: &Cells| row.first().is_some_and(|cell| sheet.is_ruled(cell.row, cell.row + 1));
    let last = band.iter().rposition(|row| !is_single(row) || is_ruled(row)).map_or(first, |index| index + 1).max(first);
    let (before, after) = (band.get(..first).unwrap_or_default(), band.get(last..).unwrap_or_default());
    lay_singles(draft, sheet, before);
    let table = band.get(first..last).unwrap_or_default();
    if let [row] = table
        && let [cell] = row.as_slice()
    {
        draft.para_at(&cell.text, place(sheet, cell.row, cell.column));
    } else {
        for part in part_columns(sheet, table) {
            lay_grid(draft, sheet, &part, allowance);
        }
    }
    lay_singles(draft, sheet, after);
}

fn lay_singles(draft: &mut Draft, sheet: &Sheet, rows: &[Cells]) {
    for cell in rows.iter().flatten() {
        cell.text.split('\n').for_each(|line| draft.para_at(line, place(sheet, cell.row, cell.column)));
    }
}

fn is_number(cell: &SheetCell) -> bool {
    matches!(read_cell(&cell.text), Reading::Number(_))
}

fn place(sheet: &Sheet, row: u32, column: u32) -> Place {
    Place::Sheet { sheet: sheet.name.clone(), cell: write_address(row, column) }
}

/// Tables side by side, parted by a column in which nothing stands. A blank column inside a table is no border: the
/// part to its right must begin with labels.
fn part_columns<'a>(sheet: &Sheet, rows: &[Cells<'a>]) -> Vec<Vec<Cells<'a>>> {
    let mut covered: BTreeSet<u32> = BTreeSet::new();
    for cell in rows.iter().flatten() {
        covered.extend(cell.column..cell.column.saturating_add(cell.columns));
    }
    let mut starts: Vec<u32> = Vec::new();
    let mut previous = None;
    for &column in &covered {
        let is_border = previous.is_none_or(|previous| column > previous + 1 && !sheet.hidden_columns.cover(previous + 1, column));
        if is_border && (previous.is_none() || has_labels(rows, column)) {
            starts.push(column);
        }
        previous = Some(column);
    }
    let part_of = |cell: &SheetCell| starts.partition_point(|&start| start <= cell.column).saturating_sub(1);
    let mut parts: Vec<Vec<Cells>> = vec![Vec::new(); starts.len()];
    for row in rows {
        let mut pieces: Vec<Cells> = vec![Vec::new(); starts.len()];
        row.iter().for_each(|cell| pieces.get_mut(part_of(cell)).into_iter().for_each(|piece| piece.push(cell)));
        for (part, piece) in parts.iter_mut().zip(pieces) {
            if !piece.is_empty() {
                part.push(piece);
            }
        }
    }
    parts
}

fn has_labels(rows: &[Cells], column: u32) -> bool {
    let own: Vec<&SheetCell> = rows.iter().flatten().filter(|cell| cell.column == column).copied().collect();
    let n_words = own.iter().filter(|cell| read_cell(&cell.text) == Reading::Words).count();
    let n_right = rows.iter().filter(|row| row.iter().any(|cell| cell.column > column)).count();
    n_words >= 2 && n_words * 2 > n_right && n_words * 2 > own.len()
}

fn lay_grid(draft: &mut Draft, sheet: &Sheet, rows: &[Cells], allowance: &mut Allowance) {
    let cells = || rows.iter().flatten();
    let left = cells().map(|cell| cell.column).min().unwrap_or(0);
    let right = cells().map(|cell| cell.column.saturating_add(cell.columns)).max().unwrap_or(0);
    let n_printed = cells().count();
    let fills = allowance.takes(rows.len().saturating_mul((right - left) as usize), n_printed);
    let mut hanging: Hanging = Vec::new();
    let mut grid = Vec::with_capacity(rows.len());
    for row in rows {
        let row_index = row.first().map_or(0, |cell| cell.row);
        hanging.retain(|(_, until)| *until > row_index);
        let mut drafts: Vec<DraftCell> = Vec::with_capacity(row.len());
        let mut next = left;
        for cell in row {
            if fills {
                lay_blanks(sheet, (row_index, left), next..cell.column, &mut hanging, &mut drafts);
            }
            drafts.push(DraftCell {
                words: cell.text.clone(),
                column: cell.column - left,
                columns: cell.columns,
                rows: cell.rows,
                place: Some(place(sheet, cell.row, cell.column)),
            });
            next = cell.column.saturating_add(cell.columns);
        }
        if fills {
            lay_blanks(sheet, (row_index, left), next..right, &mut hanging, &mut drafts);
        }
        grid.push(drafts);
        hanging.extend(row.iter().filter(|cell| cell.rows > 1).map(|cell| (cell.column..cell.column + cell.columns, cell.row + cell.rows)));
    }
    draft.grid(grid, Shape::Spanned);
}

/// Columns that a cell from above takes, and the row up to which it does.
type Hanging = Vec<(Range<u32>, u32)>;

/// Write the blank cells of a stretch of a row; a merged region in which nothing stands is one.
fn lay_blanks(sheet: &Sheet, (row, left): (u32, u32), columns: Range<u32>, hanging: &mut Hanging, drafts: &mut Vec<DraftCell>) {
    let mut column = columns.start;
    while column < columns.end {
        let region = sheet.blanks.get(&(row, column)).copied();
        let width = region.map_or(1, |region| region.last.1 - column + 1).min(columns.end - column);
        let is_taken = hanging.iter().any(|(taken, _)| taken.contains(&column));
        if !is_taken && !sheet.hidden_columns.cover(column, column + width) {
            let rows = region.map_or(1, |region| region.last.0 - row + 1);
            let place = Some(place(sheet, row, column));
            drafts.push(DraftCell { column: column - left, columns: width, rows, words: String::new(), place });
            if rows > 1 {
                hanging.push((column..column + width, row + rows));
            }
        }
        column += width;
    }
}
