//! XML Spreadsheet → sheets of cells: the XML that Excel 2002 and 2003 save, mostly named `.xls`, and that other programs
//! still write.
//!
//! ```text
//!   Workbook ─ Styles ─ Style                              number format, indent, borders; what it does not say its parent says
//!            └ Worksheet ─ Table ─ Column, Row ─ Cell ─ Data     behind the one before, or where `ss:Index` says
//!                        └ WorksheetOptions ─ Visible
//! ```
//! Where the file breaks off, the cells before stand; the one that it cuts may have lost digits and is left out.

use super::{
    LAST_COLUMN, LAST_ROW, MOST_CELLS, Region, Sheet, SheetCell, Workbook, format, indented, push_run, too_many_cells, without_results,
    write_address,
};
use crate::flag::Message;
use crate::fold::shows_nothing;
use crate::read::trouble::Trouble;
use crate::read::xml::{Node, Xml, attribute, local, number};
use quick_xml::events::BytesStart;
use std::collections::HashMap;
use std::rc::Rc;

/// The style of cells that name none, and the parent of styles that name none.
const DEFAULT: &str = "Default";

/// Read a workbook.
pub fn read(text: &str) -> Workbook {
    let mut workbook = Workbook::default();
    let mut book = Book { xml: Xml::new(text), styles: HashMap::new(), is_1904: false, n_left: MOST_CELLS, is_full: false };
    book.read(&mut workbook);
    workbook.troubles.extend(book.xml.trouble.take());
    if book.is_full {
        workbook.troubles.push(too_many_cells());
    }
    workbook
}

/// How a cell looks.
#[derive(Debug, Clone)]
struct Style {
    format: String,
    is_date: bool,
    is_ruled: bool,
    /// Steps that its words stand in from the left.
    indent: u32,
}

impl Default for Style {
    fn default() -> Style {
        Style { format: "General".to_string(), is_date: false, is_ruled: false, indent: 0 }
    }
}

/// The file as far as it is read, and what all sheets share.
struct Book<'a> {
    xml: Xml<'a>,
    styles: HashMap<String, Rc<Style>>,
    is_1904: bool,
    /// Cells that may still be read.
    n_left: usize,
    /// There are more cells than that; nothing more is read.
    is_full: bool,
}

impl<'a> Book<'a> {
    fn read(&mut self, workbook: &mut Workbook) {
        if self.child().is_none() {
            return;
        }
        while let Some(start) = self.child() {
            match local(&start) {
                "Styles" => self.read_styles(),
                "ExcelWorkbook" => self.read_options(),
                "Worksheet" => {
                    let name = attribute(&start, "Name").unwrap_or_default();
                    let sheet = SheetRead::new(self, name).read(workbook);
                    workbook.sheets.push(sheet);
                }
                _ => self.xml.skip(),
            }
        }
    }

    /// The next element right within the one that is open; none at its end, where the file breaks off, and once there are
    /// too many cells. Whoever takes an element takes or skips all in it.
    fn child(&mut self) -> Option<BytesStart<'a>> {
        while !self.is_full {
            match self.xml.step()? {
                Node::Open(start) => return Some(start),
                Node::Close => return None,
                Node::Text(_) => {}
            }
        }
        None
    }

    /// The characters of the element that is open, whatever they look like; none where the file breaks off in them.
    fn words(&mut self) -> Option<String> {
        let depth = self.xml.depth;
        let mut words = String::new();
        let (mut raised_depth, mut was_raised) = (0, false);
        loop {
            match self.xml.step()? {
                Node::Open(start) if raised_depth == 0 && matches!(local(&start), "Sup" | "Sub") => raised_depth = self.xml.depth,
                Node::Text(text) => {
                    let is_raised = raised_depth > 0;
                    push_run(&mut words, &text, std::mem::replace(&mut was_raised, is_raised) != is_raised);
                }
                Node::Close if self.xml.depth == depth => return Some(words),
                Node::Close if self.xml.depth == raised_depth => raised_depth = 0,
                Node::Open(_) | Node::Close => {}
            }
        }
    }

    fn read_options(&mut self) {
        while let Some(start) = self.child() {
            self.is_1904 |= local(&start) == "Date1904";
            self.xml.skip();
        }
    }

    fn read_styles(&mut self) {
        while let Some(start) = self.child() {
            let parent = attribute(&start, "Parent");
            let parent = self.styles.get(parent.as_deref().unwrap_or(DEFAULT)).cloned().unwrap_or_default();
            let style = self.read_style(Style::clone(&parent));
            self.styles.insert(attribute(&start, "ID").unwrap_or_default(), Rc::new(style));
        }
    }

    fn read_style(&mut self, mut style: Style) -> Style {
        while let Some(start) = self.child() {
            match local(&start) {
                "NumberFormat" => {
                    let code = attribute(&start, "Format");
                    style.format = format::named(code.as_deref().unwrap_or("General")).to_string();
                    style.is_date = format::is_date(&style.format);
                    self.xml.skip();
                }
                "Alignment" => {
                    let is_right = attribute(&start, "Horizontal").is_some_and(|side| side == "Right");
                    style.indent = if is_right { 0 } else { number(&start, "Indent").unwrap_or(0) };
                    self.xml.skip();
                }
                "Borders" => style.is_ruled = self.is_ruled(),
                _ => self.xml.skip(),
            }
        }
        style
    }

    /// True when one of the borders is drawn on a side.
    fn is_ruled(&mut self) -> bool {
        let mut is_ruled = false;
        while let Some(start) = self.child() {
            let is_side = attribute(&start, "Position").is_some_and(|side| matches!(side.as_str(), "Left" | "Right" | "Top" | "Bottom"));
            is_ruled |= is_side && attribute(&start, "LineStyle").is_some_and(|line| line != "None");
            self.xml.skip();
        }
        is_ruled
    }

    /// The style that a cell, row, column or table names.
    fn style(&self, start: &BytesStart) -> Option<Rc<Style>> {
        self.styles.get(&attribute(start, "StyleID")?).cloned()
    }
}

/// A pass over one sheet.
struct SheetRead<'b, 'a> {
    book: &'b mut Book<'a>,
    sheet: Sheet,
    regions: Vec<Region>,
    table_style: Option<Rc<Style>>,
    row_style: Option<Rc<Style>>,
    /// Columns with a style, from first to last, in order.
    column_styles: Vec<(u32, u32, Rc<Style>)>,
    row: u32,
    next_row: u32,
    next_column: u32,
    n_beyond: usize,
    without_result: Vec<String>,
}

impl<'b, 'a> SheetRead<'b, 'a> {
    fn new(book: &'b mut Book<'a>, name: String) -> SheetRead<'b, 'a> {
        SheetRead {
            book,
            sheet: Sheet { name, ..Sheet::default() },
            regions: Vec::new(),
            table_style: None,
            row_style: None,
            column_styles: Vec::new(),
            row: 0,
            next_row: 0,
            next_column: 0,
            n_beyond: 0,
            without_result: Vec::new(),
        }
    }

    fn read(mut self, workbook: &mut Workbook) -> Sheet {
        while let Some(start) = self.book.child() {
            match local(&start) {
                "Table" => self.read_table(&start),
                "WorksheetOptions" => self.read_options(),
                _ => self.book.xml.skip(),
            }
        }
        if self.sheet.is_hidden {
            self.book.n_left += self.sheet.cells.len();
            return Sheet { name: self.sheet.name, is_hidden: true, ..Sheet::default() };
        }
        workbook.troubles.extend(without_results(&self.without_result, &self.sheet.name));
        if self.n_beyond > 0 {
            let facts = [self.n_beyond.to_string(), self.sheet.name.clone()];
            let message = Message::new("{0} cells of the sheet {1} stand behind the last row or column of a sheet and are not read", facts);
            workbook.troubles.push(Trouble::damaged(message));
        }
        self.sheet.settle(&self.regions)
    }

    fn read_options(&mut self) {
        while let Some(start) = self.book.child() {
            if local(&start) == "Visible" {
                let state = self.book.words().unwrap_or_default();
                self.sheet.is_hidden = matches!(state.trim(), "SheetHidden" | "SheetVeryHidden");
            } else {
                self.book.xml.skip();
            }
        }
    }

    fn read_table(&mut self, start: &BytesStart) {
        self.table_style = self.book.style(start);
        while let Some(start) = self.book.child() {
            match local(&start) {
                "Column" => self.read_column(&start),
                "Row" => self.read_row(&start),
                _ => self.book.xml.skip(),
            }
        }
    }

    fn read_column(&mut self, start: &BytesStart) {
        let first = place(start, self.next_column);
        let last = first.saturating_add(number(start, "Span").unwrap_or(0));
        self.next_column = last.saturating_add(1);
        if is_hidden(start) {
            self.sheet.hidden_columns.push(first, last);
        }
        self.column_styles.extend(self.book.style(start).map(|style| (first, last, style)));
        self.book.xml.skip();
    }

    fn read_row(&mut self, start: &BytesStart) {
        self.row = place(start, self.next_row);
        let last = self.row.saturating_add(number(start, "Span").unwrap_or(0));
        self.next_row = last.saturating_add(1);
        self.next_column = 0;
        self.row_style = self.book.style(start);
        if is_hidden(start) {
            self.sheet.hidden_rows.push(self.row, last);
        }
        while let Some(start) = self.book.child() {
            if local(&start) == "Cell" {
                self.read_cell(&start);
            } else {
                self.book.xml.skip();
            }
        }
    }

    fn read_cell(&mut self, start: &BytesStart) {
        let column = place(start, self.next_column);
        let (down, across) = (number(start, "MergeDown").unwrap_or(0), number(start, "MergeAcross").unwrap_or(0));
        self.next_column = column.saturating_add(across).saturating_add(1);
        let Some((kind, value)) = self.read_data() else { return };
        let style = self.style(start, column);
        let is_without_result = attribute(start, "Formula").is_some() && kind != "String" && value.trim().is_empty();
        let (text, stored) = shown(&kind, value, &style, self.book.is_1904);
        if self.row >= LAST_ROW || column >= LAST_COLUMN {
            self.n_beyond += usize::from(!shows_nothing(&text));
            return;
        }
        if is_without_result {
            self.without_result.push(write_address(self.row, column));
        }
        let last = (self.row.saturating_add(down).min(LAST_ROW - 1), column.saturating_add(across).min(LAST_COLUMN - 1));
        if last != (self.row, column) && self.regions.len() < MOST_CELLS {
            self.regions.push(Region { first: (self.row, column), last });
        }
        self.keep(SheetCell { row: self.row, column, rows: 1, columns: 1, text, stored }, style.is_ruled);
    }

    /// What a cell holds, and of which type: nothing of no type where it is blank, none where the file breaks off in it.
    fn read_data(&mut self) -> Option<(String, String)> {
        let mut data = None;
        while let Some(start) = self.book.child() {
            // A comment has data of its own.
            if local(&start) == "Data" {
                data = Some((attribute(&start, "Type").unwrap_or_default(), self.book.words()?));
            } else {
                self.book.xml.skip();
            }
        }
        if data.is_none() && self.book.xml.trouble.is_some() {
            return None;
        }
        Some(data.unwrap_or_default())
    }

    /// A cell's own style, or that of its row, its column, its table.
    fn style(&self, start: &BytesStart, column: u32) -> Rc<Style> {
        let of_column = || {
            let after = self.column_styles.partition_point(|(first, ..)| *first <= column);
            let (_, last, style) = self.column_styles.get(after.checked_sub(1)?)?;
            (column <= *last).then(|| style.clone())
        };
        let named = self.book.style(start).or_else(|| self.row_style.clone()).or_else(of_column).or_else(|| self.table_style.clone());
        named.or_else(|| self.book.styles.get(DEFAULT).cloned()).unwrap_or_default()
    }

    fn keep(&mut self, cell: SheetCell, is_ruled: bool) {
        if shows_nothing(&cell.text) {
            if is_ruled && self.sheet.ruled.len() < MOST_CELLS {
                self.sheet.ruled.insert((cell.row, cell.column));
            }
        } else if self.book.n_left == 0 {
            self.book.is_full = true;
        } else {
            self.book.n_left -= 1;
            self.sheet.cells.push(cell);
        }
    }
}

/// Where a row, column or cell stands, counted from 0: behind the one before, or where it says. An index that is no
/// number, or too large for one, stands behind the last.
fn place(start: &BytesStart, next: u32) -> u32 {
    let Some(index) = attribute(start, "Index") else { return next };
    index.trim().parse::<u32>().map_or(u32::MAX, |index| index.saturating_sub(1))
}

fn is_hidden(start: &BytesStart) -> bool {
    attribute(start, "Hidden").is_some_and(|value| value == "1" || value == "true")
}

/// What a cell shows, and the number that it keeps.
fn shown(kind: &str, value: String, style: &Style, is_1904: bool) -> (String, Option<f64>) {
    match kind {
        "Number" => {
            let Some(stored) = value.trim().parse::<f64>().ok().filter(|stored| stored.is_finite()) else { return (value, None) };
            let text = format::show(stored, &style.format, is_1904).unwrap_or_else(|| format::plain(stored));
            (text, (!style.is_date).then_some(stored))
        }
        "DateTime" => {
            // A date is written as one, from whichever day its workbook counts.
            let serial = format::serial(&value).filter(|_| style.is_date);
            let text = serial.and_then(|serial| format::show(serial, &style.format, false));
            (text.unwrap_or_else(|| value.trim().trim_end_matches("T00:00:00.000").to_string()), None)
        }
        "Boolean" => {
            let text = match value.trim() {
                "1" => "TRUE",
                "0" => "FALSE",
                other => other,
            };
            (text.to_string(), None)
        }
        "String" => (indented(value, style.indent), None),
        _ => (value, None),
    }
}
