//! Reports' packed rows → the rows of a dataset, as `luoshu build` writes them: one row a file, its values and its flags
//! beside it.
//!
//! What only a whole dataset can tell (which file stands for another, which one the panel takes) is not in them.

use crate::arrow::Rows;
use arrow_array::{ArrayRef, ListArray, RecordBatch, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, Field, Schema};
use luoshu::dataset::entry::Entry;
use luoshu::dataset::people::imprint;
use luoshu::dataset::record::{Body, Head};
use luoshu::dataset::schema::{Column, Datum, FLAGS, REPORTS, VALUES};
use luoshu::dataset::store::Input;
use luoshu::dataset::variables::Variables;
use luoshu::dataset::write::rows;
use luoshu::grammar::Family;
use std::sync::Arc;

/// Columns of `reports` that a file alone cannot fill.
const OF_THE_DATASET: [&str; 2] = ["same_as", "in_panel"];

/// A file and what was read of it.
pub struct Read {
    /// What it is called.
    pub file: String,
    /// Its size.
    pub size: u64,
    /// Fingerprint of its content; none where it could not be opened.
    pub hash: Option<[u8; 32]>,
    /// What it is.
    pub head: Head,
    /// Its tables and flags.
    pub body: Body,
}

/// Rows of files, column by column.
pub struct Files<'f> {
    families: &'f [Family],
    variables: &'f Variables,
    reports: Rows,
    values: Part,
    flags: Part,
}

/// Rows of which each file has many.
struct Part {
    rows: Rows,
    lengths: Vec<usize>,
}

impl Part {
    fn new(columns: &'static [Column]) -> Part {
        Part { rows: Rows::new(columns.iter()), lengths: Vec::new() }
    }

    fn end_of_file(&mut self) {
        let before: usize = self.lengths.iter().sum();
        self.lengths.push(self.rows.len() - before);
    }
}

impl<'f> Files<'f> {
    /// No files yet.
    pub fn new(families: &'f [Family], variables: &'f Variables) -> Files<'f> {
        Files { families, variables, reports: Rows::new(own_columns()), values: Part::new(VALUES), flags: Part::new(FLAGS) }
    }

    /// One more file.
    pub fn push(&mut self, read: Read) {
        let Read { file, size, hash, head, body } = read;
        let input = Input { file, size, hash, answer: None, head };
        let mut imprint = imprint(&input, self.families);
        imprint.publisher.clone_from(&imprint.printed);
        let entry = Entry::new(input, imprint);
        rows::report(&entry, |row| {
            let own: Vec<Datum> = REPORTS.iter().zip(row).filter(|(column, _)| is_own(column)).map(|(_, datum)| *datum).collect();
            self.reports.push(&own);
        });
        let named = self.variables.name_cells(entry.input.head.family.as_deref(), &body);
        for (grid, names) in body.tables.iter().zip(named) {
            for (cell, name) in grid.cells.iter().zip(names) {
                let variable = name.and_then(|index| self.variables.get(index)).map(|variable| variable.name.as_str());
                self.values.rows.push(&rows::value(&entry, grid, cell, variable));
            }
        }
        for flag in &body.flags {
            rows::flag(&entry, flag, |row| self.flags.rows.push(row));
        }
        self.values.end_of_file();
        self.flags.end_of_file();
    }

    /// The values, one row each.
    pub fn values(self) -> Result<RecordBatch, ArrowError> {
        self.values.rows.finish().map(RecordBatch::from)
    }

    /// The flags, one row each.
    pub fn flags(self) -> Result<RecordBatch, ArrowError> {
        self.flags.rows.finish().map(RecordBatch::from)
    }

    /// One row a file: what it is, the list of its values, the list of its flags.
    pub fn nested(self) -> Result<RecordBatch, ArrowError> {
        let (own, mut columns, _) = self.reports.finish()?.into_parts();
        let mut all: Vec<Arc<Field>> = own.iter().cloned().collect();
        for (name, part) in [("values", self.values), ("flags", self.flags)] {
            let list = list(part)?;
            all.push(Arc::new(Field::new(name, arrow_array::Array::data_type(&list).clone(), false)));
            columns.push(Arc::new(list) as ArrayRef);
        }
        RecordBatch::try_new(Arc::new(Schema::new(all)), columns)
    }
}

fn list(part: Part) -> Result<ListArray, ArrowError> {
    let rows: StructArray = part.rows.finish()?;
    let item = Field::new("element", arrow_array::Array::data_type(&rows).clone(), false);
    ListArray::try_new(Arc::new(item), OffsetBuffer::from_lengths(part.lengths), Arc::new(rows), None)
}

fn is_own(column: &Column) -> bool {
    !OF_THE_DATASET.contains(&column.name)
}

fn own_columns() -> impl Iterator<Item = &'static Column> + Clone {
    REPORTS.iter().filter(|column| is_own(column))
}
