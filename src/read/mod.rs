//! Bytes → Document. Sniffs the format from the bytes themselves, never from the file's name, and hands them to the
//! one file that knows that format. A reader never fails: what it cannot read it flags, with a status.

mod csv;
pub mod docx;
mod draft;
pub mod gzip;
pub mod html;
pub mod ole;
mod package;
mod part;
pub mod pdf;
pub mod sheet;
pub mod sniff;
mod trouble;
pub mod txt;
mod xml;

use crate::decode::decode;
use crate::doc::{Document, Status};
use crate::flag::{Code, Fault, Flag, Flagged, Message};
use crate::fold::find_byte;
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
    let mut found = read_format(bytes, sniff(bytes));
    part::part_grids(&mut found.value.document);
    found
}

fn read_format(bytes: &[u8], format: Format) -> Flagged<Source> {
    match format {
        Format::Empty => nothing(format, Status::NoText, NO_TEXT),
        Format::Text => read_text(bytes),
        Format::Html => read_page(bytes),
        Format::Gzip => read_gzip(bytes),
        Format::Pdf => pdf::read(bytes),
        Format::Docx => docx::read(bytes),
        Format::Sheet if bytes.starts_with(b"PK") => sheet::read_package(bytes),
        Format::Sheet => sheet::read_xls(bytes),
        Format::SheetXml => read_sheet_xml(bytes),
        Format::OldWord => ole::read_word(bytes),
        Format::Ole => ole::read_other(bytes),
        Format::Zip => nothing(format, Status::Unsupported, "this is a zip archive without a document that is read"),
        Format::Rtf => nothing(format, Status::Unsupported, "this is rich text (RTF), which is not read"),
        Format::Image => nothing(format, Status::Unsupported, "this is a picture, which is not read"),
        Format::Other => nothing(format, Status::Unsupported, "this is an archive or a program, which is not read"),
    }
}

const NO_TEXT: &str = "there is nothing to read";

/// A file of which nothing is read, and why.
fn nothing(format: Format, status: Status, why: &'static str) -> Flagged<Source> {
    let document =
        Document { text: String::new(), blocks: Vec::new(), places: Places::Anchors(Vec::new()), pages: Vec::new(), title: None };
    let flag = Flag::new(Code::NoText, Message::plain(why)).fault(Fault::Reading);
    Flagged { value: Source { document, format: format.name(), encoding: None, status }, flags: vec![flag] }
}

fn read_text(bytes: &[u8]) -> Flagged<Source> {
    // What a large file begins with tells whether it is worth the memory of its text.
    const LARGE: usize = 1 << 20;
    let begins_badly = bytes.len() > LARGE && is_garbage(&decode(bytes.get(..LARGE).unwrap_or(bytes), None).value.text);
    let Flagged { value: text, mut flags } = decode(if begins_badly { &[] } else { bytes }, None);
    let encoding = Some(text.encoding);
    if begins_badly || is_garbage(&text.text) {
        let mut source = nothing(Format::Other, Status::NotAReport, "").value;
        source.encoding = encoding;
        let why = Message::plain("the bytes are neither a format that is known nor text");
        return Flagged { value: source, flags: vec![Flag::new(Code::NotAReport, why).fault(Fault::Source)] };
    }
    let text = txt::with_line_feeds(text.text);
    if html::is_among_lines(&text) {
        let Flagged { value: (document, status), flags: found } = html::read_lines(&text);
        flags.extend(found);
        return Flagged { value: Source { document, format: Format::Text.name(), encoding, status }, flags };
    }
    if let Some(mut found) = csv::find(&text) {
        found.value.encoding = encoding;
        found.flags.splice(..0, flags);
        return found;
    }
    let document = txt::read(text);
    let is_blank = crate::fold::shows_nothing(&document.text);
    if is_blank {
        flags.push(Flag::new(Code::NoText, Message::plain(NO_TEXT)));
    }
    let status = if is_blank { Status::NoText } else { Status::Ok };
    Flagged { value: Source { document, format: Format::Text.name(), encoding, status }, flags }
}

/// What is in a gzip file; one within another is not unpacked.
fn read_gzip(bytes: &[u8]) -> Flagged<Source> {
    let (unpacked, end) = gzip::unpack(bytes);
    let (status, why) = match end {
        gzip::End::Whole if sniff(&unpacked) == Format::Gzip => {
            return nothing(Format::Gzip, Status::Unsupported, "this is a gzip file within a gzip file, which is not read");
        }
        gzip::End::Whole => return read(&unpacked),
        gzip::End::TooLarge => return nothing(Format::Gzip, Status::TooLarge, "the gzip file unpacks to more than is read"),
        gzip::End::Broken if unpacked.is_empty() || sniff(&unpacked) == Format::Gzip => {
            return nothing(Format::Gzip, Status::Damaged, "the gzip file is broken");
        }
        gzip::End::Broken => (Status::Partial, "the gzip file is broken; what stands behind the break is not read"),
    };
    let mut found = read(&unpacked);
    found.value.status = found.value.status.max(status);
    found.flags.push(Flag::new(Code::NoText, Message::plain(why)).fault(Fault::Reading));
    found
}

/// A workbook that is written as one XML text.
fn read_sheet_xml(bytes: &[u8]) -> Flagged<Source> {
    // Only its first line names the encoding: `x:CharSet` in its styles is a font's.
    let declaration = memchr::memmem::find(bytes, b"?>").and_then(|end| bytes.get(..end));
    let Flagged { value: text, flags } = decode(bytes, declaration.and_then(html::find_charset).as_deref());
    let mut found = sheet::read_xml(&text.text);
    found.value.encoding = Some(text.encoding);
    // Where they stand in the XML is no place in the document.
    found.flags.splice(..0, flags.into_iter().map(|flag| Flag { span: None, ..flag }));
    found
}

fn read_page(bytes: &[u8]) -> Flagged<Source> {
    let Flagged { value: html::Page { document, encoding, status }, flags } = html::read(bytes);
    Flagged { value: Source { document, format: Format::Html.name(), encoding: Some(encoding), status }, flags }
}

/// Bytes that are no text decode to control characters and U+FFFD; a text has hardly any.
fn is_garbage(text: &str) -> bool {
    const SAMPLE: usize = 64 * 1024;
    // Most texts have none of the bytes that such characters begin with, and need no look at each.
    let is_control = |byte: u8| (byte < b' ') & (byte != b'\n') & (byte != b'\r') & (byte != b'\t') | (byte == 0x7F);
    let begins_control = |byte: u8| is_control(byte) | (byte == 0xC2);
    if find_byte(text.as_bytes(), begins_control).is_none() && !text.contains("\u{FFFD}") {
        return false;
    }
    // Looked up only where a character may be one: an ideograph is not.
    let may_be = |character: char| !('\u{3000}'..='\u{D7FF}').contains(&character);
    let is_foreign =
        |&character: &char| may_be(character) && (character == '\u{FFFD}' || character.is_control() && !character.is_whitespace());
    let count = |(n_foreign, n_chars), character| (n_foreign + usize::from(is_foreign(&character)), n_chars + 1);
    let (n_foreign, n_chars) = text.chars().take(SAMPLE).fold((0, 0), count);
    n_foreign * 10 > n_chars
}
