//! What keeps a reader from reading on: a status for the file, and the flag that says so.

use crate::doc::Status;
use crate::flag::{Code, Fault, Flag, Message};

/// Why reading ended early, or what was left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    /// What it makes of the file.
    pub status: Status,
    /// The fact.
    pub message: Message,
}

impl Trouble {
    /// The file is broken here.
    pub fn damaged(message: Message) -> Trouble {
        Trouble { status: Status::Damaged, message }
    }

    /// A limit is passed.
    pub fn too_large(message: Message) -> Trouble {
        Trouble { status: Status::TooLarge, message }
    }

    /// Something is left out, the rest is read.
    pub fn partial(message: Message) -> Trouble {
        Trouble { status: Status::Partial, message }
    }

    /// As a flag: whatever is not read may hold numbers, so it is an error.
    pub fn to_flag(&self) -> Flag {
        let help = match self.status {
            Status::Encrypted => "open it with its password and save it without one",
            Status::TooLarge => "look whether this is the file that was meant; part it if it is",
            _ => "fetch the file anew, or open it in the program that made it and save it again",
        };
        Flag::new(Code::NoText, self.message.clone()).help(Message::plain(help)).fault(Fault::Reading)
    }
}
