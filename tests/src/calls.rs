//! Calls whose outcome is what a test is about.

use std::time::Duration;

use dbss_client::descriptor::Operation;
use dbss_client::{Client, ClientBuilder, Credentials, Error, Response};
use serde_json::Value;

use crate::fake_clock::FakeClock;
use crate::wire;

/// The token of the calls; nothing may show it.
pub const TOKEN: &str = "MIIsecretTokenOfTheOutcomeTests";

/// A project id that fits.
pub const PROJECT: &str = "0123456789abcdef0123456789abcdef";

/// An instance id that fits.
pub const INSTANCE: &str = "1d07f606-92d2-441c-b05c-dca47e180552";

/// The response limit of the clients, in bytes.
pub const LIMIT: usize = 128 << 10;

/// A time limit that is to pass, in real time: long enough for a
/// server on the same machine to read a request, and short enough to be waited for.
pub const SHORT: Duration = Duration::from_millis(750);

/// A time limit that is not to pass.
const LONG: Duration = Duration::from_secs(60);

/// What became of one call.
#[derive(Debug)]
pub struct CallResult {
    /// What the caller got.
    pub result: Result<Response<Value>, Error>,
    /// How many requests the server read.
    pub requests: usize,
    /// The pauses between the attempts.
    pub pauses: Vec<Duration>,
}

impl CallResult {
    /// How many attempts the caller is told of.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        match &self.result {
            Ok(response) => response.attempts(),
            Err(error) => error.attempts(),
        }
    }
}

/// A client for a test server, on virtual time except for its attempts.
pub fn builder(endpoint: impl Into<String>, clock: &FakeClock) -> ClientBuilder {
    Client::builder()
        .endpoint(endpoint)
        .credentials(Credentials::token(TOKEN))
        .project_id(PROJECT)
        .attempt_timeout(LONG)
        .connect_timeout(LONG)
        .max_response_bytes(LIMIT)
        .clock(clock.clone())
}

/// Calls the operation with the contract's own example.
///
/// # Errors
///
/// That of the call.
pub async fn call(
    operation: &'static Operation,
    client: &Client,
) -> Result<Response<Value>, Error> {
    let body = operation.body.as_ref().and_then(|body| body.examples.first());
    operation.invoke(client, wire::arguments(operation, body)).await
}

/// Calls the operation once, by a client that does nothing else.
pub async fn call_once(operation: &'static Operation, client: ClientBuilder) -> CallResult {
    let clock = FakeClock::default();
    match client.clock(clock.clone()).build() {
        Ok(client) => call_once_with(operation, &client, &clock).await,
        Err(error) => CallResult { result: Err(error), requests: 0, pauses: clock.pauses() },
    }
}

/// Calls the operation once, by a client on that clock.
pub async fn call_once_with(
    operation: &'static Operation,
    client: &Client,
    clock: &FakeClock,
) -> CallResult {
    let result = call(operation, client).await;
    CallResult { result, requests: 0, pauses: clock.pauses() }
}
