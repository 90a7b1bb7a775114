//! Input that means harm: traps for time and memory, bombs, numbers that no type holds, text that would steer a terminal.
//!
//! Every input is made here, from a few characters. Time is only ever compared with time of the same run.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use support::oracle::{hold_strictly, run};
use support::watch::{Trap, find_traps, trap};

const FORM: &str = include_str!("../corpus/cn-foi-annual/clean-2021-tabs/report.txt");
/// A row of the form's second table, with its seven numbers.
const ROW: &str = "三、本年度办理结果\t（一）予以公开\t";

fn row() -> &'static str {
    FORM.split_inclusive('\n').find(|line| line.starts_with(ROW)).expect("the row is in the lesson")
}

/// The form with these lines behind the row.
fn behind_row(lines: &str) -> Vec<u8> {
    FORM.replace(row(), &format!("{}{lines}", row())).into_bytes()
}

/// The form with the row's line made longer.
fn longer_row(cells: &str) -> Vec<u8> {
    FORM.replace(row(), &format!("{}{cells}\n", row().trim_end_matches('\n'))).into_bytes()
}

fn form_and(text: &str, times: usize) -> Vec<u8> {
    format!("{FORM}{}\n", text.repeat(times)).into_bytes()
}

fn times(text: &str, n: usize) -> Vec<u8> {
    text.repeat(n).into_bytes()
}

fn counted(n: usize, write: impl Fn(usize) -> String) -> Vec<u8> {
    (0..n).map(write).collect::<String>().into_bytes()
}

/// Comparing times wants a quiet machine, so these run only when asked for.
fn assert_no_trap(traps: &[Trap]) {
    if std::env::var_os("LUOSHU_TRAPS").is_none() {
        eprintln!("skipped: set LUOSHU_TRAPS=1 to compare times");
        return;
    }
    let found = find_traps(traps, run);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn time_grows_with_text() {
    assert_no_trap(&[
        trap("tabs", 100_000, |n| times("\t", n)),
        trap("cells on one line", 10_000, |n| times("1\t", n)),
        trap("blank lines", 50_000, |n| times("\n", n)),
        trap("one number a line", 5_000, |n| times("1\n", n)),
        trap("one word a line", 2_000, |n| times("甲\n", n)),
        trap("a word, a number", 2_000, |n| times("甲\n1\n", n)),
        trap("a word, blank lines", 1_000, |n| times("甲\n\n\n\n", n)),
        trap("lone carriage returns", 5_000, |n| times("1\r", n)),
        trap("form feeds", 5_000, |n| times("1\u{0C}", n)),
        trap("page numbers", 5_000, |n| times("- 4 -\n", n)),
        trap("sections", 2_000, |n| counted(n, |at| format!("{at}. 标题\n这里有 {at} 件。\n"))),
        trap("one section number", 2_000, |n| times("一、标题\n这里有 1 件。\n", n)),
        trap("deep section numbers", 50, |n| counted(n, |at| format!("{}1 标题\n", "1.".repeat(at)))),
        trap("Markdown headings", 2_000, |n| times("# 1\n## 2\n", n)),
        trap("a sentence without end", 5_000, |n| times("本年收到申请 12 件，", n)),
        trap("digits", 100_000, |n| times("1", n)),
        trap("numbers and commas", 50_000, |n| times("1,,2", n)),
        trap("brackets", 50_000, |n| times("（", n)),
        trap("section marks", 50_000, |n| times("1.", n)),
        trap("hidden characters", 50_000, |n| times("\u{200B}1", n)),
        trap("radicals", 10_000, |n| times("⽔⻳", n)),
        trap("lines of a box", 4_000, |n| format!("甲乙\n{}", "+---+---+\n".repeat(n)).into_bytes()),
        trap("rules between pipes", 4_000, |n| times("|---|---|\n", n)),
        trap("numbers behind a tab", 2_000, |n| times("\t1\n", n)),
    ]);
}

#[test]
fn time_grows_with_tables() {
    assert_no_trap(&[
        trap("tables", 500, |n| times("表\n甲\t乙\t丙\n1\t2\t3\n4\t5\t6\n\n正文一段话。\n", n)),
        trap("a wide table", 1_000, |n| times(&format!("{}\n", "12\t".repeat(n)), 6)),
        trap("a wide header", 1_000, |n| {
            let header = counted(n, |at| format!("列{at}\t"));
            [header, format!("\n{0}\n{0}\n", "12\t".repeat(n)).into_bytes()].concat()
        }),
        trap("one row again and again", 5_000, |n| [b"a\tb\tc\n".to_vec(), times("规章\t1\t2\n", n)].concat()),
        trap("pipes", 20_000, |n| times("|", n)),
        trap("a wide Markdown table", 5_000, |n| format!("|{}\n|{}\n|{0}\n", "1|".repeat(n), "---|".repeat(n)).into_bytes()),
        trap("rows between pipes", 5_000, |n| [b"|a|b|\n|---|---|\n".to_vec(), times("|规章|1|\n", n)].concat()),
        trap("aligned rows", 3_000, |n| times("规章        1       2\n", n)),
        trap("an aligned row", 5_000, |n| times("12  ", n)),
        trap("aligned rows, one a number short", 1_000, |n| {
            let long = format!("项目  {}\n", "12  ".repeat(n));
            format!("{long}{long}甲  {}\n", "12  ".repeat(n - 1)).into_bytes()
        }),
        trap("a wide aligned header", 1_000, |n| format!("{}\n{}\n", "列列  ".repeat(n), "12    ".repeat(n)).into_bytes()),
        trap("high and wide aligned headers", 200, |n| {
            format!("{}{}\n", format!("{}\n", "列列  ".repeat(n)).repeat(20), "12    ".repeat(n)).into_bytes()
        }),
        trap("a header without end", 500, |n| [times("甲\t乙\t丙\t丁\n", n), b"1\t2\t3\t4\n5\t6\t7\t8\n".to_vec()].concat()),
        trap("numbers with another point", 1_000, |n| counted(n, |at| format!("行{at}\t{at}.25\n行\t7.5\n行\t1,55\n"))),
        trap("spaces", 200_000, |n| format!("a{}1", " ".repeat(n)).into_bytes()),
        trap("rows with parts", 8_000, |n| [b"a\tb\n".to_vec(), times("甲\t9\n其中：乙\t3\n丙\t4\n", n)].concat()),
        trap("parts in many columns", 5_001, |n| {
            let row = |label: &str, number: usize| format!("{label}{}\n", format!("\t{number}").repeat(n));
            let parts: String = (0..10).map(|at| row("丙", at)).collect();
            format!("{}{}{}{parts}", row("年", 1), row("甲", 9_999), row("其中：乙", 3)).into_bytes()
        }),
        trap("numbered labels without numbers", 2_000, |n| {
            let labels = counted_text(n, |at| format!("{}. 乙\t\n", at % 90 + 1));
            format!("a\tb\n1. 甲\t1\n{labels}2. 甲\t1\n").into_bytes()
        }),
        trap("labels among numbered rows", 3_000, |n| {
            [b"a\tb\n".to_vec(), counted(n, |at| format!("乙{at}a\t\n丙b\t1\n{}. 丁\t2\n", at % 90 + 1))].concat()
        }),
        trap("tables side by side", 60, |n| {
            let rows: String = (0..20).map(|at| format!("{}\n", format!("甲{at}\t{at}.5\t").repeat(n))).collect();
            format!("{}\n{rows}", "行业\t增长\t".repeat(n)).into_bytes()
        }),
    ]);
}

#[test]
fn time_grows_with_a_known_form() {
    assert_no_trap(&[
        trap("the form many times", 5, |n| times(FORM, n)),
        trap("one row of the form", 300, |n| behind_row(&row().repeat(n))),
        trap("unknown rows", 300, |n| behind_row(&"怪行\t1\t2\t3\t4\t5\t6\t7\n".repeat(n))),
        trap("unknown rows in the place of a known one", 1_000, |n| {
            let unknown = counted_text(n, |at| format!("三、本年度办理结果\t怪行{at}\t0\t0\t0\t0\t0\t0\t0\n"));
            FORM.replace(row(), &unknown).into_bytes()
        }),
        trap("numerals", 20_000, |n| form_and("一", n)),
        trap("short rows", 300, |n| behind_row(&"（三）不予公开\t1\t2\t3\t4\n".repeat(n))),
        trap("rows without label", 300, |n| behind_row(&"1\t2\t3\t4\n".repeat(n))),
        trap("words between rows", 1_000, |n| behind_row(&"续表\n".repeat(n))),
        trap("blank rows", 2_000, |n| behind_row(&"\t\t\t\t\t\t\n".repeat(n))),
        trap("headers between rows", 300, |n| behind_row(&"甲\t乙\t丙\t丁\n".repeat(n))),
        trap("names over a header", 300, |n| {
            let header = FORM.split_inclusive('\n').find(|line| line.contains("自然人\t")).unwrap();
            FORM.replace(header, &format!("{}{header}", "\t\t\t甲\t乙\t丙\t丁\n".repeat(n))).into_bytes()
        }),
        trap("a long row", 3_000, |n| longer_row(&"\t1".repeat(n))),
        trap("rows on one line", 100, |n| longer_row(&"\t（一）予以公开\t1\t2\t3\t4\t5\t6\t7".repeat(n))),
        trap("labels on one line", 1_000, |n| longer_row(&"\t规章\t1".repeat(n))),
        trap("claims", 300, |n| form_and("本年新收政府信息公开申请 12 件，上年结转政府信息公开申请 3 件，予以公开 5 件。\n", n)),
        trap("claims in one sentence", 100, |n| form_and("本年新收政府信息公开申请 12 件，予以公开 5 件，占33.9%，", n)),
        trap("claims without a comma", 100, |n| form_and("本年新收政府信息公开申请12件上年结转3件予以公开5件", n)),
        trap("years", 300, |n| form_and("2019年收到申请 12 件，", n)),
        trap("one cell a line", 2, |n| FORM.replace('\t', "\n").repeat(n).into_bytes()),
    ]);
}

#[test]
fn time_grows_with_a_page() {
    assert_no_trap(&[
        trap("spans in spans", 5_000, |n| times("<span>", n)),
        trap("divisions in divisions", 3_000, |n| times("<div>1", n)),
        trap("tables in tables", 500, |n| times("<table><tr><td>1", n)),
        trap("bold paragraphs that are never closed", 500, |n| times("<b><p>1", n)),
        trap("fonts that are never closed", 1_000, |n| times("<font color=red>1", n)),
        trap("lists in lists", 1_000, |n| times("<ul><li>1", n)),
        trap("rows", 2_000, |n| format!("<table>{}", "<tr><td>规章<td>2<td>3".repeat(n)).into_bytes()),
        trap("cells of one row", 4_000, |n| format!("<table><tr>{}", "<td>1".repeat(n)).into_bytes()),
        trap("cells that span everything", 500, |n| {
            format!("<table>{}", "<tr><td colspan=1000000000 rowspan=1000000000>1<td>2".repeat(n)).into_bytes()
        }),
        trap("cells that lie over one another", 500, |n| {
            format!("<table>{}", format!("<tr>{}", "<td rowspan=5 colspan=5>1".repeat(5)).repeat(n)).into_bytes()
        }),
        trap("cells that hang down", 300, |n| format!("<table>{}", format!("<tr><td rowspan={n}>1<td>2").repeat(n)).into_bytes()),
        trap("tables", 500, |n| times("<table><tr><td>规章<td>2<td>3</table>", n)),
        trap("numbers under two columns", 500, |n| {
            let rows = "<tr><td>甲<td>1<td>2<tr><td>乙<td>3<td>4<tr><td>丙<td colspan=2>5".repeat(n);
            format!("<table><tr><th>项目<th>上年<th>本年{rows}</table>").into_bytes()
        }),
        trap("wide tables", 1_000, |n| times(&format!("<table><tr>{}</table>", "<td>甲".repeat(20)), n)),
        trap("attributes", 5_000, |n| format!("<p {}>1", counted_text(n, |at| format!("a{at}=1 "))).into_bytes()),
        trap("one class each", 500, |n| {
            let rules = counted_text(n, |at| format!(".a{at}{{display:none}}"));
            format!("<style>{rules}</style>{}", counted_text(n, |at| format!("<p class=a{at}>1"))).into_bytes()
        }),
        trap("less-than signs", 30_000, |n| format!("<p>{}1", "<".repeat(n)).into_bytes()),
        trap("comments that are never closed", 10_000, |n| format!("<p>1{}", "<!--".repeat(n)).into_bytes()),
        trap("entities", 10_000, |n| format!("<p>{}1", "&nbsp;".repeat(n)).into_bytes()),
        trap("numbers in bold", 5_000, |n| format!("<p>{}", "<b>1</b> ".repeat(n)).into_bytes()),
        trap("paragraphs", 3_000, |n| format!("<p>{}", "<p>1".repeat(n)).into_bytes()),
    ]);
}

fn counted_text(n: usize, write: impl Fn(usize) -> String) -> String {
    (0..n).map(write).collect()
}

/// An Office container of these parts.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const TYPES: &[u8] = br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;

fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        r#"<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>"#
    );
    package(&[("[Content_Types].xml", TYPES), ("word/document.xml", document.as_bytes())])
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn word_row(texts: &[&str], properties: &str) -> String {
    let cell = |text: &&str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph(text));
    format!("<w:tr>{}</w:tr>", texts.iter().map(cell).collect::<String>())
}

fn xlsx(rows: &str, merges: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let sheet = format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{merges}</worksheet>"#);
    let book =
        format!(r#"<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#);
    let links = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    package(&[
        ("[Content_Types].xml", TYPES),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn sheet_rows(n: usize) -> String {
    counted_text(n, |at| format!(r#"<row r="{0}"><c r="A{0}"><v>{0}</v></c><c r="B{0}"><v>2</v></c></row>"#, at + 1))
}

#[test]
fn time_grows_with_an_office_document() {
    assert_no_trap(&[
        trap("Word paragraphs", 1_000, |n| docx(&paragraph("本年收到 12 件。").repeat(n))),
        trap("Word rows", 500, |n| docx(&format!("<w:tbl>{}</w:tbl>", word_row(&["规章", "1", "2"], "").repeat(n)))),
        trap("Word cells that span everything", 300, |n| {
            let wide = r#"<w:gridSpan w:val="1000000000"/><w:vMerge/>"#;
            docx(&format!("<w:tbl>{}</w:tbl>", word_row(&["规章", "1", "2"], wide).repeat(n)))
        }),
        trap("Word tables", 300, |n| docx(&format!("<w:tbl>{}</w:tbl>{}", word_row(&["规章", "1"], ""), paragraph("字")).repeat(n))),
        trap("Word runs", 3_000, |n| docx(&format!("<w:p>{}</w:p>", "<w:r><w:t>1 </w:t></w:r>".repeat(n)))),
        trap("sheet rows", 1_000, |n| xlsx(&sheet_rows(n), "")),
        trap("merged regions that lie over one another", 300, |n| {
            let merge = |at: usize| format!(r#"<mergeCell ref="A{}:XFD1048576"/>"#, at + 1);
            xlsx(&sheet_rows(n), &format!("<mergeCells>{}</mergeCells>", counted_text(n, merge)))
        }),
    ]);
}

#[test]
fn spans_of_any_size_are_read() {
    let page = b"<table><tr><td colspan=1000000000 rowspan=1000000000>7<td>8<tr><td colspan=0>9<td colspan=-1>10<td rowspan=99999999999999999999>11</table>";
    assert_eq!(hold_strictly(page)["coverage"]["numbers"], 5);
    let wide = r#"<w:gridSpan w:val="4294967295"/><w:vMerge w:val="restart"/>"#;
    assert_eq!(hold_strictly(&docx(&format!("<w:tbl>{}</w:tbl>", word_row(&["7", "8"], wide))))["coverage"]["numbers"], 2);
}

#[test]
fn deep_nesting_is_read_to_a_depth() {
    for deep in [times("<div>", 100_000), times("<table><tr><td>1", 5_000), times("<b><i><a>", 5_000)] {
        hold_strictly(&deep);
    }
    let tables = format!("{}{}", "<w:tbl><w:tr><w:tc>".repeat(2_000), paragraph("7"));
    assert_eq!(hold_strictly(&docx(&tables))["source"]["status"], "too-large");
    let numbers = counted(150, |at| format!("{}1 标题\n", "1.".repeat(at)));
    hold_strictly(&numbers);
}

/// Blanks pack to a thousandth of their size.
fn blanks(megabytes: usize) -> Vec<u8> {
    vec![b' '; megabytes << 20]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn bombs_are_not_unpacked() {
    let status = |bytes: &[u8]| hold_strictly(bytes)["source"]["status"].as_str().unwrap().to_string();
    let bomb = blanks(20);
    assert_eq!(status(&gzip(&bomb)), "too-large");
    assert_eq!(status(&gzip(&gzip(&bomb))), "unsupported", "a file in a file in a file");
    assert_eq!(status(&package(&[("[Content_Types].xml", TYPES), ("word/document.xml", &bomb)])), "too-large");
    assert_eq!(status(&package(&[("inner.zip", &package(&[("bomb", &bomb)]))])), "unsupported");
    let sheet = package(&[("[Content_Types].xml", TYPES), ("xl/workbook.xml", &bomb), ("xl/worksheets/sheet1.xml", &bomb)]);
    assert!(["too-large", "damaged"].contains(&status(&sheet).as_str()));
    let ods = package(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &bomb)]);
    assert_eq!(status(&ods), "unsupported", "the type is packed, so nothing says that this is a spreadsheet");
}

#[test]
fn entities_are_not_expanded() {
    let grow = (1..10).map(|at| format!("<!ENTITY a{at} \"{}\">", format!("&a{};", at - 1).repeat(10))).collect::<String>();
    let document = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY a0 \"7\">{grow}<!ENTITY file SYSTEM \"file:///etc/passwd\">]>\
         <w:document xmlns:w=\"w\"><w:body>{}</w:body></w:document>",
        paragraph("&a9;&file;")
    );
    let report = hold_strictly(&package(&[("[Content_Types].xml", TYPES), ("word/document.xml", document.as_bytes())]));
    assert!(report.to_string().len() < 10_000 && !report.to_string().contains("root:"));
    let page = format!("<!DOCTYPE d [<!ENTITY a0 \"7\">{grow}]><p>&a9;</p>");
    assert!(hold_strictly(page.as_bytes()).to_string().len() < 10_000);
}

/// A PDF of these objects, with its table of places.
fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut out = String::from("%PDF-1.7\n");
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let start = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    places.iter().for_each(|place| out.push_str(&format!("{place:010} 00000 n \n")));
    out.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1));
    out.into_bytes()
}

fn stream(dictionary: &str, words: &str) -> String {
    format!("<< {dictionary} /Length {} >>\nstream\n{words}\nendstream", words.len())
}

#[test]
fn a_pdf_that_turns_in_circles_ends() {
    let catalog = "<< /Type /Catalog /Pages 2 0 R >>";
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> /Font << /T 6 0 R >> >> >>";
    let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
    let form = stream("/Type /XObject /Subtype /Form /BBox [0 0 300 300] /Resources << /XObject << /F 5 0 R >> >>", "/F Do /F Do /F Do");
    let glyphs = "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 49 /LastChar 49 /Widths [1] \
                  /Encoding << /Differences [49 /one] >> /CharProcs << /one 7 0 R >> /Resources << /Font << /T 6 0 R >> >> >>";
    let glyph = stream("", "BT /T 9 Tf (1) Tj ET");
    let draws = stream("", "q /F Do Q BT /T 9 Tf (1) Tj ET");
    let circles = [
        pdf(&[catalog, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"]),
        pdf(&[catalog, "<< /Type /Pages /Parent 2 0 R /Kids [3 0 R] /Count 1000000000 >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]),
        pdf(&["<< /Type /Catalog /Pages 1 0 R >>"]),
        pdf(&[catalog, pages, page, &draws, &form, glyphs, &glyph]),
        pdf(&[catalog, pages, page, "4 0 R"]),
        pdf(&[catalog, pages, page, "<< /Length 4 0 R >>\nstream\nBT ET\nendstream"]),
        pdf(&[catalog, pages, page, &stream("/Type /ObjStm /N 1000000 /First 10 /Extends 4 0 R", "4 0 4 0 4 0")]),
    ];
    for bytes in circles {
        hold_strictly(&bytes);
    }
}

#[test]
fn time_grows_with_a_pdf() {
    assert_no_trap(&[
        trap("PDF words", 500, |n| plain_pdf(&"BT /T 9 Tf 10 100 Td (12) Tj ET ".repeat(n))),
        trap("PDF rules", 300, |n| plain_pdf(&counted_text(n, |at| format!("{at} 0 m {at} 300 l S 0 {at} m 300 {at} l S ")))),
        trap("PDF rules in one place", 1_000, |n| plain_pdf(&"10 0 m 10 300 l S 0 10 m 300 10 l S ".repeat(n))),
        trap("saved states", 5_000, |n| plain_pdf(&"q ".repeat(n))),
    ]);
}

fn plain_pdf(words: &str) -> Vec<u8> {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources << /Font << /T 5 0 R >> >> >>";
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    pdf(&["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, &stream("", words), font])
}

/// A page whose words are not in the file is told, and its neighbours are read.
#[test]
fn a_page_without_its_contents_is_told() {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents CONTENTS /Resources << /Font << /T 6 0 R >> >> >>";
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let words = stream("", "BT /T 9 Tf 10 100 Td (12 words) Tj ET");
    for (contents, status) in [("5 0 R", "ok"), ("9 0 R", "partial"), ("[5 0 R 9 0 R]", "partial"), ("[5 0 R 5 0 R]", "ok")] {
        let (first, second) = (page.replace("CONTENTS", "5 0 R"), page.replace("CONTENTS", contents));
        let pages = "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>";
        let bytes = pdf(&["<< /Type /Catalog /Pages 2 0 R >>", pages, &first, &second, &words, font]);
        let report = hold_strictly(&bytes);
        assert_eq!(report["source"]["status"], status, "{contents}");
    }
}

/// Rules part the columns alone: each number belongs to the label it stands beside.
#[test]
fn numbers_of_rows_that_no_rule_parts_stand_beside_their_labels() {
    let text = |x: u32, y: u32, words: &str| format!("BT /T 9 Tf {x} {y} Td ({words}) Tj ET ");
    let rules = [20, 120, 200, 280].map(|x| format!("{x} 100 m {x} 280 l S ")).concat();
    let frame = [100, 260, 280].map(|y| format!("20 {y} m 280 {y} l S ")).concat();
    let header = text(30, 266, "Item") + &text(130, 266, "East") + &text(210, 266, "West");
    let rows = [("drains", 240, "753", ""), ("roads", 220, "", "1,800"), ("pumps", 200, "600", ""), ("mains", 170, "400", "25")];
    let row = |&(label, y, east, west): &(&str, u32, &str, &str)| text(30, y, label) + &text(130, y, east) + &text(210, y, west);
    let rows: String = rows.iter().map(row).collect();
    let report = hold_strictly(&plain_pdf(&(rules + &frame + &header + &rows)));
    let values: Vec<String> =
        report["values"].as_array().unwrap().iter().map(|value| format!("{} {}", value["key"].as_str().unwrap(), value["value"])).collect();
    assert_eq!(values, ["t1/drains/East 753", "t1/roads/West 1800", "t1/pumps/East 600", "t1/mains/East 400", "t1/mains/West 25"]);
}

/// A number that no type holds is never a value that was not printed.
#[test]
fn absurd_numbers_are_read_exactly_or_not_at_all() {
    let long = "7".repeat(400);
    let widest = "7".repeat(28);
    let negative = format!("-{widest}");
    let small = format!("0.{}", "3".repeat(28));
    let nearly = "7".repeat(27);
    let plain = ["1e400", "1E5", "-0", "1,,2", "1.2.3", "--5", "+-5", "0x10", "٣", "1/0", "∞", "NaN"];
    let long: [&str; 5] = [&long, &widest, &negative, &small, &nearly];
    for number in plain.into_iter().chain(long) {
        for row in [row().replacen('9', number, 1), row().replace('\t', &format!("\t{number}"))] {
            let report = hold_strictly(FORM.replace(self::row(), &row).as_bytes());
            for value in report["values"].as_array().unwrap().iter().filter(|value| value["state"] == "number") {
                let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
                let (printed, read) = (digits(value["raw"].as_str().unwrap()), digits(&value["value"].to_string()));
                assert_eq!(printed.trim_start_matches('0'), read.trim_start_matches('0'), "{number}: {value}");
            }
        }
    }
}

/// Characters that would steer a terminal.
fn steers(character: char) -> bool {
    character != '\n'
        && (character.is_control() || ('\u{202A}'..='\u{202E}').contains(&character) || ('\u{2066}'..='\u{2069}').contains(&character))
}

fn luoshu(arguments: &[&std::ffi::OsStr]) -> String {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_luoshu")).args(arguments).output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn nothing_printed_steers_a_terminal() {
    let escape = "\u{1B}[31m\u{1B}]0;title\u{7}\u{9B}2J\u{202E}\u{8}\u{7F}";
    let folder = std::env::temp_dir().join(format!("luoshu-hostile-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let report = folder.join(format!("a{escape}b::error::c.txt"));
    let text =
        FORM.replace("（一）予以公开\t9", &format!("（一）予以{escape}公开\t9{escape}1")).replace("三、", &format!("{escape}三、{escape}"));
    std::fs::write(&report, text).unwrap();
    let grammar = folder.join(format!("g{escape}.toml"));
    let family = include_str!("../grammar/cn-foi-annual.toml").replacen("自然人", "自然\\u001B[31m人", 1).replacen(
        "[[",
        &format!("# {escape}\n[["),
        1,
    );
    std::fs::write(&grammar, format!("{family}\n[\"\\u001B[31m\"]\nx{escape} = 1\n")).unwrap();
    let absent = folder.join(format!("none{escape}"));
    let [report, grammar, absent] = [&report, &grammar, &absent].map(|path| path.as_os_str());
    let runs: [&[&'static str]; 7] = [
        &["check", "--notes", "REPORT"],
        &["check", "--lang", "zh", "REPORT", "ABSENT"],
        &["check", "--notes", "--format", "github", "REPORT"],
        &["grammar", "check", "GRAMMAR"],
        &["grammar", "tree", "GRAMMAR"],
        &["check", "--grammar", "GRAMMAR", "REPORT"],
        &["explain", "\u{1B}[31m"],
    ];
    for run in runs {
        let named = |argument: &&'static str| match *argument {
            "REPORT" => report,
            "GRAMMAR" => grammar,
            "ABSENT" => absent,
            plain => std::ffi::OsStr::new(plain),
        };
        let arguments: Vec<&std::ffi::OsStr> = run.iter().map(named).collect();
        let printed = luoshu(&arguments);
        let raw: Vec<char> = printed.chars().filter(|&character| steers(character)).collect();
        assert!(raw.is_empty(), "{run:?} prints {raw:?} in\n{}", printed.escape_debug());
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Names of files and words of reports that a browser or a spreadsheet would run.
#[cfg(feature = "dataset")]
#[test]
fn nothing_in_a_dataset_runs() {
    let begin = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let would_run = |cell: &str| cell.starts_with(begin) && cell.parse::<f64>().is_err();
    let labels =
        ["=HYPERLINK(\"http://x\")", "＝1+1", "＋cmd", "－2+3", "＠SUM(A1)", "@SUM(A1)", "<script>alert(1)</script>", "\"><img src=x>"];
    let folder = std::env::temp_dir().join(format!("luoshu-runs-{}", std::process::id()));
    let (input, out) = (folder.join("in"), folder.join("out"));
    std::fs::create_dir_all(&input).unwrap();
    let rows: String = labels.iter().map(|label| format!("{label}\t1\t2\n")).collect();
    std::fs::write(input.join("=cmd.txt"), format!("<b onclick=go()>\n\n=1+1\t<i>\t@x\n{rows}")).unwrap();
    let form = FORM.replace("规章", "<script>规章</script>").replace("（一）予以公开\t9", "<img src=x>\t8").replace("青石", "=青<石");
    std::fs::write(input.join("<img src=x onerror=alert(1)>.txt"), form).unwrap();
    luoshu(&["build".as_ref(), input.as_os_str(), "-o".as_ref(), out.as_os_str()]);
    let page = std::fs::read_to_string(out.join("summary.html")).unwrap();
    assert!(page.contains("&lt;img src=x"), "{page}");
    for tag in ["<script", "<img", "<b onclick", "<i>", "onerror=alert(1)>"] {
        assert!(!page.contains(tag), "{tag} in {page}");
    }
    let mut n_cells = 0;
    for name in ["values.csv", "panel.csv", "flags.csv", "reports.csv"] {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(out.join(name)).unwrap();
        for row in reader.records() {
            let row = row.unwrap();
            n_cells += row.len();
            assert!(row.iter().all(|cell| !would_run(cell)), "{name}: {row:?}");
        }
    }
    assert!(n_cells > 500, "{n_cells}");
    let mut book = zip::ZipArchive::new(std::fs::File::open(out.join("panel.xlsx")).unwrap()).unwrap();
    for index in 0..book.len() {
        let mut part = String::new();
        let mut entry = book.by_index(index).unwrap();
        std::io::Read::read_to_string(&mut entry, &mut part).unwrap();
        assert!(!part.contains("<f>"), "a formula");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
