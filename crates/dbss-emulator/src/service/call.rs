//! A call that reached the service, and the body of its success response.

use std::collections::HashMap;

use dbss_client::descriptor::{ClientValue, Operation, ParameterLocation};
use http::{HeaderMap, StatusCode};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::auth;
use crate::json::{self, BodySchema};
use crate::response::ErrorResponse;
use crate::state::Instance;
use crate::store::Store;

/// A call that the gateway has authenticated.
#[derive(Debug)]
pub(super) struct Call<'a> {
    operation: &'static Operation,
    parameters: HashMap<&'static str, String>,
    query: &'a str,
    headers: &'a HeaderMap,
    body: &'a [u8],
}

impl<'a> Call<'a> {
    /// The call of `operation` that `request` makes.
    pub(super) fn new(operation: &'static Operation, request: &auth::RequestParts<'a>) -> Self {
        Self {
            operation,
            parameters: parameters(operation.path, request.uri.path()),
            query: request.uri.query().unwrap_or_default(),
            headers: request.headers,
            body: request.body,
        }
    }

    /// The value of a path parameter, decoded.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// The project id in the path.
    pub(super) fn project(&self) -> Option<&str> {
        let mut parameters = self.operation.parameters.iter();
        let project =
            parameters.find(|parameter| parameter.filled_in == Some(ClientValue::ProjectId))?;
        self.parameter(project.name)
    }

    /// The instance with that id in the project of the path.
    pub(super) fn instance<'s>(
        &self,
        store: &'s mut Store,
        id: &str,
    ) -> Result<&'s mut Instance, ErrorResponse> {
        store.instance_in(self.project().unwrap_or_default(), id).ok_or_else(|| {
            ErrorResponse::invalid_id().with_reason("the project has no instance with that id")
        })
    }

    /// The value of a query parameter, checked against the contract; none if it is not given.
    pub(super) fn query<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, ErrorResponse> {
        let rejected = |reason: String| ErrorResponse::invalid_request().with_reason(reason);
        let mut values = json::query_values(self.query, name);
        let Some(text) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(rejected(format!("`{name}` is given twice")));
        }
        let mut parameters = self.operation.parameters.iter();
        let found = parameters.find(|parameter| {
            parameter.location == ParameterLocation::Query && parameter.name == name
        });
        let Some(parameter) = found else {
            return Err(rejected(format!("the contract has no parameter `{name}` in the query")));
        };
        let value = json::text_value(name, &text, parameter.schema).map_err(rejected)?;
        serde_json::from_value(value)
            .map(Some)
            .map_err(|error| rejected(format!("`{name}` does not match: {error}")))
    }

    /// The body, checked against the contract and deserialized to the type that it gives.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, ErrorResponse> {
        let rejected = |reason: String| ErrorResponse::invalid_request().with_reason(reason);
        let Some(body) = &self.operation.body else {
            return Err(rejected("the contract has no body for this operation".to_owned()));
        };
        json::read(self.headers, self.body, BodySchema::Contract(body.schema))
            .map_err(|error| rejected(format!("the body does not match the contract: {error}")))
    }
}

/// The values in a path at the places where its template has a `{name}`, decoded.
fn parameters(template: &'static str, path: &str) -> HashMap<&'static str, String> {
    let name = |part: &'static str| part.strip_prefix('{')?.strip_suffix('}');
    let decoded = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
    template
        .split('/')
        .zip(path.split('/'))
        .filter_map(|(part, value)| Some((name(part)?, decoded(value))))
        .collect()
}

/// The body of a success response.
pub(super) fn to_json(body: &impl Serialize) -> Result<Vec<u8>, ErrorResponse> {
    serde_json::to_vec(body).map_err(|error| {
        ErrorResponse::service(
            StatusCode::INTERNAL_SERVER_ERROR,
            "DBSS.11000000",
            "Internal system exception. Contact technical support engineers",
        )
        .with_reason(error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_the_parameters_of_a_path() {
        let found = parameters("/v1/{a}/x/{b}", "/v1/one%2Ftwo/x/%ff%C3%A9");
        let expected = HashMap::from([("a", "one/two".to_owned()), ("b", "\u{fffd}é".to_owned())]);
        assert_eq!(found, expected);
    }
}
