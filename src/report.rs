//! Everything known of one report, put together from what the rooms found. Data for `emit` and for the command line.

use crate::check::{Checked, Tally, Trust, check, operand};
use crate::claims::{Found, check_claims};
use crate::coverage::{Accounts, Coverage, cover};
use crate::doc::{Block, Document, Status};
use crate::fit::{Fate, Fitted, FittedCell, FittedTable, choose, fit};
use crate::flag::{Code, Flag, Flagged, Message, Severity};
use crate::generic::{LooseTable, read_table, stacked};
use crate::grammar::Family;
use crate::grammar::words::built_in;
use crate::identify::{Head, Identity, identify};
use crate::label::key;
use crate::ledger;
use crate::odd::check_table;
use crate::outline::{KnownTitles, Outline, outline};
use crate::place::{Place, Span};
use crate::prose::{Stated, read_prose};
use crate::read::pdf::{read_scanned, scan::Scan};
use crate::read::{Source, read};
use crate::second::{self, Reading as SecondReading};
use crate::table::{Table, TableRow, seam, tables};
use crate::years::{self, Side, YearCells, YearChecks};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A report, read and checked.
#[derive(Debug)]
pub struct Report<'g> {
    /// The file as read.
    pub source: Source,
    /// What the title says.
    pub identity: Identity,
    /// The family it belongs to.
    pub family: Option<&'g Family>,
    /// Sections.
    pub outline: Outline,
    /// Tables as printed.
    pub tables: Vec<Table>,
    /// The family's tables.
    pub fitted: Fitted,
    /// Tables that belong to no family.
    pub loose: Vec<LooseTable>,
    /// Values that sentences state.
    pub stated: Stated,
    /// How sums came out.
    pub checked: Checked,
    /// What sentences say of the tables.
    pub claims: Vec<Found>,
    /// Where every number ended.
    pub coverage: Coverage,
    /// What was found, in order of place.
    pub flags: Vec<Flag>,
}

/// The least share of a family's labels that a report must print, in percent.
const LEAST_COVERAGE: usize = 25;
/// The fewest open tables that show a family; a name in the title counts for one.
const LEAST_OPEN: usize = 2;
/// What a family's name in the title counts for, beside labels in percent.
const NAMED: usize = 50;

/// Read, fit and check a report against the families that are known.
pub fn parse<'g>(bytes: &[u8], families: &'g [Family]) -> Report<'g> {
    parse_source(read(bytes), families)
}

/// The same for a PDF of which some pages are pictures, with what was recognised on them.
pub fn parse_scanned<'g>(bytes: &[u8], families: &'g [Family], scans: &BTreeMap<u32, Scan>) -> Report<'g> {
    parse_source(read_scanned(bytes, scans), families)
}

fn parse_source(source: Flagged<Source>, families: &[Family]) -> Report<'_> {
    let Flagged { value: source, mut flags } = source;
    let Flagged { value: sections, flags: found } = outline(&source.document, &known_titles(families));
    flags.extend(found);
    let mut printed = tables(&source.document, &sections);
    // What is no report lacks nothing that a family has.
    let families = if source.status == Status::NotAReport { &[] } else { families };
    let (family, identity, edition) = find_family(&source.document, &sections, &printed, families);
    let (fitted, checked, claims) = match family {
        Some(family) => {
            let Flagged { value: mut fitted, flags: found } = fit(&source.document, &sections, &printed, family, edition);
            flags.extend(found);
            let Flagged { value: ledgers, flags: found } = ledger::read(&source.document, &printed, &fitted.loose, (family, identity.year));
            flags.extend(found);
            fitted.loose.retain(|index| !ledgers.taken.contains(index));
            fitted.tables.extend(ledgers.tables);
            let Flagged { value: checked, flags: found } = check(&fitted, family);
            flags.extend(found);
            let Flagged { value: claims, flags: found } = check_claims(&source.document, &sections, &fitted, family, &identity);
            flags.extend(found);
            (fitted, checked, claims)
        }
        None => {
            flags.push(Flag::new(Code::FamilyUnknown, Message::plain("no report family fits")));
            (Fitted { loose: (0..printed.len()).collect(), ..Fitted::default() }, Checked::default(), Vec::new())
        }
    };
    for &index in &fitted.loose {
        let Some(table) = printed.get_mut(index) else { continue };
        if let Some(laid_out) = stacked::lay_out(&source.document, table, built_in()) {
            *table = laid_out;
        }
    }
    let n_fitted = fitted.tables.len();
    let read_loose = |(place, &index): (usize, &usize)| {
        Some(read_table(&source.document, printed.get(index)?, index, format!("t{}", n_fitted + place + 1)))
    };
    let mut loose: Vec<LooseTable> = fitted.loose.iter().enumerate().filter_map(read_loose).collect();
    flags.extend(loose.iter_mut().filter_map(|table| Some(check_table(table, printed.get(table.index)?).flags)).flatten());
    flags.extend(loose.iter().flat_map(|loose| seams(&source.document, &printed, loose)));
    let stated = family.map(|family| read_prose(&source.document, &sections, family, &identity)).unwrap_or_default();
    let mut accounts = accounts(&source.document, &fitted, &loose, &flags);
    accounts.values.extend(stated.statements.iter().map(|statement| statement.span));
    accounts.noted.extend(stated.noted.iter().copied());
    let Flagged { value: coverage, flags: found } = cover(&source.document, accounts);
    flags.extend(found);
    if is_empty(&source.document) && source.status == Status::Ok {
        flags.push(Flag::new(Code::NoText, Message::plain("there is nothing to read")));
    }
    sort(&mut flags);
    Report { source, identity, family, outline: sections, tables: printed, fitted, loose, stated, checked, claims, coverage, flags }
}

/// Where a table without a family goes on behind a page break, and what shows it.
fn seams(document: &Document, printed: &[Table], loose: &LooseTable) -> Vec<Flag> {
    let rows = printed.get(loose.index).map_or(&[][..], |table| &table.rows);
    let seam = |pair: &[TableRow]| match pair {
        [above, below] if above.piece != below.piece => {
            let flag = Flag::new(Code::TableSplit, seam(document, above, below)?);
            Some(flag.at(below.span).about(vec![format!("{}/*", loose.id)]))
        }
        _ => None,
    };
    rows.windows(2).filter_map(seam).collect()
}

/// In order of place; what has none stands last.
fn sort(flags: &mut [Flag]) {
    flags.sort_by_key(|flag| flag.span.map_or((u32::MAX, u32::MAX), |span| (span.start, span.end)));
}

fn known_titles(families: &[Family]) -> KnownTitles<'_> {
    let own = KnownTitles::of_keys(families.iter().flat_map(|family| &family.sections).flat_map(|section| &section.keys));
    own.with_common(built_in().headings.iter()).with_notes(built_in().note.whole_words())
}

fn is_empty(document: &Document) -> bool {
    crate::fold::shows_nothing(&document.text)
}

/// The family that most speaks for: its name in the title, its labels in the tables, its sections where it has no tables.
/// Nothing is forced into a family that does not fit. With it what the title says, and the edition of its form.
fn find_family<'g>(
    document: &Document,
    outline: &Outline,
    printed: &[Table],
    families: &'g [Family],
) -> (Option<&'g Family>, Identity, String) {
    let head = Head::new(document, outline);
    let labels_printed = choose::printed_labels(printed);
    let identities: Vec<Identity> = families.iter().map(|family| identify(&head, family)).collect();
    let mut best: Option<(usize, usize, String)> = None;
    let named_first = [true, false].into_iter().flat_map(|named| {
        let own = families.iter().zip(&identities).enumerate();
        own.filter(move |(_, (_, identity))| identity.names_family == named)
    });
    for (index, (family, identity)) in named_first {
        // Labels alone speak for a family with 100 at most.
        if !identity.names_family && best.as_ref().is_some_and(|(most, ..)| *most > 100) {
            break;
        }
        let edition = choose::find_edition(printed, family, identity.year);
        let labels = choose::coverage(&labels_printed, family, &edition).max(choose::section_coverage(outline, family));
        let (n_open, n_forms) = ledger::coverage(document, printed, family);
        let labels = labels.max(100 * n_open / n_forms.max(1));
        // A family of open tables is shown by those that it alone prints; what a web page's menu calls it is not enough.
        let is_bare = n_forms > 0 && n_open + usize::from(identity.names_family) < LEAST_OPEN;
        let is_other = !identity.names_family && is_of_another_kind(document, identity, family);
        if is_bare || is_other || !identity.names_family && labels < LEAST_COVERAGE {
            continue;
        }
        let evidence = labels + if identity.names_family { NAMED } else { 0 };
        if best.as_ref().is_none_or(|(most, first, _)| evidence > *most || evidence == *most && index < *first) {
            best = Some((evidence, index, edition));
        }
    }
    match best {
        Some((_, index, edition)) => (families.get(index), identities.into_iter().nth(index).unwrap_or_default(), edition),
        None => (None, identities.into_iter().next_back().unwrap_or_default(), String::new()),
    }
}

/// The title, or the first line where there is none, says that a report is one of another kind.
fn is_of_another_kind(document: &Document, identity: &Identity, family: &Family) -> bool {
    let first =
        || document.blocks.iter().find_map(|block| if let Block::Para(para) = block { Some(document.slice(para.span)) } else { None });
    let title = identity.title.as_deref().or_else(first);
    title.map(key).is_some_and(|title| family.never.iter().any(|word| title.contains(word.as_str())))
}

fn accounts(document: &Document, fitted: &Fitted, loose: &[LooseTable], flags: &[Flag]) -> Accounts {
    let mut accounts = Accounts::default();
    let is_value = |cell: &&FittedCell| cell.fate == Fate::Placed && (cell.reading.quantity().is_some());
    for table in &fitted.tables {
        accounts.values.extend(table.cells.iter().filter(is_value).filter_map(|cell| cell.span));
        accounts.noted.extend(table.noted.iter().copied());
        let words = table.printed.iter().flat_map(|row| &row.cells).filter(|cell| cell.reading.is_words());
        accounts.noted.extend(words.map(|cell| (cell.span, "label or header")));
    }
    for table in loose {
        let placed = table.values.iter().filter(|value| value.reading.quantity().is_some());
        accounts.values.extend(placed.map(|value| value.span));
        accounts.noted.extend(table.noted.iter().copied());
    }
    let heading = |span: Span| (span, "heading");
    accounts.noted.extend(document.blocks.iter().filter_map(|block| match block {
        Block::Para(para) if para.look.heading.is_some() => Some(heading(para.span)),
        _ => None,
    }));
    let grids = document.blocks.iter().filter_map(|block| if let Block::Grid(grid) = block { Some(grid) } else { None });
    accounts.noted.extend(grids.flat_map(|grid| &grid.marks).map(|&span| (span, "page furniture")));
    let tells_unplaced = |flag: &&Flag| !matches!(flag.code.severity(), Severity::Note);
    let spans = |flag: &Flag| flag.span.into_iter().chain(flag.related.iter().map(|related| related.span)).collect::<Vec<_>>();
    accounts.flagged = flags.iter().filter(tells_unplaced).flat_map(spans).collect();
    let ambiguous = fitted.tables.iter().flat_map(|table| &table.cells).filter(|cell| cell.fate == Fate::Ambiguous);
    accounts.flagged.extend(ambiguous.filter_map(|cell| cell.span));
    accounts
}

impl Report<'_> {
    /// What the report on the year before or after is held against; none without a publisher and a year.
    pub fn year_cells(&self) -> Option<YearCells> {
        let (publisher, year) = (self.identity.publisher.clone()?, self.identity.year?);
        let cells =
            self.fitted.tables.iter().flat_map(|table| table.cells.iter().map(|cell| (self.key(table, cell).into(), operand(cell))));
        Some(YearCells { publisher, year, cells: cells.collect() })
    }

    /// How sums come out, those of tables without a form among them.
    pub fn tally(&self) -> Tally {
        let held: usize = self.loose.iter().flat_map(|table| &table.relations).map(|relation| relation.held.len()).sum();
        // In a report of a family the flags of its forms are counted already.
        let is_failure = |flag: &&Flag| self.family.is_none() && flag.code == Code::SumOff && flag.severity > Severity::Note;
        let failed = self.flags.iter().filter(is_failure).count();
        let own = &self.checked.tally;
        Tally { held: own.held + held, failed: own.failed + failed, not_checkable: own.not_checkable }
    }

    /// Hold this report against one on the year before or after, and take what is found among its flags.
    pub fn meet(&mut self, other: &YearCells) {
        let (Some(own), Some(family)) = (self.year_cells(), self.family) else { return };
        let checks = YearChecks::new(family);
        let before = years::compare(other, &own, &checks).into_iter().map(|finding| finding.flag(Side::Later));
        let after = years::compare(&own, other, &checks).into_iter().map(|finding| finding.flag(Side::Earlier));
        let place = |flag: Flag| match flag.cells.iter().find_map(|key| self.find_span(key)) {
            Some(span) => flag.at(span),
            None => flag,
        };
        let found: Vec<Flag> = before.chain(after).map(place).collect();
        self.flags.extend(found);
        sort(&mut self.flags);
    }

    /// Where the value of a key is printed.
    fn find_span(&self, key: &str) -> Option<Span> {
        let cells = self.fitted.tables.iter().flat_map(|table| table.cells.iter().map(move |cell| (table, cell)));
        cells.into_iter().find(|(table, cell)| self.key(table, cell) == key).and_then(|(_, cell)| cell.span)
    }

    /// How the number of a fitted cell stands.
    pub fn trust(&self, cell: &FittedCell) -> Option<Trust> {
        self.checked.trust.get(&cell.span?).copied()
    }

    /// The key of a fitted cell.
    pub fn key(&self, table: &FittedTable, cell: &FittedCell) -> String {
        let form = self.family.and_then(|family| family.tables.get(table.form));
        form.map(|form| FittedTable::key(form, &cell.row, &cell.column)).unwrap_or_default()
    }

    /// The values that are numbers, in order of place: where, key, and whether a sum vouches for it. The code of a row stands
    /// for the whole row.
    fn placed_numbers(&self) -> Vec<(Span, String, bool)> {
        let fitted = self.fitted.tables.iter().flat_map(|table| table.cells.iter().map(move |cell| (table, cell)));
        let fitted = fitted
            .filter(|(_, cell)| cell.reading.quantity().is_some())
            .filter_map(|(table, cell)| Some((cell.span?, self.key(table, cell), self.trust(cell) == Some(Trust::Proven))));
        let loose = self.loose.iter().flat_map(|table| &table.values).filter(|value| value.reading.quantity().is_some());
        let loose = loose.map(|value| (value.span, value.key.clone(), value.trust == Some(Trust::Proven)));
        let mut found: Vec<(Span, String, bool)> = fitted.chain(loose).collect();
        for table in self.fitted.tables.iter().filter(|table| table.items.is_some()) {
            found.extend(self.noted_in_rows(table));
        }
        found.sort_unstable();
        found
    }

    /// What an open table notes beside the numbers of its rows, such as their codes: where, the row, and whether a sum
    /// vouches for a number of it.
    fn noted_in_rows(&self, table: &FittedTable) -> Vec<(Span, String, bool)> {
        let mut rows: HashMap<usize, (String, bool)> = HashMap::new();
        for cell in &table.cells {
            let is_proven = self.trust(cell) == Some(Trust::Proven);
            rows.entry(cell.printed).or_insert_with(|| (self.row_key(table, cell), false)).1 |= is_proven;
        }
        let mut spans: Vec<(Span, usize)> = table.printed.iter().enumerate().map(|(index, row)| (row.span, index)).collect();
        spans.sort_unstable();
        let row_of = |span: Span| {
            let after = spans.partition_point(|(row, _)| row.start <= span.start);
            let &(row, index) = spans.get(after.checked_sub(1)?)?;
            row.covers(span).then_some(index)
        };
        let noted = table.noted.iter().filter_map(|&(span, _)| {
            let (key, is_proven) = rows.get(&row_of(span)?)?;
            Some((span, key.clone(), *is_proven))
        });
        noted.collect()
    }

    fn row_key(&self, table: &FittedTable, cell: &FittedCell) -> String {
        let form = self.family.and_then(|family| family.tables.get(table.form));
        form.map(|form| FittedTable::key(form, &cell.row, "*")).unwrap_or_default()
    }

    /// The pages with numbers that no sum vouches for: where a second reading is worth its time.
    pub fn unproven_pages(&self) -> Vec<u32> {
        let unproven = self.placed_numbers().into_iter().filter(|(_, _, is_proven)| !is_proven).map(|(span, _, _)| span);
        let page = |span: Span| match self.source.document.place(span) {
            Some(Place::Page { page, .. }) => Some(page),
            _ => None,
        };
        let pages: BTreeSet<u32> = unproven.chain(self.coverage.unplaced.iter().copied()).filter_map(page).collect();
        pages.into_iter().collect()
    }

    /// Hold the report against a second reading of its file.
    pub fn compare_with(&mut self, second: &SecondReading) {
        let numbers = self.placed_numbers();
        let proven: BTreeSet<String> = numbers.iter().filter(|(_, _, is_proven)| *is_proven).map(|(_, key, _)| key.clone()).collect();
        let keys: Vec<(Span, String)> = numbers.into_iter().map(|(span, key, _)| (span, key)).collect();
        // Where a sum vouches for the first reading, it is the second that is wrong.
        let weigh = |flag: Flag| {
            let is_settled = !flag.cells.is_empty() && flag.cells.iter().all(|key| proven.contains(key));
            if is_settled { flag.graded(Severity::Note) } else { flag }
        };
        self.flags.extend(second::compare(&self.source.document, second, &keys).into_iter().map(weigh));
        sort(&mut self.flags);
    }

    /// The section of each table, in order of the tables' ids.
    pub fn table_sections(&self) -> impl Iterator<Item = Option<usize>> {
        let loose = self.loose.iter().map(|loose| self.tables.get(loose.index).and_then(|table| table.section));
        self.fitted.tables.iter().map(|table| table.section).chain(loose)
    }

    /// Number of values in all.
    pub fn n_values(&self) -> usize {
        self.fitted.tables.iter().map(|table| table.cells.len()).sum::<usize>()
            + self.loose.iter().map(|table| table.values.len()).sum::<usize>()
            + self.stated.statements.len()
    }
}
