//! `luoshu grammar draft`: a grammar from samples, and what sets it apart from another one.

use super::run::{Outcome, complain, print, read_grammar};
use super::show;
use luoshu::draft::{compare, draft as draft_text};
use luoshu::grammar::load::{Loaded, read};
use luoshu::manual::{Language, say};
use std::io;
use std::path::{Path, PathBuf};

/// Draft a grammar; a sample that cannot be read ends it, since a draft from the rest would mislead.
pub fn draft(files: &[PathBuf], output: Option<&Path>, against: Option<&Path>, language: Language) -> io::Result<Outcome> {
    let mut samples = Vec::new();
    for path in files {
        match std::fs::read(path) {
            Ok(bytes) => samples.push(bytes),
            Err(error) => {
                complain(&format!("{}: {error}", path.display()));
                return Ok(Outcome::CouldNotRun);
            }
        }
    }
    let reports: Vec<_> = samples.iter().map(|bytes| luoshu::report::parse(bytes, &[])).collect();
    let id = output.and_then(Path::file_stem).map_or("drafted".into(), |stem| stem.to_string_lossy().into_owned());
    let text = draft_text(&reports, &id);
    if let Some(path) = output {
        std::fs::write(path, &text)?;
    }
    match against {
        Some(other) => tell_differences(&text, other, language),
        None if output.is_none() => print(text.trim_end()).map(|()| Outcome::Clean),
        None => Ok(Outcome::Clean),
    }
}

fn tell_differences(text: &str, other: &Path, language: Language) -> io::Result<Outcome> {
    let other_text = match read_grammar(other, language) {
        Ok(text) => text,
        Err(message) => {
            complain(&message);
            return Ok(Outcome::CouldNotRun);
        }
    };
    let Loaded { family, mistakes, .. } = read(&other_text);
    if !mistakes.is_empty() {
        complain(&show::grammar_errors(&other.display().to_string(), &other_text, &mistakes, language));
        return Ok(Outcome::CouldNotRun);
    }
    for line in compare(&read(text).family, &family) {
        print(&say(&line, language))?;
    }
    Ok(Outcome::Clean)
}
