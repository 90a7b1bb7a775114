//! Glyphs → lines of text, and lines → words joined as a person reads them.
//!
//! A line is glyphs that stand on one level. Spaces are put in where a gap shows one; lines of Chinese are joined
//! without a space, others with one. A glyph drawn twice on the same spot (a cheap way to make it bold) is one glyph.

use super::page::{Area, Glyph, Turn};

/// Glyphs on one level, from left to right.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its glyphs, spaces too.
    pub glyphs: Vec<Glyph>,
    /// The box around all that shows.
    pub area: Area,
    /// The largest size of its glyphs.
    pub size: f32,
}

/// A part of a line between wide gaps.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Its words.
    pub text: String,
    /// Where it stands.
    pub area: Area,
}

/// Glyphs further apart than this stand on different strips, in points.
const SAME_BASELINE: f32 = 0.5;
/// Strips nearer than this belong to one line, in sizes: raised and lowered characters.
const SAME_LINE: f32 = 0.4;

/// Put glyphs in order of strip and place, and drop those drawn twice.
pub fn in_order(mut glyphs: Vec<Glyph>) -> Vec<Glyph> {
    glyphs.sort_by(|one, other| one.baseline.total_cmp(&other.baseline));
    let mut kept: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    let mut rest = glyphs.as_mut_slice();
    while let Some(first) = rest.first() {
        let mut last = first.baseline;
        let length = rest
            .iter()
            .take_while(|glyph| {
                let near = glyph.baseline - last <= SAME_BASELINE;
                last = glyph.baseline;
                near
            })
            .count();
        let (strip, after) = rest.split_at_mut(length.max(1));
        strip.sort_by(|one, other| one.area.left.total_cmp(&other.area.left));
        let start = kept.len();
        for glyph in strip.iter() {
            let is_twin = |other: &Glyph| {
                other.character == glyph.character
                    && (other.area.left - glyph.area.left).abs() < glyph.size * 0.1
                    && (other.size - glyph.size).abs() < glyph.size * 0.1
            };
            if !kept.iter().skip(start).rev().take(4).any(is_twin) {
                kept.push(*glyph);
            }
        }
        rest = after;
    }
    kept
}

/// Lines from top to bottom of glyphs that are [`in_order`].
pub fn lines(glyphs: &[Glyph]) -> Vec<Line> {
    let mut found: Vec<Vec<Glyph>> = Vec::new();
    let (mut base, mut size) = (f32::NEG_INFINITY, 0.0_f32);
    for strip in glyphs.chunk_by(|one, other| (other.baseline - one.baseline).abs() <= SAME_BASELINE) {
        let own_base = strip.first().map_or(base, |glyph| glyph.baseline);
        let own_size = strip.iter().filter(|glyph| glyph.character != ' ').map(|glyph| glyph.size).fold(0.0, f32::max);
        let near = own_base - base <= SAME_LINE * size.max(own_size).min(40.0);
        match found.last_mut().filter(|line| near && !covers(line, strip)) {
            Some(line) => {
                line.extend_from_slice(strip);
                size = size.max(own_size);
            }
            None => {
                found.push(strip.to_vec());
                (base, size) = (own_base, own_size);
            }
        }
    }
    found.into_iter().filter_map(to_line).collect()
}

/// True when two strips print over one another: a line that has slipped into the next one, not a raised character.
fn covers(line: &[Glyph], strip: &[Glyph]) -> bool {
    let middle = |glyph: &Glyph| {
        let inset = glyph.area.width() * 0.25;
        (glyph.area.left + inset, glyph.area.right - inset)
    };
    let shown = |glyphs: &[Glyph], own: bool| -> Vec<((f32, f32), bool)> {
        glyphs.iter().filter(|glyph| glyph.character != ' ').map(|glyph| (middle(glyph), own)).collect()
    };
    let mut places = shown(line, true);
    places.extend(shown(strip, false));
    places.sort_by(|one, other| one.0.0.total_cmp(&other.0.0));
    places.windows(2).any(|pair| matches!(pair, [one, other] if one.1 != other.1 && other.0.0 < one.0.1))
}

fn to_line(mut glyphs: Vec<Glyph>) -> Option<Line> {
    glyphs.sort_by(|one, other| one.area.left.total_cmp(&other.area.left));
    keep_words_whole(&mut glyphs);
    let shown = || glyphs.iter().filter(|glyph| glyph.character != ' ');
    let area = shown().map(|glyph| glyph.area).reduce(Area::join)?;
    let size = shown().map(|glyph| glyph.size).fold(0.0, f32::max);
    Some(Line { glyphs, area, size })
}

/// Two words that are printed over one another's ends are not mixed letter by letter: each stands where it begins.
fn keep_words_whole(glyphs: &mut [Glyph]) {
    let overlap = |pair: &[Glyph]| matches!(pair, [one, other] if one.run != other.run && one.character != ' ' && other.character != ' ' && other.area.left < one.area.right - 0.25 * one.area.width());
    if !glyphs.windows(2).any(overlap) {
        return;
    }
    let mut begins: std::collections::HashMap<u32, f32> = std::collections::HashMap::new();
    for glyph in glyphs.iter() {
        begins.entry(glyph.run).or_insert(glyph.area.left);
    }
    let begin = |glyph: &Glyph| begins.get(&glyph.run).copied().unwrap_or(glyph.area.left);
    glyphs.sort_by(|one, other| {
        begin(one).total_cmp(&begin(other)).then(one.run.cmp(&other.run)).then(one.area.left.total_cmp(&other.area.left))
    });
}

impl Line {
    /// Its words.
    pub fn text(&self) -> String {
        self.pieces(f32::INFINITY).into_iter().map(|piece| piece.text).next().unwrap_or_default()
    }

    /// Its parts between gaps of at least `gap` sizes.
    pub fn pieces(&self, gap: f32) -> Vec<Piece> {
        let mut found: Vec<Piece> = Vec::new();
        let mut before: Option<&Glyph> = None;
        let mut base: Option<&Glyph> = None;
        let mut spaced = false;
        for glyph in &self.glyphs {
            if glyph.character == ' ' {
                spaced = true;
                continue;
            }
            let open = before.map(|before| glyph.area.left - before.area.right);
            match found.last_mut().zip(before).filter(|_| open.is_some_and(|open| open < gap * glyph.size)) {
                Some((piece, before)) => {
                    if shows_space(before, glyph, spaced) {
                        piece.text.push(' ');
                    }
                    let mark = base.and_then(|base| raised(base, glyph));
                    piece.text.push(mark.unwrap_or(glyph.character));
                    base = if mark.is_some() { base } else { Some(glyph) };
                    piece.area = piece.area.join(glyph.area);
                }
                None => {
                    found.push(Piece { text: glyph.character.to_string(), area: glyph.area });
                    base = Some(glyph);
                }
            }
            before = Some(glyph);
            spaced = false;
        }
        found
    }
}

/// Ideographs and the marks that go with them: as wide as high, written without spaces.
pub fn is_wide(character: char) -> bool {
    matches!(character as u32, 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFF)
}

/// A small raised digit behind a number is the mark of a footnote and no digit of the number: 1,234¹.
fn raised(base: &Glyph, glyph: &Glyph) -> Option<char> {
    let is_number = base.character.is_ascii_digit() || matches!(base.character, '%' | ')');
    let is_raised = glyph.size < 0.8 * base.size && base.baseline - glyph.baseline > 0.15 * base.size;
    let value = glyph.character.to_digit(10).filter(|_| is_number && is_raised)?;
    ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'].get(value as usize).copied()
}

fn shows_space(before: &Glyph, after: &Glyph, spaced: bool) -> bool {
    let gap = (after.area.left - before.area.right) / before.size.min(after.size).max(0.1);
    let is_digit = |glyph: &Glyph| glyph.character.is_ascii_digit();
    let is_point = |glyph: &Glyph| matches!(glyph.character, '.' | ',');
    let digits = is_digit(before) && (is_digit(after) || is_point(after)) || is_point(before) && is_digit(after);
    let least = match (is_wide(before.character), is_wide(after.character)) {
        (true, true) => 0.9,
        (false, false) if digits => 0.3,
        (false, false) => 0.2,
        _ => 0.6,
    };
    gap > if spaced { 0.12_f32.min(least) } else { least }
}

/// What stands between two lines that were one: nothing between ideographs, a space between words.
pub fn between(before: Option<char>, after: Option<char>) -> &'static str {
    match (before, after) {
        (Some(before), Some(after)) if !is_wide(before) && !is_wide(after) && !before.is_whitespace() => " ",
        _ => "",
    }
}

/// Join lines that one cell was broken into. Digits at the end of a line and at the beginning of the next are not one
/// number: their line end stays.
pub fn join(texts: impl IntoIterator<Item = String>) -> String {
    let mut out = String::new();
    for text in texts {
        let text = text.trim();
        let (before, after) = (out.chars().next_back(), text.chars().next());
        let is_digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
        out.push_str(if is_digit(before) && is_digit(after) { "\n" } else { between(before, after) });
        out.push_str(text);
    }
    out
}

/// The words of a cell's glyphs, wherever its lines run.
pub fn cell_text(glyphs: Vec<Glyph>, cell: Area) -> String {
    let count = |turn: Turn| glyphs.iter().filter(|glyph| glyph.turn == turn).count();
    let half = glyphs.len() / 2;
    let turned = [Turn::Down, Turn::Up].into_iter().find(|&turn| count(turn) > half);
    let glyphs = match turned {
        Some(turn) => glyphs.into_iter().map(|glyph| laid_level(glyph, turn)).collect(),
        None => glyphs,
    };
    let found = lines(&in_order(glyphs));
    if let Some(text) = columns_of_writing(&found) {
        return text;
    }
    let mut texts: Vec<String> = Vec::with_capacity(found.len());
    let mut full = false;
    for line in &found {
        let text = line.text();
        match texts.last_mut().filter(|before| full && is_rest_of_number(before, &text)) {
            Some(before) => before.push_str(&text),
            None => texts.push(text),
        }
        full = turned.is_none() && line.area.width() + line.size * 1.2 > cell.width();
    }
    join(texts)
}

/// `96,282,21` and `3.44`: a number broken at the edge of a narrow cell.
fn is_rest_of_number(before: &str, rest: &str) -> bool {
    let is_number = |text: &str| text.chars().all(|character| character.is_ascii_digit() || matches!(character, ',' | '.'));
    let joined = format!("{before}{rest}");
    let whole = joined.split('.').next().unwrap_or("");
    let mut groups = whole.split(',');
    let head = groups.next().map_or(0, str::len);
    let grouped = groups.clone().count() > 0 && (1..=3).contains(&head) && groups.all(|group| group.len() == 3);
    is_number(before) && is_number(rest) && grouped && joined.matches('.').count() <= 1
}

/// The glyph as it would stand if its line ran level.
fn laid_level(glyph: Glyph, turn: Turn) -> Glyph {
    let Area { left, top, right, bottom } = glyph.area;
    let (area, baseline) = match turn {
        Turn::Down => (Area { left: top, top: -right, right: bottom, bottom: -left }, -left - (right - left) * 0.14),
        Turn::Over => (Area { left: -right, top: -bottom, right: -left, bottom: -top }, -top - (bottom - top) * 0.14),
        _ => (Area { left: -bottom, top: left, right: -top, bottom: right }, right - (right - left) * 0.14),
    };
    Glyph { area, baseline, turn: Turn::Level, ..glyph }
}

/// Lines that run up, down or upside down beside level text: words, box and size of each.
pub fn turned(glyphs: Vec<Glyph>) -> Vec<(String, Area, f32)> {
    let mut found = Vec::new();
    for turn in [Turn::Down, Turn::Up, Turn::Over] {
        let own = glyphs.iter().filter(|glyph| glyph.turn == turn).map(|glyph| laid_level(*glyph, turn)).collect();
        let back = |area: Area| match turn {
            Turn::Down => Area { left: -area.bottom, top: area.left, right: -area.top, bottom: area.right },
            Turn::Up => Area { left: area.top, top: -area.right, right: area.bottom, bottom: -area.left },
            _ => Area { left: -area.right, top: -area.bottom, right: -area.left, bottom: -area.top },
        };
        found.extend(lines(&in_order(own)).iter().map(|line| (line.text(), back(line.area), line.size)));
    }
    found
}

/// What lies over a page, in the order it was drawn: one text.
pub fn over(glyphs: &[Glyph]) -> Option<(String, Area, f32)> {
    let area = glyphs.iter().map(|glyph| glyph.area).reduce(Area::join)?;
    let size = glyphs.iter().map(|glyph| glyph.size).fold(0.0, f32::max);
    Some((glyphs.iter().map(|glyph| glyph.character).collect(), area, size))
}

/// Chinese written from top to bottom in more than one column, the right one first.
fn columns_of_writing(found: &[Line]) -> Option<String> {
    let n_columns = found.first()?.glyphs.iter().filter(|glyph| glyph.character != ' ').count();
    if found.len() < 3 || !(2..=3).contains(&n_columns) {
        return None;
    }
    let mut columns: Vec<String> = vec![String::new(); n_columns];
    for line in found {
        let shown: Vec<&Glyph> = line.glyphs.iter().filter(|glyph| glyph.character != ' ').collect();
        let apart = shown.windows(2).all(|pair| matches!(pair, [one, other] if other.area.left - one.area.right > 0.4 * one.size));
        if shown.len() > n_columns || !apart || !shown.iter().all(|glyph| is_wide(glyph.character)) {
            return None;
        }
        for (column, glyph) in columns.iter_mut().rev().zip(shown.into_iter().rev()) {
            column.push(glyph.character);
        }
    }
    let leading = found.windows(2).all(|pair| matches!(pair, [one, other] if other.area.top - one.area.bottom < 0.4 * one.size));
    leading.then(|| columns.into_iter().rev().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters of size 10 from a place on; ideographs are as wide as high, all else half as wide.
    fn glyphs(text: &str, left: f32, baseline: f32) -> Vec<Glyph> {
        let mut at = left;
        let glyph = |character: char| {
            let width = if is_wide(character) { 10.0 } else { 5.0 };
            let area = Area { left: at, top: baseline - 8.6, right: at + width, bottom: baseline + 1.4 };
            at += width;
            Glyph { character, area, baseline, size: 10.0, turn: Turn::Level, run: 0 }
        };
        text.chars().map(glyph).collect()
    }

    fn cell(parts: &[(&str, f32, f32)], width: f32) -> String {
        let glyphs = parts.iter().flat_map(|&(text, left, baseline)| glyphs(text, left, baseline)).collect();
        cell_text(glyphs, Area { left: 0.0, top: 0.0, right: width, bottom: 200.0 })
    }

    #[test]
    fn lines_of_a_cell_are_joined() {
        assert_eq!(cell(&[("社会", 2.0, 10.0), ("公益", 2.0, 22.0), ("组织", 2.0, 34.0)], 26.0), "社会公益组织");
        assert_eq!(cell(&[("三", 2.0, 10.0), ("、", 2.0, 20.0), ("结", 2.0, 30.0), ("果", 2.0, 40.0)], 14.0), "三、结果");
        assert_eq!(cell(&[("net", 2.0, 10.0), ("total", 2.0, 22.0)], 60.0), "net total");
    }

    #[test]
    fn two_columns_of_writing_are_read_from_the_right() {
        let upright = [("甲", 30.0, 10.0), ("丙", 2.0, 10.0), ("乙", 30.0, 20.0), ("丁", 2.0, 20.0), ("戊", 2.0, 30.0), ("己", 30.0, 30.0)];
        assert_eq!(cell(&upright, 44.0), "甲乙己丙丁戊");
    }

    #[test]
    fn a_number_broken_at_the_edge_of_its_cell_is_whole() {
        assert_eq!(cell(&[("96,282,21", 1.0, 10.0), ("3.44", 1.0, 22.0)], 48.0), "96,282,213.44");
        assert_eq!(cell(&[("10", 1.0, 10.0), ("20", 1.0, 22.0)], 48.0), "10\n20", "two numbers stay two");
    }

    #[test]
    fn a_digit_slipped_into_the_next_line_stays_apart() {
        assert_eq!(cell(&[("6", 25.0, 10.0), ("17433130", 2.0, 13.0)], 60.0), "6\n17433130");
        assert_eq!(cell(&[("2", 12.0, 10.0), ("m", 7.0, 13.0)], 60.0), "m2", "a raised character does not");
    }

    #[test]
    fn the_mark_of_a_footnote_is_no_digit() {
        let mut all = glyphs("1,234", 2.0, 10.0);
        let small = |glyph: Glyph| Glyph { size: 6.0, ..glyph };
        all.extend(glyphs("12", 27.2, 6.5).into_iter().map(small));
        assert_eq!(cell_text(all, Area { left: 0.0, top: 0.0, right: 60.0, bottom: 20.0 }), "1,234¹²");
    }

    #[test]
    fn what_is_drawn_twice_is_there_once() {
        let twice = [glyphs("总11", 2.0, 10.0), glyphs("总11", 2.3, 10.0)].concat();
        assert_eq!(cell_text(twice, Area { left: 0.0, top: 0.0, right: 60.0, bottom: 20.0 }), "总11");
    }
}
