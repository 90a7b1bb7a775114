//! What a table counts in: from the line above it, from its title, from a header, from a column of units, from a label.
//!
//! ```text
//!   单位：万元      (million tons)      Output, thousand t      Share (%)      比上年增长%
//!   单位：亿元、%                       two of them: columns of rates have the second, all others the first
//! ```

use crate::grammar::words::Words;

/// Longest unit, in characters.
const LONGEST: usize = 40;
/// Signs that are a unit in themselves at the end of a header.
const SIGNS: [char; 3] = ['%', '％', '‰'];

/// The unit that a caption or title states: after a mark, or as words in brackets.
pub fn find_in_caption(text: &str, words: &Words) -> Option<String> {
    after_mark(text, words).or_else(|| find_in_label(text, words))
}

/// The unit that a header's labels state, the lowest first.
pub fn find_in_header(path: &[String], words: &Words) -> Option<String> {
    path.iter().rev().find_map(|label| find_in_caption(label, words).or_else(|| sign_at_end(label)))
}

/// The unit that a label has in brackets, or that it is.
pub fn find_in_label(text: &str, words: &Words) -> Option<String> {
    in_brackets(text, words).or_else(|| is_unit(text, words).then(|| text.trim().to_string()))
}

/// The unit of a column where a caption states one or several: a sign such as `%` goes to the columns of rates, if there
/// are any, and the other unit to the rest. What cannot be dealt out is no column's unit.
pub fn deal(unit: &str, is_rate: bool, has_rates: bool) -> Option<String> {
    let parts: Vec<&str> = unit.split(['、', '，', ',', ';', '；']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let [one, other] = parts.as_slice() else { return (parts.len() == 1).then(|| unit.to_string()) };
    let is_sign = |part: &&&str| part.chars().all(|character| SIGNS.contains(&character));
    let (sign, amount) = match (is_sign(&one), is_sign(&other)) {
        (true, false) => (one, other),
        (false, true) => (other, one),
        _ => return None,
    };
    has_rates.then(|| if is_rate { sign } else { amount }.to_string())
}

/// `比上年增长%`: the sign behind a header's words.
fn sign_at_end(label: &str) -> Option<String> {
    label.trim_end().chars().next_back().filter(|last| SIGNS.contains(last)).map(String::from)
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

/// The last brackets that hold words of a unit and nothing else.
pub fn in_brackets(text: &str, words: &Words) -> Option<String> {
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

/// Words of units, one or several: `亿元、%`.
fn is_unit(text: &str, words: &Words) -> bool {
    let mut parts = text.split(['、', '，', ',']).peekable();
    text.chars().count() <= LONGEST && parts.peek().is_some() && parts.all(|part| words.unit.is_made_of(part))
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
        assert_eq!(unit("分行业固定资产投资（不含农户）增速"), None);
        assert_eq!(unit("2-1 人口数"), None);
    }

    #[test]
    fn two_units_are_dealt_to_amounts_and_rates() {
        assert_eq!(deal("万元、%", true, true).as_deref(), Some("%"));
        assert_eq!(deal("万元，%", false, true).as_deref(), Some("万元"));
        assert_eq!(deal("万元、%", false, false), None);
        assert_eq!(deal("万元、万人", false, true), None);
        assert_eq!(deal("万元", false, false).as_deref(), Some("万元"));
    }

    #[test]
    fn a_sign_behind_a_header_is_its_unit() {
        assert_eq!(find_in_header(&["比上年增长%".to_string()], built_in()).as_deref(), Some("%"));
        assert_eq!(find_in_header(&["增长".to_string()], built_in()), None);
    }
}
