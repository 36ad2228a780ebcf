//! Injected faults: which calls they apply to, and what happens to these.

mod queue;
mod text;

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde::{Deserialize, Serialize};

pub(crate) use self::queue::{FaultQueue, FaultTarget};
pub use self::text::InvalidFault;

/// A fault to inject: what happens, and to which calls.
///
/// By default a fault applies to the next call of any operation, once, and that call
/// has no effect. An emulator takes its faults in the order in which they were added;
/// the first one that matches a call is injected.
///
/// ```
/// use std::time::Duration;
/// use dbss_emulator::{Fault, RetryAfter, StatusCode};
///
/// // The next two calls of the operation are throttled.
/// let throttled = Fault::throttle(RetryAfter::Seconds(1)).on("StopAuditInstance").times(2);
/// // The next call is carried out, and its response is lost.
/// let lost = Fault::reset().after_effect();
/// // One call in ten, on average, is slow.
/// let slow = Fault::delay(Duration::from_millis(300)).forever().probability(0.1);
/// // Text, as on the command line and the admin path.
/// let broken: Fault = "documented,status=500,operation=StopAuditInstance".parse()?;
/// # Ok::<(), dbss_emulator::InvalidFault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "text::FaultFields", into = "text::FaultFields")]
pub struct Fault {
    pub(crate) kind: FaultKind,
    operation: Option<String>,
    method: Option<Method>,
    path: Option<String>,
    /// How many calls it still applies to; none for all calls.
    times: Option<u32>,
    probability: f64,
    pub(crate) delay: Duration,
    pub(crate) after_effect: bool,
}

/// What happens to a call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FaultKind {
    /// The usual response; only the delay applies.
    PassThrough,
    Response {
        status: StatusCode,
        headers: HeaderMap,
        /// Shared by the responses that have it.
        body: Bytes,
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
    FailedOutcome,
    Stall,
    Reset,
    HalfBody,
    Offline,
}

/// The header `Retry-After` of a throttled call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryAfter {
    /// No header.
    #[default]
    Absent,
    /// A number of seconds.
    Seconds(u64),
    /// A date, that many seconds after the response.
    DateIn(u64),
}

/// Whether a header says where the body ends. One that contradicts the body is a bug to hyper, which
/// ends the connection for it, or panics.
fn is_framing(name: &HeaderName) -> bool {
    [header::CONTENT_LENGTH, header::TRANSFER_ENCODING].contains(name)
}

impl Fault {
    fn new(kind: FaultKind) -> Self {
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

    /// A response with that status; [`header`](Self::header) and [`body`](Self::body)
    /// complete it.
    #[must_use]
    pub fn response(status: StatusCode) -> Self {
        Self::new(FaultKind::Response { status, headers: HeaderMap::new(), body: Bytes::new() })
    }

    /// The contract's example of that status for the operation that is called; an
    /// error response in the service's shape if there is no example.
    #[must_use]
    pub fn documented(status: StatusCode) -> Self {
        Self::new(FaultKind::Documented { status })
    }

    /// An HTML page, as proxies send.
    #[must_use]
    pub fn html(status: StatusCode) -> Self {
        Self::new(FaultKind::Html { status })
    }

    /// 429, as the gateway sends it.
    #[must_use]
    pub fn throttle(retry_after: RetryAfter) -> Self {
        Self::new(FaultKind::Throttle { retry_after })
    }

    /// 200 with the values that mean failure according to the contract. An operation
    /// without such values gets its usual response.
    #[must_use]
    pub fn failed() -> Self {
        Self::new(FaultKind::FailedOutcome)
    }

    /// The usual response, after a delay.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::new(FaultKind::PassThrough).delayed(delay)
    }

    /// No response; the connection stays open, for
    /// [`Limits::stall_time`](crate::Limits::stall_time) at most.
    #[must_use]
    pub fn stall() -> Self {
        Self::new(FaultKind::Stall)
    }

    /// No response; the connection is reset (TCP RST).
    #[must_use]
    pub fn reset() -> Self {
        Self::new(FaultKind::Reset)
    }

    /// The usual response with half of its body; then the connection is closed. The
    /// call takes effect.
    #[must_use]
    pub fn half_body() -> Self {
        Self::new(FaultKind::HalfBody)
    }

    /// 404, as the gateway sends it for a path that is not there: `APIGW.0101`. With
    /// [`on`](Self::on) and [`forever`](Self::forever), an operation that was taken offline.
    #[must_use]
    pub fn offline() -> Self {
        Self::new(FaultKind::Offline)
    }

    /// Adds a header to a [`response`](Self::response); other faults ignore it. `Content-Length`
    /// and `Transfer-Encoding` follow from the body, and are ignored as well.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if let FaultKind::Response { headers, .. } = &mut self.kind
            && !is_framing(&name)
        {
            headers.append(name, value);
        }
        self
    }

    /// Sets the body of a [`response`](Self::response); other faults ignore it. The
    /// content type is JSON unless a header sets another.
    #[must_use]
    pub fn body(mut self, text: impl Into<String>) -> Self {
        if let FaultKind::Response { body, .. } = &mut self.kind {
            *body = Bytes::from(text.into());
        }
        self
    }

    /// Applies only to calls of the operation with that `operationId`. Those of IAM are
    /// `KeystoneCreateUserTokenByPassword` and `KeystoneListProjects`, those of the metadata
    /// service `CreateMetadataToken` and `ShowSecurityKey`.
    #[must_use]
    pub fn on(mut self, operation_id: impl Into<String>) -> Self {
        self.operation = Some(operation_id.into());
        self
    }

    /// Applies only to calls with that method.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// Applies only to calls whose path begins with `prefix`.
    #[must_use]
    pub fn path(mut self, prefix: impl Into<String>) -> Self {
        self.path = Some(prefix.into());
        self
    }

    /// Applies to that many calls. Default: 1.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Applies to calls until it is removed.
    #[must_use]
    pub fn forever(mut self) -> Self {
        self.times = None;
        self
    }

    /// Applies to a matching call only with that probability, between 0 and 1. Values
    /// outside of that range count as 0 or 1.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// Waits before anything else happens.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Lets the call take effect before the fault is injected.
    #[must_use]
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// The name of the fault in the text form.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.kind {
            FaultKind::PassThrough => "delay",
            FaultKind::Response { .. } => "response",
            FaultKind::Documented { .. } => "documented",
            FaultKind::Html { .. } => "html",
            FaultKind::Throttle { .. } => "throttle",
            FaultKind::FailedOutcome => "failed",
            FaultKind::Stall => "stall",
            FaultKind::Reset => "reset",
            FaultKind::HalfBody => "half-body",
            FaultKind::Offline => "offline",
        }
    }
}
