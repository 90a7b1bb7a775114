//! The cells of a table by number, for the many sums that meet in each.

use crate::fit::{FittedCell, FittedTable};
use crate::grammar::Item;
use foldhash::{HashMap, HashSet};
use std::sync::Arc;

/// The cells of a table by the places of their rows and columns: those of the items come first, in their order.
pub struct Board<'a> {
    /// Of rows.
    pub rows: Ids<'a>,
    /// Of columns.
    pub columns: Ids<'a>,
    printed: HashSet<usize>,
    cells: HashMap<(usize, usize), &'a FittedCell>,
}

/// Ids and their places.
#[derive(Default)]
pub struct Ids<'a> {
    places: HashMap<&'a str, usize>,
    /// Place of each item: bands may share a column.
    pub of_items: Vec<usize>,
}

impl<'a> Ids<'a> {
    fn new(items: &[&'a Item]) -> Ids<'a> {
        let mut ids = Ids::default();
        ids.of_items = items.iter().map(|item| ids.place(&item.id)).collect();
        ids
    }

    fn place(&mut self, id: &'a str) -> usize {
        let next = self.places.len();
        *self.places.entry(id).or_insert(next)
    }

    /// The place of an id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }
}

impl<'a> Board<'a> {
    /// Of a table that prints these items.
    pub fn new(table: &'a FittedTable, rows: &[&'a Item], columns: &[&'a Item]) -> Board<'a> {
        let mut board = Board { rows: Ids::new(rows), columns: Ids::new(columns), cells: HashMap::default(), printed: HashSet::default() };
        board.cells.reserve(table.cells.len());
        for own in table.cells.chunk_by(|one, other| Arc::ptr_eq(&one.row, &other.row)) {
            let row = own.first().map_or(0, |cell| board.rows.place(&cell.row));
            for cell in own {
                let column = board.columns.place(&cell.column);
                board.printed.insert(column);
                board.cells.insert((row, column), cell);
            }
        }
        board
    }

    /// The cell of a row and a column.
    pub fn find(&self, (row, column): (&str, &str)) -> Option<&'a FittedCell> {
        self.cells.get(&(self.rows.find(row)?, self.columns.find(column)?)).copied()
    }

    /// True when the column of a place has a cell.
    pub fn has_column(&self, place: usize) -> bool {
        self.printed.contains(&place)
    }

    /// The cell of a line where it crosses an item.
    pub fn cell(&self, line: Line, item: usize) -> Option<&'a FittedCell> {
        let place = match line {
            Line::Row(row) => (row, *self.columns.of_items.get(item)?),
            Line::Column(column) => (*self.rows.of_items.get(item)?, column),
        };
        self.cells.get(&place).copied()
    }
}

/// Where an identity is asked: the place of a row or a column.
#[derive(Clone, Copy)]
pub enum Line {
    /// A row.
    Row(usize),
    /// A column.
    Column(usize),
}
