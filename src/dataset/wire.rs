//! What goes over the pipe to a worker process and back: frames of a length and bytes, packed rows within.
//!
//! ```text
//!   program → worker   grammar texts, then one frame a file: its bytes
//!   worker → program   one frame a file: packed Head, and one: packed Body
//! ```

use super::record::{Body, Head};
use sha2::{Digest, Sha256};
use std::io::{self, BufRead, BufReader, Read, Write};

/// A report as packed rows: kept as they are, opened when they are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// A [`Head`].
    pub head: Vec<u8>,
    /// A [`Body`].
    pub body: Vec<u8>,
}

impl Packed {
    /// Pack rows.
    pub fn new(head: &Head, body: &Body) -> Packed {
        // Packing fails only on lists of unknown length; there are none.
        Packed { head: postcard::to_stdvec(head).unwrap_or_default(), body: postcard::to_stdvec(body).unwrap_or_default() }
    }
}

/// Open a packed head.
pub fn open_head(bytes: &[u8]) -> io::Result<Head> {
    postcard::from_bytes(bytes).map_err(io::Error::other)
}

/// Open a packed body.
pub fn open_body(bytes: &[u8]) -> io::Result<Body> {
    postcard::from_bytes(bytes).map_err(io::Error::other)
}

/// Pack the texts of grammars.
pub fn pack_texts(texts: &[String]) -> Vec<u8> {
    postcard::to_stdvec(texts).unwrap_or_default()
}

/// Open the texts of grammars.
pub fn open_texts(bytes: &[u8]) -> io::Result<Vec<String>> {
    postcard::from_bytes(bytes).map_err(io::Error::other)
}

/// Send one frame.
pub fn send(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(&(bytes.len() as u64).to_le_bytes())?;
    out.write_all(bytes)
}

/// Send a file as one frame, a piece at a time. Its last piece is held back where size or fingerprint are no longer those that
/// it had: then the frame is cut, and nobody reads it.
pub fn send_file(out: &mut impl Write, source: impl Read, (size, hash): (u64, &[u8; 32])) -> io::Result<()> {
    let changed = || io::Error::new(io::ErrorKind::InvalidData, "this file has changed since it was looked at");
    let mut source = BufReader::with_capacity(1 << 16, source.take(size));
    let (mut left, mut own) = (size, Sha256::new());
    out.write_all(&size.to_le_bytes())?;
    while left > 0 {
        let bytes = source.fill_buf()?;
        let n_read = bytes.len();
        if n_read == 0 {
            return Err(changed());
        }
        own.update(bytes);
        left = left.saturating_sub(n_read as u64);
        if left == 0 {
            let found: [u8; 32] = own.clone().finalize().into();
            if found != *hash {
                return Err(changed());
            }
        }
        out.write_all(bytes)?;
        source.consume(n_read);
    }
    Ok(())
}

/// Take one frame; none at the end.
pub fn take(source: &mut impl Read, largest: u64) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    if source.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    source.read_exact(&mut length[1..])?;
    let length = u64::from_le_bytes(length);
    if length > largest {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a frame is longer than is allowed"));
    }
    // What a length promises is not asked for at once: it may be wrong.
    const FIRST: u64 = 1 << 16;
    let mut bytes = Vec::with_capacity(usize::try_from(length.min(FIRST)).unwrap_or(0));
    source.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_out_as_they_went_in() {
        let mut pipe = Vec::new();
        send(&mut pipe, b"one").unwrap();
        send(&mut pipe, b"").unwrap();
        let mut source = pipe.as_slice();
        assert_eq!(take(&mut source, 10).unwrap().as_deref(), Some(b"one".as_slice()));
        assert_eq!(take(&mut source, 10).unwrap().as_deref(), Some(b"".as_slice()));
        assert_eq!(take(&mut source, 10).unwrap(), None);
        assert!(take(&mut [9, 0, 0, 0, 0, 0, 0, 0, 1].as_slice(), 10).is_err());
        assert!(take(&mut pipe.as_slice(), 2).is_err());
    }
}
