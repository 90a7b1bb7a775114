//! Identities that hold between the lines of a table, found in its numbers alone.
//!
//! In: a matrix of exact numbers. Out: relations, each with the positions where it holds and where it does not, and how
//! much that says. Nothing here knows a label, a document or a flag.
//!
//! A relation counts only where chance is excluded. Each position where it holds says as many bits as its number has
//! beyond the last place in doubt; as many bits are taken off as it takes to name the candidate among those that are
//! tried. What is left must reach [`LEAST_BITS`].

pub mod figure;
mod find;
pub mod matrix;
pub mod relation;
mod rough;
pub mod swap;

use matrix::{Axis, Lines, Matrix};
use relation::{Candidate, Operation, Outcome, bits, outcome, sum_distance};
use std::collections::BTreeSet;

/// A relation that was found, position by position.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Lines are rows or columns.
    pub axis: Axis,
    /// What is related how.
    pub candidate: Candidate,
    /// Positions where it holds.
    pub held: Vec<usize>,
    /// Positions where it holds for want of numbers.
    pub trivial: Vec<usize>,
    /// Positions where it does not, and by how many last places.
    pub off: Vec<(usize, i128)>,
    /// Bits that speak for it, those taken off that name it.
    pub bits: i64,
    /// Bits that name it.
    pub cost: i64,
    /// Words say that its result is a total.
    pub is_total: bool,
}

impl Relation {
    /// Row and column of a line's cell at a position.
    pub fn cell(&self, line: usize, at: usize) -> (usize, usize) {
        match self.axis {
            Axis::Rows => (line, at),
            Axis::Columns => (at, line),
        }
    }
}

/// Bits that must be left: one in a thousand.
pub const LEAST_BITS: i64 = 10;
/// Bits that are enough where words say that a line is a total.
const LEAST_BITS_OF_TOTAL: i64 = 4;
/// A sum that costs more bits to name has parts that stand apart from it.
const MOST_COST_OF_NEAR: i64 = 5;
/// Bits that such a sum must have: lines of round numbers meet by chance more often than their digits say.
const LEAST_BITS_OF_FAR: i64 = 11;
/// Bits against a relation for each position where it does not hold: a true one fails at one in sixteen at most.
pub const BITS_PER_MISS: i64 = 4;
/// Rounds of sums over sums.
const MOST_ROUNDS: usize = 6;

/// What words say of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hint {
    /// Lines of the same words have the same number; 0 where there are none.
    pub class: u32,
    /// Its words say that it is a total.
    pub is_total: bool,
}

/// What words say of rows and of columns.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// Of each row.
    pub rows: Vec<Hint>,
    /// Of each column.
    pub columns: Vec<Hint>,
}

impl Hints {
    fn get(&self, axis: Axis, line: usize) -> Hint {
        let hints = match axis {
            Axis::Rows => &self.rows,
            Axis::Columns => &self.columns,
        };
        hints.get(line).copied().unwrap_or_default()
    }
}

/// Rows, or columns, of which more are not held against one another: a table that wide is made to keep a reader busy.
const MOST_LINES: usize = 5_000;

/// Find the relations of a matrix.
pub fn discover(matrix: &Matrix, hints: &Hints) -> Vec<Relation> {
    let mut found = Vec::new();
    for axis in [Axis::Columns, Axis::Rows] {
        let lines = matrix.lines(axis);
        if lines.n_lines() > MOST_LINES {
            continue;
        }
        let sums = find_sums(lines, hints);
        found.extend(find_quotients(lines, &sums));
        found.extend(find_averages(lines, &sums));
        found.extend(sums);
    }
    found
}

fn is_printed(lines: Lines<'_>, line: usize) -> bool {
    (0..lines.n_positions()).any(|at| lines.get(line, at).is_some())
}

/// Weigh a candidate over every position.
fn weigh(lines: Lines<'_>, candidate: Candidate, cost: i64) -> Option<Relation> {
    let mut relation =
        Relation { axis: lines.axis, candidate, held: Vec::new(), trivial: Vec::new(), off: Vec::new(), bits: 0, cost, is_total: false };
    let mut allowances = Vec::new();
    for at in 0..lines.n_positions() {
        match outcome(lines, &relation.candidate, at) {
            Outcome::Unknown => {}
            Outcome::Trivial => relation.trivial.push(at),
            Outcome::Holds(allowed) => {
                relation.held.push(at);
                allowances.push(allowed);
            }
            Outcome::Off(by) => relation.off.push((at, by)),
        }
    }
    if relation.candidate.operation == Operation::Sum {
        tighten(lines, &mut relation, &mut allowances);
    }
    if relation.held.len() + relation.trivial.len() <= relation.off.len() {
        return None;
    }
    let size = |at: usize| lines.get(relation.candidate.result, at).map(|exact| exact.value.saturating_abs());
    let told = relation.held.iter().copied().max_by_key(|&at| size(at));
    let bits_at = |(&at, &allowed): (&usize, &i128)| i64::from(bits(lines, &relation.candidate, at, told, allowed));
    let total: i64 = relation.held.iter().zip(&allowances).map(bits_at).sum();
    let n_off = i64::try_from(relation.off.len()).unwrap_or(i64::MAX);
    relation.bits = total / 8 - cost - log2(lines.n_lines()) - BITS_PER_MISS * n_off;
    Some(relation)
}

/// Positions that come out exactly, to each that does not, which show that nothing was rounded.
const MOSTLY_EXACT: usize = 20;
/// What is no rounding of numbers that are exact everywhere else, in steps.
const LEAST_WRONG: i128 = 2;

/// Many parts may be off by much when each is rounded. Where nearly all positions come out exactly none was: there a
/// sum that is off by more than a step or two is wrong.
fn tighten(lines: Lines<'_>, relation: &mut Relation, allowances: &mut Vec<i128>) {
    let n_exact = allowances.iter().filter(|&&allowed| allowed == 0).count();
    if n_exact < MOSTLY_EXACT * (allowances.len() - n_exact) {
        return;
    }
    let held = std::mem::take(&mut relation.held).into_iter().zip(std::mem::take(allowances));
    for (at, allowed) in held {
        match sum_distance(lines, &relation.candidate, at).filter(|&by| by > LEAST_WRONG) {
            Some(by) => relation.off.push((at, by)),
            None => {
                relation.held.push(at);
                allowances.push(allowed);
            }
        }
    }
    relation.off.sort_unstable();
}

fn log2(number: usize) -> i64 {
    i64::from(number.max(1).ilog2())
}

/// Bits that name a sum among those that are tried: how far it begins, its step, its length.
fn cost_of_run(candidate: &Candidate, active: &[usize]) -> i64 {
    let place = |line: usize| active.partition_point(|&own| own < line);
    let own = place(candidate.result);
    let places: Vec<usize> = candidate.parts.iter().map(|&part| place(part)).collect();
    let distance = places.first().map_or(1, |&first| first.abs_diff(own));
    let step = places.first().zip(places.get(1)).map_or(1, |(&first, &second)| first.abs_diff(second));
    1 + 2 * log2(distance) + 3 * log2(step) + log2(places.len())
}

fn cost_of_pair(candidate: &Candidate, active: &[usize]) -> i64 {
    let place = |line: usize| active.partition_point(|&own| own < line);
    let own = place(candidate.result);
    2 + candidate.parts.iter().map(|&part| 2 * log2(place(part).abs_diff(own))).sum::<i64>()
}

fn find_sums(lines: Lines<'_>, hints: &Hints) -> Vec<Relation> {
    let mut active: Vec<usize> = (0..lines.n_lines()).filter(|&line| is_printed(lines, line)).collect();
    let mut found: Vec<Relation> = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let mut offered: Vec<Relation> = Vec::new();
        for &result in &active {
            let runs = find::runs(lines, &active, result, Operation::Sum).into_iter().map(|run| (cost_of_run(&run, &active), run));
            let pairs = find::pairs(lines, &active, result).into_iter().map(|pair| (cost_of_pair(&pair, &active), pair));
            let hint = hints.get(lines.axis, result);
            let least = |cost: i64| match hint.is_total {
                true => LEAST_BITS_OF_TOTAL - log2(lines.n_lines()),
                false if cost > MOST_COST_OF_NEAR => LEAST_BITS_OF_FAR,
                false => LEAST_BITS,
            };
            let weighed = runs.chain(pairs).filter_map(|(cost, candidate)| weigh(lines, candidate, cost));
            let weighed = weighed.map(|relation| Relation { is_total: hint.is_total, ..relation });
            offered.extend(weighed.filter(|relation| relation.bits >= least(relation.cost)));
        }
        let n_before = found.len();
        choose(lines, offered, &mut found);
        repeat_shapes(lines, hints, &active, &mut found);
        let fresh = found.get(n_before..).unwrap_or_default();
        if fresh.is_empty() {
            break;
        }
        let spent: BTreeSet<usize> = found.iter().flat_map(|relation| relation.candidate.parts.iter().copied()).collect();
        active.retain(|line| !spent.contains(line));
    }
    found
}

/// Lines of the same words are often worked out in the same way: what is known of one is looked for in the others, and
/// there it need not prove itself again.
fn repeat_shapes(lines: Lines<'_>, hints: &Hints, active: &[usize], found: &mut Vec<Relation>) {
    let class = |line: usize| hints.get(lines.axis, line).class;
    let known: Vec<(u32, usize, Vec<usize>)> = found
        .iter()
        .map(|sum| (class(sum.candidate.result), sum.candidate.result, sum.candidate.parts.clone()))
        .filter(|(class, _, _)| *class > 0)
        .collect();
    let mut tried = BTreeSet::new();
    for &line in active.iter().filter(|&&line| class(line) > 0) {
        for (_, result, parts) in known.iter().filter(|(own, result, _)| *own == class(line) && *result != line) {
            let moved: Option<Vec<usize>> = parts.iter().map(|part| (part + line).checked_sub(*result)).collect();
            let Some(parts) = moved.filter(|moved| tried.insert((line, moved.clone()))) else { continue };
            let candidate = Candidate { operation: Operation::Sum, result: line, parts };
            let Some(relation) = weigh(lines, candidate, 0) else { continue };
            if relation.off.len() * 8 <= relation.held.len() + relation.trivial.len()
                && !found.iter().any(|taken| clash(lines, taken, &relation))
            {
                found.push(relation);
            }
        }
    }
}

/// Take the weightiest first, and leave what clashes with one that is taken.
fn choose(lines: Lines<'_>, mut offered: Vec<Relation>, found: &mut Vec<Relation>) {
    // Beyond doubt, all that matters is which is the simplest to say.
    let rank = |relation: &Relation| {
        let n_off = i64::try_from(relation.off.len()).unwrap_or(i64::MAX);
        let simple = if relation.bits >= SECOND_BITS { relation.cost + BITS_PER_MISS * n_off } else { i64::MAX };
        (simple, -relation.bits, relation.candidate.parts.len())
    };
    offered.sort_by_key(rank);
    for relation in offered {
        if !found.iter().any(|taken| clash(lines, taken, &relation)) {
            found.push(relation);
        }
    }
}

/// Bits that a second way to the same result must have.
const SECOND_BITS: i64 = 2 * LEAST_BITS;

/// Two relations that cannot both be meant: they go round in a circle, use a part of the same result twice, add a line
/// to its own parts, go past a subtotal, or find the same parts in two lines that print the same.
fn clash(lines: Lines<'_>, taken: &Relation, relation: &Relation) -> bool {
    let (other, own) = (&taken.candidate, &relation.candidate);
    let shared = other.parts.iter().any(|part| own.parts.contains(part));
    let circle = other.parts.contains(&own.result) && own.parts.contains(&other.result);
    let same_result = other.result == own.result && (shared || relation.bits < SECOND_BITS);
    let doubled = shared && (own.parts.contains(&other.result) || other.parts.contains(&own.result) && other.operation == own.operation);
    let value = |line: usize, at: usize| lines.get(line, at).map(|exact| exact.value);
    let is_copy = |at: &usize| value(other.result, *at) == value(own.result, *at);
    // A subtotal's parts are in the total through the subtotal.
    let swallows =
        own.parts.len() > other.parts.len() && own.result != other.result && other.parts.iter().all(|part| own.parts.contains(part));
    circle
        || same_result
        || doubled
        || swallows
        || shared && other.result != own.result && relation.cost > taken.cost + 4 && relation.held.iter().all(is_copy)
}

fn find_averages(lines: Lines<'_>, sums: &[Relation]) -> Vec<Relation> {
    let active: Vec<usize> = (0..lines.n_lines()).filter(|&line| is_printed(lines, line)).collect();
    let taken = |result: usize| sums.iter().any(|sum| sum.candidate.result == result);
    let mut offered = Vec::new();
    for &result in active.iter().filter(|&&line| !taken(line)) {
        let runs = find::runs(lines, &active, result, Operation::Average);
        let cost = |run: &Candidate| 2 + cost_of_run(run, &active) + if run.parts.len() == 2 { 8 } else { 0 };
        let weighed = runs.into_iter().filter_map(|run| weigh(lines, run.clone(), cost(&run)));
        offered.extend(weighed.filter(|relation| relation.bits >= LEAST_BITS));
    }
    let mut found = Vec::new();
    choose(lines, offered, &mut found);
    found
}

fn find_quotients(lines: Lines<'_>, sums: &[Relation]) -> Vec<Relation> {
    let active: Vec<usize> = (0..lines.n_lines()).filter(|&line| is_printed(lines, line)).collect();
    let taken = |result: usize| sums.iter().any(|sum| sum.candidate.result == result);
    let mut offered = Vec::new();
    for &result in active.iter().filter(|&&line| !taken(line)) {
        let pairs = find::quotients(lines, &active, result);
        let weighed = pairs.into_iter().filter_map(|pair| weigh(lines, pair.clone(), 3 + cost_of_pair(&pair, &active)));
        offered.extend(weighed.filter(|relation| relation.bits >= LEAST_BITS));
    }
    // A quotient can be read three ways; what is worked out stands behind what it is worked out from.
    let stands_behind = |relation: &Relation| relation.candidate.parts.iter().all(|&part| part < relation.candidate.result);
    offered.sort_by_key(|relation| (!stands_behind(relation), -relation.bits));
    let mut found: Vec<Relation> = Vec::new();
    for relation in offered {
        let own = &relation.candidate;
        let clashes = found.iter().any(|taken| {
            let other = &taken.candidate;
            other.result == own.result || other.parts.contains(&own.result) && own.parts.contains(&other.result)
        });
        if !clashes {
            found.push(relation);
        }
    }
    found
}
