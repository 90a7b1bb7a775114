//! Ruling lines → tables of cells with their spans.
//!
//! ```text
//!   ├──────┬──────┤      rules that touch are one table; their places, brought together where they are near, make
//!   │      │      │      its grid; where no rule parts two squares of the grid, they are one cell. A table cut by the
//!   │      ├──────┤      end of a page lacks its lowest rule: it is closed where the rules that run down end.
//! ```

use super::page::{Area, Page, Rule};

/// A table as ruled.
#[derive(Debug, Clone)]
pub struct Lattice {
    /// The places of its columns' edges, from left to right.
    pub xs: Vec<f32>,
    /// The places of its rows' edges, from top to bottom.
    pub ys: Vec<f32>,
    /// Its cells, row by row.
    pub cells: Vec<Square>,
    /// For each square of the grid, row by row, the index of its cell.
    owners: Vec<usize>,
    /// For each column, whether a rule closes it at the top and at the bottom.
    closed: Vec<(bool, bool)>,
}

/// A cell: one or more squares of the grid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Square {
    /// First row.
    pub row: usize,
    /// First column.
    pub column: usize,
    /// Rows it spans.
    pub rows: usize,
    /// Columns it spans.
    pub columns: usize,
}

/// Rules nearer than this touch, in points.
const TOUCH: f32 = 3.0;
/// Rules that run down, nearer than this and never side by side, are the same edge drawn unevenly.
const UNEVEN: f32 = 8.0;
/// Squares of a grid; more is a drawing.
const MOST_SQUARES: usize = 200_000;
/// No cell has taken the square yet.
const FREE: usize = usize::MAX;
/// Pairs of rules looked at on one page.
const MOST_PAIRS: usize = 8_000_000;

/// The tables that a page's rules draw, from top to bottom.
pub fn lattices(page: &Page) -> Vec<Lattice> {
    let across = merge(&page.across);
    let down = merge(&page.down);
    if across.len().saturating_mul(down.len()) > MOST_PAIRS {
        return Vec::new();
    }
    let mut found: Vec<Lattice> =
        groups(&across, &down).into_iter().filter_map(|(own_across, own_down)| lattice(&own_across, &own_down)).collect();
    found.sort_by(|one, other| one.area().top.total_cmp(&other.area().top));
    found
}

/// Pieces of one line put together.
fn merge(rules: &[Rule]) -> Vec<Rule> {
    let mut sorted = rules.to_vec();
    sorted.sort_by(|one, other| one.at.total_cmp(&other.at).then(one.from.total_cmp(&other.from)));
    let mut merged: Vec<Rule> = Vec::new();
    let mut rest = sorted.as_mut_slice();
    while let Some(first) = rest.first() {
        let at = first.at;
        let length = rest.iter().take_while(|rule| rule.at - at <= 1.0).count().max(1);
        let (level, after) = rest.split_at_mut(length);
        level.sort_by(|one, other| one.from.total_cmp(&other.from));
        let start = merged.len();
        for rule in level.iter() {
            match merged.get_mut(start..).and_then(<[Rule]>::last_mut).filter(|last| rule.from - last.to <= TOUCH) {
                Some(last) => last.to = last.to.max(rule.to),
                None => merged.push(*rule),
            }
        }
        rest = after;
    }
    merged.retain(|rule| rule.to - rule.from >= 4.0);
    merged
}

/// Rules that touch one another, directly or through others.
fn groups(across: &[Rule], down: &[Rule]) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut parent: Vec<usize> = (0..across.len() + down.len()).collect();
    fn root(parent: &mut [usize], mut index: usize) -> usize {
        while let Some(&up) = parent.get(index).filter(|&&up| up != index) {
            let above = parent.get(up).copied().unwrap_or(up);
            if let Some(slot) = parent.get_mut(index) {
                *slot = above;
            }
            index = up;
        }
        index
    }
    for (index, line) in across.iter().enumerate() {
        let from = down.partition_point(|post| post.at < line.from - TOUCH);
        let posts = down.iter().enumerate().skip(from).take_while(|(_, post)| post.at <= line.to + TOUCH);
        for (post_index, _) in posts.filter(|(_, post)| post.from - TOUCH <= line.at && line.at <= post.to + TOUCH) {
            let (one, other) = (root(&mut parent, index), root(&mut parent, across.len() + post_index));
            if let Some(slot) = parent.get_mut(one) {
                *slot = other;
            }
        }
    }
    let mut found: std::collections::BTreeMap<usize, (Vec<Rule>, Vec<Rule>)> = std::collections::BTreeMap::new();
    for (index, rule) in across.iter().chain(down).enumerate() {
        let group = found.entry(root(&mut parent, index)).or_default();
        if index < across.len() { group.0.push(*rule) } else { group.1.push(*rule) }
    }
    found.into_values().filter(|(lines, posts)| !lines.is_empty() && posts.len() >= 2 || lines.len() >= 2 && !posts.is_empty()).collect()
}

/// Edges: clusters of places, with the rules of each.
struct Edges {
    places: Vec<f32>,
    rules: Vec<Vec<Rule>>,
}

fn edges(rules: &[Rule], uneven: f32) -> Edges {
    let mut sorted = rules.to_vec();
    sorted.sort_by(|one, other| one.at.total_cmp(&other.at));
    let mut clusters: Vec<Vec<Rule>> = Vec::new();
    for rule in sorted {
        let side_by_side = |other: &Rule| rule.to.min(other.to) - rule.from.max(other.from) > TOUCH;
        let fits = |cluster: &Vec<Rule>| {
            let (first, last) = (cluster.first().map_or(f32::MIN, |rule| rule.at), cluster.last().map_or(f32::MIN, |rule| rule.at));
            rule.at - last <= TOUCH && rule.at - first <= 2.0 * TOUCH
                || rule.at - last <= uneven && rule.at - first <= uneven && !cluster.iter().any(side_by_side)
        };
        match clusters.last_mut().filter(|cluster| fits(cluster)) {
            Some(cluster) => cluster.push(rule),
            None => clusters.push(vec![rule]),
        }
    }
    let length = |rule: &Rule| rule.to - rule.from;
    let place = |cluster: &Vec<Rule>| {
        let total: f32 = cluster.iter().map(length).sum();
        cluster.iter().map(|rule| rule.at * length(rule)).sum::<f32>() / total.max(0.001)
    };
    Edges { places: clusters.iter().map(place).collect(), rules: clusters }
}

impl Edges {
    /// Close at a place where no rule stands.
    fn close(&mut self, least: f32, greatest: f32) {
        if self.places.first().is_none_or(|&first| least < first - UNEVEN) {
            self.places.insert(0, least);
            self.rules.insert(0, Vec::new());
        }
        if self.places.last().is_none_or(|&last| greatest > last + UNEVEN) {
            self.places.push(greatest);
            self.rules.push(Vec::new());
        }
    }

    /// For each edge and each stretch between the other direction's edges: whether a rule stands there.
    fn parts(&self, stretches: &[f32]) -> Vec<Vec<bool>> {
        let covered = |rules: &Vec<Rule>| {
            let stretch = |pair: &[f32]| {
                let [from, to] = pair else { return false };
                let length: f32 = rules.iter().map(|rule| (rule.to.min(*to) - rule.from.max(*from)).max(0.0)).sum();
                length >= 0.6 * (to - from)
            };
            stretches.windows(2).map(stretch).collect()
        };
        self.rules.iter().map(covered).collect()
    }
}

fn lattice(across: &[Rule], down: &[Rule]) -> Option<Lattice> {
    let (mut rows, mut columns) = (edges(across, TOUCH), edges(down, UNEVEN));
    let least = |rules: &[Rule]| rules.iter().map(|rule| rule.from).fold(f32::INFINITY, f32::min);
    let greatest = |rules: &[Rule]| rules.iter().map(|rule| rule.to).fold(f32::NEG_INFINITY, f32::max);
    rows.close(least(down), greatest(down));
    columns.close(least(across), greatest(across));
    let (n_rows, n_columns) = (rows.places.len().checked_sub(1)?, columns.places.len().checked_sub(1)?);
    if n_rows == 0 || n_columns == 0 || n_rows * n_columns > MOST_SQUARES {
        return None;
    }
    let lines = rows.parts(&columns.places);
    let posts = columns.parts(&rows.places);
    let stands =
        |parts: &[Vec<bool>], edge: usize, stretch: usize| parts.get(edge).and_then(|edge| edge.get(stretch)).copied().unwrap_or(true);
    let closed = (0..n_columns).map(|column| (stands(&lines, 0, column), stands(&lines, n_rows, column))).collect();
    let mut owners = vec![FREE; n_rows * n_columns];
    let mut cells: Vec<Square> = Vec::new();
    for row in 0..n_rows {
        for column in 0..n_columns {
            let is_free = |owners: &[usize], row: usize, column: usize| owners.get(row * n_columns + column) == Some(&FREE);
            if !is_free(&owners, row, column) {
                continue;
            }
            let mut right = column + 1;
            while right < n_columns && !stands(&posts, right, row) && is_free(&owners, row, right) {
                right += 1;
            }
            let mut below = row + 1;
            while below < n_rows && (column..right).all(|at| !stands(&lines, below, at) && is_free(&owners, below, at)) {
                below += 1;
            }
            for owner in (row..below).flat_map(|own| (column..right).map(move |at| own * n_columns + at)) {
                if let Some(slot) = owners.get_mut(owner) {
                    *slot = cells.len();
                }
            }
            cells.push(Square { row, column, rows: below - row, columns: right - column });
        }
    }
    Some(Lattice { xs: columns.places, ys: rows.places, cells, owners, closed })
}

impl Lattice {
    /// All of it.
    pub fn area(&self) -> Area {
        let edge = |edges: &[f32], last: bool| if last { edges.last() } else { edges.first() }.copied().unwrap_or(0.0);
        Area { left: edge(&self.xs, false), top: edge(&self.ys, false), right: edge(&self.xs, true), bottom: edge(&self.ys, true) }
    }

    /// The box of a cell.
    pub fn cell_area(&self, cell: Square) -> Area {
        let at = |edges: &[f32], index: usize| edges.get(index).copied().unwrap_or(0.0);
        Area {
            left: at(&self.xs, cell.column),
            top: at(&self.ys, cell.row),
            right: at(&self.xs, cell.column + cell.columns),
            bottom: at(&self.ys, cell.row + cell.rows),
        }
    }

    /// Whether a cell reaches the upper end, or the lower end, where no rule closes it.
    pub fn open_ends(&self, cell: Square) -> (bool, bool) {
        let columns = self.closed.get(cell.column..cell.column + cell.columns).unwrap_or_default();
        let at_top = cell.row == 0;
        let at_bottom = cell.row + cell.rows + 1 == self.ys.len();
        (at_top && !columns.iter().any(|closed| closed.0), at_bottom && !columns.iter().any(|closed| closed.1))
    }

    /// The cell that a point lies in.
    pub fn cell_at(&self, (across, down): (f32, f32)) -> Option<usize> {
        let index = |edges: &[f32], place: f32| {
            let after = edges.partition_point(|&edge| edge <= place);
            (after > 0 && after < edges.len()).then(|| after - 1)
        };
        let (row, column) = (index(&self.ys, down)?, index(&self.xs, across)?);
        self.owners.get(row * (self.xs.len() - 1) + column).copied()
    }
}
