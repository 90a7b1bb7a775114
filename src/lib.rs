//! `luoshu` reads published reports into data and uses the sums their tables must obey to tell a number it can trust
//! from one it cannot.
//!
//! ```text
//!   bytes ─decode→ text ─read→ Document ─outline→ sections ─table→ tables ─fit→ ids (normalise reads each cell)
//!         ─check→ flags, standing ─coverage→ every number accounted for ─emit→ JSON
//! ```
//!
//! | room | what it does |
//! |---|---|
//! | [`place`] [`flag`] [`doc`] | the data everything carries: where, what is odd, the one document model |
//! | [`spell`] [`manual`] | mistyped words; what each code means, and every message, in English and Chinese |
//! | [`exact`] | arithmetic that never rounds |
//! | [`fold`] | characters that look alike or cannot be seen |
//! | [`decode`] [`read`] | bytes → text → document; one file per format |
//! | [`normalise`] | cell text → exact number, nothing, dash, words |
//! | [`numbering`] [`label`] | marks such as （一） before words; labels compared |
//! | [`outline`] [`table`] | sections; grids → tables of read cells |
//! | [`grammar`] [`sums`] | report families as data; identities evaluated |
//! | [`fit`] | table × grammar → every cell its row and column, or left over |
//! | [`check`] [`claims`] [`coverage`] | sums reported; sentences held against tables; every number accounted for |
//! | [`years`] | two reports of one publisher held against each other |
//! | [`identify`] [`prose`] | title, publisher, year; values that sentences state |
//! | [`discover`] [`generic`] | identities found in numbers alone; tables without a family: header and label trees, units, values |
//! | [`ledger`] | tables whose rows are named by codes of accounts, not by the form |
//! | [`odd`] | rows that break the pattern of their table |
//! | [`second`] | a second, independent reading of the same file held against the first |
//! | [`report`] [`emit`] | everything put together; JSON |
//! | [`draft`] | samples of one kind of report → a grammar to begin with |
//! | `dataset` | folders of reports → one dataset (feature `dataset`, on unless turned off) |
//!
//! Only `dataset` and the program's command line open files; only the command line prints.

pub mod check;
pub mod claims;
pub mod coverage;
#[cfg(feature = "dataset")]
pub mod dataset;
pub mod decode;
pub mod discover;
pub mod doc;
pub mod draft;
pub mod emit;
pub mod exact;
pub mod fit;
pub mod flag;
pub mod fold;
pub mod generic;
pub mod grammar;
pub mod identify;
pub mod label;
pub mod ledger;
pub mod manual;
pub mod normalise;
pub mod numbering;
pub mod odd;
pub mod outline;
pub mod place;
pub mod prose;
pub mod read;
pub mod report;
pub mod second;
pub mod spell;
pub mod sums;
pub mod table;
pub mod years;
