//! One row per publisher and year, one column per variable. Rows come one by one, but which variables there are is known
//! only at the end: rows wait in a file of their own.

use crate::dataset::Trouble;
use crate::dataset::entry::Entry;
use crate::dataset::measure::Held;
use crate::dataset::record::Standing;
use crate::dataset::schema::{Datum, PANEL};
use crate::dataset::variables::{Variable, Variables};
use crate::dataset::wire;
use crate::normalise::{ANY_COUNT, counts_alike, is_count};
use compact_str::CompactString;
use foldhash::HashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
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
    /// Errors and warnings.
    counts: [i64; 2],
    values: Vec<Waiting>,
}

/// A value that waits: variable, digits, unit (an index into the spool's units), how the number stands.
type Waiting = (u32, CompactString, u32, Standing);

/// Rows that wait, and the variables they have.
pub struct Spool {
    path: PathBuf,
    file: BufWriter<File>,
    /// Units, each once; the first is none.
    units: Vec<Option<String>>,
    /// Of each variable and unit: the values.
    seen: HashMap<(usize, u32), u64>,
    n_rows: u64,
}

/// A column of the panel.
pub struct Column {
    /// Index of its variable.
    pub index: usize,
    /// The variable, with the unit that the column is in.
    pub variable: Variable,
    /// Values that measure something else; they stand in the long table alone.
    pub n_left: u64,
    /// Its unit, and others that count the same.
    units: Vec<u32>,
}

impl Spool {
    /// Begin.
    pub fn create(path: &Path) -> Result<Spool, Trouble> {
        let file = File::create(path).map_err(|error| Trouble::Io(path.into(), error))?;
        Ok(Spool {
            path: path.into(),
            file: BufWriter::with_capacity(1 << 16, file),
            units: vec![None],
            seen: HashMap::default(),
            n_rows: 0,
        })
    }

    /// The row of a report; nothing where it has no table of a family.
    pub fn add<'b>(&mut self, entry: &Entry, held: impl Iterator<Item = Held<'b>>) -> Result<(), Trouble> {
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
        for own in held {
            let unit = self.unit(own.unit);
            *self.seen.entry((own.variable, unit)).or_default() += 1;
            row.values.push((u32::try_from(own.variable).unwrap_or(u32::MAX), CompactString::from(&*own.value), unit, own.cell.standing));
        }
        let counts = entry.counts();
        row.counts = [counts.errors.into(), counts.warnings.into()];
        row.values.sort();
        let packed = postcard::to_stdvec(&row).map_err(io::Error::other);
        let sent = packed.and_then(|bytes| wire::send(&mut self.file, &bytes));
        sent.map_err(|error| Trouble::Io(self.path.clone(), error))?;
        self.n_rows += 1;
        Ok(())
    }

    fn unit(&mut self, unit: Option<&str>) -> u32 {
        let index = self.units.iter().position(|own| own.as_deref() == unit).unwrap_or_else(|| {
            self.units.push(unit.map(str::to_string));
            self.units.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    /// Number of rows.
    pub fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// The variables that are there, in the order of the grammars. A column is in the unit of its form, else in the one
    /// that most of its values have.
    pub fn columns(&self, variables: &Variables) -> Vec<Column> {
        let column = |(&index, units): (&usize, &BTreeMap<u32, u64>)| {
            let variable = variables.get(index)?.clone();
            let name = |unit: u32| self.units.get(unit as usize).cloned().flatten();
            let is_wanted = |unit: &u32| variable.unit.is_some() && name(*unit) == variable.unit;
            // One that names what it counts goes before one that does not.
            let rank = |unit: u32, count: u64| (name(unit).as_deref() != Some(ANY_COUNT), count, std::cmp::Reverse(name(unit)));
            let most = || units.iter().max_by_key(|&(unit, count)| rank(*unit, *count)).map(|(unit, _)| *unit);
            let unit = units.keys().copied().find(is_wanted).or_else(most)?;
            let is_alike = |other: &str, own: &str| counts_alike(other, own) || other == ANY_COUNT && is_count(own);
            let counts_the_same = |other: &u32| name(*other).zip(name(unit)).is_some_and(|(other, own)| is_alike(&other, &own));
            let (same, other): (Vec<u32>, Vec<u32>) = units.keys().partition(|other| **other == unit || counts_the_same(other));
            let n_left = other.iter().filter_map(|unit| units.get(unit)).sum();
            Some(Column { index, variable: Variable { unit: name(unit), ..variable }, n_left, units: same })
        };
        let mut seen: BTreeMap<usize, BTreeMap<u32, u64>> = BTreeMap::new();
        let ordered: BTreeMap<(usize, u32), u64> = self.seen.iter().map(|(&own, &n_values)| (own, n_values)).collect();
        for ((variable, unit), n_values) in ordered {
            seen.entry(variable).or_default().insert(unit, n_values);
        }
        seen.iter().filter_map(column).collect()
    }

    /// Say that no more rows will come.
    pub fn close(&mut self) -> Result<(), Trouble> {
        self.file.flush().map_err(|error| Trouble::Io(self.path.clone(), error))
    }

    /// Hand out the rows, in order.
    pub fn rows(&self, columns: &[Column], mut take: impl FnMut(&[Datum]) -> Result<(), Trouble>) -> Result<(), Trouble> {
        let trouble = |error| Trouble::Io(self.path.clone(), error);
        let mut source = BufReader::with_capacity(1 << 16, File::open(&self.path).map_err(trouble)?);
        while let Some(bytes) = wire::take(&mut source, u64::MAX).map_err(trouble)? {
            let row: Row = postcard::from_bytes(&bytes).map_err(|error| trouble(io::Error::other(error)))?;
            take(&data(&row, columns))?;
        }
        Ok(())
    }

    /// Remove the file in which they wait.
    pub fn remove(self) -> Result<(), Trouble> {
        std::fs::remove_file(&self.path).map_err(|error| Trouble::Io(self.path, error))
    }
}

fn data<'a>(row: &'a Row, columns: &[Column]) -> Vec<Datum<'a>> {
    let mut values = row.values.iter().peekable();
    let mut held: Vec<Option<&Waiting>> = Vec::with_capacity(columns.len());
    for column in columns {
        let own = std::iter::from_fn(|| values.next_if(|(index, ..)| *index as usize <= column.index)).last();
        held.push(own.filter(|(_, _, unit, _)| column.units.contains(unit)));
    }
    let count = |is_counted: &dyn Fn(Standing) -> bool| {
        let n_counted = held.iter().flatten().filter(|(.., standing)| is_counted(*standing)).count();
        Datum::Integer(i64::try_from(n_counted).unwrap_or(i64::MAX))
    };
    let mut data = Vec::with_capacity(PANEL.len() + columns.len());
    data.push(row.publisher.as_deref().into());
    data.push(row.year.map_or(Datum::Null, |year| Datum::Integer(year.into())));
    data.push(row.family.as_deref().into());
    data.push(row.edition.as_deref().into());
    data.push(count(&|_| true));
    data.push(count(&|standing| standing == Standing::Proven));
    data.push(count(&|standing| standing == Standing::Disputed));
    data.extend(row.counts.map(Datum::Integer));
    data.push(row.report.as_deref().into());
    data.push(Datum::Text(&row.file));
    data.extend(held.iter().map(|own| own.map_or(Datum::Null, |(_, value, ..)| Datum::Number(value))));
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::{BUILT_IN, Family, load};

    #[test]
    fn a_column_is_in_the_unit_that_most_of_its_values_have() {
        let families: Vec<Family> = BUILT_IN.iter().map(|(_, text)| load::load(text).unwrap()).collect();
        let variables = Variables::new(&families);
        let index = variables.iter().position(|variable| variable.unit.is_none()).unwrap();
        let mut spool = Spool::create(&std::env::temp_dir().join(format!("luoshu-panel-{}", std::process::id()))).unwrap();
        spool.units = [None, Some("%"), Some(ANY_COUNT), Some("人")].map(|unit| unit.map(str::to_string)).into();
        let mut column = |seen: &[(u32, u64)]| {
            spool.seen = seen.iter().map(|&(unit, n_values)| ((index, unit), n_values)).collect();
            let column = spool.columns(&variables).remove(0);
            (column.variable.unit, column.n_left)
        };
        // Most have none: one stray percent does not take the column.
        assert_eq!(column(&[(0, 30), (1, 1)]), (None, 1));
        // A count of nobody knows what is one of people where another report says so.
        assert_eq!(column(&[(2, 5), (3, 1)]), (Some("人".to_string()), 0));
        spool.remove().unwrap();
    }
}
