//! One report in every format says the same; and no damaged file ends in silence.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

mod support;

use luoshu::grammar::Family;
use serde_json::Value;
use std::time::{Duration, Instant};
use support::damage::Dice;
use support::office::remake;
use support::{families, lessons};

fn parse(bytes: &[u8], families: &[Family]) -> Value {
    let report = luoshu::report::parse(bytes, families);
    serde_json::from_str(&luoshu::emit::report_to_json(&report, "report", bytes)).unwrap()
}

/// The lessons that hold the report of `clean-2021-tabs`.
const FORMATS: &[(&str, &str)] = &[
    ("clean-2021-tabs", "text"),
    ("markdown", "text"),
    ("html-spans", "html"),
    ("html-flat", "html"),
    ("html-word-soup", "html"),
    ("docx-bold-headings", "docx"),
    ("docx-numbered-by-word", "docx"),
    ("doc-bold-headings", "doc"),
    ("xlsx-one-sheet", "xlsx"),
    ("xlsx-sheet-a-table", "xlsx"),
    ("ods-one-sheet", "ods"),
    ("xls-one-sheet", "xls"),
    ("xls-xml-one-sheet", "xls-xml"),
];

/// A value without its place and its characters.
fn values(report: &Value) -> Vec<String> {
    let value = |value: &Value| ["key", "value", "unit", "state", "standing"].map(|field| value[field].to_string()).join(" ");
    report["values"].as_array().unwrap().iter().map(value).collect()
}

fn level_one(report: &Value) -> Vec<String> {
    let roots = report["sections"].as_array().unwrap().iter().filter(|section| section["level"] == 1);
    roots.map(|section| format!("{} {}", section["number"], section["title"])).collect()
}

#[test]
fn one_report_says_the_same_in_every_format() {
    let (families, lessons) = (families(), lessons());
    let mut wanted = None;
    for (name, format) in FORMATS {
        let lesson = lessons.iter().find(|lesson| lesson.name == *name).unwrap();
        let report = parse(&lesson.bytes, &families);
        assert_eq!((&report["source"]["format"], &report["source"]["status"]), (&Value::from(*format), &Value::from("ok")), "{name}");
        let found = (values(&report), level_one(&report));
        assert_eq!((found.0.len(), found.1.len()), (186, 6), "{name}");
        assert_eq!(wanted.get_or_insert_with(|| found.clone()), &found, "{name}");
    }
}

/// Eleven files that are damaged in every way a disk, a line or a careless program damages them.
const DAMAGED: [&str; 11] = [
    "html-spans",
    "html-flat",
    "html-word-soup",
    "docx-bold-headings",
    "docx-numbered-by-word",
    "doc-bold-headings",
    "xlsx-one-sheet",
    "xlsx-sheet-a-table",
    "ods-one-sheet",
    "xls-one-sheet",
    "xls-xml-one-sheet",
];

/// Thirty variants of a file: cut, bits flipped, stretches lost or doubled, parts of the container missing or empty.
fn variants(bytes: &[u8], seed: u64) -> Vec<(String, Vec<u8>)> {
    let mut dice = Dice(seed);
    let mut made: Vec<(String, Vec<u8>)> = Vec::new();
    for step in 0..8 {
        let length = bytes.len() * (step * 12 + 1 + dice.below(12)) / 100;
        made.push((format!("cut at {length}"), bytes[..length].to_vec()));
    }
    for n_bits in [1, 1, 1, 1, 3, 3, 10, 10, 40, 200] {
        let mut own = bytes.to_vec();
        let flipped: Vec<usize> = (0..n_bits).map(|_| dice.below(bytes.len())).collect();
        flipped.iter().for_each(|&at| own[at] ^= 1 << dice.below(8));
        made.push((format!("bits flipped at {flipped:?}"), own));
    }
    for _ in 0..6 {
        let (at, length) = (dice.below(bytes.len()), 1 + dice.below(700));
        let end = (at + length).min(bytes.len());
        made.push((format!("{at}..{end} lost"), [&bytes[..at], &bytes[end..]].concat()));
        let zeros = vec![0; end - at];
        made.push((format!("{at}..{end} zeroed"), [&bytes[..at], &zeros, &bytes[end..]].concat()));
    }
    if bytes.starts_with(b"PK") {
        let mut names = Vec::new();
        remake(bytes, |name, content| {
            names.push(name.to_string());
            Some(content)
        });
        for lost in &names {
            made.push((format!("without {lost}"), remake(bytes, |name, content| (name != lost).then_some(content))));
            let half = |name: &str, content: Vec<u8>| if name == lost { content[..content.len() / 2].to_vec() } else { content };
            made.push((format!("half of {lost}"), remake(bytes, |name, content| Some(half(name, content)))));
        }
    }
    made
}

/// Values that hold a number. A digit that became another one cannot be seen where no sum covers it; a lost one can.
fn n_numbers(report: &Value) -> usize {
    report["values"].as_array().unwrap().iter().filter(|value| !value["value"].is_null()).count()
}

#[test]
fn no_damaged_file_ends_in_silence() {
    let (families, lessons) = (families(), lessons());
    let mut n_variants = 0;
    let mut failures = Vec::new();
    for (index, name) in DAMAGED.iter().enumerate() {
        let lesson = lessons.iter().find(|lesson| lesson.name == *name).unwrap();
        let whole = n_numbers(&parse(&lesson.bytes, &families));
        for (damage, bytes) in variants(&lesson.bytes, index as u64 + 1) {
            let start = Instant::now();
            let report = parse(&bytes, &families);
            n_variants += 1;
            let is_silent = n_numbers(&report) < whole && report["flags"].as_array().unwrap().is_empty();
            if is_silent || start.elapsed() > Duration::from_secs(10) {
                failures.push(format!(
                    "{name}, {damage}: {} numbers, {}, {:?}",
                    n_numbers(&report),
                    report["source"]["status"],
                    start.elapsed()
                ));
            }
        }
    }
    println!("{n_variants} damaged files");
    assert!(n_variants >= 300 && failures.is_empty(), "{} of {n_variants}: {failures:#?}", failures.len());
}
