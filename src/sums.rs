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

/// An identity with its patterns spelled out over the ids that a table prints.
#[derive(Debug, Clone)]
pub struct Expanded {
    /// Left of the sign: factor and id.
    pub left: Vec<(i64, String)>,
    /// Right of it.
    pub right: Vec<(i64, String)>,
    /// Ids whose blank says nothing about a sum: totals.
    pub totals: Vec<String>,
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

/// Spell out an identity over the ids that are there; none where an id it names is not.
pub fn expand(identity: &Identity, items: &[&Item]) -> Option<Expanded> {
    let named: Vec<&str> = identity.named().collect();
    if !named.iter().all(|id| items.iter().any(|item| item.id == *id)) {
        return None;
    }
    let side = |terms: &[Term]| -> Vec<(i64, String)> {
        let one = |term: &Term| {
            term.patterns.iter().flat_map(|pattern| ids_of(pattern, items, &named)).map(|id| (term.factor, id)).collect::<Vec<_>>()
        };
        terms.iter().flat_map(one).collect()
    };
    let (left, right) = (side(&identity.left), side(&identity.right));
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let totals = items.iter().filter(|item| item.aggregate).map(|item| item.id.clone()).collect();
    Some(Expanded { left, right, totals })
}

fn ids_of(pattern: &Pattern, items: &[&Item], named: &[&str]) -> Vec<String> {
    let is_leaf = |item: &&&Item| !has_child(&item.id, items.iter().map(|item| item.id.as_str()));
    let open = items.iter().filter(is_leaf).filter(|item| !item.aggregate && !named.contains(&item.id.as_str()));
    match pattern {
        Pattern::Id(id) => vec![id.clone()],
        Pattern::Leaves(group) => open.filter(|item| is_under(&item.id, group)).map(|item| item.id.clone()).collect(),
        Pattern::Children(group) => open
            .filter(|item| {
                is_under(&item.id, group) && !item.id.get(group.len() + usize::from(!group.is_empty())..).unwrap_or("").contains('.')
            })
            .map(|item| item.id.clone())
            .collect(),
    }
}

impl Expanded {
    /// All ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.left.iter().chain(&self.right).map(|(_, id)| id.as_str())
    }

    /// Evaluate with a way to look an id up.
    pub fn evaluate(&self, operand: impl Fn(&str) -> Operand) -> Standing {
        let mut any_printed = false;
        let mut all_zero = true;
        let mut known = true;
        let mut side = |terms: &[(i64, String)]| {
            terms.iter().try_fold(Decimal::ZERO, |sum, (factor, id)| match operand(id) {
                Operand::Unknown => {
                    known = false;
                    Some(sum)
                }
                Operand::Nothing => {
                    known &= !self.totals.contains(id);
                    Some(sum)
                }
                Operand::Number(value) => {
                    any_printed = true;
                    all_zero &= value.is_zero();
                    exact::add(sum, exact::multiply(value, Decimal::from(*factor))?)
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

    /// The value of the one unknown id that makes both sides equal; none where it cannot be told.
    pub fn find_missing(&self, unknown: &str, operand: impl Fn(&str) -> Operand) -> Option<Decimal> {
        let mut gap = Decimal::ZERO;
        let mut unknown_factor = 0;
        for (terms, sign) in [(&self.left, 1), (&self.right, -1)] {
            for (factor, id) in terms {
                let factor = factor * sign;
                match operand(id) {
                    _ if id == unknown => unknown_factor += factor,
                    Operand::Unknown => return None,
                    Operand::Nothing => {}
                    Operand::Number(value) => gap = exact::add(gap, exact::multiply(value, Decimal::from(factor))?)?,
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
