//! Candidates that cannot come out, told in floating point: nearly all are left here.
//!
//! Nothing is decided in a candidate's favour: every allowance is the loosest that exact numbers could have, and wider
//! by more than floating points err. What is let through is worked out exactly by whoever asked.

use super::matrix::{Lines, Rough};
use super::relation::Operation;
use crate::exact::rounding;

/// Positions at which candidates are tried first, at most.
pub const N_PIVOTS: usize = 8;

/// Every `step`-th line of a side from the `first`, as many as there are and no more than `longest`.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    pub side: &'a [usize],
    pub first: usize,
    pub step: usize,
    pub longest: usize,
}

impl Run<'_> {
    fn lines(&self) -> impl Iterator<Item = usize> {
        let side = self.side.get(self.first..).unwrap_or_default();
        side.iter().step_by(self.step).take(self.longest).copied()
    }

    /// Its first lines.
    pub fn parts(&self, length: usize) -> Vec<usize> {
        self.lines().take(length).collect()
    }
}

/// What is looked for at one position.
struct Pivot {
    at: usize,
    wanted: f64,
    /// The coarsest step there.
    step: f64,
}

/// A line and the positions where its candidates are tried first.
pub struct Sight<'a> {
    rough: &'a Rough,
    pivots: Vec<Pivot>,
    is_mean: bool,
    /// A sum that is past its result stays past it, since no number is below nought.
    stays_past: bool,
}

impl<'a> Sight<'a> {
    pub fn new(lines: Lines<'a>, pivots: &[usize], result: usize, operation: Operation) -> Sight<'a> {
        let rough = lines.rough();
        let pivots = pivots.iter().map(|&at| Pivot { at, wanted: rough.get(result, at), step: rough.step(at) }).collect();
        let is_mean = operation == Operation::Average;
        Sight { rough, pivots, is_mean, stays_past: !is_mean && lines.is_positive() }
    }

    /// Lengths, two and more, at which the beginning of a run may come out at half of the pivots where it is printed.
    pub fn beginnings(&self, run: Run<'_>) -> Vec<usize> {
        let mut hits = Vec::new();
        let mut firsts = [usize::MAX; N_PIVOTS];
        let mut n_dead = 0;
        for (pivot, first) in self.pivots.iter().zip(&mut firsts) {
            let n_before = hits.len();
            *first = self.scan(run, pivot, &mut hits);
            n_dead += usize::from(*first <= 1 && hits.len() == n_before);
            // Most runs fail at every pivot: no need to see the rest where it cannot make up for that.
            if hits.is_empty() && n_dead * 2 > self.pivots.len() {
                return hits;
            }
        }
        hits.sort_unstable();
        let n_live = |index: usize| firsts.iter().filter(|&&first| first <= index).count();
        let often = hits.chunk_by(|one, other| one == other).filter_map(|same| same.first().map(|&index| (index, same.len())));
        often.filter(|&(index, n_held)| n_held * 2 >= n_live(index)).map(|(index, _)| index + 1).collect()
    }

    /// Where in a run it may hold at a pivot, but for its first line; tells where its first number stands.
    fn scan(&self, run: Run<'_>, pivot: &Pivot, hits: &mut Vec<usize>) -> usize {
        let past = pivot.wanted + MOST_ROUNDING * pivot.step + self.rough.error;
        let (mut total, mut n_printed, mut first) = (0.0, 0, usize::MAX);
        for (index, line) in run.lines().enumerate() {
            let value = self.rough.get(line, pivot.at);
            if !value.is_nan() {
                first = first.min(index);
                total += value;
                n_printed += 1;
            }
            if index > 0 && n_printed > 0 && self.may_hold(pivot, total, n_printed) {
                hits.push(index);
            }
            if self.stays_past && total > past {
                break;
            }
        }
        first
    }

    fn may_hold(&self, pivot: &Pivot, total: f64, n_printed: usize) -> bool {
        let (wanted, allowed) = match self.is_mean {
            true => (pivot.wanted * n_printed as f64, pivot.step * n_printed as f64),
            false => (pivot.wanted, ROUNDING.get(n_printed).copied().unwrap_or(MOST_ROUNDING) * pivot.step),
        };
        (total - wanted).abs() <= allowed + self.rough.error
    }
}

/// Steps that a sum of so many parts may be off by.
#[expect(clippy::indexing_slicing, reason = "a constant that indexes beyond its end does not compile")]
const ROUNDING: [f64; 128] = {
    let mut steps = [0.0; 128];
    let mut n_parts = 0;
    while n_parts < steps.len() {
        steps[n_parts] = rounding(n_parts) as f64;
        n_parts += 1;
    }
    steps
};
/// Steps that no sum is off by.
const MOST_ROUNDING: f64 = 20.0;

/// Lines near another one, at the positions where that one has most digits.
pub struct Near {
    /// Of each line, the numbers there.
    numbers: Vec<[f64; N_PIVOTS]>,
    wanted: [f64; N_PIVOTS],
    steps: [f64; N_PIVOTS],
    error: f64,
    /// What the top of each of the [`QUOTIENTS`] is to be multiplied with.
    scales: [f64; 4],
}

/// What is worked out from two lines.
pub const QUOTIENTS: [Operation; 4] = [Operation::Share(0), Operation::Share(2), Operation::Growth(0), Operation::Growth(2)];

impl Near {
    pub fn new(lines: Lines<'_>, near: &[usize], pivots: &[usize], result: usize) -> Near {
        let rough = lines.rough();
        let at_pivots = |number: &dyn Fn(usize) -> f64| {
            let mut numbers = [f64::NAN; N_PIVOTS];
            numbers.iter_mut().zip(pivots).for_each(|(own, &at)| *own = number(at));
            numbers
        };
        Near {
            numbers: near.iter().map(|&line| at_pivots(&|at| rough.get(line, at))).collect(),
            wanted: at_pivots(&|at| rough.get(result, at)),
            steps: at_pivots(&|at| rough.step(at)),
            error: rough.error,
            scales: [0, 2, 0, 2].map(|power| lines.power(power).map_or(f64::NAN, |scale| scale as f64)),
        }
    }

    /// Two of the lines may add up to the one they are near.
    pub fn may_add_up(&self, one: usize, other: usize) -> bool {
        let ((one, other), wanted) = ((self.at(one), self.at(other)), self.wanted.iter().zip(&self.steps));
        let mut tally = Tally::default();
        for (index, ((&one, &other), (&wanted, &step))) in one.iter().zip(other).zip(wanted).enumerate() {
            let total = match (one.is_nan(), other.is_nan()) {
                (true, true) => continue,
                (true, false) => other,
                (false, true) => one,
                (false, false) => one + other,
            };
            if !wanted.is_nan() {
                tally.add((total - wanted).abs() <= ROUNDING_OF_PAIR * step + self.error);
            }
            if tally.is_hopeless(N_PIVOTS - index - 1) {
                return false;
            }
        }
        !tally.is_hopeless(0)
    }

    /// Which of the [`QUOTIENTS`] of two of the lines may be the one they are near.
    pub fn may_be_quotients(&self, top: usize, base: usize) -> [bool; 4] {
        let (top, base) = (self.at(top), self.at(base));
        let mut tallies = [Tally::default(); 4];
        for (index, (((&top, &base), &wanted), &step)) in top.iter().zip(base).zip(&self.wanted).zip(&self.steps).enumerate() {
            let left = wanted * base;
            if left.is_nan() || top.is_nan() || left == 0.0 {
                continue;
            }
            let slack = step * (base.abs() + wanted.abs()) / 2.0 + left.abs() * ERROR_OF_PRODUCT;
            let quotients = [(top, step), (top, step), (top - base, step * 2.0), (top - base, step * 2.0)];
            for ((tally, (top, top_step)), scale) in tallies.iter_mut().zip(quotients).zip(self.scales) {
                let right = top * scale;
                if top != 0.0 && left.abs() < LARGEST && right.abs() < LARGEST {
                    let allowed = slack + (top_step / 2.0 + self.error) * scale + right.abs() * ERROR_OF_PRODUCT;
                    tally.add((left - right).abs() <= allowed);
                }
            }
            if tallies.iter().all(|tally| tally.is_hopeless(N_PIVOTS - index - 1)) {
                break;
            }
        }
        tallies.map(|tally| !tally.is_hopeless(0))
    }

    fn at(&self, line: usize) -> &[f64; N_PIVOTS] {
        self.numbers.get(line).unwrap_or(&NOTHING)
    }
}

const NOTHING: [f64; N_PIVOTS] = [f64::NAN; N_PIVOTS];
const ROUNDING_OF_PAIR: f64 = ROUNDING[2];
/// What floating points err by in a product, for a product of one.
const ERROR_OF_PRODUCT: f64 = 1e-14;
/// Greater products are not told of: exact numbers may not hold them.
const LARGEST: f64 = 1e37;

/// Pivots where a candidate may hold, of those where it can be told.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    n_live: usize,
    n_held: usize,
}

impl Tally {
    fn add(&mut self, holds: bool) {
        self.n_live += 1;
        self.n_held += usize::from(holds);
    }

    /// Not half of them, nor with those that are left.
    fn is_hopeless(self, n_left: usize) -> bool {
        self.n_held + n_left == 0 || (self.n_held + n_left) * 2 < self.n_live + n_left
    }
}
