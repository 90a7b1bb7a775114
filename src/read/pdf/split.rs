//! Tables cut by the end of a page: what the cut tore apart is put together.
//!
//! ```text
//!   │（四）无 │ 2.没有现成信息 │   │      the label of a group goes on: one cell, in the row where it begins
//!   ────────── page 3 | 4 ──────────
//!   │法提供  │               │ 3 │      the row itself is cut: its label above, its number below; one row
//! ```
//! The two parts stay two grids, with nothing but page furniture between them; that they are one table is for the
//! rooms after to say. Nothing is joined unless the grids stand at the same places and no rule parts the two cells.

use super::flow::Flowed;
use super::lines::join;
use super::parts::{Table, TableCell};
use crate::doc::Shape;
use crate::normalise::read_cell;

/// Edges of two pages' grids nearer than this are the same, in points.
const SAME_EDGE: f32 = 4.0;

/// Put together what page breaks tore apart.
pub fn mend(flowed: &mut [Flowed]) {
    let mut before: Option<usize> = None;
    for index in 0..flowed.len() {
        match flowed.get(index) {
            Some(Flowed::Para(_)) => before = None,
            Some(Flowed::Table(_)) => {
                if let Some(first) = before {
                    mend_pair(flowed, first, index);
                }
                before = Some(index);
            }
            _ => {}
        }
    }
}

fn mend_pair(flowed: &mut [Flowed], first: usize, second: usize) {
    let Some((head, tail)) = flowed.split_at_mut_checked(second) else { return };
    if let (Some(Flowed::Table(above)), Some(Flowed::Table(below))) = (head.get_mut(first), tail.first_mut())
        && below.page > above.page
        && share_columns(above, below)
    {
        go_on_labels(above, below);
        if is_cut_row(above, below) {
            join_rows(above, below);
        }
    }
}

/// Number the columns of both parts alike where they stand at the same places. One part may lack edges that the other
/// has: a page that shows only group rows has no edge between the labels of groups and of their rows.
fn share_columns(above: &mut Table, below: &mut Table) -> bool {
    if above.shape != Shape::Spanned || below.shape != Shape::Spanned {
        return false;
    }
    let shift = above.xs.first().zip(below.xs.first()).map_or(0.0, |(one, other)| other - one);
    let shifted: Vec<f32> = below.xs.iter().map(|edge| edge - shift).collect();
    let same_end = above.xs.last().zip(shifted.last()).is_some_and(|(one, other)| (one - other).abs() <= SAME_EDGE);
    if !same_end {
        return false;
    }
    if above.xs.len() >= shifted.len() {
        let Some(places) = places_in(&shifted, &above.xs) else { return false };
        renumber(below, &places);
        below.xs = above.xs.iter().map(|edge| edge + shift).collect();
    } else {
        let Some(places) = places_in(&above.xs, &shifted) else { return false };
        renumber(above, &places);
        above.xs = shifted;
    }
    true
}

/// Where each edge of the coarse grid stands in the fine one; none where one stands nowhere.
fn places_in(coarse: &[f32], fine: &[f32]) -> Option<Vec<usize>> {
    coarse.iter().map(|edge| fine.iter().position(|own| (own - edge).abs() <= SAME_EDGE)).collect()
}

fn renumber(table: &mut Table, places: &[usize]) {
    for cell in table.rows.iter_mut().flatten() {
        let (first, end) = (places.get(cell.column), places.get(cell.column + cell.columns));
        if let (Some(&first), Some(&end)) = (first, end) {
            (cell.column, cell.columns) = (first, end.saturating_sub(first).max(1));
        }
    }
}

fn is_blank(cell: &TableCell) -> bool {
    cell.text.trim().is_empty()
}

fn is_datum(cell: &TableCell) -> bool {
    read_cell(&cell.text).is_datum()
}

/// The cell of the last row, or one that hangs down to it, with these columns.
fn cell_at_end<'t>(above: &'t mut Table, cell: &TableCell) -> Option<(usize, &'t mut TableCell)> {
    let n_rows = above.rows.len();
    above.rows.iter_mut().enumerate().rev().find_map(|(index, row)| {
        let found = row.iter_mut().find(|own| own.column == cell.column && own.columns == cell.columns)?;
        (index + found.rows >= n_rows).then_some((index, found))
    })
}

/// A group's label that began above: what stands of it below goes to it.
fn go_on_labels(above: &mut Table, below: &mut Table) {
    let n_rows = above.rows.len();
    let Some(row) = below.rows.first_mut() else { return };
    let hangs_below = |cell: &TableCell| cell.rows > 1;
    let mut kept = Vec::with_capacity(row.len());
    for cell in std::mem::take(row) {
        let home = cell_at_end(above, &cell).filter(|(index, own)| {
            let hangs = own.rows > 1 && index + own.rows >= n_rows || hangs_below(&cell);
            let open = own.open_bottom && cell.open_top;
            hangs && open && !is_datum(own) && !is_datum(&cell) && !(is_blank(own) && is_blank(&cell))
        });
        match home {
            Some((_, own)) if is_blank(&cell) || !is_blank(own) => take_rest(own, cell),
            _ => kept.push(cell),
        }
    }
    *row = kept;
}

fn take_rest(own: &mut TableCell, rest: TableCell) {
    if is_blank(own) {
        own.places = rest.places;
    } else if !is_blank(&rest) {
        own.places.extend(rest.places);
    }
    own.text = join([std::mem::take(&mut own.text), rest.text].into_iter().filter(|text| !text.trim().is_empty()));
}

/// True when the last row above and the first row below are one row: no rule parts them, and what one lacks stands in
/// the other.
fn is_cut_row(above: &Table, below: &Table) -> bool {
    let (Some(last), Some(first)) = (above.rows.last(), below.rows.first()) else { return false };
    let open = last.iter().any(|cell| cell.open_bottom) && first.iter().any(|cell| cell.open_top);
    let whole = first.iter().all(|cell| cell.rows == 1) && !first.is_empty();
    let printed = |row: &[TableCell], column: usize| row.iter().any(|cell| cell.column == column && !is_blank(cell) && is_datum(cell));
    let clash = first.iter().filter(|cell| is_datum(cell)).any(|cell| printed(last, cell.column));
    let count = |row: &[TableCell]| row.iter().filter(|cell| !is_blank(cell) && is_datum(cell)).count();
    let labels = |row: &[TableCell]| row.iter().filter(|cell| !is_blank(cell) && !is_datum(cell)).count();
    let complement = match (count(last), count(first)) {
        (0, 1..) => labels(last) > 0 && labels(first) == 0,
        (1.., 1..) => labels(first) == 0 && labels(last) > 0,
        (1.., 0) => {
            labels(first) > 0 && first.iter().filter(|cell| !is_blank(cell)).all(|cell| last.iter().any(|own| own.column == cell.column))
        }
        (0, 0) => false,
    };
    open && whole && !clash && complement
}

fn join_rows(above: &mut Table, below: &mut Table) {
    let Some(last) = above.rows.last_mut() else { return };
    for cell in below.rows.remove(0) {
        match last.iter_mut().find(|own| own.column == cell.column && own.columns == cell.columns) {
            Some(own) => take_rest(own, cell),
            None => {
                let at = last.iter().take_while(|own| own.column < cell.column).count();
                last.insert(at, cell);
            }
        }
    }
}
