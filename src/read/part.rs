//! One grid that holds a whole report → its headings as paragraphs, its tables as grids of their own.
//!
//! ```text
//!   │ 二、主动公开情况             │      a row across the grid with a heading's number, and a header below: a heading
//!   │ 第（一）项                   │      lines across the grid between the two go with the heading
//!   │ 内容    │ 制发   │ 废止      │      the table begins here
//! ```
//! Sheets print a report in this way, and so do pages that were typed in one. The row of a group, `三、办理结果` over
//! `（一）予以公开 9 0`, stays: what stands below it is no header.

use super::txt::has_heading_number;
use crate::doc::{Block, Document, Grid, Look, Para, Row, Shape};
use crate::normalise::{Reading, YEARS, read_cell};
use rust_decimal::Decimal;

/// Part the grids of a document.
pub fn part_grids(document: &mut Document) {
    let blocks = std::mem::take(&mut document.blocks);
    let mut parted = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Grid(grid) if grid.shape == Shape::Spanned => part(document, grid, &mut parted),
            other => parted.push(other),
        }
    }
    document.blocks = parted;
}

/// What a row may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing is printed.
    Blank,
    /// One cell and no other; whole when it goes from edge to edge.
    Line { is_numbered: bool, is_whole: bool },
    /// One cell at the left edge, and blank ones; merged when it spans columns.
    Lone { is_numbered: bool, is_merged: bool },
    /// Cells of words, and years.
    Header,
    /// Anything else.
    Data,
}

fn part(document: &Document, grid: Grid, out: &mut Vec<Block>) {
    let kinds = kinds(document, &grid);
    let paragraphs = find_paragraphs(&kinds);
    if !paragraphs.contains(&true) {
        out.push(Block::Grid(grid));
        return;
    }
    let mut rows: Vec<Row> = Vec::new();
    for (row, is_paragraph) in grid.rows.into_iter().zip(paragraphs) {
        if !is_paragraph {
            rows.push(row);
            continue;
        }
        finish(document, std::mem::take(&mut rows), out);
        let printed = row.cells.iter().map(|cell| cell.span).filter(|span| !span.is_empty());
        out.extend(printed.map(|span| Block::Para(Para { span, look: Look::default() })));
    }
    finish(document, rows, out);
}

/// The grid of these rows, without columns in which nothing is printed at its right edge.
fn finish(document: &Document, mut rows: Vec<Row>, out: &mut Vec<Block>) {
    let is_printed = |span| !crate::fold::shows_nothing(document.slice(span));
    let printed = rows.iter().flat_map(|row| &row.cells).filter(|cell| is_printed(cell.span));
    let Some(right) = printed.map(|cell| cell.column.saturating_add(cell.columns)).max() else { return };
    rows.iter_mut().for_each(|row| row.cells.retain(|cell| cell.column < right));
    let spans = rows.iter().map(|row| row.span).filter(|span| !span.is_empty());
    let Some(span) = spans.reduce(|one, other| one.to(other)) else { return };
    out.push(Block::Grid(Grid { rows, shape: Shape::Spanned, span, marks: Vec::new() }));
}

fn kinds(document: &Document, grid: &Grid) -> Vec<Kind> {
    let cells = || grid.rows.iter().flat_map(|row| &row.cells);
    let left = cells().map(|cell| cell.column).min().unwrap_or(0);
    // A line may say that it spans more columns than the tables have.
    let in_table = grid.rows.iter().filter(|row| row.cells.len() > 1).flat_map(|row| &row.cells);
    let right = in_table.map(|cell| cell.column.saturating_add(cell.columns)).max().unwrap_or(0);
    let mut hangs_until = 0;
    let mut kinds = Vec::with_capacity(grid.rows.len());
    for (index, row) in grid.rows.iter().enumerate() {
        let is_under = index < hangs_until;
        let deepest = row.cells.iter().map(|cell| index.saturating_add(cell.rows as usize)).max().unwrap_or(0);
        hangs_until = hangs_until.max(deepest);
        let readings: Vec<Reading> = row.cells.iter().map(|cell| read_cell(document.slice(cell.span))).collect();
        let mut printed = row.cells.iter().zip(&readings).filter(|(_, reading)| !reading.is_blank());
        let is_alone = readings.iter().filter(|reading| !reading.is_blank()).count() == 1;
        kinds.push(match printed.next() {
            None => Kind::Blank,
            Some((cell, Reading::Words)) if is_alone && !is_under && cell.rows == 1 && cell.column == left => {
                let is_numbered = has_heading_number(document.slice(cell.span));
                let is_whole = cell.column.saturating_add(cell.columns) >= right;
                let is_line = is_whole || row.cells.len() == 1;
                if is_line { Kind::Line { is_numbered, is_whole } } else { Kind::Lone { is_numbered, is_merged: cell.columns > 1 } }
            }
            Some(_) if is_header(&readings) => Kind::Header,
            Some(_) => Kind::Data,
        });
    }
    kinds
}

/// At least two cells of words, or of words and years, and nothing else.
fn is_header(readings: &[Reading]) -> bool {
    let is_name = |reading: &Reading| match reading {
        Reading::Words => true,
        Reading::Number(found) | Reading::Annotated(found) => {
            found.value.scale() == 0 && (Decimal::from(YEARS.start)..Decimal::from(YEARS.end)).contains(&found.value)
        }
        _ => false,
    };
    let mut printed = readings.iter().filter(|reading| !reading.is_blank());
    readings.contains(&Reading::Words) && printed.clone().count() >= 2 && printed.all(is_name)
}

/// What comes below a row, lines left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Below {
    End,
    /// A header, and numbers below it.
    Table,
    /// A header, or words that only look like one.
    Words,
    Numbers,
    Other,
}

/// Which rows are headings or stand between a heading and its table.
fn find_paragraphs(kinds: &[Kind]) -> Vec<bool> {
    let mut found = vec![false; kinds.len()];
    let mut below = Below::End;
    for (at, kind) in kinds.iter().enumerate().rev() {
        let is_heading = match kind {
            Kind::Line { is_numbered: true, is_whole } => matches!(below, Below::Table | Below::Words) || *is_whole && below == Below::End,
            Kind::Lone { is_numbered: true, .. } => below == Below::Table,
            _ => false,
        };
        if is_heading {
            let after = kinds.get(at + 1..).unwrap_or_default();
            let n_lines = after.iter().take_while(|kind| matches!(kind, Kind::Line { .. } | Kind::Blank)).count();
            found.iter_mut().skip(at).take(n_lines + 1).for_each(|is_paragraph| *is_paragraph = true);
        }
        below = match kind {
            Kind::Header if matches!(below, Below::Table | Below::Numbers) => Below::Table,
            Kind::Header => Below::Words,
            Kind::Data => Below::Numbers,
            Kind::Lone { is_numbered, is_merged } if !is_heading && (*is_numbered || !is_merged) => Below::Other,
            _ => below,
        };
    }
    found
}
