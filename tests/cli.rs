//! The command line as a user meets it.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn luoshu(arguments: &[&str], input: Option<&[u8]>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luoshu"));
    let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.unwrap_or_default()).unwrap();
    child.wait_with_output().unwrap()
}

const CLEAN: &str = "corpus/cn-foi-annual/clean-2021-tabs/report.txt";
const OFF: &str = "corpus/cn-foi-annual/sum-off/report.txt";

#[test]
fn exit_codes_tell_how_a_run_ended() {
    assert_eq!(luoshu(&["parse", CLEAN], None).status.code(), Some(0));
    assert_eq!(luoshu(&["check", OFF], None).status.code(), Some(1));
    assert_eq!(luoshu(&["parse", "no-such-file"], None).status.code(), Some(2));
    assert_eq!(luoshu(&["parse", CLEAN, "no-such-file"], None).status.code(), Some(1));
}

#[test]
fn every_input_has_its_line_in_order() {
    let output = luoshu(&["parse", CLEAN, "no-such-file", OFF], None);
    let text = String::from_utf8(output.stdout).unwrap();
    let paths: Vec<String> =
        text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["source"]["path"].to_string()).collect();
    assert_eq!(paths, [format!("\"{CLEAN}\""), "\"no-such-file\"".into(), format!("\"{OFF}\"")]);
}

#[test]
fn standard_input_is_a_file() {
    let bytes = std::fs::read(CLEAN).unwrap();
    let output = luoshu(&["parse", "-"], Some(&bytes));
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("\"edition\":\"2021\""));
}

#[test]
fn check_draws_the_line_and_counts() {
    let text = String::from_utf8(luoshu(&["check", OFF], None).stdout).unwrap();
    assert!(text.contains("error[sum-off]") && text.contains("^") && text.contains("requests/outcome.partial/total"), "{text}");
    assert!(text.lines().last().unwrap().contains("numbers"), "{text}");
}

#[test]
fn a_mistake_in_a_grammar_is_shown_with_a_caret() {
    let path = std::env::temp_dir().join(format!("luoshu-grammar-{}.toml", std::process::id()));
    std::fs::write(&path, "family = 'x'\ntitle = 'y'\ncolums = 1\n").unwrap();
    let output = luoshu(&["parse", "--grammar", path.to_str().unwrap(), CLEAN], None);
    std::fs::remove_file(path).unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("colums") && text.contains('^'), "{text}");
}

#[test]
fn nothing_and_garbage_are_told_not_crashed_on() {
    for input in [&b""[..], b"\0\xFF\xFE\x01", "甲乙丙".as_bytes()] {
        let output = luoshu(&["parse", "-"], Some(input));
        assert!(output.status.code() == Some(1) || String::from_utf8(output.stdout).unwrap().contains("family-unknown"));
    }
}
