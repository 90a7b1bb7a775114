//! The damage of `tests/damage.rs` on web pages, Word documents and workbooks, with tables as the form spans them and
//! without any spans: every value is right, or a warning or an error names it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

mod support;

use luoshu::grammar::Family;
use serde_json::Value;
use std::collections::BTreeMap;
use support::damage::{Class, Kind, Totals, benign_kinds, damaged, digit_kinds, print, score, shape_kinds};
use support::layout::{Layout, Part, parts};
use support::office::{FORMATS, spanned_parts};
use support::{families, lessons};

/// Cases of each kind, tables and format.
const ROUNDS: usize = 6;

fn parse(bytes: &[u8], families: &[Family]) -> Value {
    let report = luoshu::report::parse(bytes, families);
    serde_json::from_str(&luoshu::emit::report_to_json(&report, "report", bytes)).unwrap()
}

/// How tables stand, and the truth.
fn tables() -> Vec<(&'static str, Vec<Part>, Value)> {
    let lessons = lessons();
    let lesson = |name: &str| lessons.iter().find(|lesson| lesson.name == name).unwrap();
    let (new, old) = (lesson("clean-2021-tabs"), lesson("clean-2020-tabs"));
    vec![
        ("flat", parts(new), new.expect.clone()),
        ("flat 2020", parts(old), old.expect.clone()),
        ("spans", spanned_parts(), lesson("html-spans").expect.clone()),
    ]
}

fn run(kinds: &[Kind], totals: &mut Totals) -> Vec<String> {
    let families = families();
    let mut failures = Vec::new();
    for (index, (shape, whole, expect)) in tables().into_iter().enumerate() {
        for kind in kinds.iter().filter(|kind| kind.layouts.contains(&Layout::Pipes)) {
            // Below a cell that hangs down the rows of a header would be pushed aside.
            if shape == "spans" && kind.name == "repeated header" {
                continue;
            }
            for (number, (format, write)) in FORMATS.iter().enumerate() {
                let seed = (kind.name.len() * 7919 + index * 31 + number) as u64;
                for (parts, edited) in damaged(&whole, kind, seed, ROUNDS) {
                    let report = parse(&write(&parts), &families);
                    let fault = score(kind, edited.is_some(), &report, &expect, totals);
                    failures.extend(fault.map(|fault| format!("{} in {shape} as {format}: {fault}", kind.name)));
                }
            }
        }
    }
    failures
}

#[test]
fn undamaged_files_are_read_whole() {
    let families = families();
    for (shape, whole, expect) in tables() {
        for (format, write) in FORMATS {
            let kind = Kind { name: "none", class: Class::Benign, layouts: &[], damage: |_, _, _, _| true };
            let report = parse(&write(&whole), &families);
            let fault = score(&kind, false, &report, &expect, &mut BTreeMap::new());
            assert_eq!(fault, None, "{shape} as {format}");
        }
    }
}

#[test]
fn damage_is_never_silent() {
    let mut totals = BTreeMap::new();
    let mut failures = run(&shape_kinds(), &mut totals);
    failures.extend(run(&digit_kinds(), &mut totals));
    print(&totals);
    assert!(failures.is_empty(), "{} cases: {failures:#?}", failures.len());
}

#[test]
fn benign_changes_stay_notes() {
    let mut totals = BTreeMap::new();
    let failures = run(&benign_kinds(), &mut totals);
    print(&totals);
    assert!(failures.is_empty(), "{} cases: {failures:#?}", failures.len());
}
