//! Recorded requests, with secrets masked.

use std::collections::VecDeque;

use http::{HeaderMap, Method, Uri};
use serde::Serialize;

/// Recorded in place of a secret.
const MASK: &str = "***";

/// Headers whose values are secret.
const SECRET_HEADERS: [&str; 7] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-auth-token",
    "x-security-token",
    "x-subject-token",
    "x-sdk-security-token",
];

/// Fields of a login whose values are secret.
const SECRET_FIELDS: [&str; 5] = ["password", "passcode", "secret", "id_token", "token"];

/// How much of a body is recorded, in bytes.
const BODY_LIMIT: usize = 16 * 1024;

/// A request that the emulator received. Secrets in it are masked with `***`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The id that the response carries as `X-Request-Id`.
    pub request_id: String,
    /// The HTTP method.
    pub method: String,
    /// Path and query as received.
    pub path: String,
    /// The headers as received, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The first 16 KiB of the body; bytes that are not UTF-8 are replaced.
    pub body: String,
    /// The id of the operation; none for other paths.
    pub operation: Option<&'static str>,
    /// The name of the injected fault, if any.
    pub fault: Option<String>,
    /// The status of the response; none before there is one, and if the connection was
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
    requests: VecDeque<RecordedRequest>,
    capacity: usize,
}

impl RequestLog {
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

    /// Records the status of a response, if its request is still in the log.
    pub(crate) fn set_status(&mut self, request_id: &str, status: Option<u16>) {
        // It is nearly always the last one.
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

/// Records a request. Secrets are masked: in headers, and in the body of a login.
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
            .map(|(name, value)| (name.to_string(), masked_header(name.as_str(), value.as_bytes())))
            .collect(),
        body: masked_body(body, uri.path().contains("/auth/")),
        operation,
        fault: None,
        status: None,
    }
}

fn masked_header(name: &str, value: &[u8]) -> String {
    if SECRET_HEADERS.contains(&name) {
        MASK.to_owned()
    } else {
        String::from_utf8_lossy(value).into_owned()
    }
}

fn masked_body(body: &[u8], login: bool) -> String {
    if login && !body.is_empty() {
        return match serde_json::from_slice::<serde_json::Value>(body) {
            Ok(mut value) => {
                mask(&mut value);
                value.to_string()
            }
            // A body that cannot be parsed is masked whole.
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
                    // `password` and `token` are also the names of objects with the secret.
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

    fn recorded(
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
        assert_eq!(request.path, "/v1/p?q=1");
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
        let mut log = RequestLog::new(2);
        for id in ["1", "2", "3"] {
            let mut request = recorded("/", &[], "");
            request.request_id = id.into();
            log.add(request);
        }
        log.set_status("3", Some(200));
        let ids: Vec<_> =
            log.all().into_iter().map(|request| (request.request_id, request.status)).collect();
        assert_eq!(ids, [("2".into(), None), ("3".into(), Some(200))]);
        let mut none = RequestLog::new(0);
        none.add(recorded("/", &[], ""));
        assert!(none.all().is_empty());
    }
}
