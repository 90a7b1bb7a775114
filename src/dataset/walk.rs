//! Folders → files in a fixed order, archives opened, and a typed refusal for everything that is not read.
//!
//! A link to a file is read; a link to a folder is not followed, so no loop can be walked. Devices, pipes and sockets
//! are never opened. What stands in an archive is called `archive!/member`; no two have one name (`register`).

use super::archive;
use super::register::Register;
use super::shelf::{Place, Shelf};
use super::{Limits, STATE};
use crate::doc::Status;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Something found, with its name.
pub struct Found {
    /// Its number in the order of the walk.
    pub order: u64,
    /// What it is called: the path as a line of printable text.
    pub file: String,
    /// What it is.
    pub item: Item,
}

/// What was found.
pub enum Item {
    /// A file to read.
    File(Content),
    /// It is not read, and why.
    Refused(Status, String),
    /// It is nobody's report: its name begins with a full stop.
    Hidden,
}

/// Where the bytes are.
#[derive(Debug)]
pub enum Content {
    /// In a file.
    File(Place),
    /// Here: a small file, or a small member of an archive.
    Bytes(Vec<u8>),
}

/// Whoever takes what is found, by name; `false` ends the walk.
pub type Sink<'s> = &'s mut (dyn FnMut(String, Item) -> bool + 's);

/// What is known on the way through files and archives.
pub struct Walk<'s> {
    /// Limits of one file.
    pub limits: Limits,
    /// Where members of archives are put.
    pub shelf: Shelf,
    /// The names that have been given.
    pub names: Register,
    sink: Sink<'s>,
}

/// Why something is not read.
pub type Refusal = (Status, String);

/// What lies in some folders, before archives are opened.
#[derive(Default)]
pub struct Listing {
    /// Names and paths in order; a refusal where there is nothing to open.
    pub entries: Vec<(String, Result<PathBuf, Refusal>)>,
    /// Entries left out because their name begins with a full stop.
    pub n_hidden: usize,
}

/// List what lies under some paths. What stands in `own` is the dataset itself.
pub fn list(roots: &[PathBuf], own: &Path) -> Listing {
    let own = fs::canonicalize(own).ok();
    let mut listing = Listing::default();
    let (mut seen, mut files) = (HashSet::new(), HashSet::new());
    // A folder that is given twice is read once.
    for root in roots.iter().filter(|root| fs::canonicalize(root).map_or(true, |path| seen.insert(path))) {
        let name = |path: &Path| printable(path);
        let mut walk = WalkDir::new(root).sort_by_file_name().into_iter();
        while let Some(entry) = walk.next() {
            match entry {
                Ok(entry) if entry.depth() > 0 && is_hidden(&entry) => {
                    listing.n_hidden += 1;
                    skip(&mut walk, &entry);
                }
                Ok(entry) if entry.file_type().is_dir() && is_own(entry.path(), own.as_deref()) => skip(&mut walk, &entry),
                Ok(entry) if entry.file_type().is_dir() && is_dataset(entry.path()) => {
                    let why = "this folder is a dataset that was built here; what stands in it are no reports";
                    listing.entries.push((name(entry.path()), Err((Status::Unsupported, why.into()))));
                    walk.skip_current_dir();
                }
                Ok(entry) if entry.file_type().is_dir() => {}
                // A link that was given by name is followed, and is no entry of its own.
                Ok(entry) if entry.depth() == 0 && entry.path().is_dir() => {}
                // A file may be given by its own name beside the folder it lies in.
                Ok(entry) if !files.insert(entry.path().to_path_buf()) => {}
                Ok(entry) => listing.entries.push((name(entry.path()), judge(entry.path()))),
                Err(error) => {
                    let file = name(error.path().unwrap_or(root));
                    let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                    listing.entries.push((file, Err((Status::Failed, why))));
                }
            }
        }
    }
    listing
}

fn skip(walk: &mut walkdir::IntoIter, entry: &DirEntry) {
    if entry.file_type().is_dir() {
        walk.skip_current_dir();
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_own(path: &Path, own: Option<&Path>) -> bool {
    own.is_some() && fs::canonicalize(path).ok().as_deref() == own
}

/// True for the folder of a dataset, whose tables and pages would be read as reports.
fn is_dataset(folder: &Path) -> bool {
    folder.join(STATE).join(super::store::NAME).is_file()
}

/// A path that can be opened, or why not.
fn judge(path: &Path) -> Result<PathBuf, Refusal> {
    let kind = fs::metadata(path).map_err(|error| (Status::Failed, error.to_string()))?.file_type();
    if kind.is_dir() {
        return Err((Status::Unsupported, "this is a link to a folder, which is not followed".into()));
    }
    if !kind.is_file() {
        return Err((Status::Unsupported, "this is a device, a pipe or a socket, which is not read".into()));
    }
    Ok(path.to_path_buf())
}

/// Open what was listed: files as they are, archives member by member.
pub fn open(listing: Listing, limits: Limits, shelf: Shelf, sink: Sink) {
    let mut names = Register::default();
    // What lies in a folder is called by its path, whatever members of archives are called.
    let entries: Vec<_> = listing.entries.into_iter().map(|(file, entry)| (names.claim(file, None), entry)).collect();
    let mut walk = Walk { limits, shelf, names, sink };
    for (file, entry) in entries {
        let goes_on = match entry {
            Err((status, why)) => walk.refuse(&file, status, &why),
            Ok(path) => walk.open_file(file, path),
        };
        if !goes_on {
            return;
        }
    }
}

/// Files up to this many bytes are read where they are looked at, once.
const SMALL: u64 = 1 << 16;

impl Walk<'_> {
    /// Hand on what was found; `false` when whoever takes it has had enough.
    pub fn tell(&mut self, file: String, item: Item) -> bool {
        (self.sink)(file, item)
    }

    /// Tell that something is not read.
    pub fn refuse(&mut self, file: &str, status: Status, why: &str) -> bool {
        self.tell(file.to_string(), Item::Refused(status, why.to_string()))
    }

    fn open_file(&mut self, file: String, path: PathBuf) -> bool {
        let small = SMALL.min(self.limits.file_size);
        let mut head = Vec::new();
        let mut opened = match File::open(&path) {
            Ok(opened) => opened,
            Err(error) => return self.refuse(&file, Status::Failed, &error.to_string()),
        };
        if let Err(error) = opened.by_ref().take(small + 1).read_to_end(&mut head) {
            return self.refuse(&file, Status::Failed, &error.to_string());
        }
        if head.len() as u64 <= small {
            return match archive::sniff(&mut Cursor::new(head.as_slice())) {
                Ok(Some(kind)) => archive::open(self, &file, kind, Cursor::new(head)),
                Ok(None) => self.tell(file, Item::File(Content::Bytes(head))),
                Err(error) => self.refuse(&file, Status::Failed, &error.to_string()),
            };
        }
        match opened.rewind().and_then(|()| archive::sniff(&mut opened)).and_then(|kind| opened.rewind().map(|()| kind)) {
            Ok(None) => self.tell(file, Item::File(Content::File(Place::given(path)))),
            Ok(Some(kind)) => archive::open(self, &file, kind, io::BufReader::new(opened)),
            Err(error) => self.refuse(&file, Status::Failed, &error.to_string()),
        }
    }
}

/// A path as one line of text that tells any two paths apart: bytes that are no text as `\xNN`, line ends as `\n`.
pub fn printable(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let separator = if cfg!(windows) { '\\' } else { '/' };
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                own if own == separator => out.push('/'),
                '\n' => out.push_str("\\n"),
                '\\' => out.push_str("\\\\"),
                control if control.is_control() || crate::fold::is_hidden(control) => out.extend(control.escape_unicode()),
                other => out.push(other),
            }
        }
        out.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn any_two_names_stay_two() {
        use std::os::unix::ffi::OsStrExt;
        let name = |bytes: &[u8]| printable(Path::new(std::ffi::OsStr::from_bytes(bytes)));
        assert_eq!(name("报告/2021.txt".as_bytes()), "报告/2021.txt");
        assert_eq!(name(b"a\nb\xFF\xFE"), "a\\nb\\xFF\\xFE");
        assert_eq!(name(b"a\\nb"), "a\\\\nb");
    }
}
