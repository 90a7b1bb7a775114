//! Web page → a small tree that knows where in the source every character stands.
//!
//! `html5ever` reads the page as browsers do: what is not closed is closed, what stands in the wrong place is moved.
//! It tells no offsets, so the page is fed piece by piece (a tag, an entity, a run of text): what the parser hands over
//! while it reads a piece stands in that piece. The tree is flat, holds no attributes but those that matter, and is
//! walked and dropped without recursion. Depth and size are limited.

use super::lend::Lender;
use super::style::{Marks, Tag, field_text, look};
use super::torn::{Torn, Watch};
use crate::place::Span;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, ExpandedName, QualName, TokenizerResult, local_name, ns};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Deepest nesting; browsers stop here too. Tags below it are left out, their text is kept.
const DEEPEST: u32 = 512;
/// Most nodes; a page of 1,000,000 cells has about three million.
const MOST_NODES: usize = 6_000_000;

/// Nodes among which a page's title stands.
const MOST_HEAD: usize = 10_000;

/// Index of a node; 0 is the document.
pub type NodeId = u32;

const NONE: NodeId = u32::MAX;

/// One node.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    parent: NodeId,
    first: NodeId,
    last: NodeId,
    previous: NodeId,
    next: NodeId,
    depth: u32,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// The document, a comment: nothing that shows.
    Other,
    /// An element and the offset of its tag in the source.
    Element(Tag, Marks, u32),
    /// A range of [`Tree::text`].
    Text(Span),
}

/// A stretch of text and the stretch of source that prints it.
#[derive(Debug, Clone, Copy)]
struct Piece {
    text: u32,
    source: Span,
}

/// A page.
#[derive(Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    /// All text, in order of the source.
    pub text: String,
    pieces: Vec<Piece>,
    /// Reading stopped because there are too many nodes.
    pub is_cut: bool,
    /// Tags were left out because they stand too deep.
    pub is_flattened: bool,
    /// What the page breaks off in the middle of.
    pub torn: Option<Torn>,
}

impl Tree {
    /// A node.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// The words of a span of the text.
    pub fn words(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// What the page calls itself.
    pub fn find_title(&self) -> Option<&str> {
        let is_title = |node: &&Node| matches!(node.kind, Kind::Element(Tag::Title, ..));
        let title = self.nodes.iter().take(MOST_HEAD).find(is_title)?;
        match self.node(title.first)?.kind {
            Kind::Text(span) => Some(self.words(span)),
            _ => None,
        }
    }

    /// First child.
    pub fn first_child(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).map(|node| node.first).filter(|&first| first != NONE)
    }

    /// Next sibling.
    pub fn next_sibling(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).map(|node| node.next).filter(|&next| next != NONE)
    }

    /// Where the text from `from` to at most `to` stands in the source, and the end of the text for which that holds:
    /// plain text stands there character by character, an entity as a whole.
    pub fn source(&self, from: u32, to: u32) -> (Span, u32) {
        let after = self.pieces.partition_point(|piece| piece.text <= from);
        let Some(piece) = after.checked_sub(1).and_then(|index| self.pieces.get(index)) else { return (Span::default(), to) };
        let end = self.pieces.get(after).map_or_else(|| Span::new(self.text.len(), 0).start, |next| next.text);
        let upto = end.min(to);
        if piece.source.end - piece.source.start != end - piece.text {
            return (piece.source, upto);
        }
        let start = piece.source.start + (from - piece.text);
        (Span { start, end: start + (upto - from) }, upto)
    }

    /// A step of a walk: into the children unless `skip`, else on, and the nodes that were left on the way are told.
    pub fn step(&self, from: NodeId, root: NodeId, skip: bool, mut leave: impl FnMut(NodeId)) -> Option<NodeId> {
        if let Some(child) = self.first_child(from).filter(|_| !skip) {
            return Some(child);
        }
        let mut current = from;
        loop {
            leave(current);
            if current == root {
                return None;
            }
            if let Some(next) = self.next_sibling(current) {
                return Some(next);
            }
            current = self.node(current)?.parent;
        }
    }

    fn push(&mut self, kind: Kind) -> NodeId {
        let id = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(Node { parent: NONE, first: NONE, last: NONE, previous: NONE, next: NONE, depth: 0, kind });
        id
    }

    fn edit(&mut self, id: NodeId, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(id as usize) {
            change(node);
        }
    }

    fn detach(&mut self, id: NodeId) {
        let Some(&Node { parent, previous, next, .. }) = self.node(id) else { return };
        self.edit(previous, |node| node.next = next);
        self.edit(next, |node| node.previous = previous);
        self.edit(parent, |node| {
            if node.first == id {
                node.first = next;
            }
            if node.last == id {
                node.last = previous;
            }
        });
        self.edit(id, |node| (node.parent, node.previous, node.next) = (NONE, NONE, NONE));
    }

    /// Put a node under `parent`, before `before` or at the end.
    fn attach(&mut self, id: NodeId, parent: NodeId, before: NodeId) {
        self.detach(id);
        let Some(&Node { last, depth, .. }) = self.node(parent) else { return };
        let previous = self.node(before).map_or(last, |node| node.previous);
        self.edit(id, |node| (node.parent, node.previous, node.next, node.depth) = (parent, previous, before, depth + 1));
        self.edit(previous, |node| node.next = id);
        self.edit(before, |node| node.previous = id);
        self.edit(parent, |node| {
            if previous == NONE {
                node.first = id;
            }
            if before == NONE {
                node.last = id;
            }
        });
    }

    fn attach_text(&mut self, words: &str, source: Span, parent: NodeId, before: NodeId) {
        let start = Span::new(self.text.len(), 0).start;
        self.text.push_str(words);
        let end = Span::new(self.text.len(), 0).start;
        let goes_on = |last: &Piece| {
            let is_plain = last.source.end - last.source.start == start - last.text;
            is_plain && last.source.end == source.start && source.end - source.start == end - start
        };
        match self.pieces.last_mut().filter(|last| goes_on(last)) {
            Some(last) => last.source.end = source.end,
            None => self.pieces.push(Piece { text: start, source }),
        }
        let previous = self.node(before).or_else(|| self.node(parent)).map(|node| if before == NONE { node.last } else { node.previous });
        if let Some(node) = previous.and_then(|id| self.nodes.get_mut(id as usize))
            && let Kind::Text(span) = &mut node.kind
            && span.end == start
        {
            span.end = end;
            return;
        }
        let id = self.push(Kind::Text(Span { start, end }));
        self.attach(id, parent, before);
    }
}

/// Read a page.
pub fn parse(source: &str) -> Tree {
    let tree = Tree::default();
    let grower = Grower {
        tree: RefCell::new(tree),
        piece: Cell::new(Span::default()),
        entity: Cell::new(false),
        tag: Cell::new(0),
        deep: Cell::new(false),
        watch: Watch::default(),
    };
    grower.tree.borrow_mut().push(Kind::Other);
    let builder = TreeBuilder::new(grower, TreeBuilderOpts { drop_doctype: true, ..TreeBuilderOpts::default() });
    let tokenizer = Tokenizer::new(Gate { builder, lender: Lender::default() }, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut at = 0;
    let mut length = TagLength::default();
    let whole = StrTendril::from_slice(source);
    while let Some(piece) = next_piece(source, at) {
        at = piece.end as usize;
        let words = source.get(piece.range()).unwrap_or("");
        tokenizer.sink.builder.sink.enter(piece, words);
        let (kept, end) = length.keep(words);
        // A slice of the shared whole costs no copy.
        let kept_length = Span::new(kept.len(), 0).start;
        queue.push_back(whole.try_subtendril(piece.start, kept_length).unwrap_or_default());
        if !end.is_empty() {
            queue.push_back(StrTendril::from_slice(end));
        }
        // A script is not run; the parser goes on behind it.
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        if tokenizer.sink.builder.sink.tree.borrow().nodes.len() > MOST_NODES {
            tokenizer.sink.builder.sink.tree.borrow_mut().is_cut = true;
            break;
        }
    }
    tokenizer.end();
    let grower = tokenizer.sink.builder.sink;
    let torn = grower.watch.find_torn(source);
    let tree = grower.finish();
    Tree { torn: torn.filter(|_| !tree.is_cut), ..tree }
}

/// Ends a tag that has too many attributes: the parser compares each with all before it.
#[derive(Debug, Default)]
struct TagLength {
    is_open: bool,
    n_bytes: usize,
    n_parts: usize,
}

impl TagLength {
    /// Most attributes, about.
    const MOST_PARTS: usize = 1000;

    /// What is kept of a piece, and what ends the tag there.
    fn keep<'a>(&mut self, words: &'a str) -> (&'a str, &'static str) {
        if words.starts_with('<') {
            *self = TagLength { is_open: words.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic), ..TagLength::default() };
        }
        if !self.is_open {
            return (words, "");
        }
        self.n_bytes += words.len();
        if self.n_bytes <= Self::MOST_PARTS {
            self.is_open = !words.ends_with('>');
            return (words, "");
        }
        let was_within = self.n_parts <= Self::MOST_PARTS;
        let is_part = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'');
        let mut end = words.len();
        for (at, byte) in words.bytes().enumerate() {
            self.n_parts += usize::from(is_part(byte));
            if self.n_parts > Self::MOST_PARTS {
                end = at;
                break;
            }
        }
        self.is_open = !words.ends_with('>');
        match (self.n_parts > Self::MOST_PARTS, was_within) {
            (false, _) => (words, ""),
            (true, true) => (words.get(..end).unwrap_or(""), ">"),
            (true, false) => ("", ""),
        }
    }
}

/// The next piece of the source: up to the end of a tag or an entity, a line end, or a run of plain text.
fn next_piece(source: &str, start: usize) -> Option<Span> {
    let rest = source.as_bytes().get(start..)?;
    let first = *rest.first()?;
    if first == b'\n' || first == b'\r' {
        let length = if rest.starts_with(b"\r\n") { 2 } else { 1 };
        return Some(Span::new(start, start + length));
    }
    let tail = rest.get(1..)?;
    // `>` is the last of its piece, before the others the next one begins.
    let ends = |byte: &u8| matches!(byte, b'<' | b'&' | b'\n' | b'\r' | b'>') || *byte == b';' && first == b'&';
    let length = tail.iter().position(ends).map_or(rest.len(), |index| {
        let closes = tail.get(index).is_some_and(|byte| matches!(byte, b'>' | b';'));
        index + 1 + usize::from(closes)
    });
    Some(Span::new(start, start + length))
}

/// Stands between the parser's two halves and leaves out the tags that would nest too deep.
struct Gate {
    builder: TreeBuilder<Handle, Grower>,
    lender: Lender,
}

impl TokenSink for Gate {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        let grower = &self.builder.sink;
        grower.watch.meet(&token);
        if let Token::TagToken(tag) = &token
            && tag.kind == html5ever::tokenizer::TagKind::StartTag
            && grower.deep.get()
        {
            grower.tree.borrow_mut().is_flattened = true;
            return TokenSinkResult::Continue;
        }
        if let Some(lent) = self.lender.before(&token) {
            grower.watch.is_lending.set(true);
            let _ = self.builder.process_token(lent, line);
            grower.watch.is_lending.set(false);
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// A node as the parser holds it.
#[derive(Debug, Clone)]
struct Handle {
    id: NodeId,
    name: Rc<QualName>,
}

/// Grows the tree as the parser says.
struct Grower {
    tree: RefCell<Tree>,
    /// The part of the piece being read that has not shown yet.
    piece: Cell<Span>,
    /// The piece is an entity such as `&nbsp;`.
    entity: Cell<bool>,
    /// Offset of the tag being read.
    tag: Cell<u32>,
    /// The node last touched stands at the limit.
    deep: Cell<bool>,
    watch: Watch,
}

impl Grower {
    fn enter(&self, piece: Span, words: &str) {
        self.piece.set(piece);
        self.entity.set(words.starts_with('&') && words.ends_with(';'));
        if words.starts_with('<') {
            self.tag.set(piece.start);
        }
    }

    fn handle(&self, kind: Kind, name: QualName) -> Handle {
        Handle { id: self.tree.borrow_mut().push(kind), name: Rc::new(name) }
    }

    fn no_name() -> QualName {
        QualName::new(None, ns!(), local_name!(""))
    }

    fn put(&self, parent: NodeId, before: NodeId, child: NodeOrText<Handle>) {
        let mut tree = self.tree.borrow_mut();
        match child {
            NodeOrText::AppendNode(child) => tree.attach(child.id, parent, before),
            NodeOrText::AppendText(words) => {
                let piece = self.piece.get();
                let length = Span::new(words.len(), 0).start;
                // Plain text is its own source; an entity, or text the parser held back, stands for the whole piece.
                let is_plain = length <= piece.end - piece.start;
                let end = if is_plain { piece.start + length } else { piece.end };
                let source = if self.entity.get() { piece } else { Span { start: piece.start, end } };
                tree.attach_text(&words, source, parent, before);
                self.piece.set(Span { start: source.end, end: piece.end });
            }
        }
    }

    fn note_depth(&self, id: NodeId) {
        let depth = self.tree.borrow().node(id).map_or(0, |node| node.depth);
        self.deep.set(depth >= DEEPEST);
    }
}

impl TreeSink for Grower {
    type Handle = Handle;
    type Output = Tree;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle { id: 0, name: Rc::new(Self::no_name()) }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _flags: ElementFlags) -> Handle {
        let (tag, marks) = look(Tag::of(&name.local), &attributes);
        let handle = self.handle(Kind::Element(tag, marks, self.tag.get()), name);
        self.watch.open(handle.id);
        if tag == Tag::Field
            && let Some(words) = field_text(&attributes)
        {
            self.tree.borrow_mut().attach_text(words, self.piece.get(), handle.id, NONE);
        }
        handle
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        self.handle(Kind::Other, Self::no_name())
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        self.handle(Kind::Other, Self::no_name())
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let opened = if let NodeOrText::AppendNode(child) = &child { Some(child.id) } else { None };
        self.put(parent.id, NONE, child);
        if let Some(id) = opened {
            self.note_depth(id);
        }
    }

    fn pop(&self, node: &Handle) {
        self.watch.close(node.id, &node.name.local);
        let depth = self.tree.borrow().node(node.id).map_or(0, |node| node.depth);
        self.deep.set(depth > DEEPEST);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        let has_parent = self.tree.borrow().node(element.id).is_some_and(|node| node.parent != NONE);
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        one.id == other.id
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, node: NodeOrText<Handle>) {
        let parent = self.tree.borrow().node(sibling.id).map_or(0, |node| node.parent);
        self.put(parent, sibling.id, node);
    }

    fn add_attrs_if_missing(&self, _target: &Handle, _attributes: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &Handle) {
        self.tree.borrow_mut().detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut tree = self.tree.borrow_mut();
        while let Some(child) = tree.first_child(node.id) {
            tree.attach(child, new_parent.id, NONE);
        }
    }
}
