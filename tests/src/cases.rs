//! All ways in which a call can end, one [`Case`] each: what the server does,
//! and what the caller must get.
//!
//! A case is run for an operation of each kind that the contract has, with retries
//! and without. What the caller must get is read from the descriptor where it
//! depends on the operation.

mod connections;
mod error_responses;
mod success_statuses;

use dbss_client::descriptor::Operation;
use dbss_client::{ClientBuilder, ErrorKind};
use scripted_server::{CannedResponse, ClosedPort, ScriptedServer, Step};

use crate::calls::{self, CallResult};
use crate::fake_clock::FakeClock;
use crate::successes;

pub use self::connections::{connections, timeouts};
pub use self::error_responses::{error_formats, other_bodies, statuses};
pub use self::success_statuses::success_statuses;

/// All cases.
#[must_use]
pub fn all() -> Vec<Case> {
    let mut cases = statuses();
    cases.extend(error_formats());
    cases.extend(other_bodies());
    cases.extend(success_statuses());
    cases.extend(connections());
    cases.extend(timeouts());
    cases
}

/// What the server does, and what the caller must get.
pub struct Case {
    /// The name of the case.
    pub name: String,
    behaviour: Behaviour,
    /// Whether a timeout passes.
    times_out: bool,
    /// What the caller must get, as far as it is the same for all operations.
    expected: Expected,
    /// What of it depends on the operation.
    depends: DependsOn,
    /// Code and message of the error where the body is not what the contract says.
    mismatch: (ExpectedText, ExpectedText),
}

/// What of the expected result depends on the operation, beyond whether a call may
/// be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DependsOn {
    /// Nothing does.
    Nothing,
    /// The status is that of the operation's success.
    Status,
    /// The status is, and whether the body is what the contract says.
    StatusAndBody,
}

/// What the caller must get.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "one for each method of an error")]
pub struct Expected {
    /// The kind of the error; nothing where the call succeeds.
    pub kind: Option<ErrorKind>,
    /// The status of the response.
    pub status: Option<u16>,
    /// The error code.
    pub code: ExpectedText,
    /// The error message.
    pub message: ExpectedText,
    /// The id of the request.
    pub request_id: ExpectedText,
    /// Code and message of each detail.
    pub details: Vec<(Option<&'static str>, Option<&'static str>)>,
    /// The encoded authorization message.
    pub encoded: Option<&'static str>,
    /// How much of the body is kept.
    pub body: KeptBody,
    /// Whether the request may have reached the service.
    pub reached: bool,
    /// Whether another attempt may succeed.
    pub retryable: bool,
    /// Whether the service asked for fewer requests.
    pub throttled: bool,
    /// Whether authentication failed.
    pub auth: bool,
    /// How many requests the server reads for each attempt.
    pub requests: usize,
}

/// What a text must be.
#[derive(Clone, Copy, Debug)]
pub enum ExpectedText {
    /// It is not there.
    Absent,
    /// It is this.
    Is(&'static str),
    /// It begins with this.
    Begins(&'static str),
    /// It is there or not.
    Any,
}

impl ExpectedText {
    /// Whether this is what was wanted.
    #[must_use]
    pub fn fits(self, found: Option<&str>) -> bool {
        match self {
            Self::Absent => found.is_none(),
            Self::Is(wanted) => found == Some(wanted),
            Self::Begins(wanted) => found.is_some_and(|found| found.starts_with(wanted)),
            Self::Any => true,
        }
    }
}

/// How much of the body of a response is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptBody {
    /// All of it.
    Whole,
    /// Its beginning, up to the limit that the client was given.
    Truncated,
    /// Nothing, since there was no response.
    Nothing,
    /// What had come, or nothing.
    Any,
}

type MakeResponse = Box<dyn Fn(&Operation) -> Option<CannedResponse> + Send + Sync>;

/// What the server does.
enum Behaviour {
    /// It takes the step that is made of a response.
    Step(fn(CannedResponse) -> Step, MakeResponse),
    /// It speaks no TLS, and the client expects it to.
    NoTls(Step),
    /// It is not there.
    ClosedPort,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Case {
    fn new(name: &str, behaviour: Behaviour, expected: Expected) -> Self {
        Self {
            name: name.to_owned(),
            behaviour,
            times_out: false,
            expected,
            depends: DependsOn::Nothing,
            mismatch: (ExpectedText::Absent, ExpectedText::Absent),
        }
    }

    /// The server sends an error response.
    fn error(name: &str, status: u16, response: CannedResponse) -> Self {
        let expected = Expected::response(ErrorKind::Api, status);
        let make_response: MakeResponse = Box::new(move |_| Some(response.clone()));
        Self::new(name, Behaviour::Step(Step::Respond, make_response), expected)
    }

    /// The same response, sent in another way.
    fn by(mut self, step: fn(CannedResponse) -> Step) -> Self {
        if let Behaviour::Step(_, make_response) = self.behaviour {
            self.behaviour = Behaviour::Step(step, make_response);
        }
        self
    }

    fn code(mut self, code: &'static str) -> Self {
        self.expected.code = ExpectedText::Is(code);
        self
    }

    fn message(mut self, message: &'static str) -> Self {
        self.expected.message = ExpectedText::Is(message);
        self
    }

    fn texts(mut self, code: ExpectedText, message: ExpectedText) -> Self {
        self.expected.code = code;
        self.expected.message = message;
        self
    }

    fn request_id(mut self, id: &'static str) -> Self {
        self.expected.request_id = ExpectedText::Is(id);
        self
    }

    fn details(mut self, details: &[(Option<&'static str>, Option<&'static str>)]) -> Self {
        self.expected.details = details.to_vec();
        self
    }

    fn encoded(mut self, message: &'static str) -> Self {
        self.expected.encoded = Some(message);
        self
    }

    fn keeps(mut self, kept: KeptBody) -> Self {
        self.expected.body = kept;
        self
    }

    /// Code and message that the error tells where the body is not what the contract says.
    fn mismatch(mut self, code: ExpectedText, message: ExpectedText) -> Self {
        self.mismatch = (code, message);
        self
    }

    fn depending(mut self, depends: DependsOn) -> Self {
        self.depends = depends;
        self
    }

    /// What the caller of an operation must get.
    #[must_use]
    pub fn expected(&self, operation: &Operation) -> Expected {
        let mut expected = self.expected.clone();
        if self.depends != DependsOn::Nothing {
            expected.status = Some(successes::status(operation));
        }
        if self.depends == DependsOn::StatusAndBody {
            let sent = self.sent_body(operation).unwrap_or_default();
            let fits = successes::accepts(operation, &sent);
            expected.kind = (!fits).then_some(ErrorKind::InvalidResponse);
            if !fits {
                (expected.code, expected.message) = self.mismatch;
            }
        }
        // What may have had an effect is worth another try only where that does no
        // harm. Of a call that is lost it is for the caller to say.
        expected.retryable &=
            operation.idempotent || expected.kind != Some(ErrorKind::Api) || expected.throttled;
        expected
    }

    /// The most attempts that a run of the case is worth: each of a late one takes
    /// real time.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        if self.times_out { 2 } else { 4 }
    }

    /// The body that the server would send whole, if it sends any.
    #[must_use]
    pub fn sent_body(&self, operation: &Operation) -> Option<Vec<u8>> {
        match &self.behaviour {
            Behaviour::Step(_, make_response) => Some(make_response(operation)?.body().to_vec()),
            Behaviour::NoTls(_) | Behaviour::ClosedPort => None,
        }
    }

    /// Calls the operation once, by a client as it is changed here; nothing if the
    /// case does not apply to the operation.
    ///
    /// # Errors
    ///
    /// If the server cannot be started.
    pub async fn run(
        &self,
        operation: &'static Operation,
        change: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> std::io::Result<Option<CallResult>> {
        let mut server = None;
        // Held, so that nobody else comes to listen there.
        let mut closed_port = None;
        let endpoint = match &self.behaviour {
            Behaviour::Step(step, make_response) => {
                let Some(response) = make_response(operation) else { return Ok(None) };
                server.insert(ScriptedServer::always(step(response)).await?).endpoint()
            }
            Behaviour::NoTls(step) => {
                server.insert(ScriptedServer::always(step.clone()).await?).tls_endpoint()
            }
            Behaviour::ClosedPort => closed_port.insert(ClosedPort::reserve()?).endpoint()?,
        };
        let mut client = change(calls::builder(endpoint, &FakeClock::default()));
        client = match &self.behaviour {
            Behaviour::NoTls(_) if self.times_out => client.connect_timeout(calls::SHORT),
            _ if self.times_out => client.attempt_timeout(calls::SHORT),
            _ => client,
        };
        let outcome = calls::call_once(operation, client).await;
        let attempts = usize::try_from(outcome.attempts()).unwrap_or(usize::MAX);
        let requests = match &server {
            Some(server) => {
                server.wait_for_requests(attempts.saturating_mul(self.expected.requests)).await;
                server.request_count()
            }
            None => 0,
        };
        Ok(Some(CallResult { requests, ..outcome }))
    }
}

impl Expected {
    fn success(status: u16) -> Self {
        Self { kind: None, retryable: false, auth: false, ..Self::response(ErrorKind::Api, status) }
    }

    /// What is expected of a response of that status, without its texts.
    fn response(kind: ErrorKind, status: u16) -> Self {
        let api = kind == ErrorKind::Api;
        Self {
            kind: Some(kind),
            status: Some(status),
            code: ExpectedText::Absent,
            message: ExpectedText::Absent,
            request_id: ExpectedText::Absent,
            details: Vec::new(),
            encoded: None,
            body: KeptBody::Whole,
            reached: true,
            retryable: api && matches!(status, 408 | 429 | 502 | 503 | 504),
            throttled: status == 429,
            auth: matches!(status, 401 | 403),
            requests: 1,
        }
    }

    /// How many attempts a call makes that may make that many.
    #[must_use]
    pub fn attempts(&self, operation: &Operation, most: u32) -> u32 {
        let harmless = operation.idempotent || self.throttled || !self.reached;
        if self.retryable && harmless { most } else { 1 }
    }

    /// What is expected of a call without a complete response.
    fn no_response(kind: ErrorKind) -> Self {
        Self {
            status: None,
            body: KeptBody::Nothing,
            reached: !matches!(kind, ErrorKind::Connect | ErrorKind::Tls),
            retryable: kind != ErrorKind::Tls,
            ..Self::response(kind, 0)
        }
    }
}
