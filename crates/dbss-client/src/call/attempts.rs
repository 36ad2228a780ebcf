//! The attempts of a call: authenticates and sends each within its time limit, and waits
//! for the backoff before the next.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use reqwest::ResponseBuilderExt as _;
use tracing::Instrument as _;

use super::context::Context;
use super::state::CallState;
use crate::auth::Identity;
use crate::client::Shared;
use crate::http::headers::{request_id, retry_after};
use crate::http::{RawResponse, TransportFailure, response};
use crate::retry::{self, RetryPolicy};

/// Runs the attempts of a call and leaves the last response in its state. Returns a copy,
/// which progenitor decodes.
pub(super) async fn run(
    context: &Context,
    call: &CallState,
    client: &reqwest::Client,
    mut request: reqwest::Request,
) -> reqwest::Result<reqwest::Response> {
    let shared = context.shared.as_ref();
    let policy = call.options.retry.as_ref().unwrap_or(&shared.retry);
    let attempt_timeout = call.options.attempt_timeout.unwrap_or(shared.attempt_timeout);
    let mut attempts = 0;
    let mut renewed = false;
    loop {
        attempts += 1;
        let left = shared.left(call.deadline);
        let template = RequestTemplate::of(&request);
        shared.limit(&mut request, left.min(attempt_timeout));
        let span = tracing::debug_span!(
            "dbss_attempt",
            operation = call.operation.id,
            attempt = attempts,
            status = tracing::field::Empty,
            request_id = tracing::field::Empty,
            error = tracing::field::Empty,
        );
        if let Some(progress) = &call.progress {
            progress.begin_attempt();
        }
        let response = response::send(client, request, shared.max_response_bytes);
        let result = response.instrument(span.clone()).await;
        record_in_span(&span, &result);

        let next = match &result {
            Ok(response) if response.status == StatusCode::UNAUTHORIZED => {
                let renew = !renewed && invalidate_identity(shared, call);
                renewed |= renew;
                renew.then_some(Duration::ZERO)
            }
            // A renewed token is one attempt in addition to those that the policy allows.
            _ => pause_before_retry(shared, call, policy, attempts - u32::from(renewed), &result),
        };
        let log = record_attempt(call, attempts, result);
        let url = match next {
            None => template.url,
            Some(pause) => {
                if !pause.is_zero() {
                    shared.clock.sleep(pause).await;
                }
                request = template.into_request();
                match context.authenticate(&mut request).await {
                    Ok(()) => continue,
                    // The last response is what the caller has to know; why no further
                    // attempt was made is recorded beside it.
                    Err(error) => call.record(|log| log.credentials = Some(error)),
                }
                request.url().clone()
            }
        };
        return log.map(|(status, body)| copy(status, body, url));
    }
}

/// What a request is made of, kept for another attempt.
///
/// [`reqwest::Request::try_clone`] costs several times as much: it copies a map of
/// extensions for the timeout, which differs between attempts anyway.
struct RequestTemplate {
    method: http::Method,
    url: reqwest::Url,
    /// A list, which takes half the time of copying the map.
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Bytes>,
}

impl RequestTemplate {
    fn of(request: &reqwest::Request) -> Self {
        // progenitor sends only bodies that are bytes.
        let body = request.body().and_then(reqwest::Body::as_bytes);
        let headers = request.headers().iter();
        Self {
            method: request.method().clone(),
            url: request.url().clone(),
            headers: headers.map(|(name, value)| (name.clone(), value.clone())).collect(),
            body: body.map(Bytes::copy_from_slice),
        }
    }

    fn into_request(self) -> reqwest::Request {
        let mut request = reqwest::Request::new(self.method, self.url);
        for (name, value) in self.headers {
            request.headers_mut().append(name, value);
        }
        *request.body_mut() = self.body.map(Into::into);
        request
    }
}

/// The response as progenitor gets it, which decodes only status and body. The URL is not
/// used, but without one reqwest parses a placeholder.
fn copy(status: StatusCode, body: Bytes, url: reqwest::Url) -> reqwest::Response {
    match http::Response::builder().status(status).url(url).body(body) {
        Ok(response) => response.into(),
        // Neither a status nor a URL makes the builder fail.
        Err(_) => http::Response::new(Bytes::new()).into(),
    }
}

/// Records the result of an attempt in the state of its call, and returns what progenitor
/// needs of it.
fn record_attempt(
    call: &CallState,
    attempts: u32,
    result: reqwest::Result<RawResponse>,
) -> reqwest::Result<(StatusCode, Bytes)> {
    let ended = end_of(&result);
    let may_have_taken_effect = retry::may_have_taken_effect(ended);
    if let Some(progress) = &call.progress {
        progress.end_attempt(may_have_taken_effect);
    }
    call.record(|log| {
        log.attempts = attempts;
        log.may_have_reached |= ended.map_or_else(TransportFailure::was_sent, |_| true);
        log.may_have_taken_effect |= may_have_taken_effect;
        match result {
            Ok(response) => {
                let copy = (response.status, response.decoded_body());
                log.response = Some(response);
                Ok(copy)
            }
            Err(error) => {
                log.response = None;
                Err(error)
            }
        }
    })
}

/// How an attempt ended: its status, or how it failed without a response.
fn end_of(result: &reqwest::Result<RawResponse>) -> Result<StatusCode, TransportFailure> {
    result.as_ref().map(|response| response.status).map_err(TransportFailure::of)
}

fn record_in_span(span: &tracing::Span, result: &reqwest::Result<RawResponse>) {
    if span.is_disabled() {
        return;
    }
    match result {
        Ok(response) => {
            span.record("status", response.status.as_u16());
            span.record("request_id", request_id(&response.headers));
        }
        Err(error) => {
            span.record("error", TransportFailure::of(error).as_str());
        }
    }
}

/// Invalidates the identity of the last request; returns whether there can be a new one.
fn invalidate_identity(shared: &Shared, call: &CallState) -> bool {
    match call.identity() {
        Some(identity @ Identity::Token(_)) => shared.credentials.invalidate(&identity),
        // A refused signature is not retried: five of them lock the key.
        _ => false,
    }
}

/// The pause before another attempt, or `None` if there is none.
fn pause_before_retry(
    shared: &Shared,
    call: &CallState,
    policy: &RetryPolicy,
    attempts: u32,
    result: &reqwest::Result<RawResponse>,
) -> Option<Duration> {
    if matches!(result, Ok(response) if response.status.is_success()) {
        shared.budget.refill(attempts);
        return None;
    }
    if attempts >= policy.max_attempts
        || !retry::is_retryable(end_of(result), call.operation.idempotent)
    {
        return None;
    }
    let asked = result.as_ref().ok();
    let asked = asked.and_then(|r| retry_after(&r.headers, shared.clock.now()));
    let pause = policy.pause(attempts, asked);
    let left = shared.left(call.deadline);
    (pause < left && shared.budget.spend()).then_some(pause)
}
