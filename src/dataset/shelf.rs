//! What comes out of an archive, until it is read: a small member in memory, a larger one in a file of the dataset's own
//! folder, which is gone when nobody needs it any more. So memory does not grow with what archives hold.

use super::walk::{Content, Refusal};
use super::{HELD, too_large};
use crate::doc::Status;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Bytes that are copied at a time.
const PIECE: u64 = 1 << 16;

/// Where larger members are put.
#[derive(Debug)]
pub struct Shelf {
    folder: PathBuf,
    n_put: u64,
}

/// Where a file lies; one that is on the shelf goes with this.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    is_on_shelf: bool,
}

impl Place {
    /// A file that was given, and stays.
    pub fn given(path: PathBuf) -> Place {
        Place { path, is_on_shelf: false }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.is_on_shelf {
            // What cannot be taken away goes with the folder, at the end of the run or at the begin of the next.
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Shelf {
    /// A shelf in a folder, which is made when it is needed.
    pub fn new(folder: PathBuf) -> Shelf {
        Shelf { folder, n_put: 0 }
    }

    /// Take a member's bytes, if there are no more than `largest`.
    pub fn take(&mut self, source: &mut impl Read, largest: u64) -> Result<Content, Refusal> {
        let held = HELD.min(largest);
        let mut bytes = Vec::new();
        source.by_ref().take(held.saturating_add(1)).read_to_end(&mut bytes).map_err(damaged)?;
        if bytes.len() as u64 <= held {
            return Ok(Content::Bytes(bytes));
        }
        if largest <= HELD {
            return Err((Status::TooLarge, too_large(largest)));
        }
        self.put(bytes, source, largest)
    }

    /// Keep bytes that have come whole.
    pub fn keep(&mut self, bytes: Vec<u8>) -> Result<Content, Refusal> {
        if bytes.len() as u64 <= HELD { Ok(Content::Bytes(bytes)) } else { self.put(bytes, &mut io::empty(), u64::MAX) }
    }

    /// Put a member in a file: the bytes that have come, and those that come.
    fn put(&mut self, begin: Vec<u8>, source: &mut impl Read, largest: u64) -> Result<Content, Refusal> {
        fs::create_dir_all(&self.folder).map_err(failed)?;
        self.n_put += 1;
        let place = Place { path: self.folder.join(self.n_put.to_string()), is_on_shelf: true };
        let mut out = File::create(place.path()).map_err(failed)?;
        let (mut piece, mut size) = (begin, 0);
        while !piece.is_empty() {
            size += piece.len() as u64;
            if size > largest {
                return Err((Status::TooLarge, too_large(largest)));
            }
            out.write_all(&piece).map_err(failed)?;
            piece.clear();
            source.by_ref().take(PIECE).read_to_end(&mut piece).map_err(damaged)?;
        }
        Ok(Content::File(place))
    }
}

/// What comes cannot be read.
fn damaged(error: io::Error) -> Refusal {
    (Status::Damaged, error.to_string())
}

/// What has come cannot be kept.
fn failed(error: io::Error) -> Refusal {
    (Status::Failed, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(name: &str) -> Shelf {
        let folder = std::env::temp_dir().join(format!("luoshu-shelf-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        Shelf::new(folder)
    }

    #[test]
    fn a_large_member_lies_in_a_file_as_long_as_it_is_needed() {
        let mut shelf = shelf("large");
        let bytes: Vec<u8> = (0..HELD * 2 + 7).map(|number| (number % 251) as u8).collect();
        let Ok(Content::File(place)) = shelf.take(&mut bytes.as_slice(), HELD * 4) else { panic!("it is held") };
        assert_eq!(fs::read(place.path()).unwrap(), bytes);
        let path = place.path().to_path_buf();
        drop(place);
        assert!(!path.exists());
        assert!(matches!(shelf.keep(bytes), Ok(Content::File(_))));
        fs::remove_dir(&shelf.folder).unwrap();
    }

    #[test]
    fn a_small_member_is_held_and_one_beyond_the_limit_is_left() {
        let mut shelf = shelf("small");
        let bytes = vec![7; HELD as usize + 1];
        assert!(matches!(shelf.take(&mut &bytes[1..], HELD), Ok(Content::Bytes(held)) if held.len() as u64 == HELD));
        for largest in [10, HELD] {
            assert!(matches!(shelf.take(&mut bytes.as_slice(), largest), Err((Status::TooLarge, _))), "{largest}");
        }
        assert!(!shelf.folder.exists());
        let more = vec![7; HELD as usize * 3];
        assert!(matches!(shelf.take(&mut more.as_slice(), HELD * 2), Err((Status::TooLarge, _))));
        // What was half put is gone.
        fs::remove_dir(&shelf.folder).unwrap();
    }
}
