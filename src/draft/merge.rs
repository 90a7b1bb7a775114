//! Samples → one form: what is the same in them put together, what differs told apart.
//!
//! Bands belong together where they open with the same line or print the same labels. Their rows and columns are laid
//! beside those of the sample that prints most, in order; a label that stands where another one stood is an alias.

use super::claims::{ClaimForm, find_claims};
use super::sample::{Band, Path, Sample};
use super::sums::{Sums, find_sums};
use crate::fit::align::{MOST_PAIRS, align, longest_rise};
use crate::grammar::likeness;
use crate::label::key;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What a grammar says.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub title: String,
    /// First year of each edition; none where nothing changes.
    pub editions: Vec<i32>,
    /// Years of the samples.
    pub years: Vec<i32>,
    pub sections: Vec<Labels>,
    pub tables: Vec<TableForm>,
    pub claims: Vec<ClaimForm>,
    /// Parts of tables that are left out.
    pub n_unknown: usize,
    /// Indices of the sections where tables are left out, and none of their kind is drafted from another sample.
    pub undescribed: Vec<usize>,
}

/// Labels of one thing, the usual one first.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    pub any: Vec<String>,
    /// How many samples print it.
    pub n_samples: usize,
    pub is_optional: bool,
}

/// A table, or several stacked in one.
#[derive(Debug, Default)]
pub(super) struct TableForm {
    /// Index of its section.
    pub section: usize,
    pub unit: Option<String>,
    pub stub: Vec<String>,
    pub bands: Vec<BandForm>,
}

/// A header with its rows.
#[derive(Debug, Default)]
pub(super) struct BandForm {
    pub opens: Option<String>,
    /// Among the bands of a table and an edition.
    pub number: usize,
    /// Index of the only edition that has it.
    pub edition: Option<usize>,
    pub columns: Vec<Line>,
    pub rows: Vec<Line>,
    pub sums: Sums,
    /// What each sample prints in it.
    pub cells: Vec<Printed>,
}

/// The numbers of a band of a sample, by the form's lines.
#[derive(Debug)]
pub(super) struct Printed {
    /// Index of the sample.
    pub sample: usize,
    /// Row, column, number.
    pub numbers: Vec<(usize, usize, Decimal)>,
}

/// A row or a column that prints numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Labels of the groups it stands in.
    pub groups: Path,
    pub labels: Labels,
}

/// A band of a sample, the edition of its year, and the index of the sample.
#[derive(Clone, Copy)]
struct Own<'s> {
    edition: Option<usize>,
    band: &'s Band,
    sample: usize,
}

/// Put samples together.
pub(super) fn merge(samples: &[Sample], title: String) -> Form {
    let sections = merge_sections(samples);
    let editions = find_editions(samples);
    let edition_of = |year: Option<i32>| {
        let index = editions.iter().rposition(|first| year.is_some_and(|year| *first <= year));
        index.or_else(|| (!editions.is_empty()).then_some(0))
    };
    let mut clusters: Vec<Vec<Own>> = Vec::new();
    for (index, sample) in samples.iter().enumerate() {
        for band in &sample.bands {
            let own = Own { edition: edition_of(sample.year), band, sample: index };
            match clusters.iter_mut().find(|cluster| cluster.first().is_some_and(|first| is_same(first, &own))) {
                Some(cluster) => cluster.push(own),
                None => clusters.push(vec![own]),
            }
        }
    }
    let mut tables: Vec<TableForm> = Vec::new();
    for cluster in clusters.iter().filter(|cluster| !cluster.is_empty()) {
        add_cluster(cluster, &sections, editions.len(), &mut tables);
    }
    tables.sort_by_key(|table| table.section);
    let years: BTreeSet<i32> = samples.iter().filter_map(|sample| sample.year).collect();
    let claims = find_claims(samples, &tables);
    let left_out: BTreeSet<usize> =
        samples.iter().flat_map(|sample| &sample.left_out).filter_map(|title| find_section(&sections, title)).collect();
    let undescribed = left_out.into_iter().filter(|section| !tables.iter().any(|table| table.section == *section)).collect();
    Form {
        title,
        editions,
        years: years.into_iter().collect(),
        sections,
        tables,
        claims,
        n_unknown: samples.iter().map(|sample| sample.left_out.len()).sum(),
        undescribed,
    }
}

/// Sections of all samples, told by their titles and, where those differ, by their place.
fn merge_sections(samples: &[Sample]) -> Vec<Labels> {
    let lists: Vec<Vec<Path>> = samples.iter().map(|sample| sample.sections.iter().map(|title| vec![title.clone()]).collect()).collect();
    let Some(base) = lists.iter().max_by_key(|list| list.len()) else { return Vec::new() };
    let lines = merge_lines(base, lists.iter().filter(|list| !std::ptr::eq(*list, base)).map(Vec::as_slice), lists.len());
    lines.into_iter().map(|line| line.labels).collect()
}

/// A new edition begins where a band that opens with a known line has other columns than in the years before.
fn find_editions(samples: &[Sample]) -> Vec<i32> {
    let mut sorted: Vec<&Sample> = samples.iter().filter(|sample| sample.year.is_some()).collect();
    sorted.sort_by_key(|sample| sample.year);
    let changes = |one: &Sample, other: &Sample| {
        let pairs = one.bands.iter().flat_map(|band| other.bands.iter().map(move |other| (band, other)));
        pairs.into_iter().any(|(one, other)| one.opens.is_some() && same_opening(one, other) && !same_columns(one, other))
    };
    let mut firsts: Vec<(i32, &Sample)> = Vec::new();
    for sample in sorted {
        if firsts.last().is_none_or(|(_, last)| changes(last, sample)) {
            firsts.push((sample.year.unwrap_or_default(), sample));
        }
    }
    if firsts.len() < 2 { Vec::new() } else { firsts.into_iter().map(|(year, _)| year).collect() }
}

fn add_cluster(cluster: &[Own], sections: &[Labels], n_editions: usize, tables: &mut Vec<TableForm>) {
    let Some(Own { edition, band: base, .. }) = cluster.iter().max_by_key(|own| richness(own.band)) else { return };
    let titles = cluster.iter().filter_map(|own| own.band.section.as_deref());
    let section = titles.filter_map(|title| find_section(sections, title)).next().unwrap_or(0);
    let bands: Vec<&Band> = cluster.iter().map(|own| own.band).collect();
    // Where one sample's spans are known, lines of those without are no evidence of what is optional.
    let any_firm = bands.iter().any(|band| band.is_firm);
    let lines = |pick: fn(&Band) -> &Vec<Path>| {
        let others = bands.iter().filter(|band| !std::ptr::eq(**band, *base) && (band.is_firm || !any_firm));
        let n_samples = 1 + others.clone().count();
        merge_lines(pick(base), others.map(|band| pick(band).as_slice()), n_samples)
    };
    let (columns, rows) = (lines(|band| &band.columns), lines(|band| &band.rows));
    let cells: Vec<Printed> =
        cluster.iter().map(|own| Printed { sample: own.sample, numbers: own.band.by_lines(&rows, &columns) }).collect();
    let sums = find_sums(&cells, &rows, &columns);
    let is_stacked = base.opens.is_some();
    let edition = edition.filter(|_| is_stacked && n_editions > 1);
    let form = BandForm { opens: base.opens.clone(), number: 1, edition, columns, rows, sums, cells };
    let beside = |table: &&mut TableForm| is_stacked && table.section == section && table.bands.iter().all(|band| band.opens.is_some());
    match tables.iter_mut().find(beside) {
        Some(table) => {
            let number = 1 + table.bands.iter().filter(|band| band.edition == form.edition).count();
            table.bands.push(BandForm { number, ..form });
        }
        None => {
            // The unit stands in the caption, which a sample may have lost.
            let unit = base.unit.clone().or_else(|| bands.iter().find_map(|band| band.unit.clone()));
            tables.push(TableForm { section, unit, stub: base.stub.clone(), bands: vec![form] });
        }
    }
}

fn find_section(sections: &[Labels], title: &str) -> Option<usize> {
    sections.iter().position(|section| section.any.iter().any(|label| key(label) == key(title)))
}

/// A band whose spans are known tells most of the form; then one with more and deeper lines.
fn richness(band: &Band) -> (bool, usize) {
    (band.is_firm, band.rows.iter().map(Vec::len).sum::<usize>() + band.columns.iter().map(Vec::len).sum::<usize>())
}

fn leaves(paths: &[Path]) -> BTreeSet<String> {
    paths.iter().filter_map(|path| path.last()).map(|label| key(label)).collect()
}

/// As many columns, and each like its counterpart.
fn same_columns(one: &Band, other: &Band) -> bool {
    let lines: Vec<Line> = one.columns.iter().map(line).collect();
    one.columns.len() == other.columns.len() && pair_up(&lines, &other.columns).len() == one.columns.len()
}

fn same_opening(one: &Band, other: &Band) -> bool {
    matches!((&one.opens, &other.opens), (Some(one), Some(other)) if key(one) == key(other))
}

/// The same part of the same form: the same opening line in one edition, or most labels shared.
fn is_same(own: &Own, other_own: &Own) -> bool {
    let (one, other) = (own.band, other_own.band);
    if one.opens.is_some() || other.opens.is_some() {
        return same_opening(one, other) && own.edition == other_own.edition;
    }
    let share = |one: BTreeSet<String>, other: BTreeSet<String>| 100 * one.intersection(&other).count() / one.len().max(other.len()).max(1);
    share(leaves(&one.columns), leaves(&other.columns)) + share(leaves(&one.rows), leaves(&other.rows)) >= 100
}

impl Band {
    /// Its numbers by the lines of a form.
    fn by_lines(&self, rows: &[Line], columns: &[Line]) -> Vec<(usize, usize, Decimal)> {
        let line_of = |lines, paths| pair_up(lines, paths).into_iter().map(|(line, path)| (path, line)).collect::<BTreeMap<usize, usize>>();
        let (rows, columns) = (line_of(rows, &self.rows), line_of(columns, &self.columns));
        let own = self.numbers.iter();
        own.filter_map(|((row, column), number)| Some((*rows.get(row)?, *columns.get(column)?, *number))).collect()
    }
}

/// Lay lists of lines beside a base, in order.
pub(super) fn merge_lines<'p>(base: &[Path], others: impl Iterator<Item = &'p [Path]>, n_samples: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = base.iter().map(line).collect();
    for other in others {
        lines = lay_beside(lines, other);
    }
    for line in &mut lines {
        line.labels.is_optional = line.labels.n_samples < n_samples;
    }
    lines
}

fn line(path: &Path) -> Line {
    let (label, groups) = path.split_last().map(|(label, groups)| (label.clone(), groups.to_vec())).unwrap_or_default();
    Line { groups, labels: Labels { any: vec![label], n_samples: 1, is_optional: false } }
}

/// A label without what stands in brackets behind it: 采购总金额（单位：万元）.
fn without_remark(label: &str) -> &str {
    label.split(['(', '（']).next().filter(|words| !words.is_empty()).unwrap_or(label)
}

/// Which line each path is.
pub(super) fn pair_up(lines: &[Line], paths: &[Path]) -> Vec<(usize, usize)> {
    if lines.len().saturating_mul(paths.len()) > MOST_PAIRS {
        return pair_equal(lines, paths);
    }
    let forms = |label: &String| (key(label), key(without_remark(label)));
    let group = |groups: Option<&String>| groups.map(|group| key(group));
    let lines_read: Vec<(Vec<_>, Option<String>)> =
        lines.iter().map(|line| (line.labels.any.iter().map(forms).collect(), group(line.groups.last()))).collect();
    let paths_read: Vec<((String, String), Option<String>)> =
        paths.iter().map(|path| (path.last().map(forms).unwrap_or_default(), group(path.iter().rev().nth(1)))).collect();
    let like = |left: usize, right: usize| {
        let (Some((labels, home)), Some(((own, short), group))) = (lines_read.get(left), paths_read.get(right)) else { return 0 };
        let like = labels.iter().map(|(label, plain)| likeness(label, own).max(likeness(plain, short))).max().unwrap_or(0);
        // The same words in another group are another line, where there is a choice.
        if home == group { like } else { like * 9 / 10 }
    };
    align(lines.len(), paths.len(), &like).into_iter().map(|pair| (pair.left, pair.right)).collect()
}

/// Lines and paths of equal words in equal groups, as many as keep their order on both sides.
fn pair_equal(lines: &[Line], paths: &[Path]) -> Vec<(usize, usize)> {
    let mut by_words: BTreeMap<(String, Option<String>), VecDeque<usize>> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        for label in &line.labels.any {
            by_words.entry((key(label), line.groups.last().map(|group| key(group)))).or_default().push_back(index);
        }
    }
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (right, path) in paths.iter().enumerate() {
        let words = (path.last().map(|label| key(label)).unwrap_or_default(), path.iter().rev().nth(1).map(|group| key(group)));
        found.extend(by_words.get_mut(&words).and_then(VecDeque::pop_front).map(|left| (left, right)));
    }
    longest_rise(&found)
}

fn lay_beside(lines: Vec<Line>, paths: &[Path]) -> Vec<Line> {
    let pairs = pair_up(&lines, paths);
    let mut merged: Vec<Line> = Vec::with_capacity(lines.len());
    let mut rest = lines.into_iter().enumerate().peekable();
    let mut next = 0;
    for (left, right) in pairs.into_iter().map(|(left, right)| (Some(left), right)).chain([(None, paths.len())]) {
        let own: Vec<Line> = std::iter::from_fn(|| rest.next_if(|(index, _)| Some(*index) != left).map(|(_, line)| line)).collect();
        let fresh = paths.get(next..right).unwrap_or_default();
        // One line on either side between two that are known: one thing under two names.
        if let ([alone], [other], true) = (own.as_slice(), fresh, next > 0 && left.is_some()) {
            let labels = Labels { any: alone.labels.any.iter().chain(other.last()).cloned().collect(), ..alone.labels.clone() };
            merged.push(Line { labels: Labels { n_samples: labels.n_samples + 1, ..labels }, ..alone.clone() });
        } else {
            merged.extend(own);
            for path in fresh {
                // A flat list tells no groups: a new line stands where its neighbour stands.
                let groups =
                    if path.len() > 1 { line(path).groups } else { merged.last().map(|line| line.groups.clone()).unwrap_or_default() };
                let label = path.last().map(|label| key(label)).unwrap_or_default();
                let is_there = |own: &Line| own.groups == groups && own.labels.any.iter().any(|own| key(own) == label);
                if !label.is_empty() && !merged.iter().any(is_there) {
                    merged.push(Line { groups, ..line(path) });
                }
            }
        }
        if let (Some((_, mut found)), Some(path)) = (rest.next(), paths.get(right)) {
            found.labels.n_samples += 1;
            let label = path.last().cloned().unwrap_or_default();
            if !found.labels.any.iter().any(|own| key(own) == key(&label)) {
                found.labels.any.push(label);
            }
            merged.push(found);
        }
        next = right + 1;
    }
    merged
}
