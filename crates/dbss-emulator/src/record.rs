//! Recorded requests, with secrets masked: headers, parts of the query and of the body are shown
//! only if they are known to be harmless.

use std::collections::VecDeque;
use std::sync::Arc;

use http::request::Parts;
use http::{HeaderMap, Method, header};
use serde::Serialize;

use crate::host;
use crate::json::{self, MASK};
use crate::limits::Limits;
use crate::operations::CalledOperation;

/// Headers whose values are not secret.
const HARMLESS_HEADERS: [&str; 27] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "access-control-request-headers",
    "access-control-request-method",
    "api-version",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "pragma",
    "te",
    "transfer-encoding",
    "user-agent",
    "x-domain-id",
    "x-language",
    "x-project-id",
    "x-request-id",
    "x-sdk-content-sha256",
    "x-sdk-date",
];

/// How much of a body is recorded, in bytes.
const BODY_LIMIT: usize = 16 * 1024;

/// A request that the emulator received. What is not known to be harmless is masked with `***`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The id that the response carries as `X-Request-Id`.
    pub request_id: String,
    /// The HTTP method, `***` if it is not one of those of HTTP; empty if the request was
    /// malformed.
    pub method: String,
    /// Path and query as received, with the parameters masked that the operation does not
    /// have, or whose values are not of its kind; empty if the request was malformed.
    pub path: String,
    /// The headers as received, names in lower case. A `Host` is masked unless it is a host with
    /// or without a port.
    pub headers: Vec<(String, String)>,
    /// The body as compact JSON, with everything masked for which the schema of the operation
    /// has no place. `***` if the path has no operation, if it is not JSON, and if it is
    /// larger than 16 KiB.
    pub body: String,
    /// The id of the operation; `None` for other paths.
    pub operation: Option<&'static str>,
    /// The name of the injected fault, if any.
    pub fault: Option<String>,
    /// The status of the response; `None` before there is one, and if the connection was
    /// ended without a response.
    pub status: Option<u16>,
}

impl RecordedRequest {
    /// Roughly how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.len() + value.len() + 48);
        let texts = [&self.request_id, &self.method, &self.path, &self.body];
        size_of::<Self>()
            + texts.iter().map(|text| text.len()).sum::<usize>()
            + headers.sum::<usize>()
    }

    /// The value of a header; the first one if there are several.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(&found.1)
    }
}

/// The last requests, oldest first.
#[derive(Debug)]
pub(crate) struct RequestLog {
    requests: VecDeque<Arc<RecordedRequest>>,
    /// The sum of the sizes of `requests`.
    bytes: usize,
    max_requests: usize,
    max_bytes: usize,
}

impl RequestLog {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            requests: VecDeque::new(),
            bytes: 0,
            max_requests: limits.recorded_requests,
            max_bytes: limits.recorded_bytes,
        }
    }

    pub(crate) fn add(&mut self, request: RecordedRequest) {
        self.bytes += request.size();
        self.requests.push_back(Arc::new(request));
        while self.requests.len() > self.max_requests || self.bytes > self.max_bytes {
            let Some(oldest) = self.requests.pop_front() else { break };
            self.bytes -= oldest.size();
        }
    }

    /// Records the status of a response, if its request is still in the log.
    pub(crate) fn set_status(&mut self, request_id: &str, status: Option<u16>) {
        // It is nearly always the last one.
        let mut latest_first = self.requests.iter_mut().rev();
        if let Some(found) = latest_first.find(|request| request.request_id == request_id) {
            Arc::make_mut(found).status = status;
        }
    }

    /// Roughly how many bytes the requests take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
        self.bytes = 0;
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.requests.iter().map(|request| request.as_ref().clone()).collect()
    }

    /// The same without copies.
    pub(crate) fn shared(&self) -> Vec<Arc<RecordedRequest>> {
        self.requests.iter().cloned().collect()
    }
}

/// Records a request, masked. `operation` is the one that it calls.
pub(crate) fn record(
    request_id: &str,
    parts: &Parts,
    body: &[u8],
    operation: Option<CalledOperation>,
    limits: &Limits,
) -> RecordedRequest {
    RecordedRequest {
        request_id: request_id.to_owned(),
        method: masked_method(&parts.method).to_owned(),
        path: truncated(masked_target(parts, operation), limits.target),
        headers: masked_headers(&parts.headers, limits.headers),
        body: masked_body(body, operation),
        operation: operation.map(CalledOperation::id),
        fault: None,
        status: None,
    }
}

/// Whether the value of a header may be shown.
pub(crate) fn is_harmless_header(name: &str) -> bool {
    HARMLESS_HEADERS.contains(&name)
}

/// The headers; of those that are too large together, the first ones.
fn masked_headers(headers: &HeaderMap, limit: usize) -> Vec<(String, String)> {
    let mut size = 0;
    headers
        .iter()
        .map(|(name, value)| {
            let shown = is_harmless_header(name.as_str())
                && (name != header::HOST || host::authority(value).is_some());
            let value = if shown { String::from_utf8_lossy(value.as_bytes()) } else { MASK.into() };
            (name.to_string(), value.into_owned())
        })
        .take_while(|(name, value)| {
            size += name.len() + value.len() + 4;
            size <= limit
        })
        .collect()
}

/// The method if it is one that HTTP or its extension PATCH defines: others can be any word.
fn masked_method(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::CONNECT,
        Method::OPTIONS,
        Method::TRACE,
        Method::PATCH,
    ];
    if known.contains(method) { method.as_str() } else { MASK }
}

/// Path and query; of the query, the values of the parameters that the operation has.
fn masked_target(parts: &Parts, operation: Option<CalledOperation>) -> String {
    let path = parts.uri.path();
    let Some(query) = parts.uri.query() else { return path.to_owned() };
    let pairs = query.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let is_known = operation.is_some_and(|called| called.may_have_in_query(name, value));
        if is_known || pair.is_empty() { pair } else { MASK }
    });
    format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
}

fn masked_body(body: &[u8], operation: Option<CalledOperation>) -> String {
    if body.is_empty() {
        return String::new();
    }
    let schema = operation.and_then(CalledOperation::body_schema);
    let shown = schema.filter(|_| body.len() <= BODY_LIMIT).and_then(|schema| {
        let value = json::parse(body).ok()?;
        Some(json::masked(&value, schema))
    });
    // Escapes can make the compact form longer than the body.
    shown.filter(|shown| shown.len() <= BODY_LIMIT).unwrap_or_else(|| MASK.to_owned())
}

fn truncated(mut text: String, limit: usize) -> String {
    if text.len() <= limit {
        return text;
    }
    let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap_or_default());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations;
    use http::Request;

    fn recorded(
        uri: &'static str,
        headers: &[(&'static str, &'static str)],
        body: &str,
    ) -> RecordedRequest {
        let mut request = Request::post(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap_or_default().into_parts();
        let operation = operations::find(&parts.method, parts.uri.path());
        record("1", &parts, body.as_bytes(), operation, &Limits::default())
    }

    #[test]
    fn masks_secret_headers() {
        let headers = [
            ("authorization", "SDK-HMAC-SHA256 Access=a"),
            ("x-auth-token", "t"),
            ("x-security-token", "s"),
            ("host", "h"),
        ];
        let request = recorded("/v1/p?q=1", &headers, "{}");
        assert_eq!(request.header("Authorization"), Some("***"));
        assert_eq!(request.header("X-Auth-Token"), Some("***"));
        assert_eq!(request.header("X-Security-Token"), Some("***"));
        assert_eq!(request.header("Host"), Some("h"));
        assert_eq!(request.path, "/v1/p?***");
    }

    #[test]
    fn masks_secrets_in_the_body_of_a_login() {
        let body = r#"{"auth":{"identity":{"methods":["password","token"],"password":{"user":{"name":"n","password":"secret-1"}},"token":{"id":"secret-2"},"totp":{"user":{"id":"i","passcode":"secret-3"}}}}}"#;
        let request = recorded("/v3/auth/tokens", &[], body);
        assert!(!request.body.contains("secret-"), "{}", request.body);
        assert!(request.body.contains(r#""name":"n""#), "{}", request.body);
        assert_eq!(recorded("/v3/auth/tokens", &[], "password=secret").body, "***");
    }

    #[test]
    fn drops_the_oldest_requests_beyond_the_capacity() {
        let mut limits = Limits { recorded_requests: 2, ..Limits::default() };
        let mut log = RequestLog::new(&limits);
        for id in ["1", "2", "3"] {
            let mut request = recorded("/", &[], "");
            request.request_id = id.into();
            log.add(request);
        }
        log.set_status("3", Some(200));
        let ids: Vec<_> =
            log.all().into_iter().map(|request| (request.request_id, request.status)).collect();
        assert_eq!(ids, [("2".into(), None), ("3".into(), Some(200))]);
        limits.recorded_requests = 0;
        let mut none = RequestLog::new(&limits);
        none.add(recorded("/", &[], ""));
        assert!(none.all().is_empty());
    }
}
