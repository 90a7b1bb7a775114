//! Bytes → format, told from the bytes themselves. A name such as `report.pdf` is a claim, and pages saved under it are
//! common; so nobody here sees the name.

/// A format that can be told from its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Nothing at all.
    Empty,
    /// Anything without a signature: plain text, Markdown, or garbage, which shows once it is decoded.
    Text,
    /// A web page, or a piece of one.
    Html,
    /// One compressed file.
    Gzip,
    /// PDF.
    Pdf,
    /// A Word document of 2007 on.
    Docx,
    /// A workbook: XLSX, ODS, or the old XLS.
    Sheet,
    /// A workbook that is written as one XML text.
    SheetXml,
    /// A Word or WPS document in an OLE container.
    OldWord,
    /// An OLE container of another kind.
    Ole,
    /// A zip of something else.
    Zip,
    /// Rich text.
    Rtf,
    /// A picture.
    Image,
    /// Another archive, program or medium.
    Other,
}

impl Format {
    /// The public name, as `source.format` gives it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Empty | Format::Text => "text",
            Format::Html => "html",
            Format::Gzip => "gzip",
            Format::Pdf => "pdf",
            Format::Docx => "docx",
            Format::Sheet | Format::SheetXml => "sheet",
            Format::OldWord => "doc",
            Format::Ole => "ole",
            Format::Zip => "zip",
            Format::Rtf => "rtf",
            Format::Image => "image",
            Format::Other => "binary",
        }
    }
}

/// Signatures at the first byte.
const SIGNATURES: &[(&[u8], Format)] = &[
    (b"\x1F\x8B", Format::Gzip),
    (b"\x89PNG\r\n", Format::Image),
    (b"\xFF\xD8\xFF", Format::Image),
    (b"GIF8", Format::Image),
    (b"{\\rtf", Format::Rtf),
    (b"II*\0", Format::Image),
    (b"MM\0*", Format::Image),
    (b"Rar!\x1A", Format::Other),
    (b"7z\xBC\xAF\x27\x1C", Format::Other),
    (b"\x7FELF", Format::Other),
];

/// How far into a file its signature may stand; some servers put blank lines or a banner before it.
const HEAD: usize = 1024;

/// Tell a file's format.
pub fn sniff(bytes: &[u8]) -> Format {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    if bytes.is_empty() {
        return Format::Empty;
    }
    if let Some((_, format)) = SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature)) {
        return *format;
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return sniff_zip(bytes);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return sniff_ole(bytes);
    }
    if looks_like_workbook(head) {
        return Format::SheetXml;
    }
    if contains(head, b"%PDF-") && !looks_like_page(head) {
        return Format::Pdf;
    }
    if looks_like_page(head) { Format::Html } else { Format::Text }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    memchr::memmem::find(bytes, wanted).is_some()
}

/// The names of a zip's entries stand unpacked at both ends of the file.
fn sniff_zip(bytes: &[u8]) -> Format {
    const REACH: usize = 64 * 1024;
    let head = bytes.get(..REACH).unwrap_or(bytes);
    let tail = bytes.get(bytes.len().saturating_sub(REACH)..).unwrap_or_default();
    let names = |name: &[u8]| contains(head, name) || contains(tail, name);
    if names(b"word/document") {
        Format::Docx
    } else if names(b"xl/workbook") || names(b"opendocument.spreadsheet") {
        Format::Sheet
    } else {
        Format::Zip
    }
}

/// The names of an OLE container's streams stand in UTF-16 in its directory, anywhere in the file.
fn sniff_ole(bytes: &[u8]) -> Format {
    let names = |name: &str| contains(bytes, &name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    if names("WordDocument") {
        Format::OldWord
    } else if names("Workbook") || names("Book\0") {
        Format::Sheet
    } else {
        Format::Ole
    }
}

/// Elements that a page, or a piece of one, begins with.
const FIRST_TAGS: &[&str] = &[
    "!doctype html",
    "html",
    "head",
    "body",
    "title",
    "meta",
    "link",
    "style",
    "script",
    "table",
    "thead",
    "tbody",
    "tr",
    "td",
    "div",
    "p",
    "span",
    "font",
    "center",
    "section",
    "article",
    "main",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "br",
    "b",
    "strong",
    "a",
    "form",
    "frameset",
    "iframe",
];

/// The ASCII characters in lower case. Zero bytes are left out, so that UTF-16 shows its tags as well.
fn ascii(head: &[u8]) -> String {
    head.iter().filter(|byte| byte.is_ascii() && **byte != 0).map(|byte| char::from(*byte).to_ascii_lowercase()).collect()
}

/// What stands behind the comment or instruction that a text begins with.
fn behind<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    text.strip_prefix(open)?.split_once(close).map(|(_, after)| after)
}

/// The namespace of XML Spreadsheet.
const WORKBOOK: &str = "urn:schemas-microsoft-com:office:spreadsheet";

/// True where the first element, behind instructions and comments, is a workbook of that namespace.
fn looks_like_workbook(head: &[u8]) -> bool {
    let ascii = ascii(head);
    let mut rest = ascii.trim_start();
    while let Some(after) = behind(rest, "<?", "?>").or_else(|| behind(rest, "<!--", "-->")) {
        rest = after.trim_start();
    }
    let tag = rest.strip_prefix('<').and_then(|tag| tag.split(|end: char| end == '>' || end.is_ascii_whitespace()).next());
    tag.is_some_and(|tag| tag.rsplit(':').next() == Some("workbook")) && ascii.contains(WORKBOOK)
}

fn looks_like_page(head: &[u8]) -> bool {
    let ascii = ascii(head);
    if ["<!doctype html", "<html"].iter().any(|tag| ascii.contains(tag)) {
        return true;
    }
    let mut rest = ascii.trim_start();
    while let Some(after) = behind(rest, "<!--", "-->") {
        rest = after.trim_start();
    }
    let Some(tag) = rest.strip_prefix('<') else { return false };
    FIRST_TAGS.iter().any(|name| tag.strip_prefix(name).is_some_and(|after| after.starts_with(|end: char| !end.is_ascii_alphanumeric())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_tell_the_format() {
        let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let page_in_utf_16 = utf_16("\u{FEFF}<html><body>规章");
        let book_in_utf_16 = utf_16("\u{FEFF}<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">");
        for (bytes, format) in [
            (&b""[..], Format::Empty),
            (b"\n\n<!DOCTYPE HTML PUBLIC>", Format::Html),
            (b"<!-- saved --><table><tr>", Format::Html),
            (b"<?xml version='1.0'?><html xmlns='x'>", Format::Html),
            (&page_in_utf_16, Format::Html),
            (b"<b and c> are 3 < 4", Format::Html),
            (b"<5 and more", Format::Text),
            (b"# heading\n\n| a | b |", Format::Text),
            (b"\xEF\xBB\xBF%PDF-1.4\n", Format::Pdf),
            (b"\x1F\x8B\x08\x00", Format::Gzip),
            (b"PK\x03\x04....word/document.xml", Format::Docx),
            (b"PK\x03\x04....xl/workbook.xml", Format::Sheet),
            (b"<?xml version='1.0'?>\r\n<!-- a --><Workbook\n xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", Format::SheetXml),
            (b"<ss:Workbook xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'>", Format::SheetXml),
            (&book_in_utf_16, Format::SheetXml),
            (b"<?xml version='1.0'?><Workbook xmlns='http://example.com/'>", Format::Text),
            (b"a <Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", Format::Text),
            (b"PK\x03\x04....photo.jpg", Format::Zip),
        ] {
            assert_eq!(sniff(bytes), format, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
