//! The side of a worker process: one file after another comes in, its packed rows go out.
//!
//! A thread cannot be stopped, its stack cannot be mended and its memory cannot be counted apart; a process can. So
//! files are read in child processes of the same program: one that takes too long is killed, one that overflows its
//! stack or asks for too much memory ends alone, and the run goes on.

use super::record::{Labels, failure, record};
use super::size::sizes;
use super::variables::Variables;
use super::wire::{self, Packed};
use crate::doc::Status;
use crate::grammar::{Family, load};
use crate::report::parse;
use std::io::{self, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;

/// No frame of a file is longer.
pub const LONGEST_FRAME: u64 = 1 << 31;

/// Files that may be under way to a process at once, where each takes it next to no time: it need not wait for the next. As
/// many have room here, so that it is seen at any time that nobody is left to ask.
pub const MOST_WAITING: usize = 8;

/// Serve a program until its pipe closes. `memory` is the most bytes that this process may ask for.
pub fn serve(source: impl Read + Send + 'static, out: impl Write, memory: Option<u64>) -> io::Result<()> {
    limit_memory(memory);
    // An answer goes out in one piece: standard output sends what it holds at every byte that is a line's end elsewhere.
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let (sender, files) = mpsc::sync_channel(MOST_WAITING);
    std::thread::spawn(move || {
        listen(source, &sender);
        drop(sender);
        // Whoever started this process is gone. A file that is still being read is read for nobody.
        std::thread::sleep(Duration::from_secs(1));
        std::process::abort();
    });
    let Ok(texts) = files.recv() else { return Ok(()) };
    let known = Known::new(&wire::open_texts(&texts)?);
    for bytes in files {
        let Packed { head, body } = known.answer(&bytes);
        wire::send(&mut out, &head)?;
        wire::send(&mut out, &body)?;
        out.flush()?;
    }
    Ok(())
}

fn listen(mut source: impl Read, sender: &mpsc::SyncSender<Vec<u8>>) {
    while let Ok(Some(bytes)) = wire::take(&mut source, LONGEST_FRAME) {
        if sender.send(bytes).is_err() {
            return;
        }
    }
}

/// Families from the texts of their grammars; one with mistakes is refused before a run begins.
pub fn families(texts: &[String]) -> Vec<Family> {
    texts.iter().filter_map(|text| load::load(text).ok()).collect()
}

/// What files are read by.
pub struct Known {
    families: Vec<Family>,
    variables: Variables,
}

impl Known {
    /// From the texts of grammars.
    pub fn new(texts: &[String]) -> Known {
        let families = families(texts);
        let variables = Variables::new(&families);
        Known { families, variables }
    }

    /// Read one file.
    pub fn answer(&self, bytes: &[u8]) -> Packed {
        let read = || {
            let (mut head, body) = record(&parse(bytes, &self.families), Labels::Printed);
            head.sizes = sizes(&self.variables, head.family.as_deref(), &body);
            Packed::new(&head, &body)
        };
        // A panic is a mistake in this program; it costs one file and is told, not hidden.
        catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| refusal(Status::Failed, super::CRASHED))
    }
}

/// What stands for a file on which reading failed.
pub fn refusal(status: Status, why: &str) -> Packed {
    Packed::new(&failure(status, why), &Default::default())
}

#[cfg(unix)]
fn limit_memory(memory: Option<u64>) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    if let Some(memory) = memory {
        // Where the system refuses, the run goes on without this limit; the time limit still stands.
        let _ = setrlimit(Resource::As, Rlimit { current: Some(memory), maximum: Some(memory) });
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
}

#[cfg(not(unix))]
fn limit_memory(_: Option<u64>) {}
