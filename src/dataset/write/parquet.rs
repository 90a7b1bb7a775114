//! Rows → Parquet, column by column in groups of rows. Numbers are decimals of one scale, so every digit is kept.

use crate::dataset::Trouble;
use crate::dataset::schema::{Column, Datum, Kind};
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, FixedLenByteArray, FixedLenByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a group.
const GROUP: usize = 1 << 16;
/// Rows of a column that the library looks at before it asks whether a page is full.
const LOOKED_AT: usize = 1024;
/// Rows of a column that are handed over at once: what is made for them stays near the processor. A whole number of those
/// that are looked at, so that pages end where they would if all came at once.
const PART: usize = 4 * LOOKED_AT;

/// Rows stand in order of these, or of what is told by size: a reader skips groups by the least and the most that they have.
/// Of all other columns every group has nearly everything.
const ORDERED: [&str; 4] = ["publisher", "year", "value", "file"];

/// Digits of a decimal that 64 bits hold, by the format.
const MOST_OF_INTEGER: u32 = 18;

/// How many digits the numbers of a dataset have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Digits {
    /// Most before the point.
    pub whole: u32,
    /// Most behind it.
    pub scale: u32,
}

impl Digits {
    /// Enough for both.
    pub fn join(self, other: Digits) -> Digits {
        Digits { whole: self.whole.max(other.whole), scale: self.scale.max(other.scale) }
    }

    /// How numbers are stored.
    fn store(self) -> Stored {
        let n_digits = self.whole.saturating_add(self.scale);
        let wide = if n_digits <= 38 { Stored::Bytes { width: 16, precision: 38 } } else { Stored::Bytes { width: 32, precision: 76 } };
        if n_digits <= MOST_OF_INTEGER { Stored::Integer } else { wide }
    }
}

/// How the numbers of a file are stored, all as decimals: most readers know those of 38 digits, some those of 76.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stored {
    /// In a whole number of 64 bits.
    Integer,
    /// In so many bytes.
    Bytes { width: usize, precision: u32 },
}

/// A Parquet file that is being written.
pub struct Parquet {
    path: PathBuf,
    out: SerializedFileWriter<File>,
    kinds: Vec<Kind>,
    /// The rows of a group that wait, part by part; of each, column by column. They are emptied and filled again.
    parts: Vec<Vec<Pending>>,
    n_rows: usize,
    digits: Digits,
}

/// What waits of one column.
#[derive(Default)]
struct Pending {
    is_set: Vec<i16>,
    texts: Vec<u8>,
    runs: Vec<Run>,
    integers: Vec<i64>,
}

/// The same text in rows that follow one another, as a report's name and its table's are.
struct Run {
    text: Range<usize>,
    n_rows: usize,
}

impl Pending {
    fn clear(&mut self) {
        let Pending { is_set, texts, runs, integers } = self;
        is_set.clear();
        texts.clear();
        runs.clear();
        integers.clear();
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let Pending { texts, runs, .. } = self;
        match runs.last_mut().filter(|run| texts.get(run.text.clone()) == Some(bytes)) {
            Some(run) => run.n_rows += 1,
            None => {
                let start = texts.len();
                texts.extend_from_slice(bytes);
                runs.push(Run { text: start..texts.len(), n_rows: 1 });
            }
        }
    }
}

impl Parquet {
    /// Begin a file.
    pub fn create(path: &Path, columns: &[Column], digits: Digits) -> Result<Parquet, Trouble> {
        let begin = || -> Result<_, ParquetError> {
            let schema = Arc::new(parse_message_type(&schema(columns, digits))?);
            let properties = WriterProperties::builder()
                .set_compression(Compression::SNAPPY)
                .set_write_batch_size(LOOKED_AT)
                .set_created_by(concat!("luoshu ", env!("CARGO_PKG_VERSION")).into());
            let others = columns.iter().filter(|column| !ORDERED.contains(&column.name)).map(|column| ColumnPath::from(column.name));
            let properties = others.fold(properties, |own, column| own.set_column_statistics_enabled(column, EnabledStatistics::None));
            SerializedFileWriter::new(File::create(path)?, schema, Arc::new(properties.build()))
        };
        let out = begin().map_err(|error| trouble(path, error))?;
        let kinds = columns.iter().map(|column| column.kind).collect();
        Ok(Parquet { path: path.into(), out, kinds, parts: Vec::new(), n_rows: 0, digits })
    }

    /// Write a row.
    pub fn row(&mut self, row: &[Datum]) -> Result<(), Trouble> {
        let part = self.n_rows / PART;
        if part == self.parts.len() {
            self.parts.push(self.kinds.iter().map(|_| Pending::default()).collect());
        }
        for (column, datum) in self.parts.get_mut(part).into_iter().flatten().zip(row) {
            column.is_set.push((*datum != Datum::Null).into());
            match datum {
                Datum::Null => {}
                Datum::Text(text) => column.bytes(text.as_bytes()),
                Datum::Integer(number) => column.integers.push(*number),
                Datum::Number(digits) => match self.digits.store() {
                    Stored::Integer => column.integers.push(whole_number(digits, self.digits.scale)),
                    Stored::Bytes { width, .. } => column.bytes(&decimal(digits, self.digits.scale, width)),
                },
            }
        }
        self.n_rows += 1;
        if self.n_rows == GROUP { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Trouble> {
        let path = self.path.clone();
        self.try_flush().map_err(|error| trouble(&path, error))
    }

    fn try_flush(&mut self) -> Result<(), ParquetError> {
        let n_parts = self.n_rows.div_ceil(PART);
        let mut group = self.out.next_row_group()?;
        for (index, kind) in self.kinds.iter().enumerate() {
            if let Some(mut column) = group.next_column()? {
                for pending in self.parts.iter().take(n_parts).filter_map(|part| part.get(index)) {
                    write(pending, (*kind, self.digits.store()), &mut column)?;
                }
                column.close()?;
            }
        }
        group.close()?;
        self.parts.iter_mut().flatten().for_each(Pending::clear);
        self.n_rows = 0;
        Ok(())
    }

    /// Write what is left.
    pub fn finish(mut self) -> Result<(), Trouble> {
        if self.n_rows > 0 {
            self.flush()?;
        }
        let Parquet { path, out, .. } = self;
        let file = out.into_inner().map_err(|error| trouble(&path, error))?;
        file.sync_all().map_err(|error| Trouble::Io(path, error))
    }
}

fn write(pending: &Pending, (kind, stored): (Kind, Stored), column: &mut SerializedColumnWriter) -> Result<(), ParquetError> {
    let is_set = Some(pending.is_set.as_slice());
    match (kind, stored) {
        (Kind::Text, _) => column.typed::<ByteArrayType>().write_batch(&pieces(pending), is_set, None)?,
        (Kind::Integer, _) | (Kind::Number, Stored::Integer) => column.typed::<Int64Type>().write_batch(&pending.integers, is_set, None)?,
        (Kind::Number, Stored::Bytes { .. }) => {
            let pieces: Vec<FixedLenByteArray> = pieces(pending).into_iter().map(FixedLenByteArray::from).collect();
            column.typed::<FixedLenByteArrayType>().write_batch(&pieces, is_set, None)?
        }
    };
    Ok(())
}

/// Values that share a buffer. The file's statistics keep the least and the most of each group to the end, and with them
/// all that is in their buffers.
const IN_ONE_BUFFER: usize = 64;

fn pieces(pending: &Pending) -> Vec<ByteArray> {
    let mut pieces = Vec::with_capacity(pending.is_set.len());
    for runs in pending.runs.chunks(IN_ONE_BUFFER) {
        let (first, last) = (runs.first().map_or(0, |run| run.text.start), runs.last().map_or(0, |run| run.text.end));
        let buffer = ByteArray::from(pending.texts.get(first..last).unwrap_or_default().to_vec());
        for Run { text, n_rows } in runs {
            pieces.extend(std::iter::repeat_n(buffer.slice(text.start - first, text.len()), *n_rows));
        }
    }
    pieces
}

fn trouble(path: &Path, error: ParquetError) -> Trouble {
    match error {
        ParquetError::External(cause) if cause.is::<io::Error>() => match cause.downcast::<io::Error>() {
            Ok(cause) => Trouble::Io(path.into(), *cause),
            Err(cause) => Trouble::Io(path.into(), io::Error::other(cause)),
        },
        other => Trouble::Io(path.into(), io::Error::other(other)),
    }
}

fn schema(columns: &[Column], digits: Digits) -> String {
    let scale = digits.scale;
    let number = match digits.store() {
        Stored::Integer => ("int64".to_string(), MOST_OF_INTEGER),
        Stored::Bytes { width, precision } => (format!("fixed_len_byte_array({width})"), precision),
    };
    let line = |column: &Column| match column.kind {
        Kind::Text => format!("optional byte_array {} (string);", column.name),
        Kind::Integer => format!("optional int64 {};", column.name),
        Kind::Number => {
            let (kind, precision) = &number;
            format!("optional {kind} {} (decimal({precision},{scale}));", column.name)
        }
    };
    format!("message dataset {{ {} }}", columns.iter().map(line).collect::<Vec<_>>().join(" "))
}

/// The digits of a number of so many decimals, one by one.
fn digits_of(text: &str, scale: u32) -> impl Iterator<Item = u8> {
    // Zeros at the end of decimals are not needed: a workbook may have twenty of them.
    let text = if text.contains('.') { text.trim_end_matches('0') } else { text };
    let n_behind = text.split_once('.').map_or(0, |(_, behind)| behind.len());
    let zeros = (scale as usize).saturating_sub(n_behind);
    text.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').chain(std::iter::repeat_n(0, zeros))
}

/// A number as a whole number of the dataset's scale.
fn whole_number(text: &str, scale: u32) -> i64 {
    let join = |whole: i64, digit: u8| whole.wrapping_mul(10).wrapping_add(digit.into());
    // Most are whole and count something.
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let whole = text.bytes().map(|byte| byte - b'0').fold(0, join);
        return whole.wrapping_mul(10_i64.wrapping_pow(scale));
    }
    let whole = digits_of(text, scale).fold(0, join);
    if text.starts_with('-') { -whole } else { whole }
}

/// The same in two's complement, highest byte first.
fn decimal(text: &str, scale: u32, width: usize) -> Vec<u8> {
    let negative = text.starts_with('-');
    if width == size_of::<i128>() {
        let whole = digits_of(text, scale).fold(0_i128, |whole, digit| whole.wrapping_mul(10).wrapping_add(digit.into()));
        return (if negative { -whole } else { whole }).to_be_bytes().to_vec();
    }
    let mut bytes = vec![0_u8; width];
    for digit in digits_of(text, scale) {
        let mut carry = u16::from(digit);
        for byte in bytes.iter_mut().rev() {
            let next = u16::from(*byte) * 10 + carry;
            (*byte, carry) = ((next & 0xFF) as u8, next >> 8);
        }
    }
    if negative {
        let mut carry = true;
        for byte in bytes.iter_mut().rev() {
            (*byte, carry) = (!*byte).overflowing_add(carry.into());
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_digit() {
        for (text, whole) in [("12.5", 1250), ("7", 700), ("-3", -300), ("9587.2600000000000000000000", 958_726), ("0.000", 0)] {
            assert_eq!(decimal(text, 2, 16), i128::from(whole).to_be_bytes());
            assert_eq!(whole_number(text, 2), whole);
        }
        let stored = |whole, scale| Digits { whole, scale }.store();
        assert_eq!(stored(16, 2), Stored::Integer);
        assert_eq!(stored(17, 2), Stored::Bytes { width: 16, precision: 38 });
        assert_eq!(stored(28, 28), Stored::Bytes { width: 32, precision: 76 });
        let low = |bytes: &[u8]| i128::from_be_bytes(bytes[16..].try_into().unwrap());
        let bytes = decimal("-0.0000000000000000000000000012", 28, 32);
        assert_eq!((bytes.len(), low(&bytes)), (32, -12));
        assert!(bytes[..16].iter().all(|&byte| byte == 0xFF));
    }
}
