//! Two grammars held against each other by their labels: what one says and the other does not.
//!
//! Ids are their authors' business and are not compared. Tables belong together that share most labels; a row or a column
//! is the same where it has a label in common in the same group, an identity where it adds the same rows or columns.

use crate::flag::Message;
use crate::grammar::{Band, Family, Identity, Item, TableForm, has_child};
use crate::label::key;
use crate::sums::{Part, expand};
use std::collections::{BTreeSet, HashMap};

/// What differs, a line each; `own` is held against `other`.
pub fn compare(own: &Family, other: &Family) -> Vec<Message> {
    let mut lines = vec![sections(own, other)];
    let mut free: Vec<&TableForm> = own.tables.iter().collect();
    for wanted in &other.tables {
        let best =
            free.iter().enumerate().map(|(index, form)| (shared(form, wanted), index)).max_by_key(|&(n, index)| (n, usize::MAX - index));
        match best.filter(|(n_shared, _)| *n_shared > 0) {
            Some((_, index)) => lines.extend(table(free.remove(index), wanted)),
            None => lines.push(Message::new("{0}: no table is like it", [wanted.id.clone()])),
        }
    }
    lines.extend(free.into_iter().map(|form| Message::new("{0}: a table of its own", [form.id.clone()])));
    lines
}

fn sections(own: &Family, other: &Family) -> Message {
    let n_there = other.sections.iter().filter(|wanted| own.sections.iter().any(|item| is_same(item, wanted))).count();
    let counts = [n_there, other.sections.len(), own.sections.len()].map(|count| count.to_string());
    Message::new("sections: {0} of {1}; {2} drafted", counts)
}

fn is_same(one: &Item, other: &Item) -> bool {
    let keys = |item: &Item| item.labels.iter().map(|label| key(label)).collect::<BTreeSet<String>>();
    !keys(one).is_disjoint(&keys(other))
}

/// A row or a column of a form: its own words and those of the group right above it.
struct Leaf<'f> {
    item: &'f Item,
    group: Option<&'f Item>,
    edition: Option<&'f str>,
}

fn leaves<'f>(form: &'f TableForm, pick: fn(&Band) -> &Vec<Item>) -> Vec<Leaf<'f>> {
    let of_band = |band: &'f Band| {
        let items = pick(band);
        let parent = |item: &Item| item.id.rsplit_once('.').and_then(|(parent, _)| items.iter().find(|group| group.id == parent));
        let is_leaf = |item: &&Item| !has_child(&item.id, items.iter().filter(|other| !other.optional).map(|other| other.id.as_str()));
        items.iter().filter(is_leaf).map(move |item| Leaf { item, group: parent(item), edition: band.edition.as_deref() })
    };
    form.bands.iter().flat_map(of_band).collect()
}

fn rows(band: &Band) -> &Vec<Item> {
    &band.rows
}

fn columns(band: &Band) -> &Vec<Item> {
    &band.columns
}

/// The leaf of the other form that each leaf is.
fn pair_up<'f>(own: &[Leaf<'f>], other: &[Leaf<'f>]) -> HashMap<usize, usize> {
    let mut taken = BTreeSet::new();
    let mut pairs = HashMap::new();
    for (index, leaf) in own.iter().enumerate() {
        let is_own =
            |wanted: &Leaf| is_same(leaf.item, wanted.item) && leaf.group.zip(wanted.group).is_none_or(|(one, other)| is_same(one, other));
        if let Some(found) = (0..other.len()).find(|at| !taken.contains(at) && other.get(*at).is_some_and(is_own)) {
            taken.insert(found);
            pairs.insert(index, found);
        }
    }
    pairs
}

fn shared(own: &TableForm, other: &TableForm) -> usize {
    [rows as fn(&Band) -> &Vec<Item>, columns].iter().map(|pick| pair_up(&leaves(own, *pick), &leaves(other, *pick)).len()).sum()
}

fn table(own: &TableForm, other: &TableForm) -> Vec<Message> {
    let mut lines = Vec::new();
    let mut counts = Vec::new();
    for pick in [rows as fn(&Band) -> &Vec<Item>, columns] {
        let (mine, theirs) = (leaves(own, pick), leaves(other, pick));
        let pairs = pair_up(&mine, &theirs);
        counts.extend([pairs.len(), theirs.len()]);
        let lost = theirs.iter().enumerate().filter(|(index, _)| !pairs.values().any(|found| found == index));
        lines.extend(lost.map(|(_, leaf)| named("{0}/{1}: {2} is not drafted", other, leaf)));
        let fresh = mine.iter().enumerate().filter(|(index, _)| !pairs.contains_key(index));
        lines.extend(fresh.map(|(_, leaf)| named("{0}/{1}: {2} is only in the draft", own, leaf)));
    }
    let sums = sums(own, other);
    let n_sums = sums.iter().filter(|(_, is_there)| *is_there).count();
    counts.extend([n_sums, sums.len()]);
    lines.extend(
        sums.iter()
            .filter(|(_, is_there)| !is_there)
            .map(|(identity, _)| Message::new("{0}: the sum {1} is not drafted", [other.id.clone(), identity.text.clone()])),
    );
    let mut facts = vec![other.id.clone(), own.id.clone()];
    facts.extend(counts.iter().map(usize::to_string));
    if let Ok(facts) = <[String; 8]>::try_from(facts) {
        lines.insert(0, Message::new("{0} is {1}: {2} of {3} rows, {4} of {5} columns, {6} of {7} sums", facts));
    }
    lines
}

fn named(template: &'static str, form: &TableForm, leaf: &Leaf) -> Message {
    let label = match leaf.edition {
        Some(edition) => format!("{} ({edition})", leaf.item.label()),
        None => leaf.item.label().to_string(),
    };
    Message::new(template, [form.id.clone(), leaf.item.id.clone(), label])
}

/// Each identity of the other form, and whether the own one has it.
fn sums<'f>(own: &TableForm, other: &'f TableForm) -> Vec<(&'f Identity, bool)> {
    let mut found = Vec::new();
    for (pick, mine, theirs) in
        [(rows as fn(&Band) -> &Vec<Item>, &own.row_checks, &other.row_checks), (columns, &own.column_checks, &other.column_checks)]
    {
        let (own_leaves, other_leaves) = (leaves(own, pick), leaves(other, pick));
        let pairs = pair_up(&own_leaves, &other_leaves);
        let translate = |id: &str| -> Option<&str> {
            let index = own_leaves.iter().position(|leaf| leaf.item.id == id)?;
            other_leaves.get(*pairs.get(&index)?).map(|leaf| leaf.item.id.as_str())
        };
        let drafted: Vec<_> =
            mine.iter().filter_map(|identity| sides(identity, &own_leaves, &|id| translate(id).map(str::to_string))).collect();
        for identity in theirs {
            let wanted = sides(identity, &other_leaves, &|id| Some(id.to_string()));
            found.push((identity, wanted.is_some_and(|wanted| drafted.contains(&wanted))));
        }
    }
    found
}

type Side = BTreeSet<(i64, String)>;

/// What an identity adds on either side, the smaller side first; none where a part has no counterpart.
fn sides(identity: &Identity, leaves: &[Leaf], name: &dyn Fn(&str) -> Option<String>) -> Option<(Side, Side)> {
    let items: Vec<&Item> = leaves.iter().filter(|leaf| !leaf.item.optional).map(|leaf| leaf.item).collect();
    let expanded = expand([identity], &items).next()?;
    let side = |parts: &[Part]| parts.iter().map(|part| Some((part.factor, name(part.id)?))).collect::<Option<Side>>();
    let (left, right) = (side(&expanded.left)?, side(&expanded.right)?);
    Some(if (left.len(), &left) <= (right.len(), &right) { (left, right) } else { (right, left) })
}
