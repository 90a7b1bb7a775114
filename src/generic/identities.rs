//! A table's numbers and what its words say → the identities that hold in it, and the rows worked out from others.

use super::frame::{Frame, Role};
use super::header::Header;
use super::sheet::{Sheet, Slot};
use crate::discover::matrix::{Axis, Matrix};
use crate::discover::relation::Operation;
use crate::discover::{Hint, Hints, LEAST_BITS, Relation, discover};
use crate::grammar::words::{Words, plain};
use std::collections::{HashMap, HashSet};

/// Most cells of a table in which identities are looked for.
const MOST_CELLS: usize = 400_000;

/// The numbers of the rows of data, label columns left out. Rows and columns are those of the sheet.
pub fn matrix(sheet: &Sheet, frame: &Frame) -> Matrix {
    let row = |(row, role): (&Vec<Slot>, &Role)| {
        let mut figures = vec![None; if role.is_data() { sheet.n_columns } else { 0 }];
        for slot in row.iter().filter(|slot| slot.column >= frame.n_stub) {
            if let Some(figure) = figures.get_mut(slot.column) {
                *figure = slot.figure();
            }
        }
        figures
    };
    Matrix::new(&sheet.rows.iter().zip(&frame.roles).map(row).collect::<Vec<_>>())
}

/// Find the identities of a table.
pub fn find(sheet: &Sheet, frame: &Frame, headers: &[Header], words: &Words) -> Vec<Relation> {
    if sheet.rows.len().saturating_mul(sheet.n_columns) > MOST_CELLS {
        return Vec::new();
    }
    let matrix = matrix(sheet, frame);
    discover(&matrix, &hints(sheet, frame, headers, words))
}

/// What labels and headers say of rows and columns.
fn hints(sheet: &Sheet, frame: &Frame, headers: &[Header], words: &Words) -> Hints {
    let mut classes: HashMap<String, u32> = HashMap::new();
    let mut hint = |label: &str| {
        let label = plain(label);
        let next = u32::try_from(classes.len()).unwrap_or(u32::MAX).saturating_add(1);
        let class = if label.is_empty() { 0 } else { *classes.entry(label.clone()).or_insert(next) };
        Hint { class, is_total: words.total.is_in(&label) }
    };
    let label = |row: &Vec<Slot>| {
        row.iter().rev().find(|slot| slot.column < frame.n_stub && frame.is_label(slot)).map(|slot| slot.text.clone()).unwrap_or_default()
    };
    let rows = sheet.rows.iter().map(|row| hint(&label(row))).collect();
    let header = headers.first();
    let over = |column: usize| header.and_then(|header| header.paths.get(column)).map(Vec::as_slice).unwrap_or_default();
    let says_total = |column: usize| over(column).iter().any(|label| words.total.is_in(label));
    let column = |column: usize| Hint { is_total: says_total(column), ..hint(over(column).last().map_or("", String::as_str)) };
    Hints { rows, columns: (0..sheet.n_columns).map(column).collect() }
}

/// The cells whose numbers an identity proves: all that is printed of one that chance does not explain, where it holds.
pub fn proven(sheet: &Sheet, relations: &[Relation]) -> HashSet<(usize, usize)> {
    let mut proven = HashSet::new();
    for relation in relations.iter().filter(|relation| relation.bits >= LEAST_BITS) {
        for &at in &relation.held {
            let lines = relation.candidate.parts.iter().chain([&relation.candidate.result]);
            proven.extend(lines.map(|&line| relation.cell(line, at)));
        }
    }
    let numbers = sheet.rows.iter().enumerate().flat_map(|(row, slots)| slots.iter().map(move |slot| (row, slot)));
    let numbers = numbers.filter(|(_, slot)| slot.figure().is_some()).map(|(row, slot)| (row, slot.column));
    numbers.filter(|cell| proven.contains(cell)).collect()
}

/// Mark the rows that are worked out from others: their numbers are sums or means of other rows, or their label says so.
pub fn mark_derived(sheet: &Sheet, frame: &mut Frame, relations: &[Relation], words: &Words) {
    let adds =
        |relation: &&Relation| relation.axis == Axis::Rows && matches!(relation.candidate.operation, Operation::Sum | Operation::Average);
    for relation in relations.iter().filter(adds) {
        if let Some(role) = frame.roles.get_mut(relation.candidate.result).filter(|role| **role == Role::Data) {
            *role = Role::Derived;
        }
    }
    let (n_stub, unit_column) = (frame.n_stub, frame.unit_column);
    for (row, role) in sheet.rows.iter().zip(&mut frame.roles) {
        let label =
            row.iter().rev().find(|slot| slot.column < n_stub && unit_column != Some(slot.column)).map_or("", |slot| slot.text.as_str());
        if *role == Role::Data && (words.total.is_in(label) || words.average.is_in(label)) {
            *role = Role::Derived;
        }
    }
}
