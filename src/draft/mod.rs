//! Samples of one kind of report → a grammar for it, to be read and bettered by a person.
//!
//! ```text
//!   reports ─sample→ titles, sections, headers with their rows ─merge→ one form ─sums, claims→ what must agree ─write→ TOML
//! ```
//! What only some samples print is optional; where columns change from one year to the next, the form has editions. A
//! sum, or a sentence that states a cell, is written down only where the samples bear it out. Ids count rows and columns; the printed labels stand beside
//! them.

mod claims;
mod compare;
mod doubt;
mod merge;
mod sample;
mod sums;
mod write;

pub use compare::compare;

use crate::flag::Message;
use crate::report::Report;

/// A grammar, and what a person should know of how it was made.
#[derive(Debug)]
pub struct Drafted {
    /// The grammar file; none where no sample has a section or a table.
    pub grammar: Option<String>,
    /// Each with the index of the sample that it is about.
    pub findings: Vec<(usize, Message)>,
}

/// A grammar drafted from samples that were read without a family.
pub fn draft(reports: &[Report<'_>], id: &str) -> Drafted {
    let title = sample::common_title(reports);
    let samples: Vec<sample::Sample> = reports.iter().map(|report| sample::sample(report, &title)).collect();
    let findings = doubt::findings(&samples);
    let is_empty = samples.iter().all(sample::Sample::is_empty);
    Drafted { grammar: (!is_empty).then(|| write::toml(&merge::merge(&samples, title), id)), findings }
}
