//! One report in every text layout and encoding gives the same values.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use serde_json::Value;
use support::layout::{LAYOUTS, parts, write};
use support::{Lesson, lessons, other_lessons, parse_to_json};

fn values(report: &Value) -> Vec<String> {
    let mut all: Vec<String> = report["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| format!("{} {} {}", value["key"], value["value"], value["state"]))
        .collect();
    all.sort();
    all
}

fn loud(report: &Value) -> Vec<String> {
    let flags = report["flags"].as_array().unwrap().iter().filter(|flag| flag["severity"] != "note");
    flags.map(|flag| format!("{} {} {}", flag["code"], flag["place"]["line"], flag["message"])).collect()
}

#[test]
fn a_clean_report_reads_the_same_in_every_layout() {
    for lesson in lessons().iter().filter(|lesson| lesson.name.ends_with("-tabs")) {
        let wanted = values(&parse_to_json(&lesson.bytes));
        for layout in LAYOUTS {
            let text = write(&parts(lesson), layout);
            let report = parse_to_json(text.as_bytes());
            assert_eq!(loud(&report), Vec::<String>::new(), "{} as {layout:?}\n{text}", lesson.name);
            assert_eq!(values(&report), wanted, "{} as {layout:?}", lesson.name);
        }
    }
}

#[test]
fn emphasis_and_running_heads_change_no_value() {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let wanted = values(&parse_to_json(&lesson.bytes));
    let text = write(&parts(&lesson), support::layout::Layout::Pipes);
    let title = text.lines().next().unwrap().to_string();
    let bold = |cell: &str| if cell.trim().is_empty() { cell.to_string() } else { format!(" **{}**&nbsp;", cell.trim()) };
    let line = |line: &str| match line.starts_with('|') {
        true => line.split('|').map(bold).collect::<Vec<_>>().join("|"),
        false => line.to_string(),
    };
    let marked: Vec<String> = text.lines().map(line).collect();
    let headed = text.replace("|  | （四）", &format!("\n{title}\n\n|  | （四）"));
    assert_ne!(headed, text);
    for (kind, text) in [("emphasis", marked.join("\n")), ("running head", headed)] {
        let report = parse_to_json(text.as_bytes());
        assert_eq!(loud(&report), Vec::<String>::new(), "{kind}\n{text}");
        assert_eq!(values(&report), wanted, "{kind}");
    }
}

/// A page's table as it is copied: merged cells leave no blanks, only cells that are one of a column each do.
fn closed_up(line: &str) -> String {
    let cells: Vec<&str> = line.split('\t').filter(|cell| !cell.is_empty()).collect();
    cells.join("\t")
}

#[test]
fn a_table_copied_from_a_page_keeps_its_addresses() {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let wanted = values(&parse_to_json(&lesson.bytes));
    let text = String::from_utf8(lesson.bytes.clone()).unwrap();
    let copied: Vec<String> = text.lines().map(closed_up).collect();
    let report = parse_to_json(copied.join("\n").as_bytes());
    assert_eq!(loud(&report), Vec::<String>::new());
    assert_eq!(values(&report), wanted);

    // Zeros left blank, in the table of requests and in the one below it.
    let first = copied.iter().position(|line| line.starts_with("自然人")).unwrap();
    let blank = |cell: &str| if cell == "0" { String::new() } else { cell.to_string() };
    let is_data = |at: usize, line: &str| at > first && line.contains("\t0");
    let blanked = copied.iter().enumerate().map(|(at, line)| match is_data(at, line) {
        true => line.split('\t').map(blank).collect::<Vec<_>>().join("\t"),
        false => line.clone(),
    });
    let report = parse_to_json(blanked.collect::<Vec<_>>().join("\n").as_bytes());
    assert_eq!(loud(&report), Vec::<String>::new());
    let is_left = |value: &String| value.ends_with("\"number\"") && !value.contains(" 0 ");
    let own: Vec<String> = values(&report).into_iter().filter(is_left).collect();
    let wanted: Vec<String> = wanted.into_iter().filter(is_left).collect();
    assert!(wanted.len() > 60);
    assert_eq!(own, wanted);
}

#[test]
fn encodings_line_ends_and_hidden_characters_change_no_value() {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let wanted = values(&parse_to_json(&lesson.bytes));
    for layout in LAYOUTS {
        let text = write(&parts(&lesson), layout);
        let utf_16 = |to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
        let with_bom = |bom: &[u8], bytes: Vec<u8>| [bom, &bytes].concat();
        let variants = [
            ("utf-8-bom", with_bom(b"\xEF\xBB\xBF", text.clone().into_bytes())),
            ("gb18030", encoding_rs::GB18030.encode(&text).0.into_owned()),
            ("gbk", encoding_rs::GBK.encode(&text).0.into_owned()),
            ("utf-16le", utf_16(u16::to_le_bytes)),
            ("utf-16be", utf_16(u16::to_be_bytes)),
            ("utf-16le-bom", with_bom(b"\xFF\xFE", utf_16(u16::to_le_bytes))),
            ("utf-16be-bom", with_bom(b"\xFE\xFF", utf_16(u16::to_be_bytes))),
            ("crlf", text.replace('\n', "\r\n").into_bytes()),
            ("cr", text.replace('\n', "\r").into_bytes()),
            ("hidden", text.replace("公开", "公\u{200B}开").replace("关", "\u{2060}关").into_bytes()),
        ];
        for (kind, bytes) in variants {
            let report = parse_to_json(&bytes);
            assert_eq!(loud(&report), Vec::<String>::new(), "{layout:?} as {kind}");
            assert_eq!(values(&report), wanted, "{layout:?} as {kind}");
        }
    }
}

#[test]
fn every_text_reads_the_same_whatever_ends_its_lines() {
    let texts =
        lessons().into_iter().chain(other_lessons()).filter_map(|lesson| Some((String::from_utf8(lesson.bytes).ok()?, lesson.name)));
    let mut n_texts = 0;
    for (text, name) in texts.filter(|(text, _)| !text.starts_with(['<', '%'])) {
        let wanted = values(&parse_to_json(text.replace("\r\n", "\n").as_bytes()));
        for (kind, end) in [("cr", "\r"), ("crlf", "\r\n")] {
            let report = parse_to_json(text.replace("\r\n", "\n").replace('\n', end).as_bytes());
            assert_eq!(values(&report), wanted, "{name} as {kind}");
        }
        n_texts += 1;
    }
    assert!(n_texts > 40, "{n_texts} texts");
}

#[test]
fn traditional_characters_in_big5_read_the_same_in_every_layout() {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "encoding-big5").unwrap();
    let wanted = values(&parse_to_json(&lesson.bytes));
    let text = encoding_rs::BIG5.decode(&lesson.bytes).0.into_owned();
    let parts = parts(&Lesson { bytes: text.into_bytes(), ..lesson });
    for layout in LAYOUTS {
        let text = write(&parts, layout);
        for (kind, bytes) in [("utf-8", text.clone().into_bytes()), ("big5", encoding_rs::BIG5.encode(&text).0.into_owned())] {
            let report = parse_to_json(&bytes);
            assert_eq!(loud(&report), Vec::<String>::new(), "{layout:?} as {kind}");
            assert_eq!(values(&report), wanted, "{layout:?} as {kind}");
        }
    }
}

/// The lesson with each run of tab lines written by `table`.
fn with_tables(text: &str, table: &dyn Fn(&[Vec<&str>]) -> String) -> String {
    let mut out = String::new();
    let mut open: Vec<Vec<&str>> = Vec::new();
    for line in text.lines().chain([""]) {
        if line.contains('\t') {
            open.push(line.split('\t').collect());
            continue;
        }
        if !open.is_empty() {
            out.push_str(&table(&std::mem::take(&mut open)));
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

fn html(rows: &[Vec<&str>]) -> String {
    let row = |row: &Vec<&str>| row.iter().map(|cell| format!("<td>{cell}</td>")).collect::<String>();
    let rows: String = rows.iter().map(|cells| format!("<tr>{}</tr>\n", row(cells))).collect();
    format!("<table>\n{rows}</table>\n")
}

fn boxed(rows: &[Vec<&str>]) -> String {
    let rows: Vec<String> = rows.iter().map(|cells| format!("│{}│\n", cells.join("│"))).collect();
    format!("┌───┬───┐\n{}└───┴───┘\n", rows.join("├───┼───┤\n"))
}

/// As a data frame without names is printed.
fn framed(rows: &[Vec<&str>]) -> String {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let names: String = (0..width).map(|column| format!(" {column} |")).collect();
    let mut out = format!("\n|  |{names}\n|{}\n", " ---: |".repeat(width + 1));
    for (index, row) in rows.iter().enumerate() {
        let cell = |column: usize| Some(row.get(column).copied().unwrap_or("")).filter(|cell| !cell.is_empty()).unwrap_or("nan");
        let cells: String = (0..width).map(|column| format!(" {} |", cell(column))).collect();
        out.push_str(&format!("| {index} |{cells}\n"));
    }
    out + "\n"
}

/// Writes rows of cells as one layout.
type Writer<'w> = &'w dyn Fn(&[Vec<&str>]) -> String;

#[test]
fn tables_that_programs_write_read_as_those_that_people_type() {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let wanted = values(&parse_to_json(&lesson.bytes));
    let text = String::from_utf8(lesson.bytes).unwrap();
    let writers: [(&str, Writer); 3] = [("html", &html), ("box", &boxed), ("frame", &framed)];
    for (name, writer) in writers {
        let written = with_tables(&text, writer);
        let report = parse_to_json(written.as_bytes());
        assert_eq!(loud(&report), Vec::<String>::new(), "{name}\n{written}");
        assert_eq!(values(&report), wanted, "{name}");
        let coverage = &report["coverage"];
        assert_eq!(coverage["unplaced"].as_array().unwrap().len(), 0, "{name}: {coverage}");
    }
}

#[test]
fn litigation_groups_in_another_order_go_by_their_headers() {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let clean = parse_to_json(&lesson.bytes);
    let text = String::from_utf8(lesson.bytes).unwrap();
    let moved = text.replace("未经复议直接起诉", "＃").replace("复议后起诉", "未经复议直接起诉").replace('＃', "复议后起诉");
    let report = parse_to_json(moved.as_bytes());
    let find = |report: &Value, key: &str| {
        report["values"].as_array().unwrap().iter().find(|value| value["key"] == key).map(|value| value["value"].to_string())
    };
    let (direct, after) = ("review/cases/litigation.direct.total", "review/cases/litigation.after_reconsideration.total");
    assert_eq!(find(&report, direct), find(&clean, after));
    assert_eq!(find(&report, after), find(&clean, direct));
    assert!(loud(&report).iter().any(|flag| flag.contains("header-unknown")), "{:?}", loud(&report));
}

#[test]
fn a_flat_header_needs_no_groups_where_its_names_tell() {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let wanted = values(&parse_to_json(&lesson.bytes));
    let text = String::from_utf8(lesson.bytes).unwrap();
    let first = text.lines().position(|line| line.contains("申请人情况")).unwrap();
    let flat = "项目\t情形\t自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计";
    let lines: Vec<&str> = text
        .lines()
        .enumerate()
        .filter_map(|(at, line)| match at.checked_sub(first) {
            Some(0) => Some(flat),
            Some(1 | 2) => None,
            _ => Some(line),
        })
        .collect();
    let report = parse_to_json(lines.join("\n").as_bytes());
    assert_eq!(loud(&report), Vec::<String>::new());
    assert_eq!(values(&report), wanted);
}

/// Words with a number alone below them are the end of a page; a number that no page has is one of the report.
#[test]
fn a_number_of_a_page_is_no_table() {
    let text = |above: &str, number: &str| {
        format!("某县经济情况\n\n全县经济总体平稳，各项工作有序推进，\n{above}\n{number}\n社会保障工作继续加强，覆盖面扩大。\n")
    };
    let page = parse_to_json(text("各地产销两旺，市场供应充足", "13").as_bytes());
    assert_eq!((page["tables"].as_array().unwrap().len(), values(&page).len()), (0, 0));
    for (above, number) in [("#自筹资金\n%", "-26.4"), ("本年收到申请数量", "350"), ("全年财政收入（万元）", "3500")]
    {
        let report = parse_to_json(text(above, number).as_bytes());
        assert_eq!(report["values"][0]["value"].to_string(), number, "{above}");
    }
}

#[test]
fn words_of_a_header_that_stand_over_no_column_come_last() {
    // Found by the fuzz target `outline`: the middle word stood between two columns.
    let text = "1.1 第一章 总则\n21          /           \n1.1 甲\n\n\n\n";
    let document = luoshu::read::read(text.as_bytes()).value.document;
    let grids = document.blocks.iter().filter_map(|block| if let luoshu::doc::Block::Grid(grid) = block { Some(grid) } else { None });
    let rows: Vec<Vec<u32>> = grids.flat_map(|grid| &grid.rows).map(|row| row.cells.iter().map(|cell| cell.column).collect()).collect();
    assert!(!rows.is_empty() && rows.iter().all(|columns| columns.is_sorted()), "{rows:?}");
}
