//! Blocks → section tree, from numbering (`一、` `（一）` `1.` `（1）` `①` `第一章`) and look.
//!
//! A list of headings stays open while its numbers go on; a heading joins the open list of its own kind, or opens a
//! list under the section it stands in. Numbers that jump or come twice are flagged, and the heading is placed all the
//! same. 一是…二是… and other run-on enumerations carry no such mark and are never headings.

use crate::doc::{Block, Document, Para};
use crate::flag::{Code, Fault, Flag, Flagged, Message};
use crate::fold::{fold_char, is_blank, tidy};
use crate::normalise::read_chinese_numeral;
use crate::place::Span;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, one_of};
use nom::sequence::delimited;
use nom::{IResult, Parser};
use std::ops::Range;

/// The section tree, flat and in order.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// The report's title.
    pub title: Option<Span>,
    /// Sections in order of the document.
    pub sections: Vec<Section>,
}

/// One section.
#[derive(Debug, Clone)]
pub struct Section {
    /// The mark as printed, such as `一`; none where a heading has no number.
    pub number: Option<String>,
    /// 1 for the root list.
    pub level: usize,
    /// The heading's words without the mark.
    pub title: String,
    /// The heading.
    pub span: Span,
    /// Words of the same paragraph that follow the heading.
    pub run_in: Option<Span>,
    /// Index of the section it stands in.
    pub parent: Option<usize>,
    /// Its own blocks, up to the next heading.
    pub blocks: Range<usize>,
}

impl Outline {
    /// The section that a block stands in.
    pub fn section_of(&self, block: usize) -> Option<usize> {
        let after = self.sections.partition_point(|section| section.blocks.start <= block);
        after.checked_sub(1).filter(|&index| self.sections.get(index).is_some_and(|section| section.blocks.contains(&block)))
    }

    /// The level-1 section above a section.
    pub fn root_of(&self, mut index: usize) -> usize {
        while let Some(parent) = self.sections.get(index).and_then(|section| section.parent) {
            index = parent;
        }
        index
    }
}

/// Kinds of numbering, the outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    Chapter,
    Part,
    Comma,
    Bracket,
    Digit,
    DigitBracket,
    Circled,
    Look(u8),
}

struct Heading {
    style: Style,
    number: u64,
    mark: Option<String>,
    title: String,
    run_in: Option<Span>,
}

/// Find the sections of a document.
pub fn outline(document: &Document) -> Flagged<Outline> {
    let mut walk = Walk::default();
    for (index, block) in document.blocks.iter().enumerate() {
        if let Block::Para(para) = block {
            walk.para(document, para, index);
        }
    }
    walk.close(document.blocks.len());
    Flagged { value: walk.outline, flags: walk.flags }
}

#[derive(Default)]
struct Walk {
    outline: Outline,
    open: Vec<OpenList>,
    flags: Vec<Flag>,
}

struct OpenList {
    style: Style,
    look: Option<u8>,
    last: u64,
    section: usize,
}

impl Walk {
    fn para(&mut self, document: &Document, para: &Para, index: usize) {
        let words = document.slice(para.span);
        let numbered = find_heading(words, para, self.outline.sections.is_empty() && self.outline.title.is_none());
        let Some(heading) = numbered else {
            let is_title =
                self.outline.title.is_none() && self.outline.sections.is_empty() && !words.contains('。') && words.chars().count() <= 60;
            if is_title {
                self.outline.title = Some(para.span);
            }
            return;
        };
        self.close(index);
        let parent = self.place(&heading, para);
        let level = parent.and_then(|parent| self.outline.sections.get(parent)).map_or(0, |section| section.level) + 1;
        let section = self.outline.sections.len();
        self.open.push(OpenList { style: heading.style, look: para.look.heading, last: heading.number, section });
        let Heading { mark, title, run_in, .. } = heading;
        self.outline.sections.push(Section { number: mark, level, title, span: para.span, run_in, parent, blocks: index..index + 1 });
    }

    /// Close the lists that end before this heading, flag a number that does not follow, and tell the parent.
    fn place(&mut self, heading: &Heading, para: &Para) -> Option<usize> {
        let follows = |list: &OpenList| list.style == heading.style && heading.number == list.last + 1;
        let same_kind = |list: &OpenList| list.style == heading.style;
        let deeper = |list: &OpenList| matches!((list.look, para.look.heading), (Some(open), Some(new)) if new > open);
        let found = self.open.iter().rposition(follows).or_else(|| self.open.iter().rposition(same_kind));
        let nested_restart = found.and_then(|index| self.open.get(index)).is_some_and(|list| deeper(list) && heading.number == 1);
        match found {
            Some(index) if !nested_restart => {
                let last = self.open.get(index).map_or(0, |list| list.last);
                self.flag_number(heading, para.span, last);
                self.open.truncate(index);
            }
            _ if nested_restart => {}
            _ => {
                let keep = self.open.iter().take_while(|list| list.style < heading.style).count();
                self.open.truncate(keep);
            }
        }
        self.open.last().map(|list| list.section)
    }

    fn flag_number(&mut self, heading: &Heading, span: Span, last: u64) {
        let Some(mark) = heading.mark.clone().filter(|_| heading.number != last + 1) else { return };
        let (code, message) = if heading.number == last {
            (Code::SectionTwice, Message::new("section number {0} comes twice", [mark]))
        } else {
            (Code::SectionNumberOff, Message::new("section number {0} does not follow {1}", [mark, last.to_string()]))
        };
        self.flags.push(Flag::new(code, message).at(span).fault(Fault::Source));
    }

    fn close(&mut self, end: usize) {
        if let Some(section) = self.outline.sections.last_mut() {
            section.blocks.end = end;
        }
    }
}

const LONGEST_TITLE: usize = 50;

fn find_heading(words: &str, para: &Para, may_be_title: bool) -> Option<Heading> {
    let shown = tidy(words);
    let folded: String = shown.chars().map(|character| if character == '、' { '、' } else { fold_char(character) }).collect();
    let full = para.look.number.as_ref().map_or_else(|| folded.clone(), |number| format!("{number}{folded}"));
    let Ok((rest, (style, mark))) = mark(&full) else {
        let level = para.look.heading?;
        let listed = shown.chars().nth(1) == Some('是') || may_be_title && level <= 1;
        let heading = Heading { style: Style::Look(level), number: 0, mark: None, title: shown, run_in: None };
        return (!listed && heading.title.chars().count() <= LONGEST_TITLE).then_some(heading);
    };
    let number = read_number(&mark)?;
    let n_title = rest.trim_start().chars().count();
    let title: String = shown.chars().rev().take(n_title).collect::<Vec<_>>().into_iter().rev().collect();
    let (title, run_in) = split_run_in(words, para.span, &title);
    let n_chars = title.chars().count();
    let ends_open = title.ends_with(['；', ';', '，', ',', '：']) && para.look.heading.is_none();
    let runs_on = run_in.is_some() && style > Style::Bracket
        || title.starts_with(|character: char| "一二三四五六七八九十、".contains(character)) && title.contains('、') && n_chars < 4;
    let plausible = n_chars > 0 && n_chars <= LONGEST_TITLE && !ends_open && !runs_on;
    plausible.then_some(Heading { style, number, mark: Some(mark), title, run_in })
}

/// `（三）建设平台。我县把…`: the heading ends at its first full stop, its text goes on.
fn split_run_in(words: &str, span: Span, title: &str) -> (String, Option<Span>) {
    let trimmed = title.trim_end_matches(['。', '.', '：', ':']);
    let Some(stop) = trimmed.find('。') else { return (trimmed.to_string(), None) };
    let head = trimmed.get(..stop).unwrap_or(trimmed);
    let offset = words.find('。').map_or(words.len(), |at| at + '。'.len_utf8());
    (head.to_string(), Some(Span::new(span.start as usize + offset, span.end as usize)))
}

fn numeral(input: &str) -> IResult<&str, &str> {
    take_while1(|character: char| "零一二三四五六七八九十百".contains(character)).parse(input)
}

fn digits(input: &str) -> IResult<&str, &str> {
    nom::combinator::verify(nom::character::complete::digit1, |found: &str| found.len() <= 2).parse(input)
}

/// The numbering mark that a paragraph begins with.
fn mark(input: &str) -> IResult<&str, (Style, String)> {
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

fn read_number(mark: &str) -> Option<u64> {
    mark.parse().ok().or_else(|| read_chinese_numeral(mark))
}

/// A text without the numbering mark it begins with, and without blanks: what a label says.
pub fn strip_mark(text: &str) -> String {
    let folded: String = text
        .chars()
        .filter(|&character| !is_blank(character))
        .map(|character| if character == '、' { '、' } else { fold_char(character) })
        .collect();
    match mark(&folded) {
        Ok((rest, _)) => rest.to_string(),
        Err(_) => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str) -> Vec<String> {
        let document = crate::read::txt::read(text.to_string());
        let found = outline(&document).value;
        found
            .sections
            .iter()
            .map(|section| format!("{}{} {}", "-".repeat(section.level), section.number.clone().unwrap_or_default(), section.title))
            .collect()
    }

    #[test]
    fn numbers_make_the_tree() {
        let text = "某局 2020 年年度报告\n一、总体情况\n（一）公开。\n一是整理网站。\n第二十条第（一）项\n(二) 平台建设\n1. 网站\n二、其他\n(一)平台。我局把平台建设作为抓手。\n";
        assert_eq!(titles(text), ["-一 总体情况", "--一 公开", "--二 平台建设", "---1 网站", "-二 其他", "--一 平台"]);
    }
}
