//! Notes when a request is handed to an established connection.

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

    /// Watches a request that is about to be sent. Its body keeps its exact length, so
    /// that the same bytes are sent, and a request without a body has none afterwards.
    pub(crate) fn watch(&self, request: &mut reqwest::Request) {
        let body = request.body_mut().take().unwrap_or_default();
        let watched = WatchedBody { body, handover: self.clone() };
        *request.body_mut() = Some(reqwest::Body::wrap(watched));
    }

    fn note(&self) {
        self.0.store(true, Ordering::Release);
    }
}

struct WatchedBody {
    body: reqwest::Body,
    handover: Handover,
}

impl Body for WatchedBody {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        self.handover.note();
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        // The only question about a body that is empty.
        self.handover.note();
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
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
        *request.body_mut() = body.map(Into::into);
        let handover = Handover::default();
        handover.watch(&mut request);
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
                        Handover::default().watch(&mut request);
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
