//! What a person needs beside a finding: the line of the source, or the strip of the page, with the place marked; and
//! the lines in which a publisher may have signed.

use super::record::{Crop, Finding, both, place};
use crate::doc::{Block, Document};
use crate::flag::Flag;
use crate::fold::{is_hidden, tidy};
use crate::identify::period;
use crate::place::{Anchor, Place, Places, Span};
use crate::report::Report;

/// A flag with its evidence.
pub fn finding(report: &Report, flag: &Flag) -> Finding {
    let document = &report.source.document;
    let (source, mark) = flag.span.map(|span| line(&document.text, span)).unwrap_or_default();
    Finding {
        code: flag.code.name().into(),
        severity: flag.severity.name().into(),
        fault: flag.fault.name().into(),
        message: both(&flag.message),
        help: flag.help.as_ref().map(both),
        cells: flag.cells.clone(),
        proposal: flag.proposal.as_ref().map(|proposal| (proposal.cell.clone(), proposal.value.clone())),
        place: place(report, flag.span).into_string(),
        source,
        mark,
        crop: flag.span.filter(|_| flag.severity > crate::flag::Severity::Note).and_then(|span| crop(document, span)),
    }
}

/// Characters kept on either side of a place.
const WIDEST: usize = 160;

/// The first line that a span touches, and where in it the span lies, in characters.
fn line(text: &str, span: Span) -> (String, [u32; 2]) {
    let (Some(before), Some(after)) = (text.get(..span.start as usize), text.get(span.start as usize..)) else {
        return Default::default();
    };
    let is_end = |character: &char| matches!(character, '\n' | '\r');
    let mut head: Vec<char> = before.chars().rev().take_while(|character| !is_end(character)).take(WIDEST).collect();
    head.reverse();
    let tail: Vec<char> = after.chars().take_while(|character| !is_end(character)).take(WIDEST).collect();
    let n_meant = text.get(span.range()).map_or(0, |meant| meant.chars().count().min(tail.len()));
    let shown = |character: &char| match character {
        '\t' => '→',
        hidden if is_hidden(*hidden) || hidden.is_control() => '·',
        other => *other,
    };
    let words: String = head.iter().chain(&tail).map(shown).collect();
    let start = u32::try_from(head.len()).unwrap_or(0);
    (words, [start, start + u32::try_from(n_meant).unwrap_or(0)])
}

/// Points above and below a place that are shown with it.
const MARGIN: f32 = 26.0;
/// Words in a strip; more than these is no strip.
const MOST_WORDS: usize = 160;

/// The words around a place on its page.
fn crop(document: &Document, span: Span) -> Option<Crop> {
    let Some(Place::Page { page, bounds: mark }) = document.place(span) else { return None };
    let Places::Anchors(anchors) = &document.places else { return None };
    let near = |anchor: &&Anchor| match anchor.place {
        Place::Page { page: own, bounds } => own == page && bounds[3] >= mark[1] - MARGIN && bounds[1] <= mark[3] + MARGIN,
        _ => false,
    };
    // A page's anchors stand together in order of text; the strip is looked for around the place alone.
    let at = anchors.partition_point(|anchor| anchor.span.start <= span.start);
    let window = anchors.get(at.saturating_sub(MOST_WORDS * 4)..(at + MOST_WORDS * 4).min(anchors.len()))?;
    let words = window.iter().filter(near).filter_map(|anchor| match &anchor.place {
        Place::Page { bounds, .. } => Some((tidy(document.slice(anchor.span)), *bounds)).filter(|(words, _)| !words.is_empty()),
        _ => None,
    });
    Some(Crop { page, mark, words: words.take(MOST_WORDS).collect() })
}

/// Paragraphs at either end of a report in which a name is looked for.
const REACH: usize = 6;
/// A longer paragraph is a sentence, not a signature.
const LONGEST: usize = 60;

/// The year that a paragraph near the top gives as the period of the report.
pub fn find_period(document: &Document) -> Option<i32> {
    let paras = document.blocks.iter().filter_map(|block| if let Block::Para(para) = block { Some(para.span) } else { None });
    paras.take(2 * REACH).find_map(|span| period(document.slice(span)))
}

/// Short paragraphs near the top and the end.
pub fn signing_lines(document: &Document) -> Vec<String> {
    let paras: Vec<Span> =
        document.blocks.iter().filter_map(|block| if let Block::Para(para) = block { Some(para.span) } else { None }).collect();
    let tail = paras.len().saturating_sub(REACH).max(REACH.min(paras.len()));
    let ends = paras.iter().take(REACH).chain(paras.iter().skip(tail));
    ends.map(|&span| tidy(document.slice(span))).filter(|words| !words.is_empty() && words.chars().count() <= LONGEST).collect()
}
