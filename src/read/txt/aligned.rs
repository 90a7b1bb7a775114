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

mod leader;

use super::line::Line;
use crate::doc::{Cell, Grid, Row, Shape};
use crate::fold::is_blank;
use crate::normalise::{Reading, is_number, read_cell};
use crate::place::Span;
use std::collections::BTreeMap;

/// Column numbers from here up stand for no grid column; they only keep the order.
const NO_COLUMN: usize = 1000;
/// Lines without numbers that may stand between two rows or over the first.
const LONGEST_GAP: usize = 40;
/// Blank lines that end a table.
const WIDEST_BREAK: usize = 8;
/// Bytes of a number or a mark for nothing.
const LONGEST_DATUM: usize = 40;
/// Characters of a label or header; more is a sentence.
const LONGEST_LABEL: usize = 45;

/// What a line is, as far as it can be told alone.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Nothing shows.
    Blank,
    /// The number of a page.
    PageMark,
    /// Numbers in columns.
    Data(Vec<Fragment>),
    /// Words in columns.
    Heads(Vec<Fragment>),
    /// One run of words.
    Single(Vec<Fragment>),
    /// A sentence, a page mark, a line of another layout.
    Other,
}

/// A run of characters between two gaps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fragment {
    /// Its characters.
    pub span: Span,
    /// Where it begins and ends when every character is one wide, and when ideographs are two wide.
    edges: [(usize, usize); 2],
    /// It is a number or a mark for nothing.
    pub is_datum: bool,
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
        let fragments = leader::split(text, split_numbers(text, fragments(text, line, 2)));
        let is_long = |fragment: &Fragment| n_glyphs(text, fragment) > LONGEST_LABEL || slice(text, fragment).ends_with('。');
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

fn slice<'t>(text: &'t str, fragment: &Fragment) -> &'t str {
    text.get(fragment.span.range()).unwrap_or("")
}

fn n_glyphs(text: &str, fragment: &Fragment) -> usize {
    slice(text, fragment).chars().filter(|&character| !is_blank(character)).count()
}

/// Parts of a line between gaps of at least `least_gap` spaces.
fn fragments(text: &str, line: &Line, least_gap: usize) -> Vec<Fragment> {
    let (mut found, mut open): (Vec<Fragment>, Option<Fragment>) = (Vec::new(), None);
    let (mut at, mut gap) = ([0, 0], 0);
    for (offset, character) in line.all(text).char_indices() {
        let start = line.whole.start as usize + offset;
        let is_wide = character as u32 >= 0x1100;
        let before = at;
        at = [at[0] + 1, at[1] + if is_wide { 2 } else { 1 }];
        if is_blank(character) {
            gap += if character == '\u{3000}' { 2 } else { 1 };
            continue;
        }
        let end = start + character.len_utf8();
        match open.as_mut().filter(|_| gap < least_gap) {
            Some(fragment) => {
                fragment.span = fragment.span.to(Span::new(start, end));
                fragment.edges = [(fragment.edges[0].0, at[0]), (fragment.edges[1].0, at[1])];
            }
            None => {
                found.extend(open.take());
                let edges = [(before[0], at[0]), (before[1], at[1])];
                open = Some(Fragment { span: Span::new(start, end), edges, is_datum: false });
            }
        }
        gap = 0;
    }
    found.extend(open);
    for fragment in &mut found {
        fragment.is_datum = is_datum(slice(text, fragment));
    }
    found
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

fn is_datum(words: &str) -> bool {
    words.len() <= LONGEST_DATUM && read_cell(words).is_datum()
}

/// `规章 0 0 0`: numbers that one space parts from their label or from each other.
fn split_numbers(text: &str, whole: Vec<Fragment>) -> Vec<Fragment> {
    let mut out = Vec::with_capacity(whole.len());
    for fragment in whole {
        let line = Line { whole: fragment.span, span: fragment.span, is_page_mark: false };
        let words = slice(text, &fragment);
        let ends_in_number = words.ends_with(|last: char| last.is_ascii_digit() || matches!(last, '-' | '—' | '/' | '%'));
        let parts = if ends_in_number && words.contains(is_blank) { fragments(text, &line, 1) } else { Vec::new() };
        let n_numbers = parts.iter().rev().take_while(|part| part.is_datum).count();
        let is_grouped = || matches!(read_cell(words), Reading::Number(_));
        if n_numbers < 2 || is_grouped() || words.chars().filter(|&character| character == ' ').count() > 40 {
            out.push(fragment);
            continue;
        }
        let moved = |part: &Fragment| {
            let shift = |measure: usize| {
                let base = fragment.edges.get(measure).map_or(0, |edges| edges.0);
                let (from, to) = part.edges.get(measure).copied().unwrap_or_default();
                (base + from, base + to)
            };
            Fragment { edges: [shift(0), shift(1)], ..*part }
        };
        let n_label = parts.len() - n_numbers;
        if let (Some(first), Some(last)) = (parts.first(), parts.get(n_label.wrapping_sub(1))) {
            let (first, last) = (moved(first), moved(last));
            let join =
                |measure: usize| (first.edges.get(measure).map_or(0, |edges| edges.0), last.edges.get(measure).map_or(0, |edges| edges.1));
            out.push(Fragment { span: first.span.to(last.span), edges: [join(0), join(1)], is_datum: false });
        }
        out.extend(parts.iter().skip(n_label).map(moved));
    }
    out
}

/// A line typed with spaces among lines of another layout: its words, then its numbers.
pub fn words_and_numbers(text: &str, line: &Line) -> Vec<Span> {
    split_numbers(text, fragments(text, line, 2)).into_iter().map(|fragment| fragment.span).collect()
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
        if first == usize::MAX || first - start > LONGEST_GAP || !self.begins(start, first) {
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
        next - end <= LONGEST_GAP && self.n_blank(end, next) < WIDEST_BREAK && !is_header && !heading_then_heads
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
            .map(|index| (index, self.split_heads(self.fragments(index))))
            .filter(|(_, fragments)| !fragments.is_empty())
            .collect();
        let columns = DataColumns::new(data.iter().map(|&index| self.fragments(index)).collect(), &heads);
        let mut rows = header_rows(self.lines, &heads, &columns);
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

    /// `总 计`: the glyphs of a justified word, made one again.
    fn join_glyphs(&self, parts: Vec<Fragment>) -> Vec<Fragment> {
        let mut out: Vec<(Fragment, bool)> = Vec::with_capacity(parts.len());
        for part in parts {
            let is_glyph = n_glyphs(self.text, &part) == 1;
            match out.last_mut().filter(|(_, before)| *before && is_glyph) {
                Some((word, _)) => {
                    word.span = word.span.to(part.span);
                    word.edges = [(word.edges[0].0, part.edges[0].1), (word.edges[1].0, part.edges[1].1)];
                }
                None => out.push((part, is_glyph)),
            }
        }
        out.into_iter().map(|(word, _)| word).collect()
    }

    /// Header words that one space parts: `商业 科研`. A glyph set apart in a justified word stays with it.
    fn split_heads(&self, whole: &[Fragment]) -> Vec<Fragment> {
        let mut out = Vec::new();
        for fragment in whole {
            let line = Line { whole: fragment.span, span: fragment.span, is_page_mark: false };
            let parts = self.join_glyphs(fragments(self.text, &line, 1));
            let is_word =
                |part: &Fragment| (2..=4).contains(&n_glyphs(self.text, part)) && !slice(self.text, part).ends_with(['，', '、', ',']);
            if parts.len() < 2 || !parts.iter().all(is_word) {
                out.push(*fragment);
                continue;
            }
            let shift = |edges: (usize, usize), base: (usize, usize)| (base.0 + edges.0, base.0 + edges.1);
            let moved = parts.iter().map(|part| Fragment {
                edges: [shift(part.edges[0], fragment.edges[0]), shift(part.edges[1], fragment.edges[1])],
                ..*part
            });
            out.extend(moved);
        }
        out
    }
}

/// Where the numbers of a table stand.
struct DataColumns {
    measure: usize,
    n_labels: usize,
    ranges: Ranges,
    /// The ranges are those of the fullest rows, and every number touches one of them.
    is_fuller: bool,
}

/// Counts of numbers that are tried beside the usual one.
const MOST_TRIED: usize = 4;

/// Where the numbers stand of the rows that have as many of them.
struct Ranges {
    spans: Vec<(usize, usize)>,
    /// The numbers of each column have a place in common, and none with those of the next.
    is_sound: bool,
}

impl Ranges {
    fn of(rows: &[&[Fragment]], n_numbers: usize, measure: usize) -> Ranges {
        let edges = |row: &&[Fragment]| -> Vec<(usize, usize)> {
            row.iter().filter(|fragment| fragment.is_datum).filter_map(|fragment| fragment.edges.get(measure).copied()).collect()
        };
        let n_of = |row: &&&[Fragment]| row.iter().filter(|fragment| fragment.is_datum).count();
        let whole: Vec<Vec<(usize, usize)>> = rows.iter().filter(|row| n_of(row) == n_numbers).map(edges).collect();
        let of_column = |column: usize| whole.iter().filter_map(move |row| row.get(column).copied());
        let span = |column: usize| of_column(column).reduce(|one, other| (one.0.min(other.0), one.1.max(other.1))).unwrap_or_default();
        let has_common = |column: usize| of_column(column).map(|own| own.0).max() < of_column(column).map(|own| own.1).min();
        let spans: Vec<(usize, usize)> = (0..n_numbers).map(span).collect();
        let is_sound = (0..n_numbers).all(has_common) && spans.windows(2).all(|pair| matches!(pair, [one, other] if one.1 <= other.0));
        Ranges { spans, is_sound }
    }

    /// Every number of every row stands in a column of its own.
    fn take_in(&self, rows: &[&[Fragment]], measure: usize) -> bool {
        rows.iter().all(|row| {
            let numbers = row.iter().filter(|fragment| fragment.is_datum).filter_map(|fragment| fragment.edges.get(measure).copied());
            let columns: Option<Vec<usize>> = numbers.map(|own| self.find_only(own)).collect();
            columns.is_some_and(|columns| columns.windows(2).all(|pair| pair.first() < pair.last()))
        })
    }

    /// The one column that a number touches.
    fn find_only(&self, own: (usize, usize)) -> Option<usize> {
        let column = find_touched(&self.spans, own)?;
        self.spans.get(column + 1).is_none_or(|next| own.1 <= next.0).then_some(column)
    }
}

impl DataColumns {
    fn new(rows: Vec<&[Fragment]>, heads: &[(usize, Vec<Fragment>)]) -> DataColumns {
        let numbers = |row: &&[Fragment]| row.iter().filter(|fragment| fragment.is_datum).count();
        let mut counts = BTreeMap::new();
        for row in &rows {
            *counts.entry(numbers(row)).or_insert(0_usize) += 1;
        }
        let usual = counts.iter().max_by_key(|&(n_numbers, n_rows)| (*n_rows, *n_numbers)).map_or(0, |(n_numbers, _)| *n_numbers);
        let n_labels = rows.iter().map(|row| row.iter().take_while(|fragment| !fragment.is_datum).count()).max().unwrap_or(0).max(1);
        let whole: Vec<Vec<Fragment>> = rows
            .iter()
            .filter(|row| numbers(row) == usual)
            .map(|row| row.iter().copied().filter(|fragment| fragment.is_datum).collect())
            .collect();
        let spread = |measure: usize| -> usize {
            (0..usual)
                .map(|column| {
                    let ends = whole.iter().filter_map(|row| Some(row.get(column)?.edges.get(measure)?.1));
                    ends.clone().max().unwrap_or(0) - ends.min().unwrap_or(0)
                })
                .sum()
        };
        // One row is aligned by any measure; its header is not: its words stack, and stand over numbers.
        let n_headed = |measure: usize| n_stacked(heads, measure) + n_over_numbers(heads, &whole, measure);
        let measure = match spread(1).cmp(&spread(0)) {
            std::cmp::Ordering::Less => 1,
            std::cmp::Ordering::Equal => usize::from(n_headed(1) > n_headed(0)),
            std::cmp::Ordering::Greater => 0,
        };
        let usual = Ranges::of(&rows, usual, measure);
        // Where most rows leave some cells blank, each others, those with as many numbers have no columns in common.
        let fuller = counts.keys().rev().copied().take_while(|&n_numbers| n_numbers > usual.spans.len()).take(MOST_TRIED);
        let fuller =
            || fuller.map(|n_numbers| Ranges::of(&rows, n_numbers, measure)).find(|own| own.is_sound && own.take_in(&rows, measure));
        let fuller = if usual.is_sound { None } else { fuller() };
        let is_fuller = fuller.is_some();
        DataColumns { measure, n_labels, ranges: fuller.unwrap_or(usual), is_fuller }
    }

    fn edges(&self, fragment: &Fragment) -> (usize, usize) {
        fragment.edges.get(self.measure).copied().unwrap_or_default()
    }

    fn cells(&self, row: &[Fragment]) -> Vec<Cell> {
        let n_labels = row.iter().take_while(|fragment| !fragment.is_datum).count();
        let first = self.n_labels.saturating_sub(n_labels);
        let labels = row.iter().take(n_labels).enumerate().map(|(index, fragment)| Cell::new(fragment.span, first + index));
        let numbers: Vec<Fragment> = row.iter().copied().skip(n_labels).collect();
        let columns = self.place(&numbers);
        labels.chain(numbers.iter().zip(columns).map(|(fragment, column)| Cell::new(fragment.span, column))).collect()
    }

    /// The grid column of each number of a row: in order when there are as many as usual, else where each one stands.
    fn place(&self, numbers: &[Fragment]) -> Vec<usize> {
        let base = self.n_labels;
        if numbers.len() >= self.ranges.spans.len() {
            return (0..numbers.len()).map(|index| base + index).collect();
        }
        // Ranges stand in order, so the nearest is one of two.
        let nearest = |fragment: &Fragment| {
            let (from, to) = self.edges(fragment);
            if self.is_fuller {
                return self.ranges.find_only((from, to));
            }
            let distance = |&(left, right): &(usize, usize)| (left + right).abs_diff(from + to);
            let after = self.ranges.spans.partition_point(|(left, right)| left + right < from + to);
            let beside = (after.saturating_sub(1)..=after).filter_map(|column| Some((column, self.ranges.spans.get(column)?)));
            let (column, range) = beside.min_by_key(|(_, range)| distance(range))?;
            (from < range.1 + 1 && range.0 < to + 1).then_some(column)
        };
        let found: Option<Vec<usize>> = numbers.iter().map(nearest).collect();
        let rises = |columns: &Vec<usize>| columns.windows(2).all(|pair| pair.first() < pair.last());
        match found.filter(rises) {
            Some(columns) => columns.into_iter().map(|column| base + column).collect(),
            None => (0..numbers.len()).map(|index| NO_COLUMN + index).collect(),
        }
    }
}

/// Words of a header that stand exactly over others; each counts twice, as chance hardly makes it so.
fn n_stacked(heads: &[(usize, Vec<Fragment>)], measure: usize) -> usize {
    let mut lines: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (line, fragments) in heads {
        for fragment in fragments {
            lines.entry(fragment.edges.get(measure).copied().unwrap_or_default()).or_default().push(*line);
        }
    }
    2 * lines.values().filter(|lines| lines.first() != lines.last()).map(Vec::len).sum::<usize>()
}

/// Words of a header that stand over a number.
fn n_over_numbers(heads: &[(usize, Vec<Fragment>)], rows: &[Vec<Fragment>], measure: usize) -> usize {
    let edges = |fragment: &Fragment| fragment.edges.get(measure).copied().unwrap_or_default();
    let mut numbers: Vec<(usize, usize)> = rows.iter().flatten().map(edges).collect();
    numbers.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for own in numbers {
        match joined.last_mut().filter(|last| own.0 <= last.1) {
            Some(last) => last.1 = last.1.max(own.1),
            None => joined.push(own),
        }
    }
    heads.iter().flat_map(|(_, fragments)| fragments).filter(|head| find_touched(&joined, edges(head)).is_some()).count()
}

/// The first of these ranges, which stand in order and apart, that shares some of its width with another.
fn find_touched(ranges: &[(usize, usize)], own: (usize, usize)) -> Option<usize> {
    let first = ranges.partition_point(|range| range.1 <= own.0);
    ranges.get(first).filter(|range| range.0 < own.1).map(|_| first)
}

/// Header words by column: words that stand over one another share one, words over several columns head the first.
fn header_rows(lines: &[Line], heads: &[(usize, Vec<Fragment>)], columns: &DataColumns) -> Vec<Row> {
    // In order and apart from one another.
    let mut clusters: Vec<(usize, usize)> = Vec::new();
    for (_, fragments) in heads.iter().rev() {
        for fragment in fragments {
            let own = columns.edges(fragment);
            let Some(touched) = find_touched(&clusters, own) else {
                clusters.insert(clusters.partition_point(|cluster| cluster.1 <= own.0), own);
                continue;
            };
            let is_only = clusters.get(touched + 1).is_none_or(|next| own.1 <= next.0);
            if let Some(cluster) = clusters.get_mut(touched).filter(|cluster| is_only && own.1 - own.0 <= cluster.1 - cluster.0 + 2) {
                *cluster = (cluster.0.min(own.0), cluster.1.max(own.1));
            }
        }
    }
    let numbers = header_columns(&clusters, columns);
    let column_of = |own: (usize, usize)| {
        let at = find_touched(&clusters, own).unwrap_or(0);
        numbers.get(at).copied().unwrap_or(NO_COLUMN)
    };
    let row = |(index, fragments): &(usize, Vec<Fragment>)| {
        let cell = |fragment: &Fragment| Cell::new(fragment.span, column_of(columns.edges(fragment)));
        let mut cells: Vec<Cell> = fragments.iter().map(cell).collect();
        // What stands over no column comes last; two words may stand over one.
        cells.sort_by_key(|cell| cell.column);
        Some(Row { cells, span: lines.get(*index)?.whole })
    };
    heads.iter().filter_map(row).collect()
}

/// The grid column of each header cluster: in order where there are as many as number columns (and stub columns), else
/// the number column it stands over, else none.
fn header_columns(clusters: &[(usize, usize)], columns: &DataColumns) -> Vec<usize> {
    let (n_numbers, base) = (columns.ranges.spans.len(), columns.n_labels);
    let numbers_from = columns.ranges.spans.first().map_or(0, |range| range.0);
    let n_stub = clusters.iter().take_while(|cluster| cluster.1 <= numbers_from).count();
    if clusters.len() == n_numbers + n_stub || clusters.len() == n_numbers {
        let n_stub = clusters.len() - n_numbers;
        return (0..clusters.len()).map(|index| if index < n_stub { index.min(base - 1) } else { base + index - n_stub }).collect();
    }
    let over = |cluster: &(usize, usize)| find_touched(&columns.ranges.spans, *cluster).map(|column| base + column);
    let found: Vec<Option<usize>> = clusters.iter().map(over).collect();
    let rises = found.iter().flatten().collect::<Vec<_>>().windows(2).all(|pair| pair.first() < pair.last());
    found.iter().enumerate().map(|(index, column)| column.filter(|_| rises).unwrap_or(NO_COLUMN + index)).collect()
}
