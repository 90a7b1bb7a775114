//! Sentences walked number by number: what is being spoken of, lists that are open, parts and wholes.
//!
//! A number without a name of its own belongs to the name before it in the same sentence, unless another matter came
//! between. A list `甲、乙、丙分别增长 1%、2%、3%` gives numbers only where there are as many as names.

use super::clause::{Base, Facet, Meaning, ONE_CHARACTER, read_lead, split_attribute};
use super::figure::{Figure, Kind, UnitKind, figures};
use super::list::OpenList;
use super::name::{Context, Namer};
use super::owner::Heads;
use super::parts::{Opened, Outer, Parts, Whole};
use super::sentence::{Sentence, closing};
use super::{Direction, Name, Statement};
use crate::grammar::Lexicon;
use rust_decimal::Decimal;
use std::collections::HashMap;
use std::ops::Range;

/// Brackets in brackets are read so deep.
const DEEPEST: usize = 3;
/// Words in brackets that belong to a name, in characters.
const LONGEST_INSIDE: usize = 4;
/// Words in quotation marks that are one word, in characters.
const LONGEST_QUOTED: usize = 40;
/// So many names of a sentence are looked back to.
const MOST_SAID: usize = 64;

/// What is being spoken of.
#[derive(Debug, Clone, Default)]
pub(super) struct Topic {
    /// One name, or those of the last list.
    pub names: Vec<Name>,
    /// The attribute stated last, whose change may follow.
    pub attribute: Option<String>,
    /// What the names are a part of.
    pub under: Option<Whole>,
    /// What the sentence before spoke of: only "of which" looks back over a full stop.
    pub before: Option<Whole>,
    /// What the sentence before divided into parts, which may be divided otherwise.
    pub whole: Option<Whole>,
    /// What the share stated last is of; none for another thing.
    pub base: Option<Name>,
    /// What the last share of the sentence that says so is of.
    pub last_base: Option<Name>,
    /// Every name of the sentence so far.
    pub said: Vec<Name>,
    /// Those of the last sentence before that has any.
    pub past: Vec<Name>,
    /// The first name of its sentence, where the names at hand are of another kind.
    pub beside: Option<Name>,
    /// The last value had no unit.
    pub is_bare: bool,
    /// It had words of its own before it.
    pub is_named: bool,
    /// The year spoken of, where it is not the report's.
    pub year: Option<i32>,
    /// What the next growth is against, said in a clause of its own.
    pub against: Option<String>,
    /// How the sentence parts what it speaks of.
    pub parts: Option<Parts>,
    pub outer: Option<Outer>,
    pub opened: Option<Opened>,
    /// The first name of the sentence has this unit.
    pub first_unit: Option<String>,
    /// The sentence speaks of the year before.
    pub is_past_year: bool,
    /// Of what attribute the number was that something came from, and which way: 增速由 3.2 % 提高到.
    pub came_from: Option<(String, Option<Direction>)>,
    /// The unit of the number stated last, where the sentence says that it was passed.
    pub passed: Option<String>,
    /// A number of the sentence was left without a name.
    pub is_lost: bool,
    /// The name stated last with a measure of its own, and its unit.
    pub measured: Option<(String, Option<String>)>,
    /// Names that are waiting for the numbers of a list.
    pub held: Vec<String>,
    /// What was made, in a list: 新增 A 3 家、B 5 家.
    pub making: Option<String>,
}

/// The number stated last, and where its unit ends.
#[derive(Debug, Clone)]
pub(super) struct Last {
    pub name: Name,
    pub unit: Option<String>,
    pub end: usize,
}

/// Words before a number as they gather.
#[derive(Debug, Default)]
pub(super) struct Lead {
    pub words: String,
    /// Words in brackets without a number: often another name.
    pub alias: Option<String>,
    /// A number of the same clause stands before.
    pub is_behind: bool,
}

/// What the words before a number say.
struct Said {
    /// Those that name its owner.
    words: String,
    /// The attribute that a change or a gap is of.
    attribute: Option<String>,
    meaning: Meaning,
    /// It is the first number of a list.
    has_each: bool,
}

pub(super) struct Walk<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) namer: &'a Namer<'a>,
    pub(super) topic: Topic,
    /// The first name of the paragraph.
    pub(super) subject: Option<Name>,
    pub(super) heads: Heads,
    /// What each name was counted in last, and its number.
    pub(super) counted: HashMap<String, (String, Decimal)>,
    pub(super) list: Option<OpenList>,
    pub(super) last: Option<Last>,
    /// The name valued last, and what it is a part of.
    parent: Option<(Name, Option<Name>)>,
    pub(super) is_preliminary: bool,
    pub(super) statements: Vec<Statement>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(lexicon: &'a Lexicon, namer: &'a Namer<'a>) -> Walk<'a> {
        let topic = Topic::default();
        let (heads, counted, statements) = (Heads::default(), HashMap::new(), Vec::new());
        Walk {
            lexicon,
            namer,
            topic,
            subject: None,
            heads,
            counted,
            list: None,
            last: None,
            parent: None,
            is_preliminary: false,
            statements,
        }
    }

    pub(super) fn finish(self) -> Vec<Statement> {
        self.statements
    }

    /// Read one sentence.
    pub(super) fn sentence(&mut self, sentence: &Sentence) {
        self.look_back(sentence);
        self.last = None;
        if sentence.is_first {
            self.heads.end_paragraph()
        } else {
            self.heads.end_sentence()
        }
        self.is_preliminary = self.lexicon.preliminary.is_in(&sentence.text) || self.is_preliminary && !sentence.is_first;
        let figures = figures(sentence, self.lexicon);
        self.range(sentence, &figures, 0..sentence.text.len(), 0);
        self.close_list(sentence);
        self.prove_parts();
    }

    pub(super) fn context(&self) -> Context<'_> {
        let Topic { under, names, said, past, .. } = &self.topic;
        let (sure, doubtful) = match under {
            Some(under) if under.is_sure => (Some(&under.name), None),
            under => (None, under.as_ref().map(|under| &under.name)),
        };
        let is_of_unknown = sure.is_none() && self.topic.parts.as_ref().is_some_and(|parts| !parts.is_view);
        let beside = doubtful.or(names.first()).or(said.first());
        Context { under: sure, is_of_unknown, beside, first: self.heads.first.as_ref(), said: [said, past] }
    }

    fn range(&mut self, sentence: &Sentence, figures: &[Figure], range: Range<usize>, depth: usize) {
        let text = sentence.text.as_str();
        let mut lead = Lead::default();
        let mut at = range.start;
        while at < range.end {
            let next = figures.partition_point(|figure| figure.from < at);
            if let Some(length) = text.get(at..).and_then(|rest| one_word(rest, at, figures.get(next..).unwrap_or_default())) {
                lead.words.push_str(text.get(at..at + length).unwrap_or_default());
                at += length;
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
                ',' => self.end_clause(&mut lead),
                ':' => {
                    self.end_clause(&mut lead);
                    self.open_list_of_parts();
                }
                '；' => {
                    self.end_clause(&mut lead);
                    self.topic.held.clear();
                    self.pass_part();
                    self.heads.end_part();
                }
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
            if own.is_empty() && self.is_within_name(inside, sentence.text.get(range.end + 1..).unwrap_or_default()) {
                lead.words.push_str(sentence.text.get(range.start - 1..=range.end).unwrap_or_default());
            } else if own.is_empty() {
                lead.alias = Some(inside.to_string());
            }
            return;
        }
        if depth >= DEEPEST {
            return;
        }
        let named = self.namer.name(&lead.words, self.context()).filter(|_| !lead.is_behind);
        let kept = (self.topic.clone(), self.heads.clone());
        let list = self.list.take();
        self.topic.under = named.map(Whole::sure).or_else(|| Whole::of(&kept.0.names));
        self.range(sentence, figures, range, depth + 1);
        self.close_list(sentence);
        (self.topic, self.heads) = kept;
        self.list = list;
    }

    /// `执业（助理）医师`: the name goes on behind the bracket.
    fn is_within_name(&self, inside: &str, behind: &str) -> bool {
        let lexicon = self.lexicon;
        let n_chars = inside.chars().count();
        let is_word =
            (1..=LONGEST_INSIDE).contains(&n_chars) && inside.chars().all(|character| character.is_alphabetic() && !character.is_ascii());
        let verbs = [&lexicon.state, &lexicon.rise, &lexicon.fall, &lexicon.soft, &lexicon.predicate, &lexicon.each, &lexicon.may_join];
        let goes_on =
            behind.starts_with(|next: char| next.is_alphabetic()) && !verbs.iter().any(|verbs| verbs.strip_start(behind).is_some());
        is_word && goes_on && lexicon.predicate.strip_start(inside).is_none()
    }

    /// A clause has ended: words without a number say what is spoken of next, or that it is another matter.
    fn end_clause(&mut self, lead: &mut Lead) {
        self.topic.making = None;
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
        let part = lexicon.of_which.strip_start(text);
        if part.is_some() {
            self.open_parts(None);
        }
        let (text, is_part) = (part.unwrap_or(text), part.is_some());
        if text.is_empty() {
            return;
        }
        if lexicon.view.strip_end(text).is_some() {
            return self.open_parts(Some(text));
        }
        if let Some(whole) = lexicon.within.strip_end(text) {
            // 八大类商品中: the classes of what was said.
            if lexicon.classes.is_in(whole) && !self.namer.is_known(whole) {
                return self.open_parts(Some(whole));
            }
            let whole = lexicon.among.strip_start(whole).unwrap_or(whole);
            self.topic.under = self.namer.name(whole, Context::default()).map(Whole::sure);
            self.topic.names.clear();
            return;
        }
        let is_verb = |text: &str| lexicon.state.strip_start(text).is_some() && lexicon.whole.strip_start(text).is_none();
        let goes_on = |text: &str| lexicon.predicate.strip_start(text).is_some() || is_verb(text);
        let is_predicate = goes_on(text) || !is_part && goes_on(&whole);
        if is_predicate {
            return;
        }
        // Another matter, a name of a list, or one whose verb comes after a comma.
        if self.topic.held.len() == MOST_SAID {
            self.topic.held.remove(0);
        }
        self.topic.held.push(text.to_string());
        self.topic.names =
            if self.namer.is_known(text) { self.namer.name(text, Context::default()).into_iter().collect() } else { Vec::new() };
        self.topic.attribute = None;
    }

    /// Take the number at the head of `figures`, or the row of them; tells where its unit ends.
    fn figure(&mut self, sentence: &Sentence, figures: &[Figure], lead: &mut Lead) -> usize {
        let Some(figure) = figures.first() else { return 0 };
        if figure.kind == Kind::Torn {
            // Nobody can tell what the words before it are about.
            *lead = Lead::default();
            self.topic.names.clear();
            return figure.to;
        }
        if figure.kind == Kind::Inside {
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
        self.value(sentence, figures, taken);
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

    fn value(&mut self, sentence: &Sentence, figures: &[Figure], lead: Lead) {
        let Some(figure) = figures.first() else { return };
        let opened = self.opened(&lead.words);
        let words = self.without_joins(&opened);
        if self.goes_on(words, figure) {
            return;
        }
        self.close_list(sentence);
        if words.is_empty() && self.counts_again(sentence, figure) {
            return;
        }
        if self.counts_noun_behind(sentence, figure, words) {
            return self.leave();
        }
        let is_listed = words.len() < opened.len();
        match self.said(sentence, figures, (words, is_listed)) {
            Some(said) if self.counts_elsewhere(sentence, figure, (&said.words, &said.meaning)) => self.leave(),
            Some(said) if said.has_each => self.open_list(figure, said),
            Some(said) => self.give(sentence, figure, (said, &lead)),
            None => self.leave(),
        }
    }

    /// Read the words before a number; none where nobody can tell what they say.
    fn said(&mut self, sentence: &Sentence, figures: &[Figure], (words, is_listed): (&str, bool)) -> Option<Said> {
        let lexicon = self.lexicon;
        let is_so_far = lexicon.so_far.strip_start(words).is_some();
        let bare = self.namer.strip(words);
        let is_verb_alone = !words.is_empty() && bare.words.is_empty();
        self.topic.year = bare.year.or(self.topic.year);
        let (words, has_each) = match lexicon.each.split_last(bare.words) {
            Some((before, after)) => (format!("{before}{after}"), true),
            None => (bare.words.to_string(), self.is_run(sentence, figures, bare.words)),
        };
        let meaning = read_lead(&words, figures.first()?.unit.as_ref(), (lexicon, self.namer))?;
        let (words, attribute) = match &meaning.facet {
            Facet::Change(_) | Facet::Gap | Facet::Previous => match split_attribute(&meaning.name, (lexicon, self.namer)) {
                Some((id, name)) => (name, Some(id.to_string())),
                None => (meaning.name.as_str(), None),
            },
            _ => (meaning.name.as_str(), None),
        };
        // 由下降 0.8% 转为增长 0.5%: a verb names nothing.
        let words = if lexicon.before_state(words) == Some("") { "" } else { words };
        let words = self.namer.strip(words).words;
        let words = if lexicon.so_far.strip_start(words) == Some("") { "" } else { words };
        let words = self.made(&self.carried(words, is_listed), is_listed);
        let has_verb = meaning.has_verb || words.is_empty() && self.is_at_threshold(figures.first()?, is_verb_alone);
        let meaning = Meaning { has_verb, ..meaning };
        let is_total = is_so_far && words.is_empty() && meaning.facet == Facet::Value;
        let meaning = if is_total { Meaning { facet: Facet::Attribute("total".into()), ..meaning } } else { meaning };
        Some(Said { words, attribute, meaning, has_each })
    }

    /// Each name of a list gets its number when all of them have been read.
    fn open_list(&mut self, figure: &Figure, Said { words, attribute, meaning, .. }: Said) {
        let facet = self.facet_key(&meaning.facet, attribute, false);
        let attribute = if let Facet::Attribute(id) = &meaning.facet { Some(id.clone()) } else { None };
        self.topic.base = if let Base::Said(base) = &meaning.base { Some(self.namer.whole(base)) } else { None };
        let figures = vec![(figure.clone(), meaning.direction)];
        self.list = Some(OpenList { words, facet, attribute, direction: meaning.direction, figures });
    }

    /// Give a number to the name that its words say, or to what is being spoken of.
    fn give(&mut self, sentence: &Sentence, figure: &Figure, (said, lead): (Said, &Lead)) {
        let (lexicon, Said { words: name_words, attribute, meaning, .. }) = (self.lexicon, said);
        let is_own = !name_words.is_empty();
        let meaning = match self.topic.came_from.take().filter(|_| !is_own && meaning.facet == Facet::Value) {
            Some((id, direction)) if id == "growth" => Meaning { facet: Facet::Growth(String::new()), direction, ..meaning },
            Some((id, direction)) => Meaning { facet: Facet::Attribute(id), direction, ..meaning },
            None => meaning,
        };
        if meaning.facet == Facet::Previous {
            self.topic.came_from = attribute.clone().map(|id| (id, meaning.direction));
        }
        let name = self.named(sentence, figure, (&name_words, lead, &meaning));
        let is_stated = match meaning.facet {
            _ if figure.unit.is_some() => true,
            Facet::Value | Facet::Previous => meaning.has_verb,
            _ => self.topic.is_bare && !is_own,
        };
        if is_own && name.as_ref().is_none_or(|name| name.id.is_none()) && lexicon.last_year.strip_start(&name_words).is_some() {
            self.topic.is_past_year = true;
        }
        let Some(name) = name.filter(|_| is_stated && !self.topic.is_past_year) else { return self.leave() };
        let name = if is_own { self.owned(self.measured_as_wholes(name, &meaning.facet), figure, &meaning.facet) } else { name };
        if is_own && (self.is_nothing_alone(&name, &meaning.facet) || self.has_lost_owner(&name)) {
            return self.leave();
        }
        self.note_base(&meaning, is_own);
        let facet = self.facet_key(&meaning.facet, attribute, figure.unit.as_ref().is_some_and(|unit| unit.kind == UnitKind::Points));
        self.topic.names = vec![name.clone()];
        (self.topic.is_bare, self.topic.is_named) = (figure.unit.is_none(), is_own);
        match &meaning.facet {
            Facet::Attribute(id) => self.topic.attribute = Some(id.clone()),
            Facet::Growth(_) => self.topic.attribute = Some("growth".into()),
            _ => {}
        }
        self.topic.passed = figure.unit.as_ref().filter(|_| figure.is_passed).map(|unit| unit.shown.clone());
        if figure.is_passed && meaning.facet != Facet::Value {
            // 占比突破 50 %，达到 50.3 %.
            self.topic.came_from = self.topic.attribute.clone().map(|id| (id, meaning.direction));
        }
        self.state(sentence, figure, (&name, facet, meaning.direction));
    }

    /// What a share is of, which later shares of the sentence may leave out: 占规模以上工业比重为 10.2 %，其中 …，占 2.4 %.
    fn note_base(&mut self, meaning: &Meaning, is_own: bool) {
        let is_share = matches!(&meaning.facet, Facet::Attribute(id) if id == "share");
        match &meaning.base {
            Base::Said(base) => self.topic.base = Some(self.namer.whole(base)),
            Base::Unsaid => self.topic.base.clone_from(&self.topic.last_base),
            Base::None if is_own || is_share => self.topic.base = None,
            Base::None => {}
        }
        if is_share && self.topic.base.is_some() {
            self.topic.last_base.clone_from(&self.topic.base);
        }
    }

    /// 突破 35 万吨，达到 36.05 万吨; 36.05 万吨，超过 35 万吨: what passed and what was passed are counted alike.
    fn is_at_threshold(&self, figure: &Figure, is_verb_alone: bool) -> bool {
        let passed = self.topic.passed.as_deref().filter(|_| is_verb_alone);
        let reached = self.last.as_ref().filter(|_| figure.is_passed).and_then(|last| last.unit.as_deref());
        let base = |unit: &str| self.lexicon.without_scales(unit).to_string();
        passed.or(reached).zip(figure.unit.as_ref()).is_some_and(|(other, unit)| base(other) == base(&unit.shown))
    }

    /// The number stays in its sentence.
    fn leave(&mut self) {
        self.topic.passed = None;
        self.topic.names.clear();
        self.topic.is_lost = true;
    }

    /// Words before a number without remarks, and without those that say what it is a part of.
    fn opened(&mut self, words: &str) -> String {
        let lexicon = self.lexicon;
        let mut words = lexicon.remark.remove_from(words);
        if let Some(rest) = lexicon.of_which.strip_start(words.trim_start_matches('、')) {
            self.open_parts(None);
            self.topic.names.clear();
            words = rest.to_string();
        }
        // 在医院中有公立医院 36 个
        let inside = lexicon.among.strip_start(&words).and_then(|rest| lexicon.within.split_first(rest));
        if let Some((whole, part)) = inside.filter(|(whole, part)| whole.len() > ONE_CHARACTER && !part.is_empty()) {
            self.topic.under = self.namer.name(whole, Context::default()).map(Whole::sure);
            return part.to_string();
        }
        words
    }

    pub(super) fn facet_key(&mut self, facet: &Facet, attribute: Option<String>, in_points: bool) -> String {
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

    pub(super) fn state(&mut self, sentence: &Sentence, figure: &Figure, (name, facet, direction): (&Name, String, Option<Direction>)) {
        let is_down = direction == Some(Direction::Down);
        // A decline of less than nothing is read by no one.
        if is_down && figure.value.is_sign_negative() {
            return;
        }
        let unit = figure.unit.as_ref().map(|unit| unit.shown.clone());
        let base = self.topic.base.clone().filter(|_| facet.starts_with("share"));
        let is_value = facet.starts_with("value");
        // How a number grew is part of what the number is part of.
        let same =
            self.parent.as_ref().filter(|(other, _)| !is_value && !self.topic.is_named && other == name).map(|(_, under)| under.clone());
        let under = same.unwrap_or_else(|| self.under(name, unit.as_deref(), &facet));
        let under = if is_value { self.count_part(under, figure.value, unit.as_deref()) } else { under };
        if let Some(unit) = unit.as_ref().filter(|_| facet == "value" && !figure.is_passed) {
            self.counted.insert(name.key(), (unit.clone(), figure.value));
        }
        if is_value {
            self.parent = Some((name.clone(), under.clone()));
        }
        self.last = Some(Last { name: name.clone(), unit: unit.clone(), end: figure.end }).filter(|_| is_value);
        if self.topic.said.is_empty() {
            self.topic.first_unit.clone_from(&unit);
        }
        if self.subject.is_none() {
            self.subject = Some(name.clone());
        }
        if self.topic.said.len() < MOST_SAID && !self.topic.said.contains(name) {
            self.topic.said.push(name.clone());
        }
        let value = if is_down { -figure.value } else { figure.value };
        let town = self.topic.said.first().and_then(|first| self.lexicon.leading_town(&first.printed));
        let town = town.filter(|town| !name.printed.starts_with(town)).map(str::to_string);
        self.statements.push(Statement {
            key: String::new(),
            name: name.clone(),
            facet,
            value,
            unit,
            span: sentence.span(figure.from, figure.to),
            direction: if value.is_sign_negative() && direction == Some(Direction::Up) { Some(Direction::Down) } else { direction },
            under,
            base,
            beside: self.topic.beside.clone(),
            town,
            is_preliminary: self.is_preliminary,
            is_rough: figure.is_rough,
            is_passed: figure.is_passed,
        });
    }
}

/// The length of a title or of quoted words that the text begins with, which are one word whatever commas stand in them.
/// The title of a law or a plan may hold numbers; in quoted words that state one it is read.
fn one_word(text: &str, at: usize, figures: &[Figure]) -> Option<usize> {
    if text.starts_with('《') {
        return text.find('》');
    }
    let inside = text.strip_prefix('"')?;
    let length = inside.char_indices().take(LONGEST_QUOTED).find(|(_, character)| *character == '"')?.0 + 2;
    let states = figures.iter().take_while(|figure| figure.from < at + length).any(|figure| figure.unit.is_some());
    (!states).then_some(length)
}
