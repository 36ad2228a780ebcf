//! Responses to what is not HTTP, or has a head that is far too large.
//!
//! hyper answers such a request by itself, without asking the service, with a head that has no
//! request id and no body, and ends the connection. The [`Socket`](super::socket::Socket) keeps
//! that head back, and this response takes its place.

use std::time::Duration;

use axum::body::to_bytes;
use http::{HeaderValue, StatusCode, header};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app_state::AppState;
use crate::record::RecordedRequest;
use crate::response::ErrorResponse;
use crate::time;

/// How long the rest of such a request is read and dropped. Closing the connection while
/// something is unread would reset it, and the client could lose the response.
const DRAIN_TIME: Duration = Duration::from_secs(1);

/// How much of the rest is read and dropped, in bytes.
const DRAIN_BYTES: u64 = 1024 * 1024;

/// The status of a head that hyper writes at the end of `data` for a request that it rejects,
/// and where it begins.
///
/// Every response of the service has a request id, so a head without one is hyper's. Only an
/// injected body that ends with the text of such a head could be taken for one.
pub(super) fn find_head(data: &[u8]) -> Option<(usize, StatusCode)> {
    // Of 1.0 as well, after a request of that version.
    const START: &[u8] = b"HTTP/1.";
    const STATUS: std::ops::Range<usize> = 9..12;
    // Longer than these heads are.
    let tail_start = data.len().saturating_sub(128);
    let tail = data.get(tail_start..)?;
    if !tail.ends_with(b"\r\n\r\n") {
        return None;
    }
    let start = tail.windows(START.len()).rposition(|window| window == START)?;
    let head = std::str::from_utf8(tail.get(start..)?).ok()?;
    let status = head.get(STATUS)?.parse::<StatusCode>().ok()?;
    let is_hypers = status.is_client_error()
        && head.contains("\r\ncontent-length: 0\r\n")
        && !head.contains("\r\nx-request-id:");
    is_hypers.then_some((tail_start + start, status))
}

/// Sends the response, records the request, and ends the connection.
pub(super) async fn respond(
    stream: &mut TcpStream,
    status: StatusCode,
    reason: &str,
    app: &AppState,
) {
    let request_id = app.new_id();
    let request = RecordedRequest {
        request_id: request_id.clone(),
        status: Some(status.as_u16()),
        ..RecordedRequest::default()
    };
    if let Some(observer) = app.observer() {
        observer.notify(request.clone());
    }
    app.log().add(request);
    let response = response(status, reason, &request_id, app).await;
    let sent = async {
        stream.write_all(&response).await?;
        stream.shutdown().await?;
        tokio::io::copy(&mut stream.take(DRAIN_BYTES), &mut tokio::io::sink()).await
    };
    // The client may be gone.
    let _ = tokio::time::timeout(DRAIN_TIME, sent).await;
}

async fn response(status: StatusCode, reason: &str, request_id: &str, app: &AppState) -> Vec<u8> {
    let message = match status {
        StatusCode::URI_TOO_LONG => "Request URI too large",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "Request headers too large",
        _ => "API request error",
    };
    let error = ErrorResponse::malformed_request(status, message).with_reason(reason);
    let mut response = error.to_response(None, app.options().error_shape, request_id);
    let date = time::http(app.options().clock.now());
    for (name, value) in [("date", date.as_str()), ("x-request-id", request_id)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    for (name, value) in &parts.headers {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&body);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_heads_that_hyper_writes_and_no_others() {
        let own = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nx-request-id: 1\r\n\r\n";
        let hypers = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
        let found = Some((0, StatusCode::BAD_REQUEST));
        assert_eq!(find_head(hypers.as_bytes()), found);
        assert_eq!(find_head(hypers.replace("1.1", "1.0").as_bytes()), found);
        let both = format!("{own}{hypers}");
        assert_eq!(find_head(both.as_bytes()), Some((own.len(), StatusCode::BAD_REQUEST)));
        for text in [own, "", "\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "{}", &hypers[..40]] {
            assert_eq!(find_head(text.as_bytes()), None, "{text}");
        }
    }
}
