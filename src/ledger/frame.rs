//! What each row of an open table is for: header, or row of the table.
//!
//! A header prints words that the grammar has over columns, and no number but the columns' own count.

use crate::doc::Document;
use crate::generic::frame::{Frame, Role};
use crate::generic::sheet::{Sheet, Slot};
use crate::grammar::{Family, TableForm};
use crate::identify::YEAR_WORDS;
use crate::label::key;
use crate::table::Table;
use std::collections::HashSet;

/// Words of a form, as they are compared.
pub struct Vocabulary<'a> {
    /// Over the columns that name rows.
    heads: HashSet<String>,
    /// Over amounts.
    columns: HashSet<String>,
    /// Of rows.
    rows: HashSet<String>,
    skip: HashSet<String>,
    years: Years<'a>,
}

impl<'a> Vocabulary<'a> {
    /// The words of a form, in a report on a year.
    pub fn new(form: &TableForm, family: &'a Family, year: Option<i32>) -> Vocabulary<'a> {
        let keys = |words: &[String]| words.iter().map(|word| key(word)).collect::<Vec<String>>();
        let heads = &family.heads;
        Vocabulary {
            heads: [&heads.code, &heads.name].into_iter().flat_map(|words| keys(words)).collect(),
            columns: form.bands.iter().flat_map(|band| &band.columns).flat_map(|item| item.keys.iter().cloned()).collect(),
            rows: form.bands.iter().flat_map(|band| &band.rows).chain(&family.codes).flat_map(|item| item.keys.iter().cloned()).collect(),
            skip: keys(&heads.skip).into_iter().collect(),
            years: Years { own: year, last_year: &heads.last_year },
        }
    }

    fn names_column(&self, key: &str) -> bool {
        self.columns.contains(&self.years.relative(key))
    }
}

/// How headers speak of years: in a report on 2025, `2025年预算数` is 预算数 and `2024年预算数` is 上年预算数.
pub struct Years<'a> {
    /// The year reported on.
    pub own: Option<i32>,
    /// What the year before is called.
    pub last_year: &'a str,
}

impl Years<'_> {
    /// A key with its year told by the report's.
    pub fn relative(&self, key: &str) -> String {
        let after_digits = key.trim_start_matches(|character: char| character.is_ascii_digit());
        let digits =
            key.get(..key.len() - after_digits.len()).filter(|digits| digits.len() == 4).and_then(|digits| digits.parse::<i32>().ok());
        let rest = YEAR_WORDS.iter().find_map(|word| after_digits.strip_prefix(word)).filter(|rest| !rest.is_empty());
        match (digits.zip(rest), self.own) {
            (Some((_, rest)), None) => rest.to_string(),
            (Some((year, rest)), Some(own)) if year == own => rest.to_string(),
            (Some((year, rest)), Some(own)) if year == own - 1 => format!("{}{rest}", self.last_year),
            _ => key.to_string(),
        }
    }
}

/// Tell headers and rows; what stands above the first header is title.
pub fn frame(document: &Document, table: &Table, sheet: &Sheet, vocabulary: &Vocabulary) -> Frame {
    let mut roles = Vec::with_capacity(sheet.rows.len());
    let mut state = State::Above;
    // The rows of the first header: a page that repeats it prints them again.
    let mut first: Vec<Vec<String>> = Vec::new();
    let mut is_first = true;
    // How far the columns reach that name rows.
    let mut stub = 0;
    for (slots, row) in sheet.rows.iter().zip(&table.rows) {
        let keys: Vec<String> =
            slots.iter().map(|slot| row.cells.get(slot.cell).map_or(String::new(), |cell| key(document.slice(cell.span)))).collect();
        let role = match (slots.is_empty(), state) {
            (true, _) => Role::Empty,
            (false, State::Above) if is_head(slots, &keys, vocabulary, 1) => Role::Header,
            (false, State::Above) => Role::Title,
            (false, State::Header) if is_row(slots, &keys, vocabulary, stub) => Role::Data,
            (false, State::Header) => Role::Header,
            (false, State::Rows) if first.contains(&keys) || is_head(slots, &keys, vocabulary, 2) => Role::Header,
            (false, State::Rows) => Role::Data,
        };
        is_first &= role != Role::Data;
        if role == Role::Header && is_first {
            let reach = |stub: usize, (slot, key): (&Slot, &String)| {
                let goes_on = slot.column <= stub && vocabulary.heads.contains(key);
                if goes_on { stub.max(slot.column + slot.width) } else { stub }
            };
            stub = slots.iter().zip(&keys).fold(stub, reach);
            first.push(keys);
        }
        state = match role {
            Role::Header => State::Header,
            Role::Data => State::Rows,
            _ => state,
        };
        roles.push(role);
    }
    Frame { roles, n_stub: 0, unit_column: None }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Above,
    Header,
    Rows,
}

/// Words over columns, at least so many, and no amount. Below rows of the table, one of them names the names: a total's
/// label may be a column's, too.
fn is_head(slots: &[Slot], keys: &[String], vocabulary: &Vocabulary, least: usize) -> bool {
    let n_heads = keys.iter().filter(|key| vocabulary.heads.contains(*key)).count();
    let n_columns = keys.iter().filter(|key| vocabulary.names_column(key)).count();
    let is_known = n_heads + n_columns >= least && (least == 1 || n_heads > 0);
    is_known && !has_amount(slots, keys, vocabulary)
}

/// Right below a header: a number, a code, a mark for nothing, or the label of a row where no column is named so.
fn is_row(slots: &[Slot], keys: &[String], vocabulary: &Vocabulary, stub: usize) -> bool {
    if has_amount(slots, keys, vocabulary) {
        return true;
    }
    let n_columns = keys.iter().filter(|key| vocabulary.names_column(key)).count();
    let first = slots.first().zip(keys.first());
    first.is_some_and(|(slot, key)| slot.column < stub.max(1) && vocabulary.rows.contains(key) && n_columns < 2)
}

/// A number that is neither a year nor counts the columns, or a mark for nothing.
fn has_amount(slots: &[Slot], keys: &[String], vocabulary: &Vocabulary) -> bool {
    let data: Vec<&Slot> =
        slots.iter().filter(|slot| slot.is_datum() && !YEAR_WORDS.iter().any(|word| slot.text.ends_with(word))).collect();
    let figures: Vec<i128> =
        data.iter().filter_map(|slot| slot.figure()).filter(|figure| figure.decimals == 0).map(|figure| figure.digits).collect();
    let counts_on = figures.len() == data.len()
        && figures.first().is_some_and(|&first| first <= 2)
        && figures.windows(2).all(|pair| matches!(pair, [one, other] if *other == one + 1));
    let names_count = keys.iter().any(|key| vocabulary.skip.contains(key)) || figures.len() > 2;
    !(data.is_empty() || counts_on && names_count)
}
