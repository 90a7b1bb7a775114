//! One line of a table as a function of others, and how it holds from position to position.
//!
//! ```text
//!   a = b + c + …      a = (b + c + …) / n      a = b / c      a = (b - c) / c
//! ```
//! Everything is exact: a printed number stands for all numbers that would be printed so, and a relation holds where
//! the printed result lies among those that the printed operands allow.

use super::matrix::{Exact, Lines, gcd};
use crate::exact::rounding;

/// What relates a line to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// The parts add up to it; a difference is a sum of which one part is looked for.
    Sum,
    /// It is the mean of the parts.
    Average,
    /// It is the first part over the second, times a power of ten (`100` for percent).
    Share(u8),
    /// It is what the first part has grown by since the second, times a power of ten.
    Growth(u8),
}

/// A line, an operation and the lines it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What is done.
    pub operation: Operation,
    /// The line that shows the result.
    pub result: usize,
    /// The lines that go in, nearest first.
    pub parts: Vec<usize>,
}

impl Candidate {
    /// Two lines go in, and no others.
    pub fn set_pair(&mut self, one: usize, other: usize) {
        self.parts.clear();
        self.parts.extend([one, other]);
    }
}

/// How a relation comes out at one position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// Too little is printed to tell.
    Unknown,
    /// It holds, but would for want of numbers: all but one part is nothing.
    Trivial,
    /// It holds. The figure: how far the result may be off, to either side, for it to hold.
    Holds(i128),
    /// It does not. The figure: how far off in last printed places of the result.
    Off(i128),
}

/// Work a relation out at a position.
pub fn outcome(lines: Lines<'_>, candidate: &Candidate, at: usize) -> Outcome {
    let Some(result) = lines.get(candidate.result, at) else { return Outcome::Unknown };
    match candidate.operation {
        Operation::Sum => sum_outcome(lines, candidate, result, at),
        Operation::Average => average_outcome(lines, candidate, result, at),
        Operation::Share(power) => pair(lines, candidate, at).map_or(Outcome::Unknown, |pair| quotient_outcome(lines, result, pair, power)),
        Operation::Growth(power) => pair(lines, candidate, at).map_or(Outcome::Unknown, |pair| growth_outcome(lines, result, pair, power)),
    }
}

fn pair(lines: Lines<'_>, candidate: &Candidate, at: usize) -> Option<(Exact, Exact)> {
    let [top, base] = candidate.parts.as_slice() else { return None };
    Some((lines.get(*top, at)?, lines.get(*base, at)?))
}

/// Total, coarsest step, number of parts printed and of those that are not nought.
pub struct Total {
    /// All parts together.
    pub value: i128,
    /// The coarsest step of a part.
    pub step: i128,
    /// Parts that are printed.
    pub n_printed: usize,
    n_telling: usize,
}

/// The parts of a sum at a position, added up; none where no number holds that much.
pub fn total(lines: Lines<'_>, parts: &[usize], at: usize) -> Option<Total> {
    let mut total = Total { value: 0, step: 1, n_printed: 0, n_telling: 0 };
    for part in parts.iter().filter_map(|&part| lines.get(part, at)) {
        total.value = total.value.checked_add(part.value)?;
        total.step = total.step.max(part.step);
        total.n_printed += 1;
        total.n_telling += usize::from(part.value != 0);
    }
    Some(total)
}

fn holds_or_off(distance: i128, allowed: i128, step: i128) -> Outcome {
    if distance > allowed { Outcome::Off(distance / step.max(1)) } else { Outcome::Holds(allowed) }
}

fn sum_outcome(lines: Lines<'_>, candidate: &Candidate, result: Exact, at: usize) -> Outcome {
    let Some(total) = total(lines, &candidate.parts, at) else { return Outcome::Unknown };
    if total.n_printed == 0 {
        return Outcome::Unknown;
    }
    let step = total.step.max(result.step);
    let distance = (total.value - result.value).abs();
    if total.n_telling < 2 || result.value == 0 && distance == 0 {
        return if distance == 0 { Outcome::Trivial } else { Outcome::Off(distance / step) };
    }
    // A sum that is exact needs no allowance for rounding, and says the more for it.
    let allowed = if distance == 0 { 0 } else { rounding(total.n_printed) * step };
    holds_or_off(distance, allowed, step)
}

/// How far a sum is from its result, in its coarsest step.
pub fn sum_distance(lines: Lines<'_>, candidate: &Candidate, at: usize) -> Option<i128> {
    let (total, result) = (total(lines, &candidate.parts, at)?, lines.get(candidate.result, at)?);
    Some((total.value - result.value).abs() / total.step.max(result.step))
}

fn average_outcome(lines: Lines<'_>, candidate: &Candidate, result: Exact, at: usize) -> Outcome {
    let Some(total) = total(lines, &candidate.parts, at) else { return Outcome::Unknown };
    let n_printed = i128::try_from(total.n_printed).unwrap_or(0);
    if n_printed < 2 {
        return Outcome::Unknown;
    }
    let Some(product) = result.value.checked_mul(n_printed) else { return Outcome::Unknown };
    let distance = (total.value - product).abs();
    if total.n_telling < 2 || result.value == 0 {
        return if distance == 0 { Outcome::Trivial } else { Outcome::Off(distance / n_printed / result.step) };
    }
    // Half a place of the result, and half a place of each part.
    let allowed = (result.step + total.step) / 2;
    if distance > allowed * n_printed { Outcome::Off(distance / n_printed / result.step) } else { Outcome::Holds(allowed) }
}

/// How much it says that a relation holds at a position, in eighths of bits: the base-2 logarithm of how many results might have
/// been expected there for each that would have held.
///
/// What might have been expected goes by what the position `told` has shown already. Lines that rise and fall together
/// keep any relation that they have once; only where the result leaves its proportion to a part does it say more.
pub fn bits(lines: Lines<'_>, candidate: &Candidate, at: usize, told: Option<usize>, allowed: i128) -> u32 {
    let Some(result) = lines.get(candidate.result, at) else { return 0 };
    let mut range = match candidate.operation {
        Operation::Average => spread(lines, &candidate.parts, at),
        _ => result.value.saturating_abs(),
    };
    let mut grain = candidate_grain(lines, candidate);
    if told == Some(at) && candidate.operation == Operation::Sum {
        grain = candidate.parts.iter().filter_map(|&part| lines.get(part, at)).fold(result.value, |grain, part| gcd(grain, part.value));
    }
    if let Some(told) = told.filter(|&told| told != at) {
        let before = lines.get(candidate.result, told);
        let leaves = |part: usize| leaves_proportion(result, before?, lines.get(part, at)?, lines.get(part, told)?);
        range = candidate.parts.iter().filter_map(|&part| leaves(part)).fold(range, i128::min);
        if matches!(candidate.operation, Operation::Share(_) | Operation::Growth(_)) {
            range = range.min(before.map_or(range, |before| (before.value - result.value).abs()));
        }
    }
    let grain = grain.max(1);
    let n_allowed = (allowed / grain).saturating_mul(2) + 1;
    eighths_of_bits(((range / grain).saturating_mul(2) + 1).unsigned_abs(), n_allowed.unsigned_abs())
}

/// Eighths of the bits that it takes to name one of `n_all` when `n_same` are as good; exact enough where it matters,
/// for small numbers.
pub fn eighths_of_bits(n_all: u128, n_same: u128) -> u32 {
    let eighths = |number: u128| number.checked_pow(8).map_or_else(|| 8 * number.ilog2(), u128::ilog2);
    if n_all <= n_same { 0 } else { eighths(n_all).saturating_sub(eighths(n_same.max(1))) }
}

/// What the values of the lines move by.
pub fn candidate_grain(lines: Lines<'_>, candidate: &Candidate) -> i128 {
    let own = lines.grain(candidate.result);
    match candidate.operation {
        Operation::Sum => candidate.parts.iter().fold(own, |grain, &part| gcd(grain, lines.grain(part))),
        _ => own,
    }
}

fn spread(lines: Lines<'_>, parts: &[usize], at: usize) -> i128 {
    let values = || parts.iter().filter_map(|&part| lines.get(part, at)).map(|exact| exact.value);
    values().max().unwrap_or(0).saturating_sub(values().min().unwrap_or(0))
}

/// How far the result is from where its proportion to a part at another position puts it.
fn leaves_proportion(result: Exact, result_before: Exact, part: Exact, part_before: Exact) -> Option<i128> {
    let expected = result_before.value.checked_mul(part.value)?.checked_div(part_before.value)?;
    Some((result.value - expected).abs())
}

/// result · base against top · 10^power, each as wide as its printed digits leave it.
fn quotient_outcome(lines: Lines<'_>, result: Exact, (top, base): (Exact, Exact), power: u8) -> Outcome {
    if base.value == 0 || top.value == 0 || result.value == 0 {
        return Outcome::Unknown;
    }
    ratio_outcome(result, (top.value, top.step), base, lines.power(power))
}

fn growth_outcome(lines: Lines<'_>, result: Exact, (top, base): (Exact, Exact), power: u8) -> Outcome {
    if base.value == 0 || top.value == base.value || result.value == 0 {
        return Outcome::Unknown;
    }
    ratio_outcome(result, (top.value - base.value, top.step.max(base.step) * 2), base, lines.power(power))
}

fn ratio_outcome(result: Exact, (top, top_step): (i128, i128), base: Exact, scale: Option<i128>) -> Outcome {
    let worked = || {
        let left = result.value.checked_mul(base.value)?;
        let right = top.checked_mul(scale?)?;
        let slack_result = result.step.checked_mul(base.value.checked_abs()?)?;
        let slack_base = base.step.checked_mul(result.value.abs())?;
        let slack_top = top_step.checked_mul(scale?)?;
        let allowed = slack_result.checked_add(slack_base)?.checked_add(slack_top)? / 2;
        Some((left.checked_sub(right)?.abs(), allowed, slack_result))
    };
    match worked() {
        Some((distance, allowed, slack)) if distance > allowed => Outcome::Off(distance / slack.max(1)),
        // In units of the result: the base divides it again.
        Some((_, allowed, _)) => Outcome::Holds(allowed / base.value.abs().max(1)),
        None => Outcome::Unknown,
    }
}
