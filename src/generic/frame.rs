//! What each row of a table is for: title, header, group label, data, note; and which columns name the rows.
//!
//! ```text
//!   Table 3. Output            title
//!          2001   2002         header
//!   Farming                   group
//!     Corn   12     15         data
//!   Source: …                  note
//! ```

use super::blank::{row_mark, settle};
use super::body;
use super::sheet::{Sheet, Slot, mostly};
use super::unit::find_in_label;
use crate::grammar::words::Words;
use crate::numbering::Style;
use std::collections::{BTreeSet, HashSet};

/// What a row is for. Which data rows are worked out from others is told apart once sums are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Nothing is printed.
    Empty,
    /// Title, caption or unit above the header.
    Title,
    /// Names columns.
    Header,
    /// Names the rows below it.
    Group,
    /// Numbers.
    Data,
    /// Numbers that are worked out from other rows.
    Derived,
    /// Notes and sources.
    Note,
}

impl Role {
    /// True for rows of numbers.
    pub fn is_data(self) -> bool {
        matches!(self, Role::Data | Role::Derived)
    }
}

/// The roles of rows and columns.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Of each row.
    pub roles: Vec<Role>,
    /// Leading columns that name the rows.
    pub n_stub: usize,
    /// The column that tells each row's unit.
    pub unit_column: Option<usize>,
}

impl Frame {
    /// True where a cell names its row.
    pub fn is_label(&self, slot: &Slot) -> bool {
        slot.column < self.n_stub.max(1) && self.unit_column != Some(slot.column)
    }
}

/// What a row shows, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Empty,
    /// One cell of words.
    Single,
    /// Several cells, few of them numbers.
    Text,
    /// Numbers, all of them years or counting from one, as in a header.
    Count,
    /// Numbers.
    Numeric,
}

/// Tell the roles.
pub fn frame(sheet: &Sheet, words: &Words) -> Frame {
    let kinds: Vec<Kind> = sheet.rows.iter().map(|row| kind(row, sheet.n_columns, words)).collect();
    let kinds = with_sparse_data(sheet, with_short_names(sheet, kinds));
    let is_numeric = |kind: &Kind| *kind == Kind::Numeric;
    let first = kinds.iter().position(is_numeric).or_else(|| kinds.iter().position(|kind| *kind == Kind::Count));
    let Some(first) = first else { return Frame { roles: text_roles(&kinds), n_stub: 1, unit_column: None } };
    let last = kinds.iter().rposition(|kind| is_numeric(kind) || *kind == Kind::Count).unwrap_or(first);
    let header = find_header(sheet, &kinds, first, words);
    let first = find_series(sheet, &kinds, header..first).min(body::find_first(sheet, header..first, words));
    let last = last + n_resumed(sheet, &kinds, last).max(body::n_unread_behind(sheet, &kinds, last));
    let labels = find_labels(sheet, &kinds, header);
    let stand_over_numbers = stand_over_numbers(sheet, &kinds);
    let mut roles = Vec::with_capacity(kinds.len());
    let mut named: HashSet<&str> = HashSet::new();
    let mut ever_named: HashSet<&str> = HashSet::new();
    for (index, (row, kind)) in sheet.rows.iter().zip(&kinds).enumerate() {
        let follows_row = index == first || roles.last().is_some_and(|role: &Role| role.is_data()) && body::follows_label(sheet, index);
        let stands_over = stand_over_numbers.get(index) == Some(&true);
        let is_row = |row: &[Slot]| {
            let is_told = stands_over && !ever_named.is_empty() || body::shows_numbers(row);
            follows_row && is_told && !body::names_columns(row, &ever_named, kinds.get(index + 1), words)
        };
        let role = match kind {
            Kind::Empty => Role::Empty,
            _ if index < header => Role::Title,
            _ if index < first && index >= labels && index > header => Role::Group,
            _ if index < first => Role::Header,
            Kind::Numeric => Role::Data,
            _ if index > last => Role::Note,
            Kind::Text | Kind::Count if repeats_header(row, &named) && !is_titled(&kinds, &roles) && !stands_below_header(&roles) => {
                Role::Note
            }
            Kind::Count => count_role(&kinds, index),
            Kind::Single if is_note(row, words) => Role::Note,
            Kind::Single => Role::Group,
            Kind::Text if (says_one_thing(row, &named) || is_unread(row)) && !stands_below_header(&roles) => Role::Data,
            Kind::Text if is_row(row) => Role::Data,
            Kind::Text if stands_over => Role::Header,
            Kind::Text => Role::Group,
        };
        // Another header's words are no longer those of the columns.
        if role == Role::Header && !stands_below_header(&roles) {
            named.clear();
        }
        roles.push(role);
        if role == Role::Header {
            named.extend(row.iter().map(|slot| slot.text.as_str()));
            ever_named.extend(row.iter().map(|slot| slot.text.as_str()));
        }
    }
    let n_stub = n_stub(sheet, &roles);
    settle(sheet, &mut roles, n_stub, words);
    let unit_column = find_unit_column(sheet, &roles, words);
    Frame { roles, n_stub, unit_column }
}

/// The column whose header says that it holds units, and whose cells are such: under 单位 bodies may stand as well.
fn find_unit_column(sheet: &Sheet, roles: &[Role], words: &Words) -> Option<usize> {
    let of = |wanted: Role| sheet.rows.iter().zip(roles).filter(move |(_, role)| **role == wanted).flat_map(|(row, _)| row);
    let named = of(Role::Header).filter(|slot| slot.column > 0 && slot.width == 1 && words.unit.is_mark(&slot.text));
    let mut named = named.map(|slot| slot.column).peekable();
    named.peek()?;
    let data = sheet.rows.iter().zip(roles).filter(|(_, role)| **role == Role::Data).map(|(row, _)| row);
    // `million_acres`, as programs write it.
    let is_unit = |slot: &Slot| find_in_label(&slot.text.replace('_', " "), words).is_some();
    let are_units = mostly(sheet.n_columns, data, |_| true, is_unit);
    named.find(|column| are_units.get(*column) == Some(&true))
}

/// `Item  A  B`: above all numbers short words that differ name columns; below a header they stand for numbers.
fn with_short_names(sheet: &Sheet, mut kinds: Vec<Kind>) -> Vec<Kind> {
    let top = kinds.iter().zip(&sheet.rows).zip(0..).find(|((kind, _), _)| !matches!(kind, Kind::Empty | Kind::Single));
    let Some(((Kind::Numeric, row), index)) = top else { return kinds };
    let marks: Vec<&Slot> = row.iter().filter(|slot| slot.is_datum()).collect();
    let names: HashSet<&str> = marks.iter().filter(|slot| slot.text.contains(char::is_alphabetic)).map(|slot| slot.text.as_str()).collect();
    let are_names = names.len() == marks.len() && marks.iter().all(|slot| slot.figure().is_none());
    kinds.iter_mut().skip(index).take(usize::from(are_names)).for_each(|kind| *kind = Kind::Text);
    kinds
}

/// Below a row of words, rows of words with a number among them are data: a list with one column of figures.
fn with_sparse_data(sheet: &Sheet, kinds: Vec<Kind>) -> Vec<Kind> {
    let header = kinds.iter().position(|kind| *kind == Kind::Text);
    let has_figure = |row: &[Slot]| row.iter().skip(1).any(|slot| slot.figure().is_some() && !is_year(slot));
    let is_header = |index: usize| header.is_none_or(|header| index <= header);
    let sparse = |(index, (kind, row)): (usize, (Kind, &Vec<Slot>))| match kind {
        Kind::Text if !is_header(index) && row.len() > 2 && has_figure(row) => Kind::Numeric,
        kind => kind,
    };
    kinds.into_iter().zip(&sheet.rows).enumerate().map(sparse).collect()
}

/// A row of the header printed again at the head of a page: what it says is known.
fn repeats_header(row: &[Slot], named: &HashSet<&str>) -> bool {
    row.len() > 1 && row.iter().all(|slot| named.contains(slot.text.as_str()))
}

/// True where the last row that shows anything is a header.
fn stands_below_header(roles: &[Role]) -> bool {
    roles.iter().rev().find(|role| **role != Role::Empty) == Some(&Role::Header)
}

/// True right below a lone label: it is the title of a block whose header is its own.
fn is_titled(kinds: &[Kind], roles: &[Role]) -> bool {
    let above = kinds.iter().take(roles.len()).rev().find(|kind| **kind != Kind::Empty);
    above == Some(&Kind::Single)
}

/// Behind its label the same words in each column, `见附件`, and no header has them: they stand for numbers.
fn says_one_thing(row: &[Slot], named: &HashSet<&str>) -> bool {
    let Some((label, behind)) = row.split_first().filter(|(label, _)| label.column == 0 && label.width == 1) else { return false };
    let [first, _, ..] = behind else { return false };
    let is_same = behind.iter().all(|slot| slot.text == first.text && slot.width == 1);
    is_same && label.text != first.text && !named.contains(first.text.as_str())
}

/// Behind its label nothing but numbers and digits that are none, `10-20`: a row like those above it, not a header.
fn is_unread(row: &[Slot]) -> bool {
    let [label, behind @ ..] = row else { return false };
    label.column == 0 && !label.is_unread() && !behind.is_empty() && behind.iter().all(|slot| slot.is_datum() || slot.is_unread())
}

/// Without a number anywhere: one header row, the rest says what it says.
fn text_roles(kinds: &[Kind]) -> Vec<Role> {
    let header = kinds.iter().position(|kind| *kind == Kind::Text);
    let role = |(index, kind): (usize, &Kind)| match kind {
        Kind::Empty => Role::Empty,
        _ if header.is_none_or(|header| index < header) => Role::Title,
        _ if header == Some(index) => Role::Header,
        _ => Role::Data,
    };
    kinds.iter().enumerate().map(role).collect()
}

fn kind(row: &[Slot], n_columns: usize, words: &Words) -> Kind {
    if numbers_columns(row) || letters_columns(row) {
        return Kind::Count;
    }
    let n_data = row.iter().filter(|slot| slot.is_datum()).count();
    let n_figures = row.iter().filter(|slot| slot.figure().is_some()).count();
    match row {
        [] => Kind::Empty,
        [only] if n_figures == 1 && only.column > 0 && is_year(only) => Kind::Count,
        [only] if n_figures == 1 && (only.column > 0 || n_columns == 1) => Kind::Numeric,
        [_] => Kind::Single,
        [label, behind @ ..] if n_figures == 0 && label.column == 0 && !label.is_datum() && behind.iter().all(is_dash) => Kind::Numeric,
        _ if n_figures == 0 && n_data < 2 || n_data * 2 + 1 < row.len() => Kind::Text,
        _ if is_count(row, words) => Kind::Count,
        _ => Kind::Numeric,
    }
}

/// A mark for nothing that is no word: `—`, not `kg`.
fn is_dash(slot: &Slot) -> bool {
    slot.is_datum() && !slot.text.contains(|character: char| character.is_alphabetic() || character == '%')
}

/// `1  2  3=2/1*100`: each column's number, and how it is worked out of others.
fn numbers_columns(row: &[Slot]) -> bool {
    let starts = |slot: &Slot| slot.text.starts_with(|character: char| character.is_ascii_digit());
    count_columns(row, starts, |head| head.parse().ok())
}

/// `A=B+C  B  C`: the same in letters, which name nothing.
pub fn letters_columns(row: &[Slot]) -> bool {
    let letter = |head: &str| head.chars().next().filter(|letter| head.len() == 1 && letter.is_ascii_alphabetic());
    count_columns(row, |slot| letter(head_of(slot)).is_some(), |head| letter(head).map(|letter| letter as i128))
}

/// What stands before the sign of a formula.
fn head_of(slot: &Slot) -> &str {
    slot.text.split(['=', '＝']).next().unwrap_or_default().trim()
}

/// From the first cell on that starts the count each counts one further, and one is a formula.
fn count_columns(row: &[Slot], starts: impl Fn(&Slot) -> bool, number: impl Fn(&str) -> Option<i128>) -> bool {
    let numbers: Option<Vec<i128>> = row.iter().skip_while(|slot| !starts(slot)).map(|slot| number(head_of(slot))).collect();
    let has_formula = row.iter().any(|slot| slot.text.contains(['=', '＝']));
    let counts_on = |numbers: &[i128]| numbers.windows(2).all(|pair| matches!(pair, [one, other] if *other == one + 1));
    numbers.is_some_and(|numbers| has_formula && numbers.len() > 1 && counts_on(&numbers))
}

/// Years, or the numbers of columns, and at most a label before them; behind years that follow one another any words.
fn is_count(row: &[Slot], words: &Words) -> bool {
    let n_labels = row.iter().take_while(|slot| slot.figure().is_none()).count();
    let (labels, behind) = row.split_at_checked(n_labels).unwrap_or((row, &[]));
    let figures = || behind.iter().filter(|slot| slot.figure().is_some());
    let values: Vec<i128> = figures().filter_map(Slot::figure).filter(|figure| figure.decimals == 0).map(|figure| figure.digits).collect();
    let plain = figures().all(|slot| !slot.text.contains([',', '.', '%', '$']));
    if values.len() < 2 || !plain {
        return false;
    }
    let steps: Vec<i128> = values.windows(2).map(|pair| if let [one, other] = pair { other - one } else { 0 }).collect();
    let all_step = |wanted: i128| steps.iter().all(|&step| step == wanted);
    let is_mostly_counted = values.len() * 3 >= behind.len() * 2;
    if figures().all(is_year) {
        return is_mostly_counted || all_step(1) || all_step(-1);
    }
    // A row of numbers may count on as well; the numbers of columns have no name, or one of few.
    let is_numbering = labels.iter().all(|slot| words.numbering.is_in(&slot.text));
    is_mostly_counted && is_numbering && all_step(1) && values.first().is_some_and(|&first| first <= 2) && values.len() > 2
}

fn is_year(slot: &Slot) -> bool {
    slot.figure().is_some_and(|figure| figure.decimals == 0 && (1900..=2100).contains(&figure.digits)) && slot.text.len() == 4
}

/// The first row of the header above the first row of numbers: everything above it is a title. A line with the table's unit
/// is none of it, however many cells it has.
fn find_header(sheet: &Sheet, kinds: &[Kind], first: usize, words: &Words) -> usize {
    let above = kinds.get(..first).unwrap_or_default();
    let wide = |index: &usize| matches!(kinds.get(*index), Some(Kind::Text | Kind::Count));
    let says_unit = |index: usize| {
        let row = sheet.rows.get(index).map(Vec::as_slice).unwrap_or_default();
        row.iter().any(|slot| words.unit.after_mark(&slot.text).is_some())
    };
    let n_lines = (0..above.len()).rposition(|index| wide(&index) && says_unit(index)).map_or(0, |index| index + 1);
    match (n_lines..above.len()).find(wide).or_else(|| (0..above.len()).find(wide)) {
        Some(start) => start,
        // A header of one cell stands over the numbers, not over their labels.
        None => (0..above.len())
            .find(|&index| sheet.rows.get(index).is_some_and(|row| row.first().is_some_and(|slot| slot.column > 0)))
            .unwrap_or(first),
    }
}

/// The first row below the header: a row without numbers is one where its label's number belongs to a series that rows of
/// numbers go on with.
fn find_series(sheet: &Sheet, kinds: &[Kind], above: std::ops::Range<usize>) -> usize {
    let style = |index: usize| {
        let slot = sheet.rows.get(index)?.first().filter(|slot| slot.column == 0 && slot.height == 1)?;
        Some(row_mark(&slot.text)?.0)
    };
    let numbered: BTreeSet<Style> =
        (above.end..kinds.len()).filter(|&index| kinds.get(index) == Some(&Kind::Numeric)).filter_map(style).collect();
    let is_of_series = |index: &usize| style(*index).is_some_and(|style| numbered.contains(&style));
    above.clone().skip(1).find(is_of_series).unwrap_or(above.end)
}

/// Lone labels behind the last numbers whose own numbers go on from those of the rows above.
fn n_resumed(sheet: &Sheet, kinds: &[Kind], last: usize) -> usize {
    let label = |index: usize| row_mark(&sheet.rows.get(index)?.first().filter(|slot| slot.column == 0)?.text);
    let Some((style, mut number)) = (0..=last).rev().find_map(label) else { return 0 };
    let goes_on = |index: &usize| {
        number += 1;
        kinds.get(*index) == Some(&Kind::Single) && label(*index) == Some((style, number))
    };
    (last + 1..kinds.len()).take_while(goes_on).count()
}

/// Where the lone labels right above the first numbers begin: they name the rows below; higher up they belong to the header.
/// Of tables side by side each may have one of its own, where the header above them leaves no column of numbers out.
fn find_labels(sheet: &Sheet, kinds: &[Kind], header: usize) -> usize {
    let end = kinds.iter().position(|kind| *kind == Kind::Numeric).unwrap_or(kinds.len());
    let is_lone = |row: &[Slot], kind: &Kind| match kind {
        Kind::Empty => true,
        Kind::Single => row.first().is_some_and(|slot| slot.column == 0),
        _ => false,
    };
    let begin = |is_label: &dyn Fn(&[Slot], &Kind) -> bool| {
        end - sheet.rows.iter().zip(kinds).take(end).rev().take_while(|(row, kind)| is_label(row, kind)).count()
    };
    let lone = begin(&is_lone);
    // The header's first row is none of them.
    if lone < header + 2 || kinds.get(lone - 1) != Some(&Kind::Text) {
        return lone;
    }
    let numeric = || sheet.rows.iter().zip(kinds).filter(|(_, kind)| **kind == Kind::Numeric).map(|(row, _)| row);
    let names = mostly(sheet.n_columns, numeric(), |_| true, |slot| !slot.is_datum());
    let begins = begin(&|row, kind| is_lone(row, kind) || *kind == Kind::Text && stand_in_stubs(row, &names));
    let above = sheet.rows.get(header..begins).unwrap_or_default();
    let named: BTreeSet<usize> = above.iter().flatten().flat_map(|slot| slot.column..slot.column + slot.width).collect();
    let is_complete = numeric().flatten().filter(|slot| slot.is_datum()).all(|slot| named.contains(&slot.column));
    if is_complete { begins } else { lone }
}

/// Each word of a row stands in columns of labels, and columns of numbers part it from the next.
fn stand_in_stubs(row: &[Slot], names: &[bool]) -> bool {
    let is_label = |slot: &Slot| !slot.is_datum() && names.get(slot.column) == Some(&true);
    let are_parted = |pair: &[Slot]| match pair {
        [left, right] => names.get(left.column..right.column).is_some_and(|between| between.contains(&false)),
        _ => true,
    };
    row.iter().all(is_label) && row.windows(2).all(are_parted)
}

/// Years among the rows are a header where words or nothing stand above them, else they are numbers like any.
fn count_role(kinds: &[Kind], index: usize) -> Role {
    let above = index.checked_sub(1).and_then(|above| kinds.get(above));
    if matches!(above, Some(Kind::Empty | Kind::Single | Kind::Text)) { Role::Header } else { Role::Data }
}

fn is_note(row: &[Slot], words: &Words) -> bool {
    const LONGEST_LABEL: usize = 120;
    row.first()
        .is_some_and(|slot| slot.text.chars().count() > LONGEST_LABEL || words.note.begins(&slot.text) && slot.text.contains([':', '：']))
}

/// For each row, whether it is one of words in several columns that stand over columns of numbers: a header among the numbers,
/// else a row of words.
fn stand_over_numbers(sheet: &Sheet, kinds: &[Kind]) -> Vec<bool> {
    let mut stand = vec![false; kinds.len()];
    let mut next: &[Slot] = &[];
    let mut columns: Option<HashSet<usize>> = None;
    for ((row, kind), stands) in sheet.rows.iter().zip(kinds).zip(&mut stand).rev() {
        match kind {
            Kind::Numeric => (next, columns) = (row, None),
            Kind::Text => {
                let of_next = || next.iter().filter(|slot| slot.is_datum()).map(|slot| slot.column).collect();
                let columns = columns.get_or_insert_with(of_next);
                *stands = row.iter().filter(|slot| columns.contains(&slot.column)).count() * 2 >= row.len();
            }
            _ => {}
        }
    }
    stand
}

/// For each column: most of what it shows in the rows of numbers are words. Digits that cannot be read are none behind the
/// first column, where numbers stand among them; a row of words alone tells nothing.
pub fn naming_columns(sheet: &Sheet, roles: &[Role]) -> Vec<bool> {
    let data = || sheet.rows.iter().zip(roles).filter(|(row, role)| role.is_data() && row.iter().any(Slot::is_datum)).map(|(row, _)| row);
    let counted: HashSet<usize> = data().flatten().filter(|slot| slot.figure().is_some()).map(|slot| slot.column).collect();
    let is_number = |slot: &Slot| slot.column > 0 && slot.is_unread() && !slot.is_range() && counted.contains(&slot.column);
    mostly(sheet.n_columns, data(), |_| true, |slot| !slot.is_datum() && !is_number(slot))
}

/// Columns from the left in which the rows of numbers have words, or years or ordinals that name them.
fn n_stub(sheet: &Sheet, roles: &[Role]) -> usize {
    let data = || sheet.rows.iter().zip(roles).filter(|(_, role)| role.is_data()).map(|(row, _)| row);
    let names = naming_columns(sheet, roles);
    let n_words = names.iter().take_while(|names| **names).count();
    if n_words > 0 {
        // Ordinals or codes may stand before the words.
        return n_words;
    }
    let first: Vec<i128> =
        data().filter_map(|row| row.iter().find(|slot| slot.column == 0)).filter_map(Slot::figure).map(|figure| figure.digits).collect();
    let n_rows = data().count();
    let steps: Vec<i128> = first.windows(2).map(|pair| if let [one, other] = pair { other - one } else { 0 }).collect();
    let counts = !first.is_empty()
        && (steps.iter().all(|&step| step == 1)
            || steps.iter().all(|&step| step == -1)
            || first.iter().all(|year| (1900..=2100).contains(year)));
    let has_words_behind = names.get(1) == Some(&true);
    usize::from(sheet.n_columns > 1 && (first.is_empty() && n_rows > 0 || counts && n_rows > 1 || has_words_behind))
        + usize::from(sheet.n_columns > 2 && has_words_behind)
}
