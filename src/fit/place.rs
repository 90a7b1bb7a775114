//! One row × its columns → every placement of its cells that is possible.
//!
//! Numbers are never counted off from the left. A row that prints one number for each column has one placement; any
//! other needs its grid columns: where the header stands, where whole rows with the same label column have theirs, how
//! wide those rows are. Where these leave more than one placement, all are kept and the sums are asked ([`super::solve`]).

use super::columns::Columns;
use crate::doc::Shape;
use crate::table::{Mend, TableRow};
use std::collections::BTreeMap;

/// What a printed column gets from a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// The cell of this index.
    Cell(usize),
    /// The cell of this index and the next one, together one number.
    Joined(usize),
    /// Some of the digits of the cell of this index, which is two numbers run together.
    Part {
        /// The cell.
        cell: usize,
        /// First digit.
        from: usize,
        /// One past the last.
        to: usize,
    },
    /// Nothing is printed there.
    Blank,
    /// What was printed there is lost.
    Lost,
}

impl Slot {
    /// True for one of two numbers that have run together.
    pub fn is_part(&self) -> bool {
        matches!(self, Slot::Part { .. })
    }
}

/// How a row is shaped against its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// As the form has it.
    Sound,
    /// Numbers are missing.
    Short,
    /// Cells are too many.
    Long,
    /// Numbers stand beside their headers.
    Shifted,
}

/// Every placement that is possible, and how the row is shaped.
#[derive(Debug, Clone)]
pub struct Placement {
    /// One slot for each printed column; at least one candidate.
    pub candidates: Vec<Vec<Slot>>,
    /// How the row is shaped.
    pub fit: Fit,
    /// Its printed cells, where the row may be shifted though it looks sound: [`shifts`] are worked out only when the sums
    /// contradict the one candidate.
    pub shiftable: Vec<usize>,
}

/// What the whole rows of a table say of its columns.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    grids: BTreeMap<(usize, usize), Vec<Vec<usize>>>,
    widths: BTreeMap<(usize, usize), Vec<usize>>,
    piece_widths: BTreeMap<usize, Vec<usize>>,
    all_widths: BTreeMap<usize, Vec<usize>>,
    n_rows: usize,
    n_whole: usize,
    n_closed_up: usize,
    any_ends_blank: bool,
}

impl Evidence {
    /// Learn from a row: `n_columns` is what its band has.
    pub fn learn(&mut self, row: &TableRow, n_columns: usize) {
        self.n_rows += 1;
        self.all_widths.entry(row.piece).or_default().push(row.cells.len());
        self.any_ends_blank |= row.cells.last().is_some_and(|cell| !cell.is_printed());
        let tail = tail(row);
        self.n_closed_up += usize::from(row.shape == Shape::Ragged && tail.len() == n_columns);
        let printed: Vec<usize> = tail.clone().filter(|&index| row.cells.get(index).is_some_and(|cell| cell.is_printed())).collect();
        if printed.len() != n_columns || !is_run(&printed) || !matches!(row.mend, Mend::None | Mend::Wrapped) {
            return;
        }
        self.n_whole += 1;
        let key = (row.piece, label_column(row));
        let grid: Vec<usize> = printed.iter().filter_map(|&index| row.cells.get(index)).map(|cell| cell.column).collect();
        let grids = self.grids.entry(key).or_default();
        if !grids.contains(&grid) {
            grids.push(grid);
        }
        self.widths.entry(key).or_default().push(row.cells.len());
        self.piece_widths.entry(row.piece).or_default().push(row.cells.len());
    }

    fn mostly_whole(&self) -> bool {
        self.n_whole * 2 > self.n_rows
    }

    /// Merged labels left no blanks, so that each row has its label and then a cell for each column, printed or not.
    fn is_closed_up(&self) -> bool {
        self.n_closed_up * 10 >= self.n_rows * 9 && (self.n_rows > 2 || self.n_rows == self.n_closed_up)
    }

    /// A piece without a whole row: the width of most of its rows.
    fn is_usual_width(&self, piece: usize, width: usize) -> bool {
        let widths = self.all_widths.get(&piece).map(Vec::as_slice).unwrap_or_default();
        widths.len() >= 3 && widths.iter().filter(|&&other| other == width).count() * 2 > widths.len()
    }

    fn accepts_width(&self, row: &TableRow, header_width: Option<usize>) -> bool {
        let width = row.cells.len();
        if row.shape == Shape::Spanned {
            // A row that ends before its header does has lost a cell: where cells span, blank ones are there too.
            let right = row.cells.last().map_or(0, |cell| cell.column + cell.columns);
            return header_width.is_none_or(|header| header == right || header < right && self.piece_widths.is_empty());
        }
        let known = self.widths.get(&(row.piece, label_column(row))).or_else(|| self.piece_widths.get(&row.piece));
        let trimmed = !self.any_ends_blank && !self.mostly_whole();
        match (known, header_width) {
            (Some(widths), _) if widths.contains(&width) => true,
            (None, Some(header)) if header == width => true,
            (None, None) => true,
            (None, Some(_)) if self.is_usual_width(row.piece, width) => true,
            _ => trimmed && self.n_rows > 1,
        }
    }
}

/// Cells after the label.
fn tail(row: &TableRow) -> std::ops::Range<usize> {
    row.label().map_or(0, |index| index + 1)..row.cells.len()
}

fn label_column(row: &TableRow) -> usize {
    row.label().and_then(|index| row.cells.get(index)).map_or(usize::MAX, |cell| cell.column)
}

fn is_run(indices: &[usize]) -> bool {
    indices.windows(2).all(|pair| matches!(pair, [one, next] if one + 1 == *next))
}

/// Most numbers of a row that may be lost and the others still be placed.
const MOST_LOST: usize = 3;
/// A row with more columns has too many ways to be parted.
const WIDEST_PARTED: usize = 24;
/// Most slots of all the placements looked at for one row. Where there are more nobody can look at them all, and what is
/// left of them decides nothing: every number of the row is in doubt.
const MOST_SLOTS: usize = 60_000;

/// Whether all ways to choose `n_chosen` of `n_all` can be looked at.
fn are_few(n_all: usize, n_chosen: usize, n_columns: usize) -> bool {
    let n_left = n_all.saturating_sub(n_chosen);
    let n_ways = (0..n_left).try_fold(1_usize, |ways, step| Some(ways.checked_mul(n_all - step)? / (step + 1)));
    n_ways.and_then(|ways| ways.checked_mul(n_columns)).is_some_and(|slots| slots <= MOST_SLOTS)
}

/// Every placement of a row.
pub fn place(row: &TableRow, columns: &Columns, evidence: &Evidence, header_width: Option<usize>) -> Placement {
    let n_columns = columns.printed.len();
    let tail = tail(row);
    let printed: Vec<usize> = tail.clone().filter(|&index| row.cells.get(index).is_some_and(|cell| cell.is_printed())).collect();
    let candidate = |candidates, fit| Placement { candidates, fit, shiftable: Vec::new() };
    if printed.is_empty() {
        // A cell less than its like is lost, where blank cells keep their place.
        let lacks_cells = evidence.any_ends_blank && !evidence.accepts_width(row, header_width);
        let odd = lacks_cells || evidence.mostly_whole() && n_columns > 1 && evidence.n_rows > 2;
        return candidate(vec![vec![Slot::Blank; n_columns]], if odd { Fit::Short } else { Fit::Sound });
    }
    if printed.len() == n_columns {
        let fit = whole_row_fit(row, columns, &printed);
        return candidate(vec![printed.iter().map(|&index| Slot::Cell(index)).collect()], fit);
    }
    if printed.len() > n_columns {
        return candidate(long_candidates(&printed, n_columns), Fit::Long);
    }
    let is_wider = header_width.is_some_and(|header| header < row.cells.len());
    if is_wider && evidence.is_closed_up() && !evidence.mostly_whole() && row.shape == Shape::Ragged && tail.len() == n_columns {
        let slot = |index: usize| if printed.contains(&index) { Slot::Cell(index) } else { Slot::Blank };
        return candidate(vec![tail.map(slot).collect()], Fit::Sound);
    }
    let directs = direct_candidates(row, columns, evidence, &printed);
    let ends_blank = directs.iter().any(|slots| slots.last() == Some(&Slot::Blank));
    // Numbers that run on from the label and leave the last columns blank: the blank is where the form has its total. A
    // row that prints its zeros leaves nothing blank.
    let n_blank = n_columns - printed.len();
    let prints_zero =
        printed.iter().any(|&index| row.cells.get(index).and_then(|cell| cell.reading.quantity()).is_some_and(|own| own.value.is_zero()));
    let runs_short = n_columns > 2 && is_run(&printed) && (n_blank == 1 || prints_zero && n_blank <= MOST_LOST);
    if runs_short && ends_blank && row.shape == Shape::Aligned {
        let parted = parted_candidates(row, &printed, n_columns);
        return candidate(directs.into_iter().chain(parted).collect(), Fit::Short);
    }
    let total_blank = ends_blank && (evidence.mostly_whole() || runs_short && row.shape == Shape::Ragged);
    if evidence.accepts_width(row, header_width) && directs.len() == 1 && !total_blank {
        let shiftable = if evidence.mostly_whole() { printed } else { Vec::new() };
        return Placement { candidates: directs, fit: Fit::Sound, shiftable };
    }
    let mut candidates = directs;
    let fit = if evidence.accepts_width(row, header_width) && !candidates.is_empty() { Fit::Shifted } else { Fit::Short };
    lost_candidates(&printed, n_columns, &mut candidates);
    if candidates.is_empty() {
        candidates.push(vec![Slot::Lost; n_columns]);
    }
    candidates.extend(parted_candidates(row, &printed, n_columns));
    candidate(candidates, fit)
}

/// Placements by which a row is shifted.
pub fn shifts(printed: &[usize], n_columns: usize) -> Vec<Vec<Slot>> {
    let mut shifts = Vec::new();
    if !printed.is_empty() {
        lost_candidates(printed, n_columns, &mut shifts);
    }
    shifts
}

/// A row with a number for each column: sound when they run on from the label or stand under their headers.
fn whole_row_fit(row: &TableRow, columns: &Columns, printed: &[usize]) -> Fit {
    let grid: Vec<usize> = printed.iter().filter_map(|&index| row.cells.get(index)).map(|cell| cell.column).collect();
    let header: Vec<usize> = columns.printed.iter().filter_map(|column| column.grid).collect();
    if grid == header || row.shape == Shape::Aligned || row.shape == Shape::Stacked {
        return Fit::Sound;
    }
    if !is_run(printed) {
        return Fit::Long;
    }
    let beside_label = grid.first().copied() == Some(label_column(row).wrapping_add(1));
    if row.mend != Mend::None || header.len() != columns.printed.len() || beside_label { Fit::Sound } else { Fit::Shifted }
}

/// Placements by grid column: under the header, or where whole rows with the same label column have their numbers.
fn direct_candidates(row: &TableRow, columns: &Columns, evidence: &Evidence, printed: &[usize]) -> Vec<Vec<Slot>> {
    let n_columns = columns.printed.len();
    if row.shape == Shape::Stacked {
        return Vec::new();
    }
    let header: Vec<usize> = columns.printed.iter().filter_map(|column| column.grid).collect();
    let mut grids: Vec<Vec<usize>> = Vec::new();
    let learned = evidence.grids.get(&(row.piece, label_column(row)));
    grids.extend(learned.into_iter().flatten().filter(|grid| grid.len() == n_columns).cloned());
    let label = label_column(row);
    let is_free = header.first().is_some_and(|&first| label == usize::MAX || label < first);
    if header.len() == n_columns && learned.is_none() && is_free {
        grids.push(header);
    }
    let tail = tail(row);
    if grids.is_empty() && tail.len() == n_columns {
        grids.push(row.cells.iter().skip(tail.start).map(|cell| cell.column).collect());
    }
    grids.sort();
    grids.dedup();
    let place = |grid: &Vec<usize>| {
        let slot = |column: &usize| {
            printed
                .iter()
                .copied()
                .find(|&index| row.cells.get(index).is_some_and(|cell| cell.column == *column))
                .map_or(Slot::Blank, Slot::Cell)
        };
        let slots: Vec<Slot> = grid.iter().map(slot).collect();
        let n_placed = slots.iter().filter(|slot| matches!(slot, Slot::Cell(_))).count();
        (n_placed == printed.len()).then_some(slots)
    };
    let mut found: Vec<Vec<Slot>> = grids.iter().filter_map(place).collect();
    found.dedup();
    found
}

/// A number too many: any one may be surplus, or two neighbours may be one number.
fn long_candidates(printed: &[usize], n_columns: usize) -> Vec<Vec<Slot>> {
    let n_surplus = printed.len() - n_columns;
    let mut candidates = Vec::new();
    if n_surplus <= 3 && are_few(printed.len(), n_columns, n_columns) {
        let mut chosen = Vec::new();
        choose(printed.len(), n_columns, &mut chosen, &mut |kept| {
            candidates.push(kept.iter().filter_map(|&index| printed.get(index)).map(|&index| Slot::Cell(index)).collect());
        });
    }
    if n_surplus == 1 && !candidates.is_empty() {
        for joined in 0..n_columns {
            let slot = |(position, &index): (usize, &usize)| match position.cmp(&joined) {
                std::cmp::Ordering::Less => Some(Slot::Cell(index)),
                std::cmp::Ordering::Equal => Some(Slot::Joined(index)),
                std::cmp::Ordering::Greater => (position > joined + 1).then_some(Slot::Cell(index)),
            };
            candidates.push(printed.iter().enumerate().filter_map(slot).collect());
        }
    }
    if candidates.is_empty() {
        candidates.push(vec![Slot::Lost; n_columns]);
    }
    candidates
}

/// One number too few: any one of two digits or more may be two that have run together.
fn parted_candidates(row: &TableRow, printed: &[usize], n_columns: usize) -> Vec<Vec<Slot>> {
    let mut candidates = Vec::new();
    if printed.len() + 1 != n_columns || n_columns > WIDEST_PARTED {
        return candidates;
    }
    for (position, &cell) in printed.iter().enumerate() {
        let Some(own) = row.cells.get(cell) else { continue };
        let digits = own.reading.quantity().map(|own| own.value.to_string());
        let Some(digits) = digits.filter(|digits| own.span.range().len() == digits.len()) else { continue };
        let is_whole = |part: &str| part == "0" || !part.starts_with('0') && part.bytes().all(|byte| byte.is_ascii_digit());
        let may_part = |at: &usize| digits.split_at_checked(*at).is_some_and(|(head, tail)| is_whole(head) && is_whole(tail));
        for at in (1..digits.len()).filter(may_part) {
            let parts = [Slot::Part { cell, from: 0, to: at }, Slot::Part { cell, from: at, to: digits.len() }];
            let (before, behind) = (printed.iter().take(position), printed.iter().skip(position + 1));
            let whole = |index: &usize| Slot::Cell(*index);
            candidates.push(before.map(whole).chain(parts).chain(behind.map(whole)).collect());
        }
    }
    candidates
}

/// Too few numbers: the lost ones may have stood anywhere.
fn lost_candidates(printed: &[usize], n_columns: usize, candidates: &mut Vec<Vec<Slot>>) {
    if n_columns - printed.len() > MOST_LOST {
        return;
    }
    if !are_few(n_columns, printed.len(), n_columns) {
        candidates.push(vec![Slot::Lost; n_columns]);
        return;
    }
    choose(n_columns, printed.len(), &mut Vec::new(), &mut |places| {
        let mut slots = vec![Slot::Lost; n_columns];
        for (&place, &index) in places.iter().zip(printed) {
            if let Some(slot) = slots.get_mut(place) {
                *slot = Slot::Cell(index);
            }
        }
        candidates.push(slots);
    });
}

/// Every way to choose `n_chosen` of `0..n_all`, in order; depth is `n_chosen`, at most the columns of a form.
fn choose(n_all: usize, n_chosen: usize, chosen: &mut Vec<usize>, take: &mut dyn FnMut(&[usize])) {
    if chosen.len() == n_chosen {
        take(chosen);
        return;
    }
    let first = chosen.last().map_or(0, |&last| last + 1);
    for next in first..=n_all.saturating_sub(n_chosen - chosen.len()) {
        chosen.push(next);
        choose(n_all, n_chosen, chosen, take);
        chosen.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placements_that_nobody_can_look_at_leave_every_number_in_doubt() {
        let printed: Vec<usize> = (0..118).collect();
        assert_eq!(long_candidates(&printed, 115), [vec![Slot::Lost; 115]]);
        let mut lost = Vec::new();
        lost_candidates(&printed[..112], 115, &mut lost);
        assert_eq!(lost, [vec![Slot::Lost; 115]]);
        // Of a form's columns all ways are looked at.
        let mut few = Vec::new();
        lost_candidates(&printed[..5], 7, &mut few);
        assert_eq!(few.len(), 21);
        assert_eq!(long_candidates(&printed[..8], 7).len(), 15);
    }
}
