//! Rows under "of which", and rows whose names come again, that are parts of the row above them, told by their numbers
//! where no blanks tell it.
//!
//! ```text
//!   常住人口      199.5   100.0
//!   其中：城镇    122.5    61.4     the two add up to the row above: both are its parts,
//!   乡村           77.0    38.6
//!   其中：男性    100.4    50.3     and what is "of which" behind them is of the same row
//! ```

use super::frame::Frame;
use super::sheet::{Sheet, Slot};
use crate::discover::figure::Figure;
use crate::grammar::words::Words;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

/// Most parts that are added up.
const MOST_PARTS: usize = 30;
/// A total of fewer digits may come out by chance.
const LEAST_TOTAL: i128 = 100;
/// The same where no word says that there are parts.
const LEAST_TOTAL_OF_NAMES: i128 = 1_000;

/// The numbers of a row, by column.
type Figures = BTreeMap<usize, Figure>;

/// A row of numbers.
struct Row<'a> {
    /// Which of the sheet's.
    index: usize,
    /// The innermost.
    label: Option<&'a Slot>,
    /// Its label says that it is a part.
    is_part: bool,
    slots: &'a [Slot],
    n_stub: usize,
    /// Few rows are ever added up.
    figures: OnceCell<Figures>,
}

impl<'a> Row<'a> {
    fn name(&self) -> &'a str {
        self.label.map_or("", |label| label.text.as_str())
    }

    fn figures(&self) -> &Figures {
        self.figures.get_or_init(|| {
            let mut figures = Figures::new();
            for slot in self.slots.iter().filter(|slot| slot.column >= self.n_stub) {
                if let Some(figure) = slot.figure() {
                    figures.entry(slot.column).or_insert(figure);
                }
            }
            figures
        })
    }
}

/// For each row, the row that it is a part of; none where the numbers do not tell.
pub fn find(sheet: &Sheet, frame: &Frame, words: &Words) -> Vec<Option<usize>> {
    let rows = rows(sheet, frame, words);
    let mut wholes = find_of_names(sheet, &rows);
    if !rows.iter().any(|row| row.is_part) {
        return wholes;
    }
    // The last row whose parts began, and where the last of them that are known ends.
    let mut whole: Option<&Row> = None;
    let mut reached = 0;
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.is_part) {
        if at < reached {
            continue;
        }
        let above = at.checked_sub(1).and_then(|above| rows.get(above)).filter(|above| !above.is_part);
        let follows = reached == at && whole.is_some();
        let own = if follows { whole } else { above.filter(|above| may_hold(above, row)).or(whole).or(above) };
        let Some(mut own) = own else { continue };
        let behind = rows.get(at + 1..).unwrap_or_default();
        let n_parts = 1 + behind.iter().take(MOST_PARTS).take_while(|row| !row.is_part).count();
        let parts = rows.get(at..at + n_parts).unwrap_or_default();
        let n_whole = n_adding_up(own, parts, (LEAST_TOTAL, 1));
        let n_known = n_whole.unwrap_or(1);
        // `60岁以上` ends one division and has a part of its own.
        if let Some(above) = above.filter(|above| follows && n_whole.is_none() && may_hold(above, row)) {
            own = above;
        }
        for part in parts.iter().take(n_known) {
            if let Some(found) = wholes.get_mut(part.index) {
                *found = Some(own.index);
            }
        }
        whole = Some(own);
        reached = if n_whole.is_some() { at + n_known } else { 0 };
    }
    wholes
}

/// Of rows whose names come again, the row above that they add up to in most columns, with those beside them, where the same
/// name stands first below another such row: it tells which is which.
fn find_of_names(sheet: &Sheet, rows: &[Row]) -> Vec<Option<usize>> {
    let mut wholes = vec![None; sheet.rows.len()];
    let mut counts: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
    rows.iter().for_each(|row| *counts.entry(row.name()).or_default() += 1);
    let name = |at: usize| rows.get(at).map(Row::name).filter(|name| !name.is_empty());
    let comes_again = |at: usize| name(at).filter(|name| counts.get(name).is_some_and(|&n| n > 1));
    let mut found: Vec<(&Row, &[Row], &str)> = Vec::new();
    for (at, whole) in rows.iter().enumerate().filter(|(at, whole)| !whole.is_part && comes_again(*at).is_none()) {
        let Some(first) = comes_again(at + 1) else { continue };
        // Where blanks tell what is a part, the label path has it.
        let is_as_deep = |part: &&Row| match (whole.label, part.label) {
            (Some(whole), Some(part)) => part.indent <= whole.indent && part.column == whole.column,
            _ => false,
        };
        let behind = rows.get(at + 1..).unwrap_or_default();
        let behind = behind.get(..behind.iter().take(MOST_PARTS).take_while(is_as_deep).count()).unwrap_or_default();
        let is_shared = |column: &&usize| whole.figures().contains_key(column);
        let n_columns = behind.first().map_or(0, |first| first.figures().keys().filter(is_shared).count());
        let n_parts = n_adding_up(whole, behind, (LEAST_TOTAL_OF_NAMES, n_columns.div_ceil(2)));
        found.extend(n_parts.and_then(|n_parts| behind.get(..n_parts)).map(|parts| (whole, parts, first)));
    }
    let mut firsts: HashMap<&str, usize> = HashMap::new();
    found.iter().for_each(|(.., first)| *firsts.entry(first).or_default() += 1);
    for (whole, parts, _) in found.iter().filter(|(.., first)| firsts.get(first).is_some_and(|&n| n > 1)) {
        for part in *parts {
            if let Some(found) = wholes.get_mut(part.index) {
                *found = Some(whole.index);
            }
        }
    }
    wholes
}

/// The rows of numbers.
fn rows<'a>(sheet: &'a Sheet, frame: &Frame, words: &Words) -> Vec<Row<'a>> {
    let data = sheet.rows.iter().zip(&frame.roles).enumerate().filter(|(_, (_, role))| role.is_data());
    let row = |(index, (slots, _)): (usize, (&'a Vec<Slot>, _))| {
        let label = slots.iter().rfind(|slot| frame.is_label(slot));
        let is_part = label.is_some_and(|label| words.part.begins(&label.text));
        Row { index, label, is_part, slots, n_stub: frame.n_stub, figures: OnceCell::new() }
    };
    data.map(row).collect()
}

/// A part is no greater than its whole, as far as the first column shows in which both have a number.
fn may_hold(whole: &Row, part: &Row) -> bool {
    let pair = part.figures().iter().find_map(|(column, part)| Some((whole.figures().get(column)?, part)));
    pair.is_none_or(|(whole, part)| {
        let decimals = whole.decimals.max(part.decimals);
        scaled(part, decimals) <= scaled(whole, decimals)
    })
}

/// In the first column in which both have a number the row's is no greater than that of the row above.
pub fn is_no_greater(row: &[Slot], above: &[Slot], n_stub: usize) -> bool {
    let figure = |column: usize| above.iter().find(|slot| slot.column == column)?.figure();
    let mut pairs = row.iter().filter(|slot| slot.column >= n_stub).filter_map(|slot| Some((slot.figure()?, figure(slot.column)?)));
    pairs.next().is_some_and(|(own, above)| {
        let decimals = own.decimals.max(above.decimals);
        scaled(&own, decimals) <= scaled(&above, decimals)
    })
}

/// How many of the parts, the first ones, add up to the whole in so many columns at least; none where they never do.
fn n_adding_up(whole: &Row, parts: &[Row], (least_total, least_columns): (i128, usize)) -> Option<usize> {
    let (first, others) = parts.split_first()?;
    let mut columns: Vec<(usize, Figure, Figure)> =
        first.figures().iter().filter_map(|(&column, &part)| Some((column, *whole.figures().get(&column)?, part))).collect();
    for (n_parts, part) in (2..).zip(others) {
        columns =
            columns.into_iter().filter_map(|(column, total, sum)| Some((column, total, plus(sum, part.figures().get(&column)?)))).collect();
        if columns.iter().filter(|(_, total, sum)| is_total((total, least_total), sum, n_parts)).count() >= least_columns.max(1) {
            return Some(n_parts);
        }
    }
    None
}

fn plus(sum: Figure, part: &Figure) -> Figure {
    let decimals = sum.decimals.max(part.decimals);
    Figure { digits: scaled(&sum, decimals).saturating_add(scaled(part, decimals)), decimals }
}

/// The sum is the total, up to what rounding leaves open.
fn is_total((total, least_total): (&Figure, i128), sum: &Figure, n_parts: usize) -> bool {
    let decimals = total.decimals.max(sum.decimals);
    let slack = if decimals > 0 { n_parts as u128 / 2 } else { 0 };
    let (total, sum) = (scaled(total, decimals), scaled(sum, decimals));
    total.saturating_abs() >= least_total && sum.abs_diff(total) <= slack
}

fn scaled(figure: &Figure, decimals: u8) -> i128 {
    figure.digits.saturating_mul(10_i128.saturating_pow(u32::from(decimals.saturating_sub(figure.decimals))))
}
