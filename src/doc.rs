//! The one document model: what every reader makes and every later room takes. Data only.
//!
//! ```text
//!   Document.text   "一、总体情况\n…\n\t规章\t0\t0\n…"        plain text, in reading order
//!   Document.blocks  Para ── span into text      Grid ── rows ── cells ── span into text, grid column, spans
//! ```
//! A cell's or paragraph's words are `document.slice(span)`; where they stand in the file is
//! `document.places.resolve(…)`. A reader that draws text out of another format (HTML, PDF, …) writes cells parted by
//! tabs and rows by line ends into `text`, so that the plain tokenizer of `coverage` sees what a person would.

use crate::place::{Place, Places, Span};

/// A report as read, before anything is understood.
#[derive(Debug, Clone)]
pub struct Document {
    /// Plain text in reading order.
    pub text: String,
    /// Paragraphs and grids in reading order; their spans do not overlap.
    pub blocks: Vec<Block>,
    /// How spans become places.
    pub places: Places,
    /// Each page's status, where the format has pages.
    pub pages: Vec<Status>,
    /// The paragraph that the file itself calls its title.
    pub title: Option<Span>,
}

impl Document {
    /// The words of a span; empty where the span is not one of this text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The place of a span.
    pub fn place(&self, span: Span) -> Option<Place> {
        self.places.resolve(&self.text, span)
    }
}

/// One block of a document.
#[derive(Debug, Clone)]
pub enum Block {
    /// A paragraph, or a line that stands alone.
    Para(Para),
    /// A table-like region.
    Grid(Grid),
    /// A page number, a running head, a form feed: seen, kept for the count, read by nobody.
    Furniture(Span),
    /// Between two grids with nothing but page furniture between them, where the reader can tell whether they are one.
    Seam(Seam),
}

/// Where one grid ends and the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seam {
    /// An empty place right before the second grid.
    pub span: Span,
    /// What shows that both are one table; none where they are two.
    pub evidence: Option<Evidence>,
}

/// What shows that a table goes on behind a page break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// One row stands half on each page.
    CutRow,
    /// The label of a group goes on.
    CutLabel,
    /// The header comes again.
    HeaderAgain,
    /// No rule closes the first part, and the columns stand at the same places.
    OpenEnd,
    /// The columns stand at the same places, and no new header follows.
    SameColumns,
    /// Both parts are equally wide, and no new header follows.
    SameWidth,
}

impl Block {
    /// The text it covers.
    pub fn span(&self) -> Span {
        match self {
            Block::Para(para) => para.span,
            Block::Grid(grid) => grid.span,
            Block::Furniture(span) => *span,
            Block::Seam(seam) => seam.span,
        }
    }
}

/// A paragraph.
#[derive(Debug, Clone, Default)]
pub struct Para {
    /// Its words.
    pub span: Span,
    /// How it looks, as far as the format tells.
    pub look: Look,
}

/// How a paragraph looks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Look {
    /// Heading level by style or tag (`Heading 2`, `<h2>`, `##`); 0 is a document title style.
    pub heading: Option<u8>,
    /// The whole paragraph is bold.
    pub bold: bool,
    /// Set in the middle of the page.
    pub centred: bool,
    /// Size against the body text: 1.0 is body.
    pub scale: Option<f32>,
    /// The number an automatic list puts before the text and the text itself does not hold, such as `一、`.
    pub number: Option<String>,
}

/// A region of rows and cells.
#[derive(Debug, Clone)]
pub struct Grid {
    /// Rows from top to bottom.
    pub rows: Vec<Row>,
    /// How far the grid columns can be trusted.
    pub shape: Shape,
    /// The whole region.
    pub span: Span,
    /// Page numbers that stand among its lines.
    pub marks: Vec<Span>,
}

/// How far a grid's columns can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The format says which cell spans what (HTML, DOCX, XLSX, ruled PDF).
    Spanned,
    /// Cells are parted by tabs or pipes: a merged cell shows as blanks, a lost one as nothing.
    Ragged,
    /// Columns were told from the alignment of the text: a blank cell is a gap, and a number may sit beside its column.
    Aligned,
    /// One cell a line: which cells of a row were blank is lost.
    Stacked,
}

/// A row of cells in order of column.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Cells that begin in this row; one that hangs down from a row above is not repeated.
    pub cells: Vec<Cell>,
    /// The row's text.
    pub span: Span,
}

/// A printed cell.
///
/// ```text
///          column 0        1 … columns = 2
///        ┌────────────┬───────────────────┐
///        │ rows = 2   │  法人或其他组织   │
///        │            ├─────────┬─────────┤
///        │            │ 商业企业│ 科研机构│
///        └────────────┴─────────┴─────────┘
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// Its words; empty for a blank cell.
    pub span: Span,
    /// First grid column, from 0.
    pub column: u32,
    /// Grid columns it spans.
    pub columns: u32,
    /// Rows it spans.
    pub rows: u32,
}

impl Cell {
    /// A cell of one row and one column.
    pub fn new(span: Span, column: usize) -> Cell {
        Cell { span, column: u32::try_from(column).unwrap_or(u32::MAX), columns: 1, rows: 1 }
    }
}

/// How a file, or a page, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Read.
    Ok,
    /// A page whose words a program recognised in its picture.
    Recognised,
    /// Read in part.
    Partial,
    /// There is nothing to read: a picture, no text layer.
    NoText,
    /// Something else than a report.
    NotAReport,
    /// Locked.
    Encrypted,
    /// Broken.
    Damaged,
    /// Beyond a limit.
    TooLarge,
    /// A format that luoshu does not read.
    Unsupported,
    /// It could not be opened, or the program failed on it.
    Failed,
}

impl Status {
    /// The public name.
    pub fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Recognised => "ocr",
            Status::Partial => "partial",
            Status::NoText => "no-text",
            Status::NotAReport => "not-a-report",
            Status::Encrypted => "encrypted",
            Status::Damaged => "damaged",
            Status::TooLarge => "too-large",
            Status::Unsupported => "unsupported",
            Status::Failed => "failed",
        }
    }
}
