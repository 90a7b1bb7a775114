//! What must be true of any input whatever: nothing is lost, nothing is made up, the output is valid, and the same again.

use super::FAMILIES;
use luoshu::decode::decode;
use serde_json::Value;
use std::sync::LazyLock;

static SCHEMA: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| jsonschema::validator_for(&serde_json::from_str(luoshu::emit::SCHEMA).unwrap()).unwrap());

/// Read, check and write out, and nothing more: for timing.
pub fn run(bytes: &[u8]) {
    let report = luoshu::report::parse(bytes, &FAMILIES);
    std::hint::black_box(luoshu::emit::report_to_json(&report, "input", bytes));
}

/// Every number ends in exactly one place, the line is one JSON object, what a value quotes stands where it says.
pub fn hold(bytes: &[u8]) -> Value {
    let report = luoshu::report::parse(bytes, &FAMILIES);
    let line = luoshu::emit::report_to_json(&report, "input", bytes);
    assert!(!line.contains('\n'), "one line");
    let json: Value = serde_json::from_str(&line).expect("JSON that any reader takes");
    let coverage = &report.coverage;
    assert_eq!(coverage.placed + coverage.noted.len() + coverage.unplaced.len(), coverage.numbers, "every number ends in one place");
    let mut ends: Vec<_> = coverage.noted.iter().map(|(span, _)| *span).chain(coverage.unplaced.iter().copied()).collect();
    ends.sort_unstable();
    assert!(ends.windows(2).all(|pair| pair[0].end <= pair[1].start), "no number is accounted for twice");
    hold_values(bytes, &json);
    json
}

/// Keys are unique, and a value's characters stand at its place.
fn hold_values(bytes: &[u8], json: &Value) {
    let values = json["values"].as_array().unwrap();
    let keys: std::collections::HashSet<&str> = values.iter().map(|value| value["key"].as_str().unwrap()).collect();
    assert_eq!(keys.len(), values.len(), "keys are unique");
    if json["source"]["format"] != "text" {
        return;
    }
    let text = decode(bytes, None).value.text;
    // A value without characters of its own, blank or ambiguous, has the place of its row.
    let has_own = |value: &&Value| value["place"]["byte"].is_array() && value["raw"].as_str().is_some_and(|raw| !raw.is_empty());
    for value in values.iter().filter(has_own) {
        let at = |index: usize| value["place"]["byte"][index].as_u64().unwrap() as usize;
        let there = text.get(at(0)..at(1)).expect("a place within the text");
        let raw = value["raw"].as_str().unwrap();
        // A cell of several lines is shown on one.
        let bare = |text: &str| text.chars().filter(|character| !character.is_whitespace() && !character.is_control()).collect::<String>();
        let is_same = if there.contains(['\n', '\r']) { bare(there) == bare(raw) } else { there == raw };
        assert!(is_same, "{}: {there:?} is shown as {raw:?}", value["key"]);
    }
}

/// As [`hold`], and valid by the published schema, and the same bytes once more.
pub fn hold_strictly(bytes: &[u8]) -> Value {
    let json = hold(bytes);
    let errors: Vec<String> = SCHEMA.iter_errors(&json).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let again = luoshu::report::parse(bytes, &FAMILIES);
    let line = luoshu::emit::report_to_json(&again, "input", bytes);
    assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), json, "the same every time");
    json
}
