//! A successful answer.

use std::ops::Deref;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use crate::Error;
use crate::runtime::request_id;

/// A successful answer: its value, and what came with it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    operation: &'static str,
}

impl<T> Response<T> {
    pub(crate) fn new(
        value: T,
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        operation: &'static str,
    ) -> Self {
        Self { value, status, headers, body, operation }
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
        self.status.as_u16()
    }

    /// The `X-Request-Id` of the answer, which Huawei's support asks for.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// A header of the answer by name, if it is there and plain text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as it came.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    fn with<U>(self, value: U) -> Response<U> {
        let Self { status, headers, body, operation, .. } = self;
        Response { value, status, headers, body, operation }
    }
}

impl<T: Serialize> Response<T> {
    /// The same answer with its value as JSON.
    pub(crate) fn into_json(self) -> Result<Response<serde_json::Value>, Error> {
        match serde_json::to_value(&self.value) {
            Ok(value) => Ok(self.with(value)),
            Err(error) => {
                Err(Error::undecodable(self.operation, self.status, self.headers, self.body, error))
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
