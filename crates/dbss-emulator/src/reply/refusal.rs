//! Answers that are no success, in the shape of whoever gives them.

use std::borrow::Cow;

use axum::response::Response;
use dbss_client::descriptor::{Operation, Schema, Shape};
use dbss_client::types::{DbssErrorDetail, FlatErrorResponse, NestedError, NestedErrorResponse};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::json;

/// Why a request was refused, in words that the real service does not give.
pub(crate) const REASON: &str = "x-dbss-emulator-reason";

/// The shape of the service's own errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ErrorShape {
    /// As the contract says for the operation and the status.
    #[default]
    Documented,
    /// `{"error":{"error_code","error_msg"}}`, the shape of the older v1 documents.
    Nested,
    /// `{"error_code","error_msg"}`, the shape of the newer documents.
    Flat,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speaker {
    /// The service itself.
    Service,
    /// The service, of a permission: its answers have details.
    Policy,
    /// The API gateway in front of it.
    Gateway,
    /// IAM, whose codes are numbers.
    Iam,
}

/// An answer that is no success.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    speaker: Speaker,
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    reason: String,
}

impl Refusal {
    fn new(
        speaker: Speaker,
        status: StatusCode,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { speaker, status, code, message: message.into(), reason: String::new() }
    }

    /// An error of the service.
    pub(crate) fn service(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self::new(Speaker::Service, status, code, message)
    }

    /// The request does not fit. Source: the service's error code page.
    pub(crate) fn invalid_request() -> Self {
        Self::service(StatusCode::BAD_REQUEST, "DBSS.10000001", "Enter a valid request message")
    }

    /// An id in the request is not one. Source: the service's error code page.
    pub(crate) fn invalid_id() -> Self {
        Self::service(StatusCode::BAD_REQUEST, "DBSS.10020021", "Invalid request parameter ID.")
    }

    /// The caller may not do this. The documents have no code of its own for a
    /// 403; this is the one for a failed authentication.
    pub(crate) fn forbidden() -> Self {
        Self::new(
            Speaker::Policy,
            StatusCode::FORBIDDEN,
            "DBSS.10020100",
            "Failed to authenticate the token in the request",
        )
    }

    /// An error of the gateway. Source: the error code page of the API request
    /// signing guide.
    pub(crate) fn gateway(
        status: StatusCode,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(Speaker::Gateway, status, code, message)
    }

    /// The gateway does not know who is calling.
    pub(crate) fn unauthenticated(message: impl std::fmt::Display) -> Self {
        let message = format!("Incorrect IAM authentication information: {message}");
        Self::gateway(StatusCode::UNAUTHORIZED, "APIGW.0301", message)
    }

    /// An error of IAM, whose code is the status.
    pub(crate) fn iam(status: StatusCode, message: &'static str) -> Self {
        Self::new(Speaker::Iam, status, "", message)
    }

    /// The message of the answer.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Says why, for the reader of the header [`REASON`].
    pub(crate) fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    /// The answer, for a call of that operation if it is one.
    pub(crate) fn answer(
        &self,
        operation: Option<&Operation>,
        shape: ErrorShape,
        request_id: &str,
    ) -> Response {
        let mut answer = match self.speaker {
            Speaker::Service | Speaker::Policy => {
                if is_nested(operation, self.status, shape) {
                    super::json(self.status, &self.nested())
                } else {
                    super::json(self.status, &self.flat(request_id))
                }
            }
            Speaker::Gateway => {
                let body = json!({"error_msg": self.message, "error_code": self.code, "request_id": request_id});
                super::json(self.status, &body)
            }
            Speaker::Iam => {
                let body = json!({"error": {
                    "code": self.status.as_u16(),
                    "message": self.message,
                    "title": self.status.canonical_reason().unwrap_or_default(),
                }});
                super::json(self.status, &body)
            }
        };
        if let Some(reason) = header_text(&self.reason) {
            answer.headers_mut().insert(REASON, reason);
        }
        answer
    }

    fn nested(&self) -> NestedErrorResponse {
        let mut error = NestedError::default();
        error.error_code = Some(self.code.to_owned());
        error.error_msg = Some(self.message.clone().into_owned());
        let mut body = NestedErrorResponse::default();
        body.error = Some(error);
        body
    }

    fn flat(&self, request_id: &str) -> FlatErrorResponse {
        let mut body = FlatErrorResponse::default();
        body.error_code = Some(self.code.to_owned());
        body.error_msg = Some(self.message.clone().into_owned());
        if self.speaker == Speaker::Policy {
            let mut detail = DbssErrorDetail::default();
            detail.error_code.clone_from(&body.error_code);
            detail.error_msg = Some(if self.reason.is_empty() {
                self.message.clone().into_owned()
            } else {
                self.reason.clone()
            });
            body.details = vec![detail];
            // Opaque to callers, who have IAM decode it.
            body.encoded_authorization_message = Some(format!("emulated-{request_id}"));
        }
        body
    }
}

/// Whether errors of that status wrap their fields in an object `error`.
fn is_nested(operation: Option<&Operation>, status: StatusCode, shape: ErrorShape) -> bool {
    match shape {
        ErrorShape::Nested => true,
        ErrorShape::Flat => false,
        ErrorShape::Documented => operation
            .and_then(|operation| error_schema(operation, status))
            .is_some_and(|schema| has_field(schema, "error")),
    }
}

/// What the contract says of that status, or else of the first error it has.
fn error_schema(operation: &Operation, status: StatusCode) -> Option<&'static Schema> {
    let exact = status.as_str();
    let class = format!("{}XX", status.as_u16() / 100);
    let errors = || operation.answers.iter().filter(|answer| !answer.success);
    errors()
        .find(|answer| answer.status == exact)
        .or_else(|| errors().find(|answer| answer.status.eq_ignore_ascii_case(&class)))
        .or_else(|| errors().find(|answer| answer.status == "default"))
        .or_else(|| errors().find(|answer| answer.schema.is_some()))?
        .schema
}

fn has_field(schema: &Schema, name: &str) -> bool {
    match &schema.shape {
        Shape::Object(fields) => fields.iter().any(|field| field.name == name),
        Shape::Named(schema) => has_field(schema, name),
        _ => false,
    }
}

/// The text as far as a header can carry it.
fn header_text(text: &str) -> Option<HeaderValue> {
    if text.is_empty() {
        return None;
    }
    let plain: String = text
        .chars()
        .map(|letter| if letter.is_ascii_graphic() || letter == ' ' { letter } else { '?' })
        .take(500)
        .collect();
    HeaderValue::try_from(plain).ok()
}
