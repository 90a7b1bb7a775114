//! A second, independent reading of a PDF: bytes → what each page prints, run by run, in the order it was drawn.
//!
//! It shares no code with the first reader: another library decodes the file and its fonts, and a run ends wherever the
//! next character does not stand right behind the one before. It knows nothing of lines or tables, so the two readings
//! can only agree on digits because both are there. The library panics on some fonts and recurses without bound on
//! hostile files: run it in a process that may be lost ([`crate::second`] holds the two readings side by side).

use pdf_extract::{Document, MediaBox, OutputDev, OutputError, Transform, output_doc_page};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Places looked at when a character may be drawn twice.
const MOST_TWINS: usize = 1000;

/// Read a file; `take` gets each page's number and its runs of characters, or nothing where the page cannot be read.
/// With `wanted` only those pages are read.
pub fn read(bytes: &[u8], wanted: &[u32], mut take: impl FnMut(u32, Option<Vec<String>>)) {
    let loaded = catch_unwind(AssertUnwindSafe(|| Document::load_mem(bytes)));
    let Ok(Ok(file)) = loaded else { return };
    let numbers: Vec<u32> = file.get_pages().into_keys().filter(|page| wanted.is_empty() || wanted.contains(page)).collect();
    for number in numbers {
        let mut runs = Runs::default();
        let drawn = catch_unwind(AssertUnwindSafe(|| output_doc_page(&file, &mut runs, number)));
        runs.end_run();
        take(number, matches!(drawn, Ok(Ok(()))).then_some(runs.done));
    }
}

/// Characters put together as they come.
#[derive(Default)]
struct Runs {
    done: Vec<String>,
    /// Where each character stands, in squares of a tenth of its size: the next one stands two of them on at least.
    seen: BTreeMap<String, BTreeSet<(i64, i64)>>,
    text: String,
    /// Where the last character stands, how far it reaches and how large it is.
    at: (f64, f64),
    advance: f64,
    size: f64,
    /// Left, bottom, right and top of the page.
    page: [f64; 4],
}

impl Runs {
    fn end_run(&mut self) {
        if !self.text.is_empty() {
            self.done.push(std::mem::take(&mut self.text));
        }
    }

    /// A character drawn on the same spot again, to look bold, is one.
    fn is_twin(&mut self, text: &str, at: (f64, f64), size: f64) -> bool {
        let square = |value: f64| (value / (0.1 * size)).round().clamp(-1e9, 1e9) as i64;
        let (across, up) = (square(at.0), square(at.1));
        let near = |(other_across, other_up): &(i64, i64)| (other_across - across).abs() <= 1 && (other_up - up).abs() <= 1;
        let places = self.seen.entry(text.to_string()).or_default();
        let row = places.range((across - 1, i64::MIN)..=(across + 1, i64::MAX));
        if row.take(MOST_TWINS).any(near) {
            return true;
        }
        places.insert((across, up));
        false
    }
}

/// A font that does not tell its widths makes a digit as wide as it is high, gives it no width at all, or another's.
fn is_plausible(width: f64, text: &str) -> bool {
    let narrowest = if text.chars().all(|character| character.is_ascii_digit()) { 0.38 } else { 0.15 };
    !text.is_ascii() || (narrowest..0.85).contains(&width)
}

impl OutputDev for Runs {
    fn begin_page(&mut self, _: u32, page: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        self.page = [page.llx.min(page.urx), page.lly.min(page.ury), page.llx.max(page.urx), page.lly.max(page.ury)];
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(&mut self, placed: &Transform, width: f64, _: f64, font_size: f64, text: &str) -> Result<(), OutputError> {
        let at = (placed.m31, placed.m32);
        let along = (placed.m11 * font_size, placed.m12 * font_size);
        let size = (placed.m21 * font_size).hypot(placed.m22 * font_size).max(0.01);
        let scale = along.0.hypot(along.1).max(0.01);
        let step = (at.0 - self.at.0, at.1 - self.at.1);
        let ahead = (step.0 * along.0 + step.1 * along.1) / scale;
        let aside = (step.0 * along.1 - step.1 * along.0).abs() / scale;
        let like = (0.75..1.34).contains(&(size / self.size.max(0.01)));
        if self.is_twin(text, at, size) {
            return Ok(());
        }
        let follows = like && aside < 0.15 * size && (0.15 * size..self.advance + 0.25 * size).contains(&ahead);
        if !follows {
            self.end_run();
        }
        let [left, bottom, right, top] = self.page;
        let is_off_page = !(left..=right).contains(&at.0) || !(bottom..=top).contains(&at.1);
        if is_off_page || text.chars().all(char::is_whitespace) {
            self.end_run();
        } else {
            self.text.push_str(text);
        }
        self.advance = scale * if is_plausible(width, text) { width } else { 0.6 };
        self.at = at;
        self.size = size;
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
