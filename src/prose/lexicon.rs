//! The words of a family's sentences, folded as the sentences are and sorted so that the longest is met first.

use super::sentence::fold_words;
use crate::grammar::{Sense, Speech};
use std::collections::HashMap;

/// The name of a town has at most so many characters behind its second one.
const LONGEST_TOWN: usize = 5;

/// Words with one use, to be found by the character they begin or end with.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The longest first.
    words: Vec<String>,
    by_first: HashMap<char, Vec<usize>>,
    by_last: HashMap<char, Vec<usize>>,
}

impl Words {
    pub(super) fn new<'a>(words: impl IntoIterator<Item = &'a String>) -> Words {
        let mut words: Vec<String> = words.into_iter().map(|word| fold_words(word)).filter(|word| !word.is_empty()).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.dedup();
        let mut own = Words { words, ..Words::default() };
        for (index, word) in own.words.iter().enumerate() {
            if let Some((first, last)) = word.chars().next().zip(word.chars().last()) {
                own.by_first.entry(first).or_default().push(index);
                own.by_last.entry(last).or_default().push(index);
            }
        }
        own
    }

    /// What is left behind the longest of the words that the text begins with.
    pub(super) fn strip_start<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut alike = self.by_first.get(&text.chars().next()?)?.iter().filter_map(|&index| self.words.get(index));
        alike.find_map(|word| text.strip_prefix(word.as_str()))
    }

    /// What is left before the longest of the words that the text ends with.
    pub(super) fn strip_end<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut alike = self.by_last.get(&text.chars().next_back()?)?.iter().filter_map(|&index| self.words.get(index));
        alike.find_map(|word| text.strip_suffix(word.as_str()))
    }

    /// Text before and after the last place where one of the words stands; of two that overlap the longer one.
    pub(super) fn split_last<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let mut ends = text.char_indices().rev().map(|(at, character)| at + character.len_utf8());
        ends.find_map(|end| Some((self.strip_end(text.get(..end)?)?, text.get(end..)?)))
    }

    /// Text before and after the first place where one of the words stands.
    pub(super) fn split_first<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        text.char_indices().find_map(|(at, _)| Some((text.get(..at)?, self.strip_start(text.get(at..)?)?)))
    }

    /// True where one of the words stands anywhere in the text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.split_first(text).is_some()
    }

    /// The text without any of the words.
    pub(super) fn remove_from(&self, text: &str) -> String {
        let (mut kept, mut rest) = (String::with_capacity(text.len()), text);
        while let Some((before, behind)) = self.split_first(rest) {
            kept.push_str(before);
            rest = behind;
        }
        kept + rest
    }

    /// The text without the words at its end.
    pub(super) fn trim_end<'t>(&self, mut text: &'t str) -> &'t str {
        while let Some(rest) = self.strip_end(text) {
            text = rest;
        }
        text
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }
}

/// Every list of a family, ready for use.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    pub rise: Words,
    pub compared: Words,
    pub fall: Words,
    pub state: Words,
    /// Those of more than one character.
    pub verbs: Words,
    pub whole: Words,
    pub soft: Words,
    pub scope: Words,
    pub remark: Words,
    pub making: Words,
    pub doing: Words,
    pub predicate: Words,
    pub never: Words,
    pub of_which: Words,
    pub view: Words,
    pub within: Words,
    pub among: Words,
    pub classes: Words,
    pub carried: Words,
    pub persons: Words,
    pub levels: Words,
    pub last_year: Words,
    pub except: Words,
    pub join: Words,
    pub may_join: Words,
    pub compound: Words,
    pub each: Words,
    pub etcetera: Words,
    pub share: Words,
    pub toward: Words,
    pub above: Words,
    pub below: Words,
    pub than: Words,
    pub rivals: Words,
    pub from: Words,
    pub pull: Words,
    pub drag: Words,
    pub decline: Words,
    pub place: Words,
    pub town: Words,
    pub site: Words,
    pub measure: Words,
    pub relative: Words,
    pub of: Words,
    pub so_far: Words,
    pub passing: Words,
    pub scales: Words,
    pub counters: Words,
    pub units: Words,
    pub times: Words,
    pub points: Words,
    pub inside: Words,
    pub bound: Words,
    pub rank: Words,
    pub opening: Words,
    pub caption: Words,
    pub notes: Words,
    pub preliminary: Words,
    pub against: Vec<(String, Words)>,
    pub attribute: Vec<(String, Words)>,
}

impl Lexicon {
    /// What stands before the verbs between a name and its number; none where there is no such verb.
    pub(super) fn before_state<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut before = None;
        let mut rest = self.soft.trim_end(text);
        while let Some(name) = self.state.strip_end(rest).filter(|_| self.whole.strip_end(rest).is_none()) {
            rest = self.soft.trim_end(name);
            before = Some(rest);
        }
        before
    }

    /// True where the verb before a number says that it was passed.
    pub(super) fn ends_passing(&self, mut text: &str) -> bool {
        while self.passing.strip_end(text).is_none() {
            let Some(rest) = self.soft.strip_end(text) else { return false };
            text = rest;
        }
        true
    }

    /// A unit without the powers of ten before it.
    pub(super) fn without_scales<'t>(&self, mut text: &'t str) -> &'t str {
        while let Some(rest) = self.scales.strip_start(text) {
            text = rest;
        }
        text
    }

    /// True where a text begins with what a growth is against.
    pub(super) fn opens_comparison(&self, text: &str) -> bool {
        self.against.iter().any(|(_, words)| words.strip_start(text).is_some())
    }

    /// The town that a name begins with: at least two characters before the word for one.
    pub(super) fn leading_town<'t>(&self, name: &'t str) -> Option<&'t str> {
        let ends = name.char_indices().skip(2).take(LONGEST_TOWN).map(|(at, character)| at + character.len_utf8());
        ends.filter_map(|end| name.get(..end)).find(|head| self.town.strip_end(head).is_some())
    }

    /// The noun at the end of a name that says what is measured: 产量 of 粮食产量.
    pub(super) fn measure_of<'t>(&self, name: &'t str) -> Option<&'t str> {
        let stem = self.measure.strip_end(name)?;
        name.get(stem.len()..)
    }

    /// What stands before the words at the end of a name that mean nothing alone: 初中 of 初中招生（不含民办）.
    pub(super) fn relative_stem<'t>(&self, name: &'t str) -> Option<&'t str> {
        let plain = name.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')).map_or(name, |(plain, _)| plain);
        self.relative.strip_end(plain)
    }

    /// The words that a name begins with and that go for a whole row of names.
    pub(super) fn row_start<'t>(&self, name: &'t str) -> Option<&'t str> {
        let rest = self.carried.strip_start(name).or_else(|| self.persons.strip_start(name))?;
        name.get(..name.len() - rest.len())
    }

    /// True where a name says itself what such words would.
    pub(super) fn has_row_start(&self, name: &str) -> bool {
        self.carried.is_in(name) || self.persons.is_in(name)
    }

    /// What a share is of, in the words behind 占: 地区生产总值的比重. None where they name nothing.
    pub(super) fn base_of_share(&self, words: &str) -> Option<String> {
        let (_, shares) = self.attribute.iter().find(|(id, _)| id == "share")?;
        let whole = self.soft.trim_end(shares.strip_end(words).unwrap_or(words));
        let is_word = whole.chars().count() >= 2 && whole.chars().all(char::is_alphabetic);
        is_word.then(|| whole.to_string())
    }

    pub(super) fn new(speech: &Speech) -> Lexicon {
        let senses = |senses: &[Sense]| senses.iter().map(|sense| (sense.id.clone(), Words::new(&sense.words))).collect();
        Lexicon {
            rise: Words::new(&speech.rise),
            compared: Words::new(&speech.compared),
            fall: Words::new(&speech.fall),
            state: Words::new(&speech.state),
            verbs: Words::new(speech.state.iter().filter(|verb| verb.chars().count() >= 2)),
            whole: Words::new(&speech.whole),
            soft: Words::new(&speech.soft),
            scope: Words::new(&speech.scope),
            remark: Words::new(&speech.remark),
            making: Words::new(&speech.making),
            doing: Words::new(&speech.doing),
            predicate: Words::new(&speech.predicate),
            never: Words::new(&speech.never),
            of_which: Words::new(&speech.of_which),
            view: Words::new(&speech.view),
            within: Words::new(&speech.within),
            among: Words::new(&speech.among),
            classes: Words::new(&speech.classes),
            carried: Words::new(&speech.carried),
            persons: Words::new(&speech.persons),
            levels: Words::new(&speech.levels),
            last_year: Words::new(&speech.last_year),
            except: Words::new(&speech.except),
            join: Words::new(&speech.join),
            may_join: Words::new(speech.join.iter().chain(&speech.may_join)),
            compound: Words::new(&speech.compound),
            each: Words::new(&speech.each),
            etcetera: Words::new(&speech.etcetera),
            share: Words::new(&speech.share),
            toward: Words::new(&speech.toward),
            above: Words::new(&speech.above),
            below: Words::new(&speech.below),
            than: Words::new(&speech.than),
            rivals: Words::new(&speech.rivals),
            from: Words::new(&speech.from),
            pull: Words::new(&speech.pull),
            drag: Words::new(&speech.drag),
            decline: Words::new(&speech.decline),
            place: Words::new(&speech.place),
            town: Words::new(&speech.town),
            site: Words::new(&speech.site),
            measure: Words::new(&speech.measure),
            relative: Words::new(&speech.relative),
            of: Words::new(&speech.of),
            so_far: Words::new(&speech.so_far),
            passing: Words::new(&speech.passing),
            scales: Words::new(&speech.scales),
            counters: Words::new(&speech.counters),
            units: Words::new(&speech.units),
            times: Words::new(&speech.times),
            points: Words::new(&speech.points),
            inside: Words::new(&speech.inside),
            bound: Words::new(&speech.bound),
            rank: Words::new(&speech.rank),
            opening: Words::new(&speech.opening),
            caption: Words::new(&speech.caption),
            notes: Words::new(&speech.notes),
            preliminary: Words::new(&speech.preliminary),
            against: senses(&speech.against),
            attribute: senses(&speech.attribute),
        }
    }
}
