//! Publisher and year of every file, from its title, a signature and its name, with the evidence; and which names mean
//! one.
//!
//! A name with fewer regions is the same body as one with more, where only one such body is in the dataset: 洪泽区人民政府
//! is 淮安市洪泽区人民政府, but 朝阳区人民政府 beside two cities' own is left as it is.

use super::pool::Hash;
use super::record::Head;
use super::store::Input;
use crate::grammar::Family;
use crate::grammar::publishers::{Name, after_head, before_break, is_name, part};
use crate::normalise::YEARS;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Who published a report, and on which year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imprint {
    /// The publisher under the name it has in the dataset.
    pub publisher: Option<String>,
    /// The name as printed.
    pub printed: Option<String>,
    /// Where it stands.
    pub publisher_from: &'static str,
    /// The year.
    pub year: Option<i32>,
    /// Where it stands.
    pub year_from: &'static str,
}

/// Finds imprints; one content has one imprint, whatever its files are called.
pub struct People<'f> {
    families: &'f [Family],
    by_content: HashMap<Hash, Imprint>,
}

impl<'f> People<'f> {
    /// Begin.
    pub fn new(families: &'f [Family]) -> People<'f> {
        People { families, by_content: HashMap::new() }
    }

    /// True where a file of this content has had its imprint.
    pub fn has_seen(&self, content: &Hash) -> bool {
        self.by_content.contains_key(content)
    }

    /// The imprint of a file, without the name it has in the dataset.
    pub fn imprint(&mut self, input: &Input) -> Imprint {
        let read = || imprint(&input.head, &input.file, self.families);
        input.hash.map_or_else(read, |hash| self.by_content.entry(hash).or_insert_with(read).clone())
    }
}

fn imprint(head: &Head, file: &str, families: &[Family]) -> Imprint {
    if head.status.is_empty() || head.format.is_empty() {
        return Imprint::default();
    }
    let title = head.title.as_deref().map(|title| split_title(title, families)).unwrap_or_default();
    let stem = split_title(stem(file), families);
    let signature = head.lines.iter().rev().find(|line| is_signature(line)).cloned();
    let publishers =
        [("title", head.publisher.as_deref().and_then(clean)), ("title", title.0), ("signature", signature), ("file name", stem.0)];
    let years = [("title", head.year), ("title", title.1), ("text", head.period), ("file name", stem.1)];
    let first = |(from, found): (&'static str, Option<String>)| found.map(|found| (from, found));
    let (publisher_from, printed) = publishers.into_iter().find_map(first).unzip();
    let (year_from, year) = years.into_iter().find_map(|(from, found)| found.map(|found| (from, found))).unzip();
    Imprint { publisher: None, printed, publisher_from: publisher_from.unwrap_or(""), year, year_from: year_from.unwrap_or("") }
}

/// A name out of the words of a title before the family's own: 【年报】 before it and the path of a menu are no part of it.
/// None where it is a clause without a name.
fn clean(words: &str) -> Option<String> {
    let mut rest = words.trim();
    while let Some(inner) = rest.strip_prefix(['(', '（', '[', '【', '〔']) {
        let Some((within, behind)) = inner.split_once([')', '）', ']', '】', '〕']) else { break };
        // （青石县）水务局 is a name from its first character on.
        if is_name(within) {
            break;
        }
        rest = behind.trim_start();
    }
    if let Some(inner) = rest.strip_prefix('《').filter(|inner| !inner.contains('》')) {
        rest = inner;
    }
    let rest = rest.rsplit(['>', '＞', '»', '|']).next().unwrap_or(rest).trim();
    let is_year = |behind: &str| behind.starts_with(|first: char| first.is_ascii_digit());
    let rest = rest.split_once(['-', '—', '–']).filter(|(_, behind)| is_year(behind)).map_or(rest, |(name, _)| name);
    let name = after_head(rest);
    let is_clause = name.contains(['，', ',', '。', '；', ';', '：', ':']) && !is_name(name);
    Some(name.to_string()).filter(|name| !name.is_empty() && !is_clause)
}

/// The name of a file without its folders and its ending; a page of a crawl has none that tells.
fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

/// A line of nothing but the name of a body.
fn is_signature(line: &str) -> bool {
    const LONGEST: usize = 30;
    line.chars().count() <= LONGEST && line.chars().all(char::is_alphanumeric) && !line.chars().any(|c| c.is_ascii_digit()) && {
        let name = part(line);
        !name.body.is_empty() && is_name(line)
    }
}

/// Publisher and year in a title or a file name: words parted by marks, the family's own words and the year taken out.
fn split_title(title: &str, families: &[Family]) -> (Option<String>, Option<i32>) {
    let end = families.iter().flat_map(|family| &family.titles).filter_map(|name| title.find(name.as_str())).min();
    let words = title.get(..end.unwrap_or(title.len())).unwrap_or(title);
    let years = find_years(words);
    let year = years.first().map(|(_, year)| *year).filter(|_| years.iter().all(|(_, year)| Some(*year) == years.first().map(|own| own.1)));
    let mut rest = words.to_string();
    for (at, _) in years.iter().rev() {
        rest.replace_range(at.clone(), "\t");
    }
    let marks = |character: char| !character.is_alphanumeric();
    let publisher = rest
        .split(marks)
        .map(trim_marks)
        .map(after_head)
        .map(before_break)
        .filter(|word| is_name(word))
        .max_by_key(|word| word.chars().count());
    (publisher.map(str::to_string), year)
}

fn trim_marks(word: &str) -> &str {
    word.trim_matches(|character: char| character.is_ascii_digit())
}

/// Years in a text with the bytes they stand in, the word for year included; longer runs of digits are dates or numbers.
fn find_years(text: &str) -> Vec<(std::ops::Range<usize>, i32)> {
    let mut found = Vec::new();
    let mut start = None;
    for (offset, character) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, character.is_ascii_digit()) {
            (None, true) => start = Some(offset),
            (Some(first), false) => {
                start = None;
                let year = text.get(first..offset).filter(|digits| digits.len() == 4).and_then(|digits| digits.parse().ok());
                if let Some(year) = year.filter(|year| YEARS.contains(year)) {
                    found.push((first..offset + year_word(text.get(offset..).unwrap_or_default()), year));
                }
            }
            _ => {}
        }
    }
    found
}

fn year_word(after: &str) -> usize {
    let word = crate::identify::YEAR_WORDS.iter().find(|word| after.starts_with(**word));
    word.map_or(0, |word| word.len())
}

/// Printed name → the name it has in the dataset: the one with the most regions among those that mean the same.
pub fn join_names<'n>(names: impl Iterator<Item = &'n str>) -> BTreeMap<String, String> {
    let parted: BTreeMap<&str, Name> = names.map(|name| (name, part(name))).collect();
    let full: BTreeSet<(Vec<String>, &str)> = parted.values().map(|name| (name.regions.clone(), name.body.as_str())).collect();
    // By body, and by the regions from the innermost out.
    let mut by_tail: BTreeMap<(&str, Vec<String>), BTreeSet<&Vec<String>>> = BTreeMap::new();
    for (regions, body) in &full {
        for start in 0..regions.len() {
            by_tail.entry((body, regions.get(start..).unwrap_or_default().to_vec())).or_default().insert(regions);
        }
    }
    let longest = |name: &Name| -> Vec<String> {
        let all = by_tail.get(&(name.body.as_str(), name.regions.clone())).into_iter().flatten();
        let longest = all.clone().max_by_key(|regions| regions.len());
        let agrees = |longest: &&&Vec<String>| all.clone().all(|regions| longest.ends_with(regions));
        longest.filter(agrees).map_or_else(|| name.regions.clone(), |regions| (*regions).clone())
    };
    let shown = |name: &Name| format!("{}{}", longest(name).concat(), name.body);
    parted.iter().map(|(printed, name)| ((*printed).to_string(), shown(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_fewer_regions_mean_the_fuller_one_where_there_is_one() {
        let names = [
            "江苏省淮安市洪泽区人民政府",
            "洪泽区政府",
            "淮安市洪泽区人民政府",
            "朝阳区人民政府",
            "北京市朝阳区人民政府",
            "长春市朝阳区人民政府",
            "财政局",
            "上海市财政局",
            "杭州市西湖区人民政府",
            "南昌市西湖区人民政府",
            "西湖区人民政府",
            "天河区财政局",
            "广州市天河区财政局",
        ];
        let one = join_names(names.into_iter());
        assert_eq!(one["洪泽区政府"], "江苏省淮安市洪泽区人民政府");
        assert_eq!(one["淮安市洪泽区人民政府"], "江苏省淮安市洪泽区人民政府");
        assert_eq!(one["朝阳区人民政府"], "朝阳区人民政府");
        assert_eq!(one["财政局"], "财政局");
        assert_eq!(one["西湖区人民政府"], "西湖区人民政府");
        assert_eq!(one["天河区财政局"], "广州市天河区财政局");
    }

    #[test]
    fn what_stands_round_a_name_is_no_part_of_it() {
        let cleaned = |words| clean(words).unwrap_or_default();
        assert_eq!(cleaned("【年报】青石县水务局"), "青石县水务局");
        assert_eq!(cleaned("()青石县水务局"), "青石县水务局");
        assert_eq!(cleaned("《青石县水务局"), "青石县水务局");
        assert_eq!(cleaned("首页>政务公开>青石县水务局"), "青石县水务局");
        assert_eq!(cleaned("青石县水务局-2022年"), "青石县水务局");
        assert_eq!(cleaned("现将青石县水务局"), "青石县水务局");
        for whole in
            ["青石县（开发区）", "（青石县）水务局", "青石县“放管服”改革办公室", "青石县水务局、青石县农业局", "A-B经济合作区管理委员会"]
        {
            assert_eq!(cleaned(whole), whole);
        }
        assert_eq!(cleaned("的政策，全力推动"), "");
    }

    #[test]
    fn file_names_tell_publisher_and_year() {
        let split = |name| split_title(stem(name), &[]);
        assert_eq!(split("a/2021_青石县水务局_年报.txt"), (Some("青石县水务局".into()), Some(2021)));
        assert_eq!(split("a/青石县人民政府2022年年报.pdf"), (Some("青石县人民政府".into()), Some(2022)));
        assert_eq!(split("a/20210315-report.html"), (None, None));
        assert_eq!(split("a/2020-2021.html"), (None, None));
    }
}
