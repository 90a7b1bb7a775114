//! What a report is: its title, who published it, the year it is on, the family it belongs to.

use crate::doc::{Block, Document};
use crate::fold::{fold, tidy};
use crate::grammar::Family;
use crate::normalise::read_chinese_numeral;
use crate::place::Span;

/// What the title says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Identity {
    /// The title as printed, on one line.
    pub title: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// The year it is on.
    pub year: Option<i32>,
    /// The title names a family.
    pub names_family: bool,
}

/// Paragraphs in which a title is looked for.
const HEAD: usize = 12;

/// Read the title: the first paragraph that holds a name of the family, else the first one.
pub fn identify(document: &Document, first: Option<Span>, family: &Family) -> Identity {
    let names: Vec<String> = family.titles.iter().map(|title| fold(title)).collect();
    let paras = document.blocks.iter().filter_map(|block| if let Block::Para(para) = block { Some(para.span) } else { None });
    let named = paras.take(HEAD).map(|span| tidy(document.slice(span))).find_map(|title| {
        let folded = fold(&title);
        let name = names.iter().find(|name| folded.contains(name.as_str()) && folded.chars().count() < 60)?;
        Some((title, folded, name.clone()))
    });
    match named {
        Some((title, folded, name)) => {
            let (before, _) = folded.split_once(name.as_str()).unwrap_or((&folded, ""));
            let (year, publisher) = split_year(before);
            Identity { title: Some(title), publisher: (!publisher.is_empty()).then_some(publisher), year, names_family: true }
        }
        None => {
            let title = first.map(|span| tidy(document.slice(span)));
            let year = title.as_deref().and_then(|title| split_year(&fold(title)).0);
            Identity { title, publisher: None, year, names_family: false }
        }
    }
}

/// `某局2020年度` or `2020年某局`: the year, and what is left.
fn split_year(text: &str) -> (Option<i32>, String) {
    let characters: Vec<char> = text.chars().collect();
    for (start, window) in characters.windows(5).enumerate() {
        let digits: String = window.iter().take(4).collect();
        let year = digits.parse::<i32>().ok().or_else(|| read_chinese_numeral(&digits).and_then(|year| i32::try_from(year).ok()));
        if let Some(year) = year.filter(|year| (1949..2100).contains(year) && window.last() == Some(&'年')) {
            let before: String = characters.iter().take(start).collect();
            let after: String = characters.iter().skip(start + 5).collect();
            let after = after.strip_prefix('度').unwrap_or(&after);
            return (Some(year), format!("{before}{after}"));
        }
    }
    (None, text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_stands_before_or_after_the_publisher() {
        assert_eq!(split_year("青石县水务局2022年"), (Some(2022), "青石县水务局".into()));
        assert_eq!(split_year("2019年度青石县政府"), (Some(2019), "青石县政府".into()));
        assert_eq!(split_year("二零二零年某局"), (Some(2020), "某局".into()));
        assert_eq!(split_year("青石县"), (None, "青石县".into()));
    }
}
