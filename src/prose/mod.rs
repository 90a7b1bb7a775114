//! Sentences of statistics → values. 全年粮食产量 48.2 万吨，比上年下降 1.2% says two numbers of one indicator.
//!
//! ```text
//!   paragraphs ─sentence→ sentences ─figure→ numbers with units ─clause→ name, facet, sign ─walk→ statements
//! ```
//! In: paragraphs, and the family's indicators and words. Out: each number whose owner is certain. A number is left in
//! its sentence where the name before it cannot be told, where a list has more names than numbers, where another matter
//! stands between it and its name. Which words there are is the family's to say; how they stand together is known here.

mod clause;
mod figure;
mod lexicon;
mod name;
mod sentence;
mod walk;

use crate::doc::Document;
use crate::grammar::Family;
use crate::identify::Identity;
use crate::outline::Outline;
use crate::place::Span;
use lexicon::Lexicon;
use name::Namer;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// One number of one indicator.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Unique within the report: `indicators/name/facet`.
    pub key: String,
    /// The indicator, as the family knows it or as it is printed.
    pub name: Name,
    /// What of it: value, growth, change, share …
    pub facet: String,
    /// The number; negative where the verb before it is one of decline.
    pub value: Decimal,
    /// As printed.
    pub unit: Option<String>,
    /// The number's characters.
    pub span: Span,
    /// What its verb says.
    pub direction: Option<Direction>,
    /// What it is a part of, where the text says so.
    pub under: Option<Name>,
    /// The first name of its sentence, where that is another.
    pub beside: Option<Name>,
    /// The text calls it preliminary.
    pub is_preliminary: bool,
    /// The text calls it approximate.
    pub is_rough: bool,
}

/// Which way a number went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It grew.
    Up,
    /// It fell.
    Down,
}

/// The name of an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The family's id, where it knows the name.
    pub id: Option<String>,
    /// As printed, without the words around it.
    pub printed: String,
}

impl Name {
    /// What stands for it in a key.
    pub fn key(&self) -> String {
        self.id.clone().unwrap_or_else(|| self.printed.replace('\\', "\\\\").replace('/', "\\/"))
    }
}

/// What the sentences of a report say.
#[derive(Debug, Clone, Default)]
pub struct Stated {
    /// In order of the document.
    pub statements: Vec<Statement>,
    /// Numbers that are none, with the reason.
    pub noted: Vec<(Span, &'static str)>,
}

/// Read the sentences of a report; nothing where the family names no indicators.
pub fn read_prose(document: &Document, outline: &Outline, family: &Family, identity: &Identity) -> Stated {
    if family.indicators.is_empty() {
        return Stated::default();
    }
    let lexicon = Lexicon::new(&family.speech);
    let namer = Namer::new(family, &lexicon, identity);
    let text = sentence::sentences(document, outline, &lexicon);
    let mut walk = walk::Walk::new(&lexicon, &namer);
    for sentence in &text.sentences {
        walk.sentence(sentence);
    }
    let mut statements = walk.finish();
    if text.is_preliminary {
        statements.iter_mut().for_each(|statement| statement.is_preliminary = true);
    }
    give_keys(&mut statements);
    Stated { statements, noted: text.noted }
}

/// A name that is printed for several things is told apart by what it is a part of, then by a number.
fn give_keys(statements: &mut [Statement]) {
    let plain = |statement: &Statement| format!("{}/{}", statement.name.key(), statement.facet);
    let mut seen: HashMap<String, usize> = HashMap::new();
    for statement in statements.iter() {
        *seen.entry(plain(statement)).or_default() += 1;
    }
    let mut used: HashMap<String, usize> = HashMap::new();
    for statement in statements {
        let is_shared = statement.name.id.is_none() && seen.get(&plain(statement)).is_some_and(|&n_printed| n_printed > 1);
        let around = statement.under.as_ref().or(statement.beside.as_ref());
        let group = around.filter(|around| is_shared && **around != statement.name).map(Name::key);
        let name = group.map_or_else(|| statement.name.key(), |group| format!("{group}.{}", statement.name.key()));
        let base = format!("indicators/{name}/{}", statement.facet);
        let n_used = used.entry(base.clone()).or_default();
        *n_used += 1;
        statement.key = if *n_used == 1 { base } else { format!("{base}#{n_used}") };
    }
}
