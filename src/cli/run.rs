//! Runs a command. Files are read one at a time; one bad file never ends a run.

use super::args::{Args, CheckFormat, Command, GrammarCommand};
use super::show;
use clap::Parser;
use luoshu::doc::Status;
use luoshu::emit;
use luoshu::flag::Severity;
use luoshu::grammar::{BUILT_IN, Family, load};
use luoshu::report::{Report, parse};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Clean,
    Flagged,
    CouldNotRun,
}

/// Largest file that is read.
const LARGEST: u64 = 1 << 30;

/// Run what was typed.
pub fn run() -> ExitCode {
    let args = Args::parse();
    let outcome = match args.command {
        Command::Parse { paths, output, grammar } => with_families(&grammar, |families| parse_all(&paths, output.as_deref(), families)),
        Command::Check { paths, format, notes, grammar } => {
            let least = if notes { Severity::Note } else { Severity::Warning };
            with_families(&grammar, |families| check_all(&paths, format, least, families))
        }
        Command::Grammar { command: GrammarCommand::List } => with_families(&[], list_families),
        Command::Grammar { command: GrammarCommand::Show { family } } => show_family(&family),
        Command::Schema => print(emit::SCHEMA.trim_end()).map(|()| Outcome::Clean),
    };
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Flagged) => ExitCode::from(1),
        Ok(Outcome::CouldNotRun) => ExitCode::from(2),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::from(2)
        }
    }
}

fn complain(message: &str) {
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(io::stderr(), "luoshu: {message}");
}

fn print(line: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

fn with_families(paths: &[PathBuf], then: impl FnOnce(&[Family]) -> io::Result<Outcome>) -> io::Result<Outcome> {
    let mut families = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path).map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
        match load::load(&text) {
            Ok(family) => families.push(family),
            Err(error) => {
                complain(&show::grammar_error(&path.display().to_string(), &text, &error));
                return Ok(Outcome::CouldNotRun);
            }
        }
    }
    families.extend(BUILT_IN.iter().filter_map(|(_, text)| load::load(text).ok()));
    then(&families)
}

fn read_input(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let source: Box<dyn Read> = if path == Path::new("-") { Box::new(io::stdin().lock()) } else { Box::new(std::fs::File::open(path)?) };
    source.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 1 GiB"));
    }
    Ok(bytes)
}

fn grade(report: &Report) -> Outcome {
    let flagged = report.flags.iter().any(|flag| flag.severity > Severity::Note);
    if flagged { Outcome::Flagged } else { Outcome::Clean }
}

fn parse_all(paths: &[PathBuf], output: Option<&Path>, families: &[Family]) -> io::Result<Outcome> {
    let mut out: Box<dyn Write> = match output {
        Some(path) => Box::new(io::BufWriter::new(
            std::fs::File::create(path).map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?,
        )),
        None => Box::new(io::BufWriter::new(io::stdout().lock())),
    };
    let mut worst = Outcome::Clean;
    let mut n_read = 0;
    for path in paths {
        let name = path.display().to_string();
        let line = match read_input(path) {
            Ok(bytes) => {
                n_read += 1;
                let report = parse(&bytes, families);
                worst = worst.max(grade(&report));
                emit::report_to_json(&report, &name, &bytes)
            }
            Err(error) => {
                complain(&format!("{name}: {error}"));
                worst = worst.max(Outcome::Flagged);
                let status = if error.kind() == io::ErrorKind::FileTooLarge { Status::TooLarge } else { Status::Failed };
                emit::failure_to_json(&name, status, &error.to_string())
            }
        };
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(if n_read == 0 { Outcome::CouldNotRun } else { worst })
}

fn check_all(paths: &[PathBuf], format: CheckFormat, least: Severity, families: &[Family]) -> io::Result<Outcome> {
    let mut worst = Outcome::Clean;
    let mut n_read = 0;
    for path in paths {
        let name = path.display().to_string();
        let bytes = match read_input(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                complain(&format!("{name}: {error}"));
                worst = worst.max(Outcome::Flagged);
                continue;
            }
        };
        n_read += 1;
        let report = parse(&bytes, families);
        worst = worst.max(grade(&report));
        let text = match format {
            CheckFormat::Text => show::findings(&report, &name, least),
            CheckFormat::Json => show::findings_as_json(&report, &name, least),
            CheckFormat::Github => show::findings_for_github(&report, &name, least),
        };
        io::stdout().lock().write_all(text.as_bytes())?;
    }
    Ok(if n_read == 0 { Outcome::CouldNotRun } else { worst })
}

fn list_families(families: &[Family]) -> io::Result<Outcome> {
    for family in families {
        let editions: Vec<&str> = family.editions.iter().map(|edition| edition.id.as_str()).collect();
        print(&format!("{}\t{}\teditions {}", family.id, family.titles.first().map_or("", String::as_str), editions.join(", ")))?;
    }
    Ok(Outcome::Clean)
}

fn show_family(id: &str) -> io::Result<Outcome> {
    match BUILT_IN.iter().find(|(name, _)| *name == id) {
        Some((_, text)) => print(text.trim_end()).map(|()| Outcome::Clean),
        None => {
            complain(&format!("no family {id}; `luoshu grammar list` lists them"));
            Ok(Outcome::CouldNotRun)
        }
    }
}
