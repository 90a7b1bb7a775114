//! What the sums of a table say of its rows: which are parts of one total, and what a total adds up.

use super::sheet::{Sheet, Slot};
use crate::discover::matrix::Axis;
use crate::discover::relation::Operation;
use crate::discover::{LEAST_BITS, Relation};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The sums over rows that hold in some columns of a sheet.
#[derive(Debug, Default)]
pub struct Sums {
    /// The parts of each total; of one that is worked out in several ways, of each.
    parts: BTreeMap<usize, Vec<Vec<usize>>>,
    /// The totals that a row is a part of.
    totals: BTreeMap<usize, Vec<usize>>,
}

impl Sums {
    /// Those of the relations that hold in one of these columns. A row that adds nothing there is no part: a sum holds with it
    /// as without it.
    pub fn new(sheet: &Sheet, relations: &[Relation], columns: &Range<usize>) -> Sums {
        let mut sums = Sums::default();
        for relation in relations.iter().filter(|relation| relation.axis == Axis::Rows && relation.bits >= LEAST_BITS) {
            let candidate = &relation.candidate;
            let held: BTreeSet<usize> = relation.held.iter().copied().filter(|column| columns.contains(column)).collect();
            if candidate.operation != Operation::Sum || held.is_empty() {
                continue;
            }
            let adds = |slot: &Slot| held.contains(&slot.column) && slot.figure().is_some_and(|figure| figure.digits != 0);
            let is_part = |part: &usize| sheet.rows.get(*part).is_some_and(|row| row.iter().any(adds));
            let parts: Vec<usize> = candidate.parts.iter().copied().filter(is_part).collect();
            parts.iter().for_each(|&part| sums.totals.entry(part).or_default().push(candidate.result));
            sums.parts.entry(candidate.result).or_default().push(parts);
        }
        sums
    }

    /// One total has both among its parts, and the row above does not add up the other: neither is a part of the other.
    pub fn are_beside(&self, above: usize, row: usize) -> bool {
        let totals = |row: usize| self.totals.get(&row).map(Vec::as_slice).unwrap_or_default();
        let holds_both = |total: &usize| {
            let sums = self.parts.get(total).map(Vec::as_slice).unwrap_or_default();
            sums.iter().any(|parts| parts.contains(&row) && parts.contains(&above))
        };
        let of_row = totals(row);
        !of_row.contains(&above) && totals(above).iter().any(|total| of_row.contains(total) && holds_both(total))
    }

    /// A total adds up rows above this one.
    pub fn reaches_above(&self, total: usize, row: usize) -> bool {
        self.adds_up(total, |part| part < row)
    }

    /// A total adds up rows below it.
    pub fn reaches_below(&self, total: usize) -> bool {
        self.adds_up(total, |part| part > total)
    }

    fn adds_up(&self, total: usize, is_meant: impl Fn(usize) -> bool) -> bool {
        self.parts.get(&total).into_iter().flatten().flatten().any(|&part| is_meant(part))
    }
}
