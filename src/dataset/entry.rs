//! A file in its place in the dataset: what is known of it, whose it is, and what became of its values.

use super::hex;
use super::people::Imprint;
use super::record::Counts;
use super::store::Input;

/// A file in its place in the dataset.
pub struct Entry {
    /// The file and what is known of it.
    pub input: Input,
    /// Whose it is.
    pub imprint: Imprint,
    /// Id of its content; none where it could not be opened.
    pub report: Option<String>,
    /// The file whose values stand for this one's too.
    pub same_as: Option<String>,
    /// The panel takes its numbers from this file.
    pub in_panel: bool,
}

impl Entry {
    /// A file, not yet compared with others.
    pub fn new(input: Input, imprint: Imprint) -> Entry {
        let report = input.hash.map(|hash| hex(hash.get(..8).unwrap_or_default()));
        Entry { input, imprint, report, same_as: None, in_panel: false }
    }

    /// Counts of the file.
    pub fn counts(&self) -> Counts {
        self.input.head.counts
    }

    /// Family of its report.
    pub fn family(&self) -> Option<&str> {
        self.input.head.family.as_deref()
    }

    /// Its row of the panel, where publisher, year and family are known.
    pub fn slot(&self) -> Option<(&str, i32, &str)> {
        Some((self.imprint.publisher.as_deref()?, self.imprint.year?, self.family()?))
    }
}
