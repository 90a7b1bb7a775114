//! The columns of every table of a dataset, told once: files, database, codebook and data package are made from these.

use crate::flag::Message;
use crate::manual::{Language, say};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// An exact number.
    Number,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    about: &'static str,
}

impl Column {
    /// What it means.
    pub fn about(&self, language: Language) -> String {
        let about = self.about;
        say(&Message::plain(about), language)
    }
}

/// One datum of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Datum<'a> {
    /// Nothing.
    Null,
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// The digits of an exact number.
    Number(&'a str),
}

impl<'a> From<Option<&'a str>> for Datum<'a> {
    fn from(text: Option<&'a str>) -> Datum<'a> {
        text.map_or(Datum::Null, Datum::Text)
    }
}

impl From<u32> for Datum<'_> {
    fn from(count: u32) -> Self {
        Datum::Integer(count.into())
    }
}

const fn text(name: &'static str, about: &'static str) -> Column {
    Column { name, kind: Kind::Text, about }
}

const fn integer(name: &'static str, about: &'static str) -> Column {
    Column { name, kind: Kind::Integer, about }
}

const fn number(name: &'static str, about: &'static str) -> Column {
    Column { name, kind: Kind::Number, about }
}

const REPORT: Column = text("report", "the first sixteen digits of the content's SHA-256; the same content has the same");
const PUBLISHER: Column = text("publisher", "the publisher under one name, however the reports print it");
const YEAR: Column = integer("year", "the year that the report is on");
const FAMILY: Column = text("family", "the family of reports whose form was found; empty where none fits");
const FILE: Column = text(
    "file",
    "the path of the file as it was given; a member of an archive stands behind an exclamation mark; no two have one name: where one comes again, the time of its capture (@) or a number (#) stands behind it",
);
const PLACE: Column = text("place", "where it is printed: line and column, page and box in points, or sheet and cell");

/// One row a value.
pub const VALUES: &[Column] = &[
    REPORT,
    PUBLISHER,
    YEAR,
    FAMILY,
    text("table", "the table: an id of the family's form, or `t` and a number"),
    text("row", "the row: an id of the form, or the printed labels"),
    text("column", "the column: an id of the form, or the printed labels"),
    text("variable", "the name of the panel's variable; empty outside the family's tables"),
    number("value", "the number as printed, every digit kept; empty where the cell prints none"),
    text("raw", "the cell's own characters on one line"),
    text("unit", "the unit, by the cell or by the form"),
    text("state", "number, annotated (a number with words), blank, na (a dash or its like), text, or ambiguous (more than one placement)"),
    text("standing", "proven (in a sum that holds), unproven (no sum speaks of it), disputed (in a sum that fails)"),
    PLACE,
    FILE,
];

/// One row an input file, read or not.
pub const REPORTS: &[Column] = &[
    FILE,
    REPORT,
    PUBLISHER,
    text("publisher_printed", "the publisher's name as it is printed"),
    text("publisher_from", "where that name stands: title, signature, or file name"),
    YEAR,
    text("year_from", "where the year stands: title, text (the first and the last day are named), or file name"),
    FAMILY,
    text("edition", "the edition of the family's form"),
    text("title", "the title as printed"),
    text(
        "status",
        "how reading ended: ok, partial, no-text, not-a-report, encrypted, damaged, too-large (beyond a limit of size or time), unsupported, failed",
    ),
    text("message", "why it ended there"),
    text("same_as", "the file whose values stand for this one's: the same content, or the same report in another form"),
    integer("in_panel", "is 1 where the panel takes its numbers from this file"),
    text("format", "the format of the file, told by its bytes"),
    text("encoding", "the encoding of its text"),
    integer("pages", "pages of the file, where it has any"),
    integer("bytes", "size of the file in bytes"),
    text("sha256", "the fingerprint of the content"),
    integer("n_values", "cells in the long table"),
    integer("n_numbers", "numbers that the report prints, by a count of their own"),
    integer("n_placed", "of these, numbers that are a value"),
    integer("n_noted", "of these, numbers noted with a reason: page numbers, headings, sentences"),
    integer("n_unplaced", "of these, numbers that have found no place"),
    integer("sums_held", "sums that hold"),
    integer("sums_failed", "sums that fail"),
    integer("sums_unknown", "sums that cannot be checked"),
    integer("n_errors", "flags of severity error"),
    integer("n_warnings", "flags of severity warning"),
    integer("n_notes", "flags of severity note"),
];

/// One row a flag.
pub const FLAGS: &[Column] = &[
    REPORT,
    PUBLISHER,
    YEAR,
    FAMILY,
    text("code", "the kind of finding; `luoshu explain` tells what each means"),
    text("severity", "error, warning or note"),
    text("fault", "source (the report itself is wrong), reading (its layout is malformed), or unknown"),
    text("message", "the fact, with its figures"),
    text("help", "what a person would look at"),
    text("cells", "keys of the values it concerns, parted by blanks; a star stands for a whole row or a whole table"),
    text("proposal_cell", "the key of a value that would settle it"),
    number("proposal_value", "the number it might be; the value itself is kept as printed"),
    text("source", "the line it is about, as it stands in the file"),
    PLACE,
    FILE,
];

/// Columns of the panel before its variables.
pub const PANEL: &[Column] = &[
    PUBLISHER,
    YEAR,
    FAMILY,
    text("edition", "the edition of the family's form"),
    integer("n_values", "numbers that this row holds"),
    integer("n_proven", "of these, numbers in a sum that holds"),
    integer("n_disputed", "of these, numbers in a sum that fails"),
    integer("n_errors", "errors of the report"),
    integer("n_warnings", "warnings of the report"),
    REPORT,
    FILE,
];
