//! One report as a sample: what it is called, its sections, its tables part by part.

use super::claims::MOST_WORDS;
use crate::claims::sentence::{Sentence, Stated, is_stop, sentences};
use crate::doc::{Block, Shape};
use crate::fold::{fold, tidy};
use crate::generic::LooseTable;
use crate::generic::frame::Role;
use crate::generic::header::Header;
use crate::generic::sheet::{Sheet, Slot};
use crate::grammar::words::built_in;
use crate::identify::find_year;
use crate::normalise::is_number;
use crate::numbering::{after_mark, fold_shown};
use crate::report::Report;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What a report prints, as far as a grammar can say it.
#[derive(Debug, Default)]
pub(super) struct Sample {
    pub year: Option<i32>,
    /// Titles of the numbered sections of level 1.
    pub sections: Vec<String>,
    pub bands: Vec<Band>,
    pub said: Vec<Said>,
    /// Parts of tables in which labels and numbers are not told apart: the section of each.
    pub left_out: Vec<String>,
}

impl Sample {
    /// Nothing can be taken from it.
    pub(super) fn is_empty(&self) -> bool {
        self.sections.is_empty() && self.bands.is_empty() && self.left_out.is_empty()
    }
}

/// A number in a sentence.
#[derive(Debug)]
pub(super) struct Said {
    /// The words right before it in its clause.
    pub before: Vec<char>,
    pub number: Decimal,
    /// What stands right behind it.
    pub unit: char,
}

/// A header and the rows below it.
#[derive(Debug, Default)]
pub(super) struct Band {
    /// Title of the section it stands in.
    pub section: Option<String>,
    /// The format says which cell spans what, so that its groups can be trusted.
    pub is_firm: bool,
    /// The line that opens it, where a table has several.
    pub opens: Option<String>,
    pub unit: Option<String>,
    /// Words over the row labels.
    pub stub: Vec<String>,
    /// Label paths from left to right.
    pub columns: Vec<Path>,
    /// Label paths from top to bottom.
    pub rows: Vec<Path>,
    /// Numbers by row and column, as far as they are printed.
    pub numbers: BTreeMap<(usize, usize), Decimal>,
}

/// The labels that lead to a row or a column, the groups first.
pub(super) type Path = Vec<String>;

/// A label without the number before it.
pub(super) fn plain(label: &str) -> String {
    let folded = fold_shown(label);
    let stripped = after_mark(&folded);
    let words = stripped.trim_start_matches(['.', '、', ',', '，', ')', '）', ' ']);
    if words.is_empty() { tidy(label) } else { tidy(words) }
}

/// Paragraphs in which a title is looked for, and the most characters it has.
const HEAD: usize = 12;
const LONGEST_TITLE: usize = 60;
/// A name that samples share has so many characters.
const LEAST_TITLE: usize = 4;

fn head(report: &Report) -> Vec<String> {
    let document = &report.source.document;
    let paras = document.blocks.iter().filter_map(|block| if let Block::Para(para) = block { Some(para.span) } else { None });
    paras.take(HEAD).map(|span| fold(document.slice(span))).filter(|words| words.chars().count() <= LONGEST_TITLE).collect()
}

/// The longest words that the head of every sample holds.
pub(super) fn common_title(reports: &[Report]) -> String {
    let heads: Vec<Vec<String>> = reports.iter().map(head).collect();
    let Some((first, others)) = heads.split_first() else { return String::new() };
    let in_all = |words: &str| others.iter().all(|head| head.iter().any(|para| para.contains(words)));
    let mut best = String::new();
    for para in first {
        let letters: Vec<char> = para.chars().collect();
        for start in 0..letters.len() {
            let mut length = best.chars().count().max(LEAST_TITLE - 1) + 1;
            while let Some(words) = letters.get(start..start + length).map(|words| words.iter().collect::<String>()) {
                if !in_all(&words) {
                    break;
                }
                best = words;
                length += 1;
            }
        }
    }
    best.trim_start_matches(|character: char| character.is_ascii_digit()).to_string()
}

/// Take a sample of a report.
pub(super) fn sample(report: &Report, title: &str) -> Sample {
    let sections = &report.outline.sections;
    let is_root = |index: &usize| sections.get(*index).is_some_and(|section| section.level == 1 && section.number.is_some());
    let name = |index: usize| sections.get(index).map(|section| tidy(&section.title));
    let mut bands = Vec::new();
    for table in &report.loose {
        let section = report.tables.get(table.index).and_then(|printed| printed.section).map(|own| report.outline.root_of(own));
        let section = section.filter(is_root).and_then(name);
        let shape = report.tables.get(table.index).and_then(|printed| printed.rows.first()).map(|row| row.shape);
        let is_firm = shape == Some(Shape::Spanned);
        let own = split_bands(table);
        let is_stacked = own.len() > 1;
        for (header, rows) in own {
            let opens = if is_stacked { opening(table, header) } else { None };
            bands.push(Band { section: section.clone(), is_firm, opens, ..band(table, header, rows) });
        }
    }
    bands.retain(|band| !band.columns.is_empty() && !band.rows.is_empty());
    // A number among the labels: the layout does not show which column a cell stands in, and such a form would be wrong.
    let (left_out, bands): (Vec<Band>, Vec<Band>) =
        bands.into_iter().partition(|band| band.rows.iter().flatten().any(|label| is_number(label)));
    let year = head(report).iter().find(|para| para.contains(title)).or(head(report).first()).and_then(|para| find_year(para));
    Sample {
        year,
        sections: (0..sections.len()).filter(is_root).filter_map(name).collect(),
        left_out: left_out.into_iter().map(|band| band.section.unwrap_or_default()).collect(),
        bands,
        said: sentences(&report.source.document, &report.outline).iter().flat_map(said).collect(),
    }
}

/// The numbers of a sentence that have words before and behind them, and none that speaks of another time or part.
fn said(sentence: &Sentence) -> Vec<Said> {
    let is_word = |character: &char| !is_stop(*character) && !character.is_ascii_digit() && !"(){}~|?".contains(*character);
    let one = |stated: &Stated| {
        let unit = sentence.folded.get(stated.to).copied().filter(|unit| unit.is_alphabetic())?;
        let words = sentence.folded.get(..stated.from)?.iter().rev().take_while(|character| is_word(character));
        let mut before: Vec<char> = words.take(MOST_WORDS).copied().collect();
        before.reverse();
        let is_quiet = built_in().quiet.is_in(&before.iter().collect::<String>());
        (!is_quiet).then_some(Said { before, number: stated.value, unit })
    };
    sentence.numbers.iter().filter_map(one).collect()
}

/// Each header of a table with the rows down to the next one.
fn split_bands(table: &LooseTable) -> Vec<(&Header, std::ops::Range<usize>)> {
    let ends = table.headers.iter().skip(1).map(|next| next.first_row).chain([table.sheet.rows.len()]);
    table.headers.iter().zip(ends).map(|(header, end)| (header, header.end..end)).collect()
}

/// The lone label right above a header: 第二十条第（一）项.
fn opening(table: &LooseTable, header: &Header) -> Option<String> {
    let above = header.first_row.checked_sub(1)?;
    let is_lone = matches!(table.frame.roles.get(above), Some(Role::Group | Role::Title));
    let inside = || table.sheet.rows.get(header.first_row).filter(|row| row.len() == 1);
    let row = table.sheet.rows.get(above).filter(|row| is_lone && row.len() == 1).or_else(inside)?;
    row.first().map(|slot| slot.text.clone())
}

fn band(table: &LooseTable, header: &Header, rows: std::ops::Range<usize>) -> Band {
    let sheet = &table.sheet;
    let slots = |row: &usize| sheet.rows.get(*row).map(Vec::as_slice).unwrap_or_default();
    let role = |row: &usize| table.frame.roles.get(*row).copied();
    let is_data = |row: &usize| role(row).is_some_and(Role::is_data);
    // Numbers in every label column: the rows have no labels, and the columns are columns like the others.
    let is_label = |slot: &Slot| slot.column < table.frame.n_stub && slot.figure().is_none();
    let has_labels = rows.clone().filter(is_data).any(|row| slots(&row).iter().any(is_label));
    let n_stub = if has_labels { table.frame.n_stub } else { 0 };
    // A row whose cells are all blank is a row like the others where its label stands in the last label column.
    let is_named = |row: &usize| slots(row).iter().any(|slot| slot.column < n_stub && slot.column + slot.width == n_stub);
    let is_row = |row: &usize| is_data(row) || n_stub > 1 && role(row) == Some(Role::Group) && is_named(row);
    let own_rows: Vec<usize> = rows.filter(is_row).collect();
    let is_headed = |column: &usize| header.paths.get(*column).is_some_and(|path| !path.is_empty());
    // A name over several columns under which each row prints one cell is one column: other bands part it.
    let goes_on = |column: &usize| {
        let before = column.checked_sub(1).filter(|before| *before >= n_stub);
        let prints_both =
            |row: &usize, before: usize| slots(row).iter().filter(|slot| (before..=*column).contains(&slot.column)).count() > 1;
        before.is_some_and(|before| {
            header.paths.get(before) == header.paths.get(*column) && !own_rows.iter().any(|row| prints_both(row, before))
        })
    };
    let own_columns: Vec<usize> = (n_stub..sheet.n_columns).filter(is_headed).filter(|column| !goes_on(column)).collect();
    let words = |path: &[String]| path.iter().map(|label| plain(label)).collect::<Path>();
    let paths = |column: &usize| header.paths.get(*column).map(|path| words(path)).unwrap_or_default();
    let mut stub: Vec<String> = (0..n_stub).flat_map(|column| header.paths.get(column).cloned().unwrap_or_default()).collect();
    stub.dedup();
    let mut numbers = BTreeMap::new();
    for (row, slot) in own_rows.iter().enumerate().flat_map(|(row, line)| slots(line).iter().map(move |slot| (row, slot))) {
        let column = own_columns.partition_point(|column| *column <= slot.column).checked_sub(1).filter(|_| slot.column >= n_stub);
        let value = slot.figure().and_then(|figure| Decimal::try_from_i128_with_scale(figure.digits, figure.decimals.into()).ok());
        if let (Some(column), Some(value)) = (column, value) {
            numbers.insert((row, column), value);
        }
    }
    let spanned = spanned_paths(sheet, n_stub);
    let row_path = |row: &usize| match (n_stub, &spanned) {
        (0, _) => Path::new(),
        (_, Some(paths)) => paths.get(*row).map(|path| words(path)).unwrap_or_default(),
        (_, None) => table.row_paths.get(*row).map(|path| words(path)).unwrap_or_default(),
    };
    Band {
        unit: table.unit.clone(),
        stub,
        columns: own_columns.iter().map(paths).collect(),
        rows: own_rows.iter().map(row_path).collect(),
        numbers,
        ..Band::default()
    }
}

/// Label paths where label cells hang down over several rows: the cells alone say which group a row stands in.
fn spanned_paths(sheet: &Sheet, n_stub: usize) -> Option<Vec<Path>> {
    let in_stub = |slot: &&Slot| slot.column < n_stub;
    sheet.rows.iter().flatten().filter(in_stub).any(|slot| slot.height > 1).then_some(())?;
    let mut hanging: Vec<(usize, usize, String)> = Vec::new();
    let mut paths = Vec::with_capacity(sheet.rows.len());
    for row in &sheet.rows {
        let own = row.iter().filter(in_stub).map(|slot| (slot.column, slot.height, slot.text.clone()));
        hanging.extend(own);
        hanging.sort_by_key(|(column, ..)| *column);
        paths.push(hanging.iter().map(|(.., label)| label.clone()).collect());
        hanging.iter_mut().for_each(|(_, left, _)| *left = left.saturating_sub(1));
        hanging.retain(|(_, left, _)| *left > 0);
    }
    Some(paths)
}
