//! The command line as a user meets it.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn luoshu(arguments: &[&str], input: Option<&[u8]>) -> Output {
    luoshu_in("C", arguments, input)
}

/// Run under a locale.
fn luoshu_in(locale: &str, arguments: &[&str], input: Option<&[u8]>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luoshu"));
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", locale);
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
fn two_years_of_one_publisher_are_held_against_each_other() {
    let folder = "corpus/cn-foi-annual/two-years-do-not-meet";
    let (before, after) = (format!("{folder}/before.txt"), format!("{folder}/report.txt"));
    assert_eq!(luoshu(&["check", &after], None).status.code(), Some(0), "alone it is clean");
    for [first, second] in [[&before, &after], [&after, &before]] {
        let output = luoshu(&["check", "--notes", first, "corpus/cn-foi-annual/clean-2020-tabs/report.txt", second], None);
        let text = stdout(&output);
        assert_eq!(output.status.code(), Some(1));
        assert!(text.contains("total: 2023 says 12; after 2022 it would be 16"), "{text}");
        assert!(text.contains(&format!("--> {second}")) && text.matches("[year-carry-off]").count() == 1, "{text}");
        assert!(text.contains("note[year-leap]: disclosure/punishment/decisions: 2022 has 46, 2023 has 520"), "{text}");
    }
    let lines = stdout(&luoshu(&["parse", &before, &after], None));
    let flags = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["flags"].to_string();
    let told: Vec<bool> = lines.lines().map(|line| flags(line).contains("year-carry-off")).collect();
    assert_eq!(told, [false, true]);
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

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A grammar file that goes away at the end of the test.
struct Draft(std::path::PathBuf);

impl Draft {
    fn new(name: &str, text: &str) -> Draft {
        let path = std::env::temp_dir().join(format!("luoshu-{name}-{}.toml", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Draft(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn explain_tells_every_code() {
    let list = stdout(&luoshu(&["explain"], None));
    for code in luoshu::flag::Code::ALL {
        assert!(list.lines().any(|line| line.trim_start().starts_with(&format!("{} ", code.name()))), "{}", code.name());
        let one = luoshu(&["explain", code.name()], None);
        assert_eq!(one.status.code(), Some(0));
        let text = stdout(&one);
        assert!(text.starts_with(code.name()) && text.contains("Why it matters") && text.contains(&format!("[{}]", code.name())), "{text}");
    }
    assert_eq!(luoshu(&["explain", "warning[row-long]"], None).status.code(), Some(0));
    let manual = stdout(&luoshu(&["explain", "--manual"], None));
    assert!(manual.starts_with("# ") && manual.matches("\n### `").count() == luoshu::flag::Code::ALL.len());
}

#[test]
fn a_mistyped_code_is_met_with_a_proposal() {
    let output = luoshu(&["explain", "row-shrot"], None);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("did you mean `row-short`"));
    let output = luoshu(&["explain", "nothing-like-it"], None);
    assert!(String::from_utf8(output.stderr).unwrap().contains("luoshu explain"));
}

#[test]
fn messages_come_in_the_language_of_the_locale_or_the_one_asked_for() {
    let english = stdout(&luoshu_in("en_US.UTF-8", &["check", OFF], None));
    let chinese = stdout(&luoshu_in("zh_CN.UTF-8", &["check", OFF], None));
    assert!(english.contains("error[sum-off]") && english.contains("= help: look these cells up"), "{english}");
    assert!(chinese.contains("错误[sum-off]") && chinese.contains("= 建议: 请到原文里核对") && chinese.contains("标记 2 处"), "{chinese}");
    assert!(!chinese.contains("numbers"), "{chinese}");
    assert_eq!(stdout(&luoshu_in("zh_CN.UTF-8", &["--lang", "en", "check", OFF], None)), english);
    assert_eq!(stdout(&luoshu_in("C", &["check", "--lang", "zh", OFF], None)), chinese);
    let github = stdout(&luoshu(&["check", "--lang", "zh", "--format", "github", OFF], None));
    assert!(github.starts_with("::error file=") && github.contains("title=sum-off::") && github.contains("≠"), "{github}");
    assert!(stdout(&luoshu(&["explain", "--lang", "zh", "sum-off"], None)).contains("为什么要紧"));
}

#[test]
fn json_is_the_same_in_every_language() {
    for arguments in [&["parse", OFF][..], &["check", "--format", "json", OFF]] {
        assert_eq!(stdout(&luoshu_in("zh_CN.UTF-8", arguments, None)), stdout(&luoshu_in("en_US.UTF-8", arguments, None)));
    }
}

#[test]
fn a_family_is_drawn_as_a_tree() {
    let text = stdout(&luoshu(&["grammar", "tree", "cn-foi-annual"], None));
    let line = |id: &str| text.lines().position(|line| line.split_whitespace().any(|word| word == id)).unwrap();
    let indent = |id: &str| text.lines().nth(line(id)).unwrap().chars().position(|letter| letter.is_ascii_alphanumeric()).unwrap();
    assert!(
        line("outcome.refused") < line("outcome.refused.secret") && indent("outcome.refused") < indent("outcome.refused.secret"),
        "{text}"
    );
    assert_eq!(indent("outcome.refused.secret"), indent("outcome.refused.casefile"));
    assert!(text.contains("属于国家秘密") && text.contains("new + carried_in = outcome.total + carried_out"), "{text}");
    let output = luoshu(&["grammar", "tree", "cn-foi-anual"], None);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("did you mean `cn-foi-annual`"));
}

#[test]
fn grammar_check_finds_every_mistake_in_one_run() {
    let text = std::fs::read_to_string("grammar/cn-foi-annual.toml").unwrap();
    let fine = Draft::new("fine", &text);
    let output = luoshu(&["grammar", "check", fine.path()], None);
    assert_eq!((output.status.code(), stdout(&output).lines().count()), (Some(0), 1));

    let damage = [
        ("\"legal.business\"", "legal.business"),
        ("\"carried_in\"                 =", "\"carried.in.\"                ="),
        ("agg", "ag"),
        ("'new + carried_in = outcome.total + carried_out'", "'new + carried_in = outcome.totl + carried_out'"),
        ("\"outcome.refused.inquiry\"    = \"属于行政查询事项\"", "\"outcome.refused.inquiry\"    = \"属于行政执法案卷\""),
        ("\"outcome.refused.process\"    = \"属于四类过程性信息\"", "\"outcome.refused.process\"    = 4"),
        ("section = \"review\"", "section = \"reviews\""),
    ];
    let spoiled = damage.iter().fold(text, |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replacen(old, new, 1)
    });
    let draft = Draft::new("spoiled", &spoiled);
    let output = luoshu(&["grammar", "check", draft.path()], None);
    let told = stdout(&output);
    assert_eq!(output.status.code(), Some(1));
    for message in [
        "the id `legal.business` must be in quotes",
        "`carried.in.` is no id",
        "unknown key `agregate`; did you mean `aggregate`?",
        "there is no `outcome.totl`; did you mean `outcome.total`?",
        "there is no `carried_in`",
        "outcome.refused.casefile and outcome.refused.inquiry have the same label",
        "a text in quotes is expected",
        "there is no `reviews`; did you mean `review`?",
    ] {
        assert!(told.contains(message), "{message} is not in\n{told}");
    }
    let n_drawn = told.matches("-->").count();
    assert!(n_drawn >= 8 && told.lines().last().unwrap().ends_with(&format!("mistakes: {n_drawn}")), "{told}");
    assert_eq!(luoshu(&["grammar", "check", "no-such.toml"], None).status.code(), Some(2));
    assert_eq!(luoshu(&["grammar", "check", "-"], Some(b"\xFF\xFE\x00")).status.code(), Some(2));
}

#[test]
fn the_readmes_show_what_check_prints() {
    for (readme, language) in [("README.md", "en"), ("README.zh-CN.md", "zh")] {
        let text = std::fs::read_to_string(readme).unwrap();
        let blocks: Vec<&str> = text.split("```text\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
        let drawn: Vec<&&str> = blocks.iter().filter(|block| block.lines().any(|line| line.starts_with("corpus/"))).collect();
        assert!(drawn.len() >= 5, "{readme} shows five kinds of trouble");
        for block in drawn {
            let path = block.lines().last().unwrap().split(": ").next().unwrap();
            let said = stdout(&luoshu(&["check", "--lang", language, path], None));
            for line in block.lines().filter(|line| *line != "...") {
                assert!(said.lines().any(|printed| printed == line), "{readme}: `check {path}` does not print {line:?}");
            }
        }
    }
}

/// Seeded damage to a grammar file: told, never a crash.
#[test]
fn a_damaged_grammar_never_ends_in_a_crash() {
    let text = std::fs::read_to_string("grammar/cn-foi-annual.toml").unwrap();
    let mut seed = 7_u64;
    let mut roll = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let pieces = ["\"", "'", "[", "]", "{", "}", "=", ".", "\\u0041", "\n", "\t", "总计", "\u{FEFF}", "sum(", "'''", "0", ", "];
    let mut drafts: Vec<String> = (0..40).map(|_| text.clone()).collect();
    for draft in &mut drafts {
        for _ in 0..=roll(4) {
            let mut characters: Vec<char> = draft.chars().collect();
            let at = roll(characters.len());
            let until = (at + roll(6)).min(characters.len());
            characters.splice(at..until, pieces.get(roll(pieces.len())).unwrap().chars());
            *draft = characters.into_iter().collect();
        }
    }
    // The offset of a mistake in an identity is counted in the text, which is shorter than its escapes in the file.
    drafts.push("family = 'x'\ntitle = 'y'\n[[table]]\nid = 't'\nsection = 's'\n[table.check.rows]\nx = \"a = \\t 总计\"\n".to_string());
    for draft in drafts {
        let output = luoshu(&["grammar", "check", "-"], Some(draft.as_bytes()));
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}\n{draft}", String::from_utf8_lossy(&output.stderr));
    }
}
