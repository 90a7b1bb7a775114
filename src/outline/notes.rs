//! Lists of notes: what `注：` stands above is numbered as sections are, and none of it is one.

use super::paragraph::Paragraph;
use crate::doc::{Block, Document};
use crate::fold::{is_blank, tidy};
use crate::numbering::{Style, fold_mark, mark, may_be_marked, read_number};
use std::collections::BTreeMap;

/// Characters of the longest mark, amply.
const LONGEST_MARK: usize = 12;

/// Where a list of notes has come to: before its first number, or at one.
type At = Option<(Style, u64)>;

/// For each paragraph, whether it is an item of a list of notes. A table, a heading or a number that does not follow ends
/// the list; a number that follows the sections before it as well is a section's.
pub(super) fn items(document: &Document, paras: &[Paragraph], heads: &[String]) -> Vec<bool> {
    let mut open: Option<At> = None;
    let mut sections: BTreeMap<Style, u64> = BTreeMap::new();
    let mut next_block = 0;
    let mut item = |para: &Paragraph| {
        let between = document.blocks.get(next_block..para.block).unwrap_or_default();
        next_block = para.block + 1;
        if between.iter().any(|block| matches!(block, Block::Grid(_))) {
            open = None;
        }
        if let Some(behind) = behind_head(para.words, heads) {
            open = Some(find_number(behind));
            return false;
        }
        let number = find_number(para.words);
        let is_section = |(style, number): (Style, u64)| number > 1 && sections.get(&style) == Some(&(number - 1));
        match (open, number) {
            (Some(at), Some(number)) if goes_on(at, number) && !is_section(number) => {
                open = Some(Some(number));
                return true;
            }
            (_, None) if para.heading.is_none() => {}
            _ => open = None,
        }
        // What stands deeper begins anew below the next of its kind.
        if let Some((style, number)) = number {
            sections.retain(|other, _| *other < style);
            sections.insert(style, number);
        }
        false
    };
    paras.iter().map(&mut item).collect()
}

/// Numbers of sections stand outside of it; a deeper list may begin anywhere.
fn goes_on(at: At, (style, number): (Style, u64)) -> bool {
    let is_next = at.is_some_and(|(last, last_number)| style == last && number == last_number + 1);
    let is_first = number == 1 && at.is_none_or(|(last, _)| style > last);
    style > Style::Bracket && (is_next || is_first)
}

fn find_number(words: &str) -> At {
    let words = words.trim_start_matches(is_blank);
    if !may_be_marked(words) {
        return None;
    }
    let folded = fold_mark(&words.chars().take(LONGEST_MARK).collect::<String>());
    let (_, (style, number)) = mark(&folded).ok()?;
    Some((style, read_number(&number)?))
}

/// What stands behind a word that opens a list of notes: nothing, or its first item.
fn behind_head<'a>(words: &'a str, heads: &[String]) -> Option<&'a str> {
    let words = words.trim();
    let begins = |head: &String| head.starts_with(|first: char| words.starts_with(first) || words.starts_with(first.to_ascii_uppercase()));
    if !words.starts_with(['【', '[']) && !heads.iter().any(begins) {
        return None;
    }
    let (head, behind) = words.split_once([':', '：']).map_or((words, ""), |(head, behind)| (head, behind.trim_start()));
    if head.len() > 4 * LONGEST_MARK {
        return None;
    }
    let head = tidy(head.trim_matches(['【', '】', '[', ']', ' '])).replace(' ', "").to_lowercase();
    let opens = behind.is_empty() || find_number(behind).is_some_and(|(_, number)| number == 1);
    (opens && heads.contains(&head)).then_some(behind)
}
