//! Why the command could not do its work.

use std::{fmt, io};

use crate::ApprovalsError;

/// Why the command could not do its work.
#[derive(Debug)]
#[non_exhaustive]
pub enum CliError {
    /// No documents were given.
    NoDocuments,
    /// A file cannot be read.
    Read {
        /// The file.
        name: String,
        /// The cause.
        error: io::Error,
    },
    /// The address of a document was given in place of a file.
    Address {
        /// The address.
        name: String,
    },
    /// A file of a revision is larger than a document may be.
    TooLarge {
        /// The file, as `REV:PATH`.
        name: String,
    },
    /// The report cannot be written.
    Write {
        /// The file.
        name: String,
        /// The cause.
        error: io::Error,
    },
    /// The approvals cannot be used.
    Approvals {
        /// The file.
        name: String,
        /// The cause.
        error: ApprovalsError,
    },
    /// git failed.
    Git {
        /// Its arguments.
        arguments: String,
        /// What it printed.
        printed: String,
    },
    /// git cannot be started.
    NoGit(io::Error),
    /// The documents cannot be compared.
    Compare(crate::Error),
    /// There is no such rule.
    UnknownRule(String),
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDocuments => f.write_str("give two documents"),
            Self::Read { name, .. } => {
                write!(f, "cannot read {name}; give a file, or REV:PATH as in main:openapi.yaml")
            }
            Self::Address { name } => {
                write!(f, "cannot read {name}: addresses are not fetched; save it to a file first")
            }
            Self::TooLarge { name } => {
                write!(f, "{name} has more than {} bytes", openapi_document::MAX_TEXT_BYTES)
            }
            Self::Write { name, .. } => write!(f, "cannot write {name}"),
            Self::Approvals { name, .. } => write!(f, "{name} cannot be used"),
            Self::Git { arguments, printed } => write!(f, "git {arguments} failed: {printed}"),
            Self::NoGit(_) => f.write_str("cannot run git"),
            Self::Compare(_) => f.write_str("cannot compare the documents"),
            Self::UnknownRule(rule) => write!(
                f,
                "there is no rule `{rule}`; a report names the rule of each finding, as in `max-length`"
            ),
        }
    }
}

impl std::error::Error for CliError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { error, .. } | Self::Write { error, .. } | Self::NoGit(error) => {
                Some(error)
            }
            Self::Approvals { error, .. } => Some(error),
            Self::Compare(error) => Some(error),
            Self::NoDocuments
            | Self::Address { .. }
            | Self::TooLarge { .. }
            | Self::Git { .. }
            | Self::UnknownRule(_) => None,
        }
    }
}

impl From<crate::Error> for CliError {
    fn from(error: crate::Error) -> Self {
        Self::Compare(error)
    }
}
