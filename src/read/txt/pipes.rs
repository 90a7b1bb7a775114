//! Tables whose cells are parted by pipes, as Markdown writes them.
//!
//! ```text
//!   | 信息内容 | 本年制发件数 |        outer pipes are borders, not cells
//!   |----------|-------------:|        a rule between header and body: no row
//!   | 规章     | **0**        |        `\|` is a pipe inside a cell; emphasis is no part of one
//! ```

use super::line::{Line, trim};
use crate::doc::{Cell, Grid, Row, Shape};
use crate::place::Span;

/// The table that begins at the first of these lines, and how many lines it takes; none where no table begins.
pub fn find_grid(text: &str, lines: &[Line]) -> Option<(Grid, usize)> {
    let is_row = |line: &&Line| !line.is_blank() && split(text, line).len() >= 2;
    let n_lines = lines.iter().take_while(is_row).count();
    let first = lines.first()?;
    let bordered = first.words(text).starts_with('|');
    let ruled = lines.iter().take(n_lines).any(|line| is_rule(text, line));
    if n_lines == 0 || !(bordered || ruled || n_lines >= 2) {
        return None;
    }
    let body = || lines.iter().take(n_lines).filter(|line| !is_rule(text, line));
    let edges =
        Edges { left: body().all(|line| line.words(text).starts_with('|')), right: body().all(|line| line.words(text).ends_with('|')) };
    let rows = body().map(|line| Row { cells: cells(text, line, edges), span: line.whole }).collect();
    let span = first.whole.to(lines.get(n_lines - 1)?.whole);
    Some((Grid { rows, shape: Shape::Ragged, span, marks: Vec::new() }, n_lines))
}

fn is_rule(text: &str, line: &Line) -> bool {
    let words = line.words(text);
    words.contains('-') && words.chars().all(|character| matches!(character, '|' | '-' | ':' | '=' | '+' | ' ' | '\t'))
}

/// Which outer pipes are borders: those that every row has. Where one has none, an outer pipe closes a blank cell.
#[derive(Clone, Copy)]
struct Edges {
    left: bool,
    right: bool,
}

fn cells(text: &str, line: &Line, edges: Edges) -> Vec<Cell> {
    let pieces = split(text, line);
    let keep = pieces.len() - usize::from(edges.right);
    pieces
        .iter()
        .take(keep)
        .skip(usize::from(edges.left))
        .enumerate()
        .map(|(column, &piece)| Cell::new(without_marks(text, piece), column))
        .collect()
}

/// Marks that Markdown and the tools that write it put round a cell's words.
const EMPHASIS: &[&str] = &["**", "__", "*", "_", "`"];
const BLANKS: &[&str] = &["&nbsp;", "<br>", "<br/>", "<br />"];

/// A span without blanks, blanks written out, and emphasis at its edges.
pub fn without_marks(text: &str, span: Span) -> Span {
    let mut span = trim(text, span);
    while let Some(inner) = without_mark(text, span) {
        span = trim(text, inner);
    }
    span
}

/// One mark less, where there is one.
fn without_mark(text: &str, span: Span) -> Option<Span> {
    let words = text.get(span.range())?;
    let (start, end) = (span.start as usize, span.end as usize);
    let inside = |mark: &str| words.strip_prefix(mark)?.strip_suffix(mark).filter(|inner| !inner.is_empty() && !inner.contains(mark));
    let front = BLANKS.iter().find(|blank| words.starts_with(**blank)).map(|blank| Span::new(start + blank.len(), end));
    let back = || BLANKS.iter().find(|blank| words.ends_with(**blank)).map(|blank| Span::new(start, end - blank.len()));
    let inner = || EMPHASIS.iter().find(|mark| inside(mark).is_some()).map(|mark| Span::new(start + mark.len(), end - mark.len()));
    front.or_else(back).or_else(inner)
}

/// What stands between the pipes of a line, outer ones included; empty where there is no pipe.
fn split(text: &str, line: &Line) -> Vec<Span> {
    let words = line.words(text);
    let base = line.span.start as usize;
    let mut pieces = Vec::new();
    let (mut start, mut before) = (0, '\0');
    for (offset, character) in words.char_indices() {
        if character == '|' && before != '\\' {
            pieces.push(Span::new(base + start, base + offset));
            start = offset + 1;
        }
        before = character;
    }
    if !pieces.is_empty() {
        pieces.push(Span::new(base + start, base + words.len()));
    }
    pieces
}
