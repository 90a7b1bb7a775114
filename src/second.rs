//! Two readings of one file held side by side: the document's numbers page by page against those of a second reader.
//!
//! Pure: who made the second reading, and in which process, is the caller's business. Numbers are compared as digits,
//! each page's as a heap, because the second reader knows no order. A number that one reader sees whole and the other in
//! pieces is no disagreement about digits: it is told only where it is a value of a table.

use crate::coverage::tokens;
use crate::doc::{Block, Document};
use crate::flag::{Code, Fault, Flag, Message, Severity};
use crate::fold::fold_char;
use crate::place::{Place, Span};
use std::collections::BTreeMap;

/// What a second reader saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The numbers of each page that it read.
    pub pages: BTreeMap<u32, Vec<String>>,
    /// Pages that it could not read.
    pub unread: Vec<u32>,
}

/// Findings told one by one on a page; the rest is counted.
const MOST_FINDINGS: usize = 20;
/// Pieces that one number may have come in.
const MOST_PIECES: usize = 4;

/// The numbers of a run of characters, as they are compared.
pub fn numbers(text: &str) -> Vec<String> {
    tokens(text).into_iter().filter_map(|span| text.get(span.range())).map(plain).collect()
}

/// Digits and the points between them, of ordinary width.
fn plain(number: &str) -> String {
    number.chars().map(fold_char).filter(|character| *character != ',').collect()
}

/// A number of the first reading.
struct Seen {
    plain: String,
    span: Span,
    in_table: bool,
}

/// Hold a document against a second reading; `keys` names the values and where they stand, in order.
pub fn compare(document: &Document, second: &Reading, keys: &[(Span, String)]) -> Vec<Flag> {
    let mut first = by_page(document);
    let mut marks = raised_numbers(document);
    let mut flags = Vec::new();
    for (&page, numbers) in &second.pages {
        let mut other = heap(numbers);
        let seen = first.remove(&page).unwrap_or_default();
        let alone: Vec<Seen> = seen.into_iter().filter(|own| !take(&mut other, &own.plain)).collect();
        for mark in marks.remove(&page).unwrap_or_default() {
            take(&mut other, &mark);
        }
        flags.extend(compare_page(page, alone, other, keys));
    }
    if !second.unread.is_empty() {
        let facts = [ranges(&second.unread)];
        let message = Message::new("the second reader cannot read page {0}, so its numbers rest on one reading", facts);
        flags.push(Flag::new(Code::ReadersDisagree, message).graded(Severity::Note).fault(Fault::Unknown));
    }
    flags
}

/// `1-3, 7`: pages in order.
fn ranges(pages: &[u32]) -> String {
    let runs = pages.chunk_by(|one, other| one + 1 == *other).filter_map(|run| Some((run.first()?, run.last()?)));
    let shown = runs.map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") });
    shown.collect::<Vec<String>>().join(", ")
}

fn by_page(document: &Document) -> BTreeMap<u32, Vec<Seen>> {
    let grids: Vec<Span> = document.blocks.iter().filter(|block| matches!(block, Block::Grid(_))).map(Block::span).collect();
    let mut found: BTreeMap<u32, Vec<Seen>> = BTreeMap::new();
    for span in tokens(&document.text) {
        let Some(Place::Page { page, .. }) = document.place(span) else { continue };
        let after = grids.partition_point(|grid| grid.start <= span.start);
        let in_table = after.checked_sub(1).and_then(|at| grids.get(at)).is_some_and(|grid| grid.covers(span));
        found.entry(page).or_default().push(Seen { plain: plain(document.slice(span)), span, in_table });
    }
    found
}

fn heap(numbers: &[String]) -> BTreeMap<String, usize> {
    let mut heap = BTreeMap::new();
    for number in numbers {
        *heap.entry(number.clone()).or_default() += 1;
    }
    heap
}

/// The marks of footnotes on each page, which the first reader does not count as numbers.
fn raised_numbers(document: &Document) -> BTreeMap<u32, Vec<String>> {
    const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let digit = |character: char| RAISED.chars().position(|own| own == character);
    let mut found: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut rest = document.text.char_indices().peekable();
    while let Some((start, character)) = rest.next() {
        let Some(value) = digit(character) else { continue };
        let mut number = value.to_string();
        while let Some(value) = rest.peek().and_then(|(_, next)| digit(*next)) {
            number.push_str(&value.to_string());
            rest.next();
        }
        if let Some(Place::Page { page, .. }) = document.place(Span::new(start, start + character.len_utf8())) {
            found.entry(page).or_default().push(number);
        }
    }
    found
}

/// What is left on a page when the numbers that both readers see are taken out.
fn compare_page(page: u32, mut alone: Vec<Seen>, mut other: BTreeMap<String, usize>, keys: &[(Span, String)]) -> Vec<Flag> {
    if is_shattered(&alone, &other) {
        return Vec::new();
    }
    let mut flags = Vec::new();
    // Whole here and in pieces there, then the other way round.
    alone.retain(|own| match pieces(&own.plain, &other, MOST_PIECES) {
        Some(found) => {
            let all = found.join(" ");
            for piece in &found {
                take(&mut other, piece);
            }
            flags.extend(divided(own, &all, keys));
            false
        }
        None => true,
    });
    let whole: Vec<String> = other.iter().flat_map(|(number, count)| std::iter::repeat_n(number.clone(), *count)).collect();
    for number in whole {
        if let Some(at) = run_of(&alone, &number) {
            let own: Vec<Seen> = alone.drain(at).collect();
            take(&mut other, &number);
            flags.extend(own.first().and_then(|first| divided(first, &number, keys)));
        }
    }
    let mut findings: Vec<Flag> = Vec::new();
    for own in &alone {
        let nearest = other.keys().min_by_key(|number| strsim::levenshtein(number, &own.plain)).cloned();
        let nearest = nearest.filter(|number| strsim::levenshtein(number, &own.plain) * 2 <= own.plain.len().max(2));
        let message = match &nearest {
            Some(number) => Message::new("one reader sees {0}, the other {1}", [own.plain.clone(), number.clone()]),
            None => Message::new("one reader sees {0}, the other does not see it", [own.plain.clone()]),
        };
        if let Some(number) = nearest {
            take(&mut other, &number);
        }
        findings.push(finding(message, own, keys));
    }
    let unseen: Vec<String> = other.iter().flat_map(|(number, count)| std::iter::repeat_n(number.clone(), *count)).collect();
    let n_more = findings.len().saturating_sub(MOST_FINDINGS);
    findings.truncate(MOST_FINDINGS);
    flags.append(&mut findings);
    if !unseen.is_empty() {
        let some: Vec<String> = unseen.iter().take(MOST_FINDINGS).cloned().collect();
        let facts = [page.to_string(), unseen.len().to_string(), some.join(", ")];
        let message = Message::new("page {0}: the second reader sees {1} numbers that the first does not: {2}", facts);
        let help = Message::plain("look at the page: they may be hidden there, or lost here");
        flags.push(Flag::new(Code::ReadersDisagree, message).graded(Severity::Warning).help(help));
    }
    if n_more > 0 {
        let message = Message::new("page {0}: the readers disagree on {1} more numbers", [page.to_string(), n_more.to_string()]);
        flags.push(Flag::new(Code::ReadersDisagree, message));
    }
    flags
}

/// The second reader sees the same digits one by one, as where a font tells it no widths: there is nothing to compare.
fn is_shattered(alone: &[Seen], other: &BTreeMap<String, usize>) -> bool {
    let sorted = |digits: String| {
        let mut digits: Vec<char> = digits.chars().filter(char::is_ascii_digit).collect();
        digits.sort_unstable();
        digits
    };
    let n_other: usize = other.values().sum();
    let own = sorted(alone.iter().map(|own| own.plain.as_str()).collect());
    n_other >= 3 * alone.len() && own == sorted(other.iter().map(|(number, count)| number.repeat(*count)).collect())
}

fn take(heap: &mut BTreeMap<String, usize>, number: &str) -> bool {
    let Some(count) = heap.get_mut(number) else { return false };
    *count -= 1;
    if *count == 0 {
        heap.remove(number);
    }
    true
}

/// Numbers of the heap that make up `number` when written one after the other; more than one.
fn pieces(number: &str, heap: &BTreeMap<String, usize>, most: usize) -> Option<Vec<String>> {
    if most == 0 {
        return None;
    }
    (1..number.len()).rev().find_map(|at| {
        let (head, rest) = (number.get(..at)?, number.get(at..)?);
        heap.contains_key(head).then_some(())?;
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        let tail = if heap.contains_key(rest) { vec![rest.to_string()] } else { pieces(rest, heap, most - 1)? };
        Some([vec![head.to_string()], tail].concat())
    })
}

/// Neighbours of the first reading that make up `number`.
fn run_of(alone: &[Seen], number: &str) -> Option<std::ops::Range<usize>> {
    (0..alone.len()).find_map(|start| {
        let mut rest = number;
        for (index, own) in alone.iter().enumerate().skip(start).take(MOST_PIECES) {
            rest = rest.strip_prefix(own.plain.as_str())?;
            if rest.is_empty() {
                return (index > start).then_some(start..index + 1);
            }
            rest = rest.strip_prefix('.').unwrap_or(rest);
        }
        None
    })
}

/// The readers agree on the digits and not on where a number ends: worth a look in a table, nothing in a sentence.
fn divided(own: &Seen, other: &str, keys: &[(Span, String)]) -> Option<Flag> {
    let message = Message::new("one reader sees {0}, the other {1}", [own.plain.clone(), other.to_string()]);
    own.in_table.then(|| finding(message, own, keys).graded(Severity::Warning))
}

fn finding(message: Message, own: &Seen, keys: &[(Span, String)]) -> Flag {
    let after = keys.partition_point(|(span, _)| span.start <= own.span.start);
    let key = after.checked_sub(1).and_then(|at| keys.get(at)).filter(|(span, _)| span.covers(own.span)).map(|(_, key)| key.clone());
    let help = Message::plain("look at the page: the file's fonts tell the two readers different things");
    let flag = Flag::new(Code::ReadersDisagree, message).at(own.span).about(key.into_iter().collect()).fault(Fault::Reading).help(help);
    if own.in_table { flag } else { flag.graded(Severity::Warning) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::Para;
    use crate::place::{Anchor, Places};

    fn told(first: &str, second: &str) -> Vec<String> {
        let span = Span::new(0, first.len());
        let places = Places::Anchors(vec![Anchor { span, place: Place::Page { page: 1, bounds: [0.0; 4] } }]);
        let blocks = vec![Block::Para(Para { span, ..Para::default() })];
        let document = Document { text: first.into(), blocks, places, pages: Vec::new(), title: None };
        let second = Reading { pages: BTreeMap::from([(1, numbers(second))]), unread: Vec::new() };
        compare(&document, &second, &[]).into_iter().map(|flag| flag.message.render(flag.message.template)).collect()
    }

    #[test]
    fn readings_of_the_same_digits_agree() {
        assert_eq!(told("1,234 件 ２０ 3.50", "3.50 20 1234"), [""; 0]);
        assert_eq!(told("2024 年 7", "20 24 7"), [""; 0], "a sentence may be parted otherwise");
        assert_eq!(told("20 24", "2024"), [""; 0]);
    }

    #[test]
    fn other_digits_are_told() {
        assert_eq!(told("12 件", "72"), ["one reader sees 12, the other 72"]);
        assert_eq!(
            told("1234", "9"),
            ["one reader sees 1234, the other does not see it", "page 1: the second reader sees 1 numbers that the first does not: 9"]
        );
    }
}
