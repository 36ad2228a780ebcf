//! What the tests of the workspace share.

pub mod calls;
pub mod cases;
pub mod fake_clock;
pub mod fault_server;
pub mod random;
pub mod rust;
pub mod wire;

use std::path::{Path, PathBuf};

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// A snapshot: its name, and what it should hold.
pub type Snapshot = (String, String);
