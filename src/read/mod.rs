//! Bytes → Document. Sniffs the format from the bytes themselves, never from the file's name, and hands them to the
//! one file that knows that format. A reader never fails: what it cannot read it flags, with a status.

pub mod pdf;
pub mod sniff;
pub mod txt;

use crate::decode::decode;
use crate::doc::{Document, Status};
use crate::flag::{Code, Fault, Flag, Flagged, Message};
use crate::place::Places;
use sniff::{Format, sniff};

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
    let format = sniff(bytes);
    match format {
        Format::Empty => nothing(format, Status::NoText, NO_TEXT),
        Format::Text | Format::Html => read_text(bytes),
        Format::Gzip => nothing(format, Status::Unsupported, "this is a gzip archive, which is not read"),
        Format::Pdf => pdf::read(bytes),
        Format::Docx => nothing(format, Status::Unsupported, "this is a Word document (DOCX), which is not read"),
        Format::Sheet => nothing(format, Status::Unsupported, "this is a workbook, which is not read"),
        Format::OldWord => nothing(format, Status::Unsupported, "this is an old Word document (DOC, WPS), which is not read"),
        Format::Ole => nothing(format, Status::Unsupported, "this is an OLE container without a document that is read"),
        Format::Zip => nothing(format, Status::Unsupported, "this is a zip archive without a document that is read"),
        Format::Image => nothing(format, Status::Unsupported, "this is a picture, which is not read"),
        Format::Other => nothing(format, Status::Unsupported, "this is an archive or a program, which is not read"),
    }
}

const NO_TEXT: &str = "there is nothing to read";

/// A file of which nothing is read, and why.
fn nothing(format: Format, status: Status, why: &'static str) -> Flagged<Source> {
    let document = Document { text: String::new(), blocks: Vec::new(), places: Places::Anchors(Vec::new()), pages: Vec::new() };
    let flag = Flag::new(Code::NoText, Message::plain(why)).fault(Fault::Reading);
    Flagged { value: Source { document, format: format.name(), encoding: None, status }, flags: vec![flag] }
}

fn read_text(bytes: &[u8]) -> Flagged<Source> {
    let Flagged { value: text, mut flags } = decode(bytes, None);
    let encoding = Some(text.encoding);
    if is_garbage(&text.text) {
        let mut source = nothing(Format::Other, Status::NotAReport, "").value;
        source.encoding = encoding;
        let why = Message::plain("the bytes are neither a format that is known nor text");
        return Flagged { value: source, flags: vec![Flag::new(Code::NotAReport, why).fault(Fault::Source)] };
    }
    let document = txt::read(text.text);
    let is_blank = crate::fold::shows_nothing(&document.text);
    if is_blank {
        flags.push(Flag::new(Code::NoText, Message::plain(NO_TEXT)));
    }
    let status = if is_blank { Status::NoText } else { Status::Ok };
    Flagged { value: Source { document, format: Format::Text.name(), encoding, status }, flags }
}

/// Bytes that are no text decode to control characters and U+FFFD; a text has hardly any.
fn is_garbage(text: &str) -> bool {
    const SAMPLE: usize = 64 * 1024;
    let is_foreign = |character: &char| *character == '\u{FFFD}' || character.is_control() && !character.is_whitespace();
    let n_foreign = text.chars().take(SAMPLE).filter(is_foreign).count();
    let n_chars = text.chars().take(SAMPLE).count();
    n_foreign * 10 > n_chars
}
