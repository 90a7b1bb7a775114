//! Header cells × a band's columns → which printed column is which.
//!
//! ```text
//!               申请人情况                    总计      the lowest printed cell of a grid column names it;
//!        自然人  法人或其他组织                         names are aligned in order with the form's leaf columns
//!                商业企业  科研机构 …
//! ```

use super::align::{Pair, align};
use crate::doc::Shape;
use crate::grammar::{Band, Item, is_under, likeness};
use crate::normalise::find_stated_unit;
use crate::place::Span;
use crate::table::{TableCell, TableRow};

/// The columns of a band as a header prints them.
#[derive(Debug, Clone)]
pub struct Columns {
    /// Leaf columns in printed order.
    pub printed: Vec<Printed>,
    /// How the header reads.
    pub header: Header,
}

/// A leaf column as printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Printed {
    /// Index into the band's `columns`.
    pub leaf: usize,
    /// Grid column where the header shows it.
    pub grid: Option<usize>,
    /// The unit its header states.
    pub unit: Option<&'static str>,
}

/// The words over one grid column.
#[derive(Debug, Clone)]
struct Head {
    column: usize,
    /// The lowest words alone, then with each one above them put before: a name may be printed over several rows.
    keys: Vec<String>,
    /// The lowest words.
    span: Span,
    unit: Option<&'static str>,
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
    /// Every column is named, in another order than the form's; the first that has moved.
    Moved(Span, String),
    /// Names the form does not have, or groups in another order over names that do not tell which is which.
    Unknown(Span, String),
}

impl Header {
    /// Equal for headers that are odd in the same way, wherever they stand.
    pub fn tag(&self) -> String {
        match self {
            Header::Whole(misprints) => format!("{misprints:?}"),
            Header::Missing => "missing".into(),
            Header::Partial(labels) => labels.join(" "),
            Header::Moved(_, name) => format!("moved {name}"),
            Header::Unknown(_, name) => format!("unknown {name}"),
        }
    }
}

/// Fit header rows to a band.
pub fn fit_columns(band: &Band, header: &[&TableRow], names: &dyn Fn(Span) -> String) -> Columns {
    let leaves = &band.leaves;
    let lowest = heads(header, names);
    let form: Vec<&[String]> = leaves.iter().map(|&leaf| band.columns.get(leaf).map_or(&[][..], |item| &item.keys)).collect();
    let named: Vec<Vec<usize>> = lowest.iter().map(|head| named_columns(head, &form)).collect();
    let like = |printed: usize, wanted: usize| match named.get(printed).map(Vec::as_slice) {
        None => 0,
        Some([]) => lowest.get(printed).zip(form.get(wanted)).map_or(0, |(head, keys)| head_likeness(head, keys)),
        Some(named) => u32::from(named.contains(&wanted)) * 100,
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
    let statutory = || {
        required.iter().filter_map(|&wanted| leaves.get(wanted).map(|&leaf| Printed { leaf, grid: None, unit: None })).collect::<Vec<_>>()
    };
    if missing.is_empty() {
        let place = |pair: &Pair| {
            let head = lowest.get(pair.left);
            Some(Printed { leaf: *leaves.get(pair.right)?, grid: head.map(|head| head.column), unit: head.and_then(|head| head.unit) })
        };
        let misprint = |pair: &Pair| Some((lowest.get(pair.left)?.span, label_of(pair.right)));
        let misprints = pairs.iter().filter(|pair| pair.score < 100).filter_map(misprint).collect();
        let printed: Vec<Printed> = pairs.iter().filter_map(place).collect();
        if let Some(span) = find_group_out_of_order(band, header) {
            let wanted = |leaf: usize| leaves.iter().position(|&own| own == leaf).unwrap_or(leaves.len());
            let fits = |(pair, leaf): (&Pair, &usize)| like(pair.left, wanted(*leaf)) == 100;
            let moved = moved_leaves(band, header, &printed).filter(|moved| pairs.iter().zip(moved).all(fits));
            return match moved {
                Some(moved) => {
                    let printed = printed.iter().zip(moved).map(|(column, leaf)| Printed { leaf, ..*column }).collect();
                    Columns { printed, header: Header::Moved(span, names(span)) }
                }
                None => Columns { printed, header: Header::Unknown(span, names(span)) },
            };
        }
        let lost = if header.len() == 1 { lost_groups_that_tell(band, header, leaves) } else { lost_groups(band, header) };
        let header = if lost.is_empty() { Header::Whole(misprints) } else { Header::Partial(lost) };
        return Columns { printed, header };
    }
    if lowest.is_empty() {
        return Columns { printed: statutory(), header: Header::Missing };
    }
    let is_stacked = header.iter().all(|row| row.shape == Shape::Stacked);
    let closed_up = closed_up_heads(band, leaves, header, names).filter(|_| find_group_out_of_order(band, header).is_none());
    if let Some(names) = if is_stacked { Some(&lowest) } else { closed_up.as_ref() }
        && let Some(printed) = find_unstacked(band, leaves, names)
    {
        let lost = lost_groups(band, header);
        let header = if lost.is_empty() { Header::Whole(Vec::new()) } else { Header::Partial(lost) };
        return Columns { printed, header };
    }
    // Names that stand out of order on their own line have no place that says which column is whose.
    let is_placed = header.iter().all(|row| row.cells.is_sorted_by_key(|cell| cell.span.start));
    if let Some(printed) = permuted(&lowest, leaves, &required, &like).filter(|_| is_placed) {
        let span = lowest.first().map(|head| head.span).unwrap_or_default();
        return Columns { printed, header: Header::Moved(span, names(span)) };
    }
    let stranger = lowest.iter().enumerate().skip(1).find(|(index, _)| !pairs.iter().any(|pair| pair.left == *index));
    let header = match stranger {
        Some((_, head)) if pairs.len() * 2 <= required.len() || lowest.len() > required.len() => {
            Header::Unknown(head.span, names(head.span))
        }
        _ => Header::Partial(missing.iter().map(|&wanted| label_of(wanted)).collect()),
    };
    let printed = statutory().into_iter().map(|column| {
        let head = leaves.iter().position(|&index| index == column.leaf).and_then(matched).and_then(|pair| lowest.get(pair.left));
        Printed { grid: head.map(|head| head.column), unit: head.and_then(|head| head.unit), ..column }
    });
    Columns { printed: printed.collect(), header }
}

/// The columns whose names a head prints: the name of another column is no misprint of this one's.
fn named_columns(head: &Head, form: &[&[String]]) -> Vec<usize> {
    let is_named = |keys: &[String]| head.keys.iter().any(|own| keys.contains(own));
    form.iter().enumerate().filter(|(_, keys)| is_named(keys)).map(|(index, _)| index).collect()
}

/// How alike a head that prints no column's name is to one of them.
fn head_likeness(head: &Head, wanted: &[String]) -> u32 {
    head.keys.iter().flat_map(|own| wanted.iter().map(move |wanted| likeness(own, wanted))).max().unwrap_or(0)
}

/// A group's header is its name, a misprint of it, or words that hold it: a caption may name two levels at once.
fn names_group(printed: &str, wanted: &str) -> bool {
    likeness(printed, wanted) > 0 || wanted.chars().count() >= 4 && printed.contains(wanted)
}

/// The names of a header whose merged cells left no blanks, so that each row prints only its own, in the form's order:
/// as a page's table is copied. None where a blank stands between names, or they are in another order.
fn closed_up_heads(band: &Band, leaves: &[usize], header: &[&TableRow], names: &dyn Fn(Span) -> String) -> Option<Vec<Head>> {
    let own = |row: &&TableRow| row.cells.iter().rposition(TableCell::is_printed).map_or(0, |last| last + 1);
    let is_closed = |row: &&&TableRow| row.shape == Shape::Ragged && row.cells.iter().take(own(row)).all(TableCell::is_printed);
    let leaf = |cell: &TableCell| {
        let mut found = leaves.iter().filter(|leaf| band.columns.get(**leaf).is_some_and(|item| item.keys.contains(&cell.key)));
        found.next().filter(|_| found.next().is_none())
    };
    let is_in_order = |row: &&TableRow| row.cells.iter().filter_map(leaf).is_sorted();
    let is_sound = header.len() > 1 && header.iter().all(|row| is_closed(&row)) && header.iter().all(is_in_order);
    let cells = header.iter().flat_map(|row| &row.cells).filter(|cell| !cell.key.is_empty()).enumerate();
    let head = |(column, cell): (usize, &TableCell)| Head {
        column,
        keys: vec![cell.key.clone()],
        span: cell.span,
        unit: find_stated_unit(&names(cell.span)),
    };
    is_sound.then(|| cells.map(head).collect())
}

/// One name a line leaves a header's rows one after the other, so that a total over all rows of names comes before them.
/// The parts must stand in the form's order, each total must be there as often as the form has it.
fn find_unstacked(band: &Band, leaves: &[usize], names: &[Head]) -> Option<Vec<Printed>> {
    let own_keys = |leaf: &usize| band.columns.get(*leaf).map_or(&[][..], |item| item.keys.as_slice());
    let is_aggregate = |leaf: &&usize| band.columns.get(**leaf).is_some_and(|item| item.aggregate);
    let is_named = |keys: &[String], head: &Head| head.keys.first().is_some_and(|name| keys.contains(name));
    let parts: Vec<&[String]> = leaves.iter().filter(|leaf| !is_aggregate(leaf)).map(own_keys).collect();
    let mut rest = names.iter();
    let in_order = parts.iter().all(|keys| rest.any(|head| is_named(keys, head)));
    let mut printed = Vec::new();
    for leaf in leaves {
        let keys = own_keys(leaf);
        let n_printed = names.iter().filter(|head| is_named(keys, head)).count();
        let n_wanted = leaves.iter().filter(|other| own_keys(other) == keys).count();
        let optional = band.columns.get(*leaf).is_some_and(|item| item.optional);
        match n_printed >= n_wanted {
            true => printed.push(Printed { leaf: *leaf, grid: None, unit: None }),
            false if optional => {}
            false => return None,
        }
    }
    in_order.then_some(printed)
}

/// Columns that have others below, in printed order.
fn groups(band: &Band) -> impl Iterator<Item = &Item> {
    band.columns.iter().enumerate().filter(|(index, _)| band.leaves.binary_search(index).is_err()).map(|(_, item)| item)
}

/// Groups of columns whose name no header cell prints.
fn lost_groups(band: &Band, header: &[&TableRow]) -> Vec<String> {
    let is_printed =
        |item: &Item| header.iter().flat_map(|row| &row.cells).any(|cell| item.keys.iter().any(|wanted| names_group(&cell.key, wanted)));
    groups(band).filter(|item| !is_printed(item)).map(|item| item.label().to_string()).collect()
}

/// Those of them without which the names of their columns could be another group's: a header of one row has no groups.
fn lost_groups_that_tell(band: &Band, header: &[&TableRow], leaves: &[usize]) -> Vec<String> {
    let leaf = |index: &usize| band.columns.get(*index);
    let is_shared = |item: &&Item| leaves.iter().filter_map(leaf).filter(|other| other.keys == item.keys).count() > 1;
    let shared: Vec<&str> = leaves.iter().filter_map(leaf).filter(is_shared).map(|item| item.id.as_str()).collect();
    let tells = |label: &String| {
        let group = band.columns.iter().find(|item| item.label() == label);
        group.is_some_and(|group| shared.iter().any(|id| is_under(id, &group.id)))
    };
    lost_groups(band, header).into_iter().filter(tells).collect()
}

/// The leaves of a band in the order in which the groups above them are printed; none where one of the groups is not.
fn moved_leaves(band: &Band, header: &[&TableRow], printed: &[Printed]) -> Option<Vec<usize>> {
    let cells = || header.iter().flat_map(|row| &row.cells);
    let column =
        |item: &Item| cells().find(|cell| item.keys.iter().any(|wanted| cell.key.contains(wanted.as_str()))).map(|cell| cell.column);
    // Where each group begins, from the outermost down: what a leaf is sorted by.
    let place = |leaf: usize| -> Option<Vec<usize>> {
        let own = band.columns.get(leaf)?;
        groups(band).filter(|item| is_under(&own.id, &item.id)).map(column).collect()
    };
    let mut placed: Vec<(Vec<usize>, usize)> =
        printed.iter().map(|column| Some((place(column.leaf)?, column.leaf))).collect::<Option<_>>()?;
    placed.sort();
    Some(placed.into_iter().map(|(_, leaf)| leaf).collect())
}

/// Each required column named exactly once, in an order that is not the form's.
fn permuted(lowest: &[Head], leaves: &[usize], required: &[usize], like: &dyn Fn(usize, usize) -> u32) -> Option<Vec<Printed>> {
    let mut printed = Vec::new();
    for &wanted in required {
        let mut exact = (0..lowest.len()).filter(|&index| like(index, wanted) == 100);
        let (index, None) = (exact.next()?, exact.next()) else { return None };
        let head = lowest.get(index)?;
        printed.push(Printed { leaf: *leaves.get(wanted)?, grid: Some(head.column), unit: head.unit });
    }
    printed.sort_by_key(|column| column.grid);
    Some(printed)
}

/// A group's header that stands left of one that the form has before it. Leaves alone cannot tell: their names repeat.
fn find_group_out_of_order(band: &Band, header: &[&TableRow]) -> Option<Span> {
    let printed = |item: &Item| {
        let names = |cell: &&TableCell| item.keys.iter().any(|wanted| cell.key.contains(wanted.as_str()));
        header.iter().flat_map(|row| &row.cells).find(names).map(|cell| (cell.column, cell.span))
    };
    let depth = |id: &str| id.matches('.').count();
    let groups: Vec<(&Item, (usize, Span))> = groups(band).filter_map(|item| Some((item, printed(item)?))).collect();
    let rank = |id: &str| {
        let parent = id.rsplit_once('.').map_or("", |(parent, _)| parent);
        (depth(id), parent.to_string())
    };
    groups.iter().enumerate().find_map(|(index, (item, (column, span)))| {
        let before = groups.iter().take(index).filter(|(other, _)| rank(&other.id) == rank(&item.id));
        before.into_iter().any(|(_, (other, _))| other >= column).then_some(*span)
    })
}

/// What may be the name of each grid column of a header: its lowest words, then with those above put before.
pub fn column_names(header: &[&TableRow]) -> Vec<Vec<String>> {
    heads(header, &|_| String::new()).into_iter().map(|head| head.keys).collect()
}

/// Names of a header stacked over more rows than this are no one name.
const HIGHEST_NAME: usize = 6;

/// The words over each grid column, from left to right.
fn heads(header: &[&TableRow], names: &dyn Fn(Span) -> String) -> Vec<Head> {
    // Of the rows from top to bottom, in order of columns.
    let mut cells: Vec<&TableCell> = header.iter().flat_map(|row| &row.cells).filter(|cell| !cell.key.is_empty()).collect();
    cells.sort_by_key(|cell| cell.column);
    let head = |stack: &[&TableCell]| {
        let lowest = stack.last()?;
        let mut keys: Vec<String> = vec![lowest.key.clone()];
        for above in stack.iter().rev().skip(1).take(HIGHEST_NAME) {
            let below = keys.last().map_or("", String::as_str);
            let mut key = String::with_capacity(above.key.len() + below.len());
            key.push_str(&above.key);
            key.push_str(below);
            keys.push(key);
        }
        Some(Head { column: lowest.column, keys, span: lowest.span, unit: find_stated_unit(&names(lowest.span)) })
    };
    cells.chunk_by(|one, other| one.column == other.column).filter_map(head).collect()
}
