//! Every message has its Chinese sentence with the same holes, and the manual shows what `check` really says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use luoshu::flag::Code;
use luoshu::manual::{Language, entries, translations};
use regex::Regex;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every source file without its tests and comments: path and text.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open: Vec<PathBuf> = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            found.push((path.strip_prefix(&root).unwrap().display().to_string(), code.join("\n")));
        }
    }
    found
}

/// Templates: literals handed to `Message`, literals with numbered holes wherever they stand, and, where a file hands
/// a name over instead of a literal, every sentence in its folder.
fn templates() -> BTreeSet<(String, String)> {
    let handed = Regex::new(r#"Message::(?:new|plain)\(\s*("(?:[^"\\]|\\[\s\S])*")"#).unwrap();
    let holed = Regex::new(r#""(?:[^"\\\n]|\\[\s\S])*\{[0-9]\}(?:[^"\\\n]|\\[\s\S])*""#).unwrap();
    let sentence = Regex::new(r#""[a-z{](?:[^"\\{}<>=/\n]|\\[\s\S])*(?: (?:[^" \\{}<>=/\n]|\\[\s\S])+){2,}""#).unwrap();
    let named = Regex::new(r"Message::plain\(\s*[A-Za-z_]+\s*\)").unwrap();
    let wrapped = Regex::new(r"\\\n\s*").unwrap();
    let sources: Vec<(String, String)> = sources().into_iter().filter(|(path, _)| path != "flag.rs").collect();
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| format!("{folder}/"));
    let named: Vec<String> = sources.iter().filter(|(_, code)| named.is_match(code)).map(|(path, _)| folder(path).unwrap()).collect();
    let mut found = BTreeSet::new();
    for (path, code) in &sources {
        let in_named_folder = named.iter().any(|folder| path.starts_with(folder));
        let sentences = sentence.find_iter(code).filter(|_| in_named_folder);
        let handed = handed.captures_iter(code).map(|found| found.get(1).unwrap());
        for literal in handed.chain(holed.find_iter(code)).chain(sentences) {
            let literal = wrapped.replace_all(literal.as_str(), "");
            found.insert((path.clone(), serde_json::from_str(&literal).unwrap()));
        }
    }
    found
}

fn holes(template: &str) -> BTreeSet<String> {
    Regex::new(r"\{[0-9]+\}").unwrap().find_iter(template).map(|hole| hole.as_str().to_string()).collect()
}

#[test]
fn every_message_is_said_in_chinese_with_the_same_holes() {
    let templates = templates();
    assert!(templates.len() > 60, "the scan finds too few: {}", templates.len());
    let chinese = translations(Language::Chinese).unwrap();
    let mut wrong = Vec::new();
    for (path, template) in &templates {
        match chinese.get(template) {
            None => wrong.push(format!("{path}: no entry in src/manual/messages.zh.toml for {template:?}")),
            Some(said) if holes(said) != holes(template) => wrong.push(format!("{path}: other holes in {template:?} and {said:?}")),
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_message_is_hidden_from_the_scan() {
    let built = Regex::new(r"\bMessage \{ template").unwrap();
    let hidden = sources().into_iter().find(|(path, code)| path != "flag.rs" && built.is_match(code));
    assert_eq!(
        hidden.map(|(path, _)| path),
        None,
        "make messages with `Message::new` and `Message::plain`, so that their Chinese can be looked up"
    );
}

#[test]
fn no_chinese_sentence_is_left_over() {
    let known: BTreeSet<String> = templates().into_iter().map(|(_, template)| template).collect();
    let stale: Vec<&String> = translations(Language::Chinese).unwrap().keys().filter(|key| !known.contains(*key)).collect();
    assert!(stale.is_empty(), "no code says these any more; take them out of src/manual/messages.zh.toml: {stale:#?}");
}

#[test]
fn examples_say_what_the_program_says() {
    let code_texts: Vec<String> = sources().into_iter().filter(|(path, _)| path != "flag.rs").map(|(_, code)| code).collect();
    let english: BTreeSet<String> = templates().into_iter().map(|(_, template)| template).collect();
    for language in [Language::English, Language::Chinese] {
        let said = |template: &String| translations(language).and_then(|catalogue| catalogue.get(template)).unwrap_or(template).clone();
        let patterns: Vec<Regex> = english.iter().map(|template| pattern(&said(template))).collect();
        for entry in entries(language) {
            let code = Code::ALL.iter().find(|code| code.name() == entry.code).unwrap();
            let is_raised = code_texts.iter().any(|text| text.contains(&format!("Code::{code:?}")));
            let mark = format!("[{}]: ", entry.code);
            let message = entry.parts[2].text.lines().find_map(|line| Some(line.split_once(&mark)?.1)).unwrap();
            let is_said = patterns.iter().any(|pattern| pattern.is_match(message));
            assert!(is_said || !is_raised, "{language:?} {}: no template says {message:?}", entry.code);
        }
    }
}

fn pattern(template: &str) -> Regex {
    let holes = Regex::new(r"\\\{[0-9]+\\\}").unwrap();
    Regex::new(&format!("^{}$", holes.replace_all(&regex::escape(template), ".+"))).unwrap()
}

/// What must be the same in both READMEs: the levels of headings, the commands of code blocks and tables.
fn skeleton(readme: &str) -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(readme)).unwrap();
    let mut kept = Vec::new();
    let mut in_commands = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_commands = line == "```sh";
            kept.push(line.to_string());
        } else if in_commands {
            kept.push(line.to_string());
        } else if let Some((marks, _)) = line.split_once("# ").filter(|(marks, _)| marks.chars().all(|mark| mark == '#')) {
            kept.push(format!("{marks}#"));
        } else if let Some(row) = line.strip_prefix("| `") {
            kept.push(row.split(" | ").next().unwrap().to_string());
        } else if line.starts_with("- ") {
            kept.push("-".to_string());
        }
    }
    kept
}

#[test]
fn the_readmes_keep_step() {
    assert_eq!(skeleton("README.zh-CN.md"), skeleton("README.md"));
}
