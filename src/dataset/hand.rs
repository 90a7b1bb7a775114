//! Who reads, one file at a time: this process, or a child process that can be killed and counted apart.

use super::wire::{self, Packed};
use super::worker::{Known, LONGEST_FRAME, refusal};
use super::{CRASHED, Limits, Reader, TOO_SLOW};
use crate::doc::Status;
use std::io::{self, BufReader, BufWriter, Read};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};

/// Reads one file after another.
pub struct Hand {
    reader: Reader,
    limits: Limits,
    texts: Vec<String>,
    /// Where this process reads.
    known: Option<Known>,
    process: Option<Process>,
}

impl Hand {
    /// A hand that has read nothing yet; `texts` are the grammars.
    pub fn new(reader: &Reader, limits: Limits, texts: &[String]) -> Hand {
        let known = matches!(reader, Reader::Threads).then(|| Known::new(texts));
        Hand { reader: reader.clone(), limits, texts: texts.to_vec(), known, process: None }
    }

    /// Packed rows, and whether they are worth keeping for another run.
    pub fn read(&mut self, bytes: &[u8]) -> (Packed, bool) {
        if let Some(known) = &self.known {
            return (known.answer(bytes), true);
        }
        // A crash may be another's doing (memory short, a signal); the file has a second chance, alone.
        let first = self.ask(bytes);
        let end = if matches!(first, Err(Lost::Ended)) { self.ask(bytes) } else { first };
        match end {
            Ok(packed) => (packed, true),
            Err(Lost::Slow) => (refusal(Status::TooLarge, TOO_SLOW), false),
            Err(Lost::Ended) => (refusal(Status::Failed, CRASHED), false),
        }
    }

    fn ask(&mut self, bytes: &[u8]) -> Result<Packed, Lost> {
        if self.process.is_none() {
            self.process = Process::start(&self.reader, self.limits, &self.texts).ok();
        }
        let Some(live) = self.process.as_mut() else { return Err(Lost::Ended) };
        let answer = live.ask(bytes, self.limits);
        if answer.is_err() {
            self.process = None;
        }
        answer
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
    frames: SyncSender<Vec<u8>>,
    answers: Receiver<Packed>,
}

impl Process {
    fn start(reader: &Reader, limits: Limits, texts: &[String]) -> io::Result<Process> {
        let Reader::Processes { program, arguments } = reader else { return Err(io::ErrorKind::Unsupported.into()) };
        let mut command = Command::new(program);
        command.args(arguments).arg(limits.memory.to_string());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else { return Err(io::ErrorKind::BrokenPipe.into()) };
        let (frames, outgoing) = sync_channel(1);
        std::thread::spawn(move || talk(stdin, &outgoing));
        let (sender, answers) = sync_channel(1);
        std::thread::spawn(move || listen(BufReader::new(stdout), &sender));
        let process = Process { child, frames, answers };
        process.frames.send(wire::pack_texts(texts)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
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
