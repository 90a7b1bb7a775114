//! Header cells × a band's columns → which printed column is which.
//!
//! ```text
//!               申请人情况                    总计      the lowest printed cell of a grid column names it;
//!        自然人  法人或其他组织                         names are aligned in order with the form's leaf columns
//!                商业企业  科研机构 …
//! ```

use super::align::{Pair, align};
use crate::grammar::{Band, Item, has_child};
use crate::label::{key, likeness};
use crate::place::Span;
use crate::table::TableRow;

/// The columns of a band as a header prints them.
#[derive(Debug, Clone)]
pub struct Columns {
    /// Leaf columns in printed order: index into the band's `columns`, and the grid column where the header shows it.
    pub printed: Vec<(usize, Option<usize>)>,
    /// How the header reads.
    pub header: Header,
}

/// How a header reads.
#[derive(Debug, Clone, PartialEq)]
pub enum Header {
    /// Every column is named, in the form's order; misprinted names with what they should be.
    Whole(Vec<(Span, String)>),
    /// There is none.
    Missing,
    /// These columns are not named.
    Partial(Vec<String>),
    /// Names the form does not have, or in another order.
    Unknown(Span, String),
}

/// Leaf columns of a band.
pub fn leaves(band: &Band) -> Vec<usize> {
    let ids = || band.columns.iter().map(|item| item.id.as_str());
    let is_leaf = |item: &Item| !has_child(&item.id, ids());
    band.columns.iter().enumerate().filter(|(_, item)| is_leaf(item)).map(|(index, _)| index).collect()
}

/// Fit header rows to a band.
pub fn fit_columns(band: &Band, header: &[&TableRow], names: &dyn Fn(Span) -> String) -> Columns {
    let leaves = leaves(band);
    let lowest = lowest_cells(header);
    let form: Vec<Vec<String>> = leaves
        .iter()
        .map(|&leaf| band.columns.get(leaf).map(|item| item.labels.iter().map(|label| key(label)).collect()).unwrap_or_default())
        .collect();
    let like = |printed: usize, wanted: usize| {
        let (Some((_, cell_key, _)), Some(keys)) = (lowest.get(printed), form.get(wanted)) else { return 0 };
        if form.iter().flatten().any(|label| label == cell_key) {
            return if keys.contains(cell_key) { 100 } else { 0 };
        }
        keys.iter().map(|wanted| likeness(cell_key, wanted)).max().unwrap_or(0)
    };
    let pairs = align(lowest.len(), leaves.len(), &like);
    let required: Vec<usize> = (0..leaves.len())
        .filter(|&leaf| leaves.get(leaf).and_then(|&index| band.columns.get(index)).is_some_and(|item| !item.optional))
        .collect();
    let matched = |wanted: usize| pairs.iter().find(|pair| pair.right == wanted);
    let missing: Vec<usize> = required.iter().copied().filter(|&wanted| matched(wanted).is_none()).collect();
    let label_of = |wanted: usize| {
        leaves.get(wanted).and_then(|&index| band.columns.get(index)).map(|item| item.label().to_string()).unwrap_or_default()
    };
    let statutory = || required.iter().filter_map(|&wanted| leaves.get(wanted).map(|&leaf| (leaf, None))).collect::<Vec<_>>();
    if missing.is_empty() {
        let place = |pair: &Pair| Some((*leaves.get(pair.right)?, lowest.get(pair.left).map(|cell| cell.0)));
        let misprints = pairs
            .iter()
            .filter(|pair| pair.score < 100)
            .filter_map(|pair| Some((lowest.get(pair.left)?.2, label_of(pair.right))))
            .collect();
        let lost_groups = lost_groups(band, header);
        let header = if lost_groups.is_empty() { Header::Whole(misprints) } else { Header::Partial(lost_groups) };
        return Columns { printed: pairs.iter().filter_map(place).collect(), header };
    }
    if lowest.is_empty() {
        return Columns { printed: statutory(), header: Header::Missing };
    }
    if let Some(printed) = permuted(&lowest, &leaves, &required, &like) {
        let (_, _, span) = lowest.first().cloned().unwrap_or_default();
        return Columns { printed, header: Header::Unknown(span, "another order".into()) };
    }
    let stranger = lowest.iter().enumerate().skip(1).find(|(index, _)| !pairs.iter().any(|pair| pair.left == *index));
    let header = match stranger {
        Some((_, (_, _, span))) if pairs.len() * 2 <= required.len() || lowest.len() > required.len() => {
            Header::Unknown(*span, names(*span))
        }
        _ => Header::Partial(missing.iter().map(|&wanted| label_of(wanted)).collect()),
    };
    let printed = statutory().into_iter().map(|(leaf, _)| {
        let grid =
            leaves.iter().position(|&index| index == leaf).and_then(matched).and_then(|pair| lowest.get(pair.left)).map(|cell| cell.0);
        (leaf, grid)
    });
    Columns { printed: printed.collect(), header }
}

/// Groups of columns whose name no header cell prints.
fn lost_groups(band: &Band, header: &[&TableRow]) -> Vec<String> {
    let ids = || band.columns.iter().map(|item| item.id.as_str());
    let is_printed = |item: &Item| {
        let keys: Vec<String> = item.labels.iter().map(|label| key(label)).collect();
        header.iter().flat_map(|row| &row.cells).any(|cell| keys.iter().any(|wanted| likeness(&cell.key, wanted) > 0))
    };
    band.columns.iter().filter(|item| has_child(&item.id, ids()) && !is_printed(item)).map(|item| item.label().to_string()).collect()
}

/// Each required column named exactly once, in an order that is not the form's.
fn permuted(
    lowest: &[(usize, String, Span)],
    leaves: &[usize],
    required: &[usize],
    like: &dyn Fn(usize, usize) -> u32,
) -> Option<Vec<(usize, Option<usize>)>> {
    let mut printed = Vec::new();
    for &wanted in required {
        let mut exact = (0..lowest.len()).filter(|&index| like(index, wanted) == 100);
        let (index, None) = (exact.next()?, exact.next()) else { return None };
        printed.push((*leaves.get(wanted)?, Some(lowest.get(index)?.0)));
    }
    printed.sort_by_key(|&(_, grid)| grid);
    Some(printed)
}

/// The lowest printed cell of each grid column: column, key, place.
fn lowest_cells(header: &[&TableRow]) -> Vec<(usize, String, Span)> {
    let mut lowest: std::collections::BTreeMap<usize, (String, Span)> = std::collections::BTreeMap::new();
    for row in header {
        for cell in row.cells.iter().filter(|cell| !cell.key.is_empty()) {
            lowest.insert(cell.column, (cell.key.clone(), cell.span));
        }
    }
    lowest.into_iter().map(|(column, (key, span))| (column, key, span)).collect()
}
