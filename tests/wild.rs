//! Pages as they are found: rows without a table, numbers beside raised numbers, struck out, in fields, in typed text.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use luoshu::doc::{Block, Document};
use luoshu::normalise::{Reading, read_cell};
use luoshu::read::read;
use serde_json::Value;
use support::{lessons, parse_to_json};

const PROSE: &str = "<p>本单位按月检查栏目，全年共检查十二次，发现的问题都已改正；来信来访由专人登记，按时答复，并在年底汇总成册，供来年参考。各科室另设一名联络员，负责收集材料，核对数字，送分管领导审阅后发布。</p>\
    <p>培训两期，参加的人员来自各科室和下属单位，课程包括申请的受理、答复的写法、期限的计算和档案的整理，课后有测验，成绩归入年度考核。</p>";

/// Paragraphs as they are, a grid's rows with their cells parted by bars; the prose behind them left out.
fn shown(html: &str) -> Vec<String> {
    let document = read(format!("<html><body>{html}{PROSE}</body></html>").as_bytes()).value.document;
    let rows = |document: &Document, block: &Block| match block {
        Block::Para(para) => vec![document.slice(para.span).to_string()],
        Block::Furniture(span) => vec![format!("[{}]", document.slice(*span))],
        Block::Seam(_) => Vec::new(),
        Block::Grid(grid) => {
            let row = |row: &luoshu::doc::Row| row.cells.iter().map(|cell| document.slice(cell.span)).collect::<Vec<_>>().join("|");
            grid.rows.iter().map(row).collect()
        }
    };
    let all = document.blocks.iter().flat_map(|block| rows(&document, block));
    all.take_while(|line| !line.starts_with("本单位按月")).collect()
}

#[test]
fn rows_that_stand_in_no_table_are_lent_one() {
    let rows = "<tr><td>规章</td><td>1</td></tr><tr><td>文件<td>2</tr>";
    assert_eq!(shown(&format!("<div>{rows}</div><h2>三、申请</h2>{rows}")), ["规章|1", "文件|2", "三、申请", "规章|1", "文件|2"]);
    let fragment = format!("{rows}<tr><td>批复</td><td>3</td></tr>");
    assert_eq!(read(fragment.as_bytes()).value.document.text, "规章\t1\n文件\t2\n批复\t3\n");
    let whole = format!("<table><tr><td>甲</td><td><table>{rows}</table></td></tr></table></table><p>后</p>");
    assert!(shown(&whole).contains(&"后".to_string()), "a table closed twice is closed once");
}

#[test]
fn a_raised_number_is_no_digit_of_the_number_beside_it() {
    let cells = shown(
        "<table><tr><td>许可</td><td>318<sup>1</sup></td><td>m<sup>2</sup></td></tr><tr><td>处罚</td><td>46<sup>[2]</sup></td><td>10<sup>8</sup></td></tr></table>",
    );
    assert_eq!(cells, ["许可|318^1|m2", "处罚|46[2]|10^8"]);
    for (cell, value) in [("318^1", Some("318")), ("46[2]", Some("46")), ("46①", Some("46")), ("46*", Some("46")), ("10^8", None)] {
        assert_eq!(read_cell(cell).quantity().map(|found| found.value.to_string()).as_deref(), value, "{cell}");
        assert!(!matches!(read_cell(cell), Reading::Number(_) | Reading::Blank), "{cell}");
    }
}

#[test]
fn struck_out_text_is_not_read_and_a_field_is() {
    let row = "<tr><td>许可</td><td><del>310</del><ins>318</ins></td><td><s>4</s>5</td><td><input type=text value=\"46\" readonly><input type=hidden value=9></td></tr>";
    let html = format!("<input value=搜索><table>{row}<tr><td>处罚</td><td>1</td><td>2</td><td><input value=3></td></tr></table>");
    assert_eq!(shown(&html), ["许可|318|5|46", "处罚|1|2|3"]);
}

#[test]
fn the_foot_of_a_table_stands_at_its_end() {
    let html = "<table><tfoot><tr><td>合计</td><td>3</td></tr></tfoot><tbody><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></tbody></table>";
    assert_eq!(shown(html), ["甲|1", "乙|2", "合计|3"]);
}

#[test]
fn a_table_typed_or_made_by_style_is_a_table() {
    let typed = "<style>.t{white-space:pre}</style><div class=t>项目\t甲\t乙\n收入\t1\t2\n支出\t3\t4\n</div>";
    assert_eq!(shown(typed), ["项目|甲|乙", "收入|1|2", "支出|3|4"]);
    let row = |cells: [&str; 3]| {
        format!(
            "<div style=\"display: table-row\">{}</div>",
            cells.map(|cell| format!("<span style='color:red;display:table-cell'>{cell}</span>")).concat()
        )
    };
    let styled = format!("<div style='display:table'>{}{}</div>", row(["规章", "1", "2"]), row(["文件", "3", "4"]));
    assert_eq!(shown(&styled), ["规章|1|2", "文件|3|4"]);
}

#[test]
fn a_page_set_in_one_table_is_parted_at_its_headings() {
    let head = "<tr><td colspan=3>二、收支</td></tr><tr><td colspan=3>单位：万元</td></tr><tr><td>项目</td><td>2021</td><td>2022</td></tr>";
    let group = "<tr><td colspan=3>一、收入</td></tr><tr><td>（一）税收</td><td>1</td><td>2</td></tr>";
    let end = "<tr><td colspan=9>三、说明</td></tr><tr><td colspan=9>没有其他事项。</td></tr>";
    let html = format!("<table>{head}{group}<tr><td>二、其他</td><td></td><td></td></tr>{end}</table>");
    let document = read(format!("<html><body>{html}{PROSE}</body></html>").as_bytes()).value.document;
    let grids = document.blocks.iter().filter_map(|block| if let Block::Grid(grid) = block { Some(grid.rows.len()) } else { None });
    assert_eq!(grids.collect::<Vec<_>>(), [4], "a group's row and a label without numbers are no headings");
    assert_eq!(shown(&html)[..3], ["二、收支", "单位：万元", "项目|2021|2022"]);
    assert_eq!(shown(&html)[6..], ["三、说明", "没有其他事项。"]);
}

/// Whether a report shows every value of `html-spans`, and no alarm.
fn is_read(html: &str) -> bool {
    let report = parse_to_json(html.as_bytes());
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "html-spans").unwrap();
    let is_loud = report["flags"].as_array().unwrap().iter().any(|flag| flag["severity"] != "note");
    let values = report["values"].as_array().unwrap();
    let wanted = lesson.expect["values"].as_object().unwrap();
    let is_right = |value: &Value| {
        let want = &wanted[value["key"].as_str().unwrap()];
        value["value"].to_string().parse::<f64>().ok() == want.to_string().parse::<f64>().ok() || value["state"] == "blank" && want == 0
    };
    !is_loud && values.len() == wanted.len() && values.iter().all(is_right)
}

#[test]
fn the_form_is_read_however_its_page_is_written() {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "html-spans").unwrap();
    let page = String::from_utf8(lesson.bytes).unwrap();
    let each_number = |write: &dyn Fn(&str) -> String| {
        page.split("<td>")
            .map(|piece| match piece.split_once("</td>") {
                Some((cell, rest)) if cell.parse::<f64>().is_ok() => format!("{}</td>{rest}", write(cell)),
                _ => piece.to_string(),
            })
            .collect::<Vec<_>>()
            .join("<td>")
    };
    let rows = page.replace("<tr>", "<tbody><tr>").replace("</tr>", "</tr></tbody>");
    let cases = [
        ("blank zeros", page.replace("<td>0</td>", "<td>&nbsp;</td>")),
        ("a body for each row", rows),
        ("a table in each cell", each_number(&|number| format!("<table><tr><td>{number}</td></tr></table>"))),
        ("entities", each_number(&|number| number.bytes().map(|byte| format!("&#{byte};")).collect())),
        ("comments in numbers", each_number(&|number| format!("{}<!-- 9 -->{}", &number[..1], &number[1..]))),
        ("hidden numbers", each_number(&|number| format!("{number}<span style='display:none'>9</span>"))),
        ("soft hyphens", each_number(&|number| format!("{}&shy;{}", &number[..1], &number[1..]))),
        ("no table tags", page.replace("<table border=\"1\">", "").replace("</table>", "")),
    ];
    for (kind, html) in cases {
        assert!(is_read(&html), "{kind}");
    }
}

#[test]
fn labels_of_a_form_left_blank_are_no_headings() {
    let rows =
        ["一、财政拨款", "二、事业收入", "三、其他收入"].map(|label| format!("<tr><td>{label}</td><td></td><td></td><td></td></tr>"));
    let html = format!(
        "<table><tr><td>项目</td><td>预算数</td><td>项目</td><td>预算数</td></tr>{}<tr><td>收入总计</td><td></td><td>支出总计</td><td></td></tr></table>",
        rows.concat()
    );
    assert_eq!(shown(&html).len(), 5);
    assert_eq!(shown(&html)[2], "二、事业收入|||");
}
