//! Sentences walked number by number: what is being spoken of, lists that are open, parts and wholes.
//!
//! A number without a name of its own belongs to the name before it in the same sentence, unless another matter came
//! between. A list `甲、乙、丙分别增长 1%、2%、3%` gives numbers only where there are as many as names.

use super::clause::{Facet, read_lead, split_attribute};
use super::figure::{Figure, Kind, Unit, UnitKind, figures};
use super::lexicon::Lexicon;
use super::name::{Context, Namer};
use super::sentence::Sentence;
use super::{Direction, Name, Statement};
use std::ops::Range;

/// Brackets in brackets are read so deep.
const DEEPEST: usize = 3;

/// What is being spoken of.
#[derive(Debug, Clone, Default)]
struct Topic {
    /// One name, or those of the last list.
    names: Vec<Name>,
    /// The attribute stated last, whose change may follow.
    attribute: Option<String>,
    /// What the names are a part of.
    under: Option<Name>,
    /// What the sentence before spoke of: only "of which" looks back over a full stop.
    before: Option<Name>,
    /// Every name of the sentence so far.
    said: Vec<Name>,
    /// The last value had no unit.
    is_bare: bool,
    /// The year spoken of, where it is not the report's.
    year: Option<i32>,
    /// What the next growth is against, said in a clause of its own.
    against: Option<String>,
}

impl Topic {
    fn context(&self) -> Context<'_> {
        Context { under: self.under.as_ref(), beside: self.names.first().or(self.said.first()) }
    }
}

/// A list whose numbers are still to come.
#[derive(Debug)]
struct OpenList {
    words: String,
    facet: String,
    attribute: Option<String>,
    direction: Option<Direction>,
    figures: Vec<(Figure, Option<Direction>)>,
}

/// Words before a number as they gather.
#[derive(Debug, Default)]
struct Lead {
    words: String,
    /// Words in brackets without a number: often another name.
    alias: Option<String>,
    /// A number of the same clause stands before.
    is_behind: bool,
}

pub(super) struct Walk<'a> {
    lexicon: &'a Lexicon,
    namer: &'a Namer<'a>,
    topic: Topic,
    list: Option<OpenList>,
    is_preliminary: bool,
    statements: Vec<Statement>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(lexicon: &'a Lexicon, namer: &'a Namer<'a>) -> Walk<'a> {
        let topic = Topic::default();
        Walk { lexicon, namer, topic, list: None, is_preliminary: false, statements: Vec::new() }
    }

    pub(super) fn finish(self) -> Vec<Statement> {
        self.statements
    }

    /// Read one sentence.
    pub(super) fn sentence(&mut self, sentence: &Sentence) {
        let before = self.topic.names.first().cloned().filter(|_| !sentence.is_first);
        self.topic = Topic { before, ..Topic::default() };
        self.is_preliminary = self.lexicon.preliminary.is_in(&sentence.text) || self.is_preliminary && !sentence.is_first;
        let figures = figures(sentence, self.lexicon);
        self.range(sentence, &figures, 0..sentence.text.len(), 0);
        self.close_list(sentence);
    }

    fn range(&mut self, sentence: &Sentence, figures: &[Figure], range: Range<usize>, depth: usize) {
        let text = sentence.text.as_str();
        let mut lead = Lead::default();
        let mut at = range.start;
        while at < range.end {
            let next = figures.partition_point(|figure| figure.from < at);
            if let Some(title) = text.get(at..).filter(|rest| rest.starts_with('《')).and_then(|rest| rest.find('》')) {
                // The title of a law or a plan is one word, whatever numbers stand in it.
                lead.words.push_str(text.get(at..at + title).unwrap_or_default());
                at += title;
                continue;
            }
            if let Some(figure) = figures.get(next).filter(|figure| figure.from == at) {
                at = self.figure(sentence, figures.get(next..).unwrap_or_default(), &mut lead);
                at = at.max(figure.to);
                continue;
            }
            let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
            let after = at + character.len_utf8();
            match character {
                '(' => {
                    let end = closing(text, at).min(range.end);
                    self.bracket(sentence, figures, (after..end, depth), &mut lead);
                    at = (end + 1).min(range.end);
                    continue;
                }
                ',' | '；' | ':' => self.end_clause(&mut lead),
                shown => lead.words.push(shown),
            }
            at = after;
        }
        self.end_clause(&mut lead);
    }

    /// Words in brackets: a remark, another name, or sentences of their own on what stands before.
    fn bracket(&mut self, sentence: &Sentence, figures: &[Figure], (range, depth): (Range<usize>, usize), lead: &mut Lead) {
        let inside = sentence.text.get(range.clone()).unwrap_or_default();
        let first = figures.partition_point(|figure| figure.from < range.start);
        let own: Vec<&Figure> = figures.iter().skip(first).take_while(|figure| figure.from < range.end).collect();
        let states = own.iter().any(|figure| figure.kind != Kind::Inside && figure.unit.is_some());
        if !states {
            if own.is_empty() {
                lead.alias = Some(inside.to_string());
            }
            return;
        }
        if depth >= DEEPEST {
            return;
        }
        let named = self.namer.name(&lead.words, self.topic.context()).filter(|_| !lead.is_behind);
        let kept = self.topic.clone();
        let list = self.list.take();
        self.topic.under = named.or_else(|| kept.names.first().cloned());
        self.range(sentence, figures, range, depth + 1);
        self.close_list(sentence);
        self.topic = kept;
        self.list = list;
    }

    /// A clause has ended: words without a number say what is spoken of next, or that it is another matter.
    fn end_clause(&mut self, lead: &mut Lead) {
        let Lead { words, is_behind, .. } = std::mem::take(lead);
        if is_behind || words.is_empty() {
            return;
        }
        let lexicon = self.lexicon;
        let text = self.lexicon.remark.remove_from(&words);
        if let Some((id, _)) = lexicon.against.iter().skip(1).find(|(_, own)| own.is_in(&words)) {
            self.topic.against = Some(id.clone());
            return;
        }
        if text.is_empty() || lexicon.preliminary.is_in(&text) {
            return;
        }
        let whole = text;
        let bare = self.namer.strip(&whole);
        self.topic.year = bare.year.or(self.topic.year);
        let text = bare.words;
        if let Some(rest) = lexicon.of_which.strip_start(text) {
            self.open_parts();
            if rest.is_empty() {
                return;
            }
        }
        if lexicon.view.strip_end(text).is_some() {
            return self.open_parts();
        }
        if let Some(whole) = lexicon.within.strip_end(text) {
            self.topic.under = self.namer.name(lexicon.among.strip_start(whole).unwrap_or(whole), Context::default());
            self.topic.names.clear();
            return;
        }
        let goes_on = |text: &str| lexicon.predicate.strip_start(text).is_some() || lexicon.state.strip_start(text).is_some();
        let is_predicate = text.is_empty() || goes_on(text) || goes_on(&whole);
        if is_predicate {
            return;
        }
        // Another matter, or a name whose verb comes after a comma.
        self.topic.names =
            if self.namer.is_known(text) { self.namer.name(text, Context::default()).into_iter().collect() } else { Vec::new() };
        self.topic.attribute = None;
    }

    /// What follows is a part of what was said last.
    fn open_parts(&mut self) {
        if let Some(last) = self.topic.names.first().or(self.topic.before.as_ref()) {
            self.topic.under = Some(last.clone());
        }
    }

    /// Take the number at the head of `figures`, or the row of them; tells where its unit ends.
    fn figure(&mut self, sentence: &Sentence, figures: &[Figure], lead: &mut Lead) -> usize {
        let Some(figure) = figures.first() else { return 0 };
        if matches!(figure.kind, Kind::Inside | Kind::Torn) {
            lead.words.push_str(sentence.text.get(figure.from..figure.to).unwrap_or_default());
            return figure.to;
        }
        let taken = std::mem::take(lead);
        lead.is_behind = true;
        if figure.kind == Kind::Ratio {
            // A row that follows right behind another one is its own: 由 16.5:43.1:40.4 调整为 16.0:43.1:40.9.
            let meets = |pair: &[Figure]| matches!(pair, [one, two] if sentence.text.get(one.end..two.from) == Some(":"));
            let n_row = 1 + figures.windows(2).take_while(|pair| meets(pair)).count();
            let row: Vec<&Figure> = figures.iter().take(n_row).collect();
            self.ratio(sentence, &row, &taken);
            return row.last().map_or(figure.end, |last| last.end);
        }
        self.value(sentence, figure, taken);
        figure.end
    }

    /// `三次产业结构为 10.2:38.4:51.4`.
    fn ratio(&mut self, sentence: &Sentence, row: &[&Figure], lead: &Lead) {
        self.close_list(sentence);
        let (words, facet) = match self.lexicon.from.split_last(&lead.words) {
            Some((before, _)) => (before, "share.previous"),
            None => (lead.words.as_str(), "share"),
        };
        let words = self.lexicon.before_state(words).unwrap_or(words);
        let parts = if words.is_empty() { Some(self.topic.names.clone()) } else { self.namer.group(words) };
        let parts = parts.filter(|parts| parts.len() == row.len() && parts.len() > 1);
        for (name, figure) in parts.iter().flatten().zip(row) {
            self.state(sentence, figure, (name, facet.to_string(), None));
        }
        self.topic.names = parts.unwrap_or_default();
    }

    fn value(&mut self, sentence: &Sentence, figure: &Figure, lead: Lead) {
        let lexicon = self.lexicon;
        let mut words = lexicon.remark.remove_from(&lead.words);
        if let Some(rest) = lexicon.of_which.strip_start(words.trim_start_matches('、')) {
            self.open_parts();
            self.topic.names.clear();
            words = rest.to_string();
        }
        let words = self.without_joins(&words);
        if self.goes_on(words, figure) {
            return;
        }
        self.close_list(sentence);
        let bare = self.namer.strip(words);
        self.topic.year = bare.year.or(self.topic.year);
        let (words, has_each) = match lexicon.each.split_last(bare.words) {
            Some((before, after)) => (format!("{before}{after}"), true),
            None => (bare.words.to_string(), false),
        };
        let Some(meaning) = read_lead(&words, figure.unit.as_ref(), (lexicon, self.namer)) else {
            self.topic.names.clear();
            return;
        };
        let (name_words, attribute) = match &meaning.facet {
            Facet::Change(_) | Facet::Gap | Facet::Previous => match split_attribute(&meaning.name, (lexicon, self.namer)) {
                Some((id, name)) => (name.to_string(), Some(id.to_string())),
                None => (meaning.name.clone(), None),
            },
            _ => (meaning.name.clone(), None),
        };
        // 由下降 0.8% 转为增长 0.5%: a verb names nothing.
        let name_words = if lexicon.before_state(&name_words) == Some("") { String::new() } else { name_words };
        let name_words = self.namer.strip(&name_words).words.to_string();
        if has_each {
            let facet = self.facet_key(&meaning.facet, attribute, false);
            let attribute = if let Facet::Attribute(id) = &meaning.facet { Some(id.clone()) } else { None };
            let figures = vec![(figure.clone(), meaning.direction)];
            self.list = Some(OpenList { words: name_words, facet, attribute, direction: meaning.direction, figures });
            return;
        }
        let is_own = !name_words.is_empty();
        let verb = lexicon.soft.strip_start(&name_words).unwrap_or(&name_words);
        let name = if let Some(name) = self.said_behind(sentence, figure).filter(|_| !is_own && meaning.facet == Facet::Value) {
            Some(name)
        } else if lexicon.making.strip_start(verb) == Some("") {
            self.counted(sentence, figure, verb)
        } else if is_own {
            self.own_name(&name_words, &lead, &meaning.facet)
        } else if meaning.has_verb || matches!(meaning.facet, Facet::Attribute(_) | Facet::Growth(_)) {
            self.topic_name()
        } else {
            None
        };
        let is_stated = match meaning.facet {
            _ if figure.unit.is_some() => true,
            Facet::Value => meaning.has_verb,
            _ => self.topic.is_bare && !is_own,
        };
        let Some(name) = name.filter(|_| is_stated) else {
            self.topic.names.clear();
            return;
        };
        if is_own {
            self.topic.attribute = None;
        }
        let facet = self.facet_key(&meaning.facet, attribute, figure.unit.as_ref().is_some_and(|unit| unit.kind == UnitKind::Points));
        self.topic.names = vec![name.clone()];
        self.topic.is_bare = figure.unit.is_none();
        match &meaning.facet {
            Facet::Attribute(id) => self.topic.attribute = Some(id.clone()),
            Facet::Growth(_) => self.topic.attribute = Some("growth".into()),
            _ => {}
        }
        self.state(sentence, figure, (&name, facet, meaning.direction));
    }

    /// The number goes on an open list: nothing but a joining word or a verb stands before it.
    fn goes_on(&mut self, words: &str, figure: &Figure) -> bool {
        let lexicon = self.lexicon;
        let Some(list) = &mut self.list else { return false };
        let bare = lexicon.soft.trim_end(words);
        let own = match (lexicon.rise.strip_end(bare), lexicon.fall.strip_end(bare)) {
            (_, Some("")) => Some(Direction::Down),
            (Some(""), _) => Some(Direction::Up),
            _ if bare.is_empty() => list.direction,
            _ => return false,
        };
        list.figures.push((figure.clone(), own));
        true
    }

    /// State the numbers of a list that has as many as names.
    fn close_list(&mut self, sentence: &Sentence) {
        let Some(list) = self.list.take() else { return };
        let Some(names) = self.names_of_list(&list.words, list.figures.len()) else {
            self.topic.names.clear();
            return;
        };
        // 0.6、2.0 和 3.4 个百分点, 0.8 个、1.9 个、2.9 个百分点: the unit is printed once in full, behind the last.
        let last_unit: Option<Unit> = list.figures.last().and_then(|(figure, _)| figure.unit.clone());
        for (name, (figure, direction)) in names.iter().zip(&list.figures) {
            let is_cut = |unit: &Unit| last_unit.as_ref().is_some_and(|last| last.shown.starts_with(&unit.shown));
            let unit = figure.unit.clone().filter(|unit| !is_cut(unit)).or_else(|| last_unit.clone());
            let figure = Figure { unit, ..figure.clone() };
            self.state(sentence, &figure, (name, list.facet.clone(), *direction));
        }
        self.topic.names = names;
        self.topic.attribute = list.attribute;
    }

    /// The names of a list of so many numbers: a row that the family knows, names parted by marks and joining words, or
    /// those that the sentence has spoken of before. None where there are not as many.
    fn names_of_list(&self, words: &str, n_names: usize) -> Option<Vec<Name>> {
        let fits = |names: &Vec<Name>| names.len() == n_names && n_names > 1;
        if words.is_empty() {
            return [&self.topic.names, &self.topic.said].into_iter().find(|names| fits(names)).cloned();
        }
        if let Some(names) = self.namer.group(words) {
            return Some(names).filter(fits);
        }
        let words = self.lexicon.etcetera.split_last(words).map_or(words, |(names, _)| names);
        let parts = self.lexicon.split_list(words, n_names)?;
        let context = self.topic.context();
        let names: Vec<Name> = parts.iter().filter_map(|part| self.namer.name_in_list(part, &parts, context)).collect();
        Some(names).filter(fits)
    }

    /// The name before a number; in a clause on a share the words in brackets may name it.
    fn own_name(&self, words: &str, lead: &Lead, facet: &Facet) -> Option<Name> {
        let name = self.namer.name(words, self.topic.context());
        let alias =
            lead.alias.as_deref().filter(|alias| self.namer.is_known(alias)).and_then(|alias| self.namer.name(alias, Context::default()));
        match (name, alias) {
            (Some(name), Some(alias)) if name.id.is_none() && *facet == Facet::Value => Some(Name { id: alias.id, ..name }),
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

    fn facet_key(&mut self, facet: &Facet, attribute: Option<String>, in_points: bool) -> String {
        let facet = match (facet, self.topic.against.take()) {
            (Facet::Growth(against), Some(other)) if against.is_empty() => Facet::Growth(other),
            (Facet::Change(against), Some(other)) if against.is_empty() => Facet::Change(other),
            (facet, _) => facet.clone(),
        };
        let last = attribute.or_else(|| self.topic.attribute.clone().filter(|_| in_points));
        let key = facet.key(last.as_deref());
        self.topic.year.map_or(key.clone(), |year| format!("{key}.{year}"))
    }

    fn without_joins<'t>(&self, words: &'t str) -> &'t str {
        let mut words = words;
        while let Some(rest) = words.strip_prefix('、').or_else(|| self.lexicon.join.strip_start(words)) {
            words = rest;
        }
        words
    }

    fn state(&mut self, sentence: &Sentence, figure: &Figure, (name, facet, direction): (&Name, String, Option<Direction>)) {
        let is_down = direction == Some(Direction::Down);
        // A decline of less than nothing is read by no one.
        if is_down && figure.value.is_sign_negative() {
            return;
        }
        let beside = self.topic.said.first().cloned();
        if !self.topic.said.contains(name) {
            self.topic.said.push(name.clone());
        }
        self.statements.push(Statement {
            key: String::new(),
            name: name.clone(),
            facet,
            value: if is_down { -figure.value } else { figure.value },
            unit: figure.unit.as_ref().map(|unit| unit.shown.clone()),
            span: sentence.span(figure.from, figure.to),
            direction,
            under: self.topic.under.clone(),
            beside,
            is_preliminary: self.is_preliminary,
            is_rough: figure.is_rough,
        });
    }
}

/// Where the bracket closes that opens at `open`; the end of the text where it never does.
fn closing(text: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, character) in text.get(open..).unwrap_or_default().char_indices() {
        match character {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return open + at;
                }
            }
            _ => {}
        }
    }
    text.len()
}
