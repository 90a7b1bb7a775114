//! A line typed with spaces → its parts between gaps, and where each of them stands.
//!
//! In: a line. Out: its words and its numbers, one fragment each; a currency sign in a column of its own and a line drawn
//! with characters are none. What column a fragment stands in is for [`super::columns`] to say.

use super::line::Line;
use crate::fold::is_blank;
use crate::normalise::{Reading, read_cell};
use crate::place::Span;

/// Bytes of a number or a mark for nothing.
pub const LONGEST_DATUM: usize = 40;

/// A run of characters between two gaps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fragment {
    /// Its characters.
    pub span: Span,
    /// Where it begins and ends when every character is one wide, and when ideographs are two wide.
    pub edges: [(usize, usize); 2],
    /// It is a number or a mark for nothing.
    pub is_datum: bool,
}

/// What it says.
pub fn slice<'t>(text: &'t str, fragment: &Fragment) -> &'t str {
    text.get(fragment.span.range()).unwrap_or("")
}

/// How many characters show.
pub fn n_glyphs(text: &str, fragment: &Fragment) -> usize {
    slice(text, fragment).chars().filter(|&character| !is_blank(character)).count()
}

/// Parts of a line between gaps of at least `least_gap` spaces.
pub fn fragments(text: &str, line: &Line, least_gap: usize) -> Vec<Fragment> {
    let (mut found, mut open): (Vec<Fragment>, Option<Fragment>) = (Vec::new(), None);
    let (mut at, mut gap) = ([0, 0], 0);
    let words = line.all(text);
    let mut sign_columns = None;
    for (offset, character) in words.char_indices() {
        let start = line.whole.start as usize + offset;
        let is_wide = character as u32 >= 0x1100;
        let before = at;
        at = [at[0] + 1, at[1] + if is_wide { 2 } else { 1 }];
        if is_blank(character) {
            gap += if character == '\u{3000}' { 2 } else { 1 };
            continue;
        }
        let is_sign = CURRENCY_SIGNS.contains(&character) && lone_sign(words, offset).is_some();
        if is_sign && *sign_columns.get_or_insert_with(|| has_sign_columns(words)) {
            gap += least_gap;
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
/// True for a number or a mark for nothing.
pub fn is_datum(words: &str) -> bool {
    words.len() <= LONGEST_DATUM && read_cell(words).is_datum()
}

/// `规章 0 0 0`: numbers that one space parts from their label or from each other.
pub fn split_numbers(text: &str, whole: Vec<Fragment>) -> Vec<Fragment> {
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

/// The parts of a fragment between single spaces, standing where they stand in the line; a glyph set apart in a justified
/// word stays with it.
fn parts(text: &str, fragment: &Fragment) -> Vec<Fragment> {
    let line = Line { whole: fragment.span, span: fragment.span, is_page_mark: false };
    let shift = |edges: (usize, usize), base: (usize, usize)| (base.0 + edges.0, base.0 + edges.1);
    let moved =
        |part: Fragment| Fragment { edges: [shift(part.edges[0], fragment.edges[0]), shift(part.edges[1], fragment.edges[1])], ..part };
    join_glyphs(text, fragments(text, &line, 1)).into_iter().map(moved).collect()
}

/// `总 计`: the glyphs of a justified word, made one again.
fn join_glyphs(text: &str, parts: Vec<Fragment>) -> Vec<Fragment> {
    let mut out: Vec<(Fragment, bool)> = Vec::with_capacity(parts.len());
    for part in parts {
        let is_glyph = n_glyphs(text, &part) == 1;
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

/// Header words that one space parts: `商业 科研`.
pub fn split_heads(text: &str, whole: &[Fragment]) -> Vec<Fragment> {
    // `to date` goes on a name; a name of its own begins with a capital.
    let goes_on = |words: &str| words.ends_with(['，', '、', ',']) || words.starts_with(|first: char| first.is_ascii_lowercase());
    let is_word = |part: &Fragment| (2..=4).contains(&n_glyphs(text, part)) && !goes_on(slice(text, part));
    let mut out = Vec::with_capacity(whole.len());
    for fragment in whole {
        let parts = parts(text, fragment);
        if parts.len() > 1 && parts.iter().all(is_word) {
            out.extend(parts);
        } else {
            out.push(*fragment);
        }
    }
    out
}

/// A line drawn with characters.
pub fn is_rule(words: &str) -> bool {
    let least = if words.starts_with('-') { 10 } else { 4 };
    let mut characters = words.chars();
    let first = characters.next().filter(|first| "_=-─━".contains(*first));
    first.is_some_and(|first| words.chars().count() >= least && characters.all(|character| character == first))
}

const CURRENCY_SIGNS: [char; 6] = ['$', '¥', '￥', '€', '£', '＄'];

/// Where in a line a currency sign stands by itself before a number, and how wide the gaps beside it are.
fn lone_sign(words: &str, offset: usize) -> Option<(usize, usize)> {
    let (before, sign) = words.split_at_checked(offset)?;
    let behind = sign.get(sign.chars().next()?.len_utf8()..)?;
    let number = behind.trim_start_matches(is_blank);
    let gap_before = before.chars().rev().take_while(|&character| is_blank(character)).count();
    let gap_behind = behind.chars().take_while(|&character| is_blank(character)).count();
    let is_number = number.starts_with(|first: char| first.is_ascii_digit() || "-—(（.*".contains(first));
    (gap_before > 0 && gap_behind > 0 && is_number).then_some((gap_before, gap_behind))
}

/// `$     64 $    302`: the signs of a line stand in columns of their own. A price in a sentence has one space beside it.
fn has_sign_columns(words: &str) -> bool {
    let stands_wide = |(offset, _): (usize, &str)| {
        let ends_in_digit =
            || words.get(..offset).is_some_and(|before| before.trim_end_matches(is_blank).ends_with(|last: char| last.is_ascii_digit()));
        lone_sign(words, offset).is_some_and(|(before, behind)| before > 1 || behind > 1 || ends_in_digit())
    };
    words.match_indices(CURRENCY_SIGNS).any(stands_wide)
}
