//! The command `dbss`: the operations of the Database Security Service from a
//! shell. What it takes and prints is in `README.md`.

mod app;
mod arguments;
mod body;
mod call;
mod client;
mod colour;
mod describe;
mod dry_run;
mod effect;
mod failure;
mod globals;
mod input;
mod invocation;
mod log;
mod operations;
mod outcome;
mod regions;
mod render;
mod screen;
mod signals;
mod success;
mod usage;

use std::process::ExitCode;

fn main() -> ExitCode {
    app::run(&std::env::args_os().collect::<Vec<_>>())
}
