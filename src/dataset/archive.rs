//! Archives → members: zip, tar, tar.gz, WARC and WARC in gzip, told by their bytes and opened within limits.
//!
//! What comes out of an archive, and of the archives in it, is bounded by its size. A zip file that is cut gives the members
//! that came whole; it has a line of its own that says so.

use super::members::{Members, Whole};
use super::shelf::Place;
use super::unzip::{self, Header, number};
use super::walk::{Content, Item, Refusal, Walk, printable};
use super::{LARGEST_RATIO, most_unpacked, warc};
use crate::doc::Status;
use crate::read::sniff::{self, Format};
use flate2::read::MultiGzDecoder;
use std::cell::Cell;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use zip::result::ZipError;

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
/// Below this size the ratio of an archive says nothing.
const SMALL: u64 = 64 << 20;
/// Largest page of a crawl: it is held whole while the marks of its transfer are undone.
const LARGEST_PAGE: u64 = 64 << 20;
/// Members that are looked for in a zip file without a list: as many as a plain list holds.
const MOST_MEMBERS: usize = 1 << 16;
/// More of the list of a zip file is not looked at.
const LARGEST_LIST: u64 = 32 << 20;

const TOO_MUCH: &str = "this archive unpacks to far more than it is packed in, as one that is made to do harm; the rest of it is not read";
const TOO_DENSE: &str = "this unpacks to far more than it is packed in, as what is made to do harm";

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
        return Ok((sniff::sniff_zip(&head, source) == Format::Zip).then_some(Kind::Zip));
    }
    Ok(flat_kind(&head, false))
}

fn flat_kind(head: &[u8], packed: bool) -> Option<Kind> {
    if head.starts_with(b"WARC/") {
        return Some(Kind::Warc { packed });
    }
    (head.get(257..262) == Some(b"ustar")).then_some(Kind::Tar { packed })
}

/// Unpack a file once to hold it against its checksum, which stands at its end; one that is cut has none to be held against.
fn hold_checksum(source: &mut (impl BufRead + Seek), most: u64) -> io::Result<()> {
    let held = io::copy(&mut Whole::new(&mut *source).take(most), &mut io::sink());
    source.rewind()?;
    match held {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(()),
    }
}

/// Hand out the members of an archive; `false` when whoever takes them has had enough.
pub fn open(walk: &mut Walk, file: &str, kind: Kind, source: impl BufRead + Seek) -> bool {
    Archive { file, depth: 0, left: u64::MAX, used: 0, n_told: 0 }.open(walk, kind, source)
}

/// An archive that is being opened.
struct Archive<'f> {
    /// What it is called.
    file: &'f str,
    /// Archives that it lies in.
    depth: usize,
    /// Bytes that may still come out of it.
    left: u64,
    /// Bytes that have come out.
    used: u64,
    /// Members that have been told of.
    n_told: usize,
}

/// Whether more is wanted; an error is what is wrong with the archive as a whole.
type Opened = Result<bool, Refusal>;

impl Archive<'_> {
    fn open(&mut self, walk: &mut Walk, kind: Kind, mut source: impl BufRead + Seek) -> bool {
        let length = source.seek(SeekFrom::End(0)).and_then(|length| source.rewind().map(|()| length));
        let Ok(length) = length else { return walk.refuse(self.file, Status::Failed, "this archive cannot be read") };
        self.left = self.left.min(length.saturating_mul(LARGEST_RATIO).max(SMALL));
        let (opened, is_spent) = match kind {
            Kind::Zip => (self.open_zip(walk, source), false),
            Kind::Tar { packed: false } => (self.open_tar(walk, source), false),
            Kind::Warc { packed: false } => (self.open_warc(walk, source), false),
            Kind::Tar { packed: true } => {
                if let Err(error) = hold_checksum(&mut source, self.left) {
                    let why = format!("this archive is broken ({error}): what is in it may be wrong and is not read");
                    return walk.refuse(self.file, Status::Damaged, &why);
                }
                let mut unpacked = Whole::new(source).take(self.left);
                (self.open_tar(walk, BufReader::new(&mut unpacked)), unpacked.limit() == 0)
            }
            Kind::Warc { packed: true } => {
                let mut unpacked = Members::new(source).take(self.left);
                (self.open_warc(walk, BufReader::new(&mut unpacked)), unpacked.limit() == 0)
            }
        };
        match opened {
            Ok(false) => false,
            _ if is_spent => walk.refuse(self.file, Status::TooLarge, TOO_MUCH),
            Ok(true) if self.n_told == 0 => walk.refuse(self.file, Status::NoText, "there is no file in this archive"),
            Ok(true) => true,
            Err((status, why)) => walk.refuse(self.file, status, &why),
        }
    }

    fn open_place(&mut self, walk: &mut Walk, kind: Kind, place: &Place) -> bool {
        match File::open(place.path()) {
            Ok(opened) => self.open(walk, kind, BufReader::new(opened)),
            Err(error) => walk.refuse(self.file, Status::Failed, &error.to_string()),
        }
    }

    fn open_zip(&mut self, walk: &mut Walk, mut source: impl BufRead + Seek) -> Opened {
        let entries = find_entries(&mut source).unwrap_or_default();
        // Of members with one name the library keeps the last.
        if has_twins(&entries) {
            return self.open_entries(walk, source, entries);
        }
        match self.open_listed(walk, &mut source) {
            Ok(goes_on) => Ok(goes_on),
            Err(error) if zip_status(&error) == Status::Damaged => self.open_torn(walk, source, error.to_string()),
            Err(error) => Err((zip_status(&error), error.to_string())),
        }
    }

    /// By the list at its end; an error where there is none that can be read.
    fn open_listed(&mut self, walk: &mut Walk, source: &mut (impl Read + Seek)) -> Result<bool, ZipError> {
        let mut zip = zip::ZipArchive::new(source)?;
        // Of an archive that is cut the last list may be that of a file which it stores as it is.
        if zip.offset() != 0 {
            return Err(ZipError::InvalidArchive("the list of its members is lost".into()));
        }
        for index in 0..zip.len() {
            // A member that cannot be opened has a name all the same.
            let raw = zip.by_index_raw(index).map_or_else(|_| index.to_string().into(), |member| member.name_raw().to_vec());
            let (name, member) = match zip.by_index(index) {
                Ok(member) if member.is_dir() => continue,
                Ok(_) if is_hidden(&raw) => {
                    self.n_told += 1;
                    if !walk.tell(String::new(), Item::Hidden) {
                        return Ok(false);
                    }
                    continue;
                }
                Ok(mut member) => {
                    let name = self.member_name(walk, &raw, None);
                    let packed = member.compressed_size();
                    (name, self.take(walk, &mut member, Some(packed)))
                }
                Err(error) => (self.member_name(walk, &raw, None), Err((zip_status(&error), error.to_string()))),
            };
            if !self.hand_out(walk, name, member) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// By what the list says of each member, in its order.
    fn open_entries(&mut self, walk: &mut Walk, mut source: impl BufRead + Seek, entries: Vec<Entry>) -> Opened {
        for Entry { name, at } in entries {
            let member = match unzip::header(&mut source, at) {
                Some(header) => self.unzip(walk, &mut source, &header).0,
                None => Err((Status::Damaged, "this member is not where the list of its archive says".into())),
            };
            if !self.hand_out_named(walk, &name, member) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Without a list, as far as members follow one another. `why` it has none.
    fn open_torn(&mut self, walk: &mut Walk, mut source: impl BufRead + Seek, why: String) -> Opened {
        let (mut next, mut n_seen, mut n_whole) = (Some(0), 0, 0);
        while let Some(header) = next.and_then(|at| unzip::header(&mut source, at)) {
            // The parts of a document are no files, and what is left of it is none.
            if n_seen == 0 && is_of_document(&header.name) || n_seen >= MOST_MEMBERS {
                break;
            }
            n_seen += 1;
            let (member, end) = self.unzip(walk, &mut source, &header);
            next = end;
            n_whole += usize::from(member.is_ok() && is_file(&header.name) && !is_hidden(&header.name));
            if !self.hand_out_named(walk, &header.name, member) {
                return Ok(false);
            }
        }
        let told = format!("this zip file is cut or broken: the list of its members is lost; {n_whole} members came whole and are read");
        Err(if n_whole == 0 { (Status::Damaged, why) } else { (Status::Partial, told) })
    }

    fn unzip(&mut self, walk: &mut Walk, source: &mut (impl BufRead + Seek), header: &Header) -> (Result<Content, Refusal>, Option<u64>) {
        unzip::read(source, header, |body| self.take(walk, body, header.packed()))
    }

    fn open_tar(&mut self, walk: &mut Walk, source: impl Read) -> Opened {
        let mut n_whole = 0;
        let damaged = |error: io::Error, n_whole: usize| match n_whole {
            0 => (Status::Damaged, error.to_string()),
            _ => (Status::Partial, format!("this tar file is cut or broken ({error}); {n_whole} members came whole and are read")),
        };
        let n_zeros = Cell::new(0);
        let mut tar = tar::Archive::new(Ends { source, n_zeros: &n_zeros });
        // Behind zeros another file may follow, or the rest of one in which a hole was left.
        tar.set_ignore_zeros(true);
        for entry in tar.entries().map_err(|error| damaged(error, 0))? {
            let mut entry = match entry {
                // Zeros that fill no block.
                Err(_) if n_zeros.get() >= TAR_END => break,
                entry => entry.map_err(|error| damaged(error, n_whole))?,
            };
            let kind = entry.header().entry_type();
            if kind.is_dir() || kind.is_pax_global_extensions() {
                continue;
            }
            let name = entry.path_bytes().into_owned();
            if is_hidden(&name) {
                self.n_told += 1;
                if !walk.tell(String::new(), Item::Hidden) {
                    return Ok(false);
                }
                continue;
            }
            let n_before = self.used;
            let size = entry.size();
            let member = if kind.is_file() {
                self.take(walk, &mut entry, None)
            } else {
                Err((Status::Unsupported, "this is a link or a device, which is not read".into()))
            };
            // The library takes the end of a file for the end of its last member.
            let member = match member {
                Ok(_) if self.used - n_before < size => Err((Status::Damaged, "the archive ends within this member".into())),
                member => member,
            };
            n_whole += usize::from(member.is_ok());
            let name = self.member_name(walk, &name, None);
            if !self.hand_out(walk, name, member) {
                return Ok(false);
            }
        }
        if self.n_told > 0 && n_zeros.get() < TAR_END {
            return Err((Status::Partial, format!("this tar file is cut: it has no end; {n_whole} members came whole and are read")));
        }
        Ok(true)
    }

    fn open_warc(&mut self, walk: &mut Walk, source: impl BufRead) -> Opened {
        for record in warc::Records::new(source, walk.limits.file_size.min(LARGEST_PAGE)) {
            let warc::Record { uri, date, body } = record.map_err(|error| (Status::Damaged, error.to_string()))?;
            let name = self.member_name(walk, uri.as_bytes(), date.as_deref());
            let member = body.and_then(|bytes| walk.shelf.keep(bytes));
            if !self.hand_out(walk, name, member) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A member's bytes, `packed` in so many where that is known. What grows by more than reports do is left.
    fn take(&mut self, walk: &mut Walk, source: impl Read, packed: Option<u64>) -> Result<Content, Refusal> {
        let largest = walk.limits.file_size;
        let most = packed.map_or(self.left, |packed| self.left.min(most_unpacked(packed)));
        let mut source = source.take(u64::MAX);
        let taken = walk.shelf.take(&mut source, largest.min(most));
        self.charge(u64::MAX - source.limit());
        taken.map_err(|(status, why)| if status == Status::TooLarge && most < largest { (status, TOO_DENSE.into()) } else { (status, why) })
    }

    fn charge(&mut self, n_bytes: u64) {
        self.left = self.left.saturating_sub(n_bytes);
        self.used = self.used.saturating_add(n_bytes);
    }

    /// A member by the name it has in its archive; folders, and what systems pack along, are nobody's reports.
    fn hand_out_named(&mut self, walk: &mut Walk, name: &[u8], member: Result<Content, Refusal>) -> bool {
        if !is_file(name) {
            return true;
        }
        if is_hidden(name) {
            self.n_told += 1;
            return walk.tell(String::new(), Item::Hidden);
        }
        let name = self.member_name(walk, name, None);
        self.hand_out(walk, name, member)
    }

    /// A member: an archive of its own, or a file.
    fn hand_out(&mut self, walk: &mut Walk, name: String, member: Result<Content, Refusal>) -> bool {
        self.n_told += 1;
        let content = match member {
            Ok(content) => content,
            Err((status, why)) => return walk.refuse(&name, status, &why),
        };
        let kind = match &content {
            Content::Bytes(bytes) => sniff(&mut Cursor::new(bytes)),
            Content::File(place) => File::open(place.path()).and_then(|mut opened| sniff(&mut opened)),
        };
        let Ok(Some(kind)) = kind else { return walk.tell(name, Item::File(content)) };
        if self.depth >= DEEPEST {
            return walk.refuse(&name, Status::TooLarge, "archives within archives are too deep here");
        }
        let mut inner = Archive { file: &name, depth: self.depth + 1, left: self.left, used: 0, n_told: 0 };
        let goes_on = match content {
            Content::Bytes(bytes) => inner.open(walk, kind, Cursor::new(bytes)),
            Content::File(place) => inner.open_place(walk, kind, &place),
        };
        let used = inner.used;
        self.charge(used);
        goes_on
    }

    /// What a member is called. Names in zip files are often GBK; they are decoded as the contents of reports are.
    fn member_name(&self, walk: &mut Walk, name: &[u8], mark: Option<&str>) -> String {
        let name = crate::decode::decode(name, None).value.text;
        walk.names.claim(format!("{}!/{}", self.file, printable(Path::new(&name))), mark)
    }
}

/// A tar file ends with a block of zeros; fewer fill up the last block of a member.
const TAR_END: u64 = 512;

/// Counts the zeros that a source ends with, as far as it is read.
struct Ends<'c, R> {
    source: R,
    n_zeros: &'c Cell<u64>,
}

impl<R: Read> Read for Ends<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A source that fails has not come to its end.
        let n_read = self.source.read(buffer).inspect_err(|_| self.n_zeros.set(0))?;
        let read = buffer.get(..n_read).unwrap_or_default();
        let n_own = read.iter().rev().take_while(|&&byte| byte == 0).count() as u64;
        self.n_zeros.set(if n_own == n_read as u64 { self.n_zeros.get() + n_own } else { n_own });
        Ok(n_read)
    }
}

/// A member in the list of a zip file.
struct Entry {
    name: Vec<u8>,
    /// Where its header stands.
    at: u64,
}

/// True where two members of a zip file have one name.
fn has_twins(entries: &[Entry]) -> bool {
    let names = || entries.iter().map(|entry| entry.name.as_slice()).filter(|name| is_file(name));
    names().count() > names().collect::<HashSet<_>>().len()
}

/// The list at the end of a zip file; none where it is not where the file says.
fn find_entries(source: &mut (impl Read + Seek)) -> Option<Vec<Entry>> {
    const END: usize = 22;
    const ENTRY: usize = 46;
    let length = source.seek(SeekFrom::End(0)).ok()?;
    source.seek(SeekFrom::Start(length.saturating_sub(HEAD + END as u64))).ok()?;
    let mut tail = Vec::new();
    source.by_ref().take(HEAD + END as u64).read_to_end(&mut tail).ok()?;
    let long = |bytes: &[u8], at: usize| bytes.get(at..at + 4).map(number);
    let short = |bytes: &[u8], at: usize| usize::try_from(number(bytes.get(at..at + 2)?)).ok();
    // The record's comment ends where the file does.
    let is_end = |&at: &usize| short(&tail, at + 20).is_some_and(|comment| at + END + comment == tail.len());
    let mut ends = tail.windows(4).enumerate().filter(|(_, window)| *window == b"PK\x05\x06").map(|(at, _)| at);
    let end = ends.rfind(is_end)?;
    let (size, start) = (long(&tail, end + 12)?, long(&tail, end + 16)?);
    source.seek(SeekFrom::Start(start)).ok()?;
    let mut list = Vec::new();
    source.by_ref().take(size.min(LARGEST_LIST)).read_to_end(&mut list).ok()?;
    let (mut entries, mut at) = (Vec::new(), 0);
    while list.get(at..at + 4) == Some(b"PK\x01\x02") {
        let [name, extra, comment] = [short(&list, at + 28)?, short(&list, at + 30)?, short(&list, at + 32)?];
        entries.push(Entry { name: list.get(at + ENTRY..at + ENTRY + name)?.to_vec(), at: long(&list, at + 42)? });
        at += ENTRY + name + extra + comment;
    }
    Some(entries)
}

/// False for a folder.
fn is_file(name: &[u8]) -> bool {
    !name.ends_with(b"/")
}

/// What documents that are zip files begin with.
fn is_of_document(name: &[u8]) -> bool {
    name == b"mimetype" || [&b"[Content_Types].xml"[..], b"_rels/", b"docProps/"].iter().any(|begin| name.starts_with(begin))
}

fn zip_status(error: &ZipError) -> Status {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Status::Encrypted,
        ZipError::UnsupportedArchive(_) => Status::Unsupported,
        _ => Status::Damaged,
    }
}

/// What systems put beside the files they pack: `.DS_Store`, `__MACOSX/._report.txt`. A path may begin with `./`.
fn is_hidden(name: &[u8]) -> bool {
    name.split(|&byte| byte == b'/').any(|part| part.len() > 1 && part.starts_with(b".") && part != b".." || part == b"__MACOSX")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Limits;
    use crate::dataset::shelf::Shelf;
    use crate::dataset::walk::{self, Listing};
    use std::io::Write;

    /// A zip file of members in order.
    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// What comes out of an archive: its name without that of the archive, its size or its status.
    fn found(test: &str, archive: &[u8]) -> Vec<String> {
        let folder = std::env::temp_dir().join(format!("luoshu-archive-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("a");
        std::fs::write(&path, archive).unwrap();
        let listing = Listing { entries: vec![("a".into(), Ok(path))], n_hidden: 0 };
        let mut found = Vec::new();
        let size = |content: &Content| match content {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::File(place) => std::fs::metadata(place.path()).unwrap().len(),
        };
        let mut sink = |file: String, item: Item| {
            match item {
                Item::File(content) => found.push(format!("{file} {}", size(&content))),
                Item::Refused(status, _) => found.push(format!("{file} {}", status.name())),
                Item::Hidden => found.push("hidden".into()),
            }
            true
        };
        walk::open(listing, Limits::default(), Shelf::new(folder.join("members")), &mut sink);
        std::fs::remove_dir_all(folder).unwrap();
        found
    }

    #[test]
    fn members_of_one_name_are_read_each_and_in_order() {
        let mut zip = zipped(&[("one.txt", b"1"), ("two.txt", b"22"), ("six.txt", b"333")]);
        for at in 0..zip.len() - 7 {
            if zip[at..].starts_with(b"two.txt") || zip[at..].starts_with(b"six.txt") {
                zip[at..at + 3].copy_from_slice(b"one");
            }
        }
        assert_eq!(found("twins", &zip), ["a!/one.txt 1", "a!/one.txt#2 2", "a!/one.txt#3 3"]);
    }

    #[test]
    fn a_zip_that_is_cut_gives_what_came_whole() {
        let zip = zipped(&[("one.txt", b"the first report"), (".DS_Store", b"x"), ("two.txt", b"the second report")]);
        let list = zip.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        let all = ["a!/one.txt 16", "hidden", "a!/two.txt 17", "a partial"];
        assert_eq!(found("list", &zip[..list]), all);
        assert_eq!(found("half-list", &zip[..list + 20]), all);
        assert_eq!(found("half", &zip[..list - 5]), ["a!/one.txt 16", "hidden", "a!/two.txt damaged", "a partial"]);
        assert_eq!(found("head", &zip[..20]), ["a damaged"]);
        let nested = zipped(&[("inner.zip", &zip[..list])]);
        let inner = ["a!/inner.zip!/one.txt 16", "hidden", "a!/inner.zip!/two.txt 17", "a!/inner.zip partial"];
        assert_eq!(found("nested", &nested), inner);
    }

    #[test]
    fn the_parts_of_a_document_that_is_cut_are_no_files() {
        let zip = zipped(&[("[Content_Types].xml", b"<Types/>"), ("ppt/slide1.xml", b"<slide/>")]);
        let list = zip.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        assert_eq!(found("document", &zip[..list]), ["a damaged"]);
    }

    #[test]
    fn archives_in_an_archive_share_what_may_come_out_of_it() {
        let inner = zipped(&[("zeros.txt", &vec![0; 15 << 20])]);
        let names: Vec<String> = (0..10).map(|number| format!("{number}.zip")).collect();
        let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), inner.as_slice())).collect();
        let told = found("bombs", &zipped(&members));
        assert_eq!(told.len(), 10);
        let n_read = told.iter().filter(|line| line.ends_with(&format!(" {}", 15 << 20))).count();
        let n_refused = told.iter().filter(|line| line.ends_with(" too-large")).count();
        assert_eq!((n_read, n_refused), (4, 6), "{told:?}");
        let dense = zipped(&[("zeros.txt", &vec![0; 17 << 20])]);
        assert_eq!(found("dense", &dense), ["a!/zeros.txt too-large"]);
    }
}
