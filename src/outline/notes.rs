//! Lists of notes: what `注：` stands above is numbered as sections are, and none of it is one.

use super::paragraph::Paragraph;
use crate::doc::{Block, Document};
use crate::fold::tidy;
use crate::numbering::{Style, fold_mark, mark, may_be_marked, read_number};

/// Characters of the longest mark, amply.
const LONGEST_MARK: usize = 12;

/// Where a list of notes has come to: before its first number, or at one.
type At = Option<(Style, u64)>;

/// For each paragraph, whether it is an item of a list of notes. A table, a heading or a number that goes back ends the list.
pub(super) fn items(document: &Document, paras: &[Paragraph], heads: &[String]) -> Vec<bool> {
    let mut open: Option<At> = None;
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
        let Some(at) = open else { return false };
        match find_number(para.words) {
            Some(number) if goes_on(at, number) => {
                open = Some(Some(number));
                true
            }
            None if para.heading.is_none() => false,
            _ => {
                open = None;
                false
            }
        }
    };
    paras.iter().map(&mut item).collect()
}

/// Numbers of sections stand outside of it; a deeper list may begin anywhere.
fn goes_on(at: At, (style, number): (Style, u64)) -> bool {
    style > Style::Bracket && at.is_none_or(|(last, last_number)| style > last || style == last && number > last_number)
}

fn find_number(words: &str) -> At {
    let head: String = tidy(words).chars().take(LONGEST_MARK).collect();
    let folded = may_be_marked(&head).then(|| fold_mark(&head))?;
    let (_, (style, number)) = mark(&folded).ok()?;
    Some((style, read_number(&number)?))
}

/// What stands behind a word that opens a list of notes: nothing, or its first item.
fn behind_head<'a>(words: &'a str, heads: &[String]) -> Option<&'a str> {
    let words = words.trim();
    let (head, behind) = words.split_once([':', '：']).map_or((words, ""), |(head, behind)| (head, behind.trim_start()));
    if head.len() > 4 * LONGEST_MARK {
        return None;
    }
    let head = tidy(head.trim_matches(['【', '】', '[', ']', ' '])).replace(' ', "").to_lowercase();
    let opens = behind.is_empty() || find_number(behind).is_some();
    (opens && heads.contains(&head)).then_some(behind)
}
