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
    /// Shows another file: a frame, an embedded viewer.
    Embed,
    /// A script.
    Script,
    /// Never shows, or is no text of the page: a style, a menu, a form's list.
    Unseen,
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
            "thead" | "tbody" | "tfoot" => Tag::RowGroup,
            "iframe" | "frame" | "embed" | "object" => Tag::Embed,
            "script" => Tag::Script,
            "head" | "style" | "template" | "noscript" | "noframes" | "noembed" | "title" | "nav" | "select" | "option" | "datalist"
            | "button" | "textarea" | "canvas" | "svg" | "math" | "audio" | "video" | "map" | "menu" | "dialog" | "colgroup" | "rp"
            | "rt" => Tag::Unseen,
            _ => Tag::Inline,
        }
    }

    /// True when a paragraph ends where it begins or ends.
    pub fn is_block(self) -> bool {
        matches!(self, Tag::Block | Tag::Heading(_) | Tag::Pre | Tag::Table | Tag::Row | Tag::Cell | Tag::Caption | Tag::RowGroup)
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
