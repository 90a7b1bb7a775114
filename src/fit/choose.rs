//! Which section is which, which edition of the form, which printed table belongs to which form.

use super::columns::column_names;
use super::rows::FormRows;
use crate::flag::{Code, Fault, Flag, Message};
use crate::grammar::{Family, Item, Known, likeness};
use crate::label::key;
use crate::outline::Outline;
use crate::table::{Table, TableRow};
use foldhash::HashSet;
use std::collections::BTreeSet;

/// The role of each section: the level-1 section whose title is one of the family's.
pub fn section_roles(outline: &Outline, family: &Family) -> Vec<Option<String>> {
    let role = |title: &str| {
        let printed = key(title);
        if let Some(item) = family.sections.iter().rfind(|item| item.keys.contains(&printed)) {
            return Some(item.id.clone());
        }
        let best = family.sections.iter().map(|item| (item.keys.iter().map(|key| likeness(&printed, key)).max().unwrap_or(0), item));
        best.max_by_key(|(score, _)| *score).filter(|(score, _)| *score > 0).map(|(_, item)| item.id.clone())
    };
    outline.sections.iter().map(|section| if section.level == 1 { role(&section.title) } else { None }).collect()
}

/// Sections that the family has and the report does not, and roles that come twice.
pub fn section_flags(outline: &Outline, roles: &[Option<String>], family: &Family) -> Vec<Flag> {
    let mut flags = Vec::new();
    for item in family.sections.iter().filter(|item| !item.optional) {
        let mut own = outline.sections.iter().zip(roles).filter(|(_, role)| role.as_deref() == Some(&item.id)).map(|(section, _)| section);
        match (own.next(), own.next()) {
            (None, _) => {
                let message = Message::new("the section {0} is not there", [item.label().to_string()]);
                let flag = Flag::new(Code::SectionMissing, message).fault(Fault::Unknown);
                flags.push(outline.title.map_or(flag.clone(), |title| flag.at(title)));
            }
            (Some(_), Some(second)) => {
                let message = Message::new("the section {0} comes twice", [item.label().to_string()]);
                flags.push(Flag::new(Code::SectionTwice, message).at(second.span).fault(Fault::Source));
            }
            _ => {}
        }
    }
    flags
}

/// The edition whose rows and columns the tables print most of; the year decides between equals.
pub fn find_edition(tables: &[Table], family: &Family, year: Option<i32>) -> String {
    let by_year = year.and_then(|year| family.find_edition(year)).map(|edition| edition.id.clone());
    let mut best = (0, by_year.clone().or_else(|| family.editions.last().map(|edition| edition.id.clone())).unwrap_or_default());
    if family.editions.len() < 2 {
        return best.1;
    }
    let n_forms = family.tables.len();
    let mut found = vec![0; family.editions.len()];
    for row in tables.iter().flat_map(|table| &table.rows) {
        let mut hits = vec![0; found.len() * n_forms];
        // What stands in all editions lies behind the last and is nobody's.
        add_hits(row, family, &mut |known, points| add(&mut hits, known.edition * n_forms + known.form, points));
        for (edition, own) in found.iter_mut().zip(hits.chunks(n_forms.max(1))) {
            *edition += own.iter().max().copied().unwrap_or(0);
        }
    }
    for (edition, hits) in family.editions.iter().zip(found) {
        if hits > best.0 || hits == best.0 && by_year.as_ref() == Some(&edition.id) {
            best = (hits, edition.id.clone());
        }
    }
    best.1
}

/// How much of a row each form knows in each edition.
fn add_hits(row: &TableRow, family: &Family, add: &mut dyn FnMut(&Known, usize)) {
    const LABEL: usize = 3;
    // The last name of a header may be a row's, too.
    let is_header = row.first_datum().is_none() && row.cells.iter().filter(|cell| cell.is_printed()).count() > 2;
    let label = if is_header { "" } else { row.label_key() };
    family.labels.of(label).iter().filter(|known| known.is_row).for_each(|known| add(known, LABEL));
    let cells = row.cells.iter().flat_map(|cell| family.labels.of(&cell.key));
    cells.filter(|known| known.is_header).for_each(|known| add(known, 1));
}

fn add(hits: &mut [usize], index: usize, points: usize) {
    if let Some(own) = hits.get_mut(index) {
        *own += points;
    }
}

/// How many names of columns each form knows that are printed over several rows of a header.
fn add_stacked_hits(header: &[&TableRow], family: &Family, edition: usize, hits: &mut [usize]) {
    for names in column_names(header) {
        let known = names.iter().skip(1).flat_map(|name| family.labels.of(name));
        let forms: BTreeSet<usize> = known.filter(|known| known.is_header && known.edition == edition).map(|known| known.form).collect();
        forms.into_iter().for_each(|form| add(hits, form, 1));
    }
}

/// What a form must know of a table that is its own.
const LEAST_HITS: usize = 3;
/// The same in the section of another form or of none: any table there may have a total, or one row of the same name.
const LEAST_HITS_ELSEWHERE: usize = 8;

/// The form that each printed table belongs to: the one that knows most of its labels and headers; a table without
/// either belongs to the form of its section when its rows are as wide.
pub fn owners(tables: &[Table], outline: &Outline, roles: &[Option<String>], family: &Family, edition: &str) -> Vec<Option<usize>> {
    let edition = family.editions.iter().position(|own| own.id == edition).unwrap_or(family.editions.len());
    let owner = |table: &Table| {
        let mut hits = vec![0; family.tables.len()];
        for row in &table.rows {
            add_hits(row, family, &mut |known, points| add(&mut hits, known.form, if known.edition == edition { points } else { 0 }));
        }
        let header: Vec<&TableRow> = table.rows.iter().take_while(|row| row.first_datum().is_none()).collect();
        add_stacked_hits(&header, family, edition, &mut hits);
        let role = table.section.map(|section| outline.root_of(section)).and_then(|root| roles.get(root)).and_then(Option::as_deref);
        let has_data = table.rows.iter().any(is_wide);
        let score = |index: usize, hits: usize| {
            let at_home = family.tables.get(index).is_some_and(|form| role == Some(form.section.as_str()));
            let is_elsewhere = !at_home && role.is_some();
            let known = if hits >= if is_elsewhere { LEAST_HITS_ELSEWHERE } else { LEAST_HITS } { hits } else { 0 };
            known * 2 + usize::from(at_home && (known > 0 || has_data || hits > 0)) * 3
        };
        let best = hits
            .into_iter()
            .enumerate()
            .map(|(index, hits)| (score(index, hits), index))
            .max_by_key(|&(score, index)| (score, std::cmp::Reverse(index)));
        best.filter(|&(score, _)| score >= 3).map(|(_, index)| index)
    };
    let mut owners: Vec<Option<usize>> = tables.iter().map(owner).collect();
    // Where a form's own section prints its table, a narrow one elsewhere only speaks of the same things.
    let home =
        |table: &Table| table.section.map(|section| outline.root_of(section)).and_then(|root| roles.get(root)).and_then(Option::as_deref);
    let is_home = |table: &Table, form: usize| family.tables.get(form).is_some_and(|form| home(table) == Some(form.section.as_str()));
    let served: HashSet<usize> =
        tables.iter().zip(&owners).filter_map(|(table, owner)| owner.filter(|&form| is_home(table, form))).collect();
    for (table, owner) in tables.iter().zip(&mut owners) {
        let is_narrow = !table.rows.iter().any(is_wide);
        *owner = owner.filter(|form| !(is_narrow && home(table).is_some() && !is_home(table, *form) && served.contains(form)));
    }
    owners
}

/// A row with so many numbers is no table of two years.
fn is_wide(row: &TableRow) -> bool {
    const WIDE: usize = 5;
    row.cells.iter().filter(|cell| cell.reading.is_datum()).count() >= WIDE
}

/// How well a family that has no tables fits: the share of its sections whose titles are printed, in percent.
pub fn section_coverage(outline: &Outline, family: &Family) -> usize {
    if !family.tables.is_empty() {
        return 0;
    }
    let printed: HashSet<String> =
        outline.sections.iter().filter(|section| section.number.is_some()).map(|section| key(&section.title)).collect();
    let is_printed = |item: &&Item| item.keys.iter().any(|key| printed.contains(key));
    100 * family.sections.iter().filter(is_printed).count() / family.sections.len().max(1)
}

/// Every label that tables print.
pub fn printed_labels(tables: &[Table]) -> HashSet<&str> {
    let cells = tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    cells.map(|cell| cell.key.as_str()).filter(|key| !key.is_empty()).collect()
}

/// How well a family fits: the share of its required rows whose labels are printed, in percent.
pub fn coverage(printed: &HashSet<&str>, family: &Family, edition: &str) -> usize {
    let forms: Vec<FormRows> = family.tables.iter().map(|form| FormRows::new(form, edition)).collect();
    let is_printed = |keys: &[String]| keys.iter().any(|key| !key.is_empty() && printed.contains(key.as_str()));
    let wanted: usize = forms.iter().map(|form| form.rows.len()).sum();
    let found = forms.iter().flat_map(|form| &form.rows).filter(|row| is_printed(row.keys)).count();
    100 * found / wanted.max(1)
}
