//! The requests that were received, without the secrets in them.

use std::collections::VecDeque;

use http::{HeaderMap, Method, Uri};
use serde::Serialize;

/// Stands for a secret.
const MASK: &str = "***";

/// Headers whose values nobody may read.
const SECRET_HEADERS: [&str; 7] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-auth-token",
    "x-security-token",
    "x-subject-token",
    "x-sdk-security-token",
];

/// Fields of a login whose values nobody may read.
const SECRET_FIELDS: [&str; 5] = ["password", "passcode", "secret", "id_token", "token"];

/// How much of a body is kept.
const BODY_LIMIT: usize = 16 * 1024;

/// A request as it was received. Secrets in it are masked with `***`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The id that the answer carries as `X-Request-Id`.
    pub request_id: String,
    /// The method.
    pub method: String,
    /// Path and query as they were sent.
    pub path: String,
    /// The headers in the order of their arrival, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, its first 16 KiB; bytes that are no UTF-8 are replaced.
    pub body: String,
    /// The operation that the path belongs to.
    pub operation: Option<&'static str>,
    /// The fault that was injected.
    pub fault: Option<String>,
    /// The status of the answer; none while it is not answered, and for good if
    /// the connection was cut instead.
    pub status: Option<u16>,
}

impl RecordedRequest {
    /// The value of a header; the first one if there are several.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(&found.1)
    }
}

/// The last requests, oldest first.
#[derive(Debug)]
pub(crate) struct Log {
    requests: VecDeque<RecordedRequest>,
    capacity: usize,
}

impl Log {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { requests: VecDeque::new(), capacity }
    }

    pub(crate) fn add(&mut self, request: RecordedRequest) {
        if self.capacity == 0 {
            return;
        }
        while self.requests.len() >= self.capacity {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    /// Adds what came of a request, if it is still kept.
    pub(crate) fn answered(&mut self, request_id: &str, status: Option<u16>) {
        // The one that is looked for is nearly always the last.
        let mut latest_first = self.requests.iter_mut().rev();
        if let Some(found) = latest_first.find(|request| request.request_id == request_id) {
            found.status = status;
        }
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.requests.iter().cloned().collect()
    }
}

/// What is kept of a request. The body of a login is kept without its secrets.
pub(crate) fn record(
    request_id: &str,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
    operation: Option<&'static str>,
) -> RecordedRequest {
    RecordedRequest {
        request_id: request_id.to_owned(),
        method: method.to_string(),
        path: uri.path_and_query().map_or_else(|| uri.path().to_owned(), ToString::to_string),
        headers: headers
            .iter()
            .map(|(name, value)| (name.to_string(), shown(name.as_str(), value.as_bytes())))
            .collect(),
        body: shown_body(body, uri.path().contains("/auth/")),
        operation,
        fault: None,
        status: None,
    }
}

fn shown(name: &str, value: &[u8]) -> String {
    if SECRET_HEADERS.contains(&name) {
        MASK.to_owned()
    } else {
        String::from_utf8_lossy(value).into_owned()
    }
}

fn shown_body(body: &[u8], login: bool) -> String {
    if login && !body.is_empty() {
        return match serde_json::from_slice::<serde_json::Value>(body) {
            Ok(mut value) => {
                mask(&mut value);
                value.to_string()
            }
            // What cannot be read cannot be masked either.
            Err(_) => MASK.to_owned(),
        };
    }
    String::from_utf8_lossy(body.get(..BODY_LIMIT).unwrap_or(body)).into_owned()
}

fn mask(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                let secret = SECRET_FIELDS.contains(&name.as_str());
                match value {
                    // `password` and `token` also name the objects that hold the secret.
                    serde_json::Value::Object(inner) if name == "token" => {
                        inner.values_mut().for_each(|value| *value = MASK.into());
                    }
                    serde_json::Value::Object(_) | serde_json::Value::Array(_) => mask(value),
                    _ if secret => *value = MASK.into(),
                    _ => {}
                }
            }
        }
        serde_json::Value::Array(values) => values.iter_mut().for_each(mask),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(
        uri: &'static str,
        headers: &[(&'static str, &'static str)],
        body: &str,
    ) -> RecordedRequest {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, http::HeaderValue::from_static(value));
        }
        record("1", &Method::POST, &Uri::from_static(uri), &map, body.as_bytes(), None)
    }

    #[test]
    fn secrets_in_headers_are_masked() {
        let headers = [
            ("authorization", "SDK-HMAC-SHA256 Access=a"),
            ("x-auth-token", "t"),
            ("x-security-token", "s"),
            ("host", "h"),
        ];
        let kept = of("/v1/p?q=1", &headers, "{}");
        assert_eq!(kept.header("Authorization"), Some("***"));
        assert_eq!(kept.header("X-Auth-Token"), Some("***"));
        assert_eq!(kept.header("X-Security-Token"), Some("***"));
        assert_eq!(kept.header("Host"), Some("h"));
        assert_eq!(kept.path, "/v1/p?q=1");
    }

    #[test]
    fn secrets_in_a_login_are_masked() {
        let body = r#"{"auth":{"identity":{"methods":["password","token"],"password":{"user":{"name":"n","password":"secret-1"}},"token":{"id":"secret-2"},"totp":{"user":{"id":"i","passcode":"secret-3"}}}}}"#;
        let kept = of("/v3/auth/tokens", &[], body);
        assert!(!kept.body.contains("secret-"), "{}", kept.body);
        assert!(kept.body.contains(r#""name":"n""#), "{}", kept.body);
        assert_eq!(of("/v3/auth/tokens", &[], "password=secret").body, "***");
    }

    #[test]
    fn the_log_is_bounded() {
        let mut log = Log::new(2);
        for id in ["1", "2", "3"] {
            let mut request = of("/", &[], "");
            request.request_id = id.into();
            log.add(request);
        }
        log.answered("3", Some(200));
        let ids: Vec<_> =
            log.all().into_iter().map(|kept| (kept.request_id, kept.status)).collect();
        assert_eq!(ids, [("2".into(), None), ("3".into(), Some(200))]);
        let mut none = Log::new(0);
        none.add(of("/", &[], ""));
        assert!(none.all().is_empty());
    }
}
