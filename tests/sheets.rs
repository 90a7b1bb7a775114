//! What a workbook's styles say of its cells: how deep a label stands, and what of a number shows.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod support;

use serde_json::Value;
use support::lessons;
use support::office::remake;

/// A workbook of one sheet with these rows and cell styles, the first of which is the plain one.
fn book(rows: &[&str], styles: &[&str]) -> Vec<u8> {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "xlsx-one-sheet").unwrap();
    let styles: String = styles.iter().map(|style| format!("<xf {style}</xf>")).collect();
    let row = |(number, cells): (usize, &&str)| format!("<row r=\"{}\">{cells}</row>", number + 1);
    let data: String = rows.iter().enumerate().map(row).collect();
    remake(&lesson.bytes, |part, content| {
        let text = match part {
            "xl/styles.xml" => format!("<styleSheet><cellXfs><xf numFmtId=\"0\"/>{styles}</cellXfs></styleSheet>"),
            "xl/worksheets/sheet1.xml" => format!("<worksheet><sheetData>{data}</sheetData></worksheet>"),
            _ => return Some(content),
        };
        Some(text.into_bytes())
    })
}

fn words(style: usize, words: &str) -> String {
    format!("<c s=\"{style}\" t=\"inlineStr\"><is><t>{words}</t></is></c>")
}

fn number(style: usize, stored: &str) -> String {
    format!("<c s=\"{style}\"><v>{stored}</v></c>")
}

fn read(bytes: &[u8]) -> Value {
    let report = luoshu::report::parse(bytes, &[]);
    serde_json::from_str(&luoshu::emit::report_to_json(&report, "report", bytes)).unwrap()
}

#[test]
fn a_label_that_its_style_sets_in_is_a_part_of_what_stands_above() {
    let indents =
        ["numFmtId=\"0\"><alignment horizontal=\"left\" indent=\"1\"/>", "numFmtId=\"0\"><alignment horizontal=\"right\" indent=\"1\"/>"];
    let row = |style: usize, label: &str, value: &str| words(style, label) + &number(0, value);
    let rows = [
        words(0, "项目") + &words(0, "金额"),
        row(0, "机关支出", "120"),
        row(1, "办公费", "70"),
        row(1, "会议费", "50"),
        row(0, "设备支出", "0"),
        words(1, "购置费"),
        row(0, "个人补助", "60"),
        row(2, "靠右的一行", "61"),
        row(0, "支出合计", "180"),
    ];
    let report = read(&book(&rows.iter().map(String::as_str).collect::<Vec<_>>(), &indents));
    let paths: Vec<String> = report["tables"][0]["rows"].as_array().unwrap().iter().map(Value::to_string).collect();
    assert_eq!(
        paths,
        [
            "[\"机关支出\"]",
            "[\"机关支出\",\"办公费\"]",
            "[\"机关支出\",\"会议费\"]",
            "[\"设备支出\"]",
            "[\"设备支出\",\"购置费\"]",
            "[\"个人补助\"]",
            "[\"靠右的一行\"]",
            "[\"支出合计\"]",
        ]
    );
}

#[test]
fn digits_that_a_cell_keeps_and_does_not_show_are_told_once_a_sheet() {
    let styles = ["numFmtId=\"2\">", "numFmtId=\"10\">", "numFmtId=\"17\">"];
    let row = |label: &str, cells: String| words(0, label) + &cells;
    let rows = [
        words(0, "项目") + &words(0, "金额") + &words(0, "增长"),
        row("债券甲", number(1, "0.0184") + &number(2, "0.0316112306")),
        row("债券乙", number(1, "12.5") + &number(2, "0.05")),
        row("债券丙", number(1, "12.7499996") + &number(3, "43831")),
    ];
    let report = read(&book(&rows.iter().map(String::as_str).collect::<Vec<_>>(), &styles));
    let told: Vec<&str> = report["flags"].as_array().unwrap().iter().filter_map(|flag| flag["message"].as_str()).collect();
    let wanted = "2 numbers of the sheet ";
    let about = " show fewer digits than are stored and are read as shown; B2 shows 0.02 for 0.0184";
    assert_eq!(told.iter().filter(|message| message.starts_with(wanted) && message.ends_with(about)).count(), 1, "{told:?}");
    assert_eq!(report["values"][0]["value"].to_string(), "0.02");
    assert!(report["flags"].as_array().unwrap().iter().all(|flag| flag["severity"] == "note"));
}
