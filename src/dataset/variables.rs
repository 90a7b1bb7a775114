//! Names of variables: valid in Stata and R, at most 32 characters, one for every cell that a family's forms have.
//!
//! ```text
//!   requests/outcome.refused.secret/legal.other   → req_out_refused_secret_leg_other
//! ```
//! Names are given to all cells of all families, in the order of their grammars, whether a report prints them or not:
//! a name does not change when files are added.

use super::record::{Body, Grid, INDICATORS};
use crate::grammar::{BUILT_IN, Family, Item, is_under};
use foldhash::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

/// What they say of an indicator, as far as it is a variable.
const FACETS: &[&str] = &["value", "growth", "share", "change"];

/// Stata's limit.
const LONGEST: usize = 32;
/// Letters that a word keeps when a name is too long.
const STEM: usize = 3;

/// A variable of the panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Family it belongs to.
    pub family: String,
    /// Key of its cell: table/row/column.
    pub key: Arc<str>,
    /// Labels of row and column, groups included.
    pub label: String,
    /// Unit.
    pub unit: Option<String>,
}

impl Variable {
    /// Table, row and column.
    pub fn ids(&self) -> [&str; 3] {
        let mut parts = self.key.split('/');
        std::array::from_fn(|_| parts.next().unwrap_or_default())
    }
}

/// The variables of all families.
#[derive(Debug, Default)]
pub struct Variables {
    list: Vec<Variable>,
    families: HashMap<String, Forms>,
    /// Of each family: index of its first variable; the others follow.
    firsts: HashMap<String, usize>,
}

/// Table → row → column → index of the variable.
type Forms = HashMap<String, HashMap<String, HashMap<String, usize>>>;

/// The variable of every cell of every table, where it has one.
pub type Named = Vec<Vec<Option<usize>>>;

impl Variables {
    /// Name the variables of some families.
    pub fn new(families: &[Family]) -> Variables {
        let mut variables = Variables::default();
        let mut taken = HashSet::new();
        for family in built_in_first(families) {
            variables.firsts.entry(family.id.clone()).or_insert(variables.list.len());
            let bands = family.tables.iter().flat_map(|form| form.bands.iter().map(move |band| (form, band)));
            for (form, band) in bands {
                for (row, column) in band.rows.iter().flat_map(|row| band.columns.iter().map(move |column| (row, column))) {
                    let words = [words(&band.rows, row), words(&band.columns, column)];
                    let variable = Variable {
                        name: short_name(&[&form.id, &row.id, &column.id]),
                        family: family.id.clone(),
                        key: format!("{}/{}/{}", form.id, row.id, column.id).into(),
                        label: words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · "),
                        unit: column.unit.as_ref().or(row.unit.as_ref()).or(form.unit.as_ref()).cloned(),
                    };
                    variables.add(variable, [&form.id, &row.id, &column.id], &mut taken);
                }
            }
            for indicator in &family.indicators {
                for facet in FACETS {
                    let label = indicator.labels.first().cloned().unwrap_or_default();
                    let variable = Variable {
                        name: short_name(&[INDICATORS, &indicator.id, facet]),
                        family: family.id.clone(),
                        key: format!("{INDICATORS}/{}/{facet}", indicator.id).into(),
                        label: format!("{label} · {facet}"),
                        unit: None,
                    };
                    variables.add(variable, [INDICATORS, &indicator.id, facet], &mut taken);
                }
            }
        }
        variables.tell_apart(families);
        variables
    }

    /// A label that two tables of a family share begins with the name of its table.
    fn tell_apart(&mut self, families: &[Family]) {
        let mut seen: HashMap<(&str, &str), HashSet<&str>> = HashMap::default();
        let table = |variable: &'_ Variable| variable.key.split('/').next().map_or(0, str::len);
        for variable in &self.list {
            let own = variable.key.get(..table(variable)).unwrap_or_default();
            seen.entry((&variable.family, &variable.label)).or_default().insert(own);
        }
        let is_shared =
            |variable: &Variable| seen.get(&(variable.family.as_str(), variable.label.as_str())).is_some_and(|own| own.len() > 1);
        let shared: Vec<bool> = self.list.iter().map(is_shared).collect();
        for (variable, _) in self.list.iter_mut().zip(shared).filter(|(_, is_shared)| *is_shared) {
            let id = variable.key.split('/').next().unwrap_or_default();
            let family = families.iter().find(|family| family.id == variable.family);
            let form = family.and_then(|family| Some((family, family.tables.iter().find(|form| form.id == id)?)));
            let name = form.map(|(family, form)| form.titles.first().map_or_else(|| family.section_label(&form.section), String::as_str));
            variable.label = format!("{} · {}", name.filter(|name| !name.is_empty()).unwrap_or(id), variable.label);
        }
    }

    fn add(&mut self, variable: Variable, [table, row, column]: [&str; 3], taken: &mut HashSet<String>) {
        let forms = self.families.entry(variable.family.clone()).or_default();
        let columns = forms.entry(table.into()).or_default().entry(row.into()).or_default();
        // Two editions of a form share their cells.
        if !columns.contains_key(column) {
            columns.insert(column.into(), self.list.len());
            self.list.push(Variable { name: distinct(&variable.name, taken), ..variable });
        }
    }

    /// The variables of a report's cells.
    pub fn name_cells(&self, family: Option<&str>, body: &Body) -> Named {
        let forms = family.and_then(|family| self.families.get(family));
        let in_grid = |grid: &Grid| {
            let rows = forms.and_then(|forms| forms.get(&grid.id)).filter(|_| grid.fitted);
            let rows: Vec<_> = grid.rows.iter().map(|axis| rows.and_then(|rows| rows.get(axis.id.as_str()))).collect();
            let name = |cell: &super::record::Cell| {
                rows.get(cell.row as usize).copied()??.get(grid.columns.get(cell.column as usize)?.id.as_str()).copied()
            };
            grid.cells.iter().map(name).collect()
        };
        body.tables.iter().map(in_grid).collect()
    }

    /// Index of the first variable of a family.
    pub fn first_of(&self, family: &str) -> Option<usize> {
        self.firsts.get(family).copied()
    }

    /// A variable.
    pub fn get(&self, index: usize) -> Option<&Variable> {
        self.list.get(index)
    }

    /// The name of a variable.
    pub fn name(&self, index: Option<usize>) -> Option<&str> {
        self.get(index?).map(|variable| variable.name.as_str())
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Variable> {
        self.list.iter()
    }

    /// Number of variables.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True when no family has any.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// Families in the order in which their variables are named: a grammar that a user adds renames no variable.
fn built_in_first(families: &[Family]) -> impl Iterator<Item = &Family> {
    let is_built_in = |family: &&Family| BUILT_IN.iter().any(|(id, _)| *id == family.id);
    families.iter().filter(is_built_in).chain(families.iter().filter(move |family| !is_built_in(family)))
}

fn words(items: &[Item], own: &Item) -> String {
    let path = items.iter().filter(|item| item.id == own.id || is_under(&own.id, &item.id));
    path.map(Item::label).filter(|label| !label.is_empty()).collect::<Vec<_>>().join(" / ")
}

/// Ids joined; too long, words are cut to their stems from the left until they fit.
fn short_name(ids: &[&str]) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric();
    let mut words: Vec<String> = ids.iter().flat_map(|id| id.split(|character| !is_plain(character))).map(str::to_string).collect();
    words.retain(|word| !word.is_empty());
    let length = |words: &[String]| words.iter().map(String::len).sum::<usize>() + words.len().saturating_sub(1);
    for index in 0..words.len() {
        if length(&words) <= LONGEST {
            break;
        }
        if let Some(word) = words.get_mut(index) {
            word.truncate(STEM);
        }
    }
    let mut name = words.join("_");
    name.truncate(LONGEST);
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name,
        _ => format!("v_{name}").chars().take(LONGEST).collect(),
    }
}

/// A name that nobody has; letters of any case are one, as they are in a spreadsheet or a database.
pub fn distinct(name: &str, taken: &mut HashSet<String>) -> String {
    let mut own = name.to_string();
    let mut number = 2;
    while !taken.insert(own.to_ascii_lowercase()) {
        let suffix = format!("_{number}");
        own = format!("{}{suffix}", name.chars().take(LONGEST - suffix.len()).collect::<String>());
        number += 1;
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::load;

    #[test]
    fn names_are_valid_and_distinct_for_every_family() {
        let families: Vec<Family> = BUILT_IN.iter().map(|(_, text)| load::load(text).unwrap()).collect();
        let variables = Variables::new(&families);
        let labels: HashSet<(&str, &str, &str)> =
            variables.list.iter().map(|own| (own.family.as_str(), own.key.split('/').next().unwrap(), own.label.as_str())).collect();
        let plain: HashSet<(&str, &str)> = labels.iter().map(|(family, _, label)| (*family, *label)).collect();
        assert_eq!(labels.len(), plain.len(), "no label stands for columns of two tables");
        let mut seen = HashSet::new();
        for variable in &variables.list {
            let name = &variable.name;
            assert!(name.len() <= LONGEST && name.starts_with(|first: char| first.is_ascii_alphabetic()), "{name}");
            assert!(name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_'), "{name}");
            assert!(seen.insert(name.clone()), "{name} twice");
        }
        let name = |key: &str| &variables.list.iter().find(|variable| *variable.key == *key).unwrap().name;
        assert_eq!(name("requests/new/natural"), "requests_new_natural");
        assert_eq!(name("requests/outcome.refused.secret/legal.other"), "req_out_ref_secret_legal_other");
    }

    #[test]
    fn long_and_foreign_ids_still_make_names() {
        assert_eq!(short_name(&["t", "2021", "收入"]), "t_2021");
        assert_eq!(short_name(&["收入", "1"]), "v_1");
        let mut taken = HashSet::new();
        let long = "a".repeat(LONGEST);
        assert_eq!(distinct(&long, &mut taken), long);
        assert_eq!(distinct(&long.to_uppercase(), &mut taken), format!("{}_2", "A".repeat(LONGEST - 2)));
    }
}
