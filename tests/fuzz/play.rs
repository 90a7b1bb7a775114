//! Plays the target that the binary is named after. With `LUOSHU_SEEDS` set it first writes the target's seeds there.
#![no_main]

#[path = "../support/mod.rs"]
mod support;

use support::targets::{TARGETS, Target};

fn target() -> &'static Target {
    TARGETS.iter().find(|target| target.name == env!("CARGO_BIN_NAME")).unwrap()
}

fn write_seeds() {
    let Some(folder) = std::env::var_os("LUOSHU_SEEDS") else { return };
    for (index, seed) in (target().seeds)().iter().enumerate() {
        std::fs::write(std::path::Path::new(&folder).join(format!("seed-{index}")), seed).unwrap();
    }
}

libfuzzer_sys::fuzz_target!(init: write_seeds(), |bytes: &[u8]| (target().hold)(&(target().input)(bytes)));
