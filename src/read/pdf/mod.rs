//! PDF → Document.
//!
//! ```text
//!   bytes ─draw→ glyphs and rules ─ruled→ tables + loose glyphs ─lines→ lines ─furniture, flow→ paragraphs ─write→ Document
//! ```
//! Pages are drawn one after the other and reduced to lines and tables at once, so that memory grows with the text and
//! not with the drawing. What a page does not give is told by its status and a flag.

pub mod draw;
mod flow;
mod furniture;
mod lattice;
mod lines;
mod page;
mod parts;
mod ruled;
mod write;

use super::Source;
use crate::doc::{Document, Status};
use crate::flag::{Code, Fault, Flag, Flagged, Message};
use crate::place::Places;
use draw::{Closed, Drawing};
use flow::Sheet;
use page::{Glyph, Page};
use parts::{Part, TextLine};

/// The public name of the format.
const FORMAT: &str = "pdf";

/// Read a PDF.
pub fn read(bytes: &[u8]) -> Flagged<Source> {
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut pages: Vec<Status> = Vec::new();
    let opened = draw::pages(bytes, |page, _| {
        pages.push(if page.glyphs.is_empty() { Status::NoText } else { Status::Ok });
        sheets.push(sheet(page));
    });
    let _ = opened;
    furniture::mark(&mut sheets);
    let document = write::write(flow::flow(sheets), pages);
    Flagged { value: Source { document, format: FORMAT, encoding: None, status: Status::Ok }, flags: Vec::new() }
}

/// A page's lines and tables from top to bottom.
fn sheet(mut page: Page) -> Sheet {
    let glyphs = std::mem::take(&mut page.glyphs);
    let (tables, rest) = ruled::tables(&page, glyphs);
    let mut parts: Vec<Part> = tables.into_iter().map(Part::Table).collect();
    parts.extend(text_lines(&page, &rest).into_iter().map(Part::Line));
    parts.sort_by(|one, other| one.area().top.total_cmp(&other.area().top));
    Sheet { area: page.area, parts: parts.into_iter().map(|part| (part, false)).collect() }
}

fn text_lines(page: &Page, glyphs: &[Glyph]) -> Vec<TextLine> {
    let found = lines::lines(glyphs);
    found.into_iter().map(|line| TextLine { text: line.text(), page: page.number, area: line.area, size: line.size }).collect()
}
