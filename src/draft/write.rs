//! A form → the text of a grammar file.

use super::claims::Address;
use super::merge::{BandForm, Form, Labels, Line, TableForm};
use super::sums::{Sum, is_total};
use crate::generic::unit::find_in_caption;
use crate::grammar::words::built_in;
use crate::label::key;
use std::fmt::Write;

/// One line of a grammar: a group, or a row or column that prints numbers.
struct Entry<'l> {
    id: String,
    labels: &'l [String],
    is_optional: bool,
    is_total: bool,
    /// Index of its line; none for a group.
    line: Option<usize>,
}

/// Write a form down. Writing to a string cannot fail.
pub(super) fn toml(form: &Form, id: &str) -> String {
    let mut out = String::new();
    let years: Vec<String> = form.years.iter().map(i32::to_string).collect();
    let _ = writeln!(
        out,
        "# Drafted from reports on {}. Ids count what is printed: rename them as you like, in the sums as well.",
        years.join(", ")
    );
    if form.n_unknown > 0 {
        let _ = writeln!(
            out,
            "# {} parts of tables are left out: their layout does not tell labels from numbers. A sample as a web page may.",
            form.n_unknown
        );
    }
    let _ = writeln!(out, "\nfamily = {}\ntitle  = {}", quote(id), quote(&form.title));
    if !form.editions.is_empty() {
        let last = |index: usize| form.editions.get(index + 1).map_or(String::new(), |next| (next - 1).to_string());
        let edition = |(index, first): (usize, &i32)| format!("{} = \"{first}..{}\"", quote(&first.to_string()), last(index));
        let editions: Vec<String> = form.editions.iter().enumerate().map(edition).collect();
        let _ = writeln!(
            out,
            "# Columns change; the samples do not tell in which year before the later one.\neditions = {{ {} }}",
            editions.join(", ")
        );
    }
    if !form.undescribed.is_empty() {
        let ids: Vec<String> = form.undescribed.iter().map(|index| quote(&format!("s{}", index + 1))).collect();
        let ids = ids.join(", ");
        let _ = writeln!(out, "# Tables of these sections are left out; reading a report that prints one tells so.\nundescribed = [{ids}]");
    }
    let _ = writeln!(out, "\n[sections]");
    for (index, section) in form.sections.iter().enumerate() {
        let _ = writeln!(out, "{} = {}", quote(&format!("s{}", index + 1)), value(&section.any, section.is_optional, &[]));
    }
    for (index, table) in form.tables.iter().enumerate() {
        write_table(&mut out, table, index, &form.editions);
    }
    write_claims(&mut out, form);
    out
}

/// So many samples make a saying sure: two may agree and mean a sum of which one part is nothing in both.
const LEAST_SAYING: usize = 3;

/// Sayings with the cell they state, and the words that make a number another matter. What only two samples say is left
/// to the reader.
fn write_claims(out: &mut String, form: &Form) {
    if form.claims.is_empty() {
        return;
    }
    let mark = |is_sure: bool| if is_sure { "" } else { "# " };
    let of_all = mark(form.claims.iter().any(|claim| claim.n_samples >= LEAST_SAYING));
    let quiet: Vec<String> = built_in().quiet.words().map(quote).collect();
    let _ = writeln!(out, "\n# Sentences that state a cell. A number with one of these words before it is another matter.");
    let _ = writeln!(out, "{of_all}[prose]\n{of_all}quiet = [{}]", quiet.join(", "));
    for (index, claim) in form.claims.iter().enumerate() {
        let Some(cell) = cell_id(form, claim.cell) else { continue };
        let says: Vec<String> = claim.says.iter().map(|(words, unit)| quote(&format!("{words}{{n}}{unit}"))).collect();
        let says = if let [only] = says.as_slice() { only.clone() } else { format!("[{}]", says.join(", ")) };
        let own = mark(claim.n_samples >= LEAST_SAYING);
        let _ = writeln!(out, "\n{own}[[claim]]                # so in {} samples\n{own}id   = \"k{}\"", claim.n_samples, index + 1);
        let _ = writeln!(out, "{own}says = {says}\n{own}is   = {}", quote(&cell));
    }
}

/// The id of a cell as the tables above have it.
fn cell_id(form: &Form, [table, band, row, column]: Address) -> Option<String> {
    let own = form.tables.get(table)?;
    let band = own.bands.get(band)?;
    let letter = if own.is_plain() { "r".to_string() } else { format!("b{}r", band.number) };
    let (rows, columns) = (tree_named(&band.rows, &letter), tree(&band.columns, 'c'));
    let id = |entries: &[Entry], line: usize| entries.iter().find(|entry| entry.line == Some(line)).map(|entry| entry.id.clone());
    Some(format!("t{}/{}/{}", table + 1, id(&rows, row)?, id(&columns, column)?))
}

fn write_table(out: &mut String, table: &TableForm, index: usize, editions: &[i32]) {
    let _ = writeln!(out, "\n[[table]]\nid      = \"t{}\"\nsection = \"s{}\"", index + 1, table.section + 1);
    if let Some(unit) = &table.unit {
        let _ = writeln!(out, "unit    = {}", quote(unit));
    }
    let stub: Vec<String> = table.stub.iter().map(|words| quote(words)).collect();
    if !stub.is_empty() {
        let _ = writeln!(out, "stub    = [{}]", stub.join(", "));
    }
    match table.bands.as_slice() {
        [band] if table.is_plain() => {
            let (columns, rows) = (tree(&band.columns, 'c'), tree(&band.rows, 'r'));
            write_entries(out, "table.columns", &columns);
            write_entries(out, "table.rows", &rows);
            write_sums(out, "table.check.rows", &band.sums.rows, &rows, &band.rows);
            write_sums(out, "table.check.columns", &band.sums.columns, &columns, &band.columns);
        }
        bands => bands.iter().for_each(|band| write_band(out, band, editions)),
    }
}

impl TableForm {
    /// True for a table of one band, which needs no line of its own.
    fn is_plain(&self) -> bool {
        matches!(self.bands.as_slice(), [band] if band.opens.is_none())
    }
}

/// Stacked bands share the ids of a table, and so their rows carry the number of the band's line.
fn write_band(out: &mut String, band: &BandForm, editions: &[i32]) {
    let _ = writeln!(out, "\n[[table.band]]");
    if let Some(opens) = &band.opens {
        let _ = writeln!(out, "opens   = {}", quote(opens));
    }
    if let Some(edition) = band.edition.and_then(|index| editions.get(index)) {
        let _ = writeln!(out, "edition = {}", quote(&edition.to_string()));
    }
    let letter = format!("b{}r", band.number);
    for (name, entries) in [("columns", tree(&band.columns, 'c')), ("rows", tree_named(&band.rows, &letter))] {
        let items: Vec<String> = entries.iter().map(|entry| format!("{} = {}", quote(&entry.id), describe(entry))).collect();
        let _ = writeln!(out, "{name:7} = {{ {} }}", items.join(", "));
    }
}

fn write_entries(out: &mut String, head: &str, entries: &[Entry]) {
    let _ = writeln!(out, "\n[{head}]");
    for entry in entries {
        let _ = writeln!(out, "{} = {}", quote(&entry.id), describe(entry));
    }
}

fn describe(entry: &Entry) -> String {
    // Samples that print different units tell none: each header states its own.
    let mut units: Vec<String> = entry.labels.iter().filter_map(|label| find_in_caption(label, built_in())).collect();
    units.dedup();
    let unit = if let [unit] = units.as_slice() { Some(unit).filter(|_| entry.line.is_some()) } else { None };
    let unit = unit.map(|unit| format!("unit = {}", quote(unit)));
    let total = entry.is_total.then(|| "aggregate = true".to_string());
    let more: Vec<String> = [total, unit].into_iter().flatten().collect();
    value(entry.labels, entry.is_optional, &more)
}

/// A label, or a table of it with what else is known.
fn value(labels: &[String], is_optional: bool, more: &[String]) -> String {
    let all: Vec<String> = labels.iter().map(|label| quote(label)).collect();
    let label = if let [only] = all.as_slice() { only.clone() } else { format!("[{}]", all.join(", ")) };
    let optional = is_optional.then(|| "optional = true".to_string());
    let more: Vec<String> = optional.into_iter().chain(more.iter().cloned()).collect();
    if more.is_empty() { label } else { format!("{{ label = {label}, {} }}", more.join(", ")) }
}

fn quote(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|character| match character {
            '\\' => "\\\\".to_string(),
            '"' => "\\\"".to_string(),
            control if control.is_control() => " ".to_string(),
            other => other.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

fn tree(lines: &[Line], letter: char) -> Vec<Entry<'_>> {
    tree_named(lines, &letter.to_string())
}

/// Ids in printed order, groups before what stands in them: r3, r3.r1, r3.r2 …
fn tree_named<'l>(lines: &'l [Line], letter: &str) -> Vec<Entry<'l>> {
    let words = built_in();
    let mut entries: Vec<Entry> = Vec::new();
    // Open groups: label, id, number of what stands in it so far.
    let mut open: Vec<(String, String, usize)> = Vec::new();
    let mut n_top = 0;
    let mut next = |open: &mut Vec<(String, String, usize)>| match open.last_mut() {
        Some((_, id, n_inside)) => {
            *n_inside += 1;
            format!("{id}.{letter}{n_inside}")
        }
        None => {
            n_top += 1;
            format!("{letter}{n_top}")
        }
    };
    for (index, line) in lines.iter().enumerate() {
        let n_same = open.iter().zip(&line.groups).take_while(|((own, ..), group)| *own == key(group)).count();
        open.truncate(n_same);
        for group in line.groups.iter().skip(n_same) {
            let id = next(&mut open);
            entries.push(Entry { id: id.clone(), labels: std::slice::from_ref(group), is_optional: false, is_total: false, line: None });
            open.push((key(group), id, 0));
        }
        let Labels { any, is_optional, .. } = &line.labels;
        let id = next(&mut open);
        entries.push(Entry { id, labels: any, is_optional: *is_optional, is_total: is_total(line, words), line: Some(index) });
    }
    entries
}

fn write_sums(out: &mut String, head: &str, sums: &[Sum], entries: &[Entry], lines: &[Line]) {
    if !sums.is_empty() {
        let mark = if sums.iter().any(|sum| sum.is_sure) { "" } else { "# " };
        let _ = writeln!(out, "\n{mark}[{head}]");
    }
    // What the samples do not bear out is left to the reader, below the rest.
    let (sure, doubtful): (Vec<&Sum>, Vec<&Sum>) = sums.iter().partition(|sum| sum.is_sure);
    for (index, sum) in sure.into_iter().chain(doubtful).enumerate() {
        let (left, right) = (terms(&sum.left, entries, lines), terms(&sum.right, entries, lines));
        let mark = if sum.is_sure { "" } else { "# " };
        let remark =
            if sum.n_off > 0 { format!("    # fails in {} of {} places of the samples", sum.n_off, sum.n_seen) } else { String::new() };
        let few =
            if sum.n_off == 0 && !sum.is_sure { format!("    # seen in {} places of the samples", sum.n_seen) } else { String::new() };
        let _ = writeln!(out, "{mark}sum{} = '{left} = {right}'{remark}{few}", index + 1);
    }
}

/// Lines as terms: whole groups as `g.**`, the others by their ids.
fn terms(own: &[usize], entries: &[Entry], lines: &[Line]) -> String {
    let words = built_in();
    let under = |entry: &Entry, group: &str| entry.id.strip_prefix(group).is_some_and(|rest| rest.starts_with('.'));
    let is_whole = |group: &Entry| {
        let mut inside = entries.iter().filter(|entry| under(entry, &group.id)).filter_map(|entry| entry.line);
        let counts = |line: &usize| own.contains(line) || lines.get(*line).is_some_and(|line| is_total(line, words));
        inside.all(|line| counts(&line))
    };
    let groups: Vec<&Entry> = entries.iter().filter(|entry| entry.line.is_none() && own.len() > 1 && is_whole(entry)).collect();
    let mut terms: Vec<String> = Vec::new();
    for entry in entries {
        let in_group = groups.iter().any(|group| under(entry, &group.id));
        let is_own = entry.line.is_some_and(|line| own.contains(&line));
        if groups.iter().any(|group| group.id == entry.id) && !in_group {
            terms.push(format!("sum({}.**)", entry.id));
        } else if is_own && (!in_group || lines.get(entry.line.unwrap_or_default()).is_some_and(|line| is_total(line, words))) {
            terms.push(entry.id.clone());
        }
    }
    terms.join(" + ")
}
