//! Text → lines without their blank edges, and which of them are a page's and not the text's: its number, its running
//! head. Line ends may be mixed.

use crate::fold::is_blank;
use crate::place::Span;
use regex::Regex;
use std::sync::LazyLock;

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

/// A span without blanks at either edge.
pub fn trim(text: &str, span: Span) -> Span {
    let words = text.get(span.range()).unwrap_or("");
    let start = span.start as usize + (words.len() - words.trim_start_matches(is_blank).len());
    let end = start + words.trim_matches(is_blank).len();
    Span::new(start, end)
}

/// A line that holds a page's number and nothing else: `- 4 -`, `— 5 —`, `第 3 页`, `3 / 12`.
fn is_page_number(words: &str) -> bool {
    static MARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:[-—–－─·]\s*\d{1,4}\s*[-—–－─·]|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4})$").ok()
    });
    let may_begin = |first: char| first.is_numeric() || "-—–－─·第".contains(first);
    words.len() < 60 && words.starts_with(may_begin) && MARK.as_ref().is_some_and(|mark| mark.is_match(words))
}

/// `三、` at the start of a line: a number that sections carry.
pub fn has_heading_number(words: &str) -> bool {
    let rest = words.trim_start_matches(|character: char| "一二三四五六七八九十".contains(character));
    rest.len() < words.len() && rest.starts_with(['、', '.', '．'])
}
