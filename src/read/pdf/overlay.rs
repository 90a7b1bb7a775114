//! What lies over a page's text: watermarks that run aslant, large stamps printed across other words, shadows.
//!
//! A stamp's letters fall into whatever cells they happen to cover, so that its digits would be read as figures. What
//! lies over is set aside before anything is looked for; a shadow, the same words a hair away, is dropped.

use super::page::{Area, Glyph, Turn};
use std::collections::{HashMap, HashSet};

/// A stamp's letters are larger than those it covers by this factor.
const LARGER: f32 = 1.6;
/// Large letters looked at on a page; more are the page's own text.
const MOST_LARGE: usize = 400;
/// A shadow stands no further off than this, in sizes.
const SHADOW: f32 = 0.2;
/// Words with a shadow, from which on single characters have theirs.
const LEAST_SHADOWS: usize = 3;

/// The page's own text, and what lies over it.
pub fn set_aside(glyphs: Vec<Glyph>) -> (Vec<Glyph>, Vec<Glyph>) {
    let shadows = shadows(&glyphs);
    let stamps = stamps(&glyphs);
    let shown = glyphs.into_iter().filter(|glyph| !shadows.contains(&glyph.run));
    shown.partition(|glyph| glyph.turn != Turn::Aslant && !stamps.contains(&glyph.run))
}

/// Runs whose words were drawn before within a hair.
fn shadows(glyphs: &[Glyph]) -> HashSet<u32> {
    let mut begun: HashMap<String, Vec<Glyph>> = HashMap::new();
    let (mut found, mut single) = (Vec::new(), Vec::new());
    for run in glyphs.chunk_by(|one, other| one.run == other.run) {
        let Some(first) = run.first().filter(|first| first.character != ' ') else { continue };
        let places = begun.entry(run.iter().map(|glyph| glyph.character).collect()).or_default();
        let is_shadow = |other: &Glyph| {
            let near = |one: f32, other: f32| (one - other).abs() <= SHADOW * first.size;
            near(other.area.left, first.area.left) && near(other.baseline, first.baseline) && near(other.size, first.size)
        };
        if places.iter().rev().take(16).any(is_shadow) {
            if run.len() > 1 { found.push(first.run) } else { single.push(first.run) }
        } else {
            places.push(*first);
        }
    }
    // One character beside its like is a shadow only where words have theirs: 11 may be set as 1 and 1.
    if found.len() >= LEAST_SHADOWS {
        found.append(&mut single);
    }
    found.into_iter().collect()
}

/// Runs of large letters that are printed across smaller ones.
fn stamps(glyphs: &[Glyph]) -> HashSet<u32> {
    let mut sizes: Vec<f32> = glyphs.iter().filter(|glyph| glyph.character != ' ').map(|glyph| glyph.size).collect();
    sizes.sort_by(f32::total_cmp);
    let Some(&usual) = sizes.get(sizes.len() / 2) else { return HashSet::new() };
    let large: Vec<&Glyph> = glyphs.iter().filter(|glyph| glyph.size > LARGER * usual && glyph.character != ' ').collect();
    if large.is_empty() || large.len() > MOST_LARGE {
        return HashSet::new();
    }
    let covers = |glyph: &Glyph| {
        let under = |other: &&Glyph| other.character != ' ' && glyph.size > LARGER * other.size && is_under(glyph.area, other.area);
        glyphs.iter().filter(under).count() > 0
    };
    large.into_iter().filter(|glyph| covers(glyph)).map(|glyph| glyph.run).collect()
}

/// True when the middle of the smaller box lies well inside the larger: raised letters only touch.
fn is_under(large: Area, small: Area) -> bool {
    let inset = large.height() * 0.2;
    let inner = Area { top: large.top + inset, bottom: large.bottom - inset, ..large };
    inner.holds(small.centre())
}
