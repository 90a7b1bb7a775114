//! Comparing labels: printed words against the words a family knows.
//!
//! In: any text. Out: a key in which only the words count (no blanks, width, brackets, punctuation, leading numbers).

use crate::fold::{fold_char, is_blank, is_word, push_lower, simplify};
use crate::numbering::{after_mark, fold_shown, may_be_marked};

/// What is compared of a label. Empty for a bare number such as `一、`.
pub fn key(text: &str) -> String {
    if is_bare(text) {
        return without_traditional(text.to_string());
    }
    let is_written_out = memchr::memchr2(b'<', b'&', text.as_bytes()).is_some();
    let folded = if is_written_out { fold_shown(&without_entities(&without_breaks(text))) } else { fold_shown(text) };
    let stripped = after_mark(&folded);
    let stripped = stripped.strip_prefix(['.', ',', '、', ')']).unwrap_or(stripped);
    // A misprinted number, `(甲)总计`: what stands before an early bracket is no word either.
    let misprinted = stripped.split_once(')').filter(|(before, after)| before.chars().count() <= 3 && after.chars().count() >= 2);
    let stripped = misprinted.map_or(stripped, |(_, after)| after);
    let mut words = String::with_capacity(stripped.len());
    for character in stripped.chars().filter(|&character| is_word(character)) {
        push_lower(&mut words, character);
    }
    if words.is_ascii() { words } else { without_traditional(words) }
}

/// Nothing but ideographs, and none that a number begins with: half of all labels, and no closer look changes them.
fn is_bare(text: &str) -> bool {
    !may_be_marked(text) && text.chars().all(|character| ('\u{4E00}'..='\u{9FFF}').contains(&character))
}

/// Traditional forms are matched by their Simplified ones; what is printed stays. 反覆 and 反復 are one word.
fn without_traditional(words: String) -> String {
    let simplified = simplify(words);
    if simplified.contains("覆") { simplified.replace('覆', "复") } else { simplified }
}

/// The characters of a text as compared, one for each that shows: Traditional forms by their Simplified ones.
pub fn compared(text: &str) -> Vec<char> {
    let folded: String = text.chars().filter(|&character| !is_blank(character)).map(fold_char).collect();
    // One character for one.
    simplify(folded).chars().collect()
}

/// A label's lines, which Markdown parts by tags.
fn without_breaks(text: &str) -> String {
    ["<br>", "<br/>", "<br />", "<BR>"].iter().fold(text.to_string(), |text, tag| text.replace(tag, ""))
}

/// A text without marks and blanks that are written out, as pages do: `&ldquo;`, `&nbsp;`.
fn without_entities(text: &str) -> String {
    let mut pieces = text.split('&');
    let mut rest = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        let name =
            piece.split_once(';').filter(|(name, _)| (2..=8).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphabetic()));
        rest.push_str(name.map_or(piece, |(_, behind)| behind));
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_count() {
        assert_eq!(key("（四） 无法 提供"), key("四、无法提供"));
        assert_eq!(key("3. 危及“三安全一稳定”"), "危及三安全一稳定");
        assert_eq!(key("一、"), "");
        assert_eq!(key("（甲）总计"), "总计");
        assert_eq!(key("（三）其他<br>处理"), "其他处理");
        assert_eq!(key("危及&ldquo;三安全&rdquo;&nbsp;"), "危及三安全");
        assert_eq!(key("R&D; spending & more"), key("RD spending more"));
    }
}
