//! Section trees: of reports that number their sections in other ways, or wrongly; and against a public benchmark of
//! scientific papers, where it lies beside the repository: lines of text in, headings with their levels out, scored by
//! the benchmark's own scorer.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use serde_json::{Value, json};
use std::path::Path;
use support::{lessons, parse_to_json};

fn headings(sections: &Value, found: &mut Vec<Value>) {
    for section in sections.as_array().unwrap() {
        let number = section["number"].as_str().map(|number| format!("{number} ")).unwrap_or_default();
        found.push(json!({ "level": section["level"], "title": format!("{number}{}", section["title"].as_str().unwrap()) }));
        headings(&section["children"], found);
    }
}

#[test]
fn sections_of_papers_are_found() {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench/sections");
    let Ok(folder) = std::fs::read_dir(bench.join("hrdoc/input")) else {
        eprintln!("skipped: the benchmark is not here");
        return;
    };
    let mut lines: Vec<String> = folder
        .map(|entry| {
            let paper: Value = serde_json::from_slice(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
            let text: Vec<&str> = paper["lines"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
            let mut found = Vec::new();
            headings(&parse_to_json(text.join("\n").as_bytes())["sections"], &mut found);
            json!({ "id": paper["id"], "headings": found }).to_string()
        })
        .collect();
    lines.sort();
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sections.jsonl");
    std::fs::write(&out, lines.join("\n")).unwrap();
    let Ok(scored) = std::process::Command::new("python3").arg(bench.join("score.py")).arg("hrdoc").arg(&out).output() else {
        eprintln!("skipped: python3 is not here");
        return;
    };
    let said = String::from_utf8(scored.stdout).unwrap();
    eprintln!("{said}");
    let edges = said.lines().find(|line| line.trim_start().starts_with("edge")).unwrap();
    let f1: f64 = edges.split("F1 ").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap();
    assert!(f1 >= EDGE_FLOOR, "{said}");
}

/// What is reached without seeing how the lines look; a change that loses some of it is seen.
const EDGE_FLOOR: f64 = 0.92;

/// A running text, so that what stands above it is seen to be a heading.
const CHINESE_TEXT: &str = "这一年的工作按照规定进行，现将情况报告如下，请予审议。";
const ENGLISH_TEXT: &str = "The office handled the matters of the year in the usual way and reports them here.";

/// The tree of a report of headings with a text below each, a dash a level, and what is said of its sections.
fn tree_and_flags(title: &str, headings: &[&str], text: &str) -> (Vec<String>, Vec<String>) {
    let body: String = headings.iter().map(|heading| format!("{heading}\n\n{text}\n\n")).collect();
    tree_and_flags_of(&format!("{title}\n\n{body}"))
}

fn tree_and_flags_of(report: &str) -> (Vec<String>, Vec<String>) {
    let report = parse_to_json(report.as_bytes());
    let mut found = Vec::new();
    headings(&report["sections"], &mut found);
    let shown = |heading: &Value| {
        let level = usize::try_from(heading["level"].as_u64().unwrap()).unwrap();
        format!("{}{}", "-".repeat(level), heading["title"].as_str().unwrap())
    };
    let flags = report["flags"].as_array().unwrap().iter().filter(|flag| flag["code"].as_str().unwrap().starts_with("section"));
    (found.iter().map(shown).collect(), flags.map(|flag| flag["message"].as_str().unwrap().to_string()).collect())
}

fn check_chinese(headings: &[&str], tree: &[&str], flags: &[&str]) {
    let (found, told) = tree_and_flags("某县2022年工作报告", headings, CHINESE_TEXT);
    assert_eq!(found, tree);
    assert_eq!(told, flags, "{headings:?}");
}

fn check_english(headings: &[&str], tree: &[&str], flags: &[&str]) {
    let (found, told) = tree_and_flags("Annual Report 2022", headings, ENGLISH_TEXT);
    assert_eq!(found, tree);
    assert_eq!(told, flags, "{headings:?}");
}

/// A clean report, its sections numbered in another way.
fn renumbered(mark: impl Fn(usize) -> String) -> String {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let titles = lesson.expect["sections"].as_array().unwrap();
    titles.iter().enumerate().fold(String::from_utf8(lesson.bytes).unwrap(), |text, (index, section)| {
        let (number, title) = (section[0].as_str().unwrap(), section[1].as_str().unwrap());
        text.replace(&format!("\n{number}、{title}"), &format!("\n{}{title}", mark(index)))
    })
}

#[test]
fn a_family_is_known_however_its_sections_are_numbered() {
    let plain = ["一", "二", "三", "四", "五", "六"];
    let formal = ["壹", "贰", "叁", "肆", "伍", "陆"];
    let manners: [&dyn Fn(usize) -> String; 6] = [
        &|index| format!("{}. ", index + 1),
        &|index| format!("{}．", ["１", "２", "３", "４", "５", "６"][index]),
        &|index| format!("{} ", plain[index]),
        &|index| format!("　　{} 、 ", plain[index]),
        &|index| format!("{}、", formal[index]),
        &|index| format!("{}、", index + 1),
    ];
    let (clean, _) = tree_and_flags_of(&renumbered(|index| format!("{}、", plain[index])));
    let without_number = |heading: &String| heading.split(' ').next_back().unwrap().to_string();
    for manner in manners {
        let report = renumbered(manner);
        let (tree, flags) = tree_and_flags_of(&report);
        assert_eq!(flags, Vec::<String>::new());
        assert_eq!(tree.iter().map(without_number).collect::<Vec<_>>(), clean.iter().map(without_number).collect::<Vec<_>>());
        assert_eq!(tree.iter().filter(|heading| heading.starts_with("--")).count(), 2);
        assert_eq!(parse_to_json(report.as_bytes())["flags"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn the_first_kind_of_number_is_the_outermost() {
    let tree = ["-1 概况", "--一 范围", "--二 方法", "-2 情况", "--一 收件", "--二 办理", "-3 问题"];
    check_chinese(&["1、概况", "（一）范围", "（二）方法", "2、情况", "（一）收件", "（二）办理", "3、问题"], &tree, &[]);
    // What begins again is a list inside.
    let tree = ["-1 说明", "-一 概况", "--1 范围", "--2 方法", "-二 情况", "--1 收件"];
    check_chinese(&["1. 说明", "（一）概况", "1. 范围", "2. 方法", "（二）情况", "1. 收件"], &tree, &[]);
}

#[test]
fn numbers_may_stand_apart_or_be_formal() {
    check_chinese(&["一 概况", "二 情况", "三 问题"], &["-一 概况", "-二 情况", "-三 问题"], &[]);
    check_chinese(&["一 、概况", "二 、情况", "三 、问题"], &["-一 概况", "-二 情况", "-三 问题"], &[]);
    check_chinese(&["壹、概況", "一、甲", "二、乙", "貳、情況"], &["-壹 概況", "--一 甲", "--二 乙", "-貳 情況"], &[]);
    let gap = ["section number 肆 does not follow 貳"];
    check_chinese(&["壹、概況", "貳、情況", "肆、打算"], &["-壹 概況", "-貳 情況", "-肆 打算"], &gap);
    // Words of a text.
    check_chinese(&["一、概况", "一 年来的工作", "陆、海、空运输", "二、情况"], &["-一 概况", "-二 情况"], &[]);
}

#[test]
fn a_list_that_lacks_its_first_number_is_told() {
    check_chinese(&["二、概况", "三、情况"], &["-二 概况", "-三 情况"], &["section number 二 comes first"]);
    let tree = ["-一 概况", "--一 甲", "--二 乙", "-二 情况", "--二 丙", "--三 丁"];
    check_chinese(&["一、概况", "（一）甲", "（二）乙", "二、情况", "（二）丙", "（三）丁"], &tree, &["section number 二 comes first"]);
    // It may stand in the text, or glued to the line above.
    check_chinese(&["一、概况", "二、情况 132（一）乙", "（二）丙"], &["-一 概况", "-二 情况 132（一）乙", "--二 丙"], &[]);
    check_chinese(&["一、概况", "如下：\n（一）收到申请，", "（二）丙"], &["-一 概况", "--二 丙"], &[]);
}

#[test]
fn a_list_that_was_cut_goes_on() {
    let tree = ["-一 全省", "--一 养老", "--二 医疗", "-二 省级"];
    check_chinese(&["（一）全省", "一、养老", "二、医疗", "（二）省级"], &tree, &[]);
    let tree = ["-一 决算", "--一 全省", "-一 养老", "-二 医疗", "--二 省级"];
    check_chinese(&["一、决算", "（一）全省", "一、养老", "二、医疗", "（二）省级"], &tree, &[]);
}

#[test]
fn a_first_number_that_comes_twice_is_told() {
    check_chinese(&["一、概况", "（一）甲", "（一）乙"], &["-一 概况", "--一 甲", "--一 乙"], &["section number 一 comes twice"]);
    let tree = ["-一 概况", "--一 甲", "--二 乙", "--一 丙", "--二 丁"];
    check_chinese(&["一、概况", "（一）甲", "（二）乙", "另有：", "（一）丙", "（二）丁"], &tree, &[]);
}

#[test]
fn a_gap_in_english_numbers_is_told() {
    let tree = ["-I Overview", "-II Requests", "-III Appeals", "-V Other"];
    check_english(&["I. Overview", "II. Requests", "III. Appeals", "V. Other"], &tree, &["section number V does not follow III"]);
    let tree = ["-I REQUESTS", "--1 Granted", "-II APPEALS", "-II COURTS"];
    check_english(&["I. REQUESTS", "1. Granted", "II. APPEALS", "II. COURTS"], &tree, &["section number II comes twice"]);
    let tree = ["-1 Overview", "-2 Results", "-4 Outlook"];
    check_english(&["1. Overview", "2. Results", "4. Outlook"], &tree, &["section number 4 does not follow 2"]);
    let tree = ["-1 Overview", "--1.1 Scope", "--1.3 Method", "-2 Results", "--2.1 Figures", "--2.1 More", "-4 Outlook"];
    let told = ["section number 1.3 does not follow 1.1", "section number 2.1 comes twice", "section number 4 does not follow 2"];
    check_english(&["1 Overview", "1.1 Scope", "1.3 Method", "2 Results", "2.1 Figures", "2.1 More", "4 Outlook"], &tree, &told);
}

#[test]
fn numbers_of_an_english_text_leave_no_gap() {
    let tree = ["-1 Overview", "--1.1 Scope", "-2 Results"];
    let lines = ["1 Overview", "1.1 Scope", "1.3 Million people, of whom some were asked.", "2 Results", "4 Goats in 3 places", "4 Days."];
    check_english(&lines, &tree, &[]);
    // The head of a page, with the number of the page.
    check_english(&["1 Overview", "3 Counting Goats", "2 Results", "4 Counting Goats"], &["-1 Overview", "-2 Results"], &[]);
    // A list.
    assert_eq!(tree_and_flags_of(&format!("Annual Report 2022\n1 Overview\n{ENGLISH_TEXT}\n3 Pears\n5 Plums\n")).0, ["-1 Overview"]);
}

#[test]
fn a_lesser_heading_is_a_part_of_its_section() {
    let tree = ["-一 概况", "-二 情况", "--二 办理结果", "---一 公开", "--三 结转", "-三 问题"];
    check_chinese(&["## 一、概况", "## 二、情况", "### 二、办理结果", "### （一）公开", "### 三、结转", "## 三、问题"], &tree, &[]);
}

#[test]
fn a_part_of_a_total_has_lost_no_number() {
    let report = |line: &str| renumbered(|index| format!("{}、", ["一", "二", "三", "四", "五", "六"][index])).replace("\n六、", line);
    assert_eq!(tree_and_flags_of(&report("\n")).1, ["the section 其他需要报告的事项 has lost its number"]);
    assert_eq!(tree_and_flags_of(&report("\n#")).1, ["the section 其他需要报告的事项 is not there"]);
}
