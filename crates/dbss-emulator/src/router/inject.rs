//! Injects a fault into a call.

use std::time::{Duration, SystemTime};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use dbss_client::descriptor::{Operation, Schema, SchemaKind};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value};

use super::gateway;
use super::truncated_body::truncated;
use crate::app_state::AppState;
use crate::faults::{Fault, FaultKind, RetryAfter};
use crate::request_context::RequestContext;
use crate::response::{self, ErrorResponse};
use crate::server::ConnectionEnd;
use crate::time;

/// The error page of a proxy.
const HTML_PAGE: &str = "<html>\r\n<head><title>STATUS</title></head>\r\n<body>\r\n\
    <center><h1>STATUS</h1></center>\r\n<hr><center>dbss-emulator</center>\r\n</body>\r\n</html>\r\n";

/// Injects the fault; the response replaces the usual one.
pub(super) async fn inject(
    app: &AppState,
    fault: Fault,
    context: &RequestContext,
    request: Request,
    next: Next,
) -> Response {
    if !fault.delay.is_zero() {
        wait(app, fault.delay).await;
    }
    let is_stall = fault.kind == FaultKind::Stall;
    let replaced = match fault.kind {
        FaultKind::PassThrough => return next.run(request).await,
        FaultKind::HalfBody => return truncate_body(next.run(request).await).await,
        FaultKind::FailedOutcome => match context.operation.and_then(failed_body) {
            Some(body) => response::json(StatusCode::OK, &body),
            None => return next.run(request).await,
        },
        FaultKind::Response { status, headers, body } => {
            let mut response = response::bytes(status, body);
            for (name, value) in &headers {
                response.headers_mut().insert(name, value.clone());
            }
            response
        }
        FaultKind::Documented { status } => documented(app, context, status),
        FaultKind::Html { status } => html_page(status),
        FaultKind::Throttle { retry_after } => throttled(app, context, retry_after),
        FaultKind::Offline => gateway::api_not_found(
            app,
            context,
            StatusCode::NOT_FOUND,
            "the path is offline, by an injected fault",
        ),
        FaultKind::Reset => ConnectionEnd::Reset.response(),
        FaultKind::Stall => ConnectionEnd::Close.response(),
    };
    if fault.after_effect {
        let _ = next.run(request).await;
    }
    if is_stall {
        wait(app, app.options().limits.stall_time).await;
    }
    replaced
}

/// Waits, but no longer than a stall may last, and not beyond the shutdown of the
/// emulator.
async fn wait(app: &AppState, time: Duration) {
    let mut shutdown = app.shutdown_signal();
    tokio::select! {
        () = tokio::time::sleep(time.min(app.options().limits.stall_time)) => {}
        () = shutdown.requested() => {}
    }
}

async fn truncate_body(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(whole) => Response::from_parts(parts, truncated(&whole)),
        Err(_) => Response::from_parts(parts, Body::empty()),
    }
}

fn html_page(status: StatusCode) -> Response {
    let mut response = response::bytes(status, HTML_PAGE.replace("STATUS", &status.to_string()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

fn throttled(app: &AppState, context: &RequestContext, retry_after: RetryAfter) -> Response {
    let error = ErrorResponse::gateway(
        StatusCode::TOO_MANY_REQUESTS,
        "APIGW.0308",
        "The throttling threshold has been reached",
    );
    let mut response = error.to_response(None, app.options().error_shape, &context.request_id);
    let value = match retry_after {
        RetryAfter::Absent => None,
        RetryAfter::Seconds(seconds) => Some(seconds.to_string()),
        RetryAfter::DateIn(seconds) => Some(time::http(in_seconds(seconds))),
    };
    if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// A time by the system clock, not the emulator's: the client waits by the former.
fn in_seconds(seconds: u64) -> SystemTime {
    let now = SystemTime::now();
    now.checked_add(Duration::from_secs(seconds)).unwrap_or(now)
}

/// The contract's example of that status.
fn documented(app: &AppState, context: &RequestContext, status: StatusCode) -> Response {
    let responses = context.operation.into_iter().flat_map(Operation::responses);
    let example = responses
        .into_iter()
        .find(|response| response.status == status.as_str())
        .and_then(|response| response.examples.first());
    match example {
        Some(example) => response::bytes(status, example.json),
        None => ErrorResponse::service(status, "EMULATOR.0001", "Injected fault")
            .with_reason("the contract has no example of this status for this call")
            .to_response(context.operation, app.options().error_shape, &context.request_id),
    }
}

/// The body of a success response that reports a failed outcome.
fn failed_body(operation: &Operation) -> Option<Value> {
    failure_value(operation.successes.first()?.schema?)
}

/// A value of the schema that means failure, if it has one.
fn failure_value(schema: &Schema) -> Option<Value> {
    if let Some(outcome) = schema.outcome {
        return outcome.failed.first().map(|value| Value::from(*value));
    }
    match &schema.kind {
        SchemaKind::Object(fields) => {
            let failure_fields: Map<String, Value> = fields
                .iter()
                .filter_map(|field| Some((field.name.to_owned(), failure_value(field.schema)?)))
                .collect();
            (!failure_fields.is_empty()).then_some(Value::Object(failure_fields))
        }
        SchemaKind::Reference(schema) => failure_value(schema),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use dbss_client::contract::{SET_AUDIT_SCOPE_RULE_SWITCH, STOP_AUDIT_INSTANCE};
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_failure_values_from_the_contract() {
        assert_eq!(failed_body(&STOP_AUDIT_INSTANCE), Some(json!({"result": "failed"})));
        assert_eq!(failed_body(&SET_AUDIT_SCOPE_RULE_SWITCH), Some(json!({"status": "FAILED"})));
    }
}
