//! What can be typed.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Read published reports into checked data.
#[derive(Parser)]
#[command(
    name = "luoshu",
    version,
    after_help = "Exit code: 0 nothing above note; 1 something flagged, or an input failed; 2 nothing could run."
)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
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
        /// A grammar file to use beside the built-in ones
        #[arg(long)]
        grammar: Vec<PathBuf>,
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
        /// A grammar file to use beside the built-in ones
        #[arg(long)]
        grammar: Vec<PathBuf>,
    },
    /// Report families
    Grammar {
        /// What to do with them.
        #[command(subcommand)]
        command: GrammarCommand,
    },
    /// Print the JSON Schema of what `parse` writes
    Schema,
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
