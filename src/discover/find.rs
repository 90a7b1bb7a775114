//! Candidates that a few telling positions let through.
//!
//! ```text
//!   sums, means   result ±d, then every s-th line, k of them: d s k within limits      pairs round the result
//!   shares, growth    ordered pairs round the result
//! ```
//! Bound: each line is tried with a fixed number of candidates at no more than [`N_PIVOTS`] positions, so the work is
//! linear in the number of lines. What passes is weighed over every position by whoever asked.

use super::matrix::Lines;
use super::relation::{Candidate, Operation, Outcome, outcome};
use crate::exact::rounding;

/// Positions at which candidates are tried first.
const N_PIVOTS: usize = 8;
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
    let mut found = Vec::new();
    for side in [&before, &after] {
        let widest = if operation == Operation::Average { 1 } else { WIDEST_STEP };
        for step in 1..=widest {
            for distance in 1..=FARTHEST_RUN.min(side.len()) {
                if step > 1 && distance > WIDEST_STEP {
                    break;
                }
                let longest = if step == 1 && distance == 1 { LONGEST_RUN } else { LONGEST_FAR_RUN };
                let run: Vec<usize> = side.iter().copied().skip(distance - 1).step_by(step).take(longest).collect();
                run_prefixes(lines, &run, &pivots, (result, operation), &mut found);
            }
        }
    }
    found
}

/// The beginnings of a run that come out at half of the pivots.
fn run_prefixes(lines: Lines<'_>, run: &[usize], pivots: &[usize], (result, operation): (usize, Operation), found: &mut Vec<Candidate>) {
    let mut totals = vec![(0_i128, 1_i128, 0_usize); pivots.len()];
    // Where no number is below nought, a sum that is past its result stays past it.
    let may_end = operation == Operation::Sum && lines.is_positive();
    for (index, &part) in run.iter().enumerate() {
        let (mut n_live, mut n_held, mut n_past) = (0, 0, 0);
        for (total, &at) in totals.iter_mut().zip(pivots) {
            if let Some(exact) = lines.get(part, at) {
                *total = (total.0.saturating_add(exact.value), total.1.max(exact.step), total.2 + 1);
            }
            let Some(wanted) = lines.get(result, at).filter(|_| total.2 > 0) else { continue };
            n_live += 1;
            let n_printed = i128::try_from(total.2).unwrap_or(1);
            let (wanted_sum, allowed) = match operation {
                Operation::Average => (wanted.value.saturating_mul(n_printed), n_printed.saturating_mul(wanted.step + total.1) / 2),
                _ => (wanted.value, rounding(total.2) * total.1.max(wanted.step)),
            };
            n_held += usize::from((total.0 - wanted_sum).abs() <= allowed);
            n_past += usize::from(total.0 - wanted_sum > allowed);
        }
        if found.len() >= MOST_OFFERED || may_end && n_past * 2 > pivots.len() {
            break;
        }
        if index > 0 && n_live > 0 && n_held * 2 >= n_live {
            found.push(Candidate { operation, result, parts: run.iter().copied().take(index + 1).collect() });
        }
    }
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
    let mut found = Vec::new();
    let mut candidate = Candidate { operation: Operation::Sum, result, parts: Vec::new() };
    for (index, &one) in near.iter().enumerate() {
        for &other in near.iter().skip(index + 1) {
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
    let mut found = Vec::new();
    let mut candidate = Candidate { operation: Operation::Share(0), result, parts: Vec::new() };
    for &top in &near {
        for &base in near.iter().filter(|&&base| base != top) {
            candidate.set_pair(top, base);
            for operation in [Operation::Share(0), Operation::Share(2), Operation::Growth(0), Operation::Growth(2)] {
                candidate.operation = operation;
                if comes_out(lines, &candidate, &pivots) {
                    found.push(candidate.clone());
                }
            }
        }
    }
    found
}
