//! One row of an open table → its id: the code it carries, a label that the grammar knows, or its own words.
//!
//! ```text
//!   204 │ 06 │ 01 │ 行政运行        2040601       codes may stand in one column or in one for each level,
//!       │ 06 │    │ 司法            20406         the upper levels printed once
//!   2040601 行政运行                2040601       or before the name
//!   四、公共安全支出                204           a name that the grammar has a code for
//! ```

use super::columns::{Side, cells};
use crate::doc::Document;
use crate::fold::{fold, tidy};
use crate::generic::sheet::Slot;
use crate::grammar::words::built_in;
use crate::grammar::{Family, Item};
use crate::label::key;
use crate::place::Span;
use crate::table::TableRow;
use std::collections::HashSet;

/// What a row is called.
pub struct Name {
    /// Its id.
    pub id: String,
    /// Its printed words.
    pub label: String,
    /// It is a sum of others, or a part of the row above.
    pub aggregate: bool,
    /// Cells whose digits name it.
    pub marks: Vec<Span>,
}

/// Names the rows of one side from top to bottom.
pub struct Namer<'a> {
    side: &'a Side<'a>,
    family: &'a Family,
    /// The code above, level by level.
    above: Vec<String>,
    /// Ids that are given away: a label may name one row above another of the form, and a later one below it.
    used: HashSet<&'a str>,
}

/// Digits of a code: its class has three, each level below two or three more.
const SHORTEST_CODE: usize = 3;
const LONGEST_CODE: usize = 12;

impl<'a> Namer<'a> {
    /// Before the first row.
    pub fn new(side: &'a Side<'a>, family: &'a Family) -> Namer<'a> {
        Namer { side, family, above: Vec::new(), used: HashSet::new() }
    }

    /// The name of a row; none where nothing is printed on this side.
    pub fn name(&mut self, document: &Document, slots: &[Slot], row: &TableRow, index: usize) -> Option<Name> {
        let texts = |columns: &Vec<std::ops::Range<usize>>| -> Vec<(usize, Span, String)> {
            let found = columns.iter().enumerate().flat_map(|(place, columns)| cells(slots, row, columns).map(move |cell| (place, cell)));
            found.map(|(place, cell)| (place, cell.span, tidy(document.slice(cell.span)))).collect()
        };
        let (codes, names) = (texts(&self.side.codes), texts(&self.side.names));
        let has_amount = self.side.amounts.iter().any(|amount| cells(slots, row, &amount.columns).next().is_some());
        let marks: Vec<Span> = codes.iter().chain(&texts(&self.side.ordinals)).map(|(_, span, _)| *span).collect();
        let label = names.iter().map(|(_, _, text)| text.as_str()).collect::<Vec<_>>().join(" ");
        if codes.is_empty() && names.is_empty() && !has_amount {
            return None;
        }
        if let Some(code) = self.code(&codes) {
            return Some(Name { id: self.within(&code), label, aggregate: false, marks });
        }
        // A total's label may stand in the columns of codes, and across them.
        let words = codes.iter().map(|(_, _, text)| text).chain(names.iter().map(|(_, _, text)| text)).filter(|text| !is_digits(text));
        let words: Vec<&String> = words.collect();
        if let Some(row) = words.iter().rev().find_map(|words| self.known(words)) {
            return Some(Name { id: row.id.clone(), label: row.label().to_string(), aggregate: row.aggregate, marks });
        }
        if let Some((code, name)) = words.iter().find_map(|words| leading_code(words)) {
            let marks = marks.into_iter().chain(names.first().map(|(_, span, _)| *span)).collect();
            return Some(Name { id: self.within(&code), label: name, aggregate: false, marks });
        }
        let Some(words) = words.last() else {
            return has_amount.then(|| self.unlabelled(index, marks));
        };
        let words = words.to_string();
        if let Some(code) = self.family.codes.iter().find(|item| says(item, &words)) {
            return Some(Name { id: self.within(&code.id), label: words, aggregate: false, marks });
        }
        let aggregate = built_in().part.begins(&words);
        let own = Some(key(&words)).filter(|key| !key.is_empty()).unwrap_or_else(|| escape(&words));
        Some(Name { id: self.within(&own), label: words, aggregate, marks })
    }

    /// A row of numbers without a label: the form's own, where it has one. Of any other nobody can tell whether it is a part.
    fn unlabelled(&self, index: usize, marks: Vec<Span>) -> Name {
        let own = self.side.band.rows.iter().find(|item| item.labels.iter().all(String::is_empty));
        let id = own.map_or_else(|| self.within(&format!("r{}", index + 1)), |item| item.id.clone());
        Name { id, label: String::new(), aggregate: true, marks }
    }

    fn within(&self, id: &str) -> String {
        self.side.band.side.as_ref().map_or_else(|| id.to_string(), |side| format!("{side}.{id}"))
    }

    fn known(&mut self, words: &str) -> Option<&'a Item> {
        let own = || self.side.band.rows.iter().filter(|item| !item.label().is_empty()).filter(|item| says(item, words));
        let found = own().find(|item| !self.used.contains(item.id.as_str())).or_else(|| own().next());
        self.used.extend(found.map(|item| item.id.as_str()));
        found
    }

    /// The code of a row, the levels above filled in.
    fn code(&mut self, cells: &[(usize, Span, String)]) -> Option<String> {
        let digits: Vec<(usize, String)> = cells.iter().filter_map(|(place, _, text)| Some((*place, code_digits(text)?))).collect();
        let (first_place, first) = digits.first()?;
        let whole: String = digits.iter().map(|(_, digits)| digits.as_str()).collect();
        // Each cell may print the whole code down to its level.
        let last = digits.last().map(|(_, digits)| digits.as_str())?;
        let code = match digits.len() > 1 && last.len() > first.len() && last.starts_with(first.as_str()) {
            true => last.to_string(),
            false if first.len() < SHORTEST_CODE && *first_place > 0 => {
                let above: String = self.above.iter().take(*first_place).map(String::as_str).collect();
                format!("{above}{whole}")
            }
            false => whole,
        };
        for (place, digits) in &digits {
            self.above.resize(place + 1, String::new());
            if let Some(level) = self.above.get_mut(*place) {
                level.clone_from(digits);
            }
        }
        (SHORTEST_CODE..=LONGEST_CODE).contains(&code.len()).then_some(code)
    }
}

fn says(item: &Item, words: &str) -> bool {
    let own = key(words);
    item.keys.contains(&own)
}

fn is_digits(text: &str) -> bool {
    code_digits(text).is_some()
}

/// `204`, ` 06`, `204-06`, `[204]`: digits and what may stand between them.
fn code_digits(text: &str) -> Option<String> {
    let folded = fold(text);
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    let is_mark = |character: char| character.is_ascii_digit() || matches!(character, ' ' | '-' | '[' | ']' | '(' | ')');
    (!digits.is_empty() && folded.chars().all(is_mark)).then_some(digits)
}

/// `2040601 行政运行`, `[204]公共安全支出`: a code and the name behind it.
fn leading_code(words: &str) -> Option<(String, String)> {
    let folded = fold(words);
    let open = folded.trim_start_matches(['[', '(']);
    let n_digits = open.chars().take_while(char::is_ascii_digit).count();
    let rest = open.get(n_digits..)?.trim_start_matches([']', ')', '-', ' ', '\u{3000}']);
    let is_code = matches!(n_digits, 3 | 5 | 7) && rest.chars().next().is_some_and(|character| !character.is_ascii());
    is_code.then(|| (open.get(..n_digits).unwrap_or_default().to_string(), rest.to_string()))
}

/// A printed label as a part of a key.
pub fn escape(label: &str) -> String {
    label.replace('\\', "\\\\").replace('/', "\\/")
}
