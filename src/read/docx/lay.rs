//! Drafted paragraphs and tables → text and blocks: spans resolved, nested tables after the table that holds them.

use super::walk::{CellDraft, ParaDraft, Piece, RowDraft, TableDraft};
use crate::doc::{Look, Shape};
use crate::read::draft::{Draft, DraftCell};
use std::collections::{BTreeMap, HashMap};

/// Write pieces in their order.
pub fn lay(draft: &mut Draft, pieces: &[Piece]) {
    let mut sizes = BTreeMap::new();
    count_sizes(pieces, &mut sizes);
    let body = sizes.into_iter().max_by_key(|&(_, n_chars)| n_chars).map(|(size, _)| size);
    lay_pieces(draft, pieces, body);
}

fn count_sizes(pieces: &[Piece], sizes: &mut BTreeMap<u32, usize>) {
    for piece in pieces {
        if let Piece::Para(ParaDraft { size: Some(size), words, .. }) = piece {
            *sizes.entry(*size).or_default() += words.chars().count();
        }
    }
}

fn lay_pieces(draft: &mut Draft, pieces: &[Piece], body: Option<u32>) {
    for piece in pieces {
        match piece {
            Piece::Para(para) if para.is_contents => draft.furniture(&para.words),
            Piece::Para(para) => lay_para(draft, para, body),
            Piece::Table(table) => lay_table(draft, table, body),
        }
    }
}

/// A line break inside a paragraph ends a line on the page; the number belongs to the first line.
fn lay_para(draft: &mut Draft, para: &ParaDraft, body: Option<u32>) {
    let ratio =
        |size: u32, body: u32| f32::from(u16::try_from(size).unwrap_or(u16::MAX)) / f32::from(u16::try_from(body).unwrap_or(u16::MAX));
    let scale = para.size.zip(body).filter(|&(_, body)| body > 0).map(|(size, body)| ratio(size, body));
    let mut number = para.look.number.clone();
    for line in para.words.split('\n').filter(|line| !line.trim().is_empty()) {
        draft.para(line, Look { scale, number: number.take(), ..para.look.clone() });
    }
}

fn lay_table(draft: &mut Draft, table: &TableDraft, body: Option<u32>) {
    let widest = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let shown = |cell: &&CellDraft| !cell.hangs && !cell.trails;
    if widest <= 1 {
        // A frame, or a page laid out in a box: no columns, so no table.
        for cell in table.rows.iter().flat_map(|row| &row.cells).filter(shown) {
            lay_pieces(draft, &cell.pieces, body);
        }
        return;
    }
    draft.grid(grid_rows(&table.rows), Shape::Spanned);
    for piece in table.rows.iter().flat_map(|row| &row.cells).filter(shown).flat_map(|cell| &cell.pieces) {
        if let Piece::Table(inner) = piece {
            lay_table(draft, inner, body);
        }
    }
}

/// Rows of cells with their grid columns; a cell that hangs down is counted in the one above and not repeated.
fn grid_rows(rows: &[RowDraft]) -> Vec<Vec<DraftCell>> {
    let mut out: Vec<Vec<DraftCell>> = Vec::with_capacity(rows.len());
    let mut open: HashMap<u32, (usize, usize)> = HashMap::new();
    for (row_index, row) in rows.iter().enumerate() {
        let mut column = row.before;
        let mut cells: Vec<DraftCell> = Vec::with_capacity(row.cells.len());
        for cell in &row.cells {
            let above = open.get(&column).copied().filter(|_| cell.hangs);
            if let Some(owner) = above.and_then(|(row, index)| out.get_mut(row)?.get_mut(index)) {
                owner.rows += 1;
            } else if let Some(owner) = cells.last_mut().filter(|_| cell.trails) {
                owner.columns += cell.columns;
            } else {
                open.insert(column, (row_index, cells.len()));
                cells.push(DraftCell { words: words(cell), column, columns: cell.columns, rows: 1, place: None });
            }
            column = column.saturating_add(cell.columns);
        }
        out.push(cells);
    }
    out
}

/// The words of a cell, one line a paragraph, with the numbers that lists put before them.
fn words(cell: &CellDraft) -> String {
    let mut out = String::new();
    for piece in &cell.pieces {
        let Piece::Para(para) = piece else { continue };
        if !out.is_empty() {
            out.push('\n');
        }
        if let Some(number) = &para.look.number {
            out.push_str(number);
            if number.ends_with(|last: char| last.is_ascii()) && !para.words.trim().is_empty() {
                out.push(' ');
            }
        }
        out.push_str(para.words.trim());
    }
    out
}
