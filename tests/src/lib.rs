//! What the tests of the workspace share.

pub mod alone;
pub mod calls;
pub mod cases;
pub mod client_crates;
pub mod contract_calls;
pub mod fake_clock;
pub mod kinds;
pub mod random;
pub mod real_time;
pub mod rust;
pub mod slow;
pub mod step_clock;
pub mod successes;
pub mod wire;

/// The program in the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// A snapshot: its name, and what it should hold.
pub type Snapshot = (String, String);

/// Says something of the run, which is shown whether or not a test fails: what is
/// printed by the usual macros is only shown of tests that do.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
