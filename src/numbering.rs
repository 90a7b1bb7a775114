//! Numbering marks at the head of a line: `一、` `（一）` `1.` `（1）` `①` `第一章`.
//!
//! In: any text. Out: the kind of mark, its number as printed, and the words after it.

use crate::fold::{fold_char, is_blank};
use crate::normalise::read_chinese_numeral;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, one_of};
use nom::sequence::delimited;
use nom::{IResult, Parser};

/// Kinds of numbering, the outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// `第一章`.
    Chapter,
    /// `第一部分`.
    Part,
    /// `一、`.
    Comma,
    /// `（一）`.
    Bracket,
    /// `1.`.
    Digit,
    /// `（1）`.
    DigitBracket,
    /// `①`.
    Circled,
    /// No number: a heading by style or tag of this level.
    Look(u8),
}

fn numeral(input: &str) -> IResult<&str, &str> {
    take_while1(|character: char| "零一二三四五六七八九十百".contains(character)).parse(input)
}

fn digits(input: &str) -> IResult<&str, &str> {
    nom::combinator::verify(nom::character::complete::digit1, |found: &str| found.len() <= 2).parse(input)
}

/// The mark that folded text begins with ([`fold_mark`]), with its number as printed.
pub fn mark(input: &str) -> IResult<&str, (Style, String)> {
    let own = |style| move |text: &str| (style, text.to_string());
    let chapter =
        (tag("第"), numeral, alt((tag("章"), tag("篇")))).map(|(_, number, _): (&str, &str, &str)| (Style::Chapter, number.to_string()));
    let part =
        (tag("第"), numeral, alt((tag("节"), tag("部分")))).map(|(_, number, _): (&str, &str, &str)| (Style::Part, number.to_string()));
    let comma = (numeral, one_of("、.,")).map(|(number, _)| (Style::Comma, number.to_string()));
    let bracket = delimited(char('('), numeral, char(')')).map(own(Style::Bracket));
    let digit = (digits, one_of("、.,"), nom::combinator::not(nom::character::complete::digit1))
        .map(|(number, _, ())| (Style::Digit, number.to_string()));
    let digit_bracket = delimited(char('('), digits, char(')')).map(own(Style::DigitBracket));
    let circled = one_of("①②③④⑤⑥⑦⑧⑨⑩").map(|character: char| (Style::Circled, (character as u32 - '①' as u32 + 1).to_string()));
    alt((chapter, part, comma, bracket, digit, digit_bracket, circled)).parse(input)
}

/// What a mark's number says.
pub fn read_number(mark: &str) -> Option<u64> {
    mark.parse().ok().or_else(|| read_chinese_numeral(mark))
}

/// A text without the numbering mark it begins with, and without blanks: what a label says.
pub fn strip_mark(text: &str) -> String {
    let shown: String = text.chars().filter(|&character| !is_blank(character)).collect();
    let folded = fold_mark(&shown);
    match mark(&folded) {
        Ok((rest, _)) => rest.to_string(),
        Err(_) => folded,
    }
}

/// Folded for [`mark`]: `、` stays, since it tells numbering from a list of words.
pub fn fold_mark(text: &str) -> String {
    text.chars().map(|character| if character == '、' { '、' } else { fold_char(character) }).collect()
}
