//! A gzip file of many members, as crawls are packed: a member that is broken is an error, and reading goes on behind it.
//! Where one is cut, bytes of the next may have been taken for its own before that shows.

use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, Read};

/// The members of a file, one after another.
pub struct Members<R> {
    decoder: Option<GzDecoder<R>>,
}

/// What every member begins with, and how far its flags go.
const MAGIC: [u8; 3] = [0x1F, 0x8B, 8];
const MOST_FLAGS: u8 = 0x1F;

impl<R: BufRead> Members<R> {
    /// The members in `source`.
    pub fn new(source: R) -> Members<R> {
        Members { decoder: Some(GzDecoder::new(source)) }
    }
}

impl<R: BufRead> Read for Members<R> {
    /// Bytes of one member; an error of kind `InvalidData` ends a broken one.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            match decoder.read(buffer) {
                Ok(0) if !buffer.is_empty() => self.turn(|_| Ok(()))?,
                Ok(n_read) => return Ok(n_read),
                Err(error) if is_broken(&error) => {
                    self.turn(find_member)?;
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "a packed part is cut or broken"));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(0)
    }
}

impl<R: BufRead> Members<R> {
    /// On to the next member, which `find` may have to look for.
    fn turn(&mut self, find: impl FnOnce(&mut R) -> io::Result<()>) -> io::Result<()> {
        if let Some(mut source) = self.decoder.take().map(GzDecoder::into_inner) {
            find(&mut source)?;
            self.decoder = if source.fill_buf()?.is_empty() { None } else { Some(GzDecoder::new(source)) };
        }
        Ok(())
    }
}

/// A gzip file of one content, in one member or several, up to what is none: zeros that fill up a block, or a line's end.
pub struct Whole<R> {
    decoder: Option<GzDecoder<R>>,
}

impl<R: BufRead> Whole<R> {
    /// What is packed in `source`.
    pub fn new(source: R) -> Whole<R> {
        Whole { decoder: Some(GzDecoder::new(source)) }
    }
}

impl<R: BufRead> Read for Whole<R> {
    /// An error where it is cut, or its checksum is wrong.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            let n_read = decoder.read(buffer)?;
            if n_read > 0 || buffer.is_empty() {
                return Ok(n_read);
            }
            let Some(mut source) = self.decoder.take().map(GzDecoder::into_inner) else { break };
            // The buffer may hold but one byte of what follows.
            if matches!(source.fill_buf()?, [0x1F] | [0x1F, 0x8B, ..]) {
                self.decoder = Some(GzDecoder::new(source));
            }
        }
        Ok(0)
    }
}

fn is_broken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

/// Skip to what looks like the beginning of a member, or to the end.
fn find_member(source: &mut impl BufRead) -> io::Result<()> {
    loop {
        let bytes = source.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        let is_begin = |window: &[u8]| matches!(window, [a, b, c, flags] if [*a, *b, *c] == MAGIC && *flags <= MOST_FLAGS);
        if let Some(at) = bytes.windows(MAGIC.len() + 1).position(is_begin) {
            source.consume(at);
            return Ok(());
        }
        // A beginning that two fills of the buffer cut is passed over: the member behind it is found.
        let n_seen = bytes.len();
        source.consume(n_seen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufReader, Write};

    fn packed(text: &str) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap()
    }

    /// What can be read, with `!` for every broken member.
    fn read(bytes: &[u8]) -> String {
        let mut members = Members::new(BufReader::with_capacity(64, bytes));
        let mut found = String::new();
        let mut buffer = [0; 16];
        loop {
            match members.read(&mut buffer) {
                Ok(0) => return found,
                Ok(n_read) => found.push_str(std::str::from_utf8(&buffer[..n_read]).unwrap()),
                Err(_) => found.push('!'),
            }
        }
    }

    #[test]
    fn members_follow_one_another() {
        assert_eq!(read(&[packed("one "), packed(""), packed("two")].concat()), "one two");
        assert_eq!(read(&[]), "!");
    }

    #[test]
    fn a_broken_member_costs_itself() {
        let (one, two) = (packed("the first of all members "), packed("two"));
        // What is cut runs on into the next, which may be lost with it.
        let cut = [&one[..one.len() - 9], &two, &two].concat();
        assert!(read(&cut).contains('!') && read(&cut).ends_with("two"), "{}", read(&cut));
        let mut flipped = [one.clone(), two.clone()].concat();
        flipped[one.len() - 6] ^= 1;
        assert_eq!(read(&flipped), "the first of all members !two");
        let torn = [&one[..], b"noise between", &two].concat();
        assert_eq!(read(&torn), "the first of all members !two");
        assert_eq!(read(&one[..one.len() - 4]), "the first of all members !");
    }
}
