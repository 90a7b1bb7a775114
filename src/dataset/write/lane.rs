//! Files written by threads of their own: while rows go into the long table and the database, the next reports are opened.

use super::csv::Csv;
use super::parquet::{Digits, Parquet};
use super::rows;
use super::sqlite::Sqlite;
use crate::dataset::Trouble;
use crate::dataset::export::Entry;
use crate::dataset::record::{Body, Finding};
use crate::dataset::schema::VALUES;
use crate::dataset::variables::{Named, Variables};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Reports that may wait; one may be as large as a yearbook.
const MOST_WAITING: usize = 8;

/// A report with its values.
pub struct Written {
    /// Whose they are.
    pub entry: Arc<Entry>,
    /// The values.
    pub body: Arc<Body>,
    /// The variable of each.
    pub named: Named,
    /// Flags raised on it once it was read.
    pub found: Vec<Finding>,
}

/// A thread that writes reports, one after the other, and gives back what it has made of them.
pub struct Lane<T> {
    folder: PathBuf,
    /// Gone once no more will come.
    work: Option<SyncSender<Arc<Written>>>,
    thread: Option<JoinHandle<Result<T, Trouble>>>,
}

impl<T: Send + 'static> Lane<T> {
    fn new(folder: &Path, write: impl FnOnce(&Receiver<Arc<Written>>) -> Result<T, Trouble> + Send + 'static) -> Lane<T> {
        let (work, waiting) = sync_channel(MOST_WAITING);
        Lane { folder: folder.into(), work: Some(work), thread: Some(std::thread::spawn(move || write(&waiting))) }
    }

    /// Write a report. A thread that has ended before its time says why.
    pub fn send(&mut self, written: &Arc<Written>) -> Result<(), Trouble> {
        let is_sent = self.work.as_ref().is_some_and(|work| work.send(written.clone()).is_ok());
        if is_sent { Ok(()) } else { self.finish().map(|_| ()) }
    }

    /// Say that no more will come; the thread writes what is left.
    pub fn close(&mut self) {
        self.work = None;
    }

    /// Wait until all is written.
    pub fn finish(&mut self) -> Result<T, Trouble> {
        self.close();
        let failed = || Err(Trouble::Io(self.folder.clone(), io::Error::other("a thread that writes files has failed")));
        self.thread.take().map_or_else(failed, |thread| thread.join().unwrap_or_else(|_| failed()))
    }
}

/// The long table, as CSV and as Parquet.
pub fn values(folder: &Path, variables: Arc<Variables>, digits: Digits) -> Result<Lane<()>, Trouble> {
    let mut csv = Csv::of(&folder.join("values.csv"), VALUES)?;
    let mut parquet = Parquet::create(&folder.join("values.parquet"), VALUES, digits)?;
    Ok(Lane::new(folder, move |waiting| {
        for written in waiting {
            let Written { entry, body, named, .. } = &*written;
            let cells = body.tables.iter().flat_map(|grid| grid.cells.iter().map(move |cell| (grid, cell)));
            for ((grid, cell), index) in cells.zip(named.iter().flatten()) {
                let row = rows::value(entry, grid, cell, variables.name(*index));
                csv.row(&row)?;
                parquet.row(&row)?;
            }
        }
        csv.finish()?;
        parquet.finish()
    }))
}

/// The database without its panel.
pub fn database(folder: &Path, variables: Arc<Variables>) -> Result<Lane<Sqlite>, Trouble> {
    let mut sqlite = Sqlite::create(&folder.join("luoshu.sqlite"))?;
    Ok(Lane::new(folder, move |waiting| {
        for written in waiting {
            let Written { entry, body, named, found } = &*written;
            sqlite.report(entry)?;
            let cells = body.tables.iter().flat_map(|grid| grid.cells.iter().map(move |cell| (grid, cell)));
            let names = named.iter().flatten().map(|index| variables.name(*index));
            sqlite.cells(entry, cells.zip(names).map(|((grid, cell), name)| (grid, cell, name)))?;
            body.flags.iter().chain(found).try_for_each(|flag| sqlite.flag(entry, flag))?;
        }
        sqlite.index()?;
        Ok(sqlite)
    }))
}
