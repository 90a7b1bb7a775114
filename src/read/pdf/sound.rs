//! Whether a file is whole: packed streams carry a checksum, the page tree a count, the file an end mark.
//!
//! The PDF library reads on where a stream is damaged and gives what it can; a digit may be lost that way without a
//! word. This looks once at every packed stream that may hold text and says whether any fails its checksum.

use flate2::read::ZlibDecoder;
use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Dict, Name, Object, Stream};
use std::io::Read;

/// Packed bytes looked at; the rest is taken on trust.
const MOST_PACKED: usize = 32 * 1024 * 1024;
/// Unpacked bytes of one stream that a report's page or font may have.
const MOST_UNPACKED: u64 = 256 * 1024 * 1024;

/// What was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Soundness {
    /// Streams that fail their checksum.
    pub n_broken: usize,
    /// A stream that unpacks to more than any report holds.
    pub swollen: bool,
    /// Pages that the page tree counts.
    pub n_counted: Option<usize>,
    /// The end mark is missing.
    pub cut: bool,
}

/// Look at a file.
pub fn look(pdf: &Pdf, bytes: &[u8]) -> Soundness {
    let mut found = Soundness { cut: !has_end(bytes), n_counted: count_pages(pdf), ..Soundness::default() };
    let mut n_packed = 0;
    for object in pdf.objects() {
        let Object::Stream(stream) = object else { continue };
        if !is_checked(&stream) {
            continue;
        }
        let packed = stream.raw_data();
        n_packed += packed.len();
        if n_packed > MOST_PACKED {
            break;
        }
        let mut unpacked = ZlibDecoder::new(packed.as_ref()).take(MOST_UNPACKED);
        match std::io::copy(&mut unpacked, &mut std::io::sink()) {
            Ok(length) if length >= MOST_UNPACKED => {
                found.swollen = true;
                break;
            }
            Ok(_) => {}
            Err(_) => found.n_broken += 1,
        }
    }
    found
}

/// Pages, forms and character maps are looked at; pictures and the outlines of fonts cost more than all else and hold
/// no text.
fn is_checked(stream: &Stream<'_>) -> bool {
    let dict = stream.dict();
    let kind = dict.get::<Name<'_>>(b"Subtype".as_slice());
    let drawn = kind.is_some_and(|name| matches!(name.as_ref(), b"Image" | b"Type1C" | b"CIDFontType0C" | b"OpenType"));
    !drawn && !dict.contains_key(b"Length1".as_slice()) && stream.filters().first() == Some(&Filter::FlateDecode)
}

/// The end mark stands near the end; bytes of a web server may follow it.
fn has_end(bytes: &[u8]) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(4096)..).unwrap_or(bytes);
    tail.windows(5).any(|window| window == b"%%EOF")
}

fn count_pages(pdf: &Pdf) -> Option<usize> {
    let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id())?;
    let tree: Dict<'_> = catalog.get(b"Pages".as_slice())?;
    usize::try_from(tree.get::<i32>(b"Count".as_slice())?).ok()
}
