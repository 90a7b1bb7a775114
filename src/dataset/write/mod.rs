//! The files of a dataset.

pub mod codebook;
pub mod csv;
pub mod datapackage;
pub mod lane;
pub mod panel;
pub mod parquet;
pub mod rows;
pub mod sqlite;
pub mod xlsx;

use super::measure::held;
use super::page::Page;
use super::page::flags::FlagSpool;
use super::page::tally::{Distribution, Tally};
use super::schema::{Datum, FLAGS, PANEL, REPORTS};
use super::variables::{Variable, Variables};
use super::{Built, Trouble};
use crate::manual::Language;
use csv::Csv;
use lane::{Backlog, Batch, Lane, Written};
use panel::{Column, Spool};
use parquet::Digits;
use sqlite::Sqlite;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xlsx::Xlsx;

/// The names of all files.
pub const FILES: [&str; 10] = [
    "values.csv",
    "values.parquet",
    "panel.csv",
    "panel.xlsx",
    "reports.csv",
    "flags.csv",
    "luoshu.sqlite",
    "codebook.md",
    datapackage::NAME,
    "summary.html",
];

/// All files, while they are written.
pub struct Outputs {
    folder: PathBuf,
    language: Language,
    variables: Arc<Variables>,
    /// Reports that wait until there are enough of them.
    open: Batch,
    backlog: Arc<Backlog>,
    csv: Lane<()>,
    parquet: Lane<()>,
    database: Lane<Sqlite>,
    reports: Csv,
    flags: Csv,
    panel: Spool,
    shown: FlagSpool,
    tally: Tally,
}

impl Outputs {
    /// Begin the files in a folder.
    pub fn create(folder: &Path, variables: Arc<Variables>, digits: Digits, language: Language) -> Result<Outputs, Trouble> {
        Ok(Outputs {
            folder: folder.into(),
            language,
            open: Batch::default(),
            backlog: Arc::default(),
            csv: lane::csv(folder, variables.clone())?,
            parquet: lane::parquet(folder, variables.clone(), digits)?,
            database: lane::database(folder, variables.clone())?,
            variables,
            reports: Csv::of(&folder.join("reports.csv"), REPORTS)?,
            flags: Csv::of(&folder.join("flags.csv"), FLAGS)?,
            panel: Spool::create(&folder.join("panel.spool"))?,
            shown: FlagSpool::create(&folder.join("flags.spool"), language)?,
            tally: Tally::default(),
        })
    }

    /// A report with its values and flags, and with what was found of it once it was read.
    pub fn report(&mut self, written: Written) -> Result<(), Trouble> {
        let Written { entry, body, named, found } = &written;
        if entry.in_panel {
            self.panel.add(entry, held(&self.variables, body, named))?;
        }
        self.tally.report(entry);
        rows::report(entry, |row| self.reports.row(row))?;
        for flag in body.flags.iter().chain(found) {
            self.tally.flag(flag);
            self.shown.add(entry, flag)?;
            rows::flag(entry, flag, |row| self.flags.row(row))?;
        }
        if self.open.push(written) { self.send() } else { Ok(()) }
    }

    fn send(&mut self) -> Result<(), Trouble> {
        let batch = self.backlog.admit(std::mem::take(&mut self.open));
        self.csv.send(&batch)?;
        self.parquet.send(&batch)?;
        self.database.send(&batch)
    }

    /// Write what is left; the totals become known on the way.
    pub fn finish(mut self, built: &mut Built) -> Result<(), Trouble> {
        self.send()?;
        let Outputs {
            folder, language, variables, mut csv, mut parquet, mut database, reports, flags, mut panel, shown, mut tally, ..
        } = self;
        csv.close();
        parquet.close();
        database.close();
        panel.close()?;
        let columns = panel.columns(&variables);
        built.panel_rows = panel.n_rows();
        built.variables = columns.len();
        built.left_out = columns.iter().map(|column| column.n_left).sum();
        built.nameless = tally.n_nameless();
        std::thread::scope(|scope| {
            let database = scope.spawn(|| finish_database(database, &panel, &columns));
            write_panel(&folder, (&panel, &columns), &mut tally)?;
            let failed = |_| Err(Trouble::Io(folder.clone(), std::io::Error::other("a thread that writes files has failed")));
            database.join().unwrap_or_else(failed)
        })?;
        reports.finish()?;
        flags.finish()?;
        panel.remove()?;
        csv.finish()?;
        parquet.finish()?;
        let n_values: BTreeMap<usize, u64> = tally.distributions().map(|(index, own)| (index, own.n())).collect();
        let n_values = |column: &Column| n_values.get(&column.index).copied().unwrap_or(0);
        let counted: Vec<codebook::Counted> = columns.iter().map(|column| (column, n_values(column))).collect();
        codebook::write(&folder.join("codebook.md"), &counted, language)?;
        datapackage::write(&folder, &counted, language)?;
        let (flags, n_hidden) = shown.finish()?;
        let page = Page { language, built, tally: &tally, variables: &variables, flags: &flags, n_hidden };
        let path = folder.join("summary.html");
        page.write(&path).and_then(|()| std::fs::remove_file(&flags)).map_err(|error| Trouble::Io(path, error))
    }
}

fn finish_database(mut database: Lane<Sqlite>, spool: &Spool, columns: &[Column]) -> Result<(), Trouble> {
    let database = database.finish()?;
    if database.panel(columns)? {
        spool.rows(columns, |row| database.panel_row(row))?;
    }
    database.finish()
}

/// The panel, and what its columns hold by size.
fn write_panel(folder: &Path, (spool, columns): (&Spool, &[Column]), tally: &mut Tally) -> Result<(), Trouble> {
    let own = columns.iter().map(|column| column.variable.name.as_str());
    let names: Vec<&str> = PANEL.iter().map(|column| column.name).chain(own).collect();
    let mut panel = Csv::create(&folder.join("panel.csv"), names.iter().copied())?;
    let meanings = vec!["variable", "label", "unit", "key", "family"];
    let mut xlsx = Xlsx::create(&folder.join("panel.xlsx"), folder, &[("panel", names), ("variables", meanings)])?;
    let mut distributions = vec![Distribution::default(); columns.len()];
    spool.rows(columns, |row| {
        panel.row(row)?;
        for (own, datum) in distributions.iter_mut().zip(row.iter().skip(PANEL.len())) {
            if let Datum::Number(digits) = datum {
                own.add(digits);
            }
        }
        xlsx.row(0, row).map(|_| ())
    })?;
    tally.distribute(columns.iter().map(|column| column.index).zip(distributions));
    for column in columns {
        let Variable { name, label, unit, key, family } = &column.variable;
        let row = [Datum::Text(name), Datum::Text(label), unit.as_deref().into(), Datum::Text(key), Datum::Text(family)];
        xlsx.row(1, &row)?;
    }
    xlsx.finish()?;
    panel.finish()
}
