//! Sentences against tables: a number that the text states and the table must print.
//!
//! In: paragraphs, the family's claims, the fitted tables. Out: each claim that was recognised, with what the table says
//! of it, and a flag where the two differ. A sentence is matched only where its words leave no other reading: a number
//! of another office, another year, a part of a part, a neighbouring notion stays a sentence.

pub mod sentence;

use crate::check::operand;
use crate::check::words::name;
use crate::doc::Document;
use crate::exact;
use crate::fit::{Fitted, FittedTable};
use crate::flag::{Code, Fault, Flag, Flagged, Message, Related};
use crate::fold::fold;
use crate::grammar::{CellSum, CellTerm, Claim, Element, Family, Item, Pattern, Saying, TableForm, is_under};
use crate::identify::Identity;
use crate::outline::Outline;
use crate::place::Span;
use crate::sums::{Expanded, Operand, expand};
use rust_decimal::Decimal;
use sentence::{Sentence, Stated, Words, is_stop, sentences};
use std::ops::Range;

/// A claim found in the text.
#[derive(Debug, Clone)]
pub struct Found {
    /// Id of the claim in the grammar.
    pub id: String,
    /// The number in the sentence.
    pub span: Span,
    /// The words that were recognised, the number among them.
    pub quote: Span,
    /// What the sentence states.
    pub stated: Decimal,
    /// What the table says.
    pub verdict: Verdict,
    /// Keys of the cells it speaks of.
    pub cells: Vec<String>,
}

/// What the table says of a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The same number.
    Confirmed,
    /// Another one: this.
    Off(Decimal),
    /// A cell is blank, lost or ambiguous.
    NotCheckable,
}

/// What a family's claims are held against.
struct Ledger<'a> {
    fitted: &'a Fitted,
    family: &'a Family,
    year: Option<i32>,
    /// The digits of the year after it.
    next_year: Option<Vec<char>>,
    publisher: Vec<char>,
    /// The words that say what a sentence speaks of.
    topics: Vec<&'a String>,
}

impl Ledger<'_> {
    /// The table's number, where a claim speaks of one cell.
    fn find_cell(&self, keys: &[String]) -> Option<Related> {
        let [key] = keys else { return None };
        let cells = self.fitted.tables.iter().flat_map(|table| table.cells.iter().map(move |cell| (table, cell)));
        let found = cells
            .filter_map(|(table, cell)| Some((FittedTable::key(self.family.tables.get(table.form)?, &cell.row, &cell.column), cell.span?)));
        found.filter(|(own, _)| own == key).map(|(label, span)| Related { span, label }).next()
    }
}

/// Check every claim of a document.
pub fn check_claims(document: &Document, outline: &Outline, fitted: &Fitted, family: &Family, identity: &Identity) -> Flagged<Vec<Found>> {
    if family.claims.is_empty() {
        return Flagged { value: Vec::new(), flags: Vec::new() };
    }
    let publisher = identity.publisher.iter().flat_map(|name| fold(name).chars().collect::<Vec<_>>()).collect();
    let topics: Vec<&String> = family.claims.iter().flat_map(|claim| &claim.under).collect();
    let next_year = identity.year.map(|year| (year + 1).to_string().chars().collect());
    let ledger = Ledger { fitted, family, year: identity.year, next_year, publisher, topics };
    let (mut found, mut flags) = (Vec::new(), Vec::new());
    for sentence in sentences(document, outline) {
        for stated in &sentence.numbers {
            if let Some(claim) = ledger.find(&sentence, stated) {
                let share = ledger.check_share(&sentence, stated, &claim);
                flags.extend(tell(&claim, &ledger, share));
                found.push(claim);
            }
        }
    }
    Flagged { value: found, flags }
}

impl Ledger<'_> {
    /// The claim that a number makes: of those whose words fit, the one with the most.
    fn find(&self, sentence: &Sentence, stated: &Stated) -> Option<Found> {
        let fits = |claim: &'_ Claim| {
            let matches = claim.says.iter().filter_map(|saying| Some((self.matches(sentence, stated, saying)?, saying)));
            let (said, saying) = matches.min_by_key(|(said, _)| said.start)?;
            let start = said.start;
            (self.is_on_topic(sentence, stated, claim) && !self.is_quiet(sentence, said, stated, saying)).then_some(start)
        };
        let (start, claim) = self.family.claims.iter().filter_map(|claim| Some((fits(claim)?, claim))).min_by_key(|(start, _)| *start)?;
        let printed = || claim.is.iter().filter(|sum| self.is_printed(sum)).map(|sum| self.evaluate(sum));
        let verdict = if printed().any(|value| value == Some(stated.value)) {
            Verdict::Confirmed
        } else {
            match printed().collect::<Option<Vec<Decimal>>>().and_then(|values| values.first().copied()) {
                Some(value) => Verdict::Off(value),
                None => Verdict::NotCheckable,
            }
        };
        let cells = claim.is.iter().find(|sum| self.is_printed(sum)).map(|sum| self.keys(sum)).unwrap_or_default();
        let (span, quote) = (sentence.span(stated.from, stated.to), sentence.span(start, stated.to));
        Some(Found { id: claim.id.clone(), span, quote, stated: stated.value, verdict, cells })
    }

    /// The sentence speaks of what the claim is about.
    fn is_on_topic(&self, sentence: &Sentence, stated: &Stated, claim: &Claim) -> bool {
        let words = sentence.look_up(&self.family.vocabulary);
        let is_there = |word: &String| words.holds(word, 0..sentence.folded.len());
        let needed = claim.needs.is_empty() || claim.needs.iter().any(is_there);
        let barred = claim.not.iter().any(is_there);
        let topics = self.topics.iter().filter_map(|word| Some((words.find_last(word, 0..stated.from)?, *word)));
        let last = topics.max_by_key(|(at, _)| *at);
        let under = claim.under.is_empty() || last.is_some_and(|(_, word)| claim.under.contains(word));
        let about = claim.about.is_empty() || claim.about.iter().any(|word| words.holds(word, 0..stated.from));
        needed && about && !barred && under
    }

    /// True when the table of each cell prints its column: a column of another edition is not there to be compared.
    fn is_printed(&self, sum: &CellSum) -> bool {
        let has = |term: &CellTerm| {
            let Some((table, _)) = self.table(&term.table) else { return false };
            match &term.column {
                Pattern::Id(id) => table.cells.iter().any(|cell| *cell.column == *id),
                _ => true,
            }
        };
        sum.terms.iter().all(has)
    }

    /// From the saying's first word to its last, if its words stand round the number.
    fn matches(&self, sentence: &Sentence, stated: &Stated, saying: &Saying) -> Option<Range<usize>> {
        let end = self.match_forward(&saying.after, &sentence.folded, stated.to)?;
        Some(self.match_back(&saying.before, &sentence.folded, stated.from)?..end)
    }

    fn match_back(&self, elements: &[Element], text: &[char], end: usize) -> Option<usize> {
        let Some((last, rest)) = elements.split_last() else { return Some(end) };
        let before = text.get(..end)?;
        let word = |word: &[char]| self.match_back(rest, text, before.strip_suffix(word)?.len());
        match last {
            Element::Words { any, optional } => {
                // Nearly all words differ in the character beside the number.
                let mut alike = any.iter().filter(|own| own.last() == before.last());
                alike.find_map(|own| word(own)).or_else(|| if *optional { self.match_back(rest, text, end) } else { None })
            }
            Element::NextYear => word(self.next_year.as_deref()?),
            Element::Gap(most) => {
                let free =
                    before.iter().rev().take(*most).take_while(|character| !is_stop(**character) && !character.is_ascii_digit()).count();
                (0..=free).find_map(|skipped| self.match_back(rest, text, end - skipped))
            }
        }
    }

    fn match_forward(&self, elements: &[Element], text: &[char], start: usize) -> Option<usize> {
        let Some((first, rest)) = elements.split_first() else { return Some(start) };
        let after = text.get(start..)?;
        let word = |word: &[char]| self.match_forward(rest, text, text.len() - after.strip_prefix(word)?.len());
        match first {
            Element::Words { any, optional } => {
                let mut alike = any.iter().filter(|own| own.first() == after.first());
                alike.find_map(|own| word(own)).or_else(|| if *optional { self.match_forward(rest, text, start) } else { None })
            }
            Element::NextYear => word(self.next_year.as_deref()?),
            Element::Gap(most) => {
                let free = after.iter().take(*most).take_while(|character| !is_stop(**character) && !character.is_ascii_digit()).count();
                (0..=free).find_map(|skipped| self.match_forward(rest, text, start + skipped))
            }
        }
    }

    /// True where the words round it say that the number is another matter.
    fn is_quiet(&self, sentence: &Sentence, said: Range<usize>, stated: &Stated, saying: &Saying) -> bool {
        let prose = &self.family.prose;
        let words = sentence.look_up(&self.family.vocabulary);
        let (clause, up_to_number) = (words.clause_before(said.start), words.clause_before(stated.from));
        let behind = sentence.folded.get(said.end..).unwrap_or_default();
        let behind = behind.strip_prefix(&['(']).unwrap_or(behind);
        let is_own_word = |word: &String| {
            saying.before.iter().any(|element| matches!(element, Element::Words { any, .. } if any.iter().any(|own| holds(own, word))))
        };
        let told_apart = |word: &String| words.holds(word, clause.clone()) || words.holds(word, up_to_number.clone()) && !is_own_word(word);
        let other_year = words.last_year(stated.from).is_some_and(|year| self.year.is_some_and(|own| own != year && own + 1 != year));
        let other_month = words.last_month_ends_year(stated.from) == Some(false);
        prose.quiet.iter().any(told_apart)
            || prose.aside.iter().any(|word| words.holds(word, 0..stated.from))
            || prose.behind.iter().any(|word| word.chars().eq(behind.iter().copied().take(word.chars().count())))
            || other_year
            || other_month
            || self.names_more(&words, up_to_number)
            || self.is_of_another_office(sentence, clause.start..stated.from)
    }

    /// An office other than the publisher, or than all of its offices, named in the clause; or in one before it, whose number
    /// was that office's and after which no office is named.
    fn is_of_another_office(&self, sentence: &Sentence, clause: Range<usize>) -> bool {
        let prose = &self.family.prose;
        let words = sentence.look_up(&self.family.vocabulary);
        let last = |ending: &String| Some(words.find_last(ending, 0..clause.end)? + ending.chars().count());
        let ends: Vec<usize> = prose.offices.iter().filter_map(last).collect();
        let Some(&end) = ends.iter().max() else { return false };
        let before = words.clause_before(end);
        if before.start < clause.start {
            let has_number = sentence.numbers.iter().any(|number| (end..clause.start).contains(&number.from));
            let is_part = prose.quiet.iter().any(|word| words.holds(word, before.clone()));
            if !has_number || is_part {
                return false;
            }
        }
        let is_own = |end: usize| {
            let name = words.behind_year_mark(before.start..end);
            prose.own.iter().any(|word| words.holds(word, name.clone()))
                || is_subsequence(sentence.folded.get(name).unwrap_or_default(), &self.publisher)
        };
        // 市政府办公厅代表市政府: of several names in one clause one that is the publisher's will do.
        !ends.into_iter().filter(|&end| end > before.start).any(is_own)
    }

    /// A whole county or system, where the publisher is one office in it.
    fn names_more(&self, words: &Words, clause: Range<usize>) -> bool {
        let prose = &self.family.prose;
        let is_government = prose.governments.iter().any(|word| holds(&self.publisher, word));
        !is_government && prose.wide.iter().any(|word| words.holds(word, clause.clone()))
    }

    /// The value of a sum of cells; none where a cell is lost or ambiguous, or nothing is printed at all.
    fn evaluate(&self, sum: &CellSum) -> Option<Decimal> {
        let (mut total, mut any_printed) = (Decimal::ZERO, false);
        for term in &sum.terms {
            let (table, form) = self.table(&term.table)?;
            for (row, column) in addresses(table, form, term)? {
                match self.value(table, form, &row, &column) {
                    Operand::Unknown => return None,
                    Operand::Nothing => {}
                    Operand::Number(value) => {
                        any_printed = true;
                        total = exact::add(total, value)?;
                    }
                }
            }
        }
        any_printed.then_some(total)
    }

    /// What the rows and columns of a sum are called.
    fn words_of(&self, sum: &CellSum) -> String {
        let words = |term: &CellTerm| {
            let form = self.family.tables.iter().find(|form| form.id == term.table)?;
            let (Pattern::Id(row) | Pattern::Children(row) | Pattern::Leaves(row)) = &term.row;
            let (Pattern::Id(column) | Pattern::Children(column) | Pattern::Leaves(column)) = &term.column;
            let rows: Vec<&Item> = form.bands.iter().flat_map(|band| &band.rows).collect();
            let columns: Vec<&Item> = form.bands.iter().flat_map(|band| &band.columns).collect();
            let names = [name(row, &rows), name(column, &columns)];
            Some(names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join("/"))
        };
        sum.terms.iter().filter_map(words).collect::<Vec<_>>().join(" + ")
    }

    fn keys(&self, sum: &CellSum) -> Vec<String> {
        let keys = |term: &CellTerm| {
            let (table, form) = self.table(&term.table)?;
            Some(addresses(table, form, term)?.into_iter().map(|(row, column)| FittedTable::key(form, &row, &column)).collect::<Vec<_>>())
        };
        sum.terms.iter().filter_map(keys).flatten().collect()
    }

    fn table(&self, id: &str) -> Option<(&FittedTable, &TableForm)> {
        let tables = self.fitted.tables.iter().filter_map(|table| Some((table, self.family.tables.get(table.form)?)));
        tables.into_iter().find(|(_, form)| form.id == id)
    }

    /// What a cell says; a blank total counts as the sum of the parts beside it.
    fn value(&self, table: &FittedTable, form: &TableForm, row: &str, column: &str) -> Operand {
        let look = |column: &str| {
            let cell = table.cells.iter().find(|cell| *cell.row == *row && *cell.column == *column);
            cell.map_or(Operand::Unknown, operand)
        };
        let printed = look(column);
        if printed != Operand::Nothing {
            return printed;
        }
        let columns: Vec<&Item> = form.bands.iter().flat_map(|band| &band.columns).collect();
        let own: Vec<&Item> = columns.into_iter().filter(|item| !item.optional || look(&item.id) != Operand::Unknown).collect();
        let parts = expand(&form.column_checks, &own);
        let total = |sum: &Expanded| match sum.left.as_slice() {
            [total] if total.id == column => Some(total.item),
            _ => None,
        };
        let any_part = |sum: &Expanded| sum.right.iter().any(|part| matches!(look(part.id), Operand::Number(_)));
        let mut sums = parts.filter(any_part);
        sums.find_map(|sum| sum.find_missing(total(&sum)?, |part| look(part.id))).map_or(Operand::Nothing, Operand::Number)
    }

    /// A share in percent right behind the claim: `占33.9%`. None where there is none or it fits, the span where it does not.
    fn check_share(&self, sentence: &Sentence, stated: &Stated, claim: &Found) -> Option<(Span, Decimal)> {
        const LONGEST_WORDS: usize = 12;
        let next = sentence.numbers.partition_point(|other| other.from <= stated.to);
        let percent = sentence.numbers.get(next)?;
        let words = sentence.look_up(&self.family.vocabulary);
        let is_share = percent.from - stated.to <= LONGEST_WORDS
            && sentence.folded.get(percent.to) == Some(&'%')
            && self.family.prose.shares.iter().any(|word| words.holds(word, stated.to..percent.from))
            && !self.family.prose.wide.iter().any(|word| words.holds(word, stated.to..percent.from));
        if !is_share {
            return None;
        }
        let counts = [Some(claim.stated), if let Verdict::Off(value) = claim.verdict { Some(value) } else { None }];
        let bases: Vec<Decimal> =
            self.family.prose.share_of.iter().filter_map(|sum| self.evaluate(sum)).filter(|base| !base.is_zero()).collect();
        let digit = Decimal::new(1, percent.value.scale());
        let fits = |count: &Decimal, base: &Decimal| {
            let share = count.checked_mul(Decimal::ONE_HUNDRED).and_then(|count| count.checked_div(*base));
            share.and_then(|share| share.checked_sub(percent.value)).is_some_and(|gap| gap.abs() < digit)
        };
        let known = bases.is_empty() || counts.iter().flatten().any(|count| bases.iter().any(|base| fits(count, base)));
        (!known).then(|| (sentence.span(percent.from, percent.to + 1), percent.value))
    }
}

/// Rows and columns of a term that the table prints; none where a row it speaks of is missing.
fn addresses(table: &FittedTable, form: &TableForm, term: &CellTerm) -> Option<Vec<(String, String)>> {
    let of = |pattern: &Pattern, missing: &[String], ids: &mut dyn Iterator<Item = &str>| -> Option<Vec<String>> {
        let group = match pattern {
            Pattern::Id(id) => return Some(vec![id.clone()]),
            Pattern::Children(group) | Pattern::Leaves(group) => group,
        };
        let mut own: Vec<String> = ids.filter(|id| is_under(id, group)).map(str::to_string).collect();
        own.sort_unstable();
        own.dedup();
        // A group that prints no parts prints its own number.
        let own = if own.is_empty() { vec![group.clone()] } else { own };
        (!missing.iter().any(|id| is_under(id, group))).then_some(own)
    };
    let aggregate = |id: &str| form.bands.iter().flat_map(|band| &band.columns).any(|item| item.id == id && item.aggregate);
    let rows = of(&term.row, &table.missing, &mut table.cells.iter().map(|cell| &*cell.row))?;
    let columns = of(&term.column, &[], &mut table.cells.iter().map(|cell| &*cell.column).filter(|id| !aggregate(id)))?;
    Some(rows.iter().flat_map(|row| columns.iter().map(|column| (row.clone(), column.clone()))).collect())
}

/// True when a word stands among some characters.
fn holds(characters: &[char], word: &str) -> bool {
    let n_chars = word.chars().count();
    n_chars == 0 || characters.windows(n_chars).any(|window| window.iter().copied().eq(word.chars()))
}

/// True when every character of `part` stands in `whole`, in the same order: 市政府办公厅 in 上海市人民政府办公厅.
fn is_subsequence(part: &[char], whole: &[char]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|character| rest.any(|other| other == character))
}

fn tell(claim: &Found, ledger: &Ledger, share: Option<(Span, Decimal)>) -> Option<Flag> {
    let help = Message::plain("sentence and table contradict each other; ask which of the two is meant");
    let related = |(span, percent): (Span, Decimal)| Related { span, label: format!("{percent}%") };
    let flag = match (&claim.verdict, share) {
        (Verdict::Off(value), share) => {
            let sum = ledger.family.claims.iter().find(|own| own.id == claim.id).and_then(|own| own.is.first());
            let facts = [claim.stated.to_string(), value.to_string(), sum.map(|sum| ledger.words_of(sum)).unwrap_or_default()];
            let message = Message::new("the text says {0}; the table gives {1} ({2})", facts);
            Flag {
                related: share.map(related).into_iter().chain(ledger.find_cell(&claim.cells)).collect(),
                ..Flag::new(Code::ClaimOff, message).at(claim.span)
            }
        }
        (_, Some((span, percent))) => {
            let message = Message::new("{0}% is no share that {1} has in the table", [percent.to_string(), claim.stated.to_string()]);
            Flag::new(Code::ClaimOff, message).at(span)
        }
        _ => return None,
    };
    Some(flag.about(claim.cells.clone()).help(help).fault(Fault::Source))
}
