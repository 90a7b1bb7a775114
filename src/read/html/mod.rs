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
mod tree;

use crate::decode::{Text, decode};
use crate::doc::{Document, Status};
use crate::flag::{Code, Fault, Flag, Flagged, Message};

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
    let found = flow::flow(&tree, &survey, &source);
    let places = found.ink.places(&source);
    let document = Document { text: found.ink.text, blocks: found.blocks, places, pages: Vec::new() };
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
    if tree.is_cut || kept.len() < bytes.len() {
        let message = Message::plain("the page is too large; what stands behind the limit is not read");
        flags.push(Flag::new(Code::NoText, message).fault(Fault::Reading));
    }
    let is_cut = flags.iter().any(|flag| flag.code == Code::NoText) && status == Status::Ok;
    if is_cut {
        status = Status::TooLarge;
    }
    Flagged { value: Page { document, encoding, status }, flags }
}

fn too_deep() -> Flag {
    let message = Message::plain("elements nest deeper than any browser follows; those below are read as plain text");
    Flag::new(Code::TableSplit, message).fault(Fault::Source)
}

/// The charset that a page says it is in: `<meta charset=…>`, `<meta … content="text/html; charset=…">`,
/// `<?xml … encoding="…"?>`.
pub fn find_charset(bytes: &[u8]) -> Option<String> {
    const HEAD: usize = 8 * 1024;
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let head: String = head.iter().map(|&byte| if byte.is_ascii() { char::from(byte.to_ascii_lowercase()) } else { ' ' }).collect();
    let label = |rest: &str| {
        let rest = rest
            .trim_start()
            .strip_prefix('=')?
            .trim_start_matches(|character: char| character.is_whitespace() || "\"'".contains(character));
        let label: String = rest.chars().take_while(|character| character.is_ascii_alphanumeric() || "-_:.".contains(*character)).collect();
        (!label.is_empty()).then_some(label)
    };
    let of = |word: &str| head.match_indices(word).find_map(|(at, found)| label(head.get(at + found.len()..)?));
    of("charset").or_else(|| of("encoding"))
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
            ("<p>charset</p>", None),
        ] {
            assert_eq!(find_charset(page.as_bytes()).as_deref(), charset, "{page}");
        }
    }
}
