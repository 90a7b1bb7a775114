//! Runs the second PDF reader in a process of its own, because it may panic, recurse without end or ask for all memory:
//! the program starts itself with a hidden command, hands the file over and waits no longer than is reasonable.

use super::args::SecondReader;
use super::process;
use luoshu::read::pdf::second as reader;
use luoshu::report::Report;
use luoshu::second::{Reading, numbers};
use std::io::{self, Read, Write};
use std::process::Command;
use std::time::Duration;

/// The longest that a file's second reading may take.
const LONGEST: Duration = Duration::from_secs(20);
/// Memory that the process may ask for, beside what the file itself takes.
const MOST_MEMORY: u64 = 1 << 30;
/// The mark of a page that cannot be read.
const UNREAD: &str = "?";

/// Compare a report with a second reading of its file, where one is wanted.
pub fn compare(report: &mut Report, bytes: &[u8], when: SecondReader) {
    let n_pages = report.source.document.pages.len();
    let pages = match when {
        SecondReader::Never => return,
        SecondReader::Always => Vec::new(),
        SecondReader::Auto => report.unproven_pages(),
    };
    if report.source.format != "pdf" || n_pages == 0 || when == SecondReader::Auto && pages.is_empty() {
        return;
    }
    let mut reading = ask(bytes, &pages).unwrap_or_default();
    let wanted = (1..=u32::try_from(n_pages).unwrap_or(u32::MAX)).filter(|page| pages.is_empty() || pages.contains(page));
    reading.unread = wanted.filter(|page| !reading.pages.contains_key(page)).collect();
    report.compare_with(&reading);
}

/// What the process says of these pages; nothing where it cannot be started.
fn ask(bytes: &[u8], pages: &[u32]) -> Option<Reading> {
    let mut command = Command::new(std::env::current_exe().ok()?);
    command.arg("second-reading").args(pages.iter().map(u32::to_string));
    // The allocator takes address space for later, a GiB by itself, which counts against the limit: now and then nothing was left.
    command.env("MIMALLOC_ARENA_RESERVE", "32768");
    let output = process::ask(&mut command, bytes, LONGEST)?;
    Some(to_reading(&String::from_utf8_lossy(&output)))
}

fn to_reading(output: &str) -> Reading {
    let mut reading = Reading::default();
    for line in output.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
        let mut words = line.split(' ');
        let Some(page) = words.next().and_then(|page| page.parse().ok()) else { continue };
        let numbers: Vec<String> = words.map(str::to_string).collect();
        if numbers.first().map(String::as_str) != Some(UNREAD) {
            reading.pages.insert(page, numbers);
        }
    }
    reading
}

/// The process itself: a PDF on standard input, each page's numbers on a line of standard output.
pub fn child(pages: &[u32]) -> io::Result<()> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    bound(bytes.len() as u64);
    let mut failed = Ok(());
    reader::read(&bytes, pages, |page, runs| {
        let words = match runs {
            Some(runs) => runs.iter().flat_map(|run| numbers(run)).collect(),
            None => vec![UNREAD.to_string()],
        };
        let line = std::iter::once(page.to_string()).chain(words).collect::<Vec<String>>().join(" ");
        let mut out = io::stdout().lock();
        failed = writeln!(out, "{line}").and_then(|()| out.flush());
    });
    failed
}

/// Limits on memory and time, kept by the system. Where it knows none, the parent's clock remains.
fn bound(length: u64) {
    #[cfg(unix)]
    {
        let memory = MOST_MEMORY + 8 * length;
        let _ = rlimit::Resource::AS.set(memory, memory);
        let _ = rlimit::Resource::CPU.set(LONGEST.as_secs(), LONGEST.as_secs() + 1);
    }
    #[cfg(not(unix))]
    let _ = (length, MOST_MEMORY);
}
