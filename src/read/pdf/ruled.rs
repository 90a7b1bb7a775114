//! Rules and glyphs of a page → ruled tables, and the glyphs that stand in none.
//!
//! A glyph belongs to the cell its middle lies in; a number or word that runs over the edge of its cell is kept in one
//! piece, because half a number in the next cell would be read as a number.

use super::aligned::{divided, n_numbers};
use super::lattice::{Lattice, lattices};
use super::lines::{cell_text, in_order, is_wide, lines};
use super::page::{Glyph, Page};
use super::parts::{Part, Table, TableCell};
use crate::doc::Shape;

/// The ruled tables of a page, and the glyphs outside them, in order.
pub fn tables(page: &Page, glyphs: Vec<Glyph>) -> (Vec<Part>, Vec<Glyph>) {
    let glyphs = in_order(glyphs);
    let lattices: Vec<Lattice> = lattices(page).into_iter().filter(|lattice| lattice.xs.len() > 2 && lattice.cells.len() > 1).collect();
    let homes = homes(&lattices, &glyphs);
    let mut rest: Vec<Glyph> = Vec::new();
    let mut filled: Vec<Vec<Vec<Glyph>>> = lattices.iter().map(|lattice| vec![Vec::new(); lattice.cells.len()]).collect();
    for (glyph, home) in glyphs.iter().zip(homes) {
        let cell = home.and_then(|(lattice, cell)| filled.get_mut(lattice)?.get_mut(cell));
        match cell {
            Some(cell) => cell.push(*glyph),
            None => rest.push(*glyph),
        }
    }
    let mut found = Vec::new();
    let mut spilled = false;
    for (lattice, cells) in lattices.iter().zip(filled) {
        let shows = |cell: &&Vec<Glyph>| cell.iter().any(|glyph| glyph.character != ' ');
        if cells.iter().filter(shows).count() < 2 {
            rest.extend(cells.into_iter().flatten());
            spilled = true;
            continue;
        }
        match divide(page, &cells) {
            Some(parts) => found.extend(parts),
            None => found.push(Part::Table(to_table(page, lattice, cells))),
        }
    }
    let rest = if spilled { in_order(rest) } else { rest };
    (found, rest)
}

/// A table whose rules part only some of its rows or columns: where most of its numbers share a cell with others, where
/// they stand tells more than the rules do.
fn divide(page: &Page, cells: &[Vec<Glyph>]) -> Option<Vec<Part>> {
    let crowded = cells.iter().filter(|cell| n_number_starts(cell) >= 2);
    let n_crowded: usize = crowded.map(|cell| n_numbers(&lines(cell))).filter(|&n_numbers| n_numbers >= 2).sum();
    if n_crowded < 4 {
        return None;
    }
    let all = lines(&in_order(cells.iter().flatten().copied().collect()));
    if n_crowded * 2 < n_numbers(&all) {
        return None;
    }
    divided(page, &all)
}

/// Places in a cell where a number begins after a gap or on a new line.
fn n_number_starts(cell: &[Glyph]) -> usize {
    let mut before: Option<&Glyph> = None;
    let mut n_starts = 0;
    for glyph in cell.iter().filter(|glyph| glyph.character != ' ') {
        let apart = before.is_none_or(|before| {
            (glyph.baseline - before.baseline).abs() > 0.5 || glyph.area.left - before.area.right > 0.5 * glyph.size
        });
        n_starts += usize::from(apart && (glyph.character.is_ascii_digit() || glyph.character == '-'));
        before = Some(glyph);
    }
    n_starts
}

type Home = Option<(usize, usize)>;

/// The cell of each glyph.
fn homes(lattices: &[Lattice], glyphs: &[Glyph]) -> Vec<Home> {
    let mut by_size: Vec<usize> = (0..lattices.len()).collect();
    let extent = |index: &usize| lattices.get(*index).map_or(0.0, |lattice| lattice.area().width() * lattice.area().height());
    by_size.sort_by(|one, other| extent(one).total_cmp(&extent(other)));
    let home = |glyph: &Glyph| {
        let centre = glyph.area.centre();
        by_size.iter().find_map(|&index| Some((index, lattices.get(index)?.cell_at(centre)?)))
    };
    let mut homes: Vec<Home> = glyphs.iter().map(home).collect();
    for word in words(glyphs, &homes) {
        let (Some(own), Some(found)) = (glyphs.get(word.clone()), homes.get_mut(word)) else { continue };
        let same = found.windows(2).all(|pair| matches!(pair, [one, other] if one == other));
        if same {
            continue;
        }
        let main = main_home(lattices, own, found);
        found.fill(main);
    }
    homes
}

/// Where a word that runs over an edge belongs: it begins there at the edge, or most of it stands there.
fn main_home(lattices: &[Lattice], word: &[Glyph], homes: &[Home]) -> Home {
    let first = homes.first().copied().flatten();
    let is_number = word.iter().all(|glyph| !is_wide(glyph.character) && !glyph.character.is_alphabetic());
    let begins_there = first.zip(word.first()).is_some_and(|((lattice, cell), glyph)| {
        let lattice = lattices.get(lattice);
        let area = lattice.and_then(|lattice| Some(lattice.cell_area(*lattice.cells.get(cell)?)));
        area.is_some_and(|area| glyph.area.left - area.left < 0.8 * glyph.size)
    });
    if begins_there && !is_number {
        return first;
    }
    let count = |home: &Home| homes.iter().filter(|other| *other == home).count();
    homes.iter().max_by_key(|home| count(home)).copied().flatten()
}

/// Runs of glyphs without a gap. A word may end at an edge; a number may do so only where there is a gap.
fn words(glyphs: &[Glyph], homes: &[Home]) -> Vec<std::ops::Range<usize>> {
    let is_digit = |glyph: &Glyph| glyph.character.is_ascii_digit() || matches!(glyph.character, '.' | ',');
    let goes_on = |index: usize| {
        let (Some(before), Some(glyph)) = (index.checked_sub(1).and_then(|before| glyphs.get(before)), glyphs.get(index)) else {
            return false;
        };
        let gap = (glyph.area.left - before.area.right) / glyph.size;
        let level = (glyph.baseline - before.baseline).abs() <= 0.5 && glyph.turn == before.turn && gap > -0.3;
        let numeric = is_digit(before) && is_digit(glyph);
        let crosses = homes.get(index) != homes.get(index - 1);
        let overhang = |glyph: &Glyph| glyph.area.width() > 0.0 && glyph.character != ' ';
        let near = if numeric { gap < if crosses { 0.05 } else { 0.15 } } else { gap < 0.03 && !crosses || gap < -0.02 };
        level && near && overhang(before) && overhang(glyph)
    };
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for index in 0..glyphs.len() {
        match found.last_mut().filter(|_| goes_on(index)) {
            Some(word) => word.end = index + 1,
            None => found.push(index..index + 1),
        }
    }
    found.retain(|word| word.len() > 1);
    found
}

fn to_table(page: &Page, lattice: &Lattice, cells: Vec<Vec<Glyph>>) -> Table {
    let mut rows: Vec<Vec<TableCell>> = vec![Vec::new(); lattice.ys.len().saturating_sub(1)];
    for (square, glyphs) in lattice.cells.iter().zip(cells) {
        let area = lattice.cell_area(*square);
        let text = cell_text(glyphs, area);
        let (open_top, open_bottom) = lattice.open_ends(*square);
        let places = vec![(page.number, page.as_looked_at(area))];
        let cell = TableCell { text, places, column: square.column, columns: square.columns, rows: square.rows, open_top, open_bottom };
        if let Some(row) = rows.get_mut(square.row) {
            row.push(cell);
        }
    }
    Table {
        page: page.number,
        area: lattice.area(),
        rows,
        xs: lattice.xs.clone(),
        shape: Shape::Spanned,
    }
}
