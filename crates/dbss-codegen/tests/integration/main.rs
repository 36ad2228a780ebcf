//! The check of contracts, from a text to a report and to generated code.

#![allow(clippy::expect_used, clippy::panic, reason = "a failed expectation is a failed test")]

mod bombs;
mod contracts;
mod mutations;
mod reports;
mod support;
