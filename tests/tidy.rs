//! The rules of the rooms, kept by a test: who imports whom, who knows which format, where words may stand, sizes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};

/// Rooms from left to right; a room imports only from its left.
const ROOMS: &[&str] = &[
    "spell",
    "place",
    "flag",
    "manual",
    "fold",
    "exact",
    "doc",
    "decode",
    "normalise",
    "read",
    "numbering",
    "label",
    "outline",
    "table",
    "grammar",
    "sums",
    "fit",
    "check",
    "coverage",
    "identify",
    "claims",
    "years",
    "discover",
    "prose",
    "generic",
    "ledger",
    "odd",
    "second",
    "report",
    "emit",
    "draft",
    "dataset",
];

/// Files in which Chinese characters may stand in code: look-alikes, digits and units, numbering marks, page and date marks.
const WRITING: &[&str] = &[
    "fold.rs",
    "normalise.rs",
    "numbering.rs",
    "label.rs",
    "outline/mod.rs",
    "outline/heading.rs",
    "read/txt/line.rs",
    "read/docx/numerals.rs",
    "read/sheet/format.rs",
    "identify.rs",
    "claims/sentence.rs",
];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open: Vec<PathBuf> = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.strip_prefix(&root).unwrap().display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

/// Code without its tests and comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

fn room(path: &str) -> &str {
    path.split('/').next().unwrap().trim_end_matches(".rs")
}

#[test]
fn rooms_import_only_from_their_left() {
    for (path, text) in sources() {
        let Some(own) = ROOMS.iter().position(|name| *name == room(&path)) else { continue };
        for (index, name) in ROOMS.iter().enumerate() {
            let imports = code(&text).contains(&format!("crate::{name}"));
            assert!(!imports || index <= own, "{path} imports {name}, which stands to its right");
        }
    }
}

#[test]
fn formats_stay_in_their_rooms() {
    for (path, text) in sources() {
        let code = code(&text);
        let outermost = path.starts_with("cli") || path.starts_with("dataset");
        assert!(!code.contains("serde") || path.starts_with("emit/") || path == "grammar/publishers.rs" || outermost, "{path} knows JSON");
        let data = [
            "grammar/load.rs",
            "grammar/load/decide.rs",
            "grammar/load/open.rs",
            "grammar/load/speech.rs",
            "grammar/publishers.rs",
            "grammar/words.rs",
            "manual/catalogue.rs",
        ];
        assert!(!code.contains("toml::") || data.contains(&path.as_str()), "{path} knows TOML");
        assert!(!code.contains("std::fs") || outermost, "{path} opens files");
        assert!(!code.contains("io::stdout") || path.starts_with("cli"), "{path} prints");
    }
}

#[test]
fn no_report_words_in_code() {
    for (path, text) in sources() {
        let word = code(&text).lines().find(|line| line.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))).map(str::to_string);
        assert!(word.is_none() || WRITING.contains(&path.as_str()), "{path}: {word:?} belongs in grammar/");
    }
}

#[test]
fn files_are_short_and_say_what_they_are() {
    for (path, text) in sources() {
        assert!(text.lines().count() <= 600, "{path} is too long");
        assert!(text.starts_with("//!"), "{path} does not say what it is");
    }
}
