//! Why a wait ended without the wanted state.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::look::Condition;
use crate::error::{ApproximateDuration, Error};
use crate::text::escaped;

/// Why a wait ended without the wanted state, and what was last seen.
///
/// Unless the [kind](Self::kind) is [`Start`](WaitErrorKind::Start), the service accepted the call,
/// or may have; what it started may still go on.
pub struct WaitError(Box<Inner>);

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitErrorKind {
    /// The call that starts it failed; [`WaitError::error`] is its error.
    Start,
    /// The item is in a state from which it will not come to the wanted one.
    Failed,
    /// The wait's timeout passed. [`WaitError::error`] is that of the last look, if it failed.
    TimedOut,
    /// The item is not there, or not any more.
    Vanished,
    /// A look failed, and later ones would fail in the same way; [`WaitError::error`] is its error.
    Look,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) kind: WaitErrorKind,
    pub(super) operation: &'static str,
    /// Whether the item is looked for in a list.
    pub(super) is_in_list: bool,
    pub(super) started: Option<Error>,
    pub(super) looked: Option<Error>,
    pub(super) last_seen: Option<Value>,
    pub(super) condition: Option<Condition>,
    pub(super) state: Vec<(&'static str, String)>,
    pub(super) looks: u32,
    pub(super) elapsed: Duration,
}

impl WaitError {
    pub(super) fn new(inner: Inner) -> Self {
        Self(Box::new(inner))
    }

    /// Why the wait ended.
    #[must_use]
    pub fn kind(&self) -> WaitErrorKind {
        self.0.kind
    }

    /// The item as it was last seen, as JSON; `None` if it was never seen.
    #[must_use]
    pub fn last_seen(&self) -> Option<&Value> {
        self.0.last_seen.as_ref()
    }

    /// The fields of the item that show its state, such as `status` and `task`, as they were last
    /// seen.
    #[must_use]
    pub fn state(&self) -> &[(&'static str, String)] {
        &self.0.state
    }

    /// What the state that was last seen means; `None` if the item was never seen.
    #[must_use]
    pub fn condition(&self) -> Option<Condition> {
        self.0.condition
    }

    /// The error of the call, or of the last look, that the wait ended with.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self.0.kind {
            WaitErrorKind::Start => self.0.started.as_ref(),
            _ => self.0.looked.as_ref(),
        }
    }

    /// The error of the call that starts it: what the wait ended with, or, if the wait went on, an
    /// error that left in doubt whether the call took effect.
    #[must_use]
    pub fn start_error(&self) -> Option<&Error> {
        self.0.started.as_ref()
    }

    /// How many looks there were.
    #[must_use]
    pub fn looks(&self) -> u32 {
        self.0.looks
    }

    /// The time from the response of the call to the end of the wait.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.0.as_ref();
        if inner.kind == WaitErrorKind::Start {
            match &inner.started {
                Some(error) => write!(f, "{error}")?,
                None => write!(f, "{}: it is not known whether it took effect", inner.operation)?,
            }
            return last_seen(inner, f);
        }
        let accepted = match inner.started {
            None => "accepted",
            Some(_) => "sent, and it is not known whether it took effect",
        };
        write!(f, "{}: the request was {accepted}; ", inner.operation)?;
        let after = ApproximateDuration(inner.elapsed);
        match inner.kind {
            WaitErrorKind::Failed => write!(f, "it failed")?,
            WaitErrorKind::TimedOut => write!(f, "it was not done after {after}")?,
            WaitErrorKind::Vanished => {
                let place = if inner.is_in_list { "in the list" } else { "there" };
                write!(f, "after {after} its item is not {place}")?;
            }
            WaitErrorKind::Look | WaitErrorKind::Start => {
                write!(f, "whether it is done could not be seen")?;
            }
        }
        last_seen(inner, f)?;
        if inner.kind == WaitErrorKind::TimedOut && inner.condition == Some(Condition::Other) {
            write!(f, ", which the contract does not list for this operation")?;
        }
        match &inner.looked {
            Some(error) => write!(f, "; the last look failed: {error}"),
            None => Ok(()),
        }
    }
}

/// What was last seen, if anything was.
fn last_seen(inner: &Inner, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, (field, value)) in inner.state.iter().enumerate() {
        let before = if index == 0 { "; last seen with " } else { ", " };
        write!(f, "{before}{field} `{}`", escaped(value))?;
    }
    Ok(())
}

impl fmt::Debug for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for WaitError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error().map(|error| error as _)
    }
}
