//! Numbers that a sheet shows with fewer digits than it keeps. What shows is what is read; that more is kept is told once a
//! sheet, with the number that loses most.

use super::{Sheet, SheetCell, format, write_address};
use crate::flag::{Code, Fault, Flag, Message, Severity};

/// What a float's last digits are worth, in steps of the last digit that shows: no rounding is so small.
const NOISE: f64 = 1e-3;

/// What is told of a sheet; nothing where all that is kept shows.
pub fn find(sheet: &Sheet) -> Option<Flag> {
    let losses = || sheet.cells.iter().filter_map(|cell| Some((loss(cell)?, cell)));
    let (_, worst) = losses().max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    let at = write_address(worst.row, worst.column);
    let facts = [losses().count().to_string(), sheet.name.clone(), at, worst.text.trim().to_string(), format::plain(worst.stored?)];
    let template = "{0} numbers of the sheet {1} show fewer digits than are stored and are read as shown; {2} shows {3} for {4}";
    Some(Flag::new(Code::NoText, Message::new(template, facts)).graded(Severity::Note).fault(Fault::Source))
}

/// How far what shows is from what is kept, as a share of it; none where both are the same or a date shows.
fn loss(cell: &SheetCell) -> Option<f64> {
    let stored = cell.stored.filter(|&stored| stored != 0.0)?;
    let text = cell.text.trim();
    let (text, scale) = text.strip_suffix('%').map_or((text, 1.0), |text| (text, 100.0));
    let digits: String = text.chars().filter(|character| !matches!(character, ',' | ' ' | '¥' | '￥' | '$' | '(' | ')')).collect();
    let shown = digits.parse::<f64>().ok()?.abs();
    let n_decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let step = 10_f64.powi(-i32::try_from(n_decimals).ok()?);
    let off = (shown - stored.abs() * scale).abs();
    (off > NOISE * step).then_some(off / (stored.abs() * scale))
}
