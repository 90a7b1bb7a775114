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
