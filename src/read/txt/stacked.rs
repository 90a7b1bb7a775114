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
use std::cell::OnceCell;
use std::collections::HashSet;

const LONGEST_LABEL: usize = 45;
/// Names over the first row.
const LONGEST_HEADER: usize = 40;

/// What a line that shows something is; told once, when it is first asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    PageMark,
    Datum,
    Label,
    Other,
}

impl Kind {
    fn of(text: &str, line: &Line) -> Kind {
        let words = line.words(text);
        if line.is_page_mark {
            Kind::PageMark
        } else if words.len() <= 40 && read_cell(words).is_datum() {
            Kind::Datum
        } else if is_label(words) {
            Kind::Label
        } else {
            Kind::Other
        }
    }
}

fn is_label(words: &str) -> bool {
    let is_short = words.len() <= LONGEST_LABEL * 8 && words.chars().filter(|&character| !is_blank(character)).count() <= LONGEST_LABEL;
    is_short && !words.contains(['。', '\t']) && !words.starts_with(['|', '#'])
}

/// The lines of a text that show something.
pub struct Lines<'a> {
    text: &'a str,
    lines: &'a [Line],
    /// Index of each, and its kind once it is known.
    shown: Vec<(usize, OnceCell<Kind>)>,
    /// Up to this line no table begins: each would be a part of one that is none.
    barren: usize,
}

/// Runs of words and runs of numbers, as they take turns; lines by index.
struct Turn {
    words: Vec<usize>,
    numbers: Vec<usize>,
    marks: Vec<Span>,
    /// Where among the lines that show something the next turn begins.
    next: usize,
}

impl<'a> Lines<'a> {
    /// Look at a text.
    pub fn new(text: &'a str, lines: &'a [Line]) -> Lines<'a> {
        let shown = lines.iter().enumerate().filter(|(_, line)| !line.is_blank()).map(|(index, _)| (index, OnceCell::new()));
        Lines { text, lines, shown: shown.collect(), barren: 0 }
    }

    fn words(&self, index: usize) -> &'a str {
        self.lines.get(index).map_or("", |line| line.words(self.text))
    }

    fn next_turn(&self, start: usize) -> Option<Turn> {
        let mut turn = Turn { words: Vec::new(), numbers: Vec::new(), marks: Vec::new(), next: start };
        while let Some((index, kind)) = self.shown.get(turn.next) {
            let line = self.lines.get(*index)?;
            match kind.get_or_init(|| Kind::of(self.text, line)) {
                Kind::PageMark => turn.marks.push(line.span),
                Kind::Datum => turn.numbers.push(*index),
                Kind::Label if turn.numbers.is_empty() && turn.words.len() < LONGEST_HEADER => turn.words.push(*index),
                Kind::Label | Kind::Other => break,
            }
            turn.next += 1;
        }
        (!turn.numbers.is_empty()).then_some(turn)
    }

    /// The table that begins at this line, and how many lines it takes; none where no table begins.
    pub fn find_grid(&mut self, start: usize) -> Option<(Grid, usize)> {
        let first = self.shown.partition_point(|(index, _)| *index < start);
        if start < self.barren || !is_label(self.words(start)) {
            return None;
        }
        let head = self.next_turn(first)?;
        if head.words.first() != Some(&start) {
            // Numbers without words: no table begins at any of them.
            if head.words.is_empty() {
                self.barren = self.shown.get(head.next).map_or(self.lines.len(), |(index, _)| *index);
            }
            return None;
        }
        let numbered = |index: &usize| has_heading_number(self.words(*index));
        // A heading over the header: the table begins below it.
        if head.words.len() > 2 && numbered(&start) {
            return None;
        }
        let mut rows = Vec::new();
        let (mut next, mut n_runs, mut longest, mut marks) = (first, 0, 0, Vec::new());
        let mut said = HashSet::new();
        let mut turn = Some(head);
        while let Some(own) = turn {
            // A group that is named again for each of its rows begins no section.
            let is_new = |index: &usize| numbered(index) && !said.contains(self.words(*index));
            let is_new_section = next > first && own.words.len() > 2 && own.words.iter().any(is_new);
            if is_new_section || next > first && own.words.is_empty() {
                break;
            }
            said.extend(own.words.iter().map(|index| self.words(*index)));
            longest = longest.max(own.numbers.len());
            n_runs += usize::from(own.numbers.len() >= 2);
            push_rows(self.lines, &own, &mut rows);
            marks.extend(own.marks);
            next = own.next;
            turn = self.next_turn(next);
        }
        let last = self.shown.get(next.checked_sub(1)?)?.0;
        if longest < 5 && n_runs < 2 {
            self.barren = last + 1;
            return None;
        }
        let span = self.lines.get(start)?.whole.to(self.lines.get(last)?.whole);
        Some((Grid { rows, shape: Shape::Stacked, span, marks }, last + 1 - start))
    }
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
