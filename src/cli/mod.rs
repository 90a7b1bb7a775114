//! The command line: the only room that opens files, prints and ends the program.

mod args;
#[cfg(feature = "dataset")]
mod build;
mod draft;
mod explain;
mod family;
mod neighbours;
mod ocr;
mod process;
mod run;
mod second;
mod show;
mod tongue;

pub use run::run;
