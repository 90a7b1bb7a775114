//! Text → lines without their blank edges, and which of them are a page's and not the text's: its number, its running
//! head. Line ends may be mixed.

use crate::fold::{is_blank, is_digit};
use crate::place::Span;
use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case, take_while, take_while_m_n};
use nom::character::complete::{char, one_of};
use nom::combinator::{all_consuming, opt, recognize};
use nom::sequence::delimited;
use nom::{IResult, Parser};

/// One line: the whole of it, and the part between its blank edges.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Without the line end.
    pub whole: Span,
    /// Without blanks at either edge.
    pub span: Span,
    /// It is a page's number or running head.
    pub is_page_mark: bool,
}

impl Line {
    /// True when nothing shows, even if tabs stand there.
    pub fn is_blank(&self) -> bool {
        self.span.is_empty()
    }

    /// What shows.
    pub fn words<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.span.range()).unwrap_or("")
    }

    /// All of it, with its tabs and spaces.
    pub fn all<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.whole.range()).unwrap_or("")
    }
}

const FORM_FEED: u8 = 0x0C;

/// A text whose lines end in a carriage return alone, with line feeds in their place: all that asks for the end of a line
/// looks for those. As many bytes, so every place stays.
pub fn with_line_feeds(text: String) -> String {
    let is_alone = |bytes: &[u8], at: usize| bytes.get(at + 1) != Some(&b'\n');
    if !memchr::memchr_iter(b'\r', text.as_bytes()).any(|at| is_alone(text.as_bytes(), at)) {
        return text;
    }
    let ends = text.char_indices().map(|(at, character)| if character == '\r' && is_alone(text.as_bytes(), at) { '\n' } else { character });
    ends.collect()
}

/// The lines of a text.
pub fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    let last = Some(bytes.len()).filter(|_| bytes.last().is_some_and(|byte| !matches!(*byte, b'\n' | b'\r' | FORM_FEED)));
    for end in memchr::memchr3_iter(b'\n', b'\r', FORM_FEED, bytes).chain(last) {
        let whole = Span::new(std::mem::replace(&mut start, end + 1), end);
        if whole.is_empty() && bytes.get(end) == Some(&b'\n') && end.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\r') {
            continue;
        }
        let span = trim(text, whole);
        found.push(Line { whole, span, is_page_mark: is_page_number(text.get(span.range()).unwrap_or("")) });
    }
    mark_running_heads(text, &mut found);
    mark_page_heads(text, &mut found);
    found
}

/// Characters of a title; shorter words may come again for another reason.
const SHORTEST_TITLE: usize = 8;

/// The title printed again further down stands at the head of a page.
fn mark_running_heads(text: &str, lines: &mut [Line]) {
    let mut shown = lines.iter_mut().filter(|line| !line.is_blank() && !line.is_page_mark);
    let Some(title) = shown.next().map(|line| line.words(text)) else { return };
    let is_title = title.chars().count() >= SHORTEST_TITLE && !title.contains(['\t', '|', '。']) && !title.starts_with('#');
    shown.filter(|line| is_title && line.words(text) == title).for_each(|line| line.is_page_mark = true);
}

/// `1      DAILY STATEMENT      PAGE: 2` below a blank line stands at the head of a page. Where such lines have many
/// titles they are a list of contents.
fn mark_page_heads(text: &str, lines: &mut [Line]) {
    const MOST_TITLES: usize = 2;
    let first = lines.iter().position(|line| !line.is_blank()).unwrap_or(0);
    let mut titles: Vec<&str> = Vec::new();
    let mut heads = Vec::new();
    for (index, pair) in lines.windows(2).enumerate().skip(first) {
        let [above, line] = pair else { continue };
        let Some(title) = find_page_head(line.words(text)).filter(|_| above.is_blank() && !line.is_page_mark) else { continue };
        heads.push(index + 1);
        if !titles.contains(&title) {
            titles.push(title);
        }
        if titles.len() > MOST_TITLES {
            return;
        }
    }
    for index in heads {
        if let Some(line) = lines.get_mut(index) {
            line.is_page_mark = true;
        }
    }
}

/// The title of a line that holds nothing else but the word for page with its number, parted from it by a gap, and a mark
/// of the printer's.
fn find_page_head(words: &str) -> Option<&str> {
    const LONGEST: usize = 200;
    if words.len() > LONGEST || !words.contains("  ") || !words.ends_with(|last: char| is_digit(last) || last == '页') {
        return None;
    }
    let mut parts = words.rsplit("  ").map(str::trim).filter(|part| !part.is_empty());
    parts.next().filter(|page| all_consuming(alt((page_of, page_word))).parse(page).is_ok())?;
    let title = parts.next()?;
    let is_mark = |mark: &str| all_consuming(number).parse(mark).is_ok();
    let is_title = title.chars().count() >= SHORTEST_TITLE && !title.contains(is_digit) && !title.contains("..");
    (is_title && parts.next().is_none_or(is_mark) && parts.next().is_none()).then_some(title)
}

/// A span without blanks at either edge.
pub fn trim(text: &str, span: Span) -> Span {
    let words = text.get(span.range()).unwrap_or("");
    let start = span.start as usize + (words.len() - words.trim_start_matches(is_blank).len());
    let end = start + words.trim_matches(is_blank).len();
    Span::new(start, end)
}

/// A line that holds a page's number and nothing else: `- 4 -`, `— 5 —`, `第 3 页`, `3 / 12`.
fn is_page_number(words: &str) -> bool {
    let may_begin = |first: char| first.is_numeric() || "-—–－─·第".contains(first);
    words.len() < 60 && words.starts_with(may_begin) && all_consuming(alt((dashed, page_of, slashed))).parse(words).is_ok()
}

fn number(input: &str) -> IResult<&str, &str> {
    let digits = take_while_m_n(1, 4, is_digit);
    delimited(take_while(char::is_whitespace), digits, take_while(char::is_whitespace)).parse(input)
}

fn dashed(input: &str) -> IResult<&str, &str> {
    let dash = || one_of("-—–－─·");
    recognize((dash(), number, dash())).parse(input)
}

/// `第 3 页`, `第3页，共12页`.
fn page_of(input: &str) -> IResult<&str, &str> {
    let page = |mark| delimited(tag(mark), number, char('页'));
    let apart = delimited(take_while(char::is_whitespace), opt(one_of(",，/")), take_while(char::is_whitespace));
    recognize((page("第"), opt((apart, page("共"))))).parse(input)
}

/// `PAGE: 2`, `Page 2 of 9`.
fn page_word(input: &str) -> IResult<&str, &str> {
    recognize((tag_no_case("page"), opt(one_of(":.")), number, opt((tag_no_case("of"), number)))).parse(input)
}

fn slashed(input: &str) -> IResult<&str, &str> {
    recognize((number, char('/'), number)).parse(input)
}

/// `三、` at the start of a line: a number that sections carry.
pub fn has_heading_number(words: &str) -> bool {
    let rest = words.trim_start_matches(|character: char| "一二三四五六七八九十".contains(character));
    rest.len() < words.len() && rest.starts_with(['、', '.', '．'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_beside_the_word_for_page_is_the_head_of_a_page() {
        for words in ["1          DAILY STATEMENT          PAGE: 2", "Annual accounts   Page 12 of 40", "某县财政决算公开报告    第 3 页"]
        {
            assert!(find_page_head(words).is_some(), "{words}");
        }
        let others = [
            "Roads and bridges   1,200   Page 12",
            "Statement of 2019   Page 12",
            "Roads and bridges ......   Page 12",
            "DAILY STATEMENT PAGE: 2",
            "Total   PAGE: 2",
            "Annual accounts   page numbers 2",
            "Annual accounts   12",
        ];
        for words in others {
            assert_eq!(find_page_head(words), None, "{words}");
        }
        let marks = |text: &str| lines(text).iter().filter(|line| line.is_page_mark).count();
        let head = |title: &str, page: u32| format!("\n{title}     Page {page}\n");
        let text = |titles: [&str; 3]| titles.into_iter().zip(1..).map(|(title, page)| head(title, page)).collect::<String>();
        assert_eq!(marks(&text(["Annual accounts", "Annual accounts", "Annual accounts"])), 2, "the first is the title itself");
        assert_eq!(marks(&text(["Annual accounts", "Notes on them", "Notes on them"])), 2);
        let contents = ["Introduction", "Annual accounts", "Notes on them", "Statement of income"];
        let contents: String = contents.into_iter().zip(1..).map(|(title, page)| head(title, page)).collect();
        assert_eq!(marks(&contents), 0, "a list of contents");
    }

    #[test]
    fn a_line_may_be_a_page_number() {
        for words in
            ["- 4 -", "— 5 —", "－12－", "第 3 页", "第3页，共12页", "第 3 页 共 9 页", "第 １２ 页", "第3页/共9页", "3 / 12", "3/12"]
        {
            assert!(is_page_number(words), "{words}");
        }
        for words in ["4", "- 12345 -", "-4", "第3页共", "第三页", "3/12/2020", "3 / 12 件", "第3章", "-", "·", "１ ２", "— ① —", "第〇页"]
        {
            assert!(!is_page_number(words), "{words}");
        }
    }
}
