//! What stands on the wire: each operation called with the contract's examples,
//! against a server that notes the request and gives a prepared answer.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use dbss_client::descriptor::{Answer, Example, Operation};
use dbss_client::{Arguments, Client, Credentials, Error, Response, descriptors};
use serde_json::Value;

use crate::Snapshot;

/// The token of the calls; it must not show up in any snapshot.
pub const TOKEN: &str = "token-of-the-wire-snapshots";

type Noted = Arc<Mutex<Option<(Parts, Bytes)>>>;

/// A server for one call.
struct Stub {
    endpoint: String,
    noted: Noted,
    task: tokio::task::JoinHandle<()>,
}

impl Stub {
    /// Listens on a free port of the loopback interface.
    async fn start(status: u16, answer: Option<&'static str>) -> std::io::Result<Self> {
        let noted = Noted::default();
        let seen = Arc::clone(&noted);
        let app = Router::new().fallback(move |request: axum::extract::Request| {
            let seen = Arc::clone(&seen);
            async move {
                let (parts, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
                *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((parts, body));
                let mut response = axum::http::Response::new(match answer {
                    Some(json) => Body::from(json),
                    None => Body::empty(),
                });
                *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
                let json = HeaderValue::from_static("application/json");
                response.headers_mut().insert("content-type", json);
                response
                    .headers_mut()
                    .insert("x-request-id", HeaderValue::from_static("request-1"));
                response
            }
        });
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, app).await;
        });
        Ok(Self { endpoint, noted, task })
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The arguments of an operation as the contract's examples give them.
///
/// # Panics
///
/// If the contract has no example for a required parameter and none can be made:
/// a parameter with a `pattern` wants an example.
#[must_use]
pub fn arguments(operation: &Operation, body: Option<&Example>) -> Arguments {
    let mut arguments = Arguments::new();
    for parameter in operation.parameters {
        let Some(example) = parameter.example else {
            assert!(!parameter.required, "give {} of {} an example", parameter.name, operation.id);
            continue;
        };
        let texts = match json(example) {
            Value::String(text) => vec![text],
            Value::Array(items) => items.iter().map(plain).collect(),
            other => vec![other.to_string()],
        };
        for text in texts {
            arguments = arguments.parameter(parameter.name, text);
        }
    }
    match body {
        Some(example) => arguments.body(json(example.json)),
        None => arguments,
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

/// The snapshots of every operation: a request for each of its examples, and for
/// each documented answer what becomes of it.
///
/// # Panics
///
/// If a call that the contract's own example makes is refused.
pub async fn snapshots() -> std::io::Result<Vec<Snapshot>> {
    let mut snapshots = Vec::new();
    for operation in descriptors::API.operations {
        let id = operation.id;
        let bodies: Vec<Option<&Example>> = match &operation.body {
            Some(body) => {
                assert!(!body.examples.is_empty(), "give the body of {id} an example");
                body.examples.iter().map(Some).collect()
            }
            None => vec![None],
        };
        for body in &bodies {
            let name = body.map_or("no-body", |example| example.name);
            let text = request(operation, *body).await?;
            snapshots.push((format!("{id}_request_{name}"), text));
        }
        let body = bodies.first().copied().flatten();
        for answer in operation.answers {
            let examples: Vec<Option<&Example>> = match answer.schema {
                Some(_) => answer.examples.iter().map(Some).collect(),
                None => vec![None],
            };
            for example in examples {
                let name = example.map_or("no-body", |example| example.name);
                let text = outcome(operation, body, answer, example).await?;
                snapshots.push((format!("{id}_answer_{}_{name}", answer.status), text));
            }
        }
    }
    Ok(snapshots)
}

async fn call(
    stub: &Stub,
    operation: &Operation,
    body: Option<&Example>,
) -> Result<Response<Value>, Error> {
    let credentials = Credentials::token(TOKEN);
    let client = Client::builder().endpoint(&stub.endpoint).credentials(credentials).build()?;
    operation.invoke(&client, arguments(operation, body)).await
}

/// The request as it came over the socket.
async fn request(operation: &Operation, body: Option<&Example>) -> std::io::Result<String> {
    let success = operation.answers.iter().find(|answer| answer.success);
    let answer = success.and_then(|answer| answer.examples.first());
    let status = success.map_or(200, status_of);
    let stub = Stub::start(status, answer.map(|example| example.json)).await?;
    let result = call(&stub, operation, body).await;
    let noted = stub.noted.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some((parts, bytes)) = noted else {
        return Ok(format!(
            "nothing was sent: {}\n",
            result.err().map(|e| e.to_string()).unwrap_or_default()
        ));
    };
    let mut text = format!("{} {}\n", parts.method, parts.uri);
    let mut headers: Vec<String> = parts.headers.iter().filter_map(header).collect();
    headers.sort();
    for line in headers {
        text.push_str(&line);
    }
    if !bytes.is_empty() {
        let _ = write!(text, "\n{}\n", pretty(&bytes));
    }
    Ok(text)
}

/// A header as the snapshot shows it; nothing for those that differ by run.
fn header((name, value): (&axum::http::HeaderName, &HeaderValue)) -> Option<String> {
    let value = value.to_str().ok()?;
    match name.as_str() {
        "host" | "content-length" => None,
        "user-agent" => Some(format!("{name}: {}\n", value.split('/').next().unwrap_or_default())),
        _ if value == TOKEN => Some(format!("{name}: (the token)\n")),
        _ => Some(format!("{name}: {value}\n")),
    }
}

/// A documented answer, what its type holds of it, and what the caller gets.
async fn outcome(
    operation: &Operation,
    body: Option<&Example>,
    answer: &Answer,
    example: Option<&Example>,
) -> std::io::Result<String> {
    let json = example.map(|example| example.json);
    let mut text = format!("{} {}\n", answer.status, answer.description);
    if let Some(json) = json {
        let _ = write!(text, "\non the wire:\n{}\n", pretty(json.as_bytes()));
        if let Some(recode) = answer.recode {
            let again = match recode(json.as_bytes()) {
                Ok(bytes) if self::json(json) == self::json(&String::from_utf8_lossy(&bytes)) => {
                    "the same".to_owned()
                }
                Ok(bytes) => format!("\n{}", pretty(&bytes)),
                Err(error) => format!("refused: {error}"),
            };
            let _ = write!(text, "\ndecoded and encoded again: {again}\n");
        }
    }
    let stub = Stub::start(status_of(answer), json).await?;
    match call(&stub, operation, body).await {
        Ok(response) => {
            let _ = write!(
                text,
                "\nthe caller gets: {}\n",
                pretty(response.value().to_string().as_bytes())
            );
        }
        Err(error) => {
            let _ = write!(
                text,
                "\nthe caller gets an error:\n  kind: {:?}\n  code: {:?}\n  message: {:?}\n  request id: {:?}\n  details: {:?}\n  encoded authorization message: {:?}\n  shown as: {error}\n",
                error.kind(),
                error.code(),
                error.message(),
                error.request_id(),
                error
                    .details()
                    .iter()
                    .map(|d| (d.code.as_deref(), d.message.as_deref()))
                    .collect::<Vec<_>>(),
                error.encoded_authorization_message(),
            );
        }
    }
    Ok(text)
}

/// A status that the answer stands for.
fn status_of(answer: &Answer) -> u16 {
    match answer.status {
        "2XX" => 200,
        "4XX" => 418,
        "5XX" => 520,
        "default" => 599,
        code => code.parse().unwrap_or(599),
    }
}

fn pretty(json: &[u8]) -> String {
    match serde_json::from_slice::<Value>(json) {
        Ok(value) => serde_json::to_string_pretty(&value).unwrap_or_default(),
        Err(_) => String::from_utf8_lossy(json).into_owned(),
    }
}
