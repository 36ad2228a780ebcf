//! One connection.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, Request, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;

use super::ConnectionEnd;
use super::activity::{RequestUnderWay, ResponseBody};
use super::open::OpenConnection;
use super::rejected;
use super::socket::{Reset, Socket};
use crate::app_state::AppState;
use crate::limits::Limits;
use crate::time;

/// Makes hyper end the connection without a response.
#[derive(Debug, thiserror::Error)]
#[error("connection ended by an injected fault")]
struct EndConnection;

/// Serves a connection until one side closes it, a shutdown is requested, or others need the
/// room.
pub(super) async fn serve(stream: TcpStream, router: Router, app: AppState, open: OpenConnection) {
    // Responses are small and written at once; Nagle's algorithm would only delay them.
    let _ = stream.set_nodelay(true);
    let limits = &app.options().limits;
    let reset = Reset::default();
    let activity = open.activity();
    let socket = Socket::new(stream, reset.clone(), activity.clone(), limits.write_timeout);
    let router = TowerToHyperService::new(router);
    let service = service_fn(|request: Request<Incoming>| {
        let under_way = activity.begin_request();
        let response = router.call(request.map(Body::new));
        let (reset, app) = (reset.clone(), app.clone());
        async move {
            let response = response.await.unwrap_or_else(|never: Infallible| match never {});
            response_or_end(response, under_way, &reset, &app)
        }
    });
    let mut connection = protocol(limits).serve_connection(TokioIo::new(socket), service);
    let mut shutdown = app.shutdown_signal();
    let mut is_stopping = false;
    let ended = loop {
        tokio::select! {
            ended = &mut connection => break ended,
            () = shutdown.requested(), if !is_stopping => {
                if activity.is_idle() {
                    return;
                }
                is_stopping = true;
                std::pin::Pin::new(&mut connection).graceful_shutdown();
            }
            () = open.has_to_go() => return,
        }
    };
    let mut socket = connection.into_parts().io.into_inner();
    // To the beginning of HTTP/2, hyper responds with nothing.
    let is_http2 = ended.as_ref().is_err_and(hyper::Error::is_parse_version_h2);
    if let Some(status) = socket.rejected().or(is_http2.then_some(StatusCode::BAD_REQUEST)) {
        let reason = ended.err().map(|error| error.to_string()).unwrap_or_default();
        rejected::respond(socket.stream(), status, &reason, &app).await;
    }
    // Any other error is one of the client or its connection; there is nobody to report it to.
}

fn protocol(limits: &Limits) -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        // The system's clock; responses have the time of the emulator's.
        .auto_date_header(false)
        // Larger than the limits, so that a request that exceeds them gets the gateway's
        // error response instead of hyper's.
        .max_buf_size((limits.headers + limits.target).saturating_mul(2).max(16 * 1024));
    protocol
}

/// The response, or the error that ends the connection if it stands for that.
fn response_or_end(
    response: Response,
    under_way: RequestUnderWay,
    reset: &Reset,
    app: &AppState,
) -> Result<http::Response<ResponseBody>, EndConnection> {
    match response.extensions().get::<ConnectionEnd>() {
        None => {}
        Some(ConnectionEnd::Close) => return Err(EndConnection),
        Some(ConnectionEnd::Reset) => {
            reset.request();
            return Err(EndConnection);
        }
    }
    let mut response = response.map(|body| ResponseBody::new(body, under_way));
    if !response.headers().contains_key(header::DATE)
        && let Ok(date) = HeaderValue::from_str(&time::http(app.options().clock.now()))
    {
        response.headers_mut().insert(header::DATE, date);
    }
    Ok(response)
}
