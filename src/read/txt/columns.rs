//! Fragments of a table's lines → the columns they stand in.
//!
//! In: the fragments of its rows and of its header. Out: rows of cells. A column is told from the rows that have as many
//! numbers as most; a row with fewer is placed under them, and a number that stands under none gets no column.

use super::fragment::{Fragment, slice};
use super::line::Line;
use crate::doc::{Cell, Row};
use std::collections::BTreeMap;

/// Column numbers from here up stand for no grid column; they only keep the order.
const NO_COLUMN: usize = 1000;

/// Where the numbers of a table stand.
pub struct DataColumns {
    measure: usize,
    n_labels: usize,
    /// Where the last label ends; none where a label reaches as far as a number.
    labels_to: Option<usize>,
    ranges: Ranges,
    /// The ranges are those of the fullest rows, and every number touches one of them.
    is_fuller: bool,
}

/// Counts of numbers that are tried beside the usual one.
const MOST_TRIED: usize = 4;

/// Where the numbers stand of the rows that have as many of them.
struct Ranges {
    spans: Vec<(usize, usize)>,
    /// The numbers of each column have a place in common, and none with those of the next.
    is_sound: bool,
}

impl Ranges {
    fn of(rows: &[&[Fragment]], n_numbers: usize, measure: usize) -> Ranges {
        let edges = |row: &&[Fragment]| -> Vec<(usize, usize)> {
            row.iter().filter(|fragment| fragment.is_datum).filter_map(|fragment| fragment.edges.get(measure).copied()).collect()
        };
        let n_of = |row: &&&[Fragment]| row.iter().filter(|fragment| fragment.is_datum).count();
        let whole: Vec<Vec<(usize, usize)>> = rows.iter().filter(|row| n_of(row) == n_numbers).map(edges).collect();
        let of_column = |column: usize| whole.iter().filter_map(move |row| row.get(column).copied());
        let span = |column: usize| of_column(column).reduce(|one, other| (one.0.min(other.0), one.1.max(other.1))).unwrap_or_default();
        let has_common = |column: usize| of_column(column).map(|own| own.0).max() < of_column(column).map(|own| own.1).min();
        let spans: Vec<(usize, usize)> = (0..n_numbers).map(span).collect();
        let is_sound = (0..n_numbers).all(has_common) && spans.windows(2).all(|pair| matches!(pair, [one, other] if one.1 <= other.0));
        Ranges { spans, is_sound }
    }

    /// Every number of every row stands in a column of its own.
    fn take_in(&self, rows: &[&[Fragment]], measure: usize) -> bool {
        rows.iter().all(|row| {
            let numbers = row.iter().filter(|fragment| fragment.is_datum).filter_map(|fragment| fragment.edges.get(measure).copied());
            let columns: Option<Vec<usize>> = numbers.map(|own| self.find_only(own)).collect();
            columns.is_some_and(|columns| columns.windows(2).all(|pair| pair.first() < pair.last()))
        })
    }

    /// The one column that a number touches.
    fn find_only(&self, own: (usize, usize)) -> Option<usize> {
        let column = find_touched(&self.spans, own)?;
        self.spans.get(column + 1).is_none_or(|next| own.1 <= next.0).then_some(column)
    }
}

impl DataColumns {
    /// Of the rows of a table and the words above them.
    pub fn new(rows: Vec<&[Fragment]>, heads: &[(usize, Vec<Fragment>)]) -> DataColumns {
        let numbers = |row: &&[Fragment]| row.iter().filter(|fragment| fragment.is_datum).count();
        let mut counts = BTreeMap::new();
        for row in &rows {
            *counts.entry(numbers(row)).or_insert(0_usize) += 1;
        }
        let usual = counts.iter().max_by_key(|&(n_numbers, n_rows)| (*n_rows, *n_numbers)).map_or(0, |(n_numbers, _)| *n_numbers);
        let n_labels = rows.iter().map(|row| row.iter().take_while(|fragment| !fragment.is_datum).count()).max().unwrap_or(0).max(1);
        let whole: Vec<Vec<Fragment>> = rows
            .iter()
            .filter(|row| numbers(row) == usual)
            .map(|row| row.iter().copied().filter(|fragment| fragment.is_datum).collect())
            .collect();
        let spread = |measure: usize| -> usize {
            (0..usual)
                .map(|column| {
                    let ends = whole.iter().filter_map(|row| Some(row.get(column)?.edges.get(measure)?.1));
                    ends.clone().max().unwrap_or(0) - ends.min().unwrap_or(0)
                })
                .sum()
        };
        // One row is aligned by any measure; its header is not: its words stack, and stand over numbers.
        let n_headed = |measure: usize| n_stacked(heads, measure) + n_over_numbers(heads, &whole, measure);
        let measure = match spread(1).cmp(&spread(0)) {
            std::cmp::Ordering::Less => 1,
            std::cmp::Ordering::Equal => usize::from(n_headed(1) > n_headed(0)),
            std::cmp::Ordering::Greater => 0,
        };
        let usual = Ranges::of(&rows, usual, measure);
        // Where most rows leave some cells blank, each others, those with as many numbers have no columns in common.
        let fuller = counts.keys().rev().copied().take_while(|&n_numbers| n_numbers > usual.spans.len()).take(MOST_TRIED);
        let fuller =
            || fuller.map(|n_numbers| Ranges::of(&rows, n_numbers, measure)).find(|own| own.is_sound && own.take_in(&rows, measure));
        let fuller = if usual.is_sound { None } else { fuller() };
        let is_fuller = fuller.is_some();
        let ranges = fuller.unwrap_or(usual);
        let labels = rows.iter().filter_map(|row| row.iter().take_while(|fragment| !fragment.is_datum).last());
        let labels_to = labels.filter_map(|label| label.edges.get(measure)).map(|edges| edges.1).max();
        let numbers_from = ranges.spans.first().map_or(0, |range| range.0);
        DataColumns { measure, n_labels, labels_to: labels_to.filter(|end| *end <= numbers_from), ranges, is_fuller }
    }

    fn edges(&self, fragment: &Fragment) -> (usize, usize) {
        fragment.edges.get(self.measure).copied().unwrap_or_default()
    }

    /// The cells of a row.
    pub fn cells(&self, row: &[Fragment]) -> Vec<Cell> {
        let n_labels = row.iter().take_while(|fragment| !fragment.is_datum).count();
        let first = self.n_labels.saturating_sub(n_labels);
        let labels = row.iter().take(n_labels).enumerate().map(|(index, fragment)| Cell::new(fragment.span, first + index));
        let numbers: Vec<Fragment> = row.iter().copied().skip(n_labels).collect();
        let columns = self.place(&numbers);
        labels.chain(numbers.iter().zip(columns).map(|(fragment, column)| Cell::new(fragment.span, column))).collect()
    }

    /// The grid column of each number of a row: in order when there are as many as usual, else where each one stands.
    fn place(&self, numbers: &[Fragment]) -> Vec<usize> {
        let base = self.n_labels;
        if numbers.len() >= self.ranges.spans.len() {
            return (0..numbers.len()).map(|index| base + index).collect();
        }
        // Ranges stand in order, so the nearest is one of two.
        let nearest = |fragment: &Fragment| {
            let (from, to) = self.edges(fragment);
            if self.is_fuller {
                return self.ranges.find_only((from, to));
            }
            let distance = |&(left, right): &(usize, usize)| (left + right).abs_diff(from + to);
            let after = self.ranges.spans.partition_point(|(left, right)| left + right < from + to);
            let beside = (after.saturating_sub(1)..=after).filter_map(|column| Some((column, self.ranges.spans.get(column)?)));
            let (column, range) = beside.min_by_key(|(_, range)| distance(range))?;
            (from < range.1 + 1 && range.0 < to + 1).then_some(column)
        };
        let found: Option<Vec<usize>> = numbers.iter().map(nearest).collect();
        let rises = |columns: &Vec<usize>| columns.windows(2).all(|pair| pair.first() < pair.last());
        match found.filter(rises) {
            Some(columns) => columns.into_iter().map(|column| base + column).collect(),
            None => (0..numbers.len()).map(|index| NO_COLUMN + index).collect(),
        }
    }
}

/// Words of a header that stand exactly over others; each counts twice, as chance hardly makes it so.
fn n_stacked(heads: &[(usize, Vec<Fragment>)], measure: usize) -> usize {
    let mut lines: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (line, fragments) in heads {
        for fragment in fragments {
            lines.entry(fragment.edges.get(measure).copied().unwrap_or_default()).or_default().push(*line);
        }
    }
    2 * lines.values().filter(|lines| lines.first() != lines.last()).map(Vec::len).sum::<usize>()
}

/// Words of a header that stand over a number.
fn n_over_numbers(heads: &[(usize, Vec<Fragment>)], rows: &[Vec<Fragment>], measure: usize) -> usize {
    let edges = |fragment: &Fragment| fragment.edges.get(measure).copied().unwrap_or_default();
    let mut numbers: Vec<(usize, usize)> = rows.iter().flatten().map(edges).collect();
    numbers.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for own in numbers {
        match joined.last_mut().filter(|last| own.0 <= last.1) {
            Some(last) => last.1 = last.1.max(own.1),
            None => joined.push(own),
        }
    }
    heads.iter().flat_map(|(_, fragments)| fragments).filter(|head| find_touched(&joined, edges(head)).is_some()).count()
}

/// The first of these ranges, which stand in order and apart, that shares some of its width with another.
fn find_touched(ranges: &[(usize, usize)], own: (usize, usize)) -> Option<usize> {
    let first = ranges.partition_point(|range| range.1 <= own.0);
    ranges.get(first).filter(|range| range.0 < own.1).map(|_| first)
}

/// Header words by column: words that stand over one another share one, words over several columns head the first.
pub fn header_rows(text: &str, lines: &[Line], heads: &[(usize, Vec<Fragment>)], columns: &DataColumns) -> Vec<Row> {
    let clusters = clusters(heads, columns);
    let numbers = header_columns(&clusters, columns);
    let column_of = |fragment: &Fragment| {
        let at = find_touched(&clusters, columns.edges(fragment)).unwrap_or(0);
        numbers.get(at).copied().unwrap_or(NO_COLUMN)
    };
    let mut placed: Vec<Vec<(Fragment, usize)>> =
        heads.iter().map(|(_, fragments)| fragments.iter().map(|fragment| (*fragment, column_of(fragment))).collect()).collect();
    set_over_runs(text, &mut placed, columns);
    let row = |index: usize, fragments: Vec<(Fragment, usize)>| {
        let mut cells: Vec<Cell> = fragments.iter().map(|(fragment, column)| Cell::new(fragment.span, *column)).collect();
        // What stands over no column comes last; two words may stand over one.
        cells.sort_by_key(|cell| cell.column);
        Some(Row { cells, span: lines.get(index)?.whole })
    };
    heads.iter().zip(placed).filter_map(|((index, _), fragments)| row(*index, fragments)).collect()
}

/// Where the words of a header stand, those over one another as one: in order and apart.
fn clusters(heads: &[(usize, Vec<Fragment>)], columns: &DataColumns) -> Vec<(usize, usize)> {
    let mut clusters: Vec<(usize, usize)> = Vec::new();
    for (_, fragments) in heads.iter().rev() {
        for fragment in fragments {
            let own = columns.edges(fragment);
            let Some(touched) = find_touched(&clusters, own) else {
                clusters.insert(clusters.partition_point(|cluster| cluster.1 <= own.0), own);
                continue;
            };
            let is_only = clusters.get(touched + 1).is_none_or(|next| own.1 <= next.0);
            if let Some(cluster) = clusters.get_mut(touched).filter(|cluster| is_only && own.1 - own.0 <= cluster.1 - cluster.0 + 2) {
                *cluster = (cluster.0.min(own.0), cluster.1.max(own.1));
            }
        }
    }
    clusters
}

/// The grid column of each header cluster: in order where there are as many as number columns (and stub columns), else
/// the number column it stands over, else the one left for it between those that stand over their own, else none.
fn header_columns(clusters: &[(usize, usize)], columns: &DataColumns) -> Vec<usize> {
    let (n_numbers, base) = (columns.ranges.spans.len(), columns.n_labels);
    let numbers_from = columns.ranges.spans.first().map_or(0, |range| range.0);
    let n_left = clusters.iter().take_while(|cluster| cluster.1 <= numbers_from).count();
    // Heads that begin at the left of their columns may end before the numbers do; those over labels are a stub's, and so is
    // a glyph alone, of a word set wide.
    let is_stub = |cluster: &&(usize, usize)| columns.labels_to.is_none_or(|labels_to| cluster.0 < labels_to) || cluster.1 - cluster.0 <= 2;
    let n_stub = clusters.iter().take(n_left).take_while(is_stub).count();
    let over: Vec<Option<usize>> = clusters.iter().map(|cluster| find_touched(&columns.ranges.spans, *cluster)).collect();
    // In order, and each that stands over numbers over those of its own column.
    let agrees = |n_stub: usize| over.iter().enumerate().all(|(head, column)| column.is_none_or(|column| column + n_stub == head));
    let is_heads_left = clusters.len() == n_numbers + n_stub && agrees(n_stub);
    let is_headed = clusters.len() == n_numbers && (columns.labels_to.is_none() || n_stub == 0 || agrees(0));
    if clusters.len() == n_numbers + n_left || is_heads_left || is_headed {
        let n_stub = clusters.len() - n_numbers;
        return (0..clusters.len()).map(|index| if index < n_stub { index.min(base - 1) } else { base + index - n_stub }).collect();
    }
    let mut found = over;
    if !found.iter().flatten().collect::<Vec<_>>().windows(2).all(|pair| pair.first() < pair.last()) {
        return (0..clusters.len()).map(|index| NO_COLUMN + index).collect();
    }
    fill_between(&mut found, n_stub, n_numbers);
    found.iter().enumerate().map(|(index, column)| column.map_or(NO_COLUMN + index, |column| base + column)).collect()
}

/// Heads that stand beside their numbers, between two that stand over theirs, and as many as the columns left there.
fn fill_between(found: &mut [Option<usize>], n_stub: usize, n_numbers: usize) {
    let (mut first_head, mut first_column) = (n_stub, 0);
    let anchors: Vec<(usize, usize)> = found.iter().enumerate().filter_map(|(head, column)| Some((head, (*column)?))).collect();
    for (head, column) in anchors.into_iter().chain([(found.len(), n_numbers)]) {
        if head.checked_sub(first_head).is_some_and(|n_heads| n_heads == column - first_column) {
            for (slot, column) in found.iter_mut().take(head).skip(first_head).zip(first_column..) {
                *slot = Some(column);
            }
        }
        (first_head, first_column) = (head + 1, column + 1);
    }
}

/// ```text
///             limit                      debt           two heads over two runs of columns that are alike:
///               general   special          general   special     each heads its run from the first column on,
///     10228.96  6220.02   4008.94  10174.56  6197.74  3976.82    though it is printed over the middle
/// ```
fn set_over_runs(text: &str, rows: &mut [Vec<(Fragment, usize)>], columns: &DataColumns) {
    let (base, n_numbers) = (columns.n_labels, columns.ranges.spans.len());
    let is_over = |column: usize| (base..base + n_numbers).contains(&column);
    let over = |row: &[(Fragment, usize)]| row.iter().filter(|(_, column)| is_over(*column)).count();
    for index in 0..rows.len() {
        let Some((row, below)) = rows.get_mut(index..).and_then(<[_]>::split_first_mut) else { return };
        let n_heads = over(row);
        let below = below.iter().find(|row| over(row) > 0);
        let (Some(below), 2..) = (below, n_heads) else { continue };
        let length = n_numbers / n_heads;
        let mut names: Vec<Vec<(usize, &str)>> = vec![Vec::new(); n_heads];
        for (fragment, column) in below.iter().filter(|(_, column)| length > 0 && is_over(*column)) {
            if let Some(run) = names.get_mut((column - base) / length) {
                run.push(((column - base) % length, slice(text, fragment)));
            }
        }
        let is_like_next = |pair: &[Vec<(usize, &str)>]| matches!(pair, [one, next] if !one.is_empty() && one == next);
        let are_alike = length > 1 && length * n_heads == n_numbers && names.windows(2).all(is_like_next);
        let is_own = |(run, column): (usize, &usize)| (column - base) / length == run;
        let heads: Vec<usize> = row.iter().map(|(_, column)| *column).filter(|column| is_over(*column)).collect();
        if are_alike && heads.iter().enumerate().all(is_own) {
            for (run, (_, column)) in row.iter_mut().filter(|(_, column)| is_over(*column)).enumerate() {
                *column = base + run * length;
            }
        }
    }
}
