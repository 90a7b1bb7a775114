//! The cells of a table by number, for the many sums that meet in each.

use crate::fit::{FittedCell, FittedTable};
use crate::grammar::Item;
use crate::sums::Part;
use foldhash::{HashMap, HashSet};
use std::sync::Arc;

/// Where a cell stands: the places of its row and of its column.
pub type Place = (usize, usize);

/// The cells of a table by the places of their rows and columns: those of the items come first, in their order.
pub struct Board<'a> {
    /// Of rows.
    pub rows: Ids<'a>,
    /// Of columns.
    pub columns: Ids<'a>,
    printed: HashSet<usize>,
    /// In order of place.
    cells: Vec<(Place, &'a FittedCell)>,
    /// Of each row its first cell.
    firsts: Vec<usize>,
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
        let (mut own_rows, mut own_columns) = (Ids::new(rows), Ids::new(columns));
        let mut printed = HashSet::default();
        let mut cells: Vec<(Place, &FittedCell)> = Vec::with_capacity(table.cells.len());
        for own in table.cells.chunk_by(|one, other| Arc::ptr_eq(&one.row, &other.row)) {
            let row = own.first().map_or(0, |cell| own_rows.place(&cell.row));
            for cell in own {
                let column = own_columns.place(&cell.column);
                printed.insert(column);
                cells.push(((row, column), cell));
            }
        }
        // Of two at one place the last counts.
        cells.reverse();
        cells.sort_by_key(|(place, _)| *place);
        cells.dedup_by_key(|(place, _)| *place);
        let first = |row: usize| cells.partition_point(|((own, _), _)| *own < row);
        let firsts = (0..=own_rows.places.len()).map(first).collect();
        Board { rows: own_rows, columns: own_columns, printed, cells, firsts }
    }

    /// The cell of a row and a column.
    pub fn find(&self, address: (&str, &str)) -> Option<&'a FittedCell> {
        self.at(self.place(address)?)
    }

    /// The place of a row and a column.
    pub fn place(&self, (row, column): (&str, &str)) -> Option<Place> {
        Some((self.rows.find(row)?, self.columns.find(column)?))
    }

    fn at(&self, (row, column): Place) -> Option<&'a FittedCell> {
        let own = self.cells.get(*self.firsts.get(row)?..*self.firsts.get(row + 1)?)?;
        let is_meant = |(place, _): &&(Place, &FittedCell)| place.1 == column;
        // Most rows have a cell in each column.
        let found = own.get(column).filter(is_meant);
        found.or_else(|| own.get(own.partition_point(|(place, _)| place.1 < column)).filter(is_meant)).map(|(_, cell)| *cell)
    }

    /// True when the column of a place has a cell.
    pub fn has_column(&self, place: usize) -> bool {
        self.printed.contains(&place)
    }

    /// The cell of a line where it crosses an item.
    pub fn cell(&self, line: Line, item: usize) -> Option<&'a FittedCell> {
        self.at(self.crossing(line, item)?)
    }

    /// Where the numbers of a sum stand in a line.
    pub fn places<'p>(&'p self, line: Line, parts: impl Iterator<Item = &'p Part<'p>> + 'p) -> impl Iterator<Item = Place> + 'p {
        parts.filter_map(move |part| self.crossing(line, part.item))
    }

    fn crossing(&self, line: Line, item: usize) -> Option<Place> {
        Some(match line {
            Line::Row(row) => (row, *self.columns.of_items.get(item)?),
            Line::Column(column) => (*self.rows.of_items.get(item)?, column),
        })
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
