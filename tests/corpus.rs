//! Every lesson in `corpus/`: values, flags and sections as a person wrote them down beside the report.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use luoshu::flag::Severity;
use serde_json::Value;
use support::{Lesson, lessons, other_lessons, parse_to_json};

fn all() -> Vec<Lesson> {
    lessons().into_iter().chain(other_lessons()).collect()
}

#[test]
fn every_lesson_reads_as_its_expectation_says() {
    assert!(lessons().len() >= 20, "the corpus is there");
    for lesson in all() {
        let report = lesson.parse();
        let name = &lesson.name;
        for field in ["family", "edition", "year", "publisher"] {
            assert_eq!(report["report"][field], lesson.expect[field], "{name}: {field}");
        }
        check_values(name, &report, &lesson.expect);
        check_flags(name, &report, &lesson.expect);
        let sections: Vec<Value> = report["sections"]
            .as_array()
            .unwrap()
            .iter()
            .map(|section| serde_json::json!([section["number"], section["title"], section["role"]]))
            .collect();
        assert_eq!(Value::Array(sections), lesson.expect["sections"], "{name}: sections");
    }
}

fn check_values(name: &str, report: &Value, expect: &Value) {
    let printed: std::collections::BTreeMap<&str, &Value> =
        report["values"].as_array().unwrap().iter().map(|value| (value["key"].as_str().unwrap(), &value["value"])).collect();
    let wanted = expect["values"].as_object().unwrap();
    for (key, value) in wanted {
        let got = printed.get(key.as_str()).copied().unwrap_or(&Value::Null);
        assert_eq!(got.to_string().parse::<f64>().ok(), value.to_string().parse::<f64>().ok(), "{name}: {key}");
    }
    for (key, whole) in expect["under"].as_object().into_iter().flatten() {
        let value = report["values"].as_array().unwrap().iter().find(|value| value["key"] == key.as_str()).unwrap();
        assert_eq!(&value["under"], whole, "{name}: what {key} is a part of");
    }
    let extra: Vec<&&str> =
        printed.iter().filter(|(key, value)| !value.is_null() && !wanted.contains_key(**key)).map(|(key, _)| key).collect();
    assert!(extra.is_empty(), "{name}: values that the report does not print: {extra:?}");
}

fn check_flags(name: &str, report: &Value, expect: &Value) {
    let loud: Vec<&Value> = report["flags"].as_array().unwrap().iter().filter(|flag| flag["severity"] != Severity::Note.name()).collect();
    let wanted = expect["flags"].as_array().unwrap();
    for flag in wanted {
        let found =
            loud.iter().any(|own| own["code"] == flag["code"] && own["place"]["line"] == flag["line"] && own["cells"] == flag["cells"]);
        assert!(found, "{name}: {flag} is not raised; raised are {loud:#?}");
    }
    let known = |own: &&&Value| wanted.iter().any(|flag| flag["code"] == own["code"] && flag["line"] == own["place"]["line"]);
    assert_eq!(loud.iter().filter(known).count(), loud.len(), "{name}: false alarm in {loud:#?}");
    for note in expect["notes"].as_array().unwrap() {
        assert!(report["flags"].as_array().unwrap().iter().any(|flag| flag["code"] == *note), "{name}: note {note}");
    }
}

#[test]
fn every_number_of_every_lesson_ends_in_one_place() {
    for lesson in all() {
        let coverage = &lesson.parse()["coverage"];
        let length = |field: &str| coverage[field].as_array().unwrap().len() as u64;
        let sum = coverage["placed"].as_u64().unwrap() + length("noted") + length("unplaced");
        assert_eq!(sum, coverage["numbers"].as_u64().unwrap(), "{}", lesson.name);
        let n_values = lesson.expect["values"].as_object().unwrap().values().filter(|value| !value.is_null()).count() as u64;
        assert!(coverage["numbers"].as_u64().unwrap() >= n_values, "{}: the count is of this report", lesson.name);
    }
}

#[test]
fn output_is_valid_and_the_same_every_time() {
    let schema: Value = serde_json::from_str(luoshu::emit::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for lesson in all() {
        let report = lesson.parse();
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| format!("{error} at {}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", lesson.name);
        assert_eq!(report.to_string(), lesson.parse().to_string(), "{}", lesson.name);
    }
}

fn is_text(bytes: &[u8]) -> bool {
    use luoshu::read::sniff::{Format, sniff};
    matches!(sniff(bytes), Format::Text | Format::Html)
}

#[test]
fn encoding_and_hidden_characters_change_nothing() {
    let plain = |report: &Value| {
        let values = report["values"].as_array().unwrap().iter();
        values.map(|value| format!("{} {} {}", value["key"], value["value"], value["state"])).collect::<Vec<_>>()
    };
    for lesson in lessons().into_iter().filter(|lesson| is_text(&lesson.bytes)) {
        let text = luoshu::decode::decode(&lesson.bytes, None).value.text;
        let wanted = plain(&parse_to_json(&lesson.bytes));
        let gb18030 = encoding_rs::GB18030.encode(&text).0.into_owned();
        let gbk = encoding_rs::GBK.encode(&text).0.into_owned();
        let bom = format!("\u{FEFF}{text}").into_bytes();
        let crlf = text.replace('\n', "\r\n").into_bytes();
        let hidden = text.replace("\t0", "\t\u{A0}0\u{200B}").replace("公开", "公\u{200B}开").into_bytes();
        for (kind, bytes) in [("gb18030", gb18030), ("gbk", gbk), ("bom", bom), ("crlf", crlf), ("hidden", hidden)] {
            assert_eq!(plain(&parse_to_json(&bytes)), wanted, "{} as {kind}", lesson.name);
        }
    }
}

/// Codes that one file alone cannot raise; their tests stand elsewhere.
const BEYOND_ONE_FILE: &[&str] = &["report-twice", "parts-off", "imprint-doubt", "outlier", "readers-disagree"];

#[test]
fn every_code_that_can_be_raised_has_its_lesson() {
    let sources = support::source_texts();
    let lessons = all();
    let told = |name: &str| {
        lessons.iter().any(|lesson| {
            let is_flag = lesson.expect["flags"].as_array().unwrap().iter().any(|flag| flag["code"] == name);
            is_flag || lesson.expect["notes"].as_array().unwrap().iter().any(|note| note == name)
        })
    };
    let mut without = Vec::new();
    for code in luoshu::flag::Code::ALL {
        let raised = format!("Code::{code:?}");
        let is_raised = sources.iter().any(|text| text.contains(&format!("{raised},")) || text.contains(&format!("{raised})")));
        if is_raised && !told(code.name()) && !BEYOND_ONE_FILE.contains(&code.name()) {
            without.push(code.name());
        }
    }
    assert!(without.is_empty(), "no lesson in corpus/ shows {without:?}");
}
