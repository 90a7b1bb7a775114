//! Names that are told apart: `file` is the key of a dataset's reports, and what stands in archives may share a name.
//!
//! What comes first keeps its name. What comes under it again has the time of its capture behind it, where it is a page of
//! a crawl (`…/report.html@20240501080000`), else a number (`…/report.txt#2`). The order of the walk decides, so that
//! every run gives the same names.

use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// The names given so far.
#[derive(Debug, Default)]
pub struct Register {
    /// The first half of a name's fingerprint, and how often the name has been asked for: names themselves would fill memory.
    seen: HashMap<[u8; 16], u32>,
}

impl Register {
    /// The name itself where it is new; else with `mark`, or with a number.
    pub fn claim(&mut self, name: String, mark: Option<&str>) -> String {
        if self.is_new(&name) {
            return name;
        }
        let name = mark.map_or_else(|| name.clone(), |mark| format!("{name}@{mark}"));
        if mark.is_some() && self.is_new(&name) {
            return name;
        }
        loop {
            let number = self.seen.entry(fingerprint(&name)).or_insert(1);
            *number += 1;
            let own = format!("{name}#{number}");
            if self.is_new(&own) {
                return own;
            }
        }
    }

    /// True where nobody has this name; now somebody has.
    fn is_new(&mut self, name: &str) -> bool {
        let n_before = self.seen.len();
        self.seen.entry(fingerprint(name)).or_insert(1);
        self.seen.len() > n_before
    }
}

fn fingerprint(name: &str) -> [u8; 16] {
    let whole: [u8; 32] = Sha256::digest(name).into();
    whole.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_comes_again_is_told_by_its_day_or_a_number() {
        let mut names = Register::default();
        let mut claim = |name: &str, mark: Option<&str>| names.claim(name.into(), mark);
        assert_eq!(claim("c.warc!/http://a/1", Some("20240501080000")), "c.warc!/http://a/1");
        assert_eq!(claim("c.warc!/http://a/1", Some("20240601080000")), "c.warc!/http://a/1@20240601080000");
        assert_eq!(claim("c.warc!/http://a/1", Some("20240601080000")), "c.warc!/http://a/1@20240601080000#2");
        assert_eq!(claim("c.warc!/http://a/1", None), "c.warc!/http://a/1#2");
        assert_eq!(claim("c.warc!/http://a/1", None), "c.warc!/http://a/1#3");
    }

    #[test]
    fn a_number_that_is_a_name_already_is_passed_over() {
        let mut names = Register::default();
        let claimed = ["a", "a#2", "a", "a", "a#2"].map(|name| names.claim(name.into(), None));
        assert_eq!(claimed, ["a", "a#2", "a#3", "a#4", "a#2#2"]);
    }
}
