//! Report families as data: what sections, tables, rows and columns a family prints and which sums hold in it.
//!
//! In: TOML ([`load`]). Out: a [`Family`]. Only the files in `grammar/` know a family's words; the rooms know only ids.

mod alike;
pub mod claim;
pub mod formula;
pub mod index;
pub mod lexicon;
pub mod lint;
pub mod load;
pub mod names;
pub mod open;
pub mod publishers;
pub mod speech;
pub mod vocabulary;
pub mod words;

pub use alike::likeness;
pub use claim::{CellSum, CellTerm, Claim, Element, Prose, Saying};
pub use formula::{Identity, Pattern, Term, When};
pub use index::{FormIndex, IndexedRow, Indexes, Known, Labels};
pub use lexicon::{Lexicon, Words};
pub use names::{Names, Part};
pub use open::{Across, Heads, Sides};
pub use speech::{Group, Indicator};

/// The families built into the program: file name and text.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("cn-department-budget", include_str!("../../grammar/cn-department-budget.toml")),
    ("cn-foi-annual", include_str!("../../grammar/cn-foi-annual.toml")),
    ("cn-statistical-bulletin", include_str!("../../grammar/cn-statistical-bulletin.toml")),
];

/// One kind of report.
#[derive(Debug, Clone)]
pub struct Family {
    /// Public id, such as `cn-foi-annual`.
    pub id: String,
    /// What a report of the family is called, then other names for it.
    pub titles: Vec<String>,
    /// The same as they are compared with titles.
    pub named: Vec<Vec<char>>,
    /// Words in a report's title that make it one of another kind, unless the title names the family; as keys.
    pub never: Vec<String>,
    /// Words before the name of the body that publishes a report, where its title leaves it out or cuts it short.
    pub signs: Vec<String>,
    /// Forms in order of time.
    pub editions: Vec<Edition>,
    /// Level-1 sections in order.
    pub sections: Vec<Item>,
    /// Ids of sections that print tables which the grammar leaves out.
    pub undescribed: Vec<String>,
    /// Tables in order.
    pub tables: Vec<TableForm>,
    /// What the tables' forms call their rows and columns.
    pub labels: Labels,
    /// Codes that rows of open tables may carry, with the words that stand for them where no code is printed.
    pub codes: Vec<Item>,
    /// Words over the columns that name the rows of open tables.
    pub heads: Heads,
    /// Sums over cells of several tables.
    pub across: Vec<Across>,
    /// What sentences say of the tables.
    pub claims: Vec<Claim>,
    /// What holds for all of them.
    pub prose: Prose,
    /// The words that sentences are asked for.
    pub vocabulary: vocabulary::Vocabulary,
    /// What sentences put numbers on.
    pub indicators: Vec<Indicator>,
    /// Indicators that are stated in a row.
    pub groups: Vec<Group>,
    /// What they are called, as names are looked up.
    pub names: Names,
    /// The words of such sentences.
    pub lexicon: Lexicon,
}

/// A form that was in use for some years.
#[derive(Debug, Clone)]
pub struct Edition {
    /// Public id.
    pub id: String,
    /// First year reported on.
    pub first: i32,
    /// Last year reported on, where the form has ended.
    pub last: Option<i32>,
}

/// One table of a family.
#[derive(Debug, Clone)]
pub struct TableForm {
    /// First part of its keys.
    pub id: String,
    /// Id of the section it stands in; empty for an open table.
    pub section: String,
    /// What the line above an open table calls it. An open table prints the rows it likes: each is named by the code it
    /// carries, by a label that the form knows, or by its own words. Any other table is closed: it prints the form's rows.
    pub titles: Vec<String>,
    /// Words in such a line that make it another table's.
    pub never: Vec<String>,
    /// An open table that no other kind of report prints: such tables show the family.
    pub is_telling: bool,
    /// Unit of its numbers unless a column says otherwise.
    pub unit: Option<String>,
    /// Words that stand over the row labels.
    pub stub: Vec<String>,
    /// Stacked parts; a plain table has one.
    pub bands: Vec<Band>,
    /// Sums that hold in every column.
    pub row_checks: Vec<Identity>,
    /// Sums that hold in every row.
    pub column_checks: Vec<Identity>,
    /// Sums over two reports of one publisher: rows are named where they hold in every column, columns where in every row.
    pub year_checks: Vec<Identity>,
    /// Its labels by what they are compared by, for each edition.
    pub indexes: Indexes,
}

/// A part of a table with columns of its own: bands of a closed table stand below, those of an open one beside each other.
#[derive(Debug, Clone)]
pub struct Band {
    /// First part of the ids of an open table's rows, where bands stand beside each other.
    pub side: Option<String>,
    /// The line that opens it.
    pub opens: Option<String>,
    /// The only edition that has it.
    pub edition: Option<String>,
    /// Columns, groups included, in printed order.
    pub columns: Vec<Item>,
    /// Those of them that have no columns below.
    pub leaves: Vec<usize>,
    /// Rows, groups included, in printed order.
    pub rows: Vec<Item>,
}

/// A row, a column or a section.
#[derive(Debug, Clone)]
pub struct Item {
    /// Dotted id; the dots make the tree.
    pub id: String,
    /// Printed words, the official ones first.
    pub labels: Vec<String>,
    /// What each of them is compared by.
    pub keys: Vec<String>,
    /// It may be left out.
    pub optional: bool,
    /// A sum of its neighbours, never part of one.
    pub aggregate: bool,
    /// Unit of its numbers, where it differs from the table's.
    pub unit: Option<String>,
}

impl Family {
    /// What a section is called; its id where the family has no such section.
    pub fn section_label<'a>(&'a self, id: &'a str) -> &'a str {
        self.sections.iter().find(|section| section.id == id).map_or(id, Item::label)
    }
}

impl Item {
    /// The official words.
    pub fn label(&self) -> &str {
        self.labels.first().map_or("", String::as_str)
    }
}

impl Band {
    /// A band of one edition or of all; its columns stand in printed order.
    pub fn new(opens: Option<String>, edition: Option<String>, columns: Vec<Item>, rows: Vec<Item>) -> Band {
        let is_leaf = |item: &Item| !has_child(&item.id, columns.iter().map(|item| item.id.as_str()));
        let leaves = columns.iter().enumerate().filter(|(_, item)| is_leaf(item)).map(|(index, _)| index).collect();
        Band { side: None, opens, edition, columns, leaves, rows }
    }

    /// The number of columns that are always printed.
    pub fn n_required(&self) -> usize {
        self.leaves.iter().filter(|&&leaf| self.columns.get(leaf).is_some_and(|item| !item.optional)).count()
    }
}

impl TableForm {
    /// True when the form does not list all of its rows.
    pub fn is_open(&self) -> bool {
        !self.titles.is_empty()
    }
}

impl Family {
    /// The edition for a year.
    pub fn find_edition(&self, year: i32) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.first <= year && edition.last.is_none_or(|last| year <= last))
    }
}

/// True when `id` stands under `group` in the tree; everything stands under the empty group.
pub fn is_under(id: &str, group: &str) -> bool {
    group.is_empty() || id.strip_prefix(group).is_some_and(|rest| rest.starts_with('.'))
}

/// True when `id` has a child among `ids`.
pub fn has_child<'a>(id: &str, mut ids: impl Iterator<Item = &'a str>) -> bool {
    ids.any(|other| is_under(other, id))
}
