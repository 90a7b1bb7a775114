//! `luoshu explain`: the manual, one code or all of them.

use super::tongue;
use luoshu::flag::{Code, Message};
use luoshu::manual::{self, Entry, Language, say};
use luoshu::spell::nearest;
use std::fmt::Write;

/// Every code with one line, under the place where it is raised.
pub fn list(language: Language) -> String {
    let entries = manual::entries(language);
    let widest = entries.iter().map(|entry| entry.code.len()).max().unwrap_or(0);
    let mut out = String::new();
    let mut place = "";
    for entry in &entries {
        if entry.place != place {
            place = entry.place;
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{}{place}", if out.is_empty() { "" } else { "\n" });
        }
        let _ = writeln!(out, "  {:widest$}  {}", entry.code, entry.summary);
    }
    let _ = writeln!(
        out,
        "\n{}",
        say(&Message::plain("`luoshu explain CODE` tells more; `luoshu explain --manual` prints everything"), language)
    );
    out
}

/// One code, or what to say when there is none of that name.
pub fn one(typed: &str, language: Language) -> Result<String, String> {
    // `error[sum-off]` is what `check` prints.
    let name = typed.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']')).unwrap_or(typed).trim();
    let found = Code::ALL.iter().find(|code| code.name() == name).and_then(|code| Some((code, manual::find(language, *code)?)));
    let Some((code, entry)) = found else {
        let message = match nearest(name, Code::ALL.iter().map(|code| code.name())) {
            Some(meant) => Message::new("no code `{0}`; did you mean `{1}`?", [name.to_string(), meant.to_string()]),
            None => Message::new("no code `{0}`; `luoshu explain` lists them", [name.to_string()]),
        };
        return Err(say(&message, language));
    };
    let severity = say(&tongue::severity(code.severity()), language);
    Ok(show(&entry, &severity))
}

fn show(entry: &Entry, severity: &str) -> String {
    let mut out = format!("{} · {severity} · {}\n{}\n", entry.code, entry.place, entry.summary);
    for part in &entry.parts {
        let _ = writeln!(out, "\n{}", part.heading);
        let mut is_code = false;
        for line in part.text.lines() {
            if line.starts_with("```") {
                is_code = !is_code;
            } else if line.is_empty() {
                out.push('\n');
            } else {
                let _ = writeln!(out, "{}{line}", if is_code { "    " } else { "  " });
            }
        }
    }
    out
}
