//! What can be typed.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Read published reports into checked data.
#[derive(Parser)]
#[command(
    name = "luoshu",
    version,
    after_help = "Examples:
  luoshu check report.txt               what is wrong, with the source line and a caret
  luoshu check --lang zh report.txt     the same in Chinese
  luoshu parse report.txt               the report as JSON
  luoshu build reports -o dataset       a folder of reports as one dataset
  luoshu explain sum-off                what a code means
  luoshu grammar tree cn-foi-annual     what a family of reports prints

Exit code: 0 nothing above note; 1 something flagged, or an input failed; 2 nothing could run."
)]
pub struct Args {
    /// Language of messages; from the locale (LC_ALL, LC_MESSAGES, LANG) unless given. Codes and JSON are the same in both
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Lang>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Which families reports are read with.
#[derive(clap::Args)]
pub struct Grammars {
    /// A grammar file to use beside the built-in ones
    #[arg(long, value_name = "FILE")]
    pub grammar: Vec<PathBuf>,
    /// A grammar file to use instead of the built-in ones
    #[arg(long, value_name = "FILE", conflicts_with = "grammar")]
    pub only: Vec<PathBuf>,
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Read reports into JSON: one object for one input, else one line per input
    #[command(
        after_help = "Examples:\n  luoshu parse report.txt > report.json\n  luoshu parse *.txt -o reports.jsonl\n  curl -s URL | luoshu parse -"
    )]
    Parse {
        /// Files; `-` is standard input
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// Write here instead of standard output
        #[arg(short, long)]
        output: Option<PathBuf>,
        /// Read a PDF a second time with another library and compare the numbers: always, where numbers stay unproven, never
        #[arg(long, value_enum, default_value = "auto")]
        second_reader: SecondReader,
        /// Recognise pages of a PDF that are pictures, with the programs `pdftoppm` and `tesseract`
        #[arg(long)]
        ocr: bool,
        #[command(flatten)]
        grammars: Grammars,
    },
    /// Show what is wrong in reports, with the source line and a caret
    #[command(after_help = "Examples:\n  luoshu check report.txt\n  luoshu check --format github reports/*.txt")]
    Check {
        /// Files; `-` is standard input
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// How to print findings
        #[arg(long, value_enum, default_value = "text")]
        format: CheckFormat,
        /// Show notes too
        #[arg(long)]
        notes: bool,
        /// Read a PDF a second time with another library and compare the numbers: always, where numbers stay unproven, never
        #[arg(long, value_enum, default_value = "auto")]
        second_reader: SecondReader,
        /// Recognise pages of a PDF that are pictures, with the programs `pdftoppm` and `tesseract`
        #[arg(long)]
        ocr: bool,
        #[command(flatten)]
        grammars: Grammars,
    },
    /// Read folders of reports into one dataset; a run that is broken off goes on where it stopped
    #[cfg(feature = "dataset")]
    #[command(after_help = "Examples:
  luoshu build reports -o dataset
  luoshu build reports crawl.warc.gz more.zip -o dataset

dataset/summary.html is the page to look at first, dataset/codebook.md says what every column means.")]
    Build(BuildArgs),
    /// Read files that come through a pipe; what `build` starts
    #[cfg(feature = "dataset")]
    #[command(name = "read-for-build", hide = true)]
    ReadForBuild {
        /// Most bytes of memory
        memory: u64,
    },
    /// Say what a code means, why it matters, with an example and where to look
    #[command(after_help = "Examples:
  luoshu explain                        every code, one line each
  luoshu explain row-short
  luoshu explain --lang zh row-short
  luoshu explain --manual > manual.md   the whole manual, in Markdown")]
    Explain {
        /// A code, as `check` prints it in brackets; none lists all
        code: Option<String>,
        /// Print the whole manual as Markdown
        #[arg(long, conflicts_with = "code")]
        manual: bool,
    },
    /// Report families: what they print, and grammar files of your own
    #[command(after_help = "Examples:
  luoshu grammar show cn-foi-annual > my.toml   start from a built-in family
  luoshu grammar check my.toml                  every mistake, with carets
  luoshu grammar tree my.toml                   look at it as a tree
  luoshu parse --grammar my.toml report.txt     use it")]
    Grammar {
        /// What to do with them.
        #[command(subcommand)]
        command: GrammarCommand,
    },
    /// Print the JSON Schema of what `parse` writes
    Schema,
    /// The numbers of a PDF on standard input, a page a line, as the second reader sees them
    #[command(hide = true)]
    SecondReading {
        /// Only these pages
        pages: Vec<u32>,
    },
}

/// What `build` is told.
#[cfg(feature = "dataset")]
#[derive(clap::Args)]
pub struct BuildArgs {
    /// Folders; also zip, tar, tar.gz, WARC and single files
    #[arg(required = true, value_name = "DIR")]
    pub inputs: Vec<PathBuf>,
    /// Folder of the dataset
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// A grammar file to use beside the built-in ones
    #[arg(long)]
    pub grammar: Vec<PathBuf>,
    /// A CSV file of `parent,child` without a header: bodies, named as in panel.csv, whose numbers add up
    #[arg(long, value_name = "FILE")]
    pub parts: Option<PathBuf>,
    /// Files read at the same time; all processors unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Longest time for one file, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,
    /// Most memory for one file, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 2048, value_parser = clap::value_parser!(u64).range(128..=1 << 20))]
    pub memory: u64,
    /// Largest file, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub largest: u64,
}

/// What to do with report families.
#[derive(Subcommand)]
pub enum GrammarCommand {
    /// List the families that are built in
    List,
    /// Print a family's grammar file
    Show {
        /// Id of the family, as `list` prints it
        family: String,
    },
    /// Print a family as a tree: sections, tables, bands, rows and columns with ids and labels, identities
    #[command(after_help = "Examples:\n  luoshu grammar tree cn-foi-annual\n  luoshu grammar tree my.toml")]
    Tree {
        /// Id of a built-in family, or a grammar file
        family: PathBuf,
    },
    /// Draft a grammar from samples of one kind of report, to be read and bettered by a person
    #[command(
        after_help = "Examples:\n  luoshu grammar draft 2019.html 2020.txt 2023.pdf -o my.toml\n  luoshu grammar check my.toml\n  luoshu parse --only my.toml 2024.html\n  luoshu grammar draft *.pdf --against cn-foi-annual"
    )]
    Draft {
        /// Reports of the kind, of several years and publishers where there are
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Write here instead of standard output
        #[arg(short, long)]
        output: Option<PathBuf>,
        /// Tell what another family has and the draft does not, and the other way round: a built-in id, or a grammar file
        #[arg(long, value_name = "FAMILY")]
        against: Option<PathBuf>,
    },
    /// Find every mistake in grammar files, each with its line and a caret
    #[command(after_help = "Examples:\n  luoshu grammar check my.toml\n  luoshu grammar check families/*.toml

Exit code: 0 no mistake; 1 mistakes, or one of several files cannot be read; 2 nothing could be read.")]
    Check {
        /// Grammar files, or ids of built-in families; `-` is standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

/// Language of messages.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Chinese
    Zh,
    /// English
    En,
}

/// When a PDF is read a second time.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SecondReader {
    /// Every page
    Always,
    /// Pages with numbers that no sum proves
    Auto,
    /// No page
    Never,
}

/// How findings are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For a person
    Text,
    /// One JSON object a line
    Json,
    /// GitHub workflow commands
    Github,
}
