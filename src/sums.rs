//! Identities evaluated over cells. Used where sums decide a placement (`fit`) and where they are reported (`check`).

use crate::exact;
use crate::grammar::{Identity, Item, Pattern, Term, is_under};
use foldhash::HashSet;
use rust_decimal::Decimal;

/// What an identity meets in one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operand {
    /// A printed number.
    Number(Decimal),
    /// A blank or a dash: counts as 0, proves nothing.
    Nothing,
    /// Something is or was there and is not known: nothing can be said.
    Unknown,
}

/// An identity with its patterns spelled out over the items that a table prints.
#[derive(Debug, Clone)]
pub struct Expanded<'i> {
    /// Left of the sign.
    pub left: Vec<Part<'i>>,
    /// Right of it.
    pub right: Vec<Part<'i>>,
}

/// One number of a sum.
#[derive(Debug, Clone, Copy)]
pub struct Part<'i> {
    /// What it is taken times.
    pub factor: i64,
    /// Its item: index among those that the identity was spelled out over.
    pub item: usize,
    /// The item's id.
    pub id: &'i str,
    /// A total, whose blank says nothing about the sum.
    pub is_total: bool,
}

/// How an identity stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing {
    /// Both sides are equal, and something else than zeros was added.
    Proven,
    /// Both sides are equal, and every number is zero.
    Idle,
    /// The sides differ: left, right.
    Failed(Decimal, Decimal),
    /// An operand is unknown, or a total is blank.
    NotCheckable,
}

/// Spell out identities over the items that are there; one that names an id that is not is left out.
pub fn expand<'a, 'i>(identities: impl IntoIterator<Item = &'a Identity>, items: &[&'i Item]) -> impl Iterator<Item = Expanded<'i>> {
    let leaves = leaves(items);
    identities.into_iter().filter_map(move |identity| expand_one(identity, items, &leaves))
}

/// The items that have none below, by index.
fn leaves(items: &[&Item]) -> Vec<usize> {
    let ids = items.iter().map(|item| item.id.as_str());
    let mut groups: HashSet<&str> = HashSet::with_capacity_and_hasher(items.len(), Default::default());
    groups.extend(ids.flat_map(|id| id.match_indices('.').filter_map(move |(at, _)| id.get(..at))));
    // Everything stands under the empty id.
    let is_leaf = |item: &Item| !item.id.is_empty() && !groups.contains(item.id.as_str());
    items.iter().enumerate().filter(|(_, item)| is_leaf(item)).map(|(index, _)| index).collect()
}

fn expand_one<'i>(identity: &Identity, items: &[&'i Item], leaves: &[usize]) -> Option<Expanded<'i>> {
    let named: Vec<&str> = identity.named().collect();
    if !named.iter().all(|id| items.iter().any(|item| item.id == *id)) {
        return None;
    }
    let part = |factor: i64, index: usize| {
        let item = items.get(index)?;
        Some(Part { factor, item: index, id: &item.id, is_total: item.aggregate })
    };
    let side = |terms: &[Term]| -> Vec<Part<'i>> {
        let mut parts = Vec::new();
        for (term, pattern) in terms.iter().flat_map(|term| term.patterns.iter().map(move |pattern| (term, pattern))) {
            let take = &mut |index: usize| parts.extend(part(term.factor, index));
            match pattern {
                Pattern::Id(id) => items.iter().position(|item| item.id == *id).into_iter().for_each(take),
                _ => leaves
                    .iter()
                    .copied()
                    .filter(|&index| items.get(index).is_some_and(|item| is_meant(pattern, item, &named)))
                    .for_each(take),
            }
        }
        parts
    };
    let (left, right) = (side(&identity.left), side(&identity.right));
    (!left.is_empty() && !right.is_empty()).then_some(Expanded { left, right })
}

/// True when a pattern of many means an item that has none below.
fn is_meant(pattern: &Pattern, item: &Item, named: &[&str]) -> bool {
    let is_child = |group: &str| !item.id.get(group.len() + usize::from(!group.is_empty())..).unwrap_or("").contains('.');
    let is_own = match pattern {
        Pattern::Id(_) => false,
        Pattern::Leaves(group) => is_under(&item.id, group),
        Pattern::Children(group) => is_under(&item.id, group) && is_child(group),
    };
    is_own && !item.aggregate && !named.contains(&item.id.as_str())
}

impl<'i> Expanded<'i> {
    /// All its numbers.
    pub fn parts(&self) -> impl Iterator<Item = &Part<'i>> {
        self.left.iter().chain(&self.right)
    }

    /// The ids of all of them.
    pub fn ids(&self) -> impl Iterator<Item = &'i str> {
        self.parts().map(|part| part.id)
    }

    /// Evaluate with a way to look a number up.
    pub fn evaluate(&self, operand: impl Fn(&Part<'i>) -> Operand) -> Standing {
        let mut any_printed = false;
        let mut all_zero = true;
        let mut known = true;
        let mut side = |parts: &[Part<'i>]| {
            parts.iter().try_fold(Decimal::ZERO, |sum, part| match operand(part) {
                Operand::Unknown => {
                    known = false;
                    Some(sum)
                }
                Operand::Nothing => {
                    known &= !part.is_total;
                    Some(sum)
                }
                Operand::Number(value) => {
                    any_printed = true;
                    all_zero &= value.is_zero();
                    exact::add(sum, times(part.factor, value)?)
                }
            })
        };
        let (Some(left), Some(right)) = (side(&self.left), side(&self.right)) else { return Standing::NotCheckable };
        match (known && any_printed, left == right) {
            (false, _) => Standing::NotCheckable,
            (true, false) => Standing::Failed(left, right),
            (true, true) if all_zero => Standing::Idle,
            (true, true) => Standing::Proven,
        }
    }

    /// The value of the one unknown item that makes both sides equal; none where it cannot be told.
    pub fn find_missing(&self, unknown: usize, operand: impl Fn(&Part<'i>) -> Operand) -> Option<Decimal> {
        let mut gap = Decimal::ZERO;
        let mut unknown_factor = 0;
        for (parts, sign) in [(&self.left, 1), (&self.right, -1)] {
            for part in parts {
                let factor = part.factor * sign;
                match operand(part) {
                    _ if part.item == unknown => unknown_factor += factor,
                    Operand::Unknown => return None,
                    Operand::Nothing => {}
                    Operand::Number(value) => gap = exact::add(gap, times(factor, value)?)?,
                }
            }
        }
        match unknown_factor {
            1 => Some(-gap),
            -1 => Some(gap),
            _ => None,
        }
    }
}

/// Nearly every number of a sum is taken once.
fn times(factor: i64, value: Decimal) -> Option<Decimal> {
    match factor {
        1 => Some(value),
        -1 => Some(-value),
        _ => exact::multiply(value, Decimal::from(factor)),
    }
}
