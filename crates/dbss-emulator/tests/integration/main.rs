//! Tests of the emulator over sockets and as a command.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod admin;
#[cfg(feature = "cli")]
mod command;
mod common;
mod connections;
mod faults;
mod gateway;
mod iam;
mod service;
mod signed;
#[cfg(all(feature = "cli", unix))]
mod wedge;
