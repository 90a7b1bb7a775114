//! Shared by the tests: the lessons of `corpus/` and a parse with the built-in families.
#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::too_many_lines
)]

pub mod damage;
pub mod folder;
pub mod layout;
pub mod monkey;
pub mod office;
pub mod oracle;
pub mod pdf;
pub mod targets;
pub mod watch;

use luoshu::grammar::{BUILT_IN, Family, load};
use serde_json::Value;
use std::path::Path;
use std::sync::LazyLock;

/// The repository: these files are also compiled for the fuzzers, which stand in a package of their own.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().find(|folder| folder.join("grammar").is_dir()).unwrap()
}

/// One folder of `corpus/`.
pub struct Lesson {
    pub name: String,
    pub bytes: Vec<u8>,
    /// The report on the year before, `before.txt`, where the lesson is about two years.
    pub before: Option<Vec<u8>>,
    pub expect: Value,
}

impl Lesson {
    /// The report as JSON, read after the one of the year before where there is one.
    pub fn parse(&self) -> Value {
        let mut report = luoshu::report::parse(&self.bytes, &FAMILIES);
        if let Some(before) = &self.before {
            report.meet(&luoshu::report::parse(before, &FAMILIES).year_cells().unwrap());
        }
        serde_json::from_str(&luoshu::emit::report_to_json(&report, "report.txt", &self.bytes)).unwrap()
    }
}

pub fn lessons() -> Vec<Lesson> {
    lessons_in("corpus/cn-foi-annual")
}

/// Lessons of the other families and of none.
pub fn other_lessons() -> Vec<Lesson> {
    ["corpus/any-report", "corpus/cn-department-budget", "corpus/cn-statistical-bulletin"].into_iter().flat_map(lessons_in).collect()
}

fn lessons_in(folder: &str) -> Vec<Lesson> {
    let mut folders: Vec<_> = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let lesson = |folder: std::path::PathBuf| Lesson {
        name: folder.file_name().unwrap().to_string_lossy().into_owned(),
        bytes: std::fs::read(report_file(&folder)).unwrap(),
        before: std::fs::read(folder.join("before.txt")).ok(),
        expect: serde_json::from_str(&std::fs::read_to_string(folder.join("expect.json")).unwrap()).unwrap(),
    };
    folders.into_iter().map(lesson).collect()
}

/// The report of a lesson, whatever its format.
fn report_file(folder: &Path) -> std::path::PathBuf {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.file_stem().is_some_and(|stem| stem == "report")).min().unwrap()
}

/// The built-in families, loaded once: a suite parses tens of thousands of reports.
pub static FAMILIES: LazyLock<Vec<Family>> = LazyLock::new(|| BUILT_IN.iter().map(|(_, text)| load::load(text).unwrap()).collect());

pub fn families() -> Vec<Family> {
    FAMILIES.clone()
}

pub fn parse_to_json(bytes: &[u8]) -> Value {
    let report = luoshu::report::parse(bytes, &FAMILIES);
    serde_json::from_str(&luoshu::emit::report_to_json(&report, "report.txt", bytes)).unwrap()
}

/// The code of every room but `flag`, which names all codes.
pub fn source_texts() -> Vec<String> {
    let mut open = vec![root().join("src")];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("flag.rs") {
            found.push(std::fs::read_to_string(&path).unwrap());
        }
    }
    found
}
