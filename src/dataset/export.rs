//! State → dataset: every file of the run in a fixed order, publisher by publisher, year by year, into all outputs.
//!
//! Outputs are written beside the old ones and put in their place when all are whole. One publisher is in memory at a
//! time, and the few reports that wait for their files to be written.

use super::entry::Entry;
use super::group::{self, Group, Pass};
use super::names::Names;
use super::parts::Parts;
use super::people::{Imprint, People};
use super::pool::Hash;
use super::record::Body;
use super::spread::Spreads;
use super::store::Store;
use super::variables::Variables;
use super::write::Outputs;
use super::write::parquet::Digits;
use super::{Built, Options, STATE, Trouble, wire};
use crate::grammar::Family;
use crate::years::YearChecks;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Folder of a dataset that is being written.
const NEXT: &str = "next";
/// Folder of a dataset that is whole and only has to be put in its place.
const READY: &str = "ready";

/// Write the dataset. `begun` is what is known of it before.
pub fn export(options: &Options, families: &[Family], store: &Store, begun: Built) -> Result<Built, Trouble> {
    let state = options.out.join(STATE);
    let next = state.join(NEXT);
    let outcome = write_all(&next, options, families, (store, begun));
    if outcome.is_err() {
        // What is half written is of no use, and the disk may be full.
        let _ = fs::remove_dir_all(&next);
    }
    let built = outcome?;
    fs::rename(&next, state.join(READY)).map_err(|error| Trouble::Io(next.clone(), error))?;
    recover(&options.out)?;
    Ok(built)
}

/// Put a whole dataset in its place, also one that a killed run has left; throw half a one away.
pub fn recover(out: &Path) -> Result<(), Trouble> {
    let ready = out.join(STATE).join(READY);
    let trouble = |path: &Path| {
        let path = path.to_path_buf();
        move |error| Trouble::Io(path, error)
    };
    let next = out.join(STATE).join(NEXT);
    if next.exists() {
        fs::remove_dir_all(&next).map_err(trouble(&next))?;
    }
    if !ready.exists() {
        return Ok(());
    }
    let mut whole: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(&ready).map_err(trouble(&ready))? {
        whole.push(entry.map_err(trouble(&ready))?.path());
    }
    whole.sort();
    for path in whole {
        if let Some(name) = path.file_name() {
            fs::rename(&path, out.join(name)).map_err(trouble(&path))?;
        }
    }
    fs::remove_dir(&ready).map_err(trouble(&ready))
}

fn write_all(next: &Path, options: &Options, families: &[Family], (store, mut built): (&Store, Built)) -> Result<Built, Trouble> {
    let state = |error| Trouble::Database(options.out.join(STATE).join(super::store::NAME), error);
    fs::create_dir_all(next).map_err(|error| Trouble::Io(next.to_path_buf(), error))?;
    let variables = Arc::new(Variables::new(families));
    let (entries, mut names, spreads) = read_inputs(store, families, &variables).map_err(state)?;
    let entries = in_order(entries);
    let mut outputs = Outputs::create(next, variables.clone(), digits(&entries), options.language)?;
    let mut bodies = |entry: &Entry| -> Result<Body, Trouble> {
        let Some(answer) = entry.input.answer else { return Ok(Body::default()) };
        let bytes = store.body(answer).map_err(state)?;
        Ok(wire::open_body(&bytes).unwrap_or_default())
    };
    let mut groups = grouped(entries);
    let apart = names.tell_apart(&groups, &variables, &mut bodies)?;
    if !apart.is_empty() {
        groups = named_anew(groups, &names);
    }
    let parts = Parts::new(options.parts.iter().cloned());
    built.unknown_parts = parts.unknown(groups.iter().flatten().filter_map(|entry| entry.imprint.publisher.as_deref()));
    let mut told = group::hold_parts(&groups, parts, &variables, &mut bodies)?;
    for (file, found) in apart {
        told.entry(file).or_default().extend(found);
    }
    let fences = spreads.fences();
    // Of two families of one id the first counts, as everywhere.
    let years = families.iter().rev().map(|family| (family.id.as_str(), YearChecks::new(family))).collect();
    let mut pass = Pass {
        years: &years,
        variables: &variables,
        outputs: &mut outputs,
        built: &mut built,
        fences,
        last: HashMap::new(),
        by_numbers: HashMap::new(),
        told,
    };
    for group in groups {
        pass.write(group, &mut bodies)?;
    }
    outputs.finish(&mut built)?;
    Ok(built)
}

/// Entries in order, those of one publisher, family and year together.
fn grouped(entries: Vec<Entry>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for entry in entries {
        match groups.last_mut().filter(|group| is_same_slot(group.first(), &entry)) {
            Some(group) => group.push(entry),
            None => groups.push(vec![entry]),
        }
    }
    groups
}

/// Groups of the same files, once their publishers have other names.
fn named_anew(groups: Vec<Group>, names: &Names) -> Vec<Group> {
    let mut entries: Vec<Entry> = groups.into_iter().flatten().collect();
    for entry in &mut entries {
        names.give(&mut entry.imprint);
    }
    grouped(in_order(entries))
}

fn digits(entries: &[Entry]) -> Digits {
    let own = entries.iter().map(|entry| entry.counts().digits).map(|(whole, scale)| Digits { whole, scale });
    own.fold(Digits::default(), Digits::join)
}

fn is_same_slot(first: Option<&Entry>, next: &Entry) -> bool {
    let same_bytes = |one: &Entry| one.input.hash.is_some() && one.input.hash == next.input.hash;
    first.is_some_and(|first| same_bytes(first) || first.slot().is_some() && first.slot() == next.slot())
}

/// Every file with its imprint, and how their values spread; what only these need is let go.
fn read_inputs(store: &Store, families: &[Family], variables: &Variables) -> rusqlite::Result<(Vec<Entry>, Names, Spreads)> {
    let mut people = People::new(families);
    let mut spreads = Spreads::default();
    let mut entries = store.inputs(|mut input| {
        let is_new = people.take(&input);
        input.head.lines = Vec::new();
        let sizes = std::mem::take(&mut input.head.sizes);
        if let Some(first) = input.head.family.as_deref().and_then(|family| variables.first_of(family)).filter(|_| is_new) {
            spreads.add(first, &sizes);
        }
        Entry::new(input, Imprint::default())
    })?;
    // The names of all files of a content speak for it.
    for entry in &mut entries {
        entry.imprint = people.imprint(&entry.input);
    }
    let names = Names::join(entries.iter().filter_map(|entry| entry.imprint.printed.as_deref()));
    for entry in &mut entries {
        names.give(&mut entry.imprint);
    }
    Ok((entries, names, spreads))
}

/// Publisher, year, family, then name; files without a publisher come last.
fn in_order(mut entries: Vec<Entry>) -> Vec<Entry> {
    let mut first: HashMap<Hash, String> = HashMap::new();
    for Entry { input, .. } in &entries {
        if let Some(hash) = input.hash {
            let name = first.entry(hash).or_insert_with(|| input.file.clone());
            if input.file < *name {
                name.clone_from(&input.file);
            }
        }
    }
    entries.sort_by(|one, other| order(one, &first).cmp(&order(other, &first)));
    entries
}

type Order<'a> = (bool, Option<&'a str>, Option<i32>, Option<&'a str>, &'a str, &'a str);

/// The files of one content stand together, by the name of the first.
fn order<'e>(entry: &'e Entry, first: &'e HashMap<Hash, String>) -> Order<'e> {
    let Imprint { publisher, year, .. } = &entry.imprint;
    let file = entry.input.hash.and_then(|hash| first.get(&hash)).unwrap_or(&entry.input.file);
    (publisher.is_none(), publisher.as_deref(), *year, entry.input.head.family.as_deref(), file, &entry.input.file)
}
