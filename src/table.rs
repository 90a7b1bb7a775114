//! Grids → tables: rows of read cells, pieces of one table put together.
//!
//! Grids with nothing but blank lines or page furniture between them are one table here; which of them a family
//! prints as one is for `fit` to say. Every cell is read once ([`crate::normalise::read_cell`]).

use crate::doc::{Block, Cell, Document, Evidence, Grid, Row, Shape};
use crate::flag::Message;
use crate::label;
use crate::normalise::{Reading, read_cell};
use crate::outline::Outline;
use crate::place::{Place, Span};

/// A table as printed.
#[derive(Debug, Clone)]
pub struct Table {
    /// Section it stands in.
    pub section: Option<usize>,
    /// The short line right above it, where there is one.
    pub caption: Option<Span>,
    /// The short lines right above it, the nearest last.
    pub above: Vec<Span>,
    /// Rows from top to bottom.
    pub rows: Vec<TableRow>,
    /// All of it.
    pub span: Span,
}

/// A printed row.
#[derive(Debug, Clone)]
pub struct TableRow {
    /// Cells in order, blank ones too.
    pub cells: Vec<TableCell>,
    /// All of it.
    pub span: Span,
    /// Which grid of the document it came from; a new one begins after a cut.
    pub piece: usize,
    /// What the columns are worth.
    pub shape: Shape,
    /// What was done to make it one row.
    pub mend: Mend,
}

/// What was done to make a row of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mend {
    /// It is printed as one row.
    None,
    /// Its label or its numbers wrap over lines, as the layout does with every long label.
    Wrapped,
    /// Joined from two lines.
    Joined,
    /// One of two that stand on one line.
    Parted,
    /// Its numbers are not as many as the columns, and nothing tells which is of which: they stand in none.
    Unplaced,
    /// A line above numbers that may name their columns and is not of their number.
    Unnamed,
}

/// A printed cell, read.
#[derive(Debug, Clone)]
pub struct TableCell {
    /// Its characters.
    pub span: Span,
    /// Grid column.
    pub column: usize,
    /// Grid columns it spans.
    pub columns: usize,
    /// Rows it spans.
    pub rows: usize,
    /// What it says.
    pub reading: Reading,
    /// Its words as labels are compared; empty for anything but words.
    pub key: String,
}

impl TableCell {
    /// Read a cell of the document.
    pub fn read(document: &Document, span: Span, column: usize) -> TableCell {
        let text = document.slice(span);
        let reading = read_cell(text);
        let key = if reading.is_words() { label::key(text) } else { String::new() };
        TableCell { span, column, columns: 1, rows: 1, reading, key }
    }

    /// True when the cell prints something.
    pub fn is_printed(&self) -> bool {
        !self.reading.is_blank()
    }
}

impl TableRow {
    /// Index of the first cell that holds a number or a mark for nothing.
    pub fn first_datum(&self) -> Option<usize> {
        let after_label = self.cells.iter().position(|cell| cell.reading.is_words()).map_or(0, |index| index + 1);
        let datum = |cell: &TableCell| cell.reading.is_datum();
        self.cells.iter().skip(after_label).position(datum).map(|index| index + after_label).or_else(|| self.cells.iter().position(datum))
    }

    /// Index of the last cell with words before the first number: the cell that names the row.
    pub fn label(&self) -> Option<usize> {
        let end = self.first_datum().unwrap_or(self.cells.len());
        self.cells.iter().take(end).rposition(|cell| cell.reading.is_words())
    }

    /// The key of the cell that names the row.
    pub fn label_key(&self) -> &str {
        self.label().and_then(|index| self.cells.get(index)).map_or("", |cell| cell.key.as_str())
    }
}

/// Longest caption, in bytes: about forty ideographs.
const LONGEST_CAPTION: usize = 120;

/// Lines above a table that may name it: title, period, unit.
const MOST_ABOVE: usize = 3;

fn is_caption(words: &str) -> bool {
    words.len() <= LONGEST_CAPTION && !words.contains('。')
}

/// Why two rows of different grids stand in one table, where the reader saw it: both pages and the reason.
pub fn seam(document: &Document, above: &TableRow, below: &TableRow) -> Option<Message> {
    let between = document.blocks.get(above.piece + 1..below.piece)?;
    let evidence = between.iter().find_map(|block| if let Block::Seam(seam) = block { seam.evidence } else { None })?;
    let page = |row: &TableRow| match document.place(row.span) {
        Some(Place::Page { page, .. }) => Some(page.to_string()),
        _ => None,
    };
    let pages = [page(above)?, page(below)?];
    Some(match evidence {
        Evidence::CutRow => Message::new("the table is cut between page {0} and page {1}: one row stands half on each", pages),
        Evidence::CutLabel => Message::new("the table is cut between page {0} and page {1}: the label of a group goes on", pages),
        Evidence::HeaderAgain => Message::new("the table is cut between page {0} and page {1}: its header comes again", pages),
        Evidence::OpenEnd => Message::new("the table is cut between page {0} and page {1}: no rule closes it and its columns go on", pages),
        Evidence::SameColumns => Message::new("the table is cut between page {0} and page {1}: its columns go on", pages),
        Evidence::SameWidth => {
            Message::new("the table is cut between page {0} and page {1}: it is as wide and no new header follows", pages)
        }
    })
}

/// True where the format itself ends one table and begins another: no page lies between them.
fn is_parted(document: &Document, piece: usize) -> bool {
    let before = document.blocks.get(..piece).unwrap_or_default().iter().rev();
    let mut before = before.take_while(|block| !matches!(block, Block::Para(_)));
    document.pages.is_empty()
        && before.find(|block| !matches!(block, Block::Furniture(_))).is_some_and(|block| matches!(block, Block::Grid(_)))
}

/// What the grids of the last table are, kept while more are put to it.
#[derive(Clone, Copy, Default)]
struct Extent {
    width: u32,
    is_spanned: bool,
}

fn width<'a>(rows: impl Iterator<Item = &'a Row>) -> u32 {
    rows.flat_map(|row| &row.cells).map(|cell| cell.column.saturating_add(cell.columns)).max().unwrap_or(0)
}

/// True where a grid begins a table of its own: it has a header, and is not as wide as the table above it.
fn begins(document: &Document, grid: &Grid, above: Extent) -> bool {
    let is_spanned = above.is_spanned && grid.shape == Shape::Spanned;
    is_spanned && width(grid.rows.iter()) != above.width && has_header(document, grid)
}

/// The first row with more than one cell is all words.
fn has_header(document: &Document, grid: &Grid) -> bool {
    let reading = |cell: &Cell| read_cell(document.slice(cell.span));
    let mut rows = grid.rows.iter().map(|row| row.cells.iter().map(reading).filter(|reading| !reading.is_blank()).collect::<Vec<_>>());
    let header = rows.find(|printed| printed.len() > 1);
    header.is_some_and(|printed| printed.iter().all(|reading| reading.is_words()))
}

/// Make tables of a document's grids.
pub fn tables(document: &Document, outline: &Outline) -> Vec<Table> {
    let mut found: Vec<Table> = Vec::new();
    let mut extent = Extent::default();
    let mut adjacent = false;
    let mut above: Vec<Span> = Vec::new();
    for (piece, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Para(para) => {
                adjacent = false;
                if !is_caption(document.slice(para.span)) {
                    above.clear();
                    continue;
                }
                above.push(para.span);
                if above.len() > MOST_ABOVE {
                    above.remove(0);
                }
            }
            Block::Furniture(_) => {}
            Block::Seam(seam) => adjacent = adjacent && seam.evidence.is_some(),
            Block::Grid(grid) => {
                let shown = || grid.rows.iter().filter(|row| !row.span.is_empty());
                let rows = shown().map(|row| {
                    let read = |cell: &Cell| TableCell {
                        columns: cell.columns as usize,
                        rows: cell.rows as usize,
                        ..TableCell::read(document, cell.span, cell.column as usize)
                    };
                    let cells = row.cells.iter().map(read).collect();
                    TableRow { cells, span: row.span, piece, shape: grid.shape, mend: Mend::None }
                });
                // A format that says what a table is keeps two of them apart, unless the second only goes on.
                let goes_on = adjacent && !(is_parted(document, piece) && begins(document, grid, extent));
                let own = Extent { width: width(shown()), is_spanned: grid.shape == Shape::Spanned };
                match found.last_mut().filter(|_| goes_on) {
                    Some(table) => {
                        extent = Extent { width: own.width.max(extent.width), is_spanned: own.is_spanned && extent.is_spanned };
                        table.rows.extend(rows);
                        table.span = table.span.to(grid.span);
                    }
                    None => {
                        extent = own;
                        found.push(Table {
                            section: outline.section_of(piece),
                            caption: above.last().copied(),
                            above: std::mem::take(&mut above),
                            rows: rows.collect(),
                            span: grid.span,
                        });
                    }
                }
                above.clear();
                adjacent = true;
            }
        }
    }
    found
}
