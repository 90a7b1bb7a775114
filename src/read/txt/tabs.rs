//! Tables whose cells are parted by tabs.
//!
//! ```text
//!   信息内容⇥本年制发件数⇥本年废止件数⇥现行有效件数      each tab is a border; a merged cell shows as blank ones
//!   规章⇥0⇥0⇥0
//! ```
//! A line without a tab in the middle of a table belongs to it when numbers go on after it (a row broken over two
//! lines); otherwise it is a paragraph and ends the region.

use super::line::{Line, trim};
use crate::doc::{Cell, Grid, Row, Shape};
use crate::normalise::is_number;
use crate::place::Span;

/// The lines of a text.
pub struct Lines<'a> {
    text: &'a str,
    lines: &'a [Line],
    /// Up to this line no table begins: each would be a part of one that is none.
    barren: usize,
}

impl<'a> Lines<'a> {
    /// Look at a text.
    pub fn new(text: &'a str, lines: &'a [Line]) -> Lines<'a> {
        Lines { text, lines, barren: 0 }
    }

    /// The table that begins at this line, and how many lines it takes; none where no table begins.
    pub fn find_grid(&mut self, start: usize) -> Option<(Grid, usize)> {
        let (text, lines) = (self.text, self.lines);
        let first = lines.get(start)?;
        if start < self.barren || !has_inner_tab(text, first) {
            return None;
        }
        let mut end = start;
        while let Some(line) = lines.get(end) {
            if line.is_blank() || !(has_inner_tab(text, line) || goes_on(text, lines, end)) {
                break;
            }
            end += 1;
        }
        let rows: Vec<Row> = lines.get(start..end)?.iter().map(|line| split_row(text, line)).collect();
        if !looks_like_table(text, &rows) && !goes_on_below(text, lines, end) {
            self.barren = end;
            return None;
        }
        let span = first.whole.to(lines.get(end - 1)?.whole);
        Some((Grid { rows, shape: Shape::Ragged, span, marks: Vec::new() }, end - start))
    }
}

/// A tab that parts two cells or closes one; a tab before the only words is an indent.
fn has_inner_tab(text: &str, line: &Line) -> bool {
    let words_start = line.span.start as usize;
    text.get(words_start..line.whole.end as usize).is_some_and(|rest| memchr::memchr(b'\t', rest.as_bytes()).is_some())
        || (line.whole.start < line.span.start && is_number(line.words(text)))
}

/// A line without tabs belongs to the table above when it holds only numbers, or when the next line has numbers and
/// no label of its own: one row over two lines.
fn goes_on(text: &str, lines: &[Line], index: usize) -> bool {
    let Some(line) = lines.get(index) else { return false };
    if line.is_blank() || line.is_page_mark {
        return false;
    }
    if is_number(line.words(text)) {
        return true;
    }
    lines.get(index + 1).is_some_and(|next| {
        let row = split_row(text, next);
        row.cells.iter().filter(|cell| is_number(cell_text(text, cell))).count() >= 2
    })
}

/// True when after blank lines and page marks alone another line of cells follows: each row, or each row of a header, stands apart.
fn goes_on_below(text: &str, lines: &[Line], end: usize) -> bool {
    const MOST_BLANK: usize = 3;
    let is_gap = |line: &&Line| line.is_blank() || line.is_page_mark;
    let n_blank = lines.iter().skip(end).take(MOST_BLANK + 1).take_while(is_gap).count();
    (1..=MOST_BLANK).contains(&n_blank) && lines.get(end + n_blank).is_some_and(|line| has_inner_tab(text, line))
}

fn looks_like_table(text: &str, rows: &[Row]) -> bool {
    let n_shown = |row: &Row| row.cells.iter().filter(|cell| !cell.span.is_empty()).count();
    let n_numbers = |row: &Row| row.cells.iter().filter(|cell| is_number(cell_text(text, cell))).count();
    let wide = rows.iter().filter(|row| n_shown(row) >= 2).count();
    wide >= 2 || rows.iter().any(|row| n_shown(row) >= 2 && n_numbers(row) >= 1)
}

fn cell_text<'a>(text: &'a str, cell: &Cell) -> &'a str {
    text.get(cell.span.range()).unwrap_or("")
}

fn split_row(text: &str, line: &Line) -> Row {
    let mut start = line.whole.start as usize;
    let mut cells = Vec::new();
    if !has_inner_tab(text, line) {
        let parts = super::fragment::words_and_numbers(text, line);
        return Row { cells: parts.into_iter().enumerate().map(|(column, span)| Cell::new(span, column)).collect(), span: line.whole };
    }
    let (base, end) = (start, line.whole.end as usize);
    let tabs = memchr::memchr_iter(b'\t', line.all(text).as_bytes()).map(|at| base + at);
    for (column, end) in tabs.chain([end]).enumerate() {
        cells.push(Cell::new(trim(text, Span::new(start, end)), column));
        start = end + 1;
    }
    Row { cells, span: line.whole }
}
