//! Rules and glyphs of a page → ruled tables, and the glyphs that stand in none.
//!
//! A glyph belongs to the cell its middle lies in; a number or word that runs over the edge of its cell is kept in one
//! piece, because half a number in the next cell would be read as a number.

use super::aligned::{divided, n_numbers};
use super::lattice::{Lattice, lattices};
use super::lines::{Line, cell_text, in_order, is_wide, lines};
use super::page::{Area, Glyph, Page, Turn};
use super::parts::{Part, Table, TableCell};
use crate::doc::Shape;
use crate::normalise::read_cell;

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
        found.push(Part::Table(divide(page, &cells).unwrap_or_else(|| to_table(page, lattice, &cells))));
    }
    let rest = if spilled { in_order(rest) } else { rest };
    (found, rest)
}

/// A table whose rules do not part its columns: where most of its numbers share a line of a cell with others, where they
/// stand tells more than the rules do.
fn divide(page: &Page, cells: &[Vec<Glyph>]) -> Option<Table> {
    let crowded = cells.iter().filter(|cell| n_number_starts(cell) >= 2);
    let n_crowded: usize = crowded.map(|cell| n_numbers(&lines(cell)).1).sum();
    if n_crowded < 4 {
        return None;
    }
    let all = lines(&in_order(cells.iter().flatten().copied().collect()));
    if n_crowded * 2 < n_numbers(&all).0 {
        return None;
    }
    divided(page, &all)
}

/// Places in a cell where a number begins after a gap or on a new line.
fn n_number_starts(cell: &[Glyph]) -> usize {
    let mut before: Option<&Glyph> = None;
    let mut n_starts = 0;
    for glyph in cell.iter().filter(|glyph| glyph.character != ' ') {
        let apart = before
            .is_none_or(|before| (glyph.baseline - before.baseline).abs() > 0.5 || glyph.area.left - before.area.right > 0.5 * glyph.size);
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
    keep_drawn_numbers(lattices, glyphs, &mut homes);
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

/// A number drawn in one go is one number, also where it is wider than its cell and reaches over its neighbour's end.
fn keep_drawn_numbers(lattices: &[Lattice], glyphs: &[Glyph], homes: &mut [Home]) {
    let mut drawn: std::collections::BTreeMap<u32, Vec<usize>> = std::collections::BTreeMap::new();
    for (index, glyph) in glyphs.iter().enumerate() {
        if !is_wide(glyph.character) && !glyph.character.is_alphabetic() && glyph.turn == Turn::Level {
            drawn.entry(glyph.run).or_default().push(index);
        }
    }
    for indices in drawn.into_values() {
        let own: Vec<Home> = indices.iter().filter_map(|&index| homes.get(index).copied()).collect();
        if own.windows(2).all(|pair| matches!(pair, [one, other] if one == other)) {
            continue;
        }
        let word: Vec<Glyph> = indices.iter().filter_map(|&index| glyphs.get(index).copied()).collect();
        let main = main_home(lattices, &word, &own);
        for index in indices {
            if let Some(home) = homes.get_mut(index) {
                *home = main;
            }
        }
    }
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
        let mixed = before.run != glyph.run && gap < -0.05;
        level && near && !mixed && overhang(before) && overhang(glyph)
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

fn to_table(page: &Page, lattice: &Lattice, cells: &[Vec<Glyph>]) -> Table {
    let n_rows = lattice.ys.len().saturating_sub(1);
    let levels: Vec<Vec<f32>> = (0..n_rows).map(|row| levels(lattice, cells, row)).collect();
    // Where each row of the grid begins among the rows of the table: a row may hold several.
    let mut starts = vec![0];
    for level in &levels {
        starts.push(starts.last().copied().unwrap_or(0) + level.len().max(1));
    }
    let start = |row: usize| starts.get(row).copied().unwrap_or(0);
    let mut rows: Vec<Vec<TableCell>> = vec![Vec::new(); start(n_rows)];
    for (square, glyphs) in lattice.cells.iter().zip(cells) {
        let area = lattice.cell_area(*square);
        let (open_top, open_bottom) = lattice.open_ends(*square);
        let own = levels.get(square.row).filter(|levels| square.rows == 1 && levels.len() > 1);
        let parts: Vec<(Vec<Glyph>, Area)> = match own {
            Some(levels) => part_cell(glyphs, area, levels),
            None => vec![(glyphs.clone(), area)],
        };
        let span = if own.is_some() { 1 } else { start(square.row + square.rows) - start(square.row) };
        for (index, (glyphs, area)) in parts.into_iter().enumerate() {
            let text = cell_text(glyphs, area);
            let places = vec![(page.number, page.as_looked_at(area))];
            let cell = TableCell { text, places, column: square.column, columns: square.columns, rows: span, open_top, open_bottom };
            if let Some(row) = rows.get_mut(start(square.row) + index) {
                row.push(cell);
            }
        }
    }
    for row in &mut rows {
        row.sort_by_key(|cell| cell.column);
    }
    Table { page: page.number, area: lattice.area(), rows, xs: lattice.xs.clone(), shape: Shape::Spanned }
}

/// The levels at which the rows of one ruled row stand, where no rule parts them: numbers one under another in one
/// cell, with numbers or labels beside them at the same heights. None where it is one row.
fn levels(lattice: &Lattice, cells: &[Vec<Glyph>], row: usize) -> Vec<f32> {
    let own = || lattice.cells.iter().zip(cells).filter(|(square, _)| square.row == row && square.rows == 1);
    if !own().any(|(_, cell)| n_number_starts(cell) >= 2) {
        return Vec::new();
    }
    let mut levels: Vec<(f32, usize)> = Vec::new();
    for (square, cell) in own() {
        let area = lattice.cell_area(*square);
        let stacked: Vec<Line> = lines(cell).into_iter().filter(|line| is_number_line(line) && !fills(line, area)).collect();
        if stacked.len() < 2 {
            continue;
        }
        for line in stacked {
            let base = base_of(&line);
            match levels.iter_mut().find(|(level, _)| (level - base).abs() < 0.4 * line.size) {
                Some((_, count)) => *count += 1,
                None => levels.push((base, 1)),
            }
        }
    }
    let n_shared = levels.iter().filter(|(_, count)| *count >= 2).count();
    if n_shared < 2 || n_shared * 2 < levels.len() {
        return label_rows(lattice, cells, row).unwrap_or_default();
    }
    let mut levels: Vec<f32> = levels.into_iter().map(|(level, _)| level).collect();
    for (square, cell) in own() {
        label_levels(&lines(cell), lattice.cell_area(*square), &mut levels);
    }
    levels.sort_by(f32::total_cmp);
    levels
}

/// Lines of one label stand nearer than this, in sizes of their letters; rows stand farther apart.
const WRAP: f32 = 1.7;

/// The same where most rows have one number: rules part the columns alone, and each number stands beside its label. None
/// where one stands beside none, or two of a column beside one.
fn label_rows(lattice: &Lattice, cells: &[Vec<Glyph>], row: usize) -> Option<Vec<f32>> {
    const FEWEST: usize = 3;
    let own = || lattice.cells.iter().zip(cells).filter(|(square, _)| square.row == row && square.rows == 1);
    let first = own().filter(|(_, cell)| !cell.is_empty()).min_by_key(|(square, _)| square.column)?;
    let mut labels: Vec<(f32, f32)> = Vec::new();
    let label_lines = lines(first.1);
    let is_dense = label_lines.windows(2).all(|pair| matches!(pair, [one, next] if base_of(next) - base_of(one) < WRAP * next.size));
    for line in &label_lines {
        let base = base_of(line);
        match labels.last_mut().filter(|(_, last)| !is_dense && base - *last < WRAP * line.size) {
            Some((_, last)) => *last = base,
            None => labels.push((base, base)),
        }
    }
    let mut n_numbers = 0;
    for (_, cell) in own().filter(|(square, _)| square.column != first.0.column) {
        let mut taken: Vec<usize> = Vec::new();
        for line in lines(cell) {
            let (base, slack) = (base_of(&line), 0.5 * line.size);
            let home = labels.iter().position(|(top, bottom)| top - slack <= base && base <= bottom + slack)?;
            if taken.last().is_some_and(|last| *last >= home) {
                return None;
            }
            n_numbers += usize::from(is_number_line(&line));
            taken.push(home);
        }
    }
    (n_numbers >= FEWEST && labels.len() >= FEWEST).then(|| labels.into_iter().map(|(top, _)| top).collect())
}

/// A label without numbers is a row of its own where the line before it had room left.
fn label_levels(lines: &[Line], cell: Area, levels: &mut Vec<f32>) {
    for pair in lines.windows(2) {
        let [before, line] = pair else { continue };
        let base = base_of(line);
        let has_room = before.area.width() + 2.5 * line.size < cell.width();
        if has_room && !levels.iter().any(|level| (level - base).abs() < 0.5 * line.size) {
            levels.push(base);
        }
    }
}

fn base_of(line: &Line) -> f32 {
    line.glyphs.iter().find(|glyph| glyph.character != ' ').map_or(line.area.bottom, |glyph| glyph.baseline)
}

fn is_number_line(line: &Line) -> bool {
    read_cell(&line.text()).is_datum()
}

/// A number as wide as its cell may go on in the next line.
fn fills(line: &Line, cell: Area) -> bool {
    line.area.width() + line.size > cell.width()
}

/// A cell's glyphs by row: each line belongs to the last level it does not stand above.
fn part_cell(glyphs: &[Glyph], cell: Area, levels: &[f32]) -> Vec<(Vec<Glyph>, Area)> {
    let mut parts: Vec<(Vec<Glyph>, Area)> = levels
        .iter()
        .enumerate()
        .map(|(index, level)| {
            let top = if index == 0 { cell.top } else { levels.get(index - 1).map_or(cell.top, |above| above.midpoint(*level)) };
            let bottom = levels.get(index + 1).map_or(cell.bottom, |below| below.midpoint(*level));
            (Vec::new(), Area { top, bottom, ..cell })
        })
        .collect();
    for line in lines(glyphs) {
        let base = base_of(&line);
        let after = levels.partition_point(|level| level - 0.5 * line.size <= base);
        if let Some(part) = parts.get_mut(after.saturating_sub(1)) {
            part.0.extend(line.glyphs);
        }
    }
    parts
}
