//! `codebook.md`: what every file, column and variable means, and how to read them.

use crate::dataset::Trouble;
use crate::dataset::schema::{Column, FLAGS, PANEL, REPORTS, VALUES};
use crate::dataset::write::panel::Column as PanelColumn;
use crate::flag::Message;
use crate::manual::{Language, say};
use std::fmt::Write;
use std::path::Path;

/// A column of the panel and the number of rows in which it has a value.
pub type Counted<'c> = (&'c PanelColumn, u64);

/// Write the codebook.
pub fn write(path: &Path, variables: &[Counted], language: Language) -> Result<(), Trouble> {
    std::fs::write(path, text(variables, language)).map_err(|error| Trouble::Io(path.into(), error))
}

fn text(variables: &[Counted], language: Language) -> String {
    let say = |message: Message| say(&message, language);
    let mut out = format!("# {}\n\n", say(Message::plain("codebook")));
    let rules = [
        Message::plain(
            "Numbers stand as the reports print them; none is corrected. A better one, where there is one, is proposed in flags.csv.",
        ),
        Message::plain(
            "An empty number is not a zero: the cell is blank, holds a dash or words, or has more than one reading (see `state` in values).",
        ),
        Message::plain(
            "A text that begins with = + - @ and is no number has an apostrophe before it in CSV files, so that no spreadsheet runs it; Parquet and SQLite hold it as it is.",
        ),
        Message::plain(
            "Parquet holds numbers as exact decimals. In SQLite whole numbers are integers, others reals, and those with more than fifteen digits text.",
        ),
        Message::plain(
            "Names of variables are valid in Stata and R and do not change when files are added; the list below maps them to keys and labels.",
        ),
        Message::plain(
            "A column of the panel is in one unit: an amount that a report prints in another stands in the panel with its point moved, land and weight in a unit of their own, and what measures something else only in values.",
        ),
        Message::plain("In SQLite the table of values is a view and has a name that is also a keyword: select * from \"values\"."),
    ];
    for rule in rules {
        let _ = writeln!(out, "- {}", say(rule));
    }
    let files = [
        ("values.csv, values.parquet, luoshu.sqlite: values", say(Message::plain("one row a value")), VALUES),
        (
            "panel.csv, panel.xlsx, luoshu.sqlite: panel",
            say(Message::plain("one row a publisher, year and family; then a column a variable")),
            PANEL,
        ),
        ("reports.csv, luoshu.sqlite: reports", say(Message::plain("one row an input file, read or not")), REPORTS),
        ("flags.csv, luoshu.sqlite: flags", say(Message::plain("one row a finding")), FLAGS),
    ];
    for (name, about, columns) in files {
        let _ = writeln!(out, "\n## {name}\n\n{about}\n");
        table(&mut out, columns, language);
    }
    let title = say(Message::plain("variables of the panel"));
    let header = [
        Message::plain("name"),
        Message::plain("label"),
        Message::plain("unit"),
        Message::plain("family"),
        Message::plain("key"),
        Message::plain("values"),
        Message::plain("in another unit"),
    ];
    let _ = writeln!(out, "\n## {title}\n\n| {} |\n|---|---|---|---|---|---:|---:|", header.map(say).join(" | "));
    for (PanelColumn { variable, n_left, .. }, count) in variables {
        let unit = variable.unit.as_deref().unwrap_or("");
        let (label, family, key) = (cell(&variable.label), cell(&variable.family), cell(&variable.key));
        let _ = writeln!(out, "| `{}` | {label} | {} | {family} | `{key}` | {count} | {n_left} |", variable.name, cell(unit));
    }
    out
}

fn table(out: &mut String, columns: &[Column], language: Language) {
    let header = [Message::plain("name"), Message::plain("meaning")].map(|message| say(&message, language));
    let _ = writeln!(out, "| {} |\n|---|---|", header.join(" | "));
    for column in columns {
        let _ = writeln!(out, "| `{}` | {} |", column.name, cell(&column.about(language)));
    }
}

/// Text that stays in its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
