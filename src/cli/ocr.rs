//! Recognises the words of pages that are pictures: `pdftoppm` draws a page, the reader finds and erases its ruling
//! lines, `tesseract` recognises what is left. Off unless asked for: recognised digits are guesses that only sums prove.

use super::process::ask;
use luoshu::doc::Status;
use luoshu::grammar::Family;
use luoshu::read::pdf::scan::{Picture, Scan};
use luoshu::report::{Report, parse_scanned};
use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

/// Pixels in an inch; recognisers are trained on this.
const DOTS: f32 = 300.0;
/// The longest that one page may take with each program.
const LONGEST: Duration = Duration::from_secs(120);
/// Pages recognised of one file.
const MOST_PAGES: usize = 200;

/// Read a report's pictured pages again with recognised words; the report as it was where there are none, or where the
/// programs are missing: then the missing one is named.
pub fn recognise<'g>(report: Report<'g>, bytes: &[u8], families: &'g [Family]) -> Result<Report<'g>, &'static str> {
    let statuses = report.source.document.pages.iter();
    let pictured = (1_u32..).zip(statuses).filter(|(_, status)| **status == Status::NoText).map(|(page, _)| page);
    if report.source.format != "pdf" {
        return Ok(report);
    }
    let mut scans = BTreeMap::new();
    for page in pictured.take(MOST_PAGES) {
        scans.extend(recognise_page(bytes, page)?.map(|scan| (page, scan)));
    }
    Ok(if scans.is_empty() { report } else { parse_scanned(bytes, families, &scans) })
}

fn recognise_page(bytes: &[u8], page: u32) -> Result<Option<Scan>, &'static str> {
    let (page, dots) = (page.to_string(), DOTS.to_string());
    let drawn = ask(Command::new("pdftoppm").args(["-f", &page, "-l", &page, "-r", &dots, "-gray", "-"]), bytes, LONGEST);
    let Some(picture) = Picture::read(&drawn.ok_or("pdftoppm")?) else { return Ok(None) };
    let (picture, scan) = picture.without_rules(DOTS / 72.0);
    let mut command = Command::new("tesseract");
    command.args(["stdin", "stdout", "-l", "chi_sim+eng", "--psm", "6", "--dpi", &dots, "tsv"]).env("OMP_THREAD_LIMIT", "1");
    let words = ask(&mut command, &picture.write(), LONGEST).ok_or("tesseract")?;
    Ok(Some(scan.with_words(&String::from_utf8_lossy(&words), DOTS / 72.0)))
}
