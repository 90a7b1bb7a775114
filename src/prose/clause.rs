//! The words before a number → what they say of it: whose it is, which facet, up or down.
//!
//! ```text
//!   粮食产量达到                  name 粮食产量   value
//!   粮食产量比上年下降            name 粮食产量   growth, down
//!   占地区生产总值比重为          no name        share
//!   高于全国                      no name        gap
//!   对经济增长的贡献率为          no name        contribution
//! ```

use super::Direction;
use super::figure::{Unit, UnitKind};
use super::name::Namer;
use crate::grammar::Lexicon;

/// The bytes of one ideograph.
pub(super) const ONE_CHARACTER: usize = 3;

/// What the words before a number say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Meaning {
    /// The words that name its owner; empty where they name none.
    pub name: String,
    pub facet: Facet,
    pub direction: Option<Direction>,
    /// A verb stands between the name and the number.
    pub has_verb: bool,
    pub base: Base,
}

/// What a share is of, as its words say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Base {
    /// It is no share, or one whose words name no whole.
    None,
    /// 占第三产业比重.
    Said(String),
    /// 占 2.4 %: of what was said before.
    Unsaid,
}

impl Meaning {
    fn new(name: impl Into<String>, facet: Facet, direction: Option<Direction>) -> Meaning {
        Meaning { name: name.into(), facet, direction, has_verb: true, base: Base::None }
    }
}

/// What of an indicator a number is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Facet {
    /// The thing itself.
    Value,
    /// How much it grew: in percent or times, and against what.
    Growth(String),
    /// By how much: in its own unit, or in points.
    Change(String),
    /// Where it came from.
    Previous,
    /// An attribute by its id: share, contribution …
    Attribute(String),
    /// Against another body.
    Gap,
}

impl Facet {
    /// Its part of a key; a difference in points is one of what was stated last.
    pub(super) fn key(&self, last: Option<&str>) -> String {
        let with = |stem: &str, against: &str| if against.is_empty() { stem.to_string() } else { format!("{stem}.{against}") };
        match self {
            Facet::Value => "value".into(),
            Facet::Growth(against) => with("growth", against),
            Facet::Change(against) => match last {
                Some(last) => with(&format!("{last}_change"), against),
                None => with("change", against),
            },
            Facet::Previous => match last {
                Some(last) => format!("{last}.previous"),
                None => "previous".into(),
            },
            Facet::Attribute(id) => id.clone(),
            Facet::Gap => match last {
                Some(last) => format!("{last}_gap"),
                None => "gap".into(),
            },
        }
    }
}

/// Read the words before a number; none where the grammar of the sentence is not known.
pub(super) fn read_lead(lead: &str, unit: Option<&Unit>, tools: (&Lexicon, &Namer)) -> Option<Meaning> {
    Some(turned(read_words(lead, unit, tools)?, tools.0))
}

/// 降幅扩大 2 个百分点: what is said of a decline counts the other way.
fn turned(meaning: Meaning, lexicon: &Lexicon) -> Meaning {
    let direction = match meaning.facet {
        Facet::Change(_) | Facet::Gap => meaning.direction.map(Direction::turned),
        Facet::Previous => Some(Direction::Down),
        _ => return meaning,
    };
    if lexicon.decline.strip_end(&meaning.name).is_some() { Meaning { direction, ..meaning } } else { meaning }
}

fn read_words(lead: &str, unit: Option<&Unit>, tools: (&Lexicon, &Namer)) -> Option<Meaning> {
    let (lexicon, _) = tools;
    let text = lexicon.soft.trim_end(lead);
    if let Some(name) = lexicon.from.strip_end(text) {
        return Some(Meaning::new(name, Facet::Previous, None));
    }
    if let Some(name) = lexicon.before_state(text) {
        return Some(Meaning { has_verb: true, ..read_level(name, unit, tools)? });
    }
    read_more(lead, lexicon)
        .or_else(|| read_pull(text, unit, lexicon))
        .or_else(|| read_growth(text, unit, lexicon))
        .or_else(|| read_gap(text, unit, lexicon))
        .map_or_else(|| if unit.is_some_and(|unit| unit.kind == UnitKind::Points) { None } else { read_level(text, unit, tools) }, Some)
}

/// `…比上年末高`, `…比上年多`: a difference in the number's own unit. The word is a soft one elsewhere: 增长约, 多万人.
fn read_more(lead: &str, lexicon: &Lexicon) -> Option<Meaning> {
    let found = [(&lexicon.above, Direction::Up), (&lexicon.below, Direction::Down)];
    let (rest, direction) = found.into_iter().find_map(|(words, direction)| Some((words.strip_end(lead)?, direction)))?;
    let (index, id, name, _) = find_against(rest, lexicon).filter(|(.., after)| after.is_empty())?;
    let against = if index > 0 { id } else { "" };
    Some(Meaning::new(name, Facet::Change(against.into()), Some(direction)))
}

/// The verb of growth or decline that stands last, and the words before it.
fn split_verb<'t>(text: &'t str, lexicon: &Lexicon) -> Option<(&'t str, Direction)> {
    match (lexicon.rise.strip_end(text), lexicon.fall.strip_end(text)) {
        (Some(rest), Some(other)) if other.len() < rest.len() => Some((other, Direction::Down)),
        (Some(rest), _) => Some((rest, Direction::Up)),
        (None, Some(rest)) => Some((rest, Direction::Down)),
        (None, None) => None,
    }
}

/// `…拉动经济增长`, `…下拉投资增速`: a part moves the whole. What it pulls down it pulls down whatever verb follows.
fn read_pull(text: &str, unit: Option<&Unit>, lexicon: &Lexicon) -> Option<Meaning> {
    let verb = split_verb(text, lexicon).map(|(_, direction)| direction);
    // 拉动消费 10 亿元 moves nothing by 10.
    if verb.is_none() && unit.is_some_and(|unit| unit.kind == UnitKind::Other) {
        return None;
    }
    let (name, direction) = match (lexicon.drag.split_last(text), lexicon.pull.split_last(text)) {
        (Some((name, _)), _) => (name, Some(Direction::Down)),
        (None, Some((name, _))) => (name, verb),
        (None, None) => return None,
    };
    Some(Meaning::new(name, Facet::Attribute("pull".into()), direction))
}

/// `…比上年增长`, `…下降`.
fn read_growth(text: &str, unit: Option<&Unit>, lexicon: &Lexicon) -> Option<Meaning> {
    // 比年初新增: the verb is longer than the 增 that it ends in.
    let compared = lexicon.compared.strip_end(text).filter(|rest| find_against(rest, lexicon).is_some_and(|(.., after)| after.is_empty()));
    let (rest, direction) = match split_verb(text, lexicon) {
        Some((_, Direction::Up)) if compared.is_some() => (compared?, Direction::Up),
        Some(verb) => verb,
        None => (lexicon.compared.strip_end(text).filter(|rest| find_against(rest, lexicon).is_some())?, Direction::Up),
    };
    let (name, against) = split_against(lexicon.soft.trim_end(rest), lexicon)?;
    let is_rate = unit.is_some_and(|unit| unit.kind == UnitKind::Percent || lexicon.times.strip_start(&unit.shown) == Some(""));
    let facet = if is_rate { Facet::Growth(against) } else { Facet::Change(against) };
    Some(Meaning::new(name, facet, Some(direction)))
}

/// A name, and what its growth is against; none where that is something unknown.
fn split_against(text: &str, lexicon: &Lexicon) -> Option<(String, String)> {
    let (mut name, mut against) = (text.to_string(), String::new());
    // 比上年实际增长: two at once, the rarer one counts.
    while let Some((index, id, before, after)) = find_against(&name, lexicon) {
        if index > 0 {
            against = id.to_string();
        }
        let after = lexicon.soft.trim_end(lexicon.soft.strip_start(after).unwrap_or(after));
        name = format!("{before}{after}");
    }
    let Some((before, after)) = lexicon.than.split_last(&name) else { return Some((name, against)) };
    if let Some((since, rest)) = leading_period(after, lexicon) {
        return Some((format!("{before}{}", lexicon.soft.trim_end(rest)), format!("since_{since}")));
    }
    lexicon.rivals.strip_start(after).is_none().then_some((name, against))
}

/// The period that a text begins with, and what follows: 2020 of 2020 年, 1-11月, 前11个月.
fn leading_period<'t>(text: &'t str, lexicon: &Lexicon) -> Option<(&'t str, &'t str)> {
    let number = lexicon.rank.strip_start(text).unwrap_or(text);
    let unit = number.trim_start_matches(|character: char| character.is_ascii_digit() || matches!(character, '-' | '~'));
    let rest = lexicon.inside.strip_start(unit).filter(|_| unit.len() < number.len())?;
    let year = text.get(..4).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
    Some((year.or_else(|| text.get(..text.len() - rest.len()))?, rest))
}

/// The phrase that stands last and is longest: its index among the senses, its id, the words before and after.
fn find_against<'t>(text: &'t str, lexicon: &'t Lexicon) -> Option<(usize, &'t str, &'t str, &'t str)> {
    let found = lexicon.against.iter().enumerate().filter_map(|(index, (id, words))| {
        let (before, after) = words.split_last(text)?;
        Some((index, id.as_str(), before, after))
    });
    found.max_by_key(|(_, _, before, after)| (text.len() - after.len(), std::cmp::Reverse(before.len())))
}

/// `高于全国`, `比全国高`.
fn read_gap(text: &str, unit: Option<&Unit>, lexicon: &Lexicon) -> Option<Meaning> {
    unit?;
    let meaning = |name: &str, direction| Some(Meaning::new(name, Facet::Gap, Some(direction)));
    for (words, direction) in [(&lexicon.above, Direction::Up), (&lexicon.below, Direction::Down)] {
        if let Some((name, _)) = words.strip_end(text).and_then(|rest| lexicon.than.split_last(rest)) {
            return meaning(name, direction);
        }
        // A word of one character is a part of many names.
        let whole = words.split_last(text).filter(|(name, after)| text.len() - name.len() - after.len() > ONE_CHARACTER);
        if let Some((name, _)) = whole {
            return meaning(name, direction);
        }
    }
    None
}

/// A name alone, or one with an attribute: `…占…比重`, `…增速`.
fn read_level(text: &str, unit: Option<&Unit>, (lexicon, namer): (&Lexicon, &Namer)) -> Option<Meaning> {
    let is_rate = unit.is_some_and(|unit| unit.kind == UnitKind::Percent);
    let meaning = |name: &str, facet| Some(Meaning { has_verb: false, ..Meaning::new(name, facet, None) });
    if is_rate
        && !namer.is_known(text)
        && let Some((name, whole)) = lexicon.share.split_first(text)
    {
        let share = meaning(lexicon.soft.trim_end(name), Facet::Attribute("share".into()))?;
        let is_unsaid = lexicon.soft.trim_end(whole).is_empty();
        let base = if is_unsaid { Base::Unsaid } else { lexicon.base_of_share(whole).map_or(Base::None, Base::Said) };
        return Some(Meaning { base, ..share });
    }
    if let Some((id, name)) = split_attribute(text, (lexicon, namer)) {
        let facet = if id == "growth" { Facet::Growth(String::new()) } else { Facet::Attribute(id.to_string()) };
        // 降幅为 3.2 %.
        let direction = lexicon.decline.strip_end(text).map(|_| Direction::Down);
        return meaning(name, facet).map(|meaning| Meaning { direction, ..meaning });
    }
    meaning(text, Facet::Value)
}

/// The attribute that a name ends with, and the name without it: `…的增速`, `…对…的贡献率`.
pub(super) fn split_attribute<'t>(text: &'t str, (lexicon, namer): (&'t Lexicon, &Namer)) -> Option<(&'t str, &'t str)> {
    if namer.is_known(text) {
        return None;
    }
    let (id, name) = lexicon.attribute.iter().find_map(|(id, words)| Some((id.as_str(), words.strip_end(text)?)))?;
    let name = lexicon.share.split_first(name).map_or(name, |(before, _)| before);
    let name = lexicon.toward.split_first(name).map_or(name, |(before, _)| before);
    Some((id, lexicon.soft.trim_end(name)))
}
