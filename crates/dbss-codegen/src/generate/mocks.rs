//! The mocks: what progenitor generates for httpmock, over the types of the raw layer.

use openapiv3 as oa;
use proc_macro2::TokenStream;
use progenitor::Generator;

use super::model::{Model, Result, SchemaKind};
use super::raw;

/// The module with the types of the mocks.
const RAW: &str = "dbss_client::raw";

/// Runs progenitor's generator of mocks.
pub(crate) fn generate(api: &oa::OpenAPI, model: &Model) -> Result<TokenStream> {
    let mut generator = Generator::new(&raw::settings(model));
    generator.httpmock(&mockable(api, model), RAW).map_err(|error| error.to_string())
}

/// The contract without the parts for which that generator panics or generates code that
/// does not compile. A mock matches these by hand, with `into_inner`.
fn mockable(api: &oa::OpenAPI, model: &Model) -> oa::OpenAPI {
    let mut api = raw::reduced(api);
    let components = api.components.clone().unwrap_or_default();
    let fits = |parameter: &oa::ReferenceOr<oa::Parameter>| !is_list(parameter, &components, model);
    let paths = std::mem::take(&mut api.paths.paths);
    for (path, mut item) in paths {
        if let oa::ReferenceOr::Item(item) = &mut item {
            item.parameters.retain(fits);
            let methods = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete];
            let more = [&mut item.head, &mut item.patch];
            for operation in methods.into_iter().chain(more).flatten() {
                operation.parameters.retain(fits);
                operation.responses.responses.retain(|status, _| has_name(status));
            }
        }
        api.paths.paths.insert(escaped(&path), item);
    }
    api
}

/// Whether a parameter is a list, which the generator cannot compare as text.
fn is_list(
    parameter: &oa::ReferenceOr<oa::Parameter>,
    components: &oa::Components,
    model: &Model,
) -> bool {
    let parameter = match parameter {
        oa::ReferenceOr::Item(parameter) => Some(parameter),
        oa::ReferenceOr::Reference { reference } => {
            components.parameters.get(target(reference)).and_then(oa::ReferenceOr::as_item)
        }
    };
    let Some(oa::Parameter::Query { parameter_data, .. }) = parameter else { return false };
    let oa::ParameterSchemaOrContent::Schema(schema) = &parameter_data.format else { return false };
    match schema {
        oa::ReferenceOr::Item(schema) => {
            matches!(schema.schema_kind, oa::SchemaKind::Type(oa::Type::Array(_)))
        }
        oa::ReferenceOr::Reference { reference } => {
            let kind = SchemaKind::Reference(target(reference).to_owned());
            matches!(model.resolve(&kind), SchemaKind::Array { .. })
        }
    }
}

/// The name at the end of a reference.
fn target(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// Whether a status has a standard reason phrase, after which the generator names a
/// method.
fn has_name(status: &oa::StatusCode) -> bool {
    match status {
        oa::StatusCode::Code(code) => http::StatusCode::from_u16(*code)
            .is_ok_and(|status| status.canonical_reason().is_some()),
        oa::StatusCode::Range(_) => true,
    }
}

/// The path as a regular expression that matches it, except for the placeholders: the
/// generator uses it as a regular expression without escaping it.
fn escaped(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((constant, (placeholder, after))) =
        rest.split_once('{').and_then(|(constant, open)| Some((constant, open.split_once('}')?)))
    {
        escaped.push_str(&regex::escape(constant));
        escaped.extend(["{", placeholder, "}"]);
        rest = after;
    }
    escaped.push_str(&regex::escape(rest));
    escaped
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::escaped;
    use crate::Contract;

    #[test]
    fn escapes_only_constant_parts_of_paths() {
        assert_eq!(escaped("/v1/{project_id}/a.b"), r"/v1/{project_id}/a\.b");
        assert_eq!(escaped("/plain"), "/plain");
        assert_eq!(escaped("/{a}/{b}"), "/{a}/{b}");
    }

    #[test]
    fn leaves_out_what_mocks_cannot_express() {
        let text = r#"
openapi: 3.0.3
info: {title: T, version: 1.0.0}
paths:
  /things.json:
    get:
      operationId: ListThings
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - $ref: '#/components/parameters/Ids'
      responses:
        "200":
          description: D
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        "404":
          description: D
          content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}
        "499":
          description: D
          content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}
components:
  parameters:
    Ids: {name: ids, in: query, schema: {$ref: '#/components/schemas/Ids'}}
  schemas:
    Ids: {type: array, items: {type: string}}
    Thing: {type: object, properties: {name: {type: string}}}
    Error: {type: object, properties: {error_code: {type: string}}}
"#;
        let mocks = Contract::parse("c.yaml", text).unwrap().generate_mocks().unwrap().text;
        for there in ["fn list_things<", "fn limit<", "fn ok(", "fn not_found(", r"things\\.json"] {
            assert!(mocks.contains(there), "{there} is missing in\n{mocks}");
        }
        for absent in ["fn ids", "499"] {
            assert!(!mocks.contains(absent), "{absent} is in\n{mocks}");
        }
    }
}
