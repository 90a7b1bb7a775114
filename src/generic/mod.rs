//! Tables that belong to no family: header tree, label tree, units, and values with keys of printed labels.
//!
//! ```text
//!   表3 某县产量（吨）                 title, unit
//!   项目      2019年   2020年          header
//!   粮食      12       15              → t1/粮食/2019年 = 12, unit 吨
//! ```
//! What each row is for ([`frame`]), the path over each column ([`header`]) and before each row ([`stub`]) come from
//! where words and numbers stand; [`crate::discover`] then finds which rows are worked out from others.

pub mod blank;
pub mod body;
pub mod frame;
pub mod header;
pub mod identities;
pub mod panel;
pub mod parts;
pub mod rate;
pub mod sheet;
pub mod stacked;
pub mod stub;
pub mod sums;
pub mod unit;

use crate::check::Trust;
use crate::discover::Relation;
use crate::discover::figure::find_money;
use crate::doc::Document;
use crate::fold::tidy;
use crate::grammar::words::{Words, built_in};
use crate::normalise::Reading;
use crate::place::Span;
use crate::table::Table;
use frame::{Frame, Role, frame};
use header::{Header, headers};
use panel::{Panel, panels};
use sheet::{Sheet, Slot, sheet};
use std::collections::{BTreeSet, HashMap};

/// A table without a grammar.
#[derive(Debug, Clone)]
pub struct LooseTable {
    /// Which of the report's tables.
    pub index: usize,
    /// First part of its keys.
    pub id: String,
    /// The line that names it.
    pub title: Option<String>,
    /// What it counts in.
    pub unit: Option<String>,
    /// Its cells by row.
    pub sheet: Sheet,
    /// What its rows are for.
    pub frame: Frame,
    /// Its headers.
    pub headers: Vec<Header>,
    /// Label path of each row.
    pub row_paths: Vec<Vec<String>>,
    /// The tables that stand side by side in it, with their own label paths.
    pub panels: Vec<Panel>,
    /// Columns of rates, shares or indices.
    pub rates: BTreeSet<usize>,
    /// Identities that hold in it; lines and positions are rows and columns of the sheet.
    pub relations: Vec<Relation>,
    /// Its values.
    pub values: Vec<LooseValue>,
    /// Cells that hold digits and are no value, with the reason.
    pub noted: Vec<(Span, &'static str)>,
}

/// A value with a key of printed labels.
#[derive(Debug, Clone)]
pub struct LooseValue {
    /// Unique within the report.
    pub key: String,
    /// Row of the table.
    pub row: usize,
    /// Column of its sheet.
    pub column: usize,
    /// Where it stands.
    pub span: Span,
    /// What it says.
    pub reading: Reading,
    /// The unit of its header or table.
    pub unit: Option<String>,
    /// What identities say of it.
    pub trust: Option<Trust>,
}

/// Read a table; `id` is the first part of its keys.
pub fn read_table(document: &Document, table: &Table, index: usize, id: String) -> LooseTable {
    let words = built_in();
    let sheet = sheet(document, table);
    let mut frame = frame(&sheet, words);
    stacked::keep_rows(table, &mut frame);
    let headers = headers(&sheet, &frame);
    let relations = identities::find(&sheet, &frame, &headers, words);
    identities::mark_derived(&sheet, &mut frame, &relations, words);
    let panels = panels(&sheet, &frame, &headers, (&relations, words));
    let row_paths = panels.first().map(|panel| panel.paths.clone()).unwrap_or_default();
    let rates = rate::find(&sheet, &frame, &headers, words);
    let (title, unit) = caption(document, table, &sheet, &frame, words);
    let (values, noted) = (Vec::new(), Vec::new());
    let mut loose = LooseTable { index, id, title, unit, sheet, frame, headers, row_paths, panels, rates, relations, values, noted };
    fill(&mut loose, table, words);
    loose
}

impl LooseTable {
    /// The key of a whole row.
    pub fn row_key(&self, row: usize) -> String {
        format!("{}/{}/*", self.id, row_name(row, self.row_paths.get(row).map(Vec::as_slice).unwrap_or_default()))
    }
}

fn row_name(row: usize, path: &[String]) -> String {
    if path.is_empty() { format!("r{}", row + 1) } else { join(path) }
}

/// Fewer characters in a row above the header are no title where a line above the table is.
const SHORTEST_TITLE: usize = 6;

/// Title and unit, from the lines above and from the rows above the header.
fn caption(document: &Document, table: &Table, sheet: &Sheet, frame: &Frame, words: &Words) -> (Option<String>, Option<String>) {
    let inside = sheet.rows.iter().zip(&frame.roles).take_while(|(_, role)| matches!(role, Role::Title | Role::Empty));
    let inside = inside.flat_map(|(row, _)| row).map(|slot| slot.text.clone());
    let lines: Vec<String> = table.above.iter().map(|&span| tidy(document.slice(span))).chain(inside).collect();
    let unit = lines.iter().rev().find_map(|line| unit::find_in_caption(line, words));
    let is_unit_line = |line: &String| words.unit.after_mark(line).is_some() && line.chars().count() < 20;
    let n_above = table.above.len();
    let (above, inside) = lines.split_at_checked(n_above).unwrap_or_default();
    // A short line inside is the table's number; the line above says more.
    let inside = inside.iter().find(|line| !is_unit_line(line));
    let above = above.iter().rev().find(|line| !is_unit_line(line));
    let is_short = inside.is_none_or(|line| line.chars().count() < SHORTEST_TITLE);
    let title = if is_short { above.or(inside) } else { inside };
    (title.cloned(), unit)
}

/// Values and keys, row by row.
fn fill(loose: &mut LooseTable, table: &Table, words: &Words) {
    let mut used: HashMap<String, usize> = HashMap::new();
    let mut units = Units::default();
    let is_money = columns_of_money(&loose.sheet, &loose.frame);
    let proven = identities::proven(&loose.sheet, &loose.relations);
    let numbers = body::number_columns(&loose.sheet, &loose.frame.roles);
    let mut values = Vec::new();
    let mut noted = Vec::new();
    for (index, (row, slots)) in table.rows.iter().zip(&loose.sheet.rows).enumerate() {
        let role = loose.frame.roles.get(index).copied().unwrap_or(Role::Empty);
        let block = loose.headers.partition_point(|header| header.end <= index).checked_sub(1);
        let header = block.and_then(|block| loose.headers.get(block));
        let row_unit = row_unit(slots, &loose.frame, words);
        for slot in slots {
            let panel = loose.panels.iter().rfind(|panel| panel.start <= slot.column);
            let start = panel.map_or(0, |panel| panel.start);
            let row_path = panel.and_then(|panel| panel.paths.get(index)).map(Vec::as_slice).unwrap_or_default();
            let Some(cell) = row.cells.get(slot.cell) else { continue };
            let reading = sheet::reading(cell, slot, loose.sheet.writing);
            let is_of_numbers = numbers.get(slot.column) == Some(&true);
            let is_datum = reading.is_datum() || slot.is_unread() || is_of_numbers && (slot.is_near_number() || slot.names_time());
            if !role.is_data() || slot.column < start + loose.frame.n_stub || !is_datum {
                noted.push((cell.span, if role == Role::Note { "note" } else { "label or header" }));
                continue;
            }
            if reading.quantity().is_none() {
                noted.push((cell.span, "digits that are no number"));
            }
            let column_path = header.and_then(|header| header.paths.get(slot.column)).map(Vec::as_slice).unwrap_or_default();
            let unit = units.of((block, slot.column), loose, (column_path, row_unit.as_deref()), words);
            let money = || find_money(&slot.text).filter(|_| is_money.get(slot.column) == Some(&true) && reading.quantity().is_some());
            let unit = unit.or_else(|| money().map(|(sign, _)| sign.to_string()));
            let key = unique(&mut used, key(&loose.id, (index, row_path), (slot, column_path)));
            let trust = proven.contains(&(index, slot.column)).then_some(Trust::Proven);
            values.push(LooseValue { key, row: index, column: slot.column, span: cell.span, reading, unit, trust });
        }
    }
    loose.values = values;
    loose.noted = noted;
}

/// For each column: all its numbers have a sign of money, which is their unit. Before the first and the last alone it is how
/// the table is set, and what they count in is told elsewhere.
fn columns_of_money(sheet: &Sheet, frame: &Frame) -> Vec<bool> {
    let mut is_money = vec![true; sheet.n_columns];
    for (row, _) in sheet.rows.iter().zip(&frame.roles).filter(|(_, role)| role.is_data()) {
        for slot in row.iter().filter(|slot| slot.figure().is_some() && find_money(&slot.text).is_none()) {
            is_money.iter_mut().skip(slot.column).take(1).for_each(|own| *own = false);
        }
    }
    is_money
}

/// The unit that a row names: in the column of units, or in brackets behind its label.
fn row_unit(slots: &[Slot], frame: &Frame, words: &Words) -> Option<String> {
    let own = slots.iter().find(|slot| frame.unit_column == Some(slot.column)).map(|slot| slot.text.clone());
    let label = || slots.iter().rev().find(|slot| slot.column < frame.n_stub && frame.is_label(slot));
    own.or_else(|| unit::in_brackets(&label()?.text, words))
}

/// Units that the headers state, by block and column.
#[derive(Default)]
struct Units(HashMap<(usize, usize), Option<String>>);

impl Units {
    /// The unit of a value: its column's, else its row's, else the table's. Rates have none of amounts.
    fn of(
        &mut self,
        (block, column): (Option<usize>, usize),
        loose: &LooseTable,
        (column_path, row_unit): (&[String], Option<&str>),
        words: &Words,
    ) -> Option<String> {
        let own = self.0.entry((block.unwrap_or(usize::MAX), column)).or_insert_with(|| unit::find_in_header(column_path, words));
        let is_rate = loose.rates.contains(&column);
        let has_rates = !loose.rates.is_empty();
        if let Some(own) = own {
            return unit::deal(own, is_rate, has_rates);
        }
        match row_unit {
            Some(unit) => unit::deal(unit, is_rate, has_rates).filter(|_| !is_rate),
            None => loose.unit.as_deref().and_then(|unit| unit::deal(unit, is_rate, has_rates)),
        }
    }
}

fn key(id: &str, (row, row_path): (usize, &[String]), (slot, column_path): (&Slot, &[String])) -> String {
    let row_name = row_name(row, row_path);
    let column_name = if column_path.is_empty() { format!("c{}", slot.column + 1) } else { join(column_path) };
    format!("{id}/{row_name}/{column_name}")
}

fn unique(used: &mut HashMap<String, usize>, base: String) -> String {
    let n_used = used.entry(base.clone()).or_insert(0);
    *n_used += 1;
    if *n_used == 1 { base } else { format!("{base}#{n_used}") }
}

/// The labels of a path, each escaped.
fn join(path: &[String]) -> String {
    path.iter().map(|label| label.replace('\\', "\\\\").replace('/', "\\/")).collect::<Vec<_>>().join(" > ")
}
