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
mod list;
mod name;
mod owner;
mod parts;
mod sentence;
mod walk;
mod whose;

use crate::doc::Document;
use crate::grammar::{Family, Lexicon};
use crate::identify::Identity;
use crate::outline::Outline;
use crate::place::Span;
use name::Namer;
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};

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
    /// What a share is a share of, where the text says so.
    pub base: Option<Name>,
    /// The first name of its sentence, where that is another.
    pub beside: Option<Name>,
    /// The town that its sentence speaks of, where the name does not begin with it.
    pub town: Option<String>,
    /// The text calls it preliminary.
    pub is_preliminary: bool,
    /// The text calls it approximate.
    pub is_rough: bool,
    /// The text says that it was passed.
    pub is_passed: bool,
}

/// Which way a number went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It grew.
    Up,
    /// It fell.
    Down,
}

impl Direction {
    /// Where a decline grows, growth falls.
    fn turned(self) -> Direction {
        match self {
            Direction::Up => Direction::Down,
            Direction::Down => Direction::Up,
        }
    }
}

/// The name of an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The family's id, where it knows the name.
    pub id: Option<String>,
    /// As printed, without the words around it; a noun that names share stands with each: 甲、乙产量 are 甲产量 and 乙产量.
    pub printed: String,
    /// Whose it is, where the text says so.
    pub of: Option<Owner>,
}

/// Whose a name is: 在校生 of 普通高中.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Its part of a key.
    pub key: String,
    /// As printed.
    pub printed: String,
    /// Without it the name says nothing, or something else.
    pub is_needed: bool,
}

impl Name {
    fn new(id: Option<String>, printed: impl Into<String>) -> Name {
        Name { id, printed: printed.into(), of: None }
    }

    /// What stands for it in a key.
    pub fn key(&self) -> String {
        let own = self.plain_key();
        self.of.as_ref().filter(|of| of.is_needed).map_or(own.clone(), |of| format!("{}.{own}", of.key))
    }

    /// As printed, behind the words of an owner that it needs.
    pub fn shown(&self) -> String {
        let owner = self.of.as_ref().filter(|of| of.is_needed).map_or("", |of| &of.printed);
        format!("{owner}{}", self.printed)
    }

    /// The same without its owner.
    fn plain_key(&self) -> String {
        self.id.clone().unwrap_or_else(|| key_part(&self.printed))
    }

    fn owner(&self, is_needed: bool) -> Owner {
        Owner { key: self.plain_key(), printed: self.printed.clone(), is_needed }
    }
}

/// Printed words as a part of a key.
fn key_part(printed: &str) -> String {
    printed.replace('\\', "\\\\").replace('/', "\\/")
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
    let lexicon = &family.lexicon;
    let namer = Namer::new(family, identity);
    let text = sentence::sentences(document, outline, lexicon);
    let mut walk = walk::Walk::new(lexicon, &namer);
    for sentence in &text.sentences {
        walk.sentence(sentence);
    }
    let mut statements = walk.finish();
    if text.is_preliminary {
        statements.iter_mut().for_each(|statement| statement.is_preliminary = true);
    }
    set_thresholds(&mut statements, lexicon);
    give_keys(&mut statements);
    Stated { statements, noted: text.noted }
}

/// 突破 35 万吨，达到 36.05 万吨: a number that was passed is none of its name's where the report states what was reached.
fn set_thresholds(statements: &mut [Statement], lexicon: &Lexicon) {
    let what = |statement: &Statement| {
        let unit = statement.unit.as_deref().map(|unit| lexicon.without_scales(unit).to_string());
        (statement.name.key(), statement.facet.clone(), unit)
    };
    let reached: HashSet<_> = statements.iter().filter(|statement| !statement.is_passed).map(what).collect();
    for statement in statements.iter_mut().filter(|statement| statement.is_passed && reached.contains(&what(statement))) {
        statement.facet = if statement.facet == "value" { "threshold".into() } else { format!("{}_threshold", statement.facet) };
    }
}

/// A name that is printed for several things is told apart by whose it is, or by what it is a part of, then by a number.
fn give_keys(statements: &mut [Statement]) {
    let mut seen: HashMap<String, Printings> = HashMap::new();
    for statement in statements.iter() {
        let own = seen.entry(statement.name.key()).or_default();
        *own.by_facet.entry(statement.facet.clone()).or_default() += 1;
        own.groups.insert(group(statement));
    }
    let mut used: HashMap<String, usize> = HashMap::new();
    for statement in statements {
        let own = statement.name.key();
        let is_shared = seen.get(&own).is_some_and(Printings::are_several);
        let plain = format!("indicators/{own}/{}", statement.facet);
        // What the family knows keeps its plain key; only a second one of its kind is told apart.
        let is_plain = !is_shared || statement.name.id.is_some() && !used.contains_key(&plain);
        let group = group(statement).filter(|_| !is_plain);
        let base = group.map_or(plain, |group| format!("indicators/{group}.{own}/{}", statement.facet));
        let n_used = used.entry(base.clone()).or_default();
        *n_used += 1;
        statement.key = if *n_used == 1 { base } else { format!("{base}#{n_used}") };
    }
}

/// How often and where a name is printed.
#[derive(Default)]
struct Printings {
    by_facet: HashMap<String, usize>,
    groups: HashSet<Option<String>>,
}

impl Printings {
    fn are_several(&self) -> bool {
        self.groups.len() > 1 || self.by_facet.values().any(|&n_printed| n_printed > 1)
    }
}

/// What tells a statement's name from the same name elsewhere.
fn group(statement: &Statement) -> Option<String> {
    let name = &statement.name;
    let of = name.of.as_ref().filter(|of| !of.is_needed).map(|of| of.key.clone());
    // 高校招生 1 万人，其中博士生 …；在校生 5 万人，其中博士生 …: the part of the school that it belongs to says more.
    let is_same = |under: &&Name| under.of.as_ref().map(|of| &of.key) == of.as_ref();
    let of = statement.under.as_ref().filter(|_| of.is_some()).filter(is_same).map(Name::key).or(of.clone());
    let key = |around: &Option<Name>| around.as_ref().filter(|around| *around != name).map(Name::key);
    let town = || statement.town.as_deref().map(key_part);
    let around = || key(&statement.under).or_else(town).or_else(|| key(&statement.beside));
    if name.of.as_ref().is_some_and(|of| of.is_needed) { None } else { of.or_else(around) }
}
