//! `[codes]`, `[heads]` and `[across]` of a grammar file.

use super::{ItemMark, Loader, Marked, Node};
use crate::flag::Message;
use crate::grammar::{Across, Heads, Item};
use std::ops::Range;
use toml::de::DeTable;

impl Loader {
    pub(super) fn codes(&mut self, node: &Node) -> Marked<Item, ItemMark> {
        self.items(node)
    }

    pub(super) fn heads(&mut self, node: &Node) -> Heads {
        let Some(table) = self.dictionary(node) else { return Heads::default() };
        self.only_keys(table, &["code", "name", "skip", "digits", "last_year"]);
        let mut words = |key: &str| table.get(key).map(|node| self.strings(node)).unwrap_or_default();
        let (code, name, skip) = (words("code"), words("name"), words("skip"));
        let digits = words("digits").iter().filter_map(|digits| digits.parse().ok()).collect();
        let last_year = table.get("last_year").and_then(|node| self.string(node)).unwrap_or_default();
        Heads { code, name, skip, digits, last_year }
    }

    pub(super) fn across(&mut self, node: &Node) -> Marked<Across, Range<usize>> {
        let entries = self.dictionary(node).into_iter().flat_map(DeTable::iter);
        let mut read = (Vec::new(), Vec::new());
        for (key, node) in entries {
            let Some(text) = self.string(node) else { continue };
            let across = Across { name: key.get_ref().to_string(), text };
            match across.sides("0") {
                Ok(_) => {
                    read.0.push(across);
                    read.1.push(node.span());
                }
                Err(offset) => {
                    let start = (node.span().start + 1 + offset).min(node.span().end);
                    self.tell(start..node.span().end, Message::plain("a sum over tables is `table/row/column = table/row/column`"));
                }
            }
        }
        read
    }
}
