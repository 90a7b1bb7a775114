//! Blocks → section tree, from numbering and look ([`crate::numbering`]) and from titles that are known.
//!
//! A list of headings stays open while its numbers go on; a heading joins the open list of its own kind, or opens a
//! list under the section it stands in. Numbers that jump or come twice are flagged, and the heading is placed all the
//! same. A title that a family knows is a heading even where its number is lost, misread or of another kind, and where
//! it is wrapped; it joins the outermost list. 一是…二是… and other run-on enumerations carry no mark and are never
//! headings.

mod heading;
mod lists;
mod manner;
mod notes;
mod paragraph;
mod titles;

pub use titles::KnownTitles;

use crate::doc::{Document, Para};
use crate::flag::{Flag, Flagged};
use crate::fold::{is_blank, tidy};
use crate::label::key;
use crate::normalise::are_years;
use crate::numbering::{Style, fold_mark, mark, may_be_marked, read_number};
use crate::place::Span;
use heading::{Heading, Numbered, SEPARATORS};
use lists::{FILLED_LINE, Latest, OpenList};
use manner::{Manner, Marked, contents};
use paragraph::{Paragraph, Short};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use titles::Keys;

/// The section tree, flat and in order.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// The report's title.
    pub title: Option<Span>,
    /// Sections in order of the document.
    pub sections: Vec<Section>,
}

/// One section.
#[derive(Debug, Clone)]
pub struct Section {
    /// The mark as printed, such as `一`; none where a heading has no number.
    pub number: Option<String>,
    /// 1 for the root list.
    pub level: usize,
    /// The heading's words without the mark.
    pub title: String,
    /// The heading.
    pub span: Span,
    /// Words of the same paragraph that follow the heading.
    pub run_in: Option<Span>,
    /// Index of the section it stands in.
    pub parent: Option<usize>,
    /// Its own blocks, up to the next heading.
    pub blocks: Range<usize>,
}

impl Outline {
    /// The section that a block stands in.
    pub fn section_of(&self, block: usize) -> Option<usize> {
        let after = self.sections.partition_point(|section| section.blocks.start <= block);
        after.checked_sub(1).filter(|&index| self.sections.get(index).is_some_and(|section| section.blocks.contains(&block)))
    }

    /// The level-1 section above a section.
    pub fn root_of(&self, mut index: usize) -> usize {
        while let Some(parent) = self.sections.get(index).and_then(|section| section.parent) {
            index = parent;
        }
        index
    }
}

/// So many known titles must be printed before one of them alone makes a heading: any report may have an "Other".
const LEAST_KNOWN: usize = 3;

/// Find the sections of a document.
pub fn outline(document: &Document, known: &KnownTitles) -> Flagged<Outline> {
    let mut paras = Paragraph::all(document);
    let notes = notes::items(document, &paras, known.notes);
    let title = find_headed_title(document, &paras);
    for (index, para) in paras.iter_mut().enumerate() {
        // What looks as a heading does above the title is the page's.
        let is_above = title.is_some_and(|title| index <= title) && para.look_level().is_some();
        if is_above || notes.get(index) == Some(&true) {
            para.heading = None;
        }
    }
    let marked: Vec<Option<Marked>> = paras.iter().map(Marked::find).collect();
    let contents = contents(&marked);
    let manner = Manner::new(marked.get(contents.end..).unwrap_or_default(), &known.own);
    let nothing = Keys::default();
    let own = if n_known(&paras, &known.own) >= LEAST_KNOWN { &known.own } else { &nothing };
    let title = title.and_then(|title| paras.get(title)).map(|para| para.para.span);
    let (outline, open, flags) = (Outline { title, ..Outline::default() }, Vec::new(), Vec::new());
    let mut walk = Walk { document, own, common: &known.common, manner, outline, open, latest: BTreeMap::new(), flags };
    for para in paras.iter().take(contents.start) {
        walk.para(para, None);
    }
    let mut rest = paras.get(contents.end..).unwrap_or_default();
    while let [para, below @ ..] = rest {
        let next = below.first().filter(|next| next.block == para.block + 1);
        let n_taken = walk.para(para, next);
        rest = rest.get(n_taken..).unwrap_or_default();
    }
    walk.close(document.blocks.len());
    Flagged { value: walk.outline, flags: walk.flags }
}

/// The paragraph that is the report's title although it looks as sections' headings do: the one that the file names, or the
/// last one with a year above the first number, where no other looks greater, and none below it as great.
fn find_headed_title(document: &Document, paras: &[Paragraph]) -> Option<usize> {
    let named = paras.iter().position(|para| Some(para.para.span) == document.title && para.look_level().is_some());
    let dated = || {
        let first = paras.iter().position(|para| para.heading.as_ref().is_some_and(|heading| heading.mark.is_some()))?;
        let above = paras.get(..first)?;
        let at = above.iter().rposition(|para| para.look_level().is_some() && names_years_alone(para.words))?;
        let level = paras.get(at)?.look_level();
        let mut greater = above.iter().filter_map(Paragraph::look_level).filter(|other| Some(*other) < level);
        let is_greatest = paras.get(at + 1..)?.iter().filter_map(Paragraph::look_level).all(|below| Some(below) > level);
        (is_greatest && greater.next().is_none()).then_some(at)
    };
    named.or_else(dated)
}

/// A year stands in these words, and no other number: no day, no count.
fn names_years_alone(words: &str) -> bool {
    words.contains(|character: char| character.is_ascii_digit()) && are_years(words)
}

/// How many of the known titles are printed.
fn n_known(paras: &[Paragraph], known: &Keys) -> usize {
    let titles = paras.iter().enumerate().filter_map(|(at, para)| para.find_known(paras.get(at + 1), known));
    titles.collect::<HashSet<_>>().len()
}

struct Walk<'a> {
    document: &'a Document,
    /// Titles of the families at hand; nothing where hardly any of them is printed.
    own: &'a Keys<'a>,
    common: &'a Keys<'a>,
    manner: Manner,
    outline: Outline,
    open: Vec<OpenList>,
    /// The number that each kind has come to, be its list open or not.
    latest: BTreeMap<Style, u64>,
    flags: Vec<Flag>,
}

impl Walk<'_> {
    /// Look at a paragraph; tells how many were taken.
    fn para(&mut self, paragraph: &Paragraph, next: Option<&Paragraph>) -> usize {
        let Paragraph { block, para, words, .. } = *paragraph;
        let may_be_title = self.outline.sections.is_empty() && self.outline.title.is_none();
        let marked = paragraph.heading.as_ref().filter(|heading| !(may_be_title && heading.is_title()));
        if let Some(whole) = self.find_wrapped(para, marked, next) {
            self.take(whole, para, block);
            return 2;
        }
        let marked = marked.map(|heading| self.as_outer(heading.clone()));
        let is_in_order = |heading: &Heading| self.begins(heading) && !is_sentence(heading, next) || self.goes_on(heading);
        let marked = marked.filter(|heading| !heading.needs_order() || is_in_order(heading) || self.skips(heading, paragraph, next));
        let unmarked =
            || paragraph.short.as_ref().and_then(|short| self.find_unmarked(short, para).or_else(|| self.find_common(short, para)));
        match marked.or_else(unmarked) {
            Some(heading) => self.take(heading, para, block),
            None if may_be_title && !words.contains('。') && words.chars().count() <= 60 => self.outline.title = Some(para.span),
            None => self.count(words),
        }
        1
    }

    /// A known title with a number of another kind than all others, `3、` among 一、二、四、: its number is misread.
    fn as_outer(&self, heading: Heading) -> Heading {
        let (Some(style), Some(first)) = (self.manner.outer, self.open.first()) else { return heading };
        let key = key(&heading.title);
        if heading.style == style || first.style != style || !self.own.contains(key.as_str()) || self.manner.plain.contains(&key) {
            return heading;
        }
        let number = first.last.by_count.max(first.last.number) + 1;
        Heading { style, number, numbered: Numbered::Unreadably, ..heading }
    }

    /// The first of a list; of one that has no marks of its own only where none of the kind is open.
    fn begins(&self, heading: &Heading) -> bool {
        let is_open = || self.open.iter().any(|list| list.style == heading.style && (list.style == Style::Bare || list.in_capitals));
        let is_alone = heading.style == Style::Spaced && !self.manner.counts_spaced;
        heading.number == 1 && self.is_inside(heading) && !is_open() && !is_alone
    }

    fn goes_on(&self, heading: &Heading) -> bool {
        let goes_on = |list: &OpenList| {
            list.style == heading.style && list.last.is_followed_by(heading.number) && (!list.in_capitals || heading.is_in_capitals())
        };
        self.open.iter().any(goes_on) && self.is_inside(heading)
    }

    /// `3.2` stands in section 3, where sections are numbered so.
    fn is_inside(&self, heading: &Heading) -> bool {
        let outer = heading.mark.as_deref().and_then(|mark| mark.rsplit_once('.')).map(|(outer, _)| outer);
        let n_parts = outer.map_or(0, |outer| outer.split('.').count());
        let is_outer = |list: &&OpenList| match list.style {
            Style::Digit | Style::Bare => n_parts == 1,
            Style::Decimal(parts) => usize::from(parts) == n_parts,
            _ => false,
        };
        let mut above = self.open.iter().filter(is_outer).filter_map(|list| list.last.mark.as_deref());
        above.next_back().is_none_or(|mark| Some(mark) == outer)
    }

    /// A paragraph of text may carry the next number of a list, too.
    fn count(&mut self, words: &str) {
        if self.open.is_empty() || !may_be_marked(words.trim_start_matches(is_blank)) {
            return;
        }
        let head: String = words.chars().take(LONGEST_MARK).collect();
        let Ok((_, (style, mark))) = mark(&fold_mark(&tidy(&head))) else { return };
        let Some(number) = read_number(&mark) else { return };
        if let Some(list) =
            self.open.iter_mut().rev().find(|list| list.style == style && list.last.is_followed_by(number) && !list.in_capitals)
        {
            list.last = Latest { number, by_count: number, mark: Some(mark) };
        }
    }

    fn take(&mut self, heading: Heading, para: &Para, index: usize) {
        self.close(index);
        let in_capitals = match self.open.iter().find(|list| list.style == heading.style) {
            Some(list) => list.in_capitals,
            None => heading.is_in_capitals() && !matches!(heading.style, Style::Decimal(_)),
        };
        let (parent, last) = self.place(&heading, para);
        let level = parent.and_then(|parent| self.outline.sections.get(parent)).map_or(0, |section| section.level) + 1;
        let section = self.outline.sections.len();
        self.latest.insert(heading.style, heading.number);
        self.open.push(OpenList { style: heading.style, look: para.look.heading, in_capitals, last, section });
        let Heading { mark, title, span, run_in, .. } = heading;
        self.outline.sections.push(Section { number: mark, level, title, span, run_in, parent, blocks: index..index + 1 });
    }

    /// A known title that goes on in the next paragraph.
    fn find_wrapped(&self, para: &Para, marked: Option<&Heading>, next: Option<&Paragraph>) -> Option<Heading> {
        let (marked, next) = (marked?, next?);
        let goes_on = next.short.as_ref().filter(|_| marked.run_in.is_none() && !self.knows(&marked.title))?;
        let title = format!("{}{}", marked.title, goes_on.shown);
        let whole = Span { start: para.span.start, end: next.para.span.end };
        self.knows(&title).then(|| Heading { title, span: whole, ..marked.clone() })
    }

    fn knows(&self, title: &str) -> bool {
        self.own.contains(key(title).as_str())
    }

    /// A known title whose number is misread (`l六、`) or lost.
    fn find_unmarked(&self, short: &Short, para: &Para) -> Option<Heading> {
        let Short { shown, key } = short;
        let outermost = self.open.first();
        let style = outermost.map_or(Style::Comma, |list| list.style);
        let number = outermost.map_or(1, |list| list.last.by_count.max(list.last.number) + 1);
        let heading = |numbered, mark, title| Heading { style, number, numbered, mark, title, span: para.span, run_in: None };
        let misread = shown.split_once(SEPARATORS).filter(|(before, title)| (1..=4).contains(&before.chars().count()) && self.knows(title));
        if let Some((before, title)) = misread {
            return Some(heading(Numbered::Unreadably, Some(before.to_string()), tidy(title)));
        }
        // `#农林牧渔业`: statistics mark a part so, and none of their titles.
        let is_part = shown.starts_with('#') && !shown.starts_with("##");
        let is_title = self.own.contains(key.as_str()) && !self.manner.numbered.contains(key) && !is_part;
        // Where no title has a number, none has lost it.
        let is_plain = matches!(style, Style::Look(_)) || self.manner.numbered.is_empty();
        is_title.then(|| heading(if is_plain { Numbered::Plainly } else { Numbered::Not }, None, shown.clone()))
    }

    /// A title that any report may have and that carries no number, among headings that do.
    fn find_common(&self, short: &Short, para: &Para) -> Option<Heading> {
        let style = self.manner.usual.filter(|_| self.common.contains(short.key.as_str()))?;
        let number = self.open.iter().find(|list| list.style == style).map_or(0, |list| list.last.number);
        Some(Heading { style, number, numbered: Numbered::Plainly, mark: None, title: short.shown.clone(), span: para.span, run_in: None })
    }

    fn close(&mut self, end: usize) {
        if let Some(section) = self.outline.sections.last_mut() {
            section.blocks.end = end;
        }
    }
}

/// `1. If an index is less than the data, it` and below it `will be inferior`: the list is one of sentences. A title that
/// is broken within a word goes on in small letters, too.
fn is_sentence(heading: &Heading, next: Option<&Paragraph>) -> bool {
    let goes_on = next.is_some_and(|next| next.words.starts_with(|first: char| first.is_ascii_lowercase()));
    heading.style == Style::Digit && goes_on && heading.title.len() >= FILLED_LINE && !heading.title.ends_with('-')
}

const LONGEST_MARK: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 3] = ["总体情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况"];

    fn titles(text: &str) -> Vec<String> {
        let document = crate::read::txt::read(text.to_string());
        let found = outline(&document, &KnownTitles::new(KNOWN.iter().copied())).value;
        found
            .sections
            .iter()
            .map(|section| format!("{}{} {}", "-".repeat(section.level), section.number.clone().unwrap_or_default(), section.title))
            .collect()
    }

    #[test]
    fn numbers_make_the_tree() {
        let text = "某局 2020 年年度报告\n一、总体情况\n（一）公开。\n一是整理网站。\n第二十条第（一）项\n(二) 平台建设\n1. 网站\n二、其他\n(一)平台。我局把平台建设作为抓手。\n";
        assert_eq!(titles(text), ["-一 总体情况", "--一 公开", "--二 平台建设", "---1 网站", "-二 其他", "--一 平台"]);
    }

    fn flagged(text: &str) -> Vec<String> {
        let found = outline(&crate::read::txt::read(text.to_string()), &KnownTitles::new(KNOWN.iter().copied()));
        found.flags.iter().map(|flag| flag.message.to_string()).collect()
    }

    #[test]
    fn a_number_in_the_text_between_is_no_gap() {
        let text =
            "标题\n\n一、职责\n\n（一）起草规划\n\n承担规划的起草；（二）承担检查；（三）承担培训，\n\n（四）完成其他任务\n\n二、机构\n";
        assert_eq!(flagged(text), Vec::<String>::new());
        assert_eq!(flagged(&text.replace("（三）承担培训，", "承担培训，")).len(), 1);
        assert_eq!(flagged(&text.replace("（三）承担培训，", "依第（三）项培训，")).len(), 1);
    }

    #[test]
    fn english_numbers_make_a_tree() {
        let text = "Part I. Basis\n1. Scope\n1.1 Terms\n1.2 Sources\n1.5 million people were asked.\n2. Results\nPart II. Outlook\n";
        assert_eq!(titles(text), ["-I Basis", "--1 Scope", "---1.1 Terms", "---1.2 Sources", "--2 Results", "-II Outlook"]);
        assert!(flagged(text).is_empty());
    }

    #[test]
    fn bare_numbers_make_a_tree_with_titles_that_have_none() {
        let text = "A study\nAbstract\nWe count.\n1 Introduction\n12 Goats were counted in 3 places.\n2 Method of counting\n2.1 Places\n5.1 Litres a day\n2.2 Days\n3 Results\nReferences\n";
        let common = ["abstract".to_string(), "references".to_string()];
        let known = KnownTitles::default().with_common(common.iter());
        let found = outline(&crate::read::txt::read(text.to_string()), &known);
        let shown =
            |section: &Section| format!("{}{} {}", "-".repeat(section.level), section.number.clone().unwrap_or_default(), section.title);
        let wanted = ["- Abstract", "-1 Introduction", "-2 Method of counting", "--2.1 Places", "--2.2 Days", "-3 Results", "- References"];
        assert_eq!(found.value.sections.iter().map(shown).collect::<Vec<_>>(), wanted);
        assert!(found.flags.is_empty());
    }

    #[test]
    fn sentences_with_numbers_are_no_headings() {
        let text = "1. Scope\n2. Results\nWe find:\n1. If the index is less than all the data, the whole\nwill be inferior.\n2. Choosing it is critical.\n\
                    Section 2.3.1. The curve shows this.\n3. Outlook\n";
        assert_eq!(titles(text), ["-1 Scope", "-2 Results", "-3 Outlook"]);
        let text = "1. Scope\na) apples are counted\nb) pears too\n2. Acid levels\npH was measured.\n";
        assert_eq!(titles(text), ["-1 Scope", "-2 Acid levels"]);
    }

    #[test]
    fn a_number_of_a_page_does_not_hide_the_heading_below_it() {
        let text = "1 Scope\nWe count goats in the places that are named in the list and\nnowhere else.\n13\n2 Results\nThere are goats.\n";
        assert_eq!(titles(text), ["-1 Scope", "-2 Results"]);
    }

    #[test]
    fn a_doubled_number_is_told_once() {
        let text = "一、甲\n二、乙\n二、丙\n四、丁\n五、戊\n";
        assert_eq!(titles(text), ["-一 甲", "-二 乙", "-二 丙", "-四 丁", "-五 戊"]);
        assert_eq!(flagged(text), ["section number 二 comes twice"]);
        assert_eq!(flagged("一、甲\n三、乙\n四、丙\n"), ["section number 三 does not follow 一"]);
    }

    #[test]
    fn a_known_title_is_a_heading_whatever_its_number() {
        let text = "某局年报\n一、总体情况\n二、公开\nl三、收到和处理政府信息公开申请情况\n政府信息公开行政复议、行政诉讼情况\n五、其他\n";
        let wanted =
            ["-一 总体情况", "-二 公开", "-l三 收到和处理政府信息公开申请情况", "- 政府信息公开行政复议、行政诉讼情况", "-五 其他"];
        assert_eq!(titles(text), wanted);
        let told = ["l三 stands where a section number belongs", "the section 政府信息公开行政复议、行政诉讼情况 has lost its number"];
        assert_eq!(flagged(text), told);
    }

    #[test]
    fn titles_that_have_no_numbers_have_lost_none() {
        let text = "某局年报\n总体情况\n甲。\n收到和处理政府信息公开申请情况\n乙。\n政府信息公开行政复议、行政诉讼情况\n丙。\n";
        let wanted = ["- 总体情况", "- 收到和处理政府信息公开申请情况", "- 政府信息公开行政复议、行政诉讼情况"];
        assert_eq!(titles(text), wanted);
        assert!(flagged(text).is_empty());
    }

    #[test]
    fn a_known_title_may_be_wrapped() {
        let text = "一、总体情况\n二、收到和处理政府信息\n公开申请情况\n（一）收到\n三、政府信息公开行政复议、\n行政诉讼情况\n没有。\n";
        let wanted = ["-一 总体情况", "-二 收到和处理政府信息公开申请情况", "--一 收到", "-三 政府信息公开行政复议、行政诉讼情况"];
        assert_eq!(titles(text), wanted);
        assert!(flagged(text).is_empty());
    }

    #[test]
    fn a_table_of_contents_is_no_list_of_sections() {
        let titles_below = "一、总体情况\n（一）甲\n二、收到和处理政府信息公开申请情况\n三、政府信息公开行政复议、行政诉讼情况\n";
        let contents = "一、总体情况……1\n二、收到和处理政府信息公开申请情况……3\n三、政府信息公开行政复议、行政诉讼情况……6\n";
        let text = format!("某局年报\n目录\n{contents}{titles_below}");
        assert_eq!(titles(&text), titles(&format!("某局年报\n{titles_below}")));
        assert!(flagged(&text).is_empty());
    }

    #[test]
    fn a_known_title_numbered_unlike_the_others_has_a_misread_number() {
        let text = "一、总体情况\n二、公开\n3、收到和处理政府信息公开申请情况\n（一）甲\n四、政府信息公开行政复议、行政诉讼情况\n五、其他需要报告的事项\n";
        let known = KnownTitles::new(KNOWN.iter().copied().chain(["公开", "其他需要报告的事项"]));
        let found = outline(&crate::read::txt::read(text.to_string()), &known);
        let levels: Vec<usize> = found.value.sections.iter().map(|section| section.level).collect();
        assert_eq!(levels, [1, 1, 1, 2, 1, 1]);
        let told: Vec<String> = found.flags.iter().map(|flag| flag.message.to_string()).collect();
        assert_eq!(told, ["3 stands where a section number belongs"]);
    }

    #[test]
    fn a_list_may_begin_again_below_the_outermost() {
        let text = "一、总体情况\n1. 甲\n2. 乙\n另有下列各项：\n1. 丙\n二、乙\n";
        assert!(flagged(text).is_empty());
        let text = "一、总体情况\n二、收到和处理政府信息公开申请情况\n一、政府信息公开行政复议、行政诉讼情况\n";
        assert_eq!(titles(text), ["-一 总体情况", "-二 收到和处理政府信息公开申请情况", "-一 政府信息公开行政复议、行政诉讼情况"]);
        assert_eq!(flagged(text), ["section number 一 does not follow 二"]);
    }

    #[test]
    fn words_of_the_text_that_equal_a_numbered_title_are_no_heading() {
        let text = "一、概况\n（一）收到\n收到和处理政府信息公开申请情况\n二、收到和处理政府信息公开申请情况\n";
        assert_eq!(titles(text), ["-一 概况", "--一 收到", "-二 收到和处理政府信息公开申请情况"]);
        assert!(flagged(text).is_empty());
    }
}
