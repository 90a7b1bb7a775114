//! A page that breaks off: what the parser has to close itself where the input ends. End tags that need not be written
//! prove nothing, nor does what stands open in a page that was closed as a whole, or in a piece of one, save a table.

use super::tree::NodeId;
use crate::flag::{Code, Fault, Flag, Message, Severity};
use crate::place::Span;
use html5ever::local_name;
use html5ever::tokenizer::{TagKind, Token};
use std::cell::Cell;

/// What a page breaks off in the middle of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Torn {
    /// A tag.
    Tag,
    /// A table.
    Table,
    /// Another element, by its name.
    Element(&'static str),
}

impl Torn {
    /// The flag, at the last words that show: a number there may go on in what is lost.
    pub fn to_flag(self, last: Option<Span>) -> Flag {
        let message = match self {
            Torn::Tag => Message::plain("the page breaks off in the middle of a tag"),
            Torn::Table => Message::plain("the page breaks off in the middle of a table"),
            Torn::Element(name) => Message::new("the page breaks off in the middle of an element `{0}`", [name.to_string()]),
        };
        let help = Message::plain("fetch it anew; its last number may have lost digits");
        let flag = Flag::new(Code::NoText, message).graded(Severity::Warning).fault(Fault::Reading).help(help);
        Flag { span: last, ..flag }
    }
}

/// Elements that every page closes, tables left out. Bold text, links and fonts are not among them: old pages forget them.
const CLOSED: &[&str] = &[
    "address", "article", "aside", "center", "details", "div", "dl", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "main", "nav", "ol", "pre", "script", "section", "select", "span", "style", "textarea", "title", "ul",
];

/// What is met on the way to the end of a page.
#[derive(Debug, Default)]
pub struct Watch {
    /// The table being opened is one that the page does not write.
    pub is_lending: Cell<bool>,
    lent: Cell<Option<NodeId>>,
    /// It says that it is a page, and no piece of one.
    is_page: Cell<bool>,
    /// The page was closed as a whole.
    is_closed: Cell<bool>,
    /// The input has ended.
    is_over: Cell<bool>,
    torn: Cell<Option<Torn>>,
}

impl Watch {
    /// Take a token.
    pub fn meet(&self, token: &Token) {
        match token {
            Token::DoctypeToken(_) => self.is_page.set(true),
            Token::EOFToken => self.is_over.set(true),
            Token::TagToken(tag) if matches!(tag.name, local_name!("html") | local_name!("body")) => match tag.kind {
                TagKind::StartTag => self.is_page.set(true),
                TagKind::EndTag => self.is_closed.set(true),
            },
            _ => {}
        }
    }

    /// Take an element that is opened.
    pub fn open(&self, id: NodeId) {
        if self.is_lending.get() {
            self.lent.set(Some(id));
        }
    }

    /// Take an element that is closed, the innermost first.
    pub fn close(&self, id: NodeId, name: &str) {
        if !self.is_over.get() || self.is_closed.get() || self.lent.get() == Some(id) {
            return;
        }
        if name == "table" {
            self.torn.set(Some(Torn::Table));
        } else if self.is_page.get() && self.torn.get().is_none() {
            self.torn.set(CLOSED.iter().copied().find(|known| *known == name).map(Torn::Element));
        }
    }

    /// What the page breaks off in the middle of; none where it is whole, as far as can be told.
    pub fn find_torn(&self, source: &str) -> Option<Torn> {
        let in_tag = || (!self.is_closed.get() && ends_in_tag(source)).then_some(Torn::Tag);
        self.torn.get().or_else(in_tag)
    }
}

/// `<td cla`, `</t`: the input ends before a tag does.
fn ends_in_tag(source: &str) -> bool {
    let Some((_, tail)) = source.rsplit_once('<') else { return false };
    let name = tail.strip_prefix('/').unwrap_or(tail);
    let is_tag = tail == "/" || name.starts_with(|first: char| first.is_ascii_alphabetic());
    is_tag && !tail.contains('>')
}
