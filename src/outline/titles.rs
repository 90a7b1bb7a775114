//! Titles of sections that are known before a document is read.

use crate::label::key;
use foldhash::HashSet;
use std::borrow::Cow;

/// Titles by what they are compared by.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys<'k> {
    whole: HashSet<Cow<'k, str>>,
    /// Their first characters: most words begin as none of them does.
    firsts: HashSet<char>,
}

impl<'k> FromIterator<Cow<'k, str>> for Keys<'k> {
    fn from_iter<T: IntoIterator<Item = Cow<'k, str>>>(keys: T) -> Keys<'k> {
        let whole: HashSet<Cow<str>> = keys.into_iter().filter(|key| !key.is_empty()).collect();
        Keys { firsts: whole.iter().filter_map(|key| key.chars().next()).collect(), whole }
    }
}

impl Keys<'_> {
    /// The title of just this key.
    pub(super) fn find(&self, key: &str) -> Option<&str> {
        self.whole.get(key).map(AsRef::as_ref)
    }

    pub(super) fn contains(&self, key: &str) -> bool {
        self.whole.contains(key)
    }

    /// True where a title begins with this key.
    pub(super) fn any_begins(&self, key: &str) -> bool {
        let first = key.chars().next();
        first.is_none_or(|first| self.firsts.contains(&first) && self.whole.iter().any(|title| title.starts_with(key)))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }
}

/// Titles of sections that are known, as keys.
#[derive(Debug, Clone, Default)]
pub struct KnownTitles<'k> {
    /// Those of the families at hand.
    pub(super) own: Keys<'k>,
    /// Those that any report may have, and that carry no number.
    pub(super) common: Keys<'k>,
    /// Words that stand above a list of notes.
    pub(super) notes: &'k [String],
}

impl<'k> KnownTitles<'k> {
    /// Of all their labels.
    pub fn new<'a>(labels: impl Iterator<Item = &'a str>) -> KnownTitles<'k> {
        KnownTitles { own: labels.map(key).map(Cow::Owned).collect(), ..KnownTitles::default() }
    }

    /// Of labels that are keys already.
    pub fn of_keys(keys: impl Iterator<Item = &'k String>) -> KnownTitles<'k> {
        KnownTitles { own: keys.map(|key| Cow::Borrowed(key.as_str())).collect(), ..KnownTitles::default() }
    }

    /// With titles that any report may have, as keys.
    pub fn with_common(self, keys: impl Iterator<Item = &'k String>) -> KnownTitles<'k> {
        KnownTitles { common: keys.map(|key| Cow::Borrowed(key.as_str())).collect(), ..self }
    }

    /// With words that stand above a list of notes.
    pub fn with_notes(self, notes: &'k [String]) -> KnownTitles<'k> {
        KnownTitles { notes, ..self }
    }
}
