//! The raw response, read up to the response limit.

use std::fmt;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};

/// A response as received, before decoding.
#[derive(Clone)]
pub(crate) struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether the body was longer than the limit.
    pub(crate) truncated: bool,
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// The UTF-8 byte order mark, which JSON must not have and some servers send.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A body without the byte order mark that it may begin with.
pub(crate) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(BOM).unwrap_or(body)
}

/// Sends a request and reads the response up to the limit. Returns it, and what is left of the
/// one of the HTTP client.
#[allow(
    clippy::manual_async_fn,
    reason = "an `async fn` keeps its arguments twice, and a request is large enough to tell"
)]
pub(crate) fn send(
    client: &reqwest::Client,
    request: reqwest::Request,
    limit: usize,
) -> impl Future<Output = reqwest::Result<(RawResponse, reqwest::Response)>> {
    async move {
        let mut response = client.execute(request).await?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut body = BodyBuffer::default();
        let truncated = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    if !body.add(chunk, limit) {
                        break true;
                    }
                    // If the response has a length, its end need not be awaited.
                    if response.content_length() == Some(0) {
                        break false;
                    }
                }
                Ok(None) => break false,
                // An error response is identified by its status. That its body was lost
                // must not make it look like a call that can be retried.
                Err(_) if !status.is_success() => break true,
                Err(error) => return Err(error),
            }
        };
        Ok((RawResponse { status, headers, body: body.finish(), truncated }, response))
    }
}

/// The body of a response so far. Most come in one chunk, which is kept without copying.
#[derive(Default)]
struct BodyBuffer {
    only: Bytes,
    joined: BytesMut,
}

impl BodyBuffer {
    /// Adds a chunk, up to the limit; false if not all of it was added.
    fn add(&mut self, chunk: Bytes, limit: usize) -> bool {
        let room = limit.saturating_sub(self.only.len() + self.joined.len());
        let fits = chunk.len() <= room;
        let piece = if fits { chunk } else { chunk.slice(..room) };
        if self.only.is_empty() && self.joined.is_empty() {
            self.only = piece;
        } else {
            self.joined.extend_from_slice(&std::mem::take(&mut self.only));
            self.joined.extend_from_slice(&piece);
        }
        fits
    }

    fn finish(self) -> Bytes {
        if self.joined.is_empty() { self.only } else { self.joined.freeze() }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    /// The response that is read if the connection is closed within the body.
    async fn cut(status: u16) -> reqwest::Result<RawResponse> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            write!(stream, "HTTP/1.1 {status} S\r\ncontent-length: 9\r\n\r\nhalf").unwrap();
        });
        let client = crate::Client::builder().endpoint("http://127.0.0.1");
        let client = client.credentials(crate::Credentials::token("t")).build().unwrap();
        let http = &client.shared.http;
        let request = http.get(format!("http://{address}/")).build().unwrap();
        let outcome = send(http, request, 1 << 10).await;
        server.join().unwrap();
        outcome.map(|(response, _)| response)
    }

    #[tokio::test]
    async fn keeps_error_status_when_body_is_lost() {
        let response = cut(401).await.unwrap();
        assert_eq!((response.status.as_u16(), response.truncated), (401, true));
        assert!(cut(200).await.is_err());
    }
}
