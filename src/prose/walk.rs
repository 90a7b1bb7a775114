//! Sentences walked number by number: what is being spoken of, lists that are open, parts and wholes.
//!
//! A number without a name of its own belongs to the name before it in the same sentence, unless another matter came
//! between. A list `甲、乙、丙分别增长 1%、2%、3%` gives numbers only where there are as many as names.

use super::clause::{Facet, Meaning, ONE_CHARACTER, read_lead, split_attribute};
use super::figure::{Figure, Kind, UnitKind, figures};
use super::lexicon::Lexicon;
use super::list::OpenList;
use super::name::{Context, Namer};
use super::owner::Heads;
use super::sentence::Sentence;
use super::{Direction, Name, Statement};
use std::ops::Range;

/// Brackets in brackets are read so deep.
const DEEPEST: usize = 3;
/// Words in brackets that belong to a name, in characters.
const LONGEST_INSIDE: usize = 4;

/// What is being spoken of.
#[derive(Debug, Clone, Default)]
pub(super) struct Topic {
    /// One name, or those of the last list.
    pub names: Vec<Name>,
    /// The attribute stated last, whose change may follow.
    pub attribute: Option<String>,
    /// What the names are a part of.
    pub under: Option<Name>,
    /// What the sentence before spoke of: only "of which" looks back over a full stop.
    pub before: Option<Name>,
    /// What the sentence before divided into parts, which may be divided otherwise.
    pub whole: Option<Name>,
    /// Every name of the sentence so far.
    pub said: Vec<Name>,
    /// Those of the sentence before.
    pub past: Vec<Name>,
    /// The first name of its sentence, where the names at hand are of another kind.
    pub beside: Option<Name>,
    /// The last value had no unit.
    pub is_bare: bool,
    /// The year spoken of, where it is not the report's.
    pub year: Option<i32>,
    /// What the next growth is against, said in a clause of its own.
    pub against: Option<String>,
    /// How the sentence parts what it speaks of, and how many parts it has named.
    pub parts: Option<Parts>,
    /// The first name of the sentence has this unit.
    pub first_unit: Option<String>,
    /// The unit of the first part, and whether the sentence has gone on behind a `；`.
    pub part_unit: Option<String>,
    pub is_past_part: bool,
    /// The name stated last with a measure of its own, and its unit.
    pub measured: Option<(String, Option<String>)>,
    /// Names that are waiting for the numbers of a list.
    pub held: Vec<String>,
}

/// Parts of a whole as a sentence opens them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    /// At the head of a sentence, by what divides the whole: 按消费类型分.
    pub is_view: bool,
    pub n_named: usize,
}

impl Topic {
    /// What the parts of the next sentence may be parts of: the whole of this one where it names several, else what it
    /// spoke of last.
    fn whole_of_next(&self) -> (Option<Name>, Option<Name>) {
        let last = self.names.first().or(self.before.as_ref()).cloned();
        let is_parted = self.parts.is_some_and(|parts| parts.is_view || parts.n_named > 1);
        (self.under.clone().filter(|_| is_parted).or_else(|| last.clone()), last)
    }
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

pub(super) struct Walk<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) namer: &'a Namer<'a>,
    pub(super) topic: Topic,
    /// The first name of the paragraph.
    pub(super) subject: Option<Name>,
    pub(super) heads: Heads,
    pub(super) list: Option<OpenList>,
    pub(super) is_preliminary: bool,
    pub(super) statements: Vec<Statement>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(lexicon: &'a Lexicon, namer: &'a Namer<'a>) -> Walk<'a> {
        let topic = Topic::default();
        Walk { lexicon, namer, topic, subject: None, heads: Heads::default(), list: None, is_preliminary: false, statements: Vec::new() }
    }

    pub(super) fn finish(self) -> Vec<Statement> {
        self.statements
    }

    /// Read one sentence.
    pub(super) fn sentence(&mut self, sentence: &Sentence) {
        // A paragraph that begins with parts goes on from the one before.
        let (mut whole, last) = self.topic.whole_of_next();
        let is_viewed = self.opens_with_view(sentence);
        let goes_on = !sentence.is_first || self.lexicon.of_which.strip_start(&sentence.text).is_some() || is_viewed;
        if sentence.is_first {
            // What it divides in another way is what the paragraph before it was about.
            whole = self.subject.take();
        }
        let [whole, before] = [whole, last].map(|name| name.filter(|_| goes_on));
        let past = std::mem::take(&mut self.topic.said);
        self.topic = Topic { whole, before, past, ..Topic::default() };
        if sentence.is_first {
            self.heads.end_paragraph()
        } else {
            self.heads.end_part()
        }
        self.is_preliminary = self.lexicon.preliminary.is_in(&sentence.text) || self.is_preliminary && !sentence.is_first;
        let figures = figures(sentence, self.lexicon);
        self.range(sentence, &figures, 0..sentence.text.len(), 0);
        self.close_list(sentence);
    }

    /// The first clause says by what a whole is divided.
    fn opens_with_view(&self, sentence: &Sentence) -> bool {
        let first = sentence.text.split([',', ':', '；']).next().unwrap_or_default();
        self.lexicon.view.strip_end(self.namer.strip(first).words).is_some()
    }

    pub(super) fn context(&self) -> Context<'_> {
        let Topic { under, names, said, .. } = &self.topic;
        Context { under: under.as_ref(), beside: names.first().or(said.first()), first: self.heads.first.as_ref() }
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
                ',' | ':' => self.end_clause(&mut lead),
                '；' => {
                    self.end_clause(&mut lead);
                    self.topic.held.clear();
                    self.topic.is_past_part = true;
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
        self.topic.under = named.or_else(|| kept.0.names.first().cloned());
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
            self.open_parts(false);
        }
        let (text, is_part) = (part.unwrap_or(text), part.is_some());
        if text.is_empty() {
            return;
        }
        if lexicon.view.strip_end(text).is_some() {
            return self.open_parts(true);
        }
        if let Some(whole) = lexicon.within.strip_end(text) {
            self.topic.under = self.namer.name(lexicon.among.strip_start(whole).unwrap_or(whole), Context::default());
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
        self.topic.held.push(text.to_string());
        self.topic.names =
            if self.namer.is_known(text) { self.namer.name(text, Context::default()).into_iter().collect() } else { Vec::new() };
        self.topic.attribute = None;
    }

    /// What follows is a part of what was said last.
    pub(super) fn open_parts(&mut self, is_view: bool) {
        let Topic { names, before, whole, said, .. } = &self.topic;
        let is_first = said.is_empty();
        let far = if is_view { whole.as_ref().or(before.as_ref()) } else { before.as_ref() };
        if let Some(whole) = names.first().or(far) {
            self.topic.under = Some(whole.clone());
        }
        self.topic.parts = Some(Parts { is_view: is_view && is_first, n_named: 0 });
        (self.topic.part_unit, self.topic.is_past_part) = (None, false);
        self.heads.open_parts();
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
        let opened = self.opened(&lead.words);
        let words = self.without_joins(&opened);
        if self.goes_on(words, figure) {
            return;
        }
        self.close_list(sentence);
        if self.counts_noun_behind(sentence, figure, words) {
            return self.topic.names.clear();
        }
        let is_so_far = lexicon.so_far.strip_start(words).is_some();
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
        let meaning = if is_so_far && name_words.is_empty() && meaning.facet == Facet::Value {
            Meaning { facet: Facet::Attribute("total".into()), ..meaning }
        } else {
            meaning
        };
        if has_each {
            let facet = self.facet_key(&meaning.facet, attribute, false);
            let attribute = if let Facet::Attribute(id) = &meaning.facet { Some(id.clone()) } else { None };
            let figures = vec![(figure.clone(), meaning.direction)];
            self.list = Some(OpenList { words: name_words, facet, attribute, direction: meaning.direction, figures });
            return;
        }
        let is_own = !name_words.is_empty();
        let name = self.named(sentence, figure, (&name_words, &lead, &meaning));
        let is_stated = match meaning.facet {
            _ if figure.unit.is_some() => true,
            Facet::Value => meaning.has_verb,
            _ => self.topic.is_bare && !is_own,
        };
        let Some(name) = name.filter(|_| is_stated) else {
            self.topic.names.clear();
            return;
        };
        let name = if is_own { self.owned(name, figure, &meaning.facet) } else { name };
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

    /// Words before a number without remarks, and without those that say what it is a part of.
    fn opened(&mut self, words: &str) -> String {
        let lexicon = self.lexicon;
        let mut words = lexicon.remark.remove_from(words);
        if let Some(rest) = lexicon.of_which.strip_start(words.trim_start_matches('、')) {
            self.open_parts(false);
            self.topic.names.clear();
            words = rest.to_string();
        }
        // 在医院中有公立医院 36 个
        let inside = lexicon.among.strip_start(&words).and_then(|rest| lexicon.within.split_first(rest));
        if let Some((whole, part)) = inside.filter(|(whole, part)| whole.len() > ONE_CHARACTER && !part.is_empty()) {
            self.topic.under = self.namer.name(whole, Context::default());
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
        if self.topic.said.is_empty() {
            self.topic.first_unit.clone_from(&unit);
        }
        if self.subject.is_none() {
            self.subject = Some(name.clone());
        }
        if !self.topic.said.contains(name) {
            self.topic.said.push(name.clone());
        }
        self.statements.push(Statement {
            key: String::new(),
            name: name.clone(),
            facet,
            value: if is_down { -figure.value } else { figure.value },
            unit,
            span: sentence.span(figure.from, figure.to),
            direction,
            under: self.under(name),
            beside: self.topic.beside.clone(),
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
