//! What the sums of a table say of its rows: which are parts of one total, and what a total adds up.

use crate::discover::matrix::Axis;
use crate::discover::relation::Operation;
use crate::discover::{LEAST_BITS, Relation};
use std::collections::BTreeMap;
use std::ops::Range;

/// The sums over rows that hold in some columns of a sheet.
#[derive(Debug, Default)]
pub struct Sums<'a> {
    /// The parts of each total; of one that is worked out in several ways, of each.
    parts: BTreeMap<usize, Vec<&'a [usize]>>,
    /// The totals that a row is a part of.
    totals: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Sums<'a> {
    /// Those of the relations that hold in one of these columns.
    pub fn new(relations: &'a [Relation], columns: &Range<usize>) -> Sums<'a> {
        let mut sums = Sums::default();
        for relation in relations.iter().filter(|relation| relation.axis == Axis::Rows && relation.bits >= LEAST_BITS) {
            let candidate = &relation.candidate;
            if candidate.operation != Operation::Sum || !relation.held.iter().any(|column| columns.contains(column)) {
                continue;
            }
            sums.parts.entry(candidate.result).or_default().push(&candidate.parts);
            candidate.parts.iter().for_each(|&part| sums.totals.entry(part).or_default().push(candidate.result));
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
        let sums = self.parts.get(&total).map(Vec::as_slice).unwrap_or_default();
        sums.iter().any(|parts| parts.iter().any(|&part| part < row))
    }
}
