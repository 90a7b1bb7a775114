//! A web crawl (WARC 1.0, 1.1) → the pages in it, each whole or with a reason. Records of requests and of the crawl itself
//! are passed over.
//!
//! ```text
//!   WARC/1.0⏎ WARC-Type: response⏎ WARC-Target-URI: …⏎ Content-Length: n⏎ ⏎  n bytes  ⏎⏎
//!                                                        an answer (`http`), or the page itself
//! ```
//! A record that is cut or broken costs itself, and may take the next one with it: reading goes on where one begins.

use super::http::{LONGEST_HEAD, Page, header, page, read_line};
use super::too_large;
use crate::doc::Status;
use std::io::{self, BufRead, Read};

/// A page of a crawl.
pub struct Record {
    /// Where it was fetched; `?` where that cannot be read.
    pub uri: String,
    /// When, in digits from the year on (`20240501080000`), where the crawl says so.
    pub date: Option<String>,
    /// The page, as it came but for the transfer's own marks.
    pub body: Page,
}

/// The pages of a crawl, in order.
pub struct Records<R> {
    source: R,
    largest: u64,
    /// First line of a record that was come upon behind noise.
    begun: String,
    ended: bool,
}

/// What stands where a record should begin.
enum Begin {
    Record(String),
    Noise,
    End,
}

impl<R: BufRead> Records<R> {
    /// The pages in `source`; none is longer than `largest`.
    pub fn new(source: R, largest: u64) -> Records<R> {
        Records { source, largest, begun: String::new(), ended: false }
    }

    fn next_page(&mut self) -> io::Result<Option<Record>> {
        loop {
            let head = match self.head() {
                Ok(Begin::End) => return Ok(None),
                Ok(Begin::Record(head)) => head,
                Ok(Begin::Noise) => return Ok(Some(damaged("?", "bytes that are no record of a crawl"))),
                Err(error) if is_broken(&error) => return Ok(Some(damaged("?", &error.to_string()))),
                Err(error) => return Err(error),
            };
            let uri = header(&head, "warc-target-uri").unwrap_or("?").trim_matches(['<', '>']);
            let date = header(&head, "warc-date").and_then(date_digits);
            match self.body(&head) {
                Ok(Some(body)) => return Ok(Some(Record { uri: uri.into(), date, body })),
                Ok(None) => {}
                Err(error) if is_broken(&error) => return Ok(Some(Record { date, ..damaged(uri, &error.to_string()) })),
                Err(error) => return Err(error),
            }
        }
    }

    /// The header lines of the next record.
    fn head(&mut self) -> io::Result<Begin> {
        let mut head = std::mem::take(&mut self.begun);
        let mut is_noise = false;
        loop {
            let line = read_line(&mut self.source)?;
            match (line.trim_end(), head.is_empty()) {
                ("", _) if line.is_empty() => return Ok(if is_noise || !head.is_empty() { Begin::Noise } else { Begin::End }),
                ("", true) => {}
                ("", false) => return Ok(Begin::Record(head)),
                (first, true) if !first.starts_with("WARC/") => is_noise = true,
                _ if is_noise => {
                    self.begun = line;
                    return Ok(Begin::Noise);
                }
                _ if head.len() as u64 > LONGEST_HEAD => return Ok(Begin::Noise),
                _ => head.push_str(&line),
            }
        }
    }

    /// What a record holds; nothing where it is none of a page.
    fn body(&mut self, head: &str) -> io::Result<Option<Page>> {
        let length =
            header(head, "content-length").and_then(|length| length.parse().ok()).ok_or_else(|| broken("a record without a length"))?;
        let mut content = self.source.by_ref().take(length);
        let kind = header(head, "warc-type").unwrap_or_default().to_ascii_lowercase();
        let found = match kind.as_str() {
            "response" | "resource" if is_http(head) => Some(page(&mut content, self.largest)?),
            // A conversion is what a crawler made of a page: Common Crawl keeps the text of each.
            "response" | "resource" | "conversion" => Some(plain(&mut content, self.largest)?),
            "revisit" => Some(Err((Status::NoText, revisited(head)))),
            _ => None,
        };
        io::copy(&mut content, &mut io::sink())?;
        if content.limit() > 0 {
            return Err(broken("the crawl ends within this record"));
        }
        if !self.ends_here()? {
            return Err(broken("this record is longer or shorter than it says"));
        }
        let cut = header(head, "warc-truncated")
            .map(|why| (Status::Damaged, format!("the crawler kept only the beginning of this page ({why})")));
        Ok(found.map(|body| body.and_then(|bytes| cut.map_or(Ok(bytes), Err))))
    }

    /// Blank lines, or the end; behind the last one the checksum of a packed record has been looked at.
    fn ends_here(&mut self) -> io::Result<bool> {
        let mut n_taken = 0;
        loop {
            match self.source.fill_buf()?.first() {
                None => return Ok(true),
                Some(b'\r' | b'\n') if n_taken < 4 => self.source.consume(1),
                // A single line end may stand within the next record, where this one is shorter than it says.
                Some(_) => return Ok(n_taken > 1),
            }
            n_taken += 1;
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

/// `2024-05-01T08:00:00Z` → `20240501080000`; a day at least.
fn date_digits(date: &str) -> Option<String> {
    let digits: String = date.chars().filter(char::is_ascii_digit).take(14).collect();
    Some(digits).filter(|digits| digits.len() >= 8)
}

fn is_http(head: &str) -> bool {
    header(head, "content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/http"))
}

fn plain(content: &mut impl Read, largest: u64) -> io::Result<Page> {
    let mut bytes = Vec::new();
    content.take(largest + 1).read_to_end(&mut bytes)?;
    Ok(if bytes.len() as u64 > largest { Err((Status::TooLarge, too_large(largest))) } else { Ok(bytes) })
}

fn revisited(head: &str) -> String {
    let uri = header(head, "warc-refers-to-target-uri").unwrap_or("an earlier page").trim_matches(['<', '>']);
    format!("the crawler found the same as before and kept no bytes: {uri}")
}

fn damaged(uri: &str, why: &str) -> Record {
    Record { uri: uri.into(), date: None, body: Err((Status::Damaged, why.into())) }
}

fn broken(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// True for bytes that are broken; false for a source that cannot be read.
fn is_broken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidData
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::members::Members;
    use std::io::{BufReader, Write};

    fn record(kind: &str, uri: &str, more: &str, content: &str) -> String {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\n{more}Content-Length: {}\r\n\r\n{content}\r\n\r\n",
            content.len()
        )
    }

    fn answer(uri: &str, body: &str) -> String {
        record("response", uri, "Content-Type: application/http\r\n", &format!("HTTP/1.1 200 OK\r\n\r\n{body}"))
    }

    /// `uri body` of each page, or `uri status`.
    fn told(source: impl BufRead) -> Vec<String> {
        let tell = |record: Record| match record.body {
            Ok(bytes) => format!("{} {}", record.uri, String::from_utf8(bytes).unwrap()),
            Err((status, _)) => format!("{} {}", record.uri, status.name()),
        };
        Records::new(source, 100).map(|record| tell(record.unwrap())).collect()
    }

    fn packed(text: &str) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn pages_come_out_of_a_crawl() {
        let crawl = [
            record("warcinfo", "x", "", "software: x"),
            record("request", "a", "", "GET /"),
            answer("a", "page"),
            record("resource", "<b>", "Content-Type: text/plain\r\n", "plain"),
            record("conversion", "f", "Content-Type: text/plain\r\n", "text"),
            record("revisit", "c", "WARC-Refers-To-Target-URI: a\r\n", ""),
            record("response", "d", "WARC-Truncated: length\r\nContent-Type: application/http\r\n", "HTTP/1.1 200 OK\r\n\r\nhal"),
            answer("e", &"long".repeat(30)),
            record("metadata", "a", "", "x: y"),
        ];
        assert_eq!(told(crawl.concat().as_bytes()), ["a page", "b plain", "f text", "c no-text", "d damaged", "e too-large"]);
        assert!(told("".as_bytes()).is_empty());
    }

    #[test]
    fn a_page_has_the_time_of_its_capture() {
        let dates = ["WARC-Date: 2024-05-01T08:00:00Z\r\n", "WARC-Date: 2024-05-01T08:00:00.123456Z\r\n", "WARC-Date: 2024\r\n", ""];
        let crawl: String = dates.iter().map(|date| record("resource", "a", date, "text")).collect();
        let found: Vec<Option<String>> = Records::new(crawl.as_bytes(), 100).map(|record| record.unwrap().date).collect();
        assert_eq!(found, [Some("20240501080000".into()), Some("20240501080000".into()), None, None]);
    }

    #[test]
    fn a_broken_record_costs_itself() {
        let (one, two, three) = (answer("one", "first page"), answer("two", "second"), answer("three", "third"));
        let torn = one.len() - 9;
        assert_eq!(told([&one[..torn], &two, &three].concat().as_bytes()), ["one damaged", "? damaged", "three third"]);
        assert_eq!(told([one.as_str(), "noise\r\n", &two].concat().as_bytes()), ["one first page", "? damaged", "two second"]);
        let lengthless = two.replace("Content-Length", "Length");
        assert_eq!(
            told([one.as_str(), &lengthless, &three].concat().as_bytes()),
            ["one first page", "two damaged", "? damaged", "three third"]
        );
        for cut in [torn, one.len() / 2] {
            assert_eq!(told([two.as_str(), &one[..cut]].concat().as_bytes()).len(), 2);
        }
        assert_eq!(told("no crawl\n".as_bytes()), ["? damaged"]);
    }

    #[test]
    fn a_broken_member_costs_its_record() {
        let records = [answer("one", "first page"), answer("two", "second"), answer("three", "third"), answer("four", "fourth")];
        let members: Vec<Vec<u8>> = records.iter().map(|record| packed(record)).collect();
        let told = |bytes: &[u8]| told(BufReader::new(Members::new(bytes)));
        assert_eq!(told(&members.concat()), ["one first page", "two second", "three third", "four fourth"]);
        let cut = [&members[0], &members[1][..members[1].len() - 12], &members[2], &members[3]].concat();
        assert!(told(&cut)[1].ends_with(" damaged") && told(&cut).last().unwrap() == "four fourth", "{:?}", told(&cut));
        let mut wrong = members.concat();
        let checksum = members[0].len() + members[1].len() - 6;
        wrong[checksum] ^= 1;
        assert_eq!(told(&wrong), ["one first page", "two damaged", "three third", "four fourth"]);
    }
}
