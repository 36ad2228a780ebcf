//! Detects success responses whose body reports that the operation failed.

#![allow(dead_code, reason = "which of this generated code uses depends on the contract")]

/// Finds a value that means failure. Generated code implements it for types that can
/// contain one.
pub(crate) trait ReportsOutcome {
    /// The first value that means failure.
    fn failed_value(&self) -> Option<FailedValue>;
}

impl<T: ReportsOutcome> ReportsOutcome for Box<T> {
    fn failed_value(&self) -> Option<FailedValue> {
        (**self).failed_value()
    }
}

impl<T: ReportsOutcome> ReportsOutcome for Option<T> {
    fn failed_value(&self) -> Option<FailedValue> {
        self.as_ref()?.failed_value()
    }
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
    pub(crate) fn under(mut self, name: &str) -> Self {
        self.path.insert(0, name.to_owned());
        self
    }
}

/// The value, if it is one of those that mean failure, ignoring case.
pub(crate) fn failed_value(value: &str, failures: &[&str]) -> Option<FailedValue> {
    let found = failures.iter().any(|failure| failure.eq_ignore_ascii_case(value));
    found.then(|| FailedValue { value: value.to_owned(), path: Vec::new() })
}
