//! Two tables with nothing between them: one table or two, and what shows it.
//!
//! ```text
//!   │ 221 │ 住房保障支出 │ 12.00 │       the same width, the same columns, no new header below: it goes on
//!   ─────────── page 3 | 4 ───────────
//!   │ 222 │ 粮油储备支出 │  3.00 │       │ 项目 │ 金额 │   a header of its own that was not above: another table
//! ```
//! The number of columns alone shows nothing: forms of one report often share it.

use super::parts::{Table, TableCell};
use super::split::SAME_EDGE;
use crate::doc::{Evidence, Shape};
use crate::normalise::read_cell;

/// Parts of one table on one page stand no further apart than this, in points.
const NEAR: f32 = 12.0;
/// Columns without rules begin at most this far apart on two pages, in points.
const RAGGED_EDGE: f32 = 20.0;
/// Rows that a header has at most.
const MOST_HEADS: usize = 6;

/// What shows that `below` goes on with `above`; none where they are two tables. `shared` tells that their columns stand
/// at the same places.
pub fn evidence(above: &Table, below: &Table, shared: bool) -> Option<Evidence> {
    if above.shape != below.shape || below.page > above.page + 1 {
        return None;
    }
    if above.shape == Shape::Aligned {
        return same_starts(above, below).then_some(Evidence::SameColumns);
    }
    let same_width = (above.area.width() - below.area.width()).abs() <= 2.0 * SAME_EDGE;
    if below.page == above.page {
        let same_place = same_width && (above.area.left - below.area.left).abs() <= SAME_EDGE;
        return (same_place && below.area.top - above.area.bottom <= NEAR).then_some(Evidence::SameWidth);
    }
    let heads = heads(below);
    let known = words(above.rows.iter().take(MOST_HEADS));
    match heads.as_slice() {
        [] if !same_width => None,
        [] if shared && is_open(above, below) => Some(Evidence::OpenEnd),
        [] if shared => Some(Evidence::SameColumns),
        [] => Some(Evidence::SameWidth),
        heads => heads.iter().all(|head| known.contains(head)).then_some(Evidence::HeaderAgain),
    }
}

/// Columns without rules that begin at the same places.
fn same_starts(above: &Table, below: &Table) -> bool {
    let near = |(one, other): (&f32, &f32)| (one - other).abs() <= RAGGED_EDGE;
    above.xs.len() == below.xs.len() && above.xs.iter().zip(&below.xs).all(near)
}

fn is_open(above: &Table, below: &Table) -> bool {
    above.rows.last().into_iter().flatten().any(|cell| cell.open_bottom)
        || below.rows.first().into_iter().flatten().any(|cell| cell.open_top)
}

fn is_datum(cell: &TableCell) -> bool {
    read_cell(&cell.text).is_datum()
}

fn words<'t>(rows: impl Iterator<Item = &'t Vec<TableCell>>) -> Vec<String> {
    let tidy = |text: &str| text.split_whitespace().collect::<String>();
    rows.flatten().map(|cell| tidy(&cell.text)).filter(|text| !text.is_empty()).collect()
}

/// The words of a table's first rows where they stand over columns of numbers; nothing where numbers begin at once.
fn heads(table: &Table) -> Vec<String> {
    let numeric = numeric_columns(table);
    let over = |cell: &&TableCell| {
        let own = (cell.column..cell.column + cell.columns).filter(|column| numeric.contains(column)).count();
        own > 0 && !cell.text.trim().is_empty()
    };
    let first_data = table.rows.iter().take(MOST_HEADS + 1).position(|row| row.iter().any(is_datum));
    let rows: Vec<&Vec<TableCell>> = table.rows.iter().take(first_data.unwrap_or(0)).collect();
    // One cell over all columns is a title or the name of a group; a header names columns one by one.
    let names = rows
        .iter()
        .any(|row| row.iter().filter(over).count() >= 2 || numeric.len() == 1 && row.len() >= 2 && row.iter().any(|cell| over(&cell)));
    if names { words(rows.into_iter()) } else { Vec::new() }
}

/// Columns that hold more numbers than words.
fn numeric_columns(table: &Table) -> Vec<usize> {
    let mut counts: std::collections::BTreeMap<usize, (usize, usize)> = std::collections::BTreeMap::new();
    for cell in table.rows.iter().flatten().filter(|cell| cell.columns == 1 && !cell.text.trim().is_empty()) {
        let count = counts.entry(cell.column).or_default();
        if is_datum(cell) { count.0 += 1 } else { count.1 += 1 }
    }
    counts.into_iter().filter(|(_, (numbers, words))| numbers > words).map(|(column, _)| column).collect()
}
