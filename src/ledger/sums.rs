//! Codes of an open table → the sums they promise: a code is the sum of the codes right under it, the total of those at the top.
//!
//! ```text
//!   204 = 20406 + 20499      20406 = 2040601 + 2040607      total = 204 + 208 + …
//! ```
//! A table that picks items out of a longer list breaks most of these sums; then it promises none.

use crate::check::operand;
use crate::exact;
use crate::fit::{FittedCell, FittedTable};
use crate::grammar::{Family, Identity, Pattern, TableForm, Term, When, is_under};
use crate::sums::Operand;
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The row that is the sum of the codes at the top.
const TOTAL: &str = "total";

/// The sums of a table's codes.
pub fn find(table: &FittedTable, family: &Family) -> Vec<Identity> {
    let Some(items) = &table.items else { return Vec::new() };
    let codes: Vec<&str> = items.rows.iter().map(|item| item.id.as_str()).filter(|id| is_code(id)).collect();
    let mut parts: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut top: Vec<&str> = Vec::new();
    let mut order: Vec<&str> = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for &code in &codes {
        while open.last().is_some_and(|above| !(code.starts_with(above) && code.len() > above.len())) {
            open.pop();
        }
        match open.last() {
            Some(&above) => {
                let own = parts.entry(above).or_default();
                if own.is_empty() {
                    order.push(above);
                }
                own.push(code);
            }
            None => top.push(code),
        }
        open.push(code);
    }
    let sums: Vec<(&str, &[&str])> = order.iter().filter_map(|&code| Some((code, parts.get(code)?.as_slice()))).collect();
    let cells: HashMap<(&str, &str), &FittedCell> = table.cells.iter().map(|cell| ((&*cell.row, &*cell.column), cell)).collect();
    let columns: Vec<&str> = items.columns.iter().map(|item| item.id.as_str()).collect();
    let look = |row: &str, column: &str| cells.get(&(row, column)).map_or(Operand::Unknown, |cell| operand(cell));
    let (mut n_held, mut n_failed) = (0_usize, 0_usize);
    for (code, parts) in &sums {
        for column in &columns {
            match comes_out(code, parts, &|row| look(row, column)) {
                Some(true) => n_held += 1,
                Some(false) => n_failed += 1,
                None => {}
            }
        }
    }
    let mut found = Vec::new();
    if n_failed <= n_held {
        found.extend(sums.iter().map(|(code, parts)| identity(code, parts)));
    }
    // Codes of offices beside codes of accounts are two lists in one.
    let is_account = |code: &&str| family.codes.iter().any(|item| code.starts_with(&item.id));
    let one_list = top.iter().all(is_account) || !top.iter().any(is_account);
    let total = items.rows.iter().find(|item| item.id == TOTAL).filter(|_| one_list && !top.is_empty());
    found.extend(total.map(|item| identity(&item.id, &top)));
    found
}

/// Codes that stand over others and are not printed, each with the first row below it. A level of which most codes are left
/// out is none of the table's.
pub fn find_missing<'t>(table: &'t FittedTable, family: &Family) -> Vec<(&'t str, &'t str)> {
    let Some(items) = &table.items else { return Vec::new() };
    let is_account = |id: &str| is_code(id) && family.codes.iter().any(|item| id.starts_with(&item.id));
    let codes: Vec<&str> = items.rows.iter().map(|item| item.id.as_str()).filter(|id| is_account(id)).collect();
    let known: HashSet<&str> = codes.iter().copied().collect();
    let levels: BTreeSet<usize> = codes.iter().map(|code| code.len()).collect();
    let mut found = Vec::new();
    for level in levels {
        let below = codes.iter().filter(|code| code.len() > level);
        let wanted: Vec<(&str, &str)> = below.filter_map(|code| Some((code.get(..level)?, *code))).collect();
        let missing: Vec<(&str, &str)> = wanted.iter().copied().filter(|(above, _)| !known.contains(above)).collect();
        if missing.len() * 2 <= wanted.len() {
            let mut seen = HashSet::new();
            found.extend(missing.into_iter().filter(|(above, _)| seen.insert(*above)));
        }
    }
    found
}

/// Codes with an amount under which nothing stands, where something stands under most others of their level.
pub fn find_childless<'t>(table: &'t FittedTable, family: &Family) -> Vec<&'t str> {
    let Some(items) = &table.items else { return Vec::new() };
    let is_account = |id: &str| is_code(id) && family.codes.iter().any(|item| id.starts_with(&item.id));
    let codes: BTreeSet<&str> = items.rows.iter().map(|item| item.id.as_str()).filter(|id| is_account(id)).collect();
    let paid = rows_with_amounts(table);
    let levels: BTreeSet<usize> = codes.iter().map(|code| code.len()).collect();
    let mut found = Vec::new();
    for level in levels {
        // In order, what stands under a code comes right after it.
        let has_child = |code: &&&str| codes.range(**code..).nth(1).is_some_and(|next| next.starts_with(**code));
        let (above, alone): (Vec<&&str>, Vec<&&str>) = codes.iter().filter(|code| code.len() == level).partition(has_child);
        if alone.len() < above.len() {
            found.extend(alone.into_iter().copied().filter(|code| paid.contains(code)));
        }
    }
    found
}

/// The totals that a form knows, where a table with amounts prints none: the last row of either side, or one of a list's.
pub fn find_lost_totals<'f>(table: &FittedTable, form: &'f TableForm, family: &Family) -> Vec<&'f str> {
    let paid = rows_with_amounts(table);
    let is_list = paid.iter().any(|id| is_code(id) && family.codes.iter().any(|item| id.starts_with(&item.id)));
    let is_sided = form.bands.iter().any(|band| band.side.is_some());
    if paid.len() < 2 || !is_sided && !is_list {
        return Vec::new();
    }
    let last = |id: &str| id.rsplit('.').next() == Some(TOTAL);
    let sums = || form.bands.iter().flat_map(|band| &band.rows).filter(|item| item.aggregate).map(|item| item.id.as_str());
    let is_there = |id: &str| table.cells.iter().any(|cell| *cell.row == *id);
    let any_there = sums().any(|id| (last(id) || !is_sided) && is_there(id));
    let is_own = |id: &&str| id.split_once('.').is_none_or(|(side, _)| paid.iter().any(|own| is_under(own, side)));
    if any_there { Vec::new() } else { sums().filter(|id| last(id)).filter(is_own).collect() }
}

fn rows_with_amounts(table: &FittedTable) -> BTreeSet<&str> {
    let is_amount = |cell: &&FittedCell| matches!(operand(cell), Operand::Number(value) if !value.is_zero());
    table.cells.iter().filter(is_amount).map(|cell| &*cell.row).collect()
}

/// The code of an account of the family.
pub fn is_account(id: &str, family: &Family) -> bool {
    is_code(id) && family.codes.iter().any(|item| id.starts_with(&item.id))
}

fn is_code(id: &str) -> bool {
    id.len() >= 3 && id.bytes().all(|byte| byte.is_ascii_digit())
}

fn identity(code: &str, parts: &[&str]) -> Identity {
    let term = |id: &str| Term { factor: 1, patterns: vec![Pattern::Id(id.to_string())], when: When::ThisYear };
    let text = format!("{code} = {}", parts.join(" + "));
    Identity { name: "codes".into(), text, left: vec![term(code)], right: parts.iter().map(|part| term(part)).collect() }
}

/// None where nothing can be said, or only one number is printed.
fn comes_out(code: &str, parts: &[&str], look: &dyn Fn(&str) -> Operand) -> Option<bool> {
    let Operand::Number(whole) = look(code) else { return None };
    let mut sum = Decimal::ZERO;
    for part in parts {
        match look(part) {
            Operand::Number(value) => sum = exact::add(sum, value)?,
            Operand::Nothing => {}
            Operand::Unknown => return None,
        }
    }
    let step = Decimal::new(i64::try_from(parts.len()).ok()?, whole.scale().max(sum.scale()));
    (!whole.is_zero() || !sum.is_zero()).then(|| (whole - sum).abs() <= step)
}
