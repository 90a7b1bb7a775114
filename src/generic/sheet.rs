//! A printed table as rows of slots: what each cell shows, the blank columns left out.

use crate::discover::figure::{Figure, Writing, find_money, find_points, find_writing, is_look_alike, read_figure};
use crate::doc::{Document, Shape};
use crate::fold::{fold_char, is_blank, tidy};
use crate::grammar::words::built_in;
use crate::normalise::{Doubt, Quantity, Reading, are_years, is_number};
use crate::table::{Mend, Table, TableCell, TableRow};
use rust_decimal::Decimal;

/// What a cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    /// A number.
    Figure(Figure),
    /// A mark for nothing, or for a number that is withheld.
    Mark,
    /// Words.
    Words,
}

/// A printed cell; blank ones are left out.
#[derive(Debug, Clone)]
pub struct Slot {
    /// Which of the sheet's columns, from 0.
    pub column: usize,
    /// How many of them it spans.
    pub width: usize,
    /// Rows it spans.
    pub height: usize,
    /// What it shows.
    pub print: Print,
    /// Its characters on one line.
    pub text: String,
    /// Which cell of the printed row it is.
    pub cell: usize,
    /// Blanks before it, which tell how deep its label stands.
    pub indent: usize,
}

/// A table's rows, its columns numbered without gaps.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Rows from top to bottom, slots from left to right.
    pub rows: Vec<Vec<Slot>>,
    /// Number of columns.
    pub n_columns: usize,
    /// How it writes numbers.
    pub writing: Writing,
    /// Of each row, whether more blank lines part it from the row above than rows of the table have between them.
    pub parted: Vec<bool>,
}

/// Letters behind an amount of money that say how many zeros it has.
const SCALES: [&str; 10] = ["k", "m", "b", "K", "M", "B", "bn", "mn", "tn", "mil"];
/// Longer cells are words where a word stands in them, in bytes.
const LONGEST_UNREAD: usize = 60;

impl Slot {
    /// The number it shows.
    pub fn figure(&self) -> Option<Figure> {
        if let Print::Figure(figure) = self.print { Some(figure) } else { None }
    }

    /// Digits that are no number, and nothing else but marks or a letter among them: `10-20`, `5O3`, `1.523.1`, two numbers on
    /// two lines. Years, dates, lists and whatever says what is counted are words.
    pub fn is_unread(&self) -> bool {
        if self.print != Print::Words || self.is_long() {
            return false;
        }
        if self.is_amount() {
            return true;
        }
        let shown = self.folded();
        let first = shown.find(|character: char| character.is_ascii_digit());
        let letters = || shown.char_indices().filter(|(_, character)| character.is_alphabetic());
        let is_among = |(at, letter): (usize, char)| letter == 'l' || letter.is_ascii() && first.is_some_and(|first| first < at);
        let is_mark = |character: char| matches!(character, '/' | ':' | '=' | '(' | ')' | '[' | ']' | '<' | '>' | '~');
        shown.ends_with(|last: char| last.is_ascii_digit() || last == '%' || is_look_alike(last))
            && first.is_some()
            && (letters().count() <= 1 || letters().all(|(_, letter)| is_look_alike(letter)))
            && letters().all(is_among)
            && !shown.contains(is_mark)
            && !self.text.contains('、')
            && !self.has_year()
    }

    /// Words that stand for one number, whatever stands around them: `US$ 5 million`, `$1.200,50`, and `12,34,567`, whose groups
    /// are not of three.
    pub fn is_amount(&self) -> bool {
        let is_of_number = |character: char| character.is_ascii_digit() || matches!(character, '.' | ',' | '\'' | ' ');
        let behind = |text: &str| text.trim_start_matches(is_of_number).trim().to_string();
        let is_scale = |words: &str| words.is_empty() || SCALES.contains(&words) || built_in().unit.is_made_of(words);
        let groups: Vec<&str> = self.text.split(',').collect();
        let are_groups = groups.len() > 2
            && groups.iter().all(|group| (1..=3).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit()))
            && groups.last().is_some_and(|last| last.len() == 3)
            && groups.iter().skip(1).all(|group| group.len() > 1);
        self.print == Print::Words && (are_groups || find_money(&self.text).is_some_and(|(_, text)| is_scale(&behind(text))))
    }

    /// Letters O, I and l among digits, which are misread ones: whoever makes up codes leaves them out.
    pub fn is_misread(&self) -> bool {
        self.is_unread() && self.folded().contains(['O', 'o', 'I', 'l'])
    }

    /// Digits behind a word of one character at most, with marks or words behind them: `约30`, `2 million`; or a date in
    /// digits. Letters before digits make a code.
    pub fn begins_as_number(&self) -> bool {
        if self.print != Print::Words || self.is_long() || self.text.contains('、') {
            return false;
        }
        let shown = self.folded();
        let first = shown.find(|character: char| character.is_ascii_digit());
        let Some((before, behind)) = first.and_then(|at| shown.split_at_checked(at)) else { return false };
        let mut letters = before.chars().filter(|character| character.is_alphabetic());
        let is_code = letters.clone().any(|letter| letter.is_ascii()) || letters.nth(1).is_some();
        let says_what = before.contains(['(', '[']) || behind.contains('=');
        !is_code && !says_what && (!self.has_year() || self.names_time())
    }

    /// One number with a mark or one character of a word beside it, which says that it is not just so: `约30`, `≥30`, `30多`.
    pub fn is_near_number(&self) -> bool {
        let shown = self.folded();
        let letters: Vec<char> = shown.chars().filter(|character| character.is_alphabetic()).collect();
        let is_number = |character: char| character.is_ascii_digit() || matches!(character, ',' | '.');
        let n_numbers = || shown.split(|character: char| !is_number(character)).filter(|digits| !digits.is_empty()).count();
        let has_words = match letters.as_slice() {
            [] => false,
            // Behind the digits it is a unit as a rule.
            [letter] => {
                letter.is_ascii() || n_numbers() > 1 || !shown.starts_with(*letter) && !built_in().about.is_alone(&letter.to_string())
            }
            _ => true,
        };
        self.begins_as_number() && !has_words && !shown.contains([')', ']']) && !shown.ends_with([',', '.', '/']) && !self.names_time()
    }

    /// A date in digits: `2023-01-05`.
    pub fn names_time(&self) -> bool {
        let parts = self.text.split(|character: char| !character.is_ascii_digit()).filter(|digits| !digits.is_empty());
        self.has_year() && parts.count() == 3 && !self.text.contains(char::is_alphabetic)
    }

    /// A year, and no date in digits: `2019年`, `2018/19`.
    pub fn names_years(&self) -> bool {
        self.print == Print::Words && self.has_year() && !self.names_time()
    }

    /// One number and another: `10-20`, `10～20`.
    pub fn is_range(&self) -> bool {
        let shown = self.folded();
        let is_end = |text: &str| text.contains(|character: char| character.is_ascii_digit()) && is_number(text);
        shown.split_once(['-', '~']).is_some_and(|(from, to)| is_end(from) && is_end(to))
    }

    fn folded(&self) -> String {
        self.text.chars().map(fold_char).collect()
    }

    fn is_long(&self) -> bool {
        self.text.len() > LONGEST_UNREAD && self.text.contains(|character: char| character.is_alphabetic() || character == ' ')
    }

    fn has_year(&self) -> bool {
        let shown = self.folded();
        let mut parts = shown.split(|character: char| !character.is_ascii_digit());
        parts.any(|digits| digits.len() == 4 && are_years(digits))
    }

    /// True where it shows what a column of numbers may hold.
    pub fn is_datum(&self) -> bool {
        self.print != Print::Words
    }
}

/// For each column, whether most of these rows say yes with their slot in it: the first of those that are asked.
pub fn mostly<'a>(
    n_columns: usize,
    rows: impl Iterator<Item = &'a Vec<Slot>>,
    is_asked: impl Fn(&Slot) -> bool,
    says_yes: impl Fn(&Slot) -> bool,
) -> Vec<bool> {
    let mut counts = vec![(0, 0); n_columns];
    let mut asked_last = vec![0; n_columns];
    for (row, slots) in (1..).zip(rows) {
        for slot in slots.iter().filter(|slot| is_asked(slot)) {
            let (Some((n_yes, n_all)), Some(last)) = (counts.get_mut(slot.column), asked_last.get_mut(slot.column)) else { continue };
            if std::mem::replace(last, row) != row {
                *n_yes += usize::from(says_yes(slot));
                *n_all += 1;
            }
        }
    }
    counts.into_iter().map(|(n_yes, n_all)| n_yes * 2 > n_all).collect()
}

/// The slots of a table.
pub fn sheet(document: &Document, table: &Table) -> Sheet {
    let cells = || table.rows.iter().flat_map(cells_in_columns);
    let writing = find_writing(cells().filter(|cell| cell.is_printed()).map(|cell| document.slice(cell.span)));
    let mut columns: Vec<usize> = cells().flat_map(|cell| [cell.column, cell.column + cell.columns.max(1) - 1]).collect();
    columns.sort_unstable();
    columns.dedup();
    let place = |column: usize| columns.partition_point(|&own| own < column);
    let slot = |(index, cell): (usize, &TableCell)| {
        let raw = document.slice(cell.span);
        let is_broken = raw.trim().contains(char::is_control);
        let text = if is_broken { tidy(&raw.replace(char::is_control, " ")) } else { tidy(raw) };
        let print = print(&text, cell, writing, is_broken);
        let column = place(cell.column);
        let width = place(cell.column + cell.columns.max(1) - 1) - column + 1;
        Slot { column, width, height: cell.rows.max(1), print, indent: indent(document, cell), text, cell: index }
    };
    let row = |row: &TableRow| {
        let slots: Vec<Slot> = cells_in_columns(row).iter().enumerate().filter(|(_, cell)| cell.is_printed()).map(slot).collect();
        if is_rule(&slots) { Vec::new() } else { slots }
    };
    Sheet { rows: table.rows.iter().map(row).collect(), n_columns: columns.len(), writing, parted: parted(document, table) }
}

/// Where the lines of a text leave more room between two rows than between others.
fn parted(document: &Document, table: &Table) -> Vec<bool> {
    let n_lines = |pair: &[TableRow]| {
        let [above, below] = pair else { return None };
        let (end, start) = (above.cells.last()?.span.end, below.cells.first()?.span.start);
        Some(document.text.get(end as usize..start as usize)?.matches('\n').count())
    };
    let gaps: Vec<Option<usize>> = table.rows.windows(2).map(n_lines).collect();
    let least = gaps.iter().flatten().min().copied();
    // Where each cell has a line of its own, rows of names were told by what stands below them.
    let is_stacked = |row: &TableRow| row.shape == Shape::Stacked;
    let below = table.rows.iter().skip(1).zip(gaps);
    std::iter::once(false).chain(below.map(|(row, gap)| is_stacked(row) || gap > least)).collect()
}

/// `====  ==`: a row drawn with one sign, below the labels too, which stands for no numbers.
fn is_rule(slots: &[Slot]) -> bool {
    let is_drawn = |sign: char| slots.iter().all(|slot| slot.text.trim_matches(sign).is_empty());
    let spans_labels = slots.first().is_some_and(|slot| slot.column == 0);
    slots.len() > 1 && spans_labels && (is_drawn('=') || is_drawn('-')) && slots.iter().any(|slot| slot.text.len() > 2)
}

/// The cells of a row but those of which nobody knows where they stand.
fn cells_in_columns(row: &TableRow) -> &[TableCell] {
    let n_cells = if row.mend == Mend::Unplaced { 1 } else { row.cells.len() };
    row.cells.get(..n_cells).unwrap_or_default()
}

/// Longest mark for a number that is withheld, such as `(s)` or `..`.
const LONGEST_MARK: usize = 3;

fn print(text: &str, cell: &TableCell, writing: Writing, is_broken: bool) -> Print {
    // Digits on two lines of a cell, or on both sides of what nobody can read, are not one number.
    if matches!(cell.reading, Reading::Unread(Doubt::Split(_))) && is_broken {
        return Print::Words;
    }
    if let Some(figure) = read_figure(text, writing) {
        return Print::Figure(figure);
    }
    // `Old`, `Men`, `Jan` are words, however short; `NA`, `(D)`, `x` stand for a number.
    let is_capitalised = text.len() == LONGEST_MARK
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.chars().skip(1).all(|character| character.is_ascii_lowercase());
    let is_withheld = text.len() <= LONGEST_MARK
        && !is_capitalised
        && cell.column > 0
        && text.is_ascii()
        && !text.bytes().any(|byte| byte.is_ascii_digit());
    match &cell.reading {
        Reading::NotApplicable => Print::Mark,
        Reading::Annotated(quantity) | Reading::Number(quantity) => to_figure(quantity).map_or(Print::Words, Print::Figure),
        _ if is_withheld => Print::Mark,
        _ => Print::Words,
    }
}

fn to_figure(quantity: &Quantity) -> Option<Figure> {
    Some(Figure { digits: quantity.value.mantissa(), decimals: u8::try_from(quantity.value.scale()).ok()? })
}

/// Blanks before a cell's words, as wide as half an ideograph: its own, and those between it and the cell before or the
/// beginning of its line.
fn indent(document: &Document, cell: &TableCell) -> usize {
    let width = |character: char| if matches!(character, '\u{3000}' | '\u{2003}') { 2 } else { 1 };
    let own: usize = document.slice(cell.span).chars().take_while(|&character| is_blank(character)).map(width).sum();
    let mut before = document.text.get(..cell.span.start as usize).unwrap_or("").chars().rev().peekable();
    let mut reach = 0;
    while let Some(character) = before.next_if(|&character| is_blank(character) && !matches!(character, '\t' | '\n')) {
        reach += width(character);
    }
    let is_edge = before.next().is_none_or(|character| matches!(character, '\t' | '\n'));
    own + if is_edge { reach } else { 0 }
}

/// A cell read as its whole table writes numbers.
pub fn reading(cell: &TableCell, slot: &Slot, writing: Writing) -> Reading {
    let is_common = writing.group == ',' && writing.point == '.';
    match (&cell.reading, slot.print) {
        (Reading::Number(_) | Reading::Annotated(_), _) if is_common => cell.reading.clone(),
        (Reading::Unread(Doubt::LeadingZero), _) => cell.reading.clone(),
        (own, Print::Figure(figure)) => {
            let unit = own.quantity().and_then(|quantity| quantity.unit).or_else(|| find_points(&slot.text));
            let value = Decimal::try_from_i128_with_scale(figure.digits, u32::from(figure.decimals));
            // 3.18E+02 may have been rounded for showing.
            let is_scientific = slot.text.contains(['e', 'E']) && slot.text.ends_with(|last: char| last.is_ascii_digit());
            let state = if is_scientific { Reading::Annotated } else { Reading::Number };
            value.map_or_else(|_| own.clone(), |value| state(Quantity { value, unit }))
        }
        (own, _) => own.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_slots_in_one_column_the_first_is_asked() {
        let slot = |column: usize, print: Print| Slot { column, width: 1, height: 1, print, text: String::new(), cell: 0, indent: 0 };
        let rows = [vec![slot(1, Print::Mark), slot(0, Print::Words), slot(1, Print::Words)], vec![slot(1, Print::Words)]];
        assert_eq!(mostly(2, rows.iter(), |_| true, |slot| !slot.is_datum()), [true, false]);
    }
}
