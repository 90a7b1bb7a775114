//! Rows of a dataset → Arrow: the columns that `luoshu::dataset::schema` tells, filled row by row, handed to Python
//! through the PyCapsule interface without a copy.
//!
//! A number becomes two columns: `value`, a decimal of one type for all reports, so that rows of any two can be put
//! together; and `value_exact`, its digits as text. A number that no such decimal holds stands in the second alone.

use arrow_array::builder::{Decimal128Builder, Int64Builder, StringBuilder};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator, StructArray};
use arrow_schema::{ArrowError, DataType, Field, Fields};
use luoshu::dataset::schema::{Column, Datum, Kind};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::sync::Arc;

/// Digits that a number may have, and how many of them stand behind the point: spreadsheets print seventeen.
const PRECISION: u8 = 38;
const SCALE: i8 = 18;
const NUMBER: DataType = DataType::Decimal128(PRECISION, SCALE);

fn fields(column: &Column) -> Vec<Field> {
    let field = |name: &str, kind| Field::new(name, kind, true);
    match column.kind {
        Kind::Text => vec![field(column.name, DataType::Utf8)],
        Kind::Integer => vec![field(column.name, DataType::Int64)],
        Kind::Number => vec![field(column.name, NUMBER), field(&format!("{}_exact", column.name), DataType::Utf8)],
    }
}

/// Rows, column by column.
pub struct Rows {
    fields: Fields,
    builders: Vec<Builder>,
    length: usize,
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Decimal128Builder, StringBuilder),
}

impl Rows {
    /// No rows yet.
    pub fn new<'c>(columns: impl Iterator<Item = &'c Column> + Clone) -> Rows {
        let builder = |column: &Column| match column.kind {
            Kind::Text => Builder::Text(StringBuilder::new()),
            Kind::Integer => Builder::Integer(Int64Builder::new()),
            Kind::Number => Builder::Number(Decimal128Builder::new().with_data_type(NUMBER), StringBuilder::new()),
        };
        Rows { fields: columns.clone().flat_map(fields).collect(), builders: columns.map(builder).collect(), length: 0 }
    }

    /// One more row.
    pub fn push(&mut self, row: &[Datum]) {
        self.length += 1;
        for (builder, datum) in self.builders.iter_mut().zip(row) {
            match (builder, datum) {
                (Builder::Text(builder), Datum::Text(text)) => builder.append_value(text),
                (Builder::Text(builder), _) => builder.append_null(),
                (Builder::Integer(builder), Datum::Integer(number)) => builder.append_value(*number),
                (Builder::Integer(builder), _) => builder.append_null(),
                (Builder::Number(builder, exact), Datum::Number(digits)) => {
                    builder.append_option(scaled(digits));
                    exact.append_value(digits);
                }
                (Builder::Number(builder, exact), _) => {
                    builder.append_null();
                    exact.append_null();
                }
            }
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// The rows as one column of structs.
    pub fn finish(self) -> Result<StructArray, ArrowError> {
        let arrays = self.builders.into_iter().flat_map(|builder| -> Vec<ArrayRef> {
            match builder {
                Builder::Text(mut builder) => vec![Arc::new(builder.finish())],
                Builder::Integer(mut builder) => vec![Arc::new(builder.finish())],
                Builder::Number(mut builder, mut exact) => vec![Arc::new(builder.finish()), Arc::new(exact.finish())],
            }
        });
        StructArray::try_new_with_length(self.fields, arrays.collect(), None, self.length)
    }
}

/// `-12.5` → -12500000000000000000; nothing where the digits do not fit.
fn scaled(digits: &str) -> Option<i128> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let missing = usize::try_from(SCALE).ok()?.checked_sub(fraction.len())?;
    let number: i128 = format!("{whole}{fraction}").parse().ok()?;
    let number = number.checked_mul(10_i128.checked_pow(u32::try_from(missing).ok()?)?)?;
    (number.unsigned_abs() < 10_u128.pow(u32::from(PRECISION))).then_some(number)
}

/// A batch as an Arrow stream that any Arrow library takes over.
pub fn stream<'py>(py: Python<'py>, batch: RecordBatch) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = batch.schema();
    let stream = FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new([Ok(batch)], schema)));
    PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
}

/// An Arrow error, told as Python's.
pub fn told(error: ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
