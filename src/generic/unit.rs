//! What a table counts in: from the line above it, from its title, from a header.
//!
//! ```text
//!   单位：万元      (million tons)      Output, thousand t      Share (%)
//! ```

use crate::grammar::words::Words;

/// Longest unit, in characters.
const LONGEST: usize = 40;

/// The unit that a caption or title states: after a mark, or as words in brackets.
pub fn find_in_caption(text: &str, words: &Words) -> Option<String> {
    after_mark(text, words).or_else(|| in_brackets(text, words)).or_else(|| is_unit(text, words).then(|| text.trim().to_string()))
}

/// The unit that a header's labels state, the lowest first.
pub fn find_in_header(path: &[String], words: &Words) -> Option<String> {
    path.iter().rev().find_map(|label| find_in_caption(label, words))
}

/// The unit behind the last mark: `编制单位：某局　单位：元` has two, and the first one means a body.
fn after_mark(text: &str, words: &Words) -> Option<String> {
    let mut after = words.unit.after_mark(text)?;
    while let Some(next) = words.unit.after_mark(after) {
        after = next;
    }
    let end = after.find([')', '）', ']', '】', ';', '；', '。', ' ', '\u{3000}']);
    // An English unit may have several words; a Chinese one ends at a blank.
    let unit = match end {
        Some(end) if after.is_ascii() && after.get(end..).is_some_and(|rest| rest.starts_with(' ')) => after.trim_end_matches([')', ']']),
        Some(end) => after.get(..end).unwrap_or(after),
        None => after,
    };
    (!unit.is_empty() && unit.chars().count() <= LONGEST).then(|| unit.trim().to_string())
}

/// The last brackets that hold words of a unit and little else.
fn in_brackets(text: &str, words: &Words) -> Option<String> {
    let mut rest = text;
    while let Some(open) = rest.rfind(['(', '（', '[']) {
        let width = rest.get(open..)?.chars().next()?.len_utf8();
        let inside = rest.get(open + width..)?;
        let inside = inside.find([')', '）', ']']).and_then(|end| inside.get(..end)).unwrap_or(inside).trim();
        if is_unit(inside, words) {
            return Some(inside.to_string());
        }
        rest = rest.get(..open)?;
    }
    None
}

/// A few words, one of them a unit's; none that is a number of its own, such as a year.
fn is_unit(text: &str, words: &Words) -> bool {
    let is_short = text.chars().count() <= LONGEST && text.split_whitespace().count() <= 5;
    let is_chinese = text.chars().any(|character| character >= '\u{2E80}');
    let fits = !is_chinese || text.chars().count() <= 8;
    let has_year = text.split(|character: char| !character.is_ascii_digit()).any(|digits| digits.len() == 4 && digits != "1000");
    is_short && fits && !has_year && words.unit.holds_word(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::words::built_in;

    #[test]
    fn a_body_is_no_unit() {
        let unit = |text| find_in_caption(text, built_in());
        assert_eq!(unit("编制单位：青石县水务局 单位：万元").as_deref(), Some("万元"));
        assert_eq!(unit("（单位：元）").as_deref(), Some("元"));
        assert_eq!(unit("Output (million tons)").as_deref(), Some("million tons"));
    }
}
