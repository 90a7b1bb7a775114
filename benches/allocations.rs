//! How often each stage asks for memory, and for how much, on a text, a page, a Word file and a PDF: what time hides on a
//! machine with a fast allocator shows here, and counts are the same on every machine.
//!
//! `cargo bench --bench allocations` prints the counts of one run of each stage, after one that warms up.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use luoshu::grammar::{BUILT_IN, Family, load};
use luoshu::identify::{Head, identify};
use luoshu::outline::{KnownTitles, outline};
use luoshu::report::parse;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::hint::black_box;
use std::path::Path;

#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Run once to warm up, then count.
fn count<T>(stage: &str, run: impl Fn() -> T) {
    drop(black_box(run()));
    let region = Region::new(MEMORY);
    let made = black_box(run());
    let asked = region.change();
    drop(made);
    let n_times = asked.allocations + asked.reallocations;
    println!("  {stage:24} {n_times:>8} times {:>10} bytes", asked.bytes_allocated);
}

fn stages(name: &str, bytes: &[u8], families: &[Family]) {
    println!("{name}, {} bytes", bytes.len());
    let family = families.iter().find(|family| family.id == "cn-foi-annual").unwrap();
    let known = KnownTitles::new(family.sections.iter().flat_map(|section| &section.labels).map(String::as_str));
    count("read", || luoshu::read::read(bytes));
    let document = luoshu::read::read(bytes).value.document;
    count("outline", || outline(&document, &known));
    let sections = outline(&document, &known).value;
    count("tables", || luoshu::table::tables(&document, &sections));
    let printed = luoshu::table::tables(&document, &sections);
    let identity = identify(&Head::new(&document, &sections), family);
    let edition = luoshu::fit::choose::find_edition(&printed, family, identity.year);
    count("fit", || luoshu::fit::fit(&document, &sections, &printed, family, edition.clone()));
    let fitted = luoshu::fit::fit(&document, &sections, &printed, family, edition.clone()).value;
    count("check", || luoshu::check::check(&fitted, family));
    count("claims", || luoshu::claims::check_claims(&document, &sections, &fitted, family, &identity));
    count("whole: bytes to report", || parse(bytes, families));
    let report = parse(bytes, families);
    count("emit", || luoshu::emit::report_to_json(&report, name, bytes));
}

fn main() {
    let families: Vec<Family> = BUILT_IN.iter().map(|(_, text)| load::load(text).unwrap()).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lessons =
        ["clean-2021-tabs/report.txt", "html-spans/report.html", "docx-bold-headings/report.docx", "pdf-ruled-two-pages/report.pdf"];
    let own = lessons.map(|name| format!("corpus/cn-foi-annual/{name}"));
    let shared = "../shared/reports/foi-annual/luoyang-commerce-2020.txt".to_string();
    for path in own.into_iter().chain([shared]) {
        match std::fs::read(root.join(&path)) {
            Ok(bytes) => stages(&path, &bytes, &families),
            Err(_) => println!("{path}: not here, skipped"),
        }
    }
}
