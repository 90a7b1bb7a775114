//! Which columns and rows hold rates, shares or indices: they do not add up, and units of amounts are not theirs.

use super::frame::Frame;
use super::header::Header;
use super::sheet::Sheet;
use crate::grammar::words::Words;
use std::collections::BTreeSet;

/// Columns and rows of rates.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    /// Columns of the sheet.
    pub columns: BTreeSet<usize>,
    /// Rows of the sheet.
    pub rows: BTreeSet<usize>,
}

impl Rates {
    /// True where the number of a cell is one.
    pub fn covers(&self, (row, column): (usize, usize)) -> bool {
        self.columns.contains(&column) || self.rows.contains(&row)
    }
}

/// Find them by what headers and labels say, and by the sign behind the numbers.
pub fn find(sheet: &Sheet, frame: &Frame, headers: &[Header], words: &Words) -> Rates {
    let over = |column: usize| headers.first().and_then(|header| header.paths.get(column)).map(Vec::as_slice).unwrap_or_default();
    let columns = (frame.n_stub..sheet.n_columns).filter(|&column| is_rate(over(column), words) || shows_percent(sheet, frame, column));
    let label = |row: usize| sheet.rows.get(row)?.iter().rev().find(|slot| slot.column < frame.n_stub && frame.is_label(slot));
    let rows = (0..sheet.rows.len()).filter(|&row| label(row).is_some_and(|slot| words.rate.holds_word(&slot.text)));
    Rates { columns: columns.collect(), rows: rows.collect() }
}

/// The lowest label with a word says so; a year below such a label changes nothing.
fn is_rate(path: &[String], words: &Words) -> bool {
    let mut named = path.iter().rev().filter(|label| label.chars().any(char::is_alphabetic) || words.rate.holds_word(label));
    let is_year = |label: &&String| label.starts_with(|character: char| character.is_ascii_digit());
    let lowest = named.next();
    let says = |label: &String| words.rate.holds_word(label);
    lowest.is_some_and(|label| says(label)) || lowest.is_some_and(|label| is_year(&label)) && named.next().is_some_and(says)
}

/// Most numbers of the column have a percent sign.
fn shows_percent(sheet: &Sheet, frame: &Frame, column: usize) -> bool {
    let rows = sheet.rows.iter().zip(&frame.roles).filter(|(_, role)| role.is_data());
    let own = rows.filter_map(|(row, _)| row.iter().find(|slot| slot.column == column && slot.figure().is_some()));
    let (n_signs, n_all) =
        own.fold((0, 0), |(n_signs, n_all), slot| (n_signs + usize::from(slot.text.ends_with(['%', '％', '‰'])), n_all + 1));
    n_signs * 2 > n_all
}
