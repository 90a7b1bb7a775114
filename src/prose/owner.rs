//! Whose a name is that is printed for several things: 在校生 of 普通高中, 发电量 of 风力发电企业.
//!
//! ```text
//!   普通高中 5 所，在校生 1.2 万人；初中 8 所，在校生 2.1 万人
//!   head           of it           another head
//! ```
//! A part of a sentence, up to the next `；`, is about what it names first. A name that is counted in the same unit stands
//! beside the head and takes its place; one in another unit is of it.

use super::figure::Unit;
use super::lexicon::Lexicon;
use super::{Name, Owner, key_part};

/// What the part of the sentence at hand is about.
#[derive(Debug, Clone, Default)]
pub(super) struct Heads {
    /// The name that it begins with.
    pub first: Option<Name>,
    head: Option<Head>,
    /// The head before it, which a name that means nothing alone looks back to.
    last: Option<Head>,
    /// The head before the parts that were opened.
    outer: Option<Head>,
}

#[derive(Debug, Clone)]
struct Head {
    owner: Owner,
    unit: Option<String>,
    /// The words before a name that says little alone.
    is_stem: bool,
}

impl Heads {
    /// A part of a sentence has ended.
    pub(super) fn end_part(&mut self) {
        self.first = None;
        self.last = self.outer.take().or(self.head.take()).or(self.last.take());
        self.head = None;
    }

    /// A paragraph has ended.
    pub(super) fn end_paragraph(&mut self) {
        *self = Heads::default();
    }

    /// What follows is a part of the head.
    pub(super) fn open_parts(&mut self) {
        self.outer = self.outer.take().or_else(|| self.head.clone());
    }

    /// What the part of the sentence at hand is about, as printed.
    pub(super) fn about(&self) -> Option<&str> {
        self.head.as_ref().map(|head| head.owner.printed.as_str())
    }

    /// Whose a name with a number in some unit is; it may be the next head.
    pub(super) fn owned(&mut self, name: Name, unit: Option<&Unit>, lexicon: &Lexicon) -> Name {
        let unit = unit.map(|unit| unit.shown.clone());
        if self.first.is_none() {
            self.first = Some(name.clone());
        }
        if name.of.is_some() {
            return name;
        }
        // 规模以上工业企业实现利润总额: the verb is none of the owner's.
        let stem = lexicon.relative.strip_end(&name.printed).map(|stem| lexicon.before_state(stem).unwrap_or(stem));
        if stem == Some("") {
            // 博士学位教师 4775 人，在校生 …: whom one counts in the same unit is no owner, 研究生 of 研究生招生 is.
            let counts_alike = |head: &Head| {
                !head.is_stem && head.unit.as_ref().and_then(|own| own.chars().last()) == unit.as_ref().and_then(|unit| unit.chars().last())
            };
            let own = self.head.take().filter(|head| self.last.is_none() || !counts_alike(head));
            self.head = own.or_else(|| self.last.clone());
            return self
                .head
                .as_ref()
                .map_or(name.clone(), |head| Name { of: Some(Owner { is_needed: true, ..head.owner.clone() }), ..name });
        }
        match &self.head {
            Some(head) if stem.is_none() && head.unit != unit => Name { of: Some(head.owner.clone()), ..name },
            _ => {
                let own = name.owner(false);
                // 研究生招生 0.6 万人，毕业生 0.5 万人: of 研究生.
                let owner = stem.map_or(own, |stem| Owner { key: key_part(stem), printed: stem.into(), is_needed: false });
                self.head = Some(Head { owner, unit, is_stem: stem.is_some() });
                name
            }
        }
    }
}

/// A name of a list that means nothing alone is of the first: 生产安全事故起数、死亡人数分别下降 13.8% 和 8.2%.
pub(super) fn relative_to(first: &Name, name: Name, lexicon: &Lexicon) -> Name {
    let is_relative = lexicon.relative.strip_end(&name.printed) == Some("") && name != *first && name.of.is_none();
    if is_relative { Name { of: Some(first.owner(true)), ..name } } else { name }
}
