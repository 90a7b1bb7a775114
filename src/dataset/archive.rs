//! Archives → members: zip, tar, tar.gz, WARC and WARC in gzip, told by their bytes and opened within limits.

use super::members::Members;
use super::walk::{Content, Item, Sink, printable, take};
use super::{Limits, warc};
use crate::doc::Status;
use crate::read::sniff::{self, Format};
use flate2::read::MultiGzDecoder;
use std::collections::HashSet;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

/// An archive that is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A zip that is no document.
    Zip,
    /// A tar, packed or not.
    Tar {
        /// In gzip.
        packed: bool,
    },
    /// A web crawl, packed or not.
    Warc {
        /// In gzip.
        packed: bool,
    },
}

/// What is read of a file to tell what it is.
const HEAD: u64 = 64 * 1024;
/// Archives within archives that are opened.
const DEEPEST: usize = 3;
/// An archive that grows by more than this is made to do harm: pages and tables grow ten to fifty times.
const LARGEST_RATIO: u64 = 200;
/// Below this size the ratio says nothing.
const SMALL: u64 = 64 << 20;

/// Tell an archive; none for anything else, which is read as a file.
pub fn sniff(source: &mut (impl Read + Seek)) -> io::Result<Option<Kind>> {
    let mut head = Vec::new();
    source.by_ref().take(HEAD).read_to_end(&mut head)?;
    if head.starts_with(b"\x1F\x8B") {
        let mut inner = Vec::new();
        // A broken gzip file is a file for the reader to refuse.
        let _ = MultiGzDecoder::new(head.as_slice()).take(512).read_to_end(&mut inner);
        return Ok(flat_kind(&inner, true));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let length = source.seek(SeekFrom::End(0))?;
        source.seek(SeekFrom::Start(length.saturating_sub(HEAD)))?;
        source.by_ref().take(HEAD).read_to_end(&mut head)?;
        return Ok((sniff::sniff(&head) == Format::Zip).then_some(Kind::Zip));
    }
    Ok(flat_kind(&head, false))
}

fn flat_kind(head: &[u8], packed: bool) -> Option<Kind> {
    if head.starts_with(b"WARC/") {
        return Some(Kind::Warc { packed });
    }
    (head.get(257..262) == Some(b"ustar")).then_some(Kind::Tar { packed })
}

/// Hand out the members of an archive; `false` when the sink has had enough.
pub fn open(file: &str, kind: Kind, source: impl BufRead + Seek, limits: Limits, sink: &mut Sink) -> bool {
    Opener { limits, depth: 0 }.open(file, kind, source, sink)
}

struct Opener {
    limits: Limits,
    depth: usize,
}

impl Opener {
    fn open(&self, file: &str, kind: Kind, mut source: impl BufRead + Seek, sink: &mut Sink) -> bool {
        let length = source.seek(SeekFrom::End(0)).and_then(|length| source.rewind().map(|()| length));
        let Ok(length) = length else { return refuse(file, Status::Failed, "this archive cannot be read", sink) };
        let most = length.saturating_mul(LARGEST_RATIO).max(SMALL);
        match kind {
            Kind::Zip => self.open_zip(file, source, most, sink),
            Kind::Tar { packed: true } => self.open_tar(file, BufReader::new(MultiGzDecoder::new(source).take(most)), most, sink),
            Kind::Tar { packed: false } => self.open_tar(file, source, most, sink),
            Kind::Warc { packed: true } => self.open_warc(file, BufReader::new(Members::new(source).take(most)), sink),
            Kind::Warc { packed: false } => self.open_warc(file, source, sink),
        }
    }

    fn open_zip(&self, file: &str, mut source: impl Read + Seek, most: u64, sink: &mut Sink) -> bool {
        let has_twins = has_twins(&mut source);
        let mut zip = match zip::ZipArchive::new(source) {
            Ok(zip) => zip,
            Err(error) => return refuse(file, Status::Damaged, &error.to_string(), sink),
        };
        let mut left = most;
        for index in 0..zip.len() {
            let (name, member) = match zip.by_index(index) {
                Ok(member) if member.is_dir() => continue,
                Ok(member) if is_hidden(member.name_raw()) => {
                    if !sink(member_name(file, member.name_raw()), Item::Hidden) {
                        return false;
                    }
                    continue;
                }
                Ok(mut member) => {
                    let name = member_name(file, member.name_raw());
                    (name, take(&mut member, self.limits.file_size.min(left)))
                }
                Err(error) => (format!("{file}!/{index}"), Err((zip_status(&error), error.to_string()))),
            };
            left = left.saturating_sub(member.as_ref().map_or(0, |bytes| bytes.len() as u64));
            if !self.hand_out(name, member, sink) {
                return false;
            }
        }
        // The library keeps the last of them.
        !has_twins || refuse(file, Status::Partial, "members of this archive have one name; of them one is read", sink)
    }

    fn open_tar(&self, file: &str, source: impl Read, most: u64, sink: &mut Sink) -> bool {
        let mut tar = tar::Archive::new(source);
        let Ok(entries) = tar.entries() else { return refuse(file, Status::Damaged, "this archive cannot be read", sink) };
        let mut left = most;
        for entry in entries {
            let mut entry = match entry {
                Ok(entry) => entry,
                Err(error) => return refuse(file, Status::Damaged, &error.to_string(), sink),
            };
            let kind = entry.header().entry_type();
            if kind.is_dir() || kind.is_pax_global_extensions() {
                continue;
            }
            let name = member_name(file, &entry.path_bytes());
            if is_hidden(&entry.path_bytes()) {
                if !sink(name, Item::Hidden) {
                    return false;
                }
                continue;
            }
            let member = if kind.is_file() {
                take(&mut entry, self.limits.file_size.min(left))
            } else {
                Err((Status::Unsupported, "this is a link or a device, which is not read".into()))
            };
            left = left.saturating_sub(member.as_ref().map_or(0, |bytes| bytes.len() as u64));
            if !self.hand_out(name, member, sink) {
                return false;
            }
        }
        true
    }

    fn open_warc(&self, file: &str, source: impl BufRead, sink: &mut Sink) -> bool {
        for record in warc::Records::new(source, self.limits.file_size) {
            let goes_on = match record {
                Ok(record) => self.hand_out(member_name(file, record.uri.as_bytes()), record.body, sink),
                Err(error) => return refuse(file, Status::Damaged, &error.to_string(), sink),
            };
            if !goes_on {
                return false;
            }
        }
        true
    }

    /// A member: an archive of its own, or a file.
    fn hand_out(&self, name: String, member: Result<Vec<u8>, (Status, String)>, sink: &mut Sink) -> bool {
        let bytes = match member {
            Ok(bytes) => bytes,
            Err((status, why)) => return refuse(&name, status, &why, sink),
        };
        match sniff(&mut Cursor::new(&bytes)) {
            Ok(Some(_)) if self.depth >= DEEPEST => refuse(&name, Status::TooLarge, "archives within archives are too deep here", sink),
            Ok(Some(kind)) => Opener { limits: self.limits, depth: self.depth + 1 }.open(&name, kind, Cursor::new(bytes), sink),
            _ => sink(name, Item::File(Content::Bytes(bytes))),
        }
    }
}

/// True where two members of a zip file have one name.
fn has_twins(source: &mut (impl Read + Seek)) -> bool {
    let names = find_names(source).unwrap_or_default();
    let files = || names.iter().filter(|name| !name.ends_with(b"/"));
    files().count() > files().collect::<HashSet<_>>().len()
}

/// The names in the list at the end of a zip file; none where the list is not where the file says.
fn find_names(source: &mut (impl Read + Seek)) -> Option<Vec<Vec<u8>>> {
    const END: usize = 22;
    const ENTRY: usize = 46;
    let length = source.seek(SeekFrom::End(0)).ok()?;
    source.seek(SeekFrom::Start(length.saturating_sub(HEAD + END as u64))).ok()?;
    let mut tail = Vec::new();
    source.by_ref().take(HEAD + END as u64).read_to_end(&mut tail).ok()?;
    let number = |bytes: &[u8], at: usize| -> Option<u64> {
        Some(bytes.get(at..at + 4)?.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    };
    let short = |bytes: &[u8], at: usize| -> Option<usize> { Some(usize::from(*bytes.get(at)?) | usize::from(*bytes.get(at + 1)?) << 8) };
    // The record's comment ends where the file does.
    let is_end = |&at: &usize| short(&tail, at + 20).is_some_and(|comment| at + END + comment == tail.len());
    let mut ends = tail.windows(4).enumerate().filter(|(_, window)| *window == b"PK\x05\x06").map(|(at, _)| at);
    let end = ends.rfind(is_end)?;
    let (size, start) = (number(&tail, end + 12)?, number(&tail, end + 16)?);
    source.seek(SeekFrom::Start(start)).ok()?;
    let mut list = Vec::new();
    source.by_ref().take(size.min(LARGEST_LIST)).read_to_end(&mut list).ok()?;
    source.rewind().ok()?;
    let (mut names, mut at) = (Vec::new(), 0);
    while list.get(at..at + 4) == Some(b"PK\x01\x02") {
        let [name, extra, comment] = [short(&list, at + 28)?, short(&list, at + 30)?, short(&list, at + 32)?];
        names.push(list.get(at + ENTRY..at + ENTRY + name)?.to_vec());
        at += ENTRY + name + extra + comment;
    }
    Some(names)
}

/// More of the list of a zip file is not looked at.
const LARGEST_LIST: u64 = 32 << 20;

fn refuse(file: &str, status: Status, why: &str, sink: &mut Sink) -> bool {
    sink(file.to_string(), Item::Refused(status, why.to_string()))
}

fn zip_status(error: &zip::result::ZipError) -> Status {
    match error {
        zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED) => Status::Encrypted,
        zip::result::ZipError::UnsupportedArchive(_) => Status::Unsupported,
        _ => Status::Damaged,
    }
}

/// What systems put beside the files they pack: `.DS_Store`, `__MACOSX/._report.txt`. A path may begin with `./`.
fn is_hidden(name: &[u8]) -> bool {
    name.split(|&byte| byte == b'/').any(|part| part.len() > 1 && part.starts_with(b".") && part != b".." || part == b"__MACOSX")
}

/// Names in zip files are often GBK; they are decoded as the contents of reports are.
fn member_name(file: &str, name: &[u8]) -> String {
    let name = crate::decode::decode(name, None).value.text;
    format!("{file}!/{}", printable(Path::new(&name)))
}
