//! Everything that can become of a call, one [`Case`] each: what the server does,
//! and what the caller must get.
//!
//! A case is run for an operation of each kind that the contract has, with retries
//! and without. What the caller must get is read from the descriptor where it
//! depends on the operation.

mod answers;
mod connections;
mod success_statuses;

use dbss_client::descriptor::Operation;
use dbss_client::{ClientBuilder, ErrorKind};
use scripted_server::{CannedResponse, ClosedPort, ScriptedServer, Step};

use crate::calls::{self, Outcome};
use crate::fake_clock::FakeClock;
use crate::successes;

pub use self::answers::{answers, shapes, statuses};
pub use self::connections::{connections, timeouts};
pub use self::success_statuses::success_statuses;

/// Every case there is.
#[must_use]
pub fn all() -> Vec<Case> {
    let mut cases = statuses();
    cases.extend(shapes());
    cases.extend(answers());
    cases.extend(success_statuses());
    cases.extend(connections());
    cases.extend(timeouts());
    cases
}

/// What the server does, and what the caller must get.
pub struct Case {
    /// What makes the case special.
    pub name: String,
    scene: Scene,
    /// Whether a time limit is to pass.
    late: bool,
    /// What the caller must get, as far as it is the same for every operation.
    want: Want,
    /// What of it depends on the operation.
    depends: Depends,
}

/// What of the caller's outcome depends on the operation, beyond whether a call may
/// be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depends {
    /// Nothing does.
    Nothing,
    /// The status is that of the operation's success.
    Status,
    /// The status is, and whether the body is what the contract says.
    StatusAndBody,
}

/// What the caller must get.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "they are the questions that an error answers")]
pub struct Want {
    /// The kind of the error; nothing where the call succeeds.
    pub kind: Option<ErrorKind>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// The error code.
    pub code: Text,
    /// The error message.
    pub message: Text,
    /// The id of the request.
    pub request_id: Text,
    /// Code and message of each detail.
    pub details: Vec<(Option<&'static str>, Option<&'static str>)>,
    /// The encoded authorization message.
    pub encoded: Option<&'static str>,
    /// How much of the body is kept.
    pub body: Kept,
    /// Whether the request may have had an effect.
    pub reached: bool,
    /// Whether another try can help.
    pub retryable: bool,
    /// Whether the service asked for fewer requests.
    pub throttled: bool,
    /// Whether the credentials are what is wrong.
    pub auth: bool,
    /// How many requests the server reads for each attempt.
    pub requests: usize,
}

/// What a text must be.
#[derive(Clone, Copy, Debug)]
pub enum Text {
    /// It is not there.
    Nothing,
    /// It is this.
    Is(&'static str),
    /// It begins with this.
    Begins(&'static str),
    /// It is there or not.
    Any,
}

impl Text {
    /// Whether this is what was wanted.
    #[must_use]
    pub fn fits(self, found: Option<&str>) -> bool {
        match self {
            Self::Nothing => found.is_none(),
            Self::Is(wanted) => found == Some(wanted),
            Self::Begins(wanted) => found.is_some_and(|found| found.starts_with(wanted)),
            Self::Any => true,
        }
    }
}

/// How much of an answer's body is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// All of it.
    Whole,
    /// Its beginning, up to the limit that the client was given.
    Bounded,
    /// Nothing, as there was no answer.
    Nothing,
    /// What had come, or nothing.
    Any,
}

type Answer = Box<dyn Fn(&Operation) -> Option<CannedResponse> + Send + Sync>;

/// What the server does.
enum Scene {
    /// It takes the step that an answer is made into.
    Step(fn(CannedResponse) -> Step, Answer),
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
    fn new(name: &str, scene: Scene, want: Want) -> Self {
        Self { name: name.to_owned(), scene, late: false, want, depends: Depends::Nothing }
    }

    /// The server answers with an error.
    fn error(name: &str, status: u16, response: CannedResponse) -> Self {
        let want = Want::answered(ErrorKind::Api, status);
        let answer: Answer = Box::new(move |_| Some(response.clone()));
        Self::new(name, Scene::Step(Step::Respond, answer), want)
    }

    /// The same answer, sent in another way.
    fn by(mut self, step: fn(CannedResponse) -> Step) -> Self {
        if let Scene::Step(_, answer) = self.scene {
            self.scene = Scene::Step(step, answer);
        }
        self
    }

    fn code(mut self, code: &'static str) -> Self {
        self.want.code = Text::Is(code);
        self
    }

    fn message(mut self, message: &'static str) -> Self {
        self.want.message = Text::Is(message);
        self
    }

    fn texts(mut self, code: Text, message: Text) -> Self {
        self.want.code = code;
        self.want.message = message;
        self
    }

    fn request_id(mut self, id: &'static str) -> Self {
        self.want.request_id = Text::Is(id);
        self
    }

    fn details(mut self, details: &[(Option<&'static str>, Option<&'static str>)]) -> Self {
        self.want.details = details.to_vec();
        self
    }

    fn encoded(mut self, message: &'static str) -> Self {
        self.want.encoded = Some(message);
        self
    }

    fn keeps(mut self, kept: Kept) -> Self {
        self.want.body = kept;
        self
    }

    fn depending(mut self, depends: Depends) -> Self {
        self.depends = depends;
        self
    }

    /// What the caller of an operation must get.
    #[must_use]
    pub fn want(&self, operation: &Operation) -> Want {
        let mut want = self.want.clone();
        if self.depends != Depends::Nothing {
            want.status = Some(successes::status(operation));
        }
        if self.depends == Depends::StatusAndBody {
            let sent = self.sent_body(operation).unwrap_or_default();
            let fits = successes::accepts(operation, &sent);
            want.kind = (!fits).then_some(ErrorKind::InvalidResponse);
        }
        // What may have had an effect is worth another try only where that does no
        // harm. Of a call that is lost it is for the caller to say.
        want.retryable &=
            operation.idempotent || want.kind != Some(ErrorKind::Api) || want.throttled;
        want
    }

    /// The most attempts that a run of the case is worth: each of a late one takes
    /// real time.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        if self.late { 2 } else { 4 }
    }

    /// The body that the server would send whole, if it sends any.
    #[must_use]
    pub fn sent_body(&self, operation: &Operation) -> Option<Vec<u8>> {
        match &self.scene {
            Scene::Step(_, answer) => Some(answer(operation)?.body().to_vec()),
            Scene::NoTls(_) | Scene::ClosedPort => None,
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
    ) -> std::io::Result<Option<Outcome>> {
        let mut server = None;
        // Held, so that nobody else comes to listen there.
        let mut closed_port = None;
        let endpoint = match &self.scene {
            Scene::Step(step, answer) => {
                let Some(response) = answer(operation) else { return Ok(None) };
                server.insert(ScriptedServer::always(step(response)).await?).endpoint()
            }
            Scene::NoTls(step) => {
                server.insert(ScriptedServer::always(step.clone()).await?).tls_endpoint()
            }
            Scene::ClosedPort => closed_port.insert(ClosedPort::reserve()?).endpoint()?,
        };
        let mut client = change(calls::builder(endpoint, &FakeClock::default()));
        client = match &self.scene {
            Scene::NoTls(_) if self.late => client.connect_timeout(calls::SHORT),
            _ if self.late => client.attempt_timeout(calls::SHORT),
            _ => client,
        };
        let outcome = calls::once(operation, client).await;
        let attempts = usize::try_from(outcome.attempts()).unwrap_or(usize::MAX);
        let requests = match &server {
            Some(server) => {
                server.wait_for_requests(attempts.saturating_mul(self.want.requests)).await;
                server.request_count()
            }
            None => 0,
        };
        Ok(Some(Outcome { requests, ..outcome }))
    }
}

impl Want {
    fn success(status: u16) -> Self {
        Self { kind: None, retryable: false, auth: false, ..Self::answered(ErrorKind::Api, status) }
    }

    /// What goes for an answer of that status; its texts are to be added.
    fn answered(kind: ErrorKind, status: u16) -> Self {
        let api = kind == ErrorKind::Api;
        Self {
            kind: Some(kind),
            status: Some(status),
            code: Text::Nothing,
            message: Text::Nothing,
            request_id: Text::Nothing,
            details: Vec::new(),
            encoded: None,
            body: Kept::Whole,
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

    /// What goes for a call without a whole answer.
    fn unanswered(kind: ErrorKind) -> Self {
        Self {
            status: None,
            body: Kept::Nothing,
            reached: !matches!(kind, ErrorKind::Connect | ErrorKind::Tls),
            retryable: kind != ErrorKind::Tls,
            ..Self::answered(kind, 0)
        }
    }
}
