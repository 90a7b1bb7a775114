//! The command line: the only room that opens files, prints and ends the program.

mod args;
mod run;
mod show;

pub use run::run;
