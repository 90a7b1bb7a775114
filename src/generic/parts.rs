//! Rows under "of which" that are parts of the row above them, told by their numbers where no blanks tell it.
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

/// Most parts that are added up.
const MOST_PARTS: usize = 30;
/// A total of fewer digits may come out by chance.
const LEAST_TOTAL: i128 = 100;

/// For each row, the row that it is a part of; none where the numbers do not tell.
pub fn find(sheet: &Sheet, frame: &Frame, words: &Words) -> Vec<Option<usize>> {
    let mut wholes = vec![None; sheet.rows.len()];
    let rows: Vec<usize> = (0..sheet.rows.len()).filter(|&row| frame.roles.get(row).is_some_and(|role| role.is_data())).collect();
    let is_part = |row: usize| label(sheet, frame, row).is_some_and(|slot| words.part.begins(&slot.text));
    // The last row whose parts began, and where the last of them that are known ends.
    let mut whole: Option<usize> = None;
    let mut reached = 0;
    for (at, &row) in rows.iter().enumerate() {
        if at < reached {
            continue;
        }
        if !is_part(row) {
            continue;
        }
        let above = at.checked_sub(1).and_then(|above| rows.get(above)).copied().filter(|&above| !is_part(above));
        let follows = reached == at && whole.is_some();
        let own = if follows { whole } else { above.filter(|&above| may_hold(sheet, frame, (above, row))).or(whole).or(above) };
        let Some(mut own) = own else { continue };
        let behind = rows.get(at + 1..).unwrap_or_default();
        let n_parts = 1 + behind.iter().take(MOST_PARTS).take_while(|&&row| !is_part(row)).count();
        let parts = rows.get(at..at + n_parts).unwrap_or_default();
        let n_whole = (2..=parts.len()).find(|&n_parts| adds_up(sheet, frame, own, parts.get(..n_parts).unwrap_or_default()));
        let n_known = n_whole.unwrap_or(1);
        // `60岁以上` ends one division and has a part of its own.
        if let Some(above) = above.filter(|&above| follows && n_whole.is_none() && may_hold(sheet, frame, (above, row))) {
            own = above;
        }
        wholes
            .iter_mut()
            .enumerate()
            .filter(|(row, _)| parts.iter().take(n_known).any(|part| part == row))
            .for_each(|(_, found)| *found = Some(own));
        whole = Some(own);
        reached = if n_whole.is_some() { at + n_known } else { 0 };
    }
    wholes
}

fn label<'a>(sheet: &'a Sheet, frame: &Frame, row: usize) -> Option<&'a Slot> {
    sheet.rows.get(row)?.iter().rev().find(|slot| slot.column < frame.n_stub.max(1))
}

fn figures<'a>(sheet: &'a Sheet, frame: &Frame, row: usize) -> impl Iterator<Item = (usize, Figure)> + 'a {
    let n_stub = frame.n_stub;
    let slots = sheet.rows.get(row).map(Vec::as_slice).unwrap_or_default();
    slots.iter().filter(move |slot| slot.column >= n_stub).filter_map(|slot| Some((slot.column, slot.figure()?)))
}

/// A part is no greater than its whole, as far as the first column shows in which both have a number.
fn may_hold(sheet: &Sheet, frame: &Frame, (whole, part): (usize, usize)) -> bool {
    let of_part = |column: usize| figures(sheet, frame, part).find(|(own, _)| *own == column);
    let pair = figures(sheet, frame, whole).find_map(|(column, figure)| Some((figure, of_part(column)?.1)));
    pair.is_none_or(|(whole, part)| {
        let decimals = whole.decimals.max(part.decimals);
        scaled(part, decimals) <= scaled(whole, decimals)
    })
}

/// In one column at least the parts add up to the whole, up to what rounding leaves open.
fn adds_up(sheet: &Sheet, frame: &Frame, whole: usize, parts: &[usize]) -> bool {
    let adds = |(column, total): (usize, Figure)| {
        let own = parts.iter().map(|&part| figures(sheet, frame, part).find(|(own, _)| *own == column).map(|(_, figure)| figure));
        let Some(own) = own.collect::<Option<Vec<Figure>>>() else { return false };
        let decimals = own.iter().map(|figure| figure.decimals).chain([total.decimals]).max().unwrap_or(0);
        let sum: i128 = own.iter().map(|&figure| scaled(figure, decimals)).sum();
        let slack = if decimals > 0 { i128::try_from(parts.len() / 2).unwrap_or(0) } else { 0 };
        let total = scaled(total, decimals);
        total.abs() >= LEAST_TOTAL && (sum - total).abs() <= slack
    };
    figures(sheet, frame, whole).any(adds)
}

fn scaled(figure: Figure, decimals: u8) -> i128 {
    figure.digits.saturating_mul(10_i128.saturating_pow(u32::from(decimals.saturating_sub(figure.decimals))))
}
