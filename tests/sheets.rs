//! What a workbook's styles say of its cells: how deep a label stands, and what of a number shows.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod support;

use luoshu::doc::Status;
use luoshu::flag::Severity;
use luoshu::place::{Place, Span};
use luoshu::read::Source;
use serde_json::Value;
use support::lessons;
use support::office::remake;

/// A workbook of one sheet with these rows and cell styles, the first of which is the plain one.
fn book(rows: &[&str], styles: &[&str]) -> Vec<u8> {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "xlsx-one-sheet").unwrap();
    let styles: String = styles.iter().map(|style| format!("<xf {style}</xf>")).collect();
    let row = |(number, cells): (usize, &&str)| format!("<row r=\"{}\">{cells}</row>", number + 1);
    let data: String = rows.iter().enumerate().map(row).collect();
    remake(&lesson.bytes, |part, content| {
        let text = match part {
            "xl/styles.xml" => format!("<styleSheet><cellXfs><xf numFmtId=\"0\"/>{styles}</cellXfs></styleSheet>"),
            "xl/worksheets/sheet1.xml" => format!("<worksheet><sheetData>{data}</sheetData></worksheet>"),
            _ => return Some(content),
        };
        Some(text.into_bytes())
    })
}

fn words(style: usize, words: &str) -> String {
    format!("<c s=\"{style}\" t=\"inlineStr\"><is><t>{words}</t></is></c>")
}

fn number(style: usize, stored: &str) -> String {
    format!("<c s=\"{style}\"><v>{stored}</v></c>")
}

/// A workbook written as one XML text: XML Spreadsheet.
fn xml_book(styles: &str, sheets: &[String]) -> String {
    let namespace = "urn:schemas-microsoft-com:office:spreadsheet";
    let head = "<?xml version=\"1.0\"?>\r\n<?mso-application progid=\"Excel.Sheet\"?>\r\n";
    let default = "<Style ss:ID=\"Default\" ss:Name=\"Normal\"><Borders/><Font x:CharSet=\"134\"/><NumberFormat/></Style>";
    let sheets = sheets.concat();
    format!("{head}<Workbook xmlns=\"{namespace}\" xmlns:ss=\"{namespace}\"><Styles>{default}{styles}</Styles>{sheets}</Workbook>")
}

fn xml_sheet(name: &str, rows: &str) -> String {
    format!("<Worksheet ss:Name=\"{name}\"><Table>{rows}</Table></Worksheet>")
}

fn xml_words(attributes: &str, words: &str) -> String {
    format!("<Cell {attributes}><Data ss:Type=\"String\">{words}</Data></Cell>")
}

fn xml_number(attributes: &str, stored: &str) -> String {
    format!("<Cell {attributes}><Data ss:Type=\"Number\">{stored}</Data></Cell>")
}

/// Income and spending on one sheet, with a header of two rows and a row that is hidden; people on the other.
fn two_sheets() -> String {
    let styles = "<Style ss:ID=\"s1\"><NumberFormat ss:Format=\"Percent\"/></Style><Style ss:ID=\"s2\"><NumberFormat ss:Format=\"#,##0.00\"/></Style>";
    let comment = "<Comment><ss:Data xmlns=\"http://www.w3.org/TR/REC-html40\"><B>批注</B></ss:Data></Comment></Cell>";
    let money = [
        format!("<Row>{}{}</Row>", xml_words("ss:MergeDown=\"1\"", "项目"), xml_words("ss:MergeAcross=\"1\"", "金额与增长")),
        format!("<Row>{}{}</Row>", xml_words("ss:Index=\"2\"", "金额"), xml_words("", "增长")),
        format!(
            "<Row>{}{}{}</Row>",
            xml_words("", "收入 &amp; 其他"),
            xml_number("ss:StyleID=\"s2\"", "1234.5"),
            xml_number("ss:StyleID=\"s1\"", "8.2500000000000004E-2")
        ),
        format!("<Row ss:Hidden=\"1\">{}{}</Row>", xml_words("", "隐藏的一行"), xml_number("", "7")),
        format!(
            "<Row>{}{}</Row>",
            xml_words("", "支出").replace("</Cell>", comment),
            xml_number("ss:Index=\"3\" ss:StyleID=\"s1\"", "0.05")
        ),
    ];
    let people = [("项目", xml_words("", "人数")), ("在编", xml_number("", "12"))];
    let people: String = people.iter().map(|(label, cell)| format!("<Row>{}{cell}</Row>", xml_words("", label))).collect();
    xml_book(styles, &[xml_sheet("收支", &money.concat()), xml_sheet("人员", &people)])
}

/// What is read of a workbook, and the messages of its flags.
fn source(bytes: &[u8]) -> (Source, Vec<String>) {
    let found = luoshu::read::read(bytes);
    (found.value, found.flags.iter().map(|flag| flag.message.to_string()).collect())
}

#[test]
fn a_workbook_saved_as_xml_is_read_as_one() {
    let book = two_sheets();
    let declared = book.replacen("version=\"1.0\"", "version=\"1.0\" encoding=\"gb2312\"", 1);
    let in_utf_16 = format!("\u{FEFF}{book}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (encoding, bytes) in
        [("utf-8", book.into_bytes()), ("gbk", encoding_rs::GBK.encode(&declared).0.into_owned()), ("utf-16le", in_utf_16)]
    {
        let (source, messages) = source(&bytes);
        assert_eq!((source.format, source.encoding.as_deref(), source.status), ("xls-xml", Some(encoding), Status::Ok));
        let rows = "项目\t金额与增长\n\t金额\t增长\n收入 & 其他\t1,234.50\t8.25%\n支出\t\t5.00%\n";
        assert_eq!(source.document.text, format!("收支\n{rows}人员\n项目\t人数\n在编\t12\n"), "{encoding}");
        assert_eq!(messages, ["2 cells of the sheet 收支 stand in hidden rows or columns and are not read"]);
    }
}

#[test]
fn a_workbook_saved_as_xml_shows_what_its_styles_say() {
    let styles = "<Style ss:ID=\"s1\"><NumberFormat ss:Format=\"Percent\"/></Style><Style ss:ID=\"s2\"><Alignment ss:Indent=\"2\"/></Style>\
        <Style ss:ID=\"s3\"><NumberFormat ss:Format=\"yyyy&quot;年&quot;m&quot;月&quot;\"/></Style>\
        <Style ss:ID=\"s4\" ss:Parent=\"s3\"><Alignment ss:Horizontal=\"Center\"/></Style>";
    let columns = "<Column ss:Index=\"2\" ss:StyleID=\"s1\"/><Column ss:Hidden=\"1\"/>";
    let raised = "<Cell><ss:Data ss:Type=\"String\" xmlns=\"http://www.w3.org/TR/REC-html40\"><B>合计</B>318<Sup>1</Sup></ss:Data></Cell>";
    let date = "<Cell ss:StyleID=\"s4\"><Data ss:Type=\"DateTime\">2020-01-01T00:00:00.000</Data></Cell>";
    let rows = [
        xml_words("", "项目") + &xml_words("", "比重") + &xml_words("", "藏"),
        raised.to_string() + &xml_number("", "0.5"),
        xml_words("ss:StyleID=\"s2\"", "办公费") + &xml_number("", "0.25"),
        xml_words("", "截至") + date,
        xml_words("", "未算") + "<Cell ss:Formula=\"=R[-1]C\"/>",
    ];
    let rows: String = rows.iter().map(|row| format!("<Row>{row}</Row>")).collect();
    let hidden = "</Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>";
    let other = xml_sheet("丙", &format!("<Row>{}</Row>", xml_number("", "9"))).replace("</Table>", hidden);
    let (source, messages) = source(xml_book(styles, &[xml_sheet("乙", &(columns.to_string() + &rows)), other]).as_bytes());
    assert_eq!(source.status, Status::Partial);
    let wanted = "项目\t比重\n合计318^1\t50.00%\n\u{3000}\u{3000}办公费\t25.00%\n截至\t2020年1月\n未算\n";
    assert_eq!(source.document.text, wanted);
    assert_eq!(
        messages,
        [
            "1 cells of the sheet 乙 stand in hidden rows or columns and are not read",
            "the sheet 丙 is hidden and not read",
            "1 formulas of the sheet 乙 are kept without their results, the first at B5",
        ]
    );
}

#[test]
fn of_a_cut_workbook_in_xml_the_whole_cells_stand() {
    let book = two_sheets();
    let (before, _) = book.split_once("234.5").unwrap();
    let found = luoshu::read::read(format!("{before}23").as_bytes());
    assert_eq!(found.value.status, Status::Damaged);
    assert_eq!(found.value.document.text, "项目\t金额与增长\n\t金额\t增长\n收入 & 其他\n");
    assert!(found.flags.iter().any(|flag| flag.severity == Severity::Error));
}

#[test]
fn cells_of_a_workbook_in_xml_stand_anywhere_on_a_sheet_and_not_beyond() {
    let wide = "ss:MergeAcross=\"4000000000\" ss:MergeDown=\"4000000000\"";
    let rows = [
        format!("<Row>{}{}{}</Row>", xml_words("", "近"), xml_number("", "1"), xml_words("ss:Index=\"16385\"", "外")),
        format!("<Row ss:Index=\"1000000\">{}{}</Row>", xml_words("", "远"), xml_number(wide, "2")),
        format!("<Row ss:Index=\"1048577\">{}</Row>", xml_words("", "外")),
        format!("<Row ss:Index=\"99999999999\">{}</Row>", xml_words(wide, "外")),
    ];
    let (source, messages) = source(xml_book("", &[xml_sheet("甲", &rows.concat())]).as_bytes());
    assert_eq!(source.status, Status::Damaged);
    assert_eq!(messages, ["3 cells of the sheet 甲 stand behind the last row or column of a sheet and are not read"]);
    let document = &source.document;
    assert_eq!(document.text, "近\t1\n远\t2\n");
    let start = document.text.find('远').unwrap();
    let place = document.places.resolve(&document.text, Span::new(start, start + '远'.len_utf8()));
    assert_eq!(place, Some(Place::Sheet { sheet: "甲".into(), cell: "A1000000".into() }));
}

fn read(bytes: &[u8]) -> Value {
    let report = luoshu::report::parse(bytes, &[]);
    serde_json::from_str(&luoshu::emit::report_to_json(&report, "report", bytes)).unwrap()
}

#[test]
fn a_label_that_its_style_sets_in_is_a_part_of_what_stands_above() {
    let indents =
        ["numFmtId=\"0\"><alignment horizontal=\"left\" indent=\"1\"/>", "numFmtId=\"0\"><alignment horizontal=\"right\" indent=\"1\"/>"];
    let row = |style: usize, label: &str, value: &str| words(style, label) + &number(0, value);
    let rows = [
        words(0, "项目") + &words(0, "金额"),
        row(0, "机关支出", "120"),
        row(1, "办公费", "70"),
        row(1, "会议费", "50"),
        row(0, "设备支出", "0"),
        words(1, "购置费"),
        row(0, "个人补助", "60"),
        row(2, "靠右的一行", "61"),
        row(0, "支出合计", "180"),
    ];
    let report = read(&book(&rows.iter().map(String::as_str).collect::<Vec<_>>(), &indents));
    let paths: Vec<String> = report["tables"][0]["rows"].as_array().unwrap().iter().map(Value::to_string).collect();
    assert_eq!(
        paths,
        [
            "[\"机关支出\"]",
            "[\"机关支出\",\"办公费\"]",
            "[\"机关支出\",\"会议费\"]",
            "[\"设备支出\"]",
            "[\"设备支出\",\"购置费\"]",
            "[\"个人补助\"]",
            "[\"靠右的一行\"]",
            "[\"支出合计\"]",
        ]
    );
}

#[test]
fn digits_that_a_cell_keeps_and_does_not_show_are_told_once_a_sheet() {
    let styles = ["numFmtId=\"2\">", "numFmtId=\"10\">", "numFmtId=\"17\">"];
    let row = |label: &str, cells: String| words(0, label) + &cells;
    let rows = [
        words(0, "项目") + &words(0, "金额") + &words(0, "增长"),
        row("债券甲", number(1, "0.0184") + &number(2, "0.0316112306")),
        row("债券乙", number(1, "12.5") + &number(2, "0.05")),
        row("债券丙", number(1, "12.7499996") + &number(3, "43831")),
    ];
    let report = read(&book(&rows.iter().map(String::as_str).collect::<Vec<_>>(), &styles));
    let told: Vec<&str> = report["flags"].as_array().unwrap().iter().filter_map(|flag| flag["message"].as_str()).collect();
    let wanted = "2 numbers of the sheet ";
    let about = " show fewer digits than are stored and are read as shown; B2 shows 0.02 for 0.0184";
    assert_eq!(told.iter().filter(|message| message.starts_with(wanted) && message.ends_with(about)).count(), 1, "{told:?}");
    assert_eq!(report["values"][0]["value"].to_string(), "0.02");
    assert!(report["flags"].as_array().unwrap().iter().all(|flag| flag["severity"] == "note"));
}
