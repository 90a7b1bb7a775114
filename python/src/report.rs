//! Bytes → a report that Python can hold. The interpreter is let go while the bytes are read, so threads read side by side.

use crate::arrow::{stream, told};
use crate::grammars::Grammars;
use crate::rows::{Files, Read};
use luoshu::dataset::hex;
use luoshu::dataset::record::{Axis, Body, Head, Labels, record};
use luoshu::emit::{fingerprinted, report_to_json};
use pyo3::create_exception;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use sha2::{Digest, Sha256};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

create_exception!(luoshu, ReadError, PyRuntimeError, "Reading ended in a mistake of luoshu's own; the message names the file.");

/// A report, read and checked.
#[pyclass(frozen, module = "luoshu._luoshu")]
pub struct Report {
    name: String,
    json: String,
    size: u64,
    hash: [u8; 32],
    head: Head,
    body: Body,
    grammars: Py<Grammars>,
}

#[pymethods]
impl Report {
    /// What the file is called.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// One line of JSON, schema `luoshu/report/1`.
    #[getter]
    fn json(&self) -> &str {
        &self.json
    }

    /// The values as Arrow, in the columns of a dataset.
    fn values<'py>(&self, py: Python<'py>, _requested_schema: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, self.rows(py).values().map_err(told)?)
    }

    /// The flags as Arrow, in the columns of a dataset.
    fn flags<'py>(&self, py: Python<'py>, _requested_schema: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, self.rows(py).flags().map_err(told)?)
    }

    /// The tables in order: what each value's row and column are.
    fn grids(&self) -> Vec<Grid> {
        let axes = |axes: &[Axis]| {
            let labels = |axis: &Axis| axis.labels.iter().map(ToString::to_string).collect();
            axes.iter().map(|axis| (axis.id.to_string(), labels(axis))).collect()
        };
        let grid = |grid: &luoshu::dataset::record::Grid| Grid {
            key: grid.id.clone(),
            rows: axes(&grid.rows),
            columns: axes(&grid.columns),
            cells: grid.cells.iter().map(|cell| (cell.row, cell.column)).collect(),
        };
        self.body.tables.iter().map(grid).collect()
    }
}

impl Report {
    fn rows<'a>(&'a self, py: Python<'a>) -> Files<'a> {
        let grammars = self.grammars.bind(py).get();
        let mut files = Files::new(&grammars.families, &grammars.variables);
        let (file, head, body) = (self.name.clone(), self.head.clone(), self.body.clone());
        files.push(Read { file, size: self.size, hash: Some(self.hash), head, body });
        files
    }
}

/// Rows and columns of a table, with id and labels, and for each value the index of its row and of its column.
#[pyclass(frozen, get_all, module = "luoshu._luoshu")]
pub struct Grid {
    key: String,
    rows: Vec<(String, Vec<String>)>,
    columns: Vec<(String, Vec<String>)>,
    cells: Vec<(u32, u32)>,
}

/// Read the bytes of a report; `name` stands for the file in what is told of it.
#[pyfunction]
pub fn parse(py: Python<'_>, data: &[u8], name: String, grammars: &Bound<'_, Grammars>) -> PyResult<Report> {
    let families = &grammars.get().families;
    let read = || {
        let report = luoshu::report::parse(data, families);
        let hash: [u8; 32] = Sha256::digest(data).into();
        (fingerprinted(&report, &name, hex(&hash)), record(&report, Labels::All), hash)
    };
    let (json, (head, body), hash) = py.detach(|| guarded(&name, read))?;
    Ok(Report { name, json, size: data.len() as u64, hash, head, body, grammars: grammars.clone().unbind() })
}

/// A panic becomes an exception that names the file.
fn guarded<T>(name: &str, read: impl FnOnce() -> T) -> PyResult<T> {
    // What is read is made anew for each file, so nothing half done is seen again.
    catch_unwind(AssertUnwindSafe(read)).map_err(|panic| {
        let why = words(panic.as_ref());
        ReadError::new_err(format!("{name}: reading failed ({why}); this is a mistake in luoshu"))
    })
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given")
}

/// For measurements: seconds that one call of the library takes, without Python: reading alone, and with its JSON and rows.
#[pyfunction]
pub fn seconds_of_reading(py: Python<'_>, data: &[u8], grammars: &Bound<'_, Grammars>) -> (f64, f64) {
    let families = &grammars.get().families;
    py.detach(|| {
        let start = Instant::now();
        let report = luoshu::report::parse(data, families);
        let read = start.elapsed().as_secs_f64();
        let made = (report_to_json(&report, "", data), record(&report, Labels::All));
        let all = start.elapsed().as_secs_f64();
        drop(made);
        (read, all)
    })
}

/// For tests: what happens when reading panics.
#[pyfunction]
#[allow(clippy::panic, reason = "no file is known that makes reading panic")]
pub fn panic_while_reading(py: Python<'_>, name: &str) -> PyResult<()> {
    py.detach(|| guarded(name, || panic!("asked for")))
}
