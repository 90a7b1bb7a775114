//! Text reports, whole and stage by stage, against decoding and splitting the same bytes in the same run.
//!
//! `cargo bench --bench stages` prints the fastest of many runs, the ratio to the baseline, and how time grows with text.
//! The shared reports are timed too where they lie beside the repository.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

use luoshu::check::check;
use luoshu::claims::check_claims;
use luoshu::decode::decode;
use luoshu::fit::choose::find_edition;
use luoshu::fit::fit;
use luoshu::grammar::{BUILT_IN, Family, load};
use luoshu::identify::{Head, identify};
use luoshu::outline::{KnownTitles, outline};
use luoshu::table::tables;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

/// As in the program.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The fastest of many runs, at least 30 and half a second: what else the machine does only makes runs slower.
fn fastest(run: impl Fn()) -> Duration {
    run();
    let (mut times, begin) = (Vec::new(), Instant::now());
    while times.len() < 30 || begin.elapsed() < Duration::from_millis(500) {
        let start = Instant::now();
        run();
        times.push(start.elapsed());
    }
    times.into_iter().min().unwrap()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// What any reader must do: decode, split into lines and cells.
fn split(bytes: &[u8]) -> usize {
    let text = decode(bytes, None).value.text;
    text.lines().flat_map(|line| line.split('\t')).filter(|cell| !cell.trim().is_empty()).count()
}

fn print(name: &str, time: Duration, baseline: Duration) {
    println!("  {name:32} {:>10.1} µs {:>7.2} x", micros(time), micros(time) / micros(baseline));
}

fn stages(name: &str, bytes: &[u8], families: &[Family]) {
    let baseline = fastest(|| {
        black_box(split(black_box(bytes)));
    });
    println!("{name}, {} bytes", bytes.len());
    print("baseline: decode and split", baseline, baseline);
    print("decode", fastest(|| drop(black_box(decode(bytes, None)))), baseline);
    let text = decode(bytes, None).value.text;
    print("read", fastest(|| drop(black_box(luoshu::read::txt::read(text.clone())))), baseline);
    let document = luoshu::read::read(bytes).value.document;
    let family = families.iter().find(|family| family.id == "cn-foi-annual").unwrap();
    let known = KnownTitles::new(family.sections.iter().flat_map(|section| &section.labels).map(String::as_str));
    print("outline", fastest(|| drop(black_box(outline(&document, &known)))), baseline);
    let sections = outline(&document, &known).value;
    print("tables", fastest(|| drop(black_box(tables(&document, &sections)))), baseline);
    let printed = tables(&document, &sections);
    let identity = identify(&Head::new(&document, &sections), family);
    let edition = find_edition(&printed, family, identity.year);
    print("fit", fastest(|| drop(black_box(fit(&document, &sections, &printed, family, edition.clone())))), baseline);
    let fitted = fit(&document, &sections, &printed, family, edition.clone()).value;
    let checking = fastest(|| drop(black_box(check(&fitted, family))));
    print("check", checking, baseline);
    print("claims", fastest(|| drop(black_box(check_claims(&document, &sections, &fitted, family, &identity)))), baseline);
    let whole = fastest(|| drop(black_box(luoshu::report::parse(bytes, families))));
    print("whole: bytes to report", whole, baseline);
    println!("  checking is {:.1} % of the whole", 100.0 * micros(checking) / micros(whole));
    let report = luoshu::report::parse(bytes, families);
    print("emit", fastest(|| drop(black_box(luoshu::emit::report_to_json(&report, "report.txt", bytes)))), baseline);
}

/// A report ten times as long: its sentences ten times, and its tables.
fn grown(bytes: &[u8], times: usize) -> Vec<u8> {
    bytes.repeat(times)
}

fn main() {
    let families: Vec<Family> = BUILT_IN.iter().map(|(_, text)| load::load(text).unwrap()).collect();
    // One report alone, for a profiler: how often is the second word.
    if let Some(bytes) = std::env::args().nth(1).and_then(|path| std::fs::read(path).ok()) {
        let times = std::env::args().nth(2).and_then(|times| times.parse().ok()).unwrap_or(1000);
        return (0..times).for_each(|_| drop(black_box(luoshu::report::parse(&bytes, &families))));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut reports = vec!["corpus/cn-foi-annual/clean-2021-tabs/report.txt", "corpus/cn-foi-annual/clean-2020-tabs/report.txt"];
    reports.push("../shared/reports/foi-annual/luoyang-commerce-2020.txt");
    for path in reports {
        match std::fs::read(root.join(path)) {
            Ok(bytes) => stages(path, &bytes, &families),
            Err(_) => println!("{path}: not here, skipped"),
        }
    }
    let bytes = std::fs::read(root.join("corpus/cn-foi-annual/clean-2021-tabs/report.txt")).unwrap();
    let once = fastest(|| drop(black_box(luoshu::report::parse(&bytes, &families))));
    let tenfold = grown(&bytes, 10);
    let ten = fastest(|| drop(black_box(luoshu::report::parse(&tenfold, &families))));
    println!("ten times the text takes {:.1} times as long", micros(ten) / micros(once));
    failures(&bytes, &families);
}

/// A report in which ten rows' totals are wrong.
fn failures(bytes: &[u8], families: &[Family]) {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut n_left = 10;
    let damaged: Vec<String> = text
        .lines()
        .map(|line| {
            let is_row = line.starts_with('\t') && n_left > 0 && line.split('\t').filter(|cell| cell.parse::<u32>().is_ok()).count() == 7;
            if !is_row {
                return line.to_string();
            }
            n_left -= 1;
            line.trim_end().to_string() + "3"
        })
        .collect();
    let damaged = damaged.join("\n").into_bytes();
    let report = luoshu::report::parse(&damaged, families);
    let failed = report.checked.tally.failed;
    let time = fastest(|| drop(black_box(luoshu::report::parse(&damaged, families))));
    println!("a report with {failed} failed sums takes {:.1} µs", micros(time));
}
