//! The command `dbss`: the operations of the Database Security Service from a
//! shell. What it takes and prints is in `README.md`.

mod action;
mod app;
mod arguments;
mod body;
mod call;
mod client;
mod colour;
mod credentials;
mod dry_run;
mod exit_status;
mod failure;
mod global_options;
mod ids;
mod input;
mod instances;
mod invocation;
mod listing;
mod log;
mod operation_help;
mod operations;
mod output;
mod paths;
mod printer;
mod profiles;
mod progress;
mod prompt;
mod regions;
mod render;
mod settings;
mod setup;
mod short_forms;
mod signals;
mod success;
mod terminal;
mod usage;
mod wait;
mod whoami;

use std::process::ExitCode;

fn main() -> ExitCode {
    app::run(&std::env::args_os().collect::<Vec<_>>())
}
