//! Files → packed rows, in parallel: one thread a worker, each with its child process where the program has one.

use super::hand::Hand;
use super::load::Load;
use super::walk::{Found, Item};
use super::wire::Packed;
use super::{Limits, Reader};
use crate::doc::Status;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Mutex, PoisonError};

/// A content's fingerprint.
pub type Hash = [u8; 32];

/// A file, done.
pub struct Done {
    /// Its number in the order of the walk.
    pub order: u64,
    /// What it is called.
    pub file: String,
    /// Its size.
    pub size: u64,
    /// What became of it.
    pub end: End,
}

/// What became of a file.
pub enum End {
    /// It was read.
    Read {
        /// Fingerprint of the content.
        hash: Hash,
        /// Its rows.
        packed: Packed,
        /// False where another run may fare better.
        keep: bool,
    },
    /// These bytes have been read before.
    Known(Hash),
    /// It could not be opened.
    Refused(Status, String),
}

/// What all workers share.
pub struct Shared<'a> {
    /// Who reads.
    pub reader: &'a Reader,
    /// Limits.
    pub limits: Limits,
    /// Texts of the grammars.
    pub texts: &'a [String],
    /// Contents that need no reading.
    pub seen: Mutex<HashSet<Hash>>,
    /// Set when the run is over before its end.
    pub stop: AtomicBool,
}

/// A file on its way through a hand.
struct Asked {
    order: u64,
    file: String,
    size: u64,
    hash: Hash,
}

/// Work until there are no more files.
pub fn work(shared: &Shared, files: &Mutex<Receiver<Found>>, done: &SyncSender<Done>) {
    let mut hand = Hand::new(shared.reader, shared.limits, shared.texts);
    while !shared.stop.load(Ordering::Relaxed) {
        let told = match next(files, &hand) {
            Next::File(found) => take_up(shared, &mut hand, found),
            Next::Later => hand.take().map(|(asked, packed, keep)| {
                let Asked { order, file, size, hash } = asked;
                Done { order, file, size, end: End::Read { hash, packed, keep } }
            }),
            Next::Never => return,
        };
        if told.is_some_and(|told| done.send(told).is_err()) {
            return;
        }
    }
}

/// What a worker does next.
enum Next {
    /// Take a file up.
    File(Found),
    /// Wait for one that was given.
    Later,
    /// Nothing: there are no more.
    Never,
}

/// A hand that has files waits for none.
fn next(files: &Mutex<Receiver<Found>>, hand: &Hand<Asked>) -> Next {
    if hand.is_idle() {
        let found = files.lock().unwrap_or_else(PoisonError::into_inner).recv();
        return found.map_or(Next::Never, Next::File);
    }
    if !hand.has_room() {
        return Next::Later;
    }
    files.try_lock().ok().and_then(|files| files.try_recv().ok()).map_or(Next::Later, Next::File)
}

/// Give a file to the hand; what needs no reading is told at once.
fn take_up(shared: &Shared, hand: &mut Hand<Asked>, found: Found) -> Option<Done> {
    let Found { order, file, item } = found;
    let refused = |file, (status, why)| Some(Done { order, file, size: 0, end: End::Refused(status, why) });
    let (load, hash) = match item {
        Item::Refused(status, why) => return refused(file, (status, why)),
        Item::Hidden => return None,
        Item::File(content) => match Load::weigh(content, shared.limits.file_size) {
            Ok(weighed) => weighed,
            Err(refusal) => return refused(file, refusal),
        },
    };
    let size = load.size();
    let is_new = shared.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(hash);
    if !is_new {
        return Some(Done { order, file, size, end: End::Known(hash) });
    }
    hand.give(Asked { order, file, size, hash }, load);
    None
}
