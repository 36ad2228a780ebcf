//! The client as a user has it: its connections over TLS, and its spans.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod spans;
mod tls;
