//! Paragraphs and grids written one after another into a document's plain text: a line for each paragraph and for
//! each row, cells parted by tabs. For formats whose text is not the file itself.

use super::Source;
use super::trouble::Trouble;
use crate::doc::{Block, Cell, Document, Grid, Look, Para, Row, Shape, Status};
use crate::flag::{Flag, Flagged};
use crate::fold::is_blank;
use crate::place::{Anchor, LineIndex, Place, Places, Span};

/// Tabs that stand for blank columns before a cell; wider gaps are cut, the cell's column tells.
const WIDEST_GAP: u32 = 64;

/// Blanks kept before the words of a cell.
const WIDEST_INDENT: usize = 64;

/// A cell to be written.
#[derive(Debug, Clone, Default)]
pub struct DraftCell {
    /// Its words.
    pub words: String,
    /// First grid column.
    pub column: u32,
    /// Columns it spans.
    pub columns: u32,
    /// Rows it spans.
    pub rows: u32,
    /// Where it stands, in formats that say so.
    pub place: Option<Place>,
}

/// A document being written.
#[derive(Debug, Default)]
pub struct Draft {
    text: String,
    blocks: Vec<Block>,
    anchors: Vec<Anchor>,
    troubles: Vec<Trouble>,
    flags: Vec<Flag>,
}

impl Draft {
    /// Note a trouble once; its status counts for the whole file.
    pub fn trouble(&mut self, trouble: Trouble) {
        if !self.troubles.contains(&trouble) {
            self.troubles.push(trouble);
        }
    }

    /// Note a finding that leaves the status alone.
    pub fn flag(&mut self, flag: Flag) {
        self.flags.push(flag);
    }

    /// Write a paragraph; nothing is written where nothing shows.
    pub fn para(&mut self, words: &str, look: Look) {
        if let Some(span) = self.line(words) {
            self.blocks.push(Block::Para(Para { span, look }));
        }
    }

    /// Write a paragraph that stands in one place of the file.
    pub fn para_at(&mut self, words: &str, place: Place) {
        if let Some(span) = self.line(words) {
            self.anchors.push(Anchor { span, place });
            self.blocks.push(Block::Para(Para { span, look: Look::default() }));
        }
    }

    /// Write the name on a sheet's tab: it parts this sheet from the one before, and is no title of the first.
    pub fn sheet_name(&mut self, name: &str) {
        if self.blocks.is_empty() {
            self.furniture(name);
        } else {
            self.para(name, Look::default());
        }
    }

    /// Write a line that is seen and read by nobody.
    pub fn furniture(&mut self, words: &str) {
        if let Some(span) = self.line(words) {
            self.blocks.push(Block::Furniture(span));
        }
    }

    fn line(&mut self, words: &str) -> Option<Span> {
        let shown = words.trim_matches(is_blank);
        if shown.is_empty() {
            return None;
        }
        let start = self.text.len();
        self.text.extend(shown.chars().map(|character| if matches!(character, '\n' | '\r') { ' ' } else { character }));
        let span = Span::new(start, self.text.len());
        self.text.push('\n');
        Some(span)
    }

    /// Write a grid.
    pub fn grid(&mut self, rows: Vec<Vec<DraftCell>>, shape: Shape) {
        let start = self.text.len();
        let rows: Vec<Row> = rows.into_iter().map(|cells| self.row(cells)).collect();
        if rows.is_empty() {
            return;
        }
        let span = Span::new(start, self.text.len().saturating_sub(1));
        self.blocks.push(Block::Grid(Grid { rows, shape, span, marks: Vec::new() }));
    }

    fn row(&mut self, drafts: Vec<DraftCell>) -> Row {
        let row_start = self.text.len();
        let mut cells = Vec::with_capacity(drafts.len());
        let mut reached = 0;
        for (index, draft) in drafts.into_iter().enumerate() {
            let gap = draft.column.saturating_sub(reached).min(WIDEST_GAP).max(u32::from(index > 0));
            self.text.extend(std::iter::repeat_n('\t', gap as usize));
            reached = draft.column;
            // Blanks before a label tell how deep it stands.
            let is_indent = |character: &char| is_blank(*character) && !character.is_control();
            let n_blanks = draft.words.chars().take_while(is_indent).take(WIDEST_INDENT).count();
            let shows = draft.words.chars().any(|character| !is_blank(character));
            self.text.extend(draft.words.chars().take(if shows { n_blanks } else { 0 }));
            let start = self.text.len();
            self.cell(&draft.words);
            let span = Span::new(start, self.text.len());
            if let Some(place) = draft.place {
                self.anchors.push(Anchor { span, place });
            }
            cells.push(Cell { span, column: draft.column, columns: draft.columns, rows: draft.rows });
        }
        let span = Span::new(row_start, self.text.len());
        self.text.push('\n');
        Row { cells, span }
    }

    /// The words of a cell on one line. Lines of ideographs close up; a blank parts anything else.
    fn cell(&mut self, words: &str) {
        let start = self.text.len();
        let is_wide = |character: Option<char>| character.is_some_and(|character| character >= '\u{2E80}');
        for line in words.split(['\n', '\r']).map(|line| line.trim_matches(is_blank)).filter(|line| !line.is_empty()) {
            let before = self.text.get(start..).and_then(|own| own.chars().last());
            if before.is_some() && !(is_wide(before) && is_wide(line.chars().next())) {
                self.text.push(' ');
            }
            self.text.extend(line.chars().map(|character| if character.is_control() && is_blank(character) { ' ' } else { character }));
        }
    }

    /// The document, with what was found on the way.
    pub fn finish(self, format: &'static str) -> Flagged<Source> {
        let Draft { text, blocks, anchors, troubles, mut flags } = self;
        let places = if anchors.is_empty() { Places::Lines(LineIndex::new(&text)) } else { Places::Anchors(anchors) };
        flags.extend(troubles.iter().map(Trouble::to_flag));
        let status = troubles.iter().map(|trouble| trouble.status).max().unwrap_or(Status::Ok);
        let document = Document { text, blocks, places, pages: Vec::new(), title: None };
        Flagged { value: Source { document, format, encoding: None, status }, flags }
    }
}
