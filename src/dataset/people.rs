//! Publisher and year of every file, from its title, a signature, its text and its name, with the evidence.
//!
//! One content has one imprint. What is inside a report is the same in all its copies; where it does not tell, the names of
//! all its files do, as far as they agree.

use super::pool::Hash;
use super::record::Head;
use super::store::Input;
use crate::flag::{Message, Severity};
use crate::grammar::Family;
use crate::grammar::publishers::{Name, after_head, before_break, before_period, is_name, part};
use crate::normalise::YEARS;
use std::collections::HashMap;

/// Where a year or a name stands that only the name of a file tells.
pub const FILE_NAME: &str = "file name";

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
    /// What is said in two ways, and how grave that is.
    pub doubts: Vec<(Severity, Message)>,
}

/// Finds imprints; one content has one imprint, whatever its files are called.
pub struct People<'f> {
    families: &'f [Family],
    by_content: HashMap<Hash, Evidence>,
}

impl<'f> People<'f> {
    /// Begin.
    pub fn new(families: &'f [Family]) -> People<'f> {
        People { families, by_content: HashMap::new() }
    }

    /// Take in what a file tells; true where it is the first of its content.
    pub fn take(&mut self, input: &Input) -> bool {
        let Some(hash) = input.hash else { return false };
        let families = self.families;
        let n_before = self.by_content.len();
        let evidence = self.by_content.entry(hash).or_insert_with(|| Evidence::inside(&input.head, families));
        evidence.add_name(&input.file, families);
        self.by_content.len() > n_before
    }

    /// The imprint of a file, without the name it has in the dataset, once all files are taken in.
    pub fn imprint(&self, input: &Input) -> Imprint {
        input.hash.and_then(|hash| self.by_content.get(&hash)).map(Evidence::imprint).unwrap_or_default()
    }
}

/// The imprint of a file that stands alone.
pub fn imprint(input: &Input, families: &[Family]) -> Imprint {
    let mut evidence = Evidence::inside(&input.head, families);
    evidence.add_name(&input.file, families);
    evidence.imprint()
}

/// What speaks for the publisher and the year of one content.
#[derive(Debug, Default)]
struct Evidence {
    /// Nothing was read: a name tells nothing, too.
    is_unread: bool,
    /// By title, signature and text.
    inside: Imprint,
    /// By the names of its files, where nothing inside tells.
    publisher: Said<String>,
    /// By the names of its files, where nothing inside tells or they contradict it.
    year: Said<i32>,
}

impl Evidence {
    fn inside(head: &Head, families: &[Family]) -> Evidence {
        if head.status.is_empty() || head.format.is_empty() {
            return Evidence { is_unread: true, ..Evidence::default() };
        }
        let (titled, title_year) = head.title.as_deref().map(|title| split_title(title, families)).unwrap_or_default();
        let title_year = head.year.or(title_year);
        // What is said again and again is a label of a table, or a part of the page.
        let is_alone = |line: &String| head.lines.iter().filter(|other| *other == line).count() == 1;
        let signature = head.lines.iter().rev().find(|line| is_signature(line) && is_alone(line)).cloned();
        let publishers = [("title", head.publisher.as_deref().and_then(clean)), ("title", titled), ("signature", signature)];
        let years = [("title", title_year), ("text", head.period)];
        let first = |(from, found): (&'static str, Option<String>)| found.map(|found| (from, found));
        let (publisher_from, printed) = publishers.into_iter().find_map(first).unzip();
        let (year_from, year) = years.into_iter().find_map(|(from, found)| found.map(|found| (from, found))).unzip();
        let doubt = |(title, text): (i32, i32)| {
            let facts = [title.to_string(), text.to_string()];
            (Severity::Warning, Message::new("the title says {0}, the text names the first and the last day of {1}", facts))
        };
        let inside = Imprint {
            publisher: None,
            printed,
            publisher_from: publisher_from.unwrap_or(""),
            year,
            year_from: year_from.unwrap_or(""),
            doubts: title_year.zip(head.period).filter(|(title, text)| title != text).map(doubt).into_iter().collect(),
        };
        Evidence { inside, ..Evidence::default() }
    }

    fn add_name(&mut self, file: &str, families: &[Family]) {
        if self.is_unread {
            return;
        }
        let (publisher, year) = split_title(stem(file), families);
        // A report is published in the year after its own, and a number in a name without a body's may be no year.
        let contradicts = |own: i32| publisher.is_some() && year.is_some_and(|year| year != own && year != own + 1);
        if self.inside.year.is_none_or(contradicts) {
            self.year.take(year, |one, other| (one == other).then_some(*one));
        }
        if self.inside.printed.is_none() {
            self.publisher.take(publisher, |one, other| fuller(one, other));
        }
    }

    fn imprint(&self) -> Imprint {
        let mut imprint = self.inside.clone();
        if imprint.printed.is_none() {
            imprint.printed = self.publisher.agreed().cloned();
            imprint.publisher_from = imprint.printed.as_ref().map_or("", |_| FILE_NAME);
        }
        if imprint.year.is_none() {
            imprint.year = self.year.agreed().copied();
            imprint.year_from = imprint.year.map_or("", |_| FILE_NAME);
        }
        let nameless = || imprint.printed.is_none().then(|| Message::plain("neither the report nor the name of its file says whose it is"));
        let dateless =
            || imprint.year.is_none().then(|| Message::plain("neither the report nor the name of its file says which year it is on"));
        let missing = |message: Option<Message>| message.filter(|_| !self.is_unread).map(|message| (Severity::Warning, message));
        let publisher = self.publisher_doubt().or_else(|| missing(nameless()));
        let year = self.year_doubt().or_else(|| missing(dateless()));
        imprint.doubts.extend(publisher.into_iter().chain(year));
        imprint
    }

    fn publisher_doubt(&self) -> Option<(Severity, Message)> {
        let (one, other) = self.publisher.differing()?;
        let facts = [one.clone(), other.clone()];
        let message = Message::new("files of this content are named for {0} and {1}, and nothing in it says whose it is", facts);
        Some((Severity::Warning, message))
    }

    fn year_doubt(&self) -> Option<(Severity, Message)> {
        if let Some(own) = self.inside.year {
            let facts = [own.to_string(), self.year.first?.to_string()];
            return Some((Severity::Note, Message::new("the report says {0}, the name of its file {1}", facts)));
        }
        let (one, other) = self.year.differing()?;
        let facts = [one.to_string(), other.to_string()];
        let message = Message::new("files of this content are named for {0} and {1}, and nothing in it says which year it is on", facts);
        Some((Severity::Warning, message))
    }
}

/// What the names of the files of one content say: the first that says anything, and one that says something else.
#[derive(Debug, Default)]
struct Said<T> {
    first: Option<T>,
    other: Option<T>,
}

impl<T> Said<T> {
    /// Take in what a name says; `join` tells what two that agree say together.
    fn take(&mut self, found: Option<T>, join: fn(&T, &T) -> Option<T>) {
        let Some(found) = found else { return };
        let joined = self.first.as_ref().map(|first| join(first, &found));
        match joined {
            None => self.first = Some(found),
            Some(Some(both)) => self.first = Some(both),
            Some(None) => self.other = Some(found),
        }
    }

    /// What all of them say.
    fn agreed(&self) -> Option<&T> {
        self.first.as_ref().filter(|_| self.other.is_none())
    }

    /// Two that contradict each other.
    fn differing(&self) -> Option<(&T, &T)> {
        self.first.as_ref().zip(self.other.as_ref())
    }
}

/// The one of two names that says more, where both can mean one body: the same with more regions, or a body where the other
/// names its region alone.
fn fuller(one: &str, other: &str) -> Option<String> {
    let (own, more) = (part(one), part(other));
    let holds = |full: &Name, bare: &Name| (bare.body == full.body || bare.body.is_empty()) && full.regions.ends_with(&bare.regions);
    if holds(&own, &more) { Some(one.to_string()) } else { holds(&more, &own).then(|| other.to_string()) }
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
    let name = bare_name(after_head(rest));
    let is_clause = name.contains(['，', ',', '。', '；', ';', '：', ':']) && !is_name(name);
    Some(name.to_string()).filter(|name| !name.is_empty() && !is_clause)
}

/// A name without what stands round it: the number of an annex before it, brackets in which it stands or nothing does, the
/// words of a notice behind it, marks at its ends.
fn bare_name(words: &str) -> &str {
    let behind = words.rsplit_once([':', '：']).map(|(_, behind)| behind).filter(|behind| is_name(behind)).unwrap_or(words);
    let numbered = behind.trim_start_matches(|character: char| character.is_ascii_digit());
    let unnumbered = numbered.strip_prefix(['.', '、', '．']).filter(|_| numbered.len() < behind.len()).unwrap_or(behind);
    let inside = unnumbered.strip_prefix(['[', '［', '【', '〔']).and_then(|rest| rest.strip_suffix([']', '］', '】', '〕']));
    let whole = inside.unwrap_or(unnumbered);
    let whole = whole.strip_suffix("()").or_else(|| whole.strip_suffix("（）")).unwrap_or(whole);
    let whole = whole.trim_matches(['-', '—', '–', '_', ' ', '　']);
    Some(before_period(before_break(whole))).filter(|name| is_name(name)).unwrap_or(whole)
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
        !part(line).body.is_empty() && is_name(line) && before_break(line) == line
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_round_a_name_is_no_part_of_it() {
        let cleaned = |words| clean(words).unwrap_or_default();
        assert_eq!(cleaned("【年报】青石县水务局"), "青石县水务局");
        assert_eq!(cleaned("()青石县水务局"), "青石县水务局");
        assert_eq!(cleaned("《青石县水务局"), "青石县水务局");
        assert_eq!(cleaned("首页>政务公开>青石县水务局"), "青石县水务局");
        assert_eq!(cleaned("青石县水务局-2022年"), "青石县水务局");
        assert_eq!(cleaned("现将青石县水务局"), "青石县水务局");
        for debris in [
            "附件1：青石县水务局",
            "青石县水务局 -",
            "青石县水务局_",
            "青石县水务局（）",
            "1.青石县水务局",
            "[青石县水务局]",
            "青石县水务局关于公布",
            "青石县水务局上半年",
        ] {
            assert_eq!(cleaned(debris), "青石县水务局", "{debris}");
        }
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
        // Neither the time of a capture nor a number behind a name is a year.
        assert_eq!(split("c.warc!/http://a/report@20230201080000"), (None, None));
        assert_eq!(split("c.warc!/http://a/2021年报@20230201080000#2"), (None, Some(2021)));
    }

    fn input(file: &str, head: &Head) -> Input {
        Input { file: file.into(), size: 0, hash: Some([1; 32]), answer: None, head: head.clone() }
    }

    /// The imprint of a content with files of these names.
    fn imprint_of(files: &[&str], head: &Head) -> Imprint {
        let mut people = People::new(&[]);
        let n_new = files.iter().filter(|file| people.take(&input(file, head))).count();
        assert_eq!(n_new, 1, "one content");
        people.imprint(&input("any", head))
    }

    fn read() -> Head {
        Head { status: "ok".into(), format: "text".into(), ..Head::default() }
    }

    fn told(imprint: &Imprint) -> Vec<String> {
        imprint.doubts.iter().map(|(severity, message)| format!("{}: {message}", severity.name())).collect()
    }

    #[test]
    fn the_names_of_all_copies_speak_for_a_content_that_says_nothing() {
        let found = imprint_of(&["download.html", "2021.html", "a/青石县水务局.html", "白水省青石县水务局_2021.html"], &read());
        assert_eq!((found.printed.as_deref(), found.publisher_from), (Some("白水省青石县水务局"), FILE_NAME));
        assert_eq!((found.year, found.year_from), (Some(2021), FILE_NAME));
        assert_eq!(told(&found), Vec::<String>::new());
        let alone = imprint(&input("青石县水务局_2021.html", &read()), &[]);
        assert_eq!((alone.printed.as_deref(), alone.year), (Some("青石县水务局"), Some(2021)));
        let unread = imprint_of(&["青石县水务局_2021.html"], &Head::default());
        assert_eq!(unread, Imprint::default());
    }

    #[test]
    fn a_signature_is_a_name_that_stands_alone() {
        let signed = |lines: &[&str]| {
            let head = Head { lines: lines.iter().map(ToString::to_string).collect(), ..read() };
            imprint_of(&["a.txt"], &head).printed
        };
        assert_eq!(signed(&["信息", "青石县水务局", "2022年1月10日"]).as_deref(), Some("青石县水务局"));
        assert_eq!(signed(&["工程建设中心", "青石县", "工程建设中心"]), None, "the label of a table");
        assert_eq!(signed(&["青石县人民代表大会关于青石县人民政府"]), None, "the head of a resolution");
    }

    #[test]
    fn copies_named_for_two_years_or_bodies_have_none() {
        let found = imprint_of(&["2021_青石县水务局.txt", "2020_青石县水务局.txt", "2021_青石县水务局 (1).txt"], &read());
        assert_eq!((found.printed.as_deref(), found.year, found.year_from), (Some("青石县水务局"), None, ""));
        let message = "files of this content are named for 2021 and 2020, and nothing in it says which year it is on";
        assert_eq!(told(&found), [format!("warning: {message}")]);
        let found = imprint_of(&["2021_青石县水务局.txt", "2021_青石县农业局.txt"], &read());
        assert_eq!((found.printed, found.publisher_from, found.year), (None, "", Some(2021)));
        assert_eq!(found.doubts.len(), 1);
        // What stands inside is not put in doubt by copies.
        let titled = Head { title: Some("青石县水务局2020年年报".into()), ..read() };
        let found = imprint_of(&["2021_青石县农业局.txt", "2020_青石县水务局.txt"], &titled);
        assert_eq!((found.printed.as_deref(), found.year, found.doubts.len()), (Some("青石县水务局"), Some(2020), 0));
    }

    #[test]
    fn a_report_that_says_neither_whose_nor_when_is_in_doubt() {
        let neither =
            ["whose it is", "which year it is on"].map(|what| format!("warning: neither the report nor the name of its file says {what}"));
        assert_eq!(told(&imprint_of(&["a.txt"], &read())), neither);
        assert_eq!(told(&imprint_of(&["2021_青石县水务局.txt"], &read())), Vec::<String>::new());
    }

    #[test]
    fn a_year_that_is_said_in_two_ways_is_in_doubt() {
        let publisher = Some("青石县水务局".to_string());
        let titled = |year: i32, period: Option<i32>| Head { year: Some(year), period, publisher: publisher.clone(), ..read() };
        let found = imprint_of(&["a.txt"], &titled(2022, Some(2021)));
        assert_eq!((found.year, found.year_from), (Some(2022), "title"));
        assert_eq!(told(&found), ["warning: the title says 2022, the text names the first and the last day of 2021"]);
        assert_eq!(told(&imprint_of(&["a.txt"], &titled(2022, Some(2022)))), Vec::<String>::new());
        let noted = |file: &str| told(&imprint_of(&[file], &titled(2022, None)));
        assert_eq!(noted("2020_青石县水务局.txt"), ["note: the report says 2022, the name of its file 2020"]);
        // The year of publication, a number that may be no year, and two years say nothing.
        for silent in ["2022_青石县水务局.txt", "2023_青石县水务局.txt", "art_2015_1.html", "2019.txt", "2020-2021_青石县水务局.txt"]
        {
            assert_eq!(noted(silent), Vec::<String>::new(), "{silent}");
        }
    }
}
