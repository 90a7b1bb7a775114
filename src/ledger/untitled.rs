//! Tables whose title is lost: known by their columns and by the tables before and after them, or told.

use super::{Settings, read_table, sums, title};
use crate::doc::Document;
use crate::flag::{Code, Flag, Message, Severity};
use crate::generic::unit::find_in_caption;
use crate::grammar::TableForm;
use crate::grammar::words::built_in;
use crate::label::key;
use crate::place::Span;
use crate::table::Table;

/// So many rows with codes make a table one of accounts.
const LEAST_CODES: usize = 3;
/// A line this short, in characters, is no title; with digits, such as 公开01表, one of twice as many is none.
const LEAST_TITLE: usize = 4;

/// The form of each table without a title that can be only one, with its place; and what to tell of them.
pub fn find(
    document: &Document,
    (tables, loose): (&[Table], &[usize]),
    named: &[(usize, usize)],
    settings: Settings,
) -> (Vec<(usize, usize)>, Vec<Flag>) {
    let (mut found, mut flags) = (Vec::new(), Vec::new());
    let is_named = |index: usize| named.iter().any(|(own, _)| *own == index);
    for &index in loose.iter().filter(|index| !is_named(**index)) {
        let Some(table) = tables.get(index).filter(|table| !has_title(document, table, settings)) else { continue };
        let forms = settings.family.tables.iter().enumerate().filter(|(_, form)| form.is_open());
        let fits: Vec<(usize, &TableForm)> = forms.filter(|(_, form)| is_like(document, table, form, settings)).collect();
        if fits.is_empty() {
            continue;
        }
        let before = named.iter().rfind(|(own, _)| *own < index).map(|(_, form)| *form);
        let after = named.iter().find(|(own, _)| *own > index).map(|(_, form)| *form);
        let is_there = |form: usize| named.iter().chain(&found).any(|(_, own)| *own == form);
        let stands_between = |form: usize| before.is_none_or(|before| before < form) && after.is_none_or(|after| form < after);
        let own: Vec<&(usize, &TableForm)> = fits.iter().filter(|(form, _)| !is_there(*form) && stands_between(*form)).collect();
        match own.as_slice() {
            [(form, own)] if before.is_some() || after.is_some() => {
                found.push((index, *form));
                flags.push(placed(own, table.span));
            }
            _ => flags.push(untold(table.span)),
        }
    }
    (found, flags)
}

/// A line above the table, or at its head, that may be a title: neither who reports nor in what unit.
fn has_title(document: &Document, table: &Table, settings: Settings) -> bool {
    let signs: Vec<String> = settings.family.signs.iter().map(|sign| key(sign)).collect();
    let least = |line: &str| if line.contains(|character: char| character.is_ascii_digit()) { 2 * LEAST_TITLE } else { LEAST_TITLE };
    let is_title = |span: &Span| {
        let line = key(document.slice(*span));
        line.chars().count() >= least(&line)
            && !signs.iter().any(|sign| line.contains(sign.as_str()))
            && find_in_caption(document.slice(*span), built_in()).is_none()
    };
    let above = table.above.iter().copied();
    above.chain(title::head(table)).any(|span| is_title(&span))
}

/// The table prints codes of accounts, and amounts under columns that the form has.
fn is_like(document: &Document, table: &Table, form: &TableForm, settings: Settings) -> bool {
    let Some((read, _)) = read_table(document, table, form, settings) else { return false };
    let items = read.items.iter();
    let n_codes = items.clone().flat_map(|items| &items.rows).filter(|item| sums::is_account(&item.id, settings.family)).count();
    let known = |id: &str| form.bands.iter().flat_map(|band| &band.columns).any(|column| column.id == id);
    n_codes >= LEAST_CODES && items.flat_map(|items| &items.columns).all(|column| known(&column.id))
}

fn placed(form: &TableForm, span: Span) -> Flag {
    let title = form.titles.first().unwrap_or(&form.id).clone();
    let message = Message::new("the table has no title; by its columns and by the tables around it, it is {0}", [title]);
    Flag::new(Code::HeaderMissing, message).at(span).about(vec![format!("{}/*", form.id)])
}

fn untold(span: Span) -> Flag {
    let message = Message::plain("a table of accounts has no title, and which one it is cannot be told");
    let help = Message::plain("its numbers are read without the family");
    Flag::new(Code::TableMissing, message).at(span).help(help).graded(Severity::Warning)
}
