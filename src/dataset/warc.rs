//! A web crawl (WARC 1.0, 1.1) → the pages in it. Records of requests and of the crawl itself are passed over.
//!
//! ```text
//!   WARC/1.0⏎ WARC-Type: response⏎ WARC-Target-URI: …⏎ Content-Length: n⏎ ⏎  n bytes  ⏎⏎
//!                                                        HTTP/1.1 200 OK⏎ Transfer-Encoding: chunked⏎ ⏎  body
//! ```

use super::too_large;
use crate::doc::Status;
use std::io::{self, BufRead, Read};

/// A page of a crawl.
pub struct Record {
    /// Where it was fetched.
    pub uri: String,
    /// The page, as it came but for the transfer's own marks.
    pub body: Result<Vec<u8>, (Status, String)>,
}

/// The pages of a crawl, in order.
pub struct Records<R> {
    source: R,
    largest: u64,
    ended: bool,
}

/// Headers longer than this are none.
const LONGEST_HEAD: u64 = 64 * 1024;

impl<R: BufRead> Records<R> {
    /// The pages in `source`; none is longer than `largest`.
    pub fn new(source: R, largest: u64) -> Records<R> {
        Records { source, largest, ended: false }
    }

    fn next_page(&mut self) -> io::Result<Option<Record>> {
        loop {
            let Some(head) = self.head()? else { return Ok(None) };
            let length: u64 = header(&head, "content-length").and_then(|length| length.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
            let kind = header(&head, "warc-type").unwrap_or_default().to_ascii_lowercase();
            let mut content = self.source.by_ref().take(length);
            let page = matches!(kind.as_str(), "response" | "resource").then(|| body(&mut content, &head, self.largest));
            let page = page.transpose()?;
            io::copy(&mut content, &mut io::sink())?;
            if content.limit() > 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(body) = page {
                let uri = header(&head, "warc-target-uri").unwrap_or("?").trim_matches(['<', '>']).to_string();
                return Ok(Some(Record { uri, body }));
            }
        }
    }

    /// The header lines of the next record.
    fn head(&mut self) -> io::Result<Option<String>> {
        let mut head = String::new();
        loop {
            let line = read_line(&mut self.source)?;
            match (line.trim_end(), head.is_empty()) {
                ("", true) if line.is_empty() => return Ok(None),
                ("", true) => {}
                ("", false) => return Ok(Some(head)),
                (first, true) if !first.starts_with("WARC/") => return Err(io::ErrorKind::InvalidData.into()),
                _ if head.len() as u64 > LONGEST_HEAD => return Err(io::ErrorKind::InvalidData.into()),
                _ => head.push_str(&line),
            }
        }
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<io::Result<Record>> {
        if self.ended {
            return None;
        }
        let page = self.next_page();
        self.ended = !matches!(page, Ok(Some(_)));
        page.transpose()
    }
}

fn read_line(source: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    source.take(LONGEST_HEAD).read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// The value of a header line, whatever its case.
fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .find_map(|line| line.split_once(':').filter(|(own, _)| own.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()))
}

type Body = Result<Vec<u8>, (Status, String)>;

/// The page in a record; the outer error is the archive's, the inner one the page's.
fn body(content: &mut impl BufRead, head: &str, largest: u64) -> io::Result<Body> {
    let is_http = header(head, "content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/http"));
    let mut is_chunked = false;
    if is_http {
        loop {
            let line = read_line(content)?;
            if line.trim_end().is_empty() {
                break;
            }
            is_chunked |= header(&line, "transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
        }
    }
    let mut bytes = Vec::new();
    content.take(largest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > largest {
        return Ok(Err((Status::TooLarge, too_large(largest))));
    }
    // Many crawlers keep the header of a transfer that they have already undone.
    Ok(Ok(if is_chunked { join_chunks(&bytes).unwrap_or(bytes) } else { bytes }))
}

/// `4⏎Wiki⏎0⏎⏎` → `Wiki`; nothing where the bytes are no chunks.
fn join_chunks(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::with_capacity(bytes.len());
    loop {
        let end = bytes.iter().take(32).position(|&byte| byte == b'\n')?;
        let size = std::str::from_utf8(bytes.get(..end)?).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(joined);
        }
        let start = end + 1;
        joined.extend_from_slice(bytes.get(start..start.checked_add(size)?)?);
        bytes = bytes.get(start + size..)?;
        bytes = bytes.strip_prefix(b"\r\n").or_else(|| bytes.strip_prefix(b"\n")).unwrap_or(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_come_out_of_a_crawl() {
        let page = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        let record = |kind: &str, content: &str| {
            format!(
                "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://a/{kind}\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n{content}\r\n\r\n",
                content.len()
            )
        };
        let crawl = format!("{}{}{}", record("request", "GET /"), record("response", page), record("resource", "HTTP/1.1 200 OK\n\nplain"));
        let pages: Vec<_> = Records::new(crawl.as_bytes(), 100).map(|record| record.unwrap()).collect();
        let found: Vec<_> = pages.iter().map(|page| (page.uri.as_str(), page.body.clone().unwrap())).collect();
        assert_eq!(found, [("http://a/response", b"abcde".to_vec()), ("http://a/resource", b"plain".to_vec())]);
        let cut = &crawl[..crawl.len() - 30];
        assert!(Records::new(cut.as_bytes(), 100).last().unwrap().is_err());
        assert!(Records::new(crawl.as_bytes(), 3).next().unwrap().unwrap().body.is_err());
    }
}
