//! Sentences that state a cell: the same words before the number, and in every sample that uses them the same cell's number.
//!
//! ```text
//!   今年共受理政府信息公开申请 859 件   t2/r1/c3 is 859 in this sample
//!   全区受理政府信息公开申请 21 件      t2/r1/c3 is 21 in this one       → 受理政府信息公开申请{n}件
//!   答复政府信息公开申请 805 件         another cell: the words the two share are too few
//! ```
//! Words grow backwards from the number until those who share them agree on one cell, and on no other.

use super::merge::TableForm;
use super::sample::{Said, Sample};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// What sentences say of a cell.
#[derive(Debug)]
pub(super) struct ClaimForm {
    /// The words before the number and those behind it, in each way they were found.
    pub says: Vec<(String, char)>,
    /// Indices of table and band, of row and column.
    pub cell: Address,
    /// How many samples say so, the fewest of any way.
    pub n_samples: usize,
}

/// Indices of table, band, row and column.
pub(super) type Address = [usize; 4];

/// Fewer words before a number are no saying; more than so many are not looked at.
const LEAST_WORDS: usize = 4;
pub(super) const MOST_WORDS: usize = 24;
/// A number of one digit is met by chance.
const LEAST_NUMBER: Decimal = Decimal::TEN;

/// A number said in a sample, and the cells of that sample that print it.
struct Hint<'s> {
    sample: usize,
    said: &'s Said,
    cells: BTreeSet<Address>,
}

/// Find what the samples say of their tables.
pub(super) fn find_claims(samples: &[Sample], tables: &[TableForm]) -> Vec<ClaimForm> {
    let mut by_number: BTreeMap<(usize, Decimal), BTreeSet<Address>> = BTreeMap::new();
    for (table, form) in tables.iter().enumerate() {
        for (band, part) in form.bands.iter().enumerate() {
            for (own, (row, column, number)) in part.cells.iter().flat_map(|own| own.numbers.iter().map(move |cell| (own, *cell))) {
                by_number.entry((own.sample, number)).or_default().insert([table, band, row, column]);
            }
        }
    }
    let hint = |(sample, said): (usize, &'_ Said)| (sample, by_number.get(&(sample, said.number)).cloned().unwrap_or_default());
    let mut by_unit: BTreeMap<char, Vec<Hint>> = BTreeMap::new();
    for (index, said) in samples.iter().enumerate().flat_map(|(index, sample)| sample.said.iter().map(move |said| (index, said))) {
        let (sample, cells) = hint((index, said));
        by_unit.entry(said.unit).or_default().push(Hint { sample, said, cells });
    }
    let mut found: BTreeMap<Address, ClaimForm> = BTreeMap::new();
    for (unit, hints) in &by_unit {
        let all: Vec<&Hint> = hints.iter().collect();
        grow(&all, 0, &mut |words, cell, n_samples| {
            let claim = found.entry(cell).or_insert(ClaimForm { says: Vec::new(), cell, n_samples });
            claim.says.push((words, *unit));
            claim.n_samples = claim.n_samples.min(n_samples);
        });
    }
    found.into_values().collect()
}

/// Part sayings by one more word before, until those that share their words state one cell.
fn grow(hints: &[&Hint], n_words: usize, tell: &mut dyn FnMut(String, Address, usize)) {
    let telling: BTreeSet<usize> = hints.iter().filter(|hint| hint.said.number >= LEAST_NUMBER).map(|hint| hint.sample).collect();
    if telling.len() < 2 || n_words > MOST_WORDS {
        return;
    }
    let mut cells = hints.iter().map(|hint| hint.cells.clone());
    let shared = cells.next().map(|first| cells.fold(first, |shared, own| &shared & &own)).unwrap_or_default();
    if let (true, Some(&cell), 1) = (n_words >= LEAST_WORDS, shared.first(), shared.len()) {
        return tell(shared_words(hints), cell, telling.len());
    }
    let mut longer: BTreeMap<char, Vec<&Hint>> = BTreeMap::new();
    for hint in hints {
        if let Some(word) = hint.said.before.iter().rev().nth(n_words) {
            longer.entry(*word).or_default().push(hint);
        }
    }
    longer.values().for_each(|hints| grow(hints, n_words + 1, tell));
}

/// The words right before the number that all have.
fn shared_words(hints: &[&Hint]) -> String {
    let Some((first, others)) = hints.split_first() else { return String::new() };
    let is_shared = |(index, word): &(usize, &char)| others.iter().all(|other| other.said.before.iter().rev().nth(*index) == Some(word));
    let mut words: Vec<char> = first.said.before.iter().rev().enumerate().take_while(is_shared).map(|(_, word)| *word).collect();
    words.reverse();
    words.into_iter().collect()
}
