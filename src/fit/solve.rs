//! Sums decide where a row has more than one placement.
//!
//! A placement is dropped when an identity fails under it: first those of the row itself, then those of its columns
//! together with rows that are settled. A lost number counts as what the row's own sum leaves for it. What no identity
//! contradicts stays possible; nothing is chosen because it looks likelier.

use super::place::{Fit, Slot, shifts};
use super::{Line, Reader};
use crate::grammar::Item;
use crate::sums::{Expanded, Operand, Part, Standing};
use rust_decimal::Decimal;
use std::rc::Rc;

/// The identities of one table, spelled out over what it prints.
pub struct Identities<'i> {
    /// Columns.
    pub columns: Vec<&'i Item>,
    /// Rows.
    pub rows: Vec<&'i Item>,
    /// Each holds in every row; over the columns.
    pub in_rows: Vec<Expanded<'i>>,
    /// Each holds in every column; over the rows.
    pub in_columns: Vec<Expanded<'i>>,
}

/// Where a line stands among the rows and columns of the identities.
#[derive(Debug, Clone, Default)]
pub struct Seat {
    /// Its row.
    row: Option<usize>,
    /// Its slot of each column; lines below one header have the same.
    slots: Rc<[Option<usize>]>,
}

impl Seat {
    fn new(line: &Line, identities: &Identities, before: Option<&Line>) -> Seat {
        let slot = |item: &&Item| line.under.ids.iter().position(|own| **own == *item.id);
        let slots = match before.filter(|before| Rc::ptr_eq(&before.under, &line.under)) {
            Some(before) => before.seat.slots.clone(),
            None => identities.columns.iter().map(slot).collect(),
        };
        Seat { row: identities.rows.iter().position(|item| *item.id == *line.row), slots }
    }

    fn slot(&self, column: usize) -> Option<usize> {
        self.slots.get(column).copied().flatten()
    }

    /// The column of a slot.
    fn column(&self, slot: usize) -> Option<usize> {
        self.slots.iter().position(|own| *own == Some(slot))
    }
}

/// Drop placements that sums contradict.
pub fn settle(lines: &mut [Line], identities: &Identities, reader: &Reader) {
    for index in 0..lines.len() {
        let before = index.checked_sub(1).and_then(|before| lines.get(before));
        let seat = lines.get(index).map(|line| Seat::new(line, identities, before));
        if let Some((line, seat)) = lines.get_mut(index).zip(seat) {
            line.seat = seat;
        }
    }
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
    let court = Court { identities, reader, by_row: &RowIndex::new(lines, identities) };
    for _ in 0..3 {
        let mut changed = false;
        for index in 0..lines.len() {
            let Some(line) = lines.get(index).filter(|line| line.candidates.len() > 1) else { continue };
            let mut heard = Heard::default();
            let possible: Vec<Vec<Slot>> =
                line.candidates.iter().filter(|slots| columns_allow(lines, index, slots, (&court, &mut heard))).cloned().collect();
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
    identities: &'a Identities<'a>,
    reader: &'a Reader<'a>,
    by_row: &'a RowIndex,
}

/// The line that prints each row of the identities.
pub struct RowIndex(Vec<Option<usize>>);

impl RowIndex {
    /// Of these lines; of a row printed twice the first.
    pub fn new(lines: &[Line], identities: &Identities) -> RowIndex {
        let mut by_row = vec![None; identities.rows.len()];
        for (index, line) in lines.iter().enumerate().rev() {
            if let Some(own) = line.seat.row.and_then(|row| by_row.get_mut(row)) {
                *own = Some(index);
            }
        }
        RowIndex(by_row)
    }
}

/// A row with a blank in it whose sums fail: where a shift makes them all hold, the row is shifted, not its numbers wrong.
fn try_shifts(lines: &mut [Line], index: usize, court: &Court) {
    let Court { identities, reader, .. } = *court;
    let Some(line) = lines.get(index) else { return };
    if line.shiftable.is_empty() || line.candidates.iter().any(|slots| row_allows(line, slots, identities, reader)) {
        return;
    }
    let mut heard = Heard::default();
    let mut allowed =
        |slots: &Vec<Slot>| row_allows(line, slots, identities, reader) && columns_allow(lines, index, slots, (court, &mut heard));
    let shifts = shifts(&line.shiftable, line.under.ids.len());
    let n_first = shifts.len() + 1;
    let possible: Vec<Vec<Slot>> = shifts.into_iter().filter(&mut allowed).collect();
    if let Some(line) = lines.get_mut(index).filter(|_| !possible.is_empty()) {
        line.n_first = n_first;
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
    let look = |part: &Part| operand(line, slots, part.item, reader);
    // One number is taken for two only where a sum of the row proves it.
    let is_part = |part: &Part| line.seat.slot(part.item).and_then(|slot| slots.get(slot)).is_some_and(Slot::is_part);
    let is_proven = |identity: &Expanded| identity.parts().any(is_part) && identity.evaluate(look) == Standing::Proven;
    if slots.iter().any(Slot::is_part) && !identities.in_rows.iter().any(is_proven) {
        return false;
    }
    let lost = find_only_lost(line, slots);
    identities.in_rows.iter().all(|identity| {
        let concerned = lost.filter(|lost| identity.parts().any(|part| part.item == *lost));
        let implied = concerned.and_then(|lost| identity.find_missing(lost, look));
        !matches!(identity.evaluate(look), Standing::Failed(..)) && implied.is_none_or(|value| value >= Decimal::ZERO)
    })
}

/// The column of the one number that is lost.
pub fn find_only_lost(line: &Line, slots: &[Slot]) -> Option<usize> {
    let mut lost = slots.iter().enumerate().filter(|(_, slot)| **slot == Slot::Lost);
    match (lost.next(), lost.next()) {
        (Some((slot, _)), None) => line.seat.column(slot),
        _ => None,
    }
}

/// What the sums of each column have said of an operand in one row: its placements differ in few cells.
#[derive(Default)]
struct Heard(Vec<Vec<(Operand, bool)>>);

impl Heard {
    fn find_or(&mut self, column: usize, own: Operand, hear: impl FnOnce() -> bool) -> bool {
        self.0.resize(self.0.len().max(column + 1), Vec::new());
        let Some(known) = self.0.get_mut(column) else { return hear() };
        if let Some((_, allows)) = known.iter().find(|(other, _)| *other == own) {
            return *allows;
        }
        let allows = hear();
        known.push((own, allows));
        allows
    }
}

fn columns_allow(lines: &[Line], index: usize, slots: &[Slot], (court, heard): (&Court, &mut Heard)) -> bool {
    let Court { identities, reader, by_row } = *court;
    let Some(line) = lines.get(index) else { return true };
    let lost = find_only_lost(line, slots);
    let implied = lost.and_then(|lost| implied_value(line, slots, lost, identities, reader));
    let concerned = identities.in_columns.iter().filter(|identity| identity.parts().any(|part| Some(part.item) == line.seat.row));
    let concerned: Vec<&Expanded> = concerned.collect();
    let allows = |(column, item): (usize, &&Item)| {
        let own = match operand(line, slots, column, reader) {
            Operand::Unknown if lost == Some(column) => implied.map_or(Operand::Unknown, Operand::Number),
            known => known,
        };
        let look = |row: usize| if Some(row) == line.seat.row { own } else { settled(lines, by_row, row, column, reader) };
        // A total left blank is not 0.
        let is_total = item.aggregate && !identities.in_rows.is_empty();
        let look = |part: &Part| match look(part.item) {
            Operand::Nothing if is_total => Operand::Unknown,
            known => known,
        };
        heard.find_or(column, own, || concerned.iter().all(|identity| !matches!(identity.evaluate(look), Standing::Failed(..))))
    };
    identities.columns.iter().enumerate().filter(|(column, _)| line.seat.slot(*column).is_some()).all(allows)
}

/// What the row's own sum leaves for its one lost number.
pub fn implied_value(line: &Line, slots: &[Slot], lost: usize, identities: &Identities, reader: &Reader) -> Option<Decimal> {
    let concerned = identities.in_rows.iter().find(|identity| identity.parts().any(|part| part.item == lost))?;
    concerned.find_missing(lost, |part| operand(line, slots, part.item, reader))
}

/// The operand of a cell in a row whose placement is settled.
pub fn settled(lines: &[Line], by_row: &RowIndex, row: usize, column: usize, reader: &Reader) -> Operand {
    let line = by_row.0.get(row).copied().flatten().and_then(|index| lines.get(index));
    match line.map(|line| (line, line.candidates.as_slice())) {
        Some((line, [slots])) => operand(line, slots, column, reader),
        _ => Operand::Unknown,
    }
}

/// The operand that a placement gives a column.
fn operand(line: &Line, slots: &[Slot], column: usize, reader: &Reader) -> Operand {
    let slot = line.seat.slot(column).and_then(|slot| slots.get(slot));
    slot.map_or(Operand::Unknown, |slot| reader.operand(line, *slot))
}
