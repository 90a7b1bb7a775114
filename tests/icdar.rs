//! Tables of the ICDAR 2013 competition (the European half), scored where the benchmark lies beside the repository.
//!
//! The benchmark's own scorer is run on what the PDF reader finds; nothing here knows how tables are found.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::indexing_slicing)]

use luoshu::doc::{Block, Document, Grid};
use luoshu::place::Place;
use luoshu::read::read;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A grid as the scorer takes it: its page and its cells, ends inclusive.
fn to_json(document: &Document, grid: &Grid) -> Value {
    let page = match document.place(grid.span) {
        Some(Place::Page { page, .. }) => page,
        _ => 0,
    };
    let cells = grid.rows.iter().enumerate().flat_map(|(row, own)| {
        own.cells.iter().map(move |cell| {
            json!({ "row": row, "row_end": row as u32 + cell.rows - 1, "col": cell.column, "col_end": cell.column + cell.columns - 1,
                    "text": document.slice(cell.span) })
        })
    });
    json!({ "page": page, "cells": cells.collect::<Vec<Value>>() })
}

fn predictions(files: &[PathBuf]) -> String {
    let line = |file: &PathBuf| {
        let document = read(&std::fs::read(file).unwrap()).value.document;
        let tables: Vec<Value> = document
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Grid(grid) => Some(to_json(&document, grid)),
                _ => None,
            })
            .collect();
        json!({ "id": file.file_stem().unwrap().to_str().unwrap(), "tables": tables }).to_string() + "\n"
    };
    files.iter().map(line).collect()
}

/// The figure after `name` in the scorer's line that begins with `measure`.
fn figure(output: &str, measure: &str, name: &str) -> f64 {
    let line = output.lines().find(|line| line.trim_start().starts_with(measure)).unwrap();
    let after = line.split("micro").nth(1).unwrap().split(&format!(" {name} ")).nth(1).unwrap();
    after.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn tables_of_the_competition_are_found() {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench/icdar2013");
    let Ok(folder) = std::fs::read_dir(bench.join("pdf")) else {
        eprintln!("skipped: the benchmark is not here");
        return;
    };
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.file_name().unwrap().to_string_lossy().starts_with("eu-"));
    files.sort();
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("icdar.jsonl");
    std::fs::write(&out, predictions(&files)).unwrap();
    let python = std::env::var("LUOSHU_PYTHON").unwrap_or_else(|_| "python3".into());
    let score = |what: &[&str]| {
        let command = Command::new(&python).arg(bench.join("score.py")).args(what).args(["--only", "eu"]).output();
        command.map(|scored| String::from_utf8_lossy(&scored.stdout).into_owned())
    };
    let Ok(output) = score(&[out.to_str().unwrap()]) else {
        eprintln!("skipped: there is no {python} to run the scorer");
        return;
    };
    eprintln!("luoshu: {output}");
    // What others reach on the same files, where they are installed.
    for other in ["pdftotext", "camelot-stream"] {
        let told = score(&["--system", other]).unwrap_or_default();
        eprintln!("{other}: {}", if told.contains("nrow") { told.as_str() } else { "skipped, not installed (set LUOSHU_PYTHON)" });
    }
    assert!(figure(&output, "nrow", "F1") >= 0.95, "numeric rows");
    assert!(figure(&output, "nadj", "F1") >= 0.95, "numeric neighbours");
    assert!(figure(&output, "adj", "P") >= 0.85, "running text taken for a table");
}
