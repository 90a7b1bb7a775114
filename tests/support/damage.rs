//! Seeded damage, the same for every layout and format: kinds, what a report must not do with them, and the tally.

use super::layout::{LAYOUTS, Layout, Part, is_number, parts, write};
use super::{Lesson, lessons, parse_to_json};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A small linear congruential generator: the same cases on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

pub type Rows = Vec<Vec<String>>;
/// Damages a table at a row and a numeric cell of it; false where the damage would change nothing there.
pub type Damage = fn(&mut Rows, usize, usize, &mut Dice) -> bool;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// Rows, cells or labels lost, doubled, moved.
    Shape,
    /// A number changed in place, where sums cover it.
    Digit,
    /// What a report may look like without being wrong.
    Benign,
}

pub struct Kind {
    pub name: &'static str,
    pub class: Class,
    /// Layouts in which the damage can be made and seen.
    pub layouts: &'static [Layout],
    pub damage: Damage,
}

const ALL: &[Layout] = &LAYOUTS;
const GRIDS: &[Layout] = &[Layout::Tabs, Layout::Pipes];
const LINES: &[Layout] = &[Layout::Tabs, Layout::Pipes, Layout::Aligned];

pub fn numeric(row: &[String]) -> Vec<usize> {
    (0..row.len()).filter(|&at| is_number(&row[at])).collect()
}

fn first_number(row: &[String]) -> usize {
    numeric(row)[0]
}

fn shape(name: &'static str, layouts: &'static [Layout], damage: Damage) -> Kind {
    Kind { name, class: Class::Shape, layouts, damage }
}

fn digit(name: &'static str, damage: Damage) -> Kind {
    Kind { name, class: Class::Digit, layouts: ALL, damage }
}

fn benign(name: &'static str, layouts: &'static [Layout], damage: Damage) -> Kind {
    Kind { name, class: Class::Benign, layouts, damage }
}

/// Replace the number of a cell; false where nothing changes or a digit could be a code.
fn set(rows: &mut Rows, row: usize, cell: usize, number: String) -> bool {
    let changes = rows[row][cell] != number && !(number.len() > 1 && number.starts_with('0'));
    rows[row][cell] = number;
    changes
}

pub fn shape_kinds() -> Vec<Kind> {
    vec![
        shape("lost row", ALL, |rows, row, _, _| {
            rows.remove(row);
            true
        }),
        shape("doubled row", ALL, |rows, row, _, _| {
            rows.insert(row, rows[row].clone());
            true
        }),
        shape("doubled row, one digit differs", ALL, |rows, row, cell, _| {
            rows.insert(row, rows[row].clone());
            rows[row][cell].push('1');
            true
        }),
        shape("rows swapped", ALL, |rows, row, _, _| {
            rows.swap(row, row + 1);
            true
        }),
        shape("extra number", ALL, |rows, row, cell, _| {
            rows[row].insert(cell, "37".into());
            true
        }),
        shape("extra zero", ALL, |rows, row, cell, _| {
            rows[row].insert(cell, "0".into());
            true
        }),
        shape("extra number at the end", ALL, |rows, row, _, _| {
            let last = *numeric(&rows[row]).last().unwrap();
            rows[row].insert(last + 1, "4".into());
            true
        }),
        shape("extra blank cell", GRIDS, |rows, row, cell, _| {
            rows[row].insert(cell, String::new());
            true
        }),
        shape("lost cell", ALL, |rows, row, cell, _| {
            rows[row].remove(cell);
            true
        }),
        shape("cells shifted left", GRIDS, |rows, row, cell, _| {
            rows[row].remove(cell);
            rows[row].push(String::new());
            true
        }),
        // The last number is lost; in a row of zeros that cannot be told from a zero left blank.
        shape("cells shifted right", GRIDS, |rows, row, cell, _| {
            let says_nothing = numeric(&rows[row]).iter().all(|&at| rows[row][at] == "0");
            rows[row].insert(cell, String::new());
            rows[row].pop();
            !says_nothing
        }),
        shape("two cells lost", ALL, |rows, row, _, dice| {
            for _ in 0..2 {
                let numbers = numeric(&rows[row]);
                rows[row].remove(numbers[dice.below(numbers.len())]);
            }
            true
        }),
        shape("two cells merged", ALL, |rows, row, _, dice| {
            let numbers = numeric(&rows[row]);
            let at = numbers[dice.below(numbers.len() - 1)];
            let next = rows[row].remove(at + 1);
            rows[row][at].push_str(&next);
            true
        }),
        shape("number split in two", ALL, |rows, row, cell, _| {
            let number = rows[row][cell].clone();
            if number.len() < 2 {
                return false;
            }
            rows[row][cell] = number[..1].into();
            rows[row].insert(cell + 1, number[1..].into());
            true
        }),
        shape("row broken over two lines", LINES, |rows, row, _, dice| {
            let numbers = numeric(&rows[row]);
            let at = numbers[1 + dice.below(numbers.len() - 1)];
            let rest = rows[row].split_off(at);
            rows.insert(row + 1, rest);
            true
        }),
        shape("rows glued", GRIDS, |rows, row, _, _| {
            let next = rows.remove(row + 1);
            rows[row].extend(next);
            true
        }),
        shape("label of the row above", ALL, |rows, row, _, _| {
            let (above, own) = (first_number(&rows[row]) - 1, first_number(&rows[row + 1]) - 1);
            rows[row + 1][own] = rows[row][above].clone();
            true
        }),
        shape("label lost", LINES, |rows, row, _, _| {
            let label = first_number(&rows[row]) - 1;
            rows[row][label].clear();
            true
        }),
        shape("all numbers of a row lost", ALL, |rows, row, _, _| {
            let first = first_number(&rows[row]);
            rows[row].truncate(first);
            true
        }),
        shape("header lost", ALL, |rows, _, _, _| {
            let header = rows.iter().position(|row| !numeric(row).is_empty()).unwrap();
            rows.drain(..header);
            true
        }),
        shape("two names of the header swapped", ALL, |rows, _, _, dice| {
            let header = rows.iter().position(|row| !numeric(row).is_empty()).unwrap() - 1;
            let names: Vec<usize> = (0..rows[header].len()).filter(|&at| !rows[header][at].is_empty()).collect();
            let at = dice.below(names.len() - 1);
            rows[header].swap(names[at], names[at + 1]);
            true
        }),
        shape("words in place of a number", ALL, |rows, row, cell, _| {
            rows[row][cell] = "详见附件".into();
            true
        }),
        shape("letter in place of a digit", ALL, |rows, row, cell, _| {
            let number = rows[row][cell].clone();
            rows[row][cell] = format!("{}O", &number[..number.len() - 1]);
            true
        }),
    ]
}

pub fn digit_kinds() -> Vec<Kind> {
    vec![
        digit("one digit edited", |rows, row, cell, dice| {
            let at = dice.below(rows[row][cell].len());
            let mut digits: Vec<char> = rows[row][cell].chars().collect();
            digits[at] = char::from(b'0' + dice.below(10) as u8);
            set(rows, row, cell, digits.into_iter().collect())
        }),
        digit("digit added", |rows, row, cell, dice| {
            let number = format!("{}{}", rows[row][cell], dice.below(10));
            rows[row][cell] != "0" && set(rows, row, cell, number)
        }),
        digit("digit lost", |rows, row, cell, _| {
            let number = rows[row][cell].clone();
            number.len() > 1 && set(rows, row, cell, number[1..].into())
        }),
        digit("digits transposed", |rows, row, cell, _| {
            let number = rows[row][cell].clone();
            number.len() > 1 && set(rows, row, cell, format!("{}{}{}", &number[1..2], &number[..1], &number[2..]))
        }),
        digit("neighbours swapped", |rows, row, _, dice| {
            let numbers = numeric(&rows[row]);
            let at = numbers[dice.below(numbers.len() - 1)];
            let differ = rows[row][at] != rows[row][at + 1];
            rows[row].swap(at, at + 1);
            differ
        }),
        digit("zero misread", |rows, row, cell, _| rows[row][cell] == "0" && set(rows, row, cell, "8".into())),
    ]
}

pub fn benign_kinds() -> Vec<Kind> {
    vec![
        benign("wrong character in a label", ALL, |rows, row, _, dice| {
            let label = first_number(&rows[row]) - 1;
            let mut characters: Vec<char> = rows[row][label].chars().collect();
            let at = characters.len() - 1 - dice.below(2);
            characters[at] = '甲';
            rows[row][label] = characters.into_iter().collect();
            true
        }),
        benign("spaces in a label", ALL, |rows, row, _, _| {
            let label = first_number(&rows[row]) - 1;
            rows[row][label] = rows[row][label].chars().map(|c| format!("{c} ")).collect::<String>().trim_end().into();
            true
        }),
        // A dash is no number: the truth of such a cell is null.
        benign("dashes for zeros", GRIDS, |rows, row, _, _| {
            let first = first_number(&rows[row]);
            rows[row].iter_mut().skip(first).filter(|cell| *cell == "0").for_each(|cell| *cell = "—".into());
            true
        }),
        benign("full-width digits", ALL, |rows, row, cell, _| {
            rows[row][cell] = rows[row][cell].chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect();
            true
        }),
        benign("hidden characters", ALL, |rows, row, cell, _| {
            rows[row][cell].push('\u{200B}');
            true
        }),
        benign("padding of trailing cells trimmed", &[Layout::Tabs], |rows, _, _, _| {
            for row in rows.iter_mut() {
                while row.last().is_some_and(String::is_empty) {
                    row.pop();
                }
            }
            true
        }),
        benign("repeated header", GRIDS, |rows, row, _, _| {
            let header = rows.iter().position(|row| !numeric(row).is_empty()).unwrap();
            let again: Rows = rows[..header].to_vec();
            let at = row.max(header);
            rows.splice(at..at, again);
            true
        }),
        benign("Traditional label", ALL, |rows, row, _, _| {
            let label = first_number(&rows[row]) - 1;
            rows[row][label] = rows[row][label].replace('开', "開").replace('计', "計").replace('处', "處").replace('请', "請");
            true
        }),
    ]
}

/// A case as damaged, and the key of the cell when one number was edited in place.
pub struct Case {
    pub text: String,
    pub edited: Option<usize>,
}

const ROUNDS: usize = 48;

/// Data rows of a table that have a row of the same width below them.
fn damageable(rows: &Rows) -> Vec<usize> {
    (0..rows.len().saturating_sub(1)).filter(|&row| numeric(&rows[row]).len() == 7 && numeric(&rows[row + 1]).len() == 7).collect()
}

/// The cases of one kind: the requests table of a lesson, damaged.
pub fn cases(lesson: &Lesson, layout: Layout, kind: &Kind) -> Vec<Case> {
    let damaged = damaged(&parts(lesson), kind, kind.name.len() as u64 * 7919 + layout as u64, ROUNDS);
    damaged.into_iter().map(|(parts, edited)| Case { text: write(&parts, layout), edited }).collect()
}

/// A report in which the first long table is damaged, and the cell that was edited.
pub fn damaged(whole: &[Part], kind: &Kind, seed: u64, n_rounds: usize) -> Vec<(Vec<Part>, Option<usize>)> {
    let mut dice = Dice(seed);
    let mut made = Vec::new();
    for _ in 0..n_rounds {
        let mut parts = whole.to_vec();
        let Some(Part::Table(rows)) = parts.iter_mut().find(|part| matches!(part, Part::Table(rows) if rows.len() > 20)) else { continue };
        let candidates = damageable(rows);
        let row = candidates[dice.below(candidates.len())];
        let numbers = numeric(&rows[row]);
        let cell = numbers[dice.below(numbers.len())];
        if (kind.damage)(rows, row, cell, &mut dice) {
            made.push((parts, (kind.class == Class::Digit).then_some(cell - numbers[0])));
        }
    }
    made
}

pub fn loud(report: &Value) -> Vec<&Value> {
    report["flags"].as_array().unwrap().iter().filter(|flag| flag["severity"] != "note").collect()
}

/// Keys whose value differs from the truth.
pub fn wrong(report: &Value, expect: &Value, dashed: bool) -> Vec<String> {
    let values: BTreeMap<&str, &Value> =
        report["values"].as_array().unwrap().iter().map(|value| (value["key"].as_str().unwrap(), &value["value"])).collect();
    let number = |value: Option<&Value>| value.and_then(|value| value.to_string().parse::<f64>().ok());
    let wanted = expect["values"].as_object().unwrap();
    let differs = |key: &String, want: &Value| {
        let found = number(values.get(key.as_str()).copied());
        found != number(Some(want)) && !(dashed && found.is_none() && number(Some(want)) == Some(0.0))
    };
    wanted.iter().filter(|(key, want)| differs(key, want)).map(|(key, _)| key.clone()).collect()
}

pub fn named(flags: &[&Value]) -> BTreeSet<String> {
    flags.iter().flat_map(|flag| flag["cells"].as_array().unwrap()).map(|key| key.as_str().unwrap().to_string()).collect()
}

pub fn is_named(key: &str, named: &BTreeSet<String>) -> bool {
    let (row, _) = key.rsplit_once('/').unwrap();
    let (table, _) = key.split_once('/').unwrap();
    named.contains(key) || named.contains(&format!("{row}/*")) || named.contains(&format!("{table}/*"))
}

/// The edited cell stands alone in `cells` of a flag, or is the cell of its proposal.
pub fn names_culprit(flags: &[&Value], wrong: &[String]) -> bool {
    flags.iter().any(|flag| {
        let cells = flag["cells"].as_array().unwrap();
        let alone = wrong.iter().any(|key| cells.len() == 1 && cells[0] == **key || flag["proposal"]["cell"] == **key);
        alone || cells.len() == wrong.len() && wrong.iter().all(|key| cells.iter().any(|cell| cell == key))
    })
}

#[derive(Default)]
pub struct Tally {
    pub cases: usize,
    pub silent: usize,
    pub flagged: usize,
    pub culprit: usize,
    pub edits: usize,
}

pub type Totals = BTreeMap<(String, &'static str), Tally>;

pub fn run(kinds: &[Kind], totals: &mut Totals) -> Vec<String> {
    run_on(kinds, totals, &parse_to_json)
}

/// Every case of these kinds through a tool: bytes in, `values` and `flags` as `luoshu parse` writes them out.
pub fn run_on(kinds: &[Kind], totals: &mut Totals, tool: &dyn Fn(&[u8]) -> Value) -> Vec<String> {
    let mut failures = Vec::new();
    for lesson in lessons().iter().filter(|lesson| lesson.name.starts_with("clean-20")) {
        for kind in kinds {
            for &layout in kind.layouts {
                for case in cases(lesson, layout, kind) {
                    let report = tool(case.text.as_bytes());
                    let fault = score(kind, case.edited.is_some(), &report, &lesson.expect, totals);
                    if let Some(fault) = fault.filter(|_| failures.len() < 40) {
                        let text = if std::env::var_os("LUOSHU_SHOW").is_some() { case.text.as_str() } else { "" };
                        failures.push(format!("{} in {} as {layout:?}: {fault}{text}", kind.name, lesson.name));
                    }
                }
            }
        }
    }
    failures
}

/// Count a case; the answer is what is wrong with it.
pub fn score(kind: &Kind, is_edit: bool, report: &Value, expect: &Value, totals: &mut Totals) -> Option<String> {
    let (loud, wrong) = (loud(report), wrong(report, expect, kind.name.starts_with("dashes")));
    let named = named(&loud);
    let silent: Vec<&String> = wrong.iter().filter(|key| !is_named(key, &named)).collect();
    let tally = totals.entry((format!("{:?}", kind.class), kind.name)).or_default();
    tally.cases += 1;
    tally.silent += usize::from(!silent.is_empty());
    tally.flagged += usize::from(!loud.is_empty());
    tally.edits += usize::from(is_edit);
    tally.culprit += usize::from(is_edit && names_culprit(&loud, &wrong));
    let is_wrong = match kind.class {
        Class::Benign => !loud.is_empty() || !wrong.is_empty(),
        Class::Shape => loud.is_empty() || !silent.is_empty(),
        Class::Digit => !silent.is_empty(),
    };
    let raised = || loud.iter().map(|flag| format!("{} {}", flag["code"], flag["message"])).collect::<Vec<_>>();
    is_wrong.then(|| format!("silent {silent:?}, raised {:?}", raised()))
}

pub fn print(totals: &Totals) {
    println!("{:44} {:>6} {:>7} {:>8} {:>8}", "kind", "cases", "silent", "flagged", "culprit");
    for ((class, name), tally) in totals {
        let culprit = if tally.edits == 0 { String::new() } else { tally.culprit.to_string() };
        println!("{:44} {:>6} {:>7} {:>8} {:>8}", format!("{class}: {name}"), tally.cases, tally.silent, tally.flagged, culprit);
    }
    println!("{:44} {:>6}", "all", totals.values().map(|tally| tally.cases).sum::<usize>());
}
