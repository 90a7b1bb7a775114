//! Row labels → the path of labels before each row of numbers: groups, deeper labels, parts of a total.
//!
//! ```text
//!   Farming                a lone label names the rows below it, up to the next one
//!     Corn      12         a label that stands deeper belongs to the one above that stands less deep
//!     其中：X    3         "of which" belongs to the row above
//! ```

use super::blank::row_mark;
use super::frame::{Frame, Role};
use super::parts;
use super::sheet::{Sheet, Slot};
use super::sums::Sums;
use crate::grammar::words::Words;
use crate::numbering::Style;

/// How deep a label stands: by its numbering where it has one, else by its blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// The title of a block with a header of its own: it stays until the next header.
    Block,
    /// With its blanks.
    Numbered(Style, u64, usize),
    Blanks(usize),
    /// Part of what stands above, with its blanks.
    Part(usize),
}

struct Open {
    depth: Depth,
    /// A lone label: it stays open for rows that stand no deeper.
    is_group: bool,
    label: Label,
}

/// A label and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Label {
    row: usize,
    column: usize,
    text: String,
}

impl Label {
    fn new(row: usize, slot: &Slot) -> Label {
        Label { row, column: slot.column, text: slot.text.clone() }
    }
}

/// A row that is asked which labels hold it.
struct Asked<'a> {
    row: usize,
    depth: Depth,
    is_group: bool,
    text: &'a str,
    sheet: &'a Sheet,
    n_stub: usize,
    /// The blanks of the next label.
    blanks_below: Option<usize>,
    sums: &'a Sums,
    words: &'a Words,
}

impl Asked<'_> {
    fn is_total(&self) -> bool {
        self.words.total.is_in(self.text)
    }

    fn is_no_greater(&self, above: usize) -> bool {
        let (Some(own), Some(above)) = (self.sheet.rows.get(self.row), self.sheet.rows.get(above)) else { return false };
        parts::is_no_greater(own, above, self.n_stub)
    }
}

/// The label path of each row; empty for rows without labels.
pub fn paths(sheet: &Sheet, frame: &Frame, sums: &Sums, words: &Words) -> Vec<Vec<String>> {
    let wholes = parts::find(sheet, frame, words);
    let blanks_below = blanks_below(sheet, frame);
    let mut open: Vec<Open> = Vec::new();
    let mut numbers: Vec<(Style, u64, usize)> = Vec::new();
    let mut last_was_group = false;
    let mut hanging = Hanging::default();
    let mut found: Vec<Vec<String>> = Vec::with_capacity(sheet.rows.len());
    for (index, (slots, role)) in sheet.rows.iter().zip(&frame.roles).enumerate() {
        let labels: Vec<Label> = slots.iter().filter(|slot| frame.is_label(slot)).map(|slot| Label::new(index, slot)).collect();
        let before = hanging.before((index, slots), frame);
        match role {
            Role::Title | Role::Header => {
                let title = open.pop().filter(|last| last.is_group && last_was_group);
                open.retain(|open| title.is_none() && open.depth == Depth::Block && last_was_group);
                open.extend(title.map(|title| Open { depth: Depth::Block, ..title }));
                numbers.clear();
                found.push(Vec::new());
            }
            Role::Group | Role::Data | Role::Derived => {
                let is_group = *role == Role::Group;
                let Some(own) = slots.iter().rfind(|slot| frame.is_label(slot)) else {
                    found.push(if role.is_data() { path_of(&open, before, labels) } else { Vec::new() });
                    continue;
                };
                let depth = depth(own, words);
                if let Depth::Numbered(style, number, _) = depth {
                    resume(&mut open, &mut numbers, (style, number, index));
                }
                let opened = Open { depth, is_group, label: Label::new(index, own) };
                let whole = wholes.get(index).copied().flatten().and_then(|whole| Some((whole, found.get(whole)?)));
                let path = match whole.filter(|(_, path)| !path.is_empty()) {
                    Some((whole, path)) => {
                        put_below(&mut open, whole, opened);
                        path.iter().cloned().chain(labels.into_iter().map(|label| label.text)).collect()
                    }
                    None => {
                        if !(is_group && last_was_group) {
                            let blanks_below = blanks_below.get(index).copied().flatten();
                            let (text, n_stub) = (own.text.as_str(), frame.n_stub);
                            close(&mut open, &Asked { row: index, depth, is_group, text, sheet, n_stub, blanks_below, sums, words });
                        }
                        let path = path_of(&open, before, labels);
                        open.push(opened);
                        path
                    }
                };
                found.push(path);
                last_was_group = is_group;
            }
            Role::Empty | Role::Note => found.push(Vec::new()),
        }
    }
    found
}

/// A part of an open row closes the parts before it, and holds what stands deeper.
fn put_below(open: &mut Vec<Open>, whole: usize, part: Open) {
    let Some(at) = open.iter().rposition(|open| open.label.row == whole) else { return };
    if open.iter().skip(at + 1).all(|open| !open.is_group) {
        open.truncate(at + 1);
        open.push(part);
    }
}

/// For each row, the blanks of the next label below it.
fn blanks_below(sheet: &Sheet, frame: &Frame) -> Vec<Option<usize>> {
    let mut below = vec![None; sheet.rows.len()];
    let mut next = None;
    for ((slots, role), below) in sheet.rows.iter().zip(&frame.roles).zip(&mut below).rev() {
        *below = next;
        if matches!(role, Role::Group | Role::Data | Role::Derived) {
            next = slots.iter().rfind(|slot| frame.is_label(slot)).map(|slot| slot.indent).or(next);
        }
    }
    below
}

/// A number that goes on from one above closes the lone labels that have come in between and have rows of their own.
fn resume(open: &mut Vec<Open>, numbers: &mut Vec<(Style, u64, usize)>, (style, number, row): (Style, u64, usize)) {
    let last = numbers.iter_mut().find(|(own, ..)| *own == style);
    let since = last.as_ref().filter(|(_, last, _)| *last < number).map(|(_, _, row)| *row);
    if let Some(since) = since {
        let is_between =
            |open: &Open| open.is_group && matches!(open.depth, Depth::Blanks(_)) && open.label.row > since && open.label.row + 1 < row;
        open.retain(|open| !is_between(open));
    }
    match last {
        Some(last) => *last = (style, number, row),
        None => numbers.push((style, number, row)),
    }
}

/// Labels that hang down over several rows, each with the rows left to it.
#[derive(Default)]
struct Hanging(Vec<(usize, Label)>);

impl Hanging {
    /// The labels that hang beside this row, and those of this row kept for the rows below.
    fn before(&mut self, (index, row): (usize, &[Slot]), frame: &Frame) -> Vec<Label> {
        let labels = self.0.iter().map(|(_, label)| label.clone()).collect();
        self.0.iter_mut().for_each(|hanging| hanging.0 -= 1);
        self.0.retain(|(n_left, _)| *n_left > 0);
        let fresh = row.iter().filter(|slot| slot.height > 1 && frame.is_label(slot));
        self.0.extend(fresh.map(|slot| (slot.height - 1, Label::new(index, slot))));
        labels
    }
}

/// From the outermost label to the innermost: what holds the row, then its own labels and those that hang beside them, in
/// order of column. A label that hangs to the left of one that holds the row, since that one's row or before it, stands
/// before that.
fn path_of(open: &[Open], hanging: Vec<Label>, own: Vec<Label>) -> Vec<String> {
    let holds = |hanging: &Label| open.iter().any(|open| open.label.row >= hanging.row && open.label.column > hanging.column);
    let (outer, beside): (Vec<Label>, Vec<Label>) = hanging.into_iter().partition(holds);
    let is_beside = |label: &Label| beside.contains(label);
    let mut groups: Vec<Label> = open.iter().map(|open| open.label.clone()).filter(|label| !is_beside(label)).collect();
    if !outer.is_empty() {
        groups.extend(outer);
        groups.sort();
    }
    let mut labels: Vec<Label> = beside.into_iter().chain(own).collect();
    labels.sort_by_key(|label| label.column);
    groups.into_iter().chain(labels).map(|label| label.text).collect()
}

fn depth(slot: &Slot, words: &Words) -> Depth {
    if words.part.begins(&slot.text) {
        return Depth::Part(slot.indent);
    }
    row_mark(&slot.text).map_or(Depth::Blanks(slot.indent), |(style, number)| Depth::Numbered(style, number, slot.indent))
}

fn n_blanks(depth: Depth) -> Option<usize> {
    match depth {
        Depth::Block => None,
        Depth::Numbered(.., blanks) | Depth::Blanks(blanks) | Depth::Part(blanks) => Some(blanks),
    }
}

/// Close what does not hold the row: labels at its depth or deeper, and what the numbers say that it is no part of. A lone
/// label is closed by the next lone label, unless that follows it at once.
fn close(open: &mut Vec<Open>, asked: &Asked) {
    // A total that stands deeper than a row of numbers, and has no rows beside it there, stands so for its looks. One with a
    // name of its own may be that row's part where it is no greater, and adds up no rows above that.
    let blanks = n_blanks(asked.depth);
    let has_row_beside = || open.iter().any(|open| n_blanks(open.depth) == blanks) || asked.blanks_below == blanks;
    if !asked.is_group && matches!(asked.depth, Depth::Blanks(_)) && !has_row_beside() && asked.is_total() {
        let may_hold = |above: usize| asked.is_no_greater(above) && !asked.sums.reaches_above(asked.row, above);
        let is_held = open.last().is_some_and(|last| may_hold(last.label.row)) && !asked.words.total.is_alone(asked.text);
        open.retain(|open| open.is_group || is_held);
    }
    while open.last().is_some_and(|last| !holds(last, asked)) {
        open.pop();
    }
}

fn holds(last: &Open, asked: &Asked) -> bool {
    let Asked { row, depth, is_group, sums, .. } = *asked;
    let takes_lone = last.is_group && !is_group;
    let is_above = match (last.depth, depth) {
        (Depth::Block, _) => return true,
        (Depth::Part(_), _) | (_, Depth::Block) => false,
        (Depth::Blanks(outer), Depth::Part(inner)) => !last.is_group && outer <= inner,
        (_, Depth::Part(_)) => !last.is_group,
        (Depth::Numbered(outer, ..), Depth::Numbered(inner, ..)) => outer < inner,
        (Depth::Blanks(outer), Depth::Blanks(inner)) => outer < inner || takes_lone && outer <= inner,
        (Depth::Numbered(.., outer) | Depth::Blanks(outer), Depth::Blanks(inner) | Depth::Numbered(.., inner)) => {
            takes_lone || outer < inner && !is_total_apart(last, asked)
        }
    };
    let is_closed =
        if last.is_group { sums.reaches_above(row, last.label.row) && asked.is_total() } else { sums.are_beside(last.label.row, row) };
    is_above && !is_closed
}

/// A total that adds up nothing below it: numbered rows that are set in there are a list of their own.
fn is_total_apart(last: &Open, asked: &Asked) -> bool {
    asked.words.total.is_in(&last.label.text) && !asked.sums.reaches_below(last.label.row)
}
