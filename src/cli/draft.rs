//! `luoshu grammar draft`: a grammar from samples, and what sets it apart from another one.

use super::run::{Outcome, complain, print, read_grammar};
use super::show;
use luoshu::draft::{Drafted, compare, draft as draft_from};
use luoshu::flag::{Message, Severity};
use luoshu::grammar::Family;
use luoshu::grammar::load::{Loaded, read};
use luoshu::manual::{Language, say};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Draft a grammar; a sample that cannot be read ends it, since a draft from the rest would mislead.
pub fn draft(files: &[PathBuf], output: Option<&Path>, against: Option<&Path>, language: Language) -> io::Result<Outcome> {
    if let Some(path) = output.filter(|path| files.iter().any(|file| is_same_file(file, path))) {
        let sample = Message::new("{0} is one of the samples: a draft is not written over it", [path.display().to_string()]);
        complain(&say(&sample, language));
        return Ok(Outcome::CouldNotRun);
    }
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
    let Drafted { grammar, findings } = draft_from(&reports, &id);
    let tell = |index: usize, message: &Message| {
        let path = files.get(index).map(|path| path.display().to_string()).unwrap_or_default();
        complain(&format!("{path}: {}", say(message, language)));
    };
    findings.iter().for_each(|(index, message)| tell(*index, message));
    let Some(text) = grammar else {
        complain(&say(&Message::plain("nothing to draft from: no sample has a numbered section or a table"), language));
        return Ok(Outcome::CouldNotRun);
    };
    drop(reports);
    let Loaded { family, mistakes, .. } = read(&text);
    let families = [family];
    for (index, bytes) in samples.iter().enumerate() {
        tell(index, &reread(&families, bytes));
    }
    if let Some(path) = output
        && let Err(error) = std::fs::write(path, &text)
    {
        complain(&format!("{}: {error}", path.display()));
        return Ok(Outcome::CouldNotRun);
    }
    if !mistakes.is_empty() {
        let found = Message::new(
            "the draft has {0} mistakes, which `luoshu grammar check` shows: it must be mended by hand",
            [mistakes.len().to_string()],
        );
        complain(&say(&found, language));
    }
    let drafted = if mistakes.is_empty() { Outcome::Clean } else { Outcome::Flagged };
    match against {
        Some(other) => tell_differences(&text, other, language),
        None if output.is_none() => print(text.trim_end()).map(|()| drafted),
        None => Ok(drafted),
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok().zip(other.canonicalize().ok()).is_some_and(|(one, other)| one == other)
}

/// What the drafted grammar makes of one of its own samples.
fn reread(families: &[Family], bytes: &[u8]) -> Message {
    let report = luoshu::report::parse(bytes, families);
    if report.family.is_none() {
        return Message::plain("read again: the draft does not fit it");
    }
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for flag in report.flags.iter().filter(|flag| flag.severity > Severity::Note) {
        *codes.entry(flag.code.name()).or_default() += 1;
    }
    let coverage = &report.coverage;
    let all = coverage.placed + coverage.unplaced.len();
    let facts = [coverage.placed.to_string(), all.to_string()];
    if codes.is_empty() {
        return Message::new("read again: {0} of {1} numbers placed, nothing flagged", facts);
    }
    let flagged: Vec<String> = codes.iter().map(|(code, n_flags)| format!("{code} {n_flags}")).collect();
    let [placed, all] = facts;
    Message::new("read again: {0} of {1} numbers placed; flagged: {2}", [placed, all, flagged.join(", ")])
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
