//! The shown text as it is written, and the source of every stretch of it. Blanks come out as a browser shows them: a
//! run of them is one space, none at the edges of a line, none where a line of the source ends between two ideographs.

use super::tree::Tree;
use crate::fold::{fold_char, is_blank, is_digit};
use crate::place::{Anchor, LineIndex, Places, Span};

/// Above this number of anchors numbers get none of their own: the stretch they stand in must do.
const MOST_ANCHORS: usize = 1_000_000;
/// Above this number of stretches the last one takes in all that follows.
const MOST_STRETCHES: usize = 2_000_000;

/// A stretch of shown text and what prints it.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    span: Span,
    source: Span,
}

/// What stands between the last shown character and the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    Nothing,
    Blank,
    /// A line end of the source, with or without blanks beside it.
    LineEnd,
    /// A line break in a heading.
    Space,
    /// A line break or the end of a paragraph in a cell.
    Break,
}

/// Shown text in the making.
#[derive(Debug)]
pub struct Ink {
    /// The text.
    pub text: String,
    stretches: Vec<Stretch>,
    gap: Gap,
    /// Where the line, or the cell, begins.
    start: usize,
    /// Raised text begins or ends here.
    is_edge: bool,
}

impl Ink {
    /// Nothing yet.
    pub fn new() -> Ink {
        Ink { text: String::new(), stretches: Vec::new(), gap: Gap::Nothing, start: 0, is_edge: false }
    }

    /// Begin a line or a cell.
    pub fn begin(&mut self) {
        self.start = self.text.len();
        self.gap = Gap::Nothing;
        self.is_edge = false;
    }

    /// Raised text begins or ends: digits on both sides are not one number. They are parted by `^`.
    pub fn edge(&mut self) {
        self.is_edge = true;
    }

    /// A space is to stand here, if anything follows.
    pub fn space(&mut self) {
        self.gap = Gap::Space;
    }

    /// A line of a cell ends here. It shows as a space; between digits, which are not one number then, as a line end.
    pub fn line_break(&mut self) {
        self.gap = Gap::Break;
    }

    /// Write text of the page, its blanks run together.
    pub fn write(&mut self, tree: &Tree, span: Span) {
        let words = tree.words(span);
        let mut at = 0;
        for piece in words.split_inclusive(|character: char| character.is_ascii_whitespace()) {
            let shown = piece.trim_end_matches(|character: char| character.is_ascii_whitespace());
            if let Some(first) = shown.chars().next() {
                self.bridge(first);
                let start = span.start as usize + at;
                self.copy(tree, Span::new(start, start + shown.len()));
            }
            if shown.len() < piece.len() {
                self.gap = match self.gap {
                    gap @ (Gap::Space | Gap::Break) => gap,
                    _ if piece.ends_with(['\n', '\r']) => Gap::LineEnd,
                    Gap::Nothing => Gap::Blank,
                    gap => gap,
                };
            }
            at += piece.len();
        }
    }

    /// Write text of the page as it stands, blanks and all.
    pub fn copy(&mut self, tree: &Tree, span: Span) {
        self.gap = Gap::Nothing;
        let mut from = span.start;
        while from < span.end {
            let (source, end) = tree.source(from, span.end);
            let start = self.text.len();
            self.text.push_str(tree.words(Span { start: from, end }));
            self.note(Span::new(start, self.text.len()), source);
            if end <= from {
                break;
            }
            from = end;
        }
    }

    /// The space between the last word and the next, where one is due.
    fn bridge(&mut self, next: char) {
        let is_edge = std::mem::take(&mut self.is_edge);
        let Some(last) = self.text.get(self.start..).and_then(|line| line.chars().next_back()) else { return };
        if is_edge && last.is_ascii_digit() && next.is_ascii_digit() {
            self.text.push('^');
            return;
        }
        let is_wide = |character: char| character >= '\u{2E80}';
        match self.gap {
            Gap::Nothing => {}
            Gap::LineEnd if is_wide(last) && is_wide(next) => {}
            Gap::Break if fold_char(last).is_ascii_digit() && fold_char(next).is_ascii_digit() => self.text.push('\n'),
            Gap::LineEnd | Gap::Blank | Gap::Space | Gap::Break => self.text.push(' '),
        }
    }

    fn note(&mut self, span: Span, source: Span) {
        let is_plain = |stretch: &Stretch| stretch.span.end - stretch.span.start == stretch.source.end - stretch.source.start;
        let new = Stretch { span, source };
        let is_full = self.stretches.len() >= MOST_STRETCHES;
        let goes_on = |last: &Stretch| {
            // One blank of the source shows as one space.
            let gap = span.start.wrapping_sub(last.span.end);
            let follows = gap <= 1 && source.start.wrapping_sub(last.source.end) == gap;
            is_full || follows && is_plain(last) && is_plain(&new)
        };
        match self.stretches.last_mut().filter(|last| goes_on(last)) {
            Some(last) => {
                last.span.end = span.end;
                last.source.end = source.end.max(last.source.end);
            }
            None => self.stretches.push(new),
        }
    }

    /// End a line or a cell: its words without the blanks at the edges.
    pub fn end(&mut self) -> Span {
        let words = self.text.get(self.start..).unwrap_or("");
        let trimmed = words.trim_matches(is_blank);
        if trimmed.is_empty() {
            self.text.truncate(self.start);
            let start = Span::new(self.start, 0).start;
            self.stretches.truncate(self.stretches.partition_point(|stretch| stretch.span.start < start));
            return Span::new(self.start, self.start);
        }
        let skipped = words.len() - words.trim_start_matches(is_blank).len();
        Span::new(self.start + skipped, self.start + skipped + trimmed.len())
    }

    /// Put a separator; after a blank cell it stands for the cell, so that a blank has its place too.
    pub fn part(&mut self, separator: char, blank: Option<Span>) {
        let start = self.text.len();
        self.text.push(separator);
        if let Some(source) = blank {
            self.stretches.push(Stretch { span: Span::new(start, self.text.len()), source });
        }
    }

    /// What shows of the last words of the source: the number that ends them, or their last character.
    pub fn find_last(&self) -> Option<Span> {
        let last = self.stretches.iter().max_by_key(|stretch| stretch.source.end)?.span;
        let words = self.text.get(last.range())?;
        let is_part = |character: char| is_digit(character) || matches!(character, '.' | ',');
        let n_part = words.len() - words.trim_end_matches(is_part).len();
        let n_last = words.chars().next_back().map_or(0, char::len_utf8);
        Some(Span::new(last.end as usize - n_part.max(n_last), last.end as usize))
    }

    /// The places of all that is written.
    pub fn places(&self, source: &str) -> Places {
        let lines = LineIndex::new(source);
        let anchor = |span: Span, own: Span| Anchor { span, place: lines.place(source, own) };
        let mut anchors = Vec::with_capacity(self.stretches.len());
        for Stretch { span, source } in &self.stretches {
            let words = self.text.get(span.range()).unwrap_or("");
            let is_plain = words.len() == (source.end - source.start) as usize;
            let mut from = 0;
            while is_plain
                && anchors.len() < MOST_ANCHORS
                && let Some(length) = find_number_edge(words.get(from..).unwrap_or(""))
            {
                let shift = |base: u32| Span::new(base as usize + from, base as usize + from + length);
                anchors.push(anchor(shift(span.start), shift(source.start)));
                from += length;
            }
            let rest = |of: &Span| Span { start: of.start + Span::new(from, 0).start, end: of.end };
            anchors.push(if is_plain { anchor(rest(span), rest(source)) } else { anchor(*span, *source) });
        }
        Places::Anchors(anchors)
    }
}

/// The first place where a run of digits begins or ends, so that a number in a sentence has a place of its own.
fn find_number_edge(words: &str) -> Option<usize> {
    let is_part = |byte: u8, in_number: bool| byte.is_ascii_digit() || in_number && matches!(byte, b'.' | b',');
    let in_number = words.bytes().next()?.is_ascii_digit();
    words.bytes().position(|byte| is_part(byte, in_number) != in_number)
}
