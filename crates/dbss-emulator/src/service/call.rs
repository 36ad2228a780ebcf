//! A call that reached the service, and the body of its success.

use std::collections::HashMap;

use dbss_client::descriptor::{ClientValue, Operation};
use http::{HeaderMap, StatusCode};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::auth;
use crate::exchange::is_json;
use crate::reply::Refusal;

/// A call that may be made, as far as the gateway can tell.
#[derive(Debug)]
pub(super) struct Call<'a> {
    operation: &'static Operation,
    parameters: HashMap<&'static str, String>,
    headers: &'a HeaderMap,
    body: &'a [u8],
}

impl<'a> Call<'a> {
    /// The call of that operation that a request makes.
    pub(super) fn new(operation: &'static Operation, request: &auth::Request<'a>) -> Self {
        Self {
            operation,
            parameters: parameters(operation.path, request.uri.path()),
            headers: request.headers,
            body: request.body,
        }
    }

    /// A parameter of the path, decoded.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// The project of the path.
    pub(super) fn project(&self) -> Option<&str> {
        let mut parameters = self.operation.parameters.iter();
        let project =
            parameters.find(|parameter| parameter.filled_in == Some(ClientValue::ProjectId))?;
        self.parameter(project.name)
    }

    /// The body as the contract has it.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        if !is_json(self.headers) {
            return Err(
                Refusal::invalid_request().because("the content type is not application/json")
            );
        }
        serde_json::from_slice(self.body).map_err(|error| {
            Refusal::invalid_request().because(format!("the body does not fit: {error}"))
        })
    }
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

/// The body of a success.
pub(super) fn encoded(body: &impl Serialize) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(body).map_err(|error| {
        Refusal::service(
            StatusCode::INTERNAL_SERVER_ERROR,
            "DBSS.11000000",
            "Internal system exception. Contact technical support engineers",
        )
        .because(error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_what_the_template_says() {
        let found = parameters("/v1/{a}/x/{b}", "/v1/one%2Ftwo/x/%ff%C3%A9");
        let expected = HashMap::from([("a", "one/two".to_owned()), ("b", "\u{fffd}é".to_owned())]);
        assert_eq!(found, expected);
    }
}
