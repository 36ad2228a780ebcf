//! Detects success responses whose body reports that the operation failed.

/// Looks for a value that means failure; implemented by generated code for the
/// types that can hold one.
pub(crate) trait ReportsOutcome {
    /// The first value that means failure.
    fn failed_value(&self) -> Option<FailedValue>;
}

/// A value that means failure, and where it stands in the answer.
#[derive(Debug)]
pub(crate) struct FailedValue {
    pub(crate) value: String,
    /// Names from the outermost in.
    pub(crate) path: Vec<String>,
}

impl FailedValue {
    /// The same as seen from the value around it.
    #[allow(dead_code, reason = "only a contract that names failure values has a use for it")]
    pub(crate) fn under(mut self, name: &str) -> Self {
        self.path.insert(0, name.to_owned());
        self
    }
}

/// Whether the value is one of those that mean failure, in any case of letters.
#[allow(dead_code, reason = "only a contract that names failure values has a use for it")]
pub(crate) fn failed_value(value: &str, failures: &[&str]) -> Option<FailedValue> {
    let found = failures.iter().any(|failure| failure.eq_ignore_ascii_case(value));
    found.then(|| FailedValue { value: value.to_owned(), path: Vec::new() })
}
