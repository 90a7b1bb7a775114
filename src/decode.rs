//! Bytes → text. In: the bytes of a text file. Out: the decoded text, the encoding found, and a flag where it is
//! doubtful. Order of evidence: BOM, strict UTF-8, UTF-16 by its zero bytes, the declared charset if it decodes
//! cleanly, then statistics limited to the encodings that reports are published in.

use crate::flag::{Code, Fault, Flag, Flagged, Message, Severity};
use crate::place::Span;
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decoded text and how it was decoded.
#[derive(Debug, Clone)]
pub struct Text {
    /// The characters, without a BOM.
    pub text: String,
    /// Name of the encoding found, such as `utf-8`, `utf-8-bom`, `gb18030`, `utf-16le`.
    pub encoding: String,
}

/// Enough for the statistics to speak; more costs time (detection runs at 11 MB/s).
const DETECTION_PREFIX: usize = 64 * 1024;
/// What stands where a character could not be told.
const LOST: &str = "\u{FFFD}";

/// Decode a file. `declared` is what the file says of itself (an HTML `meta`, an HTTP header kept by a crawler).
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Flagged<Text> {
    if let Some((encoding, bom_length)) = Encoding::for_bom(bytes) {
        let name = if encoding == UTF_8 { "utf-8-bom".to_string() } else { encoding.name().to_ascii_lowercase() };
        return decode_as(bytes.get(bom_length..).unwrap_or_default(), encoding, name);
    }
    if let Some(encoding) = find_utf_16(bytes) {
        return decode_as(bytes, encoding, encoding.name().to_ascii_lowercase());
    }
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return decoded(text.to_string(), "utf-8".into(), false);
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let is_sound = |encoding| is_clean(bytes, encoding) && !is_single_byte(encoding) && !is_big5_called_gb(bytes, encoding);
    if let Some(encoding) = declared.filter(|&encoding| is_sound(encoding)) {
        return decode_as(bytes, encoding, encoding.name().to_ascii_lowercase());
    }
    let encoding = if is_broken_utf_8(bytes) { UTF_8 } else { guess(bytes) };
    decode_as(bytes, encoding, encoding.name().to_ascii_lowercase())
}

/// UTF-8 with a few bytes broken or cut: whole sequences of several bytes are so many that chance does not make them.
fn is_broken_utf_8(bytes: &[u8]) -> bool {
    let (mut n_whole, mut n_broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        n_whole += chunk.valid().chars().filter(|character| character.len_utf8() > 1).count();
        n_broken += usize::from(!chunk.invalid().is_empty());
    }
    n_whole >= 20 * n_broken.max(1)
}

/// A single-byte encoding decodes anything "cleanly", so a declaration of one says nothing against Chinese bytes.
fn is_single_byte(encoding: &'static Encoding) -> bool {
    encoding.is_single_byte()
}

fn is_clean(bytes: &[u8], encoding: &'static Encoding) -> bool {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
}

/// Big5 decodes as GBK without an error, but some of its characters fall where GBK has none: private ones, which no report
/// prints.
fn is_big5_called_gb(bytes: &[u8], declared: &'static Encoding) -> bool {
    let is_private = |character: char| ('\u{E000}'..='\u{F8FF}').contains(&character);
    [GBK, GB18030].contains(&declared)
        && declared.decode_without_bom_handling(bytes).0.contains(is_private)
        && is_clean(bytes, BIG5)
        && guess(bytes) == BIG5
}

/// UTF-16 without a BOM: line ends, digits and tabs show as one zero byte beside an ASCII one.
fn find_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let prefix = bytes.get(..bytes.len().min(DETECTION_PREFIX) & !1)?;
    let n_pairs = prefix.len() / 2;
    if n_pairs < 4 || bytes.len() % 2 == 1 || !prefix.contains(&0) {
        return None;
    }
    let ascii_pair = |pair: &[u8], zero: usize, other: usize| {
        pair.get(zero) == Some(&0) && pair.get(other).is_some_and(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
    };
    let little = prefix.chunks_exact(2).filter(|pair| ascii_pair(pair, 1, 0)).count();
    let big = prefix.chunks_exact(2).filter(|pair| ascii_pair(pair, 0, 1)).count();
    let (encoding, votes, against) = if little >= big { (UTF_16LE, little, big) } else { (UTF_16BE, big, little) };
    (votes * 20 >= n_pairs && votes > against * 8 && is_clean(bytes, encoding)).then_some(encoding)
}

/// Bytes beyond ASCII of which nearly each stands alone: accents in a Western text, blanks between its digits. Chinese takes
/// two bytes a character.
fn is_western(bytes: &[u8]) -> bool {
    let is_high = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|byte| *byte >= 0x80);
    let high = || (0..bytes.len()).filter(|&at| is_high(Some(at)));
    let n_alone = high().filter(|&at| !is_high(at.checked_sub(1)) && !is_high(Some(at + 1))).count();
    n_alone * 10 >= high().count() * 9
}

/// GB18030 or Big5, whichever reads cleanly; statistics where both do.
fn guess(bytes: &[u8]) -> &'static Encoding {
    if is_western(bytes) {
        return WINDOWS_1252;
    }
    match (is_clean(bytes, GB18030), is_clean(bytes, BIG5)) {
        (true, false) => return GB18030,
        (false, true) => return BIG5,
        _ => {}
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    let prefix = bytes.get(..DETECTION_PREFIX).unwrap_or(bytes);
    detector.feed(prefix, prefix.len() == bytes.len());
    let found = detector.guess(None, chardetng::Utf8Detection::Allow);
    if found == BIG5 {
        BIG5
    } else if found == UTF_8 {
        UTF_8
    } else {
        GB18030
    }
}

fn decode_as(bytes: &[u8], encoding: &'static Encoding, name: String) -> Flagged<Text> {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    decoded(text.into_owned(), name, had_errors)
}

/// The text, and a flag where characters of it are lost: here, or before the file was written.
fn decoded(text: String, encoding: String, had_errors: bool) -> Flagged<Text> {
    let Some(first) = memchr::memmem::find(text.as_bytes(), LOST.as_bytes()) else {
        return Flagged { value: Text { text, encoding }, flags: Vec::new() };
    };
    let n_lost = text.matches(LOST).count().to_string();
    let flag = if had_errors {
        let message = Message::new("{0} byte sequences are not {1}; they show as U+FFFD", [n_lost, encoding.clone()]);
        let help = Message::plain("open the file in the program that made it and save it again, or fetch it anew");
        Flag::new(Code::EncodingDoubt, message).help(help).fault(Fault::Reading)
    } else {
        let message = Message::new("{0} characters were lost before this file was written; they stand in it as U+FFFD", [n_lost]);
        Flag::new(Code::EncodingDoubt, message).graded(Severity::Note).fault(Fault::Source)
    };
    let flags = vec![flag.at(Span::new(first, first + LOST.len()))];
    Flagged { value: Text { text, encoding }, flags }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str = "一、总体情况\n规章\t12\t0\t6\n其他处理\t3\t4\t7\n";

    fn found(bytes: &[u8]) -> (String, String) {
        let text = decode(bytes, None).value;
        (text.encoding, text.text)
    }

    #[test]
    fn finds_each_encoding() {
        let utf_16 = |to: fn(u16) -> [u8; 2]| WORDS.encode_utf16().flat_map(to).collect::<Vec<u8>>();
        assert_eq!(found(WORDS.as_bytes()), ("utf-8".into(), WORDS.into()));
        assert_eq!(found(format!("\u{FEFF}{WORDS}").as_bytes()), ("utf-8-bom".into(), WORDS.into()));
        assert_eq!(found(&GB18030.encode(WORDS).0), ("gb18030".into(), WORDS.into()));
        assert_eq!(found(&utf_16(u16::to_le_bytes)), ("utf-16le".into(), WORDS.into()));
        assert_eq!(found(&utf_16(u16::to_be_bytes)), ("utf-16be".into(), WORDS.into()));
        let traditional = "一、總體情況：本年新收政府資訊公開申請數量，結轉下年度繼續辦理";
        assert_eq!(found(&BIG5.encode(traditional).0), ("big5".into(), traditional.into()));
        let western = "Région,2021\nÎle,1\u{A0}234\nNîmes,50\n";
        assert_eq!(found(&WINDOWS_1252.encode(western).0), ("windows-1252".into(), western.into()));
    }

    #[test]
    fn a_lying_declaration_is_not_obeyed() {
        assert_eq!(decode(&GB18030.encode(WORDS).0, Some("utf-8")).value.text, WORDS);
        assert_eq!(decode(WORDS.as_bytes(), Some("gb2312")).value.text, WORDS);
        let traditional = "一、總體情況：本年新收政府資訊公開申請數量，結轉下年度繼續辦理";
        for label in ["gb2312", "gbk", "gb18030"] {
            assert_eq!(decode(&BIG5.encode(traditional).0, Some(label)).value.text, traditional, "{label}");
            assert_eq!(decode(&GB18030.encode(WORDS).0, Some(label)).value.text, WORDS, "{label}");
        }
    }

    #[test]
    fn broken_bytes_are_flagged() {
        let cut = decode(&WORDS.as_bytes()[..WORDS.len() - 6], None).value;
        assert_eq!(cut.encoding, "utf-8");
        let flagged = decode(b"\xE4\xB8\x80\xFF\xFF\xFE\xFF 1", None);
        assert!(flagged.flags.iter().any(|flag| flag.code == Code::EncodingDoubt));
    }

    #[test]
    fn characters_that_were_lost_before_are_told() {
        let words = "规章\t1\u{FFFD}2\n";
        let in_utf_16: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [words.as_bytes(), &in_utf_16] {
            let flags = decode(bytes, None).flags;
            assert_eq!(flags.iter().map(|flag| (flag.code, flag.severity)).collect::<Vec<_>>(), [(Code::EncodingDoubt, Severity::Note)]);
        }
    }
}
