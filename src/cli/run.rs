//! Runs a command. Files are read one at a time; one bad file never ends a run.

use super::args::{Args, CheckFormat, Command, GrammarCommand, Grammars, SecondReader};
use super::neighbours::Neighbours;
use super::show::View;
use super::{draft, explain, family, ocr, second, show, tongue};
use clap::Parser;
use luoshu::doc::Status;
use luoshu::emit;
use luoshu::flag::{Message, Severity};
use luoshu::grammar::lint::lint;
use luoshu::grammar::{BUILT_IN, Family, load};
use luoshu::manual::{self, Language, say};
use luoshu::report::Report;
use luoshu::spell::nearest;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing above a note.
    Clean,
    /// Something was flagged.
    Flagged,
    /// Nothing could be read.
    CouldNotRun,
}

/// Largest file that is read.
const LARGEST: u64 = 1 << 30;

/// Run what was typed.
pub fn run() -> ExitCode {
    let args = Args::parse();
    let language = tongue::language(args.lang);
    let outcome = match args.command {
        Command::Parse { paths, output, second_reader, ocr, grammars } => {
            with_families(&grammars, language, |families| parse_all(&paths, output.as_deref(), Reading { families, second_reader, ocr }))
        }
        Command::Check { paths, format, notes, second_reader, ocr, grammars } => {
            let view = View { least: if notes { Severity::Note } else { Severity::Warning }, language };
            with_families(&grammars, language, |families| check_all(&paths, (format, view), Reading { families, second_reader, ocr }))
        }
        #[cfg(feature = "dataset")]
        Command::Build(args) => build_dataset(&args, language),
        #[cfg(feature = "dataset")]
        Command::ReadForBuild { memory } => {
            luoshu::dataset::worker::serve(io::stdin(), io::stdout().lock(), Some(memory)).map(|()| Outcome::Clean)
        }
        Command::Explain { manual: true, .. } => print(manual::text(language).trim_end()).map(|()| Outcome::Clean),
        Command::Explain { code: None, .. } => print(explain::list(language).trim_end()).map(|()| Outcome::Clean),
        Command::Explain { code: Some(code), .. } => explain_code(&code, language),
        Command::Grammar { command: GrammarCommand::List } => list_families(),
        Command::Grammar { command: GrammarCommand::Show { family } } => show_family(&family, language),
        Command::Grammar { command: GrammarCommand::Tree { family } } => draw_tree(&family, language),
        Command::Grammar { command: GrammarCommand::Draft { files, output, against } } => {
            draft::draft(&files, output.as_deref(), against.as_deref(), language)
        }
        Command::Grammar { command: GrammarCommand::Check { files } } => check_grammars(&files, language),
        Command::Schema => print(emit::SCHEMA.trim_end()).map(|()| Outcome::Clean),
        Command::SecondReading { pages } => second::child(&pages).map(|()| Outcome::Clean),
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

/// How reports are read.
#[derive(Clone, Copy)]
struct Reading<'g> {
    families: &'g [Family],
    second_reader: SecondReader,
    ocr: bool,
}

impl<'g> Reading<'g> {
    fn parse(self, bytes: &[u8]) -> Report<'g> {
        let mut report = luoshu::report::parse(bytes, self.families);
        second::compare(&mut report, bytes, self.second_reader);
        if !self.ocr {
            return report;
        }
        match ocr::recognise(report, bytes, self.families) {
            Ok(report) => report,
            Err(program) => {
                complain(&format!("--ocr needs the program `{program}`, which cannot be started"));
                luoshu::report::parse(bytes, self.families)
            }
        }
    }
}

pub fn complain(message: &str) {
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(io::stderr(), "luoshu: {}", show::plain_lines(message));
}

pub fn print(line: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{}", show::plain_lines(line))
}

fn built_in() -> impl Iterator<Item = Family> {
    BUILT_IN.iter().filter_map(|(_, text)| load::load(text).ok())
}

fn with_families(grammars: &Grammars, language: Language, then: impl FnOnce(&[Family]) -> io::Result<Outcome>) -> io::Result<Outcome> {
    let mut families = Vec::new();
    for path in grammars.grammar.iter().chain(&grammars.only) {
        let text = std::fs::read_to_string(path).map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
        let loaded = load::read(&text);
        if !loaded.mistakes.is_empty() {
            complain(&show::grammar_errors(&path.display().to_string(), &text, &loaded.mistakes, language));
            return Ok(Outcome::CouldNotRun);
        }
        families.push(loaded.family);
    }
    if grammars.only.is_empty() {
        families.extend(built_in());
    }
    then(&families)
}

#[cfg(feature = "dataset")]
fn build_dataset(args: &super::args::BuildArgs, language: Language) -> io::Result<Outcome> {
    let grammars = Grammars { grammar: args.grammar.clone(), only: Vec::new() };
    with_families(&grammars, language, |_| {
        let own = args.grammar.iter().map(std::fs::read_to_string).collect::<io::Result<Vec<String>>>()?;
        let grammars = luoshu::dataset::with_built_in(own);
        match super::build::build(args, grammars, language) {
            Ok(built) => {
                print(&super::build::summary(&built, language))?;
                Ok(if built.is_clean() { Outcome::Clean } else { Outcome::Flagged })
            }
            Err(trouble) => {
                complain(&trouble.to_string());
                Ok(Outcome::CouldNotRun)
            }
        }
    })
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

fn parse_all(paths: &[PathBuf], output: Option<&Path>, reading: Reading) -> io::Result<Outcome> {
    let mut out: Box<dyn Write> = match output {
        Some(path) => Box::new(io::BufWriter::new(
            std::fs::File::create(path).map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?,
        )),
        None => Box::new(io::BufWriter::new(io::stdout().lock())),
    };
    let mut worst = Outcome::Clean;
    let mut n_read = 0;
    let mut neighbours = Neighbours::default();
    for path in paths {
        let name = path.display().to_string();
        let line = match read_input(path) {
            Ok(bytes) => {
                n_read += 1;
                let mut report = reading.parse(&bytes);
                neighbours.meet(&mut report);
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

fn check_all(paths: &[PathBuf], (format, view): (CheckFormat, View), reading: Reading) -> io::Result<Outcome> {
    let mut worst = Outcome::Clean;
    let mut n_read = 0;
    let mut neighbours = Neighbours::default();
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
        let mut report = reading.parse(&bytes);
        neighbours.meet(&mut report);
        worst = worst.max(grade(&report));
        let text = match format {
            CheckFormat::Text => show::findings(&report, &name, view),
            CheckFormat::Json => show::findings_as_json(&report, &name, view.least),
            CheckFormat::Github => show::findings_for_github(&report, &name, view),
        };
        io::stdout().lock().write_all(text.as_bytes())?;
    }
    Ok(if n_read == 0 { Outcome::CouldNotRun } else { worst })
}

fn list_families() -> io::Result<Outcome> {
    for family in built_in() {
        let editions: Vec<&str> = family.editions.iter().map(|edition| edition.id.as_str()).collect();
        print(&format!("{}\t{}\teditions {}", family.id, family.titles.first().map_or("", String::as_str), editions.join(", ")))?;
    }
    Ok(Outcome::Clean)
}

fn show_family(id: &str, language: Language) -> io::Result<Outcome> {
    match BUILT_IN.iter().find(|(name, _)| *name == id) {
        Some((_, text)) => print(text.trim_end()).map(|()| Outcome::Clean),
        None => {
            complain(&say(&no_family(id), language));
            Ok(Outcome::CouldNotRun)
        }
    }
}

fn no_family(id: &str) -> Message {
    match nearest(id, BUILT_IN.iter().map(|(name, _)| *name)) {
        Some(meant) => Message::new("no family `{0}`; did you mean `{1}`?", [id.to_string(), meant.to_string()]),
        None => Message::new("no family `{0}`; `luoshu grammar list` lists them", [id.to_string()]),
    }
}

fn explain_code(code: &str, language: Language) -> io::Result<Outcome> {
    match explain::one(code, language) {
        Ok(text) => print(text.trim_end()).map(|()| Outcome::Clean),
        Err(message) => {
            complain(&message);
            Ok(Outcome::CouldNotRun)
        }
    }
}

/// The text of a built-in family or of a grammar file; what is wrong, where there is neither.
pub fn read_grammar(name: &Path, language: Language) -> Result<String, String> {
    let id = name.display().to_string();
    if let Some((_, text)) = BUILT_IN.iter().find(|(built_in, _)| *built_in == id) {
        return Ok((*text).to_string());
    }
    let bytes = read_input(name).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound if !id.contains(['.', '/', '\\']) => say(&no_family(&id), language),
        _ => format!("{id}: {error}"),
    })?;
    String::from_utf8(bytes).map_err(|_| say(&Message::new("{0}: a grammar file is UTF-8, and this is not", [id]), language))
}

fn draw_tree(name: &Path, language: Language) -> io::Result<Outcome> {
    let text = match read_grammar(name, language) {
        Ok(text) => text,
        Err(message) => {
            complain(&message);
            return Ok(Outcome::CouldNotRun);
        }
    };
    let loaded = load::read(&text);
    if loaded.mistakes.is_empty() {
        return print(family::tree(&loaded.family).trim_end()).map(|()| Outcome::Clean);
    }
    complain(&show::grammar_errors(&name.display().to_string(), &text, &loaded.mistakes, language));
    Ok(Outcome::CouldNotRun)
}

fn check_grammars(files: &[PathBuf], language: Language) -> io::Result<Outcome> {
    let mut worst = Outcome::Clean;
    let mut n_read = 0;
    for path in files {
        let name = path.display().to_string();
        let text = match read_grammar(path, language) {
            Ok(text) => text,
            Err(message) => {
                complain(&message);
                worst = Outcome::Flagged;
                continue;
            }
        };
        n_read += 1;
        let mistakes = lint(&text);
        if mistakes.is_empty() {
            print(&family::tally(&load::read(&text).family, &name, language))?;
            continue;
        }
        worst = Outcome::Flagged;
        print(&show::grammar_errors(&name, &text, &mistakes, language))?;
        print(&say(&Message::new("{0}: mistakes: {1}", [name, mistakes.len().to_string()]), language))?;
    }
    Ok(if n_read == 0 { Outcome::CouldNotRun } else { worst })
}
