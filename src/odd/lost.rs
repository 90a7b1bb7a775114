//! Of tables with one cell a line, the rows whose numbers stand in no column and the names that stand over none.

use crate::flag::{Code, Fault, Flag, Message, Severity};
use crate::generic::LooseTable;
use crate::table::{Mend, Table, TableRow};

/// Flags for what has found no place ([`crate::generic::stacked`]).
pub fn find(loose: &LooseTable, printed: &Table) -> Vec<Flag> {
    let n_columns = loose.sheet.n_columns.saturating_sub(loose.frame.n_stub);
    let unplaced = printed.rows.iter().enumerate().filter(|(_, row)| row.mend == Mend::Unplaced);
    let row_flag = |(index, row): (usize, &TableRow)| {
        let n_numbers = row.cells.len().saturating_sub(1);
        let facts = [n_numbers.to_string(), n_columns.to_string()];
        let mut flag = if n_numbers < n_columns {
            Flag::new(Code::RowShort, Message::new("{0} numbers for {1} columns", facts))
        } else {
            Flag::new(Code::RowLong, Message::new("{0} cells for {1} columns", facts))
        };
        flag = flag.graded(Severity::Error).at(row.span).about(vec![loose.row_key(index)]);
        flag.help = Some(Message::plain("compare the row with the original: a cell is lost, surplus or run together"));
        flag.fault(Fault::Reading)
    };
    let rows = unplaced.map(row_flag);
    headers(loose, printed).into_iter().chain(rows).collect()
}

/// A flag for each run of lines above numbers that are not as many as the columns.
fn headers(loose: &LooseTable, printed: &Table) -> Vec<Flag> {
    let runs = printed.rows.chunk_by(|one, other| one.mend == other.mend).filter(|run| run.iter().all(|row| row.mend == Mend::Unnamed));
    let flag = |run: &[TableRow]| {
        let span = run.iter().map(|row| row.span).reduce(|one, other| one.to(other))?;
        let message = Message::new("of {0} lines above the numbers none is known to name a column", [run.len().to_string()]);
        Some(Flag::new(Code::HeaderUnknown, message).at(span).about(vec![format!("{}/*", loose.id)]).fault(Fault::Reading))
    };
    runs.filter_map(flag).collect()
}
