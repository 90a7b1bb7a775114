//! From a folder of reports to a dataset. With `cli` the only room that does I/O.
//!
//! ```text
//!   walk, archive ─files→ pool ⇄ worker processes ─packed rows→ store ─in order→ export → OUT
//! ```
//!
//! | file | what it does |
//! |---|---|
//! | [`walk`] [`archive`] [`unzip`] | folders, zip, tar → files, or typed refusals |
//! | [`register`] [`shelf`] [`load`] | one name each; large files lie on the disk, not in memory, until they are read |
//! | [`warc`] [`members`] [`http`] | web crawls → pages, or typed refusals |
//! | [`record`] [`evidence`] [`wire`] | a report → packed rows |
//! | [`worker`] [`hand`] [`pool`] | files read in child processes, within limits |
//! | [`store`] | what every content gave: a killed run is resumed |
//! | [`entry`] [`people`] [`names`] | a file in its place; publishers and years; which names mean one body |
//! | [`variables`] [`measure`] [`size`] | names of variables; one unit for each; how large their values are |
//! | [`checks`] [`parts`] [`spread`] [`group`] | files of one publisher against each other, years, hierarchies, outliers |
//! | [`export`] [`schema`] [`write`] [`page`] | the order of the dataset; its columns; its files; the page to look at |

pub mod archive;
pub mod checks;
pub mod entry;
pub mod evidence;
pub mod export;
pub mod group;
pub mod hand;
pub mod http;
pub mod load;
pub mod measure;
pub mod members;
pub mod names;
pub mod page;
pub mod parts;
pub mod people;
pub mod pool;
pub mod record;
pub mod register;
pub mod schema;
pub mod shelf;
pub mod size;
pub mod spread;
pub mod store;
pub mod unzip;
pub mod variables;
pub mod walk;
pub mod warc;
pub mod wire;
pub mod worker;
pub mod write;

use crate::manual::Language;
use pool::{Done, End, Shared};
use rusqlite::ErrorCode;
use sha2::{Digest, Sha256};
use shelf::Shelf;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};
use store::{Key, Store};
use walk::{Found, Item};

/// What is said of a file on which a worker process ended.
pub const CRASHED: &str = "reading this file failed: it asked for too much memory or stack, or it met a fault of the program";
const TOO_SLOW: &str = "reading this file took longer than is allowed";

/// Why a file of more than so many bytes is not read.
pub fn too_large(largest: u64) -> String {
    format!("larger than {} MiB", largest >> 20)
}

/// A file of more bytes than this is not held: it is sent to its worker from the disk, a piece at a time.
const HELD: u64 = 1 << 20;

/// What grows by more than this is made to do harm: pages and tables grow ten to fifty times.
const LARGEST_RATIO: u64 = 200;
/// Below this size the ratio says nothing.
const SMALL: u64 = 16 << 20;

/// The most bytes that so many packed ones may become, where they are one file.
pub fn most_unpacked(packed: u64) -> u64 {
    packed.saturating_mul(LARGEST_RATIO).max(SMALL)
}

/// What is to be built.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folders, archives and files to read.
    pub inputs: Vec<PathBuf>,
    /// Folder of the dataset.
    pub out: PathBuf,
    /// Texts of the grammars, in the order in which families are tried.
    pub grammars: Vec<String>,
    /// Limits of one file.
    pub limits: Limits,
    /// Files that are read at the same time.
    pub jobs: usize,
    /// Who reads.
    pub reader: Reader,
    /// Language of the summary.
    pub language: Language,
    /// Pairs of a body and one of its parts, whose numbers add up.
    pub parts: Vec<(String, String)>,
}

/// Limits of one file.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Longest time.
    pub time: Duration,
    /// Most bytes of memory a worker process may ask for.
    pub memory: u64,
    /// Largest file.
    pub file_size: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { time: Duration::from_secs(300), memory: 2 << 30, file_size: 256 << 20 }
    }
}

/// Who reads files.
#[derive(Debug, Clone)]
pub enum Reader {
    /// Threads of this process: for a program that has no worker of its own. No limit of time or memory holds.
    Threads,
    /// Processes of a program that calls [`worker::serve`]; the memory limit is its last argument.
    Processes {
        /// The program.
        program: PathBuf,
        /// Its arguments.
        arguments: Vec<OsString>,
    },
}

/// How far a run has come.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Files known so far.
    pub found: usize,
    /// Files done.
    pub done: usize,
    /// Files done, by status; `seen` where the same bytes have been read before, in this run or an earlier one.
    pub by_status: BTreeMap<String, usize>,
    /// Of these, files that an earlier run had read.
    pub known: usize,
    /// Entries left out because their name begins with a full stop.
    pub hidden: usize,
}

/// What is being done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stage {
    /// Looking for files and reading them.
    #[default]
    Reading,
    /// Writing the dataset.
    Writing,
}

/// How a run ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Built {
    /// Input files.
    pub files: usize,
    /// Input files by status.
    pub by_status: BTreeMap<String, usize>,
    /// Values.
    pub values: u64,
    /// Rows of the panel.
    pub panel_rows: u64,
    /// Variables of the panel.
    pub variables: usize,
    /// Flags above a note.
    pub flagged: u64,
    /// Entries whose name begins with a full stop; they are left out.
    pub hidden: usize,
    /// Files that an earlier run had read.
    pub known: usize,
    /// Bodies that the hierarchy names and no report is of.
    pub unknown_parts: Vec<String>,
    /// Numbers that measure something else than their column of the panel; they stand in the long table alone.
    pub left_out: u64,
    /// Rows of the panel without a publisher or a year.
    pub nameless: u64,
}

impl Built {
    /// True when every file was read and nothing is flagged above a note.
    pub fn is_clean(&self) -> bool {
        self.flagged == 0 && self.by_status.keys().all(|status| status == "ok")
    }
}

/// Why no dataset was built. The old one is whole.
#[derive(Debug)]
pub enum Trouble {
    /// A file of the dataset could not be written, or a folder read.
    Io(PathBuf, io::Error),
    /// The state or the database could not be written.
    Database(PathBuf, rusqlite::Error),
    /// Another run is writing the same dataset.
    Busy(PathBuf),
    /// There is nothing to read.
    NoInput,
    /// The folder to read is the folder of the dataset.
    OwnInput(PathBuf),
    /// A file that no dataset wrote has the name of one of a dataset's.
    Foreign(PathBuf),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trouble::Io(path, error) => write!(out, "{}: {error}", path.display()),
            Trouble::Database(path, error) => {
                let is_damaged = matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase));
                let cure = if is_damaged { "; it is damaged: remove it, and every file is read anew" } else { "" };
                write!(out, "{}: {error}{cure}", path.display())
            }
            Trouble::Busy(path) => write!(out, "{}: another run is writing this dataset", path.display()),
            Trouble::NoInput => out.write_str("there is no file to read"),
            Trouble::OwnInput(path) => {
                write!(out, "{}: this is the folder to read and cannot hold the dataset, too; give another with -o", path.display())
            }
            Trouble::Foreign(path) => {
                write!(out, "{}: this file is not of a dataset and would be overwritten; give another folder", path.display())
            }
        }
    }
}

impl std::error::Error for Trouble {}

/// Folder of the state and of what is not yet whole, within the dataset's own.
const STATE: &str = ".luoshu";
/// Folder within it in which members of archives lie until they are read.
const SHELF: &str = "members";

/// Build a dataset; `watch` is told how far it has come.
pub fn build(options: &Options, watch: &mut dyn FnMut(&Progress)) -> Result<Built, Trouble> {
    let state = options.out.join(STATE);
    if let Some(path) = find_foreign(&options.out) {
        return Err(Trouble::Foreign(path));
    }
    let own = fs::canonicalize(&options.out).ok();
    if let Some(input) = options.inputs.iter().find(|input| own.is_some() && fs::canonicalize(input).ok() == own) {
        return Err(Trouble::OwnInput(input.clone()));
    }
    // A name that is mistyped makes no dataset; one of several has a status in it.
    if let [input] = options.inputs.as_slice()
        && let Err(error) = fs::symlink_metadata(input)
    {
        return Err(Trouble::Io(input.clone(), error));
    }
    fs::create_dir_all(&state).map_err(|error| Trouble::Io(state.clone(), error))?;
    let _lock = lock(&state.join("lock"))?;
    export::recover(&options.out)?;
    let path = state.join(store::NAME);
    let database = |error| Trouble::Database(path.clone(), error);
    let key = Key::new(version(&options.reader), &options.grammars);
    let mut store = Store::open(&path, key).map_err(database)?;
    let listing = walk::list(&options.inputs, &options.out);
    if listing.entries.is_empty() {
        return Err(Trouble::NoInput);
    }
    let mut progress = Progress { found: listing.entries.len(), hidden: listing.n_hidden, ..Progress::default() };
    let shelf = state.join(SHELF);
    // A run that was killed may have left some.
    let _ = fs::remove_dir_all(&shelf);
    let read = read_all(options, listing, &mut store, (&mut progress, watch));
    let _ = fs::remove_dir_all(&shelf);
    read.map_err(database)?;
    progress.stage = Stage::Writing;
    watch(&progress);
    let families = worker::families(&options.grammars);
    let begun = Built { hidden: progress.hidden, ..Built::default() };
    let built = export::export(options, &families, &store, begun)?;
    store.prune().map_err(database)?;
    Ok(Built { known: progress.known, ..built })
}

/// A file of a dataset's name in a folder in which no dataset was ever built.
fn find_foreign(out: &Path) -> Option<PathBuf> {
    let package = fs::read_to_string(out.join(write::datapackage::NAME)).unwrap_or_default();
    let is_own = out.join(STATE).exists() || package.contains(write::datapackage::DATASET);
    write::FILES.iter().map(|name| out.join(name)).find(|path| !is_own && path.exists())
}

fn lock(path: &Path) -> Result<fs::File, Trouble> {
    let file = fs::File::create(path).map_err(|error| Trouble::Io(path.into(), error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Trouble::Busy(path.into())),
        Err(fs::TryLockError::Error(error)) => Err(Trouble::Io(path.into(), error)),
    }
}

/// The version of whoever reads; a program built anew may read otherwise under the same number.
fn version(reader: &Reader) -> String {
    let hash = |program: &Path| -> io::Result<String> {
        let mut hash = Sha256::new();
        let mut source = io::BufReader::new(fs::File::open(program)?);
        loop {
            let bytes = source.fill_buf()?;
            if bytes.is_empty() {
                return Ok(format!("+{}", hex(hash.finalize().get(..6).unwrap_or_default())));
            }
            hash.update(bytes);
            let n_read = bytes.len();
            source.consume(n_read);
        }
    };
    let build = match reader {
        Reader::Threads => format!("+{}", record::LAYOUT),
        Reader::Processes { program, .. } => hash(program).unwrap_or_default(),
    };
    format!("{}{build}", env!("CARGO_PKG_VERSION"))
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xF]).map(digit).collect()
}

type Watch<'a> = (&'a mut Progress, &'a mut dyn FnMut(&Progress));

/// Answers that may wait to be kept.
const WAITING: usize = 256;
/// Answers are kept in batches of so many, or as old as this.
const BATCH: usize = 1024;
const OLDEST: Duration = Duration::from_millis(500);

fn read_all(options: &Options, listing: walk::Listing, store: &mut Store, (progress, watch): Watch) -> rusqlite::Result<()> {
    let known = store.known()?;
    let shared = Shared {
        reader: &options.reader,
        limits: options.limits,
        texts: &options.grammars,
        seen: Mutex::new(known.clone()),
        stop: AtomicBool::new(false),
    };
    let n_listed = listing.entries.len();
    let shelf = Shelf::new(options.out.join(STATE).join(SHELF));
    let (n_opened, n_hidden) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (to_work, files) = sync_channel(options.jobs * 2);
    let (to_keep, done) = sync_channel(WAITING);
    let files = Mutex::new(files);
    std::thread::scope(|scope| {
        let (shared, files, n_opened, n_hidden) = (&shared, &files, &n_opened, &n_hidden);
        scope.spawn(move || {
            let mut sink = |file: String, item: Item| {
                if matches!(item, Item::Hidden) {
                    n_hidden.fetch_add(1, Ordering::Relaxed);
                    return true;
                }
                let order = n_opened.fetch_add(1, Ordering::Relaxed) as u64;
                to_work.send(Found { order, file, item }).is_ok()
            };
            walk::open(listing, options.limits, shelf, &mut sink);
        });
        for _ in 0..options.jobs.max(1) {
            let to_keep = to_keep.clone();
            scope.spawn(move || pool::work(shared, files, &to_keep));
        }
        drop(to_keep);
        let outcome = keep_all(&done, store, |batch| {
            for one in batch {
                progress.done += 1;
                *progress.by_status.entry(status_name(&one.end)).or_default() += 1;
                progress.known += usize::from(matches!(&one.end, End::Known(hash) if known.contains(hash)));
            }
            progress.found = n_listed.max(n_opened.load(Ordering::Relaxed)).max(progress.done);
            watch(progress);
        });
        // On an error the others must not wait for a keeper that is gone.
        shared.stop.store(true, Ordering::Relaxed);
        drop(done);
        let rest = files.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if outcome.is_err() {
            while rest.recv().is_ok() {}
        }
        outcome
    })?;
    progress.hidden += n_hidden.into_inner();
    Ok(())
}

fn status_name(end: &End) -> String {
    match end {
        End::Refused(status, _) => status.name().to_string(),
        End::Known(_) => "seen".to_string(),
        End::Read { packed, .. } => wire::open_head(&packed.head).map(|head| head.status).unwrap_or_default(),
    }
}

fn keep_all(done: &Receiver<Done>, store: &mut Store, mut told: impl FnMut(&[Done])) -> rusqlite::Result<()> {
    let mut batch = Vec::with_capacity(BATCH);
    let mut since = Instant::now();
    loop {
        let next = done.recv_timeout(OLDEST);
        let ended = matches!(next, Err(RecvTimeoutError::Disconnected));
        batch.extend(next.ok());
        if batch.len() >= BATCH || ended || since.elapsed() >= OLDEST {
            store.keep(&batch)?;
            told(&batch);
            batch.clear();
            since = Instant::now();
        }
        if ended {
            return Ok(());
        }
    }
}

/// The families' grammars that are built in, after those a user brings.
pub fn with_built_in(own: Vec<String>) -> Vec<String> {
    own.into_iter().chain(crate::grammar::BUILT_IN.iter().map(|(_, text)| (*text).to_string())).collect()
}
