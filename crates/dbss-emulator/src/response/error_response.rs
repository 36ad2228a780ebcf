//! Error responses, in the shapes of the service, the gateway and IAM.

use std::borrow::Cow;

use axum::response::Response;
use dbss_client::descriptor::{Operation, Schema, SchemaKind};
use dbss_client::types::{DbssErrorDetail, FlatErrorResponse, NestedError, NestedErrorResponse};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::json;

/// The header with a more detailed reason than the real service gives.
pub(crate) const REASON_HEADER: &str = "x-dbss-emulator-reason";

/// The shape of the service's error responses. Those of the gateway and of IAM have
/// one shape each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ErrorShape {
    /// As the contract defines for the operation and the status.
    #[default]
    Documented,
    /// `{"error":{"error_code","error_msg"}}`, the shape of the older v1 documents.
    Nested,
    /// `{"error_code","error_msg"}`, the shape of the newer documents.
    Flat,
}

/// The sender of an error response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ErrorSource {
    /// The service itself.
    Service,
    /// The service, for a missing permission: these responses have details.
    Permission,
    /// The API gateway in front of it.
    Gateway,
    /// IAM, whose error codes are status codes.
    Iam,
}

/// An error response: who sends it, status, code, message, and a reason for the
/// header [`REASON_HEADER`].
#[derive(Clone, Debug)]
pub(crate) struct ErrorResponse {
    source: ErrorSource,
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    reason: String,
}

impl ErrorResponse {
    fn new(
        source: ErrorSource,
        status: StatusCode,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { source, status, code, message: message.into(), reason: String::new() }
    }

    /// An error of the service.
    pub(crate) fn service(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self::new(ErrorSource::Service, status, code, message)
    }

    /// The request does not match the contract. Source: the service's error code page.
    pub(crate) fn invalid_request() -> Self {
        Self::service(StatusCode::BAD_REQUEST, "DBSS.10000001", "Enter a valid request message")
    }

    /// An id in the request is invalid or unknown. Source: the service's error code page.
    pub(crate) fn invalid_id() -> Self {
        Self::service(StatusCode::BAD_REQUEST, "DBSS.10020021", "Invalid request parameter ID.")
    }

    /// The caller lacks the permission. The documents have no code for a 403; this is
    /// the one for a failed authentication.
    pub(crate) fn forbidden() -> Self {
        Self::new(
            ErrorSource::Permission,
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
        Self::new(ErrorSource::Gateway, status, code, message)
    }

    /// A request that the gateway does not accept as HTTP, or not of that size.
    pub(crate) fn malformed_request(status: StatusCode, message: &'static str) -> Self {
        Self::gateway(status, "APIGW.0201", message)
    }

    /// The credentials are missing or invalid.
    pub(crate) fn unauthenticated(message: impl std::fmt::Display) -> Self {
        let message = format!("Incorrect IAM authentication information: {message}");
        Self::gateway(StatusCode::UNAUTHORIZED, "APIGW.0301", message)
    }

    /// An error of IAM; its code is the status.
    pub(crate) fn iam(status: StatusCode, message: &'static str) -> Self {
        Self::new(ErrorSource::Iam, status, "", message)
    }

    /// The message of the response.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The same with a reason in the header [`REASON_HEADER`].
    pub(crate) fn with_reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    /// The HTTP response. The operation, if the request calls one, decides the shape
    /// unless `shape` does.
    pub(crate) fn to_response(
        &self,
        operation: Option<&Operation>,
        shape: ErrorShape,
        request_id: &str,
    ) -> Response {
        let mut response = match self.source {
            ErrorSource::Service | ErrorSource::Permission => {
                if is_nested(operation, self.status, shape) {
                    super::json(self.status, &self.nested())
                } else {
                    super::json(self.status, &self.flat(request_id))
                }
            }
            ErrorSource::Gateway => {
                let body = json!({"error_msg": self.message, "error_code": self.code, "request_id": request_id});
                super::json(self.status, &body)
            }
            ErrorSource::Iam => {
                let body = json!({"error": {
                    "code": self.status.as_u16(),
                    "message": self.message,
                    "title": self.status.canonical_reason().unwrap_or_default(),
                }});
                super::json(self.status, &body)
            }
        };
        if let Some(reason) = header_text(&self.reason) {
            response.headers_mut().insert(REASON_HEADER, reason);
        }
        response
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
        if self.source == ErrorSource::Permission {
            let mut detail = DbssErrorDetail::default();
            detail.error_code.clone_from(&body.error_code);
            detail.error_msg = Some(if self.reason.is_empty() {
                self.message.clone().into_owned()
            } else {
                self.reason.clone()
            });
            body.details = vec![detail];
            // Callers cannot read it; IAM decodes it for them.
            body.encoded_authorization_message = Some(format!("emulated-{request_id}"));
        }
        body
    }
}

/// Whether the fields of an error response are in an object `error`.
fn is_nested(operation: Option<&Operation>, status: StatusCode, shape: ErrorShape) -> bool {
    match shape {
        ErrorShape::Nested => true,
        ErrorShape::Flat => false,
        ErrorShape::Documented => operation
            .and_then(|operation| error_schema(operation, status))
            .is_some_and(|schema| has_field(schema, "error")),
    }
}

/// The schema that the contract has for the status, for its class or as the default;
/// else that of the first error response with a schema.
fn error_schema(operation: &Operation, status: StatusCode) -> Option<&'static Schema> {
    let exact = status.as_str();
    let class = format!("{}XX", status.as_u16() / 100);
    let errors = || operation.errors.iter();
    errors()
        .find(|response| response.status == exact)
        .or_else(|| errors().find(|response| response.status.eq_ignore_ascii_case(&class)))
        .or_else(|| errors().find(|response| response.status == "default"))
        .or_else(|| errors().find(|response| response.schema.is_some()))?
        .schema
}

fn has_field(schema: &Schema, name: &str) -> bool {
    match &schema.kind {
        SchemaKind::Object(fields) => fields.iter().any(|field| field.name == name),
        SchemaKind::Reference(schema) => has_field(schema, name),
        _ => false,
    }
}

/// The text as a header value: at most 500 characters, others than ASCII replaced.
fn header_text(text: &str) -> Option<HeaderValue> {
    if text.is_empty() {
        return None;
    }
    let ascii: String = text
        .chars()
        .map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' })
        .take(500)
        .collect();
    HeaderValue::try_from(ascii).ok()
}
