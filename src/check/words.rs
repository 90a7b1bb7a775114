//! Sums in the report's own words and numbers: `总计 12 ≠ 2 (自然人 2)`.

use crate::grammar::Item;
use crate::sums::Part;
use rust_decimal::Decimal;

/// Most numbers of one side that are spelled out.
const MOST_SHOWN: usize = 6;

/// What a row or a column is called; a total, and what is called as others are, with the group it stands in.
pub fn name(id: &str, items: &[&Item]) -> String {
    let find = |id: &str| items.iter().find(|item| item.id == id);
    let Some(own) = find(id) else { return String::new() };
    let group = id.rsplit_once('.').and_then(|(group, _)| find(group)).map_or("", |group| group.label());
    let is_shared = own.aggregate || items.iter().filter(|item| item.label() == own.label()).count() > 1;
    let short = without_remark(own.label());
    if is_shared && !group.is_empty() { format!("{} {short}", without_remark(group)) } else { short.to_string() }
}

/// A label without what stands behind it in brackets.
fn without_remark(label: &str) -> &str {
    label.split(['(', '（']).next().filter(|words| !words.trim().is_empty()).map_or(label, str::trim)
}

/// One side of a sum: its one number, or what its numbers add up to and those that are not zero.
pub fn side(parts: &[Part], sum: Decimal, items: &[&Item], value: &dyn Fn(&str) -> Option<Decimal>) -> String {
    if let [Part { factor: 1, id, .. }] = parts {
        return format!("{} {sum}", name(id, items));
    }
    let printed: Vec<(i64, &str, Decimal)> =
        parts.iter().filter_map(|part| Some((part.factor, part.id, value(part.id)?))).filter(|(_, _, value)| !value.is_zero()).collect();
    let mut shown = String::new();
    for (index, (factor, id, value)) in printed.iter().take(MOST_SHOWN).enumerate() {
        let sign = match (index, factor.is_negative()) {
            (_, true) => " − ",
            (0, false) => "",
            (_, false) => " + ",
        };
        let times = if factor.unsigned_abs() == 1 { String::new() } else { format!("{}×", factor.unsigned_abs()) };
        shown.push_str(&format!("{sign}{times}{} {value}", name(id, items)));
    }
    if printed.len() > MOST_SHOWN {
        shown.push_str(" + …");
    }
    if shown.is_empty() { sum.to_string() } else { format!("{sum} ({})", shown.trim_start()) }
}
