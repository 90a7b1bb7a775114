//! Members of a zip file by the header that stands before each: where the list at the end is lost, as in a download that
//! broke off, and where the list has one name twice.
//!
//! ```text
//!   PK34 flags method … checksum sizes lengths │ name │ more │ packed bytes │ PK78 checksum sizes
//!                                                                             where a flag says that they come behind
//! ```
//! Nothing is looked for: a member that does not stand where the one before it ends is not found.

use super::walk::{Content, Refusal};
use crate::doc::Status;
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// What a header begins with, and what may stand before checksum and sizes that come behind.
const BEGIN: &[u8] = b"PK\x03\x04";
const BEHIND: &[u8] = b"PK\x07\x08";
/// Bytes of a header before the name.
const FIXED: usize = 30;
/// Flags: a password is needed; checksum and sizes come behind the member.
const IS_LOCKED: u64 = 1;
const IS_BEHIND: u64 = 8;

/// What stands before a member.
#[derive(Debug)]
pub struct Header {
    /// Its name, as it is written.
    pub name: Vec<u8>,
    flags: u64,
    method: u64,
    sum: u64,
    packed: u64,
    size: u64,
    /// Where its bytes begin.
    start: u64,
}

impl Header {
    /// Bytes that it is packed in, where the header says so.
    pub fn packed(&self) -> Option<u64> {
        (self.flags & IS_BEHIND == 0).then_some(self.packed)
    }

    /// Where the next begins, where the header says so.
    fn end(&self) -> Option<u64> {
        self.packed().map(|packed| self.start.saturating_add(packed))
    }
}

/// A number, its lowest byte first.
pub fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// The header at a place; none where there is none, or not the whole of it.
pub fn header(source: &mut (impl Read + Seek), at: u64) -> Option<Header> {
    source.seek(SeekFrom::Start(at)).ok()?;
    let mut fixed = [0; FIXED];
    source.read_exact(&mut fixed).ok()?;
    if !fixed.starts_with(BEGIN) {
        return None;
    }
    let field = |from: usize, length: usize| number(fixed.get(from..from + length).unwrap_or_default());
    let name = bytes(source, field(26, 2))?;
    let more = bytes(source, field(28, 2))?;
    let (size, packed) = wide_sizes(&more, (field(22, 4), field(18, 4)));
    let start = at.checked_add((FIXED + name.len() + more.len()) as u64)?;
    Some(Header { name, flags: field(6, 2), method: field(8, 2), sum: field(14, 4), packed, size, start })
}

fn bytes(source: &mut impl Read, length: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(length).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 == length).then_some(bytes)
}

/// Size and packed size; those that four bytes do not hold stand in the field with the id 1.
fn wide_sizes(more: &[u8], (size, packed): (u64, u64)) -> (u64, u64) {
    const ELSEWHERE: u64 = 0xFFFF_FFFF;
    let mut rest = more;
    while let Some((&[a, b, c, d], behind)) = rest.split_first_chunk::<4>() {
        let Some((field, behind)) = behind.split_at_checked(usize::from(u16::from_le_bytes([c, d]))) else { break };
        if [a, b] == [1, 0] {
            let mut wide = field.chunks_exact(8).map(number);
            let mut own = |short: u64| if short == ELSEWHERE { wide.next().unwrap_or(short) } else { short };
            return (own(size), own(packed));
        }
        rest = behind;
    }
    (size, packed)
}

/// A member, as `take` takes it, and where the next begins, if that is known.
pub fn read(
    source: &mut (impl BufRead + Seek),
    header: &Header,
    take: impl FnOnce(&mut dyn Read) -> Result<Content, Refusal>,
) -> (Result<Content, Refusal>, Option<u64>) {
    if let Err(error) = source.seek(SeekFrom::Start(header.start)) {
        return (Err((Status::Failed, error.to_string())), None);
    }
    if header.flags & IS_LOCKED != 0 {
        return (Err((Status::Encrypted, "a password is needed for this member".into())), header.end());
    }
    match (header.method, header.packed()) {
        (0, Some(packed)) => {
            let mut body = Summed::new(source.by_ref().take(packed));
            let content = take(&mut body);
            (held(content, body.told() == (header.sum, header.size)), header.end())
        }
        (8, Some(packed)) => {
            let mut body = Summed::new(DeflateDecoder::new(source.by_ref().take(packed)));
            let content = take(&mut body);
            (held(content, body.told() == (header.sum, header.size)), header.end())
        }
        (8, None) => {
            let (content, (sum, size), packed) = {
                let mut body = Summed::new(DeflateDecoder::new(source.by_ref()));
                let content = take(&mut body);
                (content, body.told(), body.source.total_in())
            };
            // Where it was not taken to its end, nobody knows where that is.
            let next = content.is_ok().then(|| find_end(source, header.start.saturating_add(packed), [sum, packed, size])).flatten();
            (held(content, next.is_some()), next)
        }
        (method, _) => {
            (Err((Status::Unsupported, format!("this member is packed in a way that is not read (method {method})"))), header.end())
        }
    }
}

/// What was taken, where checksum and size hold.
fn held(content: Result<Content, Refusal>, holds: bool) -> Result<Content, Refusal> {
    let broken = || (Status::Damaged, "this member is cut or broken: its checksum or its size does not hold".to_string());
    content.and_then(|content| if holds { Ok(content) } else { Err(broken()) })
}

/// Where checksum and sizes that stand behind a member end; none where they say otherwise.
fn find_end(source: &mut (impl Read + Seek), at: u64, [sum, packed, size]: [u64; 3]) -> Option<u64> {
    source.seek(SeekFrom::Start(at)).ok()?;
    let mut found = Vec::new();
    source.take(24).read_to_end(&mut found).ok()?;
    let from = if found.starts_with(BEHIND) { BEHIND.len() } else { 0 };
    let says = |at: usize, length: usize, wanted: u64| found.get(at..at + length).is_some_and(|own| number(own) == wanted);
    let holds = |width: &usize| says(from, 4, sum) && says(from + 4, *width, packed) && says(from + 4 + width, *width, size);
    let width = [4, 8].into_iter().find(holds)?;
    Some(at + (from + 4 + 2 * width) as u64)
}

/// Bytes, their checksum and their number.
struct Summed<R> {
    source: R,
    sum: Crc,
    size: u64,
}

impl<R> Summed<R> {
    fn new(source: R) -> Summed<R> {
        Summed { source, sum: Crc::new(), size: 0 }
    }

    fn told(&self) -> (u64, u64) {
        (self.sum.sum().into(), self.size)
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self.source.read(buffer)?;
        self.sum.update(buffer.get(..n_read).unwrap_or_default());
        self.size += n_read as u64;
        Ok(n_read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use std::io::{Cursor, Write};

    fn sum(bytes: &[u8]) -> u32 {
        let mut sum = Crc::new();
        sum.update(bytes);
        sum.sum()
    }

    /// A member as it stands in a zip file; `is_behind` puts checksum and sizes behind it.
    fn member(name: &str, bytes: &[u8], method: u16, is_behind: bool) -> Vec<u8> {
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
        deflate.write_all(bytes).unwrap();
        let packed = if method == 8 { deflate.finish().unwrap() } else { bytes.to_vec() };
        let sums = [sum(bytes), packed.len() as u32, bytes.len() as u32].map(u32::to_le_bytes).concat();
        let flags = if is_behind { 8_u16 } else { 0 };
        let mut out = [BEGIN, &[20, 0], &flags.to_le_bytes(), &method.to_le_bytes(), &[0; 4]].concat();
        out.extend(if is_behind { vec![0; 12] } else { sums.clone() });
        out.extend((name.len() as u16).to_le_bytes());
        out.extend([0, 0]);
        out.extend(name.as_bytes());
        out.extend(packed);
        if is_behind {
            out.extend([BEHIND, &sums].concat());
        }
        out
    }

    /// `name text` of each member from the first on, or `name status`.
    fn told(zip: &[u8]) -> Vec<String> {
        let mut source = Cursor::new(zip);
        let (mut found, mut next) = (Vec::new(), Some(0));
        while let Some(header) = next.and_then(|at| header(&mut source, at)) {
            let (member, end) = read(&mut source, &header, |body| {
                let mut bytes = Vec::new();
                body.read_to_end(&mut bytes).map_err(|error| (Status::Damaged, error.to_string()))?;
                Ok(Content::Bytes(bytes))
            });
            let name = String::from_utf8(header.name.clone()).unwrap();
            found.push(match member {
                Ok(Content::Bytes(bytes)) => format!("{name} {}", String::from_utf8(bytes).unwrap()),
                Ok(Content::File(_)) => unreachable!(),
                Err((status, _)) => format!("{name} {}", status.name()),
            });
            next = end;
        }
        found
    }

    fn three(is_behind: bool) -> [Vec<u8>; 3] {
        [("one", "first report"), ("two", "second report"), ("three", "third report")]
            .map(|(name, text)| member(name, text.as_bytes(), 8, is_behind))
    }

    #[test]
    fn members_are_read_by_their_own_headers() {
        let whole = ["one first report", "two second report", "three third report"];
        for is_behind in [false, true] {
            assert_eq!(told(&three(is_behind).concat()), whole);
        }
        assert_eq!(told(&member("plain", b"as it is", 0, false)), ["plain as it is"]);
        assert!(told(b"PK\x01\x02").is_empty() && told(b"").is_empty());
    }

    #[test]
    fn what_is_cut_costs_itself_and_no_member_before_it() {
        for is_behind in [false, true] {
            let [one, two, three] = three(is_behind);
            let zip = [&one[..], &two, &three].concat();
            for cut in 0..zip.len() {
                let found = told(&zip[..cut]);
                let n_whole = [one.len(), one.len() + two.len()].iter().filter(|&&end| cut >= end).count();
                assert_eq!(found[..n_whole], ["one first report", "two second report"][..n_whole], "{cut}");
                assert!(found.len() <= n_whole + 1 && found[n_whole..].iter().all(|last| last.ends_with(" damaged")), "{cut} {found:?}");
            }
        }
    }

    #[test]
    fn a_checksum_that_fails_has_a_status_and_the_next_is_read() {
        let [one, two, three] = three(false);
        let mut zip = [&one[..], &two, &three].concat();
        // A byte of the checksum in the second header.
        zip[one.len() + 14] ^= 1;
        assert_eq!(told(&zip), ["one first report", "two damaged", "three third report"]);
    }

    #[test]
    fn locked_and_strangely_packed_members_are_told_and_passed_over() {
        let last = member("last", b"text", 0, false);
        let mut locked = member("locked", b"secret", 0, false);
        locked[6] |= 1;
        assert_eq!(told(&[&locked[..], &last].concat()), ["locked encrypted", "last text"]);
        let strange = member("strange", b"12", 12, false);
        assert_eq!(told(&[&strange[..], &last].concat()), ["strange unsupported", "last text"]);
        assert_eq!(told(&[&member("endless", b"text", 0, true)[..], &last].concat()), ["endless unsupported"]);
    }

    #[test]
    fn sizes_of_eight_bytes_stand_in_a_field_of_their_own() {
        let field = [&[1_u8, 0, 16, 0][..], &9_u64.to_le_bytes(), &7_u64.to_le_bytes()].concat();
        let other = [9_u8, 9, 1, 0, 5];
        let none = u64::from(u32::MAX);
        assert_eq!(wide_sizes(&[&other[..], &field].concat(), (none, none)), (9, 7));
        assert_eq!(wide_sizes(&field, (3, none)), (3, 9));
        assert_eq!(wide_sizes(&other, (3, 2)), (3, 2));
        assert_eq!(wide_sizes(&field[..9], (none, 2)), (none, 2));
    }
}
