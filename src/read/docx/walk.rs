//! The XML of a body or of notes → paragraphs and tables, nested as they are in the file.
//!
//! One pass, no recursion: open elements that matter stand on a stack of frames, and what is finished goes to the
//! frame below. What a reader of the printed page does not see (deleted text, field codes, hidden runs, the second
//! of two alternatives) is passed over.

use super::numbering::Numbering;
use super::styles::{Kind, Props, Styles};
use crate::doc::Look;
use crate::flag::Message;
use crate::read::trouble::Trouble;
use crate::read::xml::{Node, Xml, attribute, local, number};
use quick_xml::events::BytesStart;

/// Cells of one document.
const MOST_CELLS: usize = 1_000_000;
/// Columns that one cell may span; Word itself has 63 columns.
const WIDEST_SPAN: u32 = 1024;

/// A paragraph or a table.
#[derive(Debug)]
pub enum Piece {
    /// A paragraph.
    Para(ParaDraft),
    /// A table.
    Table(TableDraft),
}

/// A paragraph as drafted.
#[derive(Debug, Default)]
pub struct ParaDraft {
    /// Its words; line breaks are `\n`.
    pub words: String,
    /// How it looks; the scale is worked out when all sizes are known.
    pub look: Look,
    /// Size in half points.
    pub size: Option<u32>,
    /// A line of the table of contents.
    pub is_contents: bool,
    style: Option<String>,
    props: Props,
    bold: (usize, usize),
    is_raised: bool,
    goes_on: bool,
    boxes: Vec<Piece>,
}

/// A table as drafted.
#[derive(Debug, Default)]
pub struct TableDraft {
    /// Rows, deleted ones left out.
    pub rows: Vec<RowDraft>,
}

/// A row as drafted.
#[derive(Debug, Default)]
pub struct RowDraft {
    /// Grid columns left free before the first cell.
    pub before: u32,
    /// Cells.
    pub cells: Vec<CellDraft>,
    is_deleted: bool,
}

/// A cell as drafted.
#[derive(Debug, Default)]
pub struct CellDraft {
    /// Grid columns it spans.
    pub columns: u32,
    /// It goes on from the cell above.
    pub hangs: bool,
    /// It goes on from the cell before.
    pub trails: bool,
    /// What stands in it.
    pub pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Frame {
    Flow(Vec<Piece>),
    Para(Box<ParaDraft>),
    Table(TableDraft),
    Row(RowDraft),
    Cell(CellDraft),
}

/// Whose properties are being read.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Owner {
    Para,
    ParaMark,
    Run,
    Row,
    Cell,
}

/// A pass over one part.
pub struct Walk<'p> {
    xml: Xml<'p>,
    styles: &'p Styles,
    numbering: &'p mut Numbering,
    frames: Vec<(usize, Frame)>,
    owners: Vec<(usize, Owner)>,
    run: Props,
    in_text: bool,
    alternatives: Vec<(usize, bool)>,
    n_cells: usize,
    pending: Option<String>,
    /// What was met on the way.
    pub troubles: Vec<Trouble>,
}

impl<'p> Walk<'p> {
    /// Begin at the start of a part.
    pub fn new(text: &'p str, styles: &'p Styles, numbering: &'p mut Numbering) -> Walk<'p> {
        Walk {
            xml: Xml::new(text),
            styles,
            numbering,
            frames: vec![(0, Frame::Flow(Vec::new()))],
            owners: Vec::new(),
            run: Props::default(),
            in_text: false,
            alternatives: Vec::new(),
            n_cells: 0,
            pending: None,
            troubles: Vec::new(),
        }
    }

    /// Go through it.
    pub fn run(&mut self) -> Vec<Piece> {
        while let Some(node) = self.xml.step() {
            match node {
                Node::Open(start) => self.open(&start),
                Node::Close => self.close(),
                Node::Text(text) => {
                    if self.in_text {
                        self.write(&text);
                    }
                }
            }
            if self.n_cells > MOST_CELLS {
                self.troubles.push(Trouble::too_large(Message::new("the tables have more than {0} cells", [MOST_CELLS.to_string()])));
                break;
            }
        }
        self.troubles.extend(self.xml.trouble.take());
        while self.frames.len() > 1 {
            self.pop();
        }
        if let Some(words) = self.pending.take() {
            self.put(vec![Piece::Para(ParaDraft { words, ..ParaDraft::default() })]);
        }
        match self.frames.pop() {
            Some((_, Frame::Flow(pieces))) => pieces,
            _ => Vec::new(),
        }
    }

    fn open(&mut self, start: &BytesStart) {
        let name = local(start);
        if let Some((_, owner)) = self.owners.last().copied() {
            self.property(owner, name, start);
            return;
        }
        let depth = self.xml.depth;
        match name {
            "p" => self.frames.push((depth, Frame::Para(Box::default()))),
            "tbl" => self.frames.push((depth, Frame::Table(TableDraft::default()))),
            "tr" if matches!(self.frames.last(), Some((_, Frame::Table(_)))) => self.frames.push((depth, Frame::Row(RowDraft::default()))),
            "tc" if matches!(self.frames.last(), Some((_, Frame::Row(_)))) => {
                self.n_cells += 1;
                self.frames.push((depth, Frame::Cell(CellDraft { columns: 1, ..CellDraft::default() })));
            }
            "txbxContent" => self.frames.push((depth, Frame::Flow(Vec::new()))),
            "footnote" | "endnote" if attribute(start, "type").is_some_and(|kind| kind != "normal") => self.xml.skip(),
            "pPr" => self.owners.push((depth, Owner::Para)),
            "trPr" => self.owners.push((depth, Owner::Row)),
            "tcPr" => self.owners.push((depth, Owner::Cell)),
            "rPr" => self.owners.push((depth, Owner::Run)),
            "r" => self.run = Props::default(),
            "t" => self.in_text = true,
            "tab" | "ptab" => self.write("\t"),
            "br" | "cr" => self.write("\n"),
            "noBreakHyphen" => self.write("-"),
            "del" | "moveFrom" | "sdtPr" | "tblPr" | "tblGrid" | "sectPr" | "rt" | "instrText" | "docPr" => self.xml.skip(),
            "AlternateContent" => self.alternatives.push((depth, false)),
            "Choice" | "Fallback" => self.alternative(),
            "altChunk" => self.troubles.push(Trouble::partial(Message::plain("a document set into this one is not read"))),
            "OLEObject" if attribute(start, "ProgID").is_some_and(|program| program.starts_with("Excel.")) => {
                self.troubles.push(Trouble::partial(Message::plain("a worksheet set into the text as a picture is not read")));
            }
            _ => {}
        }
    }

    /// The first alternative is read, the others say the same again.
    fn alternative(&mut self) {
        match self.alternatives.last_mut() {
            Some((_, taken)) if *taken => self.xml.skip(),
            Some((_, taken)) => *taken = true,
            None => {}
        }
    }

    fn close(&mut self) {
        let depth = self.xml.depth;
        self.in_text = false;
        if self.owners.last().is_some_and(|(opened, _)| *opened == depth) {
            self.owners.pop();
        } else if self.alternatives.last().is_some_and(|(opened, _)| *opened == depth) {
            self.alternatives.pop();
        } else if self.frames.len() > 1 && self.frames.last().is_some_and(|(opened, _)| *opened == depth) {
            self.pop();
        }
    }

    fn property(&mut self, owner: Owner, name: &str, start: &BytesStart) {
        match (owner, name) {
            (_, "pPrChange" | "rPrChange" | "trPrChange" | "tcPrChange" | "tabs" | "framePr" | "sectPr" | "numberingChange") => {
                self.xml.skip()
            }
            (Owner::Para, "rPr") => self.owners.push((self.xml.depth, Owner::ParaMark)),
            (Owner::Run, "rStyle") => {
                let props = self.styles.characters(&attribute(start, "val").unwrap_or_default());
                self.run = std::mem::take(&mut self.run).or(&props);
            }
            (Owner::Run, _) => self.run.take(start),
            (Owner::Para | Owner::ParaMark, _) => {
                let Some((_, Frame::Para(para))) = self.frames.last_mut() else { return };
                match name {
                    "pStyle" => para.style = attribute(start, "val"),
                    "del" | "moveFrom" if owner == Owner::ParaMark => para.goes_on = true,
                    _ if owner == Owner::Para => para.props.take(start),
                    _ => {}
                }
            }
            (Owner::Row, _) => {
                let Some((_, Frame::Row(row))) = self.frames.last_mut() else { return };
                match name {
                    "gridBefore" => row.before = number(start, "val").unwrap_or(0).min(WIDEST_SPAN),
                    "del" => row.is_deleted = true,
                    _ => {}
                }
            }
            (Owner::Cell, _) => self.cell_property(name, start),
        }
    }

    fn cell_property(&mut self, name: &str, start: &BytesStart) {
        let Some((_, Frame::Cell(cell))) = self.frames.last_mut() else { return };
        let goes_on = || attribute(start, "val").is_none_or(|value| value != "restart");
        match name {
            "gridSpan" => {
                let columns = number(start, "val").unwrap_or(1).max(1);
                cell.columns = columns.min(WIDEST_SPAN);
                if columns > WIDEST_SPAN {
                    let trouble = Trouble::too_large(Message::new("a cell spans {0} columns", [columns.to_string()]));
                    self.troubles.push(trouble);
                }
            }
            "vMerge" => cell.hangs = goes_on(),
            "hMerge" => cell.trails = goes_on(),
            _ => {}
        }
    }

    fn write(&mut self, text: &str) {
        if self.run.hidden == Some(true) {
            return;
        }
        let Some((_, Frame::Para(para))) =
            self.frames.iter_mut().rev().find(|(_, frame)| !matches!(frame, Frame::Table(_) | Frame::Row(_)))
        else {
            return;
        };
        let is_raised = self.run.raised == Some(true);
        // A note's number beside a number is no digit of it.
        let is_edge = std::mem::replace(&mut para.is_raised, is_raised) != is_raised;
        if is_edge && para.words.ends_with(|last: char| last.is_ascii_digit()) && text.starts_with(|next: char| next.is_ascii_digit()) {
            para.words.push('^');
        }
        let n_shown = text.chars().filter(|character| !character.is_whitespace()).count();
        let is_bold = self.run.bold.unwrap_or_else(|| self.styles.paragraph(para.style.as_deref()).0.bold.unwrap_or(false));
        para.bold = (para.bold.0 + if is_bold { n_shown } else { 0 }, para.bold.1 + n_shown);
        if n_shown > 0 && para.size.is_none() {
            para.size = self.run.size;
        }
        para.words.push_str(text);
    }

    /// Finish the innermost frame and hand it to the one below.
    fn pop(&mut self) {
        let Some((_, frame)) = self.frames.pop() else { return };
        match frame {
            Frame::Para(para) => self.finish_para(*para),
            Frame::Table(table) => self.put(vec![Piece::Table(table)]),
            Frame::Flow(pieces) => self.put(pieces),
            Frame::Row(row) => {
                if let Some((_, Frame::Table(table))) = self.frames.last_mut().filter(|_| !row.is_deleted) {
                    table.rows.push(row);
                }
            }
            Frame::Cell(cell) => {
                if let Some((_, Frame::Row(row))) = self.frames.last_mut() {
                    row.cells.push(cell);
                }
            }
        }
    }

    fn put(&mut self, pieces: Vec<Piece>) {
        for (_, frame) in self.frames.iter_mut().rev() {
            match frame {
                Frame::Flow(below) | Frame::Cell(CellDraft { pieces: below, .. }) => return below.extend(pieces),
                Frame::Para(para) => return para.boxes.extend(pieces),
                Frame::Table(_) | Frame::Row(_) => {}
            }
        }
    }

    fn finish_para(&mut self, mut para: ParaDraft) {
        let boxes = std::mem::take(&mut para.boxes);
        if let Some(before) = self.pending.take() {
            para.words.insert_str(0, &before);
        }
        if para.goes_on {
            self.pending = Some(para.words);
            self.put(boxes);
            return;
        }
        let (styled, kind) = self.styles.paragraph(para.style.as_deref());
        let own_list = para.props.list.clone();
        let props = std::mem::take(&mut para.props).or(&styled);
        let outline = props.outline.and_then(|level| u8::try_from(level).ok()).filter(|&level| level < 9).map(|level| level + 1);
        para.look.heading = match kind {
            Kind::Title => Some(0),
            Kind::Heading(level) => Some(level),
            Kind::Plain | Kind::Contents => outline,
        };
        para.is_contents = kind == Kind::Contents;
        para.look.bold = para.bold.1 > 0 && para.bold.0 == para.bold.1;
        para.look.centred = props.align.as_deref() == Some("center");
        para.size = para.size.or(props.size);
        if let Some(list) = props.list.as_deref().filter(|&list| list != "0") {
            let by_style =
                para.style.as_deref().filter(|_| own_list.is_none()).and_then(|style| self.numbering.level_of_style(list, style));
            let level = by_style.unwrap_or(props.level.unwrap_or(0) as usize);
            let has_words = !para.words.trim().is_empty();
            para.look.number = self.numbering.count(list, level).filter(|_| has_words || self.is_in_cell());
        }
        self.put(vec![Piece::Para(para)]);
        self.put(boxes);
    }

    fn is_in_cell(&self) -> bool {
        self.frames.iter().any(|(_, frame)| matches!(frame, Frame::Cell(_)))
    }
}
