//! What a page falls into: lines of text and tables, in the order they are read. Data only.

use super::page::Area;
use crate::doc::Shape;

/// Something on a page.
#[derive(Debug, Clone)]
pub enum Part {
    /// A line of text.
    Line(TextLine),
    /// A table, or the part of one that stands on this page.
    Table(Table),
}

/// A line of text.
#[derive(Debug, Clone)]
pub struct TextLine {
    /// Its words.
    pub text: String,
    /// Its page.
    pub page: u32,
    /// Its box.
    pub area: Area,
    /// The largest size of its characters.
    pub size: f32,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// The page it begins on.
    pub page: u32,
    /// Its box on that page.
    pub area: Area,
    /// Its rows.
    pub rows: Vec<Vec<TableCell>>,
    /// The places of its columns' edges.
    pub xs: Vec<f32>,
    /// How far its columns can be trusted.
    pub shape: Shape,
}

/// A cell.
#[derive(Debug, Clone, Default)]
pub struct TableCell {
    /// Its words.
    pub text: String,
    /// Where it stands; a cell cut by the end of a page stands in two places.
    pub places: Vec<(u32, Area)>,
    /// First grid column.
    pub column: usize,
    /// Columns it spans.
    pub columns: usize,
    /// Rows it spans.
    pub rows: usize,
    /// It reaches the upper end of the table and no rule closes it there.
    pub open_top: bool,
    /// It reaches the lower end of the table and no rule closes it there.
    pub open_bottom: bool,
}

impl Part {
    /// Its box.
    pub fn area(&self) -> Area {
        match self {
            Part::Line(line) => line.area,
            Part::Table(table) => table.area,
        }
    }
}
