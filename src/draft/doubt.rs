//! What a person should know before trusting a draft: samples without anything to take, parts that are left out, a sample
//! that is unlike the others.

use super::sample::Sample;
use crate::flag::Message;
use crate::label::key;
use std::collections::BTreeSet;

/// A sample that shares less than this part of its labels with any other, in percent, is of another kind.
const LEAST_SHARED: usize = 20;

/// What is odd about each sample, by index.
pub(super) fn findings(samples: &[Sample]) -> Vec<(usize, Message)> {
    let labels: Vec<BTreeSet<String>> = samples.iter().map(labels).collect();
    let mut found = Vec::new();
    for (index, sample) in samples.iter().enumerate() {
        if sample.is_empty() {
            found.push((index, Message::plain("there is no section and no table in it to draft from")));
            continue;
        }
        if !sample.left_out.is_empty() {
            let places: BTreeSet<&str> = sample.left_out.iter().map(String::as_str).collect();
            let facts = [sample.left_out.len().to_string(), places.into_iter().collect::<Vec<_>>().join(", ")];
            found
                .push((index, Message::new("{0} parts of tables are left out, labels and numbers are not told apart in them: {1}", facts)));
        }
        let is_other = |other: &usize| *other != index && samples.get(*other).is_some_and(|other| !other.is_empty());
        let shares: Vec<usize> =
            (0..samples.len()).filter(is_other).filter_map(|other| shared(labels.get(index)?, labels.get(other)?)).collect();
        if shares.iter().max().is_some_and(|&most| most < LEAST_SHARED) {
            found.push((index, Message::plain("it shares next to no label with the other samples: is it of another kind?")));
        }
    }
    found
}

/// How many of the labels of the shorter list stand in the other, in percent.
fn shared(one: &BTreeSet<String>, other: &BTreeSet<String>) -> Option<usize> {
    let least = one.len().min(other.len());
    (least > 0).then(|| 100 * one.intersection(other).count() / least)
}

fn labels(sample: &Sample) -> BTreeSet<String> {
    let lines = sample.bands.iter().flat_map(|band| band.rows.iter().chain(&band.columns)).flatten();
    sample.sections.iter().chain(lines).map(|label| key(label)).filter(|key| !key.is_empty()).collect()
}
