//! Real reports that are not part of this repository: tested where they lie beside it, skipped with a word elsewhere.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use serde_json::Value;
use std::collections::BTreeMap;
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

/// Columns of the requests table.
const APPLICANTS: [&str; 7] = ["natural", "legal.business", "legal.research", "legal.welfare", "legal.law_service", "legal.other", "total"];

/// The requests table of shuyang-county-2025.md, read by eye: row, then the numbers that are not zero, column and number.
const SHUYANG_REQUESTS: &[(&str, &[(usize, u32)])] = &[
    ("new", &[(0, 705), (1, 3), (4, 5), (6, 713)]),
    ("carried_in", &[(0, 36), (6, 36)]),
    ("outcome.granted", &[(0, 290), (1, 1), (4, 3), (6, 294)]),
    ("outcome.partial", &[(0, 99), (4, 2), (6, 101)]),
    ("outcome.refused.secret", &[]),
    ("outcome.refused.other_law", &[]),
    ("outcome.refused.security", &[(0, 2), (6, 2)]),
    ("outcome.refused.third_party", &[(0, 2), (6, 2)]),
    ("outcome.refused.internal", &[(0, 13), (6, 13)]),
    ("outcome.refused.process", &[(0, 2), (6, 2)]),
    ("outcome.refused.casefile", &[(0, 4), (6, 4)]),
    ("outcome.refused.inquiry", &[(0, 9), (6, 9)]),
    ("outcome.unable.not_held", &[(0, 111), (6, 111)]),
    ("outcome.unable.to_create", &[(0, 2), (6, 2)]),
    ("outcome.unable.unclear", &[]),
    ("outcome.declined.petition", &[(0, 12), (6, 12)]),
    ("outcome.declined.repeat", &[(0, 6), (1, 1), (6, 7)]),
    ("outcome.declined.published", &[]),
    ("outcome.declined.excessive", &[]),
    ("outcome.declined.reissue", &[]),
    ("outcome.other.uncorrected", &[(0, 9), (6, 9)]),
    ("outcome.other.unpaid", &[(0, 7), (6, 7)]),
    ("outcome.other.rest", &[(0, 142), (1, 1), (6, 143)]),
    ("outcome.total", &[(0, 710), (1, 3), (4, 5), (6, 718)]),
    ("carried_out", &[(0, 31), (6, 31)]),
];

/// The other two tables.
const SHUYANG_REST: &[(&str, f64)] = &[
    ("disclosure/regulations/made", 0.0),
    ("disclosure/regulations/repealed", 0.0),
    ("disclosure/regulations/in_force", 0.0),
    ("disclosure/normative_documents/made", 6.0),
    ("disclosure/normative_documents/repealed", 1.0),
    ("disclosure/normative_documents/in_force", 32.0),
    ("disclosure/licensing/decisions", 517_645.0),
    ("disclosure/punishment/decisions", 693_957.0),
    ("disclosure/coercion/decisions", 2154.0),
    ("disclosure/fees/amount", 4068.208),
    ("review/cases/reconsideration.upheld", 27.0),
    ("review/cases/reconsideration.corrected", 10.0),
    ("review/cases/reconsideration.other", 9.0),
    ("review/cases/reconsideration.pending", 15.0),
    ("review/cases/reconsideration.total", 61.0),
    ("review/cases/litigation.direct.upheld", 3.0),
    ("review/cases/litigation.direct.corrected", 0.0),
    ("review/cases/litigation.direct.other", 0.0),
    ("review/cases/litigation.direct.pending", 0.0),
    ("review/cases/litigation.direct.total", 3.0),
    ("review/cases/litigation.after_reconsideration.upheld", 8.0),
    ("review/cases/litigation.after_reconsideration.corrected", 0.0),
    ("review/cases/litigation.after_reconsideration.other", 1.0),
    ("review/cases/litigation.after_reconsideration.pending", 1.0),
    ("review/cases/litigation.after_reconsideration.total", 10.0),
];

#[test]
fn every_cell_of_the_shuyang_markdown_is_right() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reports/foi-annual/shuyang-county-2025.md");
    let Ok(bytes) = std::fs::read(path) else {
        eprintln!("skipped: the shared reports are not here");
        return;
    };
    let report = parse_to_json(&bytes);
    let mut wanted: BTreeMap<String, f64> = SHUYANG_REST.iter().map(|(key, value)| (key.to_string(), *value)).collect();
    for (row, numbers) in SHUYANG_REQUESTS {
        for (at, column) in APPLICANTS.iter().enumerate() {
            let number = numbers.iter().find(|(own, _)| *own == at).map_or(0, |(_, number)| *number);
            wanted.insert(format!("requests/{row}/{column}"), f64::from(number));
        }
    }
    let values = report["values"].as_array().unwrap().iter();
    let found: BTreeMap<String, f64> =
        values.map(|value| (value["key"].as_str().unwrap().to_string(), value["value"].to_string().parse().unwrap())).collect();
    assert_eq!(found, wanted);
    assert_eq!(report["report"]["publisher"], "沐阳县人民政府", "a misread name is kept as printed");
    let loud = report["flags"].as_array().unwrap().iter().filter(|flag| flag["severity"] != "note");
    let loud: Vec<String> = loud.map(|flag| format!("{} {}", flag["code"].as_str().unwrap(), flag["place"]["line"])).collect();
    assert_eq!(loud, ["header-unknown 97", "header-unknown 151"], "invented names of columns");
}
