//! The words of a family's sentences, folded as the sentences are, to be found by the character they begin or end with.
//! They are made ready once, when the family is loaded: every clause of every report is held against them.

use crate::fold::fold_words;
use foldhash::HashMap;

/// Words with one use, to be found by the character they begin or end with.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// The longest first.
    words: Vec<String>,
    by_first: HashMap<char, Vec<usize>>,
    by_last: HashMap<char, Vec<usize>>,
}

impl Words {
    /// Of words in any order.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a String>) -> Words {
        let mut words: Vec<String> = words.into_iter().map(|word| fold_words(word)).filter(|word| !word.is_empty()).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.dedup();
        let mut own = Words { words, ..Words::default() };
        for (index, word) in own.words.iter().enumerate() {
            if let Some((first, last)) = word.chars().next().zip(word.chars().last()) {
                own.by_first.entry(first).or_default().push(index);
                own.by_last.entry(last).or_default().push(index);
            }
        }
        own
    }

    /// What is left behind each of the words that the text begins with, the longest first.
    pub fn behind<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let alike = text.chars().next().and_then(|first| self.by_first.get(&first));
        let words = alike.into_iter().flatten().filter_map(|&index| self.words.get(index));
        words.filter_map(move |word| text.strip_prefix(word.as_str()))
    }

    /// What is left behind the longest of the words that the text begins with.
    pub fn strip_start<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.behind(text).next()
    }

    /// What is left before the longest of the words that the text ends with.
    pub fn strip_end<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut alike = self.by_last.get(&text.chars().next_back()?)?.iter().filter_map(|&index| self.words.get(index));
        alike.find_map(|word| text.strip_suffix(word.as_str()))
    }

    /// Text before and after the last place where one of the words stands; of two that overlap the longer one.
    pub fn split_last<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let mut ends = text.char_indices().rev().map(|(at, character)| at + character.len_utf8());
        ends.find_map(|end| Some((self.strip_end(text.get(..end)?)?, text.get(end..)?)))
    }

    /// Text before and after the first place where one of the words stands.
    pub fn split_first<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        text.char_indices().find_map(|(at, _)| Some((text.get(..at)?, self.strip_start(text.get(at..)?)?)))
    }

    /// True where one of the words stands anywhere in the text.
    pub fn is_in(&self, text: &str) -> bool {
        self.split_first(text).is_some()
    }

    /// The text without any of the words.
    pub fn remove_from(&self, text: &str) -> String {
        let (mut kept, mut rest) = (String::with_capacity(text.len()), text);
        while let Some((before, behind)) = self.split_first(rest) {
            kept.push_str(before);
            rest = behind;
        }
        kept + rest
    }

    /// The text without the words at its end.
    pub fn trim_end<'t>(&self, mut text: &'t str) -> &'t str {
        while let Some(rest) = self.strip_end(text) {
            text = rest;
        }
        text
    }

    /// All of them, the longest first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }
}

/// The words of statistical sentences, each list made ready when the family is loaded.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// Verbs of growth.
    pub rise: Words,
    /// Verbs of growth where a comparison stands before them: 比年初新增.
    pub compared: Words,
    /// Verbs of decline: the number behind them counts as negative.
    pub fall: Words,
    /// Words between a name and its number.
    pub state: Words,
    /// Those of them that have more than one character.
    pub verbs: Words,
    /// Words that look like one of those, or like a word of scope, and belong to a name.
    pub whole: Words,
    /// Words that may stand before a verb or a number and change nothing.
    pub soft: Words,
    /// Words before a name that do not belong to it.
    pub scope: Words,
    /// Phrases that say how a number was worked out.
    pub remark: Words,
    /// Words before the noun that is counted behind its number.
    pub making: Words,
    /// What people do that a number in front of it counts: 享受, 参加.
    pub doing: Words,
    /// How a clause begins that goes on about the same thing without a number.
    pub predicate: Words,
    /// How something begins that is no name.
    pub never: Words,
    /// Words that open the parts of what was said last.
    pub of_which: Words,
    /// How a clause ends that announces parts: 分产业看.
    pub view: Words,
    /// How a clause ends that names the whole of which parts follow.
    pub within: Words,
    /// Words before the name of such a whole.
    pub among: Words,
    /// Words for the classes that something is divided into: 八大类商品中.
    pub classes: Words,
    /// Words before the first name of a row that go for all its names: 规模以上.
    pub carried: Words,
    /// The same for groups of people, of which a bulletin states the same things one after the other: 城镇居民.
    pub persons: Words,
    /// Words that make a sentence one of the year before.
    pub last_year: Words,
    /// Ranks that stand for the noun behind the one named first: 国家级保护项目 8 个，省级 49 个.
    pub levels: Words,
    /// How words in brackets begin that take something out of what is named.
    pub except: Words,
    /// Words between the names of a list.
    pub join: Words,
    /// The same, and words that may join two names and are as often a part of one.
    pub may_join: Words,
    /// Names, or parts of one, that hold a word or a mark which parts lists elsewhere: 批发和零售业.
    pub compound: Words,
    /// Words that give each name of a list its number.
    pub each: Words,
    /// Words that end a list before the noun that all its names share.
    pub etcetera: Words,
    /// Words between a part and the whole it is a share of.
    pub share: Words,
    /// Words before what an attribute is directed at: 对经济增长的贡献率.
    pub toward: Words,
    /// How the names of places end.
    pub place: Words,
    /// How the names of towns end, of which a bulletin may state the same things one after the other.
    pub town: Words,
    /// Words that stand with the name of a place and are nothing without it: 港, 站.
    pub site: Words,
    /// Nouns that say what is measured: 增加值, 产量. A list may print one of them once for all its names.
    pub measure: Words,
    /// Names that mean nothing without what was named before them: 在校生.
    pub relative: Words,
    /// Words that make what stands before a number a remark on the noun behind it.
    pub of: Words,
    /// Words before a number that counts up what was counted for the year: 新增 3 家，累计 12 家.
    pub so_far: Words,
    /// Verbs between a name and a number that it has passed: 突破. Where the report states the name's own number, this is none.
    pub passing: Words,
    /// Words for standing above something else, and below it.
    pub above: Words,
    /// The same, below.
    pub below: Words,
    /// Words before the other side of such a comparison: 比全国高.
    pub than: Words,
    /// Whom such a comparison may be with, apart from another year.
    pub rivals: Words,
    /// Words before a number that is where something came from: 由 3.1% 提高到 3.4%.
    pub from: Words,
    /// Verbs of a part that moves the whole: 拉动.
    pub pull: Words,
    /// The same, downwards: 下拉.
    pub drag: Words,
    /// Attributes of growth that say how much something fell: 降幅.
    pub decline: Words,
    /// Powers of ten before a unit.
    pub scales: Words,
    /// Units that count things, whose noun may stand behind them: 3 家企业.
    pub counters: Words,
    /// Units.
    pub units: Words,
    /// Units of a growth that is no percentage: 倍.
    pub times: Words,
    /// Units of a difference between two shares.
    pub points: Words,
    /// What makes the number before it a part of a name or of a date.
    pub inside: Words,
    /// Limits behind a number: 500 万元以上. With a name behind them they are a part of it.
    pub bound: Words,
    /// Words before a rank.
    pub rank: Words,
    /// Words that open a sentence on numbers, where a heading runs into it.
    pub opening: Words,
    /// How the caption of a figure or a table begins; its number follows.
    pub caption: Words,
    /// How the notes of a report begin.
    pub notes: Words,
    /// Words that make a number preliminary.
    pub preliminary: Words,
    /// What a growth is against; the first one is the usual one.
    pub against: Vec<(String, Words)>,
    /// Endings of a name that make it an attribute of what stands before: …增速, …比重.
    pub attribute: Vec<(String, Words)>,
}
