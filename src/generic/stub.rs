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
use crate::grammar::words::Words;
use crate::numbering::Style;

/// How deep a label stands: by its numbering where it has one, else by its blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// The title of a block with a header of its own: it stays until the next header.
    Block,
    Numbered(Style, u64),
    Blanks(usize),
    /// Part of what stands above, with its blanks.
    Part(usize),
}

struct Open {
    depth: Depth,
    /// A lone label: it stays open for rows that stand no deeper.
    is_group: bool,
    label: String,
    row: usize,
}

/// The label path of each row; empty for rows without labels.
pub fn paths(sheet: &Sheet, frame: &Frame, words: &Words) -> Vec<Vec<String>> {
    let wholes = parts::find(sheet, frame, words);
    let mut open: Vec<Open> = Vec::new();
    let mut numbers: Vec<(Style, u64, usize)> = Vec::new();
    let mut last_was_group = false;
    let mut hanging = Hanging::default();
    let mut found: Vec<Vec<String>> = Vec::with_capacity(sheet.rows.len());
    for (index, (row, role)) in sheet.rows.iter().zip(&frame.roles).enumerate() {
        let labels: Vec<&Slot> = row.iter().filter(|slot| frame.is_label(slot)).collect();
        let before = hanging.before(row, frame.n_stub);
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
                let Some(own) = labels.last() else {
                    found.push(if role.is_data() { path_of(&open, &before) } else { Vec::new() });
                    continue;
                };
                let depth = depth(own, words);
                if let Depth::Numbered(style, number) = depth {
                    resume(&mut open, &mut numbers, (style, number, index));
                }
                let whole = wholes.get(index).copied().flatten().and_then(|whole| found.get(whole));
                let mut path = whole.cloned().unwrap_or_default();
                if path.is_empty() {
                    close(&mut open, depth, is_group, is_group && last_was_group);
                    path = path_of(&open, &before);
                    open.push(Open { depth, is_group, label: own.text.clone(), row: index });
                }
                path.extend(labels.iter().map(|slot| slot.text.clone()));
                found.push(path);
                last_was_group = is_group;
            }
            Role::Empty | Role::Note => found.push(Vec::new()),
        }
    }
    found
}

/// A number that goes on from one above closes the lone labels that have come in between and have rows of their own.
fn resume(open: &mut Vec<Open>, numbers: &mut Vec<(Style, u64, usize)>, (style, number, row): (Style, u64, usize)) {
    let last = numbers.iter_mut().find(|(own, ..)| *own == style);
    let since = last.as_ref().filter(|(_, last, _)| *last < number).map(|(_, _, row)| *row);
    if let Some(since) = since {
        let is_between = |open: &Open| open.is_group && matches!(open.depth, Depth::Blanks(_)) && open.row > since && open.row + 1 < row;
        open.retain(|open| !is_between(open));
    }
    match last {
        Some(last) => *last = (style, number, row),
        None => numbers.push((style, number, row)),
    }
}

/// Labels that hang down over several rows.
#[derive(Default)]
struct Hanging(Vec<(usize, usize, String)>);

impl Hanging {
    /// The labels that hang beside this row, and those of this row kept for the rows below.
    fn before(&mut self, row: &[Slot], n_stub: usize) -> Vec<String> {
        let labels = self.0.iter().map(|(_, _, label)| label.clone()).collect();
        self.0.iter_mut().for_each(|hanging| hanging.1 -= 1);
        self.0.retain(|(_, n_left, _)| *n_left > 0);
        let fresh = row.iter().filter(|slot| slot.column < n_stub && slot.height > 1);
        self.0.extend(fresh.map(|slot| (slot.column, slot.height - 1, slot.text.clone())));
        self.0.sort_by_key(|(column, _, _)| *column);
        labels
    }
}

fn path_of(open: &[Open], hanging: &[String]) -> Vec<String> {
    let groups = open.iter().map(|open| open.label.clone());
    groups.chain(hanging.iter().cloned()).collect()
}

fn depth(slot: &Slot, words: &Words) -> Depth {
    if words.part.begins(&slot.text) {
        return Depth::Part(slot.indent);
    }
    row_mark(&slot.text).map_or(Depth::Blanks(slot.indent), |(style, number)| Depth::Numbered(style, number))
}

/// Close what does not hold the row: labels at its depth or deeper. A lone label is closed by the next lone label, unless
/// that follows it at once.
fn close(open: &mut Vec<Open>, depth: Depth, is_group: bool, is_nested: bool) {
    if is_nested {
        return;
    }
    while let Some(last) = open.last() {
        let holds = match (last.depth, depth) {
            (Depth::Block, _) => true,
            (Depth::Part(_), _) | (_, Depth::Block) => false,
            (Depth::Blanks(outer), Depth::Part(inner)) => !last.is_group && outer <= inner,
            (_, Depth::Part(_)) => !last.is_group,
            (Depth::Numbered(outer, _), Depth::Numbered(inner, _)) => outer < inner,
            (Depth::Blanks(outer), Depth::Blanks(inner)) => outer < inner || last.is_group && !is_group && outer <= inner,
            (Depth::Numbered(..), Depth::Blanks(_)) | (Depth::Blanks(_), Depth::Numbered(..)) => last.is_group && !is_group,
        };
        if holds {
            break;
        }
        open.pop();
    }
}
