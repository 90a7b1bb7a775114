//! Tree → paragraphs and grids, in one walk without recursion.
//!
//! ```text
//!   <p>一、<b>总体</b>情况<br>…</p>     a line each: blocks and <br> end a paragraph, inline elements do not
//!   <table> …                            a grid, or, where the table only lays the page out, what stands in its cells
//!   <p><a>…</a></p>                      nothing but links: furniture of the page
//! ```

use super::grid::{self, Laid};
use super::ink::Ink;
use super::style::{Marks, Tag};
use super::survey::Survey;
use super::tree::{Kind, NodeId, Tree};
use crate::doc::{Block, Look, Para, Seam};
use crate::flag::{Flag, Flagged};
use crate::fold::{is_blank, is_digit, is_word};
use crate::place::Span;
use crate::read::txt;

/// What a walk has found.
#[derive(Debug)]
pub struct Flow {
    /// The shown text.
    pub ink: Ink,
    /// Paragraphs and grids in order.
    pub blocks: Vec<Block>,
    /// What was odd.
    pub flags: Vec<Flag>,
    /// What the page is made of.
    pub shape: PageShape,
}

/// What a page is made of, in characters that show.
#[derive(Debug, Clone, Copy, Default)]
pub struct PageShape {
    /// Text outside links, in paragraphs and tables.
    pub words: usize,
    /// Text of links.
    pub links: usize,
    /// Text of paragraphs long enough to be prose.
    pub prose: usize,
    /// Frames and embedded viewers.
    pub embeds: usize,
    /// Scripts.
    pub scripts: usize,
    /// Cells of grids.
    pub cells: usize,
}

/// Paragraphs from this length on are prose: no menu item, no line of a footer.
const PROSE: usize = 40;
/// Longest bold words that may be a heading with its text in the same paragraph.
const LONGEST_LEAD: usize = 40;

#[derive(Debug, Clone, Copy, Default)]
struct Style {
    bold: bool,
    centred: bool,
    link: bool,
    leads_away: bool,
    keeps_spaces: bool,
    heading: Option<u8>,
}

/// What is known of the paragraph being written.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    centred: bool,
    heading: Option<u8>,
    bold: usize,
    links: usize,
    /// Of links to other pages.
    away: usize,
    shown: usize,
    /// End of the bold words it begins with, while nothing else has come.
    lead: Option<usize>,
}

/// What line ends and blanks outside of tables are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// Nothing: a page's lines end where its elements do.
    Closed,
    /// They are typed, and count.
    Kept,
}

struct Walk<'a> {
    tree: &'a Tree,
    survey: &'a Survey,
    source: &'a str,
    spacing: Spacing,
    out: Flow,
    styles: Vec<(NodeId, Style)>,
    line: Line,
    n_cells: usize,
}

/// Walk a page.
pub fn flow(tree: &Tree, survey: &Survey, source: &str, spacing: Spacing) -> Flow {
    let out = Flow { ink: Ink::new(), blocks: Vec::new(), flags: Vec::new(), shape: PageShape::default() };
    let mut walk = Walk { tree, survey, source, spacing, out, styles: Vec::new(), line: Line::default(), n_cells: 0 };
    walk.out.ink.begin();
    let mut at = Some(0);
    while let Some(id) = at {
        let skip = walk.enter(id);
        at = tree.step(id, 0, skip, |left| walk.leave(left));
    }
    walk.end_line();
    set_menu_names_aside(&mut walk.out);
    set_footer_aside(&mut walk.out);
    walk.out
}

/// `首页 > 政务公开 > 年报`: the way to a page, step by step, some of them links.
fn is_trail(words: &str, n_links: usize) -> bool {
    const LONGEST_STEP: usize = 20;
    const LONGEST_END: usize = 60;
    let steps: Vec<&str> = words.split(['>', '＞', '›', '»']).map(|step| step.trim_matches(is_blank)).collect();
    let is_step = |(place, step): (usize, &&str)| {
        let longest = if place + 1 == steps.len() { LONGEST_END } else { LONGEST_STEP };
        // 优良天数 > 300 天: what follows is counted.
        let is_count = steps.len() == 2 && step.starts_with(is_digit);
        step.contains(char::is_alphabetic) && step.chars().count() <= longest && !is_count
    };
    steps.len() >= if n_links > 0 { 2 } else { 3 } && steps.iter().enumerate().all(is_step)
}

/// A heading with a number is a section's, wherever it leads.
fn is_numbered(words: &str) -> bool {
    let words = words.trim_start_matches(is_blank);
    let behind = words.trim_start_matches(is_digit);
    txt::has_heading_number(words) || behind.len() < words.len() && behind.starts_with('.')
}

/// Above the text a few words with a colon behind them name the menu that follows.
fn set_menu_names_aside(out: &mut Flow) {
    const LONGEST_NAME: usize = 10;
    let text = &out.ink.text;
    let names_menu = |pair: &[Block]| match pair {
        [Block::Para(para), Block::Furniture(_)] => {
            let words = text.get(para.span.range()).unwrap_or("").trim_end_matches(is_blank);
            words.ends_with(['：', ':']) && words.chars().count() <= LONGEST_NAME
        }
        _ => false,
    };
    let is_prose = |block: &Block| text.get(block.span().range()).is_some_and(|words| words.chars().count() >= PROSE);
    let end = out.blocks.iter().position(|block| matches!(block, Block::Grid(_) | Block::Para(_)) && is_prose(block));
    let above = out.blocks.get(..end.unwrap_or(0)).unwrap_or_default();
    let named: Vec<usize> = above.windows(2).enumerate().filter(|(_, pair)| names_menu(pair)).map(|(at, _)| at).collect();
    for at in named {
        if let Some(block) = out.blocks.get_mut(at) {
            *block = Block::Furniture(block.span());
        }
    }
}

/// Behind the last table and the last prose a page often goes on with menus, headed and told apart by short lines. From
/// the first menu there, or a heading above nothing but it, all is furniture, where there are menus enough.
fn set_footer_aside(out: &mut Flow) {
    const LEAST_MENUS: usize = 5;
    let text = &out.ink.text;
    let is_prose = |span: Span| {
        let words = text.get(span.range()).unwrap_or("");
        words.contains(['。', '；']) && words.chars().count() >= PROSE
    };
    let is_body = |block: &Block| match block {
        Block::Grid(_) => true,
        Block::Para(para) => is_prose(para.span),
        Block::Furniture(_) | Block::Seam(_) => false,
    };
    let Some(last) = out.blocks.iter().rposition(is_body) else { return };
    let is_menu = |block: &Block| matches!(block, Block::Furniture(_));
    let words = |span: Span| text.get(span.range()).unwrap_or("");
    let is_headed = |block: &Block| matches!(block, Block::Para(para) if para.look.heading.is_some() && !is_numbered(words(para.span)));
    let behind = out.blocks.get(last + 1..).unwrap_or_default();
    let Some(first) = behind.iter().position(is_menu) else { return };
    let n_headings = behind.iter().take(first).rev().take_while(|block| is_headed(block)).count();
    let mut tail = out.blocks.iter_mut().skip(last + 1 + first - n_headings).collect::<Vec<_>>();
    if tail.iter().filter(|block| is_menu(block)).count() >= LEAST_MENUS {
        tail.iter_mut().for_each(|block| **block = Block::Furniture(block.span()));
    }
}

impl Walk<'_> {
    fn style(&self) -> Style {
        self.styles.last().map(|(_, style)| *style).unwrap_or_default()
    }

    /// Take a node; true when what is in it is dealt with.
    fn enter(&mut self, id: NodeId) -> bool {
        match self.tree.node(id).map(|node| node.kind) {
            Some(Kind::Text(span)) => {
                if self.spacing == Spacing::Kept || is_typed(self.tree.words(span), self.style().keeps_spaces) {
                    self.end_line();
                    self.plain_text(id);
                } else {
                    self.text(span);
                }
                false
            }
            Some(Kind::Element(tag, marks, _)) => self.element(id, tag, marks),
            _ => false,
        }
    }

    fn element(&mut self, id: NodeId, tag: Tag, marks: Marks) -> bool {
        match tag {
            // A field outside of a table is a search box.
            Tag::Unseen | Tag::Title | Tag::Field => return true,
            Tag::Script => {
                self.out.shape.scripts += 1;
                return true;
            }
            Tag::Embed => {
                self.out.shape.embeds += 1;
                return true;
            }
            _ if marks.hidden => return true,
            Tag::Break => {
                self.line_break();
                return false;
            }
            Tag::Raised => self.out.ink.edge(),
            _ => {}
        }
        if tag.is_block() {
            self.end_line();
        }
        if tag == Tag::Pre {
            self.plain_text(id);
            return true;
        }
        if tag == Tag::Table && !self.survey.lays_out(id) {
            self.tables(id);
            return true;
        }
        let outer = self.style();
        let style = Style {
            bold: marks.bold.unwrap_or(outer.bold || tag == Tag::Bold),
            centred: marks.centred.unwrap_or(outer.centred),
            link: outer.link || tag == Tag::Link,
            leads_away: outer.leads_away || marks.leads_away,
            keeps_spaces: outer.keeps_spaces || marks.keeps_spaces,
            heading: if let Tag::Heading(level) = tag { Some(level) } else { outer.heading },
        };
        self.styles.push((id, style));
        false
    }

    fn leave(&mut self, id: NodeId) {
        let Some(Kind::Element(tag, ..)) = self.tree.node(id).map(|node| node.kind) else { return };
        if self.styles.last().is_some_and(|(own, _)| *own == id) {
            if tag.is_block() {
                self.end_line();
            } else if tag == Tag::Raised {
                self.out.ink.edge();
            }
            self.styles.pop();
        }
    }

    /// A heading goes on behind a line break, a paragraph does not.
    fn line_break(&mut self) {
        if self.style().heading.is_some() {
            self.out.ink.space();
        } else {
            self.end_line();
        }
    }

    fn text(&mut self, span: Span) {
        let style = self.style();
        if !style.keeps_spaces {
            return self.run(span, style);
        }
        let words = self.tree.words(span);
        let mut start = span.start as usize;
        for piece in words.split_inclusive('\n') {
            self.run(Span::new(start, start + piece.len()), style);
            start += piece.len();
            if piece.ends_with('\n') {
                self.line_break();
            }
        }
    }

    fn run(&mut self, span: Span, style: Style) {
        let n_shown = self.tree.words(span).chars().filter(|&character| is_word(character)).count();
        let is_first = self.line.shown == 0;
        self.out.ink.write(self.tree, span);
        if n_shown == 0 {
            return;
        }
        let line = &mut self.line;
        if is_first {
            (line.centred, line.heading) = (style.centred, style.heading);
        }
        if style.bold && line.bold == line.shown {
            line.lead = Some(self.out.ink.text.len());
        }
        line.shown += n_shown;
        line.bold += if style.bold { n_shown } else { 0 };
        line.links += if style.link { n_shown } else { 0 };
        line.away += if style.leads_away { n_shown } else { 0 };
    }

    /// The paragraph ends here.
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let span = self.out.ink.end();
        if !span.is_empty() {
            let shape = &mut self.out.shape;
            shape.links += line.links;
            shape.words += line.shown - line.links;
            shape.prose += if line.shown >= PROSE && line.links * 2 < line.shown { line.shown } else { 0 };
            self.para(span, line);
            self.out.ink.part('\n', None);
        }
        self.out.ink.begin();
    }

    fn para(&mut self, span: Span, line: Line) {
        // A page's first heading may lead to the page itself; a lower one that leads elsewhere is a menu's.
        let is_menu = match line.heading {
            None => line.links * 2 > line.shown,
            Some(level) => level > 1 && line.away * 2 > line.shown && !is_numbered(self.out.ink.text.get(span.range()).unwrap_or("")),
        };
        let is_above = self.out.shape.prose == 0;
        if is_menu || line.shown == 0 || is_above && is_trail(self.out.ink.text.get(span.range()).unwrap_or(""), line.links) {
            self.out.blocks.push(Block::Furniture(span));
            return;
        }
        let look = Look { heading: line.heading, bold: line.bold == line.shown, centred: line.centred, ..Look::default() };
        if let Some((head, rest)) = self.split_lead(span, line) {
            self.out.blocks.push(Block::Para(Para { span: head, look: Look { bold: true, ..look.clone() } }));
            self.out.blocks.push(Block::Para(Para { span: rest, look }));
            return;
        }
        self.out.blocks.push(Block::Para(Para { span, look }));
    }

    /// A numbered heading in bold with its text in the same paragraph. One that ends in a stop is left to the outline.
    fn split_lead(&self, span: Span, line: Line) -> Option<(Span, Span)> {
        let end = line.lead.filter(|_| line.bold < line.shown && line.heading.is_none())?;
        let head = self.out.ink.text.get(span.start as usize..end)?.trim_end_matches(is_blank);
        let rest = self.out.ink.text.get(end..span.end as usize)?;
        let is_bracketed = head.starts_with(['（', '(']) && head.chars().take(5).any(|character| matches!(character, '）' | ')'));
        let is_numbered = txt::has_heading_number(head) || is_bracketed;
        let is_closed = head.ends_with(|character: char| character.is_alphanumeric() || matches!(character, '）' | ')' | '》'));
        let goes_on = rest.trim_start_matches(is_blank).starts_with(|character: char| character.is_alphanumeric());
        let n_chars = head.chars().count();
        if !(is_numbered && is_closed && goes_on && (4..=LONGEST_LEAD).contains(&n_chars) && line.shown > n_chars + 10) {
            return None;
        }
        let start = span.end as usize - rest.trim_start_matches(is_blank).len();
        Some((Span::new(span.start as usize, span.start as usize + head.len()), Span::new(start, span.end as usize)))
    }

    /// Text whose line ends count is read as plain text is: it may hold tables of its own.
    fn plain_text(&mut self, id: NodeId) {
        let start = self.out.ink.text.len();
        let mut at = Some(id);
        while let Some(node) = at {
            let skip = match self.tree.node(node).map(|node| node.kind) {
                Some(Kind::Text(span)) => {
                    self.out.ink.copy(self.tree, span);
                    false
                }
                Some(Kind::Element(Tag::Break, ..)) => {
                    self.out.ink.part('\n', None);
                    false
                }
                Some(Kind::Element(tag, marks, _)) => marks.hidden || matches!(tag, Tag::Unseen | Tag::Title | Tag::Script | Tag::Embed),
                _ => false,
            };
            at = self.tree.step(node, id, skip, |_| {});
        }
        let words = self.out.ink.text.get(start..).unwrap_or("").to_string();
        self.out.shape.words += words.chars().filter(|&character| !is_blank(character)).count();
        self.out.shape.prose += words.lines().map(|line| line.chars().count()).filter(|&n_chars| n_chars >= PROSE).sum::<usize>();
        let blocks = txt::read(words).blocks;
        self.out.shape.cells += blocks.iter().filter(|block| matches!(block, Block::Grid(_))).count();
        self.out.blocks.extend(blocks.into_iter().map(|block| shift(block, start)));
        self.out.ink.part('\n', None);
        self.out.ink.begin();
    }

    /// A table, and behind it those that stand in its cells, each for itself.
    fn tables(&mut self, id: NodeId) {
        let mut open = vec![id];
        while let Some(table) = open.pop() {
            let inner = self.grid(table);
            open.extend(inner.into_iter().rev());
            if table != id || !open.is_empty() {
                let end = self.out.ink.text.len();
                self.out.blocks.push(Block::Seam(Seam { span: Span::new(end, end), evidence: None }));
            }
        }
    }

    /// A table; the answer is the tables in its cells.
    fn grid(&mut self, id: NodeId) -> Vec<NodeId> {
        let page = grid::Page { tree: self.tree, survey: self.survey, source: self.source };
        let mut all = Vec::new();
        for caption in self.survey.captions(id) {
            let span = grid::words(page, &mut self.out.ink, *caption, &mut all);
            if !span.is_empty() {
                self.out.blocks.push(Block::Para(Para { span, look: Look::default() }));
                self.out.ink.part('\n', None);
            }
        }
        let Flagged { value: Laid { grid: found, inner }, flags } = grid::read(page, id, &mut self.out.ink, &mut self.n_cells);
        let n_shown = |span: Span| self.out.ink.text.get(span.range()).unwrap_or("").chars().filter(|&c| !is_blank(c)).count();
        // A card stands above the text; its rows are lines like any other.
        let is_card = self.survey.is_card(id) && self.out.shape.prose == 0;
        if let Some(grid) = found.as_ref().filter(|_| is_card) {
            self.out.shape.words += n_shown(grid.span);
            let shown = grid.rows.iter().map(|row| row.span).filter(|span| !span.is_empty());
            self.out.blocks.extend(shown.map(|span| Block::Para(Para { span, look: Look::default() })));
        } else if let Some(grid) = found {
            self.out.shape.words += n_shown(grid.span);
            self.out.shape.cells += grid.rows.iter().map(|row| row.cells.len()).sum::<usize>();
            self.out.blocks.push(Block::Grid(grid));
        }
        self.out.flags.extend(flags);
        self.out.ink.begin();
        all.extend(inner);
        all
    }
}

/// Lines that hold columns: a table typed as text, which a style sheet shows as it stands.
fn is_typed(words: &str, keeps_spaces: bool) -> bool {
    const LEAST_LINES: usize = 3;
    if !words.contains('\t') && !keeps_spaces {
        return false;
    }
    let has_columns = |line: &&str| {
        let line = line.trim_matches(is_blank);
        line.contains('\t') || keeps_spaces && (line.contains("  ") || line.starts_with('|'))
    };
    words.lines().filter(has_columns).count() >= LEAST_LINES
}

/// A block of a text that begins at `base` in the whole.
fn shift(block: Block, base: usize) -> Block {
    let moved = |span: Span| Span::new(span.start as usize + base, span.end as usize + base);
    match block {
        Block::Para(para) => Block::Para(Para { span: moved(para.span), ..para }),
        Block::Furniture(span) => Block::Furniture(moved(span)),
        Block::Seam(seam) => Block::Seam(Seam { span: moved(seam.span), ..seam }),
        Block::Grid(mut grid) => {
            grid.span = moved(grid.span);
            for row in &mut grid.rows {
                row.span = moved(row.span);
                row.cells.iter_mut().for_each(|cell| cell.span = moved(cell.span));
            }
            Block::Grid(grid)
        }
    }
}
