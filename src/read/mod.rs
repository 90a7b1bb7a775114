//! Bytes → Document. Sniffs the format from the bytes themselves, never from the file's name, and hands them to the
//! one file that knows that format. A reader never fails: what it cannot read it flags, with a status.

pub mod pdf;
pub mod txt;

use crate::decode::decode;
use crate::doc::{Document, Status};
use crate::flag::Flagged;

/// A file as read.
#[derive(Debug, Clone)]
pub struct Source {
    /// The document.
    pub document: Document,
    /// Format found, such as `text`, `html`, `docx`.
    pub format: &'static str,
    /// Encoding found, where the format is text.
    pub encoding: Option<String>,
    /// How reading ended.
    pub status: Status,
}

/// Read a file of any format.
pub fn read(bytes: &[u8]) -> Flagged<Source> {
    let Flagged { value: text, flags } = decode(bytes, None);
    let document = txt::read(text.text);
    let source = Source { document, format: "text", encoding: Some(text.encoding), status: Status::Ok };
    Flagged { value: source, flags }
}
