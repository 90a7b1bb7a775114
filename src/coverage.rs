//! Every number of the report, counted by a plain tokenizer that knows nothing of tables, and where each one ended.
//!
//! In: the document's text, and the spans that other rooms account for. Out: placed + noted + unplaced = all.

use crate::doc::{Block, Document};
use crate::flag::{Code, Flag, Flagged, Message};
use crate::fold::{find_byte, is_digit, is_hidden};
use crate::place::Span;

/// Where the report's numbers ended.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// All of them.
    pub numbers: usize,
    /// Those that are a value.
    pub placed: usize,
    /// Those that are none, with the reason.
    pub noted: Vec<(Span, &'static str)>,
    /// Those nobody accounts for.
    pub unplaced: Vec<Span>,
}

/// What other rooms account for; spans in any order.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    /// Cells that became a value.
    pub values: Vec<Span>,
    /// Cells that did not, with the reason.
    pub noted: Vec<(Span, &'static str)>,
    /// Places where a flag already says that numbers are unplaced.
    pub flagged: Vec<Span>,
}

/// Account for every number.
pub fn cover(document: &Document, mut accounts: Accounts) -> Flagged<Coverage> {
    accounts.values.sort_unstable();
    accounts.noted.sort_unstable();
    let flagged = join_overlaps(accounts.flagged);
    let mut coverage = Coverage::default();
    let mut flags: Vec<Flag> = Vec::new();
    let mut last_value = None;
    let mut block_index = 0;
    for token in tokens(&document.text) {
        coverage.numbers += 1;
        while document.blocks.get(block_index).is_some_and(|block| block.span().end <= token.start) {
            block_index += 1;
        }
        if let Some(value) = find_value(&accounts.values, token) {
            if last_value == Some(value) {
                coverage.noted.push((token, "in the cell of a value"));
            } else {
                coverage.placed += 1;
                last_value = Some(value);
            }
            continue;
        }
        if let Some(why) = find_reason(&accounts.noted, token).or_else(|| block_reason(document, block_index, token)) {
            coverage.noted.push((token, why));
            continue;
        }
        coverage.unplaced.push(token);
        if find_value(&flagged, token).is_none() {
            let raw = document.slice(token).to_string();
            flags.push(Flag::new(Code::NumberUnplaced, Message::new("the number {0} has found no place", [raw])).at(token));
        }
    }
    Flagged { value: coverage, flags }
}

/// Spans in order, those that overlap made one.
fn join_overlaps(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut().filter(|last| span.start <= last.end) {
            Some(last) => *last = last.to(span),
            None => joined.push(span),
        }
    }
    joined
}

fn find_value(values: &[Span], token: Span) -> Option<Span> {
    let after = values.partition_point(|span| span.start <= token.start);
    values.get(after.checked_sub(1)?).copied().filter(|span| span.covers(token))
}

fn find_reason(noted: &[(Span, &'static str)], token: Span) -> Option<&'static str> {
    let after = noted.partition_point(|(span, _)| span.start <= token.start);
    noted.get(after.checked_sub(1)?).filter(|(span, _)| span.covers(token)).map(|(_, why)| *why)
}

fn block_reason(document: &Document, block: usize, token: Span) -> Option<&'static str> {
    match document.blocks.get(block)? {
        Block::Para(para) if para.span.covers(token) => Some("sentence"),
        Block::Furniture(span) if span.covers(token) => Some("page furniture"),
        Block::Grid(grid) if grid.span.covers(token) => None,
        _ => Some("between blocks"),
    }
}

/// The numbers of a text: runs of digits, with a point or comma between digits.
pub fn tokens(text: &str) -> Vec<Span> {
    // How a digit begins, plain or full-width; most bytes of a report are neither.
    const FULL_WIDTH: u8 = 0xEF;
    let may_begin = |byte: u8| byte.is_ascii_digit() | (byte == FULL_WIDTH);
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(at) = text.as_bytes().get(start..).and_then(|rest| find_byte(rest, may_begin)) {
        start += at;
        let length = text.get(start..).map_or(0, number_length);
        if length > 0 {
            found.push(Span::new(start, start + length));
        }
        start += length.max(1);
    }
    found
}

/// Bytes of the number that a text begins with; 0 where there is none.
fn number_length(text: &str) -> usize {
    // What cannot be seen parts no digits; a control character does.
    let is_unseen = |character: char| is_hidden(character) && !character.is_control();
    let run = |text: &str| text.find(|character: char| !(is_digit(character) || is_unseen(character))).unwrap_or(text.len());
    let digits = |text: &str| text.get(..run(text)).unwrap_or_default().trim_end_matches(is_unseen).len();
    let mut length = if text.starts_with(is_digit) { digits(text) } else { 0 };
    while let Some(rest) = text.get(length..).filter(|_| length > 0)
        && let Some(behind) = rest.strip_prefix(['.', ',', '，', '．'])
    {
        let n_more = digits(behind);
        if n_more == 0 {
            break;
        }
        length += rest.len() - behind.len() + n_more;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_runs_of_digits() {
        let text = "2020年，1,234件、3.5%，１２. 7,";
        assert!(tokens("一，．。").is_empty());
        assert_eq!(tokens("1..2，，3.").len(), 3);
        assert_eq!(tokens("\u{FEFF}1\u{200B}2\u{200B},3\u{200B} 4").len(), 3);
        assert_eq!(tokens("1\u{1}2").len(), 2);
        let found: Vec<&str> = tokens(text).into_iter().map(|span| &text[span.range()]).collect();
        assert_eq!(found, ["2020", "1,234", "3.5", "１２", "7"]);
    }
}
