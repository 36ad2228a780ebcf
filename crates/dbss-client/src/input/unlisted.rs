//! `UnlistedValue`: keeps a value of an enum that the contract does not list.

#![allow(dead_code, reason = "which of this generated code uses depends on the contract")]

use std::fmt;

/// A value of an enum that the contract does not list.
///
/// Only converting text makes one, so it is never a value that is listed: `"ON".into()`
/// is the variant for `ON`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnlistedValue(Box<str>);

impl UnlistedValue {
    pub(crate) fn new(value: String) -> Self {
        Self(value.into())
    }

    /// The value as it is sent and received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnlistedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for UnlistedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
