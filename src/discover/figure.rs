//! Characters of a cell → a number with the place of its last printed digit, in the writing its whole table uses.
//!
//! ```text
//!   1,234.5    1.234,5    1 234,5    1'234.5    (1,234)    $ 12 r    12.5%    -£20    3.1 pp
//! ```
//! One table writes its numbers in one way; which one, the cells that can be read in a single way tell together.
//! Marks beside a number (currency, percent, a letter that points to a note) are left out here.

use crate::fold::{fold_char, is_hidden};

/// A number as printed: `digits` in units of the last printed place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// All digits as one integer.
    pub digits: i128,
    /// How many of them stand behind the decimal mark.
    pub decimals: u8,
}

/// How a table writes its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Writing {
    /// What parts thousands.
    pub group: char,
    /// What stands before decimals.
    pub point: char,
}

/// Ways of writing, the commonest first.
const WRITINGS: &[Writing] = &[
    Writing { group: ',', point: '.' },
    Writing { group: ' ', point: '.' },
    Writing { group: ' ', point: ',' },
    Writing { group: '.', point: ',' },
    Writing { group: '\'', point: '.' },
];

/// The writing that reads the most cells; the commonest of those that read as many.
pub fn find_writing<'a>(cells: impl Iterator<Item = &'a str>) -> Writing {
    const SAMPLE: usize = 2000;
    let shown: Vec<String> =
        cells.filter(|text| text.len() < 40).map(bare).filter(|text| text.contains([',', '.', ' ', '\''])).take(SAMPLE).collect();
    // A comma before three digits parts thousands unless another cell shows that it stands before decimals.
    let is_told = |writing: &&Writing| writing.point != ',' || shown.iter().any(|text| has_decimals(text, **writing));
    let n_read = |writing: &Writing| shown.iter().filter(|text| read_bare(text, *writing).is_some()).count();
    let best =
        WRITINGS.iter().filter(is_told).copied().enumerate().max_by_key(|(index, writing)| (n_read(writing), WRITINGS.len() - index));
    best.map_or(Writing { group: ',', point: '.' }, |(_, writing)| writing)
}

/// True for a number whose decimals cannot be a group of three, or whose groups are parted as this writing parts them.
fn has_decimals(text: &str, writing: Writing) -> bool {
    let decimals = text.rsplit_once(writing.point).map_or(0, |(_, fraction)| fraction.len());
    let n_groups = text.matches(writing.group).count();
    let is_told = !matches!(decimals, 0 | 3) || n_groups > 1 || n_groups == 1 && decimals > 0;
    is_told && read_bare(text, writing).is_some()
}

/// Read a cell; none where it is no number.
pub fn read_figure(text: &str, writing: Writing) -> Option<Figure> {
    if text.len() > 60 {
        return None;
    }
    // `$5m` is no five.
    if is_scaled(text) && find_money(text).is_some() {
        return None;
    }
    let shown = bare(text);
    // An apostrophe before three digits parts thousands in any writing.
    let apart = || if shown.contains('\'') { read_bare(&shown, Writing { group: '\'', ..writing }) } else { None };
    read_bare(&shown, writing).or_else(apart).or_else(|| read_scientific(&shown))
}

/// Signs of money that stand before a number, those that begin like others first.
const MONEY: &[&str] = &["US$", "HK$", "NT$", "A$", "C$", "S$", "R$", "$", "£", "€", "¥", "￥"];
/// What stands behind a number of percentage points.
const POINTS: &[&str] = &["pp", "p.p."];

fn split_money(text: &str) -> Option<(&'static str, &str)> {
    MONEY.iter().find_map(|sign| Some((*sign, text.strip_prefix(sign)?.trim_start())))
}

/// The sign of money before the digits of a cell, and what stands behind it: `-£20`, `($300)`.
pub fn find_money(text: &str) -> Option<(&'static str, &str)> {
    let text = text.trim_start_matches(|character| matches!(fold_char(character), '-' | '+' | '(' | ' '));
    split_money(text).filter(|(_, behind)| behind.starts_with(|first: char| fold_char(first).is_ascii_digit()))
}

/// The sign of percentage points behind a number.
pub fn find_points(text: &str) -> Option<&'static str> {
    POINTS.iter().find(|sign| text.ends_with(**sign)).copied()
}

/// It ends in a letter that stands for thousands, millions, billions.
fn is_scaled(text: &str) -> bool {
    text.trim_end().ends_with(['k', 'm', 'b', 'K', 'M', 'B'])
}

/// `1.5e+06`, as programs write large and small numbers. `2E4` is as often the name of a thing: without a point or a sign a
/// capital makes no number.
fn read_scientific(shown: &str) -> Option<Figure> {
    let at = shown.find(['e', 'E'])?;
    let (mantissa, power) = (shown.get(..at)?, shown.get(at + 1..)?);
    let is_told = mantissa.contains('.') || power.starts_with(['+', '-']) || shown.get(at..=at) == Some("e");
    let figure = read_bare(mantissa, Writing { group: ',', point: '.' }).filter(|_| is_told)?;
    let power: i32 = power.parse().ok().filter(|power: &i32| power.unsigned_abs() <= MOST_DIGITS as u32)?;
    let decimals = i32::from(figure.decimals) - power;
    let digits = figure.digits.checked_mul(10_i128.checked_pow(u32::try_from(-decimals).unwrap_or(0))?)?;
    let decimals = u8::try_from(decimals.max(0)).ok()?;
    (usize::from(decimals) <= MOST_DECIMALS).then_some(Figure { digits, decimals })
}

/// Without currency, percent, brackets of a negative and the letter of a note; blanks at the edges gone.
fn bare(text: &str) -> String {
    let narrow: String = text.chars().filter(|&character| !is_hidden(character)).map(fold_blank).collect();
    let narrow = join_lines(&narrow);
    let shown = narrow.trim();
    let (minus, shown) = match shown.strip_prefix('-').map(str::trim_start) {
        Some(rest) if split_money(rest).is_some() => ("-", rest),
        _ => ("", shown),
    };
    let shown = without_money(shown).trim_end_matches(['%', '$', '€', ' ', '‰']);
    let shown = find_points(shown).and_then(|sign| shown.strip_suffix(sign)).map_or(shown, str::trim_end);
    let (shown, sign) = match shown.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) if inner.chars().any(|character| character.is_ascii_digit()) => {
            (without_money(inner.trim()).trim_matches(['$', ' ', '%']), "-")
        }
        _ => (shown, ""),
    };
    format!("{minus}{sign}{}", without_note_mark(shown))
}

fn without_money(shown: &str) -> &str {
    let shown = split_money(shown).map_or(shown, |(_, behind)| behind);
    shown.trim_start_matches(['$', '£', '€', '¥', '￥', ' '])
}

fn fold_blank(character: char) -> char {
    match character {
        '\n' => '\n',
        blank if blank.is_whitespace() => ' ',
        shown => fold_char(shown),
    }
}

/// A cell's lines as one; a line end stays between digits, which are not one number.
fn join_lines(text: &str) -> String {
    let is_digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
    text.split('\n').map(str::trim).fold(String::with_capacity(text.len()), |mut joined, line| {
        let parts = is_digit(joined.chars().next_back()) && is_digit(line.chars().next());
        if !joined.is_empty() {
            joined.push(if parts { '\n' } else { ' ' });
        }
        joined.push_str(line);
        joined
    })
}

/// `1,234 r` `12*` `*12`: a lone letter or star beside the number.
fn without_note_mark(shown: &str) -> &str {
    let is_mark = |character: char| character.is_ascii_alphabetic() || matches!(character, '*' | '†' | '‡' | '#');
    let digit_before = |text: &str| text.trim_end().ends_with(|character: char| character.is_ascii_digit());
    let digit_after = |text: &str| text.trim_start().starts_with(|character: char| character.is_ascii_digit());
    let tail = shown.trim_end_matches('*');
    if tail.len() < shown.len() && digit_before(tail) {
        return tail.trim_end();
    }
    let touches = |rest: &&str| digit_before(rest) && !(shown.ends_with(is_look_alike) && rest.trim_end() == *rest);
    if let Some(rest) = shown.strip_suffix(is_mark).filter(touches) {
        return rest.trim_end();
    }
    let stands_apart = |rest: &str| rest.starts_with(' ') || shown.starts_with(['*', '†', '‡', '#']);
    match shown.strip_prefix(is_mark).filter(|rest| digit_after(rest) && stands_apart(rest)) {
        Some(rest) => rest.trim_start(),
        None => shown,
    }
}

/// Letters that are misread digits where they touch others: `3S` may be 35.
pub fn is_look_alike(letter: char) -> bool {
    matches!(letter, 'O' | 'o' | 'I' | 'l' | 'S')
}

/// Most digits a number may have.
const MOST_DIGITS: usize = 24;
/// Most decimals that are kept.
const MOST_DECIMALS: usize = 12;

fn read_bare(shown: &str, writing: Writing) -> Option<Figure> {
    let (negative, shown) = match shown.strip_prefix(['-', '+']) {
        Some(rest) => (shown.starts_with('-'), rest.trim_start()),
        None => (false, shown),
    };
    let (whole, fraction) = match shown.rsplit_once(writing.point) {
        Some((whole, fraction)) => (whole, fraction),
        None => (shown, ""),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(fraction) || whole.is_empty() && fraction.is_empty() || fraction.len() > MOST_DECIMALS {
        return None;
    }
    let mut groups = whole.split(writing.group);
    let head = groups.next().unwrap_or("");
    let mut digits = head.to_string();
    for group in groups {
        if group.len() != 3 || head.is_empty() || head.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    digits.push_str(fraction);
    if digits.is_empty() || digits.len() > MOST_DIGITS || !is_digits(&digits) {
        return None;
    }
    let value: i128 = digits.parse().ok()?;
    Some(Figure { digits: if negative { -value } else { value }, decimals: u8::try_from(fraction.len()).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, group: char, point: char) -> Option<(i128, u8)> {
        read_figure(text, Writing { group, point }).map(|figure| (figure.digits, figure.decimals))
    }

    #[test]
    fn marks_beside_a_number_are_left_out() {
        for (text, want) in [
            ("1,234.5", Some((12345, 1))),
            ("(1,234)", Some((-1234, 0))),
            ("$ 12", Some((12, 0))),
            ("12.50%", Some((1250, 2))),
            ("1,234 r", Some((1234, 0))),
            ("-3", Some((-3, 0))),
            ("－１２", Some((-12, 0))),
            ("0175", Some((175, 0))),
            ("1,23", None),
            ("-£20", Some((-20, 0))),
            ("US$ 5", Some((5, 0))),
            ("(US$ 5.5)", Some((-55, 1))),
            ("￥3.5", Some((35, 1))),
            ("$5m", None),
            ("US$ 5 million", None),
            ("+3.1 pp", Some((31, 1))),
            ("1'234'567", Some((1_234_567, 0))),
            ("1’234.5", Some((12345, 1))),
            ("5'3", None),
            ("2010-01", None),
            ("3S", None),
            ("12O", None),
            ("12 S", Some((12, 0))),
            ("Q1", None),
            ("..", None),
            ("1.5e3", Some((1500, 0))),
            ("1e6", Some((1_000_000, 0))),
            ("-2.50E-4", Some((-250, 6))),
            ("3.18E+02", Some((318, 0))),
            ("2E4", None),
            ("1.5e99", None),
            ("e3", None),
        ] {
            assert_eq!(read(text, ',', '.'), want, "{text}");
        }
        assert_eq!(read("1.234,5", '.', ','), Some((12345, 1)));
        assert_eq!(read("1 234", ' ', ','), Some((1234, 0)));
    }

    #[test]
    fn the_cells_together_tell_the_writing() {
        assert_eq!(find_writing(["1.234", "12,5", "3.456,7"].into_iter()), Writing { group: '.', point: ',' });
        assert_eq!(find_writing(["1,234", "12.5"].into_iter()), Writing { group: ',', point: '.' });
    }
}
