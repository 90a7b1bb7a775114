//! Zip containers of Office files: their parts by name, within limits of count, size and ratio.
//!
//! Sizes that the container declares are not believed: every part is inflated through a limit.

use super::trouble::Trouble;
use crate::decode::decode;
use crate::doc::Status;
use crate::flag::Message;
use std::collections::HashMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// Parts of a container.
const MOST_ENTRIES: usize = 10_000;
/// Bytes of one part.
const LARGEST_PART: u64 = 128 << 20;
/// Bytes of all parts that are read.
const LARGEST_WHOLE: u64 = 256 << 20;
/// A part may grow so far before its ratio is looked at.
const FREE_GROWTH: u64 = 16 << 20;
/// A part may grow to so many times its packed size; deflate ends at 1032, reports stay under 100.
const STEEPEST_RATIO: u64 = 400;

/// An open container.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    by_name: HashMap<String, usize>,
    left: u64,
}

impl<'a> Package<'a> {
    /// Open a container.
    pub fn open(bytes: &'a [u8]) -> Result<Package<'a>, Trouble> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| zip_trouble(&error, "zip"))?;
        if archive.len() > MOST_ENTRIES {
            return Err(Trouble::too_large(Message::new("the container has {0} parts", [archive.len().to_string()])));
        }
        let by_name = archive.file_names().enumerate().filter_map(|(index, name)| Some((plain_name(&name.ok()?), index))).collect();
        Ok(Package { archive, by_name, left: LARGEST_WHOLE })
    }

    /// True when the container has such a part.
    pub fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(&plain_name(name))
    }

    /// A part; none where the container has no such part.
    pub fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let Some(&index) = self.by_name.get(&plain_name(name)) else { return Ok(None) };
        let mut out = Vec::new();
        self.inflate(index, name, &mut out)?;
        Ok(Some(out))
    }

    /// A part that holds text.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Trouble> {
        Ok(self.bytes(name)?.map(|bytes| decode(&bytes, None).value.text))
    }

    fn inflate(&mut self, index: usize, name: &str, out: &mut dyn std::io::Write) -> Result<(), Trouble> {
        let entry = self.archive.by_index(index).map_err(|error| zip_trouble(&error, name))?;
        let ratio_limit = FREE_GROWTH.max(entry.compressed_size().saturating_mul(STEEPEST_RATIO));
        let limit = LARGEST_PART.min(self.left).min(ratio_limit);
        let written = std::io::copy(&mut entry.take(limit + 1), out)
            .map_err(|_| Trouble::damaged(Message::new("the part {0} is damaged", [name.to_string()])))?;
        if written > limit {
            return Err(Trouble::too_large(Message::new(
                "the part {0} unpacks to more than {1} bytes",
                [name.to_string(), limit.to_string()],
            )));
        }
        self.left -= written;
        Ok(())
    }
}

fn plain_name(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_ascii_lowercase()
}

fn zip_trouble(error: &ZipError, name: &str) -> Trouble {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Trouble { status: Status::Encrypted, message: Message::plain("the file is locked with a password") }
        }
        ZipError::UnsupportedArchive(_) => Trouble {
            status: Status::Unsupported,
            message: Message::new("the part {0} is packed in a way that is not read", [name.to_string()]),
        },
        _ => Trouble::damaged(Message::new("the container is damaged at {0}", [name.to_string()])),
    }
}
