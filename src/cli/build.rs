//! `luoshu build`: arguments → a dataset, with a progress bar where a person looks on, lines elsewhere.

use super::args::BuildArgs;
use indicatif::{ProgressBar, ProgressStyle};
use luoshu::dataset::{self, Built, Limits, Options, Progress, Reader, Stage, Trouble};
use luoshu::flag::Message;
use luoshu::manual::{Language, say};
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// Name of the hidden command that reads files for a build.
pub const WORKER: &str = "read-for-build";

/// Build; `grammars` are the texts of the families' grammars.
pub fn build(args: &BuildArgs, grammars: Vec<String>, language: Language) -> Result<Built, Trouble> {
    let program = std::env::current_exe().map_err(|error| Trouble::Io("luoshu".into(), error))?;
    let options = Options {
        inputs: args.inputs.clone(),
        out: args.output.clone(),
        grammars,
        limits: Limits { time: Duration::from_secs(args.timeout), memory: args.memory << 20, file_size: args.largest << 20 },
        jobs: args.jobs.map(usize::from).or_else(|| std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1),
        reader: Reader::Processes { program, arguments: vec![WORKER.into()] },
        language,
        parts: args.parts.as_deref().map(read_parts).transpose()?.unwrap_or_default(),
    };
    let mut teller = Teller::new(language);
    let built = dataset::build(&options, &mut |progress| teller.tell(progress));
    teller.finish();
    built
}

/// Pairs of a body and one of its parts.
fn read_parts(path: &Path) -> Result<Vec<(String, String)>, Trouble> {
    let read = || -> Result<Vec<(String, String)>, csv::Error> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_path(path)?;
        reader.deserialize().collect()
    };
    read().map_err(|error| Trouble::Io(path.into(), error.into()))
}

/// What the dataset holds, for a person.
pub fn summary(built: &Built, language: Language) -> String {
    let statuses: Vec<String> = built.by_status.iter().map(|(status, count)| format!("{count} {status}")).collect();
    let facts = [
        built.files.to_string(),
        statuses.join(", "),
        built.values.to_string(),
        built.panel_rows.to_string(),
        built.variables.to_string(),
        built.flagged.to_string(),
    ];
    let mut lines = vec![say(&Message::new("{0} files: {1}; {2} values; panel {3} × {4}; {5} flagged", facts), language)];
    if built.known > 0 {
        lines.push(say(&Message::new("{0} files had been read before", [built.known.to_string()]), language));
    }
    if built.hidden > 0 {
        lines.push(say(&Message::new("{0} hidden entries are left out", [built.hidden.to_string()]), language));
    }
    if built.nameless > 0 {
        lines.push(say(&Message::new("{0} rows of the panel have no publisher or no year", [built.nameless.to_string()]), language));
    }
    if built.left_out > 0 {
        let message = "{0} numbers measure something else than their column of the panel and stand in values alone (see codebook.md)";
        lines.push(say(&Message::new(message, [built.left_out.to_string()]), language));
    }
    if !built.unknown_parts.is_empty() {
        let names = built.unknown_parts.join(", ");
        lines.push(say(&Message::new("the list of parts names bodies of which there is no report: {0}", [names]), language));
    }
    lines.join("\n")
}

/// Tells how far a run has come.
struct Teller {
    bar: Option<ProgressBar>,
    language: Language,
    last: Instant,
}

/// Lines are this far apart.
const PAUSE: Duration = Duration::from_secs(5);

impl Teller {
    fn new(language: Language) -> Teller {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len}  {per_sec}  {eta}  {msg}") {
                bar.set_style(style);
            }
            bar
        });
        Teller { bar, language, last: Instant::now() }
    }

    fn tell(&mut self, progress: &Progress) {
        let counts: Vec<String> = progress.by_status.iter().map(|(status, count)| format!("{count} {status}")).collect();
        let counts = counts.join(", ");
        let writing = progress.stage == Stage::Writing;
        let message = if writing { say(&Message::plain("writing the dataset"), self.language) } else { counts };
        match &self.bar {
            Some(bar) => {
                bar.set_length(progress.found as u64);
                bar.set_position(progress.done as u64);
                bar.set_message(message);
            }
            None if writing || self.last.elapsed() >= PAUSE => {
                self.last = Instant::now();
                // A closed standard error leaves nobody to tell.
                let _ = writeln!(io::stderr(), "luoshu: {}/{} {message}", progress.done, progress.found);
            }
            None => {}
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
