//! Words that tables of any report use for totals, means, parts, notes and units, and characters that are no misprints of each
//! other: `grammar/words.toml`, built in.

use crate::fold::{fold_char, is_hidden};
use crate::label::key;
use std::sync::LazyLock;

/// The file as it is built in.
pub const WORDS: &str = include_str!("../../grammar/words.toml");

/// Words of one kind.
#[derive(Debug, Clone, Default)]
pub struct Kind {
    whole: Vec<String>,
    begins: Vec<String>,
    holds: Vec<String>,
    marks: Vec<String>,
}

/// Words of every kind.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// Of totals.
    pub total: Kind,
    /// Of means.
    pub average: Kind,
    /// Before the parts of what stands above.
    pub part: Kind,
    /// Over numbers that are worked out one by one and do not add up.
    pub rate: Kind,
    /// Over percentages that add up.
    pub portion: Kind,
    /// In a clause that speaks of another time, of a part, of an estimate.
    pub quiet: Kind,
    /// Before a note.
    pub note: Kind,
    /// Of units.
    pub unit: Kind,
    /// Of rates, shares and indices, which units of amounts are not for.
    pub relative: Kind,
    /// Before the numbers of columns.
    pub numbering: Kind,
    /// Beside a number that is not just so.
    pub about: Kind,
    /// Over the labels of rows.
    pub head: Kind,
    /// Of changes, which may be below zero.
    pub change: Kind,
    /// Headings that carry no number where all others do, by what labels are compared by.
    pub headings: Vec<String>,
    /// Groups of characters; two of one group change what a label means.
    pub apart: Vec<String>,
}

static BUILT_IN: LazyLock<Words> = LazyLock::new(|| load(WORDS).unwrap_or_default());

/// The words that are built in.
pub fn built_in() -> &'static Words {
    &BUILT_IN
}

/// Read a file of words.
pub fn load(text: &str) -> Result<Words, toml::de::Error> {
    let table: toml::Table = toml::from_str(text)?;
    let list = |kind: &str, place: &str| -> Vec<String> {
        let words = table.get(kind).and_then(|kind| kind.get(place)).and_then(toml::Value::as_array);
        words.into_iter().flatten().filter_map(toml::Value::as_str).map(str::to_lowercase).collect()
    };
    let kind = |name: &str| Kind {
        whole: list(name, "whole"),
        begins: list(name, "begins"),
        holds: list(name, "holds"),
        marks: list(name, "marks"),
    };
    let (rate, portion) = (kind("rate"), kind("portion"));
    Ok(Words {
        total: kind("total"),
        average: kind("average"),
        part: kind("part"),
        note: kind("note"),
        quiet: kind("quiet"),
        unit: kind("unit"),
        relative: kind("growth").with(&rate).with(&portion),
        rate,
        portion,
        numbering: kind("numbering"),
        about: kind("about"),
        head: kind("head"),
        change: kind("change"),
        headings: list("heading", "whole").iter().map(|title| key(title)).collect(),
        apart: list("apart", "groups"),
    })
}

/// Lower case, narrow, blanks single; between ideographs they go.
pub fn plain(text: &str) -> String {
    let shown: String = text.chars().filter(|&character| !is_hidden(character)).map(fold_char).flat_map(char::to_lowercase).collect();
    let is_wide = |character: Option<char>| character.is_some_and(|character| character >= '\u{2E80}');
    let mut plain = String::with_capacity(shown.len());
    for word in shown.split_whitespace() {
        let joins = is_wide(plain.chars().last()) && is_wide(word.chars().next());
        if !plain.is_empty() && !joins {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    plain
}

impl Kind {
    /// Words of this kind and of another.
    fn with(mut self, other: &Kind) -> Kind {
        self.whole.extend_from_slice(&other.whole);
        self.begins.extend_from_slice(&other.begins);
        self.holds.extend_from_slice(&other.holds);
        self.marks.extend_from_slice(&other.marks);
        self
    }

    /// True when a label has words of this kind.
    pub fn is_in(&self, label: &str) -> bool {
        let label = plain(label);
        let bare = label.trim_matches(|character: char| !character.is_alphanumeric());
        self.whole.iter().any(|word| word == bare)
            || self.begins.iter().any(|word| begins_with_word(&label, word) || begins_with_word(bare, word))
            || self.holds.iter().any(|word| label.contains(word.as_str()))
    }

    /// True when a label is one word of this kind and nothing else.
    pub fn is_alone(&self, label: &str) -> bool {
        let label = plain(label);
        let bare = label.trim_matches(|character: char| !character.is_alphanumeric());
        [&self.whole, &self.begins, &self.holds].into_iter().flatten().any(|word| word.trim() == bare)
    }

    /// True when a label begins with words of this kind.
    pub fn begins(&self, label: &str) -> bool {
        let label = plain(label);
        self.begins.iter().any(|word| begins_with_word(&label, word))
    }

    /// The words that may stand anywhere.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.holds.iter().map(String::as_str)
    }

    /// The words that are a label in themselves.
    pub fn whole_words(&self) -> &[String] {
        &self.whole
    }

    /// What stands after a mark of this kind, such as `单位：`.
    pub fn after_mark<'a>(&self, text: &'a str) -> Option<&'a str> {
        let found = self.marks.iter().filter_map(|mark| {
            let at = text.to_lowercase().find(mark.as_str())?;
            let rest = text.get(at + mark.len()..)?.trim_start();
            let after = rest.strip_prefix([':', '：'])?;
            Some((at, after.trim()))
        });
        found.min_by_key(|(at, _)| *at).map(|(_, after)| after)
    }

    /// True when words of this kind stand in the text, English ones as words of their own.
    pub fn holds_word(&self, text: &str) -> bool {
        let text = plain(text);
        self.holds.iter().any(|word| {
            text.match_indices(word.as_str()).any(|(at, _)| {
                let is_letter = |character: Option<char>| character.is_some_and(|character| character.is_ascii_alphabetic());
                let inside = text.get(..at).is_some_and(|before| is_letter(before.chars().last()))
                    || text.get(at + word.len()..).is_some_and(|after| is_letter(after.chars().next()));
                !(inside && word.chars().all(|character| character.is_ascii_alphabetic()))
            })
        })
    }

    /// True when a text is one of the marks of this kind, such as `单位`, and nothing else.
    pub fn is_mark(&self, text: &str) -> bool {
        let text = plain(text);
        self.marks.contains(&text)
    }

    /// True when a text is put together of words of this kind and nothing else, one of them being such a word in itself.
    pub fn is_made_of(&self, text: &str) -> bool {
        let text = plain(text);
        let mut rest = text.trim();
        let mut has_word = false;
        // Two such words side by side make a third: 年 and 份 say something else than 年份.
        let mut is_closed = false;
        while !rest.is_empty() {
            let Some((word, is_word)) = self.longest_word(rest).filter(|(_, is_word)| !(*is_word && is_closed)) else { return false };
            has_word |= is_word;
            rest = rest.get(word.len()..).unwrap_or("");
            is_closed = is_word && !rest.starts_with(|character: char| character.is_ascii());
            rest = rest.trim_start();
        }
        has_word
    }

    /// The longest word that a text begins with, and whether it says something in itself.
    fn longest_word(&self, text: &str) -> Option<(&str, bool)> {
        let words = self.holds.iter().map(|word| (word.as_str(), true)).chain(self.whole.iter().map(|word| (word.as_str(), false)));
        words.filter(|(word, _)| begins_with_word(text, word)).max_by_key(|(word, _)| word.len())
    }
}

/// An English word ends where its letters do; Chinese words have no blanks between them.
fn begins_with_word(label: &str, word: &str) -> bool {
    let Some(rest) = label.strip_prefix(word) else { return false };
    let ends = !word.ends_with(|character: char| character.is_ascii_alphabetic());
    ends || !rest.starts_with(|character: char| character.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_by_their_words() {
        let words = load(WORDS).unwrap();
        for label in ["Total", "合 计", "TOTAL, all ages", "一、总计", "Sub-total", "All", "Grand total:", "Males, total"] {
            assert!(words.total.is_in(label), "{label}");
        }
        for label in ["Totality", "Small", "设计", "Allied services", "Males"] {
            assert!(!words.total.is_in(label), "{label}");
        }
        assert!(words.part.begins("其中：男") && words.part.begins("Of which: men"));
        assert_eq!(words.unit.after_mark("（单位：万元）"), Some("万元）"));
        for unit in ["NOK million", "万元", "亿元", "元/吨", "万人次", "%", "thousand tonnes", "percent", "平方公里", "number"]
        {
            assert!(words.unit.is_made_of(unit), "{unit}");
        }
        for label in [
            "Tonsils",
            "不含农户",
            "人口数",
            "Number of Legal Entities",
            "00000001",
            "住户存款余额",
            "会议文件",
            "万",
            "个人",
            "名次",
            "第一人民法院",
        ] {
            assert!(!words.unit.is_made_of(label), "{label}");
        }
    }
}
