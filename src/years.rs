//! Two reports of one publisher on years that follow each other: what one carries over the other takes in, and no number
//! leaps without a word.
//!
//! In: the cells of each report as small owned data ([`YearCells`]). Out: findings that name the cells of both sides.
//! Which reports belong to one publisher is said here ([`YearCells::follows`]); no file is read and nothing is kept.

use crate::exact;
use crate::flag::{Code, Flag, Message};
use crate::grammar::{Family, Identity, Item, Pattern, TableForm, Term, When, has_child, is_under};
use crate::label;
use crate::sums::Operand;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

/// What years need to know of one report.
#[derive(Debug, Clone, PartialEq)]
pub struct YearCells {
    /// Who published it.
    pub publisher: String,
    /// The year it is on.
    pub year: i32,
    /// Key of a value, `table/row/column`, → what it says. A key that is not here is not known: nothing is said of it.
    pub cells: BTreeMap<Arc<str>, Operand>,
}

/// One finding between two reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What kind.
    pub code: Code,
    /// The fact, with its figures.
    pub message: Message,
    /// Keys it concerns in the report of the earlier year.
    pub earlier: Vec<String>,
    /// Keys it concerns in the report of the later year.
    pub later: Vec<String>,
}

/// Which of the two reports a flag is put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one of the year before.
    Earlier,
    /// The one after it.
    Later,
}

impl Finding {
    /// The finding as a flag on one of the two reports, without a place.
    pub fn flag(&self, side: Side) -> Flag {
        let cells = match side {
            Side::Earlier => &self.earlier,
            Side::Later => &self.later,
        };
        let help = Message::plain("open both reports at these cells and keep both numbers: the gap is a finding of its own");
        Flag::new(self.code, self.message.clone()).about(cells.clone()).help(help)
    }
}

impl YearCells {
    /// True when this report is the one that comes after `earlier`.
    pub fn follows(&self, earlier: &YearCells) -> bool {
        self.year == earlier.year.saturating_add(1) && label::key(&self.publisher) == label::key(&earlier.publisher)
    }

    /// What a cell says. A total left blank is not 0.
    fn operand(&self, key: &str, is_total: bool) -> Operand {
        match self.cells.get(key).copied().unwrap_or(Operand::Unknown) {
            Operand::Nothing if is_total => Operand::Unknown,
            known => known,
        }
    }
}

/// The checks of a family over years, made ready once: which cells each of them adds up.
pub struct YearChecks<'f>(Vec<FormChecks<'f>>);

struct FormChecks<'f> {
    form: &'f TableForm,
    /// Each identity in every line of the form.
    identities: Vec<(&'f Identity, Vec<Line<'f>>)>,
}

/// An identity in one line of a table: a column where it is over rows, a row where it is over columns.
struct Line<'f> {
    item: &'f Item,
    left: Vec<Cell>,
    right: Vec<Cell>,
}

/// A cell that an identity adds up.
struct Cell {
    key: String,
    factor: i64,
    when: When,
    is_total: bool,
}

impl<'f> YearChecks<'f> {
    /// Those of a family.
    pub fn new(family: &'f Family) -> YearChecks<'f> {
        let form = |form: &'f TableForm| {
            let identities = form.year_checks.iter().map(|identity| (identity, lines(identity, form))).collect();
            FormChecks { form, identities }
        };
        YearChecks(family.tables.iter().map(form).collect())
    }
}

/// An identity over rows holds in every column, one over columns in every row.
fn lines<'f>(identity: &Identity, form: &'f TableForm) -> Vec<Line<'f>> {
    let (rows, columns) = (items(form, |band| &band.rows), items(form, |band| &band.columns));
    let names_rows = identity.named().all(|id| rows.iter().any(|item| item.id == id));
    let (own, lines) = if names_rows { (rows, columns) } else { (columns, rows) };
    let line = |line: &'f Item| {
        let key = |id: &str| if names_rows { format!("{}/{id}/{}", form.id, line.id) } else { format!("{}/{}/{id}", form.id, line.id) };
        let side = |terms: &[Term]| {
            let reached =
                terms.iter().flat_map(|term| term.patterns.iter().flat_map(|pattern| reach(pattern, &own)).map(move |item| (term, item)));
            let cell = |(term, item): (&Term, &Item)| {
                let is_total = item.aggregate || line.aggregate;
                Cell { key: key(&item.id), factor: term.factor, when: term.when, is_total }
            };
            reached.map(cell).collect()
        };
        Line { item: line, left: side(&identity.left), right: side(&identity.right) }
    };
    lines.into_iter().map(line).collect()
}

/// Hold a report against the one of the year before; empty where `later` does not follow `earlier`.
pub fn compare(earlier: &YearCells, later: &YearCells, checks: &YearChecks) -> Vec<Finding> {
    if !later.follows(earlier) {
        return Vec::new();
    }
    let pair = Pair { earlier, later };
    let mut found = Vec::new();
    for FormChecks { form, identities } in &checks.0 {
        found.extend(identities.iter().flat_map(|(identity, lines)| pair.check(identity, lines)));
        found.extend(pair.leaps(form));
    }
    found
}

/// Two reports side by side.
struct Pair<'a> {
    earlier: &'a YearCells,
    later: &'a YearCells,
}

/// The sides of an identity in one line of a table.
#[derive(Default)]
struct Sides {
    left: Decimal,
    right: Decimal,
    any_printed: bool,
}

/// A line in which an identity fails, and the cells of both reports that it adds up there.
struct Off<'c> {
    line: &'c Line<'c>,
    sides: Sides,
    earlier: Vec<String>,
    later: Vec<String>,
}

impl<'c> Off<'c> {
    fn new(line: &'c Line<'c>, sides: Sides) -> Off<'c> {
        let of = |when: When| {
            let cells = line.left.iter().chain(&line.right).filter(|cell| cell.when == when);
            cells.map(|cell| cell.key.clone()).collect()
        };
        Off { line, sides, earlier: of(When::LastYear), later: of(When::ThisYear) }
    }
}

impl Pair<'_> {
    fn check(&self, identity: &Identity, lines: &[Line]) -> Vec<Finding> {
        let is_off = |sides: &Sides| sides.any_printed && sides.left != sides.right;
        let off = lines.iter().filter_map(|line| Some((line, self.sides(line).filter(is_off)?)));
        let mut off: Vec<Off> = off.map(|(line, sides)| Off::new(line, sides)).collect();
        // A total that is off speaks for its parts.
        if let Some(at) = off.iter().position(|off| off.line.item.aggregate) {
            let mut total = off.swap_remove(at);
            for part in off.drain(..) {
                total.earlier.extend(part.earlier);
                total.later.extend(part.later);
            }
            off.push(total);
        }
        off.into_iter().map(|off| self.carry_off(identity, off)).collect()
    }

    /// Both sides of an identity in a line; none where something is not known.
    fn sides(&self, line: &Line) -> Option<Sides> {
        let mut sides = Sides::default();
        for (cell, is_left) in line.left.iter().map(|cell| (cell, true)).chain(line.right.iter().map(|cell| (cell, false))) {
            let report = match cell.when {
                When::ThisYear => self.later,
                When::LastYear => self.earlier,
            };
            match report.operand(&cell.key, cell.is_total) {
                Operand::Unknown => return None,
                Operand::Nothing => {}
                Operand::Number(value) => {
                    sides.any_printed = true;
                    let side = if is_left { &mut sides.left } else { &mut sides.right };
                    *side = exact::add(*side, exact::multiply(value, Decimal::from(cell.factor))?)?;
                }
            }
        }
        Some(sides)
    }

    fn carry_off(&self, identity: &Identity, Off { line, sides, earlier, later }: Off) -> Finding {
        let facts = [
            line.item.id.clone(),
            self.later.year.to_string(),
            sides.left.to_string(),
            self.earlier.year.to_string(),
            sides.right.to_string(),
            identity.text.clone(),
        ];
        let message = Message::new("{0}: {1} says {2}; after {3} it would be {4} ({5})", facts);
        Finding { code: Code::YearCarryOff, message, earlier, later }
    }

    /// Rows in which a number is ten times what it was, or a tenth; one finding a row.
    fn leaps(&self, form: &TableForm) -> Vec<Finding> {
        let leapt = self.leapt(form);
        if leapt.is_empty() {
            return Vec::new();
        }
        let (rows, columns) = (items(form, |band| &band.rows), items(form, |band| &band.columns));
        let leap = |row: &&Item| {
            let number = |column: &Item| {
                let key = format!("{}/{}/{}", form.id, row.id, column.id);
                leapt.get(key.as_str()).map(|&(before, after)| (before, after, key))
            };
            let leapt: Vec<(Decimal, Decimal, String)> = columns.iter().filter_map(|column| number(column)).collect();
            let (before, after, key) = leapt.iter().max_by_key(|(before, after, _)| (*before).max(*after))?;
            let facts = [key.clone(), self.earlier.year.to_string(), before.to_string(), self.later.year.to_string(), after.to_string()];
            let message = Message::new("{0}: {1} has {2}, {3} has {4}", facts);
            let keys: Vec<String> = leapt.iter().map(|(.., key)| key.clone()).collect();
            Some(Finding { code: Code::YearLeap, message, earlier: keys.clone(), later: keys })
        };
        rows.iter().filter_map(leap).collect()
    }

    /// The values of a form that leap, by key: before, after. Both reports have their keys in order.
    fn leapt(&self, form: &TableForm) -> BTreeMap<&str, (Decimal, Decimal)> {
        let number = |operand: &Operand| match operand {
            Operand::Number(value) => Some(*value),
            Operand::Nothing | Operand::Unknown => None,
        };
        // The keys of a form stand together.
        let first = format!("{}/", form.id);
        let mut before = self.earlier.cells.range::<str, _>((Bound::Included(first.as_str()), Bound::Unbounded)).peekable();
        let mut leapt = BTreeMap::new();
        for (key, after) in self
            .later
            .cells
            .range::<str, _>((Bound::Included(first.as_str()), Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(&first))
        {
            while before.next_if(|(earlier, _)| *earlier < key).is_some() {}
            let Some((_, before)) = before.next_if(|(earlier, _)| *earlier == key) else { continue };
            if let Some((before, after)) = number(before).zip(number(after)).filter(|(before, after)| is_leap(*before, *after)) {
                leapt.insert(&**key, (before, after));
            }
        }
        leapt
    }
}

/// A number that is smaller in both years leaps every year.
const LEAST_LEAP: Decimal = Decimal::from_parts(100, 0, 0, false, 0);

fn is_leap(before: Decimal, after: Decimal) -> bool {
    let (small, large) = (before.min(after), before.max(after));
    large >= LEAST_LEAP && small.checked_mul(Decimal::TEN).is_some_and(|tenfold| tenfold <= large)
}

/// Rows or columns of a form, in whatever edition, each once.
fn items(form: &TableForm, axis: fn(&crate::grammar::Band) -> &Vec<Item>) -> Vec<&Item> {
    let mut seen = BTreeSet::new();
    form.bands.iter().flat_map(axis).filter(|item| seen.insert(item.id.as_str())).collect()
}

fn reach<'i>(pattern: &Pattern, items: &[&'i Item]) -> Vec<&'i Item> {
    let is_leaf = |item: &&&Item| !has_child(&item.id, items.iter().map(|item| item.id.as_str())) && !item.aggregate;
    let is_child = |item: &&&Item, group: &str| !item.id.get(group.len() + 1..).unwrap_or("").contains('.');
    match pattern {
        Pattern::Id(id) => items.iter().filter(|item| item.id == *id).copied().collect(),
        Pattern::Leaves(group) => items.iter().filter(is_leaf).filter(|item| is_under(&item.id, group)).copied().collect(),
        Pattern::Children(group) => {
            items.iter().filter(is_leaf).filter(|item| is_under(&item.id, group) && is_child(item, group)).copied().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::{BUILT_IN, load};

    fn year(publisher: &str, year: i32, cells: &[(&str, i64)]) -> YearCells {
        let cells = cells.iter().map(|(key, value)| ((*key).into(), Operand::Number(Decimal::from(*value)))).collect();
        YearCells { publisher: publisher.into(), year, cells }
    }

    fn told(earlier: &YearCells, later: &YearCells) -> Vec<(String, Vec<String>)> {
        let family = load::load(BUILT_IN.iter().find(|(id, _)| *id == "cn-foi-annual").unwrap().1).unwrap();
        let found = compare(earlier, later, &YearChecks::new(&family));
        found.into_iter().map(|finding| (format!("{} {}", finding.code.name(), finding.message), finding.later)).collect()
    }

    #[test]
    fn what_is_carried_over_must_be_taken_in() {
        let before = year("青石县", 2021, &[("requests/carried_out/natural", 9), ("requests/carried_out/total", 16)]);
        let held = year("青石县", 2022, &[("requests/carried_in/natural", 9), ("requests/carried_in/total", 16)]);
        assert_eq!(told(&before, &held), []);
        let off = year("青石縣", 2022, &[("requests/carried_in/natural", 5), ("requests/carried_in/total", 12)]);
        let message = "year-carry-off total: 2022 says 12; after 2021 it would be 16 (carried_in = last_year(carried_out))";
        let cells = vec!["requests/carried_in/total".to_string(), "requests/carried_in/natural".to_string()];
        assert_eq!(told(&before, &off), [(message.to_string(), cells)], "the total speaks for its parts, once");
    }

    #[test]
    fn only_one_publisher_and_only_the_next_year() {
        let before = year("青石县", 2021, &[("requests/carried_out/total", 16)]);
        assert_eq!(told(&before, &year("白水县", 2022, &[("requests/carried_in/total", 12)])), []);
        assert_eq!(told(&before, &year("青石县", 2023, &[("requests/carried_in/total", 12)])), []);
        assert_eq!(told(&before, &year("青石县", 2022, &[("requests/carried_in/natural", 12)])), [], "a total that is not known");
    }

    #[test]
    fn what_is_in_force_grows_by_what_is_made() {
        let key = |row: &str, column: &str| format!("disclosure/{row}/{column}");
        let (made, repealed, in_force) = (key("regulations", "made"), key("regulations", "repealed"), key("regulations", "in_force"));
        let before = year("青石县", 2021, &[(&in_force, 4)]);
        assert_eq!(told(&before, &year("青石县", 2022, &[(&made, 2), (&repealed, 1), (&in_force, 5)])), []);
        let off = told(&before, &year("青石县", 2022, &[(&made, 2), (&repealed, 1), (&in_force, 6)]));
        assert_eq!(
            off[0].0,
            "year-carry-off regulations: 2022 says 6; after 2021 it would be 5 (in_force = last_year(in_force) + made - repealed)"
        );
        assert_eq!(off[0].1, [in_force.clone(), made, repealed]);
        assert_eq!(told(&before, &year("青石县", 2022, &[(&in_force, 6)])), [], "nothing is said where a part is not known");
    }

    #[test]
    fn a_leap_is_told_once_a_row() {
        let cells = |natural, total| [("requests/new/natural", natural), ("requests/new/total", total)];
        let (before, after) = (year("青石县", 2021, &cells(30, 41)), year("青石县", 2022, &cells(300, 420)));
        assert_eq!(told(&before, &after).len(), 1);
        assert_eq!(told(&before, &after)[0].0, "year-leap requests/new/total: 2021 has 41, 2022 has 420");
        assert_eq!(told(&year("青石县", 2021, &cells(3, 4)), &year("青石县", 2022, &cells(40, 60))), [], "small numbers leap every year");
    }
}
