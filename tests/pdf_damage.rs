//! Three hundred damaged PDFs: cut, bits flipped, the table of places broken. Seeded, so that a failure comes again.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use luoshu::flag::Severity;
use serde_json::Value;
use std::path::Path;
use std::time::{Duration, Instant};
use support::parse_to_json;

/// Small enough to be read a hundred times; those that do not lie beside the repository give their turns to our own.
const FILES: &[&str] = &[
    "corpus/cn-foi-annual/pdf-ruled-two-pages/report.pdf",
    "corpus/any-report/pdf-scan/report.pdf",
    "../shared/reports/foi-annual/hongze-2023.pdf",
    "../shared/reports/budget/hainan_2025_budget.pdf",
    "../shared/reports/budget/xinjiang_2023.pdf",
    "../shared/reports/en-pdf-tables/tab_indictb1h_14.pdf",
];
const VARIANTS: usize = 300;
/// Far beyond what any of them takes, even where the machine is busy.
const LONGEST: Duration = Duration::from_secs(30);

/// A cheap stream of numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

fn damage(clean: &[u8], kind: usize, dice: &mut Dice) -> Vec<u8> {
    let mut bytes = clean.to_vec();
    let at = dice.below(bytes.len());
    match kind {
        0 => bytes.truncate(at.max(16)),
        1 => bytes[at] ^= 1 << dice.below(8),
        2 => {
            for _ in 0..50 {
                let at = dice.below(bytes.len());
                bytes[at] ^= 0xFF;
            }
        }
        // The table of places and everything behind it: objects have to be searched for.
        3 => {
            let mark = bytes.windows(9).rposition(|window| window == b"startxref").unwrap_or(at);
            let from = mark.saturating_sub(200);
            bytes[from..].iter_mut().for_each(|byte| *byte = b' ');
        }
        _ => {
            let to = (at + 1 + dice.below(2000)).min(bytes.len());
            bytes[at..to].fill(0);
        }
    }
    bytes
}

/// Words without the blanks between them: a glyph that moved a little changes no more than those.
fn words(sections: &Value) -> String {
    sections.to_string().replace(' ', "")
}

#[test]
fn damaged_files_are_told_or_read_as_before() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files: Vec<(Vec<u8>, Value)> = FILES
        .iter()
        .filter_map(|name| std::fs::read(root.join(name)).ok())
        .map(|bytes| {
            let report = parse_to_json(&bytes);
            (bytes, report)
        })
        .collect();
    if files.len() < FILES.len() {
        eprintln!("{} of {} files are here", files.len(), FILES.len());
    }
    let mut dice = Dice(11);
    let (mut n_read, mut n_same) = (0, 0);
    for case in 0..VARIANTS {
        let (clean, wanted) = &files[case % files.len()];
        let bytes = damage(clean, case / files.len() % 5, &mut dice);
        let start = Instant::now();
        let report = parse_to_json(&bytes);
        assert!(start.elapsed() < LONGEST, "case {case} hangs");
        let loud = report["flags"].as_array().unwrap().iter().any(|flag| flag["severity"] != Severity::Note.name());
        let is_same = report["values"] == wanted["values"] && words(&report["sections"]) == words(&wanted["sections"]);
        assert!(loud || is_same, "case {case}: changed without a word");
        n_same += usize::from(is_same);
        n_read += usize::from(report["coverage"]["numbers"].as_u64().unwrap() > 0);
    }
    eprintln!("{VARIANTS} damaged files: {n_read} with numbers read, {n_same} read as before");
}
