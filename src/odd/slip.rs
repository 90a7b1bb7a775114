//! Rows whose cells stand in other columns than those of the rest.
//!
//! ```text
//!   a   1  2  3  4
//!   b   5  6  7  8
//!   c   9  11 12 ·      a number is lost, or two have run together: the others have moved left
//!   d   ·  13 14 15 16  a blank has come in: the others have moved right, beyond the table
//! ```

use crate::discover::matrix::Axis;
use crate::generic::LooseTable;
use crate::generic::sheet::Slot;
use std::collections::HashMap;

/// A row whose cells have slipped.
#[derive(Debug, Clone)]
pub struct Slip {
    /// The row.
    pub row: usize,
    /// How.
    pub kind: SlipKind,
}

/// How the cells of a row have slipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlipKind {
    /// To the left: a number is lost, or run together with its neighbour.
    Left,
    /// To the right: a blank has come in.
    Right,
}

/// What the other rows of numbers show in a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Habit {
    Figure,
    Words,
    Blank,
    Mixed,
}

/// Fewest other rows that make a habit.
const LEAST_ROWS: usize = 4;

/// Wider tables are not looked at: each blank of a row is tried against every column.
const MOST_COLUMNS: usize = 256;

/// Find the rows that have slipped.
pub fn find(table: &LooseTable) -> Vec<Slip> {
    let rows: Vec<usize> =
        (0..table.sheet.rows.len()).filter(|&row| table.frame.roles.get(row).is_some_and(|role| role.is_data())).collect();
    let (first, n_columns) = (table.frame.n_stub, table.sheet.n_columns.saturating_sub(table.frame.n_stub));
    if rows.len() <= LEAST_ROWS || n_columns > MOST_COLUMNS {
        return Vec::new();
    }
    let slots = |row: usize| table.sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default();
    let shown: Vec<Vec<Habit>> = rows.iter().map(|&row| show(slots(row), first, n_columns)).collect();
    let counts: Vec<[usize; 3]> = (0..n_columns).map(|at| count(&shown, at)).collect();
    let sizes = Sizes::new(table, &rows);
    let mut found = Vec::new();
    for (place, &row) in rows.iter().enumerate() {
        let Some(own) = shown.get(place) else { continue };
        let n_printed = own.iter().filter(|habit| **habit != Habit::Blank).count();
        if n_printed < 2 {
            continue;
        }
        let habits: Vec<Habit> = counts.iter().zip(own).map(|(count, own)| habit(*count, *own, rows.len())).collect();
        let is_kept = |kind: &SlipKind| *kind == SlipKind::Right || !(adds_up(table, row) || sizes.suit(&table.sheet.rows, row));
        if let Some(kind) = slip(own, &habits).filter(is_kept) {
            found.push(Slip { row, kind });
        }
    }
    // Where many rows do it, it is no slip.
    if found.len() * 8 > rows.len().max(8) { Vec::new() } else { found }
}

/// The last number of a row goes into a sum that holds, so it stands where it belongs, and so do those before it.
fn adds_up(table: &LooseTable, row: usize) -> bool {
    let last = table.sheet.rows.get(row).and_then(|slots| slots.iter().rev().find(|slot| slot.figure().is_some()));
    // A nought adds to any sum.
    let last = last.filter(|slot| slot.figure().is_some_and(|figure| figure.digits != 0));
    let Some(column) = last.map(|slot| slot.column) else { return false };
    table.relations.iter().any(|relation| {
        let takes = |line: usize| relation.candidate.result == line || relation.candidate.parts.contains(&line);
        let (line, at) = match relation.axis {
            Axis::Rows => (row, column),
            Axis::Columns => (column, row),
        };
        takes(line) && relation.held.binary_search(&at).is_ok()
    })
}

/// How large the numbers of each column use to be: the middle of their logarithms.
struct Sizes(HashMap<usize, f64>);

/// By how many powers of ten a row must suit its columns better as it stands than moved back.
const CLEARLY: f64 = 0.5;
/// Powers of ten by which no number is off that stands where it belongs.
const MUCH: f64 = 1.0;

impl Sizes {
    fn new(table: &LooseTable, rows: &[usize]) -> Sizes {
        let mut by_column: HashMap<usize, Vec<f64>> = HashMap::new();
        for slot in rows.iter().filter_map(|&row| table.sheet.rows.get(row)).flatten() {
            if let Some(size) = size(slot) {
                by_column.entry(slot.column).or_default().push(size);
            }
        }
        let middle = |(column, mut sizes): (usize, Vec<f64>)| {
            sizes.sort_by(f64::total_cmp);
            Some((column, *sizes.get(sizes.len() / 2)?))
        };
        Sizes(by_column.into_iter().filter_map(middle).collect())
    }

    /// True where the numbers of a row are of the sizes of their columns, and would not be, were some of them moved to the right.
    fn suit(&self, rows: &[Vec<Slot>], row: usize) -> bool {
        let slots = rows.get(row).map(Vec::as_slice).unwrap_or_default();
        let sized: Vec<(usize, f64)> = slots.iter().filter_map(|slot| Some((slot.column, size(slot)?))).collect();
        // A total is larger than its parts in every column.
        let mut above: Vec<f64> = sized.iter().filter_map(|(column, size)| Some(size - self.0.get(column)?)).collect();
        above.sort_by(f64::total_cmp);
        let whole = above.get(above.len() / 2).copied().unwrap_or(0.0);
        let off = |column: usize, size: f64| self.0.get(&column).map_or(0.0, |usual| (size - usual - whole).abs());
        // Two that have run together are words, or far too large a number.
        let has_words = slots.iter().any(|slot| !slot.is_datum() && self.0.contains_key(&slot.column));
        if sized.is_empty() || has_words || sized.iter().any(|&(column, size)| off(column, size) > MUCH) {
            return false;
        }
        // By how much the row is worse off when the last numbers of it are moved, as many as may be.
        let gains = sized.iter().rev().scan(0.0, |gain, &(column, size)| {
            *gain += off(column + 1, size) - off(column, size);
            Some(*gain)
        });
        gains.fold(f64::INFINITY, f64::min) > CLEARLY
    }
}

fn size(slot: &Slot) -> Option<f64> {
    let figure = slot.figure().filter(|figure| figure.digits != 0)?;
    let digits = figure.digits.unsigned_abs() as f64;
    Some(digits.log10() - f64::from(figure.decimals))
}

/// What a row shows in each column.
fn show(slots: &[Slot], first: usize, n_columns: usize) -> Vec<Habit> {
    let mut shown = vec![Habit::Blank; n_columns];
    for slot in slots {
        let place = slot.column.checked_sub(first).and_then(|at| shown.get_mut(at));
        if let Some(habit) = place {
            *habit = if slot.is_datum() { Habit::Figure } else { Habit::Words };
        }
    }
    shown
}

fn count(shown: &[Vec<Habit>], at: usize) -> [usize; 3] {
    let mut counts = [0; 3];
    for habit in shown.iter().filter_map(|row| row.get(at)) {
        let [figures, words, blanks] = &mut counts;
        match habit {
            Habit::Figure => *figures += 1,
            Habit::Words => *words += 1,
            Habit::Blank | Habit::Mixed => *blanks += 1,
        }
    }
    counts
}

/// The habit of the other rows in a column: what all but one in twenty show.
fn habit(counts: [usize; 3], own: Habit, n_rows: usize) -> Habit {
    let kinds = [Habit::Figure, Habit::Words, Habit::Blank];
    let others = n_rows - 1;
    let is_habit = |(kind, count): (&Habit, &usize)| {
        let count = count - usize::from(*kind == own);
        (count * 20 >= others * 19).then_some(*kind)
    };
    kinds.iter().zip(&counts).find_map(is_habit).unwrap_or(Habit::Mixed)
}

/// How many columns break their habit.
fn n_breaks(own: impl Iterator<Item = Habit>, habits: &[Habit]) -> usize {
    own.zip(habits).filter(|(own, habit)| **habit != Habit::Mixed && own != *habit).count()
}

/// How a row has slipped, where moving its cells back makes it keep every habit.
fn slip(own: &[Habit], habits: &[Habit]) -> Option<SlipKind> {
    let as_is = n_breaks(own.iter().copied(), habits);
    if as_is == 0 {
        return None;
    }
    let n = own.len();
    // A blank taken out again: what stands behind it moves back to the left.
    let left = (0..n).filter(|&at| own.get(at) == Some(&Habit::Blank)).map(|at| {
        let moved = own.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, habit)| *habit).chain([Habit::Blank]);
        n_breaks(moved, habits)
    });
    let moved_right = left.min().unwrap_or(usize::MAX);
    // A number put in again: what stands behind it moves back to the right.
    let trailing_blank = own.last() == Some(&Habit::Blank);
    let right = (0..n).filter(|_| trailing_blank).flat_map(|at| {
        let (head, tail) = own.split_at_checked(at).unwrap_or((own, &[]));
        let put_in = head.iter().copied().chain([Habit::Figure]).chain(tail.iter().copied()).take(n);
        // Two that have run together are no number any more, or one that is too long.
        let runs_on = own.get(at) == Some(&Habit::Words);
        let parted = head.iter().copied().chain([Habit::Figure, Habit::Figure]).chain(tail.iter().copied().skip(1)).take(n);
        [Some(n_breaks(put_in, habits)), runs_on.then(|| n_breaks(parted, habits))].into_iter().flatten()
    });
    let moved_left = right.min().unwrap_or(usize::MAX);
    if moved_right == 0 && as_is >= 2 {
        return Some(SlipKind::Right);
    }
    let n_figures = habits.iter().filter(|habit| **habit == Habit::Figure).count();
    (moved_left == 0 && (as_is >= 2 || n_figures >= 2)).then_some(SlipKind::Left)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HABITS: [Habit; 4] = [Habit::Figure, Habit::Figure, Habit::Figure, Habit::Blank];

    #[test]
    fn a_row_that_moves_back_into_its_columns_has_slipped() {
        use Habit::{Blank, Figure, Words};
        assert_eq!(slip(&[Figure, Figure, Figure, Blank], &HABITS), None);
        assert_eq!(slip(&[Blank, Figure, Figure, Figure], &HABITS), Some(SlipKind::Right));
        assert_eq!(slip(&[Figure, Figure, Blank, Blank], &HABITS), Some(SlipKind::Left));
        assert_eq!(slip(&[Figure, Words, Blank, Blank], &HABITS), Some(SlipKind::Left));
        assert_eq!(slip(&[Figure, Blank, Figure, Blank], &HABITS), None);
    }
}
