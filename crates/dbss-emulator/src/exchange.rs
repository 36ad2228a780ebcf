//! A request that is being answered.

use bytes::Bytes;
use dbss_client::descriptor::Operation;
use http::{HeaderMap, HeaderValue, header};

/// What an answer needs to know of its request.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    /// The id of the request, for `X-Request-Id`.
    pub(crate) request_id: String,
    /// The body as it was sent.
    pub(crate) body: Bytes,
    /// The operation of the contract that is called.
    pub(crate) operation: Option<&'static Operation>,
}

/// Whether the body is said to be JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let said = headers.get(header::CONTENT_TYPE).map(HeaderValue::to_str);
    said.and_then(Result::ok).is_some_and(|said| {
        let kind = said.split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case("application/json")
    })
}
