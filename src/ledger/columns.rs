//! Headers → what each column of an open table is: a code, a name, an amount with its id.
//!
//! ```text
//!        收入         |          支出              a table may have two sides, each with names and amounts of its own
//!   项目     预算数   |  项目    合计   基本支出
//! ```

use super::frame::Years;
use crate::generic::frame::Frame;
use crate::generic::header::headers;
use crate::generic::sheet::{Sheet, Slot};
use crate::generic::unit::find_in_header;
use crate::grammar::words::built_in;
use crate::grammar::{Band, Family, Item, TableForm, is_under};
use crate::label::key;
use crate::normalise::money_zeros;
use crate::table::{TableCell, TableRow};
use std::collections::HashMap;
use std::ops::Range;

/// Rows under one header.
pub struct Block<'f> {
    /// Indices into the table's rows.
    pub rows: Vec<usize>,
    /// Its sides from left to right.
    pub sides: Vec<Side<'f>>,
}

/// Columns that name rows, and the amounts beside them; all are columns of the sheet.
pub struct Side<'f> {
    /// What the form says of it.
    pub band: &'f Band,
    /// Columns with codes.
    pub codes: Vec<Range<usize>>,
    /// Columns with names.
    pub names: Vec<Range<usize>>,
    /// Columns that number the lines.
    pub ordinals: Vec<Range<usize>>,
    /// Columns with amounts.
    pub amounts: Vec<Amount>,
}

/// A column of amounts.
pub struct Amount {
    /// Where it stands.
    pub columns: Range<usize>,
    /// The form's column, or one with the printed words.
    pub item: Item,
}

/// The printed cells of a row that begin in some columns.
pub fn cells<'r>(slots: &'r [Slot], row: &'r TableRow, columns: &Range<usize>) -> impl Iterator<Item = &'r TableCell> {
    let columns = columns.clone();
    slots.iter().filter(move |slot| columns.contains(&slot.column)).filter_map(|slot| row.cells.get(slot.cell))
}

enum Kind {
    Code,
    Name,
    Ordinal,
    Amount,
    /// Remarks behind the amounts.
    Other,
}

/// The blocks of a table; none where its columns are not the form's.
pub fn blocks<'f>(sheet: &Sheet, frame: &Frame, form: &'f TableForm, (family, year): (&Family, Option<i32>)) -> Option<Vec<Block<'f>>> {
    let mut found = Vec::new();
    let headers = headers(sheet, frame);
    for (index, header) in headers.iter().enumerate() {
        let end = headers.get(index + 1).map_or(frame.roles.len(), |next| next.first_row);
        let rows: Vec<usize> = (header.end..end).filter(|&row| frame.roles.get(row).is_some_and(|role| role.is_data())).collect();
        let layout =
            Layout { sheet, rows: &rows, paths: &header.paths, family, years: Years { own: year, last_year: &family.heads.last_year } };
        let sides = layout.sides(form)?;
        found.push(Block { rows, sides });
    }
    (!found.is_empty()).then_some(found)
}

struct Layout<'a> {
    sheet: &'a Sheet,
    rows: &'a [usize],
    paths: &'a [Vec<String>],
    family: &'a Family,
    years: Years<'a>,
}

impl Layout<'_> {
    fn sides<'f>(&self, form: &'f TableForm) -> Option<Vec<Side<'f>>> {
        let spans = self.spans();
        let mut groups: Vec<Vec<(Range<usize>, Vec<String>)>> = vec![Vec::new()];
        let mut has_amount = false;
        for columns in spans {
            let path = self.path(columns.start);
            let kind = self.kind(&path, &columns, !has_amount);
            if has_amount && matches!(kind, Kind::Code | Kind::Name) {
                groups.push(Vec::new());
                has_amount = false;
            }
            has_amount |= matches!(kind, Kind::Amount);
            groups.last_mut()?.push((columns, path));
        }
        let n_sides = form.bands.iter().filter(|band| band.side.is_some()).count();
        let fits = if n_sides == 0 { true } else { (2..=n_sides).contains(&groups.len()) };
        if !fits {
            return None;
        }
        let sides: Vec<Side> = groups
            .into_iter()
            .enumerate()
            .filter_map(|(index, group)| Some(self.side(group, form.bands.get(if n_sides == 0 { 0 } else { index })?)))
            .collect();
        let is_known = |side: &Side| side.amounts.iter().any(|amount| side.band.columns.iter().any(|item| item.id == amount.item.id));
        sides.iter().all(is_known).then_some(sides)
    }

    /// Columns under one name: neighbours with the same words over them are one, unless a row prints more than one cell there.
    fn spans(&self) -> Vec<Range<usize>> {
        let mut spans: Vec<Range<usize>> = Vec::new();
        for column in 0..self.sheet.n_columns {
            let path = self.paths.get(column);
            let joins = |last: &Range<usize>| {
                let is_same = path.is_some_and(|path| !path.is_empty()) && self.paths.get(last.start) == path;
                let is_code = self.is_code(&self.path(column));
                is_same && (is_code || !self.prints_both(last.start, column))
            };
            match spans.last_mut().filter(|last| joins(last)) {
                Some(last) => last.end = column + 1,
                None => spans.push(column..column + 1),
            }
        }
        spans
    }

    fn prints_both(&self, first: usize, last: usize) -> bool {
        let slots = self.rows.iter().filter_map(|&row| self.sheet.rows.get(row));
        slots.into_iter().any(|slots| slots.iter().filter(|slot| (first..=last).contains(&slot.column)).count() > 1)
    }

    /// The words over a column as they are compared: numbers of columns and the word for a line's number left out.
    fn path(&self, column: usize) -> Vec<String> {
        let skip: Vec<String> = self.family.heads.skip.iter().map(|word| key(word)).collect();
        let keys = self.paths.get(column).into_iter().flatten().map(|label| key(label));
        let is_word = |key: &String| !key.is_empty() && !key.chars().all(|character| character.is_ascii_digit()) && !skip.contains(key);
        keys.map(|key| self.years.relative(&key)).filter(is_word).collect()
    }

    fn is_code(&self, path: &[String]) -> bool {
        path.last().is_some_and(|last| self.family.heads.code.iter().any(|word| key(word) == *last))
    }

    /// What a column is, by the words over it and by what its cells show.
    fn kind(&self, path: &[String], columns: &Range<usize>, is_first: bool) -> Kind {
        let heads = &self.family.heads;
        let ends_in = |words: &[String]| path.last().is_some_and(|last| words.iter().any(|word| key(word) == *last));
        let shown = || self.rows.iter().filter_map(|&row| self.sheet.rows.get(row)).flatten().filter(|slot| columns.contains(&slot.column));
        let n_data = shown().filter(|slot| slot.is_datum()).count();
        let n_words = shown().count() - n_data;
        if ends_in(&heads.code) && shown().all(|slot| !slot.is_datum() || slot.figure().is_none_or(|figure| figure.decimals == 0)) {
            return Kind::Code;
        }
        if ends_in(&heads.name) && n_words >= n_data {
            return Kind::Name;
        }
        if path.is_empty() && self.paths.get(columns.start).is_some_and(|path| !path.is_empty()) {
            return Kind::Ordinal;
        }
        match (n_words > n_data, is_first) {
            (true, true) => Kind::Name,
            (true, false) if n_data == 0 => Kind::Other,
            _ => Kind::Amount,
        }
    }

    fn side<'f>(&self, group: Vec<(Range<usize>, Vec<String>)>, band: &'f Band) -> Side<'f> {
        let mut side = Side { band, codes: Vec::new(), names: Vec::new(), ordinals: Vec::new(), amounts: Vec::new() };
        let found: Vec<Option<&Item>> = group.iter().map(|(_, path)| find_column(path, band)).collect();
        let mut is_first = true;
        let mut used: HashMap<String, usize> = HashMap::new();
        for (columns, path) in group {
            match self.kind(&path, &columns, is_first) {
                Kind::Code => side.codes.push(columns),
                Kind::Name => side.names.push(columns),
                Kind::Ordinal => side.ordinals.push(columns),
                Kind::Other => {}
                Kind::Amount => {
                    is_first = false;
                    let own = find_column(&path, band);
                    let is_alone = |item: &Item| found.iter().flatten().filter(|other| other.id == item.id).count() == 1;
                    let item = own.filter(|item| is_alone(item)).cloned().unwrap_or_else(|| self.printed(&columns, &mut used));
                    let unit = item.unit.clone().or_else(|| self.unit(&columns));
                    side.amounts.push(Amount { columns, item: Item { unit, ..item } });
                }
            }
        }
        side
    }

    fn unit(&self, columns: &Range<usize>) -> Option<String> {
        // A heading that holds the word for people is no unit of money.
        let is_money = |unit: &String| money_zeros(unit).is_some();
        self.paths.get(columns.start).and_then(|path| find_in_header(path, built_in())).filter(is_money)
    }

    /// A column that the form does not know is named by its own words.
    fn printed(&self, columns: &Range<usize>, used: &mut HashMap<String, usize>) -> Item {
        let path = self.paths.get(columns.start).map(Vec::as_slice).unwrap_or_default();
        let name = path.iter().map(|label| super::rows::escape(label)).collect::<Vec<_>>().join(" > ");
        let name = if name.is_empty() { format!("c{}", columns.start + 1) } else { name };
        let n_used = used.entry(name.clone()).or_insert(0);
        *n_used += 1;
        let id = if *n_used == 1 { name } else { format!("{name}#{n_used}") };
        Item { id, labels: vec![path.join(" > ")], keys: Vec::new(), optional: false, aggregate: false, unit: None }
    }
}

/// Words of a header that stand one below the other and make one name.
const HIGHEST_NAME: usize = 6;

/// The form's column with this path of words: its own words last, those of each group it stands in before them. Of several
/// the one in the most groups; none where the path names a group that it does not stand in.
fn find_column<'f>(path: &[String], band: &'f Band) -> Option<&'f Item> {
    let says = |item: &Item, words: &str| item.keys.iter().any(|key| key == words);
    let tails = (1..=path.len().min(HIGHEST_NAME))
        .map(|n| (path.len() - n, path.iter().skip(path.len() - n).map(String::as_str).collect::<String>()));
    let tails: Vec<(usize, String)> = tails.collect();
    let fits = |item: &&Item| {
        let Some(start) = tails.iter().find(|(_, words)| says(item, words)).map(|(start, _)| *start) else { return false };
        let above = path.get(..start).unwrap_or_default();
        let groups = |own: bool| band.columns.iter().filter(move |group| is_under(&item.id, &group.id) == own && group.id != item.id);
        let is_explained = |words: &&String| groups(true).any(|group| says(group, words));
        let is_named = |group: &Item| above.iter().any(|words| says(group, words));
        let strange: Vec<&String> = above.iter().filter(|words| !is_explained(words)).collect();
        groups(true).all(is_named) && !groups(false).any(|group| has_parts(group, band) && strange.iter().any(|words| says(group, words)))
    };
    band.columns.iter().filter(fits).max_by_key(|item| item.id.matches('.').count())
}

fn has_parts(group: &Item, band: &Band) -> bool {
    band.columns.iter().any(|item| is_under(&item.id, &group.id))
}
