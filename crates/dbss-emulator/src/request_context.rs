//! What the handlers of a request need besides its parts.

use dbss_client::descriptor::Operation;
use http::{HeaderMap, HeaderValue, header};

use crate::request_body::ReadBody;

/// What the handlers of a request need besides its parts.
#[derive(Clone, Debug)]
pub(crate) struct RequestContext {
    /// The id of the request, for `X-Request-Id`.
    pub(crate) request_id: String,
    /// The body, read whole.
    pub(crate) body: ReadBody,
    /// The operation of the contract, if the path and method belong to one.
    pub(crate) operation: Option<&'static Operation>,
}

/// Whether the content type is JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::to_str);
    content_type.and_then(Result::ok).is_some_and(|content_type| {
        let media_type = content_type.split(';').next().unwrap_or_default();
        media_type.trim().eq_ignore_ascii_case("application/json")
    })
}
