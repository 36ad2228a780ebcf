//! A successful response of a call.

use http::HeaderMap;
use serde::Serialize;

use crate::error::{Error, Outcome};
use crate::http::{RawResponse, request_id};

/// A successful response: the decoded body, and what came with it.
///
/// The value is reached by [`value`](Self::value) or [`into_value`](Self::into_value)
/// only. A body may have a field of the same name as a part of the response
/// (`status`, for instance), and the two must not be confused.
///
/// ```no_run
/// # async fn example(client: dbss_client::Client) -> Result<(), dbss_client::Error> {
/// let response = client
///     .stop_audit_instance_new()
///     .instance_id("1d07f606-92d2-441c-b05c-dca47e180552")
///     .await?;
/// println!("HTTP status {}, request {:?}", response.status(), response.request_id());
/// println!("the service reports {:?}", response.value().result);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Response<T> {
    value: T,
    raw: RawResponse,
    operation: &'static str,
    attempts: u32,
    outcome: Option<Outcome>,
}

impl<T> Response<T> {
    pub(crate) fn new(
        value: T,
        raw: RawResponse,
        operation: &'static str,
        attempts: u32,
        outcome: Option<Outcome>,
    ) -> Self {
        Self { value, raw, operation, attempts, outcome }
    }

    /// The decoded body.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The decoded body, by value.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.raw.status.as_u16()
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// A header of the response by name, if it is present and visible ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.raw.headers.get(name)?.to_str().ok()
    }

    /// The `X-Request-Id` of the response, which Huawei's support asks for.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.raw.headers)
    }

    /// The body as received, before decoding.
    pub fn body(&self) -> &[u8] {
        &self.raw.body
    }

    /// The body as received, by value.
    pub fn into_body(self) -> Vec<u8> {
        self.raw.body.into()
    }

    /// How many attempts the call took; 1 if the first one succeeded.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What the response reports as the outcome of the operation; `None` if the contract
    /// names no values that report one.
    ///
    /// Only [`Outcome::Succeeded`] says that the operation was carried out.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// The value, the response as received, and the number of attempts.
    pub(crate) fn into_parts(self) -> (T, RawResponse, u32) {
        (self.value, self.raw, self.attempts)
    }

    fn with_value<U>(self, value: U) -> Response<U> {
        let Self { raw, operation, attempts, outcome, .. } = self;
        Response { value, raw, operation, attempts, outcome }
    }
}

impl<T: Serialize> Response<T> {
    /// The same response with its value as JSON.
    pub(crate) fn into_json(self) -> Result<Response<serde_json::Value>, Error> {
        match serde_json::to_value(&self.value) {
            Ok(value) => Ok(self.with_value(value)),
            Err(error) => {
                let invalid = Error::invalid_response(self.operation, self.raw, None);
                Err(invalid.with_source(error).with_attempts(self.attempts, None))
            }
        }
    }
}
