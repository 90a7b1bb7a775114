//! A page that is a picture: its ruling lines found and erased, and the words that a recognising program sees in what is
//! left laid back onto the page as glyphs, so that the rest of the reader takes them like any others.
//!
//! Pure: who draws the page and who recognises the words is the caller's business. Lines are erased first because
//! recognisers read them as digits.

use super::page::{Area, Glyph, Page, Rule, Turn};

/// A page drawn in shades of gray, row by row; 0 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// One byte a pixel.
    pub gray: Vec<u8>,
}

/// What was recognised on a page.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    glyphs: Vec<Glyph>,
    across: Vec<Rule>,
    down: Vec<Rule>,
}

/// Pixels of one picture; a larger one is not looked at.
const MOST_PIXELS: usize = 100_000_000;
/// Darker pixels are ink.
const INK: u8 = 160;
/// A line that runs across is at least this long, in points: longer than any stroke of a heading.
const SHORTEST_ACROSS: f32 = 28.0;
/// A line that runs down parts at least one row of text, in points.
const SHORTEST_DOWN: f32 = 15.0;
/// A thicker stroke is no ruling line, in points.
const THICKEST: f32 = 3.0;

impl Picture {
    /// A picture from the plain format for gray pictures (PGM, binary).
    pub fn read(bytes: &[u8]) -> Option<Picture> {
        let mut rest = bytes.strip_prefix(b"P5")?;
        let mut number = || {
            let start = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
            let digits = rest.get(start..)?;
            let length = digits.iter().position(|byte| !byte.is_ascii_digit())?;
            let found = std::str::from_utf8(digits.get(..length)?).ok()?.parse::<usize>().ok()?;
            rest = digits.get(length..)?;
            Some(found)
        };
        let (width, height, most) = (number()?, number()?, number()?);
        let gray = rest.get(1..)?;
        let n_pixels = width.checked_mul(height).filter(|n_pixels| *n_pixels <= MOST_PIXELS)?;
        (most == 255 && gray.len() >= n_pixels).then(|| Picture { width, height, gray: gray.get(..n_pixels).unwrap_or_default().to_vec() })
    }

    /// The picture as a file.
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        bytes.extend_from_slice(&self.gray);
        bytes
    }

    fn is_ink(&self, across: usize, down: usize) -> bool {
        self.gray.get(down * self.width + across).is_some_and(|&shade| shade < INK)
    }

    /// The ruling lines, in points, and the picture without them; `dots` is the number of pixels in a point.
    pub fn without_rules(mut self, dots: f32) -> (Picture, Scan) {
        let length = |points: f32| (points * dots) as usize;
        let strokes = |runs: Vec<Stroke>| strokes(runs, length(THICKEST));
        let across = strokes(runs(self.height, self.width, length(SHORTEST_ACROSS), |row, at| self.is_ink(at, row)));
        let down = strokes(runs(self.width, self.height, length(SHORTEST_DOWN), |column, at| self.is_ink(column, at)));
        for stroke in &across {
            self.erase((stroke.from, stroke.to), (stroke.first, stroke.last));
        }
        for stroke in &down {
            self.erase((stroke.first, stroke.last), (stroke.from, stroke.to));
        }
        let rule = |stroke: &Stroke| Rule {
            at: (stroke.first + stroke.last + 1) as f32 / 2.0 / dots,
            from: stroke.from as f32 / dots,
            to: stroke.to as f32 / dots,
        };
        let scan = Scan { glyphs: Vec::new(), across: across.iter().map(rule).collect(), down: down.iter().map(rule).collect() };
        (self, scan)
    }

    /// Make a box white, and the gray rim around it.
    fn erase(&mut self, across: (usize, usize), down: (usize, usize)) {
        const RIM: usize = 2;
        for row in down.0.saturating_sub(RIM)..(down.1 + RIM + 1).min(self.height) {
            let (from, to) = (across.0.saturating_sub(RIM), (across.1 + RIM + 1).min(self.width));
            if let Some(pixels) = self.gray.get_mut(row * self.width + from..row * self.width + to) {
                pixels.fill(255);
            }
        }
    }
}

/// A straight stroke: the lines of pixels it covers, and where it begins and ends on them.
#[derive(Debug, Clone, Copy)]
struct Stroke {
    first: usize,
    last: usize,
    from: usize,
    to: usize,
}

/// Runs of ink of at least `shortest` pixels on each line of pixels.
fn runs(n_lines: usize, n_pixels: usize, shortest: usize, is_ink: impl Fn(usize, usize) -> bool) -> Vec<Stroke> {
    let mut found = Vec::new();
    for line in 0..n_lines {
        let mut start = None;
        for at in 0..=n_pixels {
            let ink = at < n_pixels && is_ink(line, at);
            match start {
                None if ink => start = Some(at),
                Some(from) if !ink => {
                    if at - from >= shortest {
                        found.push(Stroke { first: line, last: line, from, to: at });
                    }
                    start = None;
                }
                _ => {}
            }
        }
    }
    found
}

/// Runs on neighbouring lines put together; those that come out too thick are shading or pictures.
fn strokes(runs: Vec<Stroke>, thickest: usize) -> Vec<Stroke> {
    let mut open: Vec<Stroke> = Vec::new();
    let mut done: Vec<Stroke> = Vec::new();
    for run in runs {
        let (still, closed): (Vec<Stroke>, Vec<Stroke>) = open.into_iter().partition(|stroke| stroke.last + 1 >= run.first);
        done.extend(closed);
        open = still;
        match open.iter_mut().find(|stroke| stroke.from <= run.to && run.from <= stroke.to) {
            Some(stroke) => {
                stroke.last = run.last;
                stroke.from = stroke.from.min(run.from);
                stroke.to = stroke.to.max(run.to);
            }
            None => open.push(run),
        }
    }
    done.extend(open);
    done.retain(|stroke| stroke.last - stroke.first < thickest);
    done
}

impl Scan {
    /// Take the words of a recogniser's table (TSV as `tesseract` prints it); `dots` is the number of pixels in a point.
    pub fn with_words(mut self, table: &str, dots: f32) -> Scan {
        for line in table.lines() {
            let mut fields = line.split('\t').skip(6);
            let mut number = || fields.next().and_then(|field| field.parse::<f32>().ok());
            let (Some(left), Some(top), Some(width), Some(height)) = (number(), number(), number(), number()) else { continue };
            let Some(sure) = number().filter(|sure| *sure >= 0.0) else { continue };
            let word = line.split('\t').nth(11).unwrap_or("").trim();
            if word.is_empty() || sure < LEAST_SURE {
                continue;
            }
            let area = Area { left: left / dots, top: top / dots, right: (left + width) / dots, bottom: (top + height) / dots };
            self.add_word(word, area);
        }
        self
    }

    fn add_word(&mut self, word: &str, area: Area) {
        let weight = |character: char| if super::lines::is_wide(character) { 2.0 } else { 1.0 };
        let all: f32 = word.chars().map(weight).sum();
        let run = self.glyphs.last().map_or(0, |last| last.run + 1);
        let mut at = area.left;
        for character in word.chars() {
            let width = area.width() * weight(character) / all.max(1.0);
            let own = Area { left: at, right: at + width, ..area };
            let (size, baseline) = (area.height().max(6.0), area.bottom);
            self.glyphs.push(Glyph { character, area: own, baseline, size, turn: Turn::Level, run });
            at += width;
        }
    }

    /// Lay it onto a page that has no text of its own.
    pub(super) fn lay(&self, page: &mut Page) {
        page.glyphs.extend_from_slice(&self.glyphs);
        page.across.extend_from_slice(&self.across);
        page.down.extend_from_slice(&self.down);
    }
}

/// A recogniser's word less sure than this, of 100, is a speck.
const LEAST_SURE: f32 = 5.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_and_erased_and_words_laid_between_them() {
        let mut picture = Picture { width: 200, height: 100, gray: vec![255; 20_000] };
        picture.gray[50 * 200 + 10..50 * 200 + 190].fill(0);
        for row in 20..90 {
            picture.gray[row * 200 + 100] = 0;
        }
        picture.gray[30 * 200 + 20..30 * 200 + 28].fill(0);
        let again = Picture::read(&picture.write()).unwrap();
        assert_eq!(again, picture);
        let (clean, scan) = picture.without_rules(2.0);
        assert_eq!(scan.across, [Rule { at: 25.25, from: 5.0, to: 95.0 }]);
        assert_eq!(scan.down, [Rule { at: 50.25, from: 10.0, to: 45.0 }]);
        assert_eq!(clean.gray.iter().filter(|&&shade| shade == 0).count(), 8, "a short stroke stays");
        let words = "5\t1\t1\t1\t1\t1\t20\t40\t40\t20\t91.5\t12\n5\t1\t1\t1\t1\t1\t20\t40\t40\t20\t-1\t\n";
        let scan = scan.with_words(words, 2.0);
        let seen: Vec<(char, f32)> = scan.glyphs.iter().map(|glyph| (glyph.character, glyph.area.left)).collect();
        assert_eq!(seen, [('1', 10.0), ('2', 20.0)]);
    }
}
