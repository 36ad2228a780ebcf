//! Success responses whose body says that the operation failed.

/// Finds a value that means failure. Generated code implements it for types that can
/// contain one.
pub(crate) trait ReportsOutcome {
    /// The first value that means failure.
    fn failed_value(&self) -> Option<FailedValue>;
}

/// A value that means failure, and its path in the body.
#[derive(Debug)]
pub(crate) struct FailedValue {
    pub(crate) value: String,
    /// Names and indices, from the outermost.
    pub(crate) path: Vec<String>,
}

impl FailedValue {
    /// The same value as a part of an outer one.
    #[allow(dead_code, reason = "only a contract that names failure values has a use for it")]
    pub(crate) fn under(mut self, name: &str) -> Self {
        self.path.insert(0, name.to_owned());
        self
    }
}

/// The value, if it is one of those that mean failure, ignoring case.
#[allow(dead_code, reason = "only a contract that names failure values has a use for it")]
pub(crate) fn failed_value(value: &str, failures: &[&str]) -> Option<FailedValue> {
    let found = failures.iter().any(|failure| failure.eq_ignore_ascii_case(value));
    found.then(|| FailedValue { value: value.to_owned(), path: Vec::new() })
}
