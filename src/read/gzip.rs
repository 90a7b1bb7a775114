//! A gzip file → the bytes in it, within limits. What is in it is read as if it had come alone.

use flate2::read::MultiGzDecoder;
use std::io::Read;

/// Most bytes that are unpacked.
const LARGEST: u64 = 128 << 20;
/// A file that grows by more than this is made to do harm: pages and tables grow ten to fifty times.
const LARGEST_RATIO: u64 = 200;
/// Below this size the ratio says nothing.
const SMALL: u64 = 4 << 20;

/// How unpacking ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// To the end.
    Whole,
    /// The file is cut or broken; what came before is there.
    Broken,
    /// A limit was met; what came before is there.
    TooLarge,
}

/// Unpack a file.
pub fn unpack(bytes: &[u8]) -> (Vec<u8>, End) {
    let limit = LARGEST.min((bytes.len() as u64).saturating_mul(LARGEST_RATIO).max(SMALL));
    let mut unpacked = Vec::new();
    let result = MultiGzDecoder::new(bytes).take(limit + 1).read_to_end(&mut unpacked);
    let is_too_large = unpacked.len() as u64 > limit;
    let end = match (result, is_too_large) {
        (_, true) => End::TooLarge,
        (Ok(_), false) => End::Whole,
        (Err(_), false) => End::Broken,
    };
    (unpacked, end)
}
