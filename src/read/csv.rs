//! Comma-separated values → Document: one grid, a row for each record.
//!
//! ```text
//!   Item,2019,"1,234"        cells parted by `,` or `;`, quoted where they hold one, a quote doubled within quotes
//! ```
//! Only the records tell such a file from prose: they all have about the same number of cells. A sentence with commas
//! has blanks after them, and the next one has another number of them.

use super::Source;
use super::draft::{Draft, DraftCell};
use crate::doc::Shape;
use crate::flag::Flagged;
use crate::place::{LineIndex, Span};
use csv_core::{ReadFieldResult, ReaderBuilder};

/// A cell of a record: its words, and where it stands in the text.
struct Field {
    words: String,
    span: Span,
}

/// The document, where the text is such a file.
pub fn find(text: &str) -> Option<Flagged<Source>> {
    let delimiter = find_delimiter(text)?;
    let lines = LineIndex::new(text);
    let mut rows = Vec::new();
    let mut end = None;
    for record in records(text, delimiter) {
        // A blank line parts what stands below it from the rows above.
        let start = record.first().map(|field| field.span.start as usize);
        let between = |end: usize| text.get(end..start?).map(|between| memchr::memchr_iter(b'\n', between.as_bytes()).count());
        if end.and_then(between).is_some_and(|n_ends| n_ends > 1) {
            rows.push(Vec::new());
        }
        end = record.last().map(|field| field.span.end as usize);
        let cell = |(column, field): (usize, Field)| DraftCell {
            words: field.words,
            column: u32::try_from(column).unwrap_or(u32::MAX),
            columns: 1,
            rows: 1,
            place: Some(lines.place(text, field.span)),
        };
        rows.push(record.into_iter().enumerate().map(cell).collect::<Vec<DraftCell>>());
    }
    let mut draft = Draft::default();
    draft.grid(rows, Shape::Ragged);
    Some(draft.finish("csv"))
}

/// How much of a text is looked at to tell what it is.
const SAMPLE: usize = 64 * 1024;
/// Fewer records tell nothing.
const LEAST_RECORDS: usize = 3;

/// The character that parts the cells, where the text is of records.
fn find_delimiter(text: &str) -> Option<u8> {
    let whole_lines = || {
        let cut = (0..=SAMPLE).rev().find(|&at| text.is_char_boundary(at))?;
        text.get(..text.get(..cut)?.rfind('\n')?)
    };
    let sample = if text.len() > SAMPLE { whole_lines()? } else { text };
    [b',', b';'].into_iter().find(|&delimiter| is_of_records(sample, delimiter))
}

fn is_of_records(sample: &str, delimiter: u8) -> bool {
    let mark = char::from(delimiter);
    // Most texts have hardly any, and need no look at their lines.
    if memchr::memchr_iter(delimiter, sample.as_bytes()).nth(LEAST_RECORDS - 1).is_none() {
        return false;
    }
    let n_lines = sample.lines().filter(|line| !line.trim().is_empty()).count();
    let n_marked = sample.lines().filter(|line| line.contains(mark)).count();
    if n_marked < LEAST_RECORDS || n_marked * 10 < n_lines * 6 {
        return false;
    }
    let records = records(sample, delimiter);
    let mut widths: Vec<usize> = records.iter().map(Vec::len).filter(|&width| width > 1).collect();
    widths.sort_unstable();
    let common = widths.get(widths.len() / 2).copied().unwrap_or(0);
    let n_alike = widths.iter().filter(|&&width| width == common).count();
    let is_even = common > 1 && n_alike >= LEAST_RECORDS && n_alike * 10 >= records.len() * 7;
    // Prose may fall into even pieces for a while, never into as many as a table has.
    let is_strict = common >= 3 && records.len() >= 5 && n_alike * 20 >= records.len() * 19;
    is_even && !parts_thousands(&records) && (is_strict || !is_prose(&records))
}

/// True where the commas belong to sentences, or to a table laid out another way.
fn is_prose(records: &[Vec<Field>]) -> bool {
    let fields = || records.iter().filter(|record| record.len() > 1).flatten();
    let n_printed = fields().filter(|field| !field.words.trim().is_empty()).count();
    let is_laid_out = |words: &str| words.ends_with('。') || words.trim().contains("   ") || words.contains(['\t', '|']);
    let n_laid_out = fields().filter(|field| is_laid_out(&field.words)).count();
    let behind_first = || records.iter().flat_map(|record| record.iter().skip(1));
    let n_spoken = behind_first().filter(|field| field.words.starts_with(' ') && field.words.trim().len() > 1).count();
    (n_laid_out + n_spoken) * 5 > n_printed
}

/// True where the commas stand in front of the thousands of numbers.
fn parts_thousands(records: &[Vec<Field>]) -> bool {
    let is_digits = |words: &str| words.len() == 3 && words.bytes().all(|byte| byte.is_ascii_digit());
    let parts = |record: &[Field], pair: &[Field]| match pair {
        [before, after] => {
            let n_before = before.words.bytes().rev().take_while(u8::is_ascii_digit).count();
            let whole = is_digits(after.words.get(..3).unwrap_or(""));
            let ends = !after.words.as_bytes().get(3).is_some_and(u8::is_ascii_digit);
            // A lone number has few groups; more cells of three digits are cells.
            let is_group = after.words.len() > 3 || record.len() <= 4;
            (1..=3).contains(&n_before) && whole && ends && is_group
        }
        _ => false,
    };
    let n_joints: usize = records.iter().map(|record| record.len().saturating_sub(1)).sum();
    let n_parted: usize = records.iter().map(|record| record.windows(2).filter(|pair| parts(record, pair)).count()).sum();
    n_parted * 2 > n_joints
}

/// The records of a text, blank lines among them as records without cells.
fn records(text: &str, delimiter: u8) -> Vec<Vec<Field>> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    let bytes = text.as_bytes();
    let (mut found, mut record, mut words) = (Vec::new(), Vec::new(), Vec::new());
    let (mut at, mut start) = (0, 0);
    let mut buffer = [0_u8; 1024];
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let (result, n_read, n_written) = reader.read_field(rest, &mut buffer);
        words.extend_from_slice(buffer.get(..n_written).unwrap_or_default());
        at += n_read;
        match result {
            ReadFieldResult::OutputFull | ReadFieldResult::InputEmpty => {}
            ReadFieldResult::Field { record_end } => {
                record.push(Field { words: String::from_utf8_lossy(&words).into_owned(), span: trimmed(text, start, at) });
                words.clear();
                start = at;
                if record_end {
                    found.push(std::mem::take(&mut record));
                }
            }
            ReadFieldResult::End => return found,
        }
    }
}

/// The bytes of a field without what parts it from the next.
fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let own = text.get(start..end).unwrap_or("");
    let head = own.len() - own.trim_start_matches(['\n', '\r']).len();
    let tail = own.trim_end_matches(['\n', '\r']);
    let tail = tail.strip_suffix([',', ';']).unwrap_or(tail);
    Span::new(start + head, (start + tail.len()).max(start + head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Place;

    fn cells(text: &str) -> Vec<Vec<String>> {
        records(text, b',').into_iter().map(|record| record.into_iter().map(|field| field.words).collect()).collect()
    }

    #[test]
    fn quotes_hold_commas_and_line_ends() {
        assert_eq!(cells("a,\"1,234\",\"b\nc\"\r\n\"x \"\"y\"\"\",,2\n"), [vec!["a", "1,234", "b\nc"], vec!["x \"y\"", "", "2"]]);
    }

    #[test]
    fn cells_keep_their_place() {
        let text = "a,b,c\n1,\"2,5\",3\n4,5,6\n";
        let source = find(text).map(|found| found.value).unwrap();
        let at = source.document.text.find("2,5").unwrap();
        assert_eq!(source.document.place(Span::new(at, at + 3)), Some(Place::Text { line: 2, column: 3, byte: [8, 13] }));
    }

    #[test]
    fn prose_is_no_table() {
        let english = "In May, June and July, it rained.\nThe rest, as they say, is known.\nSo it was, then, and so it is.\n";
        let chinese = "今年,全县新增就业1200人,完成计划。\n明年,全县计划新增就业1300人。\n后年,继续,保持。\n";
        let thousands = "1,234\n56,789\n101,234\n7,801\n";
        let aligned = "Corn      1,234     200\nWheat     2,345     100\nRice      3,333      90\n";
        let report = "项目,情况说明如下。\n其中,收到申请12件,办结10件。\n另外,上年结转2件。\n";
        for text in [english, chinese, report, thousands, aligned] {
            assert!(find_delimiter(text).is_none(), "{text}");
        }
    }
}
