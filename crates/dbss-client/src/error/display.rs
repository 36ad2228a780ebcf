//! The text of errors.

use std::fmt;
use std::time::Duration;

use super::{Error, ErrorKind, Inner};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.0.as_ref();
        if let Some(operation) = inner.operation {
            write!(f, "{operation}: ")?;
        }
        sentence(inner, f)?;
        if let Some((apart, ahead)) = inner.skew {
            let direction = if ahead { "ahead of" } else { "behind" };
            write!(
                f,
                "; this machine's clock is {} {direction} the service's",
                ApproximateDuration(apart)
            )?;
        }
        if let Some(advice) = self.advice() {
            write!(f, "; {advice}")?;
        }
        if inner.kind == ErrorKind::Api
            && let Some(error) = &inner.credentials
        {
            write!(f, "; there are no new credentials: {error}")?;
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
        ErrorKind::Credentials => match &inner.credentials {
            Some(error) => write!(f, "{error}")?,
            None => f.write_str("there are no credentials")?,
        },
        ErrorKind::Connect => f.write_str("cannot connect to the service")?,
        ErrorKind::Tls => f.write_str("cannot set up a secure connection to the service")?,
        ErrorKind::Timeout => f.write_str("no response within the time limit")?,
        ErrorKind::Interrupted => {
            f.write_str("the connection was lost before the response was complete")?;
        }
        ErrorKind::Api => f.write_str("the service responded with")?,
        ErrorKind::FailedOutcome => match &inner.failed {
            Some(failed) => write!(
                f,
                "the response is a success, but its `{}` is `{}`, which means failure",
                failed.path(),
                failed.value.escape_debug()
            )?,
            None => f.write_str("the service reports failure")?,
        },
        ErrorKind::InvalidResponse => f.write_str("the response does not match the contract")?,
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
struct ApproximateDuration(Duration);

impl fmt::Display for ApproximateDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match seconds {
            0..120 => write!(f, "{seconds} seconds"),
            120..7_200 => write!(f, "{} minutes", seconds / 60),
            7_200..172_800 => write!(f, "{} hours", seconds / 3_600),
            _ => write!(f, "{} days", seconds / 86_400),
        }
    }
}
