//! `styles.xml`: what a paragraph's style says of its look and its numbering, with what the style is based on.

use crate::read::xml::{Node, Xml, attribute, is_on, local, number};
use std::collections::HashMap;

/// Styles based on styles based on styles.
const LONGEST_CHAIN: usize = 24;

/// What a style, or a paragraph itself, says; none where it says nothing.
#[derive(Debug, Clone, Default)]
pub struct Props {
    /// Outline level from 0; 9 is body text.
    pub outline: Option<u32>,
    /// The list it belongs to; `0` for none.
    pub list: Option<String>,
    /// Level in the list.
    pub level: Option<u32>,
    /// Bold.
    pub bold: Option<bool>,
    /// Size in half points.
    pub size: Option<u32>,
    /// How it is set, such as `center`.
    pub align: Option<String>,
    /// Not shown, or struck out.
    pub hidden: Option<bool>,
    /// Set above or below the line.
    pub raised: Option<bool>,
}

impl Props {
    /// What these say, and where they say nothing, what `other` says.
    pub fn or(self, other: &Props) -> Props {
        Props {
            outline: self.outline.or(other.outline),
            list: self.list.or_else(|| other.list.clone()),
            level: self.level.or(other.level),
            bold: self.bold.or(other.bold),
            size: self.size.or(other.size),
            align: self.align.or_else(|| other.align.clone()),
            hidden: self.hidden.or(other.hidden),
            raised: self.raised.or(other.raised),
        }
    }

    /// Take in one element of a `pPr` or `rPr`.
    pub fn take(&mut self, start: &quick_xml::events::BytesStart) {
        match local(start) {
            "outlineLvl" => self.outline = number(start, "val"),
            "numId" => self.list = attribute(start, "val"),
            "ilvl" => self.level = number(start, "val"),
            "b" => self.bold = Some(is_on(start)),
            "sz" => self.size = number(start, "val"),
            "jc" => self.align = attribute(start, "val"),
            "vanish" | "strike" | "dstrike" if self.hidden != Some(true) => self.hidden = Some(is_on(start)),
            "vertAlign" => self.raised = attribute(start, "val").map(|value| value != "baseline"),
            _ => {}
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    props: Props,
}

/// All styles.
#[derive(Debug, Default)]
pub struct Styles {
    by_id: HashMap<String, Style>,
    resolved: HashMap<String, (Props, Kind)>,
    default: String,
    base: Props,
}

/// What a style's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Nothing.
    #[default]
    Plain,
    /// `Title`.
    Title,
    /// `heading 3`.
    Heading(u8),
    /// `toc 1`: a line of the table of contents.
    Contents,
}

impl Styles {
    /// Read `styles.xml`.
    pub fn read(xml: &mut Xml) -> Styles {
        let mut styles = Styles::default();
        while let Some(node) = xml.step() {
            let Node::Open(start) = node else { continue };
            match local(&start) {
                "docDefaults" => styles.base = read_style(xml).props,
                "style" => {
                    let id = attribute(&start, "styleId").unwrap_or_default();
                    let is_default = attribute(&start, "default").is_some_and(|value| value == "1" || value == "true");
                    if is_default && attribute(&start, "type").as_deref() == Some("paragraph") {
                        styles.default.clone_from(&id);
                    }
                    let style = read_style(xml);
                    styles.by_id.insert(id, style);
                }
                _ => {}
            }
        }
        let mut ids: Vec<&String> = styles.by_id.keys().collect();
        ids.sort();
        styles.resolved = ids.into_iter().map(|id| (id.clone(), styles.resolve(id))).collect();
        styles
    }

    fn resolve(&self, id: &str) -> (Props, Kind) {
        let mut props = Props::default();
        let mut kind = Kind::Plain;
        let mut next = Some(id);
        for _ in 0..LONGEST_CHAIN {
            let Some(style) = next.and_then(|id| self.by_id.get(id)) else { break };
            if kind == Kind::Plain {
                kind = name_to_kind(&style.name);
            }
            props = props.or(&style.props);
            next = style.based_on.as_deref();
        }
        (props, kind)
    }

    /// What a paragraph's style says, defaults included.
    pub fn paragraph(&self, id: Option<&str>) -> (Props, Kind) {
        let (props, kind) = self.resolved.get(id.unwrap_or(&self.default)).cloned().unwrap_or_default();
        (props.or(&self.base), kind)
    }

    /// What a style of characters says.
    pub fn characters(&self, id: &str) -> Props {
        self.resolved.get(id).map(|(props, _)| props.clone()).unwrap_or_default()
    }
}

fn read_style(xml: &mut Xml) -> Style {
    let depth = xml.depth;
    let mut style = Style::default();
    while let Some(node) = xml.step() {
        match node {
            Node::Open(start) => match local(&start) {
                "name" => style.name = attribute(&start, "val").unwrap_or_default().to_lowercase(),
                "basedOn" => style.based_on = attribute(&start, "val"),
                "tblStylePr" | "tblPr" | "trPr" | "tcPr" => xml.skip(),
                _ => style.props.take(&start),
            },
            Node::Close if xml.depth == depth => break,
            _ => {}
        }
    }
    style
}

fn name_to_kind(name: &str) -> Kind {
    if name == "title" {
        return Kind::Title;
    }
    if name.starts_with("toc ") {
        return Kind::Contents;
    }
    let level = name.strip_prefix("heading ").and_then(|level| level.trim().parse().ok());
    level.map_or(Kind::Plain, Kind::Heading)
}
