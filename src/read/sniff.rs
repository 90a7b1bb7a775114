//! Bytes → format, told from the bytes themselves. A name such as `report.pdf` is a claim, and pages saved under it are
//! common; so nobody here sees the name.

use std::io::{Cursor, Read, Seek};

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
    (b"BZh91AY&SY", Format::Other),
    (b"\xFD7zXZ\0", Format::Other),
    (b"\x28\xB5\x2F\xFD", Format::Other),
    (b"\x7FELF", Format::Other),
];

/// How much of a zip file is looked at where its list is lost.
const ZIP_HEAD: usize = 64 * 1024;
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
        return sniff_zip(bytes.get(..ZIP_HEAD).unwrap_or(bytes), Cursor::new(bytes));
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

/// A zip file, of which `head` is the beginning, is told by the names in its list. Where that is lost, its first name tells.
pub fn sniff_zip(head: &[u8], source: impl Read + Seek) -> Format {
    let first = first_name(head).unwrap_or_default();
    if first == b"mimetype" && contains(head.get(..128).unwrap_or(head), b"opendocument.spreadsheet") {
        return Format::Sheet;
    }
    // A list whose archive begins further on is that of a file which an archive, now cut, stores as it is.
    let listed = zip::ZipArchive::new(source).ok().filter(|zip| zip.offset() == 0);
    let is_office = OFFICE_BEGINS.iter().any(|begin| first.starts_with(begin));
    let holds = |name: &str| match &listed {
        Some(zip) => zip.file_names().flatten().any(|own| own.starts_with(name)),
        None => is_office && contains(head, name.as_bytes()),
    };
    if holds("word/document") {
        Format::Docx
    } else if holds("xl/workbook") {
        Format::Sheet
    } else {
        Format::Zip
    }
}

/// How the first entry of an office file is called.
const OFFICE_BEGINS: [&[u8]; 5] = [b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"xl/"];

/// The name of the entry that a zip file begins with.
fn first_name(head: &[u8]) -> Option<&[u8]> {
    let length = u16::from_le_bytes(*head.get(26..)?.first_chunk()?);
    head.get(30..30 + usize::from(length))
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

    /// A zip file of entries that are stored as they are.
    fn stored(entries: &[(&str, &[u8])]) -> Vec<u8> {
        use std::io::Write;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for (name, bytes) in entries {
            zip.start_file(*name, options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_zip_file_is_told_by_its_own_names() {
        let word = stored(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<document/>")]);
        let book = stored(&[("docProps/app.xml", b""), ("xl/workbook.xml", b"<workbook/>")]);
        let open_book = stored(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"")]);
        assert_eq!([&word, &book, &open_book].map(|bytes| sniff(bytes)), [Format::Docx, Format::Sheet, Format::Sheet]);
        // Cut, the first name tells.
        assert_eq!(sniff(&word[..word.len() - 30]), Format::Docx);
        for inner in [&word, &book, &open_book] {
            let archive = stored(&[("a.txt", b"text"), ("b.docx", inner), ("c.txt", b"text")]);
            assert_eq!(sniff(&archive), Format::Zip);
            assert_eq!(sniff(&archive[..archive.len() - 30]), Format::Zip, "cut");
        }
    }
}
