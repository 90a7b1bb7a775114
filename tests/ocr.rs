//! A page that is a picture, read with character recognition where the programs for it are installed.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::Value;
use std::process::{Command, Stdio};

const SCAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/any-report/pdf-scan/report.pdf");

fn is_installed(program: &str, argument: &str) -> bool {
    Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn parse(options: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_luoshu")).arg("parse").args(options).arg(SCAN).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "a scan is never clean");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_scan_is_recognised_only_when_asked_for_and_every_cell_says_so() {
    let plain = parse(&[]);
    assert_eq!((&plain["source"]["status"], plain["values"].as_array().unwrap().len()), (&Value::from("no-text"), 0));
    if !is_installed("tesseract", "--version") || !is_installed("pdftoppm", "-v") {
        eprintln!("skipped: tesseract or pdftoppm is not installed");
        return;
    }
    let report = parse(&["--ocr"]);
    assert_eq!(report["source"]["pages"], serde_json::json!(["ocr"]));
    let flags = report["flags"].as_array().unwrap();
    assert!(flags.iter().any(|flag| flag["message"].as_str().unwrap().contains("recognised, not read")));
    let values = report["values"].as_array().unwrap();
    let printed: Vec<&Value> = values.iter().filter(|value| !value["value"].is_null()).collect();
    assert!(printed.len() > 100, "{}", printed.len());
    assert!(printed.iter().all(|value| value["place"]["ocr"] == true));
    let wanted = [("review/cases/reconsideration.total", 7), ("review/cases/litigation.direct.total", 20)];
    for (key, number) in wanted {
        let value = printed.iter().find(|value| value["key"] == key).unwrap_or_else(|| panic!("{key}"));
        assert_eq!((&value["value"], &value["standing"]), (&Value::from(number), &Value::from("proven")), "{key}");
    }
}
