//! Lists: several names, and a number for each of them. 甲、乙、丙分别增长 1%、2%、3%.

use super::figure::{Figure, Unit};
use super::owner::relative_to;
use super::sentence::Sentence;
use super::walk::Walk;
use super::{Direction, Name};
use crate::grammar::{Lexicon, Words};
use crate::normalise::read_chinese_numeral;
use std::ops::Range;

/// A list whose numbers are still to come.
#[derive(Debug)]
pub(super) struct OpenList {
    pub words: String,
    pub facet: String,
    pub attribute: Option<String>,
    pub direction: Option<Direction>,
    pub figures: Vec<(Figure, Option<Direction>)>,
}

impl Walk<'_> {
    /// The number goes on an open list: nothing but a joining word or a verb stands before it.
    pub(super) fn goes_on(&mut self, words: &str, figure: &Figure) -> bool {
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
    pub(super) fn close_list(&mut self, sentence: &Sentence) {
        let Some(list) = self.list.take() else { return };
        let held = std::mem::take(&mut self.topic.held);
        let Some(names) = self.names_of_list((&list.words, &held), list.figures.len()) else {
            self.topic.names.clear();
            return;
        };
        self.topic.is_named = true;
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
    fn names_of_list(&self, (words, held): (&str, &[String]), n_names: usize) -> Option<Vec<Name>> {
        let fits = |names: &Vec<Name>| names.len() == n_names && n_names > 1;
        if words.is_empty() {
            return [&self.topic.names, &self.topic.said].into_iter().find(|names| fits(names)).cloned();
        }
        if let Some(names) = self.namer.group(words) {
            return Some(names).filter(fits);
        }
        let listed = self.lexicon.etcetera.split_last(words).map_or(words, |(names, _)| names);
        let listed = without_count(listed, n_names);
        // Names that hold 、 are parted by commas.
        let long: Vec<&str> = held.iter().map(String::as_str).chain([listed]).collect();
        let parts = if held.is_empty() { None } else { Some(long).filter(|parts| parts.len() == n_names) };
        let parts = parts.or_else(|| self.lexicon.split_list(listed, n_names))?;
        let context = self.context();
        let names = parts.iter().filter_map(|part| self.namer.name_in_list(part, &parts, context));
        let names: Vec<Name> = names.map(|name| self.namer.measured(name, words, context)).collect();
        if lacks_noun(&names, &parts) {
            return None;
        }
        let first = names.first().cloned();
        let owned = |name: Name| first.as_ref().map_or(name.clone(), |first| relative_to(first, name, self.lexicon));
        Some(names.into_iter().map(owned).collect()).filter(fits)
    }
}

impl Lexicon {
    /// The names of a list of so many: parted by 、 alone, by the last joining word as well, or by every one of them. What
    /// stands in a name that is known to hold such a word parts nothing, unless there are not enough names without it.
    fn split_list<'t>(&self, text: &'t str, n_names: usize) -> Option<Vec<&'t str>> {
        let fits = |names: &Vec<&str>| names.len() == n_names;
        let all = self.joints(text);
        let outside: Vec<Joint> = all.iter().filter(|joint| !joint.is_within).cloned().collect();
        [outside, all].iter().find_map(|joints| ways_to_part(text, joints).into_iter().find(fits))
    }

    /// Where the names of a list may be parted.
    fn joints(&self, text: &str) -> Vec<Joint> {
        let (mut joints, mut end_of_compound, mut end) = (Vec::new(), 0, 0);
        for (at, _) in text.char_indices() {
            let rest = text.get(at..).unwrap_or_default();
            let length = |words: &Words| words.strip_start(rest).map(|behind| rest.len() - behind.len());
            end_of_compound = length(&self.compound).map_or(0, |length| at + length).max(end_of_compound);
            let kind = match (rest.starts_with('、'), length(&self.join), length(&self.may_join)) {
                _ if at < end => continue,
                (true, ..) => (Kind::Mark, '、'.len_utf8()),
                (_, Some(length), _) => (Kind::Join, length),
                (.., Some(length)) => (Kind::MayJoin, length),
                _ => continue,
            };
            end = at + kind.1;
            joints.push(Joint { kind: kind.0, at: at..end, is_within: end <= end_of_compound });
        }
        joints
    }
}

/// A mark or a word between two names.
#[derive(Debug, Clone)]
struct Joint {
    kind: Kind,
    at: Range<usize>,
    /// It stands inside a known name.
    is_within: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// 、
    Mark,
    /// 和
    Join,
    /// 与
    MayJoin,
}

/// The ways to part a list, the likeliest first. A word that joins within the last part alone closes the list: 甲、乙和丙
/// are three. Of two such words nobody can tell which one does.
fn ways_to_part<'t>(text: &'t str, joints: &[Joint]) -> Vec<Vec<&'t str>> {
    let last_mark = joints.iter().rposition(|joint| joint.kind == Kind::Mark);
    let is_last = |index: usize| last_mark.is_none_or(|mark| index > mark);
    let joins = joints.iter().enumerate().filter(|(_, joint)| joint.kind == Kind::Join).map(|(index, _)| index);
    let (closing, before): (Vec<usize>, Vec<usize>) = joins.partition(|&index| is_last(index));
    let with = |join: Option<usize>| {
        let kept = joints.iter().enumerate().filter(move |(index, joint)| joint.kind == Kind::Mark || Some(*index) == join);
        part(text, kept.map(|(_, joint)| joint))
    };
    let marked = Some(with(None)).filter(|_| closing.is_empty() || !before.is_empty());
    let closed = if let [join] = closing.as_slice() { Some(with(Some(*join))) } else { None };
    [marked, closed, Some(part(text, joints.iter()))].into_iter().flatten().collect()
}

fn part<'t, 'j>(text: &'t str, joints: impl Iterator<Item = &'j Joint>) -> Vec<&'t str> {
    let (mut names, mut from) = (Vec::new(), 0);
    for joint in joints {
        names.push(text.get(from..joint.at.start).unwrap_or_default());
        from = joint.at.end;
    }
    names.push(text.get(from..).unwrap_or_default());
    names
}

/// 铁路、公路、民航三种运输方式客运量: the names of a list before the words that count them.
fn without_count(words: &str, n_names: usize) -> &str {
    let last = words.rfind('、').unwrap_or(words.len());
    let counted = |at: usize| words.get(at..).and_then(|rest| rest.chars().next()).map(String::from);
    let mut ends = words.char_indices().map(|(at, _)| at).filter(|&at| at > last + '、'.len_utf8());
    let is_count = |at: &usize| counted(*at).and_then(|one| read_chinese_numeral(&one)).is_some_and(|n| usize::try_from(n) == Ok(n_names));
    ends.find(is_count).and_then(|at| words.get(..at)).unwrap_or(words)
}

/// 城镇和农村低保经费: the last name holds a noun that goes for all, and nobody can tell where it begins.
fn lacks_noun(names: &[Name], parts: &[&str]) -> bool {
    let n_chars = |words: &str| words.chars().count();
    let as_printed = names.iter().zip(parts).rev().skip(1).filter(|(name, part)| name.id.is_none() && name.printed == **part);
    let longest = as_printed.map(|(_, part)| n_chars(part)).max();
    let last = parts.last().map_or(0, |last| n_chars(last));
    longest.is_some_and(|longest| longest + LEAST_NOUN <= last)
}

/// A noun that the last name of a list holds for all has at least so many characters.
const LEAST_NOUN: usize = 3;
