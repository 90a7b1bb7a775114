//! Plain text → Document.
use crate::doc::Document;
use crate::place::{LineIndex, Places};

/// Read a text.
pub fn read(text: String) -> Document {
    let places = Places::Lines(LineIndex::new(&text));
    Document { text, blocks: Vec::new(), places, pages: Vec::new() }
}
