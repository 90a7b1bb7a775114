//! How a document numbers its headings, seen over all of them before any is placed; and its table of contents.

use super::LEAST_KNOWN;
use super::paragraph::Paragraph;
use super::titles::Keys;
use crate::label::key;
use crate::numbering::Style;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

/// A paragraph with a number before its words.
pub(super) struct Marked {
    style: Style,
    key: String,
}

impl Marked {
    pub(super) fn find(paragraph: &Paragraph) -> Option<Marked> {
        let heading = paragraph.heading.as_ref()?;
        Some(Marked { style: heading.style, key: key(&heading.title) })
    }
}

/// Fewer headings in a row than these are no table of contents.
const LEAST_CONTENTS: usize = 3;

/// A table of contents: the first headings of a text, one right after the other, that all come again further down.
pub(super) fn contents(marked: &[Option<Marked>]) -> Range<usize> {
    let is_numbered = |marked: &Option<Marked>| marked.as_ref().is_some_and(|marked| !matches!(marked.style, Style::Look(_)));
    let Some(first) = marked.iter().position(is_numbered) else { return 0..0 };
    let mut listed: HashSet<&str> = HashSet::new();
    let run = marked.iter().skip(first).map_while(Option::as_ref);
    let n_listed = run.take_while(|marked| listed.insert(without_page(&marked.key))).count();
    let below: HashSet<&str> = marked.iter().skip(first + n_listed).flatten().map(|marked| marked.key.as_str()).collect();
    if n_listed >= LEAST_CONTENTS && listed.iter().all(|key| below.contains(key)) { first..first + n_listed } else { 0..0 }
}

/// An entry of a table of contents ends in the number of its page.
fn without_page(key: &str) -> &str {
    key.trim_end_matches(|character: char| character.is_ascii_digit())
}

/// How a document numbers its headings.
pub(super) struct Manner {
    /// Known titles that stand behind a number somewhere: without one they are words of the text.
    pub numbered: HashSet<String>,
    /// How most known titles are numbered, and those that are: another's number is misread.
    pub outer: Option<Style>,
    pub plain: HashSet<String>,
    /// How most headings are, without those that say where they stand, as `2.3` does.
    pub usual: Option<Style>,
}

impl Manner {
    pub(super) fn new(marked: &[Option<Marked>], known: &Keys) -> Manner {
        let all = || marked.iter().flatten();
        let titles = || all().filter(|marked| known.contains(marked.key.as_str()));
        let outer = usual_style(titles());
        Manner {
            numbered: titles().map(|marked| marked.key.clone()).collect(),
            outer,
            plain: titles().filter(|marked| Some(marked.style) == outer).map(|marked| marked.key.clone()).collect(),
            usual: usual_style(all().filter(|marked| !matches!(marked.style, Style::Decimal(_)))),
        }
    }
}

/// The style of most headings; none where hardly any has a number.
fn usual_style<'m>(marked: impl Iterator<Item = &'m Marked>) -> Option<Style> {
    let mut counts: BTreeMap<Style, usize> = BTreeMap::new();
    marked.for_each(|marked| *counts.entry(marked.style).or_default() += 1);
    let (usual, n_titles) = counts.into_iter().max_by_key(|(_, n_titles)| *n_titles)?;
    (n_titles >= LEAST_KNOWN && !matches!(usual, Style::Look(_))).then_some(usual)
}
