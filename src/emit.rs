//! Report → JSON (schema `luoshu/report/1`). The only file that knows JSON.

use crate::check::Trust;
use crate::fit::{Fate, FittedCell, FittedTable};
use crate::flag::{Flag, Proposal};
use crate::fold::tidy;
use crate::grammar::{Family, Item, is_under};
use crate::normalise::{Quantity, Reading};
use crate::place::{Place, Span};
use crate::report::Report;
use serde::Serialize;
use serde_json::{Map, Number, Value, json};

/// The JSON Schema of what [`report_to_json`] writes.
pub const SCHEMA: &str = include_str!("report.schema.json");

/// The report as one line of JSON; `path` is what the user called the file.
pub fn report_to_json(report: &Report, path: &str) -> String {
    let value = json!({
        "schema": "luoshu/report/1",
        "source": source(report, path),
        "report": identity(report),
        "sections": sections(report, None, 0),
        "tables": tables(report),
        "values": values(report),
        "flags": report.flags.iter().map(|flag| flag_to_json(report, flag)).collect::<Vec<_>>(),
        "coverage": coverage(report),
    });
    value.to_string()
}

/// The line that stands for an input that could not be opened.
pub fn failure_to_json(path: &str, status: &str, why: &str) -> String {
    let empty: [u8; 0] = [];
    json!({
        "schema": "luoshu/report/1",
        "source": {"path": path, "format": null, "encoding": null, "pages": null, "status": status},
        "report": {"family": null, "edition": null, "title": null, "publisher": null, "year": null},
        "sections": empty, "tables": empty, "values": empty,
        "flags": [{"code": "no-text", "severity": "error", "fault": "unknown", "message": why, "help": null, "place": null, "related": empty, "cells": empty}],
        "coverage": {"numbers": 0, "placed": 0, "noted": empty, "unplaced": empty, "rows_expected": 0, "rows_found": 0, "identities": {"held": 0, "failed": 0, "not_checkable": 0}},
    })
    .to_string()
}

fn source(report: &Report, path: &str) -> Value {
    let pages: Vec<&str> = report.source.document.pages.iter().map(|status| status.name()).collect();
    let pages = if pages.is_empty() { Value::Null } else { json!(pages) };
    json!({"path": path, "format": report.source.format, "encoding": report.source.encoding, "pages": pages, "status": report.source.status.name()})
}

fn identity(report: &Report) -> Value {
    let edition = report.family.map(|_| report.fitted.edition.clone());
    let identity = &report.identity;
    json!({"family": report.family.map(|family| &family.id), "edition": edition, "title": identity.title, "publisher": identity.publisher, "year": identity.year})
}

/// A heading nested deeper than this is listed at this depth.
const DEEPEST: usize = 12;

fn sections(report: &Report, parent: Option<usize>, depth: usize) -> Vec<Value> {
    if depth > DEEPEST {
        return Vec::new();
    }
    let outline = &report.outline;
    let own = outline.sections.iter().enumerate().filter(|(_, section)| section.parent == parent);
    own.map(|(index, section)| {
        let paras = report.source.document.blocks.get(section.blocks.clone()).unwrap_or_default().iter().skip(1);
        let run_in = section.run_in.map(|span| tidy(report.source.document.slice(span)));
        let paras = paras.filter_map(|block| {
            if let crate::doc::Block::Para(para) = block { Some(tidy(report.source.document.slice(para.span))) } else { None }
        });
        let text: Vec<String> = run_in.into_iter().chain(paras).collect();
        let tables: Vec<String> = table_ids(report).into_iter().filter(|(_, own)| *own == Some(index)).map(|(id, _)| id).collect();
        json!({
            "id": format!("s{}", index + 1), "number": section.number, "level": section.level, "title": section.title,
            "role": report.fitted.roles.get(index).cloned().flatten(), "text": text, "tables": tables,
            "children": sections(report, Some(index), depth + 1),
        })
    })
    .collect()
}

fn table_ids(report: &Report) -> Vec<(String, Option<usize>)> {
    let fitted = report.fitted.tables.iter().map(|table| table.section);
    let loose = report.loose.iter().map(|(index, _)| report.tables.get(*index).and_then(|table| table.section));
    fitted.chain(loose).enumerate().map(|(index, section)| (format!("t{}", index + 1), section)).collect()
}

fn tables(report: &Report) -> Vec<Value> {
    let ids = table_ids(report);
    let id = |index: usize| ids.get(index).map(|(id, _)| id.clone());
    let section = |index: usize| ids.get(index).and_then(|(_, section)| *section).map(|section| format!("s{}", section + 1));
    let n_fitted = report.fitted.tables.len();
    let fitted = report.fitted.tables.iter().enumerate().filter_map(|(index, table)| {
        let form = report.family?.tables.get(table.form)?;
        let items = |pick: fn(&crate::grammar::Band) -> &Vec<Item>| form.bands.iter().filter(|band| band.edition.as_ref().is_none_or(|own| *own == report.fitted.edition)).flat_map(pick).collect::<Vec<_>>();
        let mut row_ids: Vec<&str> = table.cells.iter().map(|cell| cell.row.as_str()).collect();
        row_ids.dedup();
        let mut column_ids: Vec<&str> = Vec::new();
        for cell in &table.cells {
            if !column_ids.contains(&cell.column.as_str()) {
                column_ids.push(&cell.column);
            }
        }
        let columns: Vec<Vec<String>> = column_ids.iter().map(|id| path(&items(|band| &band.columns), id)).collect();
        let rows: Vec<Vec<String>> = row_ids.iter().map(|id| path(&items(|band| &band.rows), id)).collect();
        let raw = |row: &str, column: &str| table.cells.iter().find(|cell| cell.row == row && cell.column == column).and_then(|cell| cell.span).map(|span| tidy(report.source.document.slice(span)));
        let cells: Vec<Vec<Option<String>>> = row_ids.iter().map(|row| column_ids.iter().map(|column| raw(row, column)).collect()).collect();
        let n_header = table.printed.iter().take_while(|row| row.first_datum().is_none()).count();
        Some(json!({
            "id": id(index), "section": section(index), "role": form.id, "title": null, "unit": form.unit, "header_rows": n_header,
            "stub_columns": stub_columns(&table.printed), "columns": columns, "rows": rows, "printed_rows": printed_rows(report, &table.printed),
            "cells": cells, "place": place(report, Some(table.span)),
        }))
    });
    let loose = report.loose.iter().enumerate().filter_map(|(offset, (index, found))| {
        let table = report.tables.get(*index)?;
        let rows: Vec<&Vec<String>> = dedup(found.iter().map(|value| &value.path.0));
        let columns: Vec<&Vec<String>> = dedup(found.iter().map(|value| &value.path.1));
        let cells: Vec<Vec<String>> = table.rows.iter().map(|row| row.cells.iter().map(|cell| tidy(report.source.document.slice(cell.span))).collect()).collect();
        let n_header = table.rows.iter().take_while(|row| row.first_datum().is_none()).count();
        Some(json!({
            "id": id(n_fitted + offset), "section": section(n_fitted + offset), "role": null, "title": null, "unit": null, "header_rows": n_header,
            "stub_columns": stub_columns(&table.rows), "columns": columns, "rows": rows, "printed_rows": printed_rows(report, &table.rows),
            "cells": cells, "place": place(report, Some(table.span)),
        }))
    });
    fitted.chain(loose).collect()
}

fn dedup<'v>(paths: impl Iterator<Item = &'v Vec<String>>) -> Vec<&'v Vec<String>> {
    let mut seen = std::collections::HashSet::new();
    paths.filter(|path| seen.insert(*path)).collect()
}

fn stub_columns(rows: &[crate::table::TableRow]) -> usize {
    rows.iter().filter(|row| row.first_datum().is_some()).filter_map(|row| row.label().map(|index| index + 1)).max().unwrap_or(0)
}

fn printed_rows(report: &Report, rows: &[crate::table::TableRow]) -> Vec<Vec<String>> {
    let words = |row: &crate::table::TableRow| {
        row.cells
            .iter()
            .take(row.first_datum().unwrap_or(0))
            .filter(|cell| cell.is_printed())
            .map(|cell| tidy(report.source.document.slice(cell.span)))
            .collect()
    };
    rows.iter().filter(|row| row.first_datum().is_some()).map(words).collect()
}

/// Labels of the groups above an item, and its own.
fn path(items: &[&Item], id: &str) -> Vec<String> {
    items.iter().filter(|item| item.id == id || is_under(id, &item.id)).map(|item| item.label().to_string()).collect()
}

fn values(report: &Report) -> Vec<Value> {
    let fitted = report
        .fitted
        .tables
        .iter()
        .flat_map(|table| table.cells.iter().filter(|cell| cell.fate != Fate::Lost).map(move |cell| fitted_value(report, table, cell)));
    let loose = report.loose.iter().flat_map(|(_, values)| values).map(|value| {
        let (state, quantity) = state(&value.reading);
        let unit = quantity.and_then(|quantity| quantity.unit);
        json!({"key": value.key, "value": quantity.map(number), "raw": report.source.document.slice(value.span), "unit": unit, "state": state, "standing": "unproven", "place": place(report, Some(value.span))})
    });
    fitted.chain(loose).collect()
}

fn fitted_value(report: &Report, table: &FittedTable, cell: &FittedCell) -> Value {
    let key = report.key(table, cell);
    let (state, quantity) = if cell.fate == Fate::Ambiguous { ("ambiguous", None) } else { state(&cell.reading) };
    let unit = quantity.and_then(|quantity| quantity.unit.map(str::to_string)).or_else(|| cell.unit.clone());
    let standing = match report.trust(&key).filter(|_| quantity.is_some()) {
        Some(Trust::Proven) => "proven",
        Some(Trust::Disputed) => "disputed",
        None => "unproven",
    };
    let raw = if cell.fate == Fate::Ambiguous { "" } else { cell.span.map_or("", |span| report.source.document.slice(span)) };
    let row_span = || table.printed.get(cell.printed).map(|row| row.span);
    json!({"key": key, "value": quantity.map(number), "raw": raw, "unit": unit, "state": state, "standing": standing, "place": place(report, cell.span.or_else(row_span))})
}

fn state(reading: &Reading) -> (&'static str, Option<&Quantity>) {
    match reading {
        Reading::Blank => ("blank", None),
        Reading::NotApplicable => ("na", None),
        Reading::Number(quantity) => ("number", Some(quantity)),
        Reading::Annotated(quantity) => ("annotated", Some(quantity)),
        Reading::Unread(_) | Reading::Words => ("text", None),
    }
}

fn number(quantity: &Quantity) -> Value {
    serde_json::from_str::<Number>(&quantity.value.to_string()).map_or(Value::Null, Value::Number)
}

/// A flag as JSON.
pub fn flag_to_json(report: &Report, flag: &Flag) -> Value {
    let related: Vec<Value> =
        flag.related.iter().map(|related| json!({"label": related.label, "place": place(report, Some(related.span))})).collect();
    let mut object = json!({
        "code": flag.code.name(), "severity": flag.severity.name(), "fault": flag.fault.name(), "message": flag.message.to_string(),
        "help": flag.help.as_ref().map(ToString::to_string), "place": place(report, flag.span), "related": related, "cells": flag.cells,
    });
    if let Some(map) = object.as_object_mut() {
        if let Some(proposal) = &flag.proposal {
            map.insert("proposal".into(), proposal_to_json(proposal));
        }
        if !flag.candidates.is_empty() {
            let one = |cells: &Vec<crate::flag::Candidate>| {
                cells.iter().map(|cell| (cell.cell.clone(), json!(cell.raw))).collect::<Map<String, Value>>()
            };
            map.insert("candidates".into(), json!(flag.candidates.iter().map(one).collect::<Vec<_>>()));
        }
    }
    object
}

fn proposal_to_json(proposal: &Proposal) -> Value {
    let value = serde_json::from_str::<Number>(&proposal.value).map_or(Value::Null, Value::Number);
    json!({"cell": proposal.cell, "value": value, "reason": proposal.reason.to_string(), "only": proposal.only})
}

fn place(report: &Report, span: Option<Span>) -> Value {
    match span.and_then(|span| report.source.document.place(span)) {
        None => Value::Null,
        Some(Place::Text { line, column, byte }) => json!({"line": line, "column": column, "byte": byte}),
        Some(Place::Page { page, bounds }) => json!({"page": page, "box": bounds.map(|edge| (f64::from(edge) * 10.0).round() / 10.0)}),
        Some(Place::Sheet { sheet, cell }) => json!({"sheet": sheet, "cell": cell}),
    }
}

#[derive(Serialize)]
struct Identities {
    held: usize,
    failed: usize,
    not_checkable: usize,
}

fn coverage(report: &Report) -> Value {
    let document = &report.source.document;
    let coverage = &report.coverage;
    let noted: Vec<Value> = coverage
        .noted
        .iter()
        .map(|(span, why)| json!({"raw": document.slice(*span), "place": place(report, Some(*span)), "why": why}))
        .collect();
    let unplaced: Vec<Value> =
        coverage.unplaced.iter().map(|span| json!({"raw": document.slice(*span), "place": place(report, Some(*span))})).collect();
    let sum = |count: fn(&FittedTable) -> usize| report.fitted.tables.iter().map(count).sum::<usize>();
    let tally = &report.checked.tally;
    json!({
        "numbers": coverage.numbers, "placed": coverage.placed, "noted": noted, "unplaced": unplaced,
        "rows_expected": sum(|table| table.rows_expected), "rows_found": sum(|table| table.rows_found),
        "identities": Identities { held: tally.held, failed: tally.failed, not_checkable: tally.not_checkable },
    })
}

/// A family as JSON, for `grammar show --format json` and tests.
pub fn family_to_json(family: &Family) -> String {
    json!({"family": family.id, "titles": family.titles, "tables": family.tables.iter().map(|table| &table.id).collect::<Vec<_>>()})
        .to_string()
}
