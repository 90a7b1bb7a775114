//! Real reports that are not part of this repository: tested where they lie beside it, skipped with a word elsewhere.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use serde_json::Value;
use std::path::Path;
use support::parse_to_json;

#[test]
fn the_luoyang_report_is_read_whole() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let (report, truth) = (shared.join("reports/foi-annual/luoyang-commerce-2020.txt"), shared.join("truth/luoyang-commerce-2020.json"));
    let (Ok(bytes), Ok(truth)) = (std::fs::read(report), std::fs::read_to_string(truth)) else {
        eprintln!("skipped: the shared reports are not here");
        return;
    };
    let truth: Value = serde_json::from_str(&truth).unwrap();
    let report = parse_to_json(&bytes);
    let value =
        |key: &str| report["values"].as_array().unwrap().iter().find(|value| value["key"] == key).map(|value| value["value"].to_string());
    for (key, want) in truth.as_object().unwrap() {
        assert_eq!(value(key), Some(want.to_string()), "{key}");
    }
    let found: Vec<String> = report["flags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|flag| format!("{} {}", flag["code"].as_str().unwrap(), flag["place"]["line"]))
        .collect();
    assert_eq!(found, ["row-shifted 77", "table-split 78", "row-long 91", "row-long 92", "cell-blank 100"]);
    assert_eq!(report["coverage"]["unplaced"].as_array().unwrap().len(), 0);
}
