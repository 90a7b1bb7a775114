//! One unit for a column of the panel: one report prints an amount in 万元, another in 元, and both have to stand in one
//! column. The point moves, or land is told in 亩 and weight in 吨, always exactly; the long table keeps each
//! number and unit as printed.

use super::record::{Body, Cell, Grid};
use super::variables::{Named, Variables};
use crate::exact::multiply;
use crate::normalise::{ANY_COUNT, bare_zeros, common_unit, may_be_bare, parted_unit, same_measure, without_currency};
use rust_decimal::Decimal;
use std::borrow::Cow;

/// A value as it stands in the panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Held<'b> {
    /// Index of its variable.
    pub variable: usize,
    /// The table it stands in.
    pub grid: &'b Grid,
    /// The cell that prints it.
    pub cell: &'b Cell,
    /// Its digits.
    pub value: Cow<'b, str>,
    /// Its unit.
    pub unit: Option<&'b str>,
}

const SHARE: &str = "/share";
const PERCENT: &str = "%";

/// The values of a report that have a variable, each in the unit of its column.
pub fn held<'b>(variables: &'b Variables, body: &'b Body, named: &'b Named) -> impl Iterator<Item = Held<'b>> {
    let cells = body.tables.iter().flat_map(|grid| grid.cells.iter().map(move |cell| (grid, cell)));
    cells.zip(named.iter().flatten()).filter_map(|((grid, cell), variable)| {
        let (variable, value) = ((*variable)?, cell.value.as_deref()?);
        let own = variables.get(variable)?;
        // Parts of a whole, `10.1:39.9:50.0`, are told in percent whether they say so or not.
        let unit = cell.unit.as_deref().or_else(|| own.key.ends_with(SHARE).then_some(PERCENT));
        let (value, unit) = in_unit(value, unit, own.unit.as_deref());
        Some(Held { variable, grid, cell, value, unit })
    })
}

/// A number in a wanted unit, or where none is wanted in the unit that larger ones are made of; as printed where its unit
/// measures something else. With it the unit that it is in.
pub fn in_unit<'a>(value: &'a str, unit: Option<&'a str>, wanted: Option<&'a str>) -> (Cow<'a, str>, Option<&'a str>) {
    let as_printed = (Cow::Borrowed(value), unit);
    let Some(own) = unit.map(without_currency) else { return as_printed };
    if let Some(wanted) = wanted.filter(|wanted| same_measure(own, wanted)) {
        return (Cow::Borrowed(value), Some(wanted));
    }
    let (wanted_zeros, wanted_base) = wanted.map_or((0, None), |wanted| {
        let (zeros, base) = parted_unit(wanted);
        (zeros, Some(base))
    });
    let (zeros, base) = match bare_zeros(own) {
        Some(_) if wanted_base.is_some_and(|wanted| !may_be_bare(wanted)) => return as_printed,
        Some(zeros) => (zeros, wanted_base.unwrap_or(ANY_COUNT)),
        None => parted_unit(own),
    };
    let common = common_unit(base).filter(|(_, common)| wanted_base.is_none_or(|wanted| wanted == *common));
    if let Some((factor, common)) = common {
        let times = || multiply(move_point(value, i64::from(zeros) - i64::from(wanted_zeros))?.parse().ok()?, factor);
        let unit = wanted.unwrap_or(common);
        return times().map_or(as_printed, |value| (Cow::Owned(value.normalize().to_string()), Some(unit)));
    }
    if wanted_base.is_some_and(|wanted| !same_measure(base, wanted)) {
        return as_printed;
    }
    let shown = wanted.unwrap_or(base);
    if zeros == wanted_zeros {
        return (Cow::Borrowed(value), Some(shown));
    }
    move_point(value, i64::from(zeros) - i64::from(wanted_zeros)).map_or(as_printed, |value| (Cow::Owned(value), Some(shown)))
}

/// A number times a power of ten; none where it cannot be held exactly.
fn move_point(value: &str, by: i64) -> Option<String> {
    let number = Decimal::from_str_exact(value).ok()?;
    let scale = i64::from(number.scale()) - by;
    let zeros = u32::try_from(-scale.min(0)).ok()?;
    let mantissa = number.mantissa().checked_mul(10_i128.checked_pow(zeros)?)?;
    Some(Decimal::try_from_i128_with_scale(mantissa, u32::try_from(scale.max(0)).ok()?).ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_stand_in_one_unit_with_every_digit() {
        let told = |value, unit, wanted| {
            let (value, unit) = in_unit(value, Some(unit), wanted);
            format!("{value} {}", unit.unwrap_or("-"))
        };
        assert_eq!(told("2940.05", "万元", None), "29400500 元");
        assert_eq!(told("31214205.80", "元", None), "31214205.80 元");
        assert_eq!(told("251000", "元", Some("万元")), "25.1000 万元");
        assert_eq!(told("0.32", "万元", Some("万元")), "0.32 万元");
        assert_eq!(told("1.5", "亿元", Some("万元")), "15000 万元");
        assert_eq!(told("3.2", "百万元", None), "3200000 元");
        assert_eq!(told("5", "千亿元", None), "500000000000 元");
        assert_eq!(told("0.45", "吨标准煤/万元", None), "0.45 吨标准煤/万元");
        assert_eq!(told("12", "万人", None), "120000 人");
        assert_eq!(told("5", "条", Some("件")), "5 件");
        assert_eq!(told("100.5", "亿元人民币", None), "10050000000 元");
        assert_eq!(told("1.2", "万", Some("件")), "12000 件");
        assert_eq!(told("12.75", "万", Some("万元")), "12.75 万元");
        assert_eq!(told("874.4", "万", None), "8744000 ");
        assert_eq!(told("1.2", "万", Some("%")), "1.2 万");
        // Land and weight in the common unit.
        assert_eq!(told("2.5", "千公顷", None), "37500 亩");
        assert_eq!(told("1.5", "万公顷", None), "225000 亩");
        assert_eq!(told("20.4", "万亩", None), "204000 亩");
        assert_eq!(told("1.5", "公顷", Some("万亩")), "0.00225 万亩");
        assert_eq!(told("3", "亿斤", None), "150000 吨");
        // What measures something else stays as it is.
        assert_eq!(told("4.5", "%", Some("万元")), "4.5 %");
        assert_eq!(told("0.3", "百分点", None), "0.3 百分点");
        assert_eq!(in_unit("8", None, Some("件")), (Cow::Borrowed("8"), None));
    }
}
