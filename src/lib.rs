//! `luoshu` reads published reports into data and uses the sums their tables must obey to tell a number it can trust
//! from one it cannot.

pub mod check;
pub mod coverage;
pub mod decode;
pub mod doc;
pub mod emit;
pub mod fit;
pub mod flag;
pub mod fold;
pub mod generic;
pub mod grammar;
pub mod identify;
pub mod label;
pub mod normalise;
pub mod outline;
pub mod place;
pub mod read;
pub mod report;
pub mod sums;
pub mod table;
