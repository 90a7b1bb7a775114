//! The files of a dataset.

pub mod codebook;
pub mod csv;
pub mod datapackage;
pub mod panel;
pub mod parquet;
pub mod rows;
pub mod sqlite;
pub mod xlsx;

use super::export::Entry;
use super::page::Page;
use super::page::flags::FlagSpool;
use super::page::tally::Tally;
use super::record::{Body, Finding};
use super::schema::{Datum, FLAGS, PANEL, REPORTS, VALUES};
use super::variables::{Variable, Variables};
use super::{Built, Trouble};
use crate::manual::Language;
use csv::Csv;
use panel::Spool;
use parquet::{Digits, Parquet};
use sqlite::Sqlite;
use std::path::{Path, PathBuf};
use xlsx::Xlsx;

/// All files, while they are written.
pub struct Outputs<'v> {
    folder: PathBuf,
    language: Language,
    variables: &'v Variables,
    values: Csv,
    parquet: Parquet,
    reports: Csv,
    flags: Csv,
    sqlite: Sqlite,
    panel: Spool,
    shown: FlagSpool,
    tally: Tally,
}

impl<'v> Outputs<'v> {
    /// Begin the files in a folder.
    pub fn create(folder: &Path, variables: &'v Variables, digits: Digits, language: Language) -> Result<Outputs<'v>, Trouble> {
        Ok(Outputs {
            folder: folder.into(),
            language,
            variables,
            values: Csv::of(&folder.join("values.csv"), VALUES)?,
            parquet: Parquet::create(&folder.join("values.parquet"), VALUES, digits)?,
            reports: Csv::of(&folder.join("reports.csv"), REPORTS)?,
            flags: Csv::of(&folder.join("flags.csv"), FLAGS)?,
            sqlite: Sqlite::create(&folder.join("luoshu.sqlite"))?,
            panel: Spool::create(&folder.join("panel.spool"))?,
            shown: FlagSpool::create(&folder.join("flags.spool"), language)?,
            tally: Tally::default(),
        })
    }

    /// A report with its values.
    pub fn report(&mut self, entry: &Entry, body: &Body) -> Result<(), Trouble> {
        let named = self.variables.name_cells(entry.input.head.family.as_deref(), body);
        if entry.in_panel {
            self.panel.add(entry, body, &named)?;
        }
        self.tally.report(entry, body, &named);
        rows::report(entry, |row| self.reports.row(row))?;
        self.sqlite.report(entry)?;
        let name = |index: &Option<usize>| self.variables.get((*index)?).map(|variable| variable.name.as_str());
        let cells = body.tables.iter().flat_map(|grid| grid.cells.iter().map(move |cell| (grid, cell)));
        let cells = cells.zip(named.iter().flatten().map(name)).map(|((grid, cell), name)| (grid, cell, name));
        for (grid, cell, variable) in cells.clone() {
            let row = rows::value(entry, grid, cell, variable);
            self.values.row(&row)?;
            self.parquet.row(&row)?;
        }
        self.sqlite.cells(entry, cells)
    }

    /// A flag on a report.
    pub fn flag(&mut self, entry: &Entry, flag: &Finding) -> Result<(), Trouble> {
        self.tally.flag(flag);
        self.shown.add(entry, flag)?;
        rows::flag(entry, flag, |row| self.flags.row(row))?;
        self.sqlite.flag(entry, flag)
    }

    /// Write what is left; the totals become known on the way.
    pub fn finish(self, built: &mut Built) -> Result<(), Trouble> {
        let Outputs { folder, language, variables, values, parquet, reports, flags, sqlite, panel, shown, tally } = self;
        let in_panel = panel.variables(variables);
        built.panel_rows = panel.n_rows();
        built.variables = in_panel.len();
        write_panel(&folder, panel, &sqlite, &in_panel)?;
        values.finish()?;
        parquet.finish()?;
        reports.finish()?;
        flags.finish()?;
        sqlite.finish()?;
        let counts = tally.distributions().map(|(index, own)| (variables.get(index), own.n()));
        let counted: Vec<codebook::Counted> = counts.filter_map(|(variable, n)| Some((variable?, n))).collect();
        codebook::write(&folder.join("codebook.md"), &counted, language)?;
        datapackage::write(&folder, &counted, language)?;
        let (flags, n_hidden) = shown.finish()?;
        let page = Page { language, built, tally: &tally, variables, flags: &flags, n_hidden };
        let path = folder.join("summary.html");
        page.write(&path).and_then(|()| std::fs::remove_file(&flags)).map_err(|error| Trouble::Io(path, error))
    }
}

fn write_panel(folder: &Path, spool: Spool, sqlite: &Sqlite, variables: &[&Variable]) -> Result<(), Trouble> {
    let own = variables.iter().map(|variable| variable.name.as_str());
    let names: Vec<&str> = PANEL.iter().map(|column| column.name).chain(own).collect();
    let mut panel = Csv::create(&folder.join("panel.csv"), names.iter().copied())?;
    let meanings = vec!["variable", "label", "unit", "key", "family"];
    let mut xlsx = Xlsx::create(&folder.join("panel.xlsx"), folder, &[("panel", names), ("variables", meanings)])?;
    let in_database = sqlite.panel(variables)?;
    spool.drain(|row| {
        panel.row(row)?;
        xlsx.row(0, row)?;
        if in_database { sqlite.panel_row(row) } else { Ok(()) }
    })?;
    for variable in variables {
        let Variable { name, label, unit, key, family } = variable;
        let row = [Datum::Text(name), Datum::Text(label), unit.as_deref().into(), Datum::Text(key), Datum::Text(family)];
        xlsx.row(1, &row)?;
    }
    xlsx.finish()?;
    panel.finish()
}
