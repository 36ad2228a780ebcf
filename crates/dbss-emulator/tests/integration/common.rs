//! A plain HTTP client, and requests that many tests send.

pub(crate) mod sign;

use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use dbss_client::contract::{API, SET_AUDIT_SCOPE_RULE_SWITCH, STOP_AUDIT_INSTANCE};
use dbss_client::descriptor::Operation;
use dbss_emulator::Emulator;
use http::request::Builder;
use http::{HeaderMap, Request};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A response, with its whole body.
#[derive(Debug)]
pub(crate) struct TestResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl TestResponse {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Status and error code, whatever the shape.
    pub(crate) fn error(&self) -> (u16, String) {
        let body = self.json();
        let fields = body.get("error").unwrap_or(&body);
        (self.status, fields["error_code"].as_str().unwrap_or_default().to_owned())
    }

    /// The error message, whatever the shape.
    pub(crate) fn message(&self) -> String {
        let body = self.json();
        let fields = body.get("error").unwrap_or(&body);
        let message = fields.get("error_msg").or_else(|| fields.get("message"));
        message.and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

/// Sends a request on a connection of its own.
pub(crate) async fn try_send(
    address: SocketAddr,
    request: Request<String>,
) -> Result<TestResponse, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let (mut parts, body) = request.into_parts();
    parts.headers.entry("host").or_insert_with(|| address.to_string().parse().unwrap());
    let response = sender.send_request(Request::from_parts(parts, Body::from(body))).await?;
    let (parts, body) = response.into_parts();
    let body = to_bytes(Body::new(body), usize::MAX).await?.to_vec();
    Ok(TestResponse { status: parts.status.as_u16(), headers: parts.headers, body })
}

/// Sends a request and expects a response.
pub(crate) async fn send(emulator: &Emulator, request: Request<String>) -> TestResponse {
    try_send(emulator.address(), request).await.unwrap()
}

/// Sends `text` and returns what is received until the connection ends.
pub(crate) async fn send_raw(emulator: &Emulator, text: &str) -> String {
    let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
    // It may be closed before the text has been written.
    let _ = stream.write_all(text.as_bytes()).await;
    let mut received = Vec::new();
    let _ = stream.read_to_end(&mut received).await;
    String::from_utf8(received).unwrap()
}

/// A GET without credentials.
pub(crate) async fn get(emulator: &Emulator, path: &str) -> TestResponse {
    send(emulator, Request::get(path).body(String::new()).unwrap()).await
}

/// A POST of JSON with the emulator's token.
pub(crate) fn post(emulator: &Emulator, path: &str, body: &Value) -> Request<String> {
    with_token(Request::post(path), emulator.token()).body(body.to_string()).unwrap()
}

pub(crate) fn with_token(builder: Builder, token: &str) -> Builder {
    builder.header("content-type", "application/json").header("x-auth-token", token)
}

/// The path of an operation in the emulator's project, and for that instance if it has one.
pub(crate) fn path_of(emulator: &Emulator, operation: &Operation, instance: &str) -> String {
    let path = operation.path.replace("{project_id}", emulator.project_id());
    path.replace("{instance_id}", instance)
}

/// The operations that are emulated: the others of the contract get 501.
pub(crate) async fn emulated() -> Vec<&'static Operation> {
    let emulator = Emulator::start().await.unwrap();
    let mut found = Vec::new();
    for operation in API.operations.iter().copied() {
        let path = path_of(&emulator, operation, emulator.instance_id());
        let request = Request::builder().method(operation.method).uri(path);
        let request = with_token(request, emulator.token()).body(String::new()).unwrap();
        if send(&emulator, request).await.status != 501 {
            found.push(operation);
        }
    }
    found
}

/// A GET of a list with the emulator's token.
pub(crate) async fn list(
    emulator: &Emulator,
    operation: &Operation,
    instance: &str,
    query: &str,
) -> TestResponse {
    let path = path_of(emulator, operation, instance);
    let request = Request::get(format!("{path}?{query}")).header("x-auth-token", emulator.token());
    send(emulator, request.body(String::new()).unwrap()).await
}

pub(crate) fn stop_path(project: &str) -> String {
    STOP_AUDIT_INSTANCE.path.replace("{project_id}", project)
}

pub(crate) fn switch_path(project: &str, instance: &str) -> String {
    let path = SET_AUDIT_SCOPE_RULE_SWITCH.path.replace("{project_id}", project);
    path.replace("{instance_id}", instance)
}

/// A request to stop an instance.
pub(crate) fn stop(emulator: &Emulator, instance: &str) -> Request<String> {
    let body = json!({"instance_id": instance});
    post(emulator, &stop_path(emulator.project_id()), &body)
}

/// A request to switch scopes of an instance.
pub(crate) fn switch(
    emulator: &Emulator,
    instance: &str,
    ids: &[&str],
    status: &str,
) -> Request<String> {
    let body = json!({"ids": ids, "status": status});
    post(emulator, &switch_path(emulator.project_id(), instance), &body)
}

/// The value with one of the values in it replaced by a value of another kind, in each way: a list
/// of an object's values is what serde reads a struct from as well.
pub(crate) fn with_other_kinds(value: &Value) -> Vec<Value> {
    let wrapped = json!([value]);
    let of_other_kind = match value {
        Value::Object(fields) => {
            let values: Vec<_> = fields.values().cloned().collect();
            vec![json!(values), json!([]), wrapped, json!("x"), json!(1), json!(true)]
        }
        Value::Array(_) => vec![json!({}), json!({"0": 1}), json!("x"), json!(1), json!(true)],
        Value::String(text) => vec![wrapped, json!({}), json!({text: null}), json!(1), json!(true)],
        Value::Number(_) => vec![wrapped, json!({}), json!("x"), json!(true)],
        Value::Bool(_) => vec![wrapped, json!({}), json!("true"), json!(1)],
        Value::Null => Vec::new(),
    };
    let inner: Vec<Value> = match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, inner)| {
                with_other_kinds(inner).into_iter().map(|other| {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), other);
                    Value::Object(fields)
                })
            })
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(index, inner)| {
                with_other_kinds(inner).into_iter().map(move |other| {
                    let mut items = items.clone();
                    items[index] = other;
                    Value::Array(items)
                })
            })
            .collect(),
        _ => Vec::new(),
    };
    [of_other_kind, inner].concat()
}
