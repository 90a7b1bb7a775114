//! Sentences of statistics: which indicators a family names, and the words that join a name, a number and its growth.
//!
//! ```text
//!   全年   粮食产量    达到    48.2   万吨  ，  比上年   下降   1.2  %
//!   scope  indicator  state   number  unit     against  fall   number unit
//! ```
//! Only the words live here; how they stand together is known to the room that reads sentences.

/// Something that sentences put a number on.
#[derive(Debug, Clone)]
pub struct Indicator {
    /// Dotted id; the dots make the tree.
    pub id: String,
    /// Names in full, the official one first.
    pub labels: Vec<String>,
    /// Names that mean it only where the indicator above it, or a part of that one, is being spoken of.
    pub short: Vec<String>,
}

/// Parts that are stated in a row, `10.2:38.4:51.4`, under one name.
#[derive(Debug, Clone)]
pub struct Group {
    /// How the row is called.
    pub labels: Vec<String>,
    /// Ids of its parts in order.
    pub parts: Vec<String>,
}
