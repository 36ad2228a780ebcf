//! Tests that need a process of their own, since what they set is the process's.

use std::process::{Command, Output};

/// Set in the process that is started.
const ALONE: &str = "DBSS_TESTS_ALONE";

/// Whether this is the process of that test alone. If not, it is started, and the test has
/// passed if it passes there.
///
/// # Panics
///
/// If it fails there.
#[must_use]
pub fn is_alone(test: &str) -> bool {
    if is_child() {
        return true;
    }
    let _ = printed(test, &[], &[]);
    false
}

/// Whether this is a process that [`printed`] started.
#[must_use]
pub fn is_child() -> bool {
    std::env::var_os(ALONE).is_some()
}

/// What a test prints in a process of its own, with some variables of the environment taken
/// away and others set.
///
/// # Panics
///
/// If it fails there.
#[must_use]
#[allow(clippy::expect_used, reason = "a test that cannot go on has failed")]
pub fn printed(test: &str, unset: &[&str], set: &[(&str, &str)]) -> String {
    let program = std::env::current_exe().expect("a test has a program");
    let mut command = Command::new(program);
    command.args(["--exact", test, "--nocapture"]);
    for name in unset {
        command.env_remove(name);
    }
    let set = set.iter().copied();
    let ran = command.envs(set).env(ALONE, "1").output().expect("a test can run again");
    let Output { status, stdout, stderr } = ran;
    let (out, err) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success() && out.contains("1 passed"), "{out}\n{err}");
    out.into_owned()
}
