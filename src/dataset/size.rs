//! How large a report's values are, in steps on a scale of powers of ten: what a worker tells of them before any other report
//! is known.

use super::measure::{Held, held};
use super::record::{Body, Size};
use super::variables::Variables;

/// Steps of the scale from one power of ten to the next.
const STEPS: f64 = 20.0;

/// The sizes of a report's values; zeros and negative numbers have none.
pub fn sizes(variables: &Variables, family: Option<&str>, body: &Body) -> Vec<Size> {
    let Some(first) = family.and_then(|family| variables.first_of(family)) else { return Vec::new() };
    let named = variables.name_cells(family, body);
    let size = |held: Held| Some((u16::try_from(held.variable.checked_sub(first)?).ok()?, fingerprint(held.unit), step(number(&held)?)));
    held(variables, body, &named).filter_map(size).collect()
}

/// The number, where it is positive.
pub fn number(held: &Held) -> Option<f64> {
    held.value.parse().ok().filter(|&value| value > 0.0)
}

/// Stands for a unit: numbers in two units do not spread together.
pub fn fingerprint(unit: Option<&str>) -> u32 {
    const START: u32 = 0x811C_9DC5;
    const PRIME: u32 = 0x0100_0193;
    unit.unwrap_or_default().bytes().fold(START, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(PRIME))
}

/// The step of a positive number.
pub fn step(value: f64) -> i16 {
    // No number that a report prints has as many digits as this scale has steps.
    #[allow(clippy::cast_possible_truncation)]
    let step = (value.log10() * STEPS).floor() as i16;
    step
}

/// The least number of a step.
pub fn value_of(step: i16) -> f64 {
    10_f64.powf(f64::from(step) / STEPS)
}
