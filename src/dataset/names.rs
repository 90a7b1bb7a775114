//! Which printed names mean one body: one with fewer regions is the only fuller one, unless their reports say otherwise.
//!
//! ```text
//!   洪泽区政府      → 淮安市洪泽区人民政府     the only fuller name of the dataset
//!   朝阳区人民政府  → 朝阳区人民政府           two cities have one, or its numbers are not those of the only fuller name
//! ```
//! Only reports of one year and family under a name and a fuller one are opened for this, one at a time.

use super::Trouble;
use super::checks::{Whose, finding, tell_bodies, year_cells};
use super::entry::Entry;
use super::group::{Bodies, Group, most_placed, rank};
use super::people::{FILE_NAME, Imprint};
use super::record::{Finding, Standing};
use super::variables::Variables;
use crate::flag::{Code, Flag, Message, Severity};
use crate::grammar::publishers::{Name, part};
use crate::years::YearCells;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Printed names, each with the name it has in the dataset.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<String, Joined>);

/// What a printed name means.
#[derive(Debug)]
struct Joined {
    /// The name by itself.
    own: String,
    /// Regions that it has.
    n_regions: usize,
    /// The name it has in the dataset.
    full: String,
}

/// A name of the dataset, and the regions of two printed names that are joined to it.
type Pair = (String, usize, usize);

/// Gives what a report says.
type Opens<'a> = dyn FnMut(&Entry) -> Result<Option<YearCells>, Trouble> + 'a;

/// What reports say of names that are joined.
#[derive(Default)]
struct Trial {
    pairs: BTreeMap<Pair, Evidence>,
    /// Reports that are another body's by their numbers: what is said of each file.
    differing: Vec<(Pair, String, Finding)>,
}

/// What the years say that two names have in common.
#[derive(Default)]
struct Evidence {
    is_one: bool,
    is_two: bool,
}

impl Evidence {
    /// Two bodies do not print the same numbers in any year; one body may print others in a corrected edition.
    fn speaks_for_two(&self) -> bool {
        self.is_two && !self.is_one
    }
}

impl Names {
    /// Join names: each means the one with the most regions among those that mean the same.
    pub fn join<'n>(names: impl Iterator<Item = &'n str>) -> Names {
        let parted: BTreeMap<&str, Name> = names.map(|name| (name, part(name))).collect();
        let full: BTreeSet<(Vec<String>, &str)> = parted.values().map(|name| (name.regions.clone(), name.body.as_str())).collect();
        // By body, and by the regions from the innermost out.
        let mut by_tail: BTreeMap<(&str, Vec<String>), BTreeSet<&Vec<String>>> = BTreeMap::new();
        for (regions, body) in &full {
            for start in 0..regions.len() {
                by_tail.entry((body, regions.get(start..).unwrap_or_default().to_vec())).or_default().insert(regions);
            }
        }
        let longest = |name: &Name| -> Vec<String> {
            let all = by_tail.get(&(name.body.as_str(), name.regions.clone())).into_iter().flatten();
            let longest = all.clone().max_by_key(|regions| regions.len());
            let agrees = |longest: &&&Vec<String>| all.clone().all(|regions| longest.ends_with(regions));
            longest.filter(agrees).map_or_else(|| name.regions.clone(), |regions| (*regions).clone())
        };
        let shown = |regions: &[String], name: &Name| format!("{}{}", regions.concat(), name.body);
        let joined =
            |name: &Name| Joined { own: shown(&name.regions, name), n_regions: name.regions.len(), full: shown(&longest(name), name) };
        Names(parted.iter().map(|(printed, name)| ((*printed).to_string(), joined(name))).collect())
    }

    /// Give an imprint the name that its publisher has in the dataset.
    pub fn give(&self, imprint: &mut Imprint) {
        let joined = imprint.printed.as_ref().and_then(|printed| self.0.get(printed));
        imprint.publisher = joined.map(|joined| joined.full.clone());
    }

    /// Join a name to no fuller one where the numbers of a year that both have are two bodies'. By file: what is said of it.
    pub fn tell_apart(
        &mut self,
        groups: &[Group],
        variables: &Variables,
        bodies: &mut Bodies,
    ) -> Result<BTreeMap<String, Vec<Finding>>, Trouble> {
        let mut open = |entry: &Entry| -> Result<Option<YearCells>, Trouble> {
            let mut body = bodies(entry)?;
            // A number in a sum that fails is no witness.
            for grid in &mut body.tables {
                grid.cells.retain(|cell| cell.standing != Standing::Disputed);
            }
            let named = variables.name_cells(entry.family(), &body);
            Ok(year_cells(entry, &body, &named, variables))
        };
        let mut trial = Trial::default();
        for group in groups {
            self.hold(group, &mut open, &mut trial)?;
        }
        let Trial { pairs, differing } = trial;
        // A name that is barer than one that stands alone might mean this one, too.
        let mut alone: BTreeMap<&str, usize> = BTreeMap::new();
        for ((full, n_regions, _), _) in pairs.iter().filter(|(_, evidence)| evidence.speaks_for_two()) {
            let most = alone.entry(full.as_str()).or_default();
            *most = (*most).max(*n_regions);
        }
        let is_alone = |joined: &Joined| alone.get(joined.full.as_str()).is_some_and(|most| joined.n_regions <= *most);
        let mut told: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        for (pair, file, finding) in differing {
            if pairs.get(&pair).is_some_and(Evidence::speaks_for_two) {
                told.entry(file).or_default().push(finding);
            }
        }
        // Its reports on other years go with it, and say so.
        for entry in groups.iter().flatten() {
            let joined = entry.imprint.printed.as_ref().and_then(|printed| self.0.get(printed));
            if let Some(joined) = joined.filter(|joined| is_alone(joined)) {
                told.entry(entry.input.file.clone()).or_insert_with(|| vec![tell_moved(joined)]);
            }
        }
        for joined in self.0.values_mut() {
            if is_alone(joined) {
                joined.full.clone_from(&joined.own);
            }
        }
        Ok(told)
    }

    /// Hold the reports of a group under barer names against the one under the fullest.
    fn hold(&self, group: &[Entry], open: &mut Opens, trial: &mut Trial) -> Result<(), Trouble> {
        // The year in the name of a file may be that of publication.
        let dated = group.iter().filter(|entry| entry.imprint.year_from != FILE_NAME);
        let named = |entry: &Entry| self.0.get(entry.imprint.printed.as_ref()?);
        let named: Vec<(&Joined, &Entry)> = dated.filter_map(|entry| Some((named(entry)?, entry))).collect();
        let most = named.iter().map(|(joined, _)| joined.n_regions).max().unwrap_or(0);
        let (fullest, barer): (Vec<_>, Vec<_>) = named.into_iter().partition(|(joined, _)| joined.n_regions == most);
        let most_placed = most_placed(fullest.iter().map(|(_, entry)| *entry));
        let Some((fuller, stands)) = fullest.into_iter().min_by_key(|(_, entry)| rank(entry, most_placed)).filter(|_| !barer.is_empty())
        else {
            return Ok(());
        };
        let Some(cells) = open(stands)? else { return Ok(()) };
        let mut seen = HashSet::new();
        for (joined, entry) in barer {
            if !seen.insert(entry.input.hash) {
                continue;
            }
            let Some(own) = open(entry)? else { continue };
            let pair = (joined.full.clone(), joined.n_regions, most);
            let evidence = trial.pairs.entry(pair.clone()).or_default();
            match tell_bodies(&cells, &own) {
                Whose::One => evidence.is_one = true,
                Whose::Two(n_differing, n_shared) => {
                    evidence.is_two = true;
                    let names = [joined.own.as_str(), fuller.own.as_str(), stands.input.file.as_str()];
                    trial.differing.push((pair, entry.input.file.clone(), tell(names, (n_differing, n_shared))));
                }
                Whose::Unknown => {}
            }
        }
        Ok(())
    }
}

fn tell([own, fuller, file]: [&str; 3], (n_differing, n_shared): (usize, usize)) -> Finding {
    let facts = [own.to_string(), fuller.to_string(), file.to_string(), n_differing.to_string(), n_shared.to_string()];
    let message = Message::new("{0} is not taken for {1}: {2}, which is of that body and this year, differs in {3} of {4} numbers", facts);
    let help = Message::plain("open both files: see which body the shorter name means");
    finding(&Flag::new(Code::ReportTwice, message).help(help))
}

fn tell_moved(joined: &Joined) -> Finding {
    let facts = [joined.own.clone(), joined.full.clone()];
    let message = Message::new("{0} is not taken for {1}: the numbers of another year are another body's", facts);
    let help = Message::plain("open both files: see which body the shorter name means");
    finding(&Flag::new(Code::ReportTwice, message).graded(Severity::Note).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::record::{Axis, Body, Cell, Grid, Head, State};
    use crate::dataset::store::Input;

    #[test]
    fn names_with_fewer_regions_mean_the_fuller_one_where_there_is_one() {
        let names = [
            "江苏省淮安市洪泽区人民政府",
            "洪泽区政府",
            "淮安市洪泽区人民政府",
            "朝阳区人民政府",
            "北京市朝阳区人民政府",
            "长春市朝阳区人民政府",
            "财政局",
            "上海市财政局",
            "杭州市西湖区人民政府",
            "南昌市西湖区人民政府",
            "西湖区人民政府",
            "天河区财政局",
            "广州市天河区财政局",
        ];
        let names = Names::join(names.into_iter());
        let one = |printed: &str| names.0[printed].full.clone();
        assert_eq!(one("洪泽区政府"), "江苏省淮安市洪泽区人民政府");
        assert_eq!(one("淮安市洪泽区人民政府"), "江苏省淮安市洪泽区人民政府");
        assert_eq!(one("朝阳区人民政府"), "朝阳区人民政府");
        assert_eq!(one("财政局"), "财政局");
        assert_eq!(one("西湖区人民政府"), "西湖区人民政府");
        assert_eq!(one("天河区财政局"), "广州市天河区财政局");
    }

    /// A report: printed name, year, where the year stands, its numbers.
    type Report<'r> = (&'r str, i32, &'static str, std::ops::Range<i64>);

    fn entry(names: &Names, &(printed, year, year_from, _): &Report) -> Entry {
        let mut imprint = Imprint { printed: Some(printed.into()), year: Some(year), year_from, ..Imprint::default() };
        names.give(&mut imprint);
        let head = Head { status: "ok".into(), family: Some("f".into()), ..Head::default() };
        Entry::new(Input { file: format!("{printed}{year}"), size: 0, hash: None, answer: None, head }, imprint)
    }

    /// A table of one column.
    fn body(numbers: std::ops::Range<i64>, standing: Standing) -> Body {
        let axis = |id: String| Axis { id: id.into(), labels: Vec::new() };
        let cell = |(row, number): (u32, i64)| Cell {
            row,
            column: 0,
            value: Some(number.to_string().into()),
            raw: number.to_string().into(),
            unit: None,
            state: State::Number,
            standing,
            place: "".into(),
        };
        let cells: Vec<Cell> = (0..).zip(numbers).map(cell).collect();
        let rows = (0..cells.len()).map(|row| axis(format!("r{row}"))).collect();
        let grid = Grid { id: "t".into(), fitted: true, rows, columns: vec![axis("n".into())], cells };
        Body { tables: vec![grid], flags: Vec::new() }
    }

    /// The name that the barest of the printed names has, and the files of which something is said.
    fn apart(reports: &[Report], standing: Standing) -> (String, Vec<String>) {
        let mut names = Names::join(reports.iter().map(|&(printed, ..)| printed));
        let mut groups: Vec<Group> = Vec::new();
        for report in reports {
            let own = entry(&names, report);
            let slot = |entry: &Entry| (entry.imprint.publisher.clone(), entry.imprint.year);
            match groups.iter_mut().find(|group| slot(&group[0]) == slot(&own)) {
                Some(group) => group.push(own),
                None => groups.push(vec![own]),
            }
        }
        let mut opened = |entry: &Entry| -> Result<Body, Trouble> {
            let (.., numbers) = reports.iter().find(|(printed, year, ..)| format!("{printed}{year}") == entry.input.file).unwrap();
            Ok(body(numbers.clone(), standing))
        };
        let told = names.tell_apart(&groups, &Variables::default(), &mut opened).unwrap();
        let barest = names.0.values().min_by_key(|joined| joined.n_regions).unwrap();
        (barest.full.clone(), told.into_keys().collect())
    }

    const FULL: &str = "北京市朝阳区人民政府";
    const BARE: &str = "朝阳区人民政府";

    #[test]
    fn a_bare_name_whose_numbers_are_not_the_fuller_ones_stands_alone() {
        let mut reports = vec![(FULL, 2021, "title", 1..13), (BARE, 2021, "text", 51..63), (BARE, 2020, "title", 1..13)];
        let told = vec![format!("{BARE}2020"), format!("{BARE}2021")];
        assert_eq!(apart(&reports, Standing::Unproven), (BARE.into(), told.clone()));
        reports.reverse();
        assert_eq!(apart(&reports, Standing::Unproven), (BARE.into(), told), "in whatever order");
        assert_eq!(apart(&reports, Standing::Disputed), (FULL.into(), vec![]), "numbers in sums that fail are no witnesses");
        reports.push((FULL, 2020, "title", 1..13));
        assert_eq!(apart(&reports, Standing::Unproven), (FULL.into(), vec![]), "one body where any year has the same numbers");
    }

    #[test]
    fn a_bare_name_stays_joined_where_little_or_nothing_speaks_against_it() {
        let joined = |reports: &[Report]| assert_eq!(apart(reports, Standing::Unproven), (FULL.into(), vec![]), "{reports:?}");
        joined(&[(FULL, 2021, "title", 1..13), (BARE, 2020, "title", 51..63)]);
        joined(&[(FULL, 2021, "title", 1..13), (BARE, 2021, FILE_NAME, 51..63)]);
        joined(&[(FULL, 2021, "title", 1..3), (BARE, 2021, "title", 51..53)]);
        joined(&[(FULL, 2021, "title", 1..13), (BARE, 2021, "title", 1..13)]);
    }

    #[test]
    fn what_is_barer_than_a_name_that_stands_alone_does_so_too() {
        let fullest = "江苏省淮安市洪泽区人民政府";
        let reports =
            [(fullest, 2021, "title", 1..13), ("淮安市洪泽区人民政府", 2021, "title", 51..63), ("洪泽区政府", 2020, "title", 1..13)];
        assert_eq!(
            apart(&reports, Standing::Unproven),
            ("洪泽区人民政府".into(), vec!["洪泽区政府2020".into(), "淮安市洪泽区人民政府2021".into()])
        );
        let one = [(fullest, 2021, "title", 1..13), ("洪泽区政府", 2021, "title", 1..13)];
        assert_eq!(apart(&one, Standing::Unproven), (fullest.into(), vec![]));
    }
}
