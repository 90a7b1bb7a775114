//! Names of indicators: the words around them taken off, and the family's id where it knows the name.

use super::Name;
use super::lexicon::Lexicon;
use super::sentence::fold_words;
use crate::grammar::Family;
use crate::identify::Identity;
use std::collections::HashMap;

/// What names are held against.
#[derive(Debug)]
pub(super) struct Namer<'a> {
    lexicon: &'a Lexicon,
    labels: HashMap<String, String>,
    short: HashMap<String, Vec<String>>,
    groups: HashMap<String, Vec<Name>>,
    publisher: String,
    year: Option<i32>,
}

/// What is being spoken of where a name is met.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Context<'n> {
    /// What the text says that it is a part of.
    pub under: Option<&'n Name>,
    /// What stands before it in its sentence.
    pub beside: Option<&'n Name>,
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

impl<'a> Namer<'a> {
    pub(super) fn new(family: &Family, lexicon: &'a Lexicon, identity: &Identity) -> Namer<'a> {
        let mut labels = HashMap::new();
        let mut short: HashMap<String, Vec<String>> = HashMap::new();
        for indicator in &family.indicators {
            for label in &indicator.labels {
                labels.entry(normal(label)).or_insert_with(|| indicator.id.clone());
            }
            for label in &indicator.short {
                short.entry(normal(label)).or_default().push(indicator.id.clone());
            }
        }
        let official = |id: &String| family.indicators.iter().find(|indicator| indicator.id == *id).and_then(|own| own.labels.first());
        let part = |id: &String| Name { id: Some(id.clone()), printed: official(id).cloned().unwrap_or_default() };
        let rows = family.groups.iter().flat_map(|group| group.labels.iter().map(move |label| (label, group)));
        let groups = rows.map(|(label, group)| (normal(label), group.parts.iter().map(part).collect())).collect();
        let publisher = identity.publisher.as_deref().map(fold_words).unwrap_or_default();
        Namer { lexicon, labels, short, groups, publisher, year: identity.year }
    }

    /// The parts of a row that goes by this name.
    pub(super) fn group(&self, words: &str) -> Option<Vec<Name>> {
        let bare = self.strip(words).words;
        self.groups.get(&normal(bare)).or_else(|| self.groups.get(&normal(&self.without_verbs(bare)))).cloned()
    }

    /// True where the family knows these words as a whole.
    pub(super) fn is_known(&self, words: &str) -> bool {
        self.labels.contains_key(&normal(self.strip(words).words))
    }

    /// The name in these words. None where they cannot be a name.
    pub(super) fn name(&self, words: &str, context: Context) -> Option<Name> {
        let bare = self.strip(words).words;
        let id = self.id(bare, context);
        let printed: String = bare.trim_matches(|character: char| !character.is_alphanumeric()).to_string();
        let n_chars = printed.chars().count();
        let is_name = (2..=LONGEST).contains(&n_chars)
            && self.lexicon.never.strip_start(&printed).is_none()
            && printed.contains(|character: char| character.is_alphabetic());
        (id.is_some() || is_name).then_some(Name { id, printed })
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
        let tails = || last.char_indices().skip(1).take(LONGEST_SHARED).filter_map(|(at, _)| last.get(at..));
        let tailed = tails().map(|tail| format!("{words}{tail}"));
        let whole = heads.flat_map(|head| tails().map(move |tail| format!("{head}{words}{tail}")));
        let known = tailed.chain(whole).find(|words| self.is_known(words));
        known.map_or(own, |known| self.name(&known, context).map(|name| Name { printed: words.to_string(), ..name }))
    }

    fn id(&self, bare: &str, context: Context) -> Option<String> {
        let keys = [normal(bare), normal(&self.without_verbs(bare))];
        if let Some(id) = keys.iter().find_map(|key| self.labels.get(key)) {
            // 民营经济增加值 …。其中，第一产业增加值 … is no part of the whole that the label means.
            let is_own = |under: &Name| id.rsplit_once('.').is_none_or(|(group, _)| under.id.as_deref() == Some(group));
            return context.under.is_none_or(is_own).then(|| id.clone());
        }
        let spoken_of = context.under.or(context.beside)?.id.as_deref()?;
        let fits = |id: &&String| {
            let group = id.rsplit_once('.').map_or("", |(group, _)| group);
            let is_sibling = || spoken_of.strip_prefix(group).is_some_and(|rest| rest.starts_with('.'));
            spoken_of == group || context.under.is_none() && is_sibling()
        };
        keys.iter().filter_map(|key| self.short.get(key)).find_map(|ids| ids.iter().find(fits)).cloned()
    }

    /// A name without verbs that are set into it: 第一产业完成增加值.
    fn without_verbs(&self, bare: &str) -> String {
        let verbs = self.lexicon.state.iter().filter(|verb| verb.chars().count() >= 2);
        verbs.fold(bare.to_string(), |words, verb| words.replace(verb, ""))
    }

    /// Take off what stands before a name: the time, the place, words such as 全市.
    pub(super) fn strip<'t>(&self, words: &'t str) -> Bare<'t> {
        let mut bare = Bare { words, year: None };
        loop {
            let text = bare.words.trim_start_matches(['"', '\'', ',', ':', '、', '-', ')', '(', '*', '.']);
            let rest = if let Some((year, rest)) = self.leading_year(text) {
                bare.year = self.year.is_some_and(|own| own != year).then_some(year);
                rest
            } else if let Some(rest) = self.lexicon.scope.strip_start(text) {
                rest
            } else if let Some(rest) = self.leading_place(text) {
                rest
            } else {
                bare.words = text;
                return bare;
            };
            bare.words = rest;
        }
    }

    /// `2025年` and what follows; a month that ends the year goes with the words of scope.
    fn leading_year<'t>(&self, text: &'t str) -> Option<(i32, &'t str)> {
        let rest = self.lexicon.inside.strip_start(text.get(4..)?)?;
        let year = text.get(..4)?.parse::<i32>().ok().filter(|year| (1949..2100).contains(year))?;
        Some((year, rest))
    }

    /// The publisher's own name, or a short form of it: its characters in order, with the ending of a place.
    fn leading_place<'t>(&self, text: &'t str) -> Option<&'t str> {
        let ends: Vec<usize> = text.char_indices().skip(1).take(LONGEST_PLACE).map(|(at, character)| at + character.len_utf8()).collect();
        let stem = self.lexicon.place.strip_end(&self.publisher).filter(|stem| stem.chars().count() >= 2);
        let is_own =
            |place: &str| Some(place) == stem || self.lexicon.place.strip_end(place).is_some() && is_short_for(place, &self.publisher);
        ends.into_iter().rev().find(|&end| text.get(..end).is_some_and(is_own)).and_then(|end| text.get(end..))
    }
}

/// True when every character of `place` stands in `whole`, in the same order.
fn is_short_for(place: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    place.chars().all(|character| rest.any(|other| other == character))
}

/// What is compared of a name: its letters.
fn normal(words: &str) -> String {
    fold_words(words).chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
