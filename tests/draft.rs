//! Grammars drafted from samples: without mistakes, and able to read the samples and a report that was none of them.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use luoshu::draft::{compare, draft};
use luoshu::grammar::lint::lint;
use luoshu::grammar::load::load;
use luoshu::report::parse;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn draft_of(samples: &[Vec<u8>]) -> String {
    let reports: Vec<_> = samples.iter().map(|bytes| parse(bytes, &[])).collect();
    draft(&reports, "drafted").grammar.unwrap()
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

/// Tabs of which a page lost some: labels and numbers slide into each other's columns.
#[test]
fn what_the_samples_do_not_tell_apart_is_left_out_of_a_draft_and_said() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cn-foi-annual");
    let samples = ["clean-2021-tabs", "row-unknown"].map(|name| std::fs::read(root.join(name).join("report.txt")).unwrap());
    let grammar = draft_of(&samples);
    assert!(lint(&grammar).is_empty(), "{grammar}");
    assert!(grammar.contains("parts of tables are left out"), "{grammar}");
    // Whoever reads with it is told of the table that it lacks.
    let read = read_with(&grammar, &samples[0]);
    let told = read["flags"].as_array().unwrap().iter().filter(|flag| flag["code"] == "table-missing").count();
    assert_eq!(told, 1, "{grammar}");
}

#[test]
fn samples_of_another_kind_or_without_anything_are_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let names = [
        "cn-foi-annual/html-spans/report.html",
        "cn-foi-annual/pdf-ruled-two-pages/report.pdf",
        "cn-department-budget/clean-national-html/report.html",
    ];
    let mut samples: Vec<Vec<u8>> = names.iter().map(|name| std::fs::read(root.join(name)).unwrap()).collect();
    samples.push(Vec::new());
    let reports: Vec<_> = samples.iter().map(|bytes| parse(bytes, &[])).collect();
    let about: BTreeSet<usize> = draft(&reports, "drafted").findings.iter().map(|(index, _)| *index).collect();
    assert_eq!(about, BTreeSet::from([2, 3]));
    let empty: Vec<_> = samples[3..].iter().map(|bytes| parse(bytes, &[])).collect();
    assert!(draft(&empty, "drafted").grammar.is_none());
}

/// One sample of three has a wrong total in each column: it is a misprint, and the form keeps its sum with a remark.
#[test]
fn a_sum_that_one_sample_breaks_is_drafted_with_a_remark() {
    let sample = |counts: [u32; 2], total: u32| {
        let row = |label: &str, number: u32| format!("<tr><td>{label}</td><td>{number}</td></tr>");
        let rows = [row("水井", counts[0]), row("水渠", counts[1]), row("总计", total)].concat();
        format!("<h1>青石县水务年报</h1><h2>一、数量</h2><table><tr><th>项目</th><th>数量（单位：处）</th></tr>{rows}</table><h2>二、其他</h2><p>无。</p>").into_bytes()
    };
    let grammar = draft_of(&[sample([31, 14], 45), sample([27, 15], 42), sample([40, 11], 52)]);
    assert!(lint(&grammar).is_empty(), "{grammar}");
    let sum = grammar.lines().find(|line| line.starts_with("sum1")).unwrap_or_default();
    assert!(sum.contains("# fails in 1 of 3 places"), "{grammar}");
    assert!(grammar.contains("unit = \"处\""), "{grammar}");
}

fn shared(name: &str) -> Option<Vec<u8>> {
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reports/foi-annual").join(name)).ok();
    if bytes.is_none() {
        eprintln!("skipped: {name} is not here");
    }
    bytes
}

/// Values by the place they stand at: key and number.
fn by_place(report: &Value) -> BTreeMap<String, (String, String)> {
    let values = report["values"].as_array().unwrap().iter();
    values.map(|value| (value["place"].to_string(), (value["key"].as_str().unwrap().to_string(), value["value"].to_string()))).collect()
}

#[test]
fn three_samples_make_a_grammar_that_reads_a_fourth_report() {
    let names = ["luoyang-commerce-2020.txt", "hongze-2023.pdf", "shanghai-office-2019.html"];
    let Some(samples) = names.iter().map(|name| shared(name)).collect::<Option<Vec<Vec<u8>>>>() else { return };
    let Some(unseen) = shared("shuyang-county-2025.md") else { return };
    let grammar = draft_of(&samples);
    assert!(lint(&grammar).is_empty(), "{grammar}");
    for (name, bytes) in names.iter().zip(&samples) {
        let coverage = &read_with(&grammar, bytes)["coverage"];
        assert_eq!(coverage["unplaced"].as_array().unwrap().len(), 0, "{name}");
    }
    let drafted = read_with(&grammar, &unseen);
    let (own, official) = (by_place(&drafted), by_place(&support::parse_to_json(&unseen)));
    // Each row and each column of the draft is one of the official form.
    let mut meanings: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (place, (key, number)) in &own {
        let Some((wanted_key, wanted)) = official.get(place) else { continue };
        assert_eq!(number, wanted, "{key}");
        let row = |key: &str| key.rsplit_once('/').unwrap().0.to_string();
        meanings.entry(row(key)).or_default().insert(row(wanted_key));
    }
    assert!(meanings.values().all(|wanted| wanted.len() == 1), "{meanings:?}");
    // Three rows that no sample prints are told, one by one; sums say where they belong.
    assert_eq!(placed(&drafted), (200, 200));
    let unknown: Vec<&Value> = drafted["flags"].as_array().unwrap().iter().filter(|flag| flag["code"] == "row-unknown").collect();
    assert!(unknown.len() == 3 && unknown.iter().all(|flag| flag["severity"] == "warning"), "{unknown:?}");
}

/// A report that received so many requests in all, with a sentence at its head.
fn report_that_says(received: u32, sentence: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cn-foi-annual/html-spans/report.html");
    let own = std::fs::read_to_string(path).unwrap().replacen("<td>15</td><td>363</td>", &format!("<td>15</td><td>{received}</td>"), 1);
    own.replacen("<h2>一、总体情况</h2>", &format!("<h2>一、总体情况</h2><p>{sentence}</p>"), 1).into_bytes()
}

#[test]
fn a_sentence_that_states_one_cell_in_every_sample_is_a_claim() {
    let samples = [
        report_that_says(363, "今年本局共受理政府信息公开申请363件，举办政府信息公开讲座31场，上年受理政府信息公开申请77件。"),
        report_that_says(406, "全局受理政府信息公开申请406件，答复政府信息公开申请359件，举办政府信息公开讲座45场。"),
        report_that_says(410, "本年受理政府信息公开申请410件，举办政府信息公开讲座12场。"),
    ];
    // Two may agree by chance, and a third person is asked.
    let of_two = draft_of(&samples[..2]);
    assert!(of_two.contains("# says = \"受理政府信息公开申请{n}件\"") && !of_two.contains("\n[[claim]]"), "{of_two}");
    assert!(lint(&of_two).is_empty(), "{of_two}");
    let grammar = draft_of(&samples);
    assert!(lint(&grammar).is_empty(), "{grammar}");
    let says: Vec<&str> = grammar.lines().filter(|line| line.starts_with("says")).collect();
    assert_eq!(says, ["says = \"受理政府信息公开申请{n}件\""], "{grammar}");
    let claims_off = |said: &str| {
        let flags = read_with(&grammar, &report_that_says(295, said))["flags"].as_array().unwrap().clone();
        flags.iter().filter(|flag| flag["code"] == "claim-off").count()
    };
    assert_eq!(claims_off("全年受理政府信息公开申请295件。"), 0);
    assert_eq!(claims_off("全年受理政府信息公开申请259件。"), 1);
    assert_eq!(claims_off("全年受理政府信息公开申请295件，比去年受理政府信息公开申请259件多。"), 0);
}

/// Appeals have a total for each kind, and each sample but one row of them.
#[test]
fn damage_in_a_table_of_one_row_is_told_by_its_drafted_sums() {
    let grammar = draft_of(&[report_that_says(363, ""), report_that_says(406, "")]);
    let loud = |bytes: &[u8]| {
        let flags = read_with(&grammar, bytes)["flags"].as_array().unwrap().clone();
        flags.iter().filter(|flag| flag["severity"] != "note").map(|flag| flag["code"].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    let own = String::from_utf8(report_that_says(363, "")).unwrap();
    let n_before = loud(own.as_bytes()).len();
    let (before, row) = own.rsplit_once("<tr><td>").unwrap();
    let (first, rest) = row.split_once('<').unwrap();
    let after = loud(format!("{before}<tr><td>{}<{rest}", first.parse::<u32>().unwrap() + 1).as_bytes());
    assert!(after.contains(&"sum-off".to_string()) && after.len() > n_before, "{after:?}\n{grammar}");
}

#[test]
fn two_grammars_are_told_apart_by_their_labels() {
    let own = "family = 'a'\ntitle = 'x'\n[sections]\ns = '水'\n[[table]]\nid = 't'\nsection = 's'\ncolumns = { one = '甲', sum = '总计' }\n\
               rows = { r1 = '井', r2 = '渠' }\n[table.check.columns]\nc = 'sum = one'\n";
    let other = own.replace("r2 = '渠'", "pond = '塘'").replace("c = 'sum = one'", "total = 'one = sum'").replace("id = 't'", "id = 'u'");
    let lines = compare(&load(own).unwrap(), &load(&other).unwrap());
    let told: Vec<String> = lines.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "sections: 1 of 1; 1 drafted",
            "u is t: 1 of 2 rows, 2 of 2 columns, 1 of 1 sums",
            "u/pond: 塘 is not drafted",
            "t/r2: 渠 is only in the draft",
        ]
    );
}

/// The same column in two units: each report keeps the one that its header prints.
#[test]
fn samples_in_different_units_give_no_unit_to_a_draft() {
    let sample = |unit: &str, year: u32| {
        format!(
            "某局{year}年度工作报告\n\n一、收入情况\n\n| 项目 | 预算数（{unit}） |\n|---|---|\n| 税收 | 10 |\n| 其他 | 4 |\n| 合计 | 14 |\n"
        )
        .into_bytes()
    };
    let samples = [sample("万元", 2021), sample("元", 2022)];
    let grammar = draft_of(&samples);
    assert!(!grammar.contains("unit ="), "{grammar}");
    for (bytes, unit) in samples.iter().zip(["万元", "元"]) {
        let report = read_with(&grammar, bytes);
        let values = report["values"].as_array().unwrap();
        assert_eq!(values.len(), 3, "{grammar}");
        assert!(values.iter().all(|value| value["unit"] == unit), "{unit}: {values:#?}");
    }
}

#[test]
fn long_tables_of_two_samples_are_laid_beside_each_other() {
    let sample = |skipped: usize| {
        let rows: String = (0..3000).filter(|row| *row != skipped).map(|row| format!("| 第{row}号站 | {row} | {} |\n", row * 2)).collect();
        format!("某局年度工作报告\n\n一、站点情况\n\n| 项目 | 站数 | 人数 |\n|---|---|---|\n{rows}").into_bytes()
    };
    let grammar = draft_of(&[sample(17), sample(2000)]);
    for label in ["第17号站", "第2000号站"] {
        let line = grammar.lines().find(|line| line.contains(&format!("\"{label}\""))).unwrap();
        assert!(line.contains("optional"), "{line}");
    }
    assert_eq!(grammar.lines().filter(|line| line.contains("号站\"")).count(), 3000);
    // As long a table is read with it.
    assert_eq!(placed(&read_with(&grammar, &sample(17))), (5998, 5998));
}
