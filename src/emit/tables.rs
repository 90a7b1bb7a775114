//! Tables as JSON: labels of rows and columns, and the cells as printed.

use super::{JsonPlace, place, section_id, table_id};
use crate::fit::FittedTable;
use crate::fold::tidy;
use crate::generic::LooseTable;
use crate::generic::frame::Role;
use crate::grammar::{Item, is_under};
use crate::place::Span;
use crate::report::Report;
use crate::table::{Table, TableRow};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A table.
#[derive(Serialize)]
pub(super) struct JsonTable<'a> {
    id: String,
    section: Option<String>,
    role: Option<&'a str>,
    title: Option<String>,
    unit: Option<&'a str>,
    header_rows: usize,
    stub_columns: usize,
    columns: Vec<Vec<String>>,
    rows: Vec<Vec<String>>,
    printed_rows: Vec<Vec<String>>,
    cells: Vec<Vec<Option<String>>>,
    place: Option<JsonPlace>,
}

/// All tables of a report: those of its family, then the others.
pub(super) fn tables<'a>(report: &'a Report) -> Vec<JsonTable<'a>> {
    let sections = report.table_sections().map(|section| section.map(section_id));
    let fitted = report.fitted.tables.iter().map(|table| fitted_table(report, table));
    let loose = report.loose.iter().map(|loose| Some(loose_table(report, report.tables.get(loose.index)?, loose)));
    let named = |(index, (table, section)): (usize, (Option<JsonTable<'a>>, Option<String>))| {
        table.map(|table| JsonTable { id: table_id(index), section, ..table })
    };
    fitted.chain(loose).zip(sections).enumerate().filter_map(named).collect()
}

fn fitted_table<'a>(report: &'a Report, table: &'a FittedTable) -> Option<JsonTable<'a>> {
    let form = report.family?.tables.get(table.form)?;
    let row_ids = distinct(table.cells.iter().map(|cell| &*cell.row));
    let column_ids = distinct(table.cells.iter().map(|cell| &*cell.column));
    let printed: HashMap<(&str, &str), Span> =
        table.cells.iter().filter_map(|cell| Some(((&*cell.row, &*cell.column), cell.span?))).collect();
    let raw = |row: &str, column: &str| printed.get(&(row, column)).map(|&span| tidy(report.source.document.slice(span)));
    let (row_items, column_items) = table.items(form, &report.fitted.edition);
    Some(JsonTable {
        role: Some(&form.id),
        title: table.title.map(|title| tidy(report.source.document.slice(title))),
        unit: form.unit.as_deref().or_else(|| table.items.as_ref()?.unit.as_deref()),
        columns: column_ids.iter().map(|id| path(&column_items, id)).collect(),
        rows: row_ids.iter().map(|id| path(&row_items, id)).collect(),
        cells: row_ids.iter().map(|row| column_ids.iter().map(|column| raw(row, column)).collect()).collect(),
        place: place(report, Some(table.span)),
        ..printed_shape(report, &table.printed)
    })
}

fn loose_table<'a>(report: &Report, table: &Table, loose: &'a LooseTable) -> JsonTable<'a> {
    let (sheet, frame) = (&loose.sheet, &loose.frame);
    let data: Vec<usize> = (0..sheet.rows.len()).filter(|&row| frame.roles.get(row).is_some_and(|role| role.is_data())).collect();
    let header = loose.headers.iter().rev().find(|header| data.first().is_some_and(|&first| header.end <= first));
    let columns = frame.n_stub..sheet.n_columns;
    let words = |row: usize, columns: Range<usize>| {
        let mut words: Vec<Option<String>> = vec![None; columns.len()];
        for slot in sheet.rows.get(row).into_iter().flatten() {
            if let Some(place) = slot.column.checked_sub(columns.start).and_then(|at| words.get_mut(at)) {
                place.get_or_insert_with(|| slot.text.clone());
            }
        }
        words
    };
    let row_path = |&row: &usize| loose.row_paths.get(row).cloned().unwrap_or_default();
    JsonTable {
        id: loose.id.clone(),
        section: None,
        role: None,
        title: loose.title.clone(),
        unit: loose.unit.as_deref(),
        header_rows: frame.roles.iter().take_while(|role| !role.is_data()).filter(|role| **role == Role::Header).count(),
        stub_columns: frame.n_stub,
        columns: columns.clone().map(|column| header.and_then(|header| header.paths.get(column)).cloned().unwrap_or_default()).collect(),
        rows: data.iter().map(row_path).collect(),
        printed_rows: data.iter().map(|&row| words(row, 0..frame.n_stub).into_iter().flatten().collect()).collect(),
        cells: data.iter().map(|&row| words(row, columns.clone())).collect(),
        place: place(report, Some(table.span)),
    }
}

/// What the printed rows alone tell of a table.
fn printed_shape<'a>(report: &Report, rows: &[TableRow]) -> JsonTable<'a> {
    let data = || rows.iter().filter(|row| row.first_datum().is_some());
    let words = |row: &TableRow| {
        let labels = row.cells.iter().take(row.first_datum().unwrap_or(0)).filter(|cell| cell.is_printed());
        labels.map(|cell| tidy(report.source.document.slice(cell.span))).collect()
    };
    JsonTable {
        id: String::new(),
        section: None,
        role: None,
        title: None,
        unit: None,
        header_rows: rows.iter().take_while(|row| row.first_datum().is_none()).count(),
        stub_columns: data().filter_map(|row| row.label().map(|index| index + 1)).max().unwrap_or(0),
        columns: Vec::new(),
        rows: Vec::new(),
        printed_rows: data().map(words).collect(),
        cells: Vec::new(),
        place: None,
    }
}

/// Each thing once, in order of first sight.
fn distinct<T: std::hash::Hash + Eq + Copy>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    all.filter(|item| seen.insert(*item)).collect()
}

/// Labels of the groups above an item, and its own.
fn path(items: &[&Item], id: &str) -> Vec<String> {
    items.iter().filter(|item| item.id == id || is_under(id, &item.id)).map(|item| item.label().to_string()).collect()
}
