//! Tables printed side by side as one: their header comes again in the middle, and words stand under its first label.
//!
//! ```text
//!   行业      增长（%）   行业        增长（%）
//!   采矿业    83.7        房地产业    -22.3      → 采矿业 = 83.7, 房地产业 = -22.3
//! ```

use super::frame::{Frame, naming_columns};
use super::header::Header;
use super::sheet::{Sheet, Slot};
use super::stub;
use super::sums::Sums;
use crate::discover::Relation;
use crate::grammar::words::Words;

/// One of the tables, or the only one: its first column, and the label path of each row.
#[derive(Debug, Clone)]
pub struct Panel {
    /// First of its columns.
    pub start: usize,
    /// For each row of the sheet.
    pub paths: Vec<Vec<String>>,
}

/// No page is so wide that more stand side by side, and the whole table is gone through for each.
const MOST_PANELS: usize = 12;

/// The panels of a sheet from left to right.
pub fn panels(sheet: &Sheet, frame: &Frame, headers: &[Header], (relations, words): (&[Relation], &Words)) -> Vec<Panel> {
    let width = headers.last().and_then(|header| find_width(sheet, frame, header));
    let Some(width) = width.filter(|width| sheet.n_columns / width <= MOST_PANELS) else {
        let sums = Sums::new(sheet, relations, &(0..sheet.n_columns));
        return vec![Panel { start: 0, paths: stub::paths(sheet, frame, &sums, words) }];
    };
    let panel = |start: usize| {
        let own = |slot: &&Slot| (start..start + width).contains(&slot.column);
        let row = |row: &Vec<Slot>| row.iter().filter(own).map(|slot| Slot { column: slot.column - start, ..slot.clone() }).collect();
        let part =
            Sheet { rows: sheet.rows.iter().map(row).collect(), n_columns: width, writing: sheet.writing, parted: sheet.parted.clone() };
        Panel { start, paths: stub::paths(&part, frame, &Sums::new(sheet, relations, &(start..start + width)), words) }
    };
    (0..sheet.n_columns).step_by(width).map(panel).collect()
}

/// The least width after which the header's labels over the numbers come again, with words in front of them.
fn find_width(sheet: &Sheet, frame: &Frame, header: &Header) -> Option<usize> {
    let n_stub = frame.n_stub.max(1);
    let label = |column: usize| header.paths.get(column).and_then(|path| path.last());
    let names_rows = naming_columns(sheet, &frame.roles);
    (n_stub + 1..=sheet.n_columns / 2).filter(|width| sheet.n_columns.is_multiple_of(*width)).find(|&width| {
        let comes_again = |column: usize| label(column).is_some() && label(column) == label(column % width);
        let is_label = |column: usize| column % width < n_stub;
        (width..sheet.n_columns).all(|column| is_label(column) || comes_again(column))
            && (width..sheet.n_columns).step_by(width).all(|column| names_rows.get(column) == Some(&true))
    })
}
