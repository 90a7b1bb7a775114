//! Cell text → what it says: an exact number with its unit, nothing, a dash, or words.
//!
//! Blank, dash, zero and words stay four things. A number is an integer or decimal as printed; a cell whose digits
//! can be read in two ways is not read at all: it comes out as [`Reading::Unread`] and is flagged by whoever places it.
//! Units and the words for "nothing" are listed here because they belong to the writing system, not to a family.

use crate::fold::{fold_char, is_blank, is_hidden, shows_nothing};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while_m_n, take_while1};
use nom::character::complete::{char, digit1, one_of};
use nom::combinator::{opt, recognize, verify};
use nom::multi::many1;
use nom::{IResult, Parser};
use rust_decimal::Decimal;
use std::str::FromStr;

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// Nothing is printed.
    Blank,
    /// A printed mark for "nothing to report": `/`, `—`, 无.
    NotApplicable,
    /// A number, and nothing else but separators.
    Number(Quantity),
    /// A number with words beside it: `15（含新制定 5 件）`, `251000元`.
    Annotated(Quantity),
    /// Digits that cannot be read as one number without guessing.
    Unread(Doubt),
    /// Words.
    Words,
}

/// An exact number and the unit printed with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// As printed.
    pub value: Decimal,
    /// As printed in the cell.
    pub unit: Option<&'static str>,
}

/// Why digits were not read.
#[derive(Debug, Clone, PartialEq)]
pub enum Doubt {
    /// `2 0`: one number in two pieces, or two numbers. The value is what the pieces make together.
    Split(Decimal),
    /// `00`, `05`: two cells run together, or a code.
    LeadingZero,
    /// `1O`, `3.4.5`, 400 digits: no number at all, or none that can be held exactly.
    Garbled,
}

impl Reading {
    /// The number, where there is one.
    pub fn quantity(&self) -> Option<&Quantity> {
        match self {
            Reading::Number(quantity) | Reading::Annotated(quantity) => Some(quantity),
            _ => None,
        }
    }

    /// True for words.
    pub fn is_words(&self) -> bool {
        matches!(self, Reading::Words)
    }

    /// True where nothing is printed.
    pub fn is_blank(&self) -> bool {
        matches!(self, Reading::Blank)
    }

    /// True for anything a numeric cell may hold: a number, a mark for nothing, digits in doubt.
    pub fn is_datum(&self) -> bool {
        matches!(self, Reading::Number(_) | Reading::Annotated(_) | Reading::NotApplicable | Reading::Unread(_))
    }
}

/// True when the text is a number and nothing else.
pub fn is_number(text: &str) -> bool {
    matches!(read_cell(text), Reading::Number(_))
}

/// Read a cell.
pub fn read_cell(text: &str) -> Reading {
    if let Some(whole) = plain_number(text) {
        return whole;
    }
    if shows_nothing(text) || NOT_A_NUMBER.contains(&text.trim()) {
        return Reading::Blank;
    }
    if text.len() > LONGEST_MARK && begins_with_words(text) {
        return Reading::Words;
    }
    let shown = narrow(text);
    if is_not_applicable(&shown) {
        return Reading::NotApplicable;
    }
    match printed_number(&shown) {
        Ok((rest, printed)) => number_with_rest(&shown, &printed, rest),
        Err(_) => chinese_number(&shown).unwrap_or_else(|| words_or_garble(&shown)),
    }
}

/// Nothing but a few digits, as most cells of a report are.
fn plain_number(text: &str) -> Option<Reading> {
    let is_plain = (1..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() > 1 && text.starts_with('0') || !is_plain {
        return is_plain.then_some(Reading::Unread(Doubt::LeadingZero));
    }
    let value = text.bytes().fold(0_i64, |value, digit| value * 10 + i64::from(digit - b'0'));
    Some(Reading::Number(Quantity { value: Decimal::from(value), unit: None }))
}

/// Years that a report may be on.
pub const YEARS: std::ops::Range<i32> = 1949..2100;

/// True where every number of a text is such a year: none is a day or a count.
pub fn are_years(text: &str) -> bool {
    let mut numbers = text.split(|character: char| !character.is_ascii_digit()).filter(|digits| !digits.is_empty());
    numbers.all(|digits| digits.parse().is_ok_and(|year| YEARS.contains(&year)))
}

/// What data frames print for a blank cell.
const NOT_A_NUMBER: [&str; 4] = ["NaN", "nan", "NaT", "<NA>"];

/// No digit or sign at its head, and an ideograph that is no numeral: most labels are so, and need no closer look.
fn begins_with_words(text: &str) -> bool {
    let is_ideograph = |character: char| ('一'..='\u{9FFF}').contains(&character);
    let mut shown = text.trim_start().chars();
    let first = shown.next().filter(|&character| is_ideograph(character) || matches!(character, '(' | '（'));
    first.is_some_and(|first| std::iter::once(first).chain(shown).any(|next| is_ideograph(next) && !is_chinese_numeral(next)))
}

/// Hidden characters gone, full-width forms narrow, every blank a plain space, edges trimmed. The enumeration comma
/// stays: it parts numbers, it does not group digits.
fn narrow(text: &str) -> String {
    let shown = text.chars().filter(|&character| !is_hidden(character) || character.is_control());
    let narrowed: String = shown
        .map(|character| {
            // A control character parts what stands round it; nobody can tell what it was. Digits of two lines are not one
            // number, whatever stands between digits of one line.
            if character == '\n' {
                '\n'
            } else if is_blank(character) || character.is_control() {
                ' '
            } else if character == '、' {
                '、'
            } else {
                fold_char(character)
            }
        })
        .collect();
    narrowed.trim().to_string()
}

/// No mark for nothing has more bytes.
const LONGEST_MARK: usize = 12;

fn is_not_applicable(shown: &str) -> bool {
    const WORDS: &[&str] = &["无", "不适用", "不涉及", "未发生", "n/a", "na", "nil", "none", "...", "…", "……", "*", "x"];
    let dashes = shown.chars().all(|character| matches!(character, '-' | '/' | '\\' | '~' | ' ' | '\n'));
    let is_word = || WORDS.contains(&shown.to_ascii_lowercase().trim_end_matches('.')) || shown == "...";
    dashes || shown.len() <= LONGEST_MARK && is_word()
}

/// A number as printed: sign, digits in groups or in one run, decimals.
struct Printed {
    sign: Option<char>,
    digits: String,
    fraction: Option<String>,
    split: bool,
}

fn printed_number(shown: &str) -> IResult<&str, Printed> {
    let (rest, sign) = opt(one_of("+-")).parse(shown)?;
    let (rest, _) = nom::character::complete::space0(rest)?;
    let (rest, (digits, split)) = alt((grouped, spaced, plain)).parse(rest)?;
    let (rest, fraction) = opt((char('.'), digit1)).parse(rest)?;
    Ok((rest, Printed { sign, digits, fraction: fraction.map(|(_, digits)| digits.to_string()), split }))
}

fn plain(input: &str) -> IResult<&str, (String, bool)> {
    digit1.map(|digits: &str| (digits.to_string(), false)).parse(input)
}

/// `1,234` `1 234 567`: groups of three with one kind of separator.
fn grouped(input: &str) -> IResult<&str, (String, bool)> {
    let three = |input| take_while_m_n(3, 3, |character: char| character.is_ascii_digit()).parse(input);
    let head = verify(take_while_m_n(1, 3, |character: char| character.is_ascii_digit()), |head: &str| !head.starts_with('0'));
    let commas = recognize(many1((char(','), three)));
    let spaces = recognize(many1((char(' '), three)));
    let (rest, (head, tail)) = (head, alt((commas, spaces))).parse(input)?;
    if rest.starts_with(|character: char| character.is_ascii_digit()) {
        return Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Digit)));
    }
    let digits = head.chars().chain(tail.chars()).filter(char::is_ascii_digit).collect();
    Ok((rest, (digits, false)))
}

/// `2 0`: digits apart that are no groups of three.
fn spaced(input: &str) -> IResult<&str, (String, bool)> {
    let (rest, all) = recognize((digit1, many1((take_while1(|character| matches!(character, ' ' | '\n')), digit1)))).parse(input)?;
    Ok((rest, (all.chars().filter(char::is_ascii_digit).collect(), true)))
}

fn number_with_rest(shown: &str, printed: &Printed, rest: &str) -> Reading {
    let rest = rest.trim_start();
    if rest.starts_with(['.', '、', ')', ',']) || rest.starts_with(|character: char| character.is_ascii_digit()) {
        return words_or_garble(shown);
    }
    let text = printed_text(printed);
    if printed.split {
        return Decimal::from_str(&text).map_or(Reading::Unread(Doubt::Garbled), |value| Reading::Unread(Doubt::Split(value)));
    }
    let bracketed = || rest.strip_prefix('(')?.split_once(')').map(|(inside, _)| inside.trim());
    let in_brackets = bracketed().and_then(|inside| find_unit(inside).filter(|unit| *unit == inside));
    whole_number(&text, find_unit(rest).or(in_brackets), rest)
}

fn printed_text(printed: &Printed) -> String {
    let sign = if printed.sign == Some('-') { "-" } else { "" };
    match &printed.fraction {
        Some(fraction) => format!("{sign}{}.{fraction}", printed.digits),
        None => format!("{sign}{}", printed.digits),
    }
}

fn whole_number(text: &str, unit: Option<&'static str>, rest: &str) -> Reading {
    let digits = text.trim_start_matches('-');
    if digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.") {
        return Reading::Unread(Doubt::LeadingZero);
    }
    let Ok(value) = Decimal::from_str_exact(text) else { return Reading::Unread(Doubt::Garbled) };
    let quantity = Quantity { value, unit };
    let after_unit = rest.strip_prefix(unit.unwrap_or("")).unwrap_or(rest).trim();
    match (unit, after_unit) {
        (None | Some("%" | "‰"), "") => Reading::Number(quantity),
        (Some(_), "") => Reading::Annotated(quantity),
        // `10^8`: a power, which the digits before it are not.
        (None, remark) if remark.starts_with('^') && text == "10" => Reading::Unread(Doubt::Garbled),
        (_, remark)
            if remark.starts_with(['(', '['])
                || is_note_mark(remark)
                || unit.is_some() && !remark.contains(|c: char| c.is_ascii_digit()) =>
        {
            Reading::Annotated(quantity)
        }
        _ if rest.chars().all(|character| character.is_ascii_alphabetic()) => Reading::Unread(Doubt::Garbled),
        _ => Reading::Words,
    }
}

/// `①`, `*`, `^2` (a raised 2): points to a note.
fn is_note_mark(remark: &str) -> bool {
    let is_mark = |character: char| matches!(character, '①'..='⑳' | '*' | '#' | '†' | '‡' | '¹' | '²' | '³' | '⁰'..='⁹');
    let is_raised =
        remark.strip_prefix('^').is_some_and(|digits| (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()));
    is_raised || !remark.is_empty() && remark.chars().all(is_mark)
}

/// Units that a cell prints after its number, longest first.
#[rustfmt::skip]
const UNITS: &[&str] = &[
    "港币百万元", "港币千万元", "港币千元", "港币亿元", "万平方米", "平方公里", "平方千米", "港币万元", "港币元", "千亿元",
    "万英镑", "亿英镑", "万日元", "亿日元", "亿港元", "亿欧元", "立方米", "平方米", "人民币", "万美元", "亿美元", "万欧元",
    "万港元", "百万元", "千万元", "十万元", "万亿元", "百亿元", "十亿元", "万吨", "亿元", "万元", "千元", "百元", "美元",
    "欧元", "港元", "日元", "港币", "英镑", "万人", "万户", "万件", "万条", "公顷", "公里", "千瓦", "万亩", "人次", "元", "件",
    "条", "人", "户", "次", "个", "项", "家", "起", "份", "篇", "亩", "吨", "宗", "册", "期", "场", "%", "‰", "万", "亿",
];

/// The unit that a text begins with.
pub fn find_unit(text: &str) -> Option<&'static str> {
    let text = text.trim_start();
    UNITS.iter().copied().find(|unit| text.starts_with(unit))
}

/// The unit that a header states: `采购总金额（单位：万元）`, `预算数（万元）`.
pub fn find_stated_unit(header: &str) -> Option<&'static str> {
    let Some((_, after)) = header.split_once("单位") else {
        let inside = plain_money(header.trim_end().strip_suffix([')', '）'])?.rsplit_once(['(', '（'])?.1);
        return find_unit(&inside).filter(|unit| *unit == inside);
    };
    let stated = after.trim_start_matches(|character: char| matches!(character, ':' | '：' | '为') || is_blank(character));
    find_unit(&plain_money(stated))
}

/// An amount is in the country's money, said or not, and 仟 is 千: `人民币仟元` → `千元`.
fn plain_money(unit: &str) -> String {
    let unit = unit.trim();
    let bare = unit.strip_prefix(CURRENCY).map(|rest| rest.trim_start_matches([':', '：', ' ', '(', '（', ',', '，', '、', '/']));
    let unit = bare.filter(|rest| rest.starts_with(|first: char| "拾佰仟十百千万亿元".contains(first))).unwrap_or(unit);
    unit.replace('拾', "十").replace('佰', "百").replace('仟', "千")
}

/// The country's money.
const CURRENCY: &str = "人民币";

/// Units that count things one by one; which word is printed does not change the number.
const COUNTS: &[&str] = &["件", "条", "人次", "人", "户", "次", "个", "项", "家", "起", "份", "篇", "宗", "册", "期", "场"];

/// True for a unit that counts things one by one.
pub fn is_count(unit: &str) -> bool {
    COUNTS.contains(&unit)
}

/// How many zeros a unit of money stands for: `万元` is four.
pub fn money_zeros(unit: &str) -> Option<u32> {
    Some(unit.strip_suffix("元")?.chars().rev().map_while(zeros_of).sum())
}

fn zeros_of(numeral: char) -> Option<u32> {
    "十百千万亿".chars().position(|own| own == numeral).and_then(|at| [1, 2, 3, 4, 8].get(at).copied())
}

/// `万元` is 元 with four zeros; a word for a large number alone measures nothing.
pub fn parted_unit(unit: &str) -> (u32, &str) {
    const LARGE: &[(&str, u32)] = &[("万亿", 12), ("亿", 8), ("万", 4)];
    const YUAN: &str = "元";
    let large = LARGE.iter().find_map(|(word, zeros)| Some((*zeros, unit.strip_prefix(word).filter(|base| !base.is_empty())?)));
    // A thousand 元 and its like; of other measures 千 and 百 may be a part of the word.
    let digits = unit.strip_suffix(YUAN).filter(|digits| !digits.is_empty());
    let money = digits.and_then(|digits| digits.chars().map(zeros_of).sum::<Option<u32>>()).map(|zeros| (zeros, YUAN));
    money.or(large).unwrap_or((0, unit))
}

/// A unit of land as so many 亩, one of weight as so many 吨: always a finite decimal.
pub fn common_unit(unit: &str) -> Option<(Decimal, &'static str)> {
    const COMMON: &[(&str, i64, u32, &str)] =
        &[("千公顷", 15_000, 0, "亩"), ("公顷", 15, 0, "亩"), ("斤", 5, 4, "吨"), ("公斤", 1, 3, "吨"), ("千克", 1, 3, "吨")];
    let own = COMMON.iter().find(|(name, ..)| *name == unit);
    own.map(|&(_, number, scale, common)| (Decimal::new(number, scale), common))
}

/// True where a number with a bare 万 behind it may be one of so many: of things, money, land or weight, no rate.
pub fn may_be_bare(unit: &str) -> bool {
    is_count(unit) || ["元", "亩", "吨"].contains(&unit)
}

/// `1.2万` with no word for what is counted: how many zeros it stands for.
pub fn bare_zeros(unit: &str) -> Option<u32> {
    [("万", 4), ("亿", 8)].iter().find(|(word, _)| *word == unit).map(|(_, zeros)| *zeros)
}

/// The unit of a number that counts and does not say what.
pub const ANY_COUNT: &str = "";

/// True for units that count the same things under two names. Households, visits and occasions are no people.
pub fn counts_alike(one: &str, other: &str) -> bool {
    const OF_THEIR_OWN: &[&str] = &["人", "人次", "户", "次", "场"];
    let is_own = |unit: &str| OF_THEIR_OWN.contains(&unit);
    one == other || is_count(one) && is_count(other) && !is_own(one) && !is_own(other)
}

/// The unit without the name of the country's money, which every amount is in.
pub fn without_currency(unit: &str) -> &str {
    unit.strip_suffix(CURRENCY).filter(|unit| !unit.is_empty()).unwrap_or(unit)
}

/// True when numbers printed in one unit may stand and be added among numbers of the other.
pub fn same_measure(one: &str, other: &str) -> bool {
    one == other || is_count(one) && is_count(other)
}

/// `十五`, `一百二十`, `〇`: a cell that holds nothing but Chinese numerals. A lone 一 may as well be a dash.
fn chinese_number(shown: &str) -> Option<Reading> {
    if shown == "一" {
        return Some(Reading::Unread(Doubt::Garbled));
    }
    let value = read_chinese_numeral(shown)?;
    Some(Reading::Number(Quantity { value: Decimal::from(value), unit: None }))
}

fn chinese_digit(character: char) -> Option<u64> {
    Some(match character {
        '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Characters that larger Chinese numerals are named with.
fn is_chinese_power(character: char) -> bool {
    matches!(character, '十' | '百' | '千' | '万' | '亿')
}

/// True for a character that Chinese numerals are written with.
pub fn is_chinese_numeral(character: char) -> bool {
    chinese_digit(character).is_some() || is_chinese_power(character) || matches!(character, '〇' | '○' | '两')
}

/// A Chinese numeral below 10^16, in positional (`二〇二〇`) or named (`一百二十`) writing; none where it is not one.
pub fn read_chinese_numeral(text: &str) -> Option<u64> {
    // Most texts that are asked about begin with something else.
    if !text.starts_with(is_chinese_numeral) {
        return None;
    }
    let named = text.chars().any(is_chinese_power);
    let (mut total, mut section, mut current) = (0_u64, 0_u64, 0_u64);
    for character in text.chars() {
        let character = match character {
            '〇' | '○' => '零',
            '两' => '二',
            other => other,
        };
        if let Some(value) = chinese_digit(character) {
            // 二三十: about so many.
            if named && current > 0 {
                return None;
            }
            current = if named { value } else { current.checked_mul(10)?.checked_add(value)? };
            continue;
        }
        let power = match character {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            '万' => 10_000,
            '亿' => 100_000_000,
            _ => return None,
        };
        if power < 10_000 {
            section = section.checked_add(current.max(1).checked_mul(power)?)?;
        } else {
            total = total.checked_add(section.checked_add(current)?.checked_mul(power)?)?;
            section = 0;
        }
        current = 0;
    }
    total.checked_add(section)?.checked_add(current)
}

/// Digits of a number that only counts items: `(12)`.
const LONGEST_ORDINAL: usize = 2;

/// Words, unless the text is short and mostly digits: then it was meant as a number.
fn words_or_garble(shown: &str) -> Reading {
    let n_digits = shown.chars().filter(char::is_ascii_digit).count();
    let ordinal = n_digits <= LONGEST_ORDINAL && (tag::<_, _, nom::error::Error<&str>>("("), digit1, tag(")")).parse(shown).is_ok()
        || (digit1::<_, nom::error::Error<&str>>, one_of(".、)"))
            .parse(shown)
            .is_ok_and(|(rest, _)| !rest.starts_with(|character: char| character.is_ascii_digit()));
    let has_ideograph = shown.chars().any(|character| character as u32 >= 0x2E80 && character.is_alphabetic());
    let looks_like_letters = matches!(shown, "O" | "o" | "l" | "I" | "|" | "Q" | "D");
    if !ordinal && !has_ideograph && (looks_like_letters || n_digits * 2 >= shown.chars().count()) {
        return Reading::Unread(Doubt::Garbled);
    }
    Reading::Words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> String {
        match read_cell(text) {
            Reading::Number(quantity) => quantity.value.to_string(),
            Reading::Annotated(quantity) => format!("{} {}", quantity.value, quantity.unit.unwrap_or("+")),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_header_states_its_unit() {
        assert_eq!(["预算数（元）", "预算数（百万元）"].map(find_stated_unit), [Some("元"), Some("百万元")]);
        let stated = "万元=万元 百万元=百万元 佰万元=百万元 仟元=千元 人民币万元=万元 人民币：元=元 万元人民币=万元 人民币=人民币 欧元=欧元 人民币（万元=万元 人民币，万元=万元 港币亿元=港币亿元 千亿元=千亿元";
        for (stated, unit) in stated.split(' ').filter_map(|pair| pair.split_once('=')) {
            assert_eq!(find_stated_unit(&format!("采购总金额（单位：{stated}）")), Some(unit));
        }
        assert_eq!(["行政处罚（元旦）", "预算数"].map(find_stated_unit), [None, None]);
        assert_eq!(read_cell("3（元）"), Reading::Annotated(Quantity { value: Decimal::from(3), unit: Some("元") }));
    }

    #[test]
    fn digits_of_two_lines_are_not_one_number() {
        assert_eq!(read_cell("753\n600\n400"), Reading::Unread(Doubt::Split(Decimal::from(753_600_400))));
        assert_eq!(number("753 600 400"), "753600400");
    }

    #[test]
    fn numbers_as_printed() {
        for (text, want) in [
            ("0", "0"),
            (" 12\u{200B} ", "12"),
            ("１２３", "123"),
            ("1,234", "1234"),
            ("1，234", "1234"),
            ("1 234", "1234"),
            ("1\u{00A0}234\u{00A0}567", "1234567"),
            ("-3", "-3"),
            ("－3.50", "-3.50"),
            ("＋4", "4"),
            ("99.58%", "99.58"),
            ("4068.208", "4068.208"),
            ("251000元", "251000 元"),
            ("15（含新制定 5 件）", "15 +"),
            ("3.2 万元", "3.2 万元"),
            ("十五", "15"),
            ("一百二十", "120"),
            ("〇", "0"),
            ("96,282,213.44", "96282213.44"),
            ("12件（含5件）", "12 件"),
        ] {
            assert_eq!(number(text), want, "{text}");
        }
    }

    #[test]
    fn nothing_is_four_things() {
        assert_eq!(read_cell("\u{3000}"), Reading::Blank);
        for mark in ["/", "—", "——", "－", "无", "不适用", "-"] {
            assert_eq!(read_cell(mark), Reading::NotApplicable, "{mark}");
        }
        for blank in ["", " ", "NaN", "\u{3000}"] {
            assert_eq!(read_cell(blank), Reading::Blank, "{blank}");
        }
        assert_eq!(number("0"), "0");
        assert_eq!(read_cell("详见附件"), Reading::Words);
    }

    #[test]
    fn doubtful_digits_are_not_read() {
        assert_eq!(read_cell("2 0"), Reading::Unread(Doubt::Split(Decimal::from(20))));
        for text in ["00", "05", "007"] {
            assert_eq!(read_cell(text), Reading::Unread(Doubt::LeadingZero), "{text}");
        }
        for text in ["1O", "O", "3.4.5", "1,23", "12,34,567", "一", "【7589】", "〔709〕", &"9".repeat(400)] {
            assert_eq!(read_cell(text), Reading::Unread(Doubt::Garbled), "{text}");
        }
    }

    #[test]
    fn ordinals_are_words() {
        for text in ["1. 属于国家秘密", "（一）予以公开", "一、本年新收", "2、重复申请", "1)"] {
            assert_eq!(read_cell(text), Reading::Words, "{text}");
        }
    }
}
