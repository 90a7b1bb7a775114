//! Office files made to do harm: they end soon, in bounded room, with a status that says why.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod support;

use luoshu::doc::Status;
use luoshu::flag::Severity;
use luoshu::read::read;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use support::lessons;
use support::office::{remake, rewrite};

fn lesson(name: &str) -> Vec<u8> {
    lessons().into_iter().find(|lesson| lesson.name == name).unwrap().bytes
}

/// The Word lesson with another body.
fn document(body: &str) -> Vec<u8> {
    rewrite(&lesson("docx-bold-headings"), "word/document.xml", |xml| {
        let (head, _) = xml.split_once("<w:body>").unwrap();
        format!("{head}<w:body>{body}</w:body></w:document>")
    })
}

fn sheet(data: &str) -> Vec<u8> {
    rewrite(&lesson("xlsx-one-sheet"), "xl/worksheets/sheet1.xml", |xml| {
        let (head, _) = xml.split_once("<sheetData>").unwrap();
        format!("{head}{data}</worksheet>")
    })
}

fn ods(rows: &str) -> Vec<u8> {
    rewrite(&lesson("ods-one-sheet"), "content.xml", |xml| {
        let at = xml.find("<table:table ").unwrap();
        format!(
            "{}<table:table table:name=\"a\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>",
            &xml[..at]
        )
    })
}

/// A workbook written as one XML text.
fn workbook(rows: &str) -> Vec<u8> {
    let namespace = "urn:schemas-microsoft-com:office:spreadsheet";
    let (head, tail) = ("<Worksheet ss:Name=\"a\"><Table>", "</Table></Worksheet></Workbook>");
    format!("<?xml version=\"1.0\"?><Workbook xmlns=\"{namespace}\" xmlns:ss=\"{namespace}\">{head}{rows}{tail}").into_bytes()
}

/// Read within a minute, on a machine however busy; the status, whether an error says why, and how much text came out.
fn ends(kind: &str, bytes: &[u8]) -> (Status, bool, usize) {
    let start = Instant::now();
    let found = read(bytes);
    assert!(start.elapsed() < Duration::from_secs(60), "{kind} took {:?}", start.elapsed());
    let is_told = found.flags.iter().any(|flag| flag.severity == Severity::Error);
    (found.value.status, is_told, found.value.document.text.len())
}

#[test]
fn a_part_that_unpacks_without_end_is_too_large() {
    let bomb =
        |name: &str, part: &str| remake(&lesson(name), |found, content| Some(if found == part { vec![b' '; 40 << 20] } else { content }));
    for (name, part) in [
        ("docx-bold-headings", "word/document.xml"),
        ("xlsx-one-sheet", "xl/worksheets/sheet1.xml"),
        ("xlsx-one-sheet", "xl/sharedStrings.xml"),
        ("ods-one-sheet", "content.xml"),
    ] {
        let bytes = bomb(name, part);
        assert!(bytes.len() < 1 << 20, "the bomb itself is small");
        let (status, is_told, n_bytes) = ends(part, &bytes);
        assert_eq!((status, is_told), (Status::TooLarge, true), "{part}");
        assert!(n_bytes < 1 << 20, "{part}");
    }
}

#[test]
fn nesting_without_end_is_too_large() {
    let tables = "<w:tbl><w:tr><w:tc>".repeat(30_000);
    let boxes = "<w:p><w:r><w:txbxContent>".repeat(30_000);
    let groups = format!("<sheetData>{}", "<row><c>".repeat(50_000));
    for (kind, bytes) in [
        ("tables", document(&tables)),
        ("boxes", document(&boxes)),
        ("rows", sheet(&groups)),
        ("frames", ods(&"<table:table-row>".repeat(100_000))),
        ("cells", workbook(&"<Row><Cell>".repeat(50_000))),
    ] {
        let (status, is_told, _) = ends(kind, &bytes);
        assert_eq!((status, is_told), (Status::TooLarge, true), "{kind}");
    }
}

#[test]
fn more_cells_than_are_read_are_too_large() {
    let row = format!("<w:tr>{}</w:tr>", "<w:tc><w:p/></w:tc>".repeat(100));
    let xml_row = format!("<Row>{}</Row>", "<Cell><Data>1</Data></Cell>".repeat(100));
    let mut rows = String::from("<sheetData>");
    for row in 1..=10_100 {
        write!(rows, "<row r=\"{row}\">{}</row>", "<c><v>1</v></c>".repeat(100)).unwrap();
    }
    let repeated = "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"><text:p>1</text:p></table:table-cell></table:table-row>";
    for (kind, bytes) in [
        ("word", document(&format!("<w:tbl>{}</w:tbl>", row.repeat(10_100)))),
        ("sheet", sheet(&format!("{rows}</sheetData>"))),
        ("repeated", ods(repeated)),
        ("workbook", workbook(&xml_row.repeat(10_100))),
    ] {
        let (status, is_told, _) = ends(kind, &bytes);
        assert_eq!((status, is_told), (Status::TooLarge, true), "{kind}");
    }
}

#[test]
fn spans_and_places_out_of_all_proportion_end_soon() {
    let wide = "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"1000000000\"/></w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let (status, is_told, n_bytes) = ends("gridSpan", &document(wide));
    assert_eq!((status, is_told), (Status::TooLarge, true));
    assert!(n_bytes < 10_000);
    let corners = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:XFD1048575\"/></mergeCells>";
    let (status, _, n_bytes) = ends("corners", &sheet(corners));
    assert_eq!(status, Status::Ok);
    assert!(n_bytes < 100_000);
    let far = format!(
        "<sheetData>{}</sheetData>",
        (0..20_000)
            .map(|at| format!("<row r=\"{}\"><c r=\"XFD{0}\"><v>1</v></c><c r=\"A{0}\"><v>1</v></c></row>", at * 50 + 1))
            .collect::<String>()
    );
    let (_, _, n_bytes) = ends("far", &sheet(&far));
    assert!(n_bytes < 10_000_000);
    let merges: String = (1..60_000).map(|row| format!("<mergeCell ref=\"A{row}:XFD{}\"/>", row + 500)).collect();
    let merged = format!(
        "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"59000\"><c r=\"B59000\"><v>2</v></c></row></sheetData><mergeCells>{merges}</mergeCells>"
    );
    ends("merges", &sheet(&merged));
}

#[test]
fn entities_are_not_expanded() {
    let mut entities = String::from("<!ENTITY a0 \"ha\">");
    for level in 1..40 {
        write!(entities, "<!ENTITY a{level} \"&a{0};&a{0};\">", level - 1).unwrap();
    }
    let bytes = rewrite(&lesson("docx-bold-headings"), "word/document.xml", |xml| {
        let (head, rest) = xml.split_once("?>").unwrap();
        let (before, after) = rest.split_once("<w:body>").unwrap();
        format!("{head}?><!DOCTYPE w:document [{entities}]>{before}<w:body><w:p><w:r><w:t>&a39;</w:t></w:r></w:p>{after}")
    });
    let (_, _, n_bytes) = ends("entities", &bytes);
    assert!(n_bytes < 100_000);
}

#[test]
fn a_container_of_too_many_parts_is_too_large() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..10_001 {
        zip.start_file(format!("word/document{index}.xml"), zip::write::SimpleFileOptions::default()).unwrap();
    }
    let (status, is_told, _) = ends("parts", &zip.finish().unwrap().into_inner());
    assert_eq!((status, is_told), (Status::TooLarge, true));
}
