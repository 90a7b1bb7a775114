//! Flags → the part of the page that shows each with the line or the strip of the page it is about. They come one by
//! one and wait in a file of their own.

use super::escape;
use crate::dataset::Trouble;
use crate::dataset::entry::Entry;
use crate::dataset::record::{Crop, Finding};
use crate::manual::Language;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Flags on the page; a page of more than these is opened by nobody.
const MOST_FLAGS: u64 = 3_000;
/// Of one file; its others are counted.
const MOST_OF_ONE: u64 = 200;
/// Reports whose flags are unfolded.
const MOST_OPEN: u64 = 20;

/// Flags that wait.
pub struct FlagSpool {
    path: PathBuf,
    out: BufWriter<File>,
    language: Language,
    open: Option<String>,
    n_reports: u64,
    n_shown: u64,
    n_of_one: u64,
    n_hidden: u64,
}

impl FlagSpool {
    /// Begin.
    pub fn create(path: &Path, language: Language) -> Result<FlagSpool, Trouble> {
        let file = File::create(path).map_err(|error| Trouble::Io(path.into(), error))?;
        let out = BufWriter::new(file);
        Ok(FlagSpool { path: path.into(), out, language, open: None, n_reports: 0, n_shown: 0, n_of_one: 0, n_hidden: 0 })
    }

    /// A flag; notes are for flags.csv.
    pub fn add(&mut self, entry: &Entry, flag: &Finding) -> Result<(), Trouble> {
        if flag.severity == "note" {
            return Ok(());
        }
        let is_new = self.open.as_ref() != Some(&entry.input.file);
        if self.n_shown >= MOST_FLAGS || !is_new && self.n_of_one >= MOST_OF_ONE {
            self.n_hidden += 1;
            return Ok(());
        }
        self.n_shown += 1;
        self.n_of_one = if is_new { 1 } else { self.n_of_one + 1 };
        let outcome = if is_new { self.begin(entry).and_then(|()| self.article(flag)) } else { self.article(flag) };
        outcome.map_err(|error| Trouble::Io(self.path.clone(), error))
    }

    fn begin(&mut self, entry: &Entry) -> io::Result<()> {
        self.close()?;
        self.n_reports += 1;
        self.open = Some(entry.input.file.clone());
        let open = if self.n_reports <= MOST_OPEN { " open" } else { "" };
        let imprint = &entry.imprint;
        let year = imprint.year.map(|year| year.to_string()).unwrap_or_default();
        let publisher = escape(imprint.publisher.as_deref().unwrap_or_default());
        let counts = entry.counts();
        let counts = format!("<b class=\"error\">{}</b> <b class=\"warning\">{}</b>", counts.errors, counts.warnings);
        let file = escape(&entry.input.file);
        write!(self.out, "<details class=\"report\"{open}><summary><h3>{publisher} {year}</h3> {counts} <small>{file}</small></summary>")
    }

    fn close(&mut self) -> io::Result<()> {
        if self.open.take().is_some() { write!(self.out, "</details>") } else { Ok(()) }
    }

    fn article(&mut self, flag: &Finding) -> io::Result<()> {
        let own = |[english, chinese]: &[String; 2]| escape(if self.language == Language::Chinese { chinese } else { english });
        let (severity, code) = (escape(&flag.severity), escape(&flag.code));
        let place = escape(&flag.place);
        write!(
            self.out,
            "<article class=\"{severity}\"><p><b class=\"{severity}\">{code}</b> {} <small>{place}</small></p>",
            own(&flag.message)
        )?;
        match &flag.crop {
            Some(crop) if !crop.words.is_empty() => draw(&mut self.out, crop)?,
            _ if !flag.source.is_empty() => write!(self.out, "<pre>{}</pre>", marked(&flag.source, flag.mark))?,
            _ => {}
        }
        if !flag.cells.is_empty() {
            const MOST_CELLS: usize = 12;
            let more = if flag.cells.len() > MOST_CELLS { " …" } else { "" };
            let cells: Vec<String> = flag.cells.iter().take(MOST_CELLS).map(|key| escape(key)).collect();
            write!(self.out, "<p><small>{}{more}</small></p>", cells.join(", "))?;
        }
        if let Some((key, value)) = &flag.proposal {
            write!(self.out, "<p>{} → {}?</p>", escape(key), escape(value))?;
        }
        if let Some(help) = &flag.help {
            write!(self.out, "<p><small>{}</small></p>", own(help))?;
        }
        write!(self.out, "</article>")
    }

    /// The file they wait in, and how many are not in it.
    pub fn finish(mut self) -> Result<(PathBuf, u64), Trouble> {
        let outcome = self.close().and_then(|()| self.out.flush());
        outcome.map_err(|error| Trouble::Io(self.path.clone(), error))?;
        Ok((self.path, self.n_hidden))
    }
}

/// A line with the characters that are meant marked.
fn marked(line: &str, [start, end]: [u32; 2]) -> String {
    let part = |from: usize, to: usize| escape(&line.chars().skip(from).take(to.saturating_sub(from)).collect::<String>());
    let (start, end) = (start as usize, end as usize);
    if end <= start {
        return escape(line);
    }
    format!("{}<mark>{}</mark>{}", part(0, start), part(start, end), part(end, usize::MAX))
}

/// A strip of a page: words where they stand, the place that is meant under them.
fn draw(out: &mut impl Write, crop: &Crop) -> io::Result<()> {
    let bounds = |[left, top, right, bottom]: [f32; 4], [own_left, own_top, own_right, own_bottom]: [f32; 4]| {
        [left.min(own_left), top.min(own_top), right.max(own_right), bottom.max(own_bottom)]
    };
    let [left, top, right, bottom] = crop.words.iter().map(|(_, own)| *own).fold(crop.mark, bounds);
    const EDGE: f32 = 6.0;
    let (width, height) = (right - left + 2.0 * EDGE, bottom - top + 2.0 * EDGE);
    let page = crop.page;
    write!(
        out,
        "<div class=\"crop\"><svg viewBox=\"{:.1} {:.1} {width:.1} {height:.1}\" width=\"{:.0}\" role=\"img\"><title>page {page}</title>",
        left - EDGE,
        top - EDGE,
        width * 1.3
    )?;
    let [mark_left, mark_top, mark_right, mark_bottom] = crop.mark;
    let (mark_width, mark_height) = ((mark_right - mark_left).max(1.0), (mark_bottom - mark_top).max(1.0));
    write!(out, "<rect x=\"{mark_left:.1}\" y=\"{mark_top:.1}\" width=\"{mark_width:.1}\" height=\"{mark_height:.1}\"/>")?;
    for (words, [left, top, right, bottom]) in &crop.words {
        let (size, width) = (((bottom - top) * 0.85).clamp(4.0, 14.0), (right - left).max(1.0));
        // A box may be a whole cell: words are pressed into it, never drawn out.
        let natural: f32 = words.chars().map(|character| if character.is_ascii() { 0.56 } else { 1.0 }).sum::<f32>() * size;
        let pressed = if natural > width { format!(" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\"") } else { String::new() };
        let (base, words) = (bottom - (bottom - top) * 0.2, escape(words));
        write!(out, "<text x=\"{left:.1}\" y=\"{base:.1}\" style=\"font-size:{size:.1}px\"{pressed}>{words}</text>")?;
    }
    write!(out, "</svg></div>")
}
