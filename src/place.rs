//! Where in the input something stands.
//!
//! Every piece of a document carries a [`Span`]: byte offsets into [`crate::doc::Document::text`], the plain text as
//! read. A [`Places`] turns a span into what a person can look up: line and column, page and box, sheet and cell.
//! Lines and columns are worked out only when something is printed, so reading pays nothing for them.

use std::ops::Range;

/// A byte range of the document's plain text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; inputs are limited to 4 GiB before they come here, so offsets saturate.
    pub fn new(start: usize, end: usize) -> Span {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { start: clamp(start), end: clamp(end) }
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// True when `inner` lies wholly inside.
    pub fn covers(self, inner: Span) -> bool {
        self.start <= inner.start && inner.end <= self.end
    }

    /// True when nothing lies between the two ends.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// As a range for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A place a person can look up.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// A line of a text: 1-based line and column (in characters), and the byte range in the decoded text.
    Text {
        /// 1-based line.
        line: u32,
        /// 1-based column in characters.
        column: u32,
        /// Byte range in the decoded text.
        byte: [u32; 2],
    },
    /// A box on a page, in points from the top left corner: left, top, right, bottom.
    Page {
        /// 1-based page.
        page: u32,
        /// Left, top, right, bottom.
        bounds: [f32; 4],
    },
    /// A cell of a spreadsheet, such as `Sheet1` and `C7`.
    Sheet {
        /// Name of the sheet.
        sheet: String,
        /// Address such as `C7`.
        cell: String,
    },
}

/// One stretch of plain text and the place it was read from.
#[derive(Clone, Debug)]
pub struct Anchor {
    /// The stretch of the document's text.
    pub span: Span,
    /// Where that stretch stands in the file.
    pub place: Place,
}

/// How spans of one document become places.
#[derive(Clone, Debug)]
pub enum Places {
    /// The text is the file: places are its lines.
    Lines(LineIndex),
    /// The text was drawn out of another format: the reader tells where each stretch came from, in order of start.
    Anchors(Vec<Anchor>),
}

impl Places {
    /// The place of a span. With anchors: the union of the page boxes it touches, else the first anchor it meets.
    pub fn resolve(&self, text: &str, span: Span) -> Option<Place> {
        match self {
            Places::Lines(lines) => Some(lines.place(text, span)),
            Places::Anchors(anchors) => resolve_anchor(anchors, span),
        }
    }
}

fn resolve_anchor(anchors: &[Anchor], span: Span) -> Option<Place> {
    let after = anchors.partition_point(|anchor| anchor.span.start <= span.start);
    let first = after.saturating_sub(1);
    let is_past = anchors.get(first)?.span.end <= span.start && anchors.get(first)?.span != span;
    let first = if is_past && after < anchors.len() { after } else { first };
    let mut place = anchors.get(first)?.place.clone();
    let rest = anchors.iter().skip(first + 1).take_while(|anchor| anchor.span.start < span.end);
    for anchor in rest {
        match (&mut place, &anchor.place) {
            (Place::Page { page, bounds }, Place::Page { page: other_page, bounds: other }) if page == other_page => {
                *bounds = join_boxes(*bounds, *other);
            }
            (Place::Text { byte, .. }, Place::Text { byte: other, .. }) => {
                byte[0] = byte[0].min(other[0]);
                byte[1] = byte[1].max(other[1]);
            }
            _ => break,
        }
    }
    Some(place)
}

fn join_boxes(one: [f32; 4], other: [f32; 4]) -> [f32; 4] {
    let ([left, top, right, bottom], [other_left, other_top, other_right, other_bottom]) = (one, other);
    [left.min(other_left), top.min(other_top), right.max(other_right), bottom.max(other_bottom)]
}

/// Line starts, and character counts at fixed steps so that a column costs the same on a line of any length.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    chars_before: Vec<u32>,
}

const STEP: usize = 256;

impl LineIndex {
    /// Index a text. `\n`, `\r\n` and a lone `\r` each end a line.
    pub fn new(text: &str) -> LineIndex {
        let bytes = text.as_bytes();
        let mut n_chars: u32 = 0;
        let chars_before = bytes.chunks(STEP).map(|stretch| {
            let n_own = count_chars(stretch);
            n_chars += n_own;
            n_chars - n_own
        });
        let chars_before = chars_before.collect();
        let ends_line = |at: &usize| bytes.get(*at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n');
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes).filter(ends_line);
        let starts = std::iter::once(0).chain(ends.map(|at| Span::new(at + 1, 0).start)).collect();
        LineIndex { starts, chars_before }
    }

    /// Line and column of a span.
    pub fn place(&self, text: &str, span: Span) -> Place {
        let line = self.starts.partition_point(|&start| start <= span.start);
        let line_start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = match text.as_bytes().get(line_start as usize..span.start as usize) {
            Some(before) if before.len() <= STEP => count_chars(before),
            _ => self.chars_until(text, span.start).saturating_sub(self.chars_until(text, line_start)),
        } + 1;
        Place::Text { line: u32::try_from(line).unwrap_or(u32::MAX), column, byte: [span.start, span.end] }
    }

    /// Number of lines.
    pub fn n_lines(&self) -> usize {
        self.starts.len()
    }

    /// The span of a 1-based line, its line end left out.
    pub fn line(&self, text: &str, number: u32) -> Option<Span> {
        let index = (number as usize).checked_sub(1)?;
        let start = *self.starts.get(index)? as usize;
        let end = self.starts.get(index + 1).map_or(text.len(), |&next| next as usize);
        let line = text.get(start..end)?.trim_end_matches(['\n', '\r']);
        Some(Span::new(start, start + line.len()))
    }

    fn chars_until(&self, text: &str, offset: u32) -> u32 {
        let step = offset as usize / STEP;
        let before = self.chars_before.get(step).copied().unwrap_or(0);
        let tail = text.as_bytes().get(step * STEP..offset as usize).unwrap_or_default();
        before + count_chars(tail)
    }
}

fn count_chars(utf8: &[u8]) -> u32 {
    // So few that a byte counts them, which many bytes at a time are.
    const FEW: usize = 128;
    let begins = |byte: &u8| u8::from(byte & 0xC0 != 0x80);
    utf8.chunks(FEW).map(|few| u32::from(few.iter().map(begins).sum::<u8>())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_on_any_line() {
        let text = format!("甲乙\r\n{}丙\r丁", "字".repeat(500));
        let lines = LineIndex::new(&text);
        let at = text.find('丙').unwrap();
        assert_eq!(lines.place(&text, Span::new(at, at + 3)), Place::Text { line: 2, column: 501, byte: [1508, 1511] });
        assert_eq!(lines.n_lines(), 3);
        assert_eq!(lines.line(&text, 1), Some(Span::new(0, 6)));
    }
}
