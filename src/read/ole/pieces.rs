//! The file information block and the piece table of an old Word document → its characters, each with its place in
//! the stream, by which its formatting is found.

/// Where things stand, from the head of the main stream.
#[derive(Debug)]
pub struct Fib {
    /// Locked with a password.
    pub is_locked: bool,
    /// Of a version with another layout.
    pub is_before_97: bool,
    uses_second_table: bool,
    /// Numbers of characters: text, notes, running heads, macros, comments, endnotes, text boxes, those of heads.
    counts: [u32; 8],
    clx: (usize, usize),
    /// Place and length of the list of pages of character formats.
    pub character_pages: (usize, usize),
    /// Place and length of the list of pages of paragraph formats.
    pub paragraph_pages: (usize, usize),
}

/// A little-endian number of two bytes.
pub fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at.checked_add(1)?)?]))
}

/// A little-endian number of four bytes.
pub fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(word(bytes, at)?) | u32::from(word(bytes, at.checked_add(2)?)?) << 16)
}

impl Fib {
    /// Read the block; none where the stream does not begin with one.
    pub fn read(main: &[u8]) -> Option<Fib> {
        let is_word = matches!(word(main, 0)?, 0xA5EC | 0xA5DC);
        let (version, bits) = (word(main, 2)?, word(main, 10)?);
        let pair = |index: usize| -> Option<(usize, usize)> {
            let at = 154 + index * 8;
            Some((long(main, at)? as usize, long(main, at + 4)? as usize))
        };
        let mut counts = [0; 8];
        for (index, count) in counts.iter_mut().enumerate() {
            *count = long(main, 76 + index * 4)?;
        }
        is_word.then_some(Fib {
            is_locked: bits & 0x0100 != 0,
            is_before_97: version < 0x00C0,
            uses_second_table: bits & 0x0200 != 0,
            counts,
            clx: pair(33)?,
            character_pages: pair(12)?,
            paragraph_pages: pair(13)?,
        })
    }

    /// The stream that holds the tables.
    pub fn table_name(&self) -> &'static str {
        if self.uses_second_table { "/1Table" } else { "/0Table" }
    }

    /// Characters in all parts.
    pub fn n_chars(&self) -> u64 {
        self.counts.iter().map(|&count| u64::from(count)).sum()
    }

    /// Running heads and comments are not part of the text.
    fn is_read(&self, position: u64) -> bool {
        let mut end = 0;
        for (part, &count) in self.counts.iter().enumerate() {
            end += u64::from(count);
            if position < end {
                return !matches!(part, 2 | 3 | 4 | 7);
            }
        }
        false
    }
}

/// A character and where it stands in the main stream.
#[derive(Debug, Clone, Copy)]
pub struct Character {
    /// The UTF-16 unit.
    pub unit: u16,
    /// Its offset.
    pub offset: u32,
}

/// All characters that are read.
#[derive(Debug, Default)]
pub struct Characters {
    /// In order of the text.
    pub characters: Vec<Character>,
    /// Those that the piece table promises and the stream does not hold.
    pub n_lost: u64,
}

/// Follow the piece table; none where there is none.
pub fn characters(main: &[u8], table: &[u8], fib: &Fib) -> Option<Characters> {
    let clx = table.get(fib.clx.0..fib.clx.0.checked_add(fib.clx.1)?)?;
    let pieces = find_pieces(clx)?;
    let n_pieces = pieces.len().checked_sub(4)? / 12;
    let mut found = Characters::default();
    let mut last = 0;
    for index in 0..n_pieces {
        let (start, end) = (u64::from(long(pieces, index * 4)?), u64::from(long(pieces, index * 4 + 4)?));
        let packed = long(pieces, (n_pieces + 1) * 4 + index * 8 + 2)?;
        if start != last || end < start {
            found.n_lost += 1;
        }
        last = end;
        let is_narrow = packed & 0x4000_0000 != 0;
        let offset = (packed & 0x3FFF_FFFF) as usize / if is_narrow { 2 } else { 1 };
        let width = if is_narrow { 1 } else { 2 };
        // A piece cannot hold more than the stream does; a longer one is cut and counted.
        let fits = (main.len().saturating_sub(offset) / width) as u64;
        let length = end.saturating_sub(start);
        found.n_lost += length.saturating_sub(fits);
        if found.characters.len() > main.len().saturating_mul(4) {
            found.n_lost += length;
            break;
        }
        for step in 0..length.min(fits) {
            let at = offset + usize::try_from(step).ok()? * width;
            let unit = if is_narrow { windows_1252(*main.get(at)?) } else { word(main, at)? };
            if fib.is_read(start + step) {
                found.characters.push(Character { unit, offset: u32::try_from(at).ok()? });
            }
        }
    }
    let promised = fib.n_chars();
    found.n_lost += promised.saturating_sub(last.max(1));
    Some(found)
}

/// The piece table stands behind property lists that nobody here reads.
fn find_pieces(clx: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    while clx.get(at)? == &1 {
        at += 3 + word(clx, at + 1)? as usize;
    }
    if clx.get(at)? != &2 {
        return None;
    }
    let length = long(clx, at + 1)? as usize;
    clx.get(at + 5..(at + 5).checked_add(length)?)
}

fn windows_1252(byte: u8) -> u16 {
    if byte < 0x80 {
        return u16::from(byte);
    }
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&byte));
    text.encode_utf16().next().unwrap_or(0xFFFD)
}
