//! Identities over fitted cells → how each number stands, and flags for sums that do not add up.

use crate::fit::{Fate, Fitted, FittedCell, FittedTable};
use crate::flag::{Code, Fault, Flag, Flagged, Message, Proposal, Related};
use crate::grammar::{Family, Identity, Item, TableForm};
use crate::normalise::{Reading, same_measure};
use crate::sums::{Expanded, Operand, Standing, expand};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// How identities came out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Both sides equal.
    pub held: usize,
    /// They differ.
    pub failed: usize,
    /// Something is blank, lost or unknown.
    pub not_checkable: usize,
}

/// How a number stands; a cell that no identity covers is not in the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// In an identity that holds.
    Proven,
    /// In one that fails.
    Disputed,
}

/// What checking found.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Counts.
    pub tally: Tally,
    /// Key → how the number stands.
    pub trust: HashMap<String, Trust>,
}

/// One identity in one row or column.
struct Case<'a> {
    identity: &'a Identity,
    expanded: &'a Expanded,
    line: &'a str,
    in_row: bool,
    standing: Standing,
}

/// Check every table of the family.
pub fn check(fitted: &Fitted, family: &Family) -> Flagged<Checked> {
    let mut checked = Checked::default();
    let mut flags = Vec::new();
    for table in &fitted.tables {
        if let Some(form) = family.tables.get(table.form) {
            flags.extend(check_table(table, form, &fitted.edition, &mut checked));
        }
    }
    Flagged { value: checked, flags }
}

fn check_table(table: &FittedTable, form: &TableForm, edition: &str, checked: &mut Checked) -> Vec<Flag> {
    let cells: HashMap<(&str, &str), &FittedCell> =
        table.cells.iter().map(|cell| ((cell.row.as_str(), cell.column.as_str()), cell)).collect();
    let bands = || form.bands.iter().filter(|band| band.edition.as_deref().is_none_or(|own| own == edition));
    let has_column = |id: &str| table.cells.iter().any(|cell| cell.column == id);
    let has_row = |id: &str| table.cells.iter().any(|cell| cell.row == id);
    let columns: Vec<&Item> = bands().flat_map(|band| &band.columns).filter(|item| !item.optional || has_column(&item.id)).collect();
    let rows: Vec<&Item> = bands().flat_map(|band| &band.rows).filter(|item| !item.optional || has_row(&item.id)).collect();
    let in_rows: Vec<(&Identity, Expanded)> =
        form.column_checks.iter().filter_map(|identity| Some((identity, expand(identity, &columns)?))).collect();
    let in_columns: Vec<(&Identity, Expanded)> =
        form.row_checks.iter().filter_map(|identity| Some((identity, expand(identity, &rows)?))).collect();
    let look = |row: &str, column: &str| cells.get(&(row, column)).map_or(Operand::Unknown, |cell| operand(cell));
    let mut cases = Vec::new();
    let mut row_ids: Vec<&str> = table.cells.iter().map(|cell| cell.row.as_str()).collect();
    row_ids.dedup();
    for row in &row_ids {
        for (identity, expanded) in &in_rows {
            cases.push(Case { identity, expanded, line: row, in_row: true, standing: expanded.evaluate(|column| look(row, column)) });
        }
    }
    let column_ids: Vec<&str> = columns.iter().map(|item| item.id.as_str()).filter(|id| has_column(id)).collect();
    for column in &column_ids {
        for (identity, expanded) in &in_columns {
            cases.push(Case { identity, expanded, line: column, in_row: false, standing: expanded.evaluate(|row| look(row, column)) });
        }
    }
    tally(&cases, form, checked);
    cases.iter().filter_map(|case| sum_off(case, &cases, form, &cells)).collect()
}

/// What an identity meets in a fitted cell.
pub fn operand(cell: &FittedCell) -> Operand {
    match (&cell.fate, &cell.reading) {
        (Fate::Ambiguous | Fate::Lost, _) | (_, Reading::Unread(_) | Reading::Words) => Operand::Unknown,
        (Fate::Placed, Reading::Number(quantity) | Reading::Annotated(quantity)) => match (quantity.unit, cell.unit.as_deref()) {
            // A number in another unit says nothing to a sum.
            (Some(printed), Some(wanted)) if !same_measure(printed, wanted) => Operand::Unknown,
            _ => Operand::Number(quantity.value),
        },
        (Fate::Placed, _) => Operand::Nothing,
    }
}

impl Case<'_> {
    fn address<'c>(&'c self, id: &'c str) -> (&'c str, &'c str) {
        if self.in_row { (self.line, id) } else { (id, self.line) }
    }

    fn keys<'c>(&'c self, form: &'c TableForm) -> impl Iterator<Item = String> + 'c {
        self.expanded.ids().map(|id| {
            let (row, column) = self.address(id);
            FittedTable::key(form, row, column)
        })
    }
}

fn tally(cases: &[Case], form: &TableForm, checked: &mut Checked) {
    for case in cases {
        let trust = match case.standing {
            Standing::Proven => Some(Trust::Proven),
            Standing::Failed(..) => Some(Trust::Disputed),
            _ => None,
        };
        match case.standing {
            Standing::Proven | Standing::Idle => checked.tally.held += 1,
            Standing::Failed(..) => checked.tally.failed += 1,
            Standing::NotCheckable => checked.tally.not_checkable += 1,
        }
        for key in case.keys(form).filter(|_| trust.is_some()) {
            let trust = trust.unwrap_or(Trust::Proven);
            let stands = checked.trust.entry(key).or_insert(trust);
            *stands = (*stands).max(trust);
        }
    }
}

fn sum_off(case: &Case, cases: &[Case], form: &TableForm, cells: &HashMap<(&str, &str), &FittedCell>) -> Option<Flag> {
    let Standing::Failed(left, right) = case.standing else { return None };
    let suspects = suspects(case, cases, cells);
    let key = |id: &str| {
        let (row, column) = case.address(id);
        FittedTable::key(form, row, column)
    };
    let span = |id: &str| cells.get(&case.address(id)).and_then(|cell| cell.span);
    let message = Message::new(
        "{0}: {1} on the left, {2} on the right ({3})",
        [case.line.to_string(), left.to_string(), right.to_string(), case.identity.text.clone()],
    );
    let related = case
        .expanded
        .ids()
        .filter(|id| !suspects.contains(id))
        .filter_map(|id| Some(Related { span: span(id)?, label: key(id) }))
        .collect();
    let at = suspects.iter().find_map(|id| span(id)).or_else(|| case.expanded.ids().find_map(span));
    let mut flag = Flag::new(Code::SumOff, message).about(suspects.iter().map(|id| key(id)).collect()).fault(Fault::Source);
    flag.span = at;
    flag.related = related;
    flag.help = Some(Message::plain("look these cells up in the original; the values are kept as printed"));
    flag.proposal = match suspects.as_slice() {
        [suspect] => propose(case, suspect, cases, form, cells),
        _ => None,
    };
    Some(flag)
}

/// The value that would make every sum of a cell hold; none where its sums ask for different ones or one holds already.
/// It is the only one when two failed sums meet in the cell.
fn propose(case: &Case, suspect: &str, cases: &[Case], form: &TableForm, cells: &HashMap<(&str, &str), &FittedCell>) -> Option<Proposal> {
    let address = case.address(suspect);
    let printed = cells.get(&address)?.reading.quantity()?.value;
    let mut gaps = Vec::new();
    for other in cases {
        let Some(id) = other.expanded.ids().find(|id| other.address(id) == address) else { continue };
        match other.standing {
            Standing::Failed(left, right) => gaps.push(gap_of(other, id, left, right)),
            Standing::Proven | Standing::Idle => return None,
            Standing::NotCheckable => {}
        }
    }
    let gap = *gaps.first()?;
    let value = printed + gap;
    let fits = gaps.iter().all(|other| *other == gap) && value >= Decimal::ZERO;
    let reason = Message::plain("with it every sum it takes part in holds");
    fits.then(|| Proposal { cell: FittedTable::key(form, address.0, address.1), value: value.to_string(), reason, only: gaps.len() > 1 })
}

/// What a cell would have to grow by for both sides to be equal.
fn gap_of(case: &Case, id: &str, left: Decimal, right: Decimal) -> Decimal {
    let on_left = case.expanded.left.iter().any(|(_, other)| other == id);
    if on_left { right - left } else { left - right }
}

/// The operands that explain a failure best: those in most failed identities and in fewest that hold. Where several
/// are as good, a total printed 0 over parts that are not is the likeliest; else none is preferred.
fn suspects<'c>(case: &'c Case, cases: &[Case], cells: &HashMap<(&str, &str), &FittedCell>) -> Vec<&'c str> {
    let value = |id: &str| cells.get(&case.address(id)).and_then(|cell| cell.reading.quantity()).map(|quantity| quantity.value);
    let score = |id: &str| {
        let (row, column) = case.address(id);
        let concerned = cases.iter().filter(|other| other.expanded.ids().any(|other_id| other.address(other_id) == (row, column)));
        concerned.fold(0_i64, |score, other| match other.standing {
            Standing::Failed(..) => score + 2,
            Standing::Proven | Standing::Idle => score - 1,
            Standing::NotCheckable => score,
        })
    };
    let scored: Vec<(i64, &str)> = case.expanded.ids().map(|id| (score(id), id)).collect();
    let best = scored.iter().map(|(score, _)| *score).max().unwrap_or(0);
    let leading: Vec<&str> = scored.iter().filter(|(score, _)| *score == best).map(|(_, id)| *id).collect();
    let is_empty_total =
        |id: &&&str| case.expanded.totals.iter().any(|total| total == **id) && value(id).is_some_and(|value| value.is_zero());
    let empty: Vec<&str> = leading.iter().filter(is_empty_total).copied().collect();
    if empty.len() == 1 { empty } else { leading }
}
