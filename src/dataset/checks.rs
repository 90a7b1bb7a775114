//! Checks across files: the same report in two files, and the reports of one publisher on following years.

use super::export::Entry;
use super::record::{Body, Finding, State, both};
use crate::flag::{Code, Flag, Message, Severity};
use crate::grammar::Family;
use crate::sums::Operand;
use crate::years::{Side, YearCells, compare};
use std::collections::BTreeMap;

/// What two reports of one publisher, family and year are to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Likeness {
    /// One report in two files. The keys of the values in which they differ.
    Same(Vec<String>),
    /// Two reports: so many of so many common values differ.
    Other(usize, usize),
    /// Too little is common to say.
    Unknown,
}

/// Fewer common values than these say nothing.
const LEAST_COMMON: usize = 8;

/// Compare two reports value by value; one report saved twice may differ in a few misread values, never in most.
pub fn liken(one: &YearCells, other: &YearCells) -> Likeness {
    let number = |operand: &Operand| match operand {
        Operand::Number(value) => Some(*value),
        _ => None,
    };
    let pairs = one.cells.iter().filter_map(|(key, value)| Some((key, number(value)?, number(other.cells.get(key)?)?)));
    let (mut n_common, mut differing) = (0, Vec::new());
    for (key, value, other) in pairs {
        n_common += 1;
        if value != other {
            differing.push(key.clone());
        }
    }
    match differing.len() {
        _ if n_common < LEAST_COMMON => Likeness::Unknown,
        n_differing if n_differing * 5 <= n_common => Likeness::Same(differing),
        n_differing => Likeness::Other(n_differing, n_common),
    }
}

/// What likeness is worth telling of a report, beside the one that stands in the panel.
pub fn tell_likeness(likeness: &Likeness, stands: &Entry) -> Option<Finding> {
    let file = stands.input.file.clone();
    let (severity, message, cells) = match likeness {
        Likeness::Unknown => return None,
        Likeness::Same(keys) if keys.is_empty() => {
            (Severity::Note, Message::new("this is the same report as {0}; its values are kept once", [file]), Vec::new())
        }
        Likeness::Same(keys) => {
            let facts = [keys.len().to_string(), file];
            let message =
                Message::new("{0} values are printed otherwise in {1}, which is the same report and stands in the dataset", facts);
            (Severity::Warning, message, keys.clone())
        }
        Likeness::Other(n_differing, n_common) => {
            let facts = [file, n_differing.to_string(), n_common.to_string()];
            let message =
                Message::new("{0} is of the same publisher and year, stands in the panel, and differs in {1} of {2} values", facts);
            (Severity::Warning, message, Vec::new())
        }
    };
    let help = Message::plain("open both files: see which of them is the report that counts");
    Some(finding(&Flag::new(Code::ReportTwice, message).graded(severity).about(cells).help(help), &Body::default()))
}

/// The cells of a report as years are compared.
pub fn year_cells(entry: &Entry, body: &Body) -> Option<YearCells> {
    let (publisher, year) = (entry.imprint.publisher.clone()?, entry.imprint.year?);
    let operand = |cell: &super::record::Cell| match cell.state {
        State::Number | State::Annotated => {
            cell.value.as_ref().and_then(|value| value.parse().ok()).map_or(Operand::Unknown, Operand::Number)
        }
        State::Blank | State::Na => Operand::Nothing,
        State::Text | State::Ambiguous => Operand::Unknown,
    };
    let fitted = body.tables.iter().filter(|grid| grid.fitted);
    let cells: BTreeMap<String, Operand> =
        fitted.flat_map(|grid| grid.cells.iter().filter_map(|cell| Some((grid.key(cell)?, operand(cell))))).collect();
    Some(YearCells { publisher, year, cells })
}

/// What two reports on following years say of each other; a flag on the later one.
pub fn hold_years(earlier: &YearCells, later: (&YearCells, &Body), family: &Family) -> Vec<Finding> {
    let found = compare(earlier, later.0, family);
    found.iter().map(|found| finding(&found.flag(Side::Later), later.1)).collect()
}

/// A flag that is raised once a report is a set of rows; its place is that of the first value it names.
pub fn finding(flag: &Flag, body: &Body) -> Finding {
    let named = flag.cells.first().and_then(|key| {
        let cells = body.tables.iter().flat_map(|grid| grid.cells.iter().map(move |cell| (grid, cell)));
        cells.into_iter().find(|(grid, cell)| grid.key(cell).as_ref() == Some(key))
    });
    Finding {
        code: flag.code.name().into(),
        severity: flag.severity.name().into(),
        fault: flag.fault.name().into(),
        message: both(&flag.message),
        help: flag.help.as_ref().map(both),
        cells: flag.cells.clone(),
        place: named.map(|(_, cell)| cell.place.clone()).unwrap_or_default(),
        source: named.map(|(grid, cell)| grid.words(cell)).unwrap_or_default(),
        ..Finding::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    fn report(values: &[i64]) -> YearCells {
        let cells = values.iter().enumerate().map(|(index, value)| (format!("t/{index}/n"), Operand::Number(Decimal::from(*value))));
        YearCells { publisher: "x".into(), year: 2021, cells: cells.collect() }
    }

    #[test]
    fn one_report_in_two_files_is_told_from_two_reports() {
        let values: Vec<i64> = (1..=10).collect();
        let mut misread = values.clone();
        misread[3] = 40;
        assert_eq!(liken(&report(&values), &report(&values)), Likeness::Same(Vec::new()));
        assert_eq!(liken(&report(&values), &report(&misread)), Likeness::Same(vec!["t/3/n".into()]));
        let other: Vec<i64> = (11..=20).collect();
        assert_eq!(liken(&report(&values), &report(&other)), Likeness::Other(10, 10));
        assert_eq!(liken(&report(&values[..3]), &report(&other[..3])), Likeness::Unknown);
    }
}
