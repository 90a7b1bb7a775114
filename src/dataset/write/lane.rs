//! Files written by threads of their own: while rows go into the long tables and the database, the next reports are opened.

use super::csv::Csv;
use super::parquet::{Digits, Parquet};
use super::rows;
use super::sqlite::Sqlite;
use crate::dataset::Trouble;
use crate::dataset::entry::Entry;
use crate::dataset::record::{Body, Finding};
use crate::dataset::schema::{Datum, VALUES};
use crate::dataset::variables::{Named, Variables};
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Values that may wait to be written: two groups of Parquet rows, so that nobody waits for one of them to be packed. A
/// yearbook has more and is let in alone.
const MOST_WAITING: usize = 1 << 17;
/// A batch with so many values or more is sent: threads that hand over less wait for each other more than they write.
const IN_BATCH: usize = 4096;

/// Reports that are written together.
#[derive(Default)]
pub struct Batch {
    /// The reports.
    pub reports: Vec<Written>,
    n_values: usize,
}

impl Batch {
    /// Take a report in; true where there are enough.
    pub fn push(&mut self, written: Written) -> bool {
        // A report without values has flags, and is work too.
        let n_flags = written.body.flags.len() + written.found.len();
        self.n_values += 1 + n_flags + written.named.iter().map(Vec::len).sum::<usize>();
        self.reports.push(written);
        self.n_values >= IN_BATCH
    }
}

/// How many values wait, of all batches that some lane has not yet written.
#[derive(Default)]
pub struct Backlog {
    waiting: Mutex<usize>,
    has_room: Condvar,
}

impl Backlog {
    /// Wait until there is room for a batch.
    pub fn admit(self: &Arc<Backlog>, batch: Batch) -> Arc<Admitted> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |waiting: &mut usize| *waiting > 0 && *waiting + batch.n_values > MOST_WAITING;
        *self.has_room.wait_while(waiting, is_full).unwrap_or_else(PoisonError::into_inner) += batch.n_values;
        Arc::new(Admitted { batch, backlog: self.clone() })
    }
}

/// A batch that waits; it makes room once every lane has let it go.
pub struct Admitted {
    batch: Batch,
    backlog: Arc<Backlog>,
}

impl Deref for Admitted {
    type Target = Batch;

    fn deref(&self) -> &Batch {
        &self.batch
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        *self.backlog.waiting.lock().unwrap_or_else(PoisonError::into_inner) -= self.batch.n_values;
        self.backlog.has_room.notify_one();
    }
}

/// A report with its values.
pub struct Written {
    /// Whose they are.
    pub entry: Entry,
    /// The values.
    pub body: Body,
    /// The variable of each.
    pub named: Named,
    /// Flags raised on it once it was read.
    pub found: Vec<Finding>,
}

impl Written {
    /// The rows of the long table, each with the index of its variable.
    fn values<'w>(&'w self, variables: &'w Variables) -> impl Iterator<Item = (Option<usize>, [Datum<'w>; VALUES.len()])> {
        let Written { entry, body, named, .. } = self;
        let cells = body.tables.iter().flat_map(|grid| grid.cells.iter().map(move |cell| (grid, cell)));
        let named = named.iter().flatten();
        cells.zip(named).map(move |((grid, cell), index)| (*index, rows::value(entry, grid, cell, variables.name(*index))))
    }
}

/// A thread that writes reports, one after the other, and gives back what it has made of them.
pub struct Lane<T> {
    folder: PathBuf,
    /// Gone once no more will come.
    work: Option<Sender<Arc<Admitted>>>,
    thread: Option<JoinHandle<Result<T, Trouble>>>,
}

impl<T: Send + 'static> Lane<T> {
    fn new(folder: &Path, write: impl FnOnce(&Receiver<Arc<Admitted>>) -> Result<T, Trouble> + Send + 'static) -> Lane<T> {
        let (work, waiting) = channel();
        Lane { folder: folder.into(), work: Some(work), thread: Some(std::thread::spawn(move || write(&waiting))) }
    }

    /// Write some reports. A thread that has ended before its time says why.
    pub fn send(&mut self, batch: &Arc<Admitted>) -> Result<(), Trouble> {
        let is_sent = self.work.as_ref().is_some_and(|work| work.send(batch.clone()).is_ok());
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

impl<T> Drop for Lane<T> {
    /// A thread whose files nobody waits for any more still writes them: they are removed once it has ended.
    fn drop(&mut self) {
        self.work = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The long table as CSV.
pub fn csv(folder: &Path, variables: Arc<Variables>) -> Result<Lane<()>, Trouble> {
    let mut csv = Csv::of(&folder.join("values.csv"), VALUES)?;
    Ok(Lane::new(folder, move |waiting| {
        for batch in waiting {
            batch.reports.iter().try_for_each(|written| csv.rows(written.values(&variables), (rows::OF_VARIABLE, rows::OWN)))?;
        }
        csv.finish()
    }))
}

/// The long table as Parquet.
pub fn parquet(folder: &Path, variables: Arc<Variables>, digits: Digits) -> Result<Lane<()>, Trouble> {
    let mut parquet = Parquet::create(&folder.join("values.parquet"), VALUES, digits)?;
    Ok(Lane::new(folder, move |waiting| {
        for batch in waiting {
            batch.reports.iter().flat_map(|written| written.values(&variables)).try_for_each(|(_, row)| parquet.row(&row))?;
        }
        parquet.finish()
    }))
}

/// The database without its panel.
pub fn database(folder: &Path, variables: Arc<Variables>) -> Result<Lane<Sqlite>, Trouble> {
    let mut sqlite = Sqlite::create(&folder.join("luoshu.sqlite"), variables)?;
    Ok(Lane::new(folder, move |waiting| {
        for batch in waiting {
            for Written { entry, body, named, found } in &batch.reports {
                sqlite.report(entry)?;
                let cells = body.tables.iter().flat_map(|grid| grid.cells.iter().map(move |cell| (grid, cell)));
                let named = named.iter().flatten().copied();
                sqlite.cells(entry, cells.zip(named).map(|((grid, cell), index)| (grid, cell, index)))?;
                body.flags.iter().chain(found).try_for_each(|flag| sqlite.flag(entry, flag))?;
            }
        }
        sqlite.index()?;
        Ok(sqlite)
    }))
}
