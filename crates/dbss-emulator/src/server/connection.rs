//! One connection.

use std::convert::Infallible;
use std::pin::pin;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;

use super::socket::{Reset, Socket};
use super::{ConnectionEnd, ShutdownSignal};
use crate::limits::Limits;

/// Makes hyper end the connection without a response.
#[derive(Debug, thiserror::Error)]
#[error("connection ended by an injected fault")]
struct EndConnection;

/// Serves a connection until one side closes it or a shutdown is requested.
pub(super) async fn serve(
    stream: TcpStream,
    router: Router,
    limits: &Limits,
    mut shutdown: ShutdownSignal,
) {
    // Responses are small and written at once; Nagle's algorithm would only delay them.
    let _ = stream.set_nodelay(true);
    let reset = Reset::default();
    let socket = Socket::new(stream, reset.clone(), limits.write_timeout);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        let response = router.call(request.map(Body::new));
        let reset = reset.clone();
        async move {
            response_or_end(
                response.await.unwrap_or_else(|never: Infallible| match never {}),
                &reset,
            )
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        // Larger than the limits, so that a request that exceeds them gets the gateway's
        // error response instead of hyper's.
        .max_buf_size((limits.headers + limits.target).saturating_mul(2).max(16 * 1024));
    let mut connection = pin!(http.serve_connection(TokioIo::new(socket), service));
    tokio::select! {
        // An error here is one of the client or its connection; there is nobody to report
        // it to.
        _ = connection.as_mut() => {}
        () = shutdown.requested() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// The response, or the error that ends the connection if it stands for that.
fn response_or_end(response: Response, reset: &Reset) -> Result<Response, EndConnection> {
    match response.extensions().get::<ConnectionEnd>() {
        None => Ok(response),
        Some(ConnectionEnd::Close) => Err(EndConnection),
        Some(ConnectionEnd::Reset) => {
            reset.request();
            Err(EndConnection)
        }
    }
}
