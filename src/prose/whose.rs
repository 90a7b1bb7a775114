//! Whose a number is: the name before it, the noun behind it, or what is being spoken of; and what it is a part of.

use super::Name;
use super::clause::{Facet, Meaning, ONE_CHARACTER};
use super::figure::{Figure, Kind, UnitKind};
use super::name::Context;
use super::sentence::Sentence;
use super::walk::{Last, Lead, Walk};

/// A noun behind a number that no verb follows has so many characters.
const LEAST_NOUN: usize = 3;
/// A word in brackets that belongs to the name before it has at most so many.
const LONGEST_KIND: usize = 4;
/// The same of one that takes something out of it.
const LONGEST_EXCEPTION: usize = 20;

impl Walk<'_> {
    /// `执行收费标准的 246.6 万人次学生`: the words before the number are a remark on what stands behind it.
    pub(super) fn counts_noun_behind(&self, sentence: &Sentence, figure: &Figure, words: &str) -> bool {
        let behind = sentence.text.get(figure.end..).unwrap_or_default();
        figure.unit.as_ref().is_none_or(|unit| unit.kind == UnitKind::Other)
            && self.lexicon.of.strip_end(words).is_some()
            && self.lexicon.from.strip_end(words).is_none()
            && behind.starts_with(|next: char| next.is_alphabetic())
    }

    /// `某县 8 个点位入选`: what the number counts stands behind it, and the words before say no more than where.
    pub(super) fn counts_elsewhere(&self, sentence: &Sentence, figure: &Figure, (words, meaning): (&str, &Meaning)) -> bool {
        let makes = |words: &str| {
            let verbs = self.lexicon.making.iter().chain(self.lexicon.doing.iter());
            verbs.into_iter().any(|verb| words.contains(verb))
        };
        let is_plain = meaning.facet == Facet::Value && !words.is_empty() && !makes(words);
        is_plain && self.find_noun(sentence, figure).is_some()
    }

    /// Whose number it is.
    pub(super) fn named(&self, sentence: &Sentence, figure: &Figure, (words, lead, meaning): (&str, &Lead, &Meaning)) -> Option<Name> {
        let lexicon = self.lexicon;
        let verb = lexicon.soft.strip_start(words).unwrap_or(words);
        let is_verb = lexicon.making.strip_start(verb) == Some("") || lexicon.doing.strip_start(verb) == Some("");
        let noun =
            if lead.is_behind || !words.is_empty() || meaning.facet != Facet::Value { None } else { self.noun_behind(sentence, figure) };
        if let Some(name) = self.said_behind(sentence, figure).filter(|_| words.is_empty() && meaning.facet == Facet::Value) {
            return Some(name);
        }
        if noun.is_some() {
            return noun;
        }
        if is_verb {
            return self.counted(sentence, figure, verb);
        }
        if !words.is_empty() {
            return self.own_name(words, lead, &meaning.facet);
        }
        let is_of_topic = meaning.has_verb || matches!(meaning.facet, Facet::Attribute(_) | Facet::Growth(_));
        self.topic_name().filter(|_| is_of_topic)
    }

    /// A name that its sentence prints anew: with the measure that the parts before it have, and with its owner.
    pub(super) fn owned(&mut self, name: Name, figure: &Figure, facet: &Facet) -> Name {
        self.topic.attribute = None;
        let unit = figure.unit.as_ref().map(|unit| unit.shown.clone());
        let measured = self.topic.measured.take().filter(|(_, own)| *own == unit && self.topic.under.is_some());
        let name = match &measured {
            Some((other, _)) => self.namer.measured(name, other, self.context()),
            None => name,
        };
        let name = self.measured_alone(name);
        if matches!(facet, Facet::Value | Facet::Growth(_)) {
            self.topic.measured = self.lexicon.measure.strip_end(&name.printed).map(|_| (name.printed.clone(), unit));
        }
        self.name_part(&name, facet, figure);
        // What is counted in the same unit stands beside it, and is not of it.
        let unit = figure.unit.as_ref().map(|unit| &unit.shown);
        self.topic.beside = self.topic.said.first().filter(|_| self.topic.first_unit.as_ref() != unit).cloned();
        let is_telling = *facet == Facet::Value || self.lexicon.relative_stem(&name.printed).is_some();
        if is_telling { self.heads.owned(name, figure.unit.as_ref(), self.lexicon) } else { name }
    }

    /// A name that means nothing alone, and whose owner may be what a number without a name counts.
    pub(super) fn has_lost_owner(&self, name: &Name) -> bool {
        self.topic.is_lost && name.of.is_none() && name.id.is_none() && self.lexicon.relative_stem(&name.printed) == Some("")
    }

    /// The name before a number; in a clause on a share the words in brackets may name it.
    fn own_name(&self, words: &str, lead: &Lead, facet: &Facet) -> Option<Name> {
        let name = self.namer.name(words, self.context());
        let alias =
            lead.alias.as_deref().filter(|alias| self.namer.is_known(alias)).and_then(|alias| self.namer.name(alias, Context::default()));
        let bracket = lead.alias.as_deref().filter(|inside| self.is_kind(inside));
        match (name, alias) {
            (Some(name), Some(alias)) if name.id.is_none() && *facet == Facet::Value => Some(Name { id: alias.id, of: None, ..name }),
            (Some(name), None) if name.id.is_none() => {
                let printed = bracket.map_or(name.printed.clone(), |inside| format!("{}({inside})", name.printed));
                Some(Name { printed, ..name })
            }
            (name, _) => name,
        }
    }

    /// 社区卫生服务中心（站）, 水产品产量（不含远洋渔业）: words in brackets at the end of a name that are a part of it.
    fn is_kind(&self, inside: &str) -> bool {
        let n_chars = inside.chars().count();
        let is_word = inside.chars().all(|character| character == '、' || character.is_alphabetic() && !character.is_ascii());
        let is_kind = (1..=LONGEST_KIND).contains(&n_chars) && is_word && self.lexicon.predicate.strip_start(inside).is_none();
        is_kind || self.lexicon.except.strip_start(inside).is_some() && n_chars <= LONGEST_EXCEPTION
    }

    /// What is being spoken of, where it is one thing.
    fn topic_name(&self) -> Option<Name> {
        if let [name] = self.topic.names.as_slice() { Some(name.clone()) } else { None }
    }

    /// `新建 12 座桥梁`: what is counted stands behind the number.
    fn counted(&self, sentence: &Sentence, figure: &Figure, verb: &str) -> Option<Name> {
        let noun: String = sentence.text.get(figure.end..)?.chars().take_while(|character| character.is_alphabetic()).collect();
        (noun.chars().count() >= 2).then_some(())?;
        self.namer.name(&format!("{verb}{noun}"), Context::default())
    }

    /// `1530 家规模以上工业企业实现 …`: what is counted at the head of its clause stands behind the number, up to the verb.
    fn noun_behind(&self, sentence: &Sentence, figure: &Figure) -> Option<Name> {
        let lexicon = self.lexicon;
        let clause = self.find_noun(sentence, figure)?;
        let is_verb = |text: &str| {
            let verbs = [&lexicon.state, &lexicon.rise, &lexicon.fall];
            let rest = verbs.iter().filter_map(|verbs| verbs.strip_start(text)).min_by_key(|rest| rest.len());
            rest.is_some_and(|rest| text.len() - rest.len() > ONE_CHARACTER) || lexicon.opens_comparison(text)
        };
        // A verb ends it where the clause goes on to another number: 12 个县区空气质量达到标准 is whole.
        let states_more = clause.contains(|character: char| character.is_ascii_digit());
        let verb = clause.char_indices().map(|(at, _)| at).find(|&at| states_more && clause.get(at..).is_some_and(is_verb));
        let noun = clause.get(..verb.unwrap_or(clause.len()))?;
        let noun = lexicon.within.strip_end(noun).unwrap_or(noun);
        let is_noun = noun.chars().count() >= if verb.is_some() { 2 } else { LEAST_NOUN } && noun.chars().all(char::is_alphabetic);
        self.namer.name(noun, Context::default()).filter(|_| is_noun)
    }

    /// What follows right behind a number that counts things, where a noun opens it; up to the end of its clause.
    fn find_noun<'s>(&self, sentence: &'s Sentence, figure: &Figure) -> Option<&'s str> {
        let lexicon = self.lexicon;
        figure.unit.as_ref().filter(|unit| lexicon.counters.strip_start(lexicon.without_scales(&unit.shown)) == Some(""))?;
        let behind = sentence.text.get(figure.end..)?;
        let clause = behind.split([',', ':', '；', '、', '(', ')']).next()?;
        let opens = [&lexicon.soft, &lexicon.predicate, &lexicon.bound, &lexicon.join, &lexicon.may_join, &lexicon.state];
        // 规模以上 opens a noun, 规模 alone says how large the thing is.
        let is_none = lexicon.carried.strip_start(clause).is_none() && opens.iter().any(|words| words.strip_start(clause).is_some())
            || lexicon.opens_comparison(clause);
        let is_word = clause.chars().take(2).filter(|character| character.is_alphabetic()).count() == 2;
        Some(clause).filter(|_| is_word && !is_none)
    }

    /// `城镇和农村低保对象为 2 万人和 15 万人`: several names, and as many numbers in a row.
    pub(super) fn is_run(&self, sentence: &Sentence, figures: &[Figure], words: &str) -> bool {
        let [figure, next, ..] = figures else { return false };
        let between = sentence.text.get(figure.end..next.from).unwrap_or_default();
        let is_next = between == "、" || self.lexicon.join.strip_start(between) == Some("");
        let is_alike = figure.unit.is_some() && figure.unit == next.unit && next.kind == Kind::Value;
        let behind = sentence.text.get(next.end..).unwrap_or_default();
        let is_end = !behind.starts_with(char::is_alphabetic) || self.lexicon.join.strip_start(behind).is_some();
        let has_names = words.contains('、') || self.lexicon.join.is_in(words);
        is_next && is_alike && is_end && has_names
    }

    /// `城镇居民食品支出 1 元、居住支出 2 元`: what stands before the first name of a row goes for those behind it.
    pub(super) fn carried(&self, words: &str, is_listed: bool) -> String {
        let lexicon = self.lexicon;
        let first = self.heads.first.as_ref().or(self.topic.said.first()).map_or("", |first| first.printed.as_str());
        if words.is_empty() {
            return String::new();
        }
        // 省级 49 个 behind 国家级保护项目 8 个.
        if let Some(noun) = lexicon.levels.strip_start(first).filter(|_| lexicon.levels.strip_start(words) == Some("")) {
            let noun = lexicon.bound.strip_start(noun).unwrap_or(noun);
            return format!("{words}{noun}");
        }
        let kept = lexicon.row_start(first).filter(|_| !lexicon.has_row_start(words) && !self.namer.is_known(words)).unwrap_or_default();
        let is_alike = lexicon.measure_of(words).is_some_and(|own| lexicon.measure_of(first) == Some(own));
        let is_row = is_listed || self.topic.parts.as_ref().is_some_and(|parts| parts.is_view) && is_alike;
        format!("{}{words}", if is_row { kept } else { "" })
    }

    /// `藏书 12 万卷、3 万件`: the same, counted in another unit.
    pub(super) fn counts_again(&mut self, sentence: &Sentence, figure: &Figure) -> bool {
        let Some(Last { name, unit: Some(before), end }) = self.last.clone() else { return false };
        let Some(unit) = figure.unit.as_ref().filter(|unit| unit.kind == UnitKind::Other && unit.shown != before) else { return false };
        let between = sentence.text.get(end..figure.from).unwrap_or_default();
        let is_next = between == "、" || self.lexicon.join.strip_start(between) == Some("");
        let is_alone = !sentence.text.get(figure.end..).is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        let is_counted = is_next && is_alone && !unit.shown.ends_with(before.as_str());
        if is_counted {
            self.state(sentence, figure, (&name, "value".into(), None));
        }
        is_counted
    }

    /// `新增省级基地 1 家、示范机构 4 家`: what the first name of a list is made by goes for those behind it.
    pub(super) fn made(&mut self, words: &str, is_listed: bool) -> String {
        let lexicon = self.lexicon;
        let own = lexicon.making.strip_start(words);
        let is_plain = own.is_none() && lexicon.before_state(words).is_none() && !self.namer.is_known(words);
        if let Some(making) = self.topic.making.as_ref().filter(|_| is_listed && is_plain && !words.is_empty()) {
            return format!("{making}{words}");
        }
        let making = own.filter(|rest| !rest.is_empty()).and_then(|rest| words.get(..words.len() - rest.len()));
        self.topic.making = making.filter(|_| !self.namer.is_known(words)).map(str::to_string);
        words.to_string()
    }

    /// `种植面积 12 万亩，产量 3 万吨`: a measure that stands alone is one of what the part of the sentence is about.
    fn measured_alone(&self, name: Name) -> Name {
        let lexicon = self.lexicon;
        let is_alone = name.id.is_none() && name.of.is_none() && lexicon.measure.strip_end(&name.printed) == Some("");
        let stem = self.heads.about().and_then(|head| lexicon.measure.strip_end(head)).filter(|stem| !stem.is_empty());
        let whole = stem.filter(|_| is_alone && lexicon.relative_stem(&name.printed).is_none());
        whole.and_then(|stem| self.namer.name(&format!("{stem}{}", name.printed), self.context())).unwrap_or(name)
    }

    /// `7028 人享受城市低保`: what they do stands behind the number, and names it.
    fn said_behind(&self, sentence: &Sentence, figure: &Figure) -> Option<Name> {
        let behind = sentence.text.get(figure.end..)?;
        self.lexicon.doing.strip_start(behind).filter(|_| figure.unit.is_some())?;
        let words: String = behind.chars().take_while(|character| character.is_alphabetic()).collect();
        self.namer.name(&words, Context::default())
    }
}
