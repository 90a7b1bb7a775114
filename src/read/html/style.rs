//! What an element is and how it says it looks, as far as a report's shape depends on it. Attributes and inline styles
//! only: style sheets are not read.

use html5ever::{Attribute, LocalName, local_name};

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
    /// A section of a table.
    RowGroup,
    /// A section of a table; the first of its kind stands at the top, wherever the page writes it.
    Head,
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
            "thead" => Tag::Head,
            "tbody" => Tag::RowGroup,
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
        matches!(self, Tag::Table | Tag::Row | Tag::Cell | Tag::Caption | Tag::Head | Tag::RowGroup | Tag::Foot)
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
    /// A link to another page.
    pub leads_away: bool,
    /// Rows it spans, as printed; `u16::MAX` for "to the end", 0 where it says nothing.
    pub rows: u16,
}

/// Most columns a cell may span; browsers stop here too.
pub const WIDEST_SPAN: u16 = 1000;

/// A link without a target, with a script or with a place on a page opens what stands here.
fn leads_away(target: &str) -> bool {
    let is_script = target.get(..SCRIPT.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCRIPT));
    !target.is_empty() && !target.contains('#') && !is_script
}

const SCRIPT: &str = "javascript:";

/// What an element is and what its attributes say. A style may make a cell of an element without a meaning of its own,
/// `<div style="display:table-cell">`, and is obeyed before `align`.
pub fn look(tag: Tag, attributes: &[Attribute]) -> (Tag, Marks) {
    let style = attributes.iter().find(|attribute| attribute.name.local == local_name!("style"));
    let style = style.map(|attribute| read_style(&attribute.value)).unwrap_or_default();
    let tag = style.shown_as.filter(|_| matches!(tag, Tag::Block | Tag::Inline)).unwrap_or(tag);
    let mut marks = style.marks;
    for attribute in attributes {
        let value = attribute.value.trim();
        match attribute.name.local {
            local_name!("hidden") => marks.hidden = true,
            local_name!("href") => marks.leads_away = tag == Tag::Link && leads_away(value),
            local_name!("align") => {
                let is_centred = value.eq_ignore_ascii_case("center") || value.eq_ignore_ascii_case("middle");
                marks.centred = marks.centred.or(Some(is_centred));
            }
            local_name!("colspan") if tag == Tag::Cell => {
                marks.columns = read_span(value).map_or(0, |span| span.min(u16::MAX.into())) as u16
            }
            local_name!("rowspan") if tag == Tag::Cell => {
                marks.rows = match read_span(value) {
                    Some(0) => u16::MAX,
                    span => span.map_or(0, |span| span.min(u16::MAX.into())) as u16,
                }
            }
            _ if tag == Tag::Inline && attributes.len() == 1 && &*attribute.name.local == "aria-hidden" => marks.hidden |= value == "true",
            _ => {}
        }
    }
    (tag, marks)
}

/// The text that a field shows.
pub fn field_text(attributes: &[Attribute]) -> Option<&str> {
    let of = |name: &str| attributes.iter().find(|attribute| *attribute.name.local == *name).map(|attribute| attribute.value.trim());
    let is_text = of("type").is_none_or(|kind| ["text", "number", "tel", ""].iter().any(|known| kind.eq_ignore_ascii_case(known)));
    of("value").filter(|value| is_text && !value.is_empty())
}

/// A whole number as browsers read it: digits, then anything. Too long a one is simply large.
fn read_span(value: &str) -> Option<u32> {
    let digits = value.split(|character: char| !character.is_ascii_digit()).next().filter(|digits| !digits.is_empty())?;
    Some(digits.parse().unwrap_or(u32::MAX))
}

/// What an inline style says.
#[derive(Debug, Default)]
struct Style {
    marks: Marks,
    shown_as: Option<Tag>,
}

fn read_style(text: &str) -> Style {
    let mut style = Style::default();
    for declaration in text.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let marks = &mut style.marks;
        let name = name.trim();
        let value = || value.trim().trim_end_matches("!important").trim_end();
        let is = |word: &str| value().eq_ignore_ascii_case(word);
        // Lengths tell nearly all names apart.
        let named = |word: &str| name.eq_ignore_ascii_case(word);
        if named("display") {
            marks.hidden |= is("none");
            style.shown_as = displayed(value());
        } else if named("visibility") {
            marks.hidden |= is("hidden") || is("collapse");
        } else if named("mso-hide") {
            marks.hidden |= is("all");
        } else if named("font-weight") {
            marks.bold = Some(is("bold") || is("bolder") || value().parse().is_ok_and(|weight: u16| weight >= 600));
        } else if named("text-align") {
            let is_side = ["left", "right", "justify", "start", "end"].iter().any(|word| is(word));
            let is_centred = is("center") || is("-webkit-center");
            marks.centred = (is_side || is_centred).then_some(is_centred).or(marks.centred);
        } else if named("white-space") {
            marks.keeps_spaces = ["pre", "pre-wrap", "pre-line", "break-spaces"].iter().any(|word| is(word));
        }
    }
    style
}

/// What a display makes of an element.
fn displayed(display: &str) -> Option<Tag> {
    match display.to_ascii_lowercase().as_str() {
        "table" | "inline-table" => Some(Tag::Table),
        "table-row" => Some(Tag::Row),
        "table-cell" => Some(Tag::Cell),
        "table-row-group" => Some(Tag::RowGroup),
        "table-header-group" => Some(Tag::Head),
        "table-footer-group" => Some(Tag::Foot),
        "table-caption" => Some(Tag::Caption),
        "block" | "list-item" | "flex" | "grid" | "flow-root" => Some(Tag::Block),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_obeyed_as_browsers_do() {
        let shown_as = |style: &str| read_style(style).shown_as;
        assert_eq!(shown_as("DISPLAY : Table-Cell !important"), Some(Tag::Cell));
        assert_eq!(shown_as("display:block;display:table-row"), Some(Tag::Row));
        assert_eq!(shown_as("display:table-cell;display:block"), Some(Tag::Block));
        assert_eq!(shown_as("display:inline"), None);
        let centred = |style: &str| read_style(style).marks.centred;
        assert_eq!([centred("text-align:center"), centred("text-align: left")], [Some(true), Some(false)]);
        assert_eq!([centred("text-align:inherit"), centred("text-align:")], [None, None]);
        assert_eq!(read_style("FONT-WEIGHT:700;visibility:hidden").marks, Marks { bold: Some(true), hidden: true, ..Marks::default() });
    }
}
