//! Rows → SQLite. A value's report stands in its own table, and so does its variable with its unit and the ids of its
//! table, row and column; of a cell only what is not as usual is stored. The view `values` puts them together as the CSV
//! has them.

use crate::dataset::Trouble;
use crate::dataset::entry::Entry;
use crate::dataset::record::{Cell, Finding, Grid, Standing, State};
use crate::dataset::schema::{Column, Datum, FLAGS, Kind, PANEL, REPORTS, VALUES};
use crate::dataset::variables::Variables;
use crate::dataset::write::panel::Column as PanelColumn;
use crate::dataset::write::rows::{self, OF_VARIABLE, OWN};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A database that is being written.
pub struct Sqlite {
    path: PathBuf,
    connection: Connection,
    variables: Arc<Variables>,
    /// Row of the report that is being written.
    report: i64,
    /// The statement that writes as many cells as one can.
    full: String,
}

/// Of the columns that its variable has, the last is its name.
const VARIABLE: usize = OF_VARIABLE.end - 1;
/// Columns that are null where they say what most cells do: the digits of the value, the unit of the variable, a number,
/// a proven one.
const RAW: usize = 9;
const UNIT: usize = 10;
const STATE: usize = 11;
const STANDING: usize = 12;
/// Columns of `cells` beside its id.
const OF_CELL: usize = OWN.end - OWN.start;
/// The id of a cell begins with its report's, so the cells of a report are found without an index; so many bits tell
/// them apart.
const OF_REPORT: u32 = 32;
const MOST_OF_REPORT: u32 = u32::MAX;
/// Bytes of a page: a few thousand rows are read or written at a time, hardly ever one.
const PAGE: u32 = 16_384;
/// Rows that one statement writes: most of its time is not theirs.
const AT_ONCE: usize = 32;
/// More columns than these are no table for SQLite.
const MOST_COLUMNS: usize = 1990;

/// A cell with its table and the index of its variable.
type OwnCell<'a> = (&'a Grid, &'a Cell, Option<usize>);

impl Sqlite {
    /// Begin a database.
    pub fn create(path: &Path, variables: Arc<Variables>) -> Result<Sqlite, Trouble> {
        let begin = || -> rusqlite::Result<Connection> {
            let connection = Connection::open(path)?;
            // The file counts only once it is whole, so nothing guards it while it is written.
            connection.pragma_update(None, "page_size", PAGE)?;
            connection.pragma_update(None, "journal_mode", "off")?;
            connection.pragma_update(None, "synchronous", "off")?;
            connection.pragma_update(None, "temp_store", "file")?;
            // Every row is told the id of a report and a variable that have just been written.
            connection.pragma_update(None, "foreign_keys", false)?;
            connection.execute_batch(&tables())?;
            connection.set_prepared_statement_cache_capacity(2 * AT_ONCE);
            connection.execute_batch("begin")?;
            Ok(connection)
        };
        let connection = begin().map_err(|error| Trouble::Database(path.into(), error))?;
        let database = Sqlite { path: path.into(), connection, variables, report: 0, full: insert_cells(AT_ONCE, false) };
        for (index, variable) in database.variables.iter().enumerate() {
            let [table, row, column] = variable.ids().map(Datum::Text);
            let (name, unit) = (Datum::Text(&variable.name), variable.unit.as_deref().into());
            database.insert("variables", &[number(index), table, row, column, name, unit])?;
        }
        Ok(database)
    }

    fn trouble<T>(&self, outcome: rusqlite::Result<T>) -> Result<T, Trouble> {
        outcome.map_err(|error| Trouble::Database(self.path.clone(), error))
    }

    fn insert(&self, table: &str, row: &[Datum]) -> Result<(), Trouble> {
        let marks = vec!["?"; row.len()].join(",");
        let id = if table == "reports" { "null," } else { "" };
        let outcome = self.connection.prepare_cached(&format!("insert into {table} values ({id}{marks})"));
        let outcome = outcome.and_then(|mut statement| statement.execute(params_from_iter(row)));
        self.trouble(outcome.map(|_| ()))
    }

    /// A report; its cells follow.
    pub fn report(&mut self, entry: &Entry) -> Result<(), Trouble> {
        self.report += 1;
        rows::report(entry, |row| self.insert("reports", row))
    }

    /// The cells of a report, each with the index of its variable.
    pub fn cells<'a>(&self, entry: &'a Entry, cells: impl Iterator<Item = OwnCell<'a>>) -> Result<(), Trouble> {
        let cells: Vec<OwnCell> = cells.collect();
        let Some((first, others)) = cells.split_first() else { return Ok(()) };
        self.trouble(self.some_cells(entry, Some(self.report << OF_REPORT), std::slice::from_ref(first)))?;
        others.chunks(AT_ONCE).try_for_each(|chunk| self.trouble(self.some_cells(entry, None, chunk)))
    }

    /// Write cells: one with its id, or any without, which get the next ones and need not be looked for first.
    fn some_cells(&self, entry: &Entry, id: Option<i64>, cells: &[OwnCell]) -> rusqlite::Result<()> {
        let is_full = cells.len() == AT_ONCE;
        let statement = if is_full { Cow::Borrowed(&self.full) } else { Cow::Owned(insert_cells(cells.len(), id.is_some())) };
        let mut statement = self.connection.prepare_cached(&statement)?;
        let first = if let Some(id) = id { statement.raw_bind_parameter(1, id).map(|()| 2)? } else { 1 };
        for (&(grid, cell, variable), first) in cells.iter().zip((first..).step_by(OF_CELL)) {
            let row = rows::value(entry, grid, cell, None);
            let own = row.into_iter().enumerate().take(OWN.end).skip(OWN.start);
            for ((index, datum), at) in own.zip(first..) {
                match self.stored(index, datum, (cell, variable)) {
                    // What is not bound is null: a statement comes back from the cache with nothing bound.
                    Datum::Null => {}
                    Datum::Text(text) => statement.raw_bind_parameter(at, text)?,
                    other => statement.raw_bind_parameter(at, other)?,
                }
            }
        }
        statement.raw_execute().map(|_| ())
    }

    /// What is stored of a column of `values`; null for what the view knows without it.
    fn stored<'d>(&self, index: usize, datum: Datum<'d>, (cell, variable): (&Cell, Option<usize>)) -> Datum<'d> {
        let is_as_usual = match index {
            VARIABLE => return variable.map_or(Datum::Null, number),
            RAW => cell.value.as_ref() == Some(&cell.raw) && is_plain(&cell.raw),
            UNIT => match variable.and_then(|variable| self.variables.get(variable)).and_then(|variable| variable.unit.as_deref()) {
                // An empty text stands for none, where null is the variable's.
                Some(_) if cell.unit.is_none() => return Datum::Text(""),
                usual => usual.is_some() && usual == cell.unit.as_deref(),
            },
            STATE => cell.state == State::Number,
            STANDING => cell.standing == Standing::Proven,
            _ => OF_VARIABLE.contains(&index) && variable.is_some(),
        };
        if is_as_usual { Datum::Null } else { datum }
    }

    /// A flag.
    pub fn flag(&self, entry: &Entry, flag: &Finding) -> Result<(), Trouble> {
        rows::flag(entry, flag, |row| self.insert("flags", row))
    }

    /// The table of the panel; false where it has more columns than a table can have.
    pub fn panel(&self, columns: &[PanelColumn]) -> Result<bool, Trouble> {
        if columns.len() + PANEL.len() > MOST_COLUMNS {
            return Ok(false);
        }
        let names = columns.iter().map(|column| format!(", \"{}\"", column.variable.name)).collect::<String>();
        let outcome = self.connection.execute_batch(&format!("create table panel ({}{names})", declare(PANEL)));
        self.trouble(outcome)?;
        Ok(true)
    }

    /// A row of the panel.
    pub fn panel_row(&self, row: &[Datum]) -> Result<(), Trouble> {
        self.insert("panel", row)
    }

    /// Make what is written searchable.
    pub fn index(&self) -> Result<(), Trouble> {
        self.trouble(self.connection.execute_batch(INDEXES))
    }

    /// Make it whole.
    pub fn finish(self) -> Result<(), Trouble> {
        let finish = || -> rusqlite::Result<()> {
            self.connection.execute_batch("commit")?;
            // So many rows of each index tell enough.
            self.connection.execute_batch("pragma analysis_limit = 1000; analyze")
        };
        let outcome = finish();
        self.trouble(outcome)?;
        let Sqlite { path, connection, .. } = self;
        connection.close().map_err(|(_, error)| Trouble::Database(path.clone(), error))?;
        std::fs::File::open(&path).and_then(|file| file.sync_all()).map_err(|error| Trouble::Io(path, error))
    }
}

const INDEXES: &str = "
    create index reports_of_publisher on reports (publisher, year);
    create index reports_by_report on reports (report);
    create index cells_of_variable on cells (variable_id) where variable_id is not null;
    create index flags_of_report on flags (report);
    create index flags_by_code on flags (code);
";

/// The statement that writes so many cells, with an id each or without.
fn insert_cells(n_cells: usize, has_id: bool) -> String {
    let name = |(index, column): (usize, &Column)| if index == VARIABLE { "variable_id".into() } else { format!("\"{}\"", column.name) };
    let own = VALUES.iter().enumerate().take(OWN.end).skip(OWN.start).map(name);
    let columns: Vec<String> = has_id.then(|| "id".into()).into_iter().chain(own).collect();
    let row = format!("({})", vec!["?"; columns.len()].join(","));
    format!("insert into cells ({}) values {}", columns.join(","), vec![row; n_cells].join(","))
}

/// An exact number has no declared type: whole ones are integers, others reals where fifteen digits hold them, else text.
fn declare(columns: &[Column]) -> String {
    let kind = |kind| match kind {
        Kind::Text => " text",
        Kind::Integer => " integer",
        Kind::Number => "",
    };
    columns.iter().map(|column| format!("\"{}\"{}", column.name, kind(column.kind))).collect::<Vec<_>>().join(", ")
}

/// True for digits that a whole number of the database gives back as they are.
fn is_plain(digits: &str) -> bool {
    const MOST: usize = 18;
    matches!(digits.as_bytes(), [b'0'] | [b'1'..=b'9', ..]) && digits.len() <= MOST && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number that a row of the database has.
fn number(index: usize) -> Datum<'static> {
    Datum::Integer(i64::try_from(index).unwrap_or(i64::MAX))
}

fn tables() -> String {
    let own: Vec<Column> =
        VALUES.iter().enumerate().filter(|(index, _)| OWN.contains(index) && *index != VARIABLE).map(|(_, own)| *own).collect();
    let shown = |(index, column): (usize, &Column)| {
        let name = column.name;
        match index {
            VARIABLE => format!("variables.name as \"{name}\""),
            RAW => format!("coalesce(cells.\"{name}\", cast(cells.value as text)) as \"{name}\""),
            UNIT => format!("nullif(coalesce(cells.\"{name}\", variables.\"{name}\"), '') as \"{name}\""),
            STATE => format!("coalesce(cells.\"{name}\", '{}') as \"{name}\"", State::Number.name()),
            STANDING => format!("coalesce(cells.\"{name}\", '{}') as \"{name}\"", Standing::Proven.name()),
            _ if OF_VARIABLE.contains(&index) => format!("coalesce(cells.\"{name}\", variables.\"{name}\") as \"{name}\""),
            _ if OWN.contains(&index) => format!("cells.\"{name}\""),
            _ => format!("reports.\"{name}\""),
        }
    };
    let shown: Vec<String> = VALUES.iter().enumerate().map(shown).collect();
    let ids = |from: usize, to: usize| declare(own.get(from..to).unwrap_or_default());
    let n_ids = OF_VARIABLE.len() - 1;
    format!(
        "create table reports (id integer primary key, {});
         create table variables (id integer primary key, {ids}, name text not null unique, unit text);
         create table cells (id integer primary key, {ids}, variable_id integer references variables, {rest},
             report_id integer generated always as (id >> {OF_REPORT}) virtual references reports);
         create table flags ({});
         create view \"values\" as select {} from cells join reports on reports.id = cells.id >> {OF_REPORT}
             and cells.id between reports.id << {OF_REPORT} and (reports.id << {OF_REPORT}) + {MOST_OF_REPORT}
         left join variables on variables.id = cells.variable_id;",
        declare(REPORTS),
        declare(FLAGS),
        shown.join(", "),
        ids = ids(0, n_ids),
        rest = ids(n_ids, own.len()),
    )
}

impl ToSql for Datum<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Datum::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Datum::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Datum::Integer(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Datum::Number(digits) => exact(digits),
        })
    }
}

/// Digits that a double holds and gives back.
const SAFE_DIGITS: usize = 15;

fn exact(digits: &str) -> ToSqlOutput<'_> {
    if let Ok(whole) = digits.parse::<i64>() {
        return ToSqlOutput::Owned(Value::Integer(whole));
    }
    let n_digits = digits.bytes().filter(u8::is_ascii_digit).count();
    match digits.parse() {
        Ok(real) if n_digits <= SAFE_DIGITS => ToSqlOutput::Owned(Value::Real(real)),
        _ => ToSqlOutput::Borrowed(ValueRef::Text(digits.as_bytes())),
    }
}
