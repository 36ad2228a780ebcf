//! The attempts of a call: each with its own proof of who calls, its own time
//! limit and its own place in the log.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderName, HeaderValue, StatusCode};
use reqwest::ResponseBuilderExt as _;
use tracing::Instrument as _;

use super::context::{CallState, Context, Received, Shared};
use super::request_id;
use crate::credentials::Identity;
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
        let result = attempt(client, request, shared.answer_limit).instrument(span.clone()).await;
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

/// One attempt, its answer read up to the limit.
#[allow(
    clippy::manual_async_fn,
    reason = "an `async fn` keeps its arguments twice, and a request is large enough to tell"
)]
fn attempt(
    client: &reqwest::Client,
    request: reqwest::Request,
    limit: usize,
) -> impl Future<Output = reqwest::Result<Received>> {
    async move {
        let mut response = client.execute(request).await?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut body = Collected::default();
        let truncated = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    if !body.add(chunk, limit) {
                        break true;
                    }
                    // Where the answer said how long it is, its end need not be
                    // asked for.
                    if response.content_length() == Some(0) {
                        break false;
                    }
                }
                Ok(None) => break false,
                // An error is known by its status: what is lost of its body must not
                // make it look like a call that may be repeated.
                Err(_) if !status.is_success() => break true,
                Err(error) => return Err(error),
            }
        };
        Ok(Received { status, headers, body: body.finish(), truncated })
    }
}

/// The body of an answer so far. Most come in one piece, which is kept as it is.
#[derive(Default)]
struct Collected {
    only: Bytes,
    joined: BytesMut,
}

impl Collected {
    /// Adds a piece, up to the limit; false if there was no room for all of it.
    fn add(&mut self, chunk: Bytes, limit: usize) -> bool {
        let room = limit.saturating_sub(self.only.len() + self.joined.len());
        let fits = chunk.len() <= room;
        let piece = if fits { chunk } else { chunk.slice(..room) };
        if self.only.is_empty() && self.joined.is_empty() {
            self.only = piece;
        } else {
            self.joined.extend_from_slice(&std::mem::take(&mut self.only));
            self.joined.extend_from_slice(&piece);
        }
        fits
    }

    fn finish(self) -> Bytes {
        if self.joined.is_empty() { self.only } else { self.joined.freeze() }
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
    call.note(|seen| {
        seen.attempts = attempts;
        match result {
            Ok(received) => {
                let answer = (received.status, received.body.clone());
                seen.received = Some(received);
                seen.may_have_reached = true;
                Ok(answer)
            }
            Err(error) => {
                seen.received = None;
                seen.may_have_reached |= !error.is_connect();
                Err(error)
            }
        }
    })
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
            let word = if error.is_connect() {
                "connect"
            } else if error.is_timeout() {
                "timeout"
            } else {
                "interrupted"
            };
            span.record("error", word);
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
    let idempotent = call.operation.idempotent;
    let worth_it = match result {
        Ok(received) if received.status.is_success() => {
            shared.budget.refill(attempts);
            false
        }
        Ok(received) => is_transient(received.status, idempotent),
        Err(error) if error.is_connect() => !crate::error::is_tls(error),
        // What cannot be built will not be better the next time.
        Err(error) => idempotent && !error.is_builder(),
    };
    if !worth_it || attempts >= policy.max_attempts {
        return None;
    }
    let asked = result.as_ref().ok();
    let asked = asked.and_then(|r| retry::retry_after(&r.headers, shared.clock.now()));
    let pause = policy.pause(attempts, asked);
    let left = shared.left(call.deadline);
    (pause < left && shared.budget.spend()).then_some(pause)
}

/// Whether another attempt may do better, and does no harm.
pub(crate) fn is_transient(status: StatusCode, idempotent: bool) -> bool {
    match status.as_u16() {
        // Throttled: it was not carried out.
        429 => true,
        408 | 502..=504 => idempotent,
        _ => false,
    }
}
