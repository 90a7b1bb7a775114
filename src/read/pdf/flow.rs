//! Lines of all pages → paragraphs, across page breaks.
//!
//! A line goes on the paragraph before where that one reaches the right margin and this one begins at the left one,
//! both of one size and at the usual distance. Centred lines of a large size are one title.

use super::lines::is_wide;
use super::page::Area;
use super::parts::{Part, Table, TextLine};
use crate::doc::Evidence;

/// Something in reading order.
#[derive(Debug, Clone)]
pub enum Flowed {
    /// A paragraph.
    Para(Paragraph),
    /// A table.
    Table(Table),
    /// Page furniture.
    Furniture(TextLine),
    /// A title that comes again over the next part of its table.
    Running(Vec<TextLine>),
    /// Between two tables with nothing but furniture between them.
    Seam(Option<Evidence>),
}

/// Lines of one paragraph.
#[derive(Debug, Clone)]
pub struct Paragraph {
    /// Its lines.
    pub lines: Vec<TextLine>,
    /// Set in the middle of the page.
    pub centred: bool,
    /// Size against the body text.
    pub scale: f32,
}

/// A page's parts with those that are furniture told apart.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Its box.
    pub area: Area,
    /// Lines and tables from top to bottom, and whether each is furniture.
    pub parts: Vec<(Part, bool)>,
}

/// Where a page's text begins and ends.
#[derive(Clone, Copy)]
struct Margins {
    left: f32,
    right: f32,
    leading: f32,
    /// Size of the body text.
    size: f32,
    /// Width of the page.
    page: f32,
}

/// Put all pages in one flow.
pub fn flow(sheets: Vec<Sheet>) -> Vec<Flowed> {
    let body = body_size(&sheets);
    let whole: Vec<Margins> = page_widths(&sheets)
        .into_iter()
        .filter_map(|width| {
            let alike = sheets.iter().filter(|sheet| (sheet.area.right - width).abs() < 1.0);
            Some(Margins { page: width, ..margins(alike.flat_map(|sheet| &sheet.parts), body)? })
        })
        .collect();
    let mut flowed: Vec<Flowed> = Vec::new();
    for sheet in sheets {
        let own = page_margins(&sheet, &whole, body);
        let mut late: Vec<Flowed> = Vec::new();
        let mut top = true;
        for (part, furniture) in sheet.parts {
            match part {
                // A page number between two halves of a paragraph or table stands after them.
                Part::Line(line) if furniture && top => late.push(Flowed::Furniture(line)),
                Part::Line(line) if furniture => flowed.push(Flowed::Furniture(line)),
                Part::Line(line) => {
                    let home =
                        paragraph_before(&flowed, top).filter(|(_, paragraph)| follows(paragraph, &line, own, top)).map(|(index, _)| index);
                    if let Some(index) = home {
                        let mut passed = flowed.split_off(index + 1);
                        passed.append(&mut late);
                        late = passed;
                    } else {
                        flowed.append(&mut late);
                    }
                    match flowed.last_mut().filter(|_| home.is_some()) {
                        Some(Flowed::Para(paragraph)) => paragraph.lines.push(line),
                        _ => {
                            let (centred, scale) = (is_centred(&line, own), line.size / body.max(0.1));
                            flowed.push(Flowed::Para(Paragraph { lines: vec![line], centred, scale }));
                        }
                    }
                    top = false;
                }
                Part::Table(table) => {
                    flowed.append(&mut late);
                    flowed.push(Flowed::Table(table));
                    top = false;
                }
            }
        }
        flowed.append(&mut late);
    }
    flowed
}

/// The paragraph that a line may go on: the one before it, furniture of the page break set aside.
fn paragraph_before(flowed: &[Flowed], top: bool) -> Option<(usize, &Paragraph)> {
    let before = flowed.iter().enumerate().rev().find(|(_, item)| !top || !matches!(item, Flowed::Furniture(_)));
    match before {
        Some((index, Flowed::Para(paragraph))) => Some((index, paragraph)),
        _ => None,
    }
}

/// The size most characters have.
fn body_size(sheets: &[Sheet]) -> f32 {
    let mut weights: std::collections::BTreeMap<u32, usize> = std::collections::BTreeMap::new();
    for (part, furniture) in sheets.iter().flat_map(|sheet| &sheet.parts) {
        if let (Part::Line(line), false) = (part, furniture) {
            *weights.entry((line.size * 2.0).round() as u32).or_default() += line.text.chars().count();
        }
    }
    weights.into_iter().max_by_key(|&(_, weight)| weight).map_or(12.0, |(size, _)| size as f32 / 2.0)
}

fn page_widths(sheets: &[Sheet]) -> Vec<f32> {
    let mut widths: Vec<f32> = sheets.iter().map(|sheet| sheet.area.right).collect();
    widths.sort_by(f32::total_cmp);
    widths.dedup_by(|one, other| (*one - *other).abs() < 1.0);
    widths.truncate(20);
    widths
}

/// The margins of a page: its own where it has enough text, but not narrower than those of its like.
fn page_margins(sheet: &Sheet, whole: &[Margins], body: f32) -> Margins {
    let like = whole.iter().find(|margins| (margins.page - sheet.area.right).abs() < 1.0).copied();
    match (margins(sheet.parts.iter(), body), like) {
        (Some(own), Some(like)) if (own.left - like.left).abs() < 2.0 * body => Margins { right: own.right.max(like.right), ..own },
        (Some(own), Some(like)) if own.right < like.right - 2.0 * body => like,
        (Some(own), _) => own,
        (None, Some(like)) => like,
        (None, None) => Margins { left: 0.0, right: sheet.area.right, leading: body * 1.5, size: body, page: sheet.area.right },
    }
}

fn margins<'a>(parts: impl Iterator<Item = &'a (Part, bool)>, body: f32) -> Option<Margins> {
    let lines: Vec<&TextLine> = parts
        .filter_map(|(part, furniture)| match part {
            Part::Line(line) if !furniture && (line.size - body).abs() < 0.2 * body => Some(line),
            _ => None,
        })
        .collect();
    let widest = lines.iter().map(|line| line.area.width()).fold(0.0, f32::max);
    let wide: Vec<&&TextLine> = lines.iter().filter(|line| line.area.width() > 0.8 * widest && widest > 12.0 * body).collect();
    let usual = |values: Vec<f32>| {
        let mut values = values;
        values.sort_by(f32::total_cmp);
        values.get(values.len() / 2).copied()
    };
    if wide.len() < 3 {
        return None;
    }
    let left = wide.iter().map(|line| line.area.left).fold(f32::INFINITY, f32::min);
    let right = usual(wide.iter().map(|line| line.area.right).collect())?;
    let step = |pair: &[&TextLine]| match pair {
        [one, other] if one.page == other.page => Some(other.area.bottom - one.area.bottom).filter(|step| *step > 0.5 * body),
        _ => None,
    };
    // Lines of one paragraph stand closest; where paragraphs are short, the usual step is that between them.
    let mut steps: Vec<f32> = lines.windows(2).filter_map(step).collect();
    steps.sort_by(f32::total_cmp);
    let leading = steps.get(steps.len() / 5).copied().unwrap_or(body * 1.5);
    Some(Margins { left, right, leading, size: body, page: 0.0 })
}

fn is_centred(line: &TextLine, margins: Margins) -> bool {
    let (before, after) = (line.area.left - margins.left, margins.right - line.area.right);
    // A first line indented by two characters that ends two short of the margin is no title.
    let least = if line.size > 1.1 * margins.size { 1.2 } else { 4.0 };
    before.min(after) > least * line.size && (before - after).abs() < 2.0 * line.size
}

fn follows(paragraph: &Paragraph, line: &TextLine, margins: Margins, new_page: bool) -> bool {
    let Some(last) = paragraph.lines.last() else { return false };
    let like = (last.size - line.size).abs() < 0.15 * last.size.max(line.size);
    let step = line.area.bottom - last.area.bottom;
    let near = new_page || step > 0.0 && step < (1.4 * margins.leading).max(1.9 * line.size).min(4.0 * line.size);
    if !like || !near {
        return false;
    }
    let centred = paragraph.centred && is_centred(line, margins);
    if centred {
        return paragraph.scale > 1.15 && !new_page;
    }
    let full = last.area.right + first_word(line) > margins.right - 0.6 * last.size;
    let indented = line.area.left > margins.left + 1.2 * line.size;
    full && !indented && !has_leader(&last.text)
}

/// The width of what cannot be broken at the start of a line: a number, a Latin word, one ideograph. A line whose
/// successor begins with a long number ends early.
fn first_word(line: &TextLine) -> f32 {
    let n_narrow = line.text.chars().take_while(|&character| !is_wide(character) && character != ' ').count();
    line.size * (n_narrow as f32 * 0.55).max(1.0)
}

/// `1. …… 3`: a line of a table of contents.
pub fn has_leader(text: &str) -> bool {
    let dots = |character: char| matches!(character, '.' | '·' | '…' | '．' | '-' | '_');
    let stem = text.trim_end_matches(|character: char| character.is_ascii_digit() || character == ' ');
    let n_dots: usize = stem.chars().rev().take_while(|&character| dots(character)).map(|dot| if dot == '…' { 3 } else { 1 }).sum();
    n_dots >= 7 || stem.len() < text.len() && n_dots >= 3
}
