//! Mistakes of sense in a grammar file that can be read: ids that nothing has, labels that cannot be told apart.
//!
//! In: the text. Out: every mistake, those of reading included, in order of place. A family with such mistakes would
//! load and then stay silent about a sum or mix two rows up, so they are told on the grammar and not on the data.

mod speech;

use super::load::{GrammarError, ItemMark, Loaded, Marks, TableMarks, read};
use super::{Band, CellSum, Family, Identity, Item, Pattern, TableForm, has_child, is_under};
use crate::flag::Message;
use crate::fold::shows_nothing;
use crate::label;
use crate::spell::nearest;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Every mistake in a grammar file.
pub fn lint(text: &str) -> Vec<GrammarError> {
    let loaded = read(text);
    let mut linter = Linter { text, family: &loaded.family, mistakes: Vec::new() };
    linter.family(&loaded);
    let mut mistakes = linter.mistakes;
    // What could not be read is missing from the family: do not tell its absence as well.
    let unread: Vec<&Range<usize>> = loaded.mistakes.iter().map(|mistake| &mistake.span).collect();
    mistakes.retain(|mistake| !unread.iter().any(|span| mistake.span.start <= span.start && span.end <= mistake.span.end));
    let unquoted: Vec<&str> = loaded.mistakes.iter().filter_map(GrammarError::unquoted_id).collect();
    mistakes.retain(|mistake| !mistake.message.facts.first().is_some_and(|id| unquoted.contains(&id.as_str())));
    mistakes.extend(loaded.mistakes);
    mistakes.sort_by_key(|mistake| (mistake.span.start, mistake.span.end));
    mistakes.dedup();
    mistakes
}

struct Linter<'a> {
    text: &'a str,
    family: &'a Family,
    mistakes: Vec<GrammarError>,
}

/// The direction an identity adds in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Axis {
    Rows,
    Columns,
}

/// Which items must have words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Labels {
    All,
    /// In an open table one row of numbers may stand under its header without any.
    AllButOne,
}

impl Axis {
    fn items(self, band: &Band) -> &[Item] {
        match self {
            Axis::Rows => &band.rows,
            Axis::Columns => &band.columns,
        }
    }
}

impl Linter<'_> {
    fn tell(&mut self, span: &Range<usize>, message: Message) {
        self.mistakes.push(GrammarError { message, span: span.clone() });
    }

    fn family(&mut self, loaded: &Loaded) {
        let (family, marks) = (self.family, &loaded.marks);
        for (title, span) in family.titles.iter().zip(&marks.titles) {
            if shows_nothing(title) && !span.is_empty() {
                self.tell(span, Message::plain("a title prints no words"));
            }
        }
        self.editions(&marks.editions);
        self.items(&family.sections, &marks.sections, Labels::All);
        self.items(&family.codes, &marks.codes, Labels::All);
        let mut keys = BTreeMap::new();
        for (index, (form, marks)) in family.tables.iter().zip(&marks.tables).enumerate() {
            let is_twin = |other: &TableForm| {
                let meets = |band: &Band| other.bands.iter().any(|other| meet(other, band));
                other.id == form.id && form.bands.iter().any(meets)
            };
            if family.tables.iter().take(index).any(is_twin) {
                self.tell(&marks.id, Message::new("two tables of one edition have the id {0}", [form.id.clone()]));
            }
            self.table(form, marks);
            self.keys(form, marks, &mut keys);
        }
        self.claims(marks);
        self.indicators(marks);
    }

    /// Cells that claims name, and their ids.
    fn claims(&mut self, marks: &Marks) {
        let family = self.family;
        let mut seen = BTreeSet::new();
        for (claim, claim_marks) in family.claims.iter().zip(&marks.claims) {
            if !seen.insert(claim.id.as_str()) && !claim_marks.id.is_empty() {
                self.tell(&claim_marks.id, Message::new("two claims have the id {0}", [claim.id.clone()]));
            }
            for (sum, span) in claim.is.iter().zip(&claim_marks.is) {
                self.cells(sum, span);
            }
        }
        for (sum, span) in family.prose.share_of.iter().zip(&marks.share_of) {
            self.cells(sum, span);
        }
    }

    fn cells(&mut self, sum: &CellSum, span: &Range<usize>) {
        for term in &sum.terms {
            let forms: Vec<&TableForm> = self.family.tables.iter().filter(|form| form.id == term.table).collect();
            let Some(first) = forms.first() else {
                let place = self.find_id(&Pattern::Id(term.table.clone()), span);
                self.known(&term.table, self.family.tables.iter().map(|form| form.id.as_str()), &place);
                continue;
            };
            for (pattern, axis) in [(&term.row, Axis::Rows), (&term.column, Axis::Columns)] {
                if !forms.iter().any(|form| is_reached(pattern, &items_of(form, axis, None))) {
                    let place = self.find_id(pattern, span);
                    self.tell(&place, lost(pattern, first, axis));
                }
            }
        }
    }

    fn editions(&mut self, marks: &[Range<usize>]) {
        let editions = &self.family.editions;
        for (index, (edition, span)) in editions.iter().zip(marks).enumerate() {
            if edition.last.is_some_and(|last| last < edition.first) {
                self.tell(span, Message::new("edition {0} ends before it begins", [edition.id.clone()]));
            }
            let ends_before = |other: &super::Edition, later: &super::Edition| other.last.is_some_and(|last| last < later.first);
            let other = editions.iter().take(index).find(|other| !ends_before(other, edition) && !ends_before(edition, other));
            if let Some(other) = other {
                self.tell(span, Message::new("editions {0} and {1} hold for the same year", [other.id.clone(), edition.id.clone()]));
            }
        }
    }

    fn table(&mut self, form: &TableForm, marks: &TableMarks) {
        let family = self.family;
        self.id(&form.id, &marks.id);
        if !family.sections.is_empty() && !marks.section.is_empty() {
            self.known(&form.section, family.sections.iter().map(|section| section.id.as_str()), &marks.section);
        }
        if form.bands.is_empty() {
            self.tell(&marks.id, Message::new("the table {0} has no rows and columns", [form.id.clone()]));
        }
        for (index, (band, band_marks)) in form.bands.iter().zip(&marks.bands).enumerate() {
            if let Some(edition) = &band.edition {
                self.known(edition, family.editions.iter().map(|edition| edition.id.as_str()), &band_marks.edition);
            }
            if band.rows.is_empty() && !form.is_open() || band.columns.is_empty() {
                let missing = if band.rows.is_empty() { "rows" } else { "columns" };
                let near = if band_marks.opens.is_empty() { &marks.id } else { &band_marks.opens };
                self.tell(near, Message::new("`{0}` is missing: without rows and columns there is no cell", [missing.to_string()]));
            }
            let is_twin = |other: &&Band| {
                other.opens.is_some()
                    && other.opens.as_deref().map(label::key) == band.opens.as_deref().map(label::key)
                    && meet(other, band)
            };
            if form.bands.iter().take(index).any(|other| is_twin(&other)) {
                self.tell(&band_marks.opens, Message::plain("two bands of one edition open with the same words and cannot be told apart"));
            }
            self.items(&band.columns, &band_marks.columns, Labels::All);
            self.items(&band.rows, &band_marks.rows, if form.is_open() { Labels::AllButOne } else { Labels::All });
        }
        for (identity, span) in form.row_checks.iter().zip(&marks.row_checks) {
            self.identity(identity, form, Axis::Rows, span);
        }
        for (identity, span) in form.column_checks.iter().zip(&marks.column_checks) {
            self.identity(identity, form, Axis::Columns, span);
        }
        for (identity, span) in form.row_checks.iter().chain(&form.column_checks).zip(marks.row_checks.iter().chain(&marks.column_checks)) {
            if identity.looks_back() {
                self.tell(span, Message::plain("`last_year` is for identities under `check.years`"));
            }
        }
        for (identity, span) in form.year_checks.iter().zip(&marks.year_checks) {
            self.year_identity(identity, form, span);
        }
    }

    /// It speaks of both years, and of rows or of columns. Two editions may meet in it, so any band may have an id.
    fn year_identity(&mut self, identity: &Identity, form: &TableForm, span: &Range<usize>) {
        let is_this_year = |term: &super::Term| term.when == super::When::ThisYear;
        if !identity.looks_back() || !identity.terms().any(is_this_year) {
            self.tell(span, Message::plain("an identity between years has `last_year(id)` on one side and this year's ids on the other"));
        }
        let n_lost = |axis: Axis| {
            let items = items_of(form, axis, None);
            identity.terms().flat_map(|term| &term.patterns).filter(|pattern| !is_reached(pattern, &items)).count()
        };
        let axis = if n_lost(Axis::Columns) < n_lost(Axis::Rows) { Axis::Columns } else { Axis::Rows };
        let items = items_of(form, axis, None);
        for pattern in identity.terms().flat_map(|term| &term.patterns).filter(|pattern| !is_reached(pattern, &items)) {
            let place = self.find_id(pattern, span);
            self.tell(&place, lost(pattern, form, axis));
        }
    }

    /// Ids well made, labels there, and siblings told apart by them.
    fn items(&mut self, items: &[Item], marks: &[ItemMark], labels: Labels) {
        let mut seen: BTreeMap<(String, String), &str> = BTreeMap::new();
        for (item, mark) in items.iter().zip(marks) {
            self.id(&item.id, &mark.id);
            // One row needs no label: a header over one line of numbers has none.
            let is_alone = (items.len() == 1 || labels == Labels::AllButOne) && item.labels.len() == 1;
            if !is_alone && (item.labels.is_empty() || item.labels.iter().any(|label| shows_nothing(label))) {
                self.tell(&mark.value, Message::new("{0} has an empty label", [item.id.clone()]));
            }
            let parent = item.id.rsplit_once('.').map_or("", |(parent, _)| parent);
            let own: BTreeSet<String> = item.labels.iter().map(|words| label::key(words)).filter(|key| !key.is_empty()).collect();
            for key in own {
                let other = *seen.entry((parent.to_string(), key)).or_insert(&item.id);
                if other != item.id {
                    let message =
                        Message::new("{0} and {1} have the same label and cannot be told apart", [other.to_string(), item.id.clone()]);
                    self.tell(&mark.value, message);
                    break;
                }
            }
        }
    }

    fn id(&mut self, id: &str, span: &Range<usize>) {
        let is_part = |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if !span.is_empty() && !id.split('.').all(is_part) {
            self.tell(span, Message::new("`{0}` is no id: letters a–z, digits and `_`, with dots between", [id.to_string()]));
        }
    }

    fn known<'k>(&mut self, name: &str, known: impl Iterator<Item = &'k str>, span: &Range<usize>) {
        let known: Vec<&str> = known.collect();
        if known.contains(&name) {
            return;
        }
        let message = match nearest(name, known.iter().copied()) {
            Some(meant) => Message::new("there is no `{0}`; did you mean `{1}`?", [name.to_string(), meant.to_string()]),
            None => Message::new("there is no `{0}`; there are: {1}", [name.to_string(), known.join(", ")]),
        };
        self.tell(span, message);
    }

    /// The keys of values, `table/row/column`, must differ within an edition.
    fn keys<'k>(&mut self, form: &'k TableForm, marks: &TableMarks, seen: &mut BTreeMap<(&'k str, &'k str), Vec<&'k Band>>) {
        for (band, band_marks) in form.bands.iter().zip(&marks.bands) {
            for (row, mark) in band.rows.iter().zip(&band_marks.rows) {
                let others = seen.entry((&form.id, &row.id)).or_default();
                let shared =
                    |other: &&&Band| meet(other, band) && other.columns.iter().any(|one| band.columns.iter().any(|two| one.id == two.id));
                if others.iter().any(|other| shared(&other)) {
                    let message =
                        Message::new("the row {0} of the table {1} stands twice in one edition", [row.id.clone(), form.id.clone()]);
                    self.tell(&mark.id, message);
                }
                others.push(band);
            }
        }
    }

    /// Everything an identity names must be there in one edition at least.
    fn identity(&mut self, identity: &Identity, form: &TableForm, axis: Axis, span: &Range<usize>) {
        let mut editions: Vec<Option<&str>> = self.family.editions.iter().map(|edition| Some(edition.id.as_str())).collect();
        if editions.is_empty() {
            editions.push(None);
        }
        if identity.left == identity.right {
            self.tell(span, Message::new("the identity {0} says nothing: both its sides are the same", [identity.name.clone()]));
        }
        let sets: Vec<Vec<&Item>> = editions.iter().map(|edition| items_of(form, axis, *edition)).collect();
        let patterns: Vec<&Pattern> = identity.terms().flat_map(|term| &term.patterns).collect();
        if sets.iter().any(|items| patterns.iter().all(|pattern| is_reached(pattern, items))) {
            return;
        }
        let mut any = false;
        for pattern in patterns {
            if !sets.iter().any(|items| is_reached(pattern, items)) {
                any = true;
                let place = self.find_id(pattern, span);
                self.tell(&place, lost(pattern, form, axis));
            }
        }
        if !any {
            self.tell(span, Message::new("no edition has all the ids of the identity {0}", [identity.name.clone()]));
        }
    }

    /// Where in an identity's text an id stands.
    fn find_id(&self, pattern: &Pattern, span: &Range<usize>) -> Range<usize> {
        let (Pattern::Id(id) | Pattern::Children(id) | Pattern::Leaves(id)) = pattern;
        let text = self.text.get(span.clone()).unwrap_or("");
        let is_letter = |character: char| character.is_ascii_alphanumeric() || character == '_' || character == '.';
        let starts_word = |at: usize| !text.get(..at).is_some_and(|before| before.ends_with(is_letter));
        let ends_word = |at: usize| {
            let after = text.get(at + id.len()..).unwrap_or("");
            if matches!(pattern, Pattern::Id(_)) { !after.starts_with(is_letter) } else { after.starts_with(".*") }
        };
        let found = text.match_indices(id.as_str()).map(|(at, _)| at).find(|&at| starts_word(at) && ends_word(at));
        found.map_or(span.clone(), |at| span.start + at..span.start + at + id.len())
    }
}

/// True when a report can print both bands.
fn meet(one: &Band, other: &Band) -> bool {
    one.edition.is_none() || other.edition.is_none() || one.edition == other.edition
}

fn items_of<'f>(form: &'f TableForm, axis: Axis, edition: Option<&str>) -> Vec<&'f Item> {
    let holds = |band: &&Band| edition.is_none() || band.edition.is_none() || band.edition.as_deref() == edition;
    form.bands.iter().filter(holds).flat_map(|band| axis.items(band)).collect()
}

fn is_reached(pattern: &Pattern, items: &[&Item]) -> bool {
    match pattern {
        Pattern::Id(id) => items.iter().any(|item| item.id == *id) && !is_always_group(id, items),
        Pattern::Children(group) | Pattern::Leaves(group) => has_child(group, items.iter().map(|item| item.id.as_str())),
    }
}

/// A group prints no number of its own, except where all its children may be left out.
fn is_always_group(id: &str, items: &[&Item]) -> bool {
    items.iter().any(|item| is_under(&item.id, id) && !item.optional)
}

fn lost(pattern: &Pattern, form: &TableForm, axis: Axis) -> Message {
    let (Pattern::Id(id) | Pattern::Children(id) | Pattern::Leaves(id)) = pattern;
    let own = items_of(form, axis, None);
    let crossed = items_of(form, if axis == Axis::Rows { Axis::Columns } else { Axis::Rows }, None);
    let is_there = |items: &[&Item]| items.iter().any(|item| item.id == *id);
    let id = id.clone();
    match (pattern, is_there(&own), is_there(&crossed), axis) {
        (Pattern::Id(_), true, ..) => Message::new("`{0}` is a group and prints no number of its own", [id]),
        (_, true, ..) => Message::new("nothing stands under `{0}`", [id]),
        (_, false, true, Axis::Rows) => Message::new("`{0}` is a column, and here a row is named", [id]),
        (_, false, true, Axis::Columns) => Message::new("`{0}` is a row, and here a column is named", [id]),
        _ => match nearest(&id, own.iter().map(|item| item.id.as_str())) {
            Some(meant) => Message::new("there is no `{0}`; did you mean `{1}`?", [id, meant.to_string()]),
            None => Message::new("there is no `{0}`, and so this can never be checked", [id]),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, String)> {
        lint(text).into_iter().map(|mistake| (text[mistake.span.clone()].to_string(), mistake.message.to_string())).collect()
    }

    const HEAD: &str = "family = 'x'\ntitle = 'y'\n[sections]\ns = 'z'\n[[table]]\nid = 't'\nsection = 's'\n";

    #[test]
    fn the_built_in_families_have_no_mistakes() {
        for (_, text) in super::super::BUILT_IN {
            assert_eq!(told(text), []);
        }
    }

    #[test]
    fn ids_that_an_identity_cannot_reach() {
        let text = format!(
            "{HEAD}columns = {{ a = 'a', b = 'b', g = 'g', 'g.c' = 'c' }}\nrows = {{ r = 'r' }}\n[table.check.columns]\n\
             ok = 'a = b + sum(g.*)'\nsame = 'a = a'\nno = 'a = bb + sum(b.**) + g + r'\n"
        );
        let words: Vec<String> = told(&text).into_iter().map(|(word, message)| format!("{word}: {message}")).collect();
        assert_eq!(
            words,
            [
                "'a = a': the identity same says nothing: both its sides are the same",
                "bb: there is no `bb`; did you mean `b`?",
                "b: nothing stands under `b`",
                "g: `g` is a group and prints no number of its own",
                "r: `r` is a row, and here a column is named",
            ]
        );
    }

    #[test]
    fn labels_that_cannot_be_told_apart_and_empty_ones() {
        let text = format!("{HEAD}columns = {{ a = '总计', b = ['合计', '1. 总 计'], 'g.c' = '总计', d = '' }}\nrows = {{ r = '' }}\n");
        assert_eq!(
            told(&text),
            [
                ("['合计', '1. 总 计']".into(), "a and b have the same label and cannot be told apart".into()),
                ("''".into(), "d has an empty label".to_string())
            ]
        );
    }

    #[test]
    fn an_id_without_quotes_is_told_once() {
        let text =
            format!("{HEAD}rows = {{ r = 'r' }}\n[table.columns]\ng = 'g'\ng.c = 'c'\nb = 'b'\n[table.check.columns]\nx = 'b = g.c'\n");
        let words: Vec<String> = told(&text).into_iter().map(|(word, _)| word).collect();
        assert_eq!(words, ["g.c"]);
    }

    #[test]
    fn cells_that_a_claim_cannot_reach() {
        let text = format!(
            "{HEAD}columns = {{ a = 'a' }}\nrows = {{ g = 'g', 'g.r' = 'r' }}\n[[claim]]\nid = 'c'\nsays = '共{{n}}件'\n\
             is = ['t/g.r/a + sum(t/g.**/a)', 'u/g.r/a', 't/g.q/a', 't/g.r/b.*']\n[[claim]]\nid = 'c'\nsays = '共件'\n"
        );
        let words: Vec<String> = told(&text).into_iter().map(|(word, message)| format!("{word}: {message}")).collect();
        assert_eq!(
            words,
            [
                "u: there is no `u`; there are: t",
                "g.q: there is no `g.q`; did you mean `g.r`?",
                "b: there is no `b`, and so this can never be checked",
                ": `is` is missing",
                "'c': two claims have the id c",
                "': a saying is words round one `{n}`, such as `(a|b)~8c{n}d`",
            ]
        );
    }

    #[test]
    fn what_stands_twice_or_does_not_exist() {
        let text = format!(
            "{HEAD}columns = {{ a = 'a' }}\nrows = {{ r = 'r' }}\n[[table]]\nid = 't'\nsection = 'ss'\ncolumns = {{ a = 'a' }}\n\
             rows = {{ r = 'r', 'q-1' = 'q' }}\n[[table]]\nid = 'u'\nsection = 's'\n"
        );
        let words: Vec<String> = told(&text).into_iter().map(|(word, message)| format!("{word}: {message}")).collect();
        assert_eq!(
            words,
            [
                "'t': two tables of one edition have the id t",
                "'ss': there is no `ss`; did you mean `s`?",
                "r: the row r of the table t stands twice in one edition",
                "'q-1': `q-1` is no id: letters a–z, digits and `_`, with dots between",
                "'u': the table u has no rows and columns",
            ]
        );
    }

    #[test]
    fn indicators_that_cannot_be_told_apart_and_parts_of_nothing() {
        let text = "family = 'x'\ntitle = 'y'\n[indicators]\na = ['甲', '乙']\nb = '乙'\nc = { label = '丙', short = '丁' }\n\
                    [groups]\ng = { label = '戊', parts = ['a', 'cc'] }\n";
        let messages: Vec<String> = told(text).into_iter().map(|(_, message)| message).collect();
        assert_eq!(
            messages,
            [
                "a and b have the same label and cannot be told apart",
                "c stands under nothing, and so its short names can never hold",
                "there is no `cc`; did you mean `c`?",
            ]
        );
    }

    #[test]
    fn editions_that_overlap_and_bands_that_cannot_be_told_apart() {
        let text = "family = 'x'\ntitle = 'y'\neditions = { a = '2019..2021', b = '2021..', c = '1990..1980' }\n[[table]]\nid = 't'\nsection = 's'\n\
                    [[table.band]]\nopens = 'o'\nedition = 'a'\ncolumns = { k = 'k' }\nrows = { r = 'r' }\n\
                    [[table.band]]\nopens = 'o'\nedition = 'a'\ncolumns = { l = 'l' }\nrows = { r = 'r' }\n\
                    [table.check.columns]\nx = 'k = l'\n";
        let messages: Vec<String> = told(text).into_iter().map(|(_, message)| message).collect();
        assert_eq!(
            messages,
            [
                "editions a and b hold for the same year",
                "edition c ends before it begins",
                "two bands of one edition open with the same words and cannot be told apart",
            ]
        );
    }
}
