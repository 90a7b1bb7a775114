//! Paragraphs and tables → the document: plain text, blocks over it, and the page box of every line and cell.

use super::flow::{Flowed, Paragraph};
use super::lines::between;
use super::page::Area;
use super::parts::{Table, TextLine};
use crate::doc::{Block, Cell, Document, Grid, Look, Para, Row, Seam, Status};
use crate::place::{Anchor, Place, Places, Span};

/// Write the document.
pub fn write(flowed: Vec<Flowed>, pages: Vec<Status>) -> Document {
    let mut writer = Writer::default();
    for item in flowed {
        match item {
            Flowed::Para(paragraph) => writer.paragraph(&paragraph),
            Flowed::Furniture(line) => writer.furniture(&line),
            Flowed::Running(lines) => lines.iter().for_each(|line| writer.furniture(line)),
            Flowed::Table(table) => writer.table(&table),
            Flowed::Seam(evidence) => {
                let at = writer.text.len();
                writer.blocks.push(Block::Seam(Seam { span: Span::new(at, at), evidence }));
            }
        }
    }
    Document { text: writer.text, blocks: writer.blocks, places: Places::Anchors(writer.anchors), pages, title: None }
}

#[derive(Default)]
struct Writer {
    text: String,
    blocks: Vec<Block>,
    anchors: Vec<Anchor>,
}

impl Writer {
    fn anchored(&mut self, text: &str, page: u32, area: Area) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        let span = Span::new(start, self.text.len());
        self.anchors.push(Anchor { span, place: Place::Page { page, bounds: area.bounds() } });
        span
    }

    fn line(&mut self, line: &TextLine) -> Span {
        self.anchored(&line.text, line.page, line.area)
    }

    fn furniture(&mut self, line: &TextLine) {
        let span = self.line(line);
        self.text.push('\n');
        self.blocks.push(Block::Furniture(span));
    }

    fn paragraph(&mut self, paragraph: &Paragraph) {
        let start = self.text.len();
        for line in &paragraph.lines {
            let before = self.text.get(start..).and_then(|text| text.chars().next_back());
            self.text.push_str(between(before, line.text.chars().next()));
            self.line(line);
        }
        let span = Span::new(start, self.text.len());
        let look = Look { centred: paragraph.centred, scale: Some(paragraph.scale), ..Look::default() };
        self.blocks.push(Block::Para(Para { span, look }));
        self.text.push('\n');
    }

    fn table(&mut self, table: &Table) {
        // All that stood on this page may have gone to the page before.
        if table.rows.is_empty() {
            return;
        }
        let start = self.text.len();
        let mut rows = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            let row_start = self.text.len();
            let mut cells = Vec::with_capacity(row.len());
            for (index, cell) in row.iter().enumerate() {
                if index > 0 {
                    self.text.push('\t');
                }
                let (page, area) = cell.places.first().copied().unwrap_or((table.page, table.area));
                let span = self.anchored(&cell.text, page, area);
                let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
                cells.push(Cell { span, column: count(cell.column), columns: count(cell.columns), rows: count(cell.rows) });
            }
            rows.push(Row { cells, span: Span::new(row_start, self.text.len()) });
            self.text.push('\n');
        }
        let span = Span::new(start, self.text.len().saturating_sub(1));
        self.blocks.push(Block::Grid(Grid { rows, shape: table.shape, span, marks: Vec::new() }));
    }
}
