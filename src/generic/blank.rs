//! Lone labels among the numbers: which are rows whose cells are blank, and which name the rows below them.
//!
//! ```text
//!   一、养老保险              its number belongs to a series of rows with numbers: a row, its cells blank
//!   二、医疗保险    50   49
//!   契税          317  295
//!   烟叶税                    the same word ends it and the rows on both sides: a row, its cells blank
//!   环境保护税      35   33
//!   按经济类型分              nothing says so: it names the rows below
//! ```

use super::frame::Role;
use super::sheet::{Sheet, Slot};
use crate::grammar::words::{Words, plain};
use crate::numbering::{Style, fold_mark, mark, read_number};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The label of a row among the numbers.
#[derive(Debug, Clone, Copy)]
struct Label<'a> {
    row: usize,
    slot: &'a Slot,
    mark: Option<(Style, u64)>,
    role: Role,
    /// Nothing but the label is printed.
    is_lone: bool,
}

/// Give lone labels that are rows of their own the role of data.
pub fn settle(sheet: &Sheet, roles: &mut [Role], n_stub: usize, words: &Words) {
    set_headers_aside(sheet, roles);
    let labels = Labels::new(labels(sheet, roles, n_stub));
    let rows: Vec<usize> = (0..labels.all.len()).filter(|&at| labels.is_row(at, words)).collect();
    for label in rows.into_iter().filter_map(|at| labels.all.get(at)) {
        if let Some(role) = roles.get_mut(label.row) {
            *role = Role::Data;
        }
    }
}

/// A lone label that a header has too is that header going on behind a page's end.
fn set_headers_aside(sheet: &Sheet, roles: &mut [Role]) {
    let headers = sheet.rows.iter().zip(roles.iter()).filter(|(_, role)| **role == Role::Header).flat_map(|(row, _)| row);
    let names: HashSet<String> = headers.map(|slot| plain(&slot.text)).collect();
    for (row, role) in sheet.rows.iter().zip(roles.iter_mut()).filter(|(_, role)| **role == Role::Group) {
        if let [only] = row.as_slice()
            && names.contains(&plain(&only.text))
        {
            *role = Role::Note;
        }
    }
}

/// The mark of a label that numbers rows, and its number.
pub fn row_mark(text: &str) -> Option<(Style, u64)> {
    match mark(&fold_mark(text)) {
        Ok((rest, (style, number))) if !rest.is_empty() && !style.needs_order() => Some((style, read_number(&number)?)),
        _ => None,
    }
}

fn labels<'a>(sheet: &'a Sheet, roles: &[Role], n_stub: usize) -> Vec<Label<'a>> {
    let rows = sheet.rows.iter().zip(roles).enumerate().filter(|(_, (_, role))| matches!(role, Role::Group | Role::Data | Role::Derived));
    let label = |(row, (slots, &role)): (usize, (&'a Vec<Slot>, &Role))| {
        let slot = slots.iter().rev().find(|slot| slot.column < n_stub.max(1))?;
        let is_lone = slots.iter().all(|slot| !slot.is_datum() || slot.column < n_stub);
        Some(Label { row, slot, mark: row_mark(&slot.text), role, is_lone })
    };
    rows.filter_map(label).collect()
}

/// So many lone labels in a row, equally deep, are not each the group of the next.
const LEAST_RUN: usize = 3;

fn is_run(labels: &[Label]) -> bool {
    let indent = labels.first().map(|label| label.slot.indent);
    let is_plain = |label: &Label| label.role == Role::Group && label.mark.is_none() && label.slot.width == 1 && is_wide(label.slot);
    labels.iter().all(|label| is_plain(label) && Some(label.slot.indent) == indent)
}

/// The labels of a table, and what they show together.
struct Labels<'a> {
    all: Vec<Label<'a>>,
    /// Some rows stand there without their numbers.
    has_blank_rows: bool,
    /// How deep the labels of rows with numbers stand.
    levels: BTreeSet<usize>,
    /// Of each style of numbering.
    series: BTreeMap<Style, Series>,
    /// Where each number of a style stands first before a row of numbers.
    first: BTreeMap<(Style, u64), usize>,
}

/// How many labels are numbered in one style.
#[derive(Default)]
struct Series {
    /// Before numbers.
    n_data: usize,
    /// Where nothing but the label is printed.
    n_lone: usize,
}

impl<'a> Labels<'a> {
    fn new(all: Vec<Label<'a>>) -> Labels<'a> {
        let has_blank_rows = all.windows(LEAST_RUN).any(is_run);
        let levels = all.iter().filter(|label| label.role.is_data()).map(|label| label.slot.indent).collect();
        let mut labels = Labels { has_blank_rows, levels, series: BTreeMap::new(), first: BTreeMap::new(), all };
        for (at, label) in labels.all.iter().enumerate() {
            let Some((style, number)) = label.mark else { continue };
            let series = labels.series.entry(style).or_default();
            series.n_data += usize::from(label.role.is_data());
            series.n_lone += usize::from(label.is_lone);
            if label.role.is_data() {
                labels.first.entry((style, number)).or_insert(at);
            }
        }
        labels
    }

    fn is_row(&self, at: usize, words: &Words) -> bool {
        let Some(own) = self.all.get(at).filter(|own| own.role == Role::Group && own.slot.width == 1) else { return false };
        if own.slot.text.ends_with([':', '：']) {
            return false;
        }
        let next = self.all.get(at + 1);
        match own.mark {
            Some((style, _)) => self.is_numbered_row(style, next, words),
            None => {
                next.is_some_and(|next| next.slot.indent <= own.slot.indent && !words.part.begins(&next.slot.text))
                    && (self.has_blank_rows && is_wide(own.slot)
                        || next.is_some_and(|next| self.is_among_rows(own, next))
                        || self.is_plain_row(at)
                        || self.is_before_last_total(at, words))
            }
        }
    }

    /// As deep as rows with numbers, and deeper than what follows: there is nothing that it could name.
    fn is_among_rows(&self, own: &Label, next: &Label) -> bool {
        next.slot.indent < own.slot.indent && self.levels.contains(&own.slot.indent)
    }

    /// Its number belongs to a series of rows, or what follows is no part of it.
    fn is_numbered_row(&self, style: Style, next: Option<&Label>, words: &Words) -> bool {
        let Some(&Series { n_data, n_lone }) = self.series.get(&style) else { return false };
        let ends = next.is_none_or(|next| match next.mark {
            Some((other, _)) => other <= style,
            None => words.total.is_in(&next.slot.text),
        });
        ends && (n_data > 0 || next.is_some()) || n_data > n_lone
    }

    /// A total below it that ends a list of rows adds up those above, too: it is no part of this one.
    fn is_before_last_total(&self, at: usize, words: &Words) -> bool {
        let [before, next, then] = [at.checked_sub(1), Some(at + 1), Some(at + 2)].map(|at| at.and_then(|at| self.all.get(at)));
        let is_total = next.is_some_and(|next| next.role.is_data() && words.total.is_in(&next.slot.text));
        let is_listed = before.is_some_and(|before| before.role.is_data() && !words.total.is_in(&before.slot.text));
        is_total && is_listed && then.is_none_or(|then| then.role == Role::Group)
    }

    /// Unnumbered, and no deeper rows below it.
    fn is_plain_row(&self, at: usize) -> bool {
        let [before, own, next] = [at.checked_sub(1), Some(at), Some(at + 1)].map(|at| at.and_then(|at| self.all.get(at)));
        let Some(own) = own else { return false };
        let is_alike = |other: Option<&Label>| other.is_some_and(|other| last_word(other.slot) == last_word(own.slot));
        if is_wide(own.slot) && is_alike(next) && (before.is_none() || is_alike(before)) {
            return true;
        }
        // The number of the row after the next goes on from one above: what would be a group holds one row.
        let resumes = self.all.get(at + 2).and_then(|label| label.mark);
        let is_above = |(style, number): (Style, u64)| self.first.get(&(style, number.checked_sub(1)?)).filter(|&&first| first < at);
        next.is_some_and(|next| next.mark.is_none()) && resumes.and_then(is_above).is_some()
    }
}

/// It ends in an ideograph: what it names stands at its end.
fn is_wide(slot: &Slot) -> bool {
    last_word(slot).is_some_and(|last| last >= '\u{2E80}')
}

fn last_word(slot: &Slot) -> Option<char> {
    slot.text.chars().rev().find(|character| character.is_alphanumeric())
}
