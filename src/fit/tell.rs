//! What was odd about a table, told as flags. One method tells one kind of finding.

use super::columns::Header;
use super::extra::Extra;
use super::place::{Fit, Slot};
use super::rows::FormRows;
use super::solve::{Identities, find_only_lost, implied_value};
use super::{Fate, FittedCell, FittedTable, Line, Reader, form_unit};
use crate::doc::{Document, Shape};
use crate::flag::{Candidate, Code, Fault, Flag, Message, Proposal, Related, Severity};
use crate::fold::tidy;
use crate::grammar::words::built_in;
use crate::grammar::{Family, TableForm, is_under};
use crate::normalise::{Doubt, Quantity, Reading, is_count, same_measure};
use crate::outline::Outline;
use crate::place::Span;
use crate::sums::{Operand, Standing};
use crate::table::{Mend, Table, TableRow};
use std::rc::Rc;
use std::sync::Arc;

/// Collects the flags of one table.
pub struct Story<'a> {
    document: &'a Document,
    form: &'a TableForm,
    printed: &'a [TableRow],
    /// What has been told.
    pub flags: Vec<Flag>,
}

/// What a row is held against: the form's rows, its sums, and what its cells say.
pub struct Ledger<'a> {
    /// Rows of the form.
    pub form: &'a FormRows<'a>,
    /// Sums of the table.
    pub identities: &'a Identities<'a>,
    /// Looks cells up.
    pub reader: &'a Reader<'a>,
}

/// The flag for a table that is not there.
pub fn table_missing(form: &TableForm, family: &Family, outline: &Outline, roles: &[Option<String>]) -> Flag {
    let message = Message::new("the table {0} is not there", [family.section_label(&form.section).to_string()]);
    let help = Message::plain("look whether it is a picture, an attachment, or laid out in a way that is not read as a table");
    let flag = Flag::new(Code::TableMissing, message).help(help).about(vec![format!("{}/*", form.id)]);
    let section = outline.sections.iter().zip(roles).find(|(_, role)| role.as_deref() == Some(&form.section));
    match section.map(|(section, _)| section.span).or(outline.title) {
        Some(span) => flag.at(span),
        None => flag,
    }
}

/// Most cells: nothing, or a whole number without a unit that is not below zero. There is nothing to tell of them.
fn is_plain_count(cell: &FittedCell) -> bool {
    match &cell.reading {
        Reading::Blank | Reading::NotApplicable => true,
        Reading::Number(quantity) => quantity.unit.is_none() && quantity.value.scale() == 0 && !quantity.value.is_sign_negative(),
        _ => false,
    }
}

/// The flags for tables of sections in which the grammar leaves tables out, one a section.
pub fn undescribed(loose: &[&Table], family: &Family, outline: &Outline, roles: &[Option<String>]) -> Vec<Flag> {
    let role = |table: &Table| roles.get(outline.root_of(table.section?))?.as_deref();
    let flag = |id: &String| {
        let table = loose.iter().find(|table| role(table) == Some(id))?;
        let message = Message::new("the grammar does not describe the table of {0}", [family.section_label(id).to_string()]);
        let help = Message::plain(
            "its numbers are read without the grammar; describe the table there, or draft from a sample that shows its cells",
        );
        Some(Flag::new(Code::TableMissing, message).at(table.span).help(help).graded(Severity::Warning))
    };
    family.undescribed.iter().filter_map(flag).collect()
}

/// The number of a row that holds nothing else, whole and of at most three digits.
fn find_page_number(row: &TableRow) -> Option<Span> {
    let mut printed = row.cells.iter().filter(|cell| cell.is_printed());
    let (cell, None) = (printed.next()?, printed.next()) else { return None };
    let is_plain = matches!(&cell.reading, Reading::Number(quantity) if quantity.unit.is_none() && quantity.value.fract().is_zero());
    (is_plain && row.cells.len() == 1 && cell.span.range().len() <= 3).then_some(cell.span)
}

/// A number that cannot be of its column's unit: printed in another one, or of things counted one by one a fraction, or
/// less than none of them.
fn odd_measure(raw: &str, quantity: &Quantity, wanted: Option<&str>, may_fall: impl Fn() -> bool) -> Option<Flag> {
    let wanted = wanted?;
    let flag = match quantity.unit {
        Some(printed) if !same_measure(printed, wanted) => {
            let facts = [raw.to_string(), printed.to_string(), wanted.to_string()];
            Flag::new(Code::UnitMismatch, Message::new("{0} is printed in {1}; the column is in {2}", facts))
        }
        None if is_count(wanted) && !quantity.value.fract().is_zero() => {
            let facts = [raw.to_string(), wanted.to_string()];
            Flag::new(Code::UnitMismatch, Message::new("{0} is no whole number; the column counts in {1}", facts))
        }
        _ if is_count(wanted) && quantity.value.is_sign_negative() && !quantity.value.is_zero() && !may_fall() => {
            let facts = [raw.to_string(), wanted.to_string()];
            Flag::new(Code::UnitMismatch, Message::new("{0} is below zero; the column counts in {1}", facts))
        }
        _ => return None,
    };
    Some(flag.help(Message::plain("the value is kept as printed, with its own unit")))
}

impl<'a> Story<'a> {
    /// Begin with nothing told.
    pub fn new(document: &'a Document, form: &'a TableForm, printed: &'a [TableRow]) -> Story<'a> {
        Story { document, form, printed, flags: Vec::new() }
    }

    fn row_key(&self, row: &str) -> String {
        format!("{}/{row}/*", self.form.id)
    }

    fn whole_table(&self) -> Vec<String> {
        vec![format!("{}/*", self.form.id)]
    }

    fn row_span(&self, printed: usize) -> Span {
        self.printed.get(printed).map(|row| row.span).unwrap_or_default()
    }

    /// Two rows in the wrong order.
    pub fn swapped(&mut self, stray: usize, own: usize, crossed: &[usize], form: &FormRows) {
        let label = |index: usize| form.rows.get(index).map_or("", |row| row.label).to_string();
        let id = |index: &usize| form.rows.get(*index).map(|row| self.row_key(row.id));
        let cells = std::iter::once(&own).chain(crossed).filter_map(id).collect();
        let message = Message::new("the row {0} stands out of the form's order", [label(own)]);
        let help = Message::plain("compare the rows' numbers with the original; label and numbers may have parted");
        self.flags.push(Flag::new(Code::RowsSwapped, message).at(self.row_span(stray)).about(cells).help(help));
    }

    /// Cuts in the middle of a table: a gap after which rows go on without a header.
    pub fn cuts(&mut self, data: &[usize], own: &[&Table]) {
        for (index, pair) in self.printed.windows(2).enumerate() {
            let [above, below] = pair else { continue };
            let goes_on = data.binary_search(&index).is_ok() && data.binary_search(&(index + 1)).is_ok();
            if above.piece == below.piece || !goes_on || own.is_empty() {
                continue;
            }
            let gap = Span { start: above.span.end, end: below.span.start };
            let skipped = self.document.slice(gap).find('\n').map_or(0, |at| at + 1);
            let start = gap.start as usize + skipped;
            let told = crate::table::seam(self.document, above, below);
            let message = told.unwrap_or(Message::plain("the table is cut here and goes on below"));
            self.flags.push(Flag::new(Code::TableSplit, message).at(Span::new(start, start)).about(self.whole_table()));
        }
    }

    /// Headers that are lost, strange or misprinted; each once.
    pub fn headers(&mut self, lines: &[Line], form: &FormRows) {
        let mut told: Vec<String> = Vec::new();
        for below in lines.chunk_by(|one, other| Rc::ptr_eq(&one.under, &other.under)) {
            let Some(line) = below.first() else { continue };
            let header = &line.under.fitted.header;
            let band = form.rows.get(line.form_row).and_then(|row| row.band.opens.clone()).unwrap_or_default();
            let tag = format!("{band}{}", header.tag());
            if told.contains(&tag) {
                continue;
            }
            told.push(tag);
            let span = self.row_span(line.printed);
            let statutory = Message::plain("columns are taken in the form's order; compare them with the original");
            match header {
                Header::Whole(misprints) => self.misprinted_headers(misprints),
                Header::Missing => {
                    let message = Message::plain("the header is lost");
                    self.flags.push(Flag::new(Code::HeaderMissing, message).at(span).about(self.whole_table()).help(statutory));
                }
                Header::Partial(labels) => {
                    let message = Message::new("the header does not name {0}", [labels.join(", ")]);
                    self.flags.push(Flag::new(Code::HeaderMissing, message).at(span).about(self.whole_table()).help(statutory));
                }
                Header::Moved(at, name) => {
                    let message = Message::new("the header is in another order than the form's: {0}", [name.clone()]);
                    let help = Message::plain("columns go by their headers; compare them with the original");
                    self.flags.push(Flag::new(Code::HeaderUnknown, message).at(*at).about(self.whole_table()).help(help));
                }
                Header::Unknown(at, name) => {
                    let message = Message::new("the header is not the form's: {0}", [name.clone()]);
                    self.flags.push(Flag::new(Code::HeaderUnknown, message).at(*at).about(self.whole_table()).help(statutory));
                }
            }
        }
    }

    /// Headers that state another unit than the form: the cells are in the printed one.
    pub fn stated_units(&mut self, lines: &[Line], form: &FormRows) {
        let mut found: Vec<(String, &'static str, Span, Vec<String>)> = Vec::new();
        for line in lines {
            let band = form.rows.get(line.form_row).map(|row| row.band);
            for (column, printed) in line.under.ids.iter().zip(&line.under.fitted.printed) {
                let Some(stated) = printed.unit else { continue };
                if form_unit(self.form, band, column).is_none_or(|wanted| same_measure(stated, wanted)) {
                    continue;
                }
                let key = FittedTable::key(self.form, &line.row, column);
                match found.iter_mut().find(|(other, unit, ..)| *other == **column && *unit == stated) {
                    Some((.., cells)) => cells.push(key),
                    None => found.push((column.to_string(), stated, self.row_span(line.printed), vec![key])),
                }
            }
        }
        for (column, stated, span, cells) in found {
            let message = Message::new("the header of {0} states {1}, which is not the form's unit", [column, stated.to_string()]);
            let help = Message::plain("the values carry the printed unit; look whether the header or the numbers are wrong");
            self.flags.push(Flag::new(Code::UnitMismatch, message).at(span).about(cells).help(help).fault(Fault::Source));
        }
    }

    fn misprinted_headers(&mut self, misprints: &[(Span, String)]) {
        for (span, wanted) in misprints {
            if self.flags.iter().any(|flag| flag.span == Some(*span)) {
                continue;
            }
            let printed = tidy(self.document.slice(*span));
            let message = Message::new("{0} is read as {1}", [printed, wanted.clone()]);
            self.flags.push(Flag::new(Code::LabelMisprint, message).at(*span).fault(Fault::Source));
        }
    }

    /// Each row of the form that is printed.
    pub fn lines(&mut self, lines: &[Line], ledger: &Ledger, table: &mut FittedTable) {
        for line in lines {
            self.mended(line);
            self.shifted_label(line, lines);
            self.misprinted_label(line, ledger.form);
            self.shape(line, ledger, table);
            self.unread_cells(line, ledger.form, table);
            self.blank_cells(line, table);
        }
    }

    fn mended(&mut self, line: &Line) {
        let cells = vec![self.row_key(&line.row)];
        let span = self.row_span(line.printed);
        if line.is_mended(self.printed, Mend::Joined) {
            let message = Message::plain("the row is broken over several lines");
            self.flags.push(Flag::new(Code::RowBroken, message).at(span).about(cells).fault(Fault::Reading));
        } else if line.is_mended(self.printed, Mend::Parted) {
            let message = Message::plain("two rows stand on one line");
            self.flags.push(Flag::new(Code::RowGlued, message).at(span).about(cells).fault(Fault::Reading));
        }
    }

    /// A leaf's label in a column where its siblings' group stands.
    fn shifted_label(&mut self, line: &Line, lines: &[Line]) {
        let has_columns = |row: &&TableRow| row.mend == Mend::None && matches!(row.shape, Shape::Ragged | Shape::Spanned);
        let Some(row) = self.printed.get(line.printed).filter(has_columns) else { return };
        let column = |row: &TableRow| row.label().and_then(|index| row.cells.get(index)).map(|cell| cell.column);
        let is_deep = line.row.bytes().filter(|byte| *byte == b'.').count() >= 2 && line.fit != Fit::Shifted;
        let (Some(own), Some((group, _))) = (column(row).filter(|_| is_deep), line.row.rsplit_once('.')) else { return };
        let is_sibling = |other: &Line| {
            is_under(&other.row, group) && other.row != line.row && !other.row.get(group.len() + 1..).unwrap_or_default().contains('.')
        };
        let mut siblings = lines
            .iter()
            .filter_map(|other| Some((other, self.printed.get(other.printed)?)))
            .filter(|(_, other)| other.piece == row.piece && other.mend == Mend::None)
            .filter_map(|(other, row)| Some((other, column(row)?)))
            .filter(|(other, _)| is_sibling(other))
            .map(|(_, column)| column)
            .peekable();
        if siblings.peek().is_some() && siblings.all(|sibling| sibling > own) {
            let label =
                tidy(self.document.slice(row.label().and_then(|index| row.cells.get(index)).map(|cell| cell.span).unwrap_or_default()));
            let message = Message::new("the label {0} stands where its group's label belongs", [label]);
            let flag = Flag::new(Code::RowShifted, message).at(row.span).about(vec![self.row_key(&line.row)]).fault(Fault::Reading);
            self.flags.push(flag.help(Message::plain("the numbers stand under their headers; only the label has moved")));
        }
    }

    fn misprinted_label(&mut self, line: &Line, form: &FormRows) {
        let cell = self.printed.get(line.printed).and_then(|row| row.cells.get(row.label()?));
        let (Some(cell), Some(wanted)) = (cell.filter(|_| line.score < 100), form.rows.get(line.form_row)) else { return };
        let message = Message::new("{0} is read as {1}", [tidy(self.document.slice(cell.span)), wanted.label.to_string()]);
        self.flags.push(Flag::new(Code::LabelMisprint, message).at(cell.span).about(vec![self.row_key(&line.row)]).fault(Fault::Source));
    }

    fn shape(&mut self, line: &Line, ledger: &Ledger, table: &mut FittedTable) {
        let ambiguous = table.cells_of(line.printed).iter().any(|cell| cell.fate == Fate::Ambiguous);
        let (code, message) = match line.fit {
            Fit::Sound => return,
            Fit::Shifted
                if line.candidates.len() == 1 && line.n_first > 1 && line.candidates.iter().flatten().all(|slot| *slot != Slot::Lost) =>
            {
                return;
            }
            Fit::Short => (Code::RowShort, "{0} numbers for {1} columns"),
            Fit::Long => (Code::RowLong, "{0} cells for {1} columns"),
            Fit::Shifted => (Code::RowShifted, "{0} numbers for {1} columns, not under their headers"),
        };
        let row = self.printed.get(line.printed);
        let n_printed =
            row.map_or(0, |row| row.cells.iter().skip(row.label().map_or(0, |index| index + 1)).filter(|cell| cell.is_printed()).count());
        let span = self.row_span(line.printed);
        let facts = [n_printed.to_string(), line.under.ids.len().to_string()];
        let joined = line.candidates.iter().flatten().any(|slot| matches!(slot, Slot::Joined(_)));
        let code = if joined && !ambiguous { Code::NumberSplit } else { code };
        let mut cells = vec![self.row_key(&line.row)];
        // A label without numbers among rows that have theirs: sums cannot tell whether they are lost or the numbers slid.
        if n_printed == 0 && row.is_some_and(|row| row.shape != Shape::Spanned) {
            cells.extend(self.whole_table());
        }
        let mut flag = Flag::new(code, Message::new(message, facts)).at(span).about(cells).fault(Fault::Reading);
        if let Some(glued) = self.find_glued(line).filter(|_| !ambiguous) {
            let message = Message::new("{0} is two numbers run together; with them parted every sum of the row holds", [glued]);
            flag = Flag { message, ..flag };
        }
        flag.proposal = self.lost_value(line, ledger.identities, ledger.reader);
        flag.help = Some(Message::plain("compare the row with the original: a cell is lost, surplus or run together"));
        if ambiguous {
            flag.candidates = self.candidates(line, ledger.reader);
        }
        self.flags.push(flag);
        if ambiguous {
            let message = Message::new("{0} placements are possible; none is chosen", [line.candidates.len().to_string()]);
            self.flags.push(Flag::new(Code::NumberUnplaced, message).at(span).about(vec![self.row_key(&line.row)]).fault(Fault::Reading));
        } else {
            self.note_surplus(line, table);
        }
    }

    fn lost_value(&self, line: &Line, identities: &Identities, reader: &Reader) -> Option<Proposal> {
        let [slots] = line.candidates.as_slice() else { return None };
        let column = find_only_lost(line, slots)?;
        let value = implied_value(line, slots, column, identities, reader)?;
        let cell = FittedTable::key(self.form, &line.row, &identities.columns.get(column)?.id);
        Some(Proposal { cell, value: value.to_string(), reason: Message::plain("the sum of its row leaves this"), only: false })
    }

    /// The cell that is taken for two numbers.
    fn find_glued(&self, line: &Line) -> Option<String> {
        let cell = line.candidates.iter().flatten().find_map(|slot| if let Slot::Part { cell, .. } = slot { Some(*cell) } else { None })?;
        self.printed.get(line.printed)?.cells.get(cell).map(|cell| tidy(self.document.slice(cell.span)))
    }

    fn candidates(&self, line: &Line, reader: &Reader) -> Vec<Vec<Candidate>> {
        const MOST_SHOWN: usize = 8;
        let one = |slots: &Vec<Slot>| {
            let cell = |(slot, column): (&Slot, &Arc<str>)| {
                let raw = reader.slot(line, *slot).0.map(|span| tidy(self.document.slice(span)));
                Candidate { cell: FittedTable::key(self.form, &line.row, column), raw }
            };
            slots.iter().zip(&line.under.ids).map(cell).collect()
        };
        line.candidates.iter().take(MOST_SHOWN).map(one).collect()
    }

    /// Numbers of a settled row that no column takes.
    fn note_surplus(&self, line: &Line, table: &mut FittedTable) {
        let Some(row) = self.printed.get(line.printed) else { return };
        let taken: Vec<Span> = table.cells_of(line.printed).iter().filter_map(|cell| cell.span).collect();
        // Where none has a place nobody knows which of them are too many.
        if taken.is_empty() {
            return;
        }
        let surplus = row.cells.iter().filter(|cell| cell.reading.is_datum() && !taken.iter().any(|span| span.covers(cell.span)));
        table.noted.extend(surplus.map(|cell| (cell.span, "surplus cell of a row with too many")));
    }

    fn unread_cells(&mut self, line: &Line, form: &FormRows, table: &FittedTable) {
        let columns = form.rows.get(line.form_row).map_or(&[][..], |row| &row.band.columns);
        let is_change = |id: &str| {
            columns.iter().filter(|item| item.id == id).flat_map(|item| &item.labels).any(|label| built_in().change.is_in(label))
        };
        for cell in table.cells_of(line.printed).iter().filter(|cell| cell.fate == Fate::Placed) {
            let Some(span) = cell.span.filter(|_| !is_plain_count(cell)) else { continue };
            let raw = tidy(self.document.slice(span));
            let mut key = FittedTable::key(self.form, &cell.row, &cell.column);
            let flag = match &cell.reading {
                Reading::Unread(Doubt::Split(value)) => {
                    let mut flag = Flag::new(Code::NumberSplit, Message::new("{0} may be one number in pieces or two numbers", [raw]));
                    let reason = Message::plain("the pieces read together");
                    flag.proposal = Some(Proposal { cell: key.clone(), value: value.to_string(), reason, only: false });
                    flag
                }
                Reading::Unread(_) => Flag::new(Code::NumberUnread, Message::new("{0} cannot be read as one number", [raw])),
                Reading::Words => Flag::new(Code::NumberUnread, Message::new("{0} stands where a number belongs", [raw])),
                Reading::Number(quantity) | Reading::Annotated(quantity) => {
                    match odd_measure(&raw, quantity, cell.unit.as_deref(), || is_change(&cell.column)) {
                        Some(flag) => {
                            // A fraction among counts may have changed places with a neighbour: the whole row is in doubt.
                            if quantity.unit.is_none() && !quantity.value.fract().is_zero() {
                                key = self.row_key(&cell.row);
                            }
                            flag
                        }
                        None if matches!(cell.reading, Reading::Annotated(_)) => {
                            Flag::new(Code::CellAnnotated, Message::new("{0} is a number with words", [raw]))
                        }
                        None => continue,
                    }
                }
                _ => continue,
            };
            self.flags.push(flag.at(span).about(vec![key]).fault(Fault::Source));
        }
    }

    fn blank_cells(&mut self, line: &Line, table: &FittedTable) {
        let blank: Vec<String> = table
            .cells_of(line.printed)
            .iter()
            .filter(|cell| cell.fate == Fate::Placed && cell.reading.is_blank())
            .map(|cell| FittedTable::key(self.form, &cell.row, &cell.column))
            .collect();
        if !blank.is_empty() {
            let message = Message::new("{0} cells print nothing", [blank.len().to_string()]);
            self.flags.push(Flag::new(Code::CellBlank, message).at(self.row_span(line.printed)).about(blank));
        }
    }

    /// Rows that are printed twice. Equal ones are noted; different ones make the row ambiguous.
    pub fn twins(&mut self, twins: &[(usize, usize)], form: &FormRows, table: &mut FittedTable) {
        for &(twin, own) in twins {
            let (Some(row), Some(form_row)) = (self.printed.get(twin), form.rows.get(own)) else { continue };
            let first = table.cells.iter().find(|cell| *cell.row == *form_row.id).and_then(|cell| self.printed.get(cell.printed));
            let readings = |row: &TableRow| {
                row.cells.iter().filter(|cell| cell.reading.is_datum()).map(|cell| cell.reading.clone()).collect::<Vec<_>>()
            };
            let equal = first.is_some_and(|first| readings(first) == readings(row));
            let cells = vec![self.row_key(form_row.id)];
            let message = Message::new("the row {0} stands twice", [form_row.label.to_string()]);
            let other = first.map_or(row.span, |first| first.span);
            let mut flag = Flag::new(Code::RowTwice, message).at(row.span.max(other)).about(cells);
            flag.related = vec![Related { span: row.span.min(other), label: self.row_key(form_row.id) }];
            if equal {
                table.noted.extend(row.cells.iter().map(|cell| (cell.span, "row printed twice")));
            } else {
                for cell in table.cells.iter_mut().filter(|cell| *cell.row == *form_row.id) {
                    cell.fate = Fate::Ambiguous;
                }
                flag = flag.graded(Severity::Error).help(Message::plain("the two print different numbers; neither is chosen"));
            }
            self.flags.push(flag);
        }
    }

    /// Rows of the form that are not printed.
    pub fn missing(&mut self, form: &FormRows, table: &mut FittedTable) {
        for id in &table.missing {
            let label = form.rows.iter().find(|row| row.id == id).map_or("", |row| row.label);
            let message = match label {
                "" => Message::plain("the table prints no numbers"),
                label => Message::new("the row {0} is not there", [label.to_string()]),
            };
            let at = table.cells.iter().rev().find(|cell| &*cell.row < id.as_str()).map_or(table.span, |cell| self.row_span(cell.printed));
            let at = self.row_before(form, id, table).unwrap_or(at);
            let help = Message::plain("look below this line in the original: the row was left out, or its label says something else");
            // Where a row may be split, so may the lost one have been.
            let parts = form.rows.iter().filter(|row| row.optional && is_under(row.id, id)).map(|row| self.row_key(row.id));
            let mut cells: Vec<String> = std::iter::once(self.row_key(id)).chain(parts).collect();
            // Its label without its numbers: these may have slid to other labels, and sums would not tell.
            if self.prints_bare_label(form, id) {
                cells.extend(self.whole_table());
            }
            self.flags.push(Flag::new(Code::RowMissing, message).at(at).about(cells).help(help));
        }
    }

    /// True when, below the header, a line prints the label of a row and nothing else.
    fn prints_bare_label(&self, form: &FormRows, id: &str) -> bool {
        let own = form.rows.iter().filter(|row| row.id == id);
        let keys: Vec<&str> = own.flat_map(|row| row.keys).map(String::as_str).filter(|key| !key.is_empty()).collect();
        let is_bare = |row: &&TableRow| {
            let mut words = row.cells.iter().filter(|cell| cell.is_printed());
            row.first_datum().is_none() && words.all(|cell| form.knows(&cell.key)) && keys.contains(&row.label_key())
        };
        self.printed.iter().skip_while(|row| row.first_datum().is_none()).any(|row| is_bare(&row))
    }

    /// The printed row after which a missing one belongs.
    fn row_before(&self, form: &FormRows, id: &str, table: &FittedTable) -> Option<Span> {
        let own = form.rows.iter().position(|row| row.id == id)?;
        let before = form.rows.iter().take(own).rev().find_map(|row| table.cells.iter().find(|cell| *cell.row == *row.id));
        before.map(|cell| self.row_span(cell.printed))
    }

    /// Rows with numbers that are no row of the form.
    pub fn strays(&mut self, strays: &[usize], ledger: &Ledger, table: &mut FittedTable) {
        for &stray in strays {
            let Some(row) = self.printed.get(stray) else { continue };
            let above = table.cells.iter().filter(|cell| cell.printed < stray).max_by_key(|cell| cell.printed).cloned();
            let may_be_part =
                above.as_ref().is_some_and(|above| self.is_right_below(above.printed, stray) && !is_proven(&above.row, ledger, table));
            if let Some(span) = find_page_number(row).filter(|_| !may_be_part) {
                table.noted.push((span, "a number alone on its line, such as a page's"));
                continue;
            }
            let label = row.label().and_then(|index| row.cells.get(index)).map(|cell| tidy(self.document.slice(cell.span)));
            // It may be any row that is missing; without a label it may be the rest of the row above.
            let rest_of = above.filter(|_| label.is_none()).map(|above| self.row_key(&above.row));
            let cells = rest_of.into_iter().chain(table.missing.iter().map(|id| self.row_key(id))).collect();
            let message = match label {
                Some(label) => Message::new("the form has no row {0}", [label]),
                None => Message::plain("a row of numbers has no label"),
            };
            self.flags.push(Flag::new(Code::RowUnknown, message).at(row.span).about(cells).graded(Severity::Error).fault(Fault::Reading));
        }
    }

    /// Rows that the form does not have, read where they stand.
    pub fn extras<'e>(&mut self, extras: impl Iterator<Item = &'e Extra<'e>>) {
        for extra in extras {
            let label = extra.row.item.label().to_string();
            let message = match extra.part_of {
                Some(whole) => Message::new("the form has no row {0}; it is read as a part of {1}", [label, whole.to_string()]),
                None => Message::new("the form has no row {0}; it is read beside the row above", [label]),
            };
            let flag = Flag::new(Code::RowUnknown, message).at(self.row_span(extra.printed)).about(vec![self.row_key(&extra.row.item.id)]);
            self.flags.push(flag.help(Message::plain("every sum holds with it; a line of its own in the grammar gives it a lasting id")));
        }
    }

    /// True when nothing but the end of a line stands between two rows.
    fn is_right_below(&self, above: usize, below: usize) -> bool {
        let between = Span { start: self.row_span(above).end, end: self.row_span(below).start };
        above + 1 == below && self.document.slice(between).matches('\n').count() <= 1
    }
}

/// True when a sum of the row's own holds.
fn is_proven(row: &str, ledger: &Ledger, table: &FittedTable) -> bool {
    let number = |column: &str| table.cells.iter().find(|cell| *cell.row == *row && *cell.column == *column && cell.fate == Fate::Placed);
    let operand = |column: &str| match number(column).map(|cell| &cell.reading) {
        Some(Reading::Number(quantity) | Reading::Annotated(quantity)) => Operand::Number(quantity.value),
        Some(Reading::Blank | Reading::NotApplicable) => Operand::Nothing,
        _ => Operand::Unknown,
    };
    ledger.identities.in_rows.iter().any(|identity| identity.evaluate(|part| operand(part.id)) == Standing::Proven)
}
