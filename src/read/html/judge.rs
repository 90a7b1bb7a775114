//! Is the page a report at all? Told from its shape, never from its words: a list of links, a frame around another
//! file, a shell that scripts would fill, a notice that something went wrong.

use super::flow::PageShape;
use crate::doc::Document;
use crate::flag::{Code, Fault, Flag, Message};

/// A page with less text than this tells nothing of its own.
const LEAST_WORDS: usize = 120;
/// A page with more prose than this is an article, whatever else stands on it.
const ENOUGH_PROSE: usize = 400;

/// Why a page is no report; none where it may be one.
pub fn find_why_not(document: &Document, shape: &PageShape) -> Option<Flag> {
    if document.text.is_empty() && shape.embeds + shape.scripts == 0 {
        return Some(Flag::new(Code::NoText, Message::plain("there is nothing to read")));
    }
    let why = if shape.cells >= 4 || shape.prose >= ENOUGH_PROSE {
        return None;
    } else if shape.embeds > 0 && shape.words < LEAST_WORDS {
        "the page only frames another file"
    } else if shape.links > shape.words && shape.links >= LEAST_WORDS {
        "the page is a list of links"
    } else if shape.prose == 0 && shape.links >= LEAST_WORDS && !document.text.contains(['。', '；']) {
        "the page has menus and no text of its own"
    } else if shape.words >= LEAST_WORDS {
        return None;
    } else if shape.scripts > 0 {
        "the page is a shell that scripts would fill"
    } else if shape.links > 0 || shape.words > 0 {
        "the page has hardly any text"
    } else {
        return None;
    };
    Some(Flag::new(Code::NotAReport, Message::plain(why)).fault(Fault::Source))
}
