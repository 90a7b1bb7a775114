//! The panel as an Excel workbook: the panel, the findings to look at, what the variables mean.

use crate::dataset::Trouble;
use crate::dataset::schema::Datum;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Once;

/// A workbook that is being written.
pub struct Xlsx {
    path: PathBuf,
    workbook: Workbook,
    rows: Vec<u32>,
}

/// Rows and columns of a sheet, by the format.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: usize = 16_384;
/// Characters of a cell, by the format.
const LONGEST: usize = 32_767;

/// How hard a workbook is packed: harder makes it a little smaller and takes three times as long.
const PACKED: u8 = 2;

impl Xlsx {
    /// Begin a workbook with sheets of these names and headers; rows wait in `folder`.
    pub fn create(path: &Path, folder: &Path, sheets: &[(&str, Vec<&str>)]) -> Result<Xlsx, Trouble> {
        let begin = || -> Result<Workbook, XlsxError> {
            let mut workbook = Workbook::new();
            workbook.set_tempdir(folder)?;
            workbook.set_zip_compression_level(PACKED);
            // A file's own date would make two runs over the same reports differ.
            let properties = DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
            workbook.set_properties(&properties);
            let bold = Format::new().set_bold();
            for (name, header) in sheets {
                let sheet = workbook.add_worksheet_with_constant_memory()?;
                sheet.set_name(*name)?;
                sheet.set_freeze_panes(1, if *name == "panel" { 2 } else { 0 })?;
                for (column, title) in (0_u16..).zip(header.iter().take(MOST_COLUMNS)) {
                    sheet.write_with_format(0, column, *title, &bold)?;
                }
            }
            Ok(workbook)
        };
        let workbook = begin().map_err(|error| trouble(path, error))?;
        Ok(Xlsx { path: path.into(), workbook, rows: vec![1; sheets.len()] })
    }

    /// Write a row; false where the sheet is full.
    pub fn row(&mut self, sheet: usize, row: &[Datum]) -> Result<bool, Trouble> {
        let Some(next) = self.rows.get_mut(sheet).filter(|next| **next < MOST_ROWS) else { return Ok(false) };
        let at = *next;
        *next += 1;
        let workbook = &mut self.workbook;
        contained(&self.path, || workbook.worksheet_from_index(sheet).and_then(|sheet| write(sheet, at, row)))?;
        Ok(true)
    }

    /// Write the file.
    pub fn finish(mut self) -> Result<(), Trouble> {
        let Xlsx { path, workbook, .. } = &mut self;
        contained(path, || workbook.save(&*path))
    }
}

static HUSH: Once = Once::new();

thread_local! {
    static IS_CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// The library panics where a row that waits cannot be written: on a full disk.
fn contained<T>(path: &Path, write: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, Trouble> {
    let full = |_| Err(Trouble::Io(path.into(), io::Error::other("the workbook cannot be written: is the disk full?")));
    // What it would say is said in words of ours.
    HUSH.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !IS_CONTAINED.get() {
                hook(panic);
            }
        }));
    });
    IS_CONTAINED.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(write));
    IS_CONTAINED.set(false);
    outcome.map_or_else(full, |outcome| outcome.map_err(|error| trouble(path, error)))
}

fn write(sheet: &mut Worksheet, row: u32, data: &[Datum]) -> Result<(), XlsxError> {
    for (column, datum) in (0_u16..).zip(data.iter().take(MOST_COLUMNS)) {
        match datum {
            Datum::Null => {}
            Datum::Text(text) => {
                sheet.write_string(row, column, text.chars().take(LONGEST).collect::<String>())?;
            }
            Datum::Integer(number) => write_exact(sheet, row, column, &number.to_string())?,
            Datum::Number(digits) => write_exact(sheet, row, column, digits)?,
        }
    }
    Ok(())
}

/// A spreadsheet's numbers are doubles: one with more digits than they hold stands as text, whole.
fn write_exact(sheet: &mut Worksheet, row: u32, column: u16, digits: &str) -> Result<(), XlsxError> {
    const SAFE_DIGITS: usize = 15;
    let is_safe = digits.bytes().filter(u8::is_ascii_digit).count() <= SAFE_DIGITS;
    match digits.parse::<f64>() {
        Ok(number) if is_safe => sheet.write_number(row, column, number)?,
        _ => sheet.write_string(row, column, digits)?,
    };
    Ok(())
}

fn trouble(path: &Path, error: XlsxError) -> Trouble {
    match error {
        XlsxError::IoError(error) => Trouble::Io(path.into(), error),
        other => Trouble::Io(path.into(), io::Error::other(other.to_string())),
    }
}
