//! A lesson as lines and tables, written out again in any text layout.

use super::Lesson;

/// One line of prose, or a table of rows of cells.
#[derive(Clone)]
pub enum Part {
    Line(String),
    Table(Vec<Vec<String>>),
}

/// How tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    Tabs,
    Pipes,
    Aligned,
    Stacked,
}

pub const LAYOUTS: [Layout; 4] = [Layout::Tabs, Layout::Pipes, Layout::Aligned, Layout::Stacked];

/// The parts of a lesson typed with tabs. Trailing cells that pad a row beyond its table's width are not kept.
pub fn parts(lesson: &Lesson) -> Vec<Part> {
    let text = String::from_utf8(lesson.bytes.clone()).unwrap();
    let mut found: Vec<Part> = Vec::new();
    for line in text.lines() {
        if !line.contains('\t') {
            found.push(Part::Line(line.into()));
            continue;
        }
        let row: Vec<String> = line.split('\t').map(str::to_string).collect();
        match found.last_mut() {
            Some(Part::Table(rows)) => rows.push(row),
            _ => found.push(Part::Table(vec![row])),
        }
    }
    found
}

pub fn is_number(cell: &str) -> bool {
    !cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',') && cell.starts_with(|c: char| c.is_ascii_digit())
}

fn width(text: &str) -> usize {
    text.chars().map(|c| if c as u32 >= 0x1100 { 2 } else { 1 }).sum()
}

pub fn write(parts: &[Part], layout: Layout) -> String {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Line(line) => out.push_str(&format!("{line}\n")),
            Part::Table(rows) => match layout {
                Layout::Tabs => rows.iter().for_each(|row| out.push_str(&format!("{}\n", row.join("\t")))),
                Layout::Pipes => write_pipes(rows, &mut out),
                Layout::Aligned => write_aligned(rows, &mut out),
                Layout::Stacked => {
                    rows.iter().flatten().filter(|cell| !cell.trim().is_empty()).for_each(|cell| out.push_str(&format!("{cell}\n")))
                }
            },
        }
    }
    out
}

fn write_pipes(rows: &[Vec<String>], out: &mut String) {
    for row in rows {
        out.push_str(&format!("| {} |\n", row.join(" | ")));
    }
}

/// Labels left, numbers right, as `pdftotext -layout` and careful typists do: the numbers of a row end where the table's
/// number columns end, whatever number of cells its label takes.
fn write_aligned(rows: &[Vec<String>], out: &mut String) {
    let shape = |row: &Vec<String>| {
        let first = row.iter().position(|cell| is_number(cell) || cell == "—").unwrap_or(row.len());
        let labels = row[..first].iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join("  ");
        (labels, row[first..].to_vec())
    };
    let shaped: Vec<(String, Vec<String>)> = rows.iter().map(shape).collect();
    let label_width = shaped.iter().filter(|(_, numbers)| !numbers.is_empty()).map(|(labels, _)| width(labels)).max().unwrap_or(0) + 4;
    for (row, (labels, numbers)) in rows.iter().zip(&shaped) {
        if numbers.is_empty() {
            out.push_str(&header_line(row, rows, label_width));
            continue;
        }
        let mut line = format!("{labels}{}", " ".repeat(label_width.saturating_sub(width(labels))));
        let end = numbers.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
        numbers[..end].iter().for_each(|cell| line.push_str(&format!("{}{cell}", " ".repeat(COLUMN.saturating_sub(width(cell)).max(2)))));
        out.push_str(&format!("{}\n", line.trim_end()));
    }
}

const COLUMN: usize = 16;

/// A header row: each name ends where its column's numbers end.
fn header_line(row: &[String], rows: &[Vec<String>], label_width: usize) -> String {
    let first = rows.iter().filter_map(|row| row.iter().position(|cell| is_number(cell))).min().unwrap_or(1);
    let mut line = String::new();
    for (index, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        let end = if index < first { 0 } else { label_width + (index - first + 1) * COLUMN };
        let gap = end.saturating_sub(width(&line) + width(cell)).max(if line.is_empty() { 0 } else { 2 });
        line.push_str(&format!("{}{cell}", " ".repeat(gap)));
    }
    format!("{line}\n")
}
