//! Tables whose cells are parted by pipes, as Markdown writes them.
//!
//! ```text
//!   | 信息内容 | 本年制发件数 |        outer pipes are borders, not cells
//!   |----------|-------------:|        a rule between header and body: no row
//!   | 规章     | 0            |        `\|` is a pipe inside a cell
//! ```

use super::line::{Line, trim};
use crate::doc::{Cell, Grid, Row, Shape};
use crate::fold::shows_nothing;
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
    let body = lines.iter().take(n_lines).filter(|line| !is_rule(text, line));
    let rows = body.map(|line| Row { cells: split(text, line), span: line.whole }).collect();
    let span = first.whole.to(lines.get(n_lines - 1)?.whole);
    Some((Grid { rows, shape: Shape::Ragged, span }, n_lines))
}

fn is_rule(text: &str, line: &Line) -> bool {
    let words = line.words(text);
    words.contains('-') && words.chars().all(|character| matches!(character, '|' | '-' | ':' | '=' | '+' | ' ' | '\t'))
}

fn split(text: &str, line: &Line) -> Vec<Cell> {
    let words = line.words(text);
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = '\0';
    for (offset, character) in words.char_indices() {
        if character == '|' && before != '\\' {
            pieces.push((start, offset));
            start = offset + 1;
        }
        before = character;
    }
    if pieces.is_empty() {
        return Vec::new();
    }
    pieces.push((start, words.len()));
    let shows = |piece: Option<&(usize, usize)>| piece.is_some_and(|&(from, to)| !shows_nothing(words.get(from..to).unwrap_or("")));
    let skip_first = usize::from(!shows(pieces.first()));
    let keep = pieces.len() - usize::from(!shows(pieces.last()));
    let inner = pieces.iter().take(keep).skip(skip_first);
    let base = line.span.start as usize;
    inner.enumerate().map(|(column, &(from, to))| Cell::new(trim(text, Span::new(base + from, base + to)), column)).collect()
}
