//! Checks across files: the same report in two files, and the reports of one publisher on following years.

use super::entry::Entry;
use super::measure::in_unit;
use super::people::Imprint;
use super::record::{Body, Cell, Finding, Grid, State, both};
use super::variables::{Named, Variables};
use crate::flag::{Code, Flag, Message, Severity};
use crate::sums::Operand;
use crate::years::{Side, YearCells, YearChecks, compare};
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// What two reports of one publisher, family and year are to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Likeness {
    /// One report in two files. What they print otherwise: key, the number of the one that stands, and the other's.
    Same(Vec<(String, String, String)>),
    /// Two reports: so many of so many values differ.
    Other(usize, usize),
    /// Too little is common to say.
    Unknown,
}

/// Fewer common values than these say nothing.
const LEAST_COMMON: usize = 8;
/// The same, where all of them differ.
const FEWEST_ALL: usize = 3;
/// More values than these that differ are no slips: each file keeps its own.
const MOST_DIFFERING: usize = 20;

/// Compare two reports value by value; one report saved twice may differ in a few misread values, never in most. A blank
/// is no zero.
pub fn liken(stands: &YearCells, other: &YearCells) -> Likeness {
    let told = |operand: Option<&Operand>| match operand {
        Some(Operand::Number(value)) => value.normalize().to_string(),
        Some(Operand::Nothing) | None => "-".to_string(),
        Some(Operand::Unknown) => "?".to_string(),
    };
    let is_number = |operand: Option<&Operand>| matches!(operand, Some(Operand::Number(_)));
    let (mut n_common, mut n_all, mut differing) = (0, 0, Vec::new());
    let keys: BTreeSet<&Arc<str>> = stands.cells.keys().chain(other.cells.keys()).collect();
    for key in keys {
        let (there, here) = (stands.cells.get(key), other.cells.get(key));
        n_common += usize::from(is_number(there) && is_number(here));
        n_all += usize::from(is_number(there) || is_number(here));
        let is_equal = told(there) == told(here);
        if !is_equal && (is_number(there) || is_number(here)) {
            differing.push((key.to_string(), told(there), told(here)));
        }
    }
    match differing.len() {
        _ if n_common < LEAST_COMMON => Likeness::Unknown,
        n_differing if n_differing * 5 <= n_common && n_differing <= MOST_DIFFERING => Likeness::Same(differing),
        n_differing => Likeness::Other(n_differing, n_all),
    }
}

/// Whose two reports on one year are, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// One body's: most numbers are the same.
    One,
    /// Two bodies': so many of so many numbers differ.
    Two(usize, usize),
    /// The numbers do not tell.
    Unknown,
}

/// Tell two bodies from one by the numbers that both reports print in one place, zeros in both set aside: in a corrected
/// edition some are others, in another body's report nearly all. A report of zeros alone tells nothing.
pub fn tell_bodies(one: &YearCells, other: &YearCells) -> Whose {
    let number = |report: &YearCells, key: &str| match report.cells.get(key) {
        Some(Operand::Number(value)) => Some(*value),
        Some(Operand::Nothing | Operand::Unknown) | None => None,
    };
    let both = one.cells.keys().filter_map(|key| number(one, key).zip(number(other, key)));
    let shared: Vec<(Decimal, Decimal)> = both.filter(|(own, others)| !own.is_zero() || !others.is_zero()).collect();
    let n_differing = shared.iter().filter(|(own, others)| own != others).count();
    let is_blank = shared.iter().all(|(own, _)| own.is_zero()) || shared.iter().all(|(_, others)| others.is_zero());
    match shared.len() {
        // A small office prints few numbers; where each of them is another, no correction made them so.
        FEWEST_ALL.. if n_differing == shared.len() && !is_blank => Whose::Two(n_differing, n_differing),
        n_shared if n_shared < LEAST_COMMON || is_blank => Whose::Unknown,
        n_shared if n_differing * 4 >= n_shared * 3 => Whose::Two(n_differing, n_shared),
        n_shared if n_differing * 2 < n_shared => Whose::One,
        _ => Whose::Unknown,
    }
}

/// What is said in two ways of whose a report is, and of its year.
pub fn tell_doubts(imprint: &Imprint) -> Vec<Finding> {
    let help = Message::plain("open the report: see whose it is, and which year its numbers are on");
    let flag =
        |(severity, message): &(Severity, Message)| Flag::new(Code::ImprintDoubt, message.clone()).graded(*severity).help(help.clone());
    imprint.doubts.iter().map(|doubt| finding(&flag(doubt))).collect()
}

/// How many numbers other than zeros a report has, and what tells them and their places from those of all other reports;
/// none where they are few.
pub fn fingerprint(family: &str, cells: &YearCells) -> Option<(usize, u64)> {
    let numbers = cells.cells.iter().filter_map(|(key, operand)| match operand {
        Operand::Number(value) if !value.is_zero() => Some((key, value.normalize())),
        _ => None,
    });
    let (mut hash, mut n_numbers) = (DefaultHasher::new(), 0);
    family.hash(&mut hash);
    for number in numbers {
        number.hash(&mut hash);
        n_numbers += 1;
    }
    (n_numbers >= LEAST_COMMON).then(|| (n_numbers, hash.finish()))
}

/// That a report has all the numbers of another.
pub fn tell_twin(n_numbers: usize, file: &str) -> Finding {
    let facts = [n_numbers.to_string(), file.to_string()];
    let message = Message::new("its {0} numbers other than zeros are all those of {1}, which is of another publisher or year", facts);
    let help = Message::plain("open both files: see which of them is the report that counts");
    finding(&Flag::new(Code::ReportTwice, message).graded(Severity::Note).help(help))
}

/// What likeness is worth telling of a report, beside the one that stands in the panel.
pub fn tell_likeness(likeness: &Likeness, stands: &str) -> Option<Finding> {
    let file = stands.to_string();
    let (severity, message, cells) = match likeness {
        Likeness::Unknown => return None,
        Likeness::Same(differing) if differing.is_empty() => {
            (Severity::Note, Message::new("this is the same report as {0}; its values are kept once", [file]), Vec::new())
        }
        Likeness::Same(differing) => {
            let one = |(key, there, here): &(String, String, String)| format!("{key} {there} ≠ {here}");
            let facts = [differing.len().to_string(), file, differing.iter().map(one).collect::<Vec<_>>().join("; ")];
            let message = Message::new(
                "{0} values are printed otherwise than in {1}, which is the same report and stands in the dataset (there ≠ here): {2}",
                facts,
            );
            (Severity::Warning, message, differing.iter().map(|(key, ..)| key.clone()).collect())
        }
        Likeness::Other(n_differing, n_common) => {
            let facts = [file, n_differing.to_string(), n_common.to_string()];
            let message =
                Message::new("{0} is of the same publisher and year, stands in the panel, and differs in {1} of {2} values", facts);
            (Severity::Warning, message, Vec::new())
        }
    };
    let help = Message::plain("open both files: see which of them is the report that counts");
    Some(finding(&Flag::new(Code::ReportTwice, message).graded(severity).about(cells).help(help)))
}

/// The cells of a report as years are compared, each in the unit of its column.
pub fn year_cells(entry: &Entry, body: &Body, named: &Named, variables: &Variables) -> Option<YearCells> {
    let (publisher, year) = (entry.imprint.publisher.clone()?, entry.imprint.year?);
    let number = |cell: &Cell, variable: Option<usize>| {
        let wanted = variable.and_then(|index| variables.get(index)).and_then(|variable| variable.unit.as_deref());
        in_unit(cell.value.as_deref()?, cell.unit.as_deref(), wanted).0.parse().ok()
    };
    let operand = |cell: &Cell, variable: Option<usize>| match cell.state {
        State::Number | State::Annotated => number(cell, variable).map_or(Operand::Unknown, Operand::Number),
        State::Blank | State::Na => Operand::Nothing,
        State::Text | State::Ambiguous => Operand::Unknown,
    };
    let grids = body.tables.iter().zip(named).filter(|(grid, _)| grid.fitted);
    let all = grids.flat_map(|(grid, named)| grid.cells.iter().zip(named).map(move |(cell, variable)| (grid, cell, variable)));
    // Put in order once all are there.
    let known = |variable: Option<usize>| Some(variables.get(variable?)?.key.clone());
    let key = |grid: &Grid, cell: &Cell, variable| known(variable).or_else(|| grid.key(cell).map(Arc::from));
    let cells = all.filter_map(|(grid, cell, variable)| Some((key(grid, cell, *variable)?, operand(cell, *variable)))).collect();
    Some(YearCells { publisher, year, cells })
}

/// What two reports on following years say of each other; a flag on the later one.
pub fn hold_years(earlier: &YearCells, later: &YearCells, checks: &YearChecks, printed: &Printed) -> Vec<Finding> {
    let found = compare(earlier, later, checks);
    found.iter().map(|found| printed.finding(&found.flag(Side::Later))).collect()
}

/// A flag that is raised once a report is a set of rows, of the report as a whole.
pub fn finding(flag: &Flag) -> Finding {
    Finding {
        code: flag.code.name().into(),
        severity: flag.severity.name().into(),
        fault: flag.fault.name().into(),
        message: both(&flag.message),
        help: flag.help.as_ref().map(both),
        cells: flag.cells.clone(),
        ..Finding::default()
    }
}

/// What a report prints, and the variables of its cells.
pub struct Printed<'a> {
    /// Its cells.
    pub body: &'a Body,
    /// The variable of each.
    pub named: &'a Named,
    /// The variables.
    pub variables: &'a Variables,
}

impl Printed<'_> {
    /// A flag whose place is that of the first value it names.
    pub fn finding(&self, flag: &Flag) -> Finding {
        let place = flag.cells.first().and_then(|key| self.find(key));
        let (place, source) = place.unwrap_or_default();
        Finding { place, source, ..finding(flag) }
    }

    /// Where a value is printed, and its words: the labels of its row and its column, itself.
    fn find(&self, key: &str) -> Option<(String, String)> {
        let grids = self.body.tables.iter().zip(self.named);
        let mut cells = grids.flat_map(|(grid, named)| grid.cells.iter().zip(named).map(move |(cell, variable)| (grid, cell, variable)));
        let (_, cell, variable) = cells.find(|(grid, cell, _)| grid.key(cell).as_deref() == Some(key))?;
        let label = variable.and_then(|index| self.variables.get(index)).map_or(key, |variable| variable.label.as_str());
        Some((cell.place.to_string(), format!("{label}: {}", cell.raw)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(values: &[i64]) -> YearCells {
        let cells = values.iter().enumerate().map(|(index, value)| (format!("t/{index}/n").into(), Operand::Number(Decimal::from(*value))));
        YearCells { publisher: "x".into(), year: 2021, cells: cells.collect() }
    }

    #[test]
    fn one_report_in_two_files_is_told_from_two_reports() {
        let values: Vec<i64> = (1..=10).collect();
        let mut misread = values.clone();
        misread[3] = 40;
        assert_eq!(liken(&report(&values), &report(&values)), Likeness::Same(Vec::new()));
        assert_eq!(liken(&report(&values), &report(&misread)), Likeness::Same(vec![("t/3/n".into(), "4".into(), "40".into())]));
        // What one of them leaves out, or prints as a zero for a blank, is a difference.
        assert_eq!(liken(&report(&values), &report(&values[..9])), Likeness::Same(vec![("t/9/n".into(), "10".into(), "-".into())]));
        let other: Vec<i64> = (11..=20).collect();
        assert_eq!(liken(&report(&values), &report(&other)), Likeness::Other(10, 10));
        assert_eq!(liken(&report(&values[..3]), &report(&other[..3])), Likeness::Unknown);
    }

    #[test]
    fn two_bodies_are_told_by_nearly_all_their_numbers() {
        let values: Vec<i64> = (1..=12).collect();
        let but = |n_differing: usize| -> Vec<i64> {
            values.iter().enumerate().map(|(index, value)| if index < n_differing { value + 100 } else { *value }).collect()
        };
        let whose = |other: &[i64]| tell_bodies(&report(&values), &report(other));
        assert_eq!([0, 5, 6, 8, 9].map(|n| whose(&but(n))), [Whose::One, Whose::One, Whose::Unknown, Whose::Unknown, Whose::Two(9, 12)]);
        assert_eq!(whose(&but(12)), Whose::Two(12, 12));
        assert_eq!(whose(&but(4)[..7]), Whose::Unknown, "too few in common");
        assert_eq!([2, 3].map(|n| whose(&but(12)[..n])), [Whose::Unknown, Whose::Two(3, 3)], "all of few");
        assert_eq!(whose(&[0; 12]), Whose::Unknown, "a form that nobody filled in");
        // Zeros in both make no two reports alike.
        let spread = |values: &[i64]| -> Vec<i64> { values.iter().copied().chain([0; 90]).collect() };
        assert_eq!(tell_bodies(&report(&spread(&values)), &report(&spread(&but(12)))), Whose::Two(12, 12));
    }
}
