//! Tables cut by the end of a page: what the cut tore apart is put together.
//!
//! ```text
//!   │（四）无 │ 2.没有现成信息 │   │      the label of a group goes on: one cell, where it begins
//!   ────────── page 3 | 4 ──────────
//!   │法提供  │               │ 3 │      the row itself is cut: its label above, its number below; one row
//! ```
//! The two parts stay two grids, with nothing but page furniture between them; that they are one table is for the
//! [`seam`] to say. Nothing is joined unless the grids stand at the same places and no rule parts the two cells.

use super::flow::Flowed;
use super::lines::join;
use super::parts::{Table, TableCell, TextLine};
use super::seam;
use crate::doc::{Evidence, Shape};
use crate::normalise::read_cell;

/// Edges of two pages' grids nearer than this are the same, in points.
pub const SAME_EDGE: f32 = 4.0;
/// Paragraphs right over a table that may be its title and its unit.
const MOST_TITLES: usize = 3;

/// Put together what page breaks tore apart, and tell of every two tables in a row whether they are one.
pub fn mend(flowed: &mut Vec<Flowed>) {
    set_titles_aside(flowed);
    let mut before: Option<usize> = None;
    let mut seams: Vec<(usize, Option<Evidence>)> = Vec::new();
    for index in 0..flowed.len() {
        match flowed.get(index) {
            Some(Flowed::Para(_)) => before = None,
            Some(Flowed::Table(_)) => {
                if let Some(first) = before {
                    seams.push((index, mend_pair(flowed, first, index)));
                }
                before = Some(index);
            }
            _ => {}
        }
    }
    for (index, evidence) in seams.into_iter().rev() {
        flowed.insert(index, Flowed::Seam(evidence));
    }
}

fn mend_pair(flowed: &mut [Flowed], first: usize, second: usize) -> Option<Evidence> {
    let (head, tail) = flowed.split_at_mut_checked(second)?;
    let (Some(Flowed::Table(above)), Some(Flowed::Table(below))) = (head.get_mut(first), tail.first_mut()) else { return None };
    let shared = below.page > above.page && share_columns(above, below);
    let evidence = seam::evidence(above, below, shared)?;
    if !shared {
        return Some(evidence);
    }
    let goes_on = go_on_labels(above, below);
    let is_cut = is_cut_row(above, below);
    if is_cut {
        join_rows(above, below);
    }
    Some(match (is_cut, goes_on) {
        (true, _) => Evidence::CutRow,
        (false, true) => Evidence::CutLabel,
        (false, false) => evidence,
    })
}

/// The title of a table that comes again over its second part, on the next page, is not a new title.
fn set_titles_aside(flowed: &mut [Flowed]) {
    let mut titles: Vec<String> = Vec::new();
    let mut table: Option<u32> = None;
    let mut again: Vec<usize> = Vec::new();
    let mut found: Vec<usize> = Vec::new();
    for (index, item) in flowed.iter().enumerate() {
        match item {
            Flowed::Para(paragraph) => {
                let words = title_words(&paragraph.lines);
                let next_page = table.is_some_and(|page| paragraph.lines.first().is_some_and(|line| line.page == page + 1));
                if next_page && titles.contains(&words) {
                    again.push(index);
                    continue;
                }
                if table.take().is_some() {
                    titles.clear();
                    again.clear();
                }
                titles.push(words);
                // Only what stands right over a table can be its title.
                if titles.len() > MOST_TITLES {
                    titles.remove(0);
                }
            }
            Flowed::Table(own) => {
                found.append(&mut again);
                table = Some(own.page);
            }
            _ => {}
        }
    }
    for index in found {
        if let Some(item) = flowed.get_mut(index)
            && let Flowed::Para(paragraph) = item
        {
            *item = Flowed::Running(std::mem::take(&mut paragraph.lines));
        }
    }
}

/// Words of a title without what stands in brackets at its end, such as a word for "continued".
fn title_words(lines: &[TextLine]) -> String {
    let text: String = lines.iter().map(|line| line.text.as_str()).collect();
    let open = text.rfind(['（', '(']).filter(|&at| at > 0 && text.ends_with(['）', ')']));
    text.get(..open.unwrap_or(text.len())).unwrap_or_default().trim().to_string()
}

/// Number the columns of both parts alike where they stand at the same places. One part may lack edges that the other
/// has: a page that shows only group rows has no edge between the labels of groups and of their rows.
fn share_columns(above: &mut Table, below: &mut Table) -> bool {
    if above.shape != Shape::Spanned || below.shape != Shape::Spanned {
        return false;
    }
    let shift = above.xs.first().zip(below.xs.first()).map_or(0.0, |(one, other)| other - one);
    let shifted: Vec<f32> = below.xs.iter().map(|edge| edge - shift).collect();
    let same_end = above.xs.last().zip(shifted.last()).is_some_and(|(one, other)| (one - other).abs() <= SAME_EDGE);
    if !same_end {
        return false;
    }
    if above.xs.len() >= shifted.len() {
        let Some(places) = places_in(&shifted, &above.xs) else { return false };
        renumber(below, &places);
        below.xs = above.xs.iter().map(|edge| edge + shift).collect();
    } else {
        let Some(places) = places_in(&above.xs, &shifted) else { return false };
        renumber(above, &places);
        above.xs = shifted;
    }
    true
}

/// Where each edge of the coarse grid stands in the fine one; none where one stands nowhere.
fn places_in(coarse: &[f32], fine: &[f32]) -> Option<Vec<usize>> {
    coarse.iter().map(|edge| fine.iter().position(|own| (own - edge).abs() <= SAME_EDGE)).collect()
}

fn renumber(table: &mut Table, places: &[usize]) {
    for cell in table.rows.iter_mut().flatten() {
        let (first, end) = (places.get(cell.column), places.get(cell.column + cell.columns));
        if let (Some(&first), Some(&end)) = (first, end) {
            (cell.column, cell.columns) = (first, end.saturating_sub(first).max(1));
        }
    }
}

fn is_blank(cell: &TableCell) -> bool {
    cell.text.trim().is_empty()
}

fn is_datum(cell: &TableCell) -> bool {
    read_cell(&cell.text).is_datum()
}

/// The cell of the last row, or one that hangs down to it, with these columns.
fn cell_at_end<'t>(above: &'t mut Table, cell: &TableCell) -> Option<(usize, &'t mut TableCell)> {
    let n_rows = above.rows.len();
    above.rows.iter_mut().enumerate().rev().find_map(|(index, row)| {
        let found = row.iter_mut().find(|own| own.column == cell.column && own.columns == cell.columns)?;
        (index + found.rows >= n_rows).then_some((index, found))
    })
}

/// A group's label that began above: what stands of it below goes to it.
fn go_on_labels(above: &mut Table, below: &mut Table) -> bool {
    let n_rows = above.rows.len();
    let Some(row) = below.rows.first_mut() else { return false };
    let hangs_below = |cell: &TableCell| cell.rows > 1;
    // Where a page break draws no rule at all, an open end says nothing: two labels may be two groups.
    let told_apart = row.iter().any(|cell| !cell.open_top);
    let n_before = row.len();
    let mut kept = Vec::with_capacity(n_before);
    for cell in std::mem::take(row) {
        let home = cell_at_end(above, &cell).filter(|(index, own)| {
            let hangs = own.rows > 1 && index + own.rows >= n_rows || hangs_below(&cell);
            let open = own.open_bottom && cell.open_top;
            hangs && open && !is_datum(own) && !is_datum(&cell) && !(is_blank(own) && is_blank(&cell))
        });
        match home {
            Some((_, own)) if is_blank(&cell) || !is_blank(own) && (told_apart || is_unclosed(&own.text)) => take_rest(own, cell),
            _ => kept.push(cell),
        }
    }
    let goes_on = kept.len() < n_before;
    *row = kept;
    goes_on
}

fn take_rest(own: &mut TableCell, rest: TableCell) {
    if is_blank(own) {
        own.places = rest.places;
    } else if !is_blank(&rest) {
        own.places.extend(rest.places);
    }
    own.text = join([std::mem::take(&mut own.text), rest.text].into_iter().filter(|text| !text.trim().is_empty()));
}

/// True when the last row above and the first row below are one row: no rule parts them, and what one lacks stands in
/// the other.
fn is_cut_row(above: &Table, below: &Table) -> bool {
    let (Some(last), Some(first)) = (above.rows.last(), below.rows.first()) else { return false };
    let open = last.iter().any(|cell| cell.open_bottom) && first.iter().any(|cell| cell.open_top);
    let whole = first.iter().all(|cell| cell.rows == 1) && !first.is_empty();
    let printed = |row: &[TableCell], column: usize| row.iter().any(|cell| cell.column == column && !is_blank(cell) && is_datum(cell));
    let clash = first.iter().filter(|cell| is_datum(cell)).any(|cell| printed(last, cell.column));
    let count = |row: &[TableCell]| row.iter().filter(|cell| !is_blank(cell) && is_datum(cell)).count();
    let labels = |row: &[TableCell]| row.iter().filter(|cell| !is_blank(cell) && !is_datum(cell)).count();
    let complement = match (count(last), count(first)) {
        (0, 1..) => labels(last) > 0 && labels(first) == 0,
        (1.., 1..) => labels(first) == 0 && labels(last) > 0,
        // A row with a label alone may be one whose numbers are blank; a bracket that is still open tells.
        (1.., 0) => first
            .iter()
            .filter(|cell| !is_blank(cell))
            .all(|cell| last.iter().any(|own| own.column == cell.column && own.columns == cell.columns && is_unclosed(&own.text))),
        (0, 0) => false,
    };
    open && whole && !clash && complement
}

/// `（区分处理的，只计这一情`: a bracket that is not closed.
fn is_unclosed(text: &str) -> bool {
    let count = |brackets: [char; 2]| text.chars().filter(|character| brackets.contains(character)).count();
    count(['（', '(']) > count(['）', ')'])
}

fn join_rows(above: &mut Table, below: &mut Table) {
    let Some(last) = above.rows.last_mut() else { return };
    for cell in below.rows.remove(0) {
        match last.iter_mut().find(|own| own.column == cell.column && own.columns == cell.columns) {
            Some(own) => take_rest(own, cell),
            None => {
                let at = last.iter().take_while(|own| own.column < cell.column).count();
                last.insert(at, cell);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::pdf::page::Area;

    fn cell(text: &str, column: usize, rows: usize) -> TableCell {
        TableCell { text: text.into(), places: vec![(1, Area::default())], column, columns: 1, rows, open_top: true, open_bottom: true }
    }

    fn table(page: u32, xs: &[f32], rows: Vec<Vec<TableCell>>) -> Flowed {
        Flowed::Table(Table { page, area: Area::default(), rows, xs: xs.to_vec(), shape: Shape::Spanned })
    }

    fn mended(above: Flowed, below: Flowed) -> Vec<Vec<String>> {
        let mut flowed = vec![above, below];
        mend(&mut flowed);
        let rows = |item: &Flowed| match item {
            Flowed::Table(table) => table.rows.clone(),
            _ => Vec::new(),
        };
        let texts = |row: Vec<TableCell>| row.iter().map(|cell| format!("{}:{}", cell.column, cell.text)).collect();
        flowed.iter().flat_map(rows).map(texts).collect()
    }

    const XS: &[f32] = &[70.0, 100.0, 200.0, 240.0];

    #[test]
    fn a_group_label_goes_on() {
        let above =
            table(1, XS, vec![vec![cell("（四）无", 0, 2), cell("甲", 1, 1), cell("1", 2, 1)], vec![cell("乙", 1, 1), cell("2", 2, 1)]]);
        let closed = |text: &str, column| TableCell { open_top: false, ..cell(text, column, 1) };
        let below = table(2, &[71.0, 101.0, 201.0, 241.0], vec![vec![cell("法提供", 0, 1), closed("丙", 1), closed("3", 2)]]);
        assert_eq!(mended(above, below), [vec!["0:（四）无法提供", "1:甲", "2:1"], vec!["1:乙", "2:2"], vec!["1:丙", "2:3"]]);
    }

    #[test]
    fn a_row_cut_in_two_is_one_row() {
        let above = table(1, XS, vec![vec![cell("甲", 0, 1), cell("没有现成信息", 1, 1), cell("", 2, 1)]]);
        let below = table(
            2,
            XS,
            vec![vec![cell("", 0, 1), cell("", 1, 1), cell("3", 2, 1)], vec![cell("乙", 0, 1), cell("丙", 1, 1), cell("4", 2, 1)]],
        );
        assert_eq!(mended(above, below), [vec!["0:甲", "1:没有现成信息", "2:3"], vec!["0:乙", "1:丙", "2:4"]]);
    }

    #[test]
    fn a_row_of_blanks_is_no_rest_of_a_label() {
        let above = || table(1, XS, vec![vec![cell("甲", 0, 1), cell("部分公开（只计这一情", 1, 1), cell("3", 2, 1)]]);
        let below = |label: &str| table(2, XS, vec![vec![cell("", 0, 1), cell(label, 1, 1), cell("", 2, 1)]]);
        assert_eq!(mended(above(), below("形）")), [vec!["0:甲", "1:部分公开（只计这一情形）", "2:3"]]);
        let above = table(1, XS, vec![vec![cell("甲", 0, 1), cell("部分公开", 1, 1), cell("3", 2, 1)]]);
        assert_eq!(mended(above, below("不予公开")).len(), 2);
    }

    #[test]
    fn whole_rows_and_other_tables_are_let_be() {
        let rows = |number: &str| vec![vec![cell("甲", 0, 1), cell("乙", 1, 1), cell(number, 2, 1)]];
        let apart = [vec!["0:甲", "1:乙", "2:1"], vec!["0:甲", "1:乙", "2:2"]];
        assert_eq!(mended(table(1, XS, rows("1")), table(2, XS, rows("2"))), apart, "both rows have their number");
        let label_only = vec![vec![cell("甲", 0, 1), cell("乙", 1, 1), cell("", 2, 1)]];
        let number_only = vec![vec![cell("", 0, 1), cell("", 1, 1), cell("3", 2, 1)]];
        let elsewhere = mended(table(1, XS, label_only), table(2, &[70.0, 120.0, 210.0, 300.0], number_only));
        assert_eq!(elsewhere.len(), 2, "another grid is another table");
    }

    #[test]
    fn a_coarse_half_is_numbered_by_the_fine_one() {
        let mut wide = cell("甲", 0, 1);
        wide.columns = 1;
        let above = table(1, &[70.0, 200.0, 240.0], vec![vec![wide, cell("1", 1, 1)]]);
        let below = table(2, XS, vec![vec![cell("乙", 0, 1), cell("丙", 1, 1), cell("2", 2, 1)]]);
        assert_eq!(mended(above, below), [vec!["0:甲", "2:1"], vec!["0:乙", "1:丙", "2:2"]]);
    }
}
