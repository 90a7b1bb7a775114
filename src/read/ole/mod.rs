//! Old Word and WPS documents (DOC, WPS in an OLE container) → Document: text, headings by style, tables with their
//! grids.
//!
//! ```text
//!   FIB ─piece table→ characters, each with its place in the stream
//!       ─PAPX, CHPX pages→ row ends, cell edges, deleted and hidden runs
//!       ─lines→ paragraphs and tables
//! ```
//! The numbers of automatic lists are not read; that is flagged.

mod fkp;
mod lines;
mod pieces;

use super::Source;
use super::draft::Draft;
use super::trouble::Trouble;
use crate::doc::Status;
use crate::flag::{Code, Fault, Flag, Flagged, Message, Severity};
use fkp::Formats;
use pieces::Fib;
use std::io::{Cursor, Read};

/// A stream is at most as long as the file; a directory that says otherwise is not believed.
type Container<'a> = cfb::CompoundFile<Cursor<&'a [u8]>>;

/// Read an old Word document.
pub fn read_word(bytes: &[u8]) -> Flagged<Source> {
    let mut draft = Draft::default();
    if let Err(trouble) = read_streams(bytes, &mut draft) {
        draft.trouble(trouble);
    }
    draft.finish("doc")
}

/// An OLE container without a Word document or a workbook: locked, or something else.
pub fn read_other(bytes: &[u8]) -> Flagged<Source> {
    let mut draft = Draft::default();
    let is_locked = cfb::CompoundFile::open(Cursor::new(bytes)).is_ok_and(|container| container.exists("/EncryptedPackage"));
    draft.trouble(if is_locked {
        locked()
    } else {
        Trouble { status: Status::Unsupported, message: Message::plain("this is an OLE container without a document that is read") }
    });
    draft.finish("ole")
}

fn locked() -> Trouble {
    Trouble { status: Status::Encrypted, message: Message::plain("the file is locked with a password") }
}

fn damaged() -> Trouble {
    Trouble::damaged(Message::plain("the document is broken inside"))
}

fn stream(container: &mut Container, name: &str, most: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    container.open_stream(name).ok()?.take(most as u64).read_to_end(&mut out).ok()?;
    Some(out)
}

fn read_streams(bytes: &[u8], draft: &mut Draft) -> Result<(), Trouble> {
    let mut container: Container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| damaged())?;
    let main = stream(&mut container, "/WordDocument", bytes.len()).ok_or_else(damaged)?;
    let fib = Fib::read(&main).ok_or_else(damaged)?;
    if fib.is_locked {
        return Err(locked());
    }
    if fib.is_before_97 {
        return Err(Trouble {
            status: Status::Unsupported,
            message: Message::plain("this is a document of Word 6 or 95, which is not read"),
        });
    }
    let table = stream(&mut container, fib.table_name(), bytes.len()).ok_or_else(damaged)?;
    let found = pieces::characters(&main, &table, &fib).ok_or_else(damaged)?;
    if found.n_lost > 0 {
        let message = Message::new("{0} of {1} characters are not in the file", [found.n_lost.to_string(), fib.n_chars().to_string()]);
        draft.trouble(Trouble::damaged(message));
    }
    let data = stream(&mut container, "/Data", bytes.len()).unwrap_or_default();
    let formats = Formats::read(&main, &table, &data, &fib);
    if formats.n_broken > 0 {
        draft.trouble(Trouble::damaged(Message::plain("a part of the formatting is broken, so that tables may be cut wrongly")));
    }
    let n_listed = lines::lay(draft, &found.characters, &formats);
    if n_listed > 0 {
        let message = Message::new("the numbers of automatic lists are not read; {0} paragraphs have one", [n_listed.to_string()]);
        draft.flag(Flag::new(Code::SectionNumberOff, message).graded(Severity::Note).fault(Fault::Reading));
    }
    Ok(())
}
