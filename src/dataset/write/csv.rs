//! Rows → CSV: UTF-8, quoted where needed, no cell that a spreadsheet would run as a formula.

use crate::dataset::Trouble;
use crate::dataset::schema::{Column, Datum};
use crate::fold::fold_char;
use compact_str::ToCompactString;
use foldhash::HashMap;
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A CSV file that is being written.
pub struct Csv {
    path: PathBuf,
    out: BufWriter<File>,
    quoting: csv_core::Writer,
    /// The row that is being written.
    line: Vec<u8>,
    /// The fields that all rows of a kind have alike.
    kinds: HashMap<usize, Vec<u8>>,
}

impl Csv {
    /// Begin a file with its header.
    pub fn create<'a>(path: &Path, header: impl Iterator<Item = &'a str>) -> Result<Csv, Trouble> {
        let file = File::create(path).map_err(|error| Trouble::Io(path.into(), error))?;
        let out = BufWriter::with_capacity(1 << 18, file);
        let mut csv = Csv { path: path.into(), out, quoting: csv_core::Writer::new(), line: Vec::new(), kinds: HashMap::default() };
        csv.fields(header.map(Datum::Text))?;
        Ok(csv)
    }

    /// Begin a file with the names of some columns.
    pub fn of(path: &Path, columns: &[Column]) -> Result<Csv, Trouble> {
        Csv::create(path, columns.iter().map(|column| column.name))
    }

    /// Write a row.
    pub fn row(&mut self, row: &[Datum]) -> Result<(), Trouble> {
        self.fields(row.iter().copied())
    }

    /// Write rows that share all columns but their own, each with the number of its kind, of which every row has the first
    /// of them alike, in this call and all others. What is shared is made once.
    pub fn rows<'r, const N: usize>(
        &mut self,
        rows: impl Iterator<Item = (Option<usize>, [Datum<'r>; N])>,
        (of_kind, own): (Range<usize>, Range<usize>),
    ) -> Result<(), Trouble> {
        let Csv { path, out, quoting, line, kinds } = self;
        let (mut head, mut tail) = (Vec::new(), Vec::new());
        for (kind, row) in rows {
            if tail.is_empty() {
                push_fields(&mut head, quoting, row.iter().take(own.start).copied());
                push_fields(&mut tail, quoting, row.iter().skip(own.end).copied());
                end(&mut tail);
            }
            line.clear();
            line.extend_from_slice(&head);
            let first = || row.iter().take(of_kind.end).skip(of_kind.start).copied();
            match kind {
                Some(kind) => line.extend_from_slice(kinds.entry(kind).or_insert_with(|| {
                    let mut fields = Vec::new();
                    push_fields(&mut fields, quoting, first());
                    fields
                })),
                None => push_fields(line, quoting, first()),
            }
            push_fields(line, quoting, row.iter().take(own.end).skip(of_kind.end).copied());
            line.extend_from_slice(&tail);
            out.write_all(line).map_err(|error| Trouble::Io(path.clone(), error))?;
        }
        Ok(())
    }

    fn fields<'a>(&mut self, fields: impl Iterator<Item = Datum<'a>>) -> Result<(), Trouble> {
        let Csv { path, out, quoting, line, .. } = self;
        line.clear();
        push_fields(line, quoting, fields);
        end(line);
        out.write_all(line).map_err(|error| Trouble::Io(path.clone(), error))
    }

    /// Write what is left.
    pub fn finish(self) -> Result<(), Trouble> {
        let Csv { path, out, .. } = self;
        let synced = out.into_inner().map_err(|error| error.into_error()).and_then(|file| file.sync_all());
        synced.map_err(|error| Trouble::Io(path, error))
    }
}

/// Fields with a comma behind each.
fn push_fields<'a>(line: &mut Vec<u8>, quoting: &mut csv_core::Writer, fields: impl Iterator<Item = Datum<'a>>) {
    for datum in fields {
        match datum {
            Datum::Null => push_field(line, quoting, ""),
            Datum::Text(text) => push_field(line, quoting, &harmless(text)),
            Datum::Integer(number) => push_field(line, quoting, &number.to_compact_string()),
            Datum::Number(digits) => push_field(line, quoting, digits),
        }
    }
}

/// Behind the last field the line ends.
fn end(line: &mut [u8]) {
    if let Some(last) = line.last_mut() {
        *last = b'\n';
    }
}

/// A field with a comma behind it, in quotes where it holds a mark that parts fields or lines.
fn push_field(line: &mut Vec<u8>, quoting: &mut csv_core::Writer, field: &str) {
    let start = line.len();
    // Every character may be a quote, which is doubled, between two.
    line.resize(start + 2 * field.len() + 3, 0);
    let (_, _, n_field) = quoting.field(field.as_bytes(), line.get_mut(start..).unwrap_or_default());
    let (_, n_end) = quoting.delimiter(line.get_mut(start + n_field..).unwrap_or_default());
    line.truncate(start + n_field + n_end);
}

/// A spreadsheet runs a text that begins with one of these, in East Asia with a wide one, too.
const BEGIN_FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// An apostrophe before a formula keeps it text. A number stays one.
fn harmless(text: &str) -> Cow<'_, str> {
    // Nearly all begin with a letter, a digit or an ideograph, which one byte tells.
    let is_plain = |first: &u8| first.is_ascii_alphanumeric() || (0xE3..=0xE9).contains(first);
    if text.as_bytes().first().is_none_or(is_plain) || !text.starts_with(BEGIN_FORMULA) {
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
    use super::{end, harmless, push_field};

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

    #[test]
    fn fields_stand_as_every_reader_expects_them() {
        let fields = ["", "a", "a,b", "a\"b", "\"", "a\nb", "a\rb", " a ", "收入，1", "12.5", "a\tb", "\",\"\r\n"];
        let (mut line, mut quoting) = (Vec::new(), csv_core::Writer::new());
        fields.iter().for_each(|field| push_field(&mut line, &mut quoting, field));
        end(&mut line);
        let mut wanted = csv::Writer::from_writer(Vec::new());
        wanted.write_record(fields).unwrap();
        wanted.flush().unwrap();
        assert_eq!(line, *wanted.get_ref());
    }
}
