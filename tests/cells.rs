//! What single cells and rows of a clean report may be spoilt by, and what must be said of it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use serde_json::Value;
use support::{lessons, parse_to_json};

fn edited(from: &str, to: &str) -> Value {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let text = String::from_utf8(lesson.bytes).unwrap();
    assert!(text.contains(from), "{from}");
    parse_to_json(text.replacen(from, to, 1).as_bytes())
}

fn loud(report: &Value) -> Vec<(String, Vec<String>)> {
    let flags = report["flags"].as_array().unwrap().iter().filter(|flag| flag["severity"] != "note");
    let cells = |flag: &Value| flag["cells"].as_array().unwrap().iter().map(|cell| cell.as_str().unwrap().to_string()).collect();
    flags.map(|flag| (flag["code"].as_str().unwrap().to_string(), cells(flag))).collect()
}

#[test]
fn a_number_that_cannot_be_read_is_told_at_its_own_cell() {
    for spoilt in ["300余", "3l8", "318-320", "318/320", "约318", "***", "3.18E+02", "3万1千", "318?", "12. 75"] {
        let report = edited("行政许可\t318", &format!("行政许可\t{spoilt}"));
        let wanted = [("number-unread".to_string(), vec!["disclosure/licensing/decisions".to_string()])];
        assert_eq!(loud(&report), wanted, "{spoilt}");
        let is_unplaced = spoilt == "***" || !report["coverage"]["unplaced"].as_array().unwrap().is_empty();
        assert!(is_unplaced, "{spoilt}: {}", report["coverage"]);
    }
    let report = edited("\t221\t41\t20", "\t221\t约41\t20");
    assert_eq!(loud(&report), [("number-unread".to_string(), vec!["requests/new/legal.business".to_string()])]);
}

#[test]
fn a_count_below_zero_is_told() {
    let report = edited("行政许可\t318", "行政许可\t-318");
    assert_eq!(loud(&report), [("unit-mismatch".to_string(), vec!["disclosure/licensing/decisions".to_string()])]);
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2020-tabs").unwrap();
    let text = String::from_utf8(lesson.bytes).unwrap();
    let (before, row) = text.split_once("其他对外管理服务事项\t").unwrap();
    let (_, after) = row.split_once('\n').unwrap();
    let fallen = format!("{before}其他对外管理服务事项\t9\t-2\t7\n{after}");
    assert_eq!(loud(&parse_to_json(fallen.as_bytes())), [], "a change may be below zero");
}

#[test]
fn a_table_of_another_section_does_not_fill_a_lost_row() {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let text = String::from_utf8(lesson.bytes).unwrap().replace("行政事业性收费\t12.75\t\t\n", "");
    let (before, after) = text.split_once("六、其他需要报告的事项\n").unwrap();
    let own = "\n事项\t金额（万元）\n行政事业性收费\t88.5\n\n";
    let report = parse_to_json(format!("{before}六、其他需要报告的事项\n{own}{after}").as_bytes());
    let value = report["values"].as_array().unwrap().iter().find(|value| value["key"] == "disclosure/fees/amount");
    assert!(value.is_none_or(|value| value["value"] != "88.5"), "{value:?}");
    let missing = loud(&report).into_iter().find(|(code, _)| code == "row-missing").unwrap();
    assert!(missing.1.contains(&"disclosure/fees/*".to_string()), "{missing:?}");
}
