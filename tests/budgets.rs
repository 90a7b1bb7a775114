//! Budgets and accounts as PDF, where the shared reports lie beside the repository: every table once and whole, under
//! its title; three of them cell by cell against figures read by eye from pictures of the pages.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use luoshu::coverage::tokens;
use luoshu::doc::Document;
use luoshu::outline::{KnownTitles, outline};
use luoshu::read::read;
use luoshu::table::{Table, tables};
use std::path::{Path, PathBuf};

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reports/budget-department").join(name);
    if !path.exists() {
        eprintln!("skipped: {name} is not here");
    }
    path.exists().then_some(path)
}

fn read_tables(path: &Path) -> (Document, Vec<Table>) {
    let document = read(&std::fs::read(path).unwrap()).value.document;
    let sections = outline(&document, &KnownTitles::new(std::iter::empty())).value;
    let found = tables(&document, &sections);
    (document, found)
}

fn words(document: &Document, table: &Table) -> Vec<Vec<String>> {
    let cell = |cell: &luoshu::table::TableCell| document.slice(cell.span).split_whitespace().collect::<String>();
    table.rows.iter().map(|row| row.cells.iter().map(cell).filter(|text| !text.is_empty()).collect()).collect()
}

#[test]
fn nine_tables_of_a_budget_are_nine_and_three_of_them_are_right_in_every_cell() {
    let Some(path) = shared("putuo-justice-2026-budget.pdf") else { return };
    let (document, found) = read_tables(&path);
    assert_eq!(found.len(), 9);
    let truth = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/justice-budget.tsv")).unwrap();
    for (name, index) in [("spending", 2), ("functions", 4), ("economy", 7)] {
        let lines = truth.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('\t'));
        let wanted: Vec<Vec<&str>> = lines.map(|line| line.split(['\t', ' ']).filter(|word| !word.is_empty()).collect()).collect();
        let rows = words(&document, &found[index]);
        let data: Vec<&Vec<String>> =
            rows.iter().filter(|row| row.iter().any(|word| word.contains(".00") || word.contains(".44"))).collect();
        assert_eq!(data.len(), wanted.len(), "{name}");
        for (got, want) in data.iter().zip(&wanted) {
            assert_eq!(*got, want, "{name}");
        }
        // Every number stands under its own column: the three amounts in the last three, in order.
        let last = found[index].rows.iter().flat_map(|row| &row.cells).map(|cell| cell.column).max().unwrap();
        for row in found[index].rows.iter().filter(|row| row.first_datum().is_some()) {
            let amounts = row.cells.iter().filter(|cell| document.slice(cell.span).contains('.')).map(|cell| cell.column);
            assert_eq!(amounts.collect::<Vec<usize>>(), [last - 2, last - 1, last], "{name}");
        }
    }
}

/// Amounts with two decimals: of all tables, and of the pages they stand on as another program reads them.
fn amounts(text: &str) -> Vec<String> {
    let mut found: Vec<String> = tokens(text).into_iter().map(|token| text[token.range()].replace(',', "")).collect();
    found.retain(|number| number.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 2));
    found.sort_unstable();
    found
}

#[test]
fn no_amount_of_a_table_page_is_lost_or_doubled() {
    for (name, n_tables, pages) in [
        ("putuo-justice-2026-budget.pdf", 9, 10..=21),
        ("putuo-wanli-2024-budget.pdf", 9, 10..=31),
        ("putuo-finance-2024-final-accounts.pdf", 9, 6..=20),
    ] {
        let Some(path) = shared(name) else { return };
        let (document, found) = read_tables(&path);
        let on_pages = |table: &&Table| {
            let place = document.place(table.span);
            matches!(place, Some(luoshu::place::Place::Page { page, .. }) if pages.contains(&page))
        };
        let own: Vec<&Table> = found.iter().filter(on_pages).collect();
        assert_eq!(own.len(), n_tables, "{name}");
        let (first, last) = (pages.start().to_string(), pages.end().to_string());
        let other = std::process::Command::new("pdftotext").args(["-layout", "-f", &first, "-l", &last]).arg(&path).arg("-").output();
        let Ok(other) = other else {
            eprintln!("skipped: there is no pdftotext to count with");
            return;
        };
        let cells: String = own.iter().map(|table| words(&document, table).concat().join(" ") + " ").collect();
        assert_eq!(amounts(&cells), amounts(&String::from_utf8_lossy(&other.stdout)), "{name}");
    }
}

/// The budgets beside the repository that are a department's own, with what reading them by eye found odd: tables that are not there.
const DEPARTMENTS: &[(&str, &[&str])] = &[
    ("budget-department/putuo-justice-2026-budget.pdf", &[]),
    ("budget-department/putuo-wanli-2024-budget.pdf", &[]),
    ("budget-department/putuo-finance-2024-final-accounts.pdf", &[]),
    ("budget-department/putuo-finance-2024-with-planted-errors.pdf", &["spending"]),
    ("budget/putuo_archive_c.pdf", &[]),
    ("budget/putuo_archive_d.pdf", &[]),
    ("budget/putuo_caizhengju_dept_2025.pdf", &[]),
    ("budget/putuo_draft_preview1.pdf", &[]),
    ("budget/shanghai_caizhengju_2025.pdf", &[]),
    ("budget/putuo_department_budget.xlsx", &[]),
];

const NINE: &[&str] = &["balance", "income", "spending", "fiscal", "general", "basic", "three_public", "funds", "state_capital"];

#[test]
fn every_table_of_a_department_is_found_and_no_sum_is_off() {
    for (name, missing) in DEPARTMENTS {
        let Some(path) = shared(&format!("../{name}")) else { continue };
        let report = support::parse_to_json(&std::fs::read(path).unwrap());
        assert_eq!(report["report"]["family"], "cn-department-budget", "{name}");
        let roles: Vec<&str> = report["tables"].as_array().unwrap().iter().filter_map(|table| table["role"].as_str()).collect();
        let wanted: Vec<&str> = NINE.iter().copied().filter(|own| !missing.contains(own)).collect();
        assert_eq!(roles, wanted, "{name}");
        assert_eq!(report["coverage"]["identities"]["failed"], 0, "{name}");
        let loud = report["flags"].as_array().unwrap().iter().filter(|flag| flag["severity"] != "note");
        let told: Vec<&str> = loud.filter(|flag| flag["code"] == "table-missing").filter_map(|flag| flag["cells"][0].as_str()).collect();
        let wanted: Vec<String> = missing.iter().map(|table| format!("{table}/*")).collect();
        assert_eq!(told, wanted, "{name}");
    }
}

#[test]
fn codes_and_amounts_are_those_that_a_person_reads() {
    let Some(path) = shared("putuo-justice-2026-budget.pdf") else { return };
    let report = support::parse_to_json(&std::fs::read(path).unwrap());
    let values: std::collections::HashMap<&str, String> =
        report["values"].as_array().unwrap().iter().map(|value| (value["key"].as_str().unwrap(), value["value"].to_string())).collect();
    let truth = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/justice-budget.tsv")).unwrap();
    let parts = |table: &str| if table == "economy" { ["total", "staff", "running"] } else { ["total", "basic", "project"] };
    let mut n_checked = 0;
    for line in truth.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').filter(|field| !field.is_empty()).collect();
        let (amounts, names) = (&fields[fields.len() - 3..], &fields[1..fields.len() - 3]);
        let code: String = names.concat().chars().filter(char::is_ascii_digit).collect();
        let row = if code.is_empty() { "total" } else { code.as_str() };
        let table = match fields[0] {
            "functions" => "general",
            "economy" => "basic",
            own => own,
        };
        for (column, amount) in parts(fields[0]).iter().zip(amounts) {
            let key = format!("{table}/{row}/{column}");
            assert_eq!(values.get(key.as_str()).map(|value| value.parse::<f64>().unwrap()), amount.parse().ok(), "{key}");
            n_checked += 1;
        }
    }
    assert!(n_checked > 200, "{n_checked}");
}

#[test]
fn budgets_of_governments_are_no_department_budgets() {
    for name in
        ["shandong_2023_pdftext.txt", "heilongjiang_2024_pdftext.txt", "lijiang_2025_budget_attachment.xlsx", "fujian_2024_pdftext.txt"]
    {
        let Some(path) = shared(&format!("../budget/{name}")) else { continue };
        let report = support::parse_to_json(&std::fs::read(path).unwrap());
        assert!(report["report"]["family"].is_null(), "{name}");
    }
}

#[test]
fn a_government_that_prints_all_its_departments_in_one_table_is_no_department() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cn-department-budget/clean-national-html/report.html");
    let own = std::fs::read_to_string(path).unwrap();
    assert_eq!(support::parse_to_json(own.as_bytes())["report"]["family"], "cn-department-budget");
    for title in ["青石县2023年预算执行情况和2024年预算草案", "青石县2024年预算 草 案"] {
        let of_all = own.replace("青石县水务局2024年部门预算", title);
        assert!(support::parse_to_json(of_all.as_bytes())["report"]["family"].is_null(), "{title}");
    }
}

/// Numbers of a text laid out with spaces are not read as the family's tables, and that is said, once.
#[test]
fn tables_in_a_layout_that_is_not_known_are_told_once() {
    let text = "青石县水务局2024年部门预算\n\n一、部门概况\n\n本局主管全县水务工作，下设两个科室，编制十二人。\n\n二、部门预算表\n\n收入总表\n\
                编制部门：青石县水务局                                  单位：元\n\n\
                \x20            项目                        收入预算\n科目编码\n\
                \x20                科目名称        合计         财政拨款收入      事业收入\n类    款   项\n\
                213            农林水支出      180000.00    180000.00      0.00\n213   03       水利          180000.00    180000.00      0.00\n\
                213   03   01  行政运行       180000.00    180000.00      0.00\n       合计                 180000.00    180000.00      0.00\n";
    let report = support::parse_to_json(text.as_bytes());
    let told: Vec<_> = report["flags"].as_array().unwrap().iter().filter(|flag| flag["code"] == "table-missing").collect();
    let is_read = report["tables"].as_array().unwrap().iter().any(|table| table["role"] == "income");
    assert!(is_read || told.len() == 1, "{told:?}");
}

#[test]
fn each_table_of_a_budget_has_the_title_it_is_printed_under() {
    let text = std::fs::read("corpus/cn-department-budget/code-sum-off/report.txt").unwrap();
    let titles: Vec<String> = support::parse_to_json(&text)["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|table| table["title"].as_str().unwrap().to_string())
        .collect();
    let wanted =
        ["2025年部门财务收支预算总表", "2025年部门收入预算总表", "2025年部门支出预算总表", "2025年部门一般公共预算支出功能分类预算表"];
    assert_eq!(titles, wanted);
}

#[test]
fn other_reports_are_no_department_budgets() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reports");
    for folder in ["foi-annual", "work-report"] {
        let Ok(files) = std::fs::read_dir(root.join(folder)) else {
            eprintln!("skipped: {folder} is not here");
            continue;
        };
        for path in files.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_none_or(|extension| extension != "tsv")) {
            let report = support::parse_to_json(&std::fs::read(&path).unwrap());
            assert_ne!(report["report"]["family"], "cn-department-budget", "{}", path.display());
        }
    }
}

/// The lesson on codes in three columns, with its one wrong amount put right, and then damaged.
fn damaged(damage: impl Fn(String) -> String) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cn-department-budget/code-sum-off/report.txt");
    let clean = std::fs::read_to_string(path).unwrap().replace("123,000.00", "120,000.00");
    let report = support::parse_to_json(damage(clean).as_bytes());
    let loud = report["flags"].as_array().unwrap().iter().filter(|flag| flag["severity"] != "note").cloned().collect::<Vec<_>>();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_string();
    loud.iter().map(|flag| (text(&flag["code"]), text(&flag["cells"][0]))).collect()
}

/// A text without the n-th line that begins so.
fn remove_line(text: &str, head: &str, n: usize) -> String {
    let lost = text.lines().enumerate().filter(|(_, line)| line.starts_with(head)).nth(n).unwrap().0;
    let kept = text.lines().enumerate().filter(|(index, _)| *index != lost).map(|(_, line)| format!("{line}\n"));
    kept.collect()
}

#[test]
fn rows_lost_and_doubled_are_told() {
    assert_eq!(damaged(|clean| clean), []);
    let row = "208\t05\t\t行政事业单位养老支出\t85,760.40\t85,760.40\t0.00\t0.00\n";
    let told = damaged(|clean| clean.replacen(row, "", 1));
    assert_eq!(told, [("row-missing".into(), "income/20805/*".into())]);
    let told = damaged(|clean| clean.replacen(row, &row.repeat(2), 1));
    assert_eq!(told, [("row-twice".into(), "income/20805/*".into())]);
    // The total of a list, and the only account under a code, are missed where they stand.
    let total = |table: usize| move |clean: String| remove_line(&clean, "\t\t\t合计\t", table);
    assert_eq!(damaged(total(0)), [("row-missing".into(), "income/total/*".into())]);
    // A row that is the only one of its kind is missed in the other table that must print it.
    let told = damaged(|clean| clean.replacen("210\t07\t99\t其他计划生育事务支出\t25,000.50\t0.00\t25,000.50\n", "", 1));
    assert!(told.contains(&("row-missing".into(), "spending/2100799/*".into())), "{told:?}");
}

#[test]
fn a_sum_off_by_rounding_is_a_note_and_a_wrong_amount_an_error() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cn-department-budget/clean-national-html/report.html");
    let clean = std::fs::read_to_string(path).unwrap();
    let sums_off = |from: &str, to: &str| {
        let report = support::parse_to_json(clean.replacen(from, to, 1).as_bytes());
        let flags = report["flags"].as_array().unwrap().clone();
        flags
            .into_iter()
            .filter(|flag| flag["code"] == "sum-off")
            .map(|flag| flag["severity"].as_str().unwrap().to_string())
            .collect::<Vec<_>>()
    };
    let row = "<td>2130305</td><td>水利工程建设</td><td>4,240.00</td>";
    let off = sums_off(row, &row.replace("4,240.00", "4,240.01"));
    assert!(!off.is_empty() && off.iter().all(|severity| severity == "note"), "{off:?}");
    let off = sums_off(row, &row.replace("4,240.00", "4,340.00"));
    assert!(off.iter().any(|severity| severity == "error"), "{off:?}");
}

#[test]
fn what_tables_say_of_each_other_is_told() {
    let told = |damage: &dyn Fn(String) -> String| damaged(damage);
    let has = |told: &[(String, String)], code: &str, cell: &str| told.contains(&(code.to_string(), cell.to_string()));
    // The same code under another name, in the last of the tables that print it.
    let renamed = told(&|clean| {
        let (before, after) = clean.rsplit_once("一般行政管理事务").unwrap();
        format!("{before}机关后勤服务{after}")
    });
    assert_eq!(renamed, [("label-misprint".into(), "general/2010302/*".into())]);
    // A code that lost a digit.
    let short = told(&|clean| clean.replacen("201\t03\t02\t", "201\t03\t2\t", 1));
    assert!(has(&short, "label-misprint", "income/201032/*"), "{short:?}");
    // Two headers in each other's place: the statement of income says which is which.
    let swapped = told(&|clean| clean.replacen("合计\t财政拨款收入\t事业收入", "合计\t事业收入\t财政拨款收入", 1));
    assert!(swapped.iter().any(|(code, _)| code == "sum-off"), "{swapped:?}");
    let swapped = told(&|clean| clean.replacen("合计\t基本支出\t项目支出", "合计\t项目支出\t基本支出", 1));
    assert!(swapped.iter().any(|(code, _)| code == "sum-off"), "{swapped:?}");
}

#[test]
fn a_table_without_its_unit_or_its_title_is_read_as_the_others_say_and_told() {
    let line = "2025年部门支出预算总表\n编制部门：临溪区云岭街道办事处\t单位：元\n";
    let without_unit = damaged(|clean| clean.replacen(line, "2025年部门支出预算总表\n编制部门：临溪区云岭街道办事处\n", 1));
    assert_eq!(without_unit, [("unit-mismatch".into(), "spending/*".into())]);
    let without_title = damaged(|clean| clean.replacen("2025年部门支出预算总表\n", "", 1));
    assert_eq!(without_title, [("header-unknown".into(), "income/*".into())]);
    // In a page the table stands apart: its columns and the tables around it tell which one it is.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cn-department-budget/clean-national-html/report.html");
    let page = std::fs::read_to_string(path).unwrap().replacen("<p align=\"center\"><b>部门支出总表</b></p>\n", "", 1);
    let report = support::parse_to_json(page.as_bytes());
    let told: Vec<_> = report["flags"].as_array().unwrap().iter().filter(|flag| flag["code"] == "header-missing").collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(report["tables"].as_array().unwrap().iter().any(|table| table["role"] == "spending"));
}
