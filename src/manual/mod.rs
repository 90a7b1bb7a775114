//! What each code means, in English and in Chinese, and every message in both.
//!
//! The manual is two Markdown files, one per language, with a chapter per place (`## File`) and a section per code
//! (`` ### `sum-off` ``) in the order of [`Code::ALL`]; `luoshu explain` shows one section, `luoshu explain --manual`
//! the file. Each section has a summary line and four parts: what it means, why it matters, an example, where to look.

mod catalogue;

pub use catalogue::{say, translations};

use crate::flag::Code;

/// A language that messages and the manual are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English; JSON is always in it.
    English,
    /// Chinese.
    Chinese,
}

/// The section of one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Public name of the code.
    pub code: &'static str,
    /// Where it is raised, in the words of the language: file, section, table …
    pub place: &'static str,
    /// One line.
    pub summary: &'static str,
    /// What it means, why it matters, an example, where to look.
    pub parts: Vec<Part>,
}

/// A part of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its heading.
    pub heading: &'static str,
    /// Its text, in Markdown.
    pub text: &'static str,
}

const ENGLISH: &str = include_str!("en.md");
const CHINESE: &str = include_str!("zh.md");

/// The whole manual, in Markdown.
pub fn text(language: Language) -> &'static str {
    match language {
        Language::English => ENGLISH,
        Language::Chinese => CHINESE,
    }
}

/// The sections, in order.
pub fn entries(language: Language) -> Vec<Entry> {
    let chapters = text(language).split("\n## ").skip(1);
    chapters
        .flat_map(|chapter| {
            let place = chapter.lines().next().unwrap_or("").trim();
            chapter.split("\n### ").skip(1).map(move |section| entry(place, section))
        })
        .collect()
}

/// The section of a code.
pub fn find(language: Language, code: Code) -> Option<Entry> {
    entries(language).into_iter().find(|entry| entry.code == code.name())
}

fn entry(place: &'static str, section: &'static str) -> Entry {
    let (head, rest) = section.split_once('\n').unwrap_or((section, ""));
    let (summary, _) = rest.split_once("\n#### ").unwrap_or((rest, ""));
    let part = |part: &'static str| {
        let (heading, text) = part.split_once('\n').unwrap_or((part, ""));
        Part { heading: heading.trim(), text: text.trim() }
    };
    let parts = rest.split("\n#### ").skip(1).map(part).collect();
    Entry { code: head.trim().trim_matches('`'), place, summary: summary.trim(), parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_section_in_both_languages_and_no_other_code_has() {
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        for language in [Language::English, Language::Chinese] {
            let told: Vec<&str> = entries(language).iter().map(|entry| entry.code).collect();
            assert_eq!(told, codes, "{language:?}");
        }
    }

    #[test]
    fn every_section_has_a_summary_and_four_parts_under_the_same_headings() {
        for language in [Language::English, Language::Chinese] {
            let entries = entries(language);
            let headings = |entry: &Entry| entry.parts.iter().map(|part| part.heading).collect::<Vec<_>>();
            let first = headings(&entries[0]);
            assert_eq!(first.len(), 4);
            for entry in &entries {
                assert_eq!(headings(entry), first, "{}", entry.code);
                assert!(!entry.summary.is_empty() && !entry.summary.contains('\n'), "{}", entry.code);
                assert!(entry.parts.iter().all(|part| !part.text.is_empty()), "{}", entry.code);
            }
        }
    }

    #[test]
    fn examples_show_a_report_and_what_check_says_of_that_code() {
        for language in [Language::English, Language::Chinese] {
            for entry in entries(language) {
                let example = entry.parts[2].text;
                assert_eq!(example.matches("```").count(), 4, "{}: a report and what `check` says", entry.code);
                let mark = format!("[{}]: ", entry.code);
                let severity = example.lines().find_map(|line| Some(line.split_once(&mark)?.0)).unwrap_or("");
                assert!(severities(language).contains(&severity.to_string()), "{}: `check` says nothing of it", entry.code);
            }
        }
    }

    fn severities(language: Language) -> Vec<String> {
        ["note", "warning", "error"].into_iter().map(|name| say(&crate::flag::Message::plain(name), language)).collect()
    }
}
