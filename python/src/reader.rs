//! Many files, each read in a child process within limits of time, memory and size: one that hangs, overflows its stack or
//! asks for too much memory has a status, and whoever asked goes on.

use crate::arrow::{stream, told};
use crate::grammars::Grammars;
use crate::rows::{Files, Read};
use arrow_array::RecordBatch;
use luoshu::dataset::hand::Hand;
use luoshu::dataset::record::{Body, Head, failure};
use luoshu::dataset::{CRASHED, Limits, Reader as Who, too_large, wire, worker};
use luoshu::doc::Status;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyCapsule;
use sha2::{Digest, Sha256};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A file: what it is called, and its bytes or why there are none (status, reason).
type Input = (String, Option<PyBackedBytes>, Option<(String, String)>);

/// Reads files in a child process.
#[pyclass(frozen, module = "luoshu._luoshu")]
pub struct Reader {
    grammars: Py<Grammars>,
    hand: Mutex<Hand<()>>,
    limits: Limits,
}

#[pymethods]
impl Reader {
    /// `command` starts a process that serves (see `serve`); the memory limit in bytes is added to it.
    #[new]
    fn new(grammars: &Bound<'_, Grammars>, command: Vec<String>, seconds: f64, memory: u64, size: u64) -> Reader {
        let limits = Limits { time: Duration::from_secs_f64(seconds), memory, file_size: size };
        let mut words = command.into_iter();
        let program = words.next().unwrap_or_default().into();
        let who = Who::Processes { program, arguments: words.map(Into::into).collect() };
        let hand = Hand::new(&who, limits, &grammars.get().texts);
        Reader { grammars: grammars.clone().unbind(), hand: Mutex::new(hand), limits }
    }

    /// One row a file, in order.
    fn read(&self, py: Python<'_>, files: Vec<Input>) -> PyResult<Batch> {
        let grammars = self.grammars.bind(py).get();
        py.detach(|| {
            let mut hand = self.hand.lock().unwrap_or_else(PoisonError::into_inner);
            let mut rows = Files::new(&grammars.families, &grammars.variables);
            for (file, bytes, refused) in files {
                rows.push(self.read_one(&mut hand, file, bytes.as_deref(), refused));
            }
            rows.nested()
        })
        .map(Batch)
        .map_err(told)
    }
}

impl Reader {
    fn read_one(&self, hand: &mut Hand<()>, file: String, bytes: Option<&[u8]>, refused: Option<(String, String)>) -> Read {
        let nothing = |head: Head, size| Read { file: file.clone(), size, hash: None, head, body: Body::default() };
        let Some(bytes) = bytes else {
            let (status, why) = refused.unwrap_or_else(|| (Status::Failed.name().into(), "there is no content".into()));
            return nothing(Head { status, message: Some(why), ..Head::default() }, 0);
        };
        let size = bytes.len() as u64;
        if size > self.limits.file_size {
            return nothing(failure(Status::TooLarge, &too_large(self.limits.file_size)), size);
        }
        let Some(((), packed, _)) = hand.read((), bytes) else { return nothing(failure(Status::Failed, CRASHED), size) };
        let opened = wire::open_head(&packed.head).and_then(|head| Ok((head, wire::open_body(&packed.body)?)));
        let (head, body) = opened.unwrap_or_else(|error| (failure(Status::Failed, &error.to_string()), Body::default()));
        Read { file, size, hash: Some(Sha256::digest(bytes).into()), head, body }
    }
}

/// Rows, as Arrow.
#[pyclass(frozen, module = "luoshu._luoshu")]
pub struct Batch(RecordBatch);

#[pymethods]
impl Batch {
    /// The rows (PyCapsule interface); no copy is made.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer pass over a schema that it cannot give.
        let _ = requested_schema;
        stream(py, self.0.clone())
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }
}

/// Read files that come through standard input until it closes; what a `Reader` starts.
#[pyfunction]
pub fn serve(py: Python<'_>, memory: u64) -> PyResult<()> {
    py.detach(|| worker::serve(std::io::stdin(), std::io::stdout().lock(), Some(memory)))
        .map_err(|error| PyOSError::new_err(error.to_string()))
}
