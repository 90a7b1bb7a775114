//! Sums decide where a row has more than one placement.
//!
//! A placement is dropped when an identity fails under it: first those of the row itself, then those of its columns
//! together with rows that are settled. A lost number counts as what the row's own sum leaves for it. What no identity
//! contradicts stays possible; nothing is chosen because it looks likelier.

use super::place::{Fit, Slot};
use super::{Line, Reader};
use crate::sums::{Expanded, Operand, Standing};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// The identities of one table, spelled out over what it prints.
pub struct Identities {
    /// Each holds in every row.
    pub in_rows: Vec<Expanded>,
    /// Each holds in every column.
    pub in_columns: Vec<Expanded>,
}

/// Drop placements that sums contradict.
pub fn settle(lines: &mut [Line], identities: &Identities, reader: &Reader) {
    for line in lines.iter_mut() {
        let mut candidates = std::mem::take(&mut line.candidates);
        candidates.retain(|slots| !slots.iter().any(Slot::is_part) || row_allows(line, slots, identities, reader));
        line.candidates = candidates;
    }
    for line in lines.iter_mut().filter(|line| line.candidates.len() > 1) {
        let possible: Vec<Vec<Slot>> =
            line.candidates.iter().filter(|slots| row_allows(line, slots, identities, reader)).cloned().collect();
        keep(line, possible);
    }
    let court = Court { identities, reader, by_row: RowIndex::new(lines) };
    for _ in 0..3 {
        let mut changed = false;
        for index in 0..lines.len() {
            let Some(line) = lines.get(index).filter(|line| line.candidates.len() > 1) else { continue };
            let possible: Vec<Vec<Slot>> =
                line.candidates.iter().filter(|slots| columns_allow(lines, index, slots, &court)).cloned().collect();
            if let Some(line) = lines.get_mut(index) {
                changed |= keep(line, possible);
            }
        }
        if !changed {
            break;
        }
    }
    for index in 0..lines.len() {
        try_shifts(lines, index, &court);
    }
}

/// What placements are held against.
struct Court<'a> {
    identities: &'a Identities,
    reader: &'a Reader<'a>,
    by_row: RowIndex,
}

/// Which line prints which row.
pub struct RowIndex(HashMap<String, usize>);

impl RowIndex {
    /// Of these lines; of a row printed twice the first.
    pub fn new(lines: &[Line]) -> RowIndex {
        RowIndex(lines.iter().enumerate().rev().map(|(index, line)| (line.row.clone(), index)).collect())
    }
}

/// A row with a blank in it whose sums fail: where a shift makes them all hold, the row is shifted, not its numbers wrong.
fn try_shifts(lines: &mut [Line], index: usize, court: &Court) {
    let Court { identities, reader, .. } = *court;
    let Some(line) = lines.get(index) else { return };
    let fails = line.candidates.iter().all(|slots| !row_allows(line, slots, identities, reader));
    if line.shifts.is_empty() || !fails {
        return;
    }
    let allowed = |slots: &&Vec<Slot>| row_allows(line, slots, identities, reader) && columns_allow(lines, index, slots, court);
    let possible: Vec<Vec<Slot>> = line.shifts.iter().filter(allowed).cloned().collect();
    if let Some(line) = lines.get_mut(index).filter(|_| !possible.is_empty()) {
        line.n_first = line.shifts.len() + 1;
        line.candidates = possible;
        line.fit = Fit::Shifted;
    }
}

fn keep(line: &mut Line, possible: Vec<Vec<Slot>>) -> bool {
    let fewer = !possible.is_empty() && possible.len() < line.candidates.len();
    if fewer {
        line.candidates = possible;
    }
    fewer
}

/// True where no sum of the row itself fails under a placement.
pub fn row_allows(line: &Line, slots: &[Slot], identities: &Identities, reader: &Reader) -> bool {
    let lost = find_only_lost(line, slots);
    // One number is taken for two only where a sum of the row proves it.
    let is_proven = |identity: &Expanded| {
        let is_own = |id: &str| {
            let slot = line.columns.iter().position(|own| own == id).and_then(|index| slots.get(index));
            slot.is_some_and(Slot::is_part)
        };
        identity.ids().any(is_own) && identity.evaluate(|column| operand(line, slots, column, reader)) == Standing::Proven
    };
    if slots.iter().any(Slot::is_part) && !identities.in_rows.iter().any(is_proven) {
        return false;
    }
    identities.in_rows.iter().all(|identity| {
        let standing = identity.evaluate(|column| operand(line, slots, column, reader));
        let implied = lost
            .filter(|lost| identity.ids().any(|id| id == *lost))
            .and_then(|lost| identity.find_missing(lost, |column| operand(line, slots, column, reader)));
        !matches!(standing, Standing::Failed(..)) && implied.is_none_or(|value| value >= Decimal::ZERO)
    })
}

fn find_only_lost<'l>(line: &'l Line, slots: &[Slot]) -> Option<&'l str> {
    let mut lost = slots.iter().zip(&line.columns).filter(|(slot, _)| **slot == Slot::Lost);
    match (lost.next(), lost.next()) {
        (Some((_, column)), None) => Some(column.as_str()),
        _ => None,
    }
}

fn columns_allow(lines: &[Line], index: usize, slots: &[Slot], court: &Court) -> bool {
    let Court { identities, reader, ref by_row } = *court;
    let Some(line) = lines.get(index) else { return true };
    let lost = find_only_lost(line, slots);
    let implied = lost.and_then(|lost| implied_value(line, slots, lost, identities, reader));
    line.columns.iter().all(|column| {
        let look = |row: &str| {
            if row != line.row {
                return settled(lines, by_row, row, column, reader);
            }
            match operand(line, slots, column, reader) {
                Operand::Unknown if lost == Some(column) => implied.map_or(Operand::Unknown, Operand::Number),
                known => known,
            }
        };
        // A total left blank is not 0.
        let is_total = identities.in_rows.iter().any(|identity| identity.totals.contains(column));
        let look = |row: &str| match look(row) {
            Operand::Nothing if is_total => Operand::Unknown,
            known => known,
        };
        let concerned = identities.in_columns.iter().filter(|identity| identity.ids().any(|id| id == line.row));
        concerned.into_iter().all(|identity| !matches!(identity.evaluate(look), Standing::Failed(..)))
    })
}

/// What the row's own sum leaves for its one lost number.
pub fn implied_value(line: &Line, slots: &[Slot], lost: &str, identities: &Identities, reader: &Reader) -> Option<Decimal> {
    let concerned = identities.in_rows.iter().find(|identity| identity.ids().any(|id| id == lost))?;
    concerned.find_missing(lost, |column| operand(line, slots, column, reader))
}

/// The operand of a cell in a row whose placement is settled.
pub fn settled(lines: &[Line], by_row: &RowIndex, row: &str, column: &str, reader: &Reader) -> Operand {
    match by_row.0.get(row).and_then(|&index| lines.get(index)).map(|line| (line, line.candidates.as_slice())) {
        Some((line, [slots])) => operand(line, slots, column, reader),
        _ => Operand::Unknown,
    }
}

/// The operand that a placement gives a column.
pub fn operand(line: &Line, slots: &[Slot], column: &str, reader: &Reader) -> Operand {
    let slot = line.columns.iter().position(|own| own == column).and_then(|index| slots.get(index));
    slot.map_or(Operand::Unknown, |slot| reader.operand(line, *slot))
}
