//! A web server's answer, as a crawl keeps it → the page that it carries, with the marks of the transfer undone.
//!
//! ```text
//!   HTTP/1.1 200 OK⏎                        another code: no page, and the status says which
//!   Content-Type: text/html; charset=big5⏎  heeded where the page itself names none
//!   Content-Encoding: gzip⏎                 unpacked
//!   Transfer-Encoding: chunked⏎ ⏎           joined
//!   body
//! ```
//! Many crawlers keep the headers of what they have already undone, so a body is undone where it shows the marks.

use super::{most_unpacked, too_large};
use crate::decode::decode;
use crate::doc::Status;
use crate::read::html::find_charset;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::{self, BufRead, Read};

/// A page, or why there is none.
pub type Page = Result<Vec<u8>, (Status, String)>;

/// Headers longer than this are none.
pub const LONGEST_HEAD: u64 = 64 * 1024;

/// The page in an answer; the outer error is the crawl's.
pub fn page(content: &mut impl BufRead, largest: u64) -> io::Result<Page> {
    let mut head = String::new();
    loop {
        let line = read_line(content)?;
        if line.trim_end().is_empty() {
            break;
        }
        head.push_str(&line);
        if head.len() as u64 > LONGEST_HEAD {
            return Ok(Err((Status::Damaged, "the headers of this answer do not end".into())));
        }
    }
    if let Some(refused) = refuse(&head) {
        return Ok(Err(refused));
    }
    let mut bytes = Vec::new();
    content.take(largest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > largest {
        return Ok(Err((Status::TooLarge, too_large(largest))));
    }
    Ok(undo(&head, bytes, largest))
}

/// The value of a header line, whatever its case.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .find_map(|line| line.split_once(':').filter(|(own, _)| own.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()))
}

/// A line, cut where it is too long.
pub fn read_line(source: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    source.take(LONGEST_HEAD).read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// Why the server gave no page.
fn refuse(head: &str) -> Option<(Status, String)> {
    let first = head.lines().next().unwrap_or_default();
    let code = first.strip_prefix("HTTP/").and_then(|rest| rest.split_once(' ')).map(|(_, code)| code.trim());
    let number = code.and_then(|code| code.get(..3)?.parse::<u16>().ok());
    let moved = || header(head, "location").map_or_else(String::new, |location| format!("; the page is at {location}"));
    match (number, code) {
        (Some(206), _) => Some((Status::Damaged, "the server sent only a part of this page (206)".into())),
        (Some(200..=299), _) => None,
        (Some(300..=399), Some(code)) => Some((Status::NotAReport, format!("the server answered {code}{}", moved()))),
        (Some(_), Some(code)) => Some((Status::NotAReport, format!("the server answered {code}"))),
        _ => Some((Status::Damaged, "this is no answer of a web server".into())),
    }
}

fn undo(head: &str, bytes: Vec<u8>, largest: u64) -> Page {
    let names = |name: &str| header(head, name).unwrap_or_default().to_ascii_lowercase();
    let is_chunked = names("transfer-encoding").contains("chunked");
    let packing = names("content-encoding");
    let length = header(head, "content-length").and_then(|length| length.parse::<u64>().ok());
    let n_bytes = bytes.len() as u64;
    if let Some(length) = length.filter(|&length| length > n_bytes && !is_chunked && packing.is_empty()) {
        return Err((Status::Damaged, format!("only {n_bytes} of the {length} bytes of this page have come")));
    }
    let bytes = if is_chunked { joined(bytes)? } else { bytes };
    let bytes = packing.split(',').rev().try_fold(bytes, |bytes, packing| unpack(packing.trim(), bytes, largest))?;
    Ok(in_charset(&names("content-type"), bytes))
}

/// `4⏎Wiki⏎0⏎⏎` → `Wiki`; bytes that are no chunks as they are.
fn joined(bytes: Vec<u8>) -> Page {
    let mut joined = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_slice();
    loop {
        let Some((size, behind)) = chunk_size(rest) else {
            return if joined.is_empty() && !rest.is_empty() { Ok(bytes) } else { Err(cut()) };
        };
        if size == 0 {
            return Ok(joined);
        }
        let Some((chunk, behind)) = behind.split_at_checked(size) else { return Err(cut()) };
        joined.extend_from_slice(chunk);
        rest = behind.strip_prefix(b"\r\n").or_else(|| behind.strip_prefix(b"\n")).unwrap_or(behind);
    }
}

fn cut() -> (Status, String) {
    (Status::Damaged, "the last chunk of this page has not come".into())
}

fn chunk_size(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let end = bytes.iter().take(32).position(|&byte| byte == b'\n')?;
    let (line, behind) = (bytes.get(..end)?, bytes.get(end + 1..)?);
    let size = std::str::from_utf8(line).ok()?.split(';').next()?.trim();
    Some((usize::from_str_radix(size, 16).ok()?, behind))
}

fn unpack(packing: &str, bytes: Vec<u8>, largest: u64) -> Page {
    let largest = largest.min(most_unpacked(bytes.len() as u64));
    match packing {
        "gzip" | "x-gzip" if bytes.starts_with(b"\x1F\x8B") => unpacked(MultiGzDecoder::new(bytes.as_slice()), largest),
        // By the standard this is zlib's format; some servers send bare deflate. Neither begins as a page does.
        "deflate" if !is_plain(&bytes) && bytes.first().is_some_and(|byte| byte & 0x0F == 8) => {
            unpacked(ZlibDecoder::new(bytes.as_slice()), largest)
        }
        "deflate" if !is_plain(&bytes) => unpacked(DeflateDecoder::new(bytes.as_slice()), largest),
        "br" | "zstd" if !is_plain(&bytes) => Err((Status::Unsupported, format!("this page is packed with {packing}, which is not read"))),
        _ => Ok(bytes),
    }
}

/// The crawler has unpacked it: it begins as a page, a text or a document does.
fn is_plain(bytes: &[u8]) -> bool {
    let begin = bytes.trim_ascii_start();
    let marks: [&[u8]; 5] = [b"<", b"%PDF", b"PK\x03\x04", b"\xD0\xCF\x11\xE0", b"\xEF\xBB\xBF"];
    marks.iter().any(|mark| begin.starts_with(mark)) || std::str::from_utf8(bytes).is_ok()
}

fn unpacked(source: impl Read, largest: u64) -> Page {
    let mut bytes = Vec::new();
    match source.take(largest + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > largest => Err((Status::TooLarge, too_large(largest))),
        Ok(_) => Ok(bytes),
        Err(_) => Err((Status::Damaged, "the packed body of this page is cut or broken".into())),
    }
}

/// A text whose charset stands in the header alone is handed on as UTF-8, since its bytes no longer tell. A header that
/// says what the bytes are not, or what the page itself says otherwise, is not obeyed.
fn in_charset(kind: &str, bytes: Vec<u8>) -> Vec<u8> {
    let is_text = kind.starts_with("text/") || kind.contains("html") || kind.contains("xml");
    let charset = kind.split(';').find_map(|part| part.trim().strip_prefix("charset=")).map(|label| label.trim_matches(['"', '\'', ' ']));
    let Some(label) = charset.filter(|_| is_text && std::str::from_utf8(&bytes).is_err() && find_charset(&bytes).is_none()) else {
        return bytes;
    };
    let (by_bytes, by_header) = (decode(&bytes, None).value, decode(&bytes, Some(label)).value);
    if by_bytes.text == by_header.text { bytes } else { by_header.text.into_bytes() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Write;

    fn read(head: &str, body: &[u8]) -> Page {
        let answer = [head.replace('|', "\r\n").as_bytes(), b"\r\n\r\n", body].concat();
        page(&mut answer.as_slice(), 1000).unwrap()
    }

    fn status(head: &str, body: &[u8]) -> (&'static str, String) {
        let (status, why) = read(head, body).unwrap_err();
        (status.name(), why)
    }

    #[test]
    fn an_answer_without_a_page_says_so() {
        let moved = status("HTTP/1.1 301 Moved Permanently|Location: /new", b"<h1>301</h1>");
        assert_eq!(moved, ("not-a-report", "the server answered 301 Moved Permanently; the page is at /new".into()));
        assert_eq!(status("HTTP/1.1 404 Not Found", b"<p>12"), ("not-a-report", "the server answered 404 Not Found".into()));
        assert_eq!(status("HTTP/2 503", b"").1, "the server answered 503");
        assert_eq!(status("HTTP/1.1 206 Partial Content", b"half").0, "damaged");
        assert_eq!(status("200 OK", b"page").0, "damaged");
        assert_eq!(status(&format!("HTTP/1.1 200 OK|{}", "a: b|".repeat(20_000)), b"page").0, "damaged");
        assert_eq!(status("HTTP/1.1 200 OK", &[b'x'; 1001]).0, "too-large");
        assert_eq!(read("HTTP/1.1 200", b"page").unwrap(), b"page");
    }

    #[test]
    fn chunks_are_joined_and_never_stay_in_the_text() {
        let head = "HTTP/1.1 200 OK|Transfer-Encoding: chunked";
        assert_eq!(read(head, b"3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n").unwrap(), b"abcde");
        assert_eq!(read(head, b"<p>no chunks").unwrap(), b"<p>no chunks");
        assert_eq!(read(head, b"").unwrap_err().0, Status::Damaged);
        for cut in [b"3\r\nabc\r\n2\r\nd".as_slice(), b"3\r\nabc\r\n", b"5\r\nabc"] {
            assert_eq!(read(head, cut).unwrap_err().0, Status::Damaged);
        }
    }

    #[test]
    fn packed_bodies_are_unpacked_once() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::fast());
        for out in [&mut gzip as &mut dyn Write, &mut zlib, &mut bare] {
            out.write_all("<p>表 12".as_bytes()).unwrap();
        }
        let (gzip, zlib, bare) = (gzip.finish().unwrap(), zlib.finish().unwrap(), bare.finish().unwrap());
        for (packing, body) in [("gzip", &gzip), ("deflate", &zlib), ("deflate", &bare)] {
            assert_eq!(read(&format!("HTTP/1.1 200 OK|Content-Encoding: {packing}"), body).unwrap(), "<p>表 12".as_bytes());
        }
        for packing in ["gzip", "deflate", "br"] {
            assert_eq!(read(&format!("HTTP/1.1 200 OK|Content-Encoding: {packing}"), b"<p>12").unwrap(), b"<p>12");
        }
        assert_eq!(status("HTTP/1.1 200 OK|Content-Encoding: br", b"\x0B\x02\x80\xFF").0, "unsupported");
        assert_eq!(status("HTTP/1.1 200 OK|Content-Encoding: gzip", &gzip[..gzip.len() - 9]).0, "damaged");
        let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
        bomb.write_all(&[0; 100_000]).unwrap();
        assert_eq!(status("HTTP/1.1 200 OK|Content-Encoding: gzip", &bomb.finish().unwrap()).0, "too-large");
    }

    #[test]
    fn a_body_shorter_than_it_says_is_cut() {
        assert_eq!(
            status("HTTP/1.1 200 OK|Content-Length: 9", b"half"),
            ("damaged", "only 4 of the 9 bytes of this page have come".into())
        );
        assert_eq!(read("HTTP/1.1 200 OK|Content-Length: 2", b"unpacked").unwrap(), b"unpacked");
    }

    #[test]
    fn the_header_s_charset_speaks_where_the_page_is_silent() {
        let words = "一、總體情況：本年新收政府資訊";
        let (big5, gbk) = (encoding_rs::BIG5.encode(words).0, encoding_rs::GBK.encode(words).0);
        let read = |charset: &str, body: &[u8]| read(&format!("HTTP/1.1 200 OK|Content-Type: text/html; charset={charset}"), body).unwrap();
        assert_eq!(decode(&read("Big5", &big5), None).value.text, words);
        assert_eq!(decode(&read("\"gbk\"", &gbk), None).value.text, words);
        for lie in ["utf-8", "iso-8859-1", "nonsense"] {
            assert_eq!(read(lie, &gbk), &*gbk, "{lie}");
        }
        assert_eq!(read("gbk", words.as_bytes()), words.as_bytes());
        let own = [b"<meta charset=gbk>".as_slice(), &gbk].concat();
        assert_eq!(read("big5", &own), own);
    }
}
