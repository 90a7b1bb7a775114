//! Rows that the form does not have, where the rows around them say whose they are.
//!
//! ```text
//!   8. 属于行政查询事项      the form's
//!   9. 属于水文资料          unknown; its number goes on  → one more beside the row above
//!   （六）其他处理           the form's; split here: not printed, or without numbers
//!   1. 逾期不补正            unknown; numbered anew        → a part of the row that is split
//!   2. 逾期未缴费            unknown                       → another
//!   （七）总计               the form's
//! ```
//! Words and numbering propose, sums decide: the rows are taken only where every sum that they enter holds with them.
//! Where several rows are missing, an unknown one may be any of these, and nothing is proposed.

use super::rows::{FormRow, FormRows};
use super::solve::{Identities, RowIndex, row_allows, settled};
use super::{Fit, Line, Reader};
use crate::doc::Document;
use crate::fold::tidy;
use crate::grammar::{Band, Item};
use crate::label::key;
use crate::numbering::{Style, fold_mark, mark, read_number};
use crate::place::Span;
use crate::sums::{Expanded, Standing};
use crate::table::TableRow;

/// More unknown rows in one place are a table of their own. A form has fewer rows.
const LONGEST_RUN: usize = 100;

/// A row that the form does not have, with its place among those that it has.
#[derive(Debug, Clone)]
pub struct Extra<'a> {
    /// Index of the printed row.
    pub printed: usize,
    /// Words of the row it is a part of; none where it stands beside the row above.
    pub part_of: Option<&'a str>,
    /// The band of the rows around it.
    pub band: &'a Band,
    /// Id of the row above, and its own id and words.
    pub row: ExtraRow,
}

/// A row that a table has beside those of its form.
#[derive(Debug, Clone)]
pub struct ExtraRow {
    /// Id of the row it comes after.
    pub after: String,
    /// Its id and its printed words.
    pub item: Item,
}

/// A printed row and the row of the form it is.
type Match = (usize, usize, u32);

/// The rows left over that have a place. A row whose parts they are gives up its own match: it is a group here.
pub fn find<'a>(
    unknown: &[usize],
    matched: &mut Vec<Match>,
    (document, printed): (&Document, &[TableRow]),
    form: &FormRows<'a>,
) -> Vec<Extra<'a>> {
    let mut found: Vec<Extra> = Vec::new();
    let mut rest = unknown;
    while let Some(&first) = rest.first() {
        let at = matched.partition_point(|(row, ..)| *row < first);
        let (above, below) = (at.checked_sub(1).and_then(|at| matched.get(at)).copied(), matched.get(at).copied());
        let end = below.map_or(usize::MAX, |(row, ..)| row);
        let (run, later) = rest.split_at(rest.partition_point(|&row| row < end));
        rest = later;
        let Some(above) = above.filter(|_| run.len() <= LONGEST_RUN) else { continue };
        let gap = Gap { document, printed, form, above, below: below.map_or(form.rows.len(), |(_, row, _)| row) };
        let own = gap.place(run, matched).unwrap_or_default();
        if own.first().is_some_and(|extra| extra.row.after == gap.above_id() && extra.part_of.is_some()) {
            matched.retain(|own| *own != above);
        }
        found.extend(own);
    }
    found
}

/// What lies between two rows that are known.
struct Gap<'g, 'a> {
    document: &'g Document,
    printed: &'g [TableRow],
    form: &'g FormRows<'a>,
    above: Match,
    /// Index of the form's row below.
    below: usize,
}

impl<'a> Gap<'_, 'a> {
    fn above_id(&self) -> &'a str {
        self.form.rows.get(self.above.1).map_or("", |row| row.id)
    }

    fn place(&self, run: &[usize], matched: &[Match]) -> Option<Vec<Extra<'a>>> {
        let above = self.form.rows.get(self.above.1)?;
        let is_lost = |index: &usize| {
            let is_leaf = self.form.rows.get(*index).is_some_and(|row| !row.group && !row.optional);
            is_leaf && !matched.iter().any(|(_, own, _)| own == index)
        };
        let mut lost = (self.above.1 + 1..self.below).filter(is_lost);
        let is_bare = self.printed.get(self.above.0).is_some_and(|row| row.first_datum().is_none());
        let marks: Vec<Option<(Style, u64)>> = run.iter().map(|&row| self.mark(row)).collect();
        let split = match (lost.next(), lost.next()) {
            (Some(index), None) => self.form.rows.get(index),
            (None, _) if is_bare => Some(above),
            (None, _) => None,
            _ => return None,
        };
        match split {
            Some(split) => (run.len() > 1 && counts_from(&marks, 1)).then(|| self.name(run, split, split.id, Some(split.label)))?,
            None => {
                let (style, number) = self.mark(self.above.0)?;
                let goes_on = counts_from(&marks, number + 1) && marks.iter().flatten().all(|(own, _)| *own == style);
                let (parent, _) = above.id.rsplit_once('.').filter(|_| goes_on && marks.iter().all(Option::is_some))?;
                self.name(run, above, parent, None)
            }
        }
    }

    fn label(&self, row: usize) -> Option<Span> {
        let row = self.printed.get(row)?;
        row.label().and_then(|index| row.cells.get(index)).map(|cell| cell.span)
    }

    fn mark(&self, row: usize) -> Option<(Style, u64)> {
        let folded = fold_mark(self.document.slice(self.label(row)?).trim());
        let (_, (style, number)) = mark(&folded).ok()?;
        Some((style, read_number(&number)?))
    }

    /// Each with an id of its own; none at all where one has no words.
    fn name(&self, run: &[usize], neighbour: &FormRow<'a>, parent: &str, part_of: Option<&'a str>) -> Option<Vec<Extra<'a>>> {
        let mut after = neighbour.id.to_string();
        let mut named: Vec<Extra> = Vec::new();
        for &printed in run {
            let label = tidy(self.document.slice(self.label(printed)?));
            let words = key(&label);
            let is_free =
                |id: &String| !named.iter().any(|extra| extra.row.item.id == *id) && !self.form.rows.iter().any(|row| row.id == id);
            let id = Some(format!("{parent}.{words}")).filter(|id| !words.is_empty() && is_free(id))?;
            let item = Item { id: id.clone(), labels: vec![label], keys: vec![words], optional: false, aggregate: false, unit: None };
            let row = ExtraRow { after: std::mem::replace(&mut after, id), item };
            named.push(Extra { printed, part_of, band: neighbour.band, row });
        }
        Some(named)
    }
}

/// True where marks count on from a number, or there are none.
fn counts_from(marks: &[Option<(Style, u64)>], first: u64) -> bool {
    marks.iter().all(Option::is_none)
        || marks.iter().zip(first..).all(|(mark, wanted)| mark.as_ref().is_some_and(|(_, own)| *own == wanted))
}

/// True where every sum that the rows enter holds in every column, one of them over something else than zeros.
pub fn are_borne_out(extras: &[Extra], lines: &[Line], identities: &Identities, reader: &Reader) -> bool {
    let is_extra = |id: &str| extras.iter().any(|extra| extra.row.item.id == id);
    let own: Vec<&Line> = lines.iter().filter(|line| is_extra(&line.row)).collect();
    let is_plain = |line: &&Line| match line.candidates.as_slice() {
        [slots] => line.fit == Fit::Sound && row_allows(line, slots, identities, reader),
        _ => false,
    };
    let Some(first) = own.first().filter(|_| own.len() == extras.len() && own.iter().all(is_plain)) else { return false };
    let concerned: Vec<_> = identities.in_columns.iter().filter(|identity| identity.ids().any(is_extra)).collect();
    let by_row = &RowIndex::new(lines, identities);
    let own = |column: &usize| identities.columns.get(*column).is_some_and(|item| first.under.ids.iter().any(|id| **id == *item.id));
    let columns = (0..identities.columns.len()).filter(own);
    let standing = |column: usize, identity: &Expanded| identity.evaluate(|part| settled(lines, by_row, part.item, column, reader));
    let standings = columns.flat_map(|column| concerned.iter().map(move |identity| standing(column, identity)));
    let standings: Vec<Standing> = standings.collect();
    standings.contains(&Standing::Proven) && standings.iter().all(|standing| matches!(standing, Standing::Proven | Standing::Idle))
}
