//! Tables whose cells are parted by pipes, as Markdown writes them, or by the lines of a drawn box.
//!
//! ```text
//!   | 信息内容 | 本年制发件数 |        outer pipes are borders, not cells
//!   |----------|-------------:|        a rule between header and body: no row
//!   | 规章     | **0**        |        `\|` is a pipe inside a cell; emphasis is no part of one
//!   ├──────────┼──────────────┤        a drawn rule, or `+---+---+`: no row
//!   │ 规章     │ 0            │
//! ```

use super::line::{Line, trim};
use crate::doc::{Cell, Grid, Row, Shape};
use crate::place::Span;

/// The table that begins at the first of these lines, and how many lines it takes; none where no table begins.
pub fn find_grid(text: &str, lines: &[Line]) -> Option<(Grid, usize)> {
    // One rule may stand above the first row; a run of them is no table, and each of its lines would look through the rest.
    let pipes = find_pipes(lines.iter().take(2).map(|line| line.words(text)).find(|words| !is_rule(words))?)?;
    let is_row = |line: &&Line| !line.is_blank() && (split(text, line, pipes).len() >= 2 || is_border(line.words(text)));
    let n_lines = lines.iter().take_while(is_row).count();
    let first = lines.first()?;
    let bordered = first.words(text).starts_with(pipes) || is_border(first.words(text));
    let ruled = lines.iter().take(n_lines).any(|line| is_rule(line.words(text)));
    if !(bordered || ruled || n_lines >= 2) {
        return None;
    }
    let body = || lines.iter().take(n_lines).filter(|line| !is_rule(line.words(text)));
    let edges =
        Edges { left: body().all(|line| line.words(text).starts_with(pipes)), right: body().all(|line| line.words(text).ends_with(pipes)) };
    let rows: Vec<Row> = body().map(|line| Row { cells: cells(text, line, pipes, edges), span: line.whole }).collect();
    if rows.is_empty() {
        return None;
    }
    let span = first.whole.to(lines.get(n_lines - 1)?.whole);
    Some((Grid { rows, shape: Shape::Ragged, span, marks: Vec::new() }, n_lines))
}

/// Pipes that a text is typed with, and those of drawn boxes; a table has one kind.
const TYPED: &[char] = &['|'];
const DRAWN: &[char] = &['│', '┃', '║', '｜'];

/// True where a text has a pipe at all; one without need not be looked through line by line.
pub fn has_pipes(text: &str) -> bool {
    let mut bytes = [0; 4];
    let mut holds = |pipe: &char| memchr::memmem::find(text.as_bytes(), pipe.encode_utf8(&mut bytes).as_bytes()).is_some();
    TYPED.iter().chain(DRAWN).any(&mut holds)
}

/// The kind of pipes that a line has; none where it has none.
fn find_pipes(words: &str) -> Option<&'static [char]> {
    // How a character of either kind begins, of which a sentence has none.
    let may_be_drawn = |pair: &[u8]| matches!(pair, [0xE2, 0x94 | 0x95] | [0xEF, 0xBD]);
    if !words.as_bytes().contains(&b'|') && !words.as_bytes().windows(2).any(may_be_drawn) {
        return None;
    }
    let first = words.find(TYPED).unwrap_or(usize::MAX);
    let drawn = words.find(DRAWN).unwrap_or(usize::MAX);
    (first.min(drawn) < usize::MAX).then_some(if first < drawn { TYPED } else { DRAWN })
}

/// Lines and corners of drawn boxes.
fn is_drawn(character: char) -> bool {
    matches!(character, '\u{2500}'..='\u{257F}')
}

/// A line that parts rows.
fn is_rule(words: &str) -> bool {
    let is_mark = |character| matches!(character, '|' | '-' | ':' | '=' | '+' | ' ' | '\t') || is_drawn(character);
    let is_flat = |character| matches!(character, '-' | '=') || is_drawn(character) && !DRAWN.contains(&character);
    words.chars().all(is_mark) && words.contains(is_flat)
}

/// A rule that shows corners: it belongs to a table, pipes or none.
fn is_border(words: &str) -> bool {
    let is_corner = |character| character == '+' || matches!(character, '\u{250C}'..='\u{254B}' | '\u{2552}'..='\u{256C}');
    is_rule(words) && words.contains(is_corner)
}

/// Which outer pipes are borders: those that every row has. Where one has none, an outer pipe closes a blank cell.
#[derive(Clone, Copy)]
struct Edges {
    left: bool,
    right: bool,
}

fn cells(text: &str, line: &Line, pipes: &[char], edges: Edges) -> Vec<Cell> {
    let pieces = split(text, line, pipes);
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
    front.or_else(back).or_else(inner).or_else(|| without_note(words).map(|words| Span::new(start, start + words.len())))
}

/// A number without the raised mark of a note behind it, `50<sup>①</sup>`; raised digits may be a power.
fn without_note(words: &str) -> Option<&str> {
    let (number, mark) = words.strip_suffix("</sup>")?.rsplit_once("<sup>")?;
    let is_digit = |character: char| character.is_ascii_digit();
    (number.ends_with(is_digit) && !mark.contains(is_digit)).then_some(number)
}

/// What stands between the pipes of a line, outer ones included; empty where there is no pipe.
fn split(text: &str, line: &Line, pipes: &[char]) -> Vec<Span> {
    let words = line.words(text);
    let base = line.span.start as usize;
    let mut pieces = Vec::new();
    let (mut start, mut before) = (0, '\0');
    for (offset, character) in words.char_indices() {
        if pipes.contains(&character) && before != '\\' {
            pieces.push(Span::new(base + start, base + offset));
            start = offset + character.len_utf8();
        }
        before = character;
    }
    if !pieces.is_empty() {
        pieces.push(Span::new(base + start, base + words.len()));
    }
    pieces
}
