//! PDF → Document.
//!
//! ```text
//!   bytes ─draw→ glyphs and rules ─ruled→ tables + loose glyphs ─lines→ lines
//!         ─furniture, flow→ paragraphs ─split→ tables mended at page breaks ─write→ Document
//! ```
//! Pages are drawn one after the other and reduced to lines and tables at once, so that memory grows with the text and
//! not with the drawing. What a page does not give is told by its status and a flag.

mod aligned;
mod draw;
mod flow;
mod furniture;
mod lattice;
mod lines;
mod overlay;
mod page;
mod parts;
mod ruled;
pub mod scan;
mod seam;
pub mod second;
mod sound;
mod split;
mod status;
mod write;

use super::Source;
use crate::flag::Flagged;
use flow::Sheet;
use page::{Glyph, Page, Turn};
use parts::{Part, TextLine};
use scan::Scan;
use status::Tally;
use std::collections::BTreeMap;

/// The public name of the format.
const FORMAT: &str = "pdf";

/// Read a PDF.
pub fn read(bytes: &[u8]) -> Flagged<Source> {
    read_scanned(bytes, &BTreeMap::new())
}

/// Read a PDF with what was recognised on pages that have no text of their own.
pub fn read_scanned(bytes: &[u8], scans: &BTreeMap<u32, Scan>) -> Flagged<Source> {
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut tally = Tally::default();
    let opened = draw::pages(bytes, |mut page, drawing| {
        match scans.get(&page.number).filter(|_| page.glyphs.is_empty()) {
            Some(scan) => {
                scan.lay(&mut page);
                tally.recognised(&page);
            }
            None => tally.page(&page, drawing),
        }
        sheets.push(sheet(page));
    });
    furniture::mark(&mut sheets);
    furniture::mark_contents(&mut sheets);
    let mut flowed = flow::flow(sheets);
    split::mend(&mut flowed);
    let (pages, status, flags) = tally.finish(opened);
    let document = write::write(flowed, pages);
    Flagged { value: Source { document, format: FORMAT, encoding: None, status }, flags }
}

/// A page's lines and tables from top to bottom; what runs aslant or up the margin stands last, as furniture.
fn sheet(mut page: Page) -> Sheet {
    let glyphs = std::mem::take(&mut page.glyphs);
    let (glyphs, over) = overlay::set_aside(glyphs);
    let (mut parts, rest) = ruled::tables(&page, glyphs);
    let (level, turned): (Vec<Glyph>, Vec<Glyph>) = rest.into_iter().partition(|glyph| glyph.turn == Turn::Level);
    parts.extend(aligned::parts(&page, &lines::lines(&level)));
    parts.sort_by(|one, other| one.area().top.total_cmp(&other.area().top));
    let aside = lines::turned(turned).into_iter().chain(lines::over(&over));
    let aside = aside.map(|(text, area, size)| Part::Line(TextLine { text, page: page.number, area, size }));
    let parts = parts.into_iter().map(|part| (part, false)).chain(aside.map(|part| (part, true))).collect();
    Sheet { area: page.area, parts }
}
