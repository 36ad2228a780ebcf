//! A successful answer.

use std::ops::Deref;

use serde::Serialize;

use crate::error::Error;
use crate::http::{Received, request_id};

/// A successful answer: its value, and what came with it.
#[derive(Clone, Debug)]
pub struct Response<T> {
    value: T,
    received: Received,
    operation: &'static str,
    attempts: u32,
}

impl<T> Response<T> {
    pub(crate) fn new(
        value: T,
        received: Received,
        operation: &'static str,
        attempts: u32,
    ) -> Self {
        Self { value, received, operation, attempts }
    }

    /// The decoded body.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The decoded body, by itself.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.received.status.as_u16()
    }

    /// The `X-Request-Id` of the answer, which Huawei's support asks for.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.received.headers)
    }

    /// A header of the answer by name, if it is there and plain text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.received.headers.get(name)?.to_str().ok()
    }

    /// The body as it came.
    pub fn body(&self) -> &[u8] {
        &self.received.body
    }

    /// How many attempts it took; 1 if the first one succeeded.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    fn with<U>(self, value: U) -> Response<U> {
        let Self { received, operation, attempts, .. } = self;
        Response { value, received, operation, attempts }
    }
}

impl<T: Serialize> Response<T> {
    /// The same answer with its value as JSON.
    pub(crate) fn into_json(self) -> Result<Response<serde_json::Value>, Error> {
        match serde_json::to_value(&self.value) {
            Ok(value) => Ok(self.with(value)),
            Err(error) => {
                let undecodable = Error::misshapen(self.operation, self.received);
                Err(undecodable.caused_by(error).after(self.attempts, true))
            }
        }
    }
}

impl Response<()> {
    /// The same answer with `null` for the body that it does not have.
    #[allow(dead_code, reason = "only a contract with empty answers has a use for it")]
    #[allow(clippy::unnecessary_wraps, reason = "the twin of `into_json`")]
    pub(crate) fn into_null(self) -> Result<Response<serde_json::Value>, Error> {
        Ok(self.with(serde_json::Value::Null))
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
