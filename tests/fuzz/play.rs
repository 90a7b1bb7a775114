//! Plays the target that `LUOSHU_TARGET` names. With `LUOSHU_SEEDS` set it first writes the target's seeds there.
#![no_main]

#[path = "../support/mod.rs"]
mod support;

use std::sync::LazyLock;
use support::targets::{TARGETS, Target};

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("LUOSHU_TARGET").unwrap_or_default();
    TARGETS.iter().find(|target| target.name == name).unwrap_or_else(|| {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        panic!("LUOSHU_TARGET is to be one of {}", names.join(", "))
    })
});

fn write_seeds() {
    let Some(folder) = std::env::var_os("LUOSHU_SEEDS") else { return };
    for (index, seed) in (TARGET.seeds)().iter().enumerate() {
        std::fs::write(std::path::Path::new(&folder).join(format!("seed-{index}")), seed).unwrap();
    }
}

libfuzzer_sys::fuzz_target!(init: write_seeds(), |bytes: &[u8]| (TARGET.hold)(&(TARGET.input)(bytes)));
