//! Where a heading stands among the lists that are open, and what is odd about its number there.

use super::heading::{Heading, Numbered, width};
use super::paragraph::Paragraph;
use super::{LONGEST_MARK, Walk};
use crate::doc::{Block, Para};
use crate::flag::{Code, Fault, Flag, Message};
use crate::fold::tidy;
use crate::label::key;
use crate::numbering::{Style, fold_mark, mark, may_be_marked, read_number};
use crate::place::Span;

/// A list of headings whose numbers go on.
pub(super) struct OpenList {
    pub style: Style,
    pub look: Option<u8>,
    /// Its first heading is set in capitals.
    pub in_capitals: bool,
    pub last: Latest,
    /// Index of the section that it has come to.
    pub section: usize,
}

/// The number that a list has come to.
pub(super) struct Latest {
    pub number: u64,
    /// Where a number came twice or could not be read: what it would be by counting.
    pub by_count: u64,
    pub mark: Option<String>,
}

impl Latest {
    pub(super) fn is_followed_by(&self, number: u64) -> bool {
        number == self.number + 1 || number == self.by_count + 1
    }
}

/// Letters of a line that is filled.
pub(super) const FILLED_LINE: usize = 40;
/// The same in tenths of an ideograph.
const FILLED_WIDTH: usize = 240;

/// Levels of sections; a report has five, and a tree without end is no JSON that others read.
const DEEPEST: usize = 32;

impl Walk<'_> {
    /// Close the lists that end before this heading, flag a number that does not follow; the parent, and the number
    /// that its list has come to.
    pub(super) fn place(&mut self, heading: &Heading, para: &Para) -> (Option<usize>, Latest) {
        let mut last = Latest { number: heading.number, by_count: heading.number, mark: heading.mark.clone() };
        match self.find_list(heading, para.look.heading) {
            Some(index) if self.is_within(index, heading, para.look.heading) => {
                let below = self.open.iter().skip(index + 1).take_while(|list| list.look < para.look.heading).count();
                self.open.truncate(index + 1 + below);
            }
            Some(index) => {
                let is_restart = self.may_begin_again(index, heading);
                let list = self.open.get(index).filter(|list| !is_restart && !self.runs_in_text(heading, list));
                if let Some(list) = list {
                    last.by_count = list.last.by_count.max(list.last.number) + 1;
                    let flag = odd_number(heading, &list.last);
                    if flag.as_ref().is_none_or(|flag| flag.code != Code::SectionTwice) && heading.numbered == Numbered::Plainly {
                        last.by_count = last.number;
                    }
                    self.flags.extend(flag);
                }
                self.open.truncate(index);
            }
            None => {
                let keep = self.open.iter().take_while(|list| self.manner.is_outside(list.style, heading.style)).count();
                self.open.truncate(keep);
                self.flags.extend(self.late_beginning(heading));
            }
        }
        self.open.truncate(DEEPEST - 1);
        (self.open.last().map(|list| list.section), last)
    }

    /// The list that a heading goes on with, or at least looks as: a known title's is the outermost.
    fn find_list(&self, heading: &Heading, look: Option<u8>) -> Option<usize> {
        let same_kind = |list: &OpenList| list.style == heading.style;
        if self.open.first().is_some_and(same_kind) && self.knows(&heading.title) {
            return Some(0);
        }
        let follows = |list: &OpenList| same_kind(list) && list.last.is_followed_by(heading.number);
        // `## 四、` does not go on with the list of `### 三、`.
        let as_great = |list: &OpenList| !matches!((list.look, look), (Some(open), Some(new)) if open > new);
        let last = |is_wanted: &dyn Fn(&OpenList) -> bool| self.open.iter().rposition(is_wanted);
        last(&|list| follows(list) && as_great(list))
            .or_else(|| last(&|list| same_kind(list) && as_great(list)))
            .or_else(|| last(&follows))
            .or_else(|| last(&same_kind))
    }

    /// A list of its own inside the section that a list of its kind has come to: set as a lesser heading, or begun anew
    /// below other headings where its kind, an inner one elsewhere, is the report's outermost.
    fn is_within(&self, index: usize, heading: &Heading, look: Option<u8>) -> bool {
        let Some(list) = self.open.get(index).filter(|_| heading.numbered == Numbered::Plainly && !self.knows(&heading.title)) else {
            return false;
        };
        let is_lesser = matches!((list.look, look), (Some(open), Some(new)) if new > open);
        let is_first = heading.number == 1 && heading.style > Style::Bracket;
        let is_inner = is_first && index == 0 && self.open.len() > 1 && self.manner.outermost == Some(heading.style);
        is_inner || is_lesser && !list.last.is_followed_by(heading.number)
    }

    /// A list may begin again under words that are no heading; the outermost of a known form may not.
    fn may_begin_again(&self, index: usize, heading: &Heading) -> bool {
        let comes_twice = || self.open.get(index).is_some_and(|list| self.is_first_twice(heading, list));
        heading.number == 1 && (index > 0 || self.own.is_empty()) && !comes_twice()
    }

    /// No list has one item: behind a first heading, a first one with other words is no new list but has the wrong number.
    fn is_first_twice(&self, heading: &Heading, list: &OpenList) -> bool {
        // `Part I` and a decimal before a unit are spoken of in a text.
        let is_of_sections = match heading.style {
            Style::Decimal(_) => heading.title.starts_with(char::is_uppercase),
            style => style <= Style::Bracket && heading.mark.as_ref().is_some_and(|mark| !mark.is_ascii()),
        };
        // Below other headings it may begin a list inside.
        let Some((section, [])) = self.outline.sections.get(list.section..).and_then(<[_]>::split_first) else { return false };
        if !is_of_sections || list.last.mark != heading.mark {
            return false;
        }
        let is_second = |(style, number)| style == heading.style && number == 2;
        let between = Span { start: section.span.start, end: heading.span.start };
        key(&section.title) != key(&heading.title) && !numbers(self.document.slice(between)).any(is_second)
    }

    /// Sections whose first number is not the first: none before it is a heading or stands in the text above, nor does the
    /// number go on with a list that was cut. Inside a section only the first alone is missed.
    fn late_beginning(&self, heading: &Heading) -> Option<Flag> {
        let mark = heading.mark.clone().filter(|mark| !mark.is_ascii())?;
        let parent = self.open.last().and_then(|list| self.outline.sections.get(list.section));
        let is_late = heading.number == 2 || heading.number > 2 && parent.is_none();
        let goes_on = self.latest.get(&heading.style).is_some_and(|latest| latest + 1 == heading.number);
        if !is_late || goes_on || heading.style > Style::Bracket || heading.numbered != Numbered::Plainly {
            return None;
        }
        let above = Span { start: parent.map_or(0, |parent| parent.span.start), end: heading.span.start };
        let is_before = |(style, number)| style == heading.style && number < heading.number;
        // It may be glued to the line above.
        let above = self.document.slice(above);
        let mut within = above.char_indices().filter_map(|(at, _)| above.get(at..)).filter(|rest| may_be_marked(rest));
        let message = Message::new("section number {0} comes first", [mark]);
        (!within.any(|rest| number_at(rest).is_some_and(is_before)))
            .then(|| Flag::new(Code::SectionNumberOff, message).at(heading.span).fault(Fault::Source))
    }

    /// `V. Other` behind `III.`, or a second `III.`: where a mark may be none, one whose number is lost or comes twice is a
    /// heading's only if its words and the text below look so.
    pub(super) fn skips(&self, heading: &Heading, paragraph: &Paragraph, next: Option<&Paragraph>) -> bool {
        let is_off =
            |list: &&OpenList| list.style == heading.style && (heading.number == list.last.number + 2 || heading.mark == list.last.mark);
        let found = self.open.iter().rfind(|list| list.style == heading.style).filter(is_off);
        found.is_some_and(|list| !list.in_capitals || heading.is_in_capitals())
            && is_like_title(heading, paragraph)
            && next.is_some_and(is_text)
            && !self.manner.repeated.contains(&key(&heading.title))
            && self.is_inside(heading)
    }

    /// The number before it stands in a paragraph since the last of its list: not every item of an inner list is a heading.
    fn runs_in_text(&self, heading: &Heading, list: &OpenList) -> bool {
        let is_inner = heading.style > Style::Comma && heading.numbered == Numbered::Plainly;
        let Some(section) = self.outline.sections.get(list.section).filter(|_| is_inner) else { return false };
        if list.last.is_followed_by(heading.number) || heading.number < 2 {
            return false;
        }
        let blocks = self.document.blocks.iter().skip(section.blocks.start);
        let paras = blocks.filter_map(|block| if let Block::Para(para) = block { Some(para.span) } else { None });
        let between = paras.take_while(|span| span.start < heading.span.start).map(|span| self.document.slice(span));
        between.into_iter().any(|text| numbers(text).any(|(style, number)| style == heading.style && number == heading.number - 1))
    }
}

/// A few words without a stop or a number, the first of them great.
fn is_like_title(heading: &Heading, paragraph: &Paragraph) -> bool {
    let title = heading.title.as_str();
    let is_apart = |character: char| character.is_ascii_digit() || ".,;:!?()%$，；：。".contains(character);
    let begins = title.starts_with(char::is_uppercase) || matches!(heading.style, Style::Formal | Style::Spaced);
    begins && width(title) < FILLED_WIDTH && !title.contains(is_apart) && !paragraph.words.trim_end().ends_with(['.', '。'])
}

/// A filled line that begins a sentence.
fn is_text(paragraph: &Paragraph) -> bool {
    let begins_low = paragraph.words.trim_start().starts_with(|first: char| first.is_lowercase());
    paragraph.heading.is_none() && !begins_low && width(&tidy(paragraph.words)) >= FILLED_WIDTH
}

/// The numbers of a list that runs on in a text: at its beginning and behind a stop. Elsewhere one is spoken of.
fn numbers(text: &str) -> impl Iterator<Item = (Style, u64)> {
    let stops = text.char_indices().filter(|(_, character)| matches!(character, '。' | '；' | ';' | '\n'));
    let starts = stops.map(|(at, character)| at + character.len_utf8());
    std::iter::once(0).chain(starts).filter_map(|at| number_at(text.get(at..)?))
}

fn number_at(text: &str) -> Option<(Style, u64)> {
    let head: String = text.chars().take(LONGEST_MARK).collect();
    let (_, (style, mark)) = mark(&fold_mark(&tidy(&head))).ok()?;
    Some((style, read_number(&mark)?))
}

/// What is odd about a heading's number after the one before it.
fn odd_number(heading: &Heading, last: &Latest) -> Option<Flag> {
    let (code, message) = match (heading.numbered, heading.mark.clone()) {
        (Numbered::Unreadably, Some(mark)) => (Code::SectionNumberOff, Message::new("{0} stands where a section number belongs", [mark])),
        (Numbered::Not, _) => (Code::SectionNumberOff, Message::new("the section {0} has lost its number", [heading.title.clone()])),
        (_, Some(_)) if last.is_followed_by(heading.number) => return None,
        (_, Some(mark)) if heading.number == last.number => (Code::SectionTwice, Message::new("section number {0} comes twice", [mark])),
        (_, Some(mark)) => {
            let before = last.mark.clone().unwrap_or_else(|| last.by_count.to_string());
            (Code::SectionNumberOff, Message::new("section number {0} does not follow {1}", [mark, before]))
        }
        (_, None) => return None,
    };
    Some(Flag::new(code, message).at(heading.span).fault(Fault::Source))
}
