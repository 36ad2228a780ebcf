//! The attempts of a call: authenticates and sends each within its time limit, and waits
//! for the backoff before the next.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use tracing::Instrument as _;

use super::context::Context;
use super::state::CallState;
use crate::auth::Identity;
use crate::client::Shared;
use crate::error::FailedAttempt;
use crate::http::headers::{request_id, retry_after};
use crate::http::{Handover, Peer, RawResponse, TransportFailure, TransportFailureKind, response};
use crate::observer::Retry;
use crate::retry::{self, RetryPolicy};

/// How an attempt ended: with a response, or with a failure.
type AttemptResult = Result<RawResponse, Box<TransportFailure>>;

/// What follows an attempt.
enum Next {
    End,
    /// Another attempt, with a new identity.
    Renewal,
    Retry(Duration),
}

/// Runs the attempts of a call and leaves the last response in its state. Returns what is left
/// of the one of the HTTP client.
pub(super) async fn run(
    context: &Context,
    call: &CallState,
    client: &reqwest::Client,
    mut request: reqwest::Request,
) -> reqwest::Result<reqwest::Response> {
    let shared = context.shared.as_ref();
    let policy = call.options.retry_policy(shared);
    let attempt_timeout = call.options.attempt_timeout.or(shared.attempt_timeout);
    let mut attempts = 0;
    let mut renewed = false;
    loop {
        attempts += 1;
        let left = shared.left(call.deadline);
        let handover = Handover::default();
        let template = RequestTemplate::take(&mut request, &handover);
        shared.limit(&mut request, attempt_timeout.map_or(left, |limit| limit.min(left)));
        if let Some(progress) = &call.progress {
            progress.begin_attempt(handover.clone(), call.operation.is_read());
        }
        let span = attempt_span(call, attempts);
        let response = response::send(client, request, shared.max_response_bytes);
        let (result, rest) = match response.instrument(span.clone()).await {
            Ok((response, rest)) => (Ok(response), Ok(rest)),
            Err(error) => (Err(Box::new(shared.failure(&error, &handover))), Err(error)),
        };
        record_in_span(&span, &result);
        // The pause before another attempt is not a part of this one.
        drop(span);

        let next = match &result {
            Ok(response) if response.status == StatusCode::UNAUTHORIZED => {
                let renew = !renewed && invalidate_identity(shared, call);
                renewed |= renew;
                if renew { Next::Renewal } else { Next::End }
            }
            // A renewed token is one attempt in addition to those that the policy allows.
            _ => next(shared, call, policy, attempts - u32::from(renewed), &result),
        };
        let failed = match next {
            Next::End => None,
            Next::Renewal | Next::Retry(_) => Some(Box::new(failed_attempt(attempts, &result))),
        };
        record_attempt(call, attempts, result, failed.as_deref());
        if let (Next::Retry(pause), Some(failed)) = (&next, failed) {
            Box::pin(shared.wait(Retry::new(Peer::Service, *failed, *pause))).await;
        }
        if let Next::Renewal | Next::Retry(_) = next {
            request = template.into_request();
            match context.authenticate(&mut request).await {
                Ok(()) => continue,
                // The last response is what the caller has to know; why no further attempt
                // was made is recorded beside it.
                Err(error) => call.record(|log| log.credentials = Some(error)),
            }
        }
        return rest;
    }
}

fn attempt_span(call: &CallState, attempts: u32) -> tracing::Span {
    tracing::debug_span!(
        "dbss_attempt",
        operation = call.operation.id,
        attempt = attempts,
        status = tracing::field::Empty,
        request_id = tracing::field::Empty,
        error = tracing::field::Empty,
    )
}

/// The attempt as one that another follows.
fn failed_attempt(attempts: u32, result: &AttemptResult) -> FailedAttempt {
    match result {
        Ok(response) => FailedAttempt::with_response(attempts, response),
        Err(failure) => FailedAttempt::without_response(attempts, (**failure).clone()),
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
    body: Option<reqwest::Body>,
}

impl RequestTemplate {
    /// Keeps the body of the request, which gets a copy that is watched. progenitor sends
    /// only bodies that are bytes.
    fn take(request: &mut reqwest::Request, handover: &Handover) -> Self {
        let body = request.body_mut().take();
        let bytes = body.as_ref().and_then(reqwest::Body::as_bytes);
        let bytes = bytes.map(Bytes::copy_from_slice).unwrap_or_default();
        *request.body_mut() = Some(handover.body(bytes));
        let headers = request.headers().iter();
        Self {
            method: request.method().clone(),
            url: request.url().clone(),
            headers: headers.map(|(name, value)| (name.clone(), value.clone())).collect(),
            body,
        }
    }

    fn into_request(self) -> reqwest::Request {
        let mut request = reqwest::Request::new(self.method, self.url);
        for (name, value) in self.headers {
            request.headers_mut().append(name, value);
        }
        *request.body_mut() = self.body;
        request
    }
}

/// Records the result of an attempt in the state of its call. `failed` is the attempt if
/// another one follows.
fn record_attempt(
    call: &CallState,
    attempts: u32,
    result: AttemptResult,
    failed: Option<&FailedAttempt>,
) {
    let ended = end_of(&result);
    let may_have_taken_effect = !call.operation.is_read() && retry::may_have_taken_effect(ended);
    if let Some(progress) = &call.progress {
        progress.end_attempt(may_have_taken_effect);
    }
    call.record(|log| {
        log.attempts = attempts;
        log.may_have_reached |= ended.map_or_else(TransportFailureKind::was_sent, |_| true);
        if may_have_taken_effect && log.uncertain.is_none() {
            log.uncertain = failed.cloned().map(Box::new);
        }
        (log.response, log.failure) = match result {
            Ok(response) => (Some(response), None),
            Err(failure) => (None, Some(failure)),
        };
    });
}

/// How an attempt ended: its status, or how it failed without a response.
fn end_of(result: &AttemptResult) -> Result<StatusCode, TransportFailureKind> {
    result.as_ref().map(|response| response.status).map_err(|failure| failure.kind())
}

fn record_in_span(span: &tracing::Span, result: &AttemptResult) {
    if span.is_disabled() {
        return;
    }
    match result {
        Ok(response) => {
            span.record("status", response.status.as_u16());
            span.record("request_id", request_id(&response.headers));
        }
        Err(failure) => {
            span.record("error", failure.kind().as_str());
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

/// What follows an attempt that was not refused for its identity.
fn next(
    shared: &Shared,
    call: &CallState,
    policy: &RetryPolicy,
    attempts: u32,
    result: &AttemptResult,
) -> Next {
    if matches!(result, Ok(response) if response.status.is_success()) {
        shared.budget.refill(attempts);
        return Next::End;
    }
    if !retry::is_retryable(end_of(result), call.operation.idempotent) {
        return Next::End;
    }
    let asked = result.as_ref().ok();
    let asked = asked.and_then(|r| retry_after(&r.headers, shared.clock.now()));
    let pause = shared.pause_before_retry(policy, attempts, asked, call.deadline);
    pause.map_or(Next::End, Next::Retry)
}
