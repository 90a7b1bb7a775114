//! Numbering marks at the head of a line: `壹、` `一、` `（一）` `1.` `（1）` `①` `第一章`, and `Chapter 1` `II.` `2.3` as English has them.
//!
//! In: any text. Out: the kind of mark, its number as printed, and the words after it.

use crate::fold::{fold_char, is_blank};
use crate::normalise::read_chinese_numeral;
use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case, take_while, take_while_m_n, take_while1};
use nom::character::complete::{anychar, char, one_of};
use nom::combinator::{opt, peek, recognize, value, verify};
use nom::multi::separated_list1;
use nom::sequence::delimited;
use nom::{IResult, Parser};

/// Kinds of numbering, the outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// `第一章`.
    Chapter,
    /// `第一部分`.
    Part,
    /// `II.`.
    Roman,
    /// `壹、`.
    Formal,
    /// `一 概况`: a number, a blank and an ideograph.
    Spaced,
    /// `一、`.
    Comma,
    /// `（一）`.
    Bracket,
    /// `1 Scope`: a number, a blank and a capital letter.
    Bare,
    /// `1.`.
    Digit,
    /// `2.3`, with the number of its parts.
    Decimal(u8),
    /// `（1）`.
    DigitBracket,
    /// `①`.
    Circled,
    /// No number: a heading by style or tag of this level.
    Look(u8),
}

impl Style {
    /// Other things look like this mark (`1.5 million`, an initial, `陆、海、空`): it is one only where its number goes on or is the first.
    pub fn needs_order(self) -> bool {
        matches!(self, Style::Roman | Style::Formal | Style::Spaced | Style::Bare | Style::Decimal(_))
    }
}

fn numeral(input: &str) -> IResult<&str, &str> {
    take_while1(is_of_numeral).parse(input)
}

fn is_of_numeral(character: char) -> bool {
    matches!(character, '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百')
}

/// Numerals of cheques, and of the outermost sections, by what they say.
const FORMAL: [(char, char); 14] = [
    ('壹', '一'),
    ('贰', '二'),
    ('貳', '二'),
    ('叁', '三'),
    ('叄', '三'),
    ('參', '三'),
    ('肆', '四'),
    ('伍', '五'),
    ('陆', '六'),
    ('陸', '六'),
    ('柒', '七'),
    ('捌', '八'),
    ('玖', '九'),
    ('拾', '十'),
];

fn read_formal(character: char) -> Option<char> {
    FORMAL.iter().find(|(formal, _)| *formal == character).map(|(_, plain)| *plain)
}

fn is_formal(character: char) -> bool {
    read_formal(character).is_some()
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
    let comma =
        (numeral, take_while(|character| character == ' '), one_of("、.,")).map(|(number, _, _)| (Style::Comma, number.to_string()));
    let mut formal = (take_while1(is_formal), char('、')).map(|(number, _): (&str, char)| (Style::Formal, number.to_string()));
    let bracket = delimited(char('('), numeral, char(')')).map(own(Style::Bracket));
    let digit = (digits, one_of("、.,"), nom::combinator::not(nom::character::complete::digit1))
        .map(|(number, _, ())| (Style::Digit, number.to_string()));
    let digit_bracket = delimited(char('('), digits, char(')')).map(own(Style::DigitBracket));
    let mut circled = one_of("①②③④⑤⑥⑦⑧⑨⑩").map(|character: char| (Style::Circled, (character as u32 - '①' as u32 + 1).to_string()));
    match input.chars().next() {
        Some('第') => alt((chapter, part)).parse(input),
        Some('(') => alt((bracket, digit_bracket)).parse(input),
        Some('①'..='⑩') => circled.parse(input),
        Some(first) if first.is_ascii_digit() => alt((decimal, digit, bare)).parse(input),
        Some(first) if first.is_ascii_alphabetic() => alt((english, roman)).parse(input),
        Some(first) if is_of_numeral(first) => alt((comma, spaced)).parse(input),
        Some(first) if is_formal(first) => formal.parse(input),
        // Most lines begin with none of these.
        _ => Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Alt))),
    }
}

/// True where a text may begin with a mark: what is not needs no folding.
pub fn may_be_marked(text: &str) -> bool {
    text.chars().next().map(fold_mark_char).is_some_and(may_begin)
}

/// Most lines begin with none of these and need no closer look.
fn may_begin(character: char) -> bool {
    character.is_ascii_alphanumeric() || is_of_numeral(character) || is_formal(character) || matches!(character, '(' | '第' | '①'..='⑩')
}

/// `Chapter 3`, `Part II`, `Section 4`, with what parts them from the title.
fn english(input: &str) -> IResult<&str, (Style, String)> {
    let word = alt((
        value(Style::Chapter, tag_no_case("chapter ")),
        value(Style::Part, tag_no_case("part ")),
        value(Style::Comma, tag_no_case("section ")),
    ));
    let number = alt((digits, take_while_m_n(1, 6, |character: char| "IVXLC".contains(character))));
    // `Section 4.4.2` is spoken of in a text.
    let digit1 = nom::character::complete::digit1::<&str, nom::error::Error<&str>>;
    let apart = (take_while1(|character: char| " .:-".contains(character)), nom::combinator::not((digit1, char('.'), digit1)));
    let (rest, (style, number, _)) = (word, number, apart).parse(input)?;
    Ok((rest, (style, number.to_string())))
}

/// `II. ` before a word.
fn roman(input: &str) -> IResult<&str, (Style, String)> {
    let number = take_while_m_n(1, 6, |character: char| "IVXLC".contains(character));
    // Another letter with a point behind it is a person's initial.
    let initial = (one_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), char('.'));
    let (rest, (number, _, ())) = (number, tag(". "), nom::combinator::not(initial)).parse(input)?;
    Ok((rest, (Style::Roman, number.to_string())))
}

/// `2 ` before a capital letter.
fn bare(input: &str) -> IResult<&str, (Style, String)> {
    let after = peek(verify(anychar, |character: &char| character.is_uppercase()));
    let (rest, (number, _, _)) = (digits, char(' '), after).parse(input)?;
    Ok((rest, (Style::Bare, number.to_string())))
}

/// `二 ` before an ideograph that says no number; 一 是 is a text whose characters stand apart.
fn spaced(input: &str) -> IResult<&str, (Style, String)> {
    let is_title = |&character: &char| character.is_alphabetic() && !character.is_ascii() && character != '是' && !is_of_numeral(character);
    let (rest, (number, _, _)) = (numeral, char(' '), peek(verify(anychar, is_title))).parse(input)?;
    Ok((rest, (Style::Spaced, number.to_string())))
}

/// `2.3 ` before a word: whole numbers of at most two digits.
fn decimal(input: &str) -> IResult<&str, (Style, String)> {
    let numbers = recognize(separated_list1(char('.'), digits));
    let after = peek(verify(anychar, |character: &char| character.is_alphabetic()));
    let (rest, (number, _, _, _)) = (numbers, opt(char('.')), char(' '), after).parse(input)?;
    let n_parts = number.split('.').count();
    let style = u8::try_from(n_parts).ok().filter(|&parts| parts >= 2).map(Style::Decimal);
    let style = style.ok_or_else(|| nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Verify)))?;
    Ok((rest, (style, number.to_string())))
}

/// What a mark's number says.
pub fn read_number(mark: &str) -> Option<u64> {
    let last = mark.rsplit('.').next().unwrap_or(mark);
    let plain = || mark.chars().map(read_formal).collect::<Option<String>>();
    let chinese = || read_chinese_numeral(mark).or_else(|| read_chinese_numeral(&plain()?));
    last.parse().ok().or_else(chinese).or_else(|| read_roman(mark))
}

/// `XIV`; each letter counts against a greater one on its right.
fn read_roman(mark: &str) -> Option<u64> {
    let value = |letter| match letter {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        'C' => Some(100),
        _ => None,
    };
    let values: Vec<u64> = mark.chars().map(value).collect::<Option<_>>()?;
    let is_taken_off = |at: usize| values.get(at + 1).is_some_and(|next| Some(next) > values.get(at));
    let sum = values.iter().enumerate().filter(|(at, _)| !is_taken_off(*at)).map(|(_, value)| value).sum::<u64>();
    sum.checked_sub(values.iter().enumerate().filter(|(at, _)| is_taken_off(*at)).map(|(_, value)| value).sum())
}

/// What follows the numbering mark that a folded text begins with; all of it where there is none.
pub fn after_mark(folded: &str) -> &str {
    mark(folded).map_or(folded, |(rest, _)| rest)
}

/// A text without blanks, folded for [`mark`].
pub fn fold_shown(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    folded.extend(text.chars().filter(|&character| !is_blank(character)).map(fold_mark_char));
    folded
}

/// Folded for [`mark`]: `、` stays, since it tells numbering from a list of words.
pub fn fold_mark(text: &str) -> String {
    text.chars().map(fold_mark_char).collect()
}

fn fold_mark_char(character: char) -> char {
    if character == '、' { '、' } else { fold_char(character) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(Style, String, u64)> {
        let (_, (style, number)) = mark(text).ok()?;
        let value = read_number(&number)?;
        Some((style, number, value))
    }

    #[test]
    fn english_marks_are_read() {
        assert_eq!(found("Chapter 3: Results"), Some((Style::Chapter, "3".into(), 3)));
        assert_eq!(found("PART IV. Money"), Some((Style::Part, "IV".into(), 4)));
        assert_eq!(found("XIX. Annexes"), Some((Style::Roman, "XIX".into(), 19)));
        assert_eq!(found("2.13 Scope"), Some((Style::Decimal(2), "2.13".into(), 13)));
        assert_eq!(found("2.1.4. Scope"), Some((Style::Decimal(3), "2.1.4".into(), 4)));
        assert_eq!(found("2 Scope"), Some((Style::Bare, "2".into(), 2)));
    }

    #[test]
    fn chinese_marks_are_read() {
        assert_eq!(found("一 、概况"), Some((Style::Comma, "一".into(), 1)));
        assert_eq!(found("十一 概况"), Some((Style::Spaced, "十一".into(), 11)));
        assert_eq!(found("拾贰、概况"), Some((Style::Formal, "拾贰".into(), 12)));
        assert_eq!(found("參、概況"), Some((Style::Formal, "參".into(), 3)));
        assert_eq!(found("一 是更新栏目"), None);
        assert_eq!(found("一 二 三"), None);
    }

    #[test]
    fn numbers_of_the_text_are_no_marks() {
        assert_eq!(found("2 kg of salt"), None);
        assert_eq!(found("2020 Census"), None);
        assert_eq!(found("I. J. Writer"), None);
        assert_eq!(found("1.5亿元"), None);
        assert_eq!(found("2.13 "), None);
        assert_eq!(found("Particular cases"), None);
        assert_eq!(found("12.50 14.20"), None);
    }
}
