//! Whose a name is that is printed for several things: 在校生 of 普通高中, 发电量 of 风力发电企业.
//!
//! ```text
//!   普通高中 5 所，在校生 1.2 万人；初中 8 所，在校生 2.1 万人
//!   head           of it           another head
//! ```
//! A part of a sentence, up to the next `；`, is about what it names first. A name that is counted in the same unit stands
//! beside the head and takes its place; one in another unit is of it. A name that means nothing alone looks back to the
//! part before it, and over a full stop only where its own part has named nothing.

use super::figure::Unit;
use super::{Name, Owner, key_part};
use crate::grammar::Lexicon;

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
    /// A full stop stands behind it.
    is_far: bool,
}

impl Head {
    /// 博士学位教师 4775 人，在校生 …: whom one counts in the same unit is no owner, 研究生 of 研究生招生 is.
    fn may_own(&self, unit: Option<&str>) -> bool {
        let last = |unit: Option<&str>| unit.and_then(|unit| unit.chars().next_back());
        self.is_stem || !self.is_rate() && last(self.unit.as_deref()) != last(unit)
    }

    /// A rate owns nothing: 利润率 13.5%，利润总额 ….
    fn is_rate(&self) -> bool {
        !self.is_stem && self.unit.as_deref() == Some("%")
    }
}

impl Heads {
    /// A part of a sentence has ended.
    pub(super) fn end_part(&mut self) {
        self.first = None;
        self.last = self.outer.take().or(self.head.take()).or(self.last.take());
        self.head = None;
    }

    /// A sentence has ended.
    pub(super) fn end_sentence(&mut self) {
        self.end_part();
        if let Some(last) = &mut self.last {
            last.is_far = true;
        }
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
        let stem = lexicon.relative_stem(&name.printed).map(|stem| lexicon.before_state(stem).unwrap_or(stem));
        if stem == Some("") {
            let may_own = |head: &&Head| head.may_own(unit.as_deref());
            // 初中招生 3 万人，其中女生 1 万人，在校生 …: of what the parts were opened in.
            let near = self.head.iter().chain(&self.outer).chain(self.last.as_ref().filter(|last| !last.is_far)).find(may_own);
            let far = || self.last.as_ref().filter(may_own);
            self.head =
                near.or(self.head.as_ref().filter(|head| !head.is_rate())).or_else(far).map(|head| Head { is_far: false, ..head.clone() });
            return self
                .head
                .as_ref()
                .map_or(name.clone(), |head| Name { of: Some(Owner { is_needed: true, ..head.owner.clone() }), ..name });
        }
        match &self.head {
            // 某企业利润增长 3%，利润率 13.5%: a rate takes nobody's place.
            Some(head) if stem.is_none() && (head.unit != unit || head.is_stem && unit.as_deref() == Some("%")) => {
                Name { of: Some(head.owner.clone()), ..name }
            }
            _ => {
                let own = name.owner(false);
                // 研究生招生 0.6 万人，毕业生 0.5 万人: of 研究生.
                let owner = stem.map_or(own, |stem| Owner { key: key_part(stem), printed: stem.into(), is_needed: false });
                self.head = Some(Head { owner, unit, is_stem: stem.is_some(), is_far: false });
                name
            }
        }
    }
}

/// A name of a list that means nothing alone is of the first: 生产安全事故起数、死亡人数分别下降 13.8% 和 8.2%.
pub(super) fn relative_to(first: &Name, name: Name, lexicon: &Lexicon) -> Name {
    let is_relative = lexicon.relative_stem(&name.printed) == Some("") && name != *first && name.of.is_none();
    if is_relative { Name { of: Some(first.owner(true)), ..name } } else { name }
}
