//! Seeded damage on clean lessons in every text layout: every value is right, or a warning or an error names it.
//!
//! `cargo test --test damage -- --nocapture` prints the table by kind that stands in the README.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, clippy::too_many_lines)]

mod support;

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use support::damage::{Dice, benign_kinds, digit_kinds, loud, print, run, run_on, shape_kinds};
use support::layout::{LAYOUTS, parts, write};
use support::{lessons, parse_to_json};

/// Line-level changes that a page or a paste makes.
const BENIGN_LINES: &[&str] = &["\n", "- 4 -\n", "— 5 —\n", "第 3 页\n", "第 3 页 共 9 页\n", "\u{0C}"];

#[test]
fn damage_is_never_silent() {
    let mut totals = BTreeMap::new();
    let mut failures = run(&shape_kinds(), &mut totals);
    failures.extend(run(&digit_kinds(), &mut totals));
    print(&totals);
    assert!(failures.is_empty(), "{failures:#?}");
    let edits = totals.iter().filter(|((class, _), _)| class == "Digit");
    let (n_edits, n_flagged, n_culprit) = edits
        .fold((0, 0, 0), |(cases, flagged, culprit), (_, tally)| (cases + tally.cases, flagged + tally.flagged, culprit + tally.culprit));
    assert!(n_flagged * 1000 >= n_edits * 995, "{n_flagged} of {n_edits} edits flagged");
    assert!(n_culprit * 100 >= n_edits * 90, "{n_culprit} of {n_edits} edited cells named");
}

#[test]
fn benign_changes_stay_notes() {
    let mut totals = BTreeMap::new();
    let failures = run(&benign_kinds(), &mut totals);
    print(&totals);
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn page_marks_and_blank_lines_between_rows_stay_notes() {
    for lesson in lessons().iter().filter(|lesson| lesson.name.starts_with("clean-20")) {
        for layout in LAYOUTS {
            let text = write(&parts(lesson), layout);
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            let mut dice = Dice(11);
            for line in BENIGN_LINES {
                let in_table: Vec<usize> =
                    (1..lines.len()).filter(|&at| lines[at - 1].contains("属于") && lines[at].contains("属于")).collect();
                let in_table = if in_table.is_empty() { (0..lines.len()).collect() } else { in_table };
                let at = in_table[dice.below(in_table.len())];
                let changed = [&lines[..at], &[*line], &lines[at..]].concat().concat();
                let report = parse_to_json(changed.as_bytes());
                let loud: Vec<String> = loud(&report).iter().map(|flag| format!("{} {}", flag["code"], flag["message"])).collect();
                assert!(loud.is_empty(), "{line:?} before line {at} of {} as {layout:?}: {loud:?}", lesson.name);
            }
        }
    }
}

/// `LUOSHU_TOOL='other-tool -' cargo test --release --test damage another_tool -- --nocapture` scores a command that reads
/// a report from standard input and prints JSON: `values` with `key` and `value`, `flags` with `severity` and `cells`.
#[test]
fn another_tool_is_scored_on_the_same_cases() {
    let Ok(command) = std::env::var("LUOSHU_TOOL") else {
        println!("skipped: LUOSHU_TOOL names no tool to score");
        return;
    };
    let tool = |bytes: &[u8]| {
        let mut child = Command::new("sh").args(["-c", &command]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        let printed = child.wait_with_output().unwrap().stdout;
        serde_json::from_slice(&printed).unwrap_or_else(|_| serde_json::json!({ "values": [], "flags": [] }))
    };
    let mut totals = BTreeMap::new();
    for kinds in [shape_kinds(), digit_kinds(), benign_kinds()] {
        run_on(&kinds, &mut totals, &tool);
    }
    print(&totals);
}
