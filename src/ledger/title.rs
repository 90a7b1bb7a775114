//! Which open form a printed table is: by the line above it, or by its first rows.

use crate::doc::{Block, Document};
use crate::grammar::Family;
use crate::identify::YEAR_WORDS;
use crate::label::key;
use crate::normalise::YEARS;
use crate::place::Span;
use crate::table::{Table, TableCell, TableRow};

/// Rows at the head of a table that may be its title.
const MOST_TITLE_ROWS: usize = 5;

/// Longest line that is a title, in bytes: about sixty ideographs and the dots of a list of contents.
const LONGEST_LINE: usize = 360;

/// The titles of a family's open forms as they are compared.
pub struct Titles<'a>(Vec<Title<'a>>);

struct Title<'a> {
    key: &'a str,
    /// Its length in characters.
    length: usize,
    /// Index of its form.
    form: usize,
    /// Words that must not stand beside it.
    never: &'a [String],
}

impl Titles<'_> {
    /// The titles of a family.
    pub fn new(family: &Family) -> Titles<'_> {
        let mut titles = Vec::new();
        for (form, own) in family.tables.iter().enumerate() {
            let never = &own.indexes.never;
            titles.extend(own.indexes.titles.iter().map(|key| Title { key, length: key.chars().count(), form, never }));
        }
        Titles(titles)
    }

    /// The open form whose title stands nearest above the table's numbers.
    pub fn find_form(&self, document: &Document, table: &Table) -> Option<usize> {
        let mut lines: Vec<Span> = table.above.iter().copied().chain(head(table)).collect();
        lines.reverse();
        lines.into_iter().find_map(|line| self.named_form(document.slice(line)))
    }

    /// The line that names a table of this form: one above it, else one among its first rows.
    pub fn find_title(&self, document: &Document, table: &Table, form: usize) -> Option<Span> {
        let names = |line: &Span| self.named_form(document.slice(*line)) == Some(form);
        table.above.iter().rev().copied().find(names).or_else(|| head(table).find(names))
    }

    /// Where a list of contents names an open form that no other line names: the lines beside it name other forms.
    pub fn find_mention(&self, document: &Document, form: usize) -> Option<Span> {
        let paras = document.blocks.iter().filter_map(|block| if let Block::Para(para) = block { Some(para.span) } else { None });
        let is_sentence = |text: &str| text.contains(['。', '，', '；', '：']);
        let named = |span: Span| {
            let text = document.slice(span);
            (span, if is_sentence(text) { None } else { self.named_form(text) })
        };
        let named: Vec<(Span, Option<usize>)> = paras.map(named).collect();
        let mut own = named.iter().enumerate().filter(|(_, (_, own))| *own == Some(form));
        let (Some((index, (span, _))), None) = (own.next(), own.next()) else { return None };
        let is_other = |index: usize| named.get(index).is_some_and(|(_, other)| other.is_some());
        (is_other(index + 1) || index.checked_sub(1).is_some_and(is_other)).then_some(*span)
    }

    /// The form that a line names. Where one title holds another, the longer counts.
    fn named_form(&self, line: &str) -> Option<usize> {
        if line.len() > LONGEST_LINE {
            return None;
        }
        let printed = key(line);
        let is_held = |title: &&Title| printed.contains(title.key) && !title.never.iter().any(|word| printed.contains(word.as_str()));
        let held = self.0.iter().filter(is_held);
        held.max_by_key(|title| (title.length, std::cmp::Reverse(title.form))).map(|title| title.form)
    }
}

/// Cells of the first rows that may hold a title: few in a row, and no numbers.
pub fn head(table: &Table) -> impl Iterator<Item = Span> {
    let is_title = |row: &&TableRow| row.cells.iter().filter(|cell| cell.is_printed()).count() <= 2 && row.first_datum().is_none();
    let rows = table.rows.iter().take(MOST_TITLE_ROWS).take_while(move |row| is_title(row) || !row.cells.iter().any(TableCell::is_printed));
    rows.flat_map(|row| &row.cells).filter(|cell| cell.is_printed()).map(|cell| cell.span)
}

/// The latest year that titles and headers print, where the report's own title has none.
pub fn find_year(document: &Document, tables: &[&Table]) -> Option<i32> {
    let lines = tables.iter().flat_map(|table| {
        let inside = table.rows.iter().take(MOST_TITLE_ROWS).flat_map(|row| &row.cells).map(|cell| cell.span);
        table.above.iter().copied().chain(inside)
    });
    let year = |span: Span| {
        let (digits, rest) =
            key(document.slice(span)).split_at_checked(4).map(|(digits, rest)| (digits.parse::<i32>(), rest.to_string()))?;
        digits.ok().filter(|year| YEARS.contains(year) && YEAR_WORDS.iter().any(|word| rest.starts_with(word)))
    };
    lines.filter_map(year).max()
}
