//! `--dry-run`: the request as it would be sent, without its secrets.

use dbss_client::descriptor::Operation;
use dbss_client::text::MASK;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::body::Body;

/// Headers whose values are secret, whether marked as sensitive or not.
const SECRET_HEADERS: [&str; 5] =
    ["authorization", "cookie", "proxy-authorization", "x-auth-token", "x-security-token"];

/// A request that is not sent. Its serialized form is the output for scripts.
#[derive(Serialize)]
pub(crate) struct PreparedRequest {
    operation: &'static str,
    dry_run: bool,
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Body>,
}

impl PreparedRequest {
    pub(crate) fn new(operation: &Operation, request: &dbss_client::Request) -> Self {
        let mut headers = Map::new();
        // The HTTP client adds this header only when it sends.
        if let Some(host) = request.url().host_str() {
            let port = request.url().port().map(|port| format!(":{port}")).unwrap_or_default();
            headers.insert("host".to_owned(), format!("{host}{port}").into());
        }
        for (name, value) in request.headers() {
            let text = String::from_utf8_lossy(value.as_bytes());
            let secret = value.is_sensitive() || SECRET_HEADERS.contains(&name.as_str());
            let value = if secret { mask(&text) } else { text.into_owned() };
            headers.insert(name.as_str().to_owned(), value.into());
        }
        let body = request.body().and_then(|body| body.as_bytes()).map(Body::read);
        Self {
            operation: operation.id,
            dry_run: true,
            method: request.method().to_string(),
            url: request.url().to_string(),
            headers,
            body,
        }
    }
}

/// A secret header value as it may be shown: a signature keeps its algorithm and
/// the names of the signed headers, anything else is masked whole.
fn mask(text: &str) -> String {
    let signature = text.split_once(' ').filter(|(scheme, _)| scheme.starts_with("SDK-HMAC-"));
    let Some((scheme, rest)) = signature else { return MASK.to_owned() };
    let signed = rest.split(", ").find(|part| part.starts_with("SignedHeaders="));
    let signed = signed.map(|signed| format!("{signed}, ")).unwrap_or_default();
    format!("{scheme} Access={MASK}, {signed}Signature={MASK}")
}
