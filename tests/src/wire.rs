//! What is sent and received: each operation called with the contract's examples,
//! against a server that records the request and sends a canned response.

use std::fmt::Write as _;

use dbss_client::descriptor::{DocumentedResponse, Example, Operation};
use dbss_client::{Arguments, Client, Credentials, Error, Response, RetryPolicy, contract};
use scripted_server::{CannedResponse, ScriptedServer, Step};
use serde_json::Value;

use crate::Snapshot;
use crate::successes::{self, status_of};

/// The token of the calls; it must not show up in any snapshot.
pub const TOKEN: &str = "token-of-the-wire-snapshots";

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
/// each documented response what the caller gets.
///
/// # Panics
///
/// If a call that the contract's own example makes is refused.
///
/// # Errors
///
/// If a server cannot be started.
pub async fn snapshots() -> std::io::Result<Vec<Snapshot>> {
    let mut snapshots = Vec::new();
    for operation in contract::API.operations {
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
        for documented in operation.responses() {
            let examples: Vec<Option<&Example>> = match documented.schema {
                Some(_) => documented.examples.iter().map(Some).collect(),
                None => vec![None],
            };
            for example in examples {
                let name = example.map_or("no-body", |example| example.name);
                let text = response(operation, body, documented, example).await?;
                snapshots.push((format!("{id}_response_{}_{name}", documented.status), text));
            }
        }
    }
    Ok(snapshots)
}

/// Calls the operation, to which the server responds with that status and JSON.
async fn call(
    operation: &Operation,
    body: Option<&Example>,
    status: u16,
    json: Option<&str>,
) -> std::io::Result<(ScriptedServer, Result<Response<Value>, Error>)> {
    let response =
        CannedResponse::new(status, json.unwrap_or_default()).header("X-Request-Id", "request-1");
    let server = ScriptedServer::always(Step::Respond(response)).await?;
    let client = Client::builder()
        .endpoint(server.endpoint())
        .credentials(Credentials::token(TOKEN))
        // Every response is recorded, without retries.
        .retry(RetryPolicy::none())
        .build();
    let result = match client {
        Ok(client) => operation.invoke(&client, arguments(operation, body)).await,
        Err(error) => Err(error),
    };
    Ok((server, result))
}

/// The request as it came over the socket.
async fn request(operation: &Operation, body: Option<&Example>) -> std::io::Result<String> {
    let (status, json) = (successes::status(operation), successes::example(operation));
    let (server, result) = call(operation, body, status, json).await?;
    let requests = server.requests();
    let Some(request) = requests.first() else {
        return Ok(format!(
            "nothing was sent: {}\n",
            result.err().map(|e| e.to_string()).unwrap_or_default()
        ));
    };
    let mut text = format!("{} {}\n", request.method, request.path);
    let mut headers: Vec<String> = request.headers.iter().filter_map(header).collect();
    headers.sort();
    for line in headers {
        text.push_str(&line);
    }
    if !request.body.is_empty() {
        let _ = write!(text, "\n{}\n", pretty(&request.body));
    }
    Ok(text)
}

/// A header as the snapshot shows it; nothing for those that differ by run.
fn header((name, value): &(String, String)) -> Option<String> {
    match name.as_str() {
        "host" | "content-length" => None,
        "user-agent" => Some(format!("{name}: {}\n", value.split('/').next().unwrap_or_default())),
        _ if value == TOKEN => Some(format!("{name}: (the token)\n")),
        _ => Some(format!("{name}: {value}\n")),
    }
}

/// A documented response, what its type keeps of it, and what the caller gets.
async fn response(
    operation: &Operation,
    body: Option<&Example>,
    documented: &DocumentedResponse,
    example: Option<&Example>,
) -> std::io::Result<String> {
    let json = example.map(|example| example.json);
    let mut text = format!("{} {}\n", documented.status, documented.description);
    if let Some(json) = json {
        let _ = write!(text, "\non the wire:\n{}\n", pretty(json.as_bytes()));
        if documented.schema.is_some() {
            let again = match operation.recode(documented, json.as_bytes()) {
                Ok(bytes) if self::json(json) == self::json(&String::from_utf8_lossy(&bytes)) => {
                    "the same".to_owned()
                }
                Ok(bytes) => format!("\n{}", pretty(&bytes)),
                Err(error) => format!("refused: {error}"),
            };
            let _ = write!(text, "\ndecoded and encoded again: {again}\n");
        }
    }
    let (_server, result) = call(operation, body, status_of(documented), json).await?;
    match result {
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

fn pretty(json: &[u8]) -> String {
    match serde_json::from_slice::<Value>(json) {
        Ok(value) => serde_json::to_string_pretty(&value).unwrap_or_default(),
        Err(_) => String::from_utf8_lossy(json).into_owned(),
    }
}
