//! PDF → Document.

pub mod draw;
pub mod page;
