//! Notes when a request is handed to an established connection.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// Whether a request was handed to an established connection, TLS included. Clones share
/// it.
///
/// It is known from the body: the HTTP stack asks a body for its end and its bytes when a
/// connection has taken the request, and not before. If another one asked earlier, a
/// request would count as sent that was not, which is the harmless direction. From the
/// error alone it is not known: a timeout does not tell what had been reached.
#[derive(Clone, Debug, Default)]
pub(crate) struct Handover(Arc<AtomicBool>);

impl Handover {
    /// Whether it happened.
    pub(crate) fn happened(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// A body that is watched. Its length stays known, so that the same bytes are sent as
    /// without watching, and a request with an empty one has none.
    pub(crate) fn body(&self, bytes: Bytes) -> reqwest::Body {
        reqwest::Body::wrap(WatchedBody { bytes, handover: self.clone() })
    }

    fn note(&self) {
        self.0.store(true, Ordering::Release);
    }
}

struct WatchedBody {
    /// What is left of it: all or nothing.
    bytes: Bytes,
    handover: Handover,
}

impl Body for WatchedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.handover.note();
        let bytes = std::mem::take(&mut self.bytes);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        // The only question about a body that is empty.
        self.handover.note();
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use http::Method;
    use scripted_server::{CannedResponse, ClosedPort, ScriptedServer, Step};

    use super::*;
    use crate::credentials::iam::testing::http;

    const BODIES: [Option<&str>; 3] = [None, Some(""), Some("{\"a\":1}")];

    async fn sent(endpoint: &str, method: &Method, body: Option<&'static str>) -> bool {
        let mut request = http().request(method.clone(), endpoint).build().unwrap();
        let handover = Handover::default();
        *request.body_mut() = Some(handover.body(body.unwrap_or_default().into()));
        assert!(!handover.happened());
        let _ = http().execute(request).await;
        handover.happened()
    }

    #[tokio::test]
    async fn notes_requests_with_and_without_body() {
        let closed = ClosedPort::reserve().unwrap();
        let closing = ScriptedServer::always(Step::ReadThenClose).await.unwrap();
        let no_tls = ScriptedServer::always(Step::CloseUnread).await.unwrap();
        for method in [Method::GET, Method::DELETE, Method::POST, Method::PUT, Method::HEAD] {
            for body in BODIES {
                assert!(sent(&closing.endpoint(), &method, body).await, "{method} {body:?}");
                let refused = closed.endpoint().unwrap();
                assert!(!sent(&refused, &method, body).await, "{method} {body:?}");
                let no_tls = no_tls.tls_endpoint();
                assert!(!sent(&no_tls, &method, body).await, "{method} {body:?}");
            }
        }
    }

    #[tokio::test]
    async fn sends_same_bytes_as_without_watching() {
        let server = ScriptedServer::always(Step::Respond(CannedResponse::new(200, "{}")));
        let server = server.await.unwrap();
        for method in [Method::GET, Method::DELETE, Method::POST, Method::PUT] {
            for body in BODIES {
                for watched in [false, true] {
                    let mut request =
                        http().request(method.clone(), server.endpoint()).build().unwrap();
                    *request.body_mut() = body.map(Into::into);
                    if watched {
                        let bytes = body.unwrap_or_default().into();
                        *request.body_mut() = Some(Handover::default().body(bytes));
                    }
                    http().execute(request).await.unwrap();
                }
                let requests = server.requests();
                let [.., plain, watched] = requests.as_slice() else { unreachable!() };
                assert_eq!(plain.headers, watched.headers, "{method} {body:?}");
                assert_eq!(plain.body, watched.body, "{method} {body:?}");
            }
        }
    }
}
