//! What happens to every request: it gets an id, is read within the limits, is
//! recorded, and may get a fault.

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use http::{HeaderValue, header};

use super::inject::inject;
use crate::app_state::AppState;
use crate::faults::FaultTarget;
use crate::operations::{self, CalledOperation};
use crate::record::{RecordedRequest, record};
use crate::request_body::ReadBody;
use crate::request_context::RequestContext;
use crate::server::ConnectionEnd;

/// Wraps the routes in this middleware.
pub(super) fn layer(routes: Router<AppState>, app: &AppState) -> Router<AppState> {
    routes.layer(middleware::from_fn_with_state(app.clone(), handle))
}

async fn handle(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let request_id = app.new_id();
    // A copy for the observer: the log may be too small to hold the request, or be
    // cleared before the response is ready.
    let mut observed = None;
    let mut response = respond(&app, &request_id, request, next, &mut observed).await;
    let ended = response.extensions().get::<ConnectionEnd>().is_some();
    let status = (!ended).then_some(response.status().as_u16());
    app.log().set_status(&request_id, status);
    if let (Some(observer), Some(mut request)) = (app.observer(), observed) {
        request.status = status;
        observer.notify(request);
    }
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

async fn respond(
    app: &AppState,
    request_id: &str,
    request: Request,
    next: Next,
    observed: &mut Option<RecordedRequest>,
) -> Response {
    let options = app.options();
    let (parts, body) = request.into_parts();
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let called = operations::find(&parts.method, path);
    let operation = called.and_then(CalledOperation::contract);
    let head = options.limits.check_head(&parts).and_then(|()| options.allowed_hosts.check(&parts));
    let received = match head {
        Ok(()) => app.body_budget().read(body, options.limits.body, &options.limits).await,
        Err(error) => Err(error),
    };
    let (body, error) = match received {
        Ok(body) => (body, None),
        Err(error) => (ReadBody::default(), Some(error)),
    };
    let mut recorded = record(request_id, &parts, &body.bytes, called, &options.limits);
    let mut add_to_log = |recorded: RecordedRequest| {
        *observed = app.observer().is_some().then(|| recorded.clone());
        app.log().add(recorded);
    };
    if let Some(error) = error {
        add_to_log(recorded);
        let mut response = error.to_response(operation, options.error_shape, request_id);
        // The rest of the request is not read, so the connection cannot be used again.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        return response;
    }
    let target = FaultTarget {
        operation: called.map(CalledOperation::id),
        method: &parts.method,
        path: parts.uri.path(),
    };
    let fault = app.faults().take(target);
    recorded.fault = fault.as_ref().map(|fault| fault.name().to_owned());
    add_to_log(recorded);
    let context = RequestContext { request_id: request_id.to_owned(), body, operation };
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(context.clone());
    match fault {
        Some(fault) => inject(app, fault, &context, request, next).await,
        None => next.run(request).await,
    }
}
