//! Which open form a printed table is: by the line above it, or by its first rows.

use crate::doc::{Block, Document};
use crate::grammar::Family;
use crate::identify::YEAR_WORDS;
use crate::label::key;
use crate::place::Span;
use crate::table::{Table, TableRow};

/// Rows at the head of a table that may be its title.
const MOST_TITLE_ROWS: usize = 5;

/// Longest title, in characters.
const LONGEST_TITLE: usize = 60;

/// The open form whose title stands nearest above the table's numbers. Where one title holds another, the longer counts.
pub fn find_form(document: &Document, table: &Table, family: &Family) -> Option<usize> {
    let is_title = |row: &&TableRow| row.cells.iter().filter(|cell| cell.is_printed()).count() <= 2 && row.first_datum().is_none();
    let inside = table.rows.iter().take(MOST_TITLE_ROWS).take_while(|row| is_title(row) || !row.cells.iter().any(|cell| cell.is_printed()));
    let inside = inside.flat_map(|row| &row.cells).filter(|cell| cell.is_printed()).map(|cell| cell.span);
    let mut lines: Vec<_> = table.above.iter().copied().chain(inside).collect();
    lines.reverse();
    lines.into_iter().find_map(|line| named_form(document.slice(line), family))
}

/// Where a list of contents names an open form that no other line names: the lines beside it name other forms.
pub fn find_mention(document: &Document, form: usize, family: &Family) -> Option<Span> {
    let paras = document.blocks.iter().filter_map(|block| if let Block::Para(para) = block { Some(para.span) } else { None });
    let is_sentence = |text: &str| text.contains(['。', '，', '；', '：']);
    let named = |span: Span| {
        let text = document.slice(span);
        (span, if is_sentence(text) { None } else { named_form(text, family) })
    };
    let named: Vec<(Span, Option<usize>)> = paras.map(named).collect();
    let mut own = named.iter().enumerate().filter(|(_, (_, own))| *own == Some(form));
    let (Some((index, (span, _))), None) = (own.next(), own.next()) else { return None };
    let is_other = |index: usize| named.get(index).is_some_and(|(_, other)| other.is_some());
    (is_other(index + 1) || index.checked_sub(1).is_some_and(is_other)).then_some(*span)
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
        digits.ok().filter(|year| (1949..2100).contains(year) && YEAR_WORDS.iter().any(|word| rest.starts_with(word)))
    };
    lines.filter_map(year).max()
}

fn named_form(line: &str, family: &Family) -> Option<usize> {
    let printed = key(line);
    if printed.chars().count() > LONGEST_TITLE {
        return None;
    }
    let length = |title: &String| Some(key(title)).filter(|title| printed.contains(title.as_str())).map(|title| title.chars().count());
    let forms = family.tables.iter().enumerate().filter_map(|(index, form)| Some((form.titles.iter().filter_map(length).max()?, index)));
    forms.max_by_key(|&(length, index)| (length, std::cmp::Reverse(index))).map(|(_, index)| index)
}
