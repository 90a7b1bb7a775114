//! A web crawl (WARC, also in gzip) → its pages, one after another, from a path or from anything with `read`.

use luoshu::dataset::members::Members;
use luoshu::dataset::warc::{Record, Records};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::{Mutex, PoisonError};

type Pages = Records<Box<dyn BufRead + Send>>;

/// What Python is given: the page's address, its bytes, or why there are none (status, reason).
type Page<'py> = (String, Option<Bound<'py, PyBytes>>, Option<(String, String)>);

/// The pages of a crawl.
#[pyclass(frozen, module = "luoshu._luoshu")]
pub struct Warc(Mutex<Pages>);

#[pymethods]
impl Warc {
    /// `source` is a file opened for bytes; no page is longer than `largest`.
    #[new]
    fn new(source: Py<PyAny>, largest: u64) -> io::Result<Warc> {
        let mut source = BufReader::with_capacity(1 << 20, Source(source));
        let is_packed = source.fill_buf()?.starts_with(b"\x1F\x8B");
        let open: Box<dyn BufRead + Send> =
            if is_packed { Box::new(BufReader::with_capacity(1 << 16, Members::new(source))) } else { Box::new(source) };
        Ok(Warc(Mutex::new(Records::new(open, largest))))
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> io::Result<Option<Page<'py>>> {
        let next = py.detach(|| self.0.lock().unwrap_or_else(PoisonError::into_inner).next()).transpose()?;
        Ok(next.map(|Record { uri, body, .. }| match body {
            Ok(bytes) => (uri, Some(PyBytes::new(py, &bytes)), None),
            Err((status, why)) => (uri, None, Some((status.name().to_string(), why))),
        }))
    }
}

/// A file of Python's.
struct Source(Py<PyAny>);

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Python::attach(|py| {
            let bytes = self.0.bind(py).call_method1("read", (buffer.len(),))?;
            let bytes = bytes.cast::<PyBytes>().map_err(|error| io::Error::other(error.to_string()))?.as_bytes();
            let room = buffer.get_mut(..bytes.len()).ok_or_else(|| io::Error::other("read gave more bytes than it was asked for"))?;
            room.copy_from_slice(bytes);
            Ok(bytes.len())
        })
    }
}
