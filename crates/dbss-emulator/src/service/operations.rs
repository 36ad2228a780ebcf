//! The operations of the contract: their routes, the authorization of callers, and
//! the functions that implement them. The paths come from the descriptors.

use axum::extract::State;
use axum::routing::{MethodFilter, on};
use axum::{Extension, Router};
use dbss_client::contract::{
    API, LIST_AUDIT_INSTANCES_LAST, LIST_AUDIT_RULE_SCOPES_NEW, REBOOT_AUDIT_INSTANCE_NEW,
    SET_AUDIT_SCOPE_RULE_SWITCH, START_AUDIT_INSTANCE_NEW, STOP_AUDIT_INSTANCE,
    STOP_AUDIT_INSTANCE_NEW,
};
use dbss_client::descriptor::Operation;
use http::{HeaderMap, Method, StatusCode, Uri};

use super::call::Call;
use super::{lists, power, switch};
use crate::app_state::AppState;
use crate::auth::{self, Caller, CallerScope};
use crate::request_context::RequestContext;
use crate::response::{self, ErrorResponse};
use crate::state;

/// The implementation of an operation: it returns the JSON body of a success response
/// or an error response.
type Behaviour = fn(&AppState, &Call) -> Result<Vec<u8>, ErrorResponse>;

/// The operations that are implemented. This is the only list that grows by hand with
/// the contract; an operation that is not on it gets 501.
static BEHAVIOURS: &[(&Operation, Behaviour)] = &[
    (&STOP_AUDIT_INSTANCE, power::stop),
    (&SET_AUDIT_SCOPE_RULE_SWITCH, switch::switch),
    (&LIST_AUDIT_INSTANCES_LAST, lists::instances),
    (&LIST_AUDIT_RULE_SCOPES_NEW, lists::scopes),
    (&START_AUDIT_INSTANCE_NEW, power::start_new),
    (&REBOOT_AUDIT_INSTANCE_NEW, power::reboot_new),
    (&STOP_AUDIT_INSTANCE_NEW, power::stop_new),
];

/// A route for each operation of the contract.
pub(crate) fn routes() -> Router<AppState> {
    API.operations.iter().copied().fold(Router::new(), |router, operation| {
        let Some(method) = method_filter(operation.method) else { return router };
        let handler = move |State(app): State<AppState>,
                            Extension(context): Extension<RequestContext>,
                            method: Method,
                            uri: Uri,
                            headers: HeaderMap| async move {
            let request = auth::RequestParts {
                method: &method,
                uri: &uri,
                headers: &headers,
                body: &context.body.bytes,
            };
            call(&app, operation, &request).map_or_else(
                |error| {
                    let shape = app.options().error_shape;
                    error.to_response(Some(operation), shape, &context.request_id)
                },
                |body| response::bytes(StatusCode::OK, body),
            )
        };
        router.route(operation.path, on(method, handler))
    })
}

fn method_filter(method: &str) -> Option<MethodFilter> {
    MethodFilter::try_from(Method::from_bytes(method.as_bytes()).ok()?).ok()
}

/// Authenticates and authorizes the caller, then carries out the call.
fn call(
    app: &AppState,
    operation: &'static Operation,
    request: &auth::RequestParts<'_>,
) -> Result<Vec<u8>, ErrorResponse> {
    let caller = auth::authenticate(app, request)?;
    let call = Call::new(operation, request);
    app.with_store(|store| authorize(store.state(), &caller, operation, &call))?;
    behaviour(operation, BEHAVIOURS)?(app, &call)
}

/// The implementation of the operation, or 501 if there is none.
fn behaviour(
    operation: &Operation,
    behaviours: &[(&Operation, Behaviour)],
) -> Result<Behaviour, ErrorResponse> {
    let found = behaviours.iter().find(|(candidate, _)| candidate.id == operation.id);
    found.map(|(_, behaviour)| *behaviour).ok_or_else(|| {
        ErrorResponse::service(
            StatusCode::NOT_IMPLEMENTED,
            "EMULATOR.0501",
            "dbss-emulator does not emulate this operation.",
        )
        .with_reason(format!("{} is in the contract, but not emulated", operation.id))
    })
}

/// Checks whether the caller may make the call: in this region, in the project of the
/// path, and with the permissions of the user.
fn authorize(
    state: &state::State,
    caller: &Caller,
    operation: &Operation,
    call: &Call<'_>,
) -> Result<(), ErrorResponse> {
    let region_of = |id: &str| {
        state
            .projects
            .iter()
            .find(|project| project.id == id)
            .map(|project| project.region().to_owned())
    };
    if let CallerScope::Project(project) = &caller.scope
        && let Some(other) = region_of(project).filter(|region| *region != state.region)
    {
        return Err(ErrorResponse::gateway(
            StatusCode::UNAUTHORIZED,
            "APIGW.0307",
            "The token must be updated.",
        )
        .with_reason(format!("the token is for region {other}, this is region {}", state.region)));
    }
    let allowed = call.project().is_none_or(|requested| match &caller.scope {
        CallerScope::Account => region_of(requested).is_some_and(|region| region == state.region),
        CallerScope::Project(project) => project == requested,
        CallerScope::NoProject => false,
    });
    if !allowed {
        return Err(ErrorResponse::forbidden()
            .with_reason("the credentials are not for the project of the path"));
    }
    if caller.denied.iter().any(|denied| denied == "*" || denied == operation.id) {
        return Err(ErrorResponse::forbidden()
            .with_reason(format!("user {} may not call {}", caller.user, operation.id)));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use axum::body::to_bytes;
    use serde_json::{Value, json};

    use super::*;
    use crate::response::ErrorShape;

    /// The response of an operation without an implementation.
    async fn not_emulated(operation: &Operation) -> (u16, Value) {
        let error = behaviour(operation, &[]).unwrap_err();
        let response = error.to_response(Some(operation), ErrorShape::Documented, "1");
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn returns_501_in_the_shape_of_the_operation_when_not_emulated() {
        let flat = json!({
            "error_code": "EMULATOR.0501",
            "error_msg": "dbss-emulator does not emulate this operation.",
        });
        let nested = json!({ "error": flat.clone() });
        assert_eq!(not_emulated(&STOP_AUDIT_INSTANCE).await, (501, nested));
        assert_eq!(not_emulated(&SET_AUDIT_SCOPE_RULE_SWITCH).await, (501, flat));
    }
}
