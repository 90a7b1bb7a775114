//! The files of one publisher, family and year: which of them stands for it, and what the others are to that one.

use super::checks::{Likeness, hold_years, liken, tell_likeness, year_cells};
use super::export::Entry;
use super::parts::Parts;
use super::pool::Hash;
use super::record::{Body, Finding};
use super::write::Outputs;
use super::{Built, Trouble};
use crate::grammar::Family;
use crate::years::YearCells;
use std::collections::HashMap;

/// Opens the body of an entry.
pub type Bodies<'a> = dyn FnMut(&Entry) -> Result<Body, Trouble> + 'a;

/// A pass over all groups, in order.
pub struct Pass<'a, 'v> {
    /// Families.
    pub families: &'a [Family],
    /// Where everything goes.
    pub outputs: &'a mut Outputs<'v>,
    /// What it comes to.
    pub built: &'a mut Built,
    /// The report before, where it may be the year before.
    pub last: Option<(String, YearCells)>,
    /// The hierarchy.
    pub parts: Parts,
}

impl Pass<'_, '_> {
    /// Write the files of a group: first the one that stands in the panel, then the others.
    pub fn write(&mut self, mut group: Vec<Entry>, bodies: &mut Bodies) -> Result<(), Trouble> {
        let best = (0..group.len()).min_by_key(|&index| group.get(index).map(rank)).unwrap_or(0);
        let mut stands = group.remove(best);
        let body = bodies(&stands)?;
        let cells = year_cells(&stands, &body);
        stands.in_panel = stands.input.head.family.is_some() && body.tables.iter().any(|grid| grid.fitted);
        let flags = self.hold(&stands, &body, cells.as_ref());
        self.one(&stands, &body, flags)?;
        let mut written: HashMap<Hash, String> = stands.input.hash.map(|hash| (hash, stands.input.file.clone())).into_iter().collect();
        for mut other in group {
            if let Some(file) = other.input.hash.and_then(|hash| written.get(&hash)) {
                other.same_as = Some(file.clone());
                self.one(&other, &Body::default(), Vec::new())?;
                continue;
            }
            written.extend(other.input.hash.map(|hash| (hash, other.input.file.clone())));
            let mut body = bodies(&other)?;
            let own = year_cells(&other, &body);
            let likeness = cells.as_ref().zip(own.as_ref()).map_or(Likeness::Unknown, |(one, own)| liken(one, own));
            let flags = tell_likeness(&likeness, &stands).into_iter().collect();
            if matches!(likeness, Likeness::Same(_)) {
                other.same_as = Some(stands.input.file.clone());
                body.tables.clear();
            }
            self.one(&other, &body, flags)?;
        }
        if let (Some(family), Some(cells)) = (stands.input.head.family.clone(), cells) {
            self.parts.see(stands, body, &cells);
            self.last = Some((family, cells));
        }
        Ok(())
    }

    /// Check what only the end can tell.
    pub fn finish(mut self) -> Result<(), Trouble> {
        for (entry, found) in self.parts.check() {
            for flag in found {
                self.built.flagged += 1;
                self.outputs.flag(&entry, &flag)?;
            }
        }
        Ok(())
    }

    /// Flags against the year before.
    fn hold(&self, entry: &Entry, body: &Body, cells: Option<&YearCells>) -> Vec<Finding> {
        let (Some(id), Some(cells)) = (&entry.input.head.family, cells) else { return Vec::new() };
        let family = self.families.iter().find(|family| family.id == *id);
        match (family, &self.last) {
            (Some(family), Some((last, earlier))) if last == id => hold_years(earlier, (cells, body), family),
            _ => Vec::new(),
        }
    }

    fn one(&mut self, entry: &Entry, body: &Body, found: Vec<Finding>) -> Result<(), Trouble> {
        let built = &mut *self.built;
        built.files += 1;
        *built.by_status.entry(entry.input.head.status.clone()).or_default() += 1;
        built.values += body.tables.iter().map(|grid| grid.cells.len() as u64).sum::<u64>();
        self.outputs.report(entry, body)?;
        for flag in body.flags.iter().chain(&found) {
            built.flagged += u64::from(flag.severity != "note");
            self.outputs.flag(entry, flag)?;
        }
        Ok(())
    }
}

/// The best comes first: read whole, fewest errors and warnings, most values; then by name.
fn rank(entry: &Entry) -> (bool, u32, u32, std::cmp::Reverse<u32>, String) {
    let counts = entry.counts();
    (entry.input.head.status != "ok", counts.errors, counts.warnings, std::cmp::Reverse(counts.values), entry.input.file.clone())
}
