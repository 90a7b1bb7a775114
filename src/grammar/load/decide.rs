//! What of a grammar decides whose a report is, and what only concerns the reports that are its family's.

use toml::{Table, Value};

/// What sentences say, and sums over tables: asked for only where the family is known.
const OF_ITS_OWN: [&str; 6] = ["across", "claim", "prose", "indicators", "groups", "speech"];
/// Sums within a table: the same.
const SUMS: &str = "check";

/// The id of a grammar's family, and all of the grammar that other families' reports are read with too: where it stays as
/// it is, no report changes its family or its sections. None where the text is no grammar.
pub fn what_decides(text: &str) -> Option<(String, String)> {
    let mut grammar: Table = toml::from_str(text).ok()?;
    let family = grammar.get("family")?.as_str()?.to_string();
    for key in OF_ITS_OWN {
        grammar.remove(key);
    }
    for table in grammar.get_mut("table").and_then(Value::as_array_mut).into_iter().flatten() {
        table.as_table_mut().and_then(|table| table.remove(SUMS));
    }
    Some((family, grammar.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::BUILT_IN;

    #[test]
    fn sums_and_sentences_decide_nothing_and_labels_do() {
        let (_, text) = BUILT_IN.iter().find(|(id, _)| *id == "cn-foi-annual").unwrap();
        let (family, decides) = what_decides(text).unwrap();
        assert_eq!(family, "cn-foi-annual");
        let claim = text.find("[[claim]]").unwrap();
        assert_eq!(what_decides(&text[..claim]).unwrap().1, decides);
        assert!(what_decides(&text.replace("[table.check.years]", "[table.check.never]")).unwrap().1 == decides);
        assert!(what_decides(&text.replace("总体情况", "概况")).unwrap().1 != decides);
        assert_eq!(what_decides("no grammar"), None);
    }
}
