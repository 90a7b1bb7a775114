//! A report as lines and tables, written as a web page, a Word document or a workbook.
//!
//! The Office files are those of `corpus/`, made with LibreOffice, with another body set into them. A cell that spans
//! says so at its head: `\u{1}3x2\u{2}words` is three columns wide and two rows high.

use super::layout::{Part, is_number};
use super::{Lesson, lessons};
use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write as _};

/// Writes parts as a file.
pub type Write = fn(&[Part]) -> Vec<u8>;

pub const FORMATS: [(&str, Write); 3] = [("html", html), ("docx", docx), ("xlsx", xlsx)];

fn lesson(name: &str) -> Lesson {
    lessons().into_iter().find(|lesson| lesson.name == name).unwrap()
}

/// Columns, rows and words of a cell.
fn spans(cell: &str) -> (usize, usize, String) {
    let Some((head, words)) = cell.strip_prefix('\u{1}').and_then(|rest| rest.split_once('\u{2}')) else { return (1, 1, cell.into()) };
    // Damage that spreads a label's letters spreads these as well.
    let head: String = head.chars().filter(|character| *character != ' ').collect();
    let (columns, rows) = head.split_once('x').unwrap();
    (columns.parse().unwrap(), rows.parse().unwrap(), words.trim_start().into())
}

/// The parts of the lesson `html-spans`, whose tables span as the form does.
pub fn spanned_parts() -> Vec<Part> {
    let page = String::from_utf8(lesson("html-spans").bytes).unwrap();
    let body = page.split_once("<h1>").unwrap().1.split_once("<div style").unwrap().0;
    let mut parts: Vec<Part> = Vec::new();
    for line in format!("<h1>{body}").lines() {
        if line.starts_with("<table") {
            parts.push(Part::Table(Vec::new()));
        } else if let Some(row) = line.strip_prefix("<tr>") {
            if let Some(Part::Table(rows)) = parts.last_mut() {
                rows.push(row.split("<td").skip(1).map(cell).collect());
            }
        } else if line.starts_with("<h") || line.starts_with("<p") {
            parts.push(Part::Line(words(line)));
        }
    }
    parts
}

fn cell(markup: &str) -> String {
    let (attributes, rest) = markup.split_once('>').unwrap();
    let span = |name: &str| attributes.split_once(&format!("{name}=\"")).map_or("1", |(_, rest)| rest.split('"').next().unwrap());
    let (columns, rows) = (span("colspan"), span("rowspan"));
    let words = words(rest);
    if columns == "1" && rows == "1" { words } else { format!("\u{1}{columns}x{rows}\u{2}{words}") }
}

fn words(markup: &str) -> String {
    let shown: String = format!(">{markup}").split('>').skip(1).filter_map(|piece| piece.split('<').next()).collect();
    shown.replace("&emsp;", "").replace("&nbsp;", "")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

pub fn html(parts: &[Part]) -> Vec<u8> {
    let mut out = String::from("<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>\n");
    for part in parts {
        match part {
            Part::Line(line) => out.push_str(&format!("<p>{}</p>\n", escape(line))),
            Part::Table(rows) => {
                let cell = |cell: &String| {
                    let (columns, rows, words) = spans(cell);
                    format!("<td colspan=\"{columns}\" rowspan=\"{rows}\">{}</td>", escape(&words))
                };
                let row = |row: &Vec<String>| format!("<tr>{}</tr>\n", row.iter().map(cell).collect::<String>());
                out.push_str(&format!("<table>{}</table>\n", rows.iter().map(row).collect::<String>()));
            }
        }
    }
    (out + "</body></html>").into_bytes()
}

/// A cell where a browser puts it.
struct Placed {
    row: usize,
    column: usize,
    columns: usize,
    rows: usize,
    words: String,
}

fn place(rows: &[Vec<String>]) -> Vec<Placed> {
    let mut taken = BTreeSet::new();
    let mut placed = Vec::new();
    for (row, cells) in rows.iter().enumerate() {
        let mut column = 0;
        for cell in cells {
            let (columns, rows, words) = spans(cell);
            while taken.contains(&(row, column)) {
                column += 1;
            }
            taken.extend((row..row + rows).flat_map(|row| (column..column + columns).map(move |column| (row, column))));
            placed.push(Placed { row, column, columns, rows, words });
            column += columns;
        }
    }
    placed
}

pub fn docx(parts: &[Part]) -> Vec<u8> {
    let para = |words: &str| format!("<w:p><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>", escape(words));
    let mut body = String::new();
    for part in parts {
        match part {
            Part::Line(line) => body.push_str(&para(line)),
            Part::Table(rows) => {
                body.push_str("<w:tbl>");
                let placed = place(rows);
                for row in 0..rows.len() {
                    body.push_str("<w:tr>");
                    let mut own: Vec<&Placed> = placed.iter().filter(|cell| (cell.row..cell.row + cell.rows).contains(&row)).collect();
                    own.sort_by_key(|cell| cell.column);
                    for cell in own {
                        let merge = match (cell.rows > 1, cell.row == row) {
                            (false, _) => "",
                            (true, true) => "<w:vMerge w:val=\"restart\"/>",
                            (true, false) => "<w:vMerge/>",
                        };
                        let words = if cell.row == row { para(&cell.words) } else { "<w:p/>".into() };
                        body.push_str(&format!("<w:tc><w:tcPr><w:gridSpan w:val=\"{}\"/>{merge}</w:tcPr>{words}</w:tc>", cell.columns));
                    }
                    body.push_str("</w:tr>");
                }
                body.push_str("</w:tbl>");
            }
        }
    }
    rewrite(&lesson("docx-bold-headings").bytes, "word/document.xml", |xml| {
        let (head, rest) = xml.split_once("<w:body>").unwrap();
        let tail = rest.rfind("<w:sectPr").unwrap();
        format!("{head}<w:body>{body}{}", &rest[tail..])
    })
}

pub fn xlsx(parts: &[Part]) -> Vec<u8> {
    let (mut data, mut merges) = (String::new(), String::new());
    let mut next = 1;
    for part in parts {
        let placed = match part {
            Part::Line(line) if line.is_empty() => Vec::new(),
            Part::Line(line) => vec![Placed { row: 0, column: 0, columns: 1, rows: 1, words: line.clone() }],
            Part::Table(rows) => place(rows),
        };
        let height = if let Part::Table(rows) = part { rows.len() } else { 1 };
        for row in 0..height {
            data.push_str(&format!("<row r=\"{}\">", next + row));
            for cell in placed.iter().filter(|cell| cell.row == row && !cell.words.is_empty()) {
                let at = format!("{}{}", letter(cell.column), next + row);
                let is_stored = is_number(&cell.words) && (cell.words == "0" || !cell.words.starts_with('0'));
                let words = escape(&cell.words);
                data.push_str(&if is_stored {
                    format!("<c r=\"{at}\"><v>{words}</v></c>")
                } else {
                    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{words}</t></is></c>")
                });
            }
            data.push_str("</row>");
        }
        for cell in placed.iter().filter(|cell| cell.columns > 1 || cell.rows > 1) {
            let end = format!("{}{}", letter(cell.column + cell.columns - 1), next + cell.row + cell.rows - 1);
            merges.push_str(&format!("<mergeCell ref=\"{}{}:{end}\"/>", letter(cell.column), next + cell.row));
        }
        next += height;
    }
    let merges = if merges.is_empty() { merges } else { format!("<mergeCells>{merges}</mergeCells>") };
    rewrite(&lesson("xlsx-one-sheet").bytes, "xl/worksheets/sheet1.xml", |xml| {
        let (head, _) = xml.split_once("<sheetData>").unwrap();
        format!("{head}<sheetData>{data}</sheetData>{merges}</worksheet>")
    })
}

fn letter(column: usize) -> String {
    let last = char::from(b'A' + u8::try_from(column % 26).unwrap()).to_string();
    if column < 26 { last } else { letter(column / 26 - 1) + &last }
}

/// A container with one of its parts changed.
pub fn rewrite(bytes: &[u8], name: &str, change: impl FnOnce(String) -> String) -> Vec<u8> {
    let mut change = Some(change);
    remake(bytes, |part, content| {
        let change = change.take_if(|_| part == name);
        Some(change.map_or(content.clone(), |change| change(String::from_utf8(content).unwrap()).into_bytes()))
    })
}

/// A container with every part as `change` says; none leaves the part out.
pub fn remake(bytes: &[u8], mut change: impl FnMut(&str, Vec<u8>) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut entry = old.by_index(index).unwrap();
        let name = entry.name().unwrap().to_string();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if let Some(content) = change(&name, content) {
            // An OpenDocument file says what it is in a part that is not packed.
            let packed = zip::write::SimpleFileOptions::default();
            let plain = packed.compression_method(zip::CompressionMethod::Stored);
            new.start_file(name.as_str(), if name == "mimetype" { plain } else { packed }).unwrap();
            new.write_all(&content).unwrap();
        }
    }
    new.finish().unwrap().into_inner()
}
