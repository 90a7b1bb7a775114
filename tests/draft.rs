//! Grammars drafted from samples: without mistakes, and able to read the samples and a report that was none of them.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::indexing_slicing)]

use luoshu::draft::draft;
use luoshu::grammar::lint::lint;
use luoshu::grammar::load::load;
use luoshu::report::parse;
use serde_json::Value;
use std::path::Path;

fn draft_of(samples: &[Vec<u8>]) -> String {
    let reports: Vec<_> = samples.iter().map(|bytes| parse(bytes, &[])).collect();
    draft(&reports, "drafted")
}

fn read_with(grammar: &str, bytes: &[u8]) -> Value {
    let families = [load(grammar).unwrap()];
    let report = parse(bytes, &families);
    serde_json::from_str(&luoshu::emit::report_to_json(&report, "report", bytes)).unwrap()
}

/// Numbers that have a value, of all that stand in tables.
fn placed(report: &Value) -> (u64, u64) {
    let coverage = &report["coverage"];
    let placed = coverage["placed"].as_u64().unwrap();
    (placed, placed + coverage["unplaced"].as_array().unwrap().len() as u64)
}

#[test]
fn a_draft_has_no_mistakes_and_reads_its_samples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cn-foi-annual");
    let names = ["html-spans/report.html", "pdf-ruled-two-pages/report.pdf"];
    let samples: Vec<Vec<u8>> = names.iter().map(|name| std::fs::read(root.join(name)).unwrap()).collect();
    let grammar = draft_of(&samples);
    let mistakes: Vec<String> = lint(&grammar).iter().map(|mistake| mistake.message.to_string()).collect();
    assert!(mistakes.is_empty(), "{mistakes:?}\n{grammar}");
    for (name, bytes) in names.iter().zip(&samples) {
        let report = read_with(&grammar, bytes);
        assert_eq!(report["report"]["family"], "drafted", "{name}");
        let (placed, all) = placed(&report);
        assert!(placed * 10 >= all * 9, "{name}: {placed} of {all}\n{grammar}");
    }
}
