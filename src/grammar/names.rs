//! The names of a family's indicators by what they are compared by, made once when the family is loaded.

use super::{Group, Indicator, Item, Words};
use crate::fold::{fold_word, is_blank, is_word};
use foldhash::HashMap;

/// What indicators and rows of them are called.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Ids by name.
    pub labels: HashMap<String, String>,
    /// Ids by names that hold only where their whole is being spoken of.
    pub short: HashMap<String, Vec<String>>,
    /// The parts of rows by the row's name.
    pub groups: HashMap<String, Vec<Part>>,
    /// Titles of sections, which run into the first name below them.
    pub headings: Words,
    /// The names in `labels` from end to start, sorted.
    turned: Vec<String>,
}

/// One of a row of parts.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its indicator.
    pub id: String,
    /// Its official name.
    pub label: String,
    /// What it is called before a measure: 第一产业.
    pub stem: Option<String>,
}

impl Names {
    /// Of what a family lists.
    pub fn new(indicators: &[Indicator], groups: &[Group], sections: &[Item]) -> Names {
        let mut names = Names { headings: Words::new(sections.iter().flat_map(|section| &section.labels)), ..Names::default() };
        for indicator in indicators {
            for label in &indicator.labels {
                names.labels.entry(normal(label)).or_insert_with(|| indicator.id.clone());
            }
            for label in &indicator.short {
                names.short.entry(normal(label)).or_default().push(indicator.id.clone());
            }
        }
        let find = |id: &String| indicators.iter().find(|indicator| indicator.id == *id);
        let first = |names: &[String]| names.first().cloned();
        let part = |id: &String| Part {
            id: id.clone(),
            label: find(id).and_then(|own| first(&own.labels)).unwrap_or_default(),
            stem: find(id).and_then(|own| first(&own.short)),
        };
        let rows = groups.iter().flat_map(|group| group.labels.iter().map(move |label| (label, group)));
        names.groups = rows.map(|(label, group)| (normal(label), group.parts.iter().map(part).collect())).collect();
        names.turned = names.labels.keys().map(|label| label.chars().rev().collect()).collect();
        names.turned.sort_unstable();
        names
    }

    /// True where a name may end in these words, which are as [`normal`] makes them, or in some of their last ones.
    pub fn may_end(&self, words: &str) -> bool {
        let turned: String = words.chars().rev().collect();
        let next = self.turned.partition_point(|label| *label < turned);
        let goes_on = self.turned.get(next).is_some_and(|label| label.starts_with(&turned));
        goes_on || words.char_indices().any(|(at, _)| words.get(at..).is_some_and(|end| self.labels.contains_key(end)))
    }
}

/// What is compared of a name: its letters.
pub fn normal(words: &str) -> String {
    let folded = words.chars().filter(|&character| !is_blank(character)).map(fold_word).filter(|&character| is_word(character));
    let mut normal = String::with_capacity(words.len());
    for character in folded {
        // Ideographs have no small letters.
        if character < '\u{2E80}' { normal.extend(character.to_lowercase()) } else { normal.push(character) }
    }
    normal
}
