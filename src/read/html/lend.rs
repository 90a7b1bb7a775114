//! Rows and cells that stand in no table: what a scraper cut out of one. Parsers drop such tags and run all cells into
//! one word, so a table is lent to them.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token};
use html5ever::{LocalName, local_name};
use std::cell::Cell;

/// Which tables are open, as far as the tags tell.
#[derive(Debug, Default)]
pub struct Lender {
    n_open: Cell<usize>,
    is_lent: Cell<bool>,
    in_cell: Cell<bool>,
}

impl Lender {
    /// The tag that is to come before a token.
    pub fn before(&self, token: &Token) -> Option<Token> {
        match token {
            Token::TagToken(tag) => self.before_tag(tag),
            Token::CharacterTokens(words) => self.end_lent(!is_blank(words)),
            _ => None,
        }
    }

    fn before_tag(&self, tag: &Tag) -> Option<Token> {
        let is_start = tag.kind == TagKind::StartTag;
        let is_cell = matches!(tag.name, local_name!("td") | local_name!("th"));
        let is_row = matches!(tag.name, local_name!("tr") | local_name!("tbody") | local_name!("thead") | local_name!("tfoot"));
        if tag.name == local_name!("table") {
            let end = self.end_lent(is_start);
            let n_open = self.n_open.get();
            self.n_open.set(if is_start { n_open + 1 } else { n_open.saturating_sub(1) });
            if self.n_open.get() == 0 {
                self.is_lent.set(false);
            }
            return end;
        }
        if !is_cell && !is_row {
            return self.end_lent(true);
        }
        let lends = is_start && self.n_open.get() == 0;
        if lends {
            self.n_open.set(1);
            self.is_lent.set(true);
        }
        if self.n_open.get() == 1 {
            self.in_cell.set(is_start && is_cell);
        }
        lends.then(|| table(TagKind::StartTag))
    }

    /// A lent table ends where anything but rows and cells comes.
    fn end_lent(&self, is_other: bool) -> Option<Token> {
        if !is_other || !self.is_lent.get() || self.n_open.get() != 1 || self.in_cell.get() {
            return None;
        }
        self.n_open.set(0);
        self.is_lent.set(false);
        Some(table(TagKind::EndTag))
    }
}

fn is_blank(words: &StrTendril) -> bool {
    words.chars().all(char::is_whitespace)
}

fn table(kind: TagKind) -> Token {
    let name: LocalName = local_name!("table");
    Token::TagToken(Tag { kind, name, self_closing: false, attrs: Vec::new(), had_duplicate_attributes: false })
}
