//! Seeded damage on clean lessons: every value is right, or a warning or an error names it. Misprints stay notes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use serde_json::Value;
use std::collections::BTreeSet;
use support::{Lesson, lessons, parse_to_json};

/// A small linear congruential generator: the same cases on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

type Lines = Vec<String>;
type Damage = fn(&mut Lines, usize, &mut Dice);

fn cells(line: &str) -> Vec<String> {
    line.split('\t').map(str::to_string).collect()
}

fn numeric(line: &str) -> Vec<usize> {
    cells(line)
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit()))
        .map(|(index, _)| index)
        .collect()
}

/// Edit the cells of a line, with the index of a numeric one chosen by the dice.
fn edit(lines: &mut Lines, row: usize, dice: &mut Dice, change: impl Fn(&mut Vec<String>, usize)) {
    let numbers = numeric(&lines[row]);
    let mut own = cells(&lines[row]);
    change(&mut own, numbers[dice.below(numbers.len())]);
    lines[row] = own.join("\t");
}

const SHAPE: &[(&str, Damage)] = &[
    ("lost row", |lines, row, _| {
        lines.remove(row);
    }),
    ("doubled row", |lines, row, _| lines.insert(row, lines[row].clone())),
    ("extra number", |lines, row, dice| edit(lines, row, dice, |own, at| own.insert(at, "37".into()))),
    ("extra zero", |lines, row, dice| edit(lines, row, dice, |own, at| own.insert(at, "0".into()))),
    ("extra blank", |lines, row, dice| edit(lines, row, dice, |own, at| own.insert(at, String::new()))),
    ("lost cell", |lines, row, dice| {
        edit(lines, row, dice, |own, at| {
            own.remove(at);
        })
    }),
    ("cells shifted left", |lines, row, dice| {
        edit(lines, row, dice, |own, at| {
            own.remove(at);
            own.push(String::new());
        })
    }),
    ("letter for a digit", |lines, row, dice| edit(lines, row, dice, |own, at| own[at] = "1O".into())),
    ("lost label", |lines, row, _| {
        let first = numeric(&lines[row])[0];
        let mut own = cells(&lines[row]);
        own.iter_mut().take(first).for_each(String::clear);
        lines[row] = own.join("\t");
    }),
    ("row over two lines", |lines, row, dice| {
        let numbers = numeric(&lines[row]);
        let own = cells(&lines[row]);
        let at = numbers[1 + dice.below(numbers.len() - 1)];
        lines[row] = own[..at].join("\t");
        lines.insert(row + 1, own[at..].join("\t"));
    }),
    ("rows glued", |lines, row, _| {
        let next = lines.remove(row + 1);
        lines[row].push_str(&next);
    }),
    ("rows swapped", |lines, row, _| lines.swap(row, row + 1)),
];

const SUMS: &[(&str, Damage)] = &[("digit edited", |lines, row, dice| edit(lines, row, dice, |own, at| own[at].push('3')))];

const BENIGN: &[(&str, Damage)] = &[
    ("wrong character in a label", |lines, row, dice| {
        let first = numeric(&lines[row])[0];
        let mut own = cells(&lines[row]);
        let at = own.iter().take(first).rposition(|cell| !cell.is_empty()).unwrap();
        let mut label: Vec<char> = own[at].chars().collect();
        let middle = label.len() - 1 - dice.below(2);
        label[middle] = '甲';
        own[at] = label.into_iter().collect();
        lines[row] = own.join("\t");
    }),
    ("blank line", |lines, row, _| lines.insert(row, String::new())),
    ("page number", |lines, row, _| lines.insert(row, "- 4 -".into())),
    ("dashes for zeros", |lines, _, _| {
        lines
            .iter_mut()
            .for_each(|line| *line = line.split('\t').map(|cell| if cell == "0" { "—" } else { cell }).collect::<Vec<_>>().join("\t"))
    }),
    ("tabs trimmed", |lines, _, _| lines.iter_mut().for_each(|line| *line = line.trim_end_matches('\t').to_string())),
];

/// Rows of the requests table with a row of the same table below.
fn rows(lines: &Lines) -> Vec<usize> {
    (0..lines.len() - 1).filter(|&row| numeric(&lines[row]).len() == 7 && numeric(&lines[row + 1]).len() == 7).collect()
}

fn each_case(kinds: &[(&str, Damage)], mut judge: impl FnMut(&str, &Lesson, &Value)) {
    for lesson in lessons().iter().filter(|lesson| lesson.name.starts_with("clean-")) {
        let text = String::from_utf8(lesson.bytes.clone()).unwrap();
        for (kind, damage) in kinds {
            let mut dice = Dice(7);
            for _ in 0..12 {
                let mut lines: Lines = text.lines().map(str::to_string).collect();
                let rows = rows(&lines);
                let row = rows[dice.below(rows.len())];
                damage(&mut lines, row, &mut dice);
                judge(kind, lesson, &parse_to_json(lines.join("\n").as_bytes()));
            }
        }
    }
}

fn loud(report: &Value) -> Vec<&Value> {
    report["flags"].as_array().unwrap().iter().filter(|flag| flag["severity"] != "note").collect()
}

fn silent(report: &Value, expect: &Value) -> Vec<String> {
    let named: BTreeSet<String> =
        loud(report).iter().flat_map(|flag| flag["cells"].as_array().unwrap()).map(|key| key.as_str().unwrap().to_string()).collect();
    let is_named = |key: &str| {
        let (row, _) = key.rsplit_once('/').unwrap();
        let (table, _) = key.split_once('/').unwrap();
        named.contains(key) || named.contains(&format!("{row}/*")) || named.contains(&format!("{table}/*"))
    };
    let value = |key: &str| {
        report["values"].as_array().unwrap().iter().find(|value| value["key"] == key).map_or(Value::Null, |value| value["value"].clone())
    };
    let wanted = expect["values"].as_object().unwrap().iter();
    let differs = |key: &str, want: &Value| value(key).to_string().parse::<f64>().ok() != want.to_string().parse::<f64>().ok();
    wanted.filter(|(key, want)| differs(key, want) && !is_named(key)).map(|(key, _)| key.clone()).collect()
}

#[test]
fn damage_is_never_silent() {
    for kinds in [SHAPE, SUMS] {
        each_case(kinds, |kind, lesson, report| {
            assert_eq!(silent(report, &lesson.expect), Vec::<String>::new(), "{kind} in {}", lesson.name);
            assert!(!loud(report).is_empty(), "{kind} in {} raises nothing", lesson.name);
        });
    }
}

#[test]
fn benign_changes_stay_notes() {
    each_case(BENIGN, |kind, lesson, report| {
        let loud = loud(report);
        assert!(loud.is_empty(), "{kind} in {} raises {loud:#?}", lesson.name);
    });
}
