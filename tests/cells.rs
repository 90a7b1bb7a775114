//! What single cells and rows of a clean report may be spoilt by, and what must be said of it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use serde_json::Value;
use support::{lessons, parse_to_json};

fn edited(from: &str, to: &str) -> Value {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let text = String::from_utf8(lesson.bytes).unwrap();
    assert!(text.contains(from), "{from}");
    parse_to_json(text.replacen(from, to, 1).as_bytes())
}

fn loud(report: &Value) -> Vec<(String, Vec<String>)> {
    let flags = report["flags"].as_array().unwrap().iter().filter(|flag| flag["severity"] != "note");
    let cells = |flag: &Value| flag["cells"].as_array().unwrap().iter().map(|cell| cell.as_str().unwrap().to_string()).collect();
    flags.map(|flag| (flag["code"].as_str().unwrap().to_string(), cells(flag))).collect()
}

#[test]
fn a_number_that_cannot_be_read_is_told_at_its_own_cell() {
    for spoilt in ["300余", "3l8", "318-320", "318/320", "约318", "***", "3.18E+02", "3万1千", "318?", "12. 75"] {
        let report = edited("行政许可\t318", &format!("行政许可\t{spoilt}"));
        let wanted = [("number-unread".to_string(), vec!["disclosure/licensing/decisions".to_string()])];
        assert_eq!(loud(&report), wanted, "{spoilt}");
        let is_unplaced = spoilt == "***" || !report["coverage"]["unplaced"].as_array().unwrap().is_empty();
        assert!(is_unplaced, "{spoilt}: {}", report["coverage"]);
    }
    let report = edited("\t221\t41\t20", "\t221\t约41\t20");
    assert_eq!(loud(&report), [("number-unread".to_string(), vec!["requests/new/legal.business".to_string()])]);
}

#[test]
fn a_count_below_zero_is_told() {
    let report = edited("行政许可\t318", "行政许可\t-318");
    assert_eq!(loud(&report), [("unit-mismatch".to_string(), vec!["disclosure/licensing/decisions".to_string()])]);
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2020-tabs").unwrap();
    let text = String::from_utf8(lesson.bytes).unwrap();
    let (before, row) = text.split_once("其他对外管理服务事项\t").unwrap();
    let (_, after) = row.split_once('\n').unwrap();
    let fallen = format!("{before}其他对外管理服务事项\t9\t-2\t7\n{after}");
    assert_eq!(loud(&parse_to_json(fallen.as_bytes())), [], "a change may be below zero");
}

#[test]
fn a_table_of_another_section_does_not_fill_a_lost_row() {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let text = String::from_utf8(lesson.bytes).unwrap().replace("行政事业性收费\t12.75\t\t\n", "");
    let (before, after) = text.split_once("六、其他需要报告的事项\n").unwrap();
    let own = "\n事项\t金额（万元）\n行政事业性收费\t88.5\n\n";
    let report = parse_to_json(format!("{before}六、其他需要报告的事项\n{own}{after}").as_bytes());
    let value = report["values"].as_array().unwrap().iter().find(|value| value["key"] == "disclosure/fees/amount");
    assert!(value.is_none_or(|value| value["value"] != "88.5"), "{value:?}");
    let missing = loud(&report).into_iter().find(|(code, _)| code == "row-missing").unwrap();
    assert!(missing.1.contains(&"disclosure/fees/*".to_string()), "{missing:?}");
}

/// The lesson as HTML without spans: a table for each run of tab lines, each row changed by `edit`.
fn as_html(edit: &dyn Fn(usize, Vec<String>) -> Vec<String>) -> Value {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let text = String::from_utf8(lesson.bytes).unwrap();
    let mut page = String::from("<html><body>");
    let mut in_table = false;
    for (at, line) in text.lines().enumerate() {
        if line.contains('\t') != in_table {
            page.push_str(if in_table { "</table>" } else { "<table>" });
            in_table = !in_table;
        }
        if in_table {
            let cells = edit(at, line.split('\t').map(str::to_string).collect());
            let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
            page.push_str(&format!("<tr>{cells}</tr>"));
        } else if !line.is_empty() {
            page.push_str(&format!("<p>{line}</p>"));
        }
    }
    parse_to_json((page + "</body></html>").as_bytes())
}

/// First line of numbers in the tables of requests and of cases.
fn first_lines() -> (usize, usize) {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let text = String::from_utf8(lesson.bytes).unwrap();
    let find = |words: &str| text.lines().position(|line| line.contains(words)).unwrap();
    (find("本年新收"), find("结果维持") + 2)
}

fn concerns(report: &Value, key: &str) -> bool {
    let (table, _) = key.split_once('/').unwrap();
    let (row, _) = key.rsplit_once('/').unwrap();
    let names = |cell: &String| cell == key || *cell == format!("{row}/*") || *cell == format!("{table}/*");
    loud(report).iter().any(|(_, cells)| cells.iter().any(names))
}

#[test]
fn a_page_whose_rows_have_lost_a_cell_proves_nothing() {
    let (requests, review) = first_lines();
    assert_eq!(loud(&as_html(&|_, cells| cells)), []);
    let lost = |from: usize, to: usize, index: usize| {
        move |at: usize, mut cells: Vec<String>| {
            if (from..to).contains(&at) {
                let first = cells.iter().position(|cell| cell.parse::<u32>().is_ok()).unwrap();
                cells.remove(first + index);
            }
            cells
        }
    };
    for index in [0, 3, 6] {
        let report = as_html(&lost(requests, requests + 23, index));
        for key in ["requests/new/natural", "requests/new/legal.business", "requests/outcome.granted/total", "requests/outcome.total/total"]
        {
            assert!(concerns(&report, key), "cell {index} of every row: {key} of {:?}", loud(&report));
        }
    }
    let report = as_html(&lost(review, review + 1, 4));
    assert!(concerns(&report, "review/cases/litigation.after_reconsideration.total"), "{:?}", loud(&report));
    let ten = as_html(&|at, mut cells| {
        cells.truncate(if at == review { 10 } else { cells.len() });
        cells
    });
    assert!(concerns(&ten, "review/cases/reconsideration.total"), "{:?}", loud(&ten));
}

#[test]
fn a_narrow_table_of_two_years_in_the_first_section_is_its_own() {
    let own = "办理结果\t2021年\t2022年\n予以公开\t30\t41\n部分公开\t5\t8\n不予公开\t12\t10\n总计\t47\t59\n";
    let report = edited("（二）平台建设\n", &format!("{own}\n（二）平台建设\n"));
    assert_eq!(loud(&report), []);
}

#[test]
fn contents_of_markdown_are_no_sections() {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let text = String::from_utf8(lesson.bytes).unwrap();
    let is_section = |line: &&str| line.split_once('、').is_some_and(|(number, _)| number.chars().count() == 1) && !line.contains('\t');
    let contents: String = text.lines().filter(is_section).map(|line| format!("{line}……1\n\n")).collect();
    let body: Vec<String> = text.lines().map(|line| if is_section(&line) { format!("## {line}") } else { line.to_string() }).collect();
    let (title, rest) = body.split_first().unwrap();
    let report = parse_to_json(format!("# {title}\n\n目录\n\n{contents}{}", rest.join("\n")).as_bytes());
    assert_eq!(loud(&report), []);
}

#[test]
fn two_numbers_run_together_are_parted_by_sums_and_told() {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let clean = parse_to_json(&lesson.bytes);
    let parts = support::layout::parts(&lesson);
    let find = |report: &Value, key: &str| {
        report["values"].as_array().unwrap().iter().find(|value| value["key"] == key).map(|value| value["value"].to_string())
    };
    for layout in support::layout::LAYOUTS {
        let text = support::layout::write(&parts, layout);
        // 保护第三方合法权益 prints 16, 7, 0, 0, 2, 0, 25; 16 and 7 run together.
        let row = text.find("保护第三方").unwrap();
        let first = row + text[row..].find("16").unwrap();
        let seven = first + text[first..].find('7').unwrap();
        let glued = format!("{}167{}", &text[..first], &text[seven + 1..]);
        let report = parse_to_json(glued.as_bytes());
        for column in ["natural", "legal.business", "legal.research", "legal.law_service", "total"] {
            let key = format!("requests/outcome.refused.third_party/{column}");
            let got = find(&report, &key);
            assert!(got == find(&clean, &key) || got.as_deref() == Some("null"), "{layout:?} {key}: {got:?}");
            assert!(concerns(&report, &key), "{layout:?}: {:?}", loud(&report));
        }
        assert!(loud(&report).iter().all(|(code, _)| code != "sum-off"), "{layout:?}: {:?}", loud(&report));
        assert_eq!(report["coverage"]["unplaced"].as_array().unwrap().len(), 0, "{layout:?}: {}", report["coverage"]);
    }
}
