//! `raw.rs`: progenitor's output, and the settings that it is generated with.
//!
//! It is as progenitor writes it but for [what serde does with null](super::nulls).

use openapiv3 as oa;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypePatch};
use quote::quote;

use super::model::{Model, Result, SchemaKind};
use super::{nulls, raw_names};

/// Runs progenitor on the contract.
pub(crate) fn generate(api: &oa::OpenAPI, model: &Model) -> Result<TokenStream> {
    let mut generator = Generator::new(&settings(model));
    let tokens = generator.generate_tokens(&reduced(api)).map_err(|error| error.to_string())?;
    nulls::read_as_absent(tokens)
}

/// The settings of progenitor's generators.
pub(super) fn settings(model: &Model) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::call::Context))
        .with_derive("PartialEq");
    for named in model.schemas.values() {
        if named.is_enum() {
            // An absolute path, so that it also resolves in other crates that contain
            // progenitor's output.
            let path = format!("::dbss_client::types::{}", named.rust);
            let impls = [progenitor::TypeImpl::Display, progenitor::TypeImpl::FromStr];
            settings.with_replacement(&named.rust, path, impls.into_iter());
        } else if matches!(named.schema.kind, SchemaKind::Object(_)) {
            let mut patch = TypePatch::default();
            patch.with_attr("#[non_exhaustive]");
            settings.with_patch(&named.rust, &patch);
        }
    }
    settings
}

/// The contract as progenitor gets it: without what progenitor would ignore, turn into
/// types that users should not see, or take for its own extensions.
///
/// Limits are removed, all of them: they bind what is sent, which the facade checks, and
/// not what is received. A response in which an id is longer than the contract says is a
/// response nevertheless; typify's types would refuse all of it, a page of a list included. String formats are removed, since they would add dependencies on chrono and uuid
/// for values that the service documents as plain strings. Defaults are removed, since
/// the service fills them in: the field stays optional.
pub(super) fn reduced(api: &oa::OpenAPI) -> oa::OpenAPI {
    let mut api = api.clone();
    api.servers.clear();
    api.security = None;
    api.external_docs = None;
    api.extensions.clear();
    if let Some(components) = &mut api.components {
        components.security_schemes.clear();
        components.examples.clear();
        components.headers.clear();
        for schema in components.schemas.values_mut() {
            reduce(schema);
        }
        for parameter in components.parameters.values_mut() {
            reduce_parameter(parameter);
        }
        for body in components.request_bodies.values_mut() {
            reduce_body(body);
        }
        for response in components.responses.values_mut() {
            reduce_response(response);
        }
    }
    let ids = api.operations().filter_map(|(.., operation)| operation.operation_id.as_deref());
    let replaced = raw_names::replaced_ids(ids);
    for item in api.paths.paths.values_mut() {
        let oa::ReferenceOr::Item(item) = item else { continue };
        item.servers.clear();
        item.extensions.clear();
        item.parameters.iter_mut().for_each(reduce_parameter);
        let methods = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete];
        let more = [&mut item.head, &mut item.patch];
        for operation in methods.into_iter().chain(more).flatten() {
            if let Some(id) = &mut operation.operation_id
                && let Some(other) = replaced.get(id)
            {
                id.clone_from(other);
            }
            reduce_operation(operation);
        }
    }
    api
}

fn reduce_operation(operation: &mut oa::Operation) {
    operation.servers.clear();
    operation.external_docs = None;
    operation.extensions.clear();
    operation.parameters.iter_mut().for_each(reduce_parameter);
    operation.request_body.iter_mut().for_each(reduce_body);
    operation.responses.default.iter_mut().for_each(reduce_response);
    operation.responses.responses.values_mut().for_each(reduce_response);
}

fn reduce_parameter(parameter: &mut oa::ReferenceOr<oa::Parameter>) {
    let oa::ReferenceOr::Item(parameter) = parameter else { return };
    let data = match parameter {
        oa::Parameter::Query { parameter_data, .. }
        | oa::Parameter::Header { parameter_data, .. }
        | oa::Parameter::Path { parameter_data, .. }
        | oa::Parameter::Cookie { parameter_data, .. } => parameter_data,
    };
    data.example = None;
    data.examples.clear();
    data.extensions.clear();
    if let oa::ParameterSchemaOrContent::Schema(schema) = &mut data.format {
        reduce(schema);
    }
}

fn reduce_body(body: &mut oa::ReferenceOr<oa::RequestBody>) {
    if let oa::ReferenceOr::Item(body) = body {
        body.content.values_mut().for_each(reduce_media);
    }
}

fn reduce_response(response: &mut oa::ReferenceOr<oa::Response>) {
    if let oa::ReferenceOr::Item(response) = response {
        response.headers.clear();
        response.content.values_mut().for_each(reduce_media);
    }
}

fn reduce_media(media: &mut oa::MediaType) {
    media.example = None;
    media.examples.clear();
    media.schema.iter_mut().for_each(reduce);
}

fn reduce(schema: &mut oa::ReferenceOr<oa::Schema>) {
    let oa::ReferenceOr::Item(item) = schema else { return };
    let nullable = item.schema_data.nullable;
    if let oa::SchemaKind::AllOf { all_of } = &item.schema_kind
        && let [reference @ oa::ReferenceOr::Reference { .. }] = all_of.as_slice()
        && !nullable
    {
        // A wrapper that only adds a description to a reference.
        *schema = reference.clone();
        return;
    }
    item.schema_data = oa::SchemaData {
        nullable,
        description: described(&item.schema_data),
        ..oa::SchemaData::default()
    };
    if let oa::SchemaKind::Type(kind) = &mut item.schema_kind {
        reduce_type(kind);
    }
}

fn reduce_boxed(schema: &mut oa::ReferenceOr<Box<oa::Schema>>) {
    let mut plain = schema.clone().unbox();
    reduce(&mut plain);
    *schema = match plain {
        oa::ReferenceOr::Item(item) => oa::ReferenceOr::boxed_item(item),
        oa::ReferenceOr::Reference { reference } => oa::ReferenceOr::Reference { reference },
    };
}

fn reduce_type(kind: &mut oa::Type) {
    match kind {
        oa::Type::String(string) => {
            string.format = oa::VariantOrUnknownOrEmpty::Empty;
            string.min_length = None;
            string.max_length = None;
            string.pattern = None;
        }
        oa::Type::Integer(integer) => {
            // Without a format typify chooses the type by the bounds; here it is always
            // i64.
            let is_32_bit = oa::VariantOrUnknownOrEmpty::Item(oa::IntegerFormat::Int32);
            let long = oa::VariantOrUnknownOrEmpty::Item(oa::IntegerFormat::Int64);
            let format = if integer.format == is_32_bit { is_32_bit } else { long };
            *integer = oa::IntegerType { format, ..oa::IntegerType::default() };
        }
        oa::Type::Number(number) => {
            let format = number.format.clone();
            *number = oa::NumberType { format, ..oa::NumberType::default() };
        }
        oa::Type::Array(array) => {
            array.min_items = None;
            array.max_items = None;
            array.unique_items = false;
            array.items.iter_mut().for_each(reduce_boxed);
        }
        oa::Type::Object(object) => {
            object.properties.values_mut().for_each(reduce_boxed);
            if let Some(oa::AdditionalProperties::Schema(schema)) =
                &mut object.additional_properties
            {
                reduce(schema);
            }
        }
        oa::Type::Boolean(_) => {}
    }
}

/// The description, with the default that is removed from the schema.
fn described(data: &oa::SchemaData) -> Option<String> {
    let default =
        data.default.as_ref().map(|default| format!("The service's default: `{default}`."));
    let parts: Vec<String> = data.description.clone().into_iter().chain(default).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}
