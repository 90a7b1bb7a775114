//! Candidates that a few telling positions let through.
//!
//! ```text
//!   sums, means   result ±d, then every s-th line, k of them: d s k within limits      pairs round the result
//!   shares, growth    ordered pairs round the result
//! ```
//! Bound: each line is tried with a fixed number of candidates at no more than [`N_PIVOTS`] positions, so the work is
//! linear in the number of lines. What passes is weighed over every position by whoever asked.

use super::matrix::Lines;
use super::relation::{Candidate, Operation, Outcome, outcome, total};
use super::rough::{N_PIVOTS, Near, QUOTIENTS, Run, Sight};
use crate::exact::rounding;

/// Longest run of neighbours.
const LONGEST_RUN: usize = 400;
/// How far from its result a run may begin, in lines.
const FARTHEST_RUN: usize = 40;
/// Longest run that does not begin beside its result.
const LONGEST_FAR_RUN: usize = 40;
/// Widest step from part to part.
const WIDEST_STEP: usize = 12;
/// No run goes farther than this from its result.
const FARTHEST_LINE: usize = LONGEST_RUN + FARTHEST_RUN + LONGEST_FAR_RUN * WIDEST_STEP;
/// How far from its result the parts of a pair may stand.
const PAIR_REACH: usize = 12;

/// Runs offered for one result: where every number is the same, any run has that number for its mean.
const MOST_OFFERED: usize = 64;

/// The positions where the line's numbers have the most digits.
fn pivots(lines: Lines<'_>, line: usize) -> Vec<usize> {
    let size = |at: usize| lines.get(line, at).map(|exact| (exact.value / exact.step).unsigned_abs()).filter(|&size| size > 0);
    let mut found: Vec<(u128, usize)> = (0..lines.n_positions()).filter_map(|at| Some((size(at)?, at))).collect();
    found.sort_unstable_by(|one, other| other.cmp(one));
    found.into_iter().take(N_PIVOTS).map(|(_, at)| at).collect()
}

/// Runs of lines that add up to `result`, or whose mean it is; `active` are the lines that may take part, in order.
pub fn runs(lines: Lines<'_>, active: &[usize], result: usize, operation: Operation) -> Vec<Candidate> {
    let pivots = pivots(lines, result);
    let at = active.partition_point(|&line| line < result);
    let before: Vec<usize> = active.iter().take(at).rev().take(FARTHEST_LINE).copied().collect();
    let after: Vec<usize> = active.iter().skip(at).filter(|&&line| line != result).take(FARTHEST_LINE).copied().collect();
    let sight = Sight::new(lines, &pivots, result, operation);
    let widest = if operation == Operation::Average { 1 } else { WIDEST_STEP };
    let mut found = Vec::new();
    for side in [&before, &after] {
        for step in 1..=widest {
            let farthest = if step == 1 { FARTHEST_RUN } else { WIDEST_STEP };
            for first in 0..farthest.min(side.len()) {
                let longest = if step == 1 && first == 0 { LONGEST_RUN } else { LONGEST_FAR_RUN };
                if found.len() >= MOST_OFFERED {
                    return found;
                }
                let run = Run { side, first, step, longest };
                for parts in sight.beginnings(run).into_iter().map(|length| run.parts(length)) {
                    if found.len() < MOST_OFFERED && holds_at_half(lines, &parts, &pivots, (result, operation)) {
                        found.push(Candidate { operation, result, parts });
                    }
                }
            }
        }
    }
    found
}

/// Of the pivots where a part is printed half come out.
fn holds_at_half(lines: Lines<'_>, parts: &[usize], pivots: &[usize], (result, operation): (usize, Operation)) -> bool {
    let (mut n_live, mut n_held) = (0, 0);
    for &at in pivots {
        let total = total(lines, parts, at).filter(|total| total.n_printed > 0);
        let Some((total, wanted)) = total.zip(lines.get(result, at)) else { continue };
        n_live += 1;
        let n_printed = i128::try_from(total.n_printed).unwrap_or(1);
        let (wanted_sum, allowed) = match operation {
            Operation::Average => (wanted.value.saturating_mul(n_printed), n_printed.saturating_mul(wanted.step + total.step) / 2),
            _ => (wanted.value, rounding(total.n_printed) * total.step.max(wanted.step)),
        };
        n_held += usize::from(total.value.saturating_sub(wanted_sum).saturating_abs() <= allowed);
    }
    n_live > 0 && n_held * 2 >= n_live
}

fn neighbours(active: &[usize], result: usize) -> Vec<usize> {
    let at = active.partition_point(|&line| line < result);
    let before = active.iter().take(at).rev().take(PAIR_REACH);
    let after = active.iter().skip(at).filter(|&&line| line != result).take(PAIR_REACH);
    before.chain(after).copied().collect()
}

fn comes_out(lines: Lines<'_>, candidate: &Candidate, pivots: &[usize]) -> bool {
    let (mut n_live, mut n_held) = (0, 0);
    for (index, &at) in pivots.iter().enumerate() {
        match outcome(lines, candidate, at) {
            Outcome::Holds(_) => (n_live, n_held) = (n_live + 1, n_held + 1),
            Outcome::Off(_) => n_live += 1,
            Outcome::Trivial | Outcome::Unknown => {}
        }
        // Nearly all candidates fail at every position: no need to see the rest where it cannot make up for that.
        let n_left = pivots.len() - index - 1;
        if (n_held + n_left) * 2 < n_live + n_left {
            return false;
        }
    }
    n_held > 0 && n_held * 2 >= n_live
}

/// Two lines near `result` that add up to it.
pub fn pairs(lines: Lines<'_>, active: &[usize], result: usize) -> Vec<Candidate> {
    let pivots = pivots(lines, result);
    let near = neighbours(active, result);
    let about = Near::new(lines, &near, &pivots, result);
    let mut found = Vec::new();
    let mut candidate = Candidate { operation: Operation::Sum, result, parts: Vec::new() };
    for (index, &one) in near.iter().enumerate() {
        for (other_index, &other) in near.iter().enumerate().skip(index + 1) {
            if !about.may_add_up(index, other_index) {
                continue;
            }
            candidate.set_pair(one, other);
            if comes_out(lines, &candidate, &pivots) {
                found.push(candidate.clone());
            }
        }
    }
    found
}

/// Pairs of lines near `result` of which it is the quotient or the growth.
pub fn quotients(lines: Lines<'_>, active: &[usize], result: usize) -> Vec<Candidate> {
    let pivots = pivots(lines, result);
    let near = neighbours(active, result);
    let about = Near::new(lines, &near, &pivots, result);
    let mut found = Vec::new();
    let mut candidate = Candidate { operation: Operation::Share(0), result, parts: Vec::new() };
    for (top_index, &top) in near.iter().enumerate() {
        for (base_index, &base) in near.iter().enumerate().filter(|(_, base)| **base != top) {
            let may_be = about.may_be_quotients(top_index, base_index);
            for (operation, _) in QUOTIENTS.into_iter().zip(may_be).filter(|(_, may_be)| *may_be) {
                candidate.set_pair(top, base);
                candidate.operation = operation;
                if comes_out(lines, &candidate, &pivots) {
                    found.push(candidate.clone());
                }
            }
        }
    }
    found
}
