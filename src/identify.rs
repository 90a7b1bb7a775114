//! What a report is: its title, who published it, the year it is on, the family it belongs to.

use crate::doc::{Block, Document};
use crate::fold::{fold_char, is_blank, tidy};
use crate::grammar::Family;
use crate::grammar::publishers::{after_head, is_name};
use crate::label::compared;
use crate::normalise::{YEARS, are_years, read_chinese_numeral};
use crate::outline::Outline;
use crate::place::Span;

/// What the title says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Identity {
    /// The title as printed, on one line.
    pub title: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// The year it is on.
    pub year: Option<i32>,
    /// The title names a family.
    pub names_family: bool,
}

/// Paragraphs in which a title is looked for.
const HEAD: usize = 12;
/// Blocks that a menu above the first numbered section may have.
const LONGEST_MENU: usize = 300;

/// The paragraphs in which a title may stand, made ready once to be looked through for each family.
pub struct Head<'a> {
    document: &'a Document,
    title: Option<Span>,
    paras: Vec<Span>,
    /// The words of each paragraph; none of a long one.
    alone: Vec<Option<Words>>,
    /// The words of each together with those of the one above: a long title goes over two lines.
    joined: Vec<Option<Words>>,
}

impl Head<'_> {
    /// Of a document.
    pub fn new<'a>(document: &'a Document, outline: &Outline) -> Head<'a> {
        let head = outline.sections.iter().find(|section| section.number.is_some()).map_or(0, |section| section.blocks.start);
        let head = head.min(LONGEST_MENU);
        let first = document.blocks.iter().take(head).filter(|block| matches!(block, Block::Para(_))).count().max(HEAD);
        let paras = document.blocks.iter().filter_map(|block| if let Block::Para(para) = block { Some(para.span) } else { None });
        let paras: Vec<Span> = paras.take(first).collect();
        let alone: Vec<Option<Words>> = paras.iter().map(|span| Words::of_title(document.slice(*span))).collect();
        let joined = |(index, span): (usize, &Span)| {
            let above = index.checked_sub(1)?;
            let (one, other) = (alone.get(above)?.as_ref()?, alone.get(index)?.as_ref()?);
            let between = Span { start: paras.get(above)?.end, end: span.start };
            one.join(&Words::of_title(document.slice(between))?, other)
        };
        let joined = paras.iter().enumerate().map(joined).collect();
        let title = document.title.or_else(|| find_dated(document, outline));
        Head { document, title, paras, alone, joined }
    }

    /// A title in a paragraph, or in it and the one above.
    fn find(&self, index: usize, names: &[Vec<char>]) -> Option<(Span, (Option<i32>, String))> {
        let own = self.paras.get(index)?;
        let alone = || Some((*own, self.alone.get(index)?.as_ref()?.find_title(names)?));
        let joined = || {
            let above = self.paras.get(index.checked_sub(1)?)?;
            Some((above.to(*own), self.joined.get(index)?.as_ref()?.find_title(names)?))
        };
        let is_dated = |(_, (year, _)): &(Span, (Option<i32>, String))| year.is_some();
        // The line above belongs to a title that is no title without it, or no dated one.
        alone().filter(is_dated).or_else(|| joined().filter(is_dated)).or_else(alone).or_else(joined)
    }
}

/// Paragraphs above tables and sections of which one may be the title that names a year.
const FIRST_LINES: usize = 6;

/// The title that the outline has; where that names no year, `会议材料`, the first of the lines above tables and sections that
/// begins as titles do, with the year or whose it is.
fn find_dated(document: &Document, outline: &Outline) -> Option<Span> {
    let first = outline.sections.first().map_or(document.blocks.len(), |section| section.blocks.start);
    let above = document.blocks.iter().take(first).take_while(|block| !matches!(block, Block::Grid(_)));
    let above = above.filter_map(|block| if let Block::Para(para) = block { Some(para.span) } else { None });
    let words = |span: &Span| Words::of_title(document.slice(*span));
    let has_year = |span: &Span| words(span).is_some_and(|words| find_year_mark(&words).is_some());
    let is_title = |span: &Span| words(span).is_some_and(|words| words.begin_as_title());
    outline.title.filter(has_year).or_else(|| above.take(FIRST_LINES).find(is_title)).or(outline.title)
}

/// Read the title: the first paragraph that holds a name of the family and a year, else the first that holds a name,
/// else the first one. A web page may print its menu above the title.
pub fn identify(head: &Head, family: &Family) -> Identity {
    let (document, paras) = (head.document, &head.paras);
    let mut named = (0..paras.len()).filter_map(|index| head.find(index, &family.named));
    let plain = named.next();
    let dated = plain.clone().filter(|(_, (year, _))| year.is_some()).or_else(|| named.find(|(_, (year, _))| year.is_some()));
    match dated.or(plain) {
        Some((span, (year, publisher))) => {
            let title = Some(tidy(document.slice(span)));
            let signed = paras.iter().find_map(|span| find_signature(document.slice(*span), family));
            let publisher = after_head(&publisher).to_string();
            let titled = || if publisher.is_empty() { find_name_above(document, paras, span) } else { Some(publisher) };
            let publisher = signed.or_else(titled);
            Identity { title, publisher, year, names_family: true }
        }
        None => {
            let title = head.title.map(|span| tidy(document.slice(span)));
            let year = title.as_deref().and_then(|title| split_year(&Words::new(title)).0);
            Identity { title, publisher: None, year, names_family: false }
        }
    }
}

/// `编制部门：某局`: the name behind a word that says whose report it is, up to the next blank.
fn find_signature(text: &str, family: &Family) -> Option<String> {
    if family.signs.is_empty() {
        return None;
    }
    let shown = tidy(text);
    let after = family.signs.iter().find_map(|sign| shown.strip_prefix(sign.as_str()))?;
    let name = after.trim_start().strip_prefix(['：', ':'])?.trim_start();
    let name = name.split([' ', '\u{3000}']).next()?;
    (!name.is_empty() && name.chars().count() < LONGEST_TITLE).then(|| name.to_string())
}

const LONGEST_TITLE: usize = 60;
const LONGEST_NAME: usize = 25;

/// A publisher's name on a line of its own: the first of the document, right above the title, nothing but a name.
fn find_name_above(document: &Document, paras: &[Span], title: Span) -> Option<String> {
    let first = paras.first().filter(|first| paras.get(1) == Some(&title) && first.end < title.start)?;
    let name = Words::new(document.slice(*first)).shown;
    let is_name = name.len() <= LONGEST_NAME
        && name.iter().all(|character| character.is_alphabetic() || matches!(character, '（' | '）' | '(' | ')'));
    let is_beside = document.slice(Span { start: first.end, end: title.start }).matches('\n').count() <= 1;
    (is_name && is_beside).then(|| name.into_iter().collect())
}

/// What stands behind a year, the longer first.
pub const YEAR_WORDS: &[&str] = &["年度", "年"];

/// Words without blanks, as printed and, character by character, as compared: Traditional forms by their Simplified ones.
struct Words {
    shown: Vec<char>,
    folded: Vec<char>,
}

impl Words {
    fn new(text: &str) -> Words {
        Words { shown: text.chars().filter(|&character| !is_blank(character)).collect(), folded: compared(text) }
    }

    /// Words short enough for a title.
    fn of_title(text: &str) -> Option<Words> {
        let is_short = text.chars().filter(|&character| !is_blank(character)).nth(LONGEST_TITLE - 1).is_none();
        is_short.then(|| Words::new(text))
    }

    /// These words, others and those behind them, where they are together short enough for a title.
    fn join(&self, between: &Words, behind: &Words) -> Option<Words> {
        let is_short = self.shown.len() + between.shown.len() + behind.shown.len() < LONGEST_TITLE;
        let join = |list: fn(&Words) -> &Vec<char>| [list(self), list(between), list(behind)].map(Vec::as_slice).concat();
        is_short.then(|| Words { shown: join(|words| &words.shown), folded: join(|words| &words.folded) })
    }

    /// A title in these words: what stands before the family's name says who and when.
    fn find_title(&self, names: &[Vec<char>]) -> Option<(Option<i32>, String)> {
        let (at, name) = names.iter().find_map(|name| Some((self.find(name)?, name)))?;
        let (year, publisher) = split_year(&self.before(at));
        let year = year.or_else(|| self.year_behind(at + name.len()));
        // A clause that says neither when nor, by itself, whose is a piece of a sentence that holds the name.
        let is_clause = self.shown.iter().any(|character| matches!(character, '，' | ',' | '。' | '；' | ';'));
        (year.is_some() || !is_clause).then_some((year, publisher))
    }

    fn find(&self, name: &[char]) -> Option<usize> {
        // Nearly all windows differ in their first character.
        let (first, rest) = name.split_first()?;
        self.folded.windows(name.len()).position(|window| matches!(window, [own, behind @ ..] if own == first && behind == rest))
    }

    /// A year, or a body and a year, and behind it no sentence and no number but another year.
    fn begin_as_title(&self) -> bool {
        let Some((at, _)) = find_year_mark(self) else { return false };
        let before: String = self.folded.iter().take(at).collect();
        let behind: String = self.folded.iter().skip(at + YEAR_LENGTH).collect();
        let is_clause = self.shown.iter().any(|character| matches!(character, '，' | ',' | '。' | '；' | ';' | '：' | ':'));
        (at == 0 || is_name(&before)) && are_years(&behind) && !is_clause
    }

    /// A year right behind the name, alone or in brackets: `（2021年度）`.
    fn year_behind(&self, at: usize) -> Option<i32> {
        let behind: String = self.folded.get(at..)?.iter().collect();
        let inside = behind.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inside, _)| inside);
        let words = inside.unwrap_or(&behind);
        let digits = words.get(..YEAR_LENGTH - 1)?;
        let mark = words.get(YEAR_LENGTH - 1..)?;
        let is_marked = YEAR_WORDS.contains(&mark) || inside.is_some() && mark.is_empty();
        digits.parse().ok().filter(|year| is_marked && YEARS.contains(year))
    }

    fn before(&self, at: usize) -> Words {
        Words { shown: self.shown.iter().take(at).copied().collect(), folded: self.folded.iter().take(at).copied().collect() }
    }
}

/// The year that a title names.
pub fn find_year(title: &str) -> Option<i32> {
    split_year(&Words::new(title)).0
}

/// The year of which a text names the first and the last day: `自2021年1月1日起，至2021年12月31日止`.
pub fn period(text: &str) -> Option<i32> {
    // Most words name no last day, and need not be folded to tell.
    let is_first =
        |(at, _): (usize, &str)| text.get(..at).and_then(|before| before.trim_end().chars().next_back()).map(fold_char) == Some('1');
    if !text.match_indices('日').any(is_first) {
        return None;
    }
    let folded: String = compared(text).into_iter().collect();
    let found = folded.match_indices("年1月1日").filter_map(|(at, first)| {
        let digits = folded.get(at.checked_sub(4)?..at)?;
        let year = digits.parse::<i32>().ok().filter(|year| YEARS.contains(year))?;
        let between = folded.get(at + first.len()..)?.split_once("12月31日")?.0;
        // No other year stands before the last day.
        let between = between.strip_suffix(&format!("{year}年")).unwrap_or(between);
        (!between.contains('年')).then_some(year)
    });
    let years: Vec<i32> = found.collect();
    years.first().copied().filter(|first| years.iter().all(|year| year == first))
}

/// Characters of a year and its mark.
const YEAR_LENGTH: usize = 5;

/// Where the first year of some words begins, and which it is.
fn find_year_mark(words: &Words) -> Option<(usize, i32)> {
    let marked = words.folded.windows(YEAR_LENGTH).enumerate().filter(|(_, window)| window.last() == Some(&'年'));
    let mut years = marked.filter_map(|(start, window)| {
        let digits: String = window.iter().take(YEAR_LENGTH - 1).collect();
        let year = digits.parse::<i32>().ok().or_else(|| read_chinese_numeral(&digits).and_then(|year| i32::try_from(year).ok()))?;
        let is_day = words.folded.get(start + YEAR_LENGTH..).is_some_and(is_day_within);
        (YEARS.contains(&year) && !is_day).then_some((start, year))
    });
    years.next()
}

/// `5月22日` behind a year: the day of a page, not the year a report is on. The last day of a year is one to report on.
fn is_day_within(behind: &[char]) -> bool {
    let number = |text: &[char]| -> Option<(u32, usize)> {
        let n_digits = text.iter().take(2).take_while(|character| character.is_ascii_digit()).count();
        let digits: String = text.iter().take(n_digits).collect();
        Some((digits.parse().ok()?, n_digits))
    };
    let date = || {
        let (month, n_digits) = number(behind)?;
        let rest = behind.get(n_digits..)?.strip_prefix(&['月'])?;
        let (day, n_digits) = number(rest)?;
        (rest.get(n_digits) == Some(&'日')).then_some((month, day))
    };
    date().is_some_and(|date| date != (12, 31))
}

/// `某局2020年度` or `2020年某局`: the year, and what is left as printed.
fn split_year(words: &Words) -> (Option<i32>, String) {
    let Some((start, year)) = find_year_mark(words) else { return (None, words.shown.iter().collect()) };
    let before: String = words.shown.iter().take(start).collect();
    let after: String = words.shown.iter().skip(start + YEAR_LENGTH).collect();
    let after = after.strip_prefix('度').unwrap_or(&after);
    // `2021-2022年`: two years are none.
    let range = before.strip_suffix(['-', '—', '–', '~', '至']).filter(|rest| rest.ends_with(|last: char| last.is_ascii_digit()));
    if let Some(rest) = range {
        return (None, format!("{}{after}", rest.trim_end_matches(|last: char| last.is_ascii_digit())));
    }
    // A call or a clause stands before the title, parted by its mark: 最新！
    let before = before.rsplit(['！', '!', '|', '丨', '｜', '，', ',']).next().unwrap_or_default();
    (Some(year), format!("{before}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publisher_may_stand_above_the_title() {
        let text = crate::grammar::BUILT_IN.iter().find(|(id, _)| *id == "cn-foi-annual").unwrap().1;
        let family = crate::grammar::load::load(text).unwrap();
        let publisher = |text: &str| {
            let document = crate::read::txt::read(text.to_string());
            identify(&Head::new(&document, &Outline::default()), &family).publisher
        };
        assert_eq!(publisher("    青石县水务局\n  2022 年政府信息公开工作年度报告\n"), Some("青石县水务局".into()));
        assert_eq!(publisher("关于2022年政府信息公开工作年度报告\n"), None);
        assert_eq!(publisher("关于印发青石县水务局2022年政府信息公开工作年度报告\n"), Some("青石县水务局".into()));
        assert_eq!(publisher("发布日期：2023-01-20\n青石县水务局政府信息公开工作年度报告\n"), Some("青石县水务局".into()));
        assert_eq!(publisher("首页 > 政务公开\n2022年政府信息公开工作年度报告\n"), None);
        assert_eq!(publisher("信息公开\n\n2022年政府信息公开工作年度报告\n"), None);
    }

    #[test]
    fn a_year_may_stand_behind_the_name_of_the_report() {
        let text = crate::grammar::BUILT_IN.iter().find(|(id, _)| *id == "cn-foi-annual").unwrap().1;
        let family = crate::grammar::load::load(text).unwrap();
        let found = |behind: &str| {
            let document = crate::read::txt::read(format!("青石县水务局政府信息公开工作年度报告{behind}\n"));
            let identity = identify(&Head::new(&document, &Outline::default()), &family);
            (identity.year, identity.publisher.unwrap_or_default())
        };
        for behind in ["（2021年）", "（2021年度）", "(2021)", " 2021年", "2021年度"] {
            assert_eq!(found(behind), (Some(2021), "青石县水务局".into()), "{behind}");
        }
        for behind in ["", "2021", "（2022年1月10日）", "2022年1月", "（第2021号）"] {
            assert_eq!(found(behind).0, None, "{behind}");
        }
    }

    #[test]
    fn a_piece_of_a_sentence_is_no_title() {
        let text = crate::grammar::BUILT_IN.iter().find(|(id, _)| *id == "cn-foi-annual").unwrap().1;
        let family = crate::grammar::load::load(text).unwrap();
        let names_family = |text: &str| {
            let document = crate::read::txt::read(text.to_string());
            identify(&Head::new(&document, &Outline::default()), &family).names_family
        };
        assert!(!names_family("的要求，编制政府信息公开工作年度报告，为公众\n"));
        assert!(names_family("最新，青石县水务局2022年政府信息公开工作年度报告\n"));
        assert!(names_family("青石县水务局政府信息公开工作年度报告\n"));
    }

    #[test]
    fn the_first_and_the_last_day_tell_the_year() {
        assert_eq!(period("统计期限自2021年1月1日起，至2021年12月31日止。"), Some(2021));
        assert_eq!(period("本报告的数据为２０２２ 年 1 月 1 日至12月31日的数据"), Some(2022));
        assert_eq!(period("发布于2022年1月1日"), None);
        assert_eq!(period("根据2021年1月1日起施行的办法编制，统计2022年1月1日至12月31日的数据"), Some(2022));
        assert_eq!(period("与2021年1月1日至2021年12月31日相比，2022年1月1日至2022年12月31日增加"), None);
        assert_eq!(period("自2021年1月1日起施行，至2023年12月31日止"), None);
    }

    #[test]
    fn the_year_stands_before_or_after_the_publisher() {
        let split_year = |text| split_year(&Words::new(text));
        assert_eq!(split_year("青石县水务局2022年"), (Some(2022), "青石县水务局".into()));
        assert_eq!(split_year("2019年度青石县政府"), (Some(2019), "青石县政府".into()));
        assert_eq!(split_year("二零二零年某局"), (Some(2020), "某局".into()));
        assert_eq!(split_year("２０２１年青石縣（開發區）"), (Some(2021), "青石縣（開發區）".into()));
        assert_eq!(split_year("青石县"), (None, "青石县".into()));
        assert_eq!(split_year("最新！2022年青石县"), (Some(2022), "青石县".into()));
        assert_eq!(split_year("稳中有进，2022年青石县"), (Some(2022), "青石县".into()));
        assert_eq!(split_year("2018年5月22日 星期二").0, None);
        assert_eq!(split_year("青石县水务局2021-2022年"), (None, "青石县水务局".into()));
        assert_eq!(split_year("2022 年 12 月 31 日青石县").0, Some(2022));
        assert_eq!(split_year("2023年1月10日发布的2022年青石县").0, Some(2022));
    }
}
