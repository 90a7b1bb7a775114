//! Values as JSON: of a family's tables, of other tables, of sentences; numbers with every digit they are printed with.

use super::{JsonPlace, place};
use crate::check::Trust;
use crate::fit::{Fate, FittedCell, FittedTable};
use crate::generic::LooseValue;
use crate::normalise::{Quantity, Reading};
use crate::prose::{Direction, Name, Statement};
use crate::report::Report;
use serde::Serialize;
use serde_json::Number;

/// A value with its key.
#[derive(Serialize)]
pub(super) struct JsonValue<'a> {
    key: String,
    value: Option<Number>,
    raw: &'a str,
    unit: Option<&'a str>,
    state: &'static str,
    standing: &'static str,
    place: Option<JsonPlace>,
    /// What only a sentence tells.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    said: Option<JsonSaid<'a>>,
}

#[derive(Serialize)]
struct JsonSaid<'a> {
    name: &'a str,
    direction: Option<&'static str>,
    under: Option<String>,
    preliminary: bool,
}

/// All values of a report.
pub(super) fn values<'a>(report: &'a Report) -> impl Iterator<Item = JsonValue<'a>> {
    let shown = |cell: &&FittedCell| cell.fate != Fate::Lost;
    let fitted =
        report.fitted.tables.iter().flat_map(move |table| table.cells.iter().filter(shown).map(|cell| fitted_value(report, table, cell)));
    let loose = report.loose.iter().flat_map(|table| &table.values).map(|value| loose_value(report, value));
    let stated = report.stated.statements.iter().map(|statement| stated_value(report, statement));
    fitted.chain(loose).chain(stated)
}

fn stated_value<'a>(report: &'a Report, statement: &'a Statement) -> JsonValue<'a> {
    let direction = statement.direction.map(|direction| match direction {
        Direction::Up => "up",
        Direction::Down => "down",
    });
    JsonValue {
        key: statement.key.clone(),
        value: exact(&statement.value.to_string()),
        raw: report.source.document.slice(statement.span),
        unit: statement.unit.as_deref(),
        state: if statement.is_rough { "annotated" } else { "number" },
        standing: "unproven",
        place: place(report, Some(statement.span)),
        said: Some(JsonSaid {
            name: &statement.name.printed,
            direction,
            under: statement.base.as_ref().or(statement.under.as_ref()).map(Name::shown),
            preliminary: statement.is_preliminary,
        }),
    }
}

fn loose_value<'a>(report: &'a Report, value: &'a LooseValue) -> JsonValue<'a> {
    let (state, quantity) = state(&value.reading);
    JsonValue {
        key: value.key.clone(),
        value: quantity.map(number),
        raw: report.source.document.slice(value.span),
        unit: quantity.and_then(|quantity| quantity.unit).or(value.unit.as_deref()),
        state,
        standing: standing(value.trust.filter(|_| quantity.is_some())),
        place: place(report, Some(value.span)),
        said: None,
    }
}

fn fitted_value<'a>(report: &'a Report, table: &'a FittedTable, cell: &'a FittedCell) -> JsonValue<'a> {
    let key = report.key(table, cell);
    let (state, quantity) = if cell.fate == Fate::Ambiguous { ("ambiguous", None) } else { state(&cell.reading) };
    let standing = standing(report.trust(cell).filter(|_| quantity.is_some()));
    let own_span = cell.span.filter(|_| cell.fate != Fate::Ambiguous);
    let row_span = || table.printed.get(cell.printed).map(|row| row.span);
    JsonValue {
        key,
        value: quantity.map(number),
        raw: own_span.map_or("", |span| report.source.document.slice(span)),
        unit: quantity.and_then(|quantity| quantity.unit).or(cell.unit.as_deref()),
        state,
        standing,
        place: place(report, own_span.or_else(row_span)),
        said: None,
    }
}

fn standing(trust: Option<Trust>) -> &'static str {
    match trust {
        Some(Trust::Proven) => "proven",
        Some(Trust::Disputed) => "disputed",
        None => "unproven",
    }
}

fn state(reading: &Reading) -> (&'static str, Option<&Quantity>) {
    match reading {
        Reading::Blank => ("blank", None),
        Reading::NotApplicable => ("na", None),
        Reading::Number(quantity) => ("number", Some(quantity)),
        Reading::Annotated(quantity) => ("annotated", Some(quantity)),
        Reading::Unread(_) | Reading::Words => ("text", None),
    }
}

/// A number with every digit it is printed with.
fn number(quantity: &Quantity) -> Number {
    exact(&quantity.value.to_string()).unwrap_or_else(|| Number::from(0))
}

/// Digits as a number that keeps all of them.
pub(super) fn exact(digits: &str) -> Option<Number> {
    serde_json::from_str(digits).ok()
}
