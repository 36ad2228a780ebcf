//! `cargo xtask`: the chores of this repository.
//!
//! Exit codes are those of diff(1): 0 is fine, 1 means that it found what it
//! looks for (something stale, an error in the contract), 2 that it could not do
//! its work.

mod derived;
mod diff;
mod lint;
mod regen;
mod root;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The chores of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write everything that is derived, and accept the snapshots and expected reports.
    Regen(regen::Arguments),
    /// Check a contract: errors keep it from being generated, warnings are about style.
    Lint(lint::Arguments),
    /// Say what a change of the contract does on the wire and to Rust code, with proof.
    Diff(diff::Arguments),
    /// Check the rules of this repository that a program can check.
    Tidy,
}

/// What a command came to.
enum Outcome {
    Fine,
    Found,
}

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(command: &Command) -> Result<Outcome, String> {
    let root = root::find()?;
    match command {
        Command::Regen(arguments) => regen::run(&root, arguments),
        Command::Lint(arguments) => lint::run(&root, arguments),
        Command::Diff(arguments) => diff::run(&root, arguments),
        Command::Tidy => tidy::run(&root),
    }
}

/// An error with its causes, in a line.
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
