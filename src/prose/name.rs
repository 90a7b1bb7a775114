//! Names of indicators: the words around them taken off, and the family's id where it knows the name.

use super::Name;
use super::clause::ONE_CHARACTER;
use crate::fold::fold_words;
use crate::grammar::names::normal;
use crate::grammar::{Family, Lexicon, Names};
use crate::identify::Identity;
use crate::normalise::YEARS;
use crate::numbering::after_mark;

/// What names are held against.
#[derive(Debug)]
pub(super) struct Namer<'a> {
    lexicon: &'a Lexicon,
    names: &'a Names,
    publisher: String,
    year: Option<i32>,
}

/// What is being spoken of where a name is met.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Context<'n> {
    /// What the text says that it is a part of.
    pub under: Option<&'n Name>,
    /// It is a part of something, and nobody can tell of what.
    pub is_of_unknown: bool,
    /// What stands before it in its sentence.
    pub beside: Option<&'n Name>,
    /// What its part of the sentence begins with.
    pub first: Option<&'n Name>,
    /// What the sentence spoke of so far, and the one before.
    pub said: [&'n [Name]; 2],
}

/// A name without the words before it, and the year they speak of where it is not the report's.
#[derive(Debug, Clone)]
pub(super) struct Bare<'t> {
    pub words: &'t str,
    pub year: Option<i32>,
}

/// The longest name of an indicator, in characters; anything longer is a sentence.
const LONGEST: usize = 30;
/// So far into the first and the last name of a list the words that all have in common are looked for.
const LONGEST_SHARED: usize = 12;
/// The longest name of a place that stands before one.
const LONGEST_PLACE: usize = 10;
/// Of a noun at least two characters, and at most five, are looked for at the end of a name.
const PART_OF_NOUN: std::ops::RangeInclusive<usize> = 2..=5;
/// The longest title of a section that runs into a name.
const LONGEST_HEADING: usize = 20;

impl<'a> Namer<'a> {
    pub(super) fn new(family: &'a Family, identity: &Identity) -> Namer<'a> {
        let publisher = identity.publisher.as_deref().map(fold_words).unwrap_or_default();
        Namer { lexicon: &family.lexicon, names: &family.names, publisher, year: identity.year }
    }

    /// The parts of a row that goes by this name, or by one with a measure of its own: 三次产业投资.
    pub(super) fn group(&self, words: &str) -> Option<Vec<Name>> {
        let bare = self.strip(words).words;
        let groups = &self.names.groups;
        if let Some(parts) = self.keys(bare).find_map(|key| groups.get(&key)) {
            return Some(parts.iter().map(|part| Name::new(Some(part.id.clone()), part.label.clone())).collect());
        }
        let (_, shares) = self.lexicon.attribute.iter().find(|(id, _)| id == "share")?;
        let bare = shares.strip_end(bare).unwrap_or(bare);
        let starts = self.lexicon.measure.iter().filter_map(|noun| Some((bare.strip_suffix(noun)?, noun)));
        let (parts, noun) = starts.filter_map(|(stem, noun)| Some((groups.get(&normal(stem))?, noun))).next()?;
        parts.iter().map(|part| self.name(&format!("{}{noun}", part.stem.as_deref()?), Context::default())).collect()
    }

    /// True where the family knows these words as a whole.
    pub(super) fn is_known(&self, words: &str) -> bool {
        self.names.labels.contains_key(&normal(self.strip(words).words))
    }

    /// The name in these words. None where they cannot be a name.
    pub(super) fn name(&self, words: &str, context: Context) -> Option<Name> {
        let bare = self.strip(words).words;
        let printed = without_lone_quote(bare.trim_matches(|character: char| !character.is_alphanumeric() && character != '"'));
        let n_chars = printed.chars().count();
        let is_name = (2..=LONGEST).contains(&n_chars)
            && self.lexicon.never.strip_start(&printed).is_none()
            && printed.contains(|character: char| character.is_alphabetic());
        match self.id(bare, context) {
            Meant::Own(id) => Some(Name::new(Some(id), printed)),
            // 民营经济增加值 …。其中，第一产业增加值 … is no part of the whole that the label means.
            Meant::OfAnother(whole) if is_name => Some(Name { of: Some(whole.owner(true)), ..Name::new(None, printed) }),
            _ => is_name.then(|| Name::new(None, printed)),
        }
    }

    /// The whole that a share is of, as the family knows it or as printed.
    pub(super) fn whole(&self, words: &str) -> Name {
        self.name(words, Context::default()).unwrap_or_else(|| Name::new(None, words))
    }

    /// A name of a list, where the last one may carry what all have in common: 城镇、农村居民人均可支配收入.
    pub(super) fn name_in_list(&self, words: &str, list: &[&str], context: Context) -> Option<Name> {
        let own = self.name(words, context);
        if own.as_ref().is_some_and(|name| name.id.is_some()) {
            return own;
        }
        let (first, last) = (list.first()?, list.last()?);
        let heads =
            first.char_indices().take(LONGEST_SHARED).map(|(at, character)| at + character.len_utf8()).filter_map(|end| first.get(..end));
        let tails = last.char_indices().skip(1).take(LONGEST_SHARED).filter_map(|(at, _)| last.get(at..));
        // 国家级、省级产业园: what stands behind the kind that another name ends in goes for all. A known name is not cut.
        let free = self.lexicon.compound.split_last(last).map_or(0, |(_, rest)| last.len() - rest.len());
        let behind = |kind: char| {
            let at = free + last.get(free..)?.find(kind).filter(|at| free + at > 0)?;
            last.get(at + kind.len_utf8()..)
        };
        let kinds = list.iter().filter(|name| *name != last).filter_map(|name| name.chars().last());
        let shared = kinds.filter_map(behind).find(|tail| tail.chars().count() >= 2);
        if let Some(tail) = shared.filter(|tail| words != *last && !words.ends_with(tail)) {
            return self.name(&format!("{words}{tail}"), context);
        }
        let tails: Vec<&str> = tails.filter(|tail| self.names.may_end(&normal(tail))).collect();
        let tailed = tails.iter().map(|tail| format!("{words}{tail}"));
        let whole = heads.flat_map(|head| tails.iter().map(move |tail| format!("{head}{words}{tail}")));
        let known = tailed.chain(whole).find(|words| self.is_known(words));
        match known {
            Some(known) => self.name(&known, context).map(|name| Name { printed: words.to_string(), ..name }),
            None => own.map(|own| self.measured(own, last, context)),
        }
    }

    /// A name with the measure that another one ends in, where it has none: 采矿业增加值增长 4.4%，制造业增长 6.0%.
    pub(super) fn measured(&self, name: Name, other: &str, context: Context) -> Name {
        let measure = &self.lexicon.measure;
        // 甲县、乙县固定资产投资: places share all that stands behind the last of them.
        let town = self.lexicon.leading_town(other).filter(|_| self.lexicon.town.strip_end(&name.printed).is_some());
        if let Some(noun) = town.and_then(|town| other.strip_prefix(town)).filter(|noun| !noun.is_empty()) {
            return self.name(&format!("{}{noun}", name.printed), context).unwrap_or(name);
        }
        let Some(noun) = self.lexicon.measure_of(other) else { return name };
        let is_alike = name.printed.chars().last() == other.chars().last();
        if is_alike || name.id.is_some() || measure.strip_end(&name.printed).is_some() {
            return name;
        }
        // 第二产业用电 has the noun 用电量 in part; 商品零售 has one of its own.
        let ends_with = |part: Option<&str>| part.is_some_and(|part| name.printed.ends_with(part));
        let begins = |noun: &str| {
            let mut ends = PART_OF_NOUN.filter_map(|at| noun.char_indices().nth(at)).map(|(end, _)| end);
            ends.rfind(|end| ends_with(noun.get(..*end)))
        };
        let rest = match begins(noun) {
            Some(end) => noun.get(end..).unwrap_or_default(),
            None if measure.iter().any(|noun| begins(noun).is_some()) => return name,
            None => noun,
        };
        let whole = format!("{}{rest}", name.printed);
        self.name(&whole, context).unwrap_or(name)
    }

    /// What the words mean to the family where they are said.
    fn id<'n>(&self, bare: &str, context: Context<'n>) -> Meant<'n> {
        // 城镇居民人均可支配收入 …，人均消费支出 …: what the first name of a part begins with goes for those behind it.
        if let Some(id) = context.first.and_then(|first| self.joined_id(&first.printed, bare)) {
            return Meant::Own(id);
        }
        if let Some(id) = self.keys(bare).find_map(|key| self.names.labels.get(&key)) {
            let Some((group, _)) = id.rsplit_once('.') else { return Meant::Own(id.clone()) };
            return match context.under.filter(|under| self.is_another_whole(under, group, bare)) {
                Some(under) => Meant::OfAnother(under),
                None if context.is_of_unknown && !context.said.iter().copied().flatten().any(|name| self.means_group(name, group)) => {
                    Meant::Nothing
                }
                None => Meant::Own(id.clone()),
            };
        }
        let Some(spoken_of) = context.under.or(context.beside).and_then(|name| name.id.as_deref()) else { return Meant::Nothing };
        let fits = |id: &&String| {
            let group = id.rsplit_once('.').map_or("", |(group, _)| group);
            spoken_of == group || context.under.is_none() && is_inside(spoken_of, group)
        };
        let short = self.keys(bare).filter_map(|key| self.names.short.get(&key)).find_map(|ids| ids.iter().find(fits));
        short.map_or(Meant::Nothing, |id| Meant::Own(id.clone()))
    }

    /// A whole that is measured as a part is, and is not the one that the family's part belongs to.
    fn is_another_whole(&self, under: &Name, group: &str, part: &str) -> bool {
        let is_own = under.id.as_deref().is_some_and(|id| id == group || is_inside(id, group));
        let measures = self.lexicon.measure_of(&under.printed).zip(self.lexicon.measure_of(part));
        let differs = measures.is_some_and(|(one, other)| one != other);
        !is_own && !differs
    }

    /// The family's whole, or its name with a word before it.
    fn means_group(&self, name: &Name, group: &str) -> bool {
        let own = normal(&name.printed);
        name.id.as_deref() == Some(group) || self.names.labels.iter().any(|(label, id)| id == group && own.ends_with(label.as_str()))
    }

    /// The id of a name behind some of the words that another one begins with, the longest of them first.
    fn joined_id(&self, first: &str, bare: &str) -> Option<String> {
        let labels = &self.names.labels;
        let own = normal(bare);
        if labels.get(&own).is_some_and(|id| id.contains('.')) || !self.names.may_end(&own) {
            return None;
        }
        let ends: Vec<usize> = first.char_indices().skip(2).take(LONGEST_SHARED).map(|(at, _)| at).collect();
        let joined = |end: usize| labels.get(&(normal(first.get(..end)?) + &own)).cloned();
        ends.into_iter().rev().find_map(joined)
    }

    /// What a name is compared by: all of its words, then those that are left without verbs set into it, as in
    /// 第一产业完成增加值.
    fn keys(&self, bare: &str) -> impl Iterator<Item = String> {
        let plain =
            move || Some(bare).filter(|bare| self.lexicon.verbs.is_in(bare)).map(|bare| normal(&self.lexicon.verbs.remove_from(bare)));
        std::iter::once(normal(bare)).chain(std::iter::once_with(plain).flatten())
    }

    /// Take off what stands before a name: the time, the place, words such as 全市.
    pub(super) fn strip<'t>(&self, words: &'t str) -> Bare<'t> {
        let mut bare = Bare { words, year: None };
        let is_cut = |rest: &&str| self.lexicon.whole.strip_start(rest).is_none();
        loop {
            let mut text = bare.words.trim_start_matches(['\'', ',', ':', '、', '-', ')', '(', '*', '.']);
            if text.matches('"').count() % 2 == 1 {
                text = text.strip_prefix('"').unwrap_or(text);
            }
            let rest = if let Some((year, rest)) = self.leading_year(text) {
                bare.year = self.year.is_some_and(|own| own != year).then_some(year);
                rest
            } else if let Some(rest) = self.leading_span(text) {
                rest
            } else if let Some(rest) = self.lexicon.scope.strip_start(text).filter(|_| is_cut(&text)) {
                rest
            } else if let Some(rest) = self.leading_heading(text) {
                rest
            } else if let Some(rest) = self.leading_place(text).filter(|rest| self.lexicon.site.strip_start(rest).is_none()) {
                rest
            } else {
                bare.words = text;
                return bare;
            };
            bare.words = rest;
        }
    }

    /// The title of a section, or the number of a page, that runs into the words that open a sentence.
    fn leading_heading<'t>(&self, text: &'t str) -> Option<&'t str> {
        let plain = text.trim_start_matches(|character: char| character.is_ascii_digit() || matches!(character, '.' | '-' | '%'));
        let own = after_mark(plain).trim_start_matches(['、', '.']);
        let opens = |rest: &&str| self.lexicon.opening.strip_start(rest).is_some();
        if own.len() < plain.len() {
            let (before, _) = self.lexicon.opening.split_first(own)?;
            return own.get(before.len()..).filter(|_| before.chars().count() <= LONGEST_HEADING);
        }
        let titled = self.names.headings.behind(plain).find(opens);
        titled.or_else(|| Some(plain).filter(|rest| rest.len() < text.len() && opens(rest)))
    }

    /// `2021-2025年` and what follows: a span of years.
    fn leading_span<'t>(&self, text: &'t str) -> Option<&'t str> {
        let is_year = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        let second = text.get(4..)?.strip_prefix(['-', '~', '—'])?;
        let rest = second.get(4..).filter(|_| text.get(..4).is_some_and(is_year) && second.get(..4).is_some_and(is_year))?;
        // 2021-2025年年均: the second 年 belongs to what follows.
        let shortest = self.lexicon.inside.iter().filter(|word| rest.starts_with(word)).min_by_key(|word| word.len())?;
        rest.strip_prefix(shortest)
    }

    /// `2025年` and what follows; a month that ends the year goes with the words of scope.
    fn leading_year<'t>(&self, text: &'t str) -> Option<(i32, &'t str)> {
        if !text.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        let rest = self.lexicon.inside.strip_start(text.get(4..)?)?;
        // 2025年初步核算 speaks of no 年初.
        let plain = text.get(4 + ONE_CHARACTER..).filter(|rest| self.lexicon.preliminary.strip_start(rest).is_some());
        let rest = plain.unwrap_or(rest);
        let year = text.get(..4)?.parse::<i32>().ok().filter(|year| YEARS.contains(year))?;
        Some((year, rest))
    }

    /// The publisher's own name, or a short form of it: its characters in order, with the ending of a place.
    fn leading_place<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.chars().next().filter(|&first| self.publisher.contains(first))?;
        let ends: Vec<usize> = text.char_indices().skip(1).take(LONGEST_PLACE).map(|(at, character)| at + character.len_utf8()).collect();
        let stem = self.lexicon.place.strip_end(&self.publisher).filter(|stem| stem.chars().count() >= 2);
        let is_own =
            |place: &str| Some(place) == stem || self.lexicon.place.strip_end(place).is_some() && is_short_for(place, &self.publisher);
        ends.into_iter().rev().find(|&end| text.get(..end).is_some_and(is_own)).and_then(|end| text.get(end..))
    }
}

/// Whom the words mean.
enum Meant<'n> {
    Own(String),
    /// A part of this whole, which the family does not list.
    OfAnother(&'n Name),
    Nothing,
}

pub(super) fn is_inside(id: &str, group: &str) -> bool {
    id.strip_prefix(group).is_some_and(|rest| rest.starts_with('.'))
}

/// A quotation mark whose partner was left behind says nothing.
fn without_lone_quote(words: &str) -> String {
    if words.matches('"').count().is_multiple_of(2) { words.to_string() } else { words.replace('"', "") }
}

/// True when every character of `place` stands in `whole`, in the same order.
fn is_short_for(place: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    place.chars().all(|character| rest.any(|other| other == character))
}
