//! Plain text → Document: paragraphs and the tables typed between them.
//!
//! In: decoded text. Out: one paragraph a line, and a grid for each run of lines that stand in columns, whatever parts
//! the cells: tabs ([`tabs`]), pipes ([`pipes`]), the places they stand at ([`aligned`]), line ends ([`stacked`]). What
//! a cell means is not decided here.

mod aligned;
mod columns;
mod fragment;
mod frame;
mod leader;
mod line;
mod pipes;
mod stacked;
mod tabs;

use crate::doc::{Block, Document, Grid, Look, Para};
use crate::place::{LineIndex, Places, Span};
use line::{Line, lines};
pub use line::{has_heading_number, with_line_feeds};

/// Read a text.
pub fn read(text: String) -> Document {
    let lines = lines(&text);
    let tabs = tabs::Lines::new(&text, &lines);
    let aligned = aligned::Lines::new(&text, &lines);
    let stacked = stacked::Lines::new(&text, &lines);
    let has_pipes = pipes::has_pipes(&text);
    let blocks = Walk { text: &text, lines: &lines, has_pipes, tabs, aligned, stacked, next: 0, blocks: Vec::new() }.run();
    let places = Places::Lines(LineIndex::new(&text));
    Document { text, blocks, places, pages: Vec::new(), title: None }
}

/// Goes down the lines once; each step takes one paragraph or one whole region.
struct Walk<'a> {
    text: &'a str,
    lines: &'a [Line],
    has_pipes: bool,
    tabs: tabs::Lines<'a>,
    aligned: aligned::Lines<'a>,
    stacked: stacked::Lines<'a>,
    next: usize,
    blocks: Vec<Block>,
}

impl Walk<'_> {
    fn run(mut self) -> Vec<Block> {
        while let Some(&line) = self.lines.get(self.next) {
            if line.is_blank() {
                self.next += 1;
            } else if line.is_page_mark {
                self.blocks.push(Block::Furniture(line.span));
                self.next += 1;
            } else if let Some((grid, n_lines)) = self.find_grid() {
                self.blocks.push(Block::Grid(grid));
                self.next += n_lines;
            } else {
                self.blocks.push(line_to_block(self.text, line));
                self.next += 1;
            }
        }
        self.blocks
    }

    fn find_grid(&mut self) -> Option<(Grid, usize)> {
        let rest = self.lines.get(self.next..)?;
        let piped = if self.has_pipes { pipes::find_grid(self.text, rest) } else { None };
        let typed = piped.or_else(|| self.tabs.find_grid(self.next));
        let typed = typed.map(|(mut grid, n_lines)| {
            frame::set_index_aside(self.text, &mut grid);
            (grid, n_lines)
        });
        typed.or_else(|| self.aligned.find_grid(self.next)).or_else(|| self.stacked.find_grid(self.next))
    }
}

fn line_to_block(text: &str, line: Line) -> Block {
    let (look, skipped) = find_markdown_heading(line.words(text));
    let span = Span::new(line.span.start as usize + skipped, line.span.end as usize);
    Block::Para(Para { span: pipes::without_marks(text, span), look })
}

/// `## …` is a heading of level 2; the marks are not its words.
fn find_markdown_heading(words: &str) -> (Look, usize) {
    let n_marks = words.bytes().take_while(|&byte| byte == b'#').count();
    let is_heading = (1..=6).contains(&n_marks) && words.get(n_marks..).is_some_and(|rest| rest.starts_with([' ', '\t', '\u{3000}']));
    if !is_heading {
        return (Look::default(), 0);
    }
    (Look { heading: u8::try_from(n_marks).ok(), ..Look::default() }, n_marks)
}
