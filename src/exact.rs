//! Arithmetic on printed numbers that never rounds: none where the result cannot be held exactly.
//!
//! A decimal of 28 digits plus a fraction is rounded by the library without a word, and a product that is too large
//! ends the program; a sum that is not exact proves nothing and refutes nothing.

use rust_decimal::Decimal;

/// One plus other.
pub fn add(one: Decimal, other: Decimal) -> Option<Decimal> {
    let sum = one.checked_add(other)?;
    let is_exact = sum.scale() >= one.scale().max(other.scale()) || one.is_zero() || other.is_zero();
    is_exact.then_some(sum)
}

/// One less other.
pub fn subtract(one: Decimal, other: Decimal) -> Option<Decimal> {
    add(one, -other)
}

/// One times other.
pub fn multiply(one: Decimal, other: Decimal) -> Option<Decimal> {
    let product = one.checked_mul(other)?;
    let is_exact = product.scale() >= one.scale() + other.scale() || one.is_zero() || other.is_zero();
    is_exact.then_some(product)
}

/// How far a sum of `n_parts` rounded numbers may be from the rounded sum, in last places: never more than half a place
/// for each; for many numbers three standard deviations, since roundings fall both ways.
pub const fn rounding(n_parts: usize) -> i128 {
    let n_numbers = (n_parts as i128).saturating_add(1);
    // 0.87 · √n: three times the deviation of n roundings, each even over one place.
    let typical = (n_numbers.saturating_mul(3) / 4).isqrt();
    let least = if n_numbers / 2 < typical { n_numbers / 2 } else { typical };
    if least < 1 { 1 } else { least }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn number(text: &str) -> Decimal {
        Decimal::from_str(text).unwrap()
    }

    #[test]
    fn what_would_be_rounded_is_not_told() {
        assert_eq!(add(number("1.5"), number("2.25")), Some(number("3.75")));
        assert_eq!(add(number("7922816251426433759354395033"), number("0.04")), None);
        assert_eq!(add(Decimal::MAX, Decimal::MAX), None);
        assert_eq!(subtract(number("3"), number("3.0")), Some(Decimal::ZERO));
        assert_eq!(multiply(number("0.3"), number("-2")), Some(number("-0.6")));
        assert_eq!(multiply(Decimal::MAX, number("1000")), None);
        assert_eq!(multiply(number("0.3333333333333333333333333333"), number("9.7")), None);
    }
}
