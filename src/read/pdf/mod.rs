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
mod page;
mod parts;
mod ruled;
mod sound;
mod split;
mod status;
mod write;

use super::Source;
use crate::flag::Flagged;
use flow::Sheet;
use page::Page;
use status::Tally;

/// The public name of the format.
const FORMAT: &str = "pdf";

/// Read a PDF.
pub fn read(bytes: &[u8]) -> Flagged<Source> {
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut tally = Tally::default();
    let opened = draw::pages(bytes, |page, drawing| {
        tally.page(&page, drawing);
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

/// A page's lines and tables from top to bottom.
fn sheet(mut page: Page) -> Sheet {
    let glyphs = std::mem::take(&mut page.glyphs);
    let (mut parts, rest) = ruled::tables(&page, glyphs);
    parts.extend(aligned::parts(&page, &lines::lines(&rest)));
    parts.sort_by(|one, other| one.area().top.total_cmp(&other.area().top));
    Sheet { area: page.area, parts: parts.into_iter().map(|part| (part, false)).collect() }
}
