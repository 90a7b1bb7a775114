//! A file on its way to whoever reads it: its bytes, or, where it is large, the place from which they are sent, so that this
//! process holds a piece of it at a time.

use super::pool::Hash;
use super::shelf::Place;
use super::walk::{Content, Refusal};
use super::{HELD, too_large, wire};
use crate::doc::Status;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::Arc;

/// A file to be read; copies share what they hold.
#[derive(Debug, Clone)]
pub enum Load {
    /// Its bytes.
    Bytes(Arc<Vec<u8>>),
    /// Where they are.
    File(Arc<Weighed>),
}

/// A file that has been looked at once.
#[derive(Debug)]
pub struct Weighed {
    place: Place,
    size: u64,
    hash: Hash,
}

impl From<Vec<u8>> for Load {
    fn from(bytes: Vec<u8>) -> Load {
        Load::Bytes(Arc::new(bytes))
    }
}

impl Load {
    /// A file and the fingerprint of its content, if it is no longer than `largest`.
    pub fn weigh(content: Content, largest: u64) -> Result<(Load, Hash), Refusal> {
        match content {
            Content::Bytes(bytes) => Ok(whole(bytes)),
            Content::File(place) => weigh_file(place, largest),
        }
    }

    /// Its size.
    pub fn size(&self) -> u64 {
        match self {
            Load::Bytes(bytes) => bytes.len() as u64,
            Load::File(weighed) => weighed.size,
        }
    }

    /// All its bytes.
    pub fn bytes(&self) -> io::Result<Cow<'_, [u8]>> {
        match self {
            Load::Bytes(bytes) => Ok(Cow::Borrowed(bytes.as_slice())),
            Load::File(weighed) => fs::read(weighed.place.path()).map(Cow::Owned),
        }
    }

    /// Send it as one frame.
    pub fn send(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Load::Bytes(bytes) => wire::send(out, bytes),
            Load::File(weighed) => wire::send_file(out, File::open(weighed.place.path())?, (weighed.size, &weighed.hash)),
        }
    }
}

fn whole(bytes: Vec<u8>) -> (Load, Hash) {
    let hash = Sha256::digest(&bytes).into();
    (Load::from(bytes), hash)
}

fn weigh_file(place: Place, largest: u64) -> Result<(Load, Hash), Refusal> {
    let failed = |error: io::Error| (Status::Failed, error.to_string());
    let refuse_longer = |size: u64| if size > largest { Err((Status::TooLarge, too_large(largest))) } else { Ok(()) };
    let file = File::open(place.path()).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    refuse_longer(length)?;
    let mut source = file.take(largest.saturating_add(1));
    if length <= HELD {
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        source.read_to_end(&mut bytes).map_err(failed)?;
        refuse_longer(bytes.len() as u64)?;
        return Ok(whole(bytes));
    }
    let (size, hash) = fingerprint(source).map_err(failed)?;
    refuse_longer(size)?;
    Ok((Load::File(Arc::new(Weighed { place, size, hash })), hash))
}

/// Size and fingerprint of what comes.
fn fingerprint(source: impl Read) -> io::Result<(u64, Hash)> {
    let mut source = BufReader::with_capacity(1 << 16, source);
    let (mut size, mut hash) = (0, Sha256::new());
    loop {
        let bytes = source.fill_buf()?;
        let n_read = bytes.len();
        if n_read == 0 {
            return Ok((size, hash.finalize().into()));
        }
        hash.update(bytes);
        size += n_read as u64;
        source.consume(n_read);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_is_sent_as_it_was_weighed_and_not_otherwise() {
        let path = std::env::temp_dir().join(format!("luoshu-load-{}", std::process::id()));
        let bytes: Vec<u8> = (0..HELD + 9).map(|number| (number % 253) as u8).collect();
        fs::write(&path, &bytes).unwrap();
        let weigh = |largest| Load::weigh(Content::File(Place::given(path.clone())), largest);
        let (load, hash) = weigh(HELD * 2).unwrap();
        assert!(matches!(load, Load::File(_)));
        let wanted: Hash = Sha256::digest(&bytes).into();
        assert_eq!((load.size(), hash), (bytes.len() as u64, wanted));
        let mut pipe = Vec::new();
        load.send(&mut pipe).unwrap();
        assert_eq!(wire::take(&mut pipe.as_slice(), HELD * 2).unwrap().unwrap(), bytes);
        assert_eq!(load.bytes().unwrap(), bytes);
        assert!(matches!(weigh(HELD), Err((Status::TooLarge, _))));
        // Of a file that is another by then nobody has a whole frame.
        for other in [[&bytes[1..], &[0]].concat(), bytes[..bytes.len() - 1].to_vec()] {
            fs::write(&path, &other).unwrap();
            let mut pipe = Vec::new();
            assert!(load.send(&mut pipe).is_err());
            assert!(wire::take(&mut pipe.as_slice(), HELD * 2).is_err());
        }
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_small_file_is_held() {
        let path = std::env::temp_dir().join(format!("luoshu-load-small-{}", std::process::id()));
        fs::write(&path, "text").unwrap();
        let (load, hash) = Load::weigh(Content::File(Place::given(path.clone())), 10).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(matches!(&load, Load::Bytes(bytes) if bytes.as_slice() == b"text"));
        let (_, same) = Load::weigh(Content::Bytes(b"text".to_vec()), 10).unwrap();
        assert_eq!(hash, same);
    }
}
