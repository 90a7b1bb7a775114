//! Pages of formats in an old Word document: which stretch of the stream is a row's end and where its cells' edges
//! stand, which is a heading, which is deleted or hidden.

use super::pieces::{Fib, long, word};
use std::rc::Rc;

const PAGE: usize = 512;

/// What a paragraph's format says.
#[derive(Debug, Clone, Default)]
pub struct Paragraph {
    /// Style; 1 to 9 are headings of that level.
    pub style: u16,
    /// Depth of tables it stands in.
    pub depth: u32,
    /// It is the mark that ends a row.
    pub ends_row: bool,
    /// It belongs to an automatic list.
    pub is_listed: bool,
    /// Cells of the row that it ends.
    pub cells: Rc<Vec<RowCell>>,
}

/// One cell of a row's definition.
#[derive(Debug, Clone, Copy)]
pub struct RowCell {
    /// Left edge, in twentieths of a point.
    pub left: i16,
    /// Right edge.
    pub right: i16,
    /// It goes on from the cell to its left.
    pub trails: bool,
    /// It goes on from the cell above.
    pub hangs: bool,
}

/// Formats by stretches of the stream.
#[derive(Debug, Default)]
pub struct Formats {
    paragraphs: Vec<(u32, u32, Rc<Paragraph>)>,
    unseen: Vec<(u32, u32)>,
    /// Pages that cannot be read.
    pub n_broken: usize,
}

impl Formats {
    /// Read all pages.
    pub fn read(main: &[u8], table: &[u8], data: &[u8], fib: &Fib) -> Formats {
        let mut formats = Formats::default();
        for (start, end, page, index) in formats.runs(main, table, fib.paragraph_pages) {
            let at = page.get((page[PAGE - 1] as usize + 1) * 4 + index * 13).map_or(0, |&offset| offset as usize * 2);
            let paragraph = if at == 0 { Paragraph::default() } else { read_paragraph(page, at, data).unwrap_or_default() };
            formats.paragraphs.push((start, end, Rc::new(paragraph)));
        }
        for (start, end, page, index) in formats.runs(main, table, fib.character_pages) {
            let at = page.get((page[PAGE - 1] as usize + 1) * 4 + index).map_or(0, |&offset| offset as usize * 2);
            let list = page.get(at).and_then(|&length| page.get(at + 1..at + 1 + length as usize)).unwrap_or_default();
            let is_unseen = at > 0 && sprms(list).any(|(code, operand)| matches!(code, 0x0800 | 0x083C) && operand.first() == Some(&1));
            if is_unseen {
                formats.unseen.push((start, end));
            }
        }
        formats.paragraphs.sort_by_key(|(start, ..)| *start);
        formats.unseen.sort_unstable();
        formats
    }

    /// The format of the paragraph whose end stands here.
    pub fn paragraph(&self, offset: u32) -> Rc<Paragraph> {
        let after = self.paragraphs.partition_point(|(start, ..)| *start <= offset);
        let found = after.checked_sub(1).and_then(|index| self.paragraphs.get(index)).filter(|(_, end, _)| offset < *end);
        found.map(|(.., paragraph)| Rc::clone(paragraph)).unwrap_or_default()
    }

    /// True for a character that is deleted or hidden.
    pub fn is_unseen(&self, offset: u32) -> bool {
        let after = self.unseen.partition_point(|(start, _)| *start <= offset);
        after.checked_sub(1).and_then(|index| self.unseen.get(index)).is_some_and(|(_, end)| offset < *end)
    }

    /// The stretches of each page: start, end, page, index on the page.
    fn runs<'m>(&mut self, main: &'m [u8], table: &[u8], (at, length): (usize, usize)) -> Vec<(u32, u32, &'m [u8; PAGE], usize)> {
        let list = at.checked_add(length).and_then(|end| table.get(at..end)).unwrap_or_default();
        let n_pages = list.len().saturating_sub(4) / 8;
        let mut found = Vec::new();
        for index in 0..n_pages {
            let number = long(list, (n_pages + 1) * 4 + index * 4).map_or(usize::MAX, |number| (number & 0x003F_FFFF) as usize);
            let page = number.checked_mul(PAGE).and_then(|start| main.get(start..)?.first_chunk::<PAGE>());
            let Some(page) = page else {
                self.n_broken += 1;
                continue;
            };
            for run in 0..page[PAGE - 1] as usize {
                match (long(page, run * 4), long(page, run * 4 + 4)) {
                    (Some(start), Some(end)) if start <= end => found.push((start, end, page, run)),
                    _ => self.n_broken += 1,
                }
            }
        }
        found
    }
}

fn read_paragraph(page: &[u8; PAGE], at: usize, data: &[u8]) -> Option<Paragraph> {
    let first = *page.get(at)? as usize;
    let (start, length) = if first == 0 { (at + 2, *page.get(at + 1)? as usize * 2) } else { (at + 1, first * 2 - 1) };
    let list = page.get(start..(start + length).min(PAGE))?;
    let mut found = Paragraph { style: word(list, 0)?, ..Paragraph::default() };
    found.take(list.get(2..)?, data, Huge::Followed);
    Some(found)
}

/// A list too long for its page stands in the data stream; one there does not refer on.
#[derive(Clone, Copy, PartialEq)]
enum Huge {
    Followed,
    Left,
}

impl Paragraph {
    fn take(&mut self, list: &[u8], data: &[u8], huge: Huge) {
        for (code, operand) in sprms(list) {
            if matches!(code, 0x6645 | 0x6646) && huge == Huge::Followed {
                let at = long(operand, 0).map_or(usize::MAX, |at| at as usize);
                let rest = data.get(at..).unwrap_or_default();
                let length = word(rest, 0).unwrap_or(0) as usize;
                self.take(rest.get(2..2 + length).unwrap_or_default(), data, Huge::Left);
            }
            self.property(code, operand);
        }
    }

    fn property(&mut self, code: u16, operand: &[u8]) {
        let is_on = operand.first().is_some_and(|&value| value != 0);
        match code {
            0x2416 if is_on => self.depth = self.depth.max(1),
            0x2417 | 0x244C if is_on => self.ends_row = true,
            0x6649 => self.depth = long(operand, 0).unwrap_or(0).min(64),
            0x460B => self.is_listed = word(operand, 0).is_some_and(|list| list != 0 && list != 0xF801),
            0xD608 => self.cells = Rc::new(read_row(operand).unwrap_or_default()),
            _ => {}
        }
    }
}

/// `sprmTDefTable`: number of cells, their edges, and twenty bytes for each.
fn read_row(operand: &[u8]) -> Option<Vec<RowCell>> {
    let n_cells = *operand.first()? as usize;
    let edge = |index: usize| word(operand, 1 + index * 2).map(u16::cast_signed);
    let bits = |index: usize| word(operand, 1 + (n_cells + 1) * 2 + index * 20).unwrap_or(0);
    (0..n_cells)
        .map(|index| {
            let bits = bits(index);
            let hangs = bits & 0x20 != 0 && bits & 0x40 == 0;
            Some(RowCell { left: edge(index)?, right: edge(index + 1)?, trails: bits & 0x02 != 0, hangs })
        })
        .collect()
}

/// The single properties of a list: code and operand.
fn sprms(list: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let code = word(list, at)?;
        at += 2;
        let length = match code >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            _ if code == 0xD608 => {
                let length = (word(list, at)? as usize).saturating_sub(1);
                at += 2;
                length
            }
            _ => {
                let length = *list.get(at)? as usize;
                at += 1;
                length
            }
        };
        let operand = list.get(at..(at + length).min(list.len()))?;
        at += length;
        Some((code, operand))
    })
}
