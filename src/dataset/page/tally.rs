//! Counts for the page, gathered while rows are written: they take the same memory for a hundred files and a million.

use crate::dataset::entry::Entry;
use crate::dataset::record::Finding;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Publishers that have a line of their own on the page.
const MOST_PUBLISHERS: usize = 200;
/// Rows that are named.
const MOST_ROWS: usize = 15;
/// Distinct rows that are counted; a report without a family has rows of its own.
const MOST_COUNTED: usize = 20_000;

/// Files that were not read whole and are named.
const MOST_UNREAD: usize = 100;

/// Counts.
#[derive(Default)]
pub struct Tally {
    unread: Vec<[String; 3]>,
    years: BTreeMap<i32, u64>,
    publishers: BTreeMap<String, BTreeMap<i32, Health>>,
    n_left: usize,
    n_nameless: u64,
    last_left: Option<String>,
    codes: BTreeMap<(Reverse<u8>, String), u64>,
    rows: BTreeMap<String, u64>,
    distributions: BTreeMap<usize, Distribution>,
}

/// How a report fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// Neither errors nor warnings.
    Ok,
    /// Warnings.
    Warning,
    /// Errors.
    Error,
}

/// The values of a variable by size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distribution {
    /// Below 0; 0; between 0 and 1; of 1, 2, 3 … digits before the point.
    pub sizes: [u32; 12],
    /// The least and the most, in digits.
    pub ends: Option<(rust_decimal::Decimal, rust_decimal::Decimal)>,
}

impl Distribution {
    /// Number of values.
    pub fn n(&self) -> u64 {
        self.sizes.iter().map(|&count| u64::from(count)).sum()
    }

    /// Count a number.
    pub fn add(&mut self, digits: &str) {
        let whole = digits.split('.').next().unwrap_or("");
        let is_zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-'));
        let size = match whole.trim_start_matches('0').len() {
            _ if is_zero => 1,
            _ if digits.starts_with('-') => 0,
            length => (length + 2).min(11),
        };
        if let Some(count) = self.sizes.get_mut(size) {
            *count += 1;
        }
        if let Ok(value) = digits.parse::<rust_decimal::Decimal>() {
            let (least, most) = self.ends.unwrap_or((value, value));
            self.ends = Some((least.min(value), most.max(value)));
        }
    }
}

fn rank(severity: &str) -> u8 {
    match severity {
        "error" => 2,
        "warning" => 1,
        _ => 0,
    }
}

impl Tally {
    /// Count a report, most of all one that stands in the panel.
    pub fn report(&mut self, entry: &Entry) {
        let head = &entry.input.head;
        if head.status != "ok" && self.unread.len() < MOST_UNREAD {
            self.unread.push([entry.input.file.clone(), head.status.clone(), head.message.clone().unwrap_or_default()]);
        }
        if !entry.in_panel {
            return;
        }
        if let Some(year) = entry.imprint.year {
            *self.years.entry(year).or_default() += 1;
        }
        self.n_nameless += u64::from(entry.imprint.year.is_none() || entry.imprint.publisher.is_none());
        let counts = entry.counts();
        let health = match (counts.errors, counts.warnings) {
            (0, 0) => Health::Ok,
            (0, _) => Health::Warning,
            _ => Health::Error,
        };
        if let (Some(publisher), Some(year)) = (&entry.imprint.publisher, entry.imprint.year) {
            if self.publishers.len() < MOST_PUBLISHERS || self.publishers.contains_key(publisher) {
                let own = self.publishers.entry(publisher.clone()).or_default().entry(year).or_insert(health);
                *own = health.max(*own);
            } else if self.last_left.as_ref() != Some(publisher) {
                self.n_left += 1;
                self.last_left = Some(publisher.clone());
            }
        }
    }

    /// Take in how the numbers of the panel are distributed, variable by variable.
    pub fn distribute(&mut self, all: impl Iterator<Item = (usize, Distribution)>) {
        self.distributions.extend(all.filter(|(_, own)| own.n() > 0));
    }

    /// Count a flag.
    pub fn flag(&mut self, flag: &Finding) {
        let severity = rank(&flag.severity);
        *self.codes.entry((Reverse(severity), flag.code.clone())).or_default() += 1;
        let row = flag.cells.first().and_then(|key| key.rsplit_once('/')).map(|(row, _)| row);
        if let Some(row) = row.filter(|_| severity > 0) {
            if let Some(count) = self.rows.get_mut(row) {
                *count += 1;
            } else if self.rows.len() < MOST_COUNTED {
                self.rows.insert(row.to_string(), 1);
            }
        }
    }

    /// Reports in the panel by year.
    pub fn years(&self) -> impl Iterator<Item = (i32, u64)> {
        self.years.iter().map(|(&year, &count)| (year, count))
    }

    /// Publishers with the health of each year's report.
    pub fn publishers(&self) -> impl Iterator<Item = (&str, &BTreeMap<i32, Health>)> {
        self.publishers.iter().map(|(name, years)| (name.as_str(), years))
    }

    /// Files that were not read whole, the first of them: name, status, why.
    pub fn unread(&self) -> &[[String; 3]] {
        &self.unread
    }

    /// Reports in the panel of which no publisher or no year is known.
    pub fn n_nameless(&self) -> u64 {
        self.n_nameless
    }

    /// Publishers without a line of their own.
    pub fn n_publishers_left(&self) -> usize {
        self.n_left
    }

    /// Severity and code with the number of flags, the gravest and most frequent first.
    pub fn codes(&self) -> Vec<((&'static str, &str), u64)> {
        let name = |severity: u8| ["note", "warning", "error"].get(usize::from(severity)).copied().unwrap_or("note");
        let mut all: Vec<_> = self.codes.iter().collect();
        all.sort_by_key(|((severity, code), count)| (*severity, Reverse(**count), code.clone()));
        all.into_iter().map(|((severity, code), &count)| ((name(severity.0), code.as_str()), count)).collect()
    }

    /// The rows flagged most.
    pub fn worst_rows(&self) -> Vec<(&str, u64)> {
        let mut all: Vec<(&str, u64)> = self.rows.iter().map(|(row, &count)| (row.as_str(), count)).collect();
        all.sort_by_key(|(row, count)| (Reverse(*count), *row));
        all.truncate(MOST_ROWS);
        all
    }

    /// Variables with their distributions.
    pub fn distributions(&self) -> impl Iterator<Item = (usize, &Distribution)> {
        self.distributions.iter().map(|(&index, own)| (index, own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_by_their_size() {
        let mut own = Distribution::default();
        for digits in ["0", "0.00", "-3", "0.5", "7", "12", "123.4", "99999999999999"] {
            own.add(digits);
        }
        assert_eq!(own.sizes, [1, 2, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1]);
        assert_eq!(own.ends.map(|(least, most)| (least.to_string(), most.to_string())), Some(("-3".into(), "99999999999999".into())));
    }
}
