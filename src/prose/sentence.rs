//! Paragraphs → sentences: folded characters without blanks, each with its place.
//!
//! Headings, notes at the end and marks of footnotes are left out. A sentence ends at a full stop, and with its
//! paragraph unless that one breaks off in the middle of a line of a page.

use crate::doc::{Block, Document};
use crate::fold::{fold_word, fold_words, is_blank};
use crate::grammar::Lexicon;
use crate::normalise::read_chinese_numeral;
use crate::outline::{Outline, Section};
use crate::place::Span;

/// The sentences of a report that may state a number.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub sentences: Vec<Sentence>,
    /// Numbers in notes and in marks of footnotes.
    pub noted: Vec<(Span, &'static str)>,
    /// A note says that the numbers of the report are preliminary.
    pub is_preliminary: bool,
}

/// One sentence.
#[derive(Debug, Default)]
pub(super) struct Sentence {
    /// Folded, without blanks.
    pub text: String,
    /// It begins a paragraph.
    pub is_first: bool,
    /// A sentence without numbers stands between it and the one before.
    pub is_behind_words: bool,
    /// For each character: where it begins in `text`, where it stands in the document, whether a blank stands before it.
    glyphs: Vec<Glyph>,
}

#[derive(Debug)]
struct Glyph {
    at: usize,
    span: Span,
    is_apart: bool,
}

impl Sentence {
    /// Where a range of the text stands in the document.
    pub(super) fn span(&self, from: usize, to: usize) -> Span {
        let inside = self.glyphs.iter().skip(self.index(from)).take_while(|glyph| glyph.at < to).map(|glyph| glyph.span);
        inside.reduce(Span::to).unwrap_or_default()
    }

    /// True where a blank stands between two digits of a range: one number in two pieces, or two numbers.
    pub(super) fn is_torn(&self, from: usize, to: usize) -> bool {
        let is_digit = |at: usize| self.text.get(at..).is_some_and(|text| text.starts_with(|next: char| next.is_ascii_digit()));
        let inside = self.glyphs.iter().skip(self.index(from) + 1).take_while(|glyph| glyph.at < to);
        inside.into_iter().any(|glyph| glyph.is_apart && is_digit(glyph.at) && is_digit(glyph.at - 1))
    }

    fn index(&self, at: usize) -> usize {
        self.glyphs.partition_point(|glyph| glyph.at < at)
    }
}

/// The sentences of a document.
pub(super) fn sentences(document: &Document, outline: &Outline, lexicon: &Lexicon) -> Text {
    let mut reader = Reader { lexicon, text: Text::default(), open: Sentence::default(), notes: Notes::None, is_behind_words: false };
    let mut headings = outline.sections.iter().peekable();
    for block in &document.blocks {
        let Block::Para(para) = block else {
            if matches!(block, Block::Grid(_)) {
                reader.close();
            }
            continue;
        };
        let mut words = para.span;
        while headings.next_if(|section| section.span.end <= para.span.start).is_some() {}
        if let Some(heading) = headings.peek().filter(|section| para.span.covers(section.span) || section.span.covers(para.span)) {
            reader.close();
            if heading.level == 1 && heading.number.is_some() {
                reader.notes = Notes::None;
            }
            words = behind_heading(document, para.span, heading, lexicon);
        }
        if outline.title != Some(para.span) {
            reader.paragraph(document, words);
        }
    }
    reader.close();
    reader.text
}

/// What a paragraph says behind its heading; a heading that runs into a sentence ends where such sentences open.
fn behind_heading(document: &Document, para: Span, heading: &Section, lexicon: &Lexicon) -> Span {
    if !heading.title.contains(|character: char| character.is_ascii_digit()) {
        return heading.run_in.filter(|run_in| para.covers(*run_in)).unwrap_or_default();
    }
    let words = document.slice(para);
    let opens = lexicon.opening.iter().filter_map(|word| words.find(word)).min();
    let start = opens.map_or(para.start, |at| Span::new(para.start as usize + at, 0).start);
    Span { start, ..para }
}

/// A mark such as `[2]` that a text begins with, and what follows.
fn split_mark(folded: &str) -> Option<&str> {
    let (mark, rest) = folded.strip_prefix('[')?.split_once(']')?;
    is_footnote(mark).then_some(rest)
}

fn is_footnote(mark: &str) -> bool {
    let n_digits = mark.chars().filter(char::is_ascii_digit).count();
    (1..=3).contains(&n_digits) && mark.chars().count() <= n_digits + 1
}

/// Whether the paragraphs at hand are notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notes {
    None,
    /// A note with a mark goes on until a paragraph ends.
    Marked,
    /// A list of notes goes on until the next section.
    Listed,
}

struct Reader<'a> {
    lexicon: &'a Lexicon,
    text: Text,
    open: Sentence,
    notes: Notes,
    is_behind_words: bool,
}

/// A line that is broken in the middle of a sentence is at least so long.
const LONG_LINE: usize = 20;
/// A heading that runs into its first sentence has at most so many characters, the number of a page so many digits.
const LONGEST_HEADING: usize = 8;
const LONGEST_PAGE: usize = 3;
/// A footnote has so many characters; what is shorter is the rest of a line.
const LEAST_NOTE: usize = 8;

impl Reader<'_> {
    fn paragraph(&mut self, document: &Document, span: Span) {
        let words = document.slice(span);
        if words.is_empty() {
            return;
        }
        let folded = fold_words(words);
        if self.is_note(&folded) {
            self.text.noted.push((span, "footnote"));
            self.text.is_preliminary |= self.lexicon.preliminary.is_in(&folded);
            return;
        }
        if self.is_caption(&folded) {
            return self.close();
        }
        self.open.is_first |= self.open.glyphs.is_empty();
        let (mut is_apart, mut footnote, mut page) = (false, None, None::<usize>);
        for (offset, character) in words.char_indices() {
            let start = span.start as usize + offset;
            let place = Span::new(start, start + character.len_utf8());
            match fold_word(character) {
                '。' | '!' | '?' => self.close(),
                '[' => footnote = footnote_end(words.get(offset..).unwrap_or_default()).map(|length| offset + length).or(footnote),
                _ if footnote.is_some_and(|end| offset <= end) => self.text.noted.push((place, "footnote")),
                '\u{2460}'..='\u{24FF}' => {}
                _ if page.is_some_and(|end| offset < end) => {}
                _ if is_blank(character) => is_apart = true,
                '—' if page_mark(words.get(offset..).unwrap_or_default()).is_some() => {
                    let length = page_mark(words.get(offset..).unwrap_or_default()).unwrap_or_default();
                    self.text.noted.push((Span::new(start, start + length), "page furniture"));
                    page = Some(offset + length);
                }
                shown => {
                    if is_apart && self.has_heading(words.get(offset..).unwrap_or_default()) {
                        self.open = Sentence { is_first: true, ..Sentence::default() };
                    }
                    self.open.glyphs.push(Glyph { at: self.open.text.len(), span: place, is_apart });
                    self.open.text.push(shown);
                    is_apart = false;
                }
            }
        }
        let ends = words.trim_end().ends_with([':', '：', ';', '；', ')', '）']);
        if ends || words.chars().count() < LONG_LINE {
            self.close();
        }
    }

    /// What is open is a heading: short, without a number, and a blank parts it from words that open a sentence.
    fn has_heading(&self, behind: &str) -> bool {
        let open = self.open.text.as_str();
        let is_short = (1..=LONGEST_HEADING).contains(&open.chars().count()) && open.chars().all(char::is_alphabetic);
        is_short && self.lexicon.opening.strip_start(behind).is_some()
    }

    /// The paragraph is a note, or a mark that stands alone.
    fn is_note(&mut self, folded: &str) -> bool {
        let marked = split_mark(folded);
        if self.lexicon.notes.strip_start(folded.trim_start_matches(['(', '*'])).is_some() {
            self.notes = Notes::Listed;
        } else if self.notes != Notes::Listed {
            let goes_on = self.notes == Notes::Marked || marked.is_some_and(|rest| rest.chars().count() >= LEAST_NOTE);
            self.notes = if goes_on && !folded.ends_with('。') { Notes::Marked } else { Notes::None };
            return goes_on || marked == Some("");
        }
        true
    }

    fn is_caption(&self, folded: &str) -> bool {
        let numbered = |rest: &str| {
            rest.starts_with(|first: char| first.is_ascii_digit()) || read_chinese_numeral(rest.get(..3).unwrap_or_default()).is_some()
        };
        self.lexicon.caption.strip_start(folded).is_some_and(numbered) && !folded.contains(['。', '；'])
    }

    fn close(&mut self) {
        let sentence = std::mem::take(&mut self.open);
        if sentence.text.contains(|character: char| character.is_ascii_digit()) {
            self.text.sentences.push(Sentence { is_behind_words: std::mem::take(&mut self.is_behind_words), ..sentence });
        } else {
            self.is_behind_words |= !sentence.text.is_empty();
        }
    }
}

/// The length of `— 7 —`, the number of a page in the middle of its text.
fn page_mark(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('—')?;
    let digits = inside.trim_start();
    let rest = digits.trim_start_matches(|character: char| character.is_ascii_digit());
    let n_digits = digits.len() - rest.len();
    let end = rest.trim_start().strip_prefix('—')?;
    (1..=LONGEST_PAGE).contains(&n_digits).then(|| text.len() - end.len())
}

/// Where the mark of a footnote ends that a text begins with: `[2]`.
fn footnote_end(text: &str) -> Option<usize> {
    let folded = |character: char| fold_word(character);
    let length = text.char_indices().skip(1).take(6).find(|(_, character)| *character == ']')?.0;
    let mark: String = text.get(1..length)?.chars().map(folded).collect();
    is_footnote(&mark).then_some(length)
}

/// Where the bracket closes that opens at `open`; the end of the text where it never does.
pub(super) fn closing(text: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, character) in text.get(open..).unwrap_or_default().char_indices() {
        match character {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return open + at;
                }
            }
            _ => {}
        }
    }
    text.len()
}
