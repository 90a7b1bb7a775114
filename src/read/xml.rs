//! XML inside Office files, as a stream of opened, closed and text, with a limit on depth. A broken file ends the
//! stream and says why; what came before it stands.

use super::trouble::Trouble;
use crate::flag::Message;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements inside elements.
const DEEPEST: usize = 1000;

/// One step.
#[derive(Debug)]
pub enum Node<'a> {
    /// An element begins; one that closes itself ends at the next step.
    Open(BytesStart<'a>),
    /// An element ends.
    Close,
    /// Characters.
    Text(String),
}

/// A stream of XML.
pub struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    /// Elements that are open; an opened element counts itself, a closed one still does.
    pub depth: usize,
    /// Why the stream ended early.
    pub trouble: Option<Trouble>,
    closing: bool,
}

impl<'a> Xml<'a> {
    /// Read a part.
    pub fn new(text: &'a str) -> Xml<'a> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Xml { reader, depth: 0, trouble: None, closing: false }
    }

    /// The next step; none at the end.
    pub fn step(&mut self) -> Option<Node<'a>> {
        if std::mem::take(&mut self.closing) {
            self.depth -= 1;
        }
        while self.trouble.is_none() {
            match self.reader.read_event() {
                Ok(Event::Start(start)) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        self.trouble =
                            Some(Trouble::too_large(Message::new("elements stand {0} deep in each other", [DEEPEST.to_string()])));
                        return None;
                    }
                    return Some(Node::Open(start));
                }
                Ok(Event::End(_)) => {
                    self.closing = self.depth > 0;
                    return Some(Node::Close);
                }
                Ok(Event::Text(text)) => return Some(Node::Text(text.xml10_content().into_owned())),
                Ok(Event::CData(text)) => return Some(Node::Text(text.xml10_content().into_owned())),
                Ok(Event::GeneralRef(name)) => return Some(Node::Text(resolve(&name))),
                Ok(Event::Eof) => {
                    if self.depth > 0 {
                        self.trouble = Some(Trouble::damaged(Message::plain("the file breaks off")));
                    }
                    return None;
                }
                Ok(_) => {}
                Err(_) => self.trouble = Some(Trouble::damaged(Message::plain("the file is broken inside"))),
            }
        }
        None
    }

    /// Pass over the element that was just opened, with all in it.
    pub fn skip(&mut self) {
        let depth = self.depth;
        while let Some(node) = self.step() {
            if matches!(node, Node::Close) && self.depth == depth {
                return;
            }
        }
    }
}

fn resolve(name: &quick_xml::events::BytesRef) -> String {
    if let Ok(Some(character)) = name.resolve_char_ref() {
        return character.to_string();
    }
    let content = name.xml10_content();
    quick_xml::escape::resolve_predefined_entity(&content).map_or_else(|| format!("&{content};"), str::to_string)
}

/// The name without its prefix.
pub fn local<'s>(start: &'s BytesStart) -> &'s str {
    let name = start.name().into_inner();
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// An attribute by its name without prefix.
pub fn attribute(start: &BytesStart, name: &str) -> Option<String> {
    let found = start.attributes().with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// An attribute that holds a whole number.
pub fn number(start: &BytesStart, name: &str) -> Option<u32> {
    attribute(start, name)?.trim().parse().ok()
}

/// A switch such as `<w:b/>` or `<w:b w:val="0"/>`.
pub fn is_on(start: &BytesStart) -> bool {
    !attribute(start, "val").is_some_and(|value| matches!(value.as_str(), "0" | "false" | "off" | "none"))
}
