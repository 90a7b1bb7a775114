//! Whose a number is: the name before it, the noun behind it, or what is being spoken of; and what it is a part of.

use super::Name;
use super::clause::{Facet, Meaning};
use super::figure::{Figure, UnitKind};
use super::name::Context;
use super::sentence::Sentence;
use super::walk::{Lead, Topic, Walk};

impl Walk<'_> {
    /// `执行收费标准的 246.6 万人次学生`: the words before the number are a remark on what stands behind it.
    pub(super) fn counts_noun_behind(&self, sentence: &Sentence, figure: &Figure, words: &str) -> bool {
        let behind = sentence.text.get(figure.end..).unwrap_or_default();
        figure.unit.as_ref().is_none_or(|unit| unit.kind == UnitKind::Other)
            && self.lexicon.of.strip_end(words).is_some()
            && self.lexicon.from.strip_end(words).is_none()
            && behind.starts_with(|next: char| next.is_alphabetic())
    }

    /// Whose number it is.
    pub(super) fn named(&self, sentence: &Sentence, figure: &Figure, (words, lead, meaning): (&str, &Lead, &Meaning)) -> Option<Name> {
        let lexicon = self.lexicon;
        let verb = lexicon.soft.strip_start(words).unwrap_or(words);
        let is_verb = lexicon.making.strip_start(verb) == Some("") || lexicon.doing.strip_start(verb) == Some("");
        if let Some(name) = self.said_behind(sentence, figure).filter(|_| words.is_empty() && meaning.facet == Facet::Value) {
            return Some(name);
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
        if matches!(facet, Facet::Value | Facet::Growth(_)) {
            self.topic.measured = self.lexicon.measure.strip_end(&name.printed).map(|_| (name.printed.clone(), unit));
        }
        if let Some(parts) = &mut self.topic.parts {
            parts.n_named += 1;
        }
        self.end_parts(facet, figure);
        // What is counted in the same unit stands beside it, and is not of it.
        let unit = figure.unit.as_ref().map(|unit| &unit.shown);
        self.topic.beside = self.topic.said.first().filter(|_| self.topic.first_unit.as_ref() != unit).cloned();
        let is_telling = *facet == Facet::Value || self.lexicon.relative.strip_end(&name.printed).is_some();
        if is_telling { self.heads.owned(name, figure.unit.as_ref(), self.lexicon) } else { name }
    }

    /// `授权专利 3 件，其中发明专利 1 件；签订技术合同 5 项`: behind a `；`, what is counted in another unit is no part.
    fn end_parts(&mut self, facet: &Facet, figure: &Figure) {
        let topic = &mut self.topic;
        let unit = figure.unit.as_ref().filter(|_| *facet == Facet::Value && topic.parts.is_some()).map(|unit| unit.shown.clone());
        let Some(unit) = unit else { return };
        match &topic.part_unit {
            None => topic.part_unit = Some(unit),
            Some(own) if topic.is_past_part && *own != unit => (topic.under, topic.parts) = (None, None),
            Some(_) => {}
        }
    }

    /// What a statement is a part of. A part of one indicator is none of another that was named between: 居民人均可支配收入 …，
    /// 人均消费支出 …。城镇居民人均可支配收入 ….
    pub(super) fn under(&self, name: &Name) -> Option<Name> {
        let Topic { under, said, past, .. } = &self.topic;
        let under = under.clone().or_else(|| needed_owner(name))?;
        let group = name.id.as_deref().and_then(|id| id.rsplit_once('.')).map(|(group, _)| group);
        let is_group = |other: &&Name| other.id.as_deref() == group;
        let is_own = group.is_none_or(|group| under.id.as_deref().is_some_and(|id| id == group || id.starts_with(&format!("{group}."))));
        if is_own { Some(under) } else { said.iter().chain(past).find(is_group).cloned().or(Some(under)) }
    }

    /// The name before a number; in a clause on a share the words in brackets may name it.
    fn own_name(&self, words: &str, lead: &Lead, facet: &Facet) -> Option<Name> {
        let name = self.namer.name(words, self.context());
        let alias =
            lead.alias.as_deref().filter(|alias| self.namer.is_known(alias)).and_then(|alias| self.namer.name(alias, Context::default()));
        match (name, alias) {
            (Some(name), Some(alias)) if name.id.is_none() && *facet == Facet::Value => Some(Name { id: alias.id, of: None, ..name }),
            (name, _) => name,
        }
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

    /// `7028 人享受城市低保`: what they do stands behind the number, and names it.
    fn said_behind(&self, sentence: &Sentence, figure: &Figure) -> Option<Name> {
        let behind = sentence.text.get(figure.end..)?;
        self.lexicon.doing.strip_start(behind).filter(|_| figure.unit.is_some())?;
        let words: String = behind.chars().take_while(|character| character.is_alphabetic()).collect();
        self.namer.name(&words, Context::default())
    }
}

/// Whose a name is that means nothing alone.
fn needed_owner(name: &Name) -> Option<Name> {
    let owner = name.of.as_ref().filter(|of| of.is_needed)?;
    Some(Name { id: Some(owner.key.clone()), printed: owner.printed.clone(), of: None })
}
