//! XLSX → sheets of cells: shared strings, number formats, merged regions, hidden sheets.

use super::{
    LAST_COLUMN, LAST_ROW, MOST_CELLS, Region, Sheet, SheetCell, Workbook, format, indented, push_run, read_address, too_many_cells,
    unsupported, without_results, write_address,
};
use crate::flag::Message;
use crate::read::package::Package;
use crate::read::trouble::Trouble;
use crate::read::xml::{Node, Xml, attribute, local, number};
use std::collections::HashMap;

const WORKBOOK: &str = "xl/workbook.xml";

/// What all sheets share.
#[derive(Debug, Default)]
struct Shared {
    strings: Vec<String>,
    styles: Vec<Style>,
    is_1904: bool,
}

/// How a cell looks.
#[derive(Debug)]
struct Style {
    format: String,
    is_date: bool,
    is_ruled: bool,
    /// Steps that its words stand in from the left.
    indent: u32,
}

/// Read a workbook.
pub fn read(mut package: Package) -> Workbook {
    let mut workbook = Workbook::default();
    if let Err(trouble) = read_parts(&mut package, &mut workbook) {
        workbook.troubles.push(trouble);
    }
    workbook
}

fn read_parts(package: &mut Package, workbook: &mut Workbook) -> Result<(), Trouble> {
    let Some(text) = package.text(WORKBOOK)? else {
        let binary = package.has("xl/workbook.bin");
        return Err(if binary { unsupported("this is a binary workbook (XLSB), which is not read") } else { missing(WORKBOOK) });
    };
    let mut shared = Shared::default();
    let mut entries = Vec::new();
    let mut xml = Xml::new(&text);
    while let Some(node) = xml.step() {
        let Node::Open(start) = node else { continue };
        match local(&start) {
            "workbookPr" => shared.is_1904 = attribute(&start, "date1904").is_some_and(|value| value == "1" || value == "true"),
            "sheet" => {
                let is_hidden = attribute(&start, "state").is_some_and(|state| state != "visible");
                entries.push((attribute(&start, "name").unwrap_or_default(), attribute(&start, "id").unwrap_or_default(), is_hidden));
            }
            _ => {}
        }
    }
    workbook.troubles.extend(xml.trouble);
    let Some(list) = package.text("xl/_rels/workbook.xml.rels")? else { return Err(missing("xl/_rels/workbook.xml.rels")) };
    let targets = targets(&list);
    let named = |kind: &str| targets.values().find(|(found, _)| found == kind).map(|(_, path)| path.clone());
    if let Some(path) = named("sharedStrings") {
        shared.strings = part(package, &path, workbook).map(|text| read_strings(&text, workbook)).unwrap_or_default();
    }
    if let Some(path) = named("styles") {
        shared.styles = part(package, &path, workbook).map(|text| read_styles(&text)).unwrap_or_default();
    }
    let mut n_left = MOST_CELLS;
    for (name, id, is_hidden) in entries {
        let Some((kind, path)) = targets.get(&id) else {
            workbook.troubles.push(missing(&name));
            continue;
        };
        if kind != "worksheet" {
            continue;
        }
        let sheet = match part(package, path, workbook) {
            Some(text) if !is_hidden => SheetRead::new(&text, &shared, &name).run(workbook, &mut n_left),
            _ => Sheet::default(),
        };
        workbook.sheets.push(Sheet { name, is_hidden, ..sheet });
    }
    Ok(())
}

fn missing(name: &str) -> Trouble {
    Trouble::damaged(Message::new("the part {0} is not there", [name.to_string()]))
}

/// A part that the workbook names; a trouble where it cannot be read.
fn part(package: &mut Package, path: &str, workbook: &mut Workbook) -> Option<String> {
    match package.text(path) {
        Ok(Some(text)) => return Some(text),
        Ok(None) => workbook.troubles.push(missing(path)),
        Err(trouble) => workbook.troubles.push(trouble),
    }
    None
}

/// Kind and path of each related part, by id.
fn targets(list: &str) -> std::collections::BTreeMap<String, (String, String)> {
    let mut found = std::collections::BTreeMap::new();
    let mut xml = Xml::new(list);
    while let Some(node) = xml.step() {
        let Node::Open(start) = node else { continue };
        if let (Some(id), Some(kind), Some(target)) = (attribute(&start, "Id"), attribute(&start, "Type"), attribute(&start, "Target")) {
            let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_string);
            found.insert(id, (kind.rsplit('/').next().unwrap_or("").to_string(), path));
        }
    }
    found
}

/// The strings in their order; an item without characters keeps its place.
fn read_strings(text: &str, workbook: &mut Workbook) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut xml = Xml::new(text);
    let (mut in_text, mut is_raised, mut was_raised) = (false, false, false);
    while let Some(node) = xml.step() {
        match node {
            Node::Open(start) => match local(&start) {
                "si" => {
                    found.push(String::new());
                    (is_raised, was_raised) = (false, false);
                }
                "r" => is_raised = false,
                "vertAlign" => is_raised = attribute(&start, "val").is_some_and(|value| value != "baseline"),
                "t" => in_text = true,
                "rPh" => xml.skip(),
                _ => {}
            },
            Node::Close => in_text = false,
            Node::Text(text) if in_text => {
                let Some(last) = found.last_mut() else { continue };
                push_run(last, &text, std::mem::replace(&mut was_raised, is_raised) != is_raised);
            }
            Node::Text(_) => {}
        }
    }
    workbook.troubles.extend(xml.trouble);
    found
}

/// The cell styles in their order.
fn read_styles(text: &str) -> Vec<Style> {
    let mut codes: HashMap<u32, String> = HashMap::new();
    let mut found: Vec<Style> = Vec::new();
    let mut borders: Vec<bool> = Vec::new();
    let mut in_cells = false;
    let mut xml = Xml::new(text);
    while let Some(node) = xml.step() {
        let Node::Open(start) = node else { continue };
        match local(&start) {
            "numFmt" => {
                if let (Some(id), Some(code)) = (number(&start, "numFmtId"), attribute(&start, "formatCode")) {
                    codes.insert(id, code);
                }
            }
            "border" => borders.push(false),
            "left" | "right" | "top" | "bottom" if attribute(&start, "style").is_some_and(|style| style != "none") => {
                borders.last_mut().into_iter().for_each(|border| *border = true);
            }
            "cellXfs" => in_cells = true,
            "cellStyles" | "dxfs" | "cellStyleXfs" => in_cells = false,
            "xf" if in_cells => {
                let id = number(&start, "numFmtId").unwrap_or(0);
                let format = codes.get(&id).cloned().unwrap_or_else(|| format::built_in(id).to_string());
                let border = number(&start, "borderId").and_then(|id| borders.get(id as usize));
                found.push(Style { is_date: format::is_date(&format), format, is_ruled: border.copied().unwrap_or(false), indent: 0 });
            }
            "alignment" if in_cells && attribute(&start, "horizontal").is_none_or(|side| side != "right") => {
                let indent = number(&start, "indent").unwrap_or(0);
                found.last_mut().into_iter().for_each(|style| style.indent = indent);
            }
            _ => {}
        }
    }
    found
}

/// A pass over one sheet.
struct SheetRead<'a> {
    xml: Xml<'a>,
    shared: &'a Shared,
    name: &'a str,
    row: u32,
    column: u32,
    kind: String,
    style: usize,
    value: Option<String>,
    inline: Option<String>,
    stored: Option<f64>,
    has_formula: bool,
    without_result: Vec<String>,
    lost_strings: usize,
    sheet: Sheet,
    regions: Vec<Region>,
}

#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Nothing,
    Value,
    Inline,
}

impl<'a> SheetRead<'a> {
    fn new(text: &'a str, shared: &'a Shared, name: &'a str) -> SheetRead<'a> {
        SheetRead {
            xml: Xml::new(text),
            shared,
            name,
            row: 0,
            column: 0,
            kind: String::new(),
            style: 0,
            value: None,
            inline: None,
            stored: None,
            has_formula: false,
            without_result: Vec::new(),
            lost_strings: 0,
            sheet: Sheet::default(),
            regions: Vec::new(),
        }
    }

    fn run(mut self, workbook: &mut Workbook, n_left: &mut usize) -> Sheet {
        let mut inside = Inside::Nothing;
        let mut cell_depth = 0;
        while let Some(node) = self.xml.step() {
            match node {
                Node::Open(start) => match local(&start) {
                    "row" => {
                        self.row = number(&start, "r").map_or(self.row, |row| row.saturating_sub(1));
                        self.column = 0;
                        if is_hidden(&start) {
                            self.sheet.hidden_rows.push(self.row, self.row);
                        }
                    }
                    "col" if is_hidden(&start) => {
                        let (first, last) = (number(&start, "min").unwrap_or(0), number(&start, "max").unwrap_or(0));
                        self.sheet.hidden_columns.push(first.saturating_sub(1), last.saturating_sub(1));
                    }
                    "c" => {
                        cell_depth = self.xml.depth;
                        self.begin(&start);
                    }
                    "v" => {
                        inside = Inside::Value;
                        self.value = Some(String::new());
                    }
                    "t" => inside = Inside::Inline,
                    "f" => self.has_formula = true,
                    "rPh" => self.xml.skip(),
                    "mergeCell" => self.regions.extend(attribute(&start, "ref").and_then(|area| read_region(&area))),
                    _ => {}
                },
                Node::Text(text) => match inside {
                    Inside::Value => self.value.get_or_insert_default().push_str(&text),
                    Inside::Inline => self.inline.get_or_insert_default().push_str(&text),
                    Inside::Nothing => {}
                },
                Node::Close => {
                    inside = Inside::Nothing;
                    if cell_depth == self.xml.depth {
                        cell_depth = 0;
                        self.finish();
                    } else if cell_depth == 0 && self.xml.depth == 3 {
                        self.row = self.row.saturating_add(1);
                    }
                }
            }
            if self.sheet.cells.len() > *n_left {
                workbook.troubles.push(too_many_cells());
                break;
            }
        }
        *n_left = n_left.saturating_sub(self.sheet.cells.len());
        self.troubles(workbook);
        self.sheet.settle(&self.regions)
    }

    fn begin(&mut self, start: &quick_xml::events::BytesStart) {
        if let Some((row, column)) = attribute(start, "r").and_then(|address| read_address(&address)) {
            (self.row, self.column) = (row, column);
        }
        self.kind = attribute(start, "t").unwrap_or_default();
        self.style = number(start, "s").unwrap_or(0) as usize;
        (self.value, self.inline, self.stored, self.has_formula) = (None, None, None, false);
    }

    fn finish(&mut self) {
        let mut text = self.shown();
        let style = self.shared.styles.get(self.style);
        if matches!(self.kind.as_str(), "s" | "str" | "inlineStr") {
            text = indented(text, style.map_or(0, |style| style.indent));
        }
        let is_within = self.row < LAST_ROW && self.column < LAST_COLUMN;
        if is_within && !crate::fold::shows_nothing(&text) {
            let stored = self.stored.take();
            self.sheet.cells.push(SheetCell { row: self.row, column: self.column, rows: 1, columns: 1, text, stored });
        } else if is_within && self.sheet.ruled.len() < MOST_CELLS && style.is_some_and(|style| style.is_ruled) {
            self.sheet.ruled.insert((self.row, self.column));
        }
        self.column = self.column.saturating_add(1);
    }

    fn shown(&mut self) -> String {
        // Programs that do not calculate write an empty result; a formula may also give an empty text, and says so.
        let value = self.value.take().filter(|value| !(self.has_formula && value.trim().is_empty() && self.kind != "str"));
        let Some(value) = value else {
            if self.has_formula && self.inline.is_none() {
                self.without_result.push(write_address(self.row, self.column));
            }
            return self.inline.take().unwrap_or_default();
        };
        match self.kind.as_str() {
            "s" => {
                let found = value.trim().parse::<usize>().ok().and_then(|index| self.shared.strings.get(index));
                self.lost_strings += usize::from(found.is_none());
                found.cloned().unwrap_or_default()
            }
            "b" => (if value.trim() == "1" { "TRUE" } else { "FALSE" }).to_string(),
            "str" | "e" | "d" | "inlineStr" => value,
            _ => match value.trim().parse::<f64>() {
                Ok(stored) => {
                    let code = self.shared.styles.get(self.style).map_or("General", |style| style.format.as_str());
                    self.stored = self.shared.styles.get(self.style).is_none_or(|style| !style.is_date).then_some(stored);
                    format::show(stored, code, self.shared.is_1904).unwrap_or_else(|| format::plain(stored))
                }
                Err(_) => value,
            },
        }
    }

    fn troubles(&mut self, workbook: &mut Workbook) {
        workbook.troubles.extend(self.xml.trouble.take());
        workbook.troubles.extend(without_results(&self.without_result, self.name));
        if self.lost_strings > 0 {
            let facts = [self.lost_strings.to_string(), self.name.to_string()];
            let message = Message::new("{0} cells of the sheet {1} refer to words that are not in the file", facts);
            workbook.troubles.push(Trouble::damaged(message));
        }
    }
}

fn is_hidden(start: &quick_xml::events::BytesStart) -> bool {
    attribute(start, "hidden").is_some_and(|value| value == "1" || value == "true")
}

fn read_region(area: &str) -> Option<Region> {
    let (first, last) = area.split_once(':').unwrap_or((area, area));
    let (first, last) = (read_address(first)?, read_address(last)?);
    (first.0 <= last.0 && first.1 <= last.1).then_some(Region { first, last })
}
