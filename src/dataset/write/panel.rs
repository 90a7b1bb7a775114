//! One row per publisher and year, one column per variable. Rows come one by one, but which variables there are is known
//! only at the end: rows wait in a file of their own.

use crate::dataset::Trouble;
use crate::dataset::export::Entry;
use crate::dataset::record::{Body, Standing};
use crate::dataset::schema::{Datum, PANEL};
use crate::dataset::variables::{Named, Variable, Variables};
use crate::dataset::wire;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

/// A row that waits.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Row {
    publisher: Option<String>,
    year: Option<i32>,
    family: Option<String>,
    edition: Option<String>,
    report: Option<String>,
    file: String,
    counts: [i64; 5],
    values: Vec<(u32, String)>,
}

/// Rows that wait, and the variables they have.
pub struct Spool {
    path: PathBuf,
    file: BufWriter<File>,
    seen: BTreeSet<usize>,
    n_rows: u64,
}

impl Spool {
    /// Begin.
    pub fn create(path: &Path) -> Result<Spool, Trouble> {
        let file = File::options().create(true).truncate(true).read(true).write(true).open(path);
        let file = file.map_err(|error| Trouble::Io(path.into(), error))?;
        Ok(Spool { path: path.into(), file: BufWriter::new(file), seen: BTreeSet::new(), n_rows: 0 })
    }

    /// The row of a report; nothing where it has no table of a family.
    pub fn add(&mut self, entry: &Entry, body: &Body, named: &Named) -> Result<(), Trouble> {
        let Some(family) = &entry.input.head.family else { return Ok(()) };
        let mut row = Row {
            publisher: entry.imprint.publisher.clone(),
            year: entry.imprint.year,
            family: Some(family.clone()),
            edition: entry.input.head.edition.clone(),
            report: entry.report.clone(),
            file: entry.input.file.clone(),
            ..Row::default()
        };
        let [mut n_values, mut n_proven, mut n_disputed] = [0; 3];
        for (cell, variable) in body.tables.iter().flat_map(|grid| &grid.cells).zip(named.iter().flatten()) {
            let (&Some(variable), Some(value)) = (variable, &cell.value) else { continue };
            self.seen.insert(variable);
            row.values.push((u32::try_from(variable).unwrap_or(u32::MAX), value.clone()));
            n_values += 1;
            n_proven += i64::from(cell.standing == Standing::Proven);
            n_disputed += i64::from(cell.standing == Standing::Disputed);
        }
        let counts = entry.counts();
        row.counts = [n_values, n_proven, n_disputed, counts.errors.into(), counts.warnings.into()];
        row.values.sort();
        let packed = postcard::to_stdvec(&row).map_err(io::Error::other);
        let sent = packed.and_then(|bytes| wire::send(&mut self.file, &bytes));
        sent.map_err(|error| Trouble::Io(self.path.clone(), error))?;
        self.n_rows += 1;
        Ok(())
    }

    /// Number of rows.
    pub fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// The variables that are there, in the order of the grammars.
    pub fn variables<'v>(&self, variables: &'v Variables) -> Vec<&'v Variable> {
        self.seen.iter().filter_map(|&index| variables.get(index)).collect()
    }

    /// Hand out the rows, in order.
    pub fn drain(self, mut take: impl FnMut(&[Datum]) -> Result<(), Trouble>) -> Result<(), Trouble> {
        let Spool { path, mut file, seen, .. } = self;
        let trouble = |error| Trouble::Io(path.clone(), error);
        file.flush().map_err(trouble)?;
        let mut file = file.into_inner().map_err(|error| trouble(error.into_error()))?;
        file.rewind().map_err(trouble)?;
        let mut source = BufReader::new(file);
        while let Some(bytes) = wire::take(&mut source, u64::MAX).map_err(trouble)? {
            let row: Row = postcard::from_bytes(&bytes).map_err(|error| trouble(io::Error::other(error)))?;
            take(&data(&row, &seen))?;
        }
        std::fs::remove_file(&path).map_err(trouble)
    }
}

fn data<'a>(row: &'a Row, seen: &BTreeSet<usize>) -> Vec<Datum<'a>> {
    let mut data = Vec::with_capacity(PANEL.len() + seen.len());
    data.push(row.publisher.as_deref().into());
    data.push(row.year.map_or(Datum::Null, |year| Datum::Integer(year.into())));
    data.push(row.family.as_deref().into());
    data.push(row.edition.as_deref().into());
    data.extend(row.counts.map(Datum::Integer));
    data.push(row.report.as_deref().into());
    data.push(Datum::Text(&row.file));
    let mut values = row.values.iter().peekable();
    for &variable in seen {
        let own = std::iter::from_fn(|| values.next_if(|(index, _)| *index as usize <= variable)).last();
        data.push(own.map_or(Datum::Null, |(_, value)| Datum::Number(value)));
    }
    data
}
