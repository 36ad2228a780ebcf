//! Approvals: breaking changes that were accepted on purpose.

use std::fmt;

use serde::Deserialize;

use crate::report::{Finding, UnmatchedApproval};

/// The approvals of a file.
///
/// ```
/// # fn main() -> Result<(), spec_review::ApprovalsError> {
/// let approvals = spec_review::Approvals::parse(
///     r#"
///     [[approval]]
///     fingerprint = "0123456789abcdef"
///     reason = "the service never returned this value"
///     "#,
/// )?;
/// let options = spec_review::Options::default().approvals(approvals);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approvals {
    #[serde(default)]
    approval: Vec<Approval>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Approval {
    fingerprint: String,
    reason: String,
}

/// Why a file of approvals cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum ApprovalsError {
    /// Not TOML, or with unknown or missing keys.
    Malformed(toml::de::Error),
    /// An approval, given by its fingerprint, has an empty reason.
    NoReason(String),
}

impl fmt::Display for ApprovalsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(_) => f.write_str("the approvals cannot be read"),
            Self::NoReason(fingerprint) => {
                write!(f, "the approval of `{fingerprint}` gives no reason")
            }
        }
    }
}

impl std::error::Error for ApprovalsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Malformed(error) => Some(error),
            Self::NoReason(_) => None,
        }
    }
}

impl Approvals {
    /// Parses the text of an approvals file.
    ///
    /// # Errors
    ///
    /// Where the text is not TOML, has unknown or missing keys, or has an approval without a
    /// reason.
    pub fn parse(text: &str) -> Result<Self, ApprovalsError> {
        let approvals: Self = toml::from_str(text).map_err(ApprovalsError::Malformed)?;
        match approvals.approval.iter().find(|approval| approval.reason.trim().is_empty()) {
            Some(approval) => Err(ApprovalsError::NoReason(approval.fingerprint.clone())),
            None => Ok(approvals),
        }
    }

    /// Marks the approved findings, and returns the approvals that match none.
    pub(crate) fn apply(&self, findings: &mut [Finding]) -> Vec<UnmatchedApproval> {
        let mut unmatched = Vec::new();
        for approval in &self.approval {
            let mut matched = false;
            for finding in
                findings.iter_mut().filter(|finding| finding.fingerprint == approval.fingerprint)
            {
                finding.approved = Some(approval.reason.trim().to_owned());
                matched = true;
            }
            if !matched {
                let Approval { fingerprint, reason } = approval.clone();
                unmatched.push(UnmatchedApproval { fingerprint, reason });
            }
        }
        unmatched
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_an_approval_without_a_reason() {
        assert!(Approvals::parse("").is_ok());
        assert!(Approvals::parse("[[approval]]\nfingerprint = \"a\"\nreason = \"b\"\n").is_ok());
        let blank = Approvals::parse("[[approval]]\nfingerprint = \"a\"\nreason = \" \"\n");
        assert!(matches!(blank, Err(ApprovalsError::NoReason(_))));
        assert!(matches!(
            Approvals::parse("[[approval]]\nfingerprint = \"a\"\n"),
            Err(ApprovalsError::Malformed(_))
        ));
    }
}
