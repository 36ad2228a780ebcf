//! The text of errors.

use std::fmt;
use std::time::Duration;

use super::response::shown;
use super::{Error, ErrorKind, Inner};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.0.as_ref();
        if let Some(operation) = inner.operation {
            write!(f, "{operation}: ")?;
        }
        sentence(inner, f)?;
        if let Some(skew) = inner.skew {
            write!(f, "; {skew}")?;
        }
        if let Some(wait) = self.retry_after().filter(|wait| !wait.is_zero()) {
            write!(f, "; it asks to wait {}", ApproximateDuration(wait))?;
        }
        if let Some(advice) = self.advice() {
            write!(f, "; {advice}")?;
        }
        if inner.kind == ErrorKind::Api
            && let Some(error) = &inner.credentials
        {
            write!(f, "; there are no new credentials: {error}")?;
        }
        if let Some(attempt) = &inner.uncertain
            && !inner.may_have_taken_effect
        {
            write!(f, "; attempt {} may have taken effect: {attempt}", attempt.number())?;
        }
        if inner.attempts > 1 {
            write!(f, " (after {} attempts)", inner.attempts)?;
        }
        Ok(())
    }
}

fn sentence(inner: &Inner, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match inner.kind {
        ErrorKind::InvalidInput if inner.problems.is_empty() => {
            f.write_str("the request cannot be made")?;
            return match &inner.source {
                Some(source) => write!(f, ": {source}"),
                None => Ok(()),
            };
        }
        ErrorKind::InvalidInput => {
            f.write_str("invalid input: ")?;
            for (index, problem) in inner.problems.iter().enumerate() {
                write!(f, "{}{problem}", if index == 0 { "" } else { "; " })?;
            }
        }
        ErrorKind::Credentials | ErrorKind::CredentialsUnavailable => match &inner.credentials {
            Some(error) => write!(f, "{error}")?,
            None => f.write_str("there are no credentials")?,
        },
        ErrorKind::Connect | ErrorKind::Tls | ErrorKind::Timeout | ErrorKind::Interrupted => {
            match &inner.transport {
                Some(failure) => write!(f, "{failure}")?,
                None => f.write_str("there was no response")?,
            }
        }
        ErrorKind::Api => f.write_str("the service responded with")?,
        ErrorKind::FailedOutcome => match &inner.failed {
            Some(failed) => write!(
                f,
                "the response is a success, but its `{}` is `{}`, which means failure",
                shown(&failed.path()),
                shown(failed.value())
            )?,
            None => f.write_str("the service reports failure")?,
        },
        ErrorKind::InvalidResponse => {
            let is_cut = inner.response.as_ref().is_some_and(|response| response.raw.truncated);
            f.write_str(if is_cut {
                "the response cannot be read"
            } else {
                "the response does not match the contract"
            })?;
            if let Some(mismatch) = &inner.mismatch {
                write!(f, ": {mismatch}")?;
            }
        }
    }
    if matches!(inner.kind, ErrorKind::Timeout | ErrorKind::Interrupted) && inner.may_have_reached {
        f.write_str("; the request may have reached the service")?;
    }
    match &inner.response {
        Some(response) => response.describe(inner.kind == ErrorKind::Api, f),
        None => Ok(()),
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.0.as_ref();
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("operation", &inner.operation)
            .field("attempts", &inner.attempts)
            .field("problems", &inner.problems)
            .field("response", &inner.response)
            .field("failed", &inner.failed)
            .field("credentials", &inner.credentials)
            .field("source", &inner.source)
            .finish_non_exhaustive()
    }
}

/// A duration in its largest unit.
pub(crate) struct ApproximateDuration(pub(crate) Duration);

impl fmt::Display for ApproximateDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match seconds {
            1 => f.write_str("1 second"),
            0..120 => write!(f, "{seconds} seconds"),
            120..7_200 => write!(f, "{} minutes", seconds / 60),
            7_200..172_800 => write!(f, "{} hours", seconds / 3_600),
            172_800..31_536_000 => write!(f, "{} days", seconds / 86_400),
            _ => f.write_str("more than a year"),
        }
    }
}
