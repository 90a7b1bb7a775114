//! Which printed names mean one body.
//!
//! A name with fewer regions is the same body as one with more, where only one such body is in the dataset: 洪泽区人民政府
//! is 淮安市洪泽区人民政府, but 朝阳区人民政府 beside two cities' own is left as it is.

use super::people::Imprint;
use crate::grammar::publishers::{Name, part};
use std::collections::{BTreeMap, BTreeSet};

/// Printed names, each with the name it has in the dataset.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<String, String>);

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
        let shown = |name: &Name| format!("{}{}", longest(name).concat(), name.body);
        Names(parted.iter().map(|(printed, name)| ((*printed).to_string(), shown(name))).collect())
    }

    /// Give an imprint the name that its publisher has in the dataset.
    pub fn give(&self, imprint: &mut Imprint) {
        imprint.publisher = imprint.printed.as_ref().and_then(|printed| self.0.get(printed)).cloned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let one = |printed: &str| names.0[printed].clone();
        assert_eq!(one("洪泽区政府"), "江苏省淮安市洪泽区人民政府");
        assert_eq!(one("淮安市洪泽区人民政府"), "江苏省淮安市洪泽区人民政府");
        assert_eq!(one("朝阳区人民政府"), "朝阳区人民政府");
        assert_eq!(one("财政局"), "财政局");
        assert_eq!(one("西湖区人民政府"), "西湖区人民政府");
        assert_eq!(one("天河区财政局"), "广州市天河区财政局");
    }
}
