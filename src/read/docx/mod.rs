//! DOCX → Document: body, tables, text boxes, notes, with the numbers of automatic lists.
//!
//! ```text
//!   package ─styles, numbering→ tables of looks and counters
//!           ─walk→ paragraphs and tables as drafted ─lay→ text, blocks
//! ```
//! Tracked changes come out as the final text. Running heads and comments are not read.

mod lay;
mod numbering;
mod numerals;
mod styles;
mod walk;

use super::Source;
use super::draft::Draft;
use super::package::Package;
use super::trouble::Trouble;
use super::xml::{Node, Xml, attribute, local};
use crate::flag::{Flagged, Message};
use numbering::Numbering;
use styles::Styles;
use walk::{Piece, Walk};

/// Read a Word document of 2007 on.
pub fn read(bytes: &[u8]) -> Flagged<Source> {
    let mut draft = Draft::default();
    if let Err(trouble) = Package::open(bytes).and_then(|package| read_package(package, &mut draft)) {
        draft.trouble(trouble);
    }
    draft.finish("docx")
}

/// Read the parts of a container.
fn read_package(mut package: Package, draft: &mut Draft) -> Result<(), Trouble> {
    let main = find_main(&mut package)?;
    let Some(body) = package.text(&main)? else {
        return Err(Trouble::damaged(Message::new("the part {0} is not there", [main])));
    };
    let parts = find_parts(&mut package, &main, draft);
    let mut side = |kind: &str, draft: &mut Draft| read_side_part(&mut package, &parts, kind, draft).unwrap_or_default();
    let (styles, numbering) = (side("styles", draft), side("numbering", draft));
    let notes = [side("footnotes", draft), side("endnotes", draft)];
    let styles = parsed(&styles, draft, Styles::read);
    let mut numbering = parsed(&numbering, draft, Numbering::read);
    let mut pieces: Vec<Piece> = Vec::new();
    for part in std::iter::once(&body).chain(&notes) {
        if part.is_empty() {
            continue;
        }
        let mut walk = Walk::new(part, &styles, &mut numbering);
        pieces.extend(walk.run());
        walk.troubles.into_iter().for_each(|trouble| draft.trouble(trouble));
    }
    lay::lay(draft, &pieces);
    Ok(())
}

fn parsed<T: Default>(text: &str, draft: &mut Draft, read: fn(&mut Xml) -> T) -> T {
    if text.is_empty() {
        return T::default();
    }
    let mut xml = Xml::new(text);
    let found = read(&mut xml);
    xml.trouble.into_iter().for_each(|trouble| draft.trouble(trouble));
    found
}

/// A part beside the body. One that is named and cannot be read is a trouble, not the end.
fn read_side_part(package: &mut Package, parts: &[(String, String)], kind: &str, draft: &mut Draft) -> Option<String> {
    let (_, name) = parts.iter().find(|(found, _)| found == kind)?;
    match package.text(name) {
        Ok(Some(text)) => return Some(text),
        Ok(None) => draft.trouble(Trouble::damaged(Message::new("the part {0} is not there", [name.clone()]))),
        Err(trouble) => draft.trouble(trouble),
    }
    None
}

const USUAL_MAIN: &str = "word/document.xml";

/// The name of the part that holds the body.
fn find_main(package: &mut Package) -> Result<String, Trouble> {
    let found = match package.text("_rels/.rels") {
        Ok(Some(text)) => relations(&text).into_iter().find(|(kind, _)| kind == "officeDocument").map(|(_, target)| target),
        Ok(None) => None,
        Err(trouble) if !package.has(USUAL_MAIN) => return Err(trouble),
        Err(_) => None,
    };
    Ok(found.map_or_else(|| USUAL_MAIN.to_string(), |target| target.trim_start_matches('/').to_string()))
}

/// Kind and name of the parts that the body refers to; the usual names where the list of them is lost.
fn find_parts(package: &mut Package, main: &str, draft: &mut Draft) -> Vec<(String, String)> {
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", main));
    let list = match package.text(&format!("{folder}/_rels/{file}.rels")) {
        Ok(list) => list,
        Err(trouble) => {
            draft.trouble(trouble);
            None
        }
    };
    let full = |target: &str| target.strip_prefix('/').map_or_else(|| format!("{folder}/{target}"), str::to_string);
    if let Some(list) = list {
        return relations(&list).into_iter().map(|(kind, target)| (kind, full(&target))).collect();
    }
    let usual = ["styles", "numbering", "footnotes", "endnotes"].map(|kind| (kind.to_string(), format!("{folder}/{kind}.xml")));
    usual.into_iter().filter(|(_, name)| package.has(name)).collect()
}

/// Kind (the last word of its address) and target of each relation.
fn relations(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut xml = Xml::new(text);
    while let Some(node) = xml.step() {
        let Node::Open(start) = node else { continue };
        if local(&start) != "Relationship" || attribute(&start, "TargetMode").as_deref() == Some("External") {
            continue;
        }
        if let (Some(kind), Some(target)) = (attribute(&start, "Type"), attribute(&start, "Target")) {
            found.push((kind.rsplit('/').next().unwrap_or("").to_string(), target));
        }
    }
    found
}
