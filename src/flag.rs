//! The only diagnostic type: what was found, how grave, where, which values it concerns.
//!
//! A room raises flags beside its output ([`Flagged`]); nothing in here prints or decides. What each code means to a
//! reader is told in the manual (`src/manual/`), from which `luoshu explain` is made.

use crate::place::Span;

/// A value, and what was odd about it.
#[derive(Debug, Clone)]
pub struct Flagged<T> {
    /// The value.
    pub value: T,
    /// What was found on the way.
    pub flags: Vec<Flag>,
}

/// One finding.
#[derive(Debug, Clone)]
pub struct Flag {
    /// What kind of finding.
    pub code: Code,
    /// How grave it is here; usually [`Code::severity`].
    pub severity: Severity,
    /// Who is to blame.
    pub fault: Fault,
    /// The fact, with its figures.
    pub message: Message,
    /// What a person would look at.
    pub help: Option<Message>,
    /// Where it stands.
    pub span: Option<Span>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// Keys of the values it concerns; `table/row/*` a row, `table/*` a table.
    pub cells: Vec<String>,
    /// What the value might have been.
    pub proposal: Option<Proposal>,
    /// The placements that are all possible, where more than one is.
    pub candidates: Vec<Vec<Candidate>>,
}

impl Flag {
    /// A flag of a code's usual severity, with no place yet.
    pub fn new(code: Code, message: Message) -> Flag {
        Flag {
            code,
            severity: code.severity(),
            fault: Fault::Unknown,
            message,
            help: None,
            span: None,
            related: Vec::new(),
            cells: Vec::new(),
            proposal: None,
            candidates: Vec::new(),
        }
    }

    /// The place.
    pub fn at(self, span: Span) -> Flag {
        Flag { span: Some(span), ..self }
    }

    /// The keys it concerns.
    pub fn about(self, cells: Vec<String>) -> Flag {
        Flag { cells, ..self }
    }

    /// What a person would look at.
    pub fn help(self, help: Message) -> Flag {
        Flag { help: Some(help), ..self }
    }

    /// Whose fault.
    pub fn fault(self, fault: Fault) -> Flag {
        Flag { fault, ..self }
    }

    /// Another severity than the usual one.
    pub fn graded(self, severity: Severity) -> Flag {
        Flag { severity, ..self }
    }
}

/// A second place, with a word on what stands there.
#[derive(Debug, Clone)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// Key of the value there, or a short label.
    pub label: String,
}

/// A value that would settle a finding. It stands beside the printed one, never in its place.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Key of the cell.
    pub cell: String,
    /// The number it might be, in digits.
    pub value: String,
    /// Why this one.
    pub reason: Message,
    /// True when no other change of the same size explains the findings.
    pub only: bool,
}

/// One cell of one possible placement.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Key of the cell.
    pub cell: String,
    /// The characters that would stand there; none where it would be blank.
    pub raw: Option<String>,
}

/// A sentence with its figures kept apart, so that it can be said in another language.
///
/// The template is the English sentence; `{0}`, `{1}` … stand for the facts. A catalogue keyed by template gives the
/// others, as gettext does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// English sentence with numbered holes.
    pub template: &'static str,
    /// What goes into the holes.
    pub facts: Vec<String>,
}

impl Message {
    /// A sentence without figures.
    pub fn plain(template: &'static str) -> Message {
        Message { template, facts: Vec::new() }
    }

    /// A sentence with figures.
    pub fn new<const N: usize>(template: &'static str, facts: [String; N]) -> Message {
        Message { template, facts: facts.into() }
    }

    /// The sentence in the words of `template`, which has the same holes as the English one.
    pub fn render(&self, template: &str) -> String {
        let mut out = String::with_capacity(template.len() + 16);
        let mut rest = template;
        while let Some((before, hole, after)) = find_hole(rest) {
            out.push_str(before);
            out.push_str(self.facts.get(hole).map_or("", String::as_str));
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

impl std::fmt::Display for Message {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.render(self.template))
    }
}

fn find_hole(text: &str) -> Option<(&str, usize, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (digits, after) = rest.split_once('}')?;
    Some((before, digits.parse().ok()?, after))
}

/// How grave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; read without doubt.
    Note,
    /// Malformed, placed all the same; a person should look.
    Warning,
    /// A number is lost, contradicted or cannot be placed.
    Error,
}

impl Severity {
    /// The public name.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Whose fault a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The report itself is wrong.
    Source,
    /// The layout is malformed or ambiguous.
    Reading,
    /// It cannot be told.
    Unknown,
}

impl Fault {
    /// The public name.
    pub fn name(self) -> &'static str {
        match self {
            Fault::Source => "source",
            Fault::Reading => "reading",
            Fault::Unknown => "unknown",
        }
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal $severity:ident;)+) => {
        /// What kind of finding; the kebab name is public, stable and never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code, in order of where it is raised: file, section, table, header, row, cell, sum, claim, year, dataset.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The public name.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)+ }
            }

            /// The severity it has unless the raising site knows better.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)+ }
            }
        }
    };
}

codes! {
    /// A page or file has no text to read.
    NoText "no-text" Error;
    /// The file is something else: a list page, an error page, a viewer.
    NotAReport "not-a-report" Error;
    /// The encoding had to be guessed, or did not decode cleanly.
    EncodingDoubt "encoding-doubt" Warning;
    /// No report family fits.
    FamilyUnknown "family-unknown" Note;
    /// A section that the family has is not there.
    SectionMissing "section-missing" Warning;
    /// A section's number does not follow the one before.
    SectionNumberOff "section-number-off" Warning;
    /// Two sections carry the same number or role.
    SectionTwice "section-twice" Warning;
    /// A table that the family has is not there.
    TableMissing "table-missing" Error;
    /// One table stands in several pieces.
    TableSplit "table-split" Note;
    /// A header, or a part of one, is lost.
    HeaderMissing "header-missing" Warning;
    /// A column's header is not one the family knows, or stands in another order.
    HeaderUnknown "header-unknown" Warning;
    /// A row has fewer numbers than columns: one is missing.
    RowShort "row-short" Error;
    /// A row has more cells than columns.
    RowLong "row-long" Warning;
    /// A label or the numbers of a row stand in another column than they belong.
    RowShifted "row-shifted" Warning;
    /// One row is broken over several lines.
    RowBroken "row-broken" Warning;
    /// Two rows stand on one line.
    RowGlued "row-glued" Warning;
    /// A row that the form has is not there.
    RowMissing "row-missing" Warning;
    /// A row stands twice.
    RowTwice "row-twice" Warning;
    /// Two rows stand in the wrong order.
    RowsSwapped "rows-swapped" Warning;
    /// A row with numbers that the form does not have.
    RowUnknown "row-unknown" Warning;
    /// A label is misprinted and recognised all the same.
    LabelMisprint "label-misprint" Note;
    /// A number stands in a table and has found no value.
    NumberUnplaced "number-unplaced" Error;
    /// A cell should hold a number and cannot be read as one.
    NumberUnread "number-unread" Error;
    /// One number stands in two pieces.
    NumberSplit "number-split" Warning;
    /// A cell prints another unit than its column.
    UnitMismatch "unit-mismatch" Warning;
    /// A cell prints nothing.
    CellBlank "cell-blank" Note;
    /// A cell prints words beside its number.
    CellAnnotated "cell-annotated" Note;
    /// A sum does not add up.
    SumOff "sum-off" Error;
    /// A sum cannot be checked.
    SumUnknown "sum-unknown" Note;
    /// A sentence and a table disagree.
    ClaimOff "claim-off" Error;
    /// Two independent readers disagree on a number.
    ReadersDisagree "readers-disagree" Error;
    /// Two years of one publisher do not meet.
    YearCarryOff "year-carry-off" Warning;
    /// A number is ten times what it was the year before, or a tenth.
    YearLeap "year-leap" Note;
    /// Two files are of one publisher, year and family.
    ReportTwice "report-twice" Warning;
    /// A number is far from what other reports print.
    Outlier "outlier" Note;
    /// A body's numbers are not those of its parts added up.
    PartsOff "parts-off" Warning;
    /// Whose a report is, or on which year, is said in two ways.
    ImprintDoubt "imprint-doubt" Warning;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_said_in_another_language() {
        let message = Message::new("{0} numbers for {1} columns", ["8".into(), "7".into()]);
        assert_eq!(message.to_string(), "8 numbers for 7 columns");
        assert_eq!(message.render("{1} 列有 {0} 个数"), "7 列有 8 个数");
    }
}
