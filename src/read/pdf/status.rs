//! What each page and the whole file came to, and the flags that say so.

use super::draw::{Closed, Drawing, Opened};
use super::page::Page;
use crate::doc::Status;
use crate::flag::{Code, Fault, Flag, Message, Severity};

/// A page of which pictures cover more than this has something to read that is not read.
const PICTURED: f32 = 0.3;

/// Counts pages as they come.
#[derive(Debug, Default)]
pub struct Tally {
    pages: Vec<Status>,
    pictured: Vec<String>,
    broken: Vec<String>,
    n_unknown: usize,
    n_glyphs: usize,
    garbled: Vec<String>,
    recognised: Vec<String>,
}

impl Tally {
    /// Count a page.
    pub fn page(&mut self, page: &Page, drawing: Drawing) {
        let number = page.number.to_string();
        let n_shown = page.glyphs.iter().filter(|glyph| glyph.character != ' ').count();
        self.n_glyphs += n_shown;
        self.n_unknown += page.n_unknown;
        let status = match drawing {
            Drawing::Broken => Status::Damaged,
            Drawing::TooLarge => Status::TooLarge,
            Drawing::Whole if n_shown == 0 => Status::NoText,
            Drawing::Whole if page.n_unknown * 5 > n_shown => Status::Partial,
            Drawing::Whole => Status::Ok,
        };
        match status {
            Status::Damaged | Status::TooLarge => self.broken.push(number),
            Status::Partial => self.garbled.push(number),
            Status::NoText if page.pictured > PICTURED => self.pictured.push(number),
            _ => {}
        }
        self.pages.push(status);
    }

    /// Count a page whose words are recognised from its picture.
    pub fn recognised(&mut self, page: &Page) {
        self.n_glyphs += page.glyphs.len();
        self.recognised.push(page.number.to_string());
        self.pages.push(Status::Recognised);
    }

    /// The pages' statuses, the file's, and what there is to say.
    pub fn finish(self, opened: Result<Opened, Closed>) -> (Vec<Status>, Status, Vec<Flag>) {
        let opened = match opened {
            Ok(opened) => opened,
            Err(Closed::Locked) => {
                return closed(
                    Status::Encrypted,
                    "the file is locked with a password",
                    "ask its publisher for the password or for an open copy",
                );
            }
            Err(Closed::Broken) => {
                return closed(Status::Damaged, "the file's structure is broken and no page can be read", "fetch it anew");
            }
        };
        let mut flags = Vec::new();
        self.tell_damage(opened, &mut flags);
        self.tell_pages(&mut flags);
        let has_text = self.pages.iter().any(|status| matches!(status, Status::Ok | Status::Partial)) || self.n_glyphs > 0;
        let sound = opened.soundness;
        let damaged = !self.broken.is_empty() || sound.n_broken > 0 || sound.cut || opened.n_pages == 0;
        let status = match () {
            () if sound.swollen => Status::TooLarge,
            () if has_text && (!flags.iter().all(|flag| flag.severity == Severity::Note)) => Status::Partial,
            () if has_text => Status::Ok,
            () if damaged => Status::Damaged,
            () => Status::NoText,
        };
        if !has_text {
            // A warning is for what was read all the same.
            flags = flags.into_iter().map(|flag| flag.graded(Severity::Error)).collect();
        }
        if !has_text && flags.is_empty() {
            flags.push(Flag::new(Code::NoText, Message::plain("no page has any text")).fault(Fault::Source));
        }
        (self.pages, status, flags)
    }

    fn tell_damage(&self, opened: Opened, flags: &mut Vec<Flag>) {
        let sound = opened.soundness;
        let again = || Message::plain("fetch the file anew and compare");
        let mut warn = |message: Message| {
            flags.push(Flag::new(Code::NoText, message).graded(Severity::Warning).fault(Fault::Reading).help(again()));
        };
        if sound.swollen {
            warn(Message::plain("a part of the file unpacks to more than any report holds; nothing is read"));
        }
        if sound.cut {
            warn(Message::plain("the file ends before its end mark; pages may be missing"));
        }
        if sound.n_broken > 0 {
            warn(Message::new(
                "{0} packed parts of the file fail their checksum; text may be missing or wrong",
                [sound.n_broken.to_string()],
            ));
        }
        let n_read = self.pages.len();
        match sound.n_counted {
            Some(counted) if counted > opened.n_pages => {
                warn(Message::new("the file counts {0} pages and {1} can be found", [counted.to_string(), opened.n_pages.to_string()]));
            }
            _ if opened.n_pages > n_read && !sound.swollen => {
                warn(Message::new("the file has {0} pages; the first {1} are read", [opened.n_pages.to_string(), n_read.to_string()]));
            }
            _ => {}
        }
        if opened.n_pages == 0 {
            warn(Message::plain("no page can be found"));
        }
    }

    fn tell_pages(&self, flags: &mut Vec<Flag>) {
        let some = self.n_glyphs > 0;
        if !self.broken.is_empty() {
            let message = Message::new("page {0} is damaged or too large, and is read in part or not at all", [self.broken.join(", ")]);
            flags.push(Flag::new(Code::NoText, message).fault(Fault::Reading));
        }
        if !self.recognised.is_empty() {
            let message = Message::new("page {0} is a picture: its words are recognised, not read", [self.recognised.join(", ")]);
            let help = Message::plain("compare its numbers with the page; only those that a sum proves are sure");
            flags.push(Flag::new(Code::NoText, message).graded(Severity::Warning).fault(Fault::Source).help(help));
        }
        if !self.pictured.is_empty() {
            let message = Message::new("page {0} is a picture without text", [self.pictured.join(", ")]);
            let grade = if some { Severity::Warning } else { Severity::Error };
            let help = Message::plain("read it by eye or with a program for scans");
            flags.push(Flag::new(Code::NoText, message).graded(grade).fault(Fault::Source).help(help));
        }
        if !self.garbled.is_empty() {
            let facts = [self.garbled.join(", "), self.n_unknown.to_string(), self.n_glyphs.to_string()];
            let message = Message::new("on page {0} the file does not tell what its characters mean: {1} of {2} are unknown", facts);
            let help = Message::plain("the pages can be looked at but not read; ask for another copy");
            flags.push(Flag::new(Code::EncodingDoubt, message).fault(Fault::Source).help(help));
        } else if self.n_unknown > 0 {
            let message = Message::new("{0} characters have no known meaning", [self.n_unknown.to_string()]);
            flags.push(Flag::new(Code::EncodingDoubt, message).graded(Severity::Note).fault(Fault::Source));
        }
    }
}

fn closed(status: Status, why: &'static str, help: &'static str) -> (Vec<Status>, Status, Vec<Flag>) {
    let flag = Flag::new(Code::NoText, Message::plain(why)).fault(Fault::Source).help(Message::plain(help));
    (Vec::new(), status, vec![flag])
}
