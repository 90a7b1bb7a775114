//! `luoshu` reads published reports into data and uses the sums their tables must obey to tell a number it can trust
//! from one it cannot.

pub mod decode;
pub mod doc;
pub mod flag;
pub mod fold;
pub mod normalise;
pub mod place;
pub mod read;
