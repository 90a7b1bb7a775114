//! Rows that break the pattern of their table: cells that have slipped, sums that fail in one place and hold in the others.
//!
//! In: a table without a grammar and the identities found in it. Out: what is odd, by row and column. A pattern speaks
//! only where the rest of the table keeps it; a table that has none raises nothing.

mod lost;
mod miss;
mod slip;
mod stray;

use crate::check::Trust;
use crate::flag::{Code, Fault, Flag, Flagged, Message, Proposal, Related, Severity};
use crate::generic::{LooseTable, LooseValue, identities};
use crate::grammar::words::{Kind, built_in};
use crate::table::Table;
pub use miss::{Address, Failing, Miss};
use rust_decimal::Decimal;
pub use slip::{Slip, SlipKind};
use std::collections::{HashMap, HashSet};

/// Look for what is odd in a table, mark the values that are in dispute, and raise flags.
pub fn check_table(loose: &mut LooseTable, printed: &Table) -> Flagged<()> {
    let slips = slip::find(loose);
    let matrix = identities::matrix(&loose.sheet, &loose.frame);
    let misses = miss::find(loose, &matrix, &slips).into_iter().filter(|miss| !miss.sums.iter().all(|sum| adds_rates(sum, loose)));
    let misses: Vec<Miss> = misses.collect();
    let mut flags: Vec<Flag> = slips.iter().filter_map(|slip| slip_flag(loose, printed, slip)).collect();
    let by_address: HashMap<Address, &LooseValue> = loose.values.iter().map(|value| ((value.row, value.column), value)).collect();
    flags.extend(lost::find(loose, printed));
    flags.extend(stray::find(loose, printed, &slips, &by_address));
    flags.extend(misses.iter().filter_map(|miss| miss_flag(miss, &by_address, matrix.decimals)));
    let disputed: HashSet<Address> = misses.iter().filter(|miss| miss.is_misprint).flat_map(disputed).collect();
    for value in loose.values.iter_mut().filter(|value| disputed.contains(&(value.row, value.column))) {
        value.trust = Some(Trust::Disputed);
    }
    Flagged { value: (), flags }
}

const PERCENT: &str = "%";

/// A sum down a column of rates, such as growth in percent, which holds in the columns of amounts beside it.
fn adds_rates(sum: &Failing, loose: &LooseTable) -> bool {
    let (row, column) = sum.result;
    let header = loose.headers.iter().rev().find(|header| header.end <= row);
    let says =
        |kind: &Kind| header.and_then(|header| header.paths.get(column)).is_some_and(|path| path.iter().any(|label| kind.is_in(label)));
    let is_down = sum.parts.iter().all(|part| part.1 == column);
    let result = loose.values.iter().find(|value| (value.row, value.column) == sum.result);
    let is_percent = result.and_then(|value| value.reading.quantity()).is_some_and(|quantity| quantity.unit == Some(PERCENT));
    is_down && (says(&built_in().rate) || is_percent) && !says(&built_in().portion)
}

/// The cells of sums that fail: where one cell explains all, only that one.
fn disputed(miss: &Miss) -> Vec<Address> {
    match miss.culprits.as_slice() {
        [only] => vec![*only],
        _ => miss.sums.iter().flat_map(|sum| sum.parts.iter().copied().chain([sum.result])).collect(),
    }
}

fn slip_flag(loose: &LooseTable, printed: &Table, slip: &Slip) -> Option<Flag> {
    let (code, message) = match slip.kind {
        SlipKind::Left => {
            (Code::RowShort, "a number of this row is lost or run together with its neighbour: cells stand to the left of their columns")
        }
        SlipKind::Right => (Code::RowShifted, "a blank has come into this row: cells stand to the right of their columns"),
    };
    let row = printed.rows.get(slip.row)?;
    let flag = Flag::new(code, Message::plain(message)).at(row.span).about(vec![loose.row_key(slip.row)]).fault(Fault::Reading);
    // The other rows only show where cells use to stand.
    Some(flag.graded(Severity::Warning))
}

fn miss_flag(miss: &Miss, values: &HashMap<Address, &LooseValue>, decimals: u8) -> Option<Flag> {
    let sum = miss.sums.first()?;
    let shown = |number: i128| {
        Decimal::try_from_i128_with_scale(number, u32::from(decimals))
            .map_or_else(|_| number.to_string(), |number| number.normalize().to_string())
    };
    let key = |address: &Address| values.get(address).map(|value| value.key.clone());
    let result = values.get(&sum.result)?;
    let facts = [result.key.clone(), shown(sum.printed), shown(sum.printed - sum.excess)];
    let message = Message::new("{0}: {1} is printed, the parts add up to {2}", facts);
    let others = miss.sums.iter().flat_map(|sum| sum.parts.iter().chain([&sum.result])).filter(|address| !miss.culprits.contains(address));
    let related = others.filter_map(|address| values.get(address)).map(|value| Related { span: value.span, label: value.key.clone() });
    let mut flag = Flag::new(Code::SumOff, message).about(miss.culprits.iter().filter_map(key).collect());
    flag.span = miss.culprits.iter().find_map(|address| values.get(address)).or(Some(result)).map(|value| value.span);
    flag.related = related.collect();
    flag.help = Some(Message::plain("the same sum holds in the rest of the table; look these cells up in the original"));
    if !miss.is_misprint {
        // What no misprint explains may be a table that does not list every part.
        flag.severity = Severity::Note;
    }
    let proposed = miss.proposal.zip(miss.culprits.first().and_then(key));
    let reason = || Message::plain("with it every sum it takes part in holds");
    flag.proposal = proposed.map(|(value, cell)| Proposal { cell, value: shown(value), reason: reason(), only: true });
    Some(flag)
}
