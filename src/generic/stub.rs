//! Row labels → the path of labels before each row of numbers: groups, deeper labels, parts of a total.
//!
//! ```text
//!   Farming                a lone label names the rows below it, up to the next one
//!     Corn      12         a label that stands deeper belongs to the one above that stands less deep
//!     其中：X    3         "of which" belongs to the row above
//! ```

use super::frame::{Frame, Role};
use super::sheet::{Sheet, Slot};
use crate::grammar::words::Words;
use crate::numbering::{Style, fold_mark, mark};

/// How deep a label stands: by its numbering where it has one, else by its blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    Numbered(Style),
    Blanks(usize),
    /// Part of what stands above.
    Part,
}

struct Open {
    depth: Depth,
    /// A lone label: it stays open for rows that stand no deeper.
    is_group: bool,
    label: String,
}

/// The label path of each row; empty for rows without labels.
pub fn paths(sheet: &Sheet, frame: &Frame, words: &Words) -> Vec<Vec<String>> {
    let mut open: Vec<Open> = Vec::new();
    let mut last_was_group = false;
    let mut hanging = Hanging::default();
    let mut found = Vec::with_capacity(sheet.rows.len());
    for (row, role) in sheet.rows.iter().zip(&frame.roles) {
        let labels: Vec<&Slot> = row.iter().filter(|slot| slot.column < frame.n_stub.max(1)).collect();
        let before = hanging.before(row, frame.n_stub);
        match role {
            Role::Title | Role::Header => {
                open.clear();
                found.push(Vec::new());
            }
            Role::Group | Role::Data | Role::Derived => {
                let is_group = *role == Role::Group;
                let Some(own) = labels.last() else {
                    found.push(if role.is_data() { path_of(&open, &before) } else { Vec::new() });
                    continue;
                };
                let depth = depth(own, words);
                close(&mut open, depth, is_group, is_group && last_was_group);
                let mut path = path_of(&open, &before);
                path.extend(labels.iter().map(|slot| slot.text.clone()));
                open.push(Open { depth, is_group, label: own.text.clone() });
                found.push(path);
                last_was_group = is_group;
            }
            Role::Empty | Role::Note => found.push(Vec::new()),
        }
    }
    found
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
        return Depth::Part;
    }
    match mark(&fold_mark(&slot.text)) {
        Ok((rest, (style, _))) if !rest.is_empty() && !style.needs_order() => Depth::Numbered(style),
        _ => Depth::Blanks(slot.indent),
    }
}

/// Close what does not hold the row: labels at its depth or deeper. A lone label is closed by the next lone label, unless
/// that follows it at once.
fn close(open: &mut Vec<Open>, depth: Depth, is_group: bool, is_nested: bool) {
    if is_nested {
        return;
    }
    while let Some(last) = open.last() {
        let holds = match (last.depth, depth) {
            (Depth::Part, Depth::Part) => false,
            (_, Depth::Part) => !last.is_group,
            (Depth::Numbered(outer), Depth::Numbered(inner)) => outer < inner,
            (Depth::Blanks(outer), Depth::Blanks(inner)) => outer < inner || last.is_group && !is_group && outer <= inner,
            (Depth::Numbered(_), Depth::Blanks(_)) | (Depth::Blanks(_), Depth::Numbered(_)) => last.is_group && !is_group,
            (Depth::Part, _) => false,
        };
        if holds {
            break;
        }
        open.pop();
    }
}
