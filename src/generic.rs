//! Values of tables that belong to no family: keys from the printed labels.
//!
//! ```text
//!   项目   2019年  2020年      the lowest words over a number name its column, the words before it its row
//!   收入   12      15          → t1/收入/2019年 = 12
//! ```

use crate::doc::Document;
use crate::fold::tidy;
use crate::normalise::Reading;
use crate::place::Span;
use crate::table::{Table, TableRow};
use std::collections::{BTreeMap, HashMap};

/// A value with a key of printed labels.
#[derive(Debug, Clone)]
pub struct LooseValue {
    /// Unique within the report.
    pub key: String,
    /// Row path and column path as printed.
    pub path: (Vec<String>, Vec<String>),
    /// Where it stands.
    pub span: Span,
    /// What it says.
    pub reading: Reading,
}

/// The values of one table; `id` is the first part of their keys.
pub fn values(document: &Document, table: &Table, id: &str) -> Vec<LooseValue> {
    let mut headers: BTreeMap<usize, String> = BTreeMap::new();
    let mut used: HashMap<String, usize> = HashMap::new();
    let mut found = Vec::new();
    let mut seen_data = false;
    for (index, row) in table.rows.iter().enumerate() {
        if row.first_datum().is_none() {
            if seen_data {
                headers.clear();
                seen_data = false;
            }
            headers.extend(row.cells.iter().filter(|cell| cell.is_printed()).map(|cell| (cell.column, tidy(document.slice(cell.span)))));
            continue;
        }
        seen_data = true;
        let row_path = labels(document, row);
        for cell in row.cells.iter().filter(|cell| cell.reading.is_datum()) {
            let column_path: Vec<String> = headers.get(&cell.column).cloned().into_iter().collect();
            let row_name = if row_path.is_empty() { format!("r{}", index + 1) } else { escape(&row_path.join(" ")) };
            let column_name = column_path.first().map_or_else(|| format!("c{}", cell.column + 1), |name| escape(name));
            let base = format!("{id}/{row_name}/{column_name}");
            let n_used = used.entry(base.clone()).or_insert(0);
            *n_used += 1;
            let key = if *n_used == 1 { base } else { format!("{base}#{n_used}") };
            found.push(LooseValue { key, path: (row_path.clone(), column_path), span: cell.span, reading: cell.reading.clone() });
        }
    }
    found
}

fn labels(document: &Document, row: &TableRow) -> Vec<String> {
    let end = row.first_datum().unwrap_or(row.cells.len());
    row.cells.iter().take(end).filter(|cell| cell.is_printed()).map(|cell| tidy(document.slice(cell.span))).collect()
}

fn escape(label: &str) -> String {
    label.replace('\\', "\\\\").replace('/', "\\/")
}
