//! Files → packed rows, in parallel: one thread a worker, each with its child process where the program has one.

use super::walk::{Content, Found, Item};
use super::wire::{self, Packed};
use super::worker::{LONGEST_FRAME, answer, families, refusal};
use super::{CRASHED, Limits, Reader, TOO_SLOW};
use crate::doc::Status;
use crate::grammar::Family;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::io::{self, BufReader, BufWriter, Read};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
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

/// Work until there are no more files.
pub fn work(shared: &Shared, files: &Mutex<Receiver<Found>>, done: &SyncSender<Done>) {
    let mut hand = Hand::new(shared);
    while !shared.stop.load(Ordering::Relaxed) {
        let next = files.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(found) = next else { return };
        let (size, end) = match found.item {
            Item::Refused(status, why) => (0, End::Refused(status, why)),
            Item::File(content) => read(shared, &mut hand, content),
        };
        if done.send(Done { order: found.order, file: found.file, size, end }).is_err() {
            return;
        }
    }
}

fn read(shared: &Shared, hand: &mut Hand, content: Content) -> (u64, End) {
    let bytes = match content {
        Content::Bytes(bytes) => bytes,
        Content::Path(path) => match read_file(&path, shared.limits.file_size) {
            Ok(bytes) => bytes,
            Err((status, why)) => return (0, End::Refused(status, why)),
        },
    };
    let size = bytes.len() as u64;
    let hash: Hash = Sha256::digest(&bytes).into();
    let is_new = shared.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(hash);
    if !is_new {
        return (size, End::Known(hash));
    }
    let (packed, keep) = hand.read(&bytes);
    (size, End::Read { hash, packed, keep })
}

fn read_file(path: &std::path::Path, largest: u64) -> Result<Vec<u8>, (Status, String)> {
    let failed = |error: io::Error| (Status::Failed, error.to_string());
    let file = std::fs::File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    if length > largest {
        return Err((Status::TooLarge, super::too_large(largest)));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(largest + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > largest { Err((Status::TooLarge, super::too_large(largest))) } else { Ok(bytes) }
}

/// Who reads for one thread.
enum Hand<'a> {
    Here(Vec<Family>),
    Child { shared: &'a Shared<'a>, process: Option<Process> },
}

impl<'a> Hand<'a> {
    fn new(shared: &'a Shared<'a>) -> Hand<'a> {
        match shared.reader {
            Reader::Threads => Hand::Here(families(shared.texts)),
            Reader::Processes { .. } => Hand::Child { shared, process: None },
        }
    }

    /// Packed rows, and whether they are worth keeping for another run.
    fn read(&mut self, bytes: &[u8]) -> (Packed, bool) {
        match self {
            Hand::Here(families) => (answer(bytes, families), true),
            Hand::Child { shared, process } => {
                // A crash may be another's doing (memory short, a signal); the file has a second chance, alone.
                let first = ask(shared, process, bytes);
                let end = if matches!(first, Err(Lost::Ended)) { ask(shared, process, bytes) } else { first };
                match end {
                    Ok(packed) => (packed, true),
                    Err(Lost::Slow) => (refusal(Status::TooLarge, TOO_SLOW), false),
                    Err(Lost::Ended) => (refusal(Status::Failed, CRASHED), false),
                }
            }
        }
    }
}

/// Why there is no answer.
enum Lost {
    Slow,
    Ended,
}

fn ask(shared: &Shared, process: &mut Option<Process>, bytes: &[u8]) -> Result<Packed, Lost> {
    if process.is_none() {
        *process = Process::start(shared).ok();
    }
    let Some(live) = process.as_mut() else { return Err(Lost::Ended) };
    let answer = live.ask(bytes, shared.limits);
    if answer.is_err() {
        *process = None;
    }
    answer
}

/// A worker process.
struct Process {
    child: Child,
    frames: SyncSender<Vec<u8>>,
    answers: Receiver<Packed>,
}

impl Process {
    fn start(shared: &Shared) -> io::Result<Process> {
        let Reader::Processes { program, arguments } = shared.reader else { return Err(io::ErrorKind::Unsupported.into()) };
        let mut command = Command::new(program);
        command.args(arguments).arg(shared.limits.memory.to_string());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else { return Err(io::ErrorKind::BrokenPipe.into()) };
        let (frames, outgoing) = sync_channel(1);
        std::thread::spawn(move || talk(stdin, &outgoing));
        let (sender, answers) = sync_channel(1);
        std::thread::spawn(move || listen(BufReader::new(stdout), &sender));
        let process = Process { child, frames, answers };
        process.frames.send(wire::pack_texts(shared.texts)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(process)
    }

    fn ask(&mut self, bytes: &[u8], limits: Limits) -> Result<Packed, Lost> {
        self.frames.send(bytes.to_vec()).map_err(|_| Lost::Ended)?;
        self.answers.recv_timeout(limits.time).map_err(|error| match error {
            RecvTimeoutError::Timeout => Lost::Slow,
            RecvTimeoutError::Disconnected => Lost::Ended,
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn talk(stdin: ChildStdin, outgoing: &Receiver<Vec<u8>>) {
    let mut out = BufWriter::with_capacity(1 << 16, stdin);
    for bytes in outgoing {
        if wire::send(&mut out, &bytes).and_then(|()| io::Write::flush(&mut out)).is_err() {
            return;
        }
    }
}

fn listen(mut source: impl Read, sender: &SyncSender<Packed>) {
    let mut next = || wire::take(&mut source, LONGEST_FRAME).ok().flatten();
    while let Some(head) = next() {
        let Some(body) = next() else { return };
        if sender.send(Packed { head, body }).is_err() {
            return;
        }
    }
}
