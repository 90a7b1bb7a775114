//! Cells that do not belong where they stand: digits that are no number among numbers, numbers beyond the last header or
//! under two of them, a unit that is not the column's.

use super::{Address, Slip};
use crate::discover::figure::{Writing, read_figure};
use crate::doc::Shape;
use crate::flag::{Code, Fault, Flag, Message, Related, Severity};
use crate::generic::body::number_columns;
use crate::generic::sheet::{Slot, mostly};
use crate::generic::{LooseTable, LooseValue};
use crate::normalise::{parted_unit, without_currency};
use crate::place::Span;
use crate::table::Table;
use std::collections::HashMap;

/// Fewest rows that tell where a table ends.
const LEAST: usize = 3;
/// Of so many cells of a column one may print a unit of its own.
const CELLS_TO_UNIT: usize = 3;
/// So many cells besides the first are told of together.
const MANY: usize = 8;
/// Of so many rows one may reach beyond the headers; more show that a column has none.
const ROWS_TO_LONG: usize = 4;

/// Values by where they stand.
type Values<'a> = HashMap<Address, &'a LooseValue>;

/// Flags for such cells.
pub fn find(loose: &LooseTable, printed: &Table, slips: &[Slip], values: &Values) -> Vec<Flag> {
    let mut flags = unread(loose, printed, values);
    flags.extend(wide(loose, printed, values));
    flags.extend(other_units(loose));
    flags.extend(long_rows(loose, printed).filter(|(row, _)| slips.iter().all(|slip| slip.row != *row)).map(|(_, flag)| flag));
    flags
}

fn data_rows(loose: &LooseTable) -> impl Iterator<Item = (usize, &Vec<Slot>)> {
    loose.sheet.rows.iter().enumerate().filter(|(row, _)| loose.frame.roles.get(*row).is_some_and(|role| role.is_data()))
}

/// Digits that are no number, in columns of numbers; `11,1` among numbers with a point may be no more than a slip of the pen.
fn unread(loose: &LooseTable, printed: &Table, values: &Values) -> Vec<Flag> {
    let strays = stray_cells(loose, printed);
    let (slips, broken): (Vec<Stray>, Vec<Stray>) = strays.into_iter().partition(|stray| is_of_other_writing(stray.text));
    let slip = |text: String| Message::new("{0} is written otherwise than the numbers of its table, and is not read", [text]);
    let some_slips =
        |facts| Message::new("{0} cells are written otherwise than the numbers of their table, and are not read, the first {1}", facts);
    let one = |text: String| Message::new("{0} cannot be read as one number", [text]);
    let some = |facts: [String; 2]| Message::new("{0} cells of this table cannot be read as one number, the first of them {1}", facts);
    let noted = tell(&slips, values, slip, some_slips).into_iter().map(|flag| flag.graded(Severity::Note));
    noted.chain(tell(&broken, values, one, some)).collect()
}

/// A flag for each; where a table has many, one tells of all.
fn tell(strays: &[Stray], values: &Values, one: impl Fn(String) -> Message, all: impl Fn([String; 2]) -> Message) -> Vec<Flag> {
    let flag = |stray: &Stray, message: Message| {
        let key = values.get(&stray.address).map(|value| value.key.clone());
        let flag = Flag::new(Code::NumberUnread, message).graded(Severity::Warning).at(stray.span);
        flag.about(key.into_iter().collect()).fault(Fault::Source)
    };
    match strays {
        [first, others @ ..] if others.len() >= MANY => {
            let related = others.iter().map(|stray| Related { span: stray.span, label: stray.text.to_string() }).collect();
            vec![Flag { related, ..flag(first, all([strays.len().to_string(), first.text.to_string()])) }]
        }
        few => few.iter().map(|stray| flag(stray, one(stray.text.to_string()))).collect(),
    }
}

/// A cell of digits that are no number.
struct Stray<'a> {
    address: Address,
    span: Span,
    text: &'a str,
}

/// A number whose point is a comma.
fn is_of_other_writing(text: &str) -> bool {
    read_figure(text, Writing { group: '.', point: ',' }).is_some()
}

/// Places and characters of digits that are no number and no range, in columns of numbers; an amount is one anywhere.
fn stray_cells<'a>(loose: &'a LooseTable, printed: &Table) -> Vec<Stray<'a>> {
    let are_numbers = number_columns(&loose.sheet, &loose.frame.roles);
    let is_stray = |slot: &Slot| {
        slot.column >= loose.frame.n_stub
            && (slot.is_unread() || slot.is_near_number())
            && !slot.is_range()
            && (slot.is_amount() || are_numbers.get(slot.column) == Some(&true))
    };
    // Without a label `>500` may head a column of such numbers.
    let is_labelled = |slots: &[Slot]| slots.first().is_some_and(|first| first.column < loose.frame.n_stub);
    let cells = data_rows(loose).flat_map(|(row, slots)| {
        let is_told = is_labelled(slots);
        slots.iter().filter(move |slot| is_stray(slot) && (is_told || slot.is_unread())).map(move |slot| (row, slot))
    });
    let stray = |(row, slot): (usize, &'a Slot)| {
        Some(Stray { address: (row, slot.column), span: printed.rows.get(row)?.cells.get(slot.cell)?.span, text: &slot.text })
    };
    cells.filter_map(stray).collect()
}

/// Numbers in cells that stand under several headers, where other rows have a number under each.
fn wide(loose: &LooseTable, printed: &Table, values: &Values) -> Vec<Flag> {
    let are_numbers = mostly(loose.sheet.n_columns, data_rows(loose).map(|(_, slots)| slots), |_| true, |slot| slot.figure().is_some());
    let find = |(row, slot): (usize, &Slot)| {
        let columns = slot.column..slot.column + slot.width;
        let header = loose.headers.iter().rev().find(|header| header.end <= row)?;
        let mut paths: Vec<&Vec<String>> = header.paths.get(columns.clone())?.iter().filter(|path| !path.is_empty()).collect();
        paths.dedup();
        let all_numbers = are_numbers.get(columns)?.iter().all(|are_numbers| *are_numbers);
        let span = printed.rows.get(row)?.cells.get(slot.cell)?.span;
        let value = values.get(&(row, slot.column))?;
        let facts = [slot.text.clone(), paths.len().to_string()];
        let message = Message::new("{0} stands in one cell under {1} columns; it is given to the first", facts);
        let flag = Flag::new(Code::RowShort, message).graded(Severity::Warning).at(span).about(vec![value.key.clone()]);
        (paths.len() > 1 && all_numbers).then(|| flag.fault(Fault::Source))
    };
    let slots = data_rows(loose).flat_map(|(row, slots)| slots.iter().map(move |slot| (row, slot)));
    slots.filter(|(_, slot)| slot.width > 1 && slot.column >= loose.frame.n_stub && slot.figure().is_some()).filter_map(find).collect()
}

/// Numbers that print another power of ten of their column's unit: 523 亿元 among 万元. Where many cells print a unit of their
/// own the column's says nothing.
fn other_units(loose: &LooseTable) -> Vec<Flag> {
    let own = |value: &LooseValue| value.reading.quantity().and_then(|quantity| quantity.unit);
    let differs = |value: &&LooseValue| {
        let units = own(value).zip(value.unit.as_deref()).map(|(own, unit)| (parted_unit(own), parted_unit(without_currency(unit))));
        units.is_some_and(|((own_zeros, own), (zeros, base))| own == base && own_zeros != zeros)
    };
    let mut n_in_column = vec![(0, 0); loose.sheet.n_columns];
    for value in &loose.values {
        if let Some((n_own, n_all)) = n_in_column.get_mut(value.column) {
            *n_own += usize::from(own(value).is_some());
            *n_all += 1;
        }
    }
    let is_rare = |value: &&LooseValue| n_in_column.get(value.column).is_some_and(|(n_own, n_all)| n_own * CELLS_TO_UNIT <= *n_all);
    let flag = |value: &LooseValue| {
        let facts = [own(value)?.to_string(), value.unit.clone()?];
        let message = Message::new("{0} is printed in a column of {1}; the number is as printed, in its own unit", facts);
        Some(Flag::new(Code::UnitMismatch, message).at(value.span).about(vec![value.key.clone()]).fault(Fault::Source))
    };
    loose.values.iter().filter(differs).filter(is_rare).filter_map(flag).collect()
}

/// Rows with numbers beyond the last column that a header names, where hardly any other row has one there; only formats that
/// say themselves what a column is can tell.
fn long_rows(loose: &LooseTable, printed: &Table) -> impl Iterator<Item = (usize, Flag)> {
    let named = |paths: &[Vec<String>]| paths.iter().rposition(|path| !path.is_empty());
    let last = loose.headers.iter().filter_map(|header| named(&header.paths)).max();
    let is_long = |slots: &Vec<Slot>| slots.last().is_some_and(|slot| slot.is_datum() && last.is_some_and(|last| slot.column > last));
    let is_told = printed.rows.iter().all(|row| row.shape == Shape::Spanned);
    let n_rows = data_rows(loose).count();
    let long: Vec<usize> = data_rows(loose).filter(|(_, slots)| is_long(slots)).map(|(row, _)| row).collect();
    let tells = is_told && n_rows >= LEAST && long.len() * ROWS_TO_LONG <= n_rows;
    long.into_iter().filter(move |_| tells).filter_map(|row| {
        let message = Message::plain("this row has a number beyond the last column that a header names");
        let flag = Flag::new(Code::RowLong, message).at(printed.rows.get(row)?.span).about(vec![loose.row_key(row)]);
        Some((row, flag.fault(Fault::Source)))
    })
}
