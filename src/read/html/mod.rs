//! Web page → Document. In: the bytes of a page. Out: the text it shows, its paragraphs and its tables, with the place
//! of each in the decoded source.
//!
//! ```text
//!   bytes ─decode→ source ─tree→ nodes with offsets ─survey→ which tables are data ─flow, grid→ blocks ─judge→ a report?
//! ```
//! Style sheets and scripts are not run: what only they show or hide is not known here.

mod flow;
mod grid;
mod ink;
mod judge;
mod lend;
mod style;
mod survey;
mod torn;
mod tree;

use crate::decode::{Text, decode};
use crate::doc::{Block, Document, Status};
use crate::flag::{Code, Fault, Flag, Flagged, Message};
use crate::fold::fold;
use crate::place::Span;
use flow::Spacing;
use torn::Torn;

/// A page as read.
#[derive(Debug)]
pub struct Page {
    /// The document.
    pub document: Document,
    /// Encoding found.
    pub encoding: String,
    /// How reading ended.
    pub status: Status,
}

/// Largest page that is read, in bytes.
const LARGEST: usize = 64 << 20;

/// Read a page.
pub fn read(bytes: &[u8]) -> Flagged<Page> {
    let kept = bytes.get(..LARGEST).unwrap_or(bytes);
    let Flagged { value: Text { text: source, encoding }, mut flags } = decode(kept, find_charset(bytes).as_deref());
    let tree = tree::parse(&source);
    let survey = survey::survey(&tree);
    let found = flow::flow(&tree, &survey, &source, Spacing::Closed);
    let places = found.ink.places(&source);
    let last = found.ink.find_last();
    let mut document = Document { text: found.ink.text, blocks: found.blocks, places, pages: Vec::new(), title: None };
    document.title = tree.find_title().and_then(|title| find_titled(&document, title));
    let mut status = Status::Ok;
    flags.extend(found.flags);
    if tree.is_flattened {
        flags.push(too_deep());
    }
    if let Some(flag) = judge::find_why_not(&document, &found.shape) {
        status =
            if document.text.is_empty() && found.shape.embeds + found.shape.scripts == 0 { Status::NoText } else { Status::NotAReport };
        flags.push(flag);
    }
    let is_whole = !tree.is_cut && kept.len() == bytes.len();
    if !is_whole {
        flags.push(too_large());
    }
    let is_cut = flags.iter().any(|flag| flag.code == Code::NoText) && status == Status::Ok;
    if is_cut {
        status = Status::TooLarge;
    } else if let Some(torn) = tree.torn.filter(|_| is_whole) {
        status = status.max(Status::Partial);
        flags.push(torn.to_flag(last));
    }
    Flagged { value: Page { document, encoding, status }, flags }
}

/// The dated paragraph whose words a page's own title begins with: behind them stands the name of the site, which has no
/// date.
fn find_titled(document: &Document, title: &str) -> Option<Span> {
    let title = fold(title);
    let paras = document.blocks.iter().filter_map(|block| if let Block::Para(para) = block { Some(para.span) } else { None });
    let is_titled = |span: &Span| {
        let words = document.slice(*span);
        let head = words.chars().next().map(|first| fold(first.encode_utf8(&mut [0; 4])));
        let may_be = (SHORTEST_TITLE..=title.len()).contains(&words.len()) && head.is_some_and(|head| title.starts_with(&head));
        may_be && is_dated(words) && title.starts_with(&fold(words))
    };
    paras.filter(is_titled).max_by_key(|span| (document.slice(*span).len(), std::cmp::Reverse(span.start)))
}

/// Four digits in a row: a year.
fn is_dated(words: &str) -> bool {
    words.as_bytes().windows(4).any(|digits| digits.iter().all(u8::is_ascii_digit))
}

/// Bytes of a title: eight ideographs. Less may be a menu's.
const SHORTEST_TITLE: usize = 24;

/// True for text with tables written as elements among its lines, as Markdown has them where cells are merged.
pub fn is_among_lines(text: &str) -> bool {
    let is_tag = |(at, _): (usize, &str)| {
        let name = text.get(at + 1..at + 6).unwrap_or("");
        name.eq_ignore_ascii_case("table") && text.get(at + 6..).is_some_and(|rest| rest.starts_with(['>', ' ', '\n', '\r']))
    };
    text.match_indices('<').any(is_tag) && text.to_ascii_lowercase().contains("</table")
}

/// Read such text: its tables as a page's, its lines as they are typed. With it how reading ended.
pub fn read_lines(text: &str) -> Flagged<(Document, Status)> {
    let tree = tree::parse(text);
    let found = flow::flow(&tree, &survey::survey(&tree), text, Spacing::Kept);
    let places = found.ink.places(text);
    // What looks like a tag may be typed; a table that is not closed has been cut.
    let torn = tree.torn.filter(|torn| *torn == Torn::Table).map(|torn| torn.to_flag(found.ink.find_last()));
    let status = if torn.is_some() { Status::Partial } else { Status::Ok };
    let document = Document { text: found.ink.text, blocks: found.blocks, places, pages: Vec::new(), title: None };
    let limits = tree.is_flattened.then(too_deep).into_iter().chain(tree.is_cut.then(too_large));
    let flags = found.flags.into_iter().chain(limits).chain(torn).collect();
    Flagged { value: (document, status), flags }
}

fn too_large() -> Flag {
    let message = Message::plain("the page is too large; what stands behind the limit is not read");
    Flag::new(Code::NoText, message).fault(Fault::Reading)
}

fn too_deep() -> Flag {
    let message = Message::plain("elements nest deeper than any browser follows; those below are read as plain text");
    Flag::new(Code::TableSplit, message).fault(Fault::Source)
}

/// The charset that a page says it is in: `<meta charset=…>`, `<meta … content="text/html; charset=…">`,
/// `<?xml … encoding="…"?>`.
pub fn find_charset(bytes: &[u8]) -> Option<String> {
    const HEAD: usize = 8 * 1024;
    // What is no letter of a label, such as a typographic quote, parts it.
    let plain = |byte: &u8| if byte.is_ascii() { byte.to_ascii_lowercase() } else { b' ' };
    let head: Vec<u8> = bytes.iter().take(HEAD).map(plain).collect();
    let head = without_comments(head);
    let label = |rest: &[u8]| {
        let is_quote = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'');
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.');
        let rest = rest.trim_ascii_start().strip_prefix(b"=")?;
        let label: Vec<u8> = rest.iter().skip_while(|byte| is_quote(byte)).take_while(is_part).copied().collect();
        String::from_utf8(label).ok().filter(|label| !label.is_empty())
    };
    let of = |word: &str| memchr::memmem::find_iter(&head, word).find_map(|at| label(head.get(at + word.len()..)?));
    of("charset").or_else(|| of("encoding"))
}

/// Browsers do not look for a charset in comments.
fn without_comments(head: Vec<u8>) -> Vec<u8> {
    let mut kept = Vec::with_capacity(head.len());
    let mut rest = head.as_slice();
    while let Some((before, behind)) = memchr::memmem::find(rest, b"<!--").and_then(|at| rest.split_at_checked(at)) {
        kept.extend_from_slice(before);
        let end = memchr::memmem::find(behind, b"-->").map_or(behind.len(), |at| at + 3);
        rest = behind.get(end..).unwrap_or_default();
    }
    kept.extend_from_slice(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declared_charset() {
        for (page, charset) in [
            ("<meta charset=GBK>", Some("gbk")),
            ("<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset = gb2312'>", Some("gb2312")),
            ("<?xml version=\"1.0\" encoding=\"Big5\"?>", Some("big5")),
            ("<meta charset=“gb2312”>", Some("gb2312")),
            ("<!-- <meta charset=big5> --><meta charset=gbk><!-- -->", Some("gbk")),
            ("<p>charset</p>", None),
        ] {
            assert_eq!(find_charset(page.as_bytes()).as_deref(), charset, "{page}");
        }
    }
}
