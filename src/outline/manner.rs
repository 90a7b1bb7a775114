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
    number: u64,
    key: String,
}

impl Marked {
    pub(super) fn find(paragraph: &Paragraph) -> Option<Marked> {
        let heading = paragraph.heading.as_ref()?;
        Some(Marked { style: heading.style, number: heading.number, key: key(&heading.title) })
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
    /// The kind that stands outside of all others, whatever it does elsewhere.
    pub outermost: Option<Style>,
    /// `一 概况` is followed by `二 情况`: alone, the first is words of a text.
    pub counts_spaced: bool,
    /// Titles that come more than once, as those at the head of each page do.
    pub repeated: HashSet<String>,
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
            outermost: outermost(marked, outer),
            counts_spaced: {
                let mut spaced = all().filter(|marked| marked.style == Style::Spaced).map(|marked| marked.number);
                spaced.any(|number| number == 1) && spaced.any(|number| number == 2)
            },
            repeated: repeated(all()),
        }
    }

    /// Lists of one kind hold those of the other.
    pub(super) fn is_outside(&self, outer: Style, inner: Style) -> bool {
        match self.outermost {
            Some(outermost) if outermost == inner => false,
            Some(outermost) if outermost == outer => true,
            _ => outer < inner,
        }
    }
}

/// The kind of the first number, where known titles are of it, or where it goes on behind a list that is outside of it in
/// other reports: `1.` `（一）` `（二）` `2.`. Of a list that begins again neither is told.
fn outermost(marked: &[Option<Marked>], outer: Option<Style>) -> Option<Style> {
    let mut numbered = marked.iter().flatten().filter(|marked| !matches!(marked.style, Style::Look(_)));
    let first = numbered.next().filter(|first| first.number == 1)?;
    let (mut last, mut is_behind, mut goes_on) = (1, false, false);
    for marked in numbered {
        if marked.style != first.style {
            is_behind |= marked.style < first.style && marked.number == 1;
            continue;
        }
        if outer != Some(first.style) && (marked.number == 1 || is_behind && !goes_on && marked.number != last + 1) {
            return None;
        }
        goes_on |= is_behind;
        last = marked.number;
    }
    (goes_on || outer == Some(first.style)).then_some(first.style)
}

fn repeated<'m>(marked: impl Iterator<Item = &'m Marked>) -> HashSet<String> {
    let mut seen: HashSet<&str> = HashSet::new();
    marked.filter(|marked| !seen.insert(&marked.key)).map(|marked| marked.key.clone()).collect()
}

/// The style of most headings; none where hardly any has a number.
fn usual_style<'m>(marked: impl Iterator<Item = &'m Marked>) -> Option<Style> {
    let mut counts: BTreeMap<Style, usize> = BTreeMap::new();
    marked.for_each(|marked| *counts.entry(marked.style).or_default() += 1);
    let (usual, n_titles) = counts.into_iter().max_by_key(|(_, n_titles)| *n_titles)?;
    (n_titles >= LEAST_KNOWN && !matches!(usual, Style::Look(_))).then_some(usual)
}
