//! Old XLS → sheets of cells: values and merged regions through calamine, number formats from the records themselves.
//!
//! The records are walked first: a locked workbook, or one whose cells span more than a sheet of a report ever does,
//! is not handed on.

use super::{LAST_COLUMN, LAST_ROW, MOST_CELLS, Region, Sheet, SheetCell, Workbook, format, indented, too_many_cells};
use crate::doc::Status;
use crate::flag::Message;
use crate::read::trouble::Trouble;
use calamine::{Data, Reader, SheetType, SheetVisible, Xls};
use std::collections::HashMap;
use std::io::{Cursor, Read};

/// Cells of the rectangle that holds all cells of a sheet; calamine sets all of them up.
const LARGEST_AREA: u64 = 8 << 20;

/// Read a workbook.
pub fn read(bytes: &[u8]) -> Workbook {
    let mut workbook = Workbook::default();
    if let Err(trouble) = read_parts(bytes, &mut workbook) {
        workbook.troubles.push(trouble);
    }
    workbook
}

fn read_parts(bytes: &[u8], workbook: &mut Workbook) -> Result<(), Trouble> {
    let damaged = || Trouble::damaged(Message::plain("the workbook is broken inside"));
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| damaged())?;
    let name = ["/Workbook", "/Book"].into_iter().find(|name| container.is_stream(name)).ok_or_else(damaged)?;
    let mut stream = Vec::new();
    container.open_stream(name).and_then(|stream_at| stream_at.take(bytes.len() as u64).read_to_end(&mut stream)).map_err(|_| damaged())?;
    let records = Records::read(&stream);
    if records.is_locked {
        return Err(Trouble { status: Status::Encrypted, message: Message::plain("the file is locked with a password") });
    }
    if records.largest_area > LARGEST_AREA {
        return Err(Trouble::too_large(Message::new("the cells of a sheet span {0} cells", [records.largest_area.to_string()])));
    }
    if !records.is_whole {
        workbook.troubles.push(damaged());
    }
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut n_left = MOST_CELLS;
    for (index, entry) in book.sheets_metadata().to_vec().into_iter().enumerate() {
        if entry.typ != SheetType::WorkSheet {
            continue;
        }
        let is_hidden = entry.visible != SheetVisible::Visible;
        let Ok(range) = book.worksheet_range(&entry.name) else {
            workbook.troubles.push(damaged());
            continue;
        };
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut cells = Vec::new();
        for (row, column, data) in range.used_cells() {
            let row = top + u32::try_from(row).unwrap_or(LAST_ROW);
            let column = left + u32::try_from(column).unwrap_or(LAST_COLUMN);
            let mut text = shown(data, records.format(index, row, column), records.is_1904);
            if let Data::String(_) = data {
                text = indented(text, records.indent(index, row, column));
            }
            if !crate::fold::shows_nothing(&text) {
                let stored = if let Data::Float(stored) = data { Some(*stored) } else { None };
                cells.push(SheetCell { row, column, rows: 1, columns: 1, text, stored });
            }
        }
        if cells.len() > n_left {
            workbook.troubles.push(too_many_cells());
            break;
        }
        n_left -= cells.len();
        let regions: Vec<Region> = book
            .merge_cells_by_sheet_name(&entry.name)
            .unwrap_or_default()
            .iter()
            .map(|area| Region { first: area.start, last: area.end })
            .collect();
        let mut sheet = Sheet { name: entry.name, is_hidden, cells, ..Sheet::default() };
        for &(first, last) in records.hidden_rows.get(&records.start(index)).into_iter().flatten() {
            sheet.hidden_rows.push(first, last);
        }
        for &(first, last) in records.hidden_columns.get(&records.start(index)).into_iter().flatten() {
            sheet.hidden_columns.push(first, last);
        }
        workbook.sheets.push(sheet.settle(&regions));
    }
    Ok(())
}

fn shown(data: &Data, code: &str, is_1904: bool) -> String {
    let number = |stored: f64| format::show(stored, code, is_1904).unwrap_or_else(|| format::plain(stored));
    match data {
        #[allow(clippy::cast_precision_loss)]
        Data::Int(stored) => number(*stored as f64),
        Data::Float(stored) => number(*stored),
        Data::DateTime(stored) => number(stored.as_f64()),
        Data::Bool(stored) => stored.to_string().to_uppercase(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// What the records say that calamine does not hand on.
#[derive(Debug, Default)]
struct Records {
    formats: HashMap<u16, String>,
    /// Of each style the number of its format, and the steps that words stand in from the left.
    styles: Vec<(u16, u8)>,
    starts: Vec<u32>,
    cells: HashMap<(u32, u32, u32), u16>,
    hidden_rows: HashMap<u32, Vec<(u32, u32)>>,
    hidden_columns: HashMap<u32, Vec<(u32, u32)>>,
    is_1904: bool,
    is_locked: bool,
    is_whole: bool,
    largest_area: u64,
}

fn word(body: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*body.get(at)?, *body.get(at + 1)?]))
}

fn long(body: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(word(body, at)?) | u32::from(word(body, at + 2)?) << 16)
}

impl Records {
    fn read(stream: &[u8]) -> Records {
        let mut records = Records::default();
        let (mut at, mut sheet_start, mut depth) = (0, 0, 0usize);
        let mut extent = (0, 0);
        while let (Some(kind), Some(length)) = (word(stream, at), word(stream, at + 2)) {
            let end = at + 4 + length as usize;
            let Some(body) = stream.get(at + 4..end) else { break };
            match kind {
                0x0009 | 0x0209 | 0x0409 | 0x0809 => {
                    if depth == 0 {
                        sheet_start = u32::try_from(at).unwrap_or(u32::MAX);
                        extent = (0, 0);
                    }
                    depth += 1;
                }
                0x000A => {
                    depth = depth.saturating_sub(1);
                    records.is_whole = depth == 0;
                }
                0x0200 => records.dimension(body),
                _ => records.record(kind, body, sheet_start, &mut extent),
            }
            let area = u64::from(extent.0) * u64::from(extent.1);
            records.largest_area = records.largest_area.max(area);
            at = end;
        }
        records.is_whole &= depth == 0;
        records
    }

    /// The declared rectangle; calamine sets room aside for all of it.
    fn dimension(&mut self, body: &[u8]) {
        let area = if body.len() >= 14 {
            let rows = u64::from(long(body, 4).unwrap_or(0)).saturating_sub(u64::from(long(body, 0).unwrap_or(0)));
            rows.saturating_mul(u64::from(word(body, 10).unwrap_or(0)))
        } else {
            u64::from(word(body, 2).unwrap_or(0)) * u64::from(word(body, 6).unwrap_or(0))
        };
        if area > 8 * LARGEST_AREA {
            self.largest_area = self.largest_area.max(area);
        }
    }

    fn record(&mut self, kind: u16, body: &[u8], sheet: u32, extent: &mut (u32, u32)) {
        match kind {
            0x002F => self.is_locked = true,
            0x0022 => self.is_1904 = word(body, 0) == Some(1),
            0x0085 => self.starts.extend(long(body, 0)),
            0x00E0 => {
                // A shorter record is of a version that knows no such steps; on the right they count from there.
                let is_right = body.get(6).is_some_and(|bits| bits & 7 == 3);
                let indent = body.get(8).filter(|_| body.len() >= 20 && !is_right).map_or(0, |bits| bits & 15);
                self.styles.push((word(body, 2).unwrap_or(0), indent));
            }
            0x041E => self.format_record(body),
            0x0208 if word(body, 12).is_some_and(|bits| bits & 0x20 != 0) => {
                let row = u32::from(word(body, 0).unwrap_or(0));
                self.hidden_rows.entry(sheet).or_default().push((row, row));
            }
            0x007D if word(body, 8).is_some_and(|bits| bits & 1 != 0) => {
                let (first, last) = (word(body, 0).unwrap_or(0), word(body, 2).unwrap_or(0));
                self.hidden_columns.entry(sheet).or_default().push((first.into(), last.into()));
            }
            0x0203 | 0x027E | 0x0006 | 0x0206 | 0x0406 | 0x00FD | 0x0204 | 0x0205 => {
                if let (Some(row), Some(column), Some(style)) = (word(body, 0), word(body, 2), word(body, 4)) {
                    self.cell(sheet, (row, column), style, extent);
                }
            }
            0x00BD => {
                let (row, first) = (word(body, 0).unwrap_or(0), word(body, 2).unwrap_or(0));
                for (column, item) in (first..=u16::MAX).zip(body.get(4..).unwrap_or_default().chunks_exact(6)) {
                    self.cell(sheet, (row, column), word(item, 0).unwrap_or(0), extent);
                }
            }
            _ => {}
        }
    }

    fn cell(&mut self, sheet: u32, (row, column): (u16, u16), style: u16, extent: &mut (u32, u32)) {
        *extent = (extent.0.max(u32::from(row) + 1), extent.1.max(u32::from(column) + 1));
        self.cells.insert((sheet, row.into(), column.into()), style);
    }

    fn format_record(&mut self, body: &[u8]) {
        let (Some(id), Some(length)) = (word(body, 0), word(body, 2)) else { return };
        let length = length as usize;
        let code = match body.get(4) {
            Some(0) => body.get(5..5 + length).map(|bytes| bytes.iter().map(|&byte| char::from(byte)).collect()),
            Some(1) => body.get(5..5 + 2 * length).map(|bytes| encoding_rs::UTF_16LE.decode(bytes).0.into_owned()),
            _ => body.get(3..3 + (length & 0xFF)).map(|bytes| encoding_rs::GB18030.decode(bytes).0.into_owned()),
        };
        self.formats.extend(code.map(|code: String| (id, code)));
    }

    fn start(&self, sheet: usize) -> u32 {
        self.starts.get(sheet).copied().unwrap_or(u32::MAX)
    }

    fn style(&self, sheet: usize, row: u32, column: u32) -> (u16, u8) {
        let style = self.cells.get(&(self.start(sheet), row, column));
        style.and_then(|&style| self.styles.get(style as usize)).copied().unwrap_or_default()
    }

    fn indent(&self, sheet: usize, row: u32, column: u32) -> u32 {
        self.style(sheet, row, column).1.into()
    }

    fn format(&self, sheet: usize, row: u32, column: u32) -> &str {
        let id = self.style(sheet, row, column).0;
        self.formats.get(&id).map_or_else(|| format::built_in(id.into()), String::as_str)
    }
}
