//! Identities over fitted cells → how each number stands, and flags for sums that do not add up.

mod across;
mod board;
mod culprit;
pub mod words;

use crate::exact;
use crate::fit::{Fate, Fitted, FittedCell, FittedTable};
use crate::flag::{Code, Fault, Flag, Flagged, Message, Related, Severity};
use crate::grammar::{Family, Item, TableForm};
use crate::normalise::{Reading, money_zeros, same_measure};
use crate::place::Span;
use crate::sums::{Expanded, Operand, Standing, expand};
use board::{Board, Line, Place};
use culprit::Weights;
use foldhash::HashMap;
use rust_decimal::Decimal;

/// How identities came out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Both sides equal.
    pub held: usize,
    /// They differ.
    pub failed: usize,
    /// Something is blank, lost or unknown.
    pub not_checkable: usize,
}

/// How a number stands; a cell that no identity covers is not in the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// In an identity that holds.
    Proven,
    /// In one that fails.
    Disputed,
}

/// What checking found.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Counts.
    pub tally: Tally,
    /// How each number stands, by where it is printed.
    pub trust: HashMap<Span, Trust>,
}

/// What is known of a table when a culprit is looked for.
struct CheckedTable<'a> {
    cases: &'a [Case<'a>],
    form: &'a TableForm,
    board: &'a Board<'a>,
    rows: &'a [&'a Item],
    columns: &'a [&'a Item],
    weights: &'a Weights,
    /// What the section it stands in is called.
    title: &'a str,
}

impl CheckedTable<'_> {
    fn key(&self, (row, column): (&str, &str)) -> String {
        FittedTable::key(self.form, row, column)
    }

    /// Columns that identities run down, in the form's order.
    fn columns(&self) -> Vec<&str> {
        let items = self.form.bands.iter().flat_map(|band| &band.columns).map(|item| item.id.as_str());
        items.filter(|id| self.board.columns.find(id).is_some_and(|place| self.board.has_column(place))).collect()
    }

    fn span(&self, address: (&str, &str)) -> Option<Span> {
        self.board.find(address).and_then(|cell| cell.span)
    }

    fn value(&self, address: (&str, &str)) -> Option<Decimal> {
        self.board.find(address)?.reading.quantity().map(|quantity| quantity.value)
    }

    /// The two sides of a sum in the report's words. A table's only row may have none; then the table's are said.
    fn tell(&self, case: &Case, (left, right): (Decimal, Decimal)) -> Message {
        let (across, along) = if case.in_row() { (self.rows, self.columns) } else { (self.columns, self.rows) };
        let line = Some(words::name(case.line, across)).filter(|name| !name.is_empty()).unwrap_or_else(|| self.title.to_string());
        let value = |id: &str| self.value(case.address(id));
        let side = |terms, sum| words::side(terms, sum, along, &value);
        Message::new("{0}: {1} ≠ {2}", [line, side(&case.expanded.left, left), side(&case.expanded.right, right)])
    }
}

/// One identity in one row or column.
struct Case<'a> {
    expanded: &'a Expanded<'a>,
    /// Id of the row or column.
    line: &'a str,
    at: Line,
    standing: Standing,
    /// The two sides, where they differ by no more than rounding can make them.
    rounded: Option<(Decimal, Decimal)>,
}

impl<'a> Case<'a> {
    fn new(expanded: &'a Expanded<'a>, (line, at): (&'a str, Line), look: &dyn Fn(Line, usize) -> Operand) -> Case<'a> {
        Case { expanded, line, at, standing: expanded.evaluate(|part| look(at, part.item)), rounded: None }
    }

    fn in_row(&self) -> bool {
        matches!(self.at, Line::Row(_))
    }

    /// The cells that it adds up, as far as they are printed.
    fn cells<'c>(&'c self, board: &'c Board<'a>) -> impl Iterator<Item = &'a FittedCell> + 'c {
        self.expanded.parts().filter_map(|part| board.cell(self.at, part.item))
    }

    /// Where its numbers stand.
    fn places<'c>(&'c self, board: &'c Board<'a>) -> impl Iterator<Item = Place> + 'c {
        board.places(self.at, self.expanded.parts())
    }

    /// Amounts are printed to a last place and kept to the cent: their sums may be off by what was rounded away.
    fn allow_rounding(self, board: &Board<'a>) -> Case<'a> {
        let Standing::Failed(left, right) = self.standing else { return self };
        let cells: Vec<&FittedCell> = self.cells(board).collect();
        let scale = cells.iter().filter_map(|cell| cell.reading.quantity()).map(|quantity| quantity.value.scale()).max().unwrap_or(0);
        let allowed = Decimal::try_from_i128_with_scale(exact::rounding(cells.len().saturating_sub(1)), scale);
        let is_rounded = cells.iter().all(|cell| is_rounded(cell.unit.as_deref(), scale));
        match exact::subtract(left, right).zip(allowed.ok()).filter(|_| is_rounded) {
            Some((gap, allowed)) if gap.abs() <= allowed => Case { standing: Standing::Idle, rounded: Some((left, right)), ..self },
            _ => self,
        }
    }
}

/// True where cents are rounded away: in thousands and more, or without decimals. Where no unit is stated nobody knows.
fn is_rounded(unit: Option<&str>, scale: u32) -> bool {
    unit.is_none_or(|unit| money_zeros(unit).is_some_and(|zeros| zeros > 0 || scale < CENTS))
}

/// Decimals of an amount in the currency itself.
const CENTS: u32 = 2;

/// Check every table of the family.
pub fn check(fitted: &Fitted, family: &Family) -> Flagged<Checked> {
    let mut checked = Checked::default();
    let mut flags = Vec::new();
    for table in &fitted.tables {
        if let Some(form) = family.tables.get(table.form) {
            let title = family.section_label(&form.section);
            flags.extend(check_table(table, form, title, &fitted.edition, &mut checked));
        }
    }
    flags.extend(across::check(fitted, family, &mut checked));
    Flagged { value: checked, flags }
}

fn check_table(table: &FittedTable, form: &TableForm, title: &str, edition: &str, checked: &mut Checked) -> Vec<Flag> {
    let (row_items, column_items) = table.items(form, edition);
    let has_column = |id: &str| table.cells.iter().any(|cell| *cell.column == *id);
    let has_row = |id: &str| table.cells.iter().any(|cell| *cell.row == *id) || table.missing.iter().any(|missing| missing == id);
    let columns: Vec<&Item> = column_items.into_iter().filter(|item| !item.optional || has_column(&item.id)).collect();
    let rows: Vec<&Item> = row_items.into_iter().filter(|item| !item.optional || has_row(&item.id)).collect();
    // Of a code's sum only the code itself is a total; its parts may be totals of their own, and a blank one counts as nothing.
    let own_sums = table.items.iter().flat_map(|items| &items.sums);
    let own_sums = expand(own_sums, &rows).map(|mut sum| {
        sum.left.iter_mut().for_each(|part| part.is_total = true);
        sum.right.iter_mut().for_each(|part| part.is_total = false);
        sum
    });
    let in_rows: Vec<Expanded> = expand(&form.column_checks, &columns).collect();
    let in_columns: Vec<Expanded> = expand(&form.row_checks, &rows).chain(own_sums).collect();
    let board = Board::new(table, &rows, &columns);
    let is_open = table.items.is_some();
    let totals: Vec<usize> =
        columns.iter().zip(&board.columns.of_items).filter(|(item, _)| item.aggregate).map(|(_, place)| *place).collect();
    let look = |line: Line, item: usize| {
        let is_total = || match line {
            Line::Row(_) => board.columns.of_items.get(item).is_some_and(|place| totals.contains(place)),
            Line::Column(column) => totals.contains(&column),
        };
        match board.cell(line, item).map_or(Operand::Unknown, operand) {
            // A total left blank is not 0; among the rows of an open table, where each has its total, it is a part that is lost.
            Operand::Nothing if !is_open && is_total() => Operand::Unknown,
            known => known,
        }
    };
    let mut cases = Vec::new();
    let mut row_ids: Vec<&str> = table.cells.iter().map(|cell| &*cell.row).collect();
    row_ids.dedup();
    for row in row_ids {
        let Some(place) = board.rows.find(row) else { continue };
        let line = (row, Line::Row(place));
        cases.extend(in_rows.iter().map(|sum| Case::new(sum, line, &look)));
    }
    for (column, place) in columns.iter().zip(&board.columns.of_items).filter(|(_, place)| board.has_column(**place)) {
        let line = (column.id.as_str(), Line::Column(*place));
        cases.extend(in_columns.iter().map(|sum| Case::new(sum, line, &look)));
    }
    if is_open {
        let is_whole = |case: &Case| case.cells(&board).count() == case.expanded.parts().count();
        let whole = cases.into_iter().filter(is_whole);
        cases = whole.map(|case| without_strangers(case.allow_rounding(&board), table, form)).collect();
    }
    tally(&cases, &board, checked);
    let weights = culprit::weigh(&cases, &board);
    let table = CheckedTable { cases: &cases, form, board: &board, rows: &rows, columns: &columns, weights: &weights, title };
    let swap = culprit::find_swap(&table);
    cases.iter().filter_map(|case| sum_off(case, &table, swap.as_ref())).collect()
}

/// A column that the form does not know may be one of the parts: a sum over columns that fails beside it says nothing.
fn without_strangers<'a>(case: Case<'a>, table: &FittedTable, form: &TableForm) -> Case<'a> {
    let is_known = |item: &Item| form.bands.iter().flat_map(|band| &band.columns).any(|own| own.id == item.id);
    let all_known = table.items.iter().flat_map(|items| &items.columns).all(is_known);
    if case.in_row() && !all_known && matches!(case.standing, Standing::Failed(..)) {
        return Case { standing: Standing::NotCheckable, ..case };
    }
    case
}

/// What an identity meets in a fitted cell.
pub fn operand(cell: &FittedCell) -> Operand {
    match (&cell.fate, &cell.reading) {
        (Fate::Ambiguous | Fate::Lost, _) | (_, Reading::Unread(_) | Reading::Words) => Operand::Unknown,
        (Fate::Placed, Reading::Number(quantity) | Reading::Annotated(quantity)) => match (quantity.unit, cell.unit.as_deref()) {
            // A number in another unit says nothing to a sum.
            (Some(printed), Some(wanted)) if !same_measure(printed, wanted) => Operand::Unknown,
            _ => Operand::Number(quantity.value),
        },
        (Fate::Placed, _) => Operand::Nothing,
    }
}

impl Case<'_> {
    fn address<'c>(&'c self, id: &'c str) -> (&'c str, &'c str) {
        if self.in_row() { (self.line, id) } else { (id, self.line) }
    }
}

fn tally(cases: &[Case], board: &Board, checked: &mut Checked) {
    for case in cases {
        let trust = match case.standing {
            Standing::Proven => Some(Trust::Proven),
            Standing::Failed(..) => Some(Trust::Disputed),
            _ => None,
        };
        match case.standing {
            Standing::Proven | Standing::Idle => checked.tally.held += 1,
            Standing::Failed(..) => checked.tally.failed += 1,
            Standing::NotCheckable => checked.tally.not_checkable += 1,
        }
        let Some(trust) = trust else { continue };
        for span in case.cells(board).filter_map(|cell| cell.span) {
            let stands = checked.trust.entry(span).or_insert(trust);
            *stands = (*stands).max(trust);
        }
    }
}

fn sum_off(case: &Case, table: &CheckedTable, swap: Option<&culprit::Swap>) -> Option<Flag> {
    let site = |address: (&str, &str)| (table.key(address), table.span(address));
    let operands = || case.expanded.ids().map(|id| case.address(id));
    if let Some(sides) = case.rounded {
        return Some(rounded_sum(table.tell(case, sides), operands().map(site).collect()));
    }
    let Standing::Failed(left, right) = case.standing else { return None };
    let (culprits, proposal) = match swap {
        Some(swap) => (swap.cells.to_vec(), Some(swap.proposal.clone())),
        None => {
            let suspects = culprit::suspects(case, table);
            let proposal = if let [suspect] = suspects.as_slice() { culprit::propose(*suspect, table) } else { None };
            (suspects, proposal)
        }
    };
    let others = operands().filter(|address| !culprits.contains(address)).map(site).collect();
    let flag = wrong_sum(table.tell(case, (left, right)), culprits.iter().copied().map(site).collect(), others);
    Some(Flag { proposal, ..flag })
}

/// A number of a sum: its key, and where it is printed.
type Site = (String, Option<Span>);

/// A sum that does not add up: those of its numbers that may be wrong, and the others.
fn wrong_sum(message: Message, suspects: Vec<Site>, others: Vec<Site>) -> Flag {
    let span = suspects.iter().chain(&others).find_map(|(_, span)| *span);
    let related = others.into_iter().filter_map(|(label, span)| Some(Related { span: span?, label })).collect();
    let flag = Flag::new(Code::SumOff, message).about(suspects.into_iter().map(|(key, _)| key).collect()).fault(Fault::Source);
    Flag { span, related, ..flag }.help(Message::plain("look these cells up in the original; the values are kept as printed"))
}

/// A sum that is off by no more than rounding: worth knowing, and no doubt of any number.
fn rounded_sum(message: Message, parts: Vec<Site>) -> Flag {
    let span = parts.iter().find_map(|(_, span)| *span);
    let flag = Flag::new(Code::SumOff, message).about(parts.into_iter().map(|(key, _)| key).collect());
    Flag { span, ..flag }.help(Message::plain("rounded numbers may differ so; the values are kept as printed")).graded(Severity::Note)
}
