//! Tests that need a process of their own, since what they set is the process's.

use std::process::Command;

/// Set in the process that is started.
const ALONE: &str = "DBSS_TESTS_ALONE";

/// Whether this is the process of that test alone. If not, it is started, and the test has
/// passed if it passes there.
///
/// # Panics
///
/// If it fails there.
#[must_use]
#[allow(clippy::expect_used, reason = "a test that cannot go on has failed")]
pub fn is_alone(test: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let program = std::env::current_exe().expect("a test has a program");
    let ran = Command::new(program)
        .args(["--exact", test, "--nocapture"])
        .env(ALONE, "1")
        .output()
        .expect("a test can run again");
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success() && out.contains("1 passed"), "{out}\n{err}");
    false
}
