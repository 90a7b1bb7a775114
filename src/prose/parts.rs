//! Parts and wholes: what opens parts, what ends them, and when it is certain what a number is a part of.
//!
//! ```text
//!   A …，其中，B …        of A, where A is the one thing spoken of last
//!   分类型看，C …         of what the paragraph is about, where it is about one thing
//!   在 D 中，E …          of D
//! ```
//! Where more than one thing may be meant the names are read all the same, and nothing is said of their whole.

use super::clause::Facet;
use super::figure::Figure;
use super::name::Context;
use super::sentence::Sentence;
use super::walk::{Topic, Walk};
use super::{Name, Statement};
use crate::exact;
use foldhash::HashSet;
use rust_decimal::Decimal;

/// What parts are of.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub name: Name,
    /// Nothing else may be meant.
    pub is_sure: bool,
    /// The text names it as the whole, and not as something it has a number for.
    is_named: bool,
}

/// Parts of a whole as a sentence opens them.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts {
    /// At the head of a sentence, by what divides the whole: 按消费类型分.
    pub is_view: bool,
    /// Opened by a view, at the head of a sentence or with a colon: a `；` does not end them.
    pub is_list: bool,
    pub n_named: usize,
    /// The unit of the first part.
    unit: Option<String>,
    /// The sentence has gone on behind a `；`.
    is_past: bool,
    /// A colon opens them.
    has_colon: bool,
    /// What they come to so far.
    sum: Decimal,
    /// They have come to their whole: nothing behind them is one.
    is_whole: bool,
}

/// Parts that were open where parts of one of them are opened; a `；` goes back to them.
#[derive(Debug, Clone)]
pub(super) struct Outer {
    under: Option<Whole>,
    parts: Parts,
}

/// What "of which" opened: the whole with its number, and the first statement behind.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    whole: Name,
    unit: String,
    value: Decimal,
    from: usize,
}

impl Whole {
    pub(super) fn sure(name: Name) -> Whole {
        Whole { name, is_sure: true, is_named: true }
    }

    fn doubted(self) -> Whole {
        Whole { is_sure: false, ..self }
    }

    /// The one of several names that parts may be of.
    pub(super) fn of(names: &[Name]) -> Option<Whole> {
        names.first().map(|name| Whole { name: name.clone(), is_sure: names.len() == 1, is_named: false })
    }
}

impl Topic {
    /// What the parts of the next sentence may be parts of: what a view divides, and what "of which" looks back to.
    pub(super) fn whole_of_next(&self, subject: Option<&Name>) -> (Option<Whole>, Option<Whole>) {
        let is_one = |name: &Name| self.said.len() == 1 || subject == Some(name);
        let last = Whole::of(&self.names).or_else(|| self.before.clone().map(Whole::doubted));
        let last = last.map(|last| Whole { is_sure: last.is_sure && is_one(&last.name), ..last });
        let viewed = match (&self.outer, &self.parts) {
            (Some(outer), _) => outer.under.clone(),
            // 按常住地分，城镇居民 …。从收入构成看: of either.
            (None, Some(parts)) if parts.is_view && parts.n_named > 1 => self.under.clone(),
            (None, Some(_)) => last.clone().map(Whole::doubted),
            (None, None) => last.clone(),
        };
        (viewed.or_else(|| last.clone()), last)
    }
}

impl Walk<'_> {
    /// Take over from the sentence before what this one may divide or look back to.
    pub(super) fn look_back(&mut self, sentence: &Sentence) {
        let (mut whole, last) = self.topic.whole_of_next(self.subject.as_ref());
        // A paragraph that begins with parts goes on from the one before.
        let goes_on = !sentence.is_first || self.lexicon.of_which.strip_start(&sentence.text).is_some() || self.opens_with_view(sentence);
        if sentence.is_first {
            // What it divides in another way is what the paragraph before it was about.
            whole = self.subject.take().map(Whole::sure);
        }
        let is_apart = sentence.is_first || sentence.is_behind_words;
        let kept = |whole: Option<Whole>| whole.filter(|_| goes_on).map(|whole| Whole { is_sure: whole.is_sure && !is_apart, ..whole });
        let said = std::mem::take(&mut self.topic.said);
        let past = if said.is_empty() { std::mem::take(&mut self.topic.past) } else { said };
        self.topic = Topic { whole: kept(whole), before: kept(last), past, ..Topic::default() };
    }

    /// The first clause says by what a whole is divided.
    fn opens_with_view(&self, sentence: &Sentence) -> bool {
        let first = sentence.text.split([',', ':', '；']).next().unwrap_or_default();
        self.lexicon.view.strip_end(self.namer.strip(first).words).is_some()
    }

    /// What follows is a part of what was said last, or divides what is spoken of.
    pub(super) fn open_parts(&mut self, view: Option<&str>) {
        self.prove_parts();
        let (is_view, viewed) = (view.is_some(), view.and_then(|view| self.find_viewed(view)));
        let Topic { names, before, whole, said, parts, under, .. } = &self.topic;
        let is_first = said.is_empty();
        let outer = parts.as_ref().filter(|parts| parts.is_view && parts.n_named > 0 && !is_view);
        let outer = outer.map(|parts| Outer { under: under.clone(), parts: parts.clone() });
        let far = if is_view { whole.as_ref().or(before.as_ref()) } else { before.as_ref() };
        let near = Whole::of(names).map(|near| Whole { is_sure: near.is_sure && !(is_view && said.len() > 1), ..near });
        let far = far.cloned().map(|far| if is_first { far } else { far.doubted() });
        // A balance or a rate is not divided: 贸易逆差 …。分贸易方式看.
        let plain = |name: &Name| name.printed.split('(').next().unwrap_or_default().to_string();
        let has_measure = |name: &Name| name.id.is_some() || self.lexicon.measure.strip_end(&plain(name)).is_some();
        let is_amount = |whole: &Whole| !is_view || whole.is_named || has_measure(&whole.name);
        let [near, far] = [near, far].map(|whole| whole.map(|whole| if is_amount(&whole) { whole } else { whole.doubted() }));
        // 在规模以上工业中，分门类看: the sentence has said what is divided.
        let said = under.clone().filter(|_| is_view && names.is_empty());
        if let Some(whole) = viewed.or(near).or(said).or(far) {
            self.topic.under = Some(whole);
        }
        self.topic.outer = outer;
        self.topic.parts = Some(Parts { is_view: is_view && is_first, is_list: is_view || is_first, ..Parts::default() });
        self.heads.open_parts();
        let whole = self.topic.under.as_ref().filter(|_| !is_view).map(|under| under.name.clone());
        let counted = whole.as_ref().and_then(|whole| self.counted.get(&whole.key())).cloned();
        let from = self.statements.len();
        self.topic.opened = whole.zip(counted).map(|(whole, (unit, value))| Opened { whole, unit, value, from });
    }

    /// 其中，工资性收入 …；经营净收入 …: behind a `；` it may be another matter, but not where all of them come to the whole.
    pub(super) fn prove_parts(&mut self) {
        let Some(Opened { whole, unit, value, from }) = self.topic.opened.take() else { return };
        let is_part =
            |statement: &Statement| statement.facet == "value" && statement.unit.as_ref() == Some(&unit) && statement.name != whole;
        let (mut sum, mut parts) = (Decimal::ZERO, HashSet::default());
        for statement in self.statements.iter().skip(from).filter(|statement| is_part(statement)) {
            sum = exact::add(sum, statement.value).unwrap_or(sum);
            parts.insert(statement.name.key());
            if sum == value && parts.len() > 1 {
                break;
            }
        }
        if sum != value || parts.len() < 2 {
            return;
        }
        // How a part grew goes with it; what is counted in another unit is none.
        let of_part = |statement: &Statement| parts.contains(&statement.name.key()) && (statement.facet != "value" || is_part(statement));
        let open = self.statements.iter_mut().skip(from).filter(|statement| statement.under.is_none() && of_part(statement));
        open.for_each(|statement| statement.under = Some(whole.clone()));
    }

    /// 从主要产品产量看: the view names what is parted.
    fn find_viewed(&self, view: &str) -> Option<Whole> {
        let whole = self.lexicon.view.strip_end(self.lexicon.from.strip_start(view)?)?;
        self.lexicon.measure.strip_end(whole)?;
        self.namer.name(whole, Context::default()).map(Whole::sure)
    }

    /// A colon behind what opens parts: they are a list.
    pub(super) fn open_list_of_parts(&mut self) {
        if let Some(parts) = self.topic.parts.as_mut().filter(|parts| parts.n_named == 0) {
            (parts.is_list, parts.has_colon) = (true, true);
        }
    }

    /// A `；` ends the parts of a part: 按行业分，工业投资 …，其中技改投资 …；基础设施投资 ….
    pub(super) fn pass_part(&mut self) {
        if let Some(Outer { under, parts }) = self.topic.outer.take() {
            (self.topic.under, self.topic.parts) = (under, Some(parts));
            self.topic.names.clear();
        }
        if let Some(parts) = &mut self.topic.parts {
            parts.is_past = true;
        }
    }

    /// A part has been named. Behind a `；` what is counted in another unit is none: `授权专利 3 件，其中发明专利 1 件；签订技术
    /// 合同 5 项`.
    pub(super) fn name_part(&mut self, name: &Name, facet: &Facet, figure: &Figure) {
        let Some(parts) = &mut self.topic.parts else { return };
        parts.n_named += 1;
        let unit = figure.unit.as_ref().filter(|_| *facet == Facet::Value).map(|unit| unit.shown.clone());
        let is_whole = name.id.as_ref().is_some_and(|id| !id.contains('.'));
        match (&parts.unit, unit) {
            _ if parts.is_past && !parts.is_view && is_whole => (self.topic.under, self.topic.parts) = (None, None),
            (None, Some(unit)) => parts.unit = Some(unit),
            (Some(own), Some(unit)) if parts.is_past && !parts.has_colon && !parts.is_view && *own != unit => {
                (self.topic.under, self.topic.parts) = (None, None);
            }
            _ => {}
        }
    }

    /// A number counts towards its whole: none behind parts that come to all of it, or where one alone does.
    pub(super) fn count_part(&mut self, under: Option<Name>, value: Decimal, unit: Option<&str>) -> Option<Name> {
        let whole = under.as_ref().and_then(|under| self.counted.get(&under.key())).filter(|(own, _)| unit == Some(own.as_str()));
        let Some((whole, parts)) = whole.map(|(_, whole)| *whole).zip(self.topic.parts.as_mut()) else { return under };
        let is_behind = parts.is_whole;
        let is_alone = value == whole && !parts.sum.is_zero();
        parts.sum = exact::add(parts.sum, value).unwrap_or(parts.sum);
        parts.is_whole |= parts.sum == whole;
        under.filter(|_| !is_behind && !is_alone)
    }

    /// What a statement is a part of, where that is certain. A part of one indicator is none of another that was named
    /// between: 居民人均可支配收入 …，人均消费支出 …。城镇居民人均可支配收入 ….
    pub(super) fn under(&self, name: &Name, unit: Option<&str>, facet: &str) -> Option<Name> {
        let Topic { under, said, past, .. } = &self.topic;
        if let Some((group, _)) = name.id.as_deref().and_then(|id| id.rsplit_once('.')) {
            let is_group = |other: &&Name| other.id.as_deref().is_some_and(|id| id == group || super::name::is_inside(id, group));
            let is_exact = |other: &&Name| other.id.as_deref() == Some(group);
            let own = under.as_ref().map(|under| &under.name).filter(is_group);
            if let Some(own) = own.or_else(|| said.iter().chain(past).find(is_exact)) {
                return Some(own.clone());
            }
        }
        // What the family knows as a whole of its own stands alone.
        let is_whole = |id: &String| !id.contains('.') || under.as_ref().is_some_and(|under| under.name.id.is_some());
        if name.id.as_ref().is_some_and(is_whole) {
            return None;
        }
        // What it contributes to or moves is said apart from what it is a part of.
        if facet == "contribution" || facet == "pull" {
            return None;
        }
        let Some(under) = under.as_ref().filter(|under| !self.is_beside(name, &under.name)) else { return needed_owner(name) };
        let is_part = under.is_sure && under.name != *name && self.may_be_part(name, (unit, facet), &under.name);
        is_part.then(|| under.name.clone())
    }

    /// 初中招生 3 万人，其中女生 1 万人，在校生 8 万人: what means nothing alone stands beside another such name of its owner.
    fn is_beside(&self, name: &Name, other: &Name) -> bool {
        let Some(stem) = self.lexicon.relative_stem(&other.printed) else { return false };
        let owner = other.of.as_ref().filter(|_| stem.is_empty()).map_or(stem, |of| &of.printed);
        name.of.as_ref().is_some_and(|of| of.is_needed && of.printed == owner)
    }

    /// A part is counted as its whole is. What stands behind a `；` with a measure of its own may be another matter.
    fn may_be_part(&self, name: &Name, (unit, facet): (Option<&str>, &str), under: &Name) -> bool {
        let lexicon = self.lexicon;
        let last_of = |words: &str| lexicon.measure.strip_end(words).and_then(|_| words.chars().last());
        let is_of_which = self.topic.parts.as_ref().is_some_and(|parts| !parts.is_list);
        let is_alike = last_of(&name.printed).is_none() || last_of(&under.printed).is_none_or(|last| name.printed.ends_with(last));
        let is_past = self.topic.parts.as_ref().is_some_and(|parts| parts.is_past);
        // 其中城镇居民 … behind 农村居民 …
        let others = lexicon.row_start(&name.printed).zip(lexicon.row_start(&under.printed));
        let is_of_others = others.is_some_and(|(own, other)| own != other);
        let stands_alone = is_of_others || is_of_which && (!is_alike || is_past && last_of(&name.printed).is_some());
        let base = |unit: &str| lexicon.without_scales(unit).to_string();
        let is_counted_alike = match (facet.starts_with("value"), unit, self.counted.get(&under.key())) {
            (true, Some(own), Some((whole, _))) => base(own) == base(whole),
            _ => true,
        };
        !stands_alone && is_counted_alike
    }

    /// A part with the measure that every whole it may belong to has: 国有控股企业增加值 of 工业增加值 or of 规模以上工业增加值.
    pub(super) fn measured_as_wholes(&self, name: Name, facet: &Facet) -> Name {
        let Some(under) = self.topic.under.as_ref().filter(|_| self.is_nothing_alone(&name, facet)) else { return name };
        let mut others = self.topic.past.iter().filter_map(|name| self.lexicon.measure_of(&name.printed));
        let own = self.lexicon.measure_of(&under.name.printed).filter(|own| others.all(|other| other == *own));
        if own.is_none() {
            return name;
        }
        let whole = self.namer.measured(name, &under.name.printed, self.context());
        let carried =
            self.lexicon.row_start(&under.name.printed).filter(|_| !self.lexicon.has_row_start(&whole.printed)).unwrap_or_default();
        self.namer.name(&format!("{carried}{}", whole.printed), self.context()).unwrap_or(whole)
    }

    /// A part whose name has no measure says nothing of itself where its whole is not certain: 其中，机械行业增长 3%.
    pub(super) fn is_nothing_alone(&self, name: &Name, facet: &Facet) -> bool {
        let is_growth = matches!(facet, Facet::Growth(_) | Facet::Change(_));
        let has_doubtful_whole = self.topic.parts.is_some() && self.topic.under.as_ref().is_none_or(|under| !under.is_sure);
        let has_measure = self.lexicon.measure.strip_end(&name.printed).is_some();
        has_doubtful_whole && name.id.is_none() && name.of.is_none() && (is_growth && !has_measure || self.is_of_some_group(name))
    }

    /// Several groups were spoken of, and the name does not say which: 城镇居民人均可支配收入 …。从收入构成看，工资性收入 ….
    fn is_of_some_group(&self, name: &Name) -> bool {
        let groups = |name: &Name| self.lexicon.persons.strip_start(&name.printed).is_some();
        let Topic { said, past, .. } = &self.topic;
        self.topic.parts.as_ref().is_some_and(|parts| parts.is_view) && said.iter().chain(past).any(groups) && !groups(name)
    }
}

/// Whose a name is that means nothing alone.
fn needed_owner(name: &Name) -> Option<Name> {
    let owner = name.of.as_ref().filter(|of| of.is_needed)?;
    Some(Name { id: Some(owner.key.clone()), printed: owner.printed.clone(), of: None })
}
