//! The exit codes of the command: the table that `--help` prints and the README repeats.

use std::fmt::Write as _;
use std::process::ExitCode;

use dbss_client::ErrorKind;

/// An exit code, by what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ExitStatus {
    Success = 0,
    Refused = 1,
    InvalidInput = 2,
    NoResponse = 3,
    Credentials = 4,
    Unknown = 5,
    Accepted = 6,
    NotDone = 7,
}

impl ExitStatus {
    const ALL: [Self; 8] = [
        Self::Success,
        Self::Refused,
        Self::InvalidInput,
        Self::NoResponse,
        Self::Credentials,
        Self::Unknown,
        Self::Accepted,
        Self::NotDone,
    ];

    /// The status of a call that had no effect, by the kind of its error. If there may be an
    /// effect, it is [`Unknown`](Self::Unknown), whatever the kind.
    pub(crate) fn without_effect(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Api | ErrorKind::FailedOutcome => Self::Refused,
            ErrorKind::InvalidInput => Self::InvalidInput,
            ErrorKind::Credentials => Self::Credentials,
            // Connect, Timeout, Tls, Interrupted, InvalidResponse, CredentialsUnavailable.
            _ => Self::NoResponse,
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Refused => "the service returned an error, or reported that the operation failed",
            Self::InvalidInput => "wrong usage or invalid input; nothing was sent",
            Self::NoResponse => "no usable response, or no output; the request had no effect",
            Self::Credentials => "credentials are missing, incomplete or refused by IAM",
            Self::Unknown => "the request may have taken effect, but it is not known to be done",
            Self::Accepted => "accepted; the service did not say that it was done",
            Self::NotDone => "accepted, but not seen to be done in time",
        }
    }

    /// The table for `--help`.
    pub(crate) fn help() -> String {
        let mut table = "Exit codes:".to_owned();
        for status in Self::ALL {
            // Writing to a string does not fail.
            let _ = write!(table, "\n  {}  {}", status as u8, status.meaning());
        }
        table
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds for which the README lists that code.
    fn kinds_in_readme(status: ExitStatus) -> Vec<&'static str> {
        let row = format!("| {} |", status as u8);
        let rows = include_str!("../README.md").lines();
        let kinds = rows.filter_map(|line| line.strip_prefix(&row)?.split('|').next());
        kinds.flat_map(|kinds| kinds.split('`').skip(1).step_by(2)).collect()
    }

    #[test]
    fn lists_each_kind_in_the_readme_at_its_code() {
        for kind in [
            ErrorKind::Api,
            ErrorKind::FailedOutcome,
            ErrorKind::InvalidInput,
            ErrorKind::Connect,
            ErrorKind::Tls,
            ErrorKind::Timeout,
            ErrorKind::Interrupted,
            ErrorKind::Credentials,
            ErrorKind::CredentialsUnavailable,
            ErrorKind::InvalidResponse,
        ] {
            let status = ExitStatus::without_effect(kind);
            assert!(kinds_in_readme(status).contains(&kind.as_str()), "{kind} at {status:?}");
        }
    }

    #[test]
    fn repeats_its_table_in_the_readme() {
        let rows = include_str!("../README.md").lines().filter_map(|line| {
            let mut cells = line.trim_matches('|').split('|').map(str::trim);
            Some((cells.next()?.parse().ok()?, cells.next_back()?))
        });
        let expected = ExitStatus::ALL.map(|status| (status as u8, status.meaning()));
        assert_eq!(rows.collect::<Vec<(u8, &str)>>(), expected);
    }
}
