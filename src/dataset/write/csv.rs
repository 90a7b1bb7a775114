//! Rows → CSV: UTF-8, quoted where needed, no cell that a spreadsheet would run as a formula.

use crate::dataset::Trouble;
use crate::dataset::schema::{Column, Datum};
use crate::fold::fold_char;
use std::borrow::Cow;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// A CSV file that is being written.
pub struct Csv {
    path: PathBuf,
    out: csv::Writer<BufWriter<File>>,
}

impl Csv {
    /// Begin a file with its header.
    pub fn create<'a>(path: &Path, header: impl Iterator<Item = &'a str>) -> Result<Csv, Trouble> {
        let file = File::create(path).map_err(|error| Trouble::Io(path.into(), error))?;
        let mut csv = Csv { path: path.into(), out: csv::Writer::from_writer(BufWriter::with_capacity(1 << 18, file)) };
        let header: Vec<Cow<str>> = header.map(harmless).collect();
        csv.fields(header.iter().map(Cow::as_ref))?;
        Ok(csv)
    }

    /// Begin a file with the names of some columns.
    pub fn of(path: &Path, columns: &[Column]) -> Result<Csv, Trouble> {
        Csv::create(path, columns.iter().map(|column| column.name))
    }

    fn fields<'a>(&mut self, fields: impl Iterator<Item = &'a str>) -> Result<(), Trouble> {
        self.out.write_record(fields).map_err(|error| Trouble::Io(self.path.clone(), error.into()))
    }

    /// Write a row.
    pub fn row(&mut self, row: &[Datum]) -> Result<(), Trouble> {
        let outcome = row.iter().try_for_each(|datum| match datum {
            Datum::Null => self.out.write_field(""),
            Datum::Text(text) => self.out.write_field(harmless(text).as_ref()),
            Datum::Integer(number) => self.out.write_field(number.to_string()),
            Datum::Number(digits) => self.out.write_field(digits),
        });
        let outcome = outcome.and_then(|()| self.out.write_record(None::<&[u8]>));
        outcome.map_err(|error| Trouble::Io(self.path.clone(), error.into()))
    }

    /// Write what is left.
    pub fn finish(self) -> Result<(), Trouble> {
        let path = self.path;
        let flushed = self.out.into_inner().map_err(|error| error.into_error());
        let synced = flushed.and_then(|file| file.into_inner().map_err(|error| error.into_error())).and_then(|file| file.sync_all());
        synced.map_err(|error| Trouble::Io(path, error))
    }
}

/// A spreadsheet runs a text that begins with one of these, in East Asia with a wide one, too.
const BEGIN_FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// An apostrophe before a formula keeps it text. A number stays one.
fn harmless(text: &str) -> Cow<'_, str> {
    if !text.starts_with(BEGIN_FORMULA) {
        return Cow::Borrowed(text);
    }
    // What stands behind the sign of a number is digits; `－2+3` would be worked out.
    let mut shown = text.chars().map(fold_char);
    let is_number = matches!(shown.next(), Some('+' | '-')) && shown.all(is_of_number);
    if is_number { Cow::Borrowed(text) } else { Cow::Owned(format!("'{text}")) }
}

fn is_of_number(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '.' | ',' | ' ' | '%')
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        assert_eq!(harmless("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(harmless("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless("-1+cmd"), "'-1+cmd");
        for formula in ["＝1+1", "＋cmd", "－1+cmd", "＠SUM(A1)", "\tx", "\r=1", "\n=1", "=1", "－2+3", "@1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for plain in ["-5", "－５", "-1,234.5", "+3%", "-", "—", "收入", "a=b", ""] {
            assert_eq!(harmless(plain), plain);
        }
    }
}
