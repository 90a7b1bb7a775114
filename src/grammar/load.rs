//! TOML → Family. A mistake is told with its place in the grammar file, never on the data, and every mistake is told:
//! what cannot be read is left out and reading goes on.

mod decide;
mod open;
mod speech;

pub use decide::what_decides;

use super::vocabulary::Vocabulary;
use super::{Band, CellSum, Claim, Edition, Family, Identity, Indexes, Item, Labels, Names, Prose, Saying, TableForm};
use crate::flag::Message;
use crate::label;
use crate::spell::nearest;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};

/// A mistake in a grammar file.
#[derive(Debug, Clone, PartialEq)]
pub struct GrammarError {
    /// What is wrong and what would be right.
    pub message: Message,
    /// Where: bytes of the grammar file.
    pub span: Range<usize>,
}

/// A family as far as its file can be read.
#[derive(Debug)]
pub struct Loaded {
    /// The family; what could not be read is not in it.
    pub family: Family,
    /// Where its parts stand in the file.
    pub marks: Marks,
    /// What could not be read.
    pub mistakes: Vec<GrammarError>,
}

/// Where the parts of a [`Family`] stand in its file; each list has the order and the length of the family's own.
#[derive(Debug, Default)]
pub struct Marks {
    /// Titles.
    pub titles: Vec<Range<usize>>,
    /// Editions.
    pub editions: Vec<Range<usize>>,
    /// Sections.
    pub sections: Vec<ItemMark>,
    /// Tables.
    pub tables: Vec<TableMarks>,
    /// Claims.
    pub claims: Vec<ClaimMarks>,
    /// Codes.
    pub codes: Vec<ItemMark>,
    /// Sums over several tables.
    pub across: Vec<Range<usize>>,
    /// What a share may be of.
    pub share_of: Vec<Range<usize>>,
    /// Indicators.
    pub indicators: Vec<ItemMark>,
    /// Groups of indicators.
    pub groups: Vec<ItemMark>,
}

/// Where the parts of a [`Claim`] stand.
#[derive(Debug, Default)]
pub struct ClaimMarks {
    /// Its id.
    pub id: Range<usize>,
    /// Each of the sums it must equal.
    pub is: Vec<Range<usize>>,
}

/// Where the parts of a [`TableForm`] stand.
#[derive(Debug, Default)]
pub struct TableMarks {
    /// Its id.
    pub id: Range<usize>,
    /// The name of its section.
    pub section: Range<usize>,
    /// Bands.
    pub bands: Vec<BandMarks>,
    /// Identities over rows.
    pub row_checks: Vec<Range<usize>>,
    /// Identities over columns.
    pub column_checks: Vec<Range<usize>>,
    /// Identities over two years.
    pub year_checks: Vec<Range<usize>>,
}

/// Where the parts of a [`Band`] stand.
#[derive(Debug, Default)]
pub struct BandMarks {
    /// The line that opens it.
    pub opens: Range<usize>,
    /// The name of its edition.
    pub edition: Range<usize>,
    /// Columns.
    pub columns: Vec<ItemMark>,
    /// Rows.
    pub rows: Vec<ItemMark>,
}

/// Where an [`Item`] stands.
#[derive(Debug, Clone)]
pub struct ItemMark {
    /// Its id.
    pub id: Range<usize>,
    /// What stands right of the sign.
    pub value: Range<usize>,
}

type Key<'a> = Spanned<DeString<'a>>;
type Node<'a> = Spanned<DeValue<'a>>;
type Marked<T, M> = (Vec<T>, Vec<M>);

/// Load a family from the text of its file, or say what is wrong first in it.
pub fn load(text: &str) -> Result<Family, GrammarError> {
    let Loaded { family, mistakes, .. } = read(text);
    mistakes.into_iter().next().map_or(Ok(family), Err)
}

/// Load what can be read of a file, with every mistake in order of place.
pub fn read(text: &str) -> Loaded {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut loader = Loader { mistakes: syntax_mistakes(text, &errors) };
    let is_broken = !loader.mistakes.is_empty();
    let (family, marks) = loader.family(table.get_ref(), text.len());
    let mut mistakes = loader.mistakes;
    // A file that is not TOML lacks words only because they could not be read.
    mistakes.retain(|mistake| !is_broken || mistake.message.template != MISSING);
    mistakes.sort_by_key(|mistake| (mistake.span.start, mistake.span.end));
    mistakes.dedup();
    Loaded { family, marks, mistakes }
}

const MISSING: &str = "`{0}` is missing";

/// One mistake for each place where the text stops being TOML; the echoes on the lines right after it are left out.
fn syntax_mistakes(text: &str, errors: &[toml::de::Error]) -> Vec<GrammarError> {
    let starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line = |offset: usize| starts.partition_point(|&start| start < offset);
    let mut sorted: Vec<(Range<usize>, &str)> = errors.iter().map(|error| (error.span().unwrap_or(0..0), error.message())).collect();
    sorted.sort_by_key(|(span, _)| span.start);
    let mut echo = None;
    let mut found = Vec::new();
    for (span, message) in sorted {
        let said = text.get(span.clone()).unwrap_or("").trim_matches(['"', '\'']).to_string();
        if message.starts_with("cannot extend value") {
            let key = text.get(span.start..).and_then(|rest| rest.split(['=', '\n', ']']).next()).unwrap_or("").trim();
            found.push(unquoted(key, span.start..span.start + key.len()));
        } else if message.starts_with("duplicate key") {
            found.push(GrammarError { message: Message::new("`{0}` stands twice", [said]), span });
        } else {
            let at = line(span.start);
            let is_echo = echo.is_some_and(|last| at <= last + 1);
            echo = Some(at);
            if !is_echo {
                found.push(GrammarError { message: Message::new("this is not TOML: {0}", [message.to_string()]), span });
            }
        }
    }
    found
}

fn cell_sum() -> Message {
    Message::plain("a sum of cells is written `table/row/column + sum(table/group.**/column)`")
}

const UNQUOTED: &str = "the id `{0}` must be in quotes: without them TOML makes nested tables of it";

fn unquoted(id: &str, span: Range<usize>) -> GrammarError {
    GrammarError { message: Message::new(UNQUOTED, [id.to_string()]), span }
}

impl GrammarError {
    /// The id that could not be read because its quotes are missing.
    pub fn unquoted_id(&self) -> Option<&str> {
        self.message.facts.first().filter(|_| self.message.template == UNQUOTED).map(String::as_str)
    }
}

/// Reads nodes and collects what is wrong with them.
struct Loader {
    mistakes: Vec<GrammarError>,
}

/// What stands outermost in a grammar file.
const FAMILY_KEYS: &[&str] = &[
    "family",
    "title",
    "aliases",
    "never",
    "signs",
    "editions",
    "sections",
    "undescribed",
    "codes",
    "heads",
    "across",
    "table",
    "claim",
    "prose",
    "indicators",
    "groups",
    "speech",
];

impl Loader {
    fn family(&mut self, root: &DeTable, end: usize) -> (Family, Marks) {
        self.only_keys(root, FAMILY_KEYS);
        let (id, _) = self.required(root, "family", end);
        let (title, span) = self.required(root, "title", end);
        let aliases = root.get("aliases").map(|node| self.strings(node)).unwrap_or_default();
        let mut titles = vec![title];
        let mut marks = Marks { titles: vec![span], ..Marks::default() };
        for alias in aliases {
            titles.push(alias);
            marks.titles.push(root.get("aliases").map(Spanned::span).unwrap_or_default());
        }
        let mut words = |key: &str| root.get(key).map(|node| self.strings(node)).unwrap_or_default();
        let (never, signs) = (words("never").iter().map(|word| label::key(word)).collect(), words("signs"));
        let (editions, edition_marks) = root.get("editions").map(|node| self.editions(node)).unwrap_or_default();
        let (sections, section_marks) = root.get("sections").map(|node| self.items(node)).unwrap_or_default();
        let undescribed = root.get("undescribed").map(|node| self.section_ids(node, &sections)).unwrap_or_default();
        let mut tables = Vec::new();
        for node in root.get("table").map(|node| self.list(node)).unwrap_or_default() {
            let Some(table) = self.dictionary(node) else { continue };
            let (form, table_marks) = self.table(table, node.span());
            tables.push(form);
            marks.tables.push(table_marks);
        }
        let mut claims = Vec::new();
        for node in root.get("claim").map(|node| self.list(node)).unwrap_or_default() {
            let Some(table) = self.dictionary(node) else { continue };
            let (claim, claim_marks) = self.claim(table, node.span());
            claims.push(claim);
            marks.claims.push(claim_marks);
        }
        let (codes, code_marks) = root.get("codes").map(|node| self.codes(node)).unwrap_or_default();
        let heads = root.get("heads").map(|node| self.heads(node)).unwrap_or_default();
        let (across, across_marks) = root.get("across").map(|node| self.across(node)).unwrap_or_default();
        let (prose, share_marks) = root.get("prose").map(|node| self.prose(node)).unwrap_or_default();
        let (indicators, indicator_marks) = root.get("indicators").map(|node| self.indicators(node)).unwrap_or_default();
        let (groups, group_marks) = root.get("groups").map(|node| self.groups(node)).unwrap_or_default();
        for form in &mut tables {
            form.indexes = Indexes::new(form, &editions);
        }
        let lexicon = root.get("speech").map(|node| self.lexicon(node)).unwrap_or_default();
        let marks = Marks { editions: edition_marks, sections: section_marks, share_of: share_marks, ..marks };
        let marks = Marks { indicators: indicator_marks, groups: group_marks, codes: code_marks, across: across_marks, ..marks };
        (
            Family {
                id,
                named: titles.iter().map(|title| label::compared(title)).collect(),
                titles,
                never,
                signs,
                undescribed,
                labels: Labels::new(&tables, &editions),
                editions,
                tables,
                codes,
                heads,
                across,
                vocabulary: Vocabulary::new(&claims, &prose),
                claims,
                prose,
                names: Names::new(&indicators, &groups, &sections),
                sections,
                indicators,
                groups,
                lexicon,
            },
            marks,
        )
    }

    fn claim(&mut self, table: &DeTable, whole: Range<usize>) -> (Claim, ClaimMarks) {
        self.only_keys(table, &["id", "says", "is", "needs", "about", "not", "under"]);
        let (id, id_mark) = self.required(table, "id", whole.start);
        for key in ["says", "is"] {
            if !table.contains_key(key) {
                self.tell(whole.start..whole.start, Message::new(MISSING, [key.to_string()]));
            }
        }
        let saying = || Message::plain("a saying is words round one `{n}`, such as `(a|b)~8c{n}d`");
        let (says, _) = table.get("says").map(|node| self.parts(node, Saying::parse, saying)).unwrap_or_default();
        let (is, is_marks) = table.get("is").map(|node| self.parts(node, CellSum::parse, cell_sum)).unwrap_or_default();
        let mut texts = |key: &str| table.get(key).map(|node| self.strings(node)).unwrap_or_default();
        let (needs, about, not, under) = (texts("needs"), texts("about"), texts("not"), texts("under"));
        let claim = Claim { id, says, is, needs, about, not, under };
        (claim, ClaimMarks { id: id_mark, is: is_marks })
    }

    fn prose(&mut self, node: &Node) -> (Prose, Vec<Range<usize>>) {
        let Some(table) = self.dictionary(node) else { return Default::default() };
        self.only_keys(table, &["quiet", "aside", "behind", "offices", "own", "wide", "governments", "shares", "share_of"]);
        let (share_of, marks) = table.get("share_of").map(|node| self.parts(node, CellSum::parse, cell_sum)).unwrap_or_default();
        let mut texts = |key: &str| table.get(key).map(|node| self.strings(node)).unwrap_or_default();
        let prose = Prose {
            quiet: texts("quiet"),
            aside: texts("aside"),
            behind: texts("behind"),
            offices: texts("offices"),
            own: texts("own"),
            wide: texts("wide"),
            governments: texts("governments"),
            shares: texts("shares"),
            share_of,
        };
        (prose, marks)
    }

    /// One text or a list of them, each parsed.
    fn parts<T>(&mut self, node: &Node, parse: fn(&str) -> Result<T, usize>, help: fn() -> Message) -> Marked<T, Range<usize>> {
        let alone = std::slice::from_ref(node);
        let nodes = node.get_ref().as_array().map_or(alone, |array| &**array);
        let mut read = (Vec::new(), Vec::new());
        for node in nodes {
            let Some(text) = self.string(node) else { continue };
            match parse(&text) {
                Ok(part) => {
                    read.0.push(part);
                    read.1.push(node.span());
                }
                Err(offset) => {
                    let start = (node.span().start + 1 + offset).min(node.span().end);
                    self.tell(start..node.span().end, help());
                }
            }
        }
        read
    }

    fn editions(&mut self, node: &Node) -> Marked<Edition, Range<usize>> {
        let entries = self.dictionary(node).into_iter().flat_map(DeTable::iter);
        let read: Vec<_> = entries.filter_map(|(key, node)| Some((self.edition(key, node)?, node.span()))).collect();
        read.into_iter().unzip()
    }

    fn edition(&mut self, key: &Key, node: &Node) -> Option<Edition> {
        let years = self.string(node)?;
        let Some((first, last)) = years.split_once("..") else {
            self.tell(node.span(), Message::plain("years are written `2019..2020` or `2021..`"));
            return None;
        };
        let year = |text: &str| text.trim().parse::<i32>().ok();
        let (first, ended) = (year(first), (!last.trim().is_empty()).then(|| year(last)));
        let (Some(first), None | Some(Some(_))) = (first, ended) else {
            self.tell(node.span(), Message::plain("a year is a whole number"));
            return None;
        };
        Some(Edition { id: key.get_ref().to_string(), first, last: ended.flatten() })
    }

    fn table(&mut self, table: &DeTable, whole: Range<usize>) -> (TableForm, TableMarks) {
        self.only_keys(table, &["id", "section", "titles", "never", "telling", "unit", "stub", "columns", "rows", "side", "band", "check"]);
        let mut marks = TableMarks::default();
        let titles = table.get("titles").map(|node| self.strings(node)).unwrap_or_default();
        let mut bands = Vec::new();
        if table.contains_key("columns") || table.contains_key("rows") {
            let (band, band_marks) = self.band(table);
            bands.push(band);
            marks.bands.push(band_marks);
        }
        for (kind, known) in [("band", &["opens", "edition", "columns", "rows"]), ("side", &["id", "edition", "columns", "rows"])] {
            for node in table.get(kind).map(|node| self.list(node)).unwrap_or_default() {
                let Some(dictionary) = self.dictionary(node) else { continue };
                self.only_keys(dictionary, known);
                let (mut band, band_marks) = self.band(dictionary);
                band.side = dictionary.get("id").and_then(|node| self.string(node));
                bands.push(band);
                marks.bands.push(band_marks);
            }
        }
        let checks = table.get("check").and_then(|node| self.dictionary(node));
        let axis = |loader: &mut Loader, axis: &str| {
            checks.and_then(|checks| checks.get(axis)).map(|node| loader.identities(node)).unwrap_or_default()
        };
        let (row_checks, row_marks) = axis(self, "rows");
        let (column_checks, column_marks) = axis(self, "columns");
        let (year_checks, year_marks) = axis(self, "years");
        if let Some(checks) = checks {
            self.only_keys(checks, &["rows", "columns", "years"]);
        }
        let (id, id_mark) = self.required(table, "id", whole.start);
        let (section, section_mark) = match titles.is_empty() {
            true => self.required(table, "section", whole.start),
            false => (table.get("section").and_then(|node| self.string(node)).unwrap_or_default(), whole.start..whole.start),
        };
        let unit = table.get("unit").and_then(|node| self.string(node));
        let stub = table.get("stub").map(|node| self.strings(node)).unwrap_or_default();
        let marks = TableMarks {
            id: id_mark,
            section: section_mark,
            row_checks: row_marks,
            column_checks: column_marks,
            year_checks: year_marks,
            ..marks
        };
        let is_telling = self.is_set(table, "telling");
        let never = table.get("never").map(|node| self.strings(node)).unwrap_or_default();
        (
            TableForm {
                id,
                section,
                titles,
                never,
                is_telling,
                unit,
                stub,
                bands,
                row_checks,
                column_checks,
                year_checks,
                indexes: Indexes::default(),
            },
            marks,
        )
    }

    fn band(&mut self, table: &DeTable) -> (Band, BandMarks) {
        let (columns, column_marks) = table.get("columns").map(|node| self.items(node)).unwrap_or_default();
        let (rows, row_marks) = table.get("rows").map(|node| self.items(node)).unwrap_or_default();
        let span = |key: &str| table.get(key).map(Spanned::span).unwrap_or_default();
        let marks = BandMarks { opens: span("opens"), edition: span("edition"), columns: column_marks, rows: row_marks };
        let opens = table.get("opens").and_then(|node| self.string(node));
        let edition = table.get("edition").and_then(|node| self.string(node));
        (Band::new(opens, edition, columns, rows), marks)
    }

    fn identities(&mut self, node: &Node) -> Marked<Identity, Range<usize>> {
        let entries = self.dictionary(node).into_iter().flat_map(DeTable::iter);
        let read: Vec<_> = entries.filter_map(|(key, node)| Some((self.identity(key, node)?, node.span()))).collect();
        read.into_iter().unzip()
    }

    fn identity(&mut self, key: &Key, node: &Node) -> Option<Identity> {
        let text = self.string(node)?;
        let tell = |offset: usize| {
            let start = (node.span().start + 1 + offset).min(node.span().end);
            self.tell(start..node.span().end, Message::plain("an identity is `sum = sum`, such as `total = a + sum(b.*)`"));
        };
        Identity::parse(key.get_ref(), &text).map_err(tell).ok()
    }

    fn items(&mut self, node: &Node) -> Marked<Item, ItemMark> {
        let entries = self.dictionary(node).into_iter().flat_map(DeTable::iter);
        let mark = |key: &Key, node: &Node| ItemMark { id: key.span(), value: node.span() };
        let read: Vec<_> = entries.filter_map(|(key, node)| Some((self.item(key, node)?, mark(key, node)))).collect();
        read.into_iter().unzip()
    }

    fn item(&mut self, key: &Key, node: &Node) -> Option<Item> {
        const KNOWN: &[&str] = &["label", "optional", "aggregate", "unit"];
        let id = key.get_ref().to_string();
        let plain = |labels: Vec<String>| {
            let keys = labels.iter().map(|label| label::key(label)).collect();
            Item { id: id.clone(), labels, keys, optional: false, aggregate: false, unit: None }
        };
        let DeValue::Table(table) = node.get_ref() else { return Some(plain(self.strings(node))) };
        let is_strange = |name: &str| !KNOWN.contains(&name) && nearest(name, KNOWN.iter().copied()).is_none();
        let strange = table.keys().find(|name| is_strange(name.get_ref()));
        if let Some(child) = strange.filter(|_| !table.contains_key("label")) {
            let dotted = format!("{id}.{}", child.get_ref());
            self.mistakes.push(unquoted(&dotted, key.span().start..child.span().end.max(key.span().end)));
            return None;
        }
        self.only_keys(table, KNOWN);
        let Some(label) = table.get("label") else {
            self.tell(node.span(), Message::new(MISSING, ["label".to_string()]));
            return None;
        };
        let unit = table.get("unit").and_then(|node| self.string(node));
        let labels = self.strings(label);
        Some(Item { optional: self.is_set(table, "optional"), aggregate: self.is_set(table, "aggregate"), unit, ..plain(labels) })
    }

    fn tell(&mut self, span: Range<usize>, message: Message) {
        self.mistakes.push(GrammarError { message, span });
    }

    fn only_keys(&mut self, table: &DeTable, known: &[&str]) {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref().to_string();
            let message = match nearest(&name, known.iter().copied()) {
                Some(meant) => Message::new("unknown key `{0}`; did you mean `{1}`?", [name, meant.to_string()]),
                None => Message::new("unknown key `{0}`; known here: {1}", [name, known.join(", ")]),
            };
            self.tell(key.span(), message);
        }
    }

    fn required(&mut self, table: &DeTable, key: &str, near: usize) -> (String, Range<usize>) {
        let Some(node) = table.get(key) else {
            self.tell(near..near, Message::new(MISSING, [key.to_string()]));
            return (String::new(), near..near);
        };
        (self.string(node).unwrap_or_default(), node.span())
    }

    fn is_set(&mut self, table: &DeTable, key: &str) -> bool {
        let Some(node) = table.get(key) else { return false };
        if let DeValue::Boolean(set) = node.get_ref() {
            return *set;
        }
        self.tell(node.span(), Message::plain("`true` or `false` is expected, without quotes"));
        false
    }

    fn string(&mut self, node: &Node) -> Option<String> {
        let text = node.get_ref().as_str().map(str::to_string);
        if text.is_none() {
            self.tell(node.span(), Message::plain("a text in quotes is expected"));
        }
        text
    }

    fn strings(&mut self, node: &Node) -> Vec<String> {
        match node.get_ref() {
            DeValue::Array(array) => array.iter().filter_map(|node| self.string(node)).collect(),
            _ => self.string(node).into_iter().collect(),
        }
    }

    fn section_ids(&mut self, node: &Node, sections: &[Item]) -> Vec<String> {
        let ids = self.strings(node);
        for id in ids.iter().filter(|id| !sections.iter().any(|section| section.id == **id)) {
            let known: Vec<&str> = sections.iter().map(|section| section.id.as_str()).collect();
            self.tell(node.span(), Message::new("there is no `{0}`; there are: {1}", [id.clone(), known.join(", ")]));
        }
        ids
    }

    fn list<'n, 'i>(&mut self, node: &'n Node<'i>) -> &'n [Node<'i>] {
        let list = node.get_ref().as_array().map(|array: &DeArray| &**array);
        if list.is_none() {
            self.tell(node.span(), Message::plain("a list is expected: the head is written `[[…]]`"));
        }
        list.unwrap_or_default()
    }

    fn dictionary<'n, 'i>(&mut self, node: &'n Node<'i>) -> Option<&'n DeTable<'i>> {
        let table = node.get_ref().as_table();
        if table.is_none() {
            self.tell(node.span(), Message::plain("lines of `key = value` are expected"));
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_families_load() {
        for (name, text) in super::super::BUILT_IN {
            assert_eq!(load(text).unwrap().id, *name);
        }
    }

    #[test]
    fn a_mistake_is_shown_where_it_is() {
        let text = "family = 'x'\ntitle = 'y'\n[[table]]\nid = 't'\nsection = 's'\ncolums = {}\n";
        let error = load(text).unwrap_err();
        assert_eq!(&text[error.span], "colums");
        assert_eq!(error.message.to_string(), "unknown key `colums`; did you mean `columns`?");
    }

    #[test]
    fn every_mistake_is_told() {
        let text = "family = 'x'\ntitle = 3\nalias = []\nclaim = 1\n[[table]]\nid = 't'\nsection = 's'\n\
                    columns = { a.b = 'c', d = { label = 'e', optional = 'yes' } }\nrows = { a = 'b' }\n[table.check.rows]\nx = 'a = = b'\n";
        let told: Vec<String> = read(text).mistakes.iter().map(|mistake| text[mistake.span.clone()].to_string()).collect();
        assert_eq!(told, ["3", "alias", "1", "a.b", "'yes'", "= b'"]);
    }

    #[test]
    fn what_is_not_toml_is_told_once_and_the_rest_is_read() {
        let text = "family = 'x'\ntitle = \n\n\naliases = []\naliases = []\n\n[sections]\na = 'b'\na.c = 'd'\n";
        let told: Vec<String> = read(text).mistakes.iter().map(|mistake| mistake.message.to_string()).collect();
        let [syntax, twice, dotted] = told.as_slice() else { panic!("{told:?}") };
        assert!(syntax.starts_with("this is not TOML"), "{syntax}");
        assert_eq!(twice, "`aliases` stands twice");
        assert!(dotted.contains("in quotes"), "{dotted}");
    }
}
