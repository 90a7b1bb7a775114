//! A sentence → the numbers in it, with their units; those that belong to a name or a date told apart.
//!
//! ```text
//!   2025 年   60 岁及以上   5 G   第 3 位   4:5     inside: a part of the words
//!   48.2 万吨   1.2 %   0.8 个百分点                 a figure
//!   10.2:38.4:51.4                                 a row of figures
//! ```

use super::sentence::Sentence;
use crate::grammar::{Lexicon, Words};
use nom::bytes::complete::{tag, take_while_m_n};
use nom::character::complete::{char, digit1};
use nom::combinator::{opt, recognize, verify};
use nom::multi::many1;
use nom::{IResult, Parser};
use rust_decimal::Decimal;
use std::str::FromStr;

/// A number in a sentence; positions are bytes of its text.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    /// The number: where it begins and ends.
    pub from: usize,
    pub to: usize,
    /// Where its unit ends, or the number where it has none.
    pub end: usize,
    pub value: Decimal,
    pub unit: Option<Unit>,
    pub kind: Kind,
    /// The words beside it call it approximate.
    pub is_rough: bool,
    /// It is less than what the sentence speaks of: 突破 35 万吨.
    pub is_passed: bool,
}

/// What a number is in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number that something may own.
    Value,
    /// One of a row parted by colons.
    Ratio,
    /// A part of the words around it.
    Inside,
    /// It cannot be read as one number.
    Torn,
}

/// A unit as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    pub shown: String,
    pub kind: UnitKind,
}

/// What a unit measures, as far as the grammar of the sentence asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitKind {
    Percent,
    Points,
    Other,
}

/// Every number of a sentence, in order.
pub(super) fn figures(sentence: &Sentence, lexicon: &Lexicon) -> Vec<Figure> {
    let text = sentence.text.as_str();
    let mut found: Vec<Figure> = Vec::new();
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find(|character: char| character.is_ascii_digit())) {
        let start = at + next;
        let Ok((rest, digits)) = number(text.get(start..).unwrap_or_default()) else { break };
        let to = text.len() - rest.len();
        let mut figure = read_figure(text, start..to, digits, lexicon);
        if sentence.is_torn(start, to) {
            figure.kind = Kind::Torn;
        }
        at = figure.to;
        found.push(figure);
    }
    mark_ratios(text, &mut found);
    found
}

/// `1,234.5`, `12`, `3.40`.
fn number(input: &str) -> IResult<&str, &str> {
    let digit = |character: char| character.is_ascii_digit();
    let group = (char(','), verify(take_while_m_n(3, 4, digit), |digits: &str| digits.len() == 3));
    let grouped = recognize((take_while_m_n(1, 3, digit), many1(group)));
    let whole = nom::branch::alt((grouped, digit1));
    recognize((whole, opt((tag("."), digit1)))).parse(input)
}

fn read_figure(text: &str, range: std::ops::Range<usize>, digits: &str, lexicon: &Lexicon) -> Figure {
    let std::ops::Range { start, end: to } = range;
    let (before, after) = (text.get(..start).unwrap_or_default(), text.get(to..).unwrap_or_default());
    let plain: String = digits.chars().filter(|character| *character != ',').collect();
    let (value, readable) = Decimal::from_str(&plain).map_or((Decimal::ZERO, false), |value| (value, true));
    let (unit_text, rough) = match lexicon.soft.strip_start(after) {
        Some(rest) if !after.starts_with(['-', ':', '~']) && find_unit(rest, lexicon).is_some() => (rest, true),
        _ => (after, false),
    };
    let unit = find_unit(unit_text, lexicon);
    let unit_end = |length: usize| text.len() - unit_text.len() + length;
    // 9.15 万家庭: the power of ten goes with the number, what is counted is a noun.
    let end =
        unit.as_ref().map_or_else(|| unit_end(unit_text.len() - lexicon.without_scales(unit_text).len()), |(_, length)| unit_end(*length));
    let behind = text.get(end..).unwrap_or_default();
    let bounded = lexicon.bound.strip_start(behind);
    let kind = match (readable, is_inside(before, after, unit.as_ref().map_or(0, |(_, length)| *length), lexicon)) {
        (false, _) => Kind::Torn,
        (_, true) => Kind::Inside,
        _ if bounded.is_some_and(starts_with_word) => Kind::Inside,
        _ => Kind::Value,
    };
    let is_negative = before.strip_suffix('-').is_some_and(|rest| !rest.ends_with(|last: char| last.is_ascii_alphanumeric()));
    let unit = unit.map(|(unit, _)| unit);
    let value = if is_negative { -value } else { value };
    let from = if is_negative { start - 1 } else { start };
    let is_passed = lexicon.ends_passing(before);
    Figure { from, to, end, value, unit, kind, is_rough: rough || bounded.is_some() || is_passed, is_passed }
}

/// The unit that a text begins with, and its length.
fn find_unit(text: &str, lexicon: &Lexicon) -> Option<(Unit, usize)> {
    let found = |kind: UnitKind, length: usize| Some((Unit { shown: text.get(..length)?.to_string(), kind }, length));
    if text.starts_with('%') {
        return found(UnitKind::Percent, 1);
    }
    if let Some(rest) = lexicon.points.strip_start(text) {
        return found(UnitKind::Points, text.len() - rest.len());
    }
    // 亿千瓦时: the unit may begin with a power of ten itself.
    let mut rest = text;
    let mut behind = lexicon.units.strip_start(rest);
    while let (None, Some(scaled)) = (behind, lexicon.scales.strip_start(rest)) {
        rest = scaled;
        behind = lexicon.units.strip_start(rest);
    }
    let Some(mut behind) = behind else {
        return (rest.len() < text.len() && !starts_with_word(rest)).then(|| found(UnitKind::Other, text.len() - rest.len())).flatten();
    };
    // A quotient: 元/平方米, 吨/日.
    let per_time = |behind: &'_ str| behind.strip_prefix('/').and_then(|time| Some(behind.len() - lexicon.inside.strip_start(time)?.len()));
    // A product or a quotient: 台件, 元/平方米, 人/万辆. In 1 家期货公司 the second unit is the head of a word.
    let product = |behind: &'_ str| lexicon.units.strip_start(behind).filter(|rest| !starts_with_word(rest)).map(str::len);
    let quotient = |behind: &'_ str| {
        let unit = lexicon.without_scales(behind.strip_prefix('/')?);
        lexicon.units.strip_start(unit).map(str::len)
    };
    while let Some(next) = quotient(behind).or_else(|| product(behind)).and_then(|length| behind.get(behind.len() - length..)) {
        behind = next;
    }
    behind = per_time(behind).and_then(|length| behind.get(length..)).unwrap_or(behind);
    found(UnitKind::Other, text.len() - behind.len())
}

fn starts_with_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic())
}

/// A part of a name or of a date, or one end of a range.
fn is_inside(before: &str, after: &str, n_unit: usize, lexicon: &Lexicon) -> bool {
    let ends_word = |text: &str| text.ends_with(|last: char| last.is_ascii_alphabetic() || last == '+' || last == '.' || last == '/');
    let goes_on =
        |after: &str, marks: &[char]| after.strip_prefix(marks).is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()));
    // 5-8 %, 5%-8%
    let in_range = goes_on(after, &['-', '~', '+', '/']) || goes_on(after.get(n_unit..).unwrap_or_default(), &['-', '~']);
    let ends_range =
        before.strip_suffix(['-', '~']).is_some_and(|rest| rest.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '%'));
    let longer = |words: &Words| words.strip_start(after).is_some_and(|rest| after.len() - rest.len() >= n_unit.max(1));
    let letter = n_unit == 0 && after.starts_with(|next: char| next.is_ascii_alphabetic());
    let ranked = lexicon.rank.strip_end(before).is_some() && lexicon.whole.strip_end(before).is_none();
    // 出口 RCEP31.1 亿元: a word of letters before a number in tens of thousands is no part of it.
    let is_scaled = n_unit > 0 && lexicon.scales.strip_start(after).is_some();
    let in_word = ends_word(before) && !(is_scaled && before.ends_with(|last: char| last.is_ascii_uppercase()));
    in_word || in_range || ends_range || letter || ranked || longer(&lexicon.inside)
}

/// Numbers parted by colons are a row where they are three or more, else they are words: a time of day, a scale.
fn mark_ratios(text: &str, figures: &mut [Figure]) {
    let mut start = 0;
    while start < figures.len() {
        let meets = |pair: &[Figure]| matches!(pair, [one, two] if text.get(one.end..two.from) == Some(":"));
        let n_more = figures.get(start..).unwrap_or_default().windows(2).take_while(|pair| meets(pair)).count();
        let kind = if n_more >= 2 { Kind::Ratio } else { Kind::Inside };
        if n_more > 0 {
            figures.iter_mut().skip(start).take(n_more + 1).for_each(|figure| figure.kind = kind);
        }
        start += n_more + 1;
    }
}
