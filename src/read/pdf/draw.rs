//! Bytes → pages as drawn. The one file, with [`super::sound`], that knows the PDF library.
//!
//! The library interprets each page and calls [`Canvas`] for everything that is drawn; glyphs and straight rules are
//! kept, all else is dropped. Every call is counted, so that a page that draws without end is left unfinished, and the
//! library is only ever run under `catch_unwind`: a file that breaks it costs that page, not the program.

use super::page::{Area, Glyph, Page, Rule, Turn};
use super::sound::{self, Soundness};
use hayro_interpret::font::{Glyph as Drawn, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::object::dict::keys::CONTENTS;
use hayro_interpret::hayro_syntax::object::{Array, Stream};
use hayro_interpret::hayro_syntax::page::Page as DrawnPage;
use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache, InterpreterSettings, SoftMask,
    TransformExt, interpret_page,
};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

/// Pages read of one file.
const MOST_PAGES: usize = 5000;
/// Things drawn on one page before it is left.
const MOST_CALLS: usize = 2_000_000;
/// Glyphs kept of one page.
const MOST_GLYPHS: usize = 200_000;
/// Rules kept of one page.
const MOST_RULES: usize = 60_000;
/// A filled box up to this thick is a rule; a thicker one is shading.
const THICKEST_RULE: f64 = 3.0;

/// A line that rises or falls by more than this share of its length runs aslant; a scanner turns a page by less.
const MOST_SLANT: f64 = 0.2;

/// Why a file has no pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// It wants a password.
    Locked,
    /// Its structure cannot be read.
    Broken,
}

/// How the drawing of a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawing {
    /// To its end.
    Whole,
    /// It is larger than any page that a person would read.
    TooLarge,
    /// The library broke on it.
    Broken,
}

/// What is known of a file beside its pages.
#[derive(Debug, Clone, Copy)]
pub struct Opened {
    /// Pages it has.
    pub n_pages: usize,
    /// Whether it is whole.
    pub soundness: Soundness,
}

/// Draw every page and hand each to `take`.
pub fn pages(bytes: &[u8], mut take: impl FnMut(Page, Drawing)) -> Result<Opened, Closed> {
    let data: Arc<Vec<u8>> = Arc::new(bytes.to_vec());
    // The library promises not to panic; hostile files have broken such promises before.
    let opened = catch_unwind(AssertUnwindSafe(|| Pdf::new(data))).map_err(|_| Closed::Broken)?;
    let pdf = opened.map_err(|error| match error {
        LoadPdfError::Decryption(_) => Closed::Locked,
        // Where the library has to search for the objects it does not say that it failed at the lock.
        LoadPdfError::Invalid if bytes.windows(8).any(|window| window == b"/Encrypt") => Closed::Locked,
        LoadPdfError::Invalid => Closed::Broken,
    })?;
    let n_pages = catch_unwind(AssertUnwindSafe(|| pdf.pages().len())).map_err(|_| Closed::Broken)?;
    let soundness = catch_unwind(AssertUnwindSafe(|| sound::look(&pdf, bytes)));
    let soundness = soundness.unwrap_or(Soundness { n_broken: 1, ..Soundness::default() });
    if soundness.swollen {
        return Ok(Opened { n_pages, soundness });
    }
    let mut cache = InterpreterCache::new();
    for index in 0..n_pages.min(MOST_PAGES) {
        let mut canvas = Canvas::new(index);
        let drawn = catch_unwind(AssertUnwindSafe(|| draw(&pdf, index, &cache, &mut canvas)));
        let drawing = match drawn {
            Ok(true) => Drawing::Whole,
            Ok(false) => Drawing::Broken,
            Err(reason) if reason.is::<Overfull>() => Drawing::TooLarge,
            Err(_) => Drawing::Broken,
        };
        if drawing != Drawing::Whole {
            cache = InterpreterCache::new();
        }
        take(canvas.finish(), drawing);
    }
    Ok(Opened { n_pages, soundness })
}

/// Draw a page; false where a part of what it says is not in the file.
fn draw<'a>(pdf: &'a Pdf, index: usize, cache: &InterpreterCache<'a>, canvas: &mut Canvas) -> bool {
    let Some(page) = pdf.pages().get(index) else { return false };
    let (width, height) = page.render_dimensions();
    let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    canvas.page.area = Area { left: 0.0, top: 0.0, right: width, bottom: height };
    canvas.clips.push(bounds);
    let transform = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(transform, bounds, cache, pdf.xref(), InterpreterSettings::default());
    interpret_page(page, &mut context, canvas);
    has_contents(page)
}

/// True where everything that the page names as its contents is there. A blank page names nothing.
fn has_contents(page: &DrawnPage) -> bool {
    match page.raw().get::<Array>(CONTENTS) {
        Some(parts) => parts.iter::<Stream>().count() == parts.raw_iter().count(),
        None => !page.raw().contains_key(CONTENTS) || page.page_stream().is_some(),
    }
}

/// Thrown through the library to leave a page that is too large.
struct Overfull;

/// Keeps what is drawn.
struct Canvas {
    page: Page,
    hidden: Vec<Glyph>,
    clips: Vec<Rect>,
    n_calls: usize,
}

impl Canvas {
    fn new(index: usize) -> Canvas {
        let page = Page {
            number: u32::try_from(index + 1).unwrap_or(u32::MAX),
            area: Area::default(),
            glyphs: Vec::new(),
            across: Vec::new(),
            down: Vec::new(),
            n_unknown: 0,
            pictured: 0.0,
            turn: Turn::Level,
        };
        Canvas { page, hidden: Vec::new(), clips: Vec::new(), n_calls: 0 }
    }

    /// A page whose text nobody sees is a scan with its text laid under it: then that text is what there is.
    fn finish(mut self) -> Page {
        if self.hidden.len() > self.page.glyphs.len() {
            self.page.glyphs.append(&mut self.hidden);
        }
        self.page.level()
    }

    fn count(&mut self) {
        self.n_calls += 1;
        let full = self.n_calls > MOST_CALLS
            || self.page.glyphs.len() + self.hidden.len() > MOST_GLYPHS
            || self.page.across.len() + self.page.down.len() > MOST_RULES;
        if full {
            // Not a panic: no message is printed and the unwinding ends in `pages`.
            resume_unwind(Box::new(Overfull));
        }
    }

    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or(Rect::ZERO)
    }

    fn glyph(&mut self, glyph: &Drawn<'_>, transform: Affine, following: Option<Affine>, (vertical, hidden): (bool, bool)) {
        let origin = transform * Point::ZERO;
        let up = transform * Point::new(0.0, 1000.0) - origin;
        let right = transform * Point::new(1000.0, 0.0) - origin;
        let size = up.hypot();
        if !(origin.x.is_finite() && origin.y.is_finite() && (0.1..2000.0).contains(&size)) {
            return;
        }
        let advance = match glyph {
            Drawn::Outline(outline) => outline.advance_width().map(f64::from),
            // Widths of a drawn font are in its own units: the next glyph tells as well.
            Drawn::Type3(_) => following.map(|next| ((next * Point::ZERO) - origin).hypot() / right.hypot().max(0.001) * 1000.0),
        };
        // A font for vertical writing has no advance to the right; its characters are as wide as high.
        let advance = advance.filter(|width| (1.0..4000.0).contains(width)).unwrap_or(if vertical { 1000.0 } else { 500.0 });
        let slant = right.x.abs().min(right.y.abs()) / right.x.abs().max(right.y.abs()).max(0.001);
        let turn = match (right.x.abs() >= right.y.abs(), right.x >= 0.0, right.y >= 0.0) {
            _ if slant > MOST_SLANT => Turn::Aslant,
            (true, true, _) => Turn::Level,
            (true, false, _) => Turn::Over,
            (false, _, true) => Turn::Down,
            (false, _, false) => Turn::Up,
        };
        let told = glyph.as_unicode();
        let single = match &told {
            Some(BfString::Char(character)) => Some(*character),
            Some(BfString::String(text)) if text.chars().nth(1).is_none() => text.chars().next(),
            Some(BfString::String(_)) => None,
            None => Some(char::REPLACEMENT_CHARACTER),
        };
        let letters: &str = match &told {
            Some(BfString::String(text)) => text,
            _ => "",
        };
        let n_parts = if single.is_some() { 1 } else { letters.chars().count().max(1) };
        for (part, character) in single.into_iter().chain(letters.chars().filter(|_| single.is_none())).take(16).enumerate() {
            let from = advance * part as f64 / n_parts as f64;
            let to = advance * (part + 1) as f64 / n_parts as f64;
            let area = bounds(transform, Rect::new(from, -140.0, to, 860.0));
            let (baseline, size) = (origin.y as f32, size as f32);
            self.keep(Glyph { character, area, baseline, size, turn, run: 0 }, hidden);
        }
    }

    fn keep(&mut self, mut glyph: Glyph, hidden: bool) {
        if glyph.character.is_whitespace() {
            glyph.character = ' ';
        } else if glyph.character.is_control() {
            return;
        }
        let clip = to_area(self.clip());
        if !glyph.area.touches(clip) || !self.page.area.holds(glyph.area.centre()) {
            return;
        }
        if glyph.character == char::REPLACEMENT_CHARACTER || ('\u{E000}'..='\u{F8FF}').contains(&glyph.character) {
            self.page.n_unknown += 1;
        }
        let drawn = if hidden { &mut self.hidden } else { &mut self.page.glyphs };
        glyph.run = match drawn.last() {
            Some(last) if goes_on(last, &glyph) => last.run,
            Some(last) => last.run + 1,
            None => 0,
        };
        drawn.push(glyph);
    }

    /// A thin box is a rule, whichever way it was painted.
    fn thin(&mut self, area: Rect) {
        let area = area.intersect(self.clip());
        let (width, height) = (area.x1 - area.x0, area.y1 - area.y0);
        let rule = |at: f64, from: f64, to: f64| Rule { at: at as f32, from: from as f32, to: to as f32 };
        if width < 0.0 || height < 0.0 || width.max(height) < 1.5 {
            return;
        }
        if height <= THICKEST_RULE && width > height {
            self.page.across.push(rule(area.y0.midpoint(area.y1), area.x0, area.x1));
        } else if width <= THICKEST_RULE && height > width {
            self.page.down.push(rule(area.x0.midpoint(area.x1), area.y0, area.y1));
        }
    }

    fn fill(&mut self, path: &BezPath, transform: Affine) {
        for part in path.elements().split_inclusive(|element| matches!(element, PathEl::ClosePath)) {
            let mut open: Option<Rect> = None;
            for element in part {
                let (point, begins) = match element {
                    PathEl::MoveTo(point) => (*point, true),
                    PathEl::LineTo(point) => (*point, false),
                    PathEl::QuadTo(_, point) => (*point, false),
                    PathEl::CurveTo(_, _, point) => (*point, false),
                    PathEl::ClosePath => continue,
                };
                let point = transform * point;
                if let Some(area) = open.take_if(|_| begins) {
                    self.thin(area);
                }
                let own = Rect::from_points(point, point);
                open = Some(open.map_or(own, |area| area.union(own)));
            }
            if let Some(area) = open {
                self.thin(area);
            }
        }
    }

    fn stroke(&mut self, path: &BezPath, transform: Affine, width: f64) {
        let (mut at, mut start) = (Point::ZERO, Point::ZERO);
        for element in path.elements() {
            let next = match element {
                PathEl::MoveTo(point) => {
                    (at, start) = (transform * *point, transform * *point);
                    continue;
                }
                PathEl::LineTo(point) => transform * *point,
                PathEl::ClosePath => start,
                PathEl::QuadTo(_, point) | PathEl::CurveTo(_, _, point) => {
                    at = transform * *point;
                    continue;
                }
            };
            let level = (at.y - next.y).abs() < 1.0;
            let upright = (at.x - next.x).abs() < 1.0;
            let half = width / 2.0;
            if level != upright {
                let line = Rect::from_points(at, next);
                self.thin(if level { line.inset((0.0, half)) } else { line.inset((half, 0.0)) });
            }
            at = next;
        }
    }

    fn paint(&mut self, path: &BezPath, transform: Affine, mode: &DrawMode) {
        let scale = transform.determinant().abs().sqrt();
        match mode {
            DrawMode::Fill(_) => self.fill(path, transform),
            DrawMode::Stroke(props) => self.stroke(path, transform, f64::from(props.line_width) * scale),
            DrawMode::FillAndStroke(_, props) => {
                self.fill(path, transform);
                self.stroke(path, transform, f64::from(props.line_width) * scale);
            }
            DrawMode::Invisible => {}
        }
    }
}

/// True when a character stands right behind the one drawn before it.
fn goes_on(last: &Glyph, glyph: &Glyph) -> bool {
    let gap = (glyph.area.left - last.area.right) / glyph.size;
    let level = glyph.turn != Turn::Level || (glyph.baseline - last.baseline).abs() <= 0.5 && (-0.3..0.15).contains(&gap);
    let like = (glyph.size - last.size).abs() < 0.1 * glyph.size;
    level && like && glyph.turn == last.turn && glyph.character != ' ' && last.character != ' '
}

fn bounds(transform: Affine, area: Rect) -> Area {
    to_area(transform.transform_rect_bbox(area))
}

fn to_area(area: Rect) -> Area {
    Area { left: area.x0 as f32, top: area.y0 as f32, right: area.x1 as f32, bottom: area.y1 as f32 }
}

impl<'a> Device<'a> for Canvas {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.count();
        self.paint(path, props.transform, mode);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.count();
        let clip = clip.path.bounding_box().intersect(self.clip());
        self.clips.push(clip);
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.count();
        let clip = rect.intersect(self.clip());
        self.clips.push(clip);
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.count();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.count();
        let hidden = matches!(mode, DrawMode::Invisible);
        let vertical = run.writing_mode() == WritingMode::Vertical;
        let glyphs = run.glyphs();
        for (index, glyph) in glyphs.iter().enumerate() {
            self.count();
            let following = glyphs.get(index + 1).map(|next| props.transform * next.transform());
            self.glyph(glyph, props.transform * glyph.transform(), following, (vertical, hidden));
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.count();
        let pixels = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let area = props.transform.transform_rect_bbox(pixels).intersect(self.clip());
        self.thin(area);
        let whole = f64::from(self.page.area.width()) * f64::from(self.page.area.height());
        let share = (area.x1 - area.x0).max(0.0) * (area.y1 - area.y0).max(0.0) / whole.max(1.0);
        self.page.pictured = self.page.pictured.max(share as f32);
    }

    fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn pop_transparency_group(&mut self) {}
}
