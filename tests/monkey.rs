//! Inputs made by chance: never a panic, every number in one place, valid output, the same every time, time in
//! proportion.
//!
//! A moment each in `cargo test`. For longer, with other seeds:
//! `LUOSHU_MONKEY_SECONDS=1200 LUOSHU_MONKEY_SEED=7 cargo test --test monkey -- --nocapture --test-threads 1 page`
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

mod support;

use luoshu::grammar::{BUILT_IN, CellSum, Identity, Saying, lint, load};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::monkey::{Dice, damaged, damaged_package, formula, page, smallest, text};
use support::oracle::{hold, hold_strictly, run};
use support::watch::processor_time;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Inputs of each target where no time is asked for: the same ones every time.
const N_INPUTS: u64 = 150;

/// Runs a target on inputs of rising seeds; tells how many there were.
fn drive(name: &str, make: impl Fn(&mut Dice) -> Vec<u8>, holds: impl Fn(&[u8])) {
    let time = setting("LUOSHU_MONKEY_SECONDS").map(Duration::from_secs);
    let first = setting("LUOSHU_MONKEY_SEED").unwrap_or(1) << 32;
    let (begin, mut n_inputs, mut n_bytes) = (Instant::now(), 0_u64, 0_usize);
    while time.map_or(n_inputs < N_INPUTS, |time| begin.elapsed() < time) {
        let bytes = make(&mut Dice::new(first + n_inputs));
        if catch_unwind(AssertUnwindSafe(|| holds(&bytes))).is_err() {
            let found = smallest(&bytes, |bytes| catch_unwind(AssertUnwindSafe(|| holds(bytes))).is_err());
            let file = std::env::temp_dir().join(format!("luoshu-{name}-{n_inputs}"));
            std::fs::write(&file, &found).unwrap();
            panic!("{name} fails on {:?} ({}, input {n_inputs})", String::from_utf8_lossy(&found), file.display());
        }
        n_inputs += 1;
        n_bytes += bytes.len();
    }
    println!("{name}: {n_inputs} inputs, {n_bytes} bytes, {:.0} s", begin.elapsed().as_secs_f64());
}

/// The lessons' files of these formats.
fn lessons(endings: &[&str]) -> Vec<Vec<u8>> {
    let mut open: Vec<PathBuf> = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|ending| endings.contains(&ending.to_str().unwrap())) {
            found.push(path);
        }
    }
    found.sort();
    found.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Now and then all that can be asked, else what is cheap to ask.
fn ask(bytes: &[u8]) {
    if bytes.len().is_multiple_of(16) { drop(hold_strictly(bytes)) } else { drop(hold(bytes)) }
}

#[test]
fn decode() {
    let known = lessons(&["txt", "html"]);
    drive(
        "decode",
        |dice| damaged(dice, &known),
        |bytes| {
            for declared in [None, Some("gb2312"), Some("utf-8"), Some("no-such-charset")] {
                let found = luoshu::decode::decode(bytes, declared);
                let again = luoshu::decode::decode(bytes, declared);
                assert_eq!(found.value.text, again.value.text);
                let loses = found.value.text.contains('\u{FFFD}') && !bytes.windows(3).any(|window| window == "\u{FFFD}".as_bytes());
                assert!(!loses || !found.flags.is_empty(), "lost bytes are flagged");
            }
        },
    );
}

#[test]
fn text_tables() {
    drive("text", text, ask);
}

#[test]
fn damaged_text() {
    let known = lessons(&["txt", "md"]);
    drive("damaged text", |dice| damaged(dice, &known), ask);
}

#[test]
fn pages() {
    drive("page", page, ask);
}

#[test]
fn damaged_pages() {
    let known = lessons(&["html"]);
    drive("damaged page", |dice| damaged(dice, &known), ask);
}

#[test]
fn damaged_files() {
    let known = lessons(&["pdf", "docx", "xlsx", "xls", "ods", "doc"]);
    drive("damaged file", |dice| damaged(dice, &known), ask);
}

#[test]
fn damaged_parts() {
    let known = lessons(&["docx", "xlsx", "ods"]);
    if !known.is_empty() {
        drive("damaged part", |dice| damaged_package(dice, &known), ask);
    }
}

#[test]
fn outlines() {
    let families = support::families();
    let labels = || families.iter().flat_map(|family| &family.sections).flat_map(|section| &section.labels).map(String::as_str);
    let known = luoshu::outline::KnownTitles::new(labels());
    drive("outline", text, |bytes| {
        let document = luoshu::read::read(bytes).value.document;
        assert!(document.blocks.windows(2).all(|pair| pair[0].span().end <= pair[1].span().start), "blocks stand apart, in order");
        let found = luoshu::outline::outline(&document, &known).value;
        assert!(found.sections.windows(2).all(|pair| pair[0].blocks.end <= pair[1].blocks.start), "sections follow one another");
        for (index, section) in found.sections.iter().enumerate() {
            let parent = section.parent.map(|parent| (parent, found.sections[parent].level));
            assert!(
                parent.is_none_or(|(parent, level)| parent < index && level + 1 == section.level),
                "a parent comes before, one level up"
            );
            assert!(section.parent.is_some() || section.level == 1);
        }
    });
}

#[test]
fn formulas() {
    drive(
        "formula",
        |dice| formula(dice).into_bytes(),
        |bytes| {
            let text = String::from_utf8_lossy(bytes);
            let within = |error: Option<usize>| assert!(error.is_none_or(|at| at <= text.len()), "a mistake lies in the text");
            within(Identity::parse("name", &text).err());
            within(CellSum::parse(&text).err());
            within(Saying::parse(&text).err());
        },
    );
}

#[test]
fn grammars() {
    let known: Vec<Vec<u8>> = BUILT_IN.iter().map(|(_, text)| text.as_bytes().to_vec()).collect();
    drive(
        "grammar",
        |dice| damaged(dice, &known),
        |bytes| {
            let text = String::from_utf8_lossy(bytes);
            let mistakes = load::read(&text).mistakes.into_iter().chain(lint::lint(&text));
            for mistake in mistakes {
                assert!(mistake.span.start <= mistake.span.end && mistake.span.end <= text.len(), "a mistake lies in the file");
            }
        },
    );
}

/// Time per byte may be this many times the usual one.
const MOST_SLOWNESS: f64 = 60.0;
const LEAST_BYTES: usize = 4096;

/// One small input again and again makes a long one: what is slow in a long one shows at once.
/// Comparing times wants a quiet machine, so it runs only when asked for.
#[test]
fn slowness() {
    if std::env::var_os("LUOSHU_TRAPS").is_none() {
        eprintln!("skipped: set LUOSHU_TRAPS=1 to compare times");
        return;
    }
    let known = lessons(&["txt", "html"]);
    let usual =
        processor_time(|| known.iter().for_each(|bytes| run(bytes))).as_secs_f64() / known.iter().map(Vec::len).sum::<usize>() as f64;
    let make = |dice: &mut Dice| {
        let one = match dice.below(3) {
            0 => text(dice),
            1 => page(dice),
            _ => damaged(dice, &known),
        };
        let from = dice.below(one.len());
        let piece = &one[from..(from + 1 + dice.below(200)).min(one.len())];
        [&one[..from], &piece.repeat(2 * LEAST_BYTES / piece.len().max(1)), &one[from..]].concat()
    };
    drive("slowness", make, |bytes| {
        let slow = || processor_time(|| run(bytes)).as_secs_f64() / (bytes.len().max(LEAST_BYTES) as f64) / usual;
        let times = (0..3).map(|_| slow()).take_while(|times| *times > MOST_SLOWNESS).count();
        assert!(times < 3, "{} bytes take {:.0} times the usual time", bytes.len(), slow());
    });
}
