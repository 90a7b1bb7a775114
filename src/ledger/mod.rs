//! Open tables: a grammar says what they are called and what their columns are, the rows are the report's own.
//!
//! ```text
//!   2026年部门支出预算总表                       the title says which table of the family it is
//!   科目编码      科目名称   合计    基本支出     each column by the words over it
//!   204           公共安全支出 870.0  160.0       → spending/204/total, spending/204/basic
//!   204  06  01   行政运行   160.0   160.0       → spending/2040601/total; 204 = 20406 + …
//! ```
//! In: printed tables that belong to no closed form. Out: tables of the family, and the sums that codes promise. What
//! does not fit is left to [`crate::generic`]: a table is read whole or not at all.

mod columns;
mod frame;
mod odd;
mod rows;
mod sums;
mod title;
mod untitled;

use crate::doc::{Document, Shape};
use crate::fit::{Fate, FittedCell, FittedTable, Items};
use crate::flag::{Code, Flag, Flagged, Message, Severity};
use crate::fold::tidy;
use crate::generic::sheet::{Sheet, sheet};
use crate::generic::unit::find_in_caption;
use crate::grammar::words::built_in;
use crate::grammar::{Family, Item, TableForm};
use crate::normalise::{Reading, money_zeros};
use crate::place::Span;
use crate::table::{Table, TableCell};
use columns::{Amount, Side, cells};
use rows::Namer;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use title::Titles;

/// The open tables of a report.
#[derive(Debug, Default)]
pub struct Ledgers {
    /// In the form's order.
    pub tables: Vec<FittedTable>,
    /// The printed tables they were read from.
    pub taken: Vec<usize>,
}

/// How many of the open forms that show a family a report prints, and how many there are.
pub fn coverage(document: &Document, tables: &[Table], family: &Family) -> (usize, usize) {
    let telling: Vec<usize> =
        (0..family.tables.len()).filter(|&index| family.tables.get(index).is_some_and(|form| form.is_telling)).collect();
    if telling.is_empty() {
        return (0, 0);
    }
    let titles = Titles::new(family);
    let found: HashSet<usize> = tables.iter().filter_map(|table| titles.find_form(document, table)).collect();
    (found.iter().filter(|index| telling.contains(index)).count(), telling.len())
}

/// What tables are read by.
#[derive(Clone, Copy)]
struct Settings<'f> {
    family: &'f Family,
    /// The year reported on.
    year: Option<i32>,
}

/// Read the open tables among `loose`, of a report on a year.
pub fn read(document: &Document, tables: &[Table], loose: &[usize], (family, year): (&Family, Option<i32>)) -> Flagged<Ledgers> {
    let mut found = Ledgers::default();
    let mut flags = Vec::new();
    if !family.tables.iter().any(TableForm::is_open) {
        return Flagged { value: found, flags };
    }
    let titles = Titles::new(family);
    let mut named: Vec<(usize, usize)> =
        loose.iter().filter_map(|&index| Some((index, titles.find_form(document, tables.get(index)?)?))).collect();
    let year = year.or_else(|| {
        let own: Vec<&Table> = named.iter().filter_map(|&(table, _)| tables.get(table)).collect();
        title::find_year(document, &own)
    });
    let settings = Settings { family, year };
    let (untitled, told) = untitled::find(document, (tables, loose), &named, settings);
    named.extend(untitled);
    let (mut missing, mut unread) = (Vec::new(), Vec::new());
    for (index, form) in family.tables.iter().enumerate().filter(|(_, form)| form.is_open()) {
        let mut whole: Option<FittedTable> = None;
        for &(table, _) in named.iter().filter(|(_, own)| *own == index) {
            let Some((part, odd)) = tables.get(table).and_then(|table| read_table(document, table, form, settings)) else { continue };
            // The same rows once more are another table, whatever its title says.
            match whole.as_mut() {
                None => {
                    let title = tables.get(table).and_then(|table| titles.find_title(document, table, index));
                    whole = Some(FittedTable { form: index, title, ..part });
                }
                Some(whole) if goes_on(whole, &part) => append(whole, part),
                Some(_) => continue,
            }
            flags.extend(odd);
            found.taken.push(table);
        }
        match whole {
            Some(table) => {
                flags.extend(rows_missing(&table, form, family));
                found.tables.push(with_sums(table, family));
            }
            None => {
                let mention = titles.find_mention(document, index);
                missing.extend(mention.map(|span| table_missing(form, span)));
                let printed = named.iter().find(|(_, own)| *own == index).and_then(|&(table, _)| tables.get(table));
                unread.extend(mention.or(printed.map(|table| table.span)).map(|span| (form, span)));
            }
        }
    }
    // Where most tables do not fit, it is the layout that is not understood, and all of it is read without the family.
    let n_forms = family.tables.iter().filter(|form| form.is_open()).count();
    if found.tables.len() * 2 > n_forms {
        flags.extend(missing);
    } else {
        flags.extend(layout_unknown(&unread));
    }
    flags.extend(told);
    flags.extend(odd::look(&mut found.tables, family));
    Flagged { value: found, flags }
}

/// The words of a row of the form.
fn form_label(form: &TableForm, id: &str) -> String {
    let rows = form.bands.iter().flat_map(|band| &band.rows);
    rows.into_iter().find(|item| item.id == id).map_or(id, Item::label).to_string()
}

/// A code is not there and others that stand under it are, or none under it; or a total is not.
fn rows_missing(table: &FittedTable, form: &TableForm, family: &Family) -> Vec<Flag> {
    let flag = |(code, below): (&str, &str)| {
        let cell = table.cells.iter().find(|cell| *cell.row == *below);
        let span = cell.and_then(|cell| table.printed.get(cell.printed)).map_or(table.span, |row| row.span);
        let message = Message::new("the row {0} is not there", [code.to_string()]);
        Flag::new(Code::RowMissing, message).at(span).about(vec![FittedTable::key(form, code, "*")])
    };
    let childless = |code: &str| {
        let cell = table.cells.iter().find(|cell| *cell.row == *code);
        let span = cell.and_then(|cell| table.printed.get(cell.printed)).map_or(table.span, |row| row.span);
        let message = Message::new("no row stands under {0}, as rows do under the other codes of its level", [code.to_string()]);
        Flag::new(Code::RowMissing, message).at(span).about(vec![FittedTable::key(form, code, "*")])
    };
    let lost_total = |id: &str| {
        let span = table.printed.last().map_or(table.span, |row| row.span);
        let message = Message::new("the row {0} is not there", [form_label(form, id)]);
        Flag::new(Code::RowMissing, message).at(span).about(vec![FittedTable::key(form, id, "*")])
    };
    let missing = sums::find_missing(table, family).into_iter().map(flag);
    let childless = sums::find_childless(table, family).into_iter().map(childless);
    missing.chain(childless).chain(sums::find_lost_totals(table, form, family).into_iter().map(lost_total)).collect()
}

/// A list of contents or a heading names a table that is not there.
fn table_missing(form: &TableForm, span: Span) -> Flag {
    let message = Message::new("the table {0} is not there", [form.titles.first().unwrap_or(&form.id).clone()]);
    let help = Message::plain("look whether it is a picture, an attachment, or laid out in a way that is not read as a table");
    let flag = Flag::new(Code::TableMissing, message).at(span).about(vec![format!("{}/*", form.id)]);
    flag.help(help).graded(Severity::Warning)
}

/// Tables that are named and do not fit, told once.
fn layout_unknown(unread: &[(&TableForm, Span)]) -> Option<Flag> {
    let span = unread.iter().map(|(_, span)| *span).min()?;
    let message = Message::new(
        "{0} tables of the family are named and cannot be read as such: their layout is not known",
        [unread.len().to_string()],
    );
    let help = Message::plain("their numbers are read without the family; another format of the same report may be read as it is");
    let cells = unread.iter().map(|(form, _)| format!("{}/*", form.id)).collect();
    Some(Flag::new(Code::TableMissing, message).at(span).about(cells).help(help).graded(Severity::Warning))
}

fn goes_on(whole: &FittedTable, part: &FittedTable) -> bool {
    let known: HashSet<(&str, &str)> = whole.cells.iter().map(|cell| (&*cell.row, &*cell.column)).collect();
    !part.cells.iter().any(|cell| known.contains(&(&*cell.row, &*cell.column)))
}

fn append(whole: &mut FittedTable, part: FittedTable) {
    let n_printed = whole.printed.len();
    whole.span = whole.span.to(part.span);
    whole.cells.extend(part.cells.into_iter().map(|cell| FittedCell { printed: cell.printed + n_printed, ..cell }));
    whole.noted.extend(part.noted);
    whole.printed.extend(part.printed);
    whole.rows_expected += part.rows_expected;
    whole.rows_found += part.rows_found;
    if let (Some(items), Some(more)) = (whole.items.as_mut(), part.items) {
        items.rows.extend(more.rows);
        let is_new = |item: &Item| !items.columns.iter().any(|own| own.id == item.id);
        let fresh: Vec<Item> = more.columns.into_iter().filter(is_new).collect();
        items.columns.extend(fresh);
    }
}

fn with_sums(mut table: FittedTable, family: &Family) -> FittedTable {
    let found = sums::find(&table, family);
    if let Some(items) = table.items.as_mut() {
        items.sums = found;
    }
    table
}

/// What is read of one table.
struct Reader<'a> {
    document: &'a Document,
    form: &'a TableForm,
    unit: Option<String>,
    items: Items,
    cells: Vec<FittedCell>,
    noted: Vec<(Span, &'static str)>,
    flags: Vec<Flag>,
    used: HashMap<String, usize>,
}

fn read_table(
    document: &Document,
    table: &Table,
    form: &TableForm,
    Settings { family, year }: Settings,
) -> Option<(FittedTable, Vec<Flag>)> {
    let sheet = sheet(document, table);
    let vocabulary = frame::Vocabulary::new(form, family, year);
    let frame = frame::frame(document, table, &sheet, &vocabulary);
    let blocks = columns::blocks(&sheet, &frame, form, (family, year))?;
    let above = table.above.iter().map(|&span| tidy(document.slice(span)));
    let inside = sheet.rows.iter().zip(&frame.roles).filter(|(_, role)| !role.is_data()).flat_map(|(row, _)| row);
    let lines: Vec<String> = above.chain(inside.map(|slot| slot.text.clone())).collect();
    let is_money = |unit: &String| money_zeros(unit).is_some();
    let unit = lines.iter().filter_map(|line| find_in_caption(line, built_in())).find(is_money).or_else(|| form.unit.clone());
    let mut reader = Reader {
        document,
        form,
        unit,
        items: Items::default(),
        cells: Vec::new(),
        noted: Vec::new(),
        flags: Vec::new(),
        used: HashMap::new(),
    };
    reader.flags.extend(blocks.get(1..).unwrap_or_default().iter().filter_map(|block| other_header(block, &blocks, table, form)));
    // A list that goes on beside itself is read side by side; below a new header it goes on as well.
    for block in &blocks {
        for side in &block.sides {
            reader.side((table, &sheet), side, &block.rows, family);
        }
    }
    if table.rows.iter().any(|row| row.shape == Shape::Aligned) && !reader.is_sound() {
        return None;
    }
    reader.note_rest(table);
    let n_rows = reader.items.rows.len();
    let fitted = FittedTable {
        form: 0,
        title: None,
        section: table.section,
        span: table.span,
        cells: reader.cells,
        rows_expected: n_rows,
        rows_found: n_rows,
        noted: reader.noted,
        missing: Vec::new(),
        extra: Vec::new(),
        printed: table.rows.clone(),
        items: Some(Items { unit: reader.unit, ..reader.items }),
    };
    Some((fitted, reader.flags))
}

/// A header within a table that names columns which the first one has not: the title above it may be lost.
fn other_header(block: &columns::Block, blocks: &[columns::Block], table: &Table, form: &TableForm) -> Option<Flag> {
    let names = |block: &columns::Block| {
        block.sides.iter().flat_map(|side| &side.amounts).map(|amount| amount.item.id.clone()).collect::<HashSet<String>>()
    };
    let (own, first) = (names(block), names(blocks.first()?));
    let row = table.rows.get(*block.rows.first()?)?;
    let message = Message::plain("a header with other columns stands within the table: the title of another table may be lost");
    (!own.is_subset(&first)).then(|| Flag::new(Code::HeaderUnknown, message).at(row.span).about(vec![format!("{}/*", form.id)]))
}

impl Reader<'_> {
    /// Where only blanks show what stands under what, a table is understood when each row has a name, each column one of its
    /// own, and no words stand where amounts do.
    fn is_sound(&self) -> bool {
        let has_words = self.cells.iter().any(|cell| cell.reading.is_words());
        let is_nameless = self.items.rows.iter().any(|row| row.label().is_empty());
        !has_words && !is_nameless && !self.items.columns.iter().any(|column| column.id.contains('#'))
    }

    /// The rows of one side, from top to bottom.
    fn side(&mut self, (table, sheet): (&Table, &Sheet), side: &Side, rows: &[usize], family: &Family) {
        let mut namer = Namer::new(side, family);
        let mut above = String::new();
        for amount in &side.amounts {
            if !self.items.columns.iter().any(|item| item.id == amount.item.id) {
                self.items.columns.push(amount.item.clone());
            }
        }
        for &index in rows {
            let Some((row, slots)) = table.rows.get(index).zip(sheet.rows.get(index)) else { continue };
            let Some(name) = namer.name(self.document, slots, row, index) else { continue };
            let id = self.unique(&name.id);
            // Bodies that list their accounts one after the other repeat codes; right below itself one stands twice.
            if name.id == above && above.contains(char::is_alphanumeric) {
                let message = Message::new("the row {0} stands twice", [name.label.clone()]);
                self.flags.push(Flag::new(Code::RowTwice, message).at(row.span).about(vec![FittedTable::key(self.form, &above, "*")]));
            }
            above.clone_from(&name.id);
            self.noted.extend(name.marks.iter().map(|&span| (span, "code or number of a row")));
            self.items.rows.push(Item {
                id: id.clone(),
                labels: vec![name.label],
                keys: Vec::new(),
                optional: false,
                aggregate: name.aggregate,
                unit: None,
            });
            let row_id: Arc<str> = id.into();
            for amount in &side.amounts {
                let fitted = self.cell(&row_id, amount, cells(slots, row, &amount.columns).next(), index);
                self.cells.push(fitted);
            }
        }
    }

    fn unique(&mut self, id: &str) -> String {
        let n_used = self.used.entry(id.to_string()).or_insert(0);
        *n_used += 1;
        if *n_used == 1 { id.to_string() } else { format!("{id}#{n_used}") }
    }

    fn cell(&mut self, row: &Arc<str>, amount: &Amount, cell: Option<&TableCell>, printed: usize) -> FittedCell {
        let reading = cell.map_or(Reading::Blank, |cell| cell.reading.clone());
        let span = cell.map(|cell| cell.span);
        if let (Reading::Unread(_), Some(span)) = (&reading, span) {
            let message = Message::new("{0} cannot be read as one number", [tidy(self.document.slice(span))]);
            let key = FittedTable::key(self.form, row, &amount.item.id);
            self.flags.push(Flag::new(Code::NumberUnread, message).at(span).about(vec![key]));
        }
        let unit = amount.item.unit.as_ref().or(self.unit.as_ref()).map(|unit| unit.as_str().into());
        FittedCell { row: row.clone(), column: amount.item.id.as_str().into(), span, reading, fate: Fate::Placed, unit, printed }
    }

    /// Digits that are no value: in headers, titles, notes, and beside the codes.
    fn note_rest(&mut self, table: &Table) {
        let known: HashSet<Span> = self.cells.iter().filter_map(|cell| cell.span).chain(self.noted.iter().map(|(span, _)| *span)).collect();
        let cells = table.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.is_printed() && !known.contains(&cell.span));
        self.noted.extend(cells.map(|cell| (cell.span, "label or header")));
    }
}
