//! Which tables hold data and which only lay the page out, told in one walk before anything is read.
//!
//! A table lays out when it has one cell a row, or when it has hardly any numbers of its own and its cells hold what no
//! data cell holds: whole paragraphs, headings, other tables, menus. A table of data may stand in a cell of another.

use super::style::Tag;
use super::tree::{Kind, NodeId, Tree};
use crate::fold::is_blank;
use crate::normalise::read_cell;
use std::collections::{HashMap, HashSet};

/// What the walk has found.
#[derive(Debug, Default)]
pub struct Survey {
    layout: HashSet<NodeId>,
    cards: HashSet<NodeId>,
    apart: HashSet<NodeId>,
    captions: HashMap<NodeId, Vec<NodeId>>,
}

impl Survey {
    /// True when a table only lays the page out.
    pub fn lays_out(&self, table: NodeId) -> bool {
        self.layout.contains(&table)
    }

    /// True when a small table holds no number, but codes or dates: the card that a site sets above an article, with its
    /// index number and day of issue.
    pub fn is_card(&self, table: NodeId) -> bool {
        self.cards.contains(&table)
    }

    /// True when a table within a table has rows of numbers: no words of a cell.
    pub fn stands_apart(&self, table: NodeId) -> bool {
        self.apart.contains(&table)
    }

    /// The titles of a table.
    pub fn captions(&self, table: NodeId) -> &[NodeId] {
        self.captions.get(&table).map_or(&[], Vec::as_slice)
    }
}

/// A cell's text as far as it may be a number.
const LONGEST_NUMBER: usize = 40;
/// A table with as many numbers holds data, whatever else it does.
const MANY_NUMBERS: usize = 4;
/// A cell with more text than this is no data cell.
const LONGEST_DATA: usize = 800;

#[derive(Debug, Default)]
struct OpenTable {
    id: NodeId,
    n_cells: usize,
    n_numbers: usize,
    n_rows: usize,
    /// A cell has digits and is no number.
    has_code: bool,
    widest: usize,
    in_row: usize,
    /// A table of more than one shown cell stands in a cell.
    has_tables: bool,
    has_data_tables: bool,
    has_rich_cell: bool,
    n_chars: usize,
    n_link_chars: usize,
    cells: Vec<OpenCell>,
}

#[derive(Debug, Default)]
struct OpenCell {
    id: NodeId,
    text: String,
    n_chars: usize,
    n_paragraphs: usize,
    has_heading: bool,
}

/// Walk the tables of a page.
pub fn survey(tree: &Tree) -> Survey {
    let mut walk = Walk::default();
    let mut at = Some(0);
    while let Some(id) = at {
        let skip = walk.enter(tree, id);
        at = tree.step(id, 0, skip, |left| walk.leave(left));
    }
    walk.found
}

#[derive(Default)]
struct Walk {
    open: Vec<OpenTable>,
    links: Vec<NodeId>,
    found: Survey,
}

impl Walk {
    fn enter(&mut self, tree: &Tree, id: NodeId) -> bool {
        match tree.node(id).map(|node| node.kind) {
            Some(Kind::Text(span)) => {
                self.text(tree.words(span));
                false
            }
            Some(Kind::Element(tag, marks, _)) => {
                if marks.hidden || matches!(tag, Tag::Unseen | Tag::Title | Tag::Script | Tag::Embed) {
                    return true;
                }
                self.element(id, tag);
                false
            }
            _ => false,
        }
    }

    fn element(&mut self, id: NodeId, tag: Tag) {
        if tag == Tag::Table {
            self.open.push(OpenTable { id, ..OpenTable::default() });
            return;
        }
        if tag == Tag::Link {
            self.links.push(id);
        }
        let Some(table) = self.open.last_mut() else { return };
        match tag {
            Tag::Row => {
                table.in_row = 0;
                table.n_rows += 1;
            }
            Tag::Cell => table.cells.push(OpenCell { id, ..OpenCell::default() }),
            Tag::Caption => self.found.captions.entry(table.id).or_default().push(id),
            Tag::Heading(_) => table.cells.iter_mut().for_each(|cell| cell.has_heading = true),
            Tag::Block | Tag::Break => table.cells.iter_mut().for_each(|cell| cell.n_paragraphs += usize::from(cell.n_chars > 0)),
            _ => {}
        }
    }

    fn text(&mut self, words: &str) {
        let Some(table) = self.open.last_mut() else { return };
        let n_shown = words.chars().filter(|&character| !is_blank(character)).count();
        table.n_chars += n_shown;
        table.n_link_chars += if self.links.is_empty() { 0 } else { n_shown };
        if let Some(cell) = table.cells.last_mut() {
            cell.n_chars += n_shown;
            if cell.text.len() <= LONGEST_NUMBER {
                cell.text.extend(words.chars().take(LONGEST_NUMBER));
            }
        }
    }

    fn leave(&mut self, id: NodeId) {
        self.links.pop_if(|link| *link == id);
        let Some(table) = self.open.last_mut() else { return };
        if let Some(cell) = table.cells.pop_if(|cell| cell.id == id) {
            table.end_cell(&cell);
        }
        if table.id == id
            && let Some(table) = self.open.pop()
        {
            let lays_out = table.lays_out();
            if let Some(outer) = self.open.last_mut() {
                outer.has_tables |= table.n_cells > 1 || table.has_tables;
                outer.has_data_tables |= table.n_numbers >= MANY_NUMBERS || table.has_data_tables;
            }
            if lays_out {
                self.found.layout.insert(table.id);
            } else if table.is_card() {
                self.found.cards.insert(table.id);
            } else if !self.open.is_empty() && table.has_rows_of_numbers() {
                self.found.apart.insert(table.id);
            }
        }
    }
}

impl OpenTable {
    fn end_cell(&mut self, cell: &OpenCell) {
        self.in_row += 1;
        self.widest = self.widest.max(self.in_row);
        self.n_cells += usize::from(cell.n_chars > 0);
        self.n_numbers += usize::from(cell.n_chars < LONGEST_NUMBER && read_cell(cell.text.trim()).quantity().is_some());
        self.has_code |= cell.text.contains(|character: char| character.is_ascii_digit());
        let is_long = cell.n_chars > LONGEST_DATA;
        self.has_rich_cell |= is_long || cell.has_heading || cell.n_paragraphs >= 3 && cell.n_chars > 200;
    }

    fn is_card(&self) -> bool {
        const MOST_ROWS: usize = 12;
        self.n_numbers == 0 && self.has_code && self.n_rows <= MOST_ROWS
    }

    /// A number set beside its unit is no table.
    fn has_rows_of_numbers(&self) -> bool {
        self.n_numbers >= MANY_NUMBERS || self.n_numbers >= 2 && self.n_rows >= 2
    }

    /// It holds data of its own, whatever tables stand in its cells.
    fn is_data(&self) -> bool {
        self.n_numbers >= MANY_NUMBERS && self.n_numbers * 4 >= self.n_cells && !self.has_rich_cell
    }

    fn lays_out(&self) -> bool {
        if self.widest <= 1 || self.n_cells <= 1 || self.has_data_tables && !self.is_data() {
            return true;
        }
        let hardly_any_numbers = self.n_numbers < 3 || self.n_numbers * 20 < self.n_cells;
        hardly_any_numbers && (self.has_tables || self.has_rich_cell || self.n_link_chars * 2 > self.n_chars)
    }
}
