//! Which totals of a form add up in its samples.
//!
//! A line whose label says total is tried as the sum of the lines beside and below it; a total inside a group between
//! single lines is tried as what came in and what is left: `new + carried_in = group.total + carried_out`.

use super::merge::{Line, Printed};
use crate::grammar::words::{Words, built_in};
use crate::label::key;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Sums over rows and over columns; numbers are indices of lines.
#[derive(Debug, Default)]
pub(super) struct Sums {
    pub rows: Vec<Sum>,
    pub columns: Vec<Sum>,
}

/// Lines on the left add up to the same as those on the right.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    pub left: Vec<usize>,
    pub right: Vec<usize>,
    /// Places of the samples where it was looked at, and where it fails.
    pub n_seen: usize,
    pub n_off: usize,
    /// The samples bear it out; else it holds in some of them, and a person may know better.
    pub is_sure: bool,
}

/// The numbers of a sample, by line and by place along it.
type Numbers = BTreeMap<usize, BTreeMap<usize, Decimal>>;

/// Find the sums that the samples bear out.
pub(super) fn find_sums(printed: &[Printed], rows: &[Line], columns: &[Line]) -> Sums {
    let turned = |own: &Printed, by_row: bool| -> Numbers {
        let mut numbers = Numbers::new();
        for &(row, column, number) in &own.numbers {
            let (line, place) = if by_row { (row, column) } else { (column, row) };
            numbers.entry(line).or_default().insert(place, number);
        }
        numbers
    };
    let by_rows: Vec<Numbers> = printed.iter().map(|own| turned(own, true)).collect();
    let by_columns: Vec<Numbers> = printed.iter().map(|own| turned(own, false)).collect();
    Sums { rows: bear_out(candidates(rows), rows, &by_rows), columns: bear_out(candidates(columns), columns, &by_columns) }
}

/// True for a line whose label says total.
pub(super) fn is_total(line: &Line, words: &Words) -> bool {
    line.labels.any.iter().any(|label| words.total.is_in(label))
}

fn candidates(lines: &[Line]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let words = built_in();
    let mut found = Vec::new();
    for (index, total) in lines.iter().enumerate().filter(|(_, line)| is_total(line, words)) {
        let inside = |other: &(usize, &Line)| other.1.groups.starts_with(&total.groups) && !is_total(other.1, words);
        let parts: Vec<usize> = lines.iter().enumerate().filter(inside).map(|(index, _)| index).collect();
        found.push((vec![index], parts));
        let single = |range: std::ops::Range<usize>| -> Vec<usize> {
            range.filter(|&other| lines.get(other).is_some_and(|line| line.groups.is_empty() && !is_total(line, words))).collect()
        };
        let (before, mut after) = (single(0..index), single(index + 1..lines.len()));
        if !total.groups.is_empty() && !before.is_empty() && !after.is_empty() {
            after.insert(0, index);
            found.push((before, after));
        }
    }
    found.into_iter().filter(|(_, parts)| parts.len() > 1).collect()
}

/// So many sums of something else than zeros must hold in all; of a total and the lines of its own group, two where none fails.
const LEAST_HELD: usize = 3;
const LEAST_WHOLE: usize = 2;

/// How often a sum was looked at in the samples, how often it is off, and how often it holds with something else than zeros.
#[derive(Default, Clone, Copy)]
struct Tally {
    n_seen: usize,
    n_off: usize,
    n_held: usize,
    /// Samples in which it holds wherever it is looked at, and those in which it fails.
    n_whole: usize,
    n_broken: usize,
}

impl Tally {
    fn add(self, other: Tally) -> Tally {
        Tally {
            n_seen: self.n_seen + other.n_seen,
            n_off: self.n_off + other.n_off,
            n_held: self.n_held + other.n_held,
            n_whole: self.n_whole + other.n_whole,
            n_broken: self.n_broken + other.n_broken,
        }
    }

    fn of(left: &[usize], right: &[usize], numbers: &Numbers) -> Tally {
        let Some(first) = left.first().and_then(|line| numbers.get(line)) else { return Tally::default() };
        let add = |lines: &[usize], place: &usize| -> Decimal { lines.iter().filter_map(|line| numbers.get(line)?.get(place)).sum() };
        let outcomes: Vec<(Decimal, Decimal)> = first.keys().map(|place| (add(left, place), add(right, place))).collect();
        let n_off = outcomes.iter().filter(|(left, right)| left != right).count();
        let n_held = outcomes.iter().filter(|(left, right)| left == right && !left.is_zero()).count();
        Tally { n_seen: outcomes.len(), n_off, n_held, n_whole: usize::from(n_off == 0 && n_held > 0), n_broken: usize::from(n_off > 0) }
    }
}

/// Sure is what holds in three places of four at least, or wholly in most samples: one with a misprint is no evidence
/// against the form. Groups with the same lines in them, such as appeals and suits by their
/// outcome, speak for each other: a sample has but one row of them.
fn bear_out(candidates: Vec<(Vec<usize>, Vec<usize>)>, lines: &[Line], samples: &[Numbers]) -> Vec<Sum> {
    let name = |line: &usize| lines.get(*line).and_then(|line| line.labels.any.first()).map(|label| key(label)).unwrap_or_default();
    let names = |(left, right): &(Vec<usize>, Vec<usize>)| (left.iter().map(name).collect(), right.iter().map(name).collect());
    let mut pooled: BTreeMap<(Vec<String>, Vec<String>), Tally> = BTreeMap::new();
    let mut tallies = Vec::new();
    for candidate in &candidates {
        let tally = samples.iter().map(|numbers| Tally::of(&candidate.0, &candidate.1, numbers)).fold(Tally::default(), Tally::add);
        let pool = pooled.entry(names(candidate)).or_default();
        *pool = pool.add(tally);
        tallies.push(tally);
    }
    let is_borne_out = |candidate: &(Vec<usize>, Vec<usize>)| {
        let is_whole = candidate.0.len() == 1;
        pooled.get(&names(candidate)).is_some_and(|pool| {
            let holds_mostly = pool.n_off * 4 <= pool.n_seen || pool.n_broken * 2 <= pool.n_whole;
            holds_mostly && pool.n_held >= LEAST_HELD || is_whole && pool.n_broken * 2 <= pool.n_whole && pool.n_held >= LEAST_WHOLE
        })
    };
    let sum = |(candidate, tally): (&(Vec<usize>, Vec<usize>), Tally)| {
        let (left, right) = candidate.clone();
        Sum { left, right, n_seen: tally.n_seen, n_off: tally.n_off, is_sure: is_borne_out(candidate) }
    };
    let is_worth_telling = |candidate: &(Vec<usize>, Vec<usize>), tally: &Tally| tally.n_held > 0 || is_borne_out(candidate);
    candidates.iter().zip(tallies).filter(|(candidate, tally)| is_worth_telling(candidate, tally)).map(sum).collect()
}
