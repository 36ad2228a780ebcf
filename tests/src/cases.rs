//! Everything that can become of a call, one [`Case`] each: what the server does,
//! and what the caller must get.
//!
//! A case is run for every operation of the contract, with retries and without.

mod answers;
mod connections;
mod successes;

use dbss_client::descriptor::{Operation, Schema, Shape};
use dbss_client::{ClientBuilder, ErrorKind};
use serde_json::{Value, json};

use crate::calls::{self, Outcome};
use crate::fake_clock::FakeClock;
use crate::fault_server::{Deserted, FaultServer, Reply, Step};

pub use self::answers::{answers, shapes, statuses};
pub use self::connections::{connections, timeouts};
pub use self::successes::successes;

/// Every case there is.
#[must_use]
pub fn all() -> Vec<Case> {
    let mut cases = statuses();
    cases.extend(shapes());
    cases.extend(answers());
    cases.extend(successes());
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
    /// What the caller must get.
    pub want: Want,
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

type Answer = Box<dyn Fn(&Operation) -> Option<Reply> + Send + Sync>;

/// What the server does.
enum Scene {
    /// It takes the step that an answer is made into.
    Step(fn(Reply) -> Step, Answer),
    /// It speaks no TLS, and the client expects it to.
    NoTls(Step),
    /// It is not there.
    Deserted,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Case {
    fn new(name: &str, scene: Scene, want: Want) -> Self {
        Self { name: name.to_owned(), scene, late: false, want }
    }

    /// The server answers with an error.
    fn error(name: &str, status: u16, reply: Reply) -> Self {
        let want = Want::answered(ErrorKind::Api, status);
        let answer: Answer = Box::new(move |_| Some(reply.clone()));
        Self::new(name, Scene::Step(Step::Answer, answer), want)
    }

    /// The same answer, sent in another way.
    fn by(mut self, step: fn(Reply) -> Step) -> Self {
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
            Scene::NoTls(_) | Scene::Deserted => None,
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
        let mut deserted = None;
        let endpoint = match &self.scene {
            Scene::Step(step, answer) => {
                let Some(reply) = answer(operation) else { return Ok(None) };
                server.insert(FaultServer::always(step(reply)).await?).endpoint()
            }
            Scene::NoTls(step) => {
                server.insert(FaultServer::always(step.clone()).await?).tls_endpoint()
            }
            Scene::Deserted => deserted.insert(Deserted::take()?).endpoint()?,
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
                server.read(attempts.saturating_mul(self.want.requests)).await;
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

/// The body that the contract gives as an example of success.
fn example(operation: &Operation) -> Option<String> {
    let answer = operation.answers.iter().find(|answer| answer.success)?;
    Some(answer.examples.first()?.json.to_owned())
}

/// The body of a success in which the field that tells success from failure has
/// that value; nothing if the operation has no such field.
fn outcome_of(operation: &Operation, value: &Value) -> Option<String> {
    let answer = operation.answers.iter().find(|answer| answer.success)?;
    let Shape::Object(fields) = answer.schema?.shape else { return None };
    let field = fields.iter().find(|field| tells(field.schema))?;
    Some(json!({ field.name: value }).to_string())
}

fn tells(schema: &Schema) -> bool {
    match schema.shape {
        Shape::String { failure_values, .. } | Shape::Enum { failure_values, .. } => {
            !failure_values.is_empty()
        }
        Shape::Named(schema) => tells(schema),
        _ => false,
    }
}
