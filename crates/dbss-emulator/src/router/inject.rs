//! What a fault does to a call.

use std::time::{Duration, SystemTime};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use dbss_client::descriptor::{Operation, Schema, Shape};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value};

use super::half::half;
use crate::exchange::Exchange;
use crate::faults::{Fault, Kind, RetryAfter};
use crate::reply::{self, Refusal};
use crate::server::Ending;
use crate::shared::Shared;
use crate::time;

/// What a faulty proxy says.
const PAGE: &str = "<html>\r\n<head><title>STATUS</title></head>\r\n<body>\r\n\
    <center><h1>STATUS</h1></center>\r\n<hr><center>dbss-emulator</center>\r\n</body>\r\n</html>\r\n";

/// Has the fault happen to the call.
pub(super) async fn inject(
    shared: &Shared,
    fault: Fault,
    exchange: &Exchange,
    request: Request,
    next: Next,
) -> Response {
    if !fault.delay.is_zero() {
        wait(shared, fault.delay).await;
    }
    let stalls = fault.kind == Kind::Stall;
    let replaced = match fault.kind {
        Kind::Nothing => return next.run(request).await,
        Kind::HalfBody => return halved(next.run(request).await).await,
        Kind::Failed => match exchange.operation.and_then(failed_body) {
            Some(body) => reply::json(StatusCode::OK, &body),
            None => return next.run(request).await,
        },
        Kind::Answer { status, headers, body } => {
            let mut response = reply::bytes(status, body);
            for (name, value) in &headers {
                response.headers_mut().insert(name, value.clone());
            }
            response
        }
        Kind::Documented { status } => documented(shared, exchange, status),
        Kind::Html { status } => page(status),
        Kind::Throttle { retry_after } => throttled(shared, exchange, retry_after),
        Kind::Reset => Ending::Reset.response(),
        Kind::Stall => Ending::Close.response(),
    };
    if fault.after_effect {
        let _ = next.run(request).await;
    }
    if stalls {
        wait(shared, shared.options().limits.stall_time).await;
    }
    replaced
}

/// Waits, but for no longer than a stall may last, and not beyond the end of the
/// emulator.
async fn wait(shared: &Shared, time: Duration) {
    let mut stop = shared.stop();
    tokio::select! {
        () = tokio::time::sleep(time.min(shared.options().limits.stall_time)) => {}
        () = stop.wanted() => {}
    }
}

async fn halved(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(whole) => Response::from_parts(parts, half(&whole)),
        Err(_) => Response::from_parts(parts, Body::empty()),
    }
}

fn page(status: StatusCode) -> Response {
    let mut response = reply::bytes(status, PAGE.replace("STATUS", &status.to_string()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

fn throttled(shared: &Shared, exchange: &Exchange, retry_after: RetryAfter) -> Response {
    let refusal = Refusal::gateway(
        StatusCode::TOO_MANY_REQUESTS,
        "APIGW.0308",
        "The throttling threshold has been reached",
    );
    let mut response = refusal.answer(None, shared.options().error_shape, &exchange.request_id);
    let said = match retry_after {
        RetryAfter::Unsaid => None,
        RetryAfter::Seconds(seconds) => Some(seconds.to_string()),
        RetryAfter::DateIn(seconds) => Some(time::http(in_seconds(seconds))),
    };
    if let Some(said) = said.and_then(|said| HeaderValue::try_from(said).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, said);
    }
    response
}

/// By the machine's clock: the client that waits has no other.
fn in_seconds(seconds: u64) -> SystemTime {
    let now = SystemTime::now();
    now.checked_add(Duration::from_secs(seconds)).unwrap_or(now)
}

/// The contract's own example of that status.
fn documented(shared: &Shared, exchange: &Exchange, status: StatusCode) -> Response {
    let answers = exchange.operation.map(|operation| operation.answers).unwrap_or_default();
    let example = answers
        .iter()
        .find(|answer| answer.status == status.as_str())
        .and_then(|answer| answer.examples.first());
    match example {
        Some(example) => reply::bytes(status, example.json),
        None => Refusal::service(status, "EMULATOR.0001", "Injected fault")
            .because("the contract has no example of this status for this call")
            .answer(exchange.operation, shared.options().error_shape, &exchange.request_id),
    }
}

/// A success whose values say that the operation failed.
fn failed_body(operation: &Operation) -> Option<Value> {
    let success = operation.answers.iter().find(|answer| answer.success)?;
    failure(success.schema?)
}

/// The value of that schema that means failure, if it has one.
fn failure(schema: &Schema) -> Option<Value> {
    match &schema.shape {
        Shape::String { failure_values, .. } | Shape::Enum { failure_values, .. } => {
            failure_values.first().map(|value| Value::from(*value))
        }
        Shape::Object(fields) => {
            let failing: Map<String, Value> = fields
                .iter()
                .filter_map(|field| Some((field.name.to_owned(), failure(field.schema)?)))
                .collect();
            (!failing.is_empty()).then_some(Value::Object(failing))
        }
        Shape::Named(schema) => failure(schema),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use dbss_client::descriptors::{SET_AUDIT_SCOPE_RULE_SWITCH, STOP_AUDIT_INSTANCE};
    use serde_json::json;

    use super::*;

    #[test]
    fn what_means_failure_comes_from_the_contract() {
        assert_eq!(failed_body(&STOP_AUDIT_INSTANCE), Some(json!({"result": "failed"})));
        assert_eq!(failed_body(&SET_AUDIT_SCOPE_RULE_SWITCH), Some(json!({"status": "FAILED"})));
    }
}
