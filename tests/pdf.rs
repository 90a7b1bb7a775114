//! PDF: a real report cell by cell where it lies beside the repository, a report of our own set by LibreOffice, files
//! that cannot be read, and seeded damage.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use luoshu::coverage::tokens;
use luoshu::doc::{Block, Document, Grid, Shape, Status};
use luoshu::flag::{Code, Severity};
use luoshu::place::Place;
use luoshu::read::read;
use serde_json::Value;
use std::path::Path;
use support::parse_to_json;
use support::pdf::tiny;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn own_report() -> Vec<u8> {
    std::fs::read(root().join("corpus/cn-foi-annual/pdf-ruled-two-pages/report.pdf")).unwrap()
}

fn grids(document: &Document) -> Vec<&Grid> {
    document.blocks.iter().filter_map(to_grid).collect()
}

fn to_grid(block: &Block) -> Option<&Grid> {
    match block {
        Block::Grid(grid) => Some(grid),
        _ => None,
    }
}

#[test]
fn the_hongze_report_is_read_whole() {
    let shared = root().join("../shared");
    let (report, truth) = (shared.join("reports/foi-annual/hongze-2023.pdf"), shared.join("truth/hongze-2023.json"));
    let (Ok(bytes), Ok(truth)) = (std::fs::read(report), std::fs::read_to_string(truth)) else {
        eprintln!("skipped: the shared reports are not here");
        return;
    };
    let truth: Value = serde_json::from_str(&truth).unwrap();
    let report = parse_to_json(&bytes);
    let values = report["values"].as_array().unwrap();
    for (key, want) in truth.as_object().unwrap() {
        let got = values.iter().find(|value| value["key"] == key.as_str()).map(|value| value["value"].to_string());
        assert_eq!(got, Some(want.to_string()), "{key}");
    }
    assert_eq!(values.len(), truth.as_object().unwrap().len());
    let loud: Vec<String> = report["flags"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|flag| flag["severity"] != Severity::Note.name())
        .map(|flag| format!("{} {} {} {}", flag["code"], flag["fault"], flag["cells"][0], flag["place"]["page"]))
        .collect();
    let off = |cell: &str| format!(r#""sum-off" "source" "review/cases/{cell}.total" 4"#);
    assert_eq!(loud, [off("reconsideration"), off("litigation.after_reconsideration")], "the two misprinted totals and nothing else");
    assert!(report["flags"].as_array().unwrap().iter().any(|flag| flag["code"] == "label-misprint"));
    assert_eq!(report["tables"].as_array().unwrap().len(), 3);
    let titles: Vec<&str> = report["sections"].as_array().unwrap().iter().map(|section| section["number"].as_str().unwrap()).collect();
    assert_eq!(titles, ["一", "二", "三", "四", "五", "六"]);
    assert_eq!(report["coverage"]["unplaced"].as_array().unwrap().len(), 0);
}

#[test]
fn a_table_cut_by_a_page_break_keeps_its_columns() {
    let source = read(&own_report()).value;
    assert_eq!((source.format, source.status, source.document.pages.as_slice()), ("pdf", Status::Ok, [Status::Ok; 3].as_slice()));
    let grids = grids(&source.document);
    assert_eq!(grids.len(), 4, "three tables, one of them in two parts");
    assert!(grids.iter().all(|grid| grid.shape == Shape::Spanned));
    let cell = |grid: usize, words: &str| {
        let cells = grids[grid].rows.iter().flat_map(|row| &row.cells);
        *cells.into_iter().find(|cell| source.document.slice(cell.span) == words).unwrap()
    };
    let whole = cell(1, "一、本年新收政府信息公开申请数量");
    let granted = cell(1, "（一）予以公开");
    let refused = cell(2, "（三）不予公开");
    assert_eq!((whole.column, whole.columns), (0, 3), "the first page has no edge between groups and rows; the second has");
    assert_eq!((granted.column, granted.columns), (1, 2));
    assert_eq!((refused.column, refused.columns, refused.rows), (1, 1, 8));
    assert_eq!(cell(2, "本年度办理结果").rows, 19, "a label one glyph a line");
    let furniture = source.document.blocks.iter().filter(|block| matches!(block, Block::Furniture(_))).count();
    assert_eq!(furniture, 3, "one page number a page");
}

#[test]
fn every_number_of_the_text_stands_in_the_pdf() {
    let text = std::fs::read_to_string(root().join("corpus/cn-foi-annual/clean-2021-tabs/report.txt")).unwrap();
    let document = read(&own_report()).value.document;
    let furniture: Vec<_> = document.blocks.iter().filter(|block| matches!(block, Block::Furniture(_))).map(Block::span).collect();
    let mut printed: Vec<&str> = tokens(&document.text)
        .into_iter()
        .filter(|token| !furniture.iter().any(|page| page.covers(*token)))
        .map(|token| document.slice(token))
        .collect();
    let mut wanted: Vec<&str> = tokens(&text).into_iter().map(|token| &text[token.range()]).collect();
    printed.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(printed, wanted);
}

#[test]
fn every_cell_has_its_box_on_a_page() {
    let document = read(&own_report()).value.document;
    for grid in grids(&document) {
        for cell in grid.rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.span.is_empty()) {
            let Some(Place::Page { page, bounds: [left, top, right, bottom] }) = document.place(cell.span) else { panic!("{cell:?}") };
            assert!((1..=3).contains(&page) && left < right && top < bottom && left >= 0.0 && right <= 596.0 && bottom <= 843.0);
        }
    }
    let spans: Vec<_> = document.blocks.iter().map(Block::span).collect();
    assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "blocks do not overlap");
}

#[test]
fn what_cannot_be_read_is_said() {
    let picture = "5 0 obj\n<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\n\
                   stream\n0\nendstream\nendobj\n";
    let scan = tiny("", "q 595 0 0 842 0 0 cm /I Do Q", "/XObject << /I 5 0 R >>", picture);
    let secret = "<".to_string() + &"5A".repeat(32) + ">";
    let lock = format!("/Encrypt << /Filter /Standard /V 1 /R 2 /O {secret} /U {secret} /P -4 >> /ID [{secret} {secret}]");
    let locked = tiny(&lock, "BT ET", "", "");
    let cases = [
        ("a scan", scan, Status::NoText),
        ("a locked file", locked, Status::Encrypted),
        ("a blank page", tiny("", "", "", ""), Status::NoText),
        ("a head without a body", b"%PDF-1.7\n%%EOF".to_vec(), Status::Damaged),
    ];
    for (what, bytes, want) in cases {
        let flagged = read(&bytes);
        assert_eq!(flagged.value.status, want, "{what}");
        let codes: Vec<Code> = flagged.flags.iter().map(|flag| flag.code).collect();
        assert!(codes.contains(&Code::NoText), "{what}: {codes:?}");
    }
}

#[test]
fn a_drawing_without_end_is_left() {
    let form = |number: usize| {
        let next = number + 1;
        let content = "/F Do ".repeat(10);
        format!(
            "{number} 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F {next} 0 R >> >> /Length {} >>\n\
             stream\n{content}\nendstream\nendobj\n",
            content.len()
        )
    };
    let forms: String = (5..25).map(form).collect();
    let flagged = read(&tiny("", "/F Do", "/XObject << /F 5 0 R >>", &forms));
    assert_eq!(flagged.value.document.pages, [Status::TooLarge]);
    assert!(!flagged.flags.is_empty());
}

/// Found by the fuzz target `pdf`: a label stood behind a number of its row, and the columns no longer rose.
#[test]
fn cells_of_a_row_stand_in_order_of_column() {
    let word = |x: u32, y: u32, text: &str| format!("BT /F 12 Tf {x} {y} Td ({text}) Tj ET\n");
    let rows = [
        vec![(60, "Kind"), (200, "2021"), (300, "2022")],
        vec![(60, "Goats"), (200, "12"), (300, "15")],
        vec![(60, "Sheep"), (300, "72")],
        vec![(20, "9"), (60, "Geese"), (300, "11")],
        vec![(60, "Ducks"), (200, "130"), (300, "128")],
    ];
    let shown = rows.iter().zip((600..).step_by(22)).flat_map(|(row, down)| row.iter().map(move |(x, text)| word(*x, 1300 - down, text)));
    let font = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";
    let document = read(&tiny("", &shown.collect::<String>(), font, "")).value.document;
    let found = grids(&document);
    assert_eq!(found.len(), 1);
    for row in &found[0].rows {
        assert!(row.cells.is_sorted_by_key(|cell| cell.column), "{row:?}");
    }
}
