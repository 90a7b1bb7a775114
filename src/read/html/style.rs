//! What an element is and how it says it looks, as far as a report's shape depends on it. Attributes and inline styles
//! only: style sheets are not read.

use html5ever::{Attribute, LocalName};

/// Elements as the reader tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// Begins and ends a paragraph.
    Block,
    /// A heading of a level.
    Heading(u8),
    /// Text goes on through it.
    Inline,
    /// Bold text.
    Bold,
    /// A link.
    Link,
    /// Text above or below the line: a note's number, a unit's power.
    Raised,
    /// A field with a line of text in it.
    Field,
    /// A line break.
    Break,
    /// Text whose line ends and spaces count.
    Pre,
    /// A table.
    Table,
    /// A row.
    Row,
    /// A cell.
    Cell,
    /// A table's title.
    Caption,
    /// The sections of a table.
    RowGroup,
    /// The section that stands at the end of a table, wherever the page writes it.
    Foot,
    /// Shows another file: a frame, an embedded viewer.
    Embed,
    /// A script.
    Script,
    /// Never shows, is struck out, or is no text of the page: a style, a menu, a form's list.
    Unseen,
    /// What the page calls itself, in a window's frame.
    Title,
}

impl Tag {
    /// The kind of an element.
    pub fn of(name: &LocalName) -> Tag {
        match name.as_ref() {
            "h1" => Tag::Heading(1),
            "h2" => Tag::Heading(2),
            "h3" => Tag::Heading(3),
            "h4" => Tag::Heading(4),
            "h5" => Tag::Heading(5),
            "h6" => Tag::Heading(6),
            "p" | "div" | "li" | "ul" | "ol" | "dl" | "dt" | "dd" | "section" | "article" | "main" | "header" | "footer" | "aside"
            | "body" | "html" | "center" | "blockquote" | "form" | "fieldset" | "legend" | "figure" | "figcaption" | "address" | "hr"
            | "details" | "summary" | "dir" | "marquee" => Tag::Block,
            "b" | "strong" => Tag::Bold,
            "a" => Tag::Link,
            "br" => Tag::Break,
            "pre" | "xmp" | "listing" | "plaintext" => Tag::Pre,
            "table" => Tag::Table,
            "tr" => Tag::Row,
            "td" | "th" => Tag::Cell,
            "caption" => Tag::Caption,
            "sup" | "sub" => Tag::Raised,
            "input" => Tag::Field,
            "thead" | "tbody" => Tag::RowGroup,
            "tfoot" => Tag::Foot,
            "iframe" | "frame" | "embed" | "object" => Tag::Embed,
            "script" => Tag::Script,
            "title" => Tag::Title,
            "head" | "style" | "template" | "noscript" | "noframes" | "noembed" | "nav" | "select" | "option" | "datalist" | "button"
            | "textarea" | "canvas" | "svg" | "math" | "audio" | "video" | "map" | "menu" | "dialog" | "colgroup" | "rp" | "rt" | "del"
            | "s" | "strike" => Tag::Unseen,
            _ => Tag::Inline,
        }
    }

    /// True when a paragraph ends where it begins or ends.
    pub fn is_block(self) -> bool {
        self.is_of_table() || matches!(self, Tag::Block | Tag::Heading(_) | Tag::Pre)
    }

    /// A table or a part of one.
    pub fn is_of_table(self) -> bool {
        matches!(self, Tag::Table | Tag::Row | Tag::Cell | Tag::Caption | Tag::RowGroup | Tag::Foot)
    }
}

/// What an element's attributes say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// It does not show.
    pub hidden: bool,
    /// Bold by style, or expressly not.
    pub bold: Option<bool>,
    /// Centred by style or attribute, or expressly not.
    pub centred: Option<bool>,
    /// Its line ends and spaces count.
    pub keeps_spaces: bool,
    /// Columns it spans, as printed; 0 where it says nothing.
    pub columns: u16,
    /// Rows it spans, as printed; `u16::MAX` for "to the end", 0 where it says nothing.
    pub rows: u16,
}

/// Most columns a cell may span; browsers stop here too.
pub const WIDEST_SPAN: u16 = 1000;

/// Read the attributes of an element.
pub fn marks(tag: Tag, attributes: &[Attribute]) -> Marks {
    let mut marks = Marks::default();
    for attribute in attributes {
        let value = attribute.value.trim();
        match attribute.name.local.as_ref() {
            "hidden" => marks.hidden = true,
            "aria-hidden" if tag == Tag::Inline => marks.hidden = marks.hidden || value == "true" && attributes.len() == 1,
            "align" => marks.centred = Some(value.eq_ignore_ascii_case("center") || value.eq_ignore_ascii_case("middle")),
            "style" => read_style(value, &mut marks),
            "colspan" if tag == Tag::Cell => marks.columns = read_span(value).map_or(0, |span| span.min(u16::MAX.into())) as u16,
            "rowspan" if tag == Tag::Cell => {
                marks.rows = match read_span(value) {
                    Some(0) => u16::MAX,
                    span => span.map_or(0, |span| span.min(u16::MAX.into())) as u16,
                }
            }
            _ => {}
        }
    }
    marks
}

/// The text that a field shows.
pub fn field_text(attributes: &[Attribute]) -> Option<&str> {
    let of = |name: &str| attributes.iter().find(|attribute| *attribute.name.local == *name).map(|attribute| attribute.value.trim());
    let is_text = of("type").is_none_or(|kind| ["text", "number", "tel", ""].iter().any(|known| kind.eq_ignore_ascii_case(known)));
    of("value").filter(|value| is_text && !value.is_empty())
}

/// What a style makes of an element that has no meaning of its own: `<div style="display:table-cell">`.
pub fn displayed(tag: Tag, attributes: &[Attribute]) -> Tag {
    if !matches!(tag, Tag::Block | Tag::Inline) {
        return tag;
    }
    let style = attributes.iter().find(|attribute| *attribute.name.local == *"style").map_or("", |attribute| &attribute.value);
    let display = style.split(';').filter_map(|declaration| declaration.split_once(':')).find(|(name, _)| name.trim() == "display");
    match display.map(|(_, value)| value.trim()) {
        Some("table") => Tag::Table,
        Some("table-row") => Tag::Row,
        Some("table-cell") => Tag::Cell,
        Some("table-row-group" | "table-header-group") => Tag::RowGroup,
        _ => tag,
    }
}

/// A whole number as browsers read it: digits, then anything. Too long a one is simply large.
fn read_span(value: &str) -> Option<u32> {
    let digits = value.split(|character: char| !character.is_ascii_digit()).next().filter(|digits| !digits.is_empty())?;
    Some(digits.parse().unwrap_or(u32::MAX))
}

fn read_style(style: &str, marks: &mut Marks) {
    for declaration in style.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let value = value.trim().trim_end_matches("!important").trim_end();
        let is = |word: &str| value.eq_ignore_ascii_case(word);
        match name.trim().to_ascii_lowercase().as_str() {
            "display" if is("none") => marks.hidden = true,
            "visibility" if is("hidden") || is("collapse") => marks.hidden = true,
            "mso-hide" if is("all") => marks.hidden = true,
            "font-weight" => marks.bold = Some(is("bold") || is("bolder") || value.parse().is_ok_and(|weight: u16| weight >= 600)),
            "text-align" => marks.centred = Some(is("center") || value.eq_ignore_ascii_case("-webkit-center")),
            "white-space" => marks.keeps_spaces = ["pre", "pre-wrap", "pre-line", "break-spaces"].iter().any(|word| is(word)),
            _ => {}
        }
    }
}
