//! Data frames written out as tables: the index that numbers their rows, and their columns, is not the report's.
//!
//! ```text
//!   |   | 0        | 1    |        names of columns that nobody gave: numbers from 0
//!   | 0 | 信息内容 | 件数 |        the index: numbers from 0
//!   | 1 | 规章     | 3    |
//! ```

use crate::doc::{Grid, Row};

/// Fewer numbered rows than these are no index.
const LEAST_ROWS: usize = 3;

/// Set the index of a grid aside: its numbers are marks of the grid, no cells.
pub fn set_index_aside(text: &str, grid: &mut Grid) {
    let Some((header, body)) = grid.rows.split_first() else { return };
    let is_index = words(text, header, 0) == Some("") && body.len() >= LEAST_ROWS && counts(body.iter().map(|row| words(text, row, 0)));
    if !is_index {
        return;
    }
    let is_numbered = header.cells.len() > 1 && counts((1..header.cells.len()).map(|column| words(text, header, column)));
    let n_aside = usize::from(is_numbered);
    let named = grid.rows.iter().take(n_aside).flat_map(|row| &row.cells);
    let numbers = named.chain(grid.rows.iter().skip(n_aside).filter_map(|row| row.cells.first()));
    let marks: Vec<_> = numbers.map(|cell| cell.span).filter(|span| !span.is_empty()).collect();
    grid.marks.extend(marks);
    grid.rows.drain(..n_aside);
    for row in &mut grid.rows {
        row.cells.remove(0);
        row.cells.iter_mut().for_each(|cell| cell.column = cell.column.saturating_sub(1));
    }
}

fn words<'t>(text: &'t str, row: &Row, column: usize) -> Option<&'t str> {
    row.cells.get(column).and_then(|cell| text.get(cell.span.range())).map(str::trim)
}

/// 0, 1, 2 … and nothing else.
fn counts<'t>(mut cells: impl Iterator<Item = Option<&'t str>>) -> bool {
    let mut next = 0_usize;
    cells.all(|cell| {
        let is_next = cell.is_some_and(|cell| cell.parse() == Ok(next));
        next += 1;
        is_next
    })
}
