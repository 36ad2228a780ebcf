//! The program behind `cargo xtask`: parses its arguments, and decides its exit codes.
//!
//! Exit codes are those of diff(1): 0 is success, 1 means that it found what it
//! looks for (something stale, an error in the contract), 2 that it could not do
//! its work.

/// Prints a line, as `println!` does, which panics if nobody reads it any more, as behind `head`:
/// the work goes on.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

/// The same for standard error.
macro_rules! complain {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($text)*);
    }};
}

mod crate_order;
mod derived;
mod diff;
mod files;
mod lint;
mod regen;
mod root;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// When each command is wanted, and the exit codes, for the end of the help.
const WHEN: &str = "\
When to run which:
  lint   while you edit the contract: it reports all errors at once, in a second
  diff   before you commit a changed contract: whom the change breaks, with proof,
         and which version has to follow; pull requests get the same report
  regen  after a change of the contract, the generator, a rule of the lint or of
         spec-review, a text that a snapshot shows, or the head of a module (which
         ARCHITECTURE.md lists); then read `git diff`, which shows what you accept.
         `regen --check` before you push: CI fails if anything is stale
  tidy   after you add a crate, a dependency, or a generated or long file

Exit codes:
  0  success
  1  it found what it looks for: something stale, an error, a breaking change, a violation
  2  it could not do its work";

/// Maintenance commands of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
#[command(after_help = WHEN)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the derived files, and accept the snapshots and expected reports.
    Regen(regen::Arguments),
    /// Check a contract: errors prevent code generation, warnings are about style.
    Lint(lint::Arguments),
    /// Report what a change of the contract breaks on the wire and in Rust code.
    Diff(diff::Arguments),
    /// Check the structure of this repository: dependencies, lints, files, Rust version.
    Tidy,
}

/// The result of a command that could do its work, as its exit code tells it.
enum Status {
    /// Nothing to report: exit code 0.
    Clean,
    /// It found what it looks for: exit code 1.
    Found,
}

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(Status::Clean) => ExitCode::SUCCESS,
        Ok(Status::Found) => ExitCode::from(1),
        Err(message) => {
            complain!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(command: &Command) -> Result<Status, String> {
    let root = root::find()?;
    match command {
        Command::Regen(arguments) => regen::run(&root, arguments),
        Command::Lint(arguments) => lint::run(&root, arguments),
        Command::Diff(arguments) => diff::run(&root, arguments),
        Command::Tidy => tidy::run(&root),
    }
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
