//! The attempts of a call: each with its own proof of who calls, its own time
//! limit and its own place in the log.

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
use crate::http::{Failure, Received, response};
use crate::retry::{self, RetryPolicy};

/// Runs the attempts of a call and leaves the last answer in its state. What it
/// returns is a copy for progenitor to decode.
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
        let spare = Spare::of(&request);
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
        let exchange = response::exchange(client, request, shared.answer_limit);
        let result = exchange.instrument(span.clone()).await;
        record(&span, &result);

        let next = match &result {
            Ok(received) if received.status == StatusCode::UNAUTHORIZED => {
                let renew = !renewed && was_refused(shared, call);
                renewed |= renew;
                renew.then_some(Duration::ZERO)
            }
            // A renewal is on top of the attempts that the policy allows.
            _ => pause(shared, call, policy, attempts - u32::from(renewed), &result),
        };
        let seen = note(call, attempts, result);
        let url = match next {
            None => spare.url,
            Some(pause) => {
                if !pause.is_zero() {
                    shared.clock.sleep(pause).await;
                }
                request = spare.into_request();
                match context.authorize(&mut request).await {
                    Ok(()) => continue,
                    // The last answer stands: what it says is what the caller has
                    // to know, and why nothing followed is noted beside it.
                    Err(error) => call.note(|seen| seen.credentials = Some(error)),
                }
                request.url().clone()
            }
        };
        return seen.map(|(status, body)| copy(status, body, url));
    }
}

/// What a request is made of, kept for the attempt that may follow.
///
/// [`reqwest::Request::try_clone`] costs several times as much: it makes a map of
/// extensions for the time limit, which is another one for each attempt.
struct Spare {
    method: http::Method,
    url: reqwest::Url,
    /// In a plain list, which takes half of what copying the map does.
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Bytes>,
}

impl Spare {
    fn of(request: &reqwest::Request) -> Self {
        // Every body that progenitor sends is bytes.
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

/// The answer as progenitor gets it: status and body are all that it decodes.
/// Nobody asks for the address, but without one reqwest parses a stand-in.
fn copy(status: StatusCode, body: Bytes, url: reqwest::Url) -> reqwest::Response {
    match http::Response::builder().status(status).url(url).body(body) {
        Ok(response) => response.into(),
        // Neither a status nor an address can make the builder fail.
        Err(_) => http::Response::new(Bytes::new()).into(),
    }
}

/// Leaves what an attempt came to in the state of its call, and gives what
/// progenitor needs of it.
fn note(
    call: &CallState,
    attempts: u32,
    result: reqwest::Result<Received>,
) -> reqwest::Result<(StatusCode, Bytes)> {
    let ended = ended(&result);
    let may_have_taken_effect = retry::may_have_taken_effect(ended);
    if let Some(progress) = &call.progress {
        progress.end_attempt(may_have_taken_effect);
    }
    call.note(|seen| {
        seen.attempts = attempts;
        seen.may_have_reached |= ended.map_or_else(Failure::was_sent, |_| true);
        seen.may_have_taken_effect |= may_have_taken_effect;
        match result {
            Ok(received) => {
                let answer = (received.status, received.body.clone());
                seen.received = Some(received);
                Ok(answer)
            }
            Err(error) => {
                seen.received = None;
                Err(error)
            }
        }
    })
}

/// How an attempt ended, as far as it matters for what follows.
fn ended(result: &reqwest::Result<Received>) -> Result<StatusCode, Failure> {
    result.as_ref().map(|received| received.status).map_err(Failure::of)
}

fn record(span: &tracing::Span, result: &reqwest::Result<Received>) {
    if span.is_disabled() {
        return;
    }
    match result {
        Ok(received) => {
            span.record("status", received.status.as_u16());
            span.record("request_id", request_id(&received.headers));
        }
        Err(error) => {
            span.record("error", Failure::of(error).as_str());
        }
    }
}

/// Whether the identity of the last request can be renewed.
fn was_refused(shared: &Shared, call: &CallState) -> bool {
    match call.identity() {
        Some(identity @ Identity::Token(_)) => shared.credentials.refused(&identity),
        // A signature that is refused is not tried again: five lock the key.
        _ => false,
    }
}

/// The pause before another attempt, if there is to be one.
fn pause(
    shared: &Shared,
    call: &CallState,
    policy: &RetryPolicy,
    attempts: u32,
    result: &reqwest::Result<Received>,
) -> Option<Duration> {
    if matches!(result, Ok(received) if received.status.is_success()) {
        shared.budget.refill(attempts);
        return None;
    }
    if attempts >= policy.max_attempts
        || !retry::is_worth_repeating(ended(result), call.operation.idempotent)
    {
        return None;
    }
    let asked = result.as_ref().ok();
    let asked = asked.and_then(|r| retry_after(&r.headers, shared.clock.now()));
    let pause = policy.pause(attempts, asked);
    let left = shared.left(call.deadline);
    (pause < left && shared.budget.spend()).then_some(pause)
}
