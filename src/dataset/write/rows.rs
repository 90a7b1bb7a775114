//! Entries, cells and flags → rows of data in the order of their columns.

use crate::dataset::entry::Entry;
use crate::dataset::hex;
use crate::dataset::record::{Cell, Finding, Grid};
use crate::dataset::schema::Datum;
use std::ops::Range;

/// A row of `reports`, handed to `take`.
pub fn report<R>(entry: &Entry, take: impl FnOnce(&[Datum]) -> R) -> R {
    let (head, imprint, counts) = (&entry.input.head, &entry.imprint, entry.counts());
    let sha256 = entry.input.hash.map(|hash| hex(&hash));
    let optional = |text: &'static str| Some(text).filter(|text| !text.is_empty());
    take(&[
        Datum::Text(&entry.input.file),
        entry.report.as_deref().into(),
        imprint.publisher.as_deref().into(),
        imprint.printed.as_deref().into(),
        optional(imprint.publisher_from).into(),
        year(entry),
        optional(imprint.year_from).into(),
        head.family.as_deref().into(),
        head.edition.as_deref().into(),
        head.title.as_deref().into(),
        Datum::Text(&head.status),
        head.message.as_deref().into(),
        entry.same_as.as_deref().into(),
        Datum::Integer(entry.in_panel.into()),
        Some(head.format.as_str()).filter(|format| !format.is_empty()).into(),
        head.encoding.as_deref().into(),
        head.pages.into(),
        Datum::Integer(i64::try_from(entry.input.size).unwrap_or(i64::MAX)),
        sha256.as_deref().into(),
        counts.values.into(),
        counts.numbers.into(),
        counts.placed.into(),
        counts.noted.into(),
        counts.unplaced.into(),
        counts.held.into(),
        counts.failed.into(),
        counts.not_checkable.into(),
        counts.errors.into(),
        counts.warnings.into(),
        counts.notes.into(),
    ])
}

fn year(entry: &Entry) -> Datum<'_> {
    entry.imprint.year.map_or(Datum::Null, |year| Datum::Integer(year.into()))
}

/// Columns of `values` that a cell has of its own; the others are its report's.
pub const OWN: Range<usize> = 4..14;
/// The first of them are its variable's, where it has one.
pub const OF_VARIABLE: Range<usize> = 4..8;

/// A row of `values`.
pub fn value<'a>(entry: &'a Entry, grid: &'a Grid, cell: &'a Cell, variable: Option<&'a str>) -> [Datum<'a>; 15] {
    let id = |axes: &'a [crate::dataset::record::Axis], index: u32| Datum::from(axes.get(index as usize).map(|axis| axis.id.as_str()));
    [
        entry.report.as_deref().into(),
        entry.imprint.publisher.as_deref().into(),
        year(entry),
        entry.input.head.family.as_deref().into(),
        Datum::Text(&grid.id),
        id(&grid.rows, cell.row),
        id(&grid.columns, cell.column),
        variable.into(),
        cell.value.as_deref().map_or(Datum::Null, Datum::Number),
        Datum::Text(&cell.raw),
        cell.unit.as_deref().into(),
        Datum::Text(cell.state.name()),
        Datum::Text(cell.standing.name()),
        Datum::Text(&cell.place),
        Datum::Text(&entry.input.file),
    ]
}

/// A row of `flags`, handed to `take`.
pub fn flag<R>(entry: &Entry, flag: &Finding, take: impl FnOnce(&[Datum]) -> R) -> R {
    let [message, _] = &flag.message;
    let cells = flag.cells.join(" ");
    let some = |text| Some(text).filter(|text: &&str| !text.is_empty());
    take(&[
        entry.report.as_deref().into(),
        entry.imprint.publisher.as_deref().into(),
        year(entry),
        entry.input.head.family.as_deref().into(),
        Datum::Text(&flag.code),
        Datum::Text(&flag.severity),
        Datum::Text(&flag.fault),
        Datum::Text(message),
        flag.help.as_ref().map(|[english, _]| english.as_str()).into(),
        some(&cells).into(),
        flag.proposal.as_ref().map(|(key, _)| key.as_str()).into(),
        flag.proposal.as_ref().map_or(Datum::Null, |(_, value)| Datum::Number(value)),
        some(&flag.source).into(),
        some(&flag.place).into(),
        Datum::Text(&entry.input.file),
    ])
}
