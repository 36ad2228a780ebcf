//! What happens to every request, whoever answers it: it gets an id, is read
//! within limits, recorded, answered.

use std::pin::Pin;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use http::{HeaderValue, header};
use hyper::body::Body as _;

use super::gateway;
use super::inject::inject;
use crate::exchange::Exchange;
use crate::faults::Target;
use crate::operations;
use crate::record::{RecordedRequest, record};
use crate::reply::Refusal;
use crate::server::Ending;
use crate::shared::Shared;

/// Has every request of `service` go through here.
pub(super) fn around(service: Router<Shared>, shared: &Shared) -> Router<Shared> {
    service.layer(middleware::from_fn_with_state(shared.clone(), exchange))
}

async fn exchange(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let request_id = shared.new_id();
    // Of its own: the log may be small, or cleared before there is an answer.
    let mut observed = None;
    let mut response = answer(&shared, &request_id, request, next, &mut observed).await;
    let cut = response.extensions().get::<Ending>().is_some();
    let status = (!cut).then_some(response.status().as_u16());
    shared.log().answered(&request_id, status);
    if let (Some(observer), Some(mut request)) = (&shared.options().observer, observed) {
        request.status = status;
        observer.tell(&request);
    }
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

async fn answer(
    shared: &Shared,
    request_id: &str,
    request: Request,
    next: Next,
    observed: &mut Option<RecordedRequest>,
) -> Response {
    let options = shared.options();
    let (parts, body) = request.into_parts();
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let operation = operations::of_the_contract(&parts.method, path);
    let operation_id =
        operation.map(|operation| operation.id).or_else(|| operations::of_iam(&parts.method, path));
    let received = match gateway::check_head(&parts.uri, &parts.headers, &options.limits) {
        Ok(()) => receive(body, shared).await,
        Err(refusal) => Err(refusal),
    };
    let (body, refusal) = match received {
        Ok(body) => (body, None),
        Err(refusal) => (Bytes::new(), Some(refusal)),
    };
    let mut kept =
        record(request_id, &parts.method, &parts.uri, &parts.headers, &body, operation_id);
    let mut keep = |kept: RecordedRequest| {
        *observed = options.observer.is_some().then(|| kept.clone());
        shared.log().add(kept);
    };
    if let Some(refusal) = refusal {
        keep(kept);
        let mut response = refusal.answer(operation, options.error_shape, request_id);
        // What is left of the request is not worth reading.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        return response;
    }
    let target = Target { operation: operation_id, method: &parts.method, path: parts.uri.path() };
    let fault = shared.faults().take(target);
    kept.fault = fault.as_ref().map(|fault| fault.name().to_owned());
    keep(kept);
    let exchange = Exchange { request_id: request_id.to_owned(), body, operation };
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(exchange.clone());
    match fault {
        Some(fault) => inject(shared, fault, &exchange, request, next).await,
        None => next.run(request).await,
    }
}

/// Reads a body within its limits of size and time. Of one that is too large the
/// same amount again is read and dropped, so that a client that writes before it
/// reads comes to see why it is refused.
async fn receive(body: Body, shared: &Shared) -> Result<Bytes, Refusal> {
    let limits = &shared.options().limits;
    let reading = read(body, limits.body);
    tokio::time::timeout(limits.body_time, reading).await.unwrap_or(Err(gateway::body_too_slow()))
}

async fn read(mut body: Body, limit: usize) -> Result<Bytes, Refusal> {
    let declared = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let generous = limit.saturating_mul(2);
    if declared > generous {
        return Err(gateway::body_too_large());
    }
    let mut size = 0;
    let mut read = BytesMut::new();
    while let Some(frame) =
        std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        let Ok(data) = frame.map_err(|_| gateway::body_broken())?.into_data() else {
            continue;
        };
        size += data.len();
        if size > generous {
            break;
        }
        if size <= limit {
            read.extend_from_slice(&data);
        }
    }
    if size > limit { Err(gateway::body_too_large()) } else { Ok(read.freeze()) }
}
