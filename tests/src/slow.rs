//! Tests that take too long to be waited for after every edit.

use crate::say;

/// The environment variable that asks for the slow tests; CI sets it.
pub const VARIABLE: &str = "DBSS_SLOW_TESTS";

/// Whether slow tests are asked for.
#[must_use]
pub fn are_asked_for() -> bool {
    std::env::var(VARIABLE).is_ok_and(|value| value == "1")
}

/// Whether a test is left out, because it is slow and slow tests are not asked for.
/// That it is left out, and what it takes, is said.
#[must_use]
pub fn skips(test: &str, why: &str) -> bool {
    let skipped = !are_asked_for();
    if skipped {
        say(&format!("SKIPPED {test}: {why}; {VARIABLE}=1 runs it"));
    }
    skipped
}

/// How many rounds a test makes: all of them if slow tests are asked for, a few
/// otherwise, which is said.
#[must_use]
pub fn rounds(test: &str, all: usize, few: usize) -> usize {
    if are_asked_for() {
        return all;
    }
    say(&format!("{test}: {few} of {all} rounds; {VARIABLE}=1 runs them all"));
    few
}
