//! The files of one publisher, family and year: which of them stands for it, and what the others are to that one.

use super::checks::{self, Likeness, Printed, hold_years, liken, tell_doubts, tell_likeness, year_cells};
use super::entry::Entry;
use super::parts::Parts;
use super::pool::Hash;
use super::record::{Body, Finding};
use super::spread::Fences;
use super::variables::{Named, Variables};
use super::write::Outputs;
use super::write::lane::Written;
use super::{Built, Trouble};
use crate::grammar::publishers::{Edition, edition};
use crate::years::{YearCells, YearChecks};
use std::cmp::Reverse;
use std::collections::{HashMap, hash_map};

/// Opens the body of an entry.
pub type Bodies<'a> = dyn FnMut(&Entry) -> Result<Body, Trouble> + 'a;

/// The files of one publisher, family and year.
pub type Group = Vec<Entry>;

/// A pass over all groups, in order.
pub struct Pass<'a> {
    /// The checks of each family over years.
    pub years: &'a HashMap<&'a str, YearChecks<'a>>,
    /// The panel's variables.
    pub variables: &'a Variables,
    /// Where everything goes.
    pub outputs: &'a mut Outputs,
    /// What it comes to.
    pub built: &'a mut Built,
    /// What values are usual.
    pub fences: Fences,
    /// The publisher's last report of each family.
    pub last: HashMap<String, YearCells>,
    /// The reports in the panel by all their numbers but zeros.
    pub by_numbers: HashMap<u64, String>,
    /// What a hierarchy and other bodies' reports say of some, by file.
    pub told: HashMap<String, Vec<Finding>>,
}

/// What the hierarchy says, before anything is written: a report's counts take it in.
pub fn hold_parts(
    groups: &[Group],
    mut parts: Parts,
    variables: &Variables,
    bodies: &mut Bodies,
) -> Result<HashMap<String, Vec<Finding>>, Trouble> {
    for entry in groups.iter().filter_map(|group| group.get(best(group))) {
        if !parts.names(entry) {
            continue;
        }
        let body = bodies(entry)?;
        let named = variables.name_cells(entry.family(), &body);
        if let Some(cells) = year_cells(entry, &body, &named, variables) {
            parts.see(entry, body, cells);
        }
    }
    Ok(parts.check(variables))
}

/// The one that stands for a group.
fn best(group: &[Entry]) -> usize {
    let most = most_placed(group.iter());
    (0..group.len()).min_by_key(|&index| group.get(index).map(|entry| rank(entry, most))).unwrap_or(0)
}

impl Pass<'_> {
    /// Write the files of a group: first the one that stands in the panel, then the others.
    pub fn write(&mut self, mut group: Group, bodies: &mut Bodies) -> Result<(), Trouble> {
        let mut stands = group.remove(best(&group));
        let body = bodies(&stands)?;
        let named = self.variables.name_cells(stands.family(), &body);
        let cells = year_cells(&stands, &body, &named, self.variables);
        stands.in_panel = stands.input.head.family.is_some() && body.tables.iter().any(|grid| grid.fitted);
        let printed = Printed { body: &body, named: &named, variables: self.variables };
        let mut found = self.hold(&stands, &printed, cells.as_ref());
        found.extend(self.fences.outliers(&body, &named, self.variables));
        found.extend(self.told.remove(&stands.input.file).unwrap_or_default());
        if stands.in_panel {
            found.extend(tell_doubts(&stands.imprint));
            found.extend(cells.as_ref().and_then(|cells| self.find_twin(&stands, cells)));
        }
        let (file, family) = (stands.input.file.clone(), stands.input.head.family.clone());
        let mut written: HashMap<Hash, String> = stands.input.hash.map(|hash| (hash, file.clone())).into_iter().collect();
        self.one(stands, (body, named), found)?;
        for mut other in group {
            if let Some(file) = other.input.hash.and_then(|hash| written.get(&hash)) {
                other.same_as = Some(file.clone());
                self.one(other, Default::default(), Vec::new())?;
                continue;
            }
            written.extend(other.input.hash.map(|hash| (hash, other.input.file.clone())));
            let mut body = bodies(&other)?;
            let mut named = self.variables.name_cells(other.family(), &body);
            let own = year_cells(&other, &body, &named, self.variables);
            let likeness = cells.as_ref().zip(own.as_ref()).map_or(Likeness::Unknown, |(one, own)| liken(one, own));
            let mut found: Vec<Finding> = tell_likeness(&likeness, &file).into_iter().collect();
            found.extend(self.told.remove(&other.input.file).unwrap_or_default());
            if matches!(likeness, Likeness::Same(_)) {
                other.same_as = Some(file.clone());
                body.tables.clear();
                named.clear();
            }
            self.one(other, (body, named), found)?;
        }
        if let Some((family, cells)) = family.zip(cells) {
            self.last.retain(|_, last| last.publisher == cells.publisher);
            self.last.insert(family, cells);
        }
        Ok(())
    }

    /// A report of another publisher or year that has all the same numbers.
    fn find_twin(&mut self, entry: &Entry, cells: &YearCells) -> Option<Finding> {
        let (n_numbers, numbers) = checks::fingerprint(entry.family()?, cells)?;
        match self.by_numbers.entry(numbers) {
            hash_map::Entry::Occupied(twin) => Some(checks::tell_twin(n_numbers, twin.get())),
            hash_map::Entry::Vacant(free) => {
                free.insert(entry.input.file.clone());
                None
            }
        }
    }

    /// Flags against the year before.
    fn hold(&self, entry: &Entry, printed: &Printed, cells: Option<&YearCells>) -> Vec<Finding> {
        let (Some(id), Some(cells)) = (&entry.input.head.family, cells) else { return Vec::new() };
        let checks = self.years.get(id.as_str());
        checks.zip(self.last.get(id)).map(|(checks, earlier)| hold_years(earlier, cells, checks, printed)).unwrap_or_default()
    }

    fn one(&mut self, mut entry: Entry, (body, named): (Body, Named), found: Vec<Finding>) -> Result<(), Trouble> {
        let built = &mut *self.built;
        built.files += 1;
        *built.by_status.entry(entry.input.head.status.clone()).or_default() += 1;
        built.values += body.tables.iter().map(|grid| grid.cells.len() as u64).sum::<u64>();
        entry.input.head.counts.add(&found);
        built.flagged += body.flags.iter().chain(&found).map(|flag| u64::from(flag.severity != "note")).sum::<u64>();
        self.outputs.report(Written { entry, body, named, found })
    }
}

/// The most numbers that any of some files places.
pub fn most_placed<'e>(entries: impl Iterator<Item = &'e Entry>) -> u32 {
    entries.map(|entry| entry.counts().placed).max().unwrap_or(0)
}

/// The best comes first: read whole, the edition that counts, fewest errors and warnings, most values; then by name. `most` is
/// what the fullest of them places.
pub fn rank(entry: &Entry, most: u32) -> impl Ord + use<> {
    let counts = entry.counts();
    (
        entry.input.head.status != "ok",
        edition_of(entry, most),
        counts.errors,
        counts.warnings,
        Reverse(counts.values),
        entry.input.file.clone(),
    )
}

/// By the name of its file or its title; a folder is no name: one of `修订` may hold all editions. A notice of a correction, or
/// one table of it, is no edition.
fn edition_of(entry: &Entry, most: u32) -> Edition {
    let name = entry.input.file.rsplit('/').next();
    let said: Vec<&str> = name.into_iter().chain(entry.input.head.title.as_deref()).collect();
    let is_whole = entry.counts().placed > 0 && entry.counts().placed >= most / 2;
    if is_whole { edition(&said.join(" ")) } else { Edition::Superseded }
}
