//! Titles of sections that are known before a document is read.

use crate::label::key;
use foldhash::HashSet;
use std::borrow::Cow;

/// Titles by what they are compared by.
pub(super) type Keys<'k> = HashSet<Cow<'k, str>>;

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
        KnownTitles { own: labels.map(key).filter(|key| !key.is_empty()).map(Cow::Owned).collect(), ..KnownTitles::default() }
    }

    /// Of labels that are keys already.
    pub fn of_keys(keys: impl Iterator<Item = &'k String>) -> KnownTitles<'k> {
        KnownTitles { own: keys.filter(|key| !key.is_empty()).map(|key| Cow::Borrowed(key.as_str())).collect(), ..KnownTitles::default() }
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
