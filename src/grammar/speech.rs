//! Sentences of statistics: which indicators a family names, and the words that join a name, a number and its growth.
//!
//! ```text
//!   全年   粮食产量    达到    48.2   万吨  ，  比上年   下降   1.2  %
//!   scope  indicator  state   number  unit     against  fall   number unit
//! ```
//! Only the words live here; how they stand together is known to the room that reads sentences.

/// Something that sentences put a number on.
#[derive(Debug, Clone)]
pub struct Indicator {
    /// Dotted id; the dots make the tree.
    pub id: String,
    /// Names in full, the official one first.
    pub labels: Vec<String>,
    /// Names that mean it only where the indicator above it, or a part of that one, is being spoken of.
    pub short: Vec<String>,
}

/// Parts that are stated in a row, `10.2:38.4:51.4`, under one name.
#[derive(Debug, Clone)]
pub struct Group {
    /// How the row is called.
    pub labels: Vec<String>,
    /// Ids of its parts in order.
    pub parts: Vec<String>,
}

/// Words with one meaning, named by an id.
#[derive(Debug, Clone)]
pub struct Sense {
    /// Id, which becomes a part of keys.
    pub id: String,
    /// The words.
    pub words: Vec<String>,
}

/// The words of statistical sentences, each list in any order.
#[derive(Debug, Clone, Default)]
pub struct Speech {
    /// Verbs of growth.
    pub rise: Vec<String>,
    /// Verbs of growth where a comparison stands before them: 比年初新增.
    pub compared: Vec<String>,
    /// Verbs of decline: the number behind them counts as negative.
    pub fall: Vec<String>,
    /// Words between a name and its number.
    pub state: Vec<String>,
    /// Words that look like one of those, or like a word of scope, and belong to a name.
    pub whole: Vec<String>,
    /// Words that may stand before a verb or a number and change nothing.
    pub soft: Vec<String>,
    /// Words before a name that do not belong to it.
    pub scope: Vec<String>,
    /// Phrases that say how a number was worked out.
    pub remark: Vec<String>,
    /// Words before the noun that is counted behind its number.
    pub making: Vec<String>,
    /// What people do that a number in front of it counts: 享受, 参加.
    pub doing: Vec<String>,
    /// How a clause begins that goes on about the same thing without a number.
    pub predicate: Vec<String>,
    /// How something begins that is no name.
    pub never: Vec<String>,
    /// Words that open the parts of what was said last.
    pub of_which: Vec<String>,
    /// How a clause ends that announces parts: 分产业看.
    pub view: Vec<String>,
    /// How a clause ends that names the whole of which parts follow.
    pub within: Vec<String>,
    /// Words before the name of such a whole.
    pub among: Vec<String>,
    /// Words for the classes that something is divided into: 八大类商品中.
    pub classes: Vec<String>,
    /// Words before the first name of a row that go for all its names: 规模以上.
    pub carried: Vec<String>,
    /// The same for groups of people, of which a bulletin states the same things one after the other: 城镇居民.
    pub persons: Vec<String>,
    /// Words that make a sentence one of the year before.
    pub last_year: Vec<String>,
    /// Ranks that stand for the noun behind the one named first: 国家级保护项目 8 个，省级 49 个.
    pub levels: Vec<String>,
    /// How words in brackets begin that take something out of what is named.
    pub except: Vec<String>,
    /// Words between the names of a list.
    pub join: Vec<String>,
    /// Words that may join two names and are as often a part of one.
    pub may_join: Vec<String>,
    /// Names, or parts of one, that hold a word or a mark which parts lists elsewhere: 批发和零售业.
    pub compound: Vec<String>,
    /// Words that give each name of a list its number.
    pub each: Vec<String>,
    /// Words that end a list before the noun that all its names share.
    pub etcetera: Vec<String>,
    /// Words between a part and the whole it is a share of.
    pub share: Vec<String>,
    /// Words before what an attribute is directed at: 对经济增长的贡献率.
    pub toward: Vec<String>,
    /// How the names of places end.
    pub place: Vec<String>,
    /// How the names of towns end, of which a bulletin may state the same things one after the other.
    pub town: Vec<String>,
    /// Words that stand with the name of a place and are nothing without it: 港, 站.
    pub site: Vec<String>,
    /// Nouns that say what is measured: 增加值, 产量. A list may print one of them once for all its names.
    pub measure: Vec<String>,
    /// Names that mean nothing without what was named before them: 在校生.
    pub relative: Vec<String>,
    /// Words that make what stands before a number a remark on the noun behind it.
    pub of: Vec<String>,
    /// Words before a number that counts up what was counted for the year: 新增 3 家，累计 12 家.
    pub so_far: Vec<String>,
    /// Verbs between a name and a number that it has passed: 突破. Where the report states the name's own number, this is none.
    pub passing: Vec<String>,
    /// Words for standing above something else, and below it.
    pub above: Vec<String>,
    /// The same, below.
    pub below: Vec<String>,
    /// Words before the other side of such a comparison: 比全国高.
    pub than: Vec<String>,
    /// Whom such a comparison may be with, apart from another year.
    pub rivals: Vec<String>,
    /// Words before a number that is where something came from: 由 3.1% 提高到 3.4%.
    pub from: Vec<String>,
    /// Verbs of a part that moves the whole: 拉动.
    pub pull: Vec<String>,
    /// The same, downwards: 下拉.
    pub drag: Vec<String>,
    /// Attributes of growth that say how much something fell: 降幅.
    pub decline: Vec<String>,
    /// Powers of ten before a unit.
    pub scales: Vec<String>,
    /// Units that count things, whose noun may stand behind them: 3 家企业.
    pub counters: Vec<String>,
    /// Units.
    pub units: Vec<String>,
    /// Units of a growth that is no percentage: 倍.
    pub times: Vec<String>,
    /// Units of a difference between two shares.
    pub points: Vec<String>,
    /// What makes the number before it a part of a name or of a date.
    pub inside: Vec<String>,
    /// Limits behind a number: 500 万元以上. With a name behind them they are a part of it.
    pub bound: Vec<String>,
    /// Words before a rank.
    pub rank: Vec<String>,
    /// Words that open a sentence on numbers, where a heading runs into it.
    pub opening: Vec<String>,
    /// How the caption of a figure or a table begins; its number follows.
    pub caption: Vec<String>,
    /// How the notes of a report begin.
    pub notes: Vec<String>,
    /// Words that make a number preliminary.
    pub preliminary: Vec<String>,
    /// What a growth is against; the first one is the usual one.
    pub against: Vec<Sense>,
    /// Endings of a name that make it an attribute of what stands before: …增速, …比重.
    pub attribute: Vec<Sense>,
}
