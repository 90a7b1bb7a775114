//! ODS → sheets of cells. The file holds for each cell what it shows, so nothing is formatted here.

use super::{LAST_COLUMN, LAST_ROW, MOST_CELLS, Region, Sheet, SheetCell, Workbook, too_many_cells};
use crate::doc::Status;
use crate::flag::Message;
use crate::read::package::Package;
use crate::read::trouble::Trouble;
use crate::read::xml::{Node, Xml, attribute, local, number};
use quick_xml::events::BytesStart;
use std::collections::HashSet;

/// Read a workbook.
pub fn read(mut package: Package) -> Workbook {
    let mut workbook = Workbook::default();
    let manifest = package.text("META-INF/manifest.xml").ok().flatten().unwrap_or_default();
    if manifest.contains("encryption-data") {
        let message = Message::plain("the file is locked with a password");
        workbook.troubles.push(Trouble { status: Status::Encrypted, message });
        return workbook;
    }
    match package.text("content.xml") {
        Ok(Some(text)) => Content::new(&text).run(&mut workbook),
        Ok(None) => workbook.troubles.push(Trouble::damaged(Message::plain("the part content.xml is not there"))),
        Err(trouble) => workbook.troubles.push(trouble),
    }
    workbook
}

fn is_hidden(start: &BytesStart) -> bool {
    attribute(start, "visibility").is_some_and(|value| value != "visible")
}

struct Content<'a> {
    xml: Xml<'a>,
    hidden_styles: HashSet<String>,
    style: String,
    sheet: Sheet,
    row: u32,
    row_repeats: u32,
    row_start: usize,
    column: u32,
    n_cells: usize,
    /// Spanned cells in which nothing stands.
    regions: Vec<Region>,
}

impl<'a> Content<'a> {
    fn new(text: &'a str) -> Content<'a> {
        Content {
            xml: Xml::new(text),
            hidden_styles: HashSet::new(),
            style: String::new(),
            sheet: Sheet::default(),
            row: 0,
            row_repeats: 1,
            row_start: 0,
            column: 0,
            n_cells: 0,
            regions: Vec::new(),
        }
    }

    fn run(mut self, workbook: &mut Workbook) {
        let mut table_depth = 0;
        let mut row_depth = 0;
        while let Some(node) = self.xml.step() {
            match node {
                Node::Open(start) => match local(&start) {
                    "style" => self.style = attribute(&start, "name").unwrap_or_default(),
                    "table-properties" if attribute(&start, "display").as_deref() == Some("false") => {
                        self.hidden_styles.insert(self.style.clone());
                    }
                    "table" if table_depth == 0 => {
                        table_depth = self.xml.depth;
                        let is_hidden = attribute(&start, "style-name").is_some_and(|style| self.hidden_styles.contains(&style));
                        self.sheet = Sheet { name: attribute(&start, "name").unwrap_or_default(), is_hidden, ..Sheet::default() };
                        self.row = 0;
                        self.column = 0;
                    }
                    "table-column" if table_depth > 0 => {
                        let repeats = number(&start, "number-columns-repeated").unwrap_or(1).clamp(1, LAST_COLUMN);
                        if is_hidden(&start) {
                            self.sheet.hidden_columns.push(self.column, self.column.saturating_add(repeats - 1));
                        }
                        self.column = self.column.saturating_add(repeats);
                    }
                    "table-row" if table_depth > 0 => {
                        row_depth = self.xml.depth;
                        self.row_repeats = number(&start, "number-rows-repeated").unwrap_or(1).clamp(1, LAST_ROW);
                        if is_hidden(&start) {
                            self.sheet.hidden_rows.push(self.row, self.row.saturating_add(self.row_repeats - 1));
                        }
                        self.row_start = self.sheet.cells.len();
                        self.column = 0;
                    }
                    "table-cell" | "covered-table-cell" if row_depth > 0 => self.cell(&start),
                    "shapes" | "tracked-changes" | "forms" => self.xml.skip(),
                    _ => {}
                },
                Node::Close if row_depth > 0 && self.xml.depth == row_depth => {
                    row_depth = 0;
                    self.finish_row();
                }
                Node::Close if table_depth > 0 && self.xml.depth == table_depth => {
                    table_depth = 0;
                    workbook.sheets.push(std::mem::take(&mut self.sheet).settle(&std::mem::take(&mut self.regions)));
                }
                _ => {}
            }
            if self.n_cells > MOST_CELLS {
                workbook.troubles.push(too_many_cells());
                break;
            }
        }
        workbook.troubles.extend(self.xml.trouble.take());
        if !self.sheet.cells.is_empty() {
            workbook.sheets.push(self.sheet.settle(&self.regions));
        }
    }

    fn cell(&mut self, start: &BytesStart) {
        let is_covered = local(start) == "covered-table-cell";
        let repeats = number(start, "number-columns-repeated").unwrap_or(1).min(LAST_COLUMN);
        let span = |name: &str, most: u32| number(start, name).unwrap_or(1).clamp(1, most);
        let (columns, rows) = (span("number-columns-spanned", LAST_COLUMN), span("number-rows-spanned", LAST_ROW));
        let value = attribute(start, "value").and_then(|value| value.parse::<f64>().ok());
        let stored = attribute(start, "value").or_else(|| attribute(start, "string-value"));
        let is_negative = stored.as_ref().is_some_and(|stored| stored.starts_with('-'));
        let text = match self.words() {
            Some(shown) if is_negative => unbracketed(shown),
            Some(shown) => shown,
            None => stored.unwrap_or_default(),
        };
        if !is_covered && !crate::fold::shows_nothing(&text) {
            for index in 0..repeats {
                let column = self.column.saturating_add(index);
                if column >= LAST_COLUMN || self.n_cells > MOST_CELLS || self.row >= LAST_ROW {
                    break;
                }
                self.sheet.cells.push(SheetCell { row: self.row, column, rows, columns, text: text.clone(), stored: value });
                self.n_cells += 1;
            }
        }
        let is_blank = !is_covered && crate::fold::shows_nothing(&text) && self.row < LAST_ROW && self.column < LAST_COLUMN;
        if is_blank && columns.max(rows) > 1 && self.regions.len() < MOST_CELLS {
            let last = (self.row.saturating_add(rows - 1), self.column.saturating_add(columns - 1));
            self.regions.push(Region { first: (self.row, self.column), last });
        }
        self.column = self.column.saturating_add(repeats);
    }

    /// The paragraphs of a cell, without its comments and drawings; none where it has no paragraph.
    fn words(&mut self) -> Option<String> {
        let depth = self.xml.depth;
        let mut out = String::new();
        let mut n_paras = 0;
        let mut in_para = 0;
        while let Some(node) = self.xml.step() {
            match node {
                Node::Open(start) => match local(&start) {
                    "p" | "h" => {
                        if n_paras > 0 {
                            out.push('\n');
                        }
                        n_paras += 1;
                        in_para = self.xml.depth;
                    }
                    "s" => out.extend(std::iter::repeat_n(' ', number(&start, "c").unwrap_or(1).min(100) as usize)),
                    "tab" => out.push(' '),
                    "line-break" => out.push('\n'),
                    "annotation" | "frame" | "custom-shape" | "detective" => self.xml.skip(),
                    _ => {}
                },
                Node::Text(text) if in_para > 0 => out.push_str(&text),
                Node::Text(_) => {}
                Node::Close if self.xml.depth == depth => break,
                Node::Close if self.xml.depth == in_para => in_para = 0,
                Node::Close => {}
            }
        }
        (n_paras > 0).then_some(out)
    }

    /// A row that is repeated shows its cells each time.
    fn finish_row(&mut self) {
        let own: Vec<SheetCell> = self.sheet.cells.get(self.row_start..).unwrap_or_default().to_vec();
        if !own.is_empty() {
            for index in 1..self.row_repeats {
                let row = self.row.saturating_add(index);
                if row >= LAST_ROW || self.n_cells > MOST_CELLS {
                    break;
                }
                self.sheet.cells.extend(own.iter().cloned().map(|cell| SheetCell { row, ..cell }));
                self.n_cells += own.len();
            }
        }
        self.row = self.row.saturating_add(self.row_repeats);
    }
}

/// `(1,234.50)` of a number that is stored as negative: the brackets are its sign.
fn unbracketed(shown: String) -> String {
    let inside = shown.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inside.map_or_else(|| shown.clone(), |number| format!("-{number}"))
}
