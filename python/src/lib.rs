//! The Rust half of the Python package: bytes in, a report out, as JSON for plain objects and as Arrow for data frames.
//!
//! | file | what it does |
//! |---|---|
//! | `grammars` | texts of grammar files → report families |
//! | `report` | bytes → a report that Python can hold |
//! | `rows` `arrow` | packed rows → the rows of a dataset → Arrow |
//! | `reader` | many files, each read in a child process within limits |
//! | `warc` `build` | pages of a crawl; a folder → a dataset |
//!
//! What reads reports is the crate `luoshu`, unchanged. The Python half (`luoshu/*.py`) opens files and makes objects.

mod arrow;
mod build;
mod grammars;
mod reader;
mod report;
mod rows;
mod warc;

use pyo3::prelude::*;

#[pymodule]
mod _luoshu {
    #[pymodule_export]
    use crate::build::build;
    #[pymodule_export]
    use crate::grammars::{GrammarError, Grammars};
    #[pymodule_export]
    use crate::reader::{Batch, Reader, serve};
    #[pymodule_export]
    use crate::report::{Grid, ReadError, Report, panic_while_reading, parse, seconds_of_reading};
    #[pymodule_export]
    use crate::warc::Warc;

    /// The version of the package.
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "Python's own name")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
