//! Sums over cells of several tables: what one table prints as a total another lists in full.

use super::{Checked, Site, Trust, is_rounded, operand, rounded_sum, wrong_sum};
use crate::exact;
use crate::fit::{Fitted, FittedCell, FittedTable};
use crate::flag::{Code, Flag, Message, Related};
use crate::grammar::{Across, CellSum, Family, Pattern, Sides, is_under};
use crate::normalise::money_zeros;
use crate::sums::Operand;
use foldhash::HashMap;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Check every sum over tables.
pub fn check(fitted: &Fitted, family: &Family, checked: &mut Checked) -> Vec<Flag> {
    if family.across.is_empty() {
        return Vec::new();
    }
    let index = Index::new(fitted, family);
    let mut flags = Vec::new();
    for across in &family.across {
        let codes = if across.is_for_codes() { index.codes(across) } else { BTreeSet::from([String::new()]) };
        for sides in codes.iter().filter_map(|code| across.sides(code).ok()) {
            if sides.when.as_ref().is_none_or(|when| matches!(index.weigh(when), Some(Weighed { gap, .. }) if gap.is_zero())) {
                flags.extend(index.compare(across, &sides, checked));
                flags.extend(index.find_lost_row(across, &sides));
            }
        }
    }
    flags
}

/// Both sides of a sum, the choice on the right that comes nearest.
struct Weighed<'a> {
    left: Vec<Part<'a>>,
    right: Vec<Part<'a>>,
    sums: (Decimal, Decimal),
    gap: Decimal,
}

/// The cells of a report by table, row and column.
struct Index<'a> {
    tables: HashMap<&'a str, &'a FittedTable>,
    cells: HashMap<(&'a str, &'a str, &'a str), &'a FittedCell>,
}

/// A number of a sum: where it is, and what it is worth in the smallest unit.
struct Part<'a> {
    key: String,
    cell: &'a FittedCell,
    value: Decimal,
    /// Its last printed place; nothing where it is not rounded.
    step: Decimal,
}

impl<'a> Index<'a> {
    fn new(fitted: &'a Fitted, family: &'a Family) -> Index<'a> {
        let mut index = Index { tables: HashMap::default(), cells: HashMap::default() };
        for table in &fitted.tables {
            let Some(form) = family.tables.get(table.form) else { continue };
            index.tables.insert(form.id.as_str(), table);
            index.cells.extend(table.cells.iter().map(|cell| ((form.id.as_str(), &*cell.row, &*cell.column), cell)));
        }
        index
    }

    /// The codes that the tables of a sum print, each as its rows are named there.
    fn codes(&self, across: &Across) -> BTreeSet<String> {
        let rows = self.cells.keys().filter(|(table, ..)| across.text.contains(table)).map(|(_, row, _)| *row);
        let last = rows.filter_map(|row| row.rsplit('.').next());
        last.filter(|code| code.bytes().all(|byte| byte.is_ascii_digit())).map(str::to_string).collect()
    }

    /// The numbers of a sum; none where one is not there or cannot be read.
    fn parts(&self, sum: &CellSum) -> Option<Vec<Part<'a>>> {
        let mut parts = Vec::new();
        for term in &sum.terms {
            let Pattern::Id(column) = &term.column else { return None };
            let rows: Vec<&str> = match &term.row {
                Pattern::Id(id) => vec![id.as_str()],
                Pattern::Children(group) | Pattern::Leaves(group) => {
                    let items = self.tables.get(term.table.as_str())?.items.as_ref()?;
                    items.rows.iter().filter(|item| !item.aggregate && is_under(&item.id, group)).map(|item| item.id.as_str()).collect()
                }
            };
            for row in rows {
                let (key, cell) = self.cells.get_key_value(&(term.table.as_str(), row, column.as_str()))?;
                match operand(cell) {
                    Operand::Number(value) => parts.push(part(*key, cell, value)?),
                    Operand::Nothing if matches!(term.row, Pattern::Id(_)) => return None,
                    Operand::Nothing => {}
                    Operand::Unknown => return None,
                }
            }
        }
        (!parts.is_empty()).then_some(parts)
    }

    fn weigh(&self, sides: &Sides) -> Option<Weighed<'a>> {
        let choices = sides.right.iter().filter_map(|right| {
            let (left, right) = (self.parts(&sides.left)?, self.parts(right)?);
            let sums = (total(&left)?, total(&right)?);
            let gap = exact::subtract(sums.0, sums.1)?.abs();
            Some(Weighed { left, right, sums, gap })
        });
        choices.min_by_key(|weighed| weighed.gap)
    }

    /// A row that one table prints, the other does not, and the condition says that both must.
    fn find_lost_row(&self, across: &Across, sides: &Sides) -> Option<Flag> {
        let ([own], [CellSum { terms, .. }]) = (sides.left.terms.as_slice(), sides.right.as_slice()) else { return None };
        let other = terms.first().filter(|_| across.is_for_codes() && sides.when.is_some())?;
        for (there, lost) in [(own, other), (other, own)] {
            let (Pattern::Id(row), Pattern::Id(column), Pattern::Id(absent)) = (&there.row, &there.column, &lost.row) else { continue };
            let cell = self.cells.get(&(there.table.as_str(), row.as_str(), column.as_str()));
            let is_printed = cell.is_some_and(|cell| matches!(operand(cell), Operand::Number(value) if !value.is_zero()));
            let table = self.tables.get(lost.table.as_str())?;
            let is_lost = !table.cells.iter().any(|cell| *cell.row == **absent);
            // A table that ends at a higher level has no such rows.
            let has_level = table
                .cells
                .iter()
                .any(|cell| cell.row.len() == absent.len() && cell.row.bytes().last().is_some_and(|b| b.is_ascii_digit()));
            // A row of the side that goes by its own words may be the one that is looked for.
            let is_worded = |id: &str| absent.rsplit_once('.').is_some_and(|(side, _)| is_under(id, side)) && !id.is_ascii();
            let may_be_worded = table.cells.iter().any(|cell| is_worded(&cell.row));
            if is_printed && is_lost && has_level && !may_be_worded {
                let message = Message::new("the row {0} is not there", [absent.clone()]);
                let flag = Flag::new(Code::RowMissing, message).at(table.span).about(vec![format!("{}/{absent}/*", lost.table)]);
                let related = cell.and_then(|cell| Some(Related { span: cell.span?, label: format!("{}/{row}/{column}", there.table) }));
                return Some(Flag { related: related.into_iter().collect(), ..flag });
            }
        }
        None
    }

    fn compare(&self, across: &Across, sides: &Sides, checked: &mut Checked) -> Option<Flag> {
        let Some(Weighed { left, right, sums, gap }) = self.weigh(sides) else {
            checked.tally.not_checkable += usize::from(!across.is_for_codes());
            return None;
        };
        let parts: Vec<&Part> = left.iter().chain(&right).collect();
        if gap.is_zero() {
            checked.tally.held += 1;
            for span in parts.iter().filter(|_| !sums.0.is_zero()).filter_map(|part| part.cell.span) {
                checked.trust.entry(span).or_insert(Trust::Proven);
            }
            return None;
        }
        let step = parts.iter().map(|part| part.step).max().unwrap_or_default();
        let n_steps = Decimal::from_i128_with_scale(exact::rounding(parts.len().saturating_sub(1)), 0);
        let is_rounding = exact::multiply(step, n_steps).is_some_and(|allowed| gap <= allowed);
        let shown = |parts: &[Part], sum: Decimal| if let [only] = parts { printed(only) } else { sum.normalize().to_string() };
        let facts = [across.name.clone(), shown(&left, sums.0), shown(&right, sums.1), sides.text.clone()];
        let message = Message::new("{0}: {1} on the left, {2} on the right ({3})", facts);
        if !is_rounding {
            return Some(off(message, &parts, checked));
        }
        checked.tally.held += 1;
        Some(rounded_sum(message, parts.into_iter().map(site).collect()))
    }
}

fn total(parts: &[Part]) -> Option<Decimal> {
    parts.iter().try_fold(Decimal::ZERO, |sum, part| exact::add(sum, part.value))
}

fn part<'a>((table, row, column): (&str, &str, &str), cell: &'a FittedCell, value: Decimal) -> Option<Part<'a>> {
    let unit = cell.reading.quantity().and_then(|quantity| quantity.unit).or(cell.unit.as_deref());
    let zeros = unit.and_then(money_zeros).unwrap_or(0);
    let worth = Decimal::from(10_u64.checked_pow(zeros)?);
    let last_place = exact::multiply(Decimal::new(1, value.scale()), worth)?;
    let step = if is_rounded(unit, value.scale()) { last_place } else { Decimal::ZERO };
    Some(Part { key: format!("{table}/{row}/{column}"), cell, value: exact::multiply(value, worth)?, step })
}

fn printed(part: &Part) -> String {
    let unit = part.cell.unit.as_deref().unwrap_or("");
    part.cell.reading.quantity().map(|quantity| format!("{}{unit}", quantity.value)).unwrap_or_default()
}

fn site(part: &Part) -> Site {
    (part.key.clone(), part.cell.span)
}

/// The culprit is a number that no sum of its own table vouches for, or that one refutes; where there is none, all are.
fn off(message: Message, parts: &[&Part], checked: &mut Checked) -> Flag {
    checked.tally.failed += 1;
    let is_suspect = |part: &&&Part| part.cell.span.and_then(|span| checked.trust.get(&span)) != Some(&Trust::Proven);
    let (mut suspects, mut others): (Vec<&Part>, Vec<&Part>) = parts.iter().partition(|part| is_suspect(part));
    if suspects.is_empty() {
        std::mem::swap(&mut suspects, &mut others);
    }
    for span in parts.iter().filter_map(|part| part.cell.span) {
        checked.trust.insert(span, Trust::Disputed);
    }
    wrong_sum(message, suspects.into_iter().map(site).collect(), others.into_iter().map(site).collect())
}
