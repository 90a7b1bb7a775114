//! Header rows → the path of labels over each column.
//!
//! ```text
//!             Output               a label reaches right over blanks, as far as the row above lets it;
//!          2001      2002          the lowest row names single columns
//!        t     %   t     %         column 3: Output › 2002 › t
//! ```

use super::frame::{Frame, Role, letters_columns};
use super::sheet::{Sheet, Slot};

/// Header rows that stand together, and the path over each column.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// First of the rows.
    pub first_row: usize,
    /// One past the last.
    pub end: usize,
    /// For each column of the sheet.
    pub paths: Vec<Vec<String>>,
}

/// The headers of a sheet from top to bottom.
pub fn headers(sheet: &Sheet, frame: &Frame) -> Vec<Header> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (index, role) in frame.roles.iter().chain([&Role::Data]).enumerate() {
        match (role, open) {
            (Role::Header, None) => open = Some(index),
            (Role::Header | Role::Empty, _) => {}
            (_, Some(first_row)) => {
                found.push(Header { first_row, end: index, paths: paths(sheet, first_row..index, frame.n_stub) });
                open = None;
            }
            _ => {}
        }
    }
    found
}

fn paths(sheet: &Sheet, rows: std::ops::Range<usize>, n_stub: usize) -> Vec<Vec<String>> {
    let rows = sheet.rows.get(rows).unwrap_or_default().iter().map(Vec::as_slice);
    let rows: Vec<&[Slot]> = rows.filter(|row| !row.is_empty() && !letters_columns(row)).collect();
    let mut paths: Vec<Vec<String>> = vec![Vec::new(); sheet.n_columns];
    // Where a label of the row above ends, one of this row ends too.
    let mut edges = vec![false; sheet.n_columns + 1];
    for (index, row) in rows.iter().enumerate() {
        let is_lowest = index + 1 == rows.len();
        for (slot, next) in row.iter().zip(row.iter().skip(1).map(Some).chain([None])) {
            let limit = next.map_or(sheet.n_columns, |next| next.column);
            let own_end = slot.column + slot.width;
            let reaches = !is_lowest && slot.width == 1 && slot.column >= n_stub;
            let end = if reaches {
                (own_end..limit).find(|&column| edges.get(column).copied().unwrap_or(true)).unwrap_or(limit)
            } else {
                own_end
            };
            for path in paths.iter_mut().take(end).skip(slot.column) {
                if path.last() != Some(&slot.text) {
                    path.push(slot.text.clone());
                }
            }
        }
        for slot in *row {
            if let Some(edge) = edges.get_mut(slot.column) {
                *edge = true;
            }
        }
    }
    paths
}
