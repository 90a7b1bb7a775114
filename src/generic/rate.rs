//! Which columns hold rates, shares or indices: units of amounts are not theirs.

use super::frame::Frame;
use super::header::Header;
use super::sheet::{Sheet, mostly};
use crate::grammar::words::Words;
use std::collections::BTreeSet;

/// Find them by what headers say, and by the sign behind the numbers.
pub fn find(sheet: &Sheet, frame: &Frame, headers: &[Header], words: &Words) -> BTreeSet<usize> {
    let over = |column: usize| headers.first().and_then(|header| header.paths.get(column)).map(Vec::as_slice).unwrap_or_default();
    let shows_percent = percent_columns(sheet, frame);
    let is_relative = |&column: &usize| is_rate(over(column), words) || shows_percent.get(column) == Some(&true);
    (frame.n_stub..sheet.n_columns).filter(is_relative).collect()
}

/// The lowest label with a word says so; a year below such a label changes nothing.
fn is_rate(path: &[String], words: &Words) -> bool {
    let mut named = path.iter().rev().filter(|label| label.chars().any(char::is_alphabetic) || words.relative.holds_word(label));
    let is_year = |label: &&String| label.starts_with(|character: char| character.is_ascii_digit());
    let lowest = named.next();
    let says = |label: &String| words.relative.holds_word(label);
    lowest.is_some_and(says) || lowest.is_some_and(|label| is_year(&label)) && named.next().is_some_and(says)
}

/// For each column: most of its numbers have a percent sign.
fn percent_columns(sheet: &Sheet, frame: &Frame) -> Vec<bool> {
    let data = sheet.rows.iter().zip(&frame.roles).filter(|(_, role)| role.is_data()).map(|(row, _)| row);
    mostly(sheet.n_columns, data, |slot| slot.figure().is_some(), |slot| slot.text.ends_with(['%', '％', '‰']))
}
