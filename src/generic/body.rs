//! Rows of words among the numbers: which of them name the columns of what follows, and which are rows like any other whose
//! cells hold no number that can be read.
//!
//! ```text
//!   项目    甲      乙
//!   规章    5       6
//!   许可    约30    约40       right below a row of numbers, and nothing says that it is a header: a row
//!   项目    收入    支出       the head of the labels again: a header
//! ```

use super::frame::{Kind, Role};
use super::sheet::{Sheet, Slot, mostly};
use super::unit;
use crate::grammar::words::Words;
use std::collections::HashSet;
use std::ops::Range;

/// Fewest numbers that make a column one of numbers.
const LEAST_FIGURES: usize = 2;
/// Of so many cells of such a column one is a number that can be read.
const CELLS_TO_FIGURE: usize = 3;

/// True right below a row that has a label: numbers without any may be part of a header.
pub fn follows_label(sheet: &Sheet, row: usize) -> bool {
    let above = row.checked_sub(1).and_then(|above| sheet.rows.get(above)?.first());
    sheet.parted.get(row) == Some(&false) && above.is_some_and(|above| above.column == 0)
}

/// True where a row of words names the columns below it: it has no label or one that heads labels, says a word of a header
/// again, tells years, units, totals or rates, or has cells that others below it part.
pub fn names_columns(row: &[Slot], named: &HashSet<&str>, next: Option<&Kind>, words: &Words) -> bool {
    let Some((label, behind)) = row.split_first() else { return false };
    let is_head = label.column > 0 || label.width > 1 || words.head.is_alone(&label.text);
    let says_what = |text: &str| {
        words.total.is_in(text) || words.relative.is_in(text) || words.unit.is_made_of(text) || unit::in_brackets(text, words).is_some()
    };
    let tells = |slot: &Slot| slot.names_years() || !slot.is_datum() && !slot.begins_as_number() && says_what(&slot.text);
    let is_parted = behind.iter().any(|slot| slot.width > 1) && next.is_some_and(|next| *next != Kind::Numeric);
    is_head || is_parted || behind.iter().any(tells) || row.iter().any(|slot| named.contains(slot.text.as_str())) || counts_on(behind)
}

/// `1月 2月 3月`: one word, and a number that counts on.
fn counts_on(cells: &[Slot]) -> bool {
    let parted = |slot: &Slot| {
        let is_digit = |character: char| character.is_ascii_digit();
        let start = slot.text.find(is_digit)?;
        let (before, rest) = slot.text.split_at_checked(start)?;
        let after = rest.trim_start_matches(is_digit);
        let number: u64 = rest.strip_suffix(after)?.parse().ok()?;
        Some((number, format!("{before} {after}")))
    };
    let parts: Option<Vec<(u64, String)>> = cells.iter().map(parted).collect();
    let is_next = |pair: &[(u64, String)]| matches!(pair, [(one, own), (other, its)] if *other == one + 1 && own == its);
    parts.is_some_and(|parts| parts.len() > 1 && parts.windows(2).all(is_next))
}

/// A label, and behind it nothing but what stands in columns of numbers: numbers, and digits with a word or a mark beside them.
pub fn shows_numbers(row: &[Slot]) -> bool {
    let Some((label, behind)) = row.split_first() else { return false };
    let is_label = label.column == 0 && label.width == 1 && !label.is_datum() && !label.begins_as_number();
    let is_near = |slot: &Slot| slot.is_unread() || slot.begins_as_number();
    is_label && behind.iter().all(|slot| slot.is_datum() || is_near(slot)) && behind.iter().any(is_near)
}

/// The first row below the header: where that names every column with a word of its own, a row that shows numbers is no
/// second line of it.
pub fn find_first(sheet: &Sheet, above: Range<usize>, words: &Words) -> usize {
    let header = sheet.rows.get(above.start).map(Vec::as_slice).unwrap_or_default();
    let names: HashSet<&str> = header.iter().map(|slot| slot.text.as_str()).collect();
    let names_all = header.len() > 1
        && header.len() == sheet.n_columns
        && names.len() == header.len()
        && header.iter().all(|slot| slot.width == 1 && slot.height == 1);
    let is_row = |index: &usize| {
        sheet.rows.get(*index).is_some_and(|row| shows_numbers(row) && !names_columns(row, &names, Some(&Kind::Numeric), words))
    };
    above.clone().skip(1).find(|index| names_all && is_row(index)).unwrap_or(above.end)
}

/// How many rows right behind the last numbers show numbers that cannot be read.
pub fn n_unread_behind(sheet: &Sheet, kinds: &[Kind], last: usize) -> usize {
    let rows = sheet.rows.iter().zip(kinds).skip(last + 1);
    rows.take_while(|(row, kind)| **kind == Kind::Text && shows_numbers(row)).count()
}

/// For each column, whether it is one of numbers, be some of them such that they cannot be read.
pub fn number_columns(sheet: &Sheet, roles: &[Role]) -> Vec<bool> {
    let data = || sheet.rows.iter().zip(roles).filter(|(_, role)| role.is_data()).map(|(row, _)| row);
    let mut counts = vec![(0, 0); sheet.n_columns];
    for slot in data().flatten() {
        if let Some((n_figures, n_all)) = counts.get_mut(slot.column) {
            *n_figures += usize::from(slot.figure().is_some() || slot.is_misread());
            *n_all += 1;
        }
    }
    let is_number = |slot: &Slot| slot.figure().is_some() || (slot.is_unread() || slot.is_near_number()) && !slot.is_range();
    let are_numbers = mostly(sheet.n_columns, data(), |_| true, is_number);
    let is_of_numbers = |((n_figures, n_all), are_numbers): (&(usize, usize), bool)| {
        are_numbers && *n_figures >= LEAST_FIGURES && n_figures * CELLS_TO_FIGURE >= *n_all
    };
    counts.iter().zip(are_numbers).map(is_of_numbers).collect()
}
