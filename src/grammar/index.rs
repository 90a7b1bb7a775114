//! The labels of a form by what they are compared by, made once when its family is loaded: every cell of every table of
//! every report is looked up here.

use super::{Band, Edition, TableForm, has_child};
use crate::label::key;
use foldhash::{HashMap, HashSet};
use std::collections::BTreeSet;

/// The labels of a form in one edition.
#[derive(Debug, Clone, Default)]
pub struct FormIndex {
    /// Its rows, groups included, in printed order.
    pub rows: Vec<IndexedRow>,
    /// Rows by key.
    pub exact: HashMap<String, Vec<usize>>,
    /// Keys of columns, of lines that open a band, of the stub's head.
    pub headers: HashSet<String>,
}

/// A row of a form.
#[derive(Debug, Clone, Copy)]
pub struct IndexedRow {
    /// Index of its band.
    pub band: usize,
    /// Index among the rows of the band.
    pub item: usize,
    /// It has children that are always there.
    pub is_group: bool,
    /// It has children that may be there.
    pub may_be_group: bool,
}

/// The indexes of a form.
#[derive(Debug, Clone, Default)]
pub struct Indexes {
    by_edition: Vec<(String, FormIndex)>,
    /// Of what stands in every edition.
    plain: FormIndex,
    /// Titles of an open form.
    pub titles: Vec<String>,
    /// Words that make a title another table's.
    pub never: Vec<String>,
}

impl Indexes {
    /// Of a form in these editions.
    pub fn new(form: &TableForm, editions: &[Edition]) -> Indexes {
        let by_edition = editions.iter().map(|edition| (edition.id.clone(), FormIndex::new(form, Some(&edition.id)))).collect();
        let keys = |words: &[String]| words.iter().map(|word| key(word)).collect();
        Indexes { by_edition, plain: FormIndex::new(form, None), titles: keys(&form.titles), never: keys(&form.never) }
    }

    /// The index of an edition; of what stands in all of them where there is no such edition.
    pub fn of(&self, edition: &str) -> &FormIndex {
        self.by_edition.iter().find(|(id, _)| id == edition).map_or(&self.plain, |(_, index)| index)
    }
}

/// Where the forms of a family know a key.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Index of the edition; one past the last for what stands in all of them.
    pub edition: usize,
    /// Index of the form.
    pub form: usize,
    /// It is the label of a row.
    pub is_row: bool,
    /// It is a header.
    pub is_header: bool,
}

/// The labels of all forms of a family in every edition: which form a printed table is, is asked of them together.
#[derive(Debug, Clone, Default)]
pub struct Labels(HashMap<String, Vec<Known>>);

impl Labels {
    /// Of forms in these editions.
    pub fn new(forms: &[TableForm], editions: &[Edition]) -> Labels {
        let mut labels = Labels::default();
        for (form, own) in forms.iter().enumerate() {
            let indexes = editions.iter().map(|edition| own.indexes.of(&edition.id));
            for (edition, index) in indexes.chain([&own.indexes.plain]).enumerate() {
                let keys: BTreeSet<&String> = index.exact.keys().chain(&index.headers).filter(|key| !key.is_empty()).collect();
                for key in keys {
                    let (is_row, is_header) = (index.exact.contains_key(key), index.headers.contains(key));
                    labels.0.entry(key.clone()).or_default().push(Known { edition, form, is_row, is_header });
                }
            }
        }
        labels
    }

    /// Where a key is known.
    pub fn of(&self, key: &str) -> &[Known] {
        if key.is_empty() { &[] } else { self.0.get(key).map(Vec::as_slice).unwrap_or_default() }
    }
}

impl FormIndex {
    fn new(form: &TableForm, edition: Option<&str>) -> FormIndex {
        let mut index = FormIndex { headers: form.stub.iter().map(|label| key(label)).collect(), ..FormIndex::default() };
        let in_edition = |band: &Band| band.edition.as_deref().is_none_or(|own| edition == Some(own));
        // The rows of an open form are not to be found by their labels.
        for (at, band) in form.bands.iter().enumerate().filter(|(_, band)| in_edition(band) && !form.is_open()) {
            index.headers.extend(band.opens.iter().map(|label| key(label)));
            index.headers.extend(band.columns.iter().flat_map(|item| item.keys.iter().cloned()));
            index.take_rows(band, at);
        }
        index
    }

    fn take_rows(&mut self, band: &Band, at: usize) {
        for (item, row) in band.rows.iter().enumerate() {
            let children = |optional: bool| {
                has_child(&row.id, band.rows.iter().filter(|other| other.optional == optional).map(|other| other.id.as_str()))
            };
            for key in &row.keys {
                self.exact.entry(key.clone()).or_default().push(self.rows.len());
            }
            self.rows.push(IndexedRow { band: at, item, is_group: children(false), may_be_group: children(true) });
        }
    }
}
