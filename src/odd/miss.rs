//! Identities that hold all over a table and fail in one place, and which cell explains that best.
//!
//! One wrong number fails every identity it takes part in, by the same amount; two numbers that have changed places fail
//! two by opposite amounts; a misread digit changes a number by one digit. The cells that are left are named together.

use super::Slip;
use crate::discover::Relation;
use crate::discover::matrix::{Lines, Matrix};
use crate::discover::relation::Operation;
use crate::discover::swap::{self, FAR_OFF, Swapped};
use crate::discover::{BITS_PER_MISS, LEAST_BITS};
use crate::generic::LooseTable;
use std::collections::{BTreeMap, BTreeSet};

/// A place of the table.
pub type Address = (usize, usize);

/// Sums that fail together, and the cells that explain it.
#[derive(Debug, Clone)]
pub struct Miss {
    /// Each sum that fails.
    pub sums: Vec<Failing>,
    /// The cells that explain all of them best; one, where one does.
    pub culprits: Vec<Address>,
    /// A misprint explains it: one digit, two numbers that have changed places, or one number that two sums want the same.
    pub is_misprint: bool,
    /// What the one culprit would be, where two sums that cross agree on it.
    pub proposal: Option<i128>,
}

/// How sure a sum must be before a place where it fails is told.
const SURE_BITS: i64 = 2 * LEAST_BITS;
/// The same where words say that it is one.
const SURE_BITS_OF_TOTAL: i64 = LEAST_BITS;

/// Last places by which sums of rounded numbers may fail without a misprint.
const MOST_ROUNDING: i128 = 6;

/// Find the sums that fail.
pub fn find(table: &LooseTable, matrix: &Matrix, slips: &[Slip]) -> Vec<Miss> {
    let is_sum = |relation: &&Relation| relation.candidate.operation == Operation::Sum;
    let sums: Vec<&Relation> = table.relations.iter().filter(is_sum).collect();
    let slipped = |address: &Address| slips.iter().any(|slip| slip.row == address.0);
    let mut failing: Vec<Failing> = Vec::new();
    for relation in sums.iter().filter(|relation| is_sure(relation)) {
        let lines = matrix.lines(relation.axis);
        for &(at, _) in &relation.off {
            let failing_here = Failing::new(relation, lines, at);
            let is_rounding = failing_here.excess.abs() <= MOST_ROUNDING * coarsest_step(relation, lines, at);
            if !is_rounding && !is_of_rates((relation, lines), at, &sums) && !failing_here.cells().any(|cell| slipped(&cell)) {
                failing.push(failing_here);
            }
        }
    }
    // Failing in many places is no misprint.
    if failing.len() > 6 {
        return Vec::new();
    }
    let mut holding: BTreeMap<Address, usize> = BTreeMap::new();
    for relation in sums.iter().filter(|relation| relation.bits >= LEAST_BITS) {
        for &at in &relation.held {
            for line in relation.candidate.parts.iter().chain([&relation.candidate.result]) {
                *holding.entry(relation.cell(*line, at)).or_default() += 1;
            }
        }
    }
    let mut found: Vec<Miss> = group(failing).into_iter().map(|group| explain(matrix, group, &holding)).collect();
    let is_told = |cells: &[Address]| found.iter().any(|miss| miss.culprits.iter().any(|cell| cells.contains(cell)));
    let swapped: Vec<Miss> = swapped(matrix, &table.relations)
        .into_iter()
        .filter(|miss| !is_told(&miss.culprits) && !miss.culprits.iter().any(slipped))
        .collect();
    found.extend(swapped);
    found
}

/// Two numbers that have changed places, told by sums that too few columns show to be known by themselves.
fn swapped(matrix: &Matrix, known: &[Relation]) -> Vec<Miss> {
    let found = swap::find(matrix, known);
    let is_many = found.len() > MOST_SWAPPED;
    let miss = |own: &Swapped| Miss {
        sums: own.relation.off.iter().map(|&(at, _)| Failing::new(&own.relation, matrix.lines(own.relation.axis), at)).collect(),
        culprits: vec![(own.row, own.column), (own.row, own.column + 1)],
        is_misprint: true,
        proposal: None,
    };
    found.iter().filter(|_| !is_many).map(miss).collect()
}

/// So many exchanges in one table are none.
const MOST_SWAPPED: usize = 3;

/// Where no other sum of the table holds, several fail, and the result lies between its parts, nothing adds up: a column of
/// rates or of averages.
fn is_of_rates((relation, lines): (&Relation, Lines<'_>), at: usize, sums: &[&Relation]) -> bool {
    let value = |line: usize| lines.get(line, at).map_or(0, |exact| exact.value);
    let (own, parts) = (value(relation.candidate.result), || relation.candidate.parts.iter().map(|&part| value(part)));
    if parts().max().is_none_or(|most| own > most) || parts().min().is_none_or(|least| own < least) {
        return false;
    }
    let others = || sums.iter().filter(|other| other.axis == relation.axis && !std::ptr::eq(**other, relation));
    let n_failing = others().filter(|other| other.off.iter().any(|&(place, _)| place == at)).count();
    n_failing >= LEAST_FAILING && !others().any(|other| other.held.contains(&at))
}

/// Other sums that must fail at a place before it is taken for one of rates.
const LEAST_FAILING: usize = 2;

fn coarsest_step(relation: &Relation, lines: Lines<'_>, at: usize) -> i128 {
    let cells = relation.candidate.parts.iter().chain([&relation.candidate.result]);
    cells.filter_map(|&line| lines.get(line, at)).map(|exact| exact.step).max().unwrap_or(1)
}

/// It holds nearly everywhere.
fn is_sure(relation: &Relation) -> bool {
    let n_held = relation.held.len();
    let is_pair = relation.off.len() == 2 && n_held >= 2;
    // The places where it fails are what is to be judged; they do not count against it.
    let n_off = i64::try_from(relation.off.len()).unwrap_or(i64::MAX);
    let least = if relation.is_total { SURE_BITS_OF_TOTAL } else { SURE_BITS };
    relation.bits + BITS_PER_MISS * n_off >= least
        && n_held >= 2
        && (relation.off.len() == 1 || relation.off.len() * 10 <= n_held || is_pair)
}

/// A sum that fails at one position; numbers are in units of the matrix.
#[derive(Debug, Clone)]
pub struct Failing {
    /// The cell that shows the sum.
    pub result: Address,
    /// What it prints.
    pub printed: i128,
    /// The cells that go in.
    pub parts: Vec<Address>,
    /// By how much the result exceeds its parts.
    pub excess: i128,
    /// By how much it is off at most where it holds: nothing in a table that is not rounded.
    slack: i128,
}

impl Failing {
    fn new(relation: &Relation, lines: Lines<'_>, at: usize) -> Failing {
        let own = &relation.candidate;
        let value = |line: usize, at: usize| lines.get(line, at).map_or(0, |exact| exact.value);
        let excess = |at: usize| value(own.result, at) - own.parts.iter().map(|&part| value(part, at)).sum::<i128>();
        let slack = relation.held.iter().map(|&at| excess(at).abs()).max().unwrap_or(0);
        let parts = own.parts.iter().map(|&part| relation.cell(part, at)).collect();
        Failing { result: relation.cell(own.result, at), printed: value(own.result, at), parts, excess: excess(at), slack }
    }

    fn cells(&self) -> impl Iterator<Item = Address> + '_ {
        self.parts.iter().copied().chain([self.result])
    }

    /// How a cell goes into the excess: the result for it, a part against it.
    fn weight(&self, cell: Address) -> i128 {
        i128::from(cell == self.result) - i128::from(self.parts.contains(&cell))
    }

    /// What the cell would have to be for this sum to hold.
    fn wanted(&self, matrix: &Matrix, cell: Address) -> Option<i128> {
        let own = matrix.get(cell.0, cell.1).map_or(0, |exact| exact.value);
        if cell == self.result { Some(own - self.excess) } else { self.parts.contains(&cell).then_some(own + self.excess) }
    }
}

/// Sums that share a cell, or a pair of neighbours in one row, fail together.
fn group(failing: Vec<Failing>) -> Vec<Vec<Failing>> {
    let mut groups: Vec<Vec<Failing>> = Vec::new();
    for own in failing {
        let cells: BTreeSet<Address> = own.cells().collect();
        let rows: BTreeSet<usize> = cells.iter().map(|cell| cell.0).collect();
        let touches = |other: &Failing| {
            other.cells().any(|cell| cells.contains(&cell))
                || (other.excess + own.excess).abs() <= own.excess.abs() / 50 && other.cells().all(|cell| rows.contains(&cell.0))
        };
        match groups.iter_mut().find(|group| group.iter().any(touches)) {
            Some(group) => group.push(own),
            None => groups.push(vec![own]),
        }
    }
    groups
}

fn explain(matrix: &Matrix, group: Vec<Failing>, holding: &BTreeMap<Address, usize>) -> Miss {
    let cells: BTreeSet<Address> = group.iter().flat_map(Failing::cells).filter(|cell| matrix.get(cell.0, cell.1).is_some()).collect();
    let n_failing = |cell: Address| group.iter().filter(|failing| failing.cells().any(|own| own == cell)).count();
    let most = cells.iter().map(|&cell| n_failing(cell)).max().unwrap_or(0);
    let common: Vec<Address> = cells.iter().copied().filter(|&cell| n_failing(cell) == most).collect();
    let slack = group.iter().map(|failing| failing.slack).max().unwrap_or(0);
    let mut culprits =
        find_swap(matrix, &group, slack).or_else(|| find_swap(matrix, &group, slack.max(rounding_of(matrix, &group)))).unwrap_or_default();
    let mut proposal = None;
    let mut is_misprint = !culprits.is_empty();
    if culprits.is_empty() {
        let wanted = |cell: Address| {
            let values: BTreeSet<i128> = group.iter().filter_map(|failing| failing.wanted(matrix, cell)).collect();
            let (least, most) = values.first().zip(values.last())?;
            (most - least <= slack).then_some(*least)
        };
        let agreeing: Vec<Address> = common.iter().copied().filter(|&cell| wanted(cell).is_some()).collect();
        let among = if agreeing.is_empty() { common } else { agreeing };
        let least = among.iter().map(|cell| holding.get(cell).copied().unwrap_or(0)).min().unwrap_or(0);
        culprits = among.into_iter().filter(|cell| holding.get(cell).copied().unwrap_or(0) == least).collect();
        {
            let by_digit: Vec<Address> = culprits
                .iter()
                .copied()
                .filter(|&cell| {
                    matrix.get(cell.0, cell.1).zip(wanted(cell)).is_some_and(|(exact, wanted)| is_misread(exact.value, wanted, slack))
                })
                .collect();
            if !by_digit.is_empty() {
                is_misprint = true;
                culprits = by_digit;
            }
        }
        if let ([only], true) = (culprits.as_slice(), group.len() >= 2) {
            is_misprint |= wanted(*only).is_some();
            proposal = wanted(*only).filter(|&value| group.iter().all(|failing| failing.wanted(matrix, *only) == Some(value)));
        }
    }
    Miss { sums: group, culprits, is_misprint, proposal }
}

/// Where sums are far off, a last place of a total that was rounded by itself tells nothing.
fn rounding_of(matrix: &Matrix, group: &[Failing]) -> i128 {
    let step = |failing: &Failing| matrix.get(failing.result.0, failing.result.1).map_or(1, |exact| exact.step);
    group.iter().map(|failing| if failing.excess.abs() >= FAR_OFF * step(failing) { step(failing) } else { 0 }).min().unwrap_or(0)
}

/// Two neighbours of one row that would mend every sum of the group by changing places.
fn find_swap(matrix: &Matrix, group: &[Failing], slack: i128) -> Option<Vec<Address>> {
    let value = |cell: Address| matrix.get(cell.0, cell.1).map(|exact| exact.value);
    let mut found: BTreeSet<[Address; 2]> = BTreeSet::new();
    for cell in group.iter().flat_map(Failing::cells) {
        let mate = (cell.0, cell.1 + 1);
        let before = cell.1.checked_sub(1).map(|column| (cell.0, column));
        for [one, other] in [Some([cell, mate]), before.map(|before| [before, cell])].into_iter().flatten() {
            let Some(change) = value(one).zip(value(other)).map(|(own, its)| its - own) else { continue };
            let mends = |failing: &Failing| {
                let excess = failing.excess + failing.weight(one) * change - failing.weight(other) * change;
                excess.abs() <= slack
            };
            if change != 0 && group.iter().all(mends) {
                found.insert([one, other]);
            }
        }
    }
    let mut found = found.into_iter();
    found.next().filter(|_| found.next().is_none()).map(Vec::from)
}

/// One digit in another's stead, or two neighbours the other way round: as many digits, all others the same; the sum may leave
/// the last ones in doubt.
fn is_misread(printed: i128, wanted: i128, slack: i128) -> bool {
    let printed = printed.to_string();
    let reach = slack.min(20);
    (wanted - reach..=wanted + reach).any(|wanted| {
        let wanted = wanted.to_string();
        let others: Vec<(usize, (u8, u8))> =
            printed.bytes().zip(wanted.bytes()).enumerate().filter(|(_, (one, other))| one != other).collect();
        let is_one = match others.as_slice() {
            [_] => true,
            [(at, (one, other)), (next, (after, before))] => *next == at + 1 && one == before && other == after,
            _ => false,
        };
        printed.len() == wanted.len() && is_one
    })
}
