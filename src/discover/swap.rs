//! Sums down the columns of a table that hold in every column but two neighbours, and there, too, once two numbers of one
//! row have changed places.
//!
//! ```text
//!   a    12   40        12 + 71 + 30 ≠ 46, 40 + 4 + 25 ≠ 136, both by 67;
//!   b    71    4        with 4 and 71 the other way round both hold
//!   c    30   25
//!   all  46  136
//! ```
//! A table of few columns has too few places where such a sum holds for it to be known at all; that one exchange mends
//! two sums at once says the rest.

use super::matrix::{Axis, Lines, Matrix};
use super::relation::{Candidate, Operation, bits, candidate_grain, eighths_of_bits, total};
use super::{MOST_LINES, Relation, cost_of_pair, cost_of_run, find, is_printed, log2};
use crate::exact::rounding;
use std::collections::BTreeSet;

/// A sum with two numbers that have changed places.
#[derive(Debug, Clone)]
pub struct Swapped {
    /// The sum; it fails in two columns, the first of which is `column`.
    pub relation: Relation,
    /// The row in which they stand.
    pub row: usize,
    /// Column of the first of them.
    pub column: usize,
}

/// Wider tables tell their sums without this.
const MOST_COLUMNS: usize = 8;
/// In tables so narrow no column may be left in which the sum holds: it is looked for in two taken together.
const NARROW: usize = 3;
/// More sums that an exchange would mend say that nothing is to be told from them.
const MOST_FOUND: usize = 256;
/// Last places beyond which a sum is far off.
pub const FAR_OFF: i128 = 20;
/// Bits that must speak for the sum and for the exchange together.
const SURE_BITS: i64 = 12;

/// Find the exchanges that sums show; `known` are the sums that are found already.
pub fn find(matrix: &Matrix, known: &[Relation]) -> Vec<Swapped> {
    let lines = matrix.lines(Axis::Rows);
    let columns: Vec<usize> =
        (0..lines.n_positions()).filter(|&at| (0..lines.n_lines()).any(|line| lines.get(line, at).is_some())).collect();
    if !(2..=MOST_COLUMNS).contains(&columns.len()) || lines.n_lines() > MOST_LINES {
        return Vec::new();
    }
    let sums = || known.iter().filter(|sum| sum.axis == Axis::Rows && sum.candidate.operation == Operation::Sum);
    let whole: BTreeSet<usize> = sums().filter(|sum| sum.off.is_empty()).map(|sum| sum.candidate.result).collect();
    let spent: BTreeSet<usize> = sums().flat_map(|sum| sum.candidate.parts.iter().copied()).collect();
    let paired = (columns.len() <= NARROW).then(|| matrix.paired(&columns));
    let mut active: Vec<usize> = (0..lines.n_lines()).filter(|&line| is_printed(lines, line)).collect();
    let mut found = Vec::new();
    for _ in 0..2 {
        for &result in active.iter().filter(|line| !whole.contains(line)) {
            let sides = [Some(lines), paired.as_ref().map(|paired| paired.lines(Axis::Rows))];
            let runs = sides.into_iter().flatten().flat_map(|lines| find::runs(lines, &active, result, Operation::Sum));
            let runs = runs.map(|run| (cost_of_run(&run, &active), run));
            let pairs = sides.into_iter().flatten().flat_map(|lines| find::pairs(lines, &active, result));
            let pairs = pairs.map(|pair| (cost_of_pair(&pair, &active), pair));
            found.extend(runs.chain(pairs).filter_map(|(cost, candidate)| find_exchange(lines, &columns, candidate, cost)));
            // A table made of sums shows any number of exchanges, which are none.
            if found.len() > MOST_FOUND {
                return Vec::new();
            }
        }
        let n_before = active.len();
        active.retain(|line| !spent.contains(line));
        if active.len() == n_before {
            break;
        }
    }
    surest(found)
}

/// One explanation for each sum and each cell, the surest first.
fn surest(mut found: Vec<Swapped>) -> Vec<Swapped> {
    found.sort_by_key(|swapped| -swapped.relation.bits);
    let mut kept: Vec<Swapped> = Vec::new();
    for own in found {
        let is_told = |other: &Swapped| {
            let touches = other.relation.candidate.parts.iter().chain([&other.relation.candidate.result]).any(|line| *line == own.row);
            other.relation.candidate.result == own.relation.candidate.result || touches && other.column.abs_diff(own.column) <= 1
        };
        if !kept.iter().any(is_told) {
            kept.push(own);
        }
    }
    kept
}

/// How a sum comes out in a column.
struct Place {
    column: usize,
    /// By how much the result exceeds its parts.
    excess: i128,
    /// By how much it may, for want of printed places.
    allowed: i128,
    /// What a last printed place is worth.
    step: i128,
}

fn place(lines: Lines<'_>, candidate: &Candidate, column: usize) -> Option<Place> {
    let result = lines.get(candidate.result, column)?;
    let total = total(lines, &candidate.parts, column).filter(|total| total.n_printed > 0)?;
    let step = total.step.max(result.step);
    Some(Place { column, excess: result.value.checked_sub(total.value)?, allowed: rounding(total.n_printed) * step, step })
}

/// The exchange of two neighbours in one row that mends a sum in the two columns where it fails.
fn find_exchange(lines: Lines<'_>, columns: &[usize], candidate: Candidate, cost: i64) -> Option<Swapped> {
    let places: Vec<Place> = columns.iter().filter_map(|&column| place(lines, &candidate, column)).collect();
    let (off, held): (Vec<&Place>, Vec<&Place>) = places.iter().partition(|place| place.excess.abs() > place.allowed);
    let [first, second] = off.as_slice() else { return None };
    // Where all that holds does so exactly, so must what is mended, but for the last place of a total rounded by itself.
    let is_exact = held.iter().all(|place| place.excess == 0);
    let slack = |place: &Place| match is_exact && !held.is_empty() {
        true if place.excess.abs() >= FAR_OFF * place.step => place.step,
        true => 0,
        false => place.allowed,
    };
    let rest = first.excess.checked_add(second.excess)?;
    if second.column != first.column + 1 || rest.abs() > slack(first) + slack(second) {
        return None;
    }
    let row = find_row(lines, &candidate, [(first, slack(first)), (second, slack(second))])?;
    let told = held.iter().map(|place| place.column).max_by_key(|&at| lines.get(candidate.result, at).map(|exact| exact.value.abs()));
    let held_bits: u32 =
        held.iter().map(|place| bits(lines, &candidate, place.column, told, if is_exact { 0 } else { place.allowed })).sum();
    let grain = candidate_grain(lines, &candidate).max(1);
    let n_of = |range: i128| (range.saturating_abs() / grain).saturating_mul(2).saturating_add(1).unsigned_abs();
    let value = |column: usize| lines.get(candidate.result, column).map_or(0, |exact| exact.value);
    // The two columns together hold the sum whatever has changed places between them …
    let together =
        eighths_of_bits(n_of(value(first.column).saturating_add(value(second.column))), n_of(rest.abs().max(slack(first) + slack(second))));
    // … and one exchange among so many mends them both.
    let exchange = eighths_of_bits(n_of(first.excess), n_of(slack(first)));
    let spent = cost + log2(lines.n_lines()) + log2(columns.len()) + log2(candidate.parts.len() + 1);
    let sure = i64::from(held_bits + together + exchange) / 8 - spent;
    let relation = Relation {
        axis: Axis::Rows,
        held: held.iter().map(|place| place.column).collect(),
        trivial: Vec::new(),
        off: vec![(first.column, first.excess.abs()), (second.column, second.excess.abs())],
        bits: sure,
        cost,
        candidate,
        is_total: false,
    };
    (sure >= SURE_BITS).then_some(Swapped { row, column: first.column, relation })
}

/// The one row whose two numbers, the other way round, mend both columns; none where there is none or more than one.
fn find_row(lines: Lines<'_>, candidate: &Candidate, [(first, first_slack), (second, second_slack)]: [(&Place, i128); 2]) -> Option<usize> {
    let mends = |&line: &usize| {
        let change = lines.get(line, second.column)?.value.checked_sub(lines.get(line, first.column)?.value)?;
        let change = if line == candidate.result { change } else { -change };
        let is_mended = first.excess.checked_add(change)?.abs() <= first_slack && second.excess.checked_sub(change)?.abs() <= second_slack;
        is_mended.then_some(line)
    };
    let mut rows = candidate.parts.iter().chain([&candidate.result]).filter_map(mends);
    let row = rows.next()?;
    rows.next().is_none().then_some(row)
}
