//! Sentences, and where in each of them the words stand that a family's claims ask for.
//!
//! In: paragraphs. Out: each sentence folded, its numbers, and an index of words, made once a sentence when it is first
//! asked for: a sentence may be as long as its author likes, and every number in it asks the same questions.

use crate::doc::{Block, Document};
use crate::fold::{fold_char, is_blank};
use crate::grammar::vocabulary::Vocabulary;
use crate::normalise::{YEARS, find_unit, is_chinese_numeral, read_chinese_numeral};
use crate::outline::Outline;
use crate::place::Span;
use rust_decimal::Decimal;
use std::cell::OnceCell;
use std::str::FromStr;

/// One sentence: its characters folded, blanks left out, with the place of each.
#[derive(Default)]
pub struct Sentence {
    /// The characters.
    pub folded: Vec<char>,
    /// Its numbers, in order.
    pub numbers: Vec<Stated>,
    places: Vec<Span>,
    index: OnceCell<Index>,
}

/// A number in a sentence: range of characters, and value.
pub struct Stated {
    /// First character.
    pub from: usize,
    /// One past the last.
    pub to: usize,
    /// What it says.
    pub value: Decimal,
}

/// Where in a sentence words, years and stops stand; each list in order.
struct Index {
    /// For each word of the vocabulary: where it begins.
    words: Vec<Vec<usize>>,
    /// `2019年`: one past its last character, and the year.
    years: Vec<(usize, i32)>,
    /// `11月`: one past its last character, and whether a year ends with it.
    months: Vec<(usize, bool)>,
    /// Every 年.
    year_marks: Vec<usize>,
    stops: Vec<usize>,
}

/// What ends a sentence.
const ENDS: [char; 3] = ['。', '！', '？'];

/// True where a digit stands, or two characters of numerals with nothing but blanks between them.
fn may_state(piece: &str) -> bool {
    let mut is_behind_numeral = false;
    piece.chars().filter(|&character| !is_blank(character)).map(fold_char).any(|character| {
        let is_numeral = is_chinese_numeral(character);
        let is_second = is_numeral && is_behind_numeral;
        is_behind_numeral = is_numeral;
        character.is_ascii_digit() || is_second
    })
}

/// Sentences run on over the lines of a paragraph and end at a full stop, a table or a heading.
pub fn sentences(document: &Document, outline: &Outline) -> Vec<Sentence> {
    let mut all = Vec::new();
    let mut open = Sentence::default();
    let mut headings = outline.sections.iter().peekable();
    for block in &document.blocks {
        let para = match block {
            Block::Para(para) => para.span,
            Block::Grid(_) => {
                open.close(&mut all);
                continue;
            }
            Block::Furniture(_) | Block::Seam(_) => continue,
        };
        let mut words = para;
        if let Some(heading) = headings.next_if(|section| section.span == para) {
            open.close(&mut all);
            words = heading.run_in.unwrap_or_default();
        }
        let mut start = words.start as usize;
        for piece in document.slice(words).split_inclusive(ENDS) {
            // Most sentences state no number, and need not be taken apart to tell.
            if !(open.folded.is_empty() && piece.ends_with(ENDS)) || may_state(piece) {
                open.extend(piece, start, &mut all);
            }
            start += piece.len();
        }
    }
    open.close(&mut all);
    all
}

/// True for a character that ends a clause.
pub fn is_stop(character: char) -> bool {
    matches!(character, ',' | '.' | ';' | '；' | ':' | '(' | ')' | '!' | '?' | '"')
}

impl Sentence {
    /// Take a piece up to what ends a sentence.
    fn extend(&mut self, piece: &str, start: usize, all: &mut Vec<Sentence>) {
        let words = piece.strip_suffix(ENDS);
        let shown = words.unwrap_or(piece);
        // An ideograph is three bytes.
        self.folded.reserve(shown.len() / 3);
        self.places.reserve(shown.len() / 3);
        for (offset, character) in shown.char_indices().filter(|(_, character)| !is_blank(*character)) {
            self.folded.push(fold_char(character));
            self.places.push(Span::new(start + offset, start + offset + character.len_utf8()));
        }
        if words.is_some() {
            self.close(all);
        }
    }

    fn close(&mut self, all: &mut Vec<Sentence>) {
        let mut whole = std::mem::take(self);
        whole.numbers = numbers(&whole.folded);
        if !whole.numbers.is_empty() {
            all.push(whole);
        }
    }

    /// The place of some of its characters.
    pub fn span(&self, from: usize, to: usize) -> Span {
        let first = self.places.get(from).copied().unwrap_or_default();
        self.places.get(to.saturating_sub(1)).map_or(first, |last| first.to(*last))
    }

    /// The words of a sentence that are known, looked up.
    pub fn look_up<'s>(&'s self, known: &'s Vocabulary) -> Words<'s> {
        Words { index: self.index.get_or_init(|| Index::new(&self.folded, known)), known }
    }
}

fn numbers(folded: &[char]) -> Vec<Stated> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < folded.len() {
        let is_digit = |at: usize| folded.get(at).is_some_and(char::is_ascii_digit);
        if !is_digit(from) {
            let n_numerals = folded.iter().skip(from).take_while(|character| is_chinese_numeral(**character)).count();
            found.extend(read_numeral(folded, from, from + n_numerals));
            from += n_numerals.max(1);
            continue;
        }
        let is_inner = |at: usize| matches!(folded.get(at), Some(',' | '.')) && is_digit(at + 1);
        let mut to = from + 1;
        while is_digit(to) || is_inner(to) {
            to += 1;
        }
        let digits: String = folded.get(from..to).unwrap_or_default().iter().filter(|character| **character != ',').collect();
        if let Ok(value) = Decimal::from_str(&digits) {
            found.push(Stated { from, to, value });
        }
        from = to;
    }
    found
}

/// 三百六十三件: a numeral of two characters or more with a unit behind it. Not 数百件, 第二十件 and 3千万元.
fn read_numeral(folded: &[char], from: usize, to: usize) -> Option<Stated> {
    const BEFORE: &str = "数几好近上约第";
    // Most characters are no numeral at all.
    if to - from < 2 {
        return None;
    }
    let before = from.checked_sub(1).and_then(|before| folded.get(before));
    let is_inexact = before.is_some_and(|before| BEFORE.contains(*before) || before.is_ascii_digit());
    let behind: String = folded.get(to..)?.iter().take(LONGEST_UNIT).collect();
    if is_inexact || find_unit(&behind).is_none() {
        return None;
    }
    let numeral: String = folded.get(from..to)?.iter().collect();
    let value = Decimal::from(read_chinese_numeral(&numeral)?);
    Some(Stated { from, to, value })
}

/// Characters of the longest unit.
const LONGEST_UNIT: usize = 4;

impl Index {
    fn new(folded: &[char], known: &Vocabulary) -> Index {
        let mut index = Index {
            words: vec![Vec::new(); known.n_words()],
            years: Vec::new(),
            months: Vec::new(),
            year_marks: Vec::new(),
            stops: Vec::new(),
        };
        for (at, character) in folded.iter().enumerate() {
            for &id in known.beginning_with(*character) {
                let begins = folded.get(at..).is_some_and(|rest| rest.starts_with(known.word(id)));
                if let Some(places) = index.words.get_mut(id).filter(|_| begins) {
                    places.push(at);
                }
            }
            if *character == '年' {
                index.year_marks.push(at);
                index.years.extend(year_before(folded, at).map(|year| (at + 1, year)));
            }
            if *character == '月' {
                index.months.extend(ends_year(folded, at).map(|ends| (at + 1, ends)));
            }
            if is_stop(*character) {
                index.stops.push(at);
            }
        }
        index
    }
}

/// `2019年`: the four digits before the mark.
fn year_before(folded: &[char], mark: usize) -> Option<i32> {
    let digits: String = folded.get(mark.checked_sub(4)?..mark)?.iter().collect();
    digits.parse().ok().filter(|year| YEARS.contains(year))
}

/// The last month of a year.
const LAST_MONTH: u32 = 12;

/// True for `至12月` and `12月31日`, false for `12月` alone, which is one month, and for any other; none where no number
/// stands before the mark.
fn ends_year(folded: &[char], mark: usize) -> Option<bool> {
    let digits = folded.get(..mark)?.iter().rev().take(2).map_while(|character| character.to_digit(10));
    let month = digits.clone().zip([1, 10]).map(|(digit, place)| digit * place).reduce(|month, tens| month + tens)?;
    let before = mark.checked_sub(digits.count() + 1).and_then(|at| folded.get(at));
    let is_end = before.is_some_and(|character| matches!(character, '至' | '到' | '-' | '~'));
    let has_day = folded.get(mark + 1).is_some_and(char::is_ascii_digit);
    Some(month == LAST_MONTH && (is_end || has_day))
}

/// The known words of one sentence.
pub struct Words<'a> {
    index: &'a Index,
    known: &'a Vocabulary,
}

fn last_before(places: &[usize], end: usize) -> Option<usize> {
    places.get(places.partition_point(|&at| at < end).checked_sub(1)?).copied()
}

impl Words<'_> {
    /// Where a word begins that lies within a range, the last such place.
    pub fn find_last(&self, word: &str, within: std::ops::Range<usize>) -> Option<usize> {
        let id = self.known.find(word)?;
        let end = (within.end + 1).checked_sub(self.known.word(id).len())?;
        last_before(self.index.words.get(id)?, end).filter(|&at| at >= within.start)
    }

    /// True when a word lies within a range.
    pub fn holds(&self, word: &str, within: std::ops::Range<usize>) -> bool {
        self.find_last(word, within).is_some()
    }

    /// The words before `end`, back to the last stop.
    pub fn clause_before(&self, end: usize) -> std::ops::Range<usize> {
        last_before(&self.index.stops, end).map_or(0, |at| at + 1)..end
    }

    /// The last `2019年` before `end`.
    pub fn last_year(&self, end: usize) -> Option<i32> {
        let after = self.index.years.partition_point(|&(past, _)| past <= end);
        self.index.years.get(after.checked_sub(1)?).map(|&(_, year)| year)
    }

    /// Of the last `11月` before `end`: whether a year ends with it.
    pub fn last_month_ends_year(&self, end: usize) -> Option<bool> {
        let after = self.index.months.partition_point(|&(past, _)| past <= end);
        self.index.months.get(after.checked_sub(1)?).map(|&(_, ends)| ends)
    }

    /// A range without what stands before its last 年, and that 年.
    pub fn behind_year_mark(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let mark = last_before(&self.index.year_marks, range.end).filter(|&at| at >= range.start);
        mark.map_or(range.start, |at| at + 1)..range.end
    }
}
