//! Section trees against a public benchmark of scientific papers, where it lies beside the repository: lines of text in,
//! headings with their levels out, scored by the benchmark's own scorer.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use serde_json::{Value, json};
use std::path::Path;
use support::parse_to_json;

fn headings(sections: &Value, found: &mut Vec<Value>) {
    for section in sections.as_array().unwrap() {
        let number = section["number"].as_str().map(|number| format!("{number} ")).unwrap_or_default();
        found.push(json!({ "level": section["level"], "title": format!("{number}{}", section["title"].as_str().unwrap()) }));
        headings(&section["children"], found);
    }
}

#[test]
fn sections_of_papers_are_found() {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench/sections");
    let Ok(folder) = std::fs::read_dir(bench.join("hrdoc/input")) else {
        eprintln!("skipped: the benchmark is not here");
        return;
    };
    let mut lines: Vec<String> = folder
        .map(|entry| {
            let paper: Value = serde_json::from_slice(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
            let text: Vec<&str> = paper["lines"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
            let mut found = Vec::new();
            headings(&parse_to_json(text.join("\n").as_bytes())["sections"], &mut found);
            json!({ "id": paper["id"], "headings": found }).to_string()
        })
        .collect();
    lines.sort();
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sections.jsonl");
    std::fs::write(&out, lines.join("\n")).unwrap();
    let Ok(scored) = std::process::Command::new("python3").arg(bench.join("score.py")).arg("hrdoc").arg(&out).output() else {
        eprintln!("skipped: python3 is not here");
        return;
    };
    let said = String::from_utf8(scored.stdout).unwrap();
    eprintln!("{said}");
    let edges = said.lines().find(|line| line.trim_start().starts_with("edge")).unwrap();
    let f1: f64 = edges.split("F1 ").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap();
    assert!(f1 >= EDGE_FLOOR, "{said}");
}

/// What is reached without seeing how the lines look; a change that loses some of it is seen.
const EDGE_FLOOR: f64 = 0.92;
