//! Tables with one cell a line, as a paste without its columns leaves them.
//!
//! ```text
//!   信息内容          words before the first number: the header, one name a line
//!   本年制发件数
//!   规章              the last words before a number name its row
//!   0
//!   6                 a blank cell leaves no line: which one was blank is lost, and nobody guesses
//! ```

use super::line::{Line, has_heading_number};
use crate::doc::{Cell, Grid, Row, Shape};
use crate::fold::is_blank;
use crate::normalise::read_cell;
use crate::place::Span;
use std::collections::HashSet;

const LONGEST_LABEL: usize = 45;
/// Names over the first row.
const LONGEST_HEADER: usize = 40;

/// The next line that shows something, from `index` on.
fn find_shown(lines: &[Line], index: usize) -> Option<usize> {
    (index..lines.len()).find(|&index| lines.get(index).is_some_and(|line| !line.is_blank()))
}

fn is_datum(text: &str, line: &Line) -> bool {
    let words = line.words(text);
    words.len() <= 40 && read_cell(words).is_datum()
}

fn is_label(text: &str, line: &Line) -> bool {
    let words = line.words(text);
    let is_short = words.len() <= LONGEST_LABEL * 8 && words.chars().filter(|&character| !is_blank(character)).count() <= LONGEST_LABEL;
    is_short && !words.contains(['。', '\t']) && !words.starts_with(['|', '#'])
}

/// Runs of words and runs of numbers, as they take turns.
struct Turn {
    words: Vec<usize>,
    numbers: Vec<usize>,
    marks: Vec<Span>,
    end: usize,
}

fn next_turn(text: &str, lines: &[Line], start: usize) -> Option<Turn> {
    let mut turn = Turn { words: Vec::new(), numbers: Vec::new(), marks: Vec::new(), end: start };
    while let Some(index) = find_shown(lines, turn.end) {
        let line = lines.get(index)?;
        if line.is_page_mark {
            turn.marks.push(line.span);
        } else if is_datum(text, line) {
            turn.numbers.push(index);
        } else if turn.numbers.is_empty() && is_label(text, line) && turn.words.len() < LONGEST_HEADER {
            turn.words.push(index);
        } else {
            break;
        }
        turn.end = index + 1;
    }
    (!turn.numbers.is_empty()).then_some(turn)
}

/// The table that begins at the first of these lines, and how many lines it takes; none where no table begins.
pub fn find_grid(text: &str, lines: &[Line]) -> Option<(Grid, usize)> {
    let first = lines.first()?;
    if is_datum(text, first) || !is_label(text, first) {
        return None;
    }
    let head = next_turn(text, lines, 0)?;
    let numbered = |index: &usize| lines.get(*index).is_some_and(|line| has_heading_number(line.words(text)));
    // A heading over the header: the table begins below it.
    if head.words.len() > 2 && numbered(&0) {
        return None;
    }
    let mut rows = Vec::new();
    let (mut end, mut n_runs, mut longest, mut marks) = (0, 0, 0, Vec::new());
    let words = |index: &usize| lines.get(*index).map_or("", |line| line.words(text));
    let mut said = HashSet::new();
    let mut turn = Some(head);
    while let Some(own) = turn {
        // A group that is named again for each of its rows begins no section.
        let is_new = |index: &usize| numbered(index) && !said.contains(words(index));
        let is_new_section = end > 0 && own.words.len() > 2 && own.words.iter().any(is_new);
        if is_new_section || end > 0 && own.words.is_empty() {
            break;
        }
        said.extend(own.words.iter().map(words));
        longest = longest.max(own.numbers.len());
        n_runs += usize::from(own.numbers.len() >= 2);
        push_rows(lines, &own, &mut rows);
        marks.extend(own.marks);
        end = own.end;
        turn = next_turn(text, lines, end);
    }
    let is_table = longest >= 5 || n_runs >= 2;
    let span = first.whole.to(lines.get(end.checked_sub(1)?)?.whole);
    is_table.then_some((Grid { rows, shape: Shape::Stacked, span, marks }, end))
}

/// Each run of words but the last line is header or group; the last names the row.
fn push_rows(lines: &[Line], turn: &Turn, rows: &mut Vec<Row>) {
    let span = |index: &usize| lines.get(*index).map(|line| line.span).unwrap_or_default();
    let Some((label, heads)) = turn.words.split_last() else { return };
    for (column, index) in heads.iter().enumerate() {
        rows.push(Row { cells: vec![Cell::new(span(index), column)], span: span(index) });
    }
    let cells: Vec<Cell> = std::iter::once(label)
        .chain(&turn.numbers)
        .enumerate()
        .map(|(column, index)| Cell::new(span(index), heads.len() + column))
        .collect();
    let whole = cells.iter().map(|cell| cell.span).reduce(Span::to).unwrap_or_default();
    rows.push(Row { cells, span: whole });
}
