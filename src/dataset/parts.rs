//! Sums over a hierarchy: where a body's report and those of all its parts are in the dataset, its numbers are theirs
//! added up. Which bodies add up to which is for the user to say: a CSV file of `parent,child`, names as panel.csv has them.

use super::checks::Printed;
use super::entry::Entry;
use super::record::{Body, Finding};
use super::variables::Variables;
use crate::flag::{Code, Flag, Message};
use crate::sums::Operand;
use crate::years::YearCells;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A report's publisher, year and family.
type Name = (String, i32, String);

/// A hierarchy, and what has been seen of it.
#[derive(Default)]
pub struct Parts {
    children: BTreeMap<String, BTreeSet<String>>,
    named: BTreeSet<String>,
    seen: BTreeMap<Name, YearCells>,
    parents: Vec<(String, Name, Body)>,
}

impl Parts {
    /// A hierarchy from pairs of parent and child.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Parts {
        let mut parts = Parts::default();
        for (parent, child) in pairs {
            parts.named.extend([parent.clone(), child.clone()]);
            parts.children.entry(parent).or_default().insert(child);
        }
        parts
    }

    /// True for the report of a body that the hierarchy names.
    pub fn names(&self, entry: &Entry) -> bool {
        entry.imprint.publisher.as_ref().is_some_and(|publisher| self.named.contains(publisher))
    }

    /// Bodies that the hierarchy names and none of these publishers is.
    pub fn unknown<'n>(&self, publishers: impl Iterator<Item = &'n str>) -> Vec<String> {
        let known: BTreeSet<&str> = publishers.collect();
        self.named.iter().filter(|name| !known.contains(name.as_str())).cloned().collect()
    }

    /// Keep what is needed of a report that stands in the panel.
    pub fn see(&mut self, entry: &Entry, body: Body, cells: YearCells) {
        let Some(family) = entry.input.head.family.clone() else { return };
        let name = (cells.publisher.clone(), cells.year, family);
        if self.children.contains_key(&cells.publisher) {
            self.parents.push((entry.input.file.clone(), name.clone(), body));
        }
        self.seen.insert(name, cells);
    }

    /// What does not add up, by the file of the parent's report.
    pub fn check(&self, variables: &Variables) -> HashMap<String, Vec<Finding>> {
        let one = |(file, name, body): &(String, Name, Body)| {
            let named = variables.name_cells(Some(&name.2), body);
            Some((file.clone(), self.check_one(name, &Printed { body, named: &named, variables })?))
        };
        self.parents.iter().filter_map(one).collect()
    }

    fn check_one(&self, (publisher, year, family): &Name, printed: &Printed) -> Option<Vec<Finding>> {
        let seen = |publisher: &String| self.seen.get(&(publisher.clone(), *year, family.clone()));
        let own = seen(publisher)?;
        let parts: Vec<&YearCells> = self.children.get(publisher)?.iter().map(seen).collect::<Option<_>>()?;
        let mut off: BTreeMap<&str, Vec<(&str, Decimal, Decimal)>> = BTreeMap::new();
        for (key, operand) in &own.cells {
            match (operand, add(&parts, key)) {
                (Operand::Number(value), Some(sum)) if *value != sum => {
                    off.entry(key.rsplit_once('/')?.0).or_default().push((key, *value, sum));
                }
                _ => {}
            }
        }
        let tell = |(_, cells): (&str, Vec<(&str, Decimal, Decimal)>)| {
            let (key, value, sum) = cells.last()?;
            let facts = [key.to_string(), value.to_string(), parts.len().to_string(), sum.to_string()];
            let message = Message::new("{0}: the report prints {1}; the reports of its {2} parts add to {3}", facts);
            let help = Message::plain("open the reports of the parts at this row: one of them, or this one, is not what was meant");
            let keys = cells.iter().map(|(key, ..)| key.to_string()).collect();
            Some(printed.finding(&Flag::new(Code::PartsOff, message).about(keys).help(help)))
        };
        Some(off.into_iter().filter_map(tell).collect())
    }
}

/// The sum of the parts' values; none where one of them is not known. A blank adds nothing.
fn add(parts: &[&YearCells], key: &str) -> Option<Decimal> {
    parts.iter().try_fold(Decimal::ZERO, |sum, part| match part.cells.get(key)? {
        Operand::Number(value) => sum.checked_add(*value),
        Operand::Nothing => Some(sum),
        Operand::Unknown => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::people::Imprint;
    use crate::dataset::record::Head;
    use crate::dataset::store::Input;

    fn see(parts: &mut Parts, publisher: &str, value: i64) {
        let imprint = Imprint { publisher: Some(publisher.into()), year: Some(2021), ..Imprint::default() };
        let head = Head { family: Some("f".into()), ..Head::default() };
        let entry = Entry::new(Input { file: publisher.into(), size: 0, hash: None, answer: None, head }, imprint);
        let cells = [("t/r/n".into(), Operand::Number(Decimal::from(value)))].into();
        parts.see(&entry, Body::default(), YearCells { publisher: publisher.into(), year: 2021, cells });
    }

    #[test]
    fn parts_add_up_where_all_are_there() {
        let pair = |child: &str| ("city".to_string(), child.to_string());
        let mut parts = Parts::new([pair("east"), pair("west")]);
        see(&mut parts, "city", 5);
        see(&mut parts, "east", 2);
        assert!(parts.check(&Variables::default()).is_empty(), "west is not there");
        for (west, n_found) in [(3, 0), (4, 1)] {
            see(&mut parts, "city", 5);
            see(&mut parts, "west", west);
            assert_eq!(parts.check(&Variables::default())["city"].len(), n_found);
        }
    }
}
