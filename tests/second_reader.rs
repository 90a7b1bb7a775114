//! The second PDF reader, in its own bounded process, and what the command line makes of what it says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};
use support::pdf::tiny;

/// Parse a PDF on standard input and give its JSON.
fn parse(bytes: &[u8], options: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luoshu"));
    let mut child = command.arg("parse").args(options).arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.code().is_some_and(|code| code <= 1), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What the readers disagree on: severity and message.
fn disagreements(report: &Value) -> Vec<String> {
    let flags = report["flags"].as_array().unwrap().iter().filter(|flag| flag["code"] == "readers-disagree");
    flags.map(|flag| format!("{}: {}", flag["severity"].as_str().unwrap(), flag["message"].as_str().unwrap())).collect()
}

const FONT: &str = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";

#[test]
fn two_readings_of_our_own_report_agree() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/cn-foi-annual/pdf-ruled-two-pages/report.pdf");
    let report = parse(&std::fs::read(path).unwrap(), &["--second-reader", "always"]);
    assert_eq!(disagreements(&report), [""; 0]);
}

/// Where the system puts a process's memory is chance, and no part of what it has.
#[test]
fn however_often_a_page_is_read_the_second_reader_reads_it() {
    let page = tiny("", "BT /F 12 Tf 72 700 Td (12 goats) Tj ET", FONT, "");
    for _ in 0..80 {
        assert_eq!(disagreements(&parse(&page, &["--second-reader", "always"])), [""; 0]);
    }
}

#[test]
fn a_figure_under_the_page_that_nobody_sees_is_told() {
    let page = tiny("", "BT /F 12 Tf 72 700 Td (12 goats) Tj ET BT 3 Tr /F 12 Tf 72 600 Td (72 sheep) Tj ET", FONT, "");
    let told = ["warning: page 1: the second reader sees 1 numbers that the first does not: 72"];
    assert_eq!(disagreements(&parse(&page, &["--second-reader", "always"])), told);
    assert_eq!(disagreements(&parse(&page, &["--second-reader", "never"])), [""; 0]);
    assert_eq!(disagreements(&parse(&page, &[])), [""; 0], "no value stands on the page, so nothing asks for it");
}

#[test]
fn equal_digits_side_by_side_are_two_and_one_drawn_twice_is_one() {
    let narrow: String =
        (0..12).map(|at| format!("BT /F 10 Tf 75 Tz {}.{} {} Td (7730.28) Tj ET ", 72 + at, at % 10, 700 - 20 * at)).collect();
    let report = parse(&tiny("", &narrow, FONT, ""), &["--second-reader", "always"]);
    assert_eq!(disagreements(&report), [""; 0]);
    let bold = "BT /F 10 Tf 72 700 Td (64 goats) Tj ET BT /F 10 Tf 72.4 700 Td (64 goats) Tj ET";
    assert_eq!(disagreements(&parse(&tiny("", bold, FONT, ""), &["--second-reader", "always"])), [""; 0]);
}

#[test]
fn a_raised_mark_is_no_digit_to_either_reader() {
    let row = |at: u32, label: &str, one: &str, two: &str| {
        format!(
            "BT /F 10 Tf 72 {at} Td ({label}) Tj ET BT /F 10 Tf 200 {at} Td ({one}) Tj 0 4 Td /F 6 Tf (1) Tj ET BT /F 10 Tf 300 {at} Td ({two}) Tj ET "
        )
    };
    let content = row(700, "Goats", "1,234", "56") + &row(685, "Sheep", "2,345", "78") + &row(670, "Geese", "345", "90");
    let report = parse(&tiny("", &content, FONT, ""), &["--second-reader", "always"]);
    let noted = report["coverage"]["noted"].as_array().unwrap().iter().map(|noted| noted["raw"].as_str().unwrap());
    let values = report["values"].as_array().unwrap().iter().map(|value| value["raw"].as_str().unwrap());
    let read: Vec<&str> = noted.chain(values).collect();
    for number in ["1,234", "56", "2,345", "78", "345", "90"] {
        assert_eq!(read.iter().filter(|raw| **raw == number).count(), 1, "{number} in {read:?}");
    }
    assert_eq!(disagreements(&report), [""; 0]);
}

#[test]
fn a_file_that_breaks_the_second_reader_costs_only_its_reading() {
    let form = "5 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >> /Length 5 >>\n\
                stream\n/F Do\nendstream\nendobj\n";
    let resources = format!("{FONT} /XObject << /F 5 0 R >>");
    let page = tiny("", "BT /F 12 Tf 72 700 Td (12 goats) Tj ET /F Do", &resources, form);
    let told = disagreements(&parse(&page, &["--second-reader", "always"]));
    assert_eq!(told, ["note: the second reader cannot read page 1, so its numbers rest on one reading"]);
}
