//! Tables whose columns stand under one another, parted by runs of spaces: typed so, or laid out by `pdftotext -layout`.
//!
//! ```text
//!                                 社会 法律            header: words stack over the column they stand in
//!                    自然人  商业 公益 服务  总计
//!                            企业 组织 机构
//!   一、本年新收        21     0    0    0     21      data: numbers fall into columns by where they stand
//!   （二）部分公开（区分处理的，只计这一情 形，
//!   不计其他情形）                                    a label over two lines; its numbers stand on a line of their own
//!                        4     0    0    0      4
//! ```
//! A column is told from the rows that have as many numbers as most; a row with fewer is placed under them, and a number
//! that stands under none gets no column. One row of the grid is one line: what is one row of a form is for `fit` to say.

use super::columns::{DataColumns, header_rows};
use super::fragment::{Fragment, LONGEST_DATUM, fragments, is_rule, n_glyphs, slice, split_heads, split_numbers};
use super::leader;
use super::line::Line;
use crate::doc::{Cell, Grid, Row, Shape};
use crate::fold::is_blank;
use crate::normalise::is_number;

/// Lines without numbers that may stand between two rows or over the first.
const LONGEST_GAP: usize = 40;
/// Blank lines that end a table.
const WIDEST_BREAK: usize = 8;
/// Characters of a label or header; more is a sentence.
const LONGEST_LABEL: usize = 45;

/// What a line is, as far as it can be told alone.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Nothing shows.
    Blank,
    /// The number of a page.
    PageMark,
    /// Drawn with characters across the table.
    Rule,
    /// Numbers in columns.
    Data(Vec<Fragment>),
    /// Words in columns.
    Heads(Vec<Fragment>),
    /// One run of words.
    Single(Vec<Fragment>),
    /// A sentence, a page mark, a line of another layout.
    Other,
}

impl Kind {
    /// Look at a line.
    pub fn of(text: &str, line: &Line) -> Kind {
        let words = line.words(text);
        if line.is_blank() {
            return Kind::Blank;
        }
        if line.is_page_mark {
            return Kind::PageMark;
        }
        if memchr::memchr(b'\t', words.as_bytes()).is_some() || words.starts_with('|') || words.starts_with('#') {
            return Kind::Other;
        }
        if is_plain_sentence(words) {
            return Kind::Other;
        }
        let mut fragments = leader::split(text, split_numbers(text, fragments(text, line, 2)));
        let is_long = |fragment: &Fragment| n_glyphs(text, fragment) > LONGEST_LABEL || slice(text, fragment).ends_with('。');
        let is_drawn = |fragment: &Fragment| is_rule(slice(text, fragment));
        if fragments.iter().all(is_drawn) && fragments.iter().any(is_long) {
            return Kind::Rule;
        }
        if !fragments.iter().any(|fragment| fragment.is_datum) && !fragments.iter().all(is_drawn) {
            // Drawn below the head of a group of columns, beside the head of the next.
            fragments.retain(|fragment| !is_drawn(fragment));
        }
        let n_data = fragments.iter().filter(|fragment| fragment.is_datum).count();
        match (fragments.len(), n_data) {
            (2.., 1..) if !fragments.iter().any(is_long) => Kind::Data(fragments),
            (1, 1) if is_number(words) => Kind::Data(fragments),
            _ if fragments.iter().any(is_long) || n_data > 0 => Kind::Other,
            (1, _) => Kind::Single(fragments),
            _ => Kind::Heads(fragments),
        }
    }

    /// A number alone: a row's that slipped into the next line, or a page's. No table begins with it.
    fn is_lone_number(&self) -> bool {
        matches!(self, Kind::Data(fragments) if fragments.len() == 1)
    }

    fn has_label(&self) -> bool {
        matches!(self, Kind::Data(fragments) if fragments.first().is_some_and(|fragment| !fragment.is_datum))
    }
}

/// A long line that ends in a full stop and has no gap in it: most lines of a report, and no closer look tells more.
fn is_plain_sentence(words: &str) -> bool {
    let mut is_behind_blank = false;
    let mut is_gap = |character: char| {
        let is_second = is_blank(character) && (is_behind_blank || character == '\u{3000}');
        is_behind_blank = is_blank(character);
        is_second
    };
    words.ends_with('。') && words.len() > LONGEST_DATUM && !words.chars().any(&mut is_gap)
}
/// May be the number of a page with no mark beside it: at most three digits, and no zero.
fn is_bare_page_number(words: &str) -> bool {
    (1..=3).contains(&words.len()) && words.bytes().all(|byte| byte.is_ascii_digit()) && !words.starts_with('0')
}

/// Text and no label: it has stops, or is as long as a line of a page.
fn runs_on(words: &str) -> bool {
    const LINE: usize = 24;
    words.contains(['，', '。', '；', ',', '.', ';']) || words.chars().filter(|&character| !is_blank(character)).count() > LINE
}
/// What every line of a text is, and for each the next line with data.
pub struct Lines<'a> {
    text: &'a str,
    lines: &'a [Line],
    kinds: Vec<Kind>,
    next_data: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Look at every line once.
    pub fn new(text: &'a str, lines: &'a [Line]) -> Lines<'a> {
        let kinds: Vec<Kind> = lines.iter().map(|line| Kind::of(text, line)).collect();
        let mut next_data = vec![usize::MAX; kinds.len() + 1];
        for (index, kind) in kinds.iter().enumerate().rev() {
            let after = next_data.get(index + 1).copied().unwrap_or(usize::MAX);
            let next = match kind {
                Kind::Data(_) => index,
                Kind::Other => usize::MAX,
                _ => after,
            };
            if let Some(slot) = next_data.get_mut(index) {
                *slot = next;
            }
        }
        Lines { text, lines, kinds, next_data }
    }

    /// The table that begins at this line, and how many lines it takes; none where no table begins.
    pub fn find_grid(&self, start: usize) -> Option<(Grid, usize)> {
        let first = *self.next_data.get(start)?;
        if first == usize::MAX || first - start > LONGEST_GAP || self.is_ruled_off(start, first) || !self.begins(start, first) {
            return None;
        }
        let mut end = first + 1;
        let mut data = vec![first];
        while let Some(&next) = self.next_data.get(end) {
            if next == usize::MAX || !self.goes_on(end, next) {
                break;
            }
            data.push(next);
            end = next + 1;
        }
        // The rest of a label whose numbers stand between its lines.
        let is_tail = matches!(self.kinds.get(end), Some(Kind::Single(_)))
            && self.kinds.get(end - 1).is_some_and(|kind| !kind.has_label())
            && matches!(self.kinds.get(end.wrapping_sub(2)), Some(Kind::Single(_)));
        end += usize::from(is_tail);
        let n_numbers = |index: &usize| self.fragments(*index).iter().filter(|fragment| fragment.is_datum).count();
        // A line of running text and a whole number alone below it are a paragraph and the number of its page.
        let words = |index: usize| self.lines.get(index).map_or("", |line| line.words(self.text));
        let may_be_page = is_bare_page_number(words(first)) && first.checked_sub(1).is_some_and(|above| runs_on(words(above)));
        let is_lone = may_be_page && self.n_heads(start, first) == 0;
        let is_table = data.len() >= 2 || data.iter().any(|index| n_numbers(index) >= 3) || first > start && !is_lone;
        let span = self.lines.get(start)?.whole.to(self.lines.get(end - 1)?.whole);
        let is_mark = |index: &usize| self.kinds.get(*index) == Some(&Kind::PageMark);
        let marks = (start..end).filter(is_mark).filter_map(|index| self.lines.get(index)).map(|line| line.span).collect();
        is_table.then(|| (Grid { rows: self.rows(start, first, end, &data), shape: Shape::Aligned, span, marks }, end - start))
    }

    fn fragments(&self, index: usize) -> &[Fragment] {
        match self.kinds.get(index) {
            Some(Kind::Data(fragments) | Kind::Heads(fragments) | Kind::Single(fragments)) => fragments,
            _ => &[],
        }
    }

    /// True when a table begins at `start`, whose first numbers stand on line `first`.
    fn begins(&self, start: usize, first: usize) -> bool {
        let n_heads = self.n_heads(start, first);
        match self.kinds.get(start) {
            Some(Kind::Data(_)) => !self.kinds.get(start).is_some_and(Kind::is_lone_number),
            Some(Kind::Heads(_)) => n_heads >= 2 || self.kinds.get(first).is_some_and(Kind::has_label) || self.n_blank(start, first) <= 2,
            Some(Kind::Single(fragments)) => {
                let numbers_from = self.fragments(first).iter().find(|fragment| fragment.is_datum).map(|fragment| fragment.edges[0].0);
                let over_numbers = fragments.first().zip(numbers_from).is_some_and(|(own, from)| own.edges[0].0 + 2 >= from);
                let cut_label = first == start + 1 && self.kinds.get(first).is_some_and(|kind| !kind.has_label());
                n_heads > 0 && over_numbers && !self.is_numbered(start) || cut_label
            }
            _ => false,
        }
    }

    /// True when the table goes on from `end` to the data on line `next`: what stands between is no new header.
    fn goes_on(&self, end: usize, next: usize) -> bool {
        let n_heads = self.n_heads(end, next);
        let labelled = self.kinds.get(next).is_some_and(Kind::has_label);
        let is_header = n_heads >= 2 || n_heads == 1 && labelled;
        let heading_then_heads = n_heads > 0 && (end..next).any(|index| self.is_numbered(index));
        next - end <= LONGEST_GAP
            && self.n_blank(end, next) < WIDEST_BREAK
            && !is_header
            && !heading_then_heads
            && self.n_rules(end, next) == 0
    }

    /// True when more is drawn between a line and the first numbers below it than the one line that parts a header from its
    /// rows, which have labels.
    fn is_ruled_off(&self, start: usize, first: usize) -> bool {
        match self.n_rules(start, first) {
            0 => false,
            1 => !self.kinds.get(first).is_some_and(Kind::has_label),
            _ => true,
        }
    }

    /// Lines drawn across the page.
    fn n_rules(&self, from: usize, to: usize) -> usize {
        self.kinds.get(from..to).unwrap_or_default().iter().filter(|kind| **kind == Kind::Rule).count()
    }

    fn n_heads(&self, from: usize, to: usize) -> usize {
        self.kinds.get(from..to).unwrap_or_default().iter().filter(|kind| matches!(kind, Kind::Heads(_))).count()
    }

    fn n_blank(&self, from: usize, to: usize) -> usize {
        self.kinds.get(from..to).unwrap_or_default().iter().filter(|kind| matches!(kind, Kind::Blank | Kind::PageMark)).count()
    }

    /// True when a line begins with a number that headings carry.
    fn is_numbered(&self, index: usize) -> bool {
        let words = self.lines.get(index).map_or("", |line| line.words(self.text));
        super::line::has_heading_number(words)
    }

    fn rows(&self, start: usize, first: usize, end: usize, data: &[usize]) -> Vec<Row> {
        let heads: Vec<(usize, Vec<Fragment>)> = (start..first)
            .map(|index| (index, split_heads(self.text, self.fragments(index))))
            .filter(|(_, fragments)| !fragments.is_empty())
            .collect();
        let columns = DataColumns::new(data.iter().map(|&index| self.fragments(index)).collect(), &heads);
        let mut rows = header_rows(self.text, self.lines, &heads, &columns);
        for index in first..end {
            let Some(line) = self.lines.get(index) else { continue };
            let fragments = self.fragments(index);
            let cells = match self.kinds.get(index) {
                Some(Kind::Data(_)) => columns.cells(fragments),
                // One glyph of a label that is written downwards names no row.
                Some(Kind::Single(_)) if fragments.iter().all(|fragment| n_glyphs(self.text, fragment) <= 1) => continue,
                _ => fragments.iter().enumerate().map(|(column, fragment)| Cell::new(fragment.span, column)).collect(),
            };
            if !cells.is_empty() {
                rows.push(Row { cells, span: line.whole });
            }
        }
        rows
    }
}
