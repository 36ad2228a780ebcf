//! Slow tests, which run only with `DBSS_SLOW_TESTS=1`, as in CI.

/// The number of tries: `all` of them, or `few` unless slow tests are enabled.
pub(crate) fn tries(what: &str, all: usize, few: usize) -> usize {
    if std::env::var_os("DBSS_SLOW_TESTS").is_some_and(|value| !value.is_empty()) {
        return all;
    }
    eprintln!("left out without DBSS_SLOW_TESTS=1: {what} beyond the first {few}");
    few
}
