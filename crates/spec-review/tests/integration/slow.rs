//! What is only tried where there is time for it: with `DBSS_SLOW_TESTS=1`, which CI sets.

/// All of a number of tries, or the few that stand for them.
pub(crate) fn tries(what: &str, all: usize, few: usize) -> usize {
    if std::env::var_os("DBSS_SLOW_TESTS").is_some_and(|value| !value.is_empty()) {
        return all;
    }
    eprintln!("left out without DBSS_SLOW_TESTS=1: {what} beyond the first {few}");
    few
}
