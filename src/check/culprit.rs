//! Which cell explains the sums that fail: the smallest explanation, and among equals the one that copying really makes.
//!
//! Row sums and column sums with a grand total are a product code: one wrong cell fails one of each and stands where they
//! cross. Two neighbours that changed places keep their row's sum and fail two columns by opposite amounts. Shifted, lost
//! and surplus cells are found before, where cells are placed (`fit::solve`).

use super::board::{Board, Place};
use super::{Case, CheckedTable};
use crate::exact;
use crate::flag::{Message, Proposal};
use crate::sums::Standing;
use foldhash::HashMap;
use rust_decimal::Decimal;

/// Row and column of a cell.
type Address<'a> = (&'a str, &'a str);

/// How far the sums that meet in a cell speak against it: two for each that fails, one less for each that holds.
pub type Weights = HashMap<Place, i64>;

/// The weights of all cells; nothing where no sum fails.
pub fn weigh(cases: &[Case], board: &Board) -> Weights {
    let mut weights = Weights::default();
    if !cases.iter().any(|case| matches!(case.standing, Standing::Failed(..))) {
        return weights;
    }
    for case in cases {
        let weight = match case.standing {
            Standing::Failed(..) => 2,
            Standing::Proven | Standing::Idle => -1,
            Standing::NotCheckable => continue,
        };
        let mut places: Vec<Place> = case.places(board).collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().for_each(|place| *weights.entry(place).or_default() += weight);
    }
    weights
}

/// Two neighbours in a row that have changed places.
pub struct Swap<'a> {
    /// The two cells.
    pub cells: [Address<'a>; 2],
    /// What the first of them would be.
    pub proposal: Proposal,
}

/// The swap that explains every failure of a table; none where there is none, or more than one.
pub fn find_swap<'a>(table: &CheckedTable<'a>) -> Option<Swap<'a>> {
    let failed: Vec<&'a Case<'a>> = table.cases.iter().filter(|case| matches!(case.standing, Standing::Failed(..))).collect();
    let first = failed.first().filter(|_| failed.len() >= 2)?;
    let (one, other) = (first.line, failed.iter().map(|case| case.line).find(|line| *line != first.line)?);
    if failed.iter().any(|case| case.in_row() || case.line != one && case.line != other) {
        return None;
    }
    let columns: Vec<&str> = table.columns();
    let position = |column: &str| columns.iter().position(|own| *own == column);
    let neighbours = position(one)?.abs_diff(position(other)?) == 1;
    let explains = |row: &&str| {
        let (left, right) = (table.value((row, one))?, table.value((row, other))?);
        let is_settled = |case: &&Case| {
            let id = case.expanded.ids().find(|id| id == row)?;
            let (from, to) = if case.line == one { (left, right) } else { (right, left) };
            Some(gap(case, id)? == exact::subtract(to, from)?)
        };
        failed.iter().all(|case| is_settled(case) == Some(true)).then_some(right)
    };
    let mut rows = first.expanded.ids().filter_map(|row| Some((row, explains(&row)?)));
    let (Some((row, value)), None) = (rows.next().filter(|_| neighbours), rows.next()) else { return None };
    let proposal = Proposal {
        cell: table.key((row, one)),
        value: value.to_string(),
        reason: Message::plain("two neighbours have changed places; with them back every sum holds"),
        only: true,
    };
    Some(Swap { cells: [(row, one), (row, other)], proposal })
}

/// The value that would make every sum of a cell hold; none where its sums ask for different ones or one holds already.
/// It is the only one when two failed sums meet in the cell.
pub fn propose(suspect: Address, table: &CheckedTable) -> Option<Proposal> {
    let printed = table.value(suspect)?;
    let place = table.board.place(suspect)?;
    let mut gaps = Vec::new();
    for case in table.cases.iter().filter(|case| case.places(table.board).any(|own| own == place)) {
        let Some(id) = case.expanded.ids().find(|id| case.address(id) == suspect) else { continue };
        match case.standing {
            Standing::Failed(..) => gaps.push(gap(case, id)?),
            Standing::Proven | Standing::Idle => return None,
            Standing::NotCheckable => {}
        }
    }
    let needed = *gaps.first()?;
    let value = exact::add(printed, needed)?;
    let fits = gaps.iter().all(|other| *other == needed) && value >= Decimal::ZERO;
    let reason = reason(printed, value);
    fits.then(|| Proposal { cell: table.key(suspect), value: value.to_string(), reason, only: gaps.len() > 1 })
}

/// What copying does to a number that would turn `wanted` into `printed`.
fn reason(printed: Decimal, wanted: Decimal) -> Message {
    let (one, other) = (printed.to_string(), wanted.to_string());
    let sorted = |text: &str| {
        let mut digits: Vec<char> = text.chars().collect();
        digits.sort_unstable();
        digits
    };
    let n_differ = one.chars().zip(other.chars()).filter(|(left, right)| left != right).count();
    if exact::multiply(printed, Decimal::ONE_THOUSAND) == Some(wanted) {
        Message::plain("a thousands separator was read as a decimal point; with it every sum it takes part in holds")
    } else if one.len() == other.len() && sorted(&one) == sorted(&other) {
        Message::plain("two digits have changed places; with them back every sum it takes part in holds")
    } else if one.len() == other.len() && n_differ == 1 {
        Message::plain("one digit differs; with it every sum it takes part in holds")
    } else {
        Message::plain("with it every sum it takes part in holds")
    }
}

/// What a cell would have to grow by for both sides of a failed sum to be equal.
fn gap(case: &Case, id: &str) -> Option<Decimal> {
    let Standing::Failed(left, right) = case.standing else { return None };
    let on_left = case.expanded.left.iter().any(|part| part.id == id);
    if on_left { exact::subtract(right, left) } else { exact::subtract(left, right) }
}

/// The operands that explain a failure best: those in most failed identities and in fewest that hold. Where several
/// are as good, a total printed 0 over parts that are not is the likeliest; else none is preferred.
pub fn suspects<'c>(case: &'c Case, table: &CheckedTable) -> Vec<Address<'c>> {
    let weight = |id: &str| table.board.place(case.address(id)).and_then(|place| table.weights.get(&place)).copied().unwrap_or(0);
    let scored: Vec<(i64, &str)> = case.expanded.ids().map(|id| (weight(id), id)).collect();
    let best = scored.iter().map(|(score, _)| *score).max().unwrap_or(0);
    let leading: Vec<&str> = scored.iter().filter(|(score, _)| *score == best).map(|(_, id)| *id).collect();
    let is_empty_total = |id: &&str| {
        case.expanded.parts().any(|part| part.is_total && part.id == *id)
            && table.value(case.address(id)).is_some_and(|value| value.is_zero())
    };
    let empty: Vec<&str> = leading.iter().copied().filter(|id| is_empty_total(id)).collect();
    // Where another sum would tell and cannot be checked, the parts are as likely.
    let is_unheard = |id: &&str| {
        let place = table.board.place(case.address(id));
        let crosses = |other: &&Case| other.in_row() != case.in_row() && other.standing == Standing::NotCheckable;
        table.cases.iter().filter(crosses).any(|other| other.places(table.board).any(|own| Some(own) == place))
    };
    let chosen = if empty.len() == 1 && !leading.iter().any(is_unheard) { empty } else { leading };
    chosen.into_iter().map(|id| case.address(id)).collect()
}
