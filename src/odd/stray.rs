//! Cells that do not belong where they stand: digits that are no number among numbers, numbers beyond the last header.

use super::Slip;
use crate::doc::Shape;
use crate::flag::{Code, Fault, Flag, Message, Related, Severity};
use crate::generic::LooseTable;
use crate::generic::sheet::{Slot, mostly};
use crate::place::Span;
use crate::table::Table;

/// Fewest numbers that make a column one of numbers, and fewest rows that tell where a table ends.
const LEAST: usize = 3;
/// So many cells besides the first are told of together.
const MANY: usize = 8;
/// Of so many rows one may reach beyond the headers; more show that a column has none.
const ROWS_TO_LONG: usize = 4;

/// Flags for such cells.
pub fn find(loose: &LooseTable, printed: &Table, slips: &[Slip]) -> Vec<Flag> {
    let mut flags = unread(loose, printed);
    flags.extend(long_rows(loose, printed).filter(|(row, _)| slips.iter().all(|slip| slip.row != *row)).map(|(_, flag)| flag));
    flags
}

fn data_rows(loose: &LooseTable) -> impl Iterator<Item = (usize, &Vec<Slot>)> {
    loose.sheet.rows.iter().enumerate().filter(|(row, _)| loose.frame.roles.get(*row).is_some_and(|role| role.is_data()))
}

/// Digits that are no number, in columns of numbers. Where a table has many, one flag tells of all.
fn unread(loose: &LooseTable, printed: &Table) -> Vec<Flag> {
    let strays = stray_cells(loose, printed);
    let flag = |message: Message, (span, text): &(Span, &str)| {
        let key = loose.values.iter().find(|value| value.span == *span).map(|value| value.key.clone());
        let flag = Flag::new(Code::NumberUnread, message).graded(Severity::Warning).at(*span);
        (flag.about(key.into_iter().collect()).fault(Fault::Source), text.to_string())
    };
    match strays.as_slice() {
        [first, others @ ..] if others.len() >= MANY => {
            let facts = [strays.len().to_string(), first.1.to_string()];
            let (mut flag, _) =
                flag(Message::new("{0} cells of this table cannot be read as one number, the first of them {1}", facts), first);
            flag.related = others.iter().map(|(span, text)| Related { span: *span, label: text.to_string() }).collect();
            vec![flag]
        }
        few => few.iter().map(|own| flag(Message::new("{0} cannot be read as one number", [own.1.to_string()]), own).0).collect(),
    }
}

/// Places and characters of digits that are no number and no range, in columns of numbers.
fn stray_cells<'a>(loose: &'a LooseTable, printed: &Table) -> Vec<(Span, &'a str)> {
    let rows = || data_rows(loose).map(|(_, slots)| slots);
    let mut n_figures = vec![0; loose.sheet.n_columns];
    for slot in rows().flatten().filter(|slot| slot.figure().is_some()) {
        n_figures.get_mut(slot.column).into_iter().for_each(|n| *n += 1);
    }
    let are_numbers = mostly(loose.sheet.n_columns, rows(), |_| true, |slot| slot.figure().is_some());
    let is_stray = |slot: &Slot| {
        slot.column >= loose.frame.n_stub
            && slot.is_unread()
            && !slot.is_range()
            && n_figures.get(slot.column).is_some_and(|&n| n >= LEAST)
            && are_numbers.get(slot.column) == Some(&true)
    };
    let cells = data_rows(loose).flat_map(|(row, slots)| slots.iter().filter(|slot| is_stray(slot)).map(move |slot| (row, slot)));
    cells.filter_map(|(row, slot)| Some((printed.rows.get(row)?.cells.get(slot.cell)?.span, slot.text.as_str()))).collect()
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
