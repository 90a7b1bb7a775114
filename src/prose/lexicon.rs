//! What the words of a family tell together: the verb before a number, the town that a name begins with.

use crate::grammar::Lexicon;

/// The name of a town has at most so many characters behind its second one.
const LONGEST_TOWN: usize = 5;

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
}
