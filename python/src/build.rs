//! A folder of reports → a dataset, as `luoshu build` makes it.

use crate::grammars::Grammars;
use luoshu::dataset::{Limits, Options, Progress, Reader, Trouble};
use luoshu::manual::Language;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;
use std::time::Duration;

/// What is built and by whom: folders, folder of the dataset, bodies and their parts, command of a worker, files at the same
/// time.
type Task = (Vec<PathBuf>, PathBuf, Vec<(String, String)>, Vec<String>, usize);

/// Build a dataset; `watch` is called now and then with files done, files found and counts by status.
#[pyfunction]
pub fn build<'py>(
    py: Python<'py>,
    task: Task,
    limits: (f64, u64, u64),
    grammars: &Bound<'py, Grammars>,
    watch: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let (inputs, out, parts, command, jobs) = task;
    let (seconds, memory, file_size) = limits;
    let mut words = command.into_iter();
    let program = words.next().unwrap_or_default().into();
    let options = Options {
        inputs,
        out,
        grammars: grammars.get().texts.clone(),
        limits: Limits { time: Duration::from_secs_f64(seconds), memory, file_size },
        jobs,
        reader: Reader::Processes { program, arguments: words.map(Into::into).collect() },
        language: Language::English,
        parts,
    };
    let mut failed = None;
    let mut tell = |progress: &Progress| {
        let Some(watch) = &watch else { return };
        let told = Python::attach(|py| watch.call1(py, (progress.done, progress.found, progress.by_status.clone())));
        failed = failed.take().or(told.err());
    };
    let built = py.detach(|| luoshu::dataset::build(&options, &mut tell)).map_err(|trouble| told(&trouble))?;
    if let Some(error) = failed {
        return Err(error);
    }
    let counts = PyDict::new(py);
    counts.set_item("files", built.files)?;
    counts.set_item("by_status", built.by_status)?;
    counts.set_item("values", built.values)?;
    counts.set_item("panel_rows", built.panel_rows)?;
    counts.set_item("variables", built.variables)?;
    counts.set_item("flagged", built.flagged)?;
    counts.set_item("known", built.known)?;
    Ok(counts)
}

fn told(trouble: &Trouble) -> PyErr {
    PyOSError::new_err(trouble.to_string())
}
