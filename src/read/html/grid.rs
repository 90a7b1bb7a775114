//! A table's rows and cells, each with the columns and rows it spans, laid into a grid as browsers do.
//!
//! ```text
//!   <td rowspan=2>A <td colspan=2>B        A at 0, B at 1 and 2
//!   <td>C <td>D                            A hangs down: C at 1, D at 2
//! ```
//! A table of numbers within a cell of such a table is one of its own, any other is its words.

use super::ink::Ink;
use super::style::{Marks, Tag, WIDEST_SPAN};
use super::survey::Survey;
use super::tree::{Kind, NodeId, Tree};
use crate::doc::{Cell, Grid, Row, Shape};
use crate::flag::{Code, Fault, Flag, Flagged, Message};
use crate::fold::shows_nothing;
use crate::place::Span;

/// Most cells of all tables of a page.
const MOST_CELLS: usize = 1_000_000;
/// Most places of a grid that spans may cover.
const MOST_COVERED: usize = 4_000_000;
/// Most steps past cells that hang down; a real table takes one or two a cell.
const MOST_STEPS: usize = 20_000_000;

/// Up to which row each column is taken by a cell from above.
#[derive(Debug, Default)]
struct Hanging {
    until: Vec<u32>,
    n_covered: usize,
    n_steps: usize,
}

impl Hanging {
    /// The first free column from `column` on.
    fn find_free(&mut self, row: u32, mut column: usize) -> usize {
        while !self.is_spent() && self.until.get(column).is_some_and(|&until| until > row) {
            column += 1;
            self.n_steps += 1;
        }
        column
    }

    /// The table is nothing but huge spans; they are no longer followed.
    fn is_spent(&self) -> bool {
        self.n_steps > MOST_STEPS || self.n_covered > MOST_COVERED
    }

    fn take(&mut self, row: u32, column: usize, columns: usize, rows: u32) {
        if self.until.len() < column + columns {
            self.until.resize(column + columns, 0);
        }
        let until = row.saturating_add(rows);
        // Where two cells overlap, the space is taken until both have ended.
        self.until.iter_mut().skip(column).take(columns).for_each(|own| *own = until.max(*own));
        self.n_covered += columns;
    }
}

/// What tables are read from.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Its elements.
    pub tree: &'a Tree,
    /// What is known of its tables.
    pub survey: &'a Survey,
    /// Its source.
    pub source: &'a str,
}

/// A table as read.
#[derive(Debug)]
pub struct Laid {
    /// Its rows and cells; none where nothing is printed.
    pub grid: Option<Grid>,
    /// The tables of their own that stand in its cells.
    pub inner: Vec<NodeId>,
}

struct Reader<'a> {
    page: Page<'a>,
    ink: &'a mut Ink,
    /// What stands at the top.
    head: Option<NodeId>,
    hanging: Hanging,
    rows: Vec<Row>,
    inner: Vec<NodeId>,
    flags: Vec<Flag>,
}

/// Read a table; `n_cells` counts the cells of the whole page.
pub fn read(page: Page, table: NodeId, ink: &mut Ink, n_cells: &mut usize) -> Flagged<Laid> {
    let head = find_head(page.tree, table);
    let (rows, inner, flags) = (Vec::new(), Vec::new(), Vec::new());
    let mut reader = Reader { page, ink, head, hanging: Hanging::default(), rows, inner, flags };
    let start = reader.ink.text.len();
    let mut parts: Vec<NodeId> = std::iter::once(table).chain(head).collect();
    while let Some(root) = parts.pop().filter(|_| *n_cells <= MOST_CELLS) {
        let feet = reader.walk(root, n_cells);
        parts.extend(feet.into_iter().rev());
    }
    reader.end_row();
    let span = Span::new(start, reader.ink.text.len());
    // Columns that were not followed to the end are not to be trusted.
    let shape = if reader.hanging.is_spent() { Shape::Ragged } else { Shape::Spanned };
    let grid = (!span.is_empty()).then_some(Grid { rows: reader.rows, shape, span, marks: Vec::new() });
    Flagged { value: Laid { grid, inner: reader.inner }, flags: reader.flags }
}

/// The head that browsers draw above all rows: the first one, wherever it is written.
fn find_head(tree: &Tree, table: NodeId) -> Option<NodeId> {
    let is_head = |id: &NodeId| matches!(tree.node(*id).map(|node| node.kind), Some(Kind::Element(Tag::Head, marks, _)) if !marks.hidden);
    std::iter::successors(tree.first_child(table), |&id| tree.next_sibling(id)).find(is_head)
}

impl Reader<'_> {
    /// Read the rows under `root`; the answer is what stands at the end of the table. A page's own tables hold nothing but
    /// rows and cells; in one by style anything may stand, and what is in no cell is a cell, in a row of its own where it is
    /// a paragraph.
    fn walk(&mut self, root: NodeId, n_cells: &mut usize) -> Vec<NodeId> {
        let mut feet = Vec::new();
        // No row goes on in another section.
        let mut is_parted = !self.rows.is_empty();
        let mut at = Some(root);
        while let Some(id) = at {
            let mut skip = false;
            let mut cell = None;
            match self.page.tree.node(id).map(|node| node.kind) {
                Some(Kind::Element(_, marks, _)) if marks.hidden => skip = true,
                Some(Kind::Element(Tag::Row, ..)) => is_parted = true,
                Some(Kind::Element(Tag::Cell, marks, offset)) => cell = Some((marks, offset)),
                Some(Kind::Element(Tag::Head, ..)) if id != root && self.head == Some(id) => skip = true,
                Some(Kind::Element(Tag::Foot, ..)) if id != root => {
                    feet.push(id);
                    skip = true;
                }
                Some(Kind::Element(Tag::Unseen | Tag::Title | Tag::Script | Tag::Embed | Tag::Caption, ..)) => skip = true,
                Some(Kind::Element(..)) => is_parted |= self.is_paragraph(id),
                Some(Kind::Text(span)) if !shows_nothing(self.page.tree.words(span)) => cell = Some((Marks::default(), 0)),
                _ => {}
            }
            if let Some((marks, offset)) = cell {
                *n_cells += 1;
                if *n_cells > MOST_CELLS {
                    self.flag_limit();
                    return Vec::new();
                }
                if std::mem::take(&mut is_parted) {
                    self.begin_row();
                }
                self.cell(id, marks, offset);
                skip = true;
            }
            let mut left = Vec::new();
            at = self.page.tree.step(id, root, skip, |node| left.push(node));
            is_parted |= left.into_iter().any(|node| self.is_paragraph(node));
        }
        feet
    }

    /// Text or cells within it stand on lines of their own.
    fn is_paragraph(&self, id: NodeId) -> bool {
        let is_block = |kind| matches!(kind, Kind::Element(Tag::Block | Tag::Heading(_) | Tag::Pre, ..));
        let tree = self.page.tree;
        tree.first_child(id).is_some() && tree.node(id).is_some_and(|node| is_block(node.kind))
    }

    fn begin_row(&mut self) {
        self.end_row();
        let here = Span::new(self.ink.text.len(), self.ink.text.len());
        self.rows.push(Row { cells: Vec::new(), span: here });
    }

    fn end_row(&mut self) {
        let has_cells = self.rows.last().is_some_and(|row| !row.cells.is_empty());
        if has_cells && self.ink.text.ends_with('\t') {
            // The last cell's tab becomes the row's end: one byte for one byte, so every place stands.
            self.ink.text.pop();
            self.ink.text.push('\n');
        }
    }

    fn cell(&mut self, id: NodeId, marks: Marks, offset: u32) {
        if self.rows.is_empty() {
            self.begin_row();
        }
        let row_index = u32::try_from(self.rows.len() - 1).unwrap_or(u32::MAX);
        let words = words(self.page, self.ink, id, &mut self.inner);
        self.ink.part('\t', words.is_empty().then(|| self.tag(offset)));
        let (columns, rows) = self.spans(marks, words);
        let Some(row) = self.rows.last_mut() else { return };
        let next = row.cells.last().map_or(0, |cell| cell.column as usize + cell.columns as usize);
        let column = self.hanging.find_free(row_index, next);
        self.hanging.take(row_index, column, columns, rows);
        let columns = u32::try_from(columns).unwrap_or(1);
        row.cells.push(Cell { columns, rows, ..Cell::new(words, column) });
        row.span.end = words.end.max(row.span.end);
    }

    /// The spans as a browser takes them; a table of nothing but huge spans loses them.
    fn spans(&mut self, marks: Marks, words: Span) -> (usize, u32) {
        if marks.columns > WIDEST_SPAN {
            let message =
                Message::new("a cell says it spans more than {0} columns; it is taken to span that many", [WIDEST_SPAN.to_string()]);
            self.flags.push(Flag::new(Code::RowLong, message).at(words).fault(Fault::Source));
        }
        let columns = usize::from(marks.columns.clamp(1, WIDEST_SPAN));
        if self.hanging.is_spent() {
            return (1, 1);
        }
        (columns, u32::from(marks.rows.max(1)))
    }

    /// The tag that begins at an offset of the source.
    fn tag(&self, offset: u32) -> Span {
        const LONGEST_TAG: usize = 4096;
        let start = offset as usize;
        let bytes = self.page.source.as_bytes().get(start..).unwrap_or_default();
        let length = bytes.iter().take(LONGEST_TAG).position(|&byte| byte == b'>').map_or(0, |index| index + 1);
        Span::new(start, start + length)
    }

    fn flag_limit(&mut self) {
        let message = Message::new("the page has more than {0} cells; those behind are not read", [MOST_CELLS.to_string()]);
        self.flags.push(Flag::new(Code::NoText, message).fault(Fault::Reading));
    }
}

/// The words of an element on one line: line breaks and paragraphs in it are spaces, between digits line ends. Tables of
/// their own are put to `inner`.
pub fn words(page: Page, ink: &mut Ink, root: NodeId, inner: &mut Vec<NodeId>) -> Span {
    let Page { tree, survey, .. } = page;
    ink.begin();
    let mut at = Some(root);
    while let Some(id) = at {
        let mut skip = false;
        match tree.node(id).map(|node| node.kind) {
            Some(Kind::Text(span)) => ink.write(tree, span),
            Some(Kind::Element(tag, marks, _)) => {
                skip = marks.hidden && id != root || matches!(tag, Tag::Unseen | Tag::Title | Tag::Script | Tag::Embed);
                if !skip && (tag.is_block() || tag == Tag::Break) {
                    ink.line_break();
                }
                if !skip && tag == Tag::Table && survey.stands_apart(id) {
                    inner.push(id);
                    skip = true;
                }
                if tag == Tag::Raised {
                    ink.edge();
                }
            }
            _ => {}
        }
        let mut ends_block = false;
        at = tree.step(id, root, skip, |left| match tree.node(left).map(|node| node.kind) {
            Some(Kind::Element(Tag::Raised, ..)) => ink.edge(),
            Some(Kind::Element(tag, ..)) => ends_block |= tag.is_block(),
            _ => {}
        });
        if ends_block {
            ink.line_break();
        }
    }
    ink.end()
}
