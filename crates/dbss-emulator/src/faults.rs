//! Misbehaviour on demand: which call it hits, and what happens to it.

mod queue;
mod spec;

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};

pub(crate) use self::queue::{Faults, Target};
pub use self::spec::InvalidFault;

/// What goes wrong with a call, and with which calls.
///
/// A fault hits the next call of any operation once, and that call has no effect,
/// unless told otherwise. The faults of an emulator are asked in the order in
/// which they were added; the first one that fits is used.
///
/// ```
/// use std::time::Duration;
/// use dbss_emulator::{Fault, RetryAfter, StatusCode};
///
/// // Two calls of that operation are throttled.
/// let throttled = Fault::throttle(RetryAfter::Seconds(1)).on("StopAuditInstance").times(2);
/// // One is carried out, and its answer is lost.
/// let lost = Fault::reset().after_effect();
/// // Every tenth or so takes long.
/// let slow = Fault::delay(Duration::from_millis(300)).forever().with_probability(0.1);
/// // Or as text, as the command line and the admin path have it.
/// let broken: Fault = "documented,status=500,operation=StopAuditInstance".parse()?;
/// # Ok::<(), dbss_emulator::InvalidFault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "spec::Spec", into = "spec::Spec")]
pub struct Fault {
    pub(crate) kind: Kind,
    operation: Option<String>,
    method: Option<Method>,
    path: Option<String>,
    /// How many calls it still hits; all of them if none.
    times: Option<u32>,
    probability: f64,
    pub(crate) delay: Duration,
    pub(crate) after_effect: bool,
}

/// What happens to the call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// It is answered as usual.
    Nothing,
    Answer {
        status: StatusCode,
        headers: HeaderMap,
        body: String,
    },
    Documented {
        status: StatusCode,
    },
    Html {
        status: StatusCode,
    },
    Throttle {
        retry_after: RetryAfter,
    },
    Failed,
    Stall,
    Reset,
    HalfBody,
}

/// What a throttled call is told about when to come again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// Nothing.
    #[default]
    Unsaid,
    /// In so many seconds.
    Seconds(u64),
    /// At a date, so many seconds from then.
    DateIn(u64),
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            operation: None,
            method: None,
            path: None,
            times: Some(1),
            probability: 1.0,
            delay: Duration::ZERO,
            after_effect: false,
        }
    }

    /// An answer of one's own, with no body unless one is given.
    #[must_use]
    pub fn answer(status: StatusCode) -> Self {
        Self::new(Kind::Answer { status, headers: HeaderMap::new(), body: String::new() })
    }

    /// The contract's own example of that status for the operation that is
    /// called; the service's shape of an error where it has none.
    #[must_use]
    pub fn documented(status: StatusCode) -> Self {
        Self::new(Kind::Documented { status })
    }

    /// A page of HTML, as proxies answer.
    #[must_use]
    pub fn html(status: StatusCode) -> Self {
        Self::new(Kind::Html { status })
    }

    /// 429, in the gateway's shape.
    #[must_use]
    pub fn throttle(retry_after: RetryAfter) -> Self {
        Self::new(Kind::Throttle { retry_after })
    }

    /// 200 with the values that the contract says mean failure. An operation
    /// that has none is answered as usual.
    #[must_use]
    pub fn failed() -> Self {
        Self::new(Kind::Failed)
    }

    /// The usual answer, that much later.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::new(Kind::Nothing).delayed(delay)
    }

    /// No answer, on a connection that stays open.
    #[must_use]
    pub fn stall() -> Self {
        Self::new(Kind::Stall)
    }

    /// No answer, and the connection is reset (RST).
    #[must_use]
    pub fn reset() -> Self {
        Self::new(Kind::Reset)
    }

    /// The usual answer, of which half of the body arrives; then the connection
    /// is closed. The call has its effect.
    #[must_use]
    pub fn half_body() -> Self {
        Self::new(Kind::HalfBody)
    }

    /// Adds a header to an [`answer`](Self::answer); nothing for other faults.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if let Kind::Answer { headers, .. } = &mut self.kind {
            headers.append(name, value);
        }
        self
    }

    /// Gives an [`answer`](Self::answer) a body; nothing for other faults. It is
    /// said to be JSON unless a header says otherwise.
    #[must_use]
    pub fn body(mut self, text: impl Into<String>) -> Self {
        if let Kind::Answer { body, .. } = &mut self.kind {
            *body = text.into();
        }
        self
    }

    /// Hits calls of that operation only, by its `operationId`; or of IAM, by
    /// `KeystoneCreateUserTokenByPassword` and `KeystoneListProjects`.
    #[must_use]
    pub fn on(mut self, operation_id: impl Into<String>) -> Self {
        self.operation = Some(operation_id.into());
        self
    }

    /// Hits calls with that method only.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// Hits calls only whose path begins like that.
    #[must_use]
    pub fn path(mut self, prefix: impl Into<String>) -> Self {
        self.path = Some(prefix.into());
        self
    }

    /// Hits that many calls.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Hits calls until it is taken away.
    #[must_use]
    pub fn forever(mut self) -> Self {
        self.times = None;
        self
    }

    /// Hits a call that fits only with that probability, between 0 and 1.
    #[must_use]
    pub fn with_probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// Waits that long first.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Lets the call have its effect before it goes wrong.
    #[must_use]
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// Its name, as in the text form.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.kind {
            Kind::Nothing => "delay",
            Kind::Answer { .. } => "answer",
            Kind::Documented { .. } => "documented",
            Kind::Html { .. } => "html",
            Kind::Throttle { .. } => "throttle",
            Kind::Failed => "failed",
            Kind::Stall => "stall",
            Kind::Reset => "reset",
            Kind::HalfBody => "half-body",
        }
    }
}
