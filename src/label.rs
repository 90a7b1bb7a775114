//! Comparing labels: printed words against the words a family knows.
//!
//! In: any text. Out: a key in which only the words count (no blanks, width, brackets, punctuation, leading numbers),
//! and how alike two keys are.

use crate::fold::push_lower;
use crate::numbering::strip_mark;

/// What is compared of a label. Empty for a bare number such as `一、`.
pub fn key(text: &str) -> String {
    let mut stripped = if text.contains('<') { strip_mark(&without_breaks(text)) } else { strip_mark(text) };
    if let Some(rest) = stripped.strip_prefix(['.', ',', '、', ')']) {
        stripped = rest.to_string();
    }
    // A misprinted number, `(甲)总计`: what stands before an early bracket is no word either.
    let misprinted = stripped.split_once(')').filter(|(before, after)| before.chars().count() <= 3 && after.chars().count() >= 2);
    if let Some((_, after)) = misprinted {
        stripped = after.to_string();
    }
    let mut words = String::with_capacity(stripped.len());
    for character in stripped.chars().filter(|character| character.is_alphanumeric()) {
        push_lower(&mut words, character);
    }
    // Traditional forms are matched by their Simplified ones; what is printed stays. 反覆 and 反復 are one word.
    let simplified = fast2s::convert(&words);
    if simplified.contains('覆') { simplified.replace('覆', "复") } else { simplified }
}

/// A label's lines, which Markdown parts by tags.
fn without_breaks(text: &str) -> String {
    ["<br>", "<br/>", "<br />", "<BR>"].iter().fold(text.to_string(), |text, tag| text.replace(tag, ""))
}

/// How alike two keys are, from 0 to 100: 100 is equal, 0 another label, between them one is a misprint of the other or
/// cut short. A misprint has one wrong character, or one in three of a long label.
pub fn likeness(one: &str, other: &str) -> u32 {
    if one == other {
        return 100;
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().take(80).collect(), other.chars().take(80).collect());
    let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
    if short == 0 {
        return 0;
    }
    if short >= 6 && (one.starts_with(&other) || other.starts_with(&one)) {
        return 80;
    }
    if one.len() == other.len() && one.iter().zip(&other).any(|(left, right)| tells_apart(*left, *right)) {
        return 0;
    }
    let distance = edit_distance(&one, &other);
    if distance > (long / 3).max(1) {
        return 0;
    }
    u32::try_from(100 * (long - distance.min(long)) / long).unwrap_or(0).min(99)
}

/// Characters of which one is never a misprint of another: last year's number is not this year's.
const TELLING: [&str; 4] = ["上本去今下前明", "增减", "收支", "男女"];

fn tells_apart(one: char, other: char) -> bool {
    one != other && TELLING.iter().any(|group| group.contains(one) && group.contains(other))
}

fn edit_distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, left) in one.iter().enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, right) in row.iter_mut().skip(1).zip(other) {
            let best = (diagonal + usize::from(left != right)).min(*cell + 1).min(before + 1);
            diagonal = *cell;
            *cell = best;
            before = best;
        }
    }
    row.last().copied().unwrap_or(0)
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
    }

    #[test]
    fn a_wrong_character_is_a_misprint() {
        assert_eq!(likeness("其他法律行政止公开", "其他法律行政法规禁止公开"), 75);
        assert_eq!(likeness("总计", "总汁"), 50);
        assert_eq!(likeness("予以公开", "部分公开"), 0);
        assert_eq!(likeness("上年收费金额", "本年收费金额"), 0);
    }
}
