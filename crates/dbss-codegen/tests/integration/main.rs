//! Checking contracts, from a text to a report, and generating code from accepted ones.

#![allow(clippy::expect_used, clippy::panic, reason = "a failed expectation is a failed test")]

mod contracts;
mod mutations;
mod paths;
mod reports;
mod resource_limits;
mod support;
