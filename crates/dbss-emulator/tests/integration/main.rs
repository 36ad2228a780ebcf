//! Tests of the emulator over sockets and as a command.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod admin;
mod browsers;
#[cfg(feature = "cli")]
mod command;
mod common;
mod connections;
mod faults;
mod gateway;
mod iam;
mod limits;
mod lists;
mod metadata;
mod power;
mod races;
mod recording;
mod schemas;
mod service;
mod signed;
mod state_files;
#[cfg(all(feature = "cli", unix))]
mod wedge;
