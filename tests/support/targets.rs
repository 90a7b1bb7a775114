//! What each room must hold, whatever comes in. `monkey.rs` plays every target by chance, in each test run; `tests/fuzz`
//! plays the same ones led by coverage, for as long as one likes.

use super::FAMILIES;
use super::monkey::{Dice, formula, page, text};
use super::oracle::{hold, hold_strictly, run};
use super::watch::{growth, processor_time};
use luoshu::doc::{Block, Document};
use luoshu::fit::{choose, fit};
use luoshu::grammar::{BUILT_IN, CellSum, Identity, Saying, lint, load};
use luoshu::identify::{Head, identify};
use luoshu::outline::{KnownTitles, Outline, outline};
use luoshu::read::read;
use luoshu::table::tables;
use std::io::{Cursor, Read, Write};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

/// One question to one room.
pub struct Target {
    pub name: &'static str,
    /// Inputs to begin with; none where any bytes do.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// The input that some bytes stand for: they are one, or they are the throws of the dice that make one.
    pub input: fn(&[u8]) -> Vec<u8>,
    /// Panics where what must be true is not.
    pub hold: fn(&[u8]),
}

pub const TARGETS: &[Target] = &[
    Target { name: "decode", seeds: || lessons(&["txt", "html"]), input: <[u8]>::to_vec, hold: decode },
    Target { name: "outline", seeds: Vec::new, input: |bytes| text(&mut Dice::of(bytes)), hold: hold_outline },
    Target { name: "tables_fit", seeds: Vec::new, input: |bytes| text(&mut Dice::of(bytes)), hold: hold_fit },
    Target { name: "form_fit", seeds: || lessons(&["txt", "md"]), input: <[u8]>::to_vec, hold: hold_fit },
    Target { name: "formula", seeds: formulas, input: <[u8]>::to_vec, hold: hold_formula },
    Target { name: "grammar", seeds: grammars, input: <[u8]>::to_vec, hold: hold_grammar },
    Target { name: "html", seeds: Vec::new, input: |bytes| page(&mut Dice::of(bytes)), hold: hold_reader },
    Target { name: "html_bytes", seeds: || lessons(&["html"]), input: <[u8]>::to_vec, hold: hold_reader },
    Target { name: "docx", seeds: || packages(&["docx"]), input: pack, hold: hold_reader },
    Target { name: "sheet", seeds: || packages(&["xlsx", "ods"]), input: pack, hold: hold_reader },
    Target { name: "sheet_xml", seeds: || lessons(&["xml"]), input: <[u8]>::to_vec, hold: hold_reader },
    Target { name: "ole", seeds: || lessons(&["xls", "doc"]), input: <[u8]>::to_vec, hold: hold_reader },
    Target { name: "pdf", seeds: || lessons(&["pdf"]), input: <[u8]>::to_vec, hold: hold_reader },
    Target { name: "pdf_page", seeds: page_contents, input: pdf_page, hold: hold_reader },
    Target { name: "csv", seeds: separated, input: <[u8]>::to_vec, hold: hold_reader },
    Target { name: "whole_text", seeds: Vec::new, input: |bytes| text(&mut Dice::of(bytes)), hold: ask },
    Target { name: "whole_page", seeds: Vec::new, input: |bytes| page(&mut Dice::of(bytes)), hold: ask },
    Target { name: "whole", seeds: || lessons(&ANY), input: <[u8]>::to_vec, hold: ask },
    Target { name: "slowness", seeds: Vec::new, input: <[u8]>::to_vec, hold: hold_time },
];

const ANY: [&str; 10] = ["txt", "md", "html", "pdf", "docx", "xlsx", "ods", "xls", "xml", "doc"];

/// The lessons' files of these formats.
pub fn lessons(endings: &[&str]) -> Vec<Vec<u8>> {
    let mut open: Vec<PathBuf> = vec![super::root().join("corpus")];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|ending| endings.contains(&ending.to_str().unwrap())) {
            found.push(path);
        }
    }
    found.sort();
    found.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn grammars() -> Vec<Vec<u8>> {
    BUILT_IN.iter().map(|(_, text)| text.as_bytes().to_vec()).collect()
}

/// The words between quotes of the built-in grammars: formulas, sayings, labels.
fn formulas() -> Vec<Vec<u8>> {
    let made = (0..40).map(|seed| formula(&mut Dice::new(seed)).into_bytes());
    let quoted = BUILT_IN.iter().flat_map(|(_, text)| text.split('"').skip(1).step_by(2));
    let quoted = quoted.filter(|words| words.contains(['=', '{', '+'])).map(|words| words.as_bytes().to_vec());
    quoted.chain(made).collect()
}

/// Lessons with tabs, as comma-separated values.
fn separated() -> Vec<Vec<u8>> {
    let texts = lessons(&["txt"]).into_iter().filter_map(|bytes| String::from_utf8(bytes).ok());
    texts.filter(|text| text.contains('\t')).map(|text| text.replace('\t', ",").into_bytes()).collect()
}

/// A container as plain bytes: the name of a part, 0, the part, 0, the next name …; parts that are not text are left out.
fn packages(endings: &[&str]) -> Vec<Vec<u8>> {
    let unpack = |bytes: Vec<u8>| {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut plain = Vec::new();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).unwrap();
            let mut part = Vec::new();
            entry.read_to_end(&mut part).unwrap();
            if !part.contains(&0) && !part.is_empty() {
                plain.extend([entry.name().unwrap().as_bytes(), &[0], &part, &[0]].concat());
            }
        }
        plain
    };
    lessons(endings).into_iter().map(unpack).collect()
}

/// The container of such bytes: what is broken is a part, not the zip.
fn pack(bytes: &[u8]) -> Vec<u8> {
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut pieces = bytes.split(|byte| *byte == 0);
    while let (Some(name), Some(part)) = (pieces.next(), pieces.next()) {
        if writer.start_file(String::from_utf8_lossy(name), stored).is_ok() {
            writer.write_all(part).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

fn page_contents() -> Vec<Vec<u8>> {
    let words = "BT /T 9 Tf 20 250 Td (12) Tj 40 0 Td (1,234) Tj 0 -20 Td [(5) -400 (6)] TJ ET ";
    let rules = "0.5 w 10 240 m 120 240 l S 10 220 110 20 re S q 1 0 0 1 5 5 cm 10 200 m 10 260 l S Q ";
    vec![words.into(), rules.into(), [words, rules].concat().into()]
}

/// A PDF of one page that draws these words.
fn pdf_page(words: &[u8]) -> Vec<u8> {
    let head = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page\
        /Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</T 5 0 R>>/XObject<</F 4 0 R>>>>>>endobj 5 0 obj<</Type/Font\
        /Subtype/Type1/BaseFont/Helvetica>>endobj 4 0 obj<</Length ";
    let tail = "\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
    [head.as_bytes(), format!("{}>>stream\n", words.len()).as_bytes(), words, tail.as_bytes()].concat()
}

fn decode(bytes: &[u8]) {
    for declared in [None, Some("gb2312"), Some("utf-8"), Some("no-such-charset")] {
        let found = luoshu::decode::decode(bytes, declared);
        assert_eq!(found.value.text, luoshu::decode::decode(bytes, declared).value.text);
        assert!(!found.value.text.contains('\u{FFFD}') || !found.flags.is_empty(), "lost characters are flagged");
    }
}

/// Blocks, rows and cells stand apart, in order, in the text, on whole characters.
fn hold_document(document: &Document) {
    let stands = |span: luoshu::place::Span| {
        assert!(document.text.get(span.start as usize..span.end as usize).is_some(), "{span:?} lies in the text");
    };
    assert!(document.blocks.windows(2).all(|pair| pair[0].span().end <= pair[1].span().start), "blocks stand apart, in order");
    for block in &document.blocks {
        stands(block.span());
        let Block::Grid(grid) = block else { continue };
        for row in &grid.rows {
            stands(row.span);
            row.cells.iter().for_each(|cell| stands(cell.span));
            // Two words of a header may stand over one column of a text that is laid out with spaces.
            assert!(row.cells.windows(2).all(|pair| pair[0].column <= pair[1].column), "cells stand in order of column");
        }
    }
}

fn hold_reader(bytes: &[u8]) {
    hold_document(&read(bytes).value.document);
}

static TITLES: LazyLock<KnownTitles<'static>> = LazyLock::new(|| {
    let sections = FAMILIES.iter().flat_map(|family| &family.sections);
    KnownTitles::new(sections.flat_map(|section| &section.labels).map(String::as_str))
});

fn outlined(bytes: &[u8]) -> (Document, Outline) {
    let document = read(bytes).value.document;
    let found = outline(&document, &TITLES).value;
    (document, found)
}

fn hold_outline(bytes: &[u8]) {
    let (document, found) = outlined(bytes);
    hold_document(&document);
    assert!(found.sections.windows(2).all(|pair| pair[0].blocks.end <= pair[1].blocks.start), "sections follow one another");
    for (index, section) in found.sections.iter().enumerate() {
        let parent = section.parent.map(|parent| (parent, found.sections[parent].level));
        assert!(parent.is_none_or(|(parent, level)| parent < index && level + 1 == section.level), "a parent comes before, one level up");
        assert!(section.parent.is_some() || section.level == 1);
    }
}

/// Every family is tried on the tables, whether it is theirs or not: no cell of the text is given twice.
fn hold_fit(bytes: &[u8]) {
    let (document, sections) = outlined(bytes);
    let printed = tables(&document, &sections);
    for family in FAMILIES.iter().filter(|family| !family.tables.is_empty()) {
        let identity = identify(&Head::new(&document, &sections), family);
        let edition = choose::find_edition(&printed, family, identity.year);
        let fitted = fit(&document, &sections, &printed, family, edition).value;
        let mut keys = std::collections::HashSet::new();
        let mut spans = std::collections::HashSet::new();
        for (table, cell) in fitted.tables.iter().flat_map(|table| table.cells.iter().map(move |cell| (table, cell))) {
            assert!(keys.insert((table.form, &cell.row, &cell.column)), "{}/{} twice", cell.row, cell.column);
            let own = cell.span.filter(|_| cell.reading.quantity().is_some());
            assert!(own.is_none_or(|span| spans.insert((span.start, span.end))), "a number is placed twice");
        }
    }
}

fn hold_formula(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let within = |error: Option<usize>| assert!(error.is_none_or(|at| at <= text.len()), "a mistake lies in the text");
    within(Identity::parse("name", &text).err());
    within(CellSum::parse(&text).err());
    within(Saying::parse(&text).err());
}

fn hold_grammar(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for mistake in load::read(&text).mistakes.into_iter().chain(lint::lint(&text)) {
        assert!(mistake.span.start <= mistake.span.end && mistake.span.end <= text.len(), "a mistake lies in the file");
    }
}

/// Now and then all that can be asked, else what is cheap to ask.
fn ask(bytes: &[u8]) {
    if bytes.len().is_multiple_of(16) { drop(hold_strictly(bytes)) } else { drop(hold(bytes)) }
}

/// Bytes of the shorter of two inputs whose times are compared.
const SHORT: usize = 16 * 1024;
/// What a sound input of that length stays well under, on a slow machine too: no comparison is made.
const SOUND: Duration = Duration::from_millis(25);
/// Four times the input may take this many times as long, at most.
const MOST_GROWTH: f64 = 8.0;

/// A small piece again and again makes a long input; what grows faster than it is slow.
fn hold_time(bytes: &[u8]) {
    let (throws, rest) = bytes.split_at(bytes.len().min(2));
    let mut dice = Dice::of(throws);
    let kind = dice.below(3);
    let start = dice.below(64);
    let one = match kind {
        0 => text(&mut Dice::of(rest)),
        1 => page(&mut Dice::of(rest)),
        _ => rest.to_vec(),
    };
    let from = one.len() * start / 64;
    let (before, after) = one.split_at(from);
    let piece = &after[..after.len().min(200)];
    if piece.is_empty() {
        return;
    }
    let make = |size: usize| [before, &piece.repeat(size / piece.len()), after].concat();
    let long = make(SHORT);
    if processor_time(|| run(&long)) > SOUND {
        let grows = growth(make, SHORT, run);
        assert!(grows.is_none_or(|times| times < MOST_GROWTH), "four times the input takes {grows:?} times as long");
    }
}
