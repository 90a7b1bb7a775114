//! What is odd about the open tables of a report beside each other: a table without the unit that the others print, a code
//! with another name, a code with too many digits or too few.

use super::sums::is_account;
use crate::fit::FittedTable;
use crate::flag::{Code, Flag, Message, Related, Severity};
use crate::grammar::{Family, Item, likeness};
use crate::label::key;
use crate::place::Span;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Look at all tables of a report; one without a unit takes that of the others, and that is told.
pub fn look(tables: &mut [FittedTable], family: &Family) -> Vec<Flag> {
    let mut flags = lost_units(tables, family);
    flags.extend(other_names(tables, family));
    flags.extend(tables.iter().flat_map(|table| odd_lengths(table, family)));
    flags
}

fn lost_units(tables: &mut [FittedTable], family: &Family) -> Vec<Flag> {
    let form = |table: &FittedTable| family.tables.get(table.form);
    // What the grammar supplies is no evidence of what the report prints.
    let is_evidence = |table: &&FittedTable| form(table).is_some_and(|form| form.unit.is_none());
    let unit_of = |table: &FittedTable| table.items.as_ref().and_then(|items| items.unit.clone());
    let printed: Vec<String> = tables.iter().filter(is_evidence).filter_map(unit_of).collect();
    let has_none = |table: &FittedTable| !table.cells.is_empty() && table.cells.iter().all(|cell| cell.unit.is_none());
    let n_without = tables.iter().filter(|table| has_none(table)).count();
    let Some(first) = printed.first().filter(|_| printed.len() > n_without) else { return Vec::new() };
    let shared = printed.iter().all(|unit| unit == first).then(|| first.clone());
    let mut flags = Vec::new();
    for table in tables.iter_mut().filter(|table| has_none(table)) {
        let message = match &shared {
            Some(unit) => Message::new("the table prints no unit; it is read in {0}, as the others are", [unit.clone()]),
            None => Message::plain("the table prints no unit, and the others print several"),
        };
        let cells = family.tables.get(table.form).map(|form| format!("{}/*", form.id)).into_iter().collect();
        flags.push(Flag::new(Code::UnitMismatch, message).at(table.span).about(cells));
        let unit = shared.as_deref().map(Arc::from);
        table.cells.iter_mut().for_each(|cell| cell.unit.clone_from(&unit));
        if let Some(items) = table.items.as_mut() {
            items.unit.clone_from(&shared);
        }
    }
    flags
}

/// A name of an account, and where it is printed.
struct Naming<'t> {
    key: String,
    label: &'t str,
    place: (String, Span),
}

/// One account has one name. Names that hold each other are cut short, and misprints are near.
fn other_names(tables: &[FittedTable], family: &Family) -> Vec<Flag> {
    let mut by_code: BTreeMap<&str, Vec<Naming>> = BTreeMap::new();
    for table in tables {
        let Some(form) = family.tables.get(table.form) else { continue };
        let spans = row_spans(table);
        for item in table.items.iter().flat_map(|items| &items.rows) {
            let code = item.id.split('#').next().unwrap_or_default();
            let key = key(item.label());
            if is_account(code, family) && !key.is_empty() {
                let span = spans.get(item.id.as_str()).copied().unwrap_or(table.span);
                let place = (FittedTable::key(form, &item.id, "*"), span);
                by_code.entry(code).or_default().push(Naming { key, label: item.label(), place });
            }
        }
    }
    by_code.into_iter().flat_map(|(code, namings)| unlike(code, &namings)).collect()
}

fn unlike(code: &str, namings: &[Naming]) -> Vec<Flag> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    namings.iter().for_each(|own| *counts.entry(&own.key).or_default() += 1);
    // The first of those that are printed most often.
    let Some(usual) = namings.iter().rev().max_by_key(|own| counts.get(own.key.as_str())) else { return Vec::new() };
    let is_like = |own: &&Naming| own.key.contains(&usual.key) || usual.key.contains(&own.key);
    let flag = |own: &Naming| {
        let facts = [code.to_string(), own.label.to_string(), usual.label.to_string()];
        let message = Message::new("{0} is called {1} here and {2} in another place", facts);
        let severity = if likeness(&own.key, &usual.key) > 0 { Severity::Note } else { Severity::Warning };
        let flag = Flag::new(Code::LabelMisprint, message).at(own.place.1).about(vec![own.place.0.clone()]).graded(severity);
        let help = Message::plain("look which is meant: the name may be wrong, or the code");
        Flag { related: vec![Related { span: usual.place.1, label: usual.place.0.clone() }], ..flag.help(help) }
    };
    namings.iter().filter(|own| !is_like(own)).map(flag).collect()
}

/// Where the rows of a table are printed.
fn row_spans(table: &FittedTable) -> HashMap<&str, Span> {
    table.cells.iter().rev().filter_map(|cell| Some((&*cell.row, table.printed.get(cell.printed)?.span))).collect()
}

/// So many codes of the usual lengths for each of another one.
const LEAST_USUAL: usize = 4;

/// Codes with a number of digits that no account has, in a table of accounts.
fn odd_lengths(table: &FittedTable, family: &Family) -> Vec<Flag> {
    let digits = &family.heads.digits;
    let Some(form) = family.tables.get(table.form).filter(|_| !digits.is_empty()) else { return Vec::new() };
    let rows = table.items.iter().flat_map(|items| &items.rows);
    let codes = rows.filter(|item| is_account(&item.id, family));
    let (usual, odd): (Vec<&Item>, Vec<&Item>) = codes.partition(|item| digits.contains(&item.id.len()));
    if usual.len() < odd.len() * LEAST_USUAL {
        return Vec::new();
    }
    let spans = row_spans(table);
    let flag = |item: &Item| {
        let lengths: Vec<String> = digits.iter().map(usize::to_string).collect();
        let facts = [item.id.clone(), item.id.len().to_string(), lengths.join(", ")];
        let message = Message::new("the code {0} has {1} digits; codes of accounts have {2}", facts);
        let flag = Flag::new(Code::LabelMisprint, message)
            .at(spans.get(item.id.as_str()).copied().unwrap_or(table.span))
            .graded(Severity::Warning);
        flag.about(vec![FittedTable::key(form, &item.id, "*")])
    };
    odd.into_iter().map(flag).collect()
}
