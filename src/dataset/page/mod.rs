//! `summary.html`: one page that a person looks at first. It stands alone: no script, no network, every text escaped.

mod charts;
pub mod flags;
pub mod tally;

use super::Built;
use super::variables::Variables;
use crate::flag::{Code, Message};
use crate::manual::{self, Language, say};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;
use tally::Tally;

const STYLE: &str = include_str!("style.css");

/// What the page is made of.
pub struct Page<'a> {
    /// Language of its words.
    pub language: Language,
    /// Totals.
    pub built: &'a Built,
    /// Counts.
    pub tally: &'a Tally,
    /// Variables.
    pub variables: &'a Variables,
    /// Files without a family hold so many values outside the panel.
    pub flags: &'a Path,
    /// Flags that are not shown on the page.
    pub n_hidden: u64,
}

impl Page<'_> {
    fn say(&self, message: &Message) -> String {
        escape(&say(message, self.language))
    }

    /// Write the page.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut out = BufWriter::new(File::create(path)?);
        self.head(&mut out)?;
        self.files(&mut out)?;
        self.coverage(&mut out)?;
        self.codes(&mut out)?;
        self.rows(&mut out)?;
        self.distributions(&mut out)?;
        self.flagged(&mut out)?;
        write!(out, "</main></body></html>")?;
        out.into_inner().map_err(|error| error.into_error())?.sync_all()
    }

    fn head(&self, out: &mut impl Write) -> io::Result<()> {
        let lang = if self.language == Language::Chinese { "zh-CN" } else { "en" };
        let title = self.say(&Message::plain("a dataset of reports"));
        write!(
            out,
            "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\
             <link rel=\"icon\" href=\"data:,\"><title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1><dl class=\"totals\">"
        )?;
        let built = self.built;
        let totals = [
            (Message::plain("files"), built.files as u64),
            (Message::plain("values"), built.values),
            (Message::plain("rows of the panel"), built.panel_rows),
            (Message::plain("variables"), built.variables as u64),
            (Message::plain("errors and warnings"), built.flagged),
        ];
        for (name, count) in totals {
            write!(out, "<div><dt>{}</dt><dd>{}</dd></div>", self.say(&name), thousands(count))?;
        }
        write!(out, "</dl>")
    }

    fn section(&self, out: &mut impl Write, title: Message, about: Message) -> io::Result<()> {
        write!(out, "<h2>{}</h2><p class=\"about\">{}</p>", self.say(&title), self.say(&about))
    }

    fn remark(&self, out: &mut impl Write, about: &Message) -> io::Result<()> {
        write!(out, "<p class=\"about\">{}</p>", self.say(about))
    }

    fn files(&self, out: &mut impl Write) -> io::Result<()> {
        self.section(out, Message::plain("files by status"), Message::plain("every file has one; reports.csv says why one was not read"))?;
        let rows: Vec<(String, u64, &str)> =
            self.built.by_status.iter().map(|(status, &count)| (escape(status), count as u64, status_class(status))).collect();
        charts::bars(out, &rows)?;
        if self.built.hidden > 0 {
            self.remark(out, &Message::new("{0} hidden entries are left out", [self.built.hidden.to_string()]))?;
        }
        if self.tally.unread().is_empty() {
            return Ok(());
        }
        write!(out, "<ul class=\"unread\">")?;
        for [file, status, why] in self.tally.unread() {
            write!(out, "<li>{} <b>{}</b> {}</li>", escape(file), escape(status), escape(why))?;
        }
        write!(out, "</ul>")
    }

    fn coverage(&self, out: &mut impl Write) -> io::Result<()> {
        self.section(
            out,
            Message::plain("years and publishers"),
            Message::plain("reports in the panel; red has errors, amber warnings, green neither"),
        )?;
        let years: Vec<(String, u64, &str)> = self.tally.years().map(|(year, count)| (year.to_string(), count, "plain")).collect();
        charts::bars(out, &years)?;
        charts::matrix(out, self.tally)?;
        let left = self.tally.n_publishers_left();
        if left > 0 {
            self.remark(out, &Message::new("{0} more publishers are in panel.csv", [left.to_string()]))?;
        }
        let nameless = self.tally.n_nameless();
        if nameless > 0 {
            self.remark(out, &Message::new("{0} rows of the panel have no publisher or no year", [nameless.to_string()]))?;
        }
        Ok(())
    }

    fn codes(&self, out: &mut impl Write) -> io::Result<()> {
        self.section(
            out,
            Message::plain("what was found"),
            Message::plain("flags by kind, errors first; `luoshu explain CODE` tells more"),
        )?;
        write!(out, "<div class=\"wide\"><table><tbody>")?;
        for ((severity, code), count) in self.tally.codes() {
            let known = Code::ALL.iter().find(|known| known.name() == code).and_then(|code| manual::find(self.language, *code));
            let summary = known.map(|entry| escape(entry.summary)).unwrap_or_default();
            let (name, class) = (escape(code), escape(severity));
            write!(out, "<tr><td><b class=\"{class}\">{name}</b></td><td class=\"n\">{}</td><td>{summary}</td></tr>", thousands(count))?;
        }
        write!(out, "</tbody></table></div>")
    }

    fn rows(&self, out: &mut impl Write) -> io::Result<()> {
        let worst = self.tally.worst_rows();
        if worst.is_empty() {
            return Ok(());
        }
        self.section(out, Message::plain("rows flagged most"), Message::plain("errors and warnings by table and row"))?;
        let rows: Vec<(String, u64, &str)> = worst.iter().map(|(row, count)| (escape(row), *count, "plain")).collect();
        charts::bars(out, &rows)
    }

    fn distributions(&self, out: &mut impl Write) -> io::Result<()> {
        if self.tally.distributions().next().is_none() {
            return Ok(());
        }
        self.section(
            out,
            Message::plain("distributions"),
            Message::plain("each variable of the panel: how many values are below 0, 0, and of 1, 2, 3 … digits; least and most"),
        )?;
        write!(out, "<details><summary>{}</summary><div class=\"plots\">", self.say(&Message::plain("show")))?;
        for (index, own) in self.tally.distributions() {
            if let Some(variable) = self.variables.get(index) {
                charts::histogram(out, variable, own)?;
            }
        }
        write!(out, "</div></details>")
    }

    fn flagged(&self, out: &mut impl Write) -> io::Result<()> {
        self.section(
            out,
            Message::plain("rows to look at"),
            Message::plain("every error and warning with the place it is about; values are kept as printed"),
        )?;
        if self.n_hidden > 0 {
            self.remark(out, &Message::new("{0} more are in flags.csv", [self.n_hidden.to_string()]))?;
        }
        io::copy(&mut BufReader::new(File::open(self.flags)?), out).map(|_| ())
    }
}

fn status_class(status: &str) -> &'static str {
    match status {
        "ok" => "ok",
        "partial" | "no-text" | "not-a-report" | "unsupported" => "warning",
        _ => "error",
    }
}

/// Text that is no markup.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            hidden if crate::fold::is_hidden(hidden) => out.push('·'),
            other => out.push(other),
        }
    }
    out
}

/// `1234567` → `1 234 567`, with thin spaces.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let length = digits.len();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (length - index).is_multiple_of(3) {
            out.push('\u{202F}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_report_prints_becomes_markup() {
        assert_eq!(escape("<script>\"'&\u{202E}x"), "&lt;script&gt;&quot;&#39;&amp;·x");
        assert_eq!(thousands(1_234_567), "1\u{202F}234\u{202F}567");
        assert_eq!(thousands(12), "12");
    }
}
