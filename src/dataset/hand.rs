//! Who reads: this process, or a child process that can be killed and counted apart. A few files are on the way to the
//! child at once, so that neither side waits for the other.

use super::load::Load;
use super::wire::{self, Packed};
use super::worker::{Known, LONGEST_FRAME, MOST_WAITING, refusal};
use super::{CRASHED, Limits, Reader, TOO_SLOW};
use crate::doc::Status;
use std::collections::VecDeque;
use std::io::{self, BufReader, BufWriter, Read};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// Most of their bytes; a larger file is sent alone.
const MOST_BYTES: u64 = 1 << 17;
/// A file whose answer takes no longer is no reason to leave the next to another hand.
const QUICK: Duration = Duration::from_millis(20);

/// Reads files in the order in which they are given.
pub struct Hand<T> {
    reader: Reader,
    limits: Limits,
    texts: Vec<String>,
    /// Where this process reads.
    known: Option<Known>,
    process: Option<Process>,
    /// Given and not yet taken back, with what they are.
    waiting: VecDeque<(T, Load)>,
    /// How many of them the process has been sent.
    n_sent: usize,
    /// The last answer came soon.
    is_quick: bool,
}

impl<T> Hand<T> {
    /// A hand that has read nothing yet; `texts` are the grammars.
    pub fn new(reader: &Reader, limits: Limits, texts: &[String]) -> Hand<T> {
        let known = matches!(reader, Reader::Threads).then(|| Known::new(texts));
        let reader = reader.clone();
        Hand { reader, limits, texts: texts.to_vec(), known, process: None, waiting: VecDeque::new(), n_sent: 0, is_quick: false }
    }

    /// True where another file may be given before one is taken back.
    pub fn has_room(&self) -> bool {
        self.waiting.is_empty() || self.is_quick && self.waiting.len() < MOST_WAITING && self.n_bytes(MOST_WAITING) < MOST_BYTES
    }

    fn n_bytes(&self, n_files: usize) -> u64 {
        self.waiting.iter().take(n_files).map(|(_, load)| load.size()).sum()
    }

    /// True where nothing waits.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Give a file to read, where there is room.
    pub fn give(&mut self, what: T, load: impl Into<Load>) {
        self.waiting.push_back((what, load.into()));
        self.send(self.waiting.len());
    }

    /// Take back the file that was given first, as packed rows, and whether these are worth keeping for another run; none
    /// where nothing waits.
    pub fn take(&mut self) -> Option<(T, Packed, bool)> {
        let (_, load) = self.waiting.front()?;
        let (packed, keep) = match &self.known {
            Some(known) => match load.bytes() {
                Ok(bytes) => (known.answer(&bytes), true),
                Err(error) => (refusal(Status::Failed, &error.to_string()), false),
            },
            None => self.ask(),
        };
        let (what, _) = self.waiting.pop_front()?;
        self.n_sent = self.n_sent.saturating_sub(1);
        // What was too large to be sent beside it.
        self.send(self.waiting.len());
        Some((what, packed, keep))
    }

    /// Read one file; no other waits.
    pub fn read(&mut self, what: T, bytes: &[u8]) -> Option<(T, Packed, bool)> {
        self.give(what, bytes.to_vec());
        self.take()
    }

    fn ask(&mut self) -> (Packed, bool) {
        let all = self.waiting.len();
        // A crash may be another's doing (memory short, a signal); the file has a second chance, alone.
        let end = match self.listen(all) {
            Err(Lost::Ended) => self.listen(1),
            first => first,
        };
        match end {
            Ok(packed) => (packed, true),
            Err(Lost::Slow) => (refusal(Status::TooLarge, TOO_SLOW), false),
            Err(Lost::Ended) => (refusal(Status::Failed, CRASHED), false),
        }
    }

    /// The answer to the first file, when so many have been sent. Its clock begins when it is waited for, and all before it
    /// have been answered.
    fn listen(&mut self, n_files: usize) -> Result<Packed, Lost> {
        self.send(n_files);
        let begin = Instant::now();
        let answer = self.process.as_ref().map_or(Err(Lost::Ended), |process| process.answer(self.limits));
        self.is_quick = answer.is_ok() && begin.elapsed() <= QUICK;
        if answer.is_err() {
            (self.process, self.n_sent) = (None, 0);
        }
        answer
    }

    /// Send what has not been sent, as far as so many files, and as many bytes as may be under way.
    fn send(&mut self, n_files: usize) {
        let fits = |n_files: &usize| *n_files <= 1 || self.n_bytes(*n_files) <= MOST_BYTES;
        let n_files = (self.n_sent..=n_files.min(self.waiting.len())).rev().find(fits).unwrap_or(self.n_sent);
        if n_files <= self.n_sent {
            return;
        }
        if self.known.is_none() && self.process.is_none() {
            self.process = Process::start(&self.reader, self.limits, &self.texts).ok();
        }
        let Some(live) = &self.process else { return };
        for (_, load) in self.waiting.iter().take(n_files).skip(self.n_sent) {
            // Where the process is gone there will be no answer.
            let _ = live.frames.send(load.clone());
            self.n_sent += 1;
        }
    }
}

/// Why there is no answer.
enum Lost {
    Slow,
    Ended,
}

/// A worker process.
struct Process {
    child: Child,
    frames: SyncSender<Load>,
    answers: Receiver<Packed>,
}

impl Process {
    fn start(reader: &Reader, limits: Limits, texts: &[String]) -> io::Result<Process> {
        let Reader::Processes { program, arguments } = reader else { return Err(io::ErrorKind::Unsupported.into()) };
        let mut command = Command::new(program);
        command.args(arguments).arg(limits.memory.to_string());
        // The allocator takes address space for later, which counts against the limit: 32 MiB instead of a GiB.
        command.env("MIMALLOC_ARENA_RESERVE", "32768");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else { return Err(io::ErrorKind::BrokenPipe.into()) };
        let (frames, outgoing) = sync_channel(MOST_WAITING);
        std::thread::spawn(move || talk(stdin, &outgoing));
        let (sender, answers) = sync_channel(MOST_WAITING);
        std::thread::spawn(move || listen(BufReader::with_capacity(1 << 16, stdout), &sender));
        let process = Process { child, frames, answers };
        process.frames.send(wire::pack_texts(texts).into()).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(process)
    }

    fn answer(&self, limits: Limits) -> Result<Packed, Lost> {
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

fn talk(stdin: ChildStdin, outgoing: &Receiver<Load>) {
    let mut out = BufWriter::with_capacity(1 << 16, stdin);
    for load in outgoing {
        if load.send(&mut out).and_then(|()| io::Write::flush(&mut out)).is_err() {
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
