//! Findings for a person: the source line with a caret, then one line of sums.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use luoshu::emit;
use luoshu::flag::{Flag, Severity};
use luoshu::fold::is_hidden;
use luoshu::grammar::load::GrammarError;
use luoshu::place::{Place, Span};
use luoshu::report::Report;

/// Every finding from `least` up, then one line: numbers seen, placed, flagged, identities held.
pub fn findings(report: &Report, path: &str, least: Severity) -> String {
    let mut out = String::new();
    for flag in shown(report, least) {
        out.push_str(&finding(report, path, flag));
        out.push_str("\n\n");
    }
    let coverage = &report.coverage;
    let tally = &report.checked.tally;
    let n_flagged = report.flags.iter().filter(|flag| flag.severity > Severity::Note).count();
    out.push_str(&format!(
        "{}: {} numbers, {} placed, {} noted, {} unplaced; {} flagged; sums: {} held, {} failed, {} not checkable\n",
        plain(path),
        coverage.numbers,
        coverage.placed,
        coverage.noted.len(),
        coverage.unplaced.len(),
        n_flagged,
        tally.held,
        tally.failed,
        tally.not_checkable
    ));
    out
}

/// One JSON object a finding.
pub fn findings_as_json(report: &Report, path: &str, least: Severity) -> String {
    let line = |flag: &Flag| format!("{}\n", emit::flag_to_json(report, flag, path));
    shown(report, least).map(line).collect()
}

/// One workflow command a finding.
pub fn findings_for_github(report: &Report, path: &str, least: Severity) -> String {
    let line = |flag: &Flag| {
        let level = match flag.severity {
            Severity::Note => "notice",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let at = match flag.span.and_then(|span| report.source.document.place(span)) {
            Some(Place::Text { line, column, .. }) => format!(",line={line},col={column}"),
            _ => String::new(),
        };
        let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        format!("::{level} file={}{at},title={}::{}\n", escape(path), flag.code.name(), escape(&flag.message.to_string()))
    };
    shown(report, least).map(line).collect()
}

fn shown<'r>(report: &'r Report, least: Severity) -> impl Iterator<Item = &'r Flag> {
    report.flags.iter().filter(move |flag| flag.severity >= least)
}

fn finding(report: &Report, path: &str, flag: &Flag) -> String {
    let level = match flag.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let message = plain(&flag.message.to_string());
    let title = level.primary_title(message.as_str()).id(flag.code.name());
    let drawn = flag.span.and_then(|span| source_line(report, span));
    let proposal = flag.proposal.as_ref().map(|proposal| {
        format!(
            "{} would be {}: {}{}",
            proposal.cell,
            proposal.value,
            proposal.reason,
            if proposal.only { "" } else { " (not the only way)" }
        )
    });
    let cells = (!flag.cells.is_empty()).then(|| format!("concerns {}", plain(&flag.cells.join(", "))));
    let name = plain(path);
    let mut group = match &drawn {
        Some((number, line, range)) => {
            let snippet = Snippet::source(line.as_str())
                .line_start(*number)
                .path(name.as_str())
                .annotation(AnnotationKind::Primary.span(range.clone()));
            title.element(snippet)
        }
        None => Group::with_title(title),
    };
    for note in [cells, proposal].into_iter().flatten() {
        group = group.element(Level::NOTE.message(note));
    }
    if let Some(help) = &flag.help {
        group = group.element(Level::HELP.message(help.to_string()));
    }
    Renderer::plain().render(&[group])
}

/// What is drawn of a line: enough around the place for a person, never a megabyte.
const WIDEST: usize = 240;

/// The first line that a span touches, with tabs and control characters shown, and where in it the span lies.
fn source_line(report: &Report, span: Span) -> Option<(usize, String, std::ops::Range<usize>)> {
    let text = &report.source.document.text;
    let number = match report.source.document.place(span)? {
        Place::Text { line, .. } => line as usize,
        Place::Page { .. } | Place::Sheet { .. } => 1,
    };
    let is_end = |character: char| matches!(character, '\n' | '\r');
    let (before, after) = (text.get(..span.start as usize)?, text.get(span.start as usize..)?);
    let head: usize = before.chars().rev().take_while(|&character| !is_end(character)).take(WIDEST).map(char::len_utf8).sum();
    let tail: usize = after.chars().take_while(|&character| !is_end(character)).take(WIDEST).map(char::len_utf8).sum();
    let first = before.len() - head;
    let (mut out, mut start, mut end) = (String::new(), None, 0);
    for (offset, character) in text.get(first..before.len() + tail)?.char_indices() {
        let at = first + offset;
        if at >= span.start as usize && start.is_none() {
            start = Some(out.len());
        }
        match character {
            '\t' => out.push('→'),
            hidden if is_hidden(hidden) || hidden.is_control() => out.push('·'),
            shown => out.push(shown),
        }
        if at < span.end as usize {
            end = out.len();
        }
    }
    let start = start.unwrap_or(out.len());
    Some((number, out, start..end.max(start)))
}

/// Text that cannot steer a terminal.
fn plain(text: &str) -> String {
    text.chars().map(|character| if character.is_control() || is_hidden(character) { '·' } else { character }).collect()
}

/// A mistake in a grammar file, with the line and a caret.
pub fn grammar_error(path: &str, text: &str, error: &GrammarError) -> String {
    let title = Level::ERROR.primary_title(error.message.as_str());
    let snippet = Snippet::source(text).path(path).annotation(AnnotationKind::Primary.span(error.span.clone()));
    Renderer::plain().render(&[title.element(snippet)])
}
