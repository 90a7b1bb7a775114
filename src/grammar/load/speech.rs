//! `[indicators]`, `[groups]` and `[speech]` of a grammar file.

use super::{ItemMark, Key, Loader, Marked, Node};
use crate::grammar::{Group, Indicator, Lexicon, Words};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The lists of words that `[speech]` may hold.
const LISTS: &[&str] = &[
    "rise",
    "compared",
    "fall",
    "state",
    "whole",
    "soft",
    "scope",
    "remark",
    "making",
    "doing",
    "predicate",
    "never",
    "of_which",
    "view",
    "within",
    "among",
    "classes",
    "carried",
    "persons",
    "levels",
    "last_year",
    "except",
    "join",
    "may_join",
    "compound",
    "each",
    "etcetera",
    "share",
    "toward",
    "place",
    "town",
    "site",
    "measure",
    "relative",
    "of",
    "so_far",
    "passing",
    "above",
    "below",
    "than",
    "rivals",
    "from",
    "pull",
    "drag",
    "decline",
    "scales",
    "counters",
    "units",
    "times",
    "points",
    "inside",
    "bound",
    "rank",
    "opening",
    "caption",
    "notes",
    "preliminary",
];

impl Loader {
    pub(super) fn indicators(&mut self, node: &Node) -> Marked<Indicator, ItemMark> {
        let entries = self.dictionary(node).into_iter().flat_map(DeTable::iter);
        entries.map(|(key, node)| (self.indicator(key, node), mark(key, node))).collect()
    }

    fn indicator(&mut self, key: &Key, node: &Node) -> Indicator {
        let id = key.get_ref().to_string();
        let DeValue::Table(table) = node.get_ref() else { return Indicator { id, labels: self.strings(node), short: Vec::new() } };
        self.only_keys(table, &["label", "short"]);
        Indicator { id, labels: self.words(table, "label"), short: self.words(table, "short") }
    }

    pub(super) fn groups(&mut self, node: &Node) -> Marked<Group, ItemMark> {
        let entries = self.dictionary(node).into_iter().flat_map(DeTable::iter);
        let group = |loader: &mut Loader, node: &Node| {
            let table = loader.dictionary(node)?;
            loader.only_keys(table, &["label", "parts"]);
            Some(Group { labels: loader.words(table, "label"), parts: loader.words(table, "parts") })
        };
        let read: Vec<_> = entries.filter_map(|(key, node)| Some((group(self, node)?, mark(key, node)))).collect();
        read.into_iter().unzip()
    }

    pub(super) fn lexicon(&mut self, node: &Node) -> Lexicon {
        let Some(table) = self.dictionary(node) else { return Lexicon::default() };
        self.only_keys(table, &[LISTS, &["against", "attribute"]].concat());
        let state = self.words(table, "state");
        let verbs = Words::new(state.iter().filter(|verb| verb.chars().count() >= 2));
        let may_join = [self.words(table, "join"), self.words(table, "may_join")].concat();
        let mut words = |key: &str| Words::new(&self.words(table, key));
        let lexicon = Lexicon {
            rise: words("rise"),
            compared: words("compared"),
            fall: words("fall"),
            state: Words::new(&state),
            verbs,
            whole: words("whole"),
            soft: words("soft"),
            scope: words("scope"),
            remark: words("remark"),
            making: words("making"),
            doing: words("doing"),
            predicate: words("predicate"),
            never: words("never"),
            of_which: words("of_which"),
            view: words("view"),
            within: words("within"),
            among: words("among"),
            classes: words("classes"),
            carried: words("carried"),
            persons: words("persons"),
            levels: words("levels"),
            last_year: words("last_year"),
            except: words("except"),
            join: words("join"),
            may_join: Words::new(&may_join),
            compound: words("compound"),
            each: words("each"),
            etcetera: words("etcetera"),
            share: words("share"),
            toward: words("toward"),
            place: words("place"),
            town: words("town"),
            site: words("site"),
            measure: words("measure"),
            relative: words("relative"),
            of: words("of"),
            so_far: words("so_far"),
            passing: words("passing"),
            above: words("above"),
            below: words("below"),
            than: words("than"),
            rivals: words("rivals"),
            from: words("from"),
            pull: words("pull"),
            drag: words("drag"),
            decline: words("decline"),
            scales: words("scales"),
            counters: words("counters"),
            units: words("units"),
            times: words("times"),
            points: words("points"),
            inside: words("inside"),
            bound: words("bound"),
            rank: words("rank"),
            opening: words("opening"),
            caption: words("caption"),
            notes: words("notes"),
            preliminary: words("preliminary"),
            ..Lexicon::default()
        };
        Lexicon { against: self.senses(table, "against"), attribute: self.senses(table, "attribute"), ..lexicon }
    }

    fn senses(&mut self, table: &DeTable, key: &str) -> Vec<(String, Words)> {
        let entries = table.get(key).and_then(|node| self.dictionary(node)).into_iter().flat_map(DeTable::iter);
        entries.map(|(key, node)| (key.get_ref().to_string(), Words::new(&self.strings(node)))).collect()
    }

    fn words(&mut self, table: &DeTable, key: &str) -> Vec<String> {
        table.get(key).map(|node| self.strings(node)).unwrap_or_default()
    }
}

fn mark(key: &Key, node: &Node) -> ItemMark {
    ItemMark { id: Spanned::span(key), value: node.span() }
}
