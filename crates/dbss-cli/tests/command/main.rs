//! Tests of the command `dbss`: the built binary, against an emulator in the test's
//! process.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod addresses;
mod bodies;
mod colours;
mod configuration;
mod dbss;
mod dry_run;
mod exit_codes;
mod failures;
mod help;
mod inputs;
mod instances;
mod interrupt;
mod lists;
mod login;
mod network;
mod options;
mod profiles;
mod prompts;
mod quickstart;
mod secrets;
mod successes;
#[cfg(target_os = "linux")]
mod terminal;
mod times;
mod waits;
mod whoami;
