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
use super::{Ending, Stop};
use crate::limits::Limits;

/// The answer is that there is none.
#[derive(Debug, thiserror::Error)]
#[error("the connection ends here on purpose")]
struct Cut;

/// Serves a connection until either side is done with it.
pub(super) async fn serve(stream: TcpStream, router: Router, limits: &Limits, mut stop: Stop) {
    // Answers are small and written at once; waiting to fill packets only delays them.
    let _ = stream.set_nodelay(true);
    let reset = Reset::default();
    let socket = Socket::new(stream, reset.clone(), limits.write_time);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = router.call(request.map(Body::new));
        let reset = reset.clone();
        async move { sent(answer.await.unwrap_or_else(|never: Infallible| match never {}), &reset) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        // Room beyond the limits, so that those who exceed them a little are told so.
        .max_buf_size((limits.headers + limits.target).saturating_mul(2).max(16 * 1024));
    let mut connection = pin!(http.serve_connection(TokioIo::new(socket), service));
    tokio::select! {
        // An error here is the client's: nobody is left to tell.
        _ = connection.as_mut() => {}
        () = stop.wanted() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// The answer, or none where it stands for an end of the connection.
fn sent(answer: Response, reset: &Reset) -> Result<Response, Cut> {
    match answer.extensions().get::<Ending>() {
        None => Ok(answer),
        Some(Ending::Close) => Err(Cut),
        Some(Ending::Reset) => {
            reset.ask();
            Err(Cut)
        }
    }
}
