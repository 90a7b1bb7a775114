//! Lists: several names, and a number for each of them. 甲、乙、丙分别增长 1%、2%、3%.

use super::figure::{Figure, Unit};
use super::owner::relative_to;
use super::sentence::Sentence;
use super::walk::Walk;
use super::{Direction, Name};
use crate::normalise::read_chinese_numeral;

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
