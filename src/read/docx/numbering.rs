//! Automatic numbering: `numbering.xml` and the counters that run through the paragraphs. A heading `一、总体情况` often
//! holds only `总体情况`; the rest is counted here.

use super::numerals;
use crate::read::xml::{Node, Xml, attribute, is_on, local, number};
use std::collections::HashMap;

/// Levels of a list.
const N_LEVELS: usize = 9;

/// One level of a list.
#[derive(Debug, Clone)]
struct Level {
    start: u32,
    format: String,
    pattern: String,
    /// The level whose next number begins this one anew; none for the usual one, 0 for never.
    restart: Option<u32>,
    is_legal: bool,
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Level { start: 1, format: "decimal".into(), pattern: String::new(), restart: None, is_legal: false, style: None }
    }
}

#[derive(Debug, Clone, Default)]
struct Abstract {
    levels: [Level; N_LEVELS],
    /// A list that is kept under a style's name.
    style_link: Option<String>,
    linked_to: Option<String>,
}

#[derive(Debug, Clone, Default)]
struct List {
    abstract_id: String,
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, Level>,
}

/// The lists of a document and where they have come to.
#[derive(Debug, Default)]
pub struct Numbering {
    abstracts: HashMap<String, Abstract>,
    lists: HashMap<String, List>,
    counters: HashMap<String, [Option<u32>; N_LEVELS]>,
    started: HashMap<(String, usize), ()>,
}

impl Numbering {
    /// Read `numbering.xml`.
    pub fn read(xml: &mut Xml) -> Numbering {
        let mut numbering = Numbering::default();
        while let Some(node) = xml.step() {
            let Node::Open(start) = node else { continue };
            let id = |name: &str| attribute(&start, name).unwrap_or_default();
            match local(&start) {
                "abstractNum" => {
                    let found = read_abstract(xml);
                    numbering.abstracts.insert(id("abstractNumId"), found);
                }
                "num" => {
                    let found = read_list(xml);
                    numbering.lists.insert(id("numId"), found);
                }
                _ => {}
            }
        }
        numbering
    }

    /// The level that a style stands for in a list.
    pub fn level_of_style(&self, list: &str, style: &str) -> Option<usize> {
        let found = self.find_abstract(self.lists.get(list)?)?.1;
        found.levels.iter().position(|level| level.style.as_deref() == Some(style))
    }

    /// Count a paragraph of a list and write its number; none where the list shows no number.
    pub fn count(&mut self, list_id: &str, level_index: usize) -> Option<String> {
        let list = self.lists.get(list_id)?;
        let (abstract_id, found) = self.find_abstract(list)?;
        let mut levels = found.levels.clone();
        for (&index, level) in &list.levels.iter().collect::<std::collections::BTreeMap<_, _>>() {
            if let Some(slot) = levels.get_mut(*index) {
                *slot = (*level).clone();
            }
        }
        let abstract_id = abstract_id.to_string();
        let override_start = list.starts.get(&level_index).copied();
        let is_first = self.started.insert((list_id.to_string(), level_index), ()).is_none();
        let counters = self.counters.entry(abstract_id).or_default();
        let start = override_start.unwrap_or(levels.get(level_index)?.start);
        let slot = counters.get_mut(level_index)?;
        *slot = match *slot {
            Some(_) if override_start.is_some() && is_first => Some(start),
            Some(last) => Some(last.saturating_add(1)),
            None => Some(start),
        };
        for (index, deeper) in counters.iter_mut().enumerate().skip(level_index + 1) {
            let restart = levels.get(index).and_then(|level| level.restart);
            let stays = restart.is_some_and(|restart| restart == 0 || level_index >= restart as usize);
            if !stays {
                *deeper = None;
            }
        }
        let text = fill(&levels, counters, level_index)?;
        (!text.trim().is_empty()).then_some(text)
    }

    fn find_abstract<'s>(&'s self, list: &'s List) -> Option<(&'s str, &'s Abstract)> {
        let found = self.abstracts.get(&list.abstract_id)?;
        let Some(link) = &found.linked_to else { return Some((&list.abstract_id, found)) };
        let mut linked: Vec<_> = self.abstracts.iter().filter(|(_, other)| other.style_link.as_ref() == Some(link)).collect();
        linked.sort_by_key(|(id, _)| id.as_str());
        linked.first().map(|(id, other)| (id.as_str(), *other)).or(Some((&list.abstract_id, found)))
    }
}

/// `（%1）` → `（一）`; a level above that has not begun counts as its start.
fn fill(levels: &[Level; N_LEVELS], counters: &[Option<u32>; N_LEVELS], own: usize) -> Option<String> {
    let level = levels.get(own)?;
    if level.format == "bullet" {
        return None;
    }
    let mut out = String::new();
    let mut characters = level.pattern.chars().peekable();
    while let Some(character) = characters.next() {
        let hole = characters.peek().and_then(|next| next.to_digit(10)).filter(|&digit| character == '%' && digit > 0);
        let Some(digit) = hole else {
            out.push(character);
            continue;
        };
        characters.next();
        let index = digit as usize - 1;
        let Some(other) = levels.get(index) else { continue };
        let value = counters.get(index).copied().flatten().unwrap_or(other.start);
        let format = if level.is_legal { "decimal" } else { other.format.as_str() };
        out.push_str(&numerals::write(value, format));
    }
    Some(out)
}

fn read_abstract(xml: &mut Xml) -> Abstract {
    let depth = xml.depth;
    let mut found = Abstract::default();
    while let Some(node) = xml.step() {
        match node {
            Node::Open(start) => match local(&start) {
                "lvl" => {
                    let index = number(&start, "ilvl").unwrap_or(0) as usize;
                    let level = read_level(xml);
                    if let Some(slot) = found.levels.get_mut(index) {
                        *slot = level;
                    }
                }
                "styleLink" => found.style_link = attribute(&start, "val"),
                "numStyleLink" => found.linked_to = attribute(&start, "val"),
                _ => {}
            },
            Node::Close if xml.depth == depth => break,
            _ => {}
        }
    }
    found
}

fn read_level(xml: &mut Xml) -> Level {
    let depth = xml.depth;
    let mut level = Level::default();
    while let Some(node) = xml.step() {
        match node {
            Node::Open(start) => match local(&start) {
                "start" => level.start = number(&start, "val").unwrap_or(1),
                "numFmt" => level.format = attribute(&start, "val").unwrap_or_default(),
                "lvlText" => level.pattern = attribute(&start, "val").unwrap_or_default(),
                "lvlRestart" => level.restart = number(&start, "val"),
                "isLgl" => level.is_legal = is_on(&start),
                "pStyle" => level.style = attribute(&start, "val"),
                "pPr" | "rPr" => xml.skip(),
                _ => {}
            },
            Node::Close if xml.depth == depth => break,
            _ => {}
        }
    }
    level
}

fn read_list(xml: &mut Xml) -> List {
    let depth = xml.depth;
    let mut list = List::default();
    let mut override_of = 0;
    while let Some(node) = xml.step() {
        match node {
            Node::Open(start) => match local(&start) {
                "abstractNumId" => list.abstract_id = attribute(&start, "val").unwrap_or_default(),
                "lvlOverride" => override_of = number(&start, "ilvl").unwrap_or(0) as usize,
                "startOverride" => {
                    list.starts.insert(override_of, number(&start, "val").unwrap_or(1));
                }
                "lvl" => {
                    let index = number(&start, "ilvl").unwrap_or(0) as usize;
                    list.levels.insert(index, read_level(xml));
                }
                _ => {}
            },
            Node::Close if xml.depth == depth => break,
            _ => {}
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_count_and_begin_anew() {
        let text = r#"<w:numbering>
            <w:abstractNum w:abstractNumId="4">
              <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
              <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
              <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%3"/></w:lvl>
            </w:abstractNum>
            <w:num w:numId="1"><w:abstractNumId w:val="4"/></w:num>
            <w:num w:numId="2"><w:abstractNumId w:val="4"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
          </w:numbering>"#;
        let mut numbering = Numbering::read(&mut Xml::new(text));
        let found: Vec<String> = [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1), (1, 2), (2, 0), (2, 0)]
            .map(|(list, level)| numbering.count(&format!("{list}"), level).unwrap())
            .into();
        assert_eq!(found, ["一、", "（一）", "（二）", "二、", "（一）", "2.1", "一、", "二、"]);
        assert_eq!(numbering.count("9", 0), None);
    }
}
