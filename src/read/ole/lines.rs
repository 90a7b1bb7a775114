//! Characters with their formats → paragraphs and tables. A mark `\x07` ends a cell, and one that its format calls a
//! row's end ends the row; the edges of the cells make the grid's columns.

use super::fkp::{Formats, Paragraph, RowCell};
use super::pieces::Character;
use crate::doc::{Look, Shape};
use crate::read::draft::{Draft, DraftCell};
use std::collections::HashMap;
use std::rc::Rc;

const CELL_END: u16 = 0x07;

/// A row as met: the words of its cells, and what its end says of them.
#[derive(Debug)]
struct Row {
    words: Vec<String>,
    cells: Rc<Vec<RowCell>>,
}

#[derive(Debug, Default)]
struct Walk {
    line: Vec<u16>,
    /// Words of the open cell, then closed cells of the open row, then closed rows of the open table.
    cell: Vec<String>,
    cells: Vec<String>,
    rows: Vec<Row>,
    fields: Vec<bool>,
    n_listed: usize,
}

/// Write everything; the answer is the number of paragraphs whose automatic number is not known.
pub fn lay(draft: &mut Draft, characters: &[Character], formats: &Formats) -> usize {
    let mut walk = Walk::default();
    for character in characters {
        let is_mark = matches!(character.unit, 0x0D | CELL_END | 0x0C);
        if is_mark {
            walk.finish_line(draft, character, &formats.paragraph(character.offset));
        } else if !formats.is_unseen(character.offset) {
            walk.take(character.unit);
        }
    }
    walk.finish_line(draft, &Character { unit: 0x0D, offset: 0 }, &Paragraph::default());
    walk.finish_table(draft);
    walk.n_listed
}

impl Walk {
    fn take(&mut self, unit: u16) {
        match unit {
            0x13 => self.fields.push(true),
            0x14 => self.fields.last_mut().into_iter().for_each(|in_code| *in_code = false),
            0x15 => drop(self.fields.pop()),
            _ if self.fields.contains(&true) => {}
            0x0B => self.line.push(0x0A),
            0x1E => self.line.push(u16::from(b'-')),
            0x09 => self.line.push(unit),
            0x00..=0x1F => {}
            _ => self.line.push(unit),
        }
    }

    fn finish_line(&mut self, draft: &mut Draft, mark: &Character, format: &Paragraph) {
        let words = String::from_utf16_lossy(&std::mem::take(&mut self.line));
        let has_words = !words.trim().is_empty();
        if format.ends_row {
            if format.depth > 1 {
                return;
            }
            let loose = std::mem::take(&mut self.cell);
            if has_words || !loose.is_empty() {
                self.cells.push(loose.into_iter().chain([words]).collect::<Vec<_>>().join("\n"));
            }
            self.rows.push(Row { words: std::mem::take(&mut self.cells), cells: Rc::clone(&format.cells) });
            return;
        }
        self.n_listed += usize::from(format.is_listed && has_words);
        // The mark of an inner table's cell parts words of the outer one.
        if mark.unit == CELL_END && format.depth <= 1 {
            self.cell.push(words);
            let cell = std::mem::take(&mut self.cell);
            self.cells.push(cell.join("\n"));
        } else if format.depth > 0 {
            self.cell.push(words);
        } else {
            self.finish_table(draft);
            let heading = u8::try_from(format.style).ok().filter(|style| (1..=9).contains(style));
            for line in words.split('\n').filter(|line| !line.trim().is_empty()) {
                draft.para(line, Look { heading, ..Look::default() });
            }
        }
    }

    /// Write the open table. Cells without a row's end (its format is lost) make a row of their own.
    fn finish_table(&mut self, draft: &mut Draft) {
        let loose: Vec<String> = std::mem::take(&mut self.cell);
        if !loose.is_empty() {
            self.cells.push(loose.join("\n"));
        }
        if !self.cells.is_empty() {
            self.rows.push(Row { words: std::mem::take(&mut self.cells), cells: Rc::default() });
        }
        let rows = std::mem::take(&mut self.rows);
        let fits = |row: &Row| row.words.len() == row.cells.len();
        if rows.iter().all(|row| row.words.len() <= 1) {
            for line in rows.iter().flat_map(|row| &row.words).flat_map(|words| words.split('\n')) {
                draft.para(line, Look::default());
            }
        } else if rows.iter().all(fits) {
            draft.grid(grid_rows(&rows), Shape::Spanned);
        } else {
            let row = |row: Row| {
                (0..).zip(row.words).map(|(column, words)| DraftCell { words, column, columns: 1, rows: 1, place: None }).collect()
            };
            draft.grid(rows.into_iter().map(row).collect(), Shape::Ragged);
        }
    }
}

/// Edges of all rows make the columns; edges a hair apart are one.
fn grid_rows(rows: &[Row]) -> Vec<Vec<DraftCell>> {
    const HAIR: i32 = 20;
    let mut edges: Vec<i32> = rows.iter().flat_map(|row| row.cells.iter()).flat_map(|cell| [cell.left.into(), cell.right.into()]).collect();
    edges.sort_unstable();
    edges.dedup_by(|next, kept| *next - *kept <= HAIR);
    let column = |edge: i16| u32::try_from(edges.partition_point(|&found| found <= i32::from(edge)).saturating_sub(1)).unwrap_or(0);
    let mut out: Vec<Vec<DraftCell>> = Vec::with_capacity(rows.len());
    let mut open: HashMap<u32, (usize, usize)> = HashMap::new();
    for (row_index, row) in rows.iter().enumerate() {
        let mut cells: Vec<DraftCell> = Vec::with_capacity(row.words.len());
        for (words, cell) in row.words.iter().zip(row.cells.iter()) {
            let first = column(cell.left);
            let columns = column(cell.right).saturating_sub(first).max(1);
            let above = open.get(&first).copied().filter(|_| cell.hangs && words.trim().is_empty());
            if let Some(owner) = above.and_then(|(row, index)| out.get_mut(row)?.get_mut(index)) {
                owner.rows += 1;
            } else if let Some(owner) = cells.last_mut().filter(|_| cell.trails && words.trim().is_empty()) {
                owner.columns += columns;
            } else {
                open.insert(first, (row_index, cells.len()));
                cells.push(DraftCell { words: words.clone(), column: first, columns, rows: 1, place: None });
            }
        }
        out.push(cells);
    }
    out
}
