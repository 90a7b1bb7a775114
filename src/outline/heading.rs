//! One paragraph → a heading, by its numbering mark or by its look.

use crate::doc::Para;
use crate::numbering::{Style, fold_mark, mark, may_be_marked, read_number};
use crate::place::Span;

/// How a heading got its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbered {
    /// By its mark, or it needs none.
    Plainly,
    /// Something stands there that is no number.
    Unreadably,
    /// Nothing stands where its siblings have numbers.
    Not,
}

#[derive(Clone)]
pub(super) struct Heading {
    pub style: Style,
    pub number: u64,
    pub numbered: Numbered,
    pub mark: Option<String>,
    pub title: String,
    pub span: Span,
    pub run_in: Option<Span>,
}

impl Heading {
    /// Lists of sentences are numbered as sections are; those of English texts most of all.
    pub(super) fn needs_order(&self) -> bool {
        self.style.needs_order() || self.style == Style::Digit && self.title.starts_with(|character: char| character.is_ascii_alphabetic())
    }

    /// By its look it is the outermost: where no title was seen yet, that is the report's.
    pub(super) fn is_title(&self) -> bool {
        matches!(self.style, Style::Look(level) if level <= 1)
    }

    /// Set in capitals; a heading of the same list is, too.
    pub(super) fn is_in_capitals(&self) -> bool {
        self.title.contains(char::is_uppercase) && !self.title.contains(char::is_lowercase)
    }
}

/// Fifty ideographs; letters are narrower.
pub(super) const WIDEST_TITLE: usize = 500;
/// What stands between a number and a title.
pub(super) const SEPARATORS: [char; 3] = ['、', '.', '．'];

/// English titles begin with a capital, no title with a number of its own.
fn is_low(character: char) -> bool {
    character.is_ascii_lowercase() || character.is_ascii_digit()
}

/// Signs of a formula, whose number stands in brackets before it.
const FORMULA: [char; 10] = ['=', '≥', '≤', '≠', '∈', '∼', '∥', '∑', '∫', '√'];

/// How wide a title is, in tenths of an ideograph.
pub(super) fn width(words: &str) -> usize {
    words.chars().map(width_of).sum()
}

/// How wide a character is, in tenths of an ideograph.
pub(super) fn width_of(character: char) -> usize {
    if character.is_ascii() { 6 } else { 10 }
}

fn n_numbers(words: &str) -> usize {
    words.split_whitespace().filter(|word| word.starts_with(|character: char| character.is_ascii_digit())).count()
}

/// Characters of the longest mark with what follows it at once, amply.
const LONGEST_MARK: usize = 64;

/// A heading by its numbering mark or its look; `shown` is what shows of its words.
pub(super) fn find_marked(words: &str, shown: &str, para: &Para) -> Option<Heading> {
    // A mark is short, and what stands behind it is only counted.
    let (begin, behind) = shown.char_indices().nth(LONGEST_MARK).map_or((shown, ""), |(at, _)| shown.split_at(at));
    let full = |shown: &str| match &para.look.number {
        Some(number) => format!("{number}{}", fold_mark(shown)),
        None if may_be_marked(shown) => fold_mark(shown),
        None => String::new(),
    };
    let (mut full, mut behind) = (full(begin), behind);
    // Dots may lead from a mark across the line.
    if !behind.is_empty() && mark(&full).is_ok_and(|(rest, _)| rest.trim_start().is_empty()) {
        full.push_str(&fold_mark(std::mem::take(&mut behind)));
    }
    let (numbered, span) = (Numbered::Plainly, para.span);
    let Ok((rest, (style, mark))) = mark(&full) else {
        let level = para.look.heading?;
        let is_heading = shown.chars().nth(1) != Some('是') && width(shown) <= WIDEST_TITLE;
        let title = shown.to_string();
        return is_heading.then_some(Heading { style: Style::Look(level), number: 0, numbered, mark: None, title, span, run_in: None });
    };
    let number = read_number(&mark)?;
    let n_title = rest.trim_start().chars().count() + behind.chars().count();
    let n_before = shown.chars().count().saturating_sub(n_title);
    let title = shown.char_indices().nth(n_before).and_then(|(at, _)| shown.get(at..)).unwrap_or_default();
    let (title, run_in) = split_run_in(words, para.span, title);
    let n_chars = title.chars().count();
    let ends_open = title.ends_with(['；', ';', '，', ',', '：']) && para.look.heading.is_none();
    let runs_on = run_in.is_some() && (style > Style::Bracket || style == Style::Spaced)
        || title.starts_with(|character: char| "一二三四五六七八九十、".contains(character)) && title.contains('、') && n_chars < 4;
    // A list of sentences is numbered as headings are, a line of a table begins as they do.
    let is_line = match style {
        Style::Bare => shown.ends_with('.') || n_numbers(&title) > 1,
        Style::Spaced => shown.ends_with('。') || n_numbers(&title) > 0,
        _ => false,
    };
    let begins_low = matches!(style, Style::Bare | Style::Digit | Style::DigitBracket) && title.starts_with(is_low);
    let is_sentence = is_line || begins_low || title.contains(FORMULA);
    let plausible = n_chars > 0 && width(&title) <= WIDEST_TITLE && !ends_open && !runs_on && !is_sentence;
    plausible.then_some(Heading { style, number, numbered, mark: Some(mark), title, span, run_in })
}

/// `（三）建设平台。我县把…`: the heading ends at its first full stop, its text goes on.
fn split_run_in(words: &str, span: Span, title: &str) -> (String, Option<Span>) {
    let trimmed = title.trim_end_matches(['。', '.', '：', ':']);
    let Some(stop) = trimmed.find('。') else { return (trimmed.to_string(), None) };
    let head = trimmed.get(..stop).unwrap_or(trimmed);
    let offset = words.find('。').map_or(words.len(), |at| at + '。'.len_utf8());
    (head.to_string(), Some(Span::new(span.start as usize + offset, span.end as usize)))
}
