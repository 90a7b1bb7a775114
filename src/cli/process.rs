//! Another process, bounded: what it gets, what it prints, and no longer than is reasonable.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// What a process may print.
const MOST_OUTPUT: u64 = 256 << 20;

/// Start a process, hand it `input` and take what it prints until it ends or `longest` has passed; none where it cannot
/// be started. It is ended in any case.
pub fn ask(command: &mut Command, input: &[u8], longest: Duration) -> Option<Vec<u8>> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let output = talk(&mut child, input, longest);
    // Whatever came of it, no process is left behind.
    let _ = child.kill();
    let _ = child.wait();
    Some(output)
}

fn talk(child: &mut Child, input: &[u8], longest: Duration) -> Vec<u8> {
    let (Some(mut pipe), Some(output)) = (child.stdin.take(), child.stdout.take()) else { return Vec::new() };
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut output = BufReader::new(output.take(MOST_OUTPUT));
        while let Ok(some) = output.fill_buf().map(<[u8]>::to_vec) {
            output.consume(some.len());
            if some.is_empty() || sender.send(some).is_err() {
                return;
            }
        }
    });
    let input = input.to_vec();
    std::thread::spawn(move || drop(pipe.write_all(&input)));
    let end = Instant::now() + longest;
    let mut found = Vec::new();
    while let Ok(some) = receiver.recv_timeout(end.saturating_duration_since(Instant::now())) {
        found.extend(some);
    }
    found
}
