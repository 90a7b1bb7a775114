//! Dots that lead from a label to its numbers: `Taxes ........ 1,200   1,300`. They are a gap between two cells.

use super::fragment::{Fragment, is_datum};
use crate::place::Span;
use std::ops::Range;

/// Fewer dots are a mark for nothing, or the end of a sentence that is left open.
const FEWEST: usize = 4;

/// The parts of a line, those that dots lead through parted. Where no number stands behind it, what dots lead to is the number of
/// a page in a list of contents.
pub fn split(text: &str, whole: Vec<Fragment>) -> Vec<Fragment> {
    let Some(last) = whole.iter().rposition(|fragment| fragment.is_datum) else { return whole };
    let parts = |(index, fragment): (usize, Fragment)| {
        let found = if index < last { find_parts(text, fragment) } else { None };
        found.unwrap_or_else(|| vec![fragment])
    };
    whole.into_iter().enumerate().flat_map(parts).collect()
}

/// The label before the dots and the number behind them; the number may stand further off, in a part of its own.
fn find_parts(text: &str, fragment: Fragment) -> Option<Vec<Fragment>> {
    let words = text.get(fragment.span.range())?;
    let dots = find_dots(words)?;
    let (label, number) = (words.get(..dots.start)?.trim_end(), words.get(dots.end..)?);
    // Dots that blanks part from their label.
    if label.is_empty() && number.is_empty() {
        return Some(Vec::new());
    }
    let is_label = label.contains(char::is_alphabetic);
    let [start, end] = [fragment.span.start, fragment.span.end].map(|at| at as usize);
    let width = |words: &str, wide: usize| words.chars().map(|own| if own as u32 >= 0x1100 { wide } else { 1 }).sum::<usize>();
    let [narrow, wide] = fragment.edges;
    let [from, to] = [[narrow.0, wide.0], [narrow.1, wide.1]];
    let label_edges = [(from[0], from[0] + width(label, 1)), (from[1], from[1] + width(label, 2))];
    let number_edges = [(to[0].saturating_sub(width(number, 1)), to[0]), (to[1].saturating_sub(width(number, 2)), to[1])];
    let label = Fragment { span: Span::new(start, start + label.len()), edges: label_edges, is_datum: false };
    let behind = Fragment { span: Span::new(end - number.len(), end), edges: number_edges, is_datum: true };
    match number {
        "" => is_label.then(|| vec![label]),
        number => (is_label && is_datum(number)).then(|| vec![label, behind]),
    }
}

/// The first run of dots, and of blanks among them, that is long enough.
fn find_dots(words: &str) -> Option<Range<usize>> {
    let (mut start, mut n_dots) = (0, 0);
    for (at, character) in words.char_indices() {
        match character {
            '.' | '…' | '·' => {
                start = if n_dots == 0 { at } else { start };
                n_dots += 1;
            }
            ' ' => {}
            _ if n_dots >= FEWEST => return Some(start..at),
            _ => n_dots = 0,
        }
    }
    (n_dots >= FEWEST).then_some(start..words.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_that_lead_are_four_or_more() {
        assert_eq!(find_dots("Taxes ..... 1,200"), Some(6..12));
        assert_eq!(find_dots("Fees . . . . 7"), Some(5..13));
        assert_eq!(find_dots("Fees ...."), Some(5..9));
        assert_eq!(find_dots("Fees ... 7.5"), None);
    }
}
