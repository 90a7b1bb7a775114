//! How public bodies are named: regions, bodies, and names that mean one. The words are data (`grammar/publishers.toml`).
//!
//! ```text
//!   江苏省 淮安市 洪泽区 人民政府       regions from the largest in, then the body
//!                 洪泽区 政府           the same body: fewer regions, another word
//! ```

use crate::fold::{fold, simplify};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Deserialize, Default)]
struct Words {
    regions: Vec<String>,
    no_regions: Vec<String>,
    inside: Vec<String>,
    apart: Vec<String>,
    bodies: Vec<String>,
    no_names: Vec<String>,
    heads: Vec<String>,
    breaks: Vec<String>,
    periods: Vec<String>,
    corrections: Vec<String>,
    superseded: Vec<String>,
    same: BTreeMap<String, String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| toml::from_str(include_str!("../../grammar/publishers.toml")).unwrap_or_default());

/// A name, parted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Regions from the largest in.
    pub regions: Vec<String>,
    /// The body; empty where only a region is named.
    pub body: String,
}

/// A region's name has at least so many characters before its end, and at most so many.
const REGION: std::ops::RangeInclusive<usize> = 1..=12;

/// Part a name; widths, blanks, brackets and Traditional forms are told apart no more.
pub fn part(name: &str) -> Name {
    let folded = simplify(fold(name));
    let characters: Vec<char> = folded.chars().collect();
    let mut rest: &[char] = &characters;
    let mut regions = Vec::new();
    while let Some(length) = find_region(rest) {
        let (region, after) = rest.split_at(length);
        regions.push(region.iter().collect());
        rest = after;
    }
    let body: String = rest.iter().collect();
    let end = WORDS.same.iter().find(|(printed, meant)| body.ends_with(*printed) && !body.ends_with(*meant));
    let body = end.map_or_else(|| body.clone(), |(printed, meant)| format!("{}{meant}", body.trim_end_matches(printed.as_str())));
    Name { regions, body }
}

/// Characters of the region at the head of a name.
fn find_region(name: &[char]) -> Option<usize> {
    let text = |range: std::ops::Range<usize>| name.get(range).map(|characters| characters.iter().collect::<String>()).unwrap_or_default();
    for start in REGION {
        let tail = text(start..name.len());
        let Some(end) = WORDS.regions.iter().find(|end| tail.starts_with(end.as_str())) else { continue };
        let length = start + end.chars().count();
        let head = text(0..length);
        let is_word = WORDS.no_regions.iter().any(|word| head.ends_with(word.as_str()));
        let is_body_next = WORDS.bodies.iter().any(|body| tail.starts_with(body.as_str()) && body.chars().count() > end.chars().count());
        if !is_word && !is_body_next && !goes_on(&tail, end) {
            return Some(length);
        }
    }
    None
}

/// True where what looks like the end of a region stands inside its name: 杭州市 is one region, 凉山州市场监督管理局 is in 凉山州.
fn goes_on(tail: &str, end: &str) -> bool {
    let behind = tail.get(end.len()..).unwrap_or_default();
    WORDS.inside.iter().any(|inside| tail.starts_with(inside.as_str())) && !WORDS.apart.iter().any(|word| behind.starts_with(word.as_str()))
}

/// The part of a text before the words that follow a name: `青石县人民政府关于…` → `青石县人民政府`.
pub fn before_break(text: &str) -> &str {
    let end = WORDS.breaks.iter().filter_map(|word| text.find(word.as_str())).filter(|&at| at > 0).min();
    text.get(..end.unwrap_or(text.len())).unwrap_or(text)
}

/// The part of a text before the words for a part of a year: `青石县水务局上半年` → `青石县水务局`.
pub fn before_period(text: &str) -> &str {
    WORDS.periods.iter().find_map(|word| text.strip_suffix(word.as_str())).unwrap_or(text)
}

/// What a title, or the name of a file, says of its edition; the one that counts comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edition {
    /// It takes the place of an earlier one: `…年度报告（更正）`.
    Corrected,
    /// Nothing.
    Plain,
    /// Another takes its place: `…年度报告（更正前）`.
    Superseded,
}

/// What a text says of an edition. A corrected one may say of the other that it counts no more: `（更正版，原件作废）`.
pub fn edition(text: &str) -> Edition {
    let mut rest = simplify(fold(text)).to_lowercase();
    let n_before = rest.len();
    for word in &WORDS.superseded {
        rest = rest.replace(word.as_str(), "");
    }
    if WORDS.corrections.iter().any(|word| rest.contains(word.as_str())) {
        return Edition::Corrected;
    }
    if rest.len() < n_before { Edition::Superseded } else { Edition::Plain }
}

/// A text without the words that lead to a name: `关于印发青石县人民政府` → `青石县人民政府`.
pub fn after_head(text: &str) -> &str {
    WORDS.heads.iter().find_map(|head| text.strip_prefix(head.as_str())).unwrap_or(text)
}

/// True when a text ends as the name of a body or of a region does, and is no end alone: `州人民政府` has lost its region.
pub fn is_name(text: &str) -> bool {
    let folded = simplify(fold(text));
    if WORDS.no_names.iter().any(|word| folded.ends_with(word.as_str())) {
        return false;
    }
    if WORDS.regions.iter().any(|end| folded.starts_with(end.as_str()))
        && !WORDS.bodies.iter().any(|body| folded.starts_with(body.as_str()))
    {
        return false;
    }
    let ends = |words: &[String]| words.iter().any(|word| folded.len() > word.len() && folded.ends_with(word.as_str()));
    ends(&WORDS.bodies) || ends(&WORDS.regions) && !WORDS.no_regions.iter().any(|word| folded.ends_with(word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_is_told_by_its_words() {
        for corrected in ["年度报告（更正）", "年报（更正版，原件作废）", "annual report, revised", "年度報告（修訂版）"]
        {
            assert_eq!(edition(corrected), Edition::Corrected, "{corrected}");
        }
        for superseded in ["年度报告（更正前）", "年报 unrevised", "年报（作废）", "未修订"] {
            assert_eq!(edition(superseded), Edition::Superseded, "{superseded}");
        }
        assert_eq!(["年度报告", "Montserrat"].map(edition), [Edition::Plain; 2]);
    }

    fn parts(name: &str) -> (Vec<String>, String) {
        let Name { regions, body } = part(name);
        (regions, body)
    }

    #[test]
    fn names_part_into_regions_and_body() {
        let expect = |regions: &[&str], body: &str| (regions.iter().map(ToString::to_string).collect::<Vec<_>>(), body.to_string());
        assert_eq!(parts("江苏省淮安市洪泽区人民政府"), expect(&["江苏省", "淮安市", "洪泽区"], "人民政府"));
        assert_eq!(parts("洪澤區政府"), expect(&["洪泽区"], "人民政府"));
        assert_eq!(parts("洛阳市商务局"), expect(&["洛阳市"], "商务局"));
        assert_eq!(parts("青石县市场监督管理局"), expect(&["青石县"], "市场监督管理局"));
        assert_eq!(parts("青石市城市管理局"), expect(&["青石市"], "城市管理局"));
        assert_eq!(parts("国家税务总局"), expect(&[], "国家税务总局"));
        assert_eq!(parts("浙江省杭州市西湖区人民政府"), expect(&["浙江省", "杭州市", "西湖区"], "人民政府"));
        assert_eq!(parts("贵州省仁怀市人民政府"), expect(&["贵州省", "仁怀市"], "人民政府"));
        assert_eq!(parts("宁波市鄞州区财政局"), expect(&["宁波市", "鄞州区"], "财政局"));
        assert_eq!(parts("新乡市卫辉市财政局"), expect(&["新乡市", "卫辉市"], "财政局"));
        assert_eq!(parts("凉山州市场监督管理局"), expect(&["凉山州"], "市场监督管理局"));
        assert_eq!(parts("青石县乡村振兴局"), expect(&["青石县"], "乡村振兴局"));
        assert_eq!(parts("巴音郭楞蒙古自治州"), expect(&["巴音郭楞蒙古自治州"], ""));
    }

    #[test]
    fn names_are_told_from_other_words() {
        assert!(is_name("青石县水务局") && is_name("青石市"));
        assert!(!is_name("州人民政府") && is_name("青石县市场监督管理局"));
        assert_eq!(before_break("青石县人民政府关于我县"), "青石县人民政府");
        assert_eq!(after_head("关于印发青石县人民政府"), "青石县人民政府");
        assert!(!is_name("搜本站"));
        assert!(!is_name("年度报告") && !is_name("局") && !is_name("report") && !is_name(""));
    }
}
