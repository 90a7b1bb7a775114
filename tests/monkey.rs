//! Inputs made by chance: never a panic, every number in one place, valid output, the same every time, time in
//! proportion. `tests/fuzz` plays the same targets led by coverage.
//!
//! A moment each in `cargo test`. For longer, with other seeds:
//! `LUOSHU_MONKEY_SECONDS=1200 LUOSHU_MONKEY_SEED=7 cargo test --test monkey -- --nocapture --test-threads 1 whole_page`
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use support::monkey::{Dice, damaged, smallest};
use support::targets::{TARGETS, Target};

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Inputs of each target where no time is asked for: the same ones every time.
const N_INPUTS: u64 = 150;
/// Bytes of an input that is made of nothing known.
const MOST_BYTES: usize = 600;

/// Damaged pieces of what is known, or any bytes.
fn bytes(dice: &mut Dice, seeds: &[Vec<u8>]) -> Vec<u8> {
    if seeds.is_empty() { (0..dice.below(MOST_BYTES)).map(|_| dice.below(256) as u8).collect() } else { damaged(dice, seeds) }
}

/// Plays a target with dice of rising seeds; tells how many inputs there were.
fn play(target: &Target) {
    let time = setting("LUOSHU_MONKEY_SECONDS").map(Duration::from_secs);
    let first = setting("LUOSHU_MONKEY_SEED").unwrap_or(1) << 32;
    let (begin, mut n_inputs, mut n_bytes) = (Instant::now(), 0_u64, 0_usize);
    let seeds = (target.seeds)();
    let fails = |bytes: &[u8]| catch_unwind(AssertUnwindSafe(|| (target.hold)(&(target.input)(bytes)))).is_err();
    while time.map_or(n_inputs < N_INPUTS, |time| begin.elapsed() < time) {
        let bytes = bytes(&mut Dice::new(first + n_inputs), &seeds);
        if fails(&bytes) {
            let found = smallest(&bytes, fails);
            let file = std::env::temp_dir().join(format!("luoshu-{}-{n_inputs}", target.name));
            std::fs::write(&file, &found).unwrap();
            let input = (target.input)(&found);
            panic!("{} fails on {:?} ({}, input {n_inputs})", target.name, String::from_utf8_lossy(&input), file.display());
        }
        n_inputs += 1;
        n_bytes += bytes.len();
    }
    println!("{}: {n_inputs} inputs, {n_bytes} bytes, {:.0} s", target.name, begin.elapsed().as_secs_f64());
}

/// A test for each target, so that they run side by side.
macro_rules! tests {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            play(TARGETS.iter().find(|target| target.name == stringify!($name)).unwrap());
        })*

        #[test]
        fn every_target_is_played() {
            let left: Vec<_> = TARGETS.iter().map(|target| target.name).filter(|name| ![$(stringify!($name)),*, "slowness"].contains(name)).collect();
            assert!(left.is_empty(), "{left:?}");
        }
    };
}

tests!(decode outline tables_fit form_fit formula grammar html html_bytes docx sheet sheet_xml ole pdf pdf_page csv whole_text whole_page whole);

/// Comparing times wants a quiet machine, so it runs only when asked for.
#[test]
fn slowness() {
    if std::env::var_os("LUOSHU_TRAPS").is_none() {
        eprintln!("skipped: set LUOSHU_TRAPS=1 to compare times");
        return;
    }
    play(TARGETS.iter().find(|target| target.name == "slowness").unwrap());
}
