//! The operations of the contract: where they are found, who may call them, and
//! what does their work. The paths come from the descriptors.

use std::collections::HashMap;

use axum::extract::State;
use axum::routing::{MethodFilter, on};
use axum::{Extension, Router};
use dbss_client::descriptor::{ClientValue, Operation};
use dbss_client::descriptors::{API, SET_AUDIT_SCOPE_RULE_SWITCH, STOP_AUDIT_INSTANCE};
use http::{HeaderMap, Method, StatusCode, Uri};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use super::{Exchange, Refusal, reply, stop, switch};
use crate::auth::{self, Identity, Scope};
use crate::shared::Shared;
use crate::state::State as Holdings;

/// What an operation does: the body of a success as JSON, or why there is none.
type Behaviour = fn(&Shared, &Call) -> Result<Vec<u8>, Refusal>;

/// The operations whose work is done here. It is the one list that grows by hand
/// with the contract; an operation that is not on it is answered with 501.
static BEHAVIOURS: &[(&Operation, Behaviour)] =
    &[(&STOP_AUDIT_INSTANCE, stop::stop), (&SET_AUDIT_SCOPE_RULE_SWITCH, switch::switch)];

/// A call that may be made, as far as the gateway can tell.
#[derive(Debug)]
pub(super) struct Call<'a> {
    operation: &'static Operation,
    parameters: HashMap<&'static str, String>,
    headers: &'a HeaderMap,
    body: &'a [u8],
}

impl Call<'_> {
    /// A parameter of the path, decoded.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The project of the path.
    pub(super) fn project(&self) -> &str {
        project_parameter(self.operation).map(|name| self.parameter(name)).unwrap_or_default()
    }

    /// The body as the contract has it.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        if !auth::is_json(self.headers) {
            return Err(
                Refusal::invalid_request().because("the content type is not application/json")
            );
        }
        serde_json::from_slice(self.body).map_err(|error| {
            Refusal::invalid_request().because(format!("the body does not fit: {error}"))
        })
    }
}

/// A route for each operation of the contract.
pub(super) fn routes() -> Router<Shared> {
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
    let parameters = parameters(operation.path, request.uri.path());
    let call = Call { operation, parameters, headers: request.headers, body: request.body };
    shared.with_store(|store| authorize(store.state(), &identity, operation, &call))?;
    behaviour(operation, BEHAVIOURS)?(shared, &call)
}

/// The parameter of an operation's path that names the project.
fn project_parameter(operation: &Operation) -> Option<&'static str> {
    let mut parameters = operation.parameters.iter();
    let project = parameters.find(|it| it.filled_in == Some(ClientValue::ProjectId));
    project.map(|parameter| parameter.name)
}

/// What stands in a path where its template has a `{name}`, decoded.
fn parameters(template: &'static str, path: &str) -> HashMap<&'static str, String> {
    let name = |part: &'static str| part.strip_prefix('{')?.strip_suffix('}');
    let decoded = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
    template
        .split('/')
        .zip(path.split('/'))
        .filter_map(|(part, value)| Some((name(part)?, decoded(value))))
        .collect()
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
    let in_path = project_parameter(operation).is_some();
    let allowed = match &identity.scope {
        Scope::Account => region(call.project()).is_some_and(|region| region == state.region),
        Scope::Project(project) => project == call.project(),
        Scope::Nothing => false,
    };
    if in_path && !allowed {
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
    use crate::service::ErrorShape;

    /// What an operation answers whose behaviour is not written.
    async fn not_written(operation: &Operation) -> (u16, Value) {
        let refusal = behaviour(operation, &[]).unwrap_err();
        let answer = refusal.answer(Some(operation), ErrorShape::Documented, "1");
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[test]
    fn parameters_are_what_the_template_says() {
        let found = parameters("/v1/{a}/x/{b}", "/v1/one%2Ftwo/x/%ff%C3%A9");
        let expected = HashMap::from([("a", "one/two".to_owned()), ("b", "\u{fffd}é".to_owned())]);
        assert_eq!(found, expected);
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
