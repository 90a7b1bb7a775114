//! Page numbers and running heads: lines at the edge of pages that say the same on each, but for the page's number.
//! Lists of contents: headings that come again, with dots and the page they stand on.

use super::flow::{Sheet, has_leader};
use super::parts::Part;
use std::collections::BTreeMap;

/// The share of a page, from its upper or lower edge, in which furniture stands.
const EDGE: f32 = 0.12;

/// What is compared from page to page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// The words, digits shown as `#`.
    words: String,
    /// At the lower edge.
    below: bool,
}

struct Candidate {
    sheet: usize,
    part: usize,
    numbers: Vec<i64>,
    page: i64,
}

/// Mark the furniture of all pages.
pub fn mark(sheets: &mut [Sheet]) {
    let n_pages = sheets.len();
    let mut groups: BTreeMap<Key, Vec<Candidate>> = BTreeMap::new();
    for (index, sheet) in sheets.iter().enumerate() {
        for (part, key, numbers) in candidates(sheet) {
            let page = i64::try_from(index).unwrap_or(0) + 1;
            groups.entry(key).or_default().push(Candidate { sheet: index, part, numbers, page });
        }
    }
    for (key, group) in groups {
        let bare = !key.words.chars().any(char::is_alphabetic) && key.words.contains('#') && key.words.chars().count() <= 12;
        let least = if bare { 2 } else { 3 };
        for candidate in &group {
            let runs = candidate.numbers.iter().enumerate().any(|(slot, number)| {
                let offset = number - candidate.page;
                group.iter().filter(|other| other.numbers.get(slot).is_some_and(|own| own - other.page == offset)).count() >= least
                    || bare && (offset == 0 || n_pages == 1 && key.words != "#")
            });
            let same = candidate.numbers.is_empty() && group.len() >= 3 && group.len() * 3 >= n_pages;
            let dashed = bare
                && key.words != "#"
                && key.words.starts_with(['-', '—', '–', '－', '·'])
                && key.words.ends_with(['-', '—', '–', '－', '·']);
            if !(runs || same || dashed) {
                continue;
            }
            if let Some((_, furniture)) = sheets.get_mut(candidate.sheet).and_then(|sheet| sheet.parts.get_mut(candidate.part)) {
                *furniture = true;
            }
        }
    }
}

/// Lines with dots in a row that make a list of contents; fewer may be a form to fill in.
const LEAST_CONTENTS: usize = 3;

/// Mark lists of contents: dotted lines one after the other whose numbers, where they have any, are pages in order. A
/// statement of accounts may be dotted too, but its amounts do not rise like page numbers.
pub fn mark_contents(sheets: &mut [Sheet]) {
    let n_pages = i64::try_from(sheets.len()).unwrap_or(i64::MAX);
    let mut run: Vec<(usize, usize)> = Vec::new();
    let mut last_page = 0;
    let mut found: Vec<Vec<(usize, usize)>> = Vec::new();
    for (index, sheet) in sheets.iter().enumerate() {
        for (part, (item, furniture)) in sheet.parts.iter().enumerate() {
            let page = match item {
                Part::Line(line) if !furniture && has_leader(&line.text) => page_at_end(&line.text),
                Part::Line(_) if *furniture => continue,
                _ => None,
            };
            match page.filter(|page| page.is_none_or(|page| page >= last_page && page <= n_pages + 20)) {
                Some(page) => {
                    last_page = page.unwrap_or(last_page);
                    run.push((index, part));
                }
                None => {
                    found.push(std::mem::take(&mut run));
                    last_page = 0;
                }
            }
        }
    }
    found.push(run);
    for (index, part) in found.into_iter().filter(|run| run.len() >= LEAST_CONTENTS).flatten() {
        if let Some((_, furniture)) = sheets.get_mut(index).and_then(|sheet| sheet.parts.get_mut(part)) {
            *furniture = true;
        }
    }
}

/// The page number that a dotted line ends in, where it ends in one; none where it ends in another number.
fn page_at_end(text: &str) -> Option<Option<i64>> {
    let stem = text.trim_end_matches(|character: char| character.is_ascii_digit());
    let digits = text.get(stem.len()..).unwrap_or("");
    if digits.is_empty() {
        return Some(None);
    }
    let alone = !stem.trim_end().ends_with(|character: char| character == ',' || character.is_ascii_digit());
    digits.parse().ok().filter(|_| alone).map(Some)
}

/// The outermost lines of a page: index, key, the numbers in it.
fn candidates(sheet: &Sheet) -> Vec<(usize, Key, Vec<i64>)> {
    let band = sheet.area.bottom * EDGE;
    let mut found = Vec::new();
    let mut look = |index: usize, below: bool| {
        let Some((Part::Line(line), _)) = sheet.parts.get(index) else { return false };
        let at_edge = if below { line.area.top > sheet.area.bottom - band } else { line.area.bottom < band };
        if at_edge && line.text.chars().count() <= 80 {
            let (words, numbers) = pattern(&line.text);
            found.push((index, Key { words, below }, numbers));
        }
        at_edge
    };
    let n_parts = sheet.parts.len();
    let mut index = 0;
    while index < n_parts.min(2) && look(index, false) {
        index += 1;
    }
    let mut back = 0;
    while back < n_parts.saturating_sub(index).min(2) && look(n_parts - 1 - back, true) {
        back += 1;
    }
    found
}

fn pattern(text: &str) -> (String, Vec<i64>) {
    let (mut words, mut numbers) = (String::new(), Vec::new());
    let mut digits = String::new();
    let mut end = |digits: &mut String, words: &mut String| {
        if !digits.is_empty() {
            numbers.push(digits.parse().unwrap_or(-1));
            words.push('#');
            digits.clear();
        }
    };
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        if character.is_ascii_digit() {
            digits.push(character);
        } else {
            end(&mut digits, &mut words);
            words.push(character);
        }
    }
    end(&mut digits, &mut words);
    (words, numbers)
}
