//! Lines of a page outside ruled tables → tables without rules, told from numbers that stand under one another.
//!
//! ```text
//!   Country      Domestic (%)   Imported (%)   Total (n)     words over the columns: heads
//!   Austria          86.2           13.8         3,375       most rows have as many numbers as there are columns;
//!   Belgium           0                          3,973       a row with fewer is placed under them
//! ```
//! Two columns of numbers and two rows are the least: one number at the end of each line is a list of contents.

use super::lines::{Line, Piece};
use super::page::{Area, Page};
use super::parts::{Part, Table, TableCell, TextLine};
use crate::doc::Shape;
use crate::normalise::{Reading, read_cell};

/// A gap this wide parts two pieces of a line, in sizes.
const GAP: f32 = 0.9;
/// Lines without numbers over the first row that may be its heads.
const MOST_HEADS: usize = 5;
/// Lines of one table on one page; what goes on below is the next grid.
const MOST_ROWS: usize = 500;
/// Characters of a label or head; more is a sentence.
const LONGEST_LABEL: usize = 60;

/// Column numbers from here up stand for no column; they only keep the order.
const NO_COLUMN: usize = 1000;

/// A line with its pieces.
struct Laid {
    text: TextLine,
    pieces: Vec<Piece>,
    data: Vec<bool>,
}

impl Laid {
    fn n_data(&self) -> usize {
        self.data.iter().filter(|&&datum| datum).count()
    }

    fn is_row(&self) -> bool {
        let has_leader = self.pieces.iter().any(|piece| is_leader(&piece.text));
        !has_leader
            && self.n_data() >= 2
            && self.pieces.iter().zip(&self.data).filter(|(_, datum)| !**datum).all(|(piece, _)| is_short(piece))
            && {
                let n_words = self.pieces.len() - self.n_data();
                n_words <= 1 || n_words <= self.n_data()
            }
    }

    fn is_note(&self) -> bool {
        self.pieces.len() == 1 && !self.data.first().copied().unwrap_or(false) && self.pieces.iter().all(is_short)
    }

    fn numbers(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().zip(&self.data).filter(|(_, datum)| **datum).map(|(piece, _)| piece)
    }
}

/// A number, a mark for nothing, digits in doubt; a lone letter that may be one is not enough here.
fn is_datum(text: &str) -> bool {
    let marked = |reading: &Reading| !matches!(reading, Reading::Unread(_)) || text.contains(|character: char| character.is_ascii_digit());
    text.len() <= 30 && Some(read_cell(text)).filter(marked).is_some_and(|reading| reading.is_datum())
}

/// The dots between a heading and its page in a list of contents.
fn is_leader(text: &str) -> bool {
    text.chars().all(|character| matches!(character, '.' | '·' | '…' | '．' | '_')) || text.ends_with("....") || text.ends_with("……")
}

fn is_short(piece: &Piece) -> bool {
    piece.text.chars().count() <= LONGEST_LABEL && !piece.text.ends_with('。')
}

/// The lines of a ruled table whose rules do not part its columns; all of them stay in the table.
pub fn divided(page: &Page, lines: &[Line]) -> Option<Table> {
    let laid: Vec<Laid> = lines.iter().map(|line| lay(page, line)).collect();
    let rows: Vec<usize> = (0..laid.len()).filter(|&index| laid.get(index).is_some_and(Laid::is_row)).collect();
    let columns = columns(&laid, &rows)?;
    let in_rows: usize = rows.iter().filter_map(|&index| laid.get(index)).map(Laid::n_data).sum();
    let in_all: usize = laid.iter().map(Laid::n_data).sum();
    (in_rows * 10 >= in_all * 8).then(|| to_table(page, &laid, &columns))?
}

/// Numbers of all lines, and those among them that share their line with another.
pub fn n_numbers(lines: &[Line]) -> (usize, usize) {
    let is_number = |piece: &Piece| is_datum(&piece.text);
    let counts = lines.iter().map(|line| line.pieces(GAP).iter().filter(|piece| is_number(piece)).count());
    counts.fold((0, 0), |(all, beside), count| (all + count, beside + if count >= 2 { count } else { 0 }))
}

/// The lines of a page, those that stand in columns made tables.
pub fn parts(page: &Page, lines: &[Line]) -> Vec<Part> {
    let laid: Vec<Laid> = lines.iter().map(|line| lay(page, line)).collect();
    let mut found: Vec<Part> = Vec::new();
    let mut next = 0;
    while let Some(line) = laid.get(next) {
        match find_table(page, &laid, next) {
            Some((table, end)) => {
                found.push(Part::Table(table));
                next = end;
            }
            None => {
                found.push(Part::Line(line.text.clone()));
                next += 1;
            }
        }
    }
    found
}

fn lay(page: &Page, line: &Line) -> Laid {
    let text = TextLine { text: line.text(), page: page.number, area: line.area, size: line.size };
    let has_digits = line.glyphs.iter().any(|glyph| glyph.character.is_ascii_digit());
    let pieces = if has_digits || line.glyphs.len() < 200 { line.pieces(GAP) } else { Vec::new() };
    let data = pieces.iter().map(|piece| is_datum(&piece.text)).collect();
    Laid { text, pieces, data }
}

/// The table whose heads or first row stand at `start`, and the line after it.
fn find_table(page: &Page, laid: &[Laid], start: usize) -> Option<(Table, usize)> {
    let first = (start..laid.len().min(start + MOST_HEADS + 1)).find(|&index| laid.get(index).is_some_and(Laid::is_row))?;
    let rows = run_of_rows(laid, first);
    if is_scale(laid, &rows) {
        return None;
    }
    let end = *rows.last()? + 1;
    let columns = columns(laid, &rows)?;
    let heads_from = (start..first).rev().take_while(|&index| is_head(laid, index, &columns)).last().unwrap_or(first);
    if heads_from != start {
        return None;
    }
    Some((to_table(page, laid.get(start..end)?, &columns)?, end))
}

fn to_table(page: &Page, own: &[Laid], columns: &[(f32, f32)]) -> Option<Table> {
    let area = own.iter().map(|line| line.text.area).reduce(Area::join)?;
    let numbers_from = columns.first().map_or(area.right, |column| column.0);
    let label = |line: &Laid| line.pieces.first().zip(line.data.first()).filter(|(_, datum)| !**datum).map(|(piece, _)| piece.area.right);
    let labels = own.iter().filter(|line| line.is_row()).filter_map(label).filter(|&right| right < numbers_from).fold(area.left, f32::max);
    let mut all = vec![(area.left, labels)];
    all.extend_from_slice(columns);
    let rows = own.iter().map(|line| if line.n_data() == 0 { to_heads(page, line, &all) } else { to_row(page, line, columns) }).collect();
    let mut xs: Vec<f32> = all.iter().map(|column| column.0).collect();
    xs.push(area.right);
    Some(Table { page: page.number, area, rows, xs, shape: Shape::Aligned })
}

/// A line of words: each piece under or over the columns it shares room with; as many pieces as columns are in order.
fn to_heads(page: &Page, line: &Laid, columns: &[(f32, f32)]) -> Vec<TableCell> {
    let in_order = line.pieces.len() == columns.len();
    let mut row: Vec<TableCell> = Vec::with_capacity(line.pieces.len());
    for (index, piece) in line.pieces.iter().enumerate() {
        let touches = |column: &(f32, f32)| piece.area.left < column.1 && column.0 < piece.area.right;
        let first = columns.iter().position(touches);
        let n_touched = columns.iter().filter(|column| touches(column)).count();
        let distance = |column: &(f32, f32)| (column.0.midpoint(column.1) - piece.area.centre().0).abs();
        let nearest = (0..columns.len()).min_by(|one, other| {
            let at = |index: &usize| columns.get(*index).map_or(f32::INFINITY, distance);
            at(one).total_cmp(&at(other))
        });
        let (column, span) = match first {
            _ if in_order => (index, 1),
            // A row's own label may run on under the first numbers.
            Some(0) if line.pieces.len() == 1 => (0, 1),
            Some(first) => (first, n_touched),
            None => (nearest.unwrap_or(0), 1),
        };
        let (text, places) = (piece.text.clone(), vec![(page.number, page.as_looked_at(piece.area))]);
        match row.last_mut().filter(|last| column < last.column + last.columns) {
            Some(last) if column + span > last.column + last.columns => {
                let from = last.column + last.columns;
                row.push(TableCell { text, places, column: from, columns: column + span - from, rows: 1, ..TableCell::default() });
            }
            Some(last) => {
                last.text.push(' ');
                last.text.push_str(&text);
            }
            None => row.push(TableCell { text, places, column, columns: span, rows: 1, ..TableCell::default() }),
        }
    }
    row
}

/// The rows from `first` on, and short notes between them.
fn run_of_rows(laid: &[Laid], first: usize) -> Vec<usize> {
    let mut rows = vec![first];
    let mut pending: Vec<usize> = Vec::new();
    for index in first + 1..laid.len().min(first + MOST_ROWS) {
        let (Some(before), Some(line)) = (laid.get(index - 1), laid.get(index)) else { break };
        let step = line.text.area.top - before.text.area.bottom;
        if step > 2.5 * line.text.size || step < -0.5 * line.text.size {
            break;
        }
        if line.is_row() {
            rows.append(&mut pending);
            rows.push(index);
        } else if line.is_note() && pending.len() < 2 || line.n_data() == 1 && line.pieces.len() == 2 {
            pending.push(index);
        } else {
            break;
        }
    }
    rows
}

/// The scales of drawings that stand side by side print the same number at both.
fn is_scale(laid: &[Laid], rows: &[usize]) -> bool {
    let data = || rows.iter().filter_map(|&index| laid.get(index)).filter(|line| line.is_row());
    let doubled = |line: &&Laid| {
        let mut numbers = line.numbers().map(|piece| piece.text.as_str());
        let first = numbers.next();
        line.n_data() == line.pieces.len() && numbers.all(|number| Some(number) == first)
    };
    data().filter(doubled).count() * 10 >= data().count() * 7
}

/// The columns behind the labels, from left to right; none where the numbers do not stand under one another. How many
/// numbers a whole row has is told by the fullest rows that others fit under: where cells are blank, most rows have fewer.
fn columns(laid: &[Laid], rows: &[usize]) -> Option<Vec<(f32, f32)>> {
    let data: Vec<&Laid> = rows.iter().filter_map(|&index| laid.get(index)).filter(|line| line.is_row()).collect();
    if data.len() < 2 {
        return None;
    }
    let mut counts: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    for line in &data {
        *counts.entry(line.n_data()).or_default() += 1;
    }
    let (&usual, _) = counts.iter().max_by_key(|&(n_data, n_lines)| (*n_lines, *n_data))?;
    let fuller = counts.iter().rev().filter(|&(n_data, n_lines)| *n_data >= usual && *n_lines >= 2);
    let numbers = fuller.map(|(&n_data, _)| n_data).find_map(|n_data| number_columns(&data, n_data))?;
    Some(with_word_columns(&data, numbers))
}

/// The columns of the rows with `n_data` numbers, where most rows fit under them.
fn number_columns(data: &[&Laid], n_data: usize) -> Option<Vec<(f32, f32)>> {
    let mut columns: Vec<(f32, f32)> = vec![(f32::INFINITY, f32::NEG_INFINITY); n_data];
    for line in data.iter().filter(|line| line.n_data() == n_data) {
        for (column, piece) in columns.iter_mut().zip(line.numbers()) {
            *column = (column.0.min(piece.area.left), column.1.max(piece.area.right));
        }
    }
    let apart = columns.windows(2).all(|pair| matches!(pair, [one, other] if one.1 < other.0));
    let fits = |line: &&&Laid| {
        let homes: Vec<Option<usize>> = line.numbers().map(|piece| home(piece, &columns)).collect();
        homes.iter().all(Option::is_some) && homes.windows(2).all(|pair| matches!(pair, [one, other] if one < other))
    };
    let n_fit = data.iter().filter(fits).count();
    (apart && n_fit * 10 >= data.len() * 7).then_some(columns)
}

/// Words that stand under one another between or behind the numbers of most rows are a column as well.
fn with_word_columns(data: &[&Laid], numbers: Vec<(f32, f32)>) -> Vec<(f32, f32)> {
    let numbers_from = numbers.first().map_or(f32::INFINITY, |column| column.0);
    let mut words: Vec<(f32, f32)> = Vec::new();
    for line in data {
        let pieces = line.pieces.iter().zip(&line.data).filter(|(piece, datum)| !**datum && piece.area.left > numbers_from);
        words.extend(pieces.map(|(piece, _)| (piece.area.left, piece.area.right)));
    }
    words.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut clusters: Vec<((f32, f32), usize)> = Vec::new();
    for word in words {
        match clusters.last_mut().filter(|(cluster, _)| word.0 <= cluster.1) {
            Some((cluster, count)) => {
                cluster.1 = cluster.1.max(word.1);
                *count += 1;
            }
            None => clusters.push((word, 1)),
        }
    }
    let free = |cluster: &(f32, f32)| numbers.iter().all(|number| cluster.1 < number.0 || number.1 < cluster.0);
    let common = clusters.into_iter().filter(|(cluster, count)| count * 10 >= data.len() * 6 && free(cluster)).map(|(cluster, _)| cluster);
    let mut all: Vec<(f32, f32)> = common.collect();
    all.extend(numbers);
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    all
}

/// The number column that a piece stands under.
fn home(piece: &Piece, columns: &[(f32, f32)]) -> Option<usize> {
    let overlap = |column: &(f32, f32)| piece.area.right.min(column.1) - piece.area.left.max(column.0);
    let best = (0..columns.len()).max_by(|one, other| {
        let at = |index: &usize| columns.get(*index).map_or(f32::NEG_INFINITY, overlap);
        at(one).total_cmp(&at(other))
    })?;
    columns.get(best).filter(|column| overlap(column) > -2.0 * piece.area.height()).map(|_| best)
}

/// Words over the columns: more than one piece, or one that stands over numbers and not over the labels.
fn is_head(laid: &[Laid], index: usize, columns: &[(f32, f32)]) -> bool {
    let (Some(line), Some(below)) = (laid.get(index), laid.get(index + 1)) else { return false };
    let near = below.text.area.top - line.text.area.bottom < 2.2 * line.text.size;
    let over = |piece: &Piece| {
        columns.first().is_some_and(|column| piece.area.right > column.0 && piece.area.left > column.0 - 4.0 * line.text.size)
    };
    let short = line.pieces.iter().all(is_short);
    near && short
        && (line.pieces.len() >= 2 && line.pieces.iter().skip(1).any(over) || line.pieces.len() == 1 && line.pieces.iter().all(over))
}

/// A row with numbers: each under its column. One that stands under none, or under one that is taken, keeps its place in
/// the row and gets no column, so that it cannot push the others aside.
fn to_row(page: &Page, line: &Laid, columns: &[(f32, f32)]) -> Vec<TableCell> {
    let numbers_from = columns.first().map_or(f32::INFINITY, |column| column.0);
    let over = |piece: &Piece| columns.iter().position(|column| piece.area.left < column.1 && column.0 < piece.area.right);
    let taken: Vec<usize> = line.numbers().filter_map(over).collect();
    let near = |piece: &Piece| home(piece, columns).filter(|column| !taken.contains(column));
    let mut row: Vec<TableCell> = Vec::with_capacity(line.pieces.len());
    let mut next_free = 0;
    for (index, (piece, &datum)) in line.pieces.iter().zip(&line.data).enumerate() {
        let found = over(piece).filter(|column| datum || !taken.contains(column));
        let is_label = !datum && piece.area.left < numbers_from && (found.is_none() || piece.area.centre().0 < numbers_from);
        let column = if is_label { Some(0) } else { found.or_else(|| near(piece)).map(|column| column + 1) };
        let column = column.filter(|&column| column >= next_free);
        let place = (page.number, page.as_looked_at(piece.area));
        match (column, row.last_mut()) {
            // Words beside words: two pieces of one label.
            (None, Some(last)) if !datum && last.column + 1 == next_free && !is_datum(&last.text) => {
                last.text.push(' ');
                last.text.push_str(&piece.text);
                last.places = last.places.iter().map(|&(page, area)| (page, area.join(place.1))).collect();
            }
            _ => {
                next_free = column.map_or(next_free, |column| column + 1);
                let column = column.unwrap_or(NO_COLUMN + index);
                row.push(TableCell { text: piece.text.clone(), places: vec![place], column, columns: 1, rows: 1, ..TableCell::default() });
            }
        }
    }
    // Where a label stands behind a number nobody can tell which column is whose.
    if !row.is_sorted_by_key(|cell| cell.column) {
        row.iter_mut().enumerate().for_each(|(index, cell)| cell.column = NO_COLUMN + index);
    }
    row
}
