//! One paragraph, looked at once for all that sections need of it.

use super::heading::{Heading, SEPARATORS, WIDEST_TITLE, find_marked, width, width_of};
use super::titles::Keys;
use crate::doc::{Block, Document, Para};
use crate::fold::{is_blank, tidy};
use crate::label::key;
use crate::numbering::{Style, may_be_marked};

/// A paragraph.
pub(super) struct Paragraph<'d> {
    /// Index of its block.
    pub block: usize,
    pub para: &'d Para,
    /// Its characters.
    pub words: &'d str,
    /// What may be a title; nothing where it is too long for one.
    pub short: Option<Short>,
    /// The heading that its number or its look makes of it.
    pub heading: Option<Heading>,
}

/// Words short enough for a title.
pub(super) struct Short {
    pub shown: String,
    pub key: String,
}

/// Too long for a title, and neither numbered nor set as a heading: most of a report's text, and no closer look tells more.
fn is_running(words: &str, para: &Para) -> bool {
    let mut shown = words.chars().filter(|&character| !is_blank(character));
    let is_long = shown.try_fold(0, |sum, character| Some(sum + width_of(character)).filter(|&sum| sum <= WIDEST_TITLE)).is_none();
    let is_set = para.look.number.is_some() || para.look.heading.is_some();
    is_long && !is_set && !may_be_marked(words.trim_start_matches(is_blank))
}

impl<'d> Paragraph<'d> {
    /// Those of a document, in order.
    pub(super) fn all(document: &'d Document) -> Vec<Paragraph<'d>> {
        let paragraph = |(block, found): (usize, &'d Block)| match found {
            Block::Para(para) => Some(Paragraph::new(document, block, para)),
            _ => None,
        };
        document.blocks.iter().enumerate().filter_map(paragraph).collect()
    }

    fn new(document: &'d Document, block: usize, para: &'d Para) -> Paragraph<'d> {
        let words = document.slice(para.span);
        if is_running(words, para) {
            return Paragraph { block, para, words, short: None, heading: None };
        }
        let shown = tidy(words);
        let heading = find_marked(words, &shown, para);
        let short = (width(&shown) <= WIDEST_TITLE).then(|| Short { key: key(&shown), shown });
        Paragraph { block, para, words, short, heading }
    }

    /// How great a heading it is by its look alone.
    pub(super) fn look_level(&self) -> Option<u8> {
        match self.heading.as_ref()?.style {
            Style::Look(level) => Some(level),
            _ => None,
        }
    }

    /// The known title that it begins with, by its words alone or behind anything that may be its number; a long one goes
    /// on in the next paragraph.
    pub(super) fn find_known<'k>(&self, next: Option<&Paragraph>, known: &'k Keys) -> Option<&'k str> {
        let find = |key: &str| known.find(key);
        let short = self.short.as_ref()?;
        let behind = || find(&key(short.shown.split_once(SEPARATORS)?.1));
        let wrapped = || {
            let next = next?.short.as_ref()?;
            known.any_begins(&short.key).then(|| key(&format!("{}{}", short.shown, next.shown))).and_then(|key| find(&key))
        };
        find(&short.key).or_else(behind).or_else(wrapped)
    }
}
