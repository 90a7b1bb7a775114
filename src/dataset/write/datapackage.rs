//! `datapackage.json`: the CSV files with types and meanings, as Frictionless tools read them.

use super::codebook::Counted;
use crate::dataset::Trouble;
use crate::dataset::schema::{Column, FLAGS, Kind, PANEL, REPORTS, VALUES};
use crate::dataset::write::panel::Column as PanelColumn;
use crate::manual::Language;
use serde_json::{Value, json};
use std::path::Path;

/// Its name.
pub const NAME: &str = "datapackage.json";
/// The name of every dataset in it.
pub const DATASET: &str = "luoshu-dataset";

/// Write the data package of the CSV files in a folder.
pub fn write(folder: &Path, variables: &[Counted], language: Language) -> Result<(), Trouble> {
    let path = folder.join(NAME);
    let write = || -> std::io::Result<()> {
        let fields = |columns: &[Column]| columns.iter().map(|column| field(column, language)).collect::<Vec<Value>>();
        let own = |(PanelColumn { variable, .. }, _): &Counted| json!({ "name": variable.name, "type": "number", "title": variable.label, "unit": variable.unit, "key": &*variable.key });
        let panel = fields(PANEL).into_iter().chain(variables.iter().map(own)).collect();
        let resources = [
            resource(folder, "values", fields(VALUES))?,
            resource(folder, "panel", panel)?,
            resource(folder, "reports", fields(REPORTS))?,
            resource(folder, "flags", fields(FLAGS))?,
        ];
        let created_by = concat!("luoshu ", env!("CARGO_PKG_VERSION"));
        let package = json!({ "profile": "tabular-data-package", "name": DATASET, "created_by": created_by, "resources": resources });
        std::fs::write(&path, format!("{package:#}\n"))
    };
    write().map_err(|error| Trouble::Io(path.clone(), error))
}

fn resource(folder: &Path, name: &str, fields: Vec<Value>) -> std::io::Result<Value> {
    let file = format!("{name}.csv");
    let bytes = std::fs::metadata(folder.join(&file))?.len();
    let schema = json!({ "fields": fields, "missingValues": [""] });
    Ok(json!({
        "name": name, "path": file, "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "bytes": bytes, "schema": schema,
    }))
}

fn field(column: &Column, language: Language) -> Value {
    let kind = match column.kind {
        Kind::Text => "string",
        Kind::Integer => "integer",
        Kind::Number => "number",
    };
    json!({ "name": column.name, "type": kind, "description": column.about(language) })
}
