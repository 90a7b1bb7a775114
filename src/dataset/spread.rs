//! How the values of each variable spread over all reports: one that is far from the others is worth a look.
//!
//! ```text
//!   worker: a report's values → sizes, kept in its Head     before any body is opened: Head → Spreads → Fences
//!   a value beyond the fences of its variable → a note
//! ```
//! Bodies are large and small, and what one of them prints is many times what another does. Far is what lies beyond three times the distance between the quartiles on that scale (Tukey's outer
//! fence), and beyond thirty times the quartile in any case.

use super::checks::Printed;
use super::measure::{Held, held};
use super::record::{Body, Finding, Size};
use super::size::{fingerprint, number, value_of};
use super::variables::{Named, Variables};
use crate::flag::{Code, Flag, Message};
use foldhash::HashMap;
use std::collections::BTreeMap;

/// Fewer values show no spread.
const LEAST_VALUES: u32 = 40;
/// Quartiles that are closer are taken to be half a power of ten apart.
const LEAST_DISTANCE: i16 = 10;

/// The sizes of all reports' values.
#[derive(Debug, Default)]
pub struct Spreads(HashMap<(usize, u32), BTreeMap<i16, u32>>);

impl Spreads {
    /// Take in a report whose family's variables begin at `first`.
    pub fn add(&mut self, first: usize, sizes: &[Size]) {
        for &(place, unit, step) in sizes {
            *self.0.entry((first + usize::from(place), unit)).or_default().entry(step).or_default() += 1;
        }
    }

    /// Where the values of each variable are fenced in.
    pub fn fences(&self) -> Fences {
        Fences(self.0.iter().filter_map(|(&variable, sizes)| Some((variable, Fence::find(sizes)?))).collect())
    }
}

/// What values of a variable are usual.
#[derive(Debug, Clone, Copy)]
struct Fence {
    n_values: u32,
    quartiles: [f64; 2],
    low: f64,
    high: f64,
}

impl Fence {
    fn find(sizes: &BTreeMap<i16, u32>) -> Option<Fence> {
        let n_values: u32 = sizes.values().sum();
        let quantile = |quarters: u32| {
            let mut below = 0;
            let reaches = |(_, count): &(&i16, &u32)| {
                below += **count;
                below >= (n_values * quarters).div_ceil(4)
            };
            sizes.iter().find(reaches).map(|(step, _)| *step)
        };
        let (first, third) = (quantile(1)?, quantile(3)?);
        let reach = 3 * (third - first).max(LEAST_DISTANCE);
        // A step's values lie between it and the next.
        let [low, high] = [value_of(first - reach), value_of(third + 1 + reach)];
        (n_values >= LEAST_VALUES).then(|| Fence { n_values, quartiles: [value_of(first), value_of(third + 1)], low, high })
    }
}

/// What values are usual, for each variable.
#[derive(Debug, Default)]
pub struct Fences(HashMap<(usize, u32), Fence>);

impl Fences {
    /// Rows of a report with a value that is far out; one finding a row.
    pub fn outliers(&self, body: &Body, named: &Named, variables: &Variables) -> Vec<Finding> {
        let is_far = |held: &Held| {
            let fence = self.0.get(&(held.variable, fingerprint(held.unit)))?;
            number(held).filter(|value| *value < fence.low || *value > fence.high).map(|_| *fence)
        };
        let mut far: BTreeMap<(String, u32), Vec<(Held, Fence)>> = BTreeMap::new();
        for held in held(variables, body, named) {
            if let Some(fence) = is_far(&held) {
                far.entry((held.grid.id.clone(), held.cell.row)).or_default().push((held, fence));
            }
        }
        let printed = Printed { body, named, variables };
        far.into_values().filter_map(|row| tell(&row, &printed)).collect()
    }
}

fn tell(row: &[(Held, Fence)], printed: &Printed) -> Option<Finding> {
    let (held, fence) = row.first()?;
    let keys: Vec<String> = row.iter().filter_map(|(held, _)| held.grid.key(held.cell)).collect();
    let [low, high] = fence.quartiles.map(in_two_digits);
    let unit = held.unit.unwrap_or_default();
    let facts = [keys.first()?.clone(), format!("{}{unit}", held.value), fence.n_values.to_string(), low, format!("{high}{unit}")];
    let message = Message::new("{0} is {1}; half of the {2} reports with a number above 0 there have about {3} to {4}", facts);
    let help = Message::plain("see whether the number has a digit too many or too few, or counts in another unit");
    Some(printed.finding(&Flag::new(Code::Outlier, message).about(keys).help(help)))
}

/// A number as its two leading digits tell it: 1234.5 → 1200, 0.0567 → 0.057.
fn in_two_digits(value: f64) -> String {
    let power = value.log10().floor();
    if power >= 1.0 {
        let unit = 10_f64.powf(power - 1.0);
        return format!("{:.0}", (value / unit).round() * unit);
    }
    // Decimals that leave two digits.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let decimals = (1.0 - power) as usize;
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::size::step;

    #[test]
    fn usual_values_are_fenced_in() {
        let sizes: BTreeMap<i16, u32> = [(1.0, 10), (20.0, 10), (60.0, 10), (150.0, 10)].map(|(value, count)| (step(value), count)).into();
        let fence = Fence::find(&sizes).unwrap();
        assert_eq!(fence.n_values, 40);
        let [first, third] = fence.quartiles;
        assert!((first..third).contains(&1.0) && (60.0..68.0).contains(&third), "{fence:?}");
        // The quartiles are 1.8 powers of ten apart, so the fences stand 5.3 powers beyond them.
        assert!(fence.high > 1e7 && fence.high < 2e7 && fence.low < 1e-5, "{fence:?}");
        let few: BTreeMap<i16, u32> = [(step(7.0), 39)].into();
        assert!(Fence::find(&few).is_none());
        let close: BTreeMap<i16, u32> = [(step(100.0), 40)].into();
        let fence = Fence::find(&close).unwrap();
        assert!(fence.high > 3_000.0 && fence.high < 4_000.0 && fence.low > 3.0 && fence.low < 3.3, "{fence:?}");
    }

    #[test]
    fn quartiles_are_told_in_two_digits() {
        assert_eq!([1234.5, 99.6, 10.0, 3.16, 0.0567].map(in_two_digits), ["1200", "100", "10", "3.2", "0.057"]);
    }
}
