//! The operations of the contract: where they are found, who may call them, and
//! what does their work. The paths come from the descriptors.

use axum::extract::State;
use axum::routing::{MethodFilter, on};
use axum::{Extension, Router};
use dbss_client::descriptor::Operation;
use dbss_client::descriptors::{API, SET_AUDIT_SCOPE_RULE_SWITCH, STOP_AUDIT_INSTANCE};
use http::{HeaderMap, Method, StatusCode, Uri};

use super::call::Call;
use super::{stop, switch};
use crate::auth::{self, Identity, Scope};
use crate::exchange::Exchange;
use crate::reply::{self, Refusal};
use crate::shared::Shared;
use crate::state::State as Holdings;

/// What an operation does: the body of a success as JSON, or why there is none.
type Behaviour = fn(&Shared, &Call) -> Result<Vec<u8>, Refusal>;

/// The operations whose work is done here. It is the one list that grows by hand
/// with the contract; an operation that is not on it is answered with 501.
static BEHAVIOURS: &[(&Operation, Behaviour)] =
    &[(&STOP_AUDIT_INSTANCE, stop::stop), (&SET_AUDIT_SCOPE_RULE_SWITCH, switch::switch)];

/// A route for each operation of the contract.
pub(crate) fn routes() -> Router<Shared> {
    API.operations.iter().copied().fold(Router::new(), |router, operation| {
        let Some(method) = filter(operation.method) else { return router };
        let handler = move |State(shared): State<Shared>,
                            Extension(exchange): Extension<Exchange>,
                            method: Method,
                            uri: Uri,
                            headers: HeaderMap| async move {
            let request = auth::Request {
                method: &method,
                uri: &uri,
                headers: &headers,
                body: &exchange.body,
            };
            call(&shared, operation, &request).map_or_else(
                |refusal| {
                    let shape = shared.options().error_shape;
                    refusal.answer(Some(operation), shape, &exchange.request_id)
                },
                |body| reply::bytes(StatusCode::OK, body),
            )
        };
        router.route(operation.path, on(method, handler))
    })
}

fn filter(method: &str) -> Option<MethodFilter> {
    MethodFilter::try_from(Method::from_bytes(method.as_bytes()).ok()?).ok()
}

/// The order of things: who is it, may they, can it be done.
fn call(
    shared: &Shared,
    operation: &'static Operation,
    request: &auth::Request<'_>,
) -> Result<Vec<u8>, Refusal> {
    let identity = auth::identify(shared, request)?;
    let call = Call::new(operation, request);
    shared.with_store(|store| authorize(store.state(), &identity, operation, &call))?;
    behaviour(operation, BEHAVIOURS)?(shared, &call)
}

/// What the operation does, if that is written.
fn behaviour(
    operation: &Operation,
    known: &[(&Operation, Behaviour)],
) -> Result<Behaviour, Refusal> {
    let found = known.iter().find(|(known, _)| known.id == operation.id);
    found.map(|(_, behaviour)| *behaviour).ok_or_else(|| {
        Refusal::service(
            StatusCode::NOT_IMPLEMENTED,
            "EMULATOR.0501",
            "dbss-emulator does not emulate this operation.",
        )
        .because(format!("{} is in the contract, and its behaviour is not written", operation.id))
    })
}

/// Whether the caller may make the call: in that project, from this region, with
/// the permissions of the user.
fn authorize(
    state: &Holdings,
    identity: &Identity,
    operation: &Operation,
    call: &Call<'_>,
) -> Result<(), Refusal> {
    let region = |id: &str| {
        state
            .projects
            .iter()
            .find(|project| project.id == id)
            .map(|project| project.region().to_owned())
    };
    if let Scope::Project(project) = &identity.scope
        && let Some(elsewhere) = region(project).filter(|region| *region != state.region)
    {
        return Err(Refusal::gateway(
            StatusCode::UNAUTHORIZED,
            "APIGW.0307",
            "The token must be updated.",
        )
        .because(format!("the token is for region {elsewhere}, this is {}", state.region)));
    }
    let allowed = call.project().is_none_or(|called| match &identity.scope {
        Scope::Account => region(called).is_some_and(|region| region == state.region),
        Scope::Project(project) => project == called,
        Scope::Nothing => false,
    });
    if !allowed {
        return Err(
            Refusal::forbidden().because("the credentials are not for the project of the path")
        );
    }
    if identity.denied.iter().any(|denied| denied == "*" || denied == operation.id) {
        return Err(Refusal::forbidden()
            .because(format!("user {} may not call {}", identity.user, operation.id)));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use axum::body::to_bytes;
    use serde_json::{Value, json};

    use super::*;
    use crate::reply::ErrorShape;

    /// What an operation answers whose behaviour is not written.
    async fn not_written(operation: &Operation) -> (u16, Value) {
        let refusal = behaviour(operation, &[]).unwrap_err();
        let answer = refusal.answer(Some(operation), ErrorShape::Documented, "1");
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn what_is_not_written_is_501_in_the_shape_of_the_operation() {
        let flat = json!({
            "error_code": "EMULATOR.0501",
            "error_msg": "dbss-emulator does not emulate this operation.",
        });
        let nested = json!({ "error": flat.clone() });
        assert_eq!(not_written(&STOP_AUDIT_INSTANCE).await, (501, nested));
        assert_eq!(not_written(&SET_AUDIT_SCOPE_RULE_SWITCH).await, (501, flat));
    }
}
