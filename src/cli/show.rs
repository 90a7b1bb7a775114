//! Findings for a person: the source line with a caret, then one line of sums.

use super::tongue;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use luoshu::emit;
use luoshu::flag::{Flag, Message, Related, Severity};
use luoshu::fold::is_hidden;
use luoshu::grammar::load::GrammarError;
use luoshu::manual::{Language, say};
use luoshu::place::{Place, Span};
use luoshu::report::Report;

/// What is shown of the findings, and in which language.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// The least severity.
    pub least: Severity,
    /// The language of messages.
    pub language: Language,
}

/// Every finding that is shown, then one line: numbers seen, placed, flagged, identities held.
pub fn findings(report: &Report, path: &str, view: View) -> String {
    let mut out = String::new();
    for flag in shown(report, view.least) {
        out.push_str(&finding(report, path, flag, view.language));
        out.push_str("\n\n");
    }
    let coverage = &report.coverage;
    let tally = report.tally();
    let n_flagged = report.flags.iter().filter(|flag| flag.severity > Severity::Note).count();
    let counts = [
        coverage.numbers.to_string(),
        coverage.placed.to_string(),
        coverage.noted.len().to_string(),
        coverage.unplaced.len().to_string(),
        n_flagged.to_string(),
        tally.held.to_string(),
        tally.failed.to_string(),
        tally.not_checkable.to_string(),
    ];
    let line = Message::new(
        "{0} numbers, {1} placed, {2} noted, {3} unplaced; {4} flagged; sums: {5} held, {6} failed, {7} not checkable",
        counts,
    );
    let mut line = say(&line, view.language);
    if report.family.is_none() {
        line = say(&Message::new("{0}; no report family fits", [line]), view.language);
    }
    out.push_str(&format!("{}: {line}\n", plain(path)));
    plain_lines(&out)
}

/// One JSON object a finding.
pub fn findings_as_json(report: &Report, path: &str, least: Severity) -> String {
    let line = |flag: &Flag| format!("{}\n", emit::flag_to_json(report, flag, path));
    shown(report, least).map(line).collect()
}

/// One workflow command a finding.
pub fn findings_for_github(report: &Report, path: &str, view: View) -> String {
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
        let escape = |text: &str| plain(text).replace('%', "%25");
        // A colon or a comma in a path would end it, and begin a command of its own.
        let path = escape(path).replace(':', "%3A").replace(',', "%2C");
        format!("::{level} file={path}{at},title={}::{}\n", flag.code.name(), escape(&say(&flag.message, view.language)))
    };
    shown(report, view.least).map(line).collect()
}

fn shown<'r>(report: &'r Report, least: Severity) -> impl Iterator<Item = &'r Flag> {
    report.flags.iter().filter(move |flag| flag.severity >= least)
}

fn finding(report: &Report, path: &str, flag: &Flag, language: Language) -> String {
    let level = match flag.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let level = level.with_name(say(&tongue::severity(flag.severity), language));
    let message = plain(&say(&flag.message, language));
    let title = level.primary_title(message.as_str()).id(flag.code.name());
    let drawn: Vec<Drawn> = flag.span.and_then(|span| find_source_line(report, span, language)).into_iter().collect();
    let others = find_other_lines(report, flag, &drawn, language);
    let proposal = flag.proposal.as_ref().map(|proposal| {
        let facts = [proposal.cell.clone(), proposal.value.clone(), say(&proposal.reason, language)];
        let message = if proposal.only {
            Message::new("{0} would be {1}: {2}", facts)
        } else {
            Message::new("{0} would be {1}: {2} (not the only way)", facts)
        };
        plain(&say(&message, language))
    });
    let cells = (!flag.cells.is_empty()).then(|| plain(&say(&Message::new("concerns {0}", [flag.cells.join(", ")]), language)));
    let name = plain(path);
    let mut group = Group::with_title(title);
    for line in &drawn {
        group = group.element(line.snippet(&name, AnnotationKind::Primary.span(line.range.clone())));
    }
    for (line, label) in &others {
        group = group.element(line.snippet(&name, AnnotationKind::Context.span(line.range.clone()).label(*label)));
    }
    for note in [cells, proposal].into_iter().flatten() {
        group = group.element(Level::NOTE.with_name(say(&tongue::severity(Severity::Note), language)).message(note));
    }
    if let Some(help) = &flag.help {
        group = group.element(Level::HELP.with_name(say(&Message::plain("help"), language)).message(plain(&say(help, language))));
    }
    let paths = drawn.iter().chain(others.iter().map(|(line, _)| line)).filter_map(|line| line.path_of_part(&name));
    paths.fold(Renderer::plain().render(&[group]), |drawn, path| without_line(&drawn, &path))
}

/// More lines than these tell a person less, not more.
const MOST_OTHERS: usize = 3;

/// The other lines that a finding is about, each with what its mark says; none where they are many.
fn find_other_lines<'r>(report: &Report, flag: &'r Flag, drawn: &[Drawn], language: Language) -> Vec<(Drawn, &'r str)> {
    if flag.related.len() > MOST_OTHERS {
        return Vec::new();
    }
    let is_new = |line: &Drawn| drawn.iter().all(|own| (own.number, &own.words) != (line.number, &line.words));
    let line = |related: &'r Related| Some((find_source_line(report, related.span, language).filter(is_new)?, related.label.as_str()));
    flag.related.iter().filter_map(line).collect()
}

/// A page or a sheet has no lines, but every path is drawn with one.
fn without_line(drawn: &str, path: &str) -> String {
    let mut parts = drawn.split(path);
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        out.push_str(path);
        out.push_str(part.trim_start_matches(|character: char| character == ':' || character.is_ascii_digit()));
    }
    out
}

/// What is drawn of a line: enough around the place for a person, never a megabyte.
const WIDEST: usize = 240;

/// A line of the source as it is drawn.
struct Drawn {
    /// Where the line stands, in a file that has no lines of its own.
    part: Option<String>,
    number: usize,
    words: String,
    /// What is marked of the words.
    range: std::ops::Range<usize>,
}

impl Drawn {
    fn snippet<'a>(&'a self, name: &'a str, mark: Annotation<'a>) -> Snippet<'a, Annotation<'a>> {
        let snippet = Snippet::source(self.words.as_str()).line_start(self.number).annotation(mark);
        match self.path_of_part(name) {
            Some(path) => snippet.path(path).line_numbering(false),
            None => snippet.path(name),
        }
    }

    fn path_of_part(&self, name: &str) -> Option<String> {
        self.part.as_ref().map(|part| format!("{name}, {part}"))
    }
}

/// The first line that a span touches, with tabs and control characters shown, and where in it the span lies.
fn find_source_line(report: &Report, span: Span, language: Language) -> Option<Drawn> {
    let text = &report.source.document.text;
    let (number, part) = match report.source.document.place(span)? {
        Place::Text { line, .. } => (line as usize, None),
        Place::Page { page, .. } => (1, Some(say(&Message::new("page {0}", [page.to_string()]), language))),
        Place::Sheet { sheet, cell } => (1, Some(format!("{sheet}!{cell}"))),
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
    Some(Drawn { part, number, words: out, range: start..end.max(start) })
}

/// Text that cannot steer a terminal.
pub fn plain(text: &str) -> String {
    text.chars().map(|character| if character.is_control() || is_hidden(character) { '·' } else { character }).collect()
}

/// Lines that cannot steer a terminal: their ends and tabs are kept.
pub fn plain_lines(text: &str) -> String {
    let steers = |character: char| (character.is_control() || is_hidden(character)) && !matches!(character, '\n' | '\t');
    text.chars().map(|character| if steers(character) { '·' } else { character }).collect()
}

/// More mistakes than these are counted and not drawn.
const MOST_DRAWN: usize = 100;

/// Mistakes in a grammar file, each with its line and a caret.
pub fn grammar_errors(path: &str, text: &str, errors: &[GrammarError], language: Language) -> String {
    let drawn: Vec<String> = errors.iter().take(MOST_DRAWN).map(|error| grammar_error(path, text, error, language)).collect();
    drawn.join("\n\n")
}

fn grammar_error(path: &str, text: &str, error: &GrammarError, language: Language) -> String {
    let level = Level::ERROR.with_name(say(&tongue::severity(Severity::Error), language));
    let title = level.primary_title(plain(&say(&error.message, language)));
    // An escape in a text makes it shorter than its characters in the file, so an offset may fall inside one of them.
    let (start, end) = (text.floor_char_boundary(error.span.start), text.ceil_char_boundary(error.span.end));
    let name = plain(path);
    let snippet = Snippet::source(text).path(name.as_str()).annotation(AnnotationKind::Primary.span(start..end.max(start)));
    Renderer::plain().render(&[title.element(snippet)])
}
