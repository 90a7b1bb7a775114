//! Identities evaluated over cells. Used where sums decide a placement (`fit`) and where they are reported (`check`).

use crate::exact;
use crate::grammar::{Identity, Item, Pattern, Term, has_child, is_under};
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

/// Spell out an identity over the items that are there; none where an id it names is not.
pub fn expand<'i>(identity: &Identity, items: &[&'i Item]) -> Option<Expanded<'i>> {
    let named: Vec<&str> = identity.named().collect();
    if !named.iter().all(|id| items.iter().any(|item| item.id == *id)) {
        return None;
    }
    let part = |factor: i64, index: usize| {
        let item = items.get(index)?;
        Some(Part { factor, item: index, id: &item.id, is_total: item.aggregate })
    };
    let side = |terms: &[Term]| -> Vec<Part<'i>> {
        let places = terms.iter().flat_map(|term| term.patterns.iter().map(|pattern| (term.factor, pattern)));
        let places = places.flat_map(|(factor, pattern)| places_of(pattern, items, &named).into_iter().map(move |index| (factor, index)));
        places.filter_map(|(factor, index)| part(factor, index)).collect()
    };
    let (left, right) = (side(&identity.left), side(&identity.right));
    (!left.is_empty() && !right.is_empty()).then_some(Expanded { left, right })
}

/// The items that a pattern means, by index.
fn places_of(pattern: &Pattern, items: &[&Item], named: &[&str]) -> Vec<usize> {
    let is_leaf = |item: &Item| !has_child(&item.id, items.iter().map(|item| item.id.as_str()));
    let is_child = |id: &str, group: &str| !id.get(group.len() + usize::from(!group.is_empty())..).unwrap_or("").contains('.');
    let open = |wanted: &dyn Fn(&str) -> bool| {
        let is_open = |item: &Item| !item.aggregate && !named.contains(&item.id.as_str()) && wanted(&item.id) && is_leaf(item);
        items.iter().enumerate().filter(|(_, item)| is_open(item)).map(|(index, _)| index).collect()
    };
    match pattern {
        Pattern::Id(id) => items.iter().position(|item| item.id == *id).into_iter().collect(),
        Pattern::Leaves(group) => open(&|id| is_under(id, group)),
        Pattern::Children(group) => open(&|id| is_under(id, group) && is_child(id, group)),
    }
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
