//! From openapiv3's types to the model.

use std::collections::BTreeMap;

use openapiv3 as oa;
use serde_json::Value;

use super::{
    Body, Bounds, Completion, DocumentedResponse, Example, Field, FieldWrapping, NamedSchema,
    Operation, OutcomeValues, Pages, Parameter, ParameterLocation, Result, Schema, SchemaKind,
    Server, StringSchema,
};
use crate::generate::names;

pub(super) fn server(server: &oa::Server) -> Server {
    let variables = server.variables.iter().flatten();
    Server {
        url: server.url.clone(),
        variables: variables
            .map(|(name, v)| (name.clone(), v.default.clone(), v.enumeration.clone()))
            .collect(),
    }
}

/// Reads openapiv3's types and resolves component references.
pub(super) struct Reader<'a> {
    pub(super) components: Option<&'a oa::Components>,
}

impl Reader<'_> {
    pub(super) fn schemas(&self) -> Result<BTreeMap<String, NamedSchema>> {
        let mut schemas = BTreeMap::new();
        for (wire, schema) in self.components.iter().flat_map(|c| &c.schemas) {
            let named = NamedSchema {
                wire: wire.clone(),
                rust: names::pascal(wire),
                schema: read_schema(schema)?,
                in_response: false,
                in_input: false,
            };
            schemas.insert(wire.clone(), named);
        }
        Ok(schemas)
    }

    pub(super) fn operation(
        &self,
        path: &str,
        method: &str,
        operation: &oa::Operation,
        shared: &[oa::ReferenceOr<oa::Parameter>],
    ) -> Result<Operation> {
        let id = operation.operation_id.clone().ok_or("an operation has no operationId")?;
        let mut parameters: Vec<Parameter> = Vec::new();
        for parameter in shared.iter().chain(&operation.parameters) {
            let parameter = self.parameter(parameter)?;
            parameters.retain(|p| (p.location, &p.wire) != (parameter.location, &parameter.wire));
            parameters.push(parameter);
        }
        let location = |p: &Parameter| match p.location {
            ParameterLocation::Path => path.find(&format!("{{{}}}", p.wire)).unwrap_or(usize::MAX),
            ParameterLocation::Query | ParameterLocation::Header => usize::MAX,
        };
        parameters.sort_by_key(|p| (location(p), !p.required));
        let body = operation.request_body.as_ref().map(|body| self.body(body)).transpose()?;
        let mut responses = Vec::new();
        for (status, response) in &operation.responses.responses {
            responses.push(self.response(&status.to_string(), response)?);
        }
        responses.sort_by(|a, b| a.status.cmp(&b.status));
        if let Some(response) = &operation.responses.default {
            responses.push(self.response("default", response)?);
        }
        Ok(Operation {
            raw_id: id.clone(),
            id,
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            summary: text(operation.summary.as_ref()),
            description: text(operation.description.as_ref()),
            tags: operation.tags.clone(),
            deprecated: operation.deprecated,
            idempotent: operation.extensions.get("x-dbss-idempotent") == Some(&Value::Bool(true)),
            pages: operation.extensions.get("x-dbss-pages").and_then(Pages::read),
            completion: operation.extensions.get("x-dbss-completion").and_then(Completion::read),
            parameters,
            body,
            responses,
        })
    }

    fn parameter(&self, parameter: &oa::ReferenceOr<oa::Parameter>) -> Result<Parameter> {
        let component = component_of(parameter);
        let parameter = self.resolve(parameter, |c| &c.parameters)?;
        let location = match parameter {
            oa::Parameter::Path { .. } => ParameterLocation::Path,
            oa::Parameter::Query { .. } => ParameterLocation::Query,
            oa::Parameter::Header { .. } => ParameterLocation::Header,
            oa::Parameter::Cookie { .. } => return Err("a cookie parameter".to_owned()),
        };
        let data = parameter.parameter_data_ref();
        let oa::ParameterSchemaOrContent::Schema(schema) = &data.format else {
            return Err(format!("parameter {} has content instead of a schema", data.name));
        };
        let mut schema = read_schema(schema)?;
        schema.example = examples(data.example.as_ref(), &data.examples, self)?
            .into_iter()
            .map(|e| e.value)
            .next()
            .or(schema.example);
        schema.description = text(data.description.as_ref()).or(schema.description);
        Ok(Parameter {
            wire: data.name.clone(),
            rust: names::parameter(&data.name),
            location,
            required: data.required,
            schema,
            filled_in: None,
            component,
        })
    }

    fn body(&self, body: &oa::ReferenceOr<oa::RequestBody>) -> Result<Body> {
        let body = self.resolve(body, |c| &c.request_bodies)?;
        let media = body.content.values().next().ok_or("a request body without content")?;
        let schema = media.schema.as_ref().ok_or("a request body without a schema")?;
        Ok(Body {
            description: text(body.description.as_ref()),
            schema: read_schema(schema)?,
            examples: examples(media.example.as_ref(), &media.examples, self)?,
        })
    }

    fn response(
        &self,
        status: &str,
        response: &oa::ReferenceOr<oa::Response>,
    ) -> Result<DocumentedResponse> {
        let component = component_of(response);
        let response = self.resolve(response, |c| &c.responses)?;
        let media = response.content.values().next();
        Ok(DocumentedResponse {
            status: status.to_owned(),
            description: response.description.trim().to_owned(),
            schema: media.and_then(|media| media.schema.as_ref()).map(read_schema).transpose()?,
            examples: match media {
                Some(media) => examples(media.example.as_ref(), &media.examples, self)?,
                None => Vec::new(),
            },
            component,
        })
    }

    fn resolve<'r, T>(
        &'r self,
        item: &'r oa::ReferenceOr<T>,
        section: impl Fn(&'r oa::Components) -> &'r indexmap::IndexMap<String, oa::ReferenceOr<T>>,
    ) -> Result<&'r T> {
        match item {
            oa::ReferenceOr::Item(item) => Ok(item),
            oa::ReferenceOr::Reference { reference } => {
                let name = component_name(reference);
                self.components
                    .and_then(|c| section(c).get(&name))
                    .and_then(oa::ReferenceOr::as_item)
                    .ok_or_else(|| format!("{reference} leads nowhere"))
            }
        }
    }
}

fn examples(
    single: Option<&Value>,
    several: &indexmap::IndexMap<String, oa::ReferenceOr<oa::Example>>,
    reader: &Reader<'_>,
) -> Result<Vec<Example>> {
    let mut found = Vec::new();
    if let Some(value) = single {
        found.push(Example { name: "example".to_owned(), value: value.clone() });
    }
    for (name, example) in several {
        let example = reader.resolve(example, |c| &c.examples)?;
        if let Some(value) = &example.value {
            found.push(Example { name: name.clone(), value: value.clone() });
        }
    }
    Ok(found)
}

/// The name of the component that stands there by reference.
fn component_of<T>(item: &oa::ReferenceOr<T>) -> Option<String> {
    match item {
        oa::ReferenceOr::Reference { reference } => Some(component_name(reference)),
        oa::ReferenceOr::Item(_) => None,
    }
}

/// The name of the component that a reference names.
fn component_name(reference: &str) -> String {
    openapi_document::pointer::tokens(reference).last().unwrap_or_default().into_owned()
}

fn text(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn read_schema(schema: &oa::ReferenceOr<oa::Schema>) -> Result<Schema> {
    match schema {
        oa::ReferenceOr::Reference { reference } => Ok(Schema {
            kind: SchemaKind::Reference(component_name(reference)),
            nullable: false,
            description: None,
            default: None,
            example: None,
            outcome: None,
        }),
        oa::ReferenceOr::Item(schema) => {
            let data = &schema.schema_data;
            Ok(Schema {
                kind: read_kind(schema)?,
                nullable: data.nullable,
                description: text(data.description.as_ref()),
                default: data.default.clone(),
                example: data.example.clone(),
                outcome: data.extensions.get("x-dbss-outcome").map(outcome),
            })
        }
    }
}

fn outcome(values: &Value) -> OutcomeValues {
    let list = |key: &str| {
        let listed = values.get(key).and_then(Value::as_array).into_iter().flatten();
        listed.filter_map(|value| value.as_str().map(str::to_owned)).collect()
    };
    OutcomeValues { succeeded: list("succeeded"), failed: list("failed") }
}

fn read_boxed(schema: &oa::ReferenceOr<Box<oa::Schema>>) -> Result<Schema> {
    read_schema(&schema.clone().unbox())
}

fn read_kind(schema: &oa::Schema) -> Result<SchemaKind> {
    Ok(match &schema.schema_kind {
        oa::SchemaKind::AllOf { all_of } => match all_of.as_slice() {
            [oa::ReferenceOr::Reference { reference }] => {
                SchemaKind::Reference(component_name(reference))
            }
            _ => return Err("an allOf of anything but one reference".to_owned()),
        },
        oa::SchemaKind::Type(kind) => match kind {
            oa::Type::Boolean(_) => SchemaKind::Boolean,
            oa::Type::Integer(integer) => SchemaKind::Integer {
                is_32_bit: integer.format
                    == oa::VariantOrUnknownOrEmpty::Item(oa::IntegerFormat::Int32),
                bounds: Bounds {
                    min: integer.minimum,
                    max: integer.maximum,
                    exclusive_min: integer.exclusive_minimum,
                    exclusive_max: integer.exclusive_maximum,
                },
            },
            oa::Type::Number(number) => SchemaKind::Number {
                is_32_bit: number.format
                    == oa::VariantOrUnknownOrEmpty::Item(oa::NumberFormat::Float),
                bounds: Bounds {
                    min: number.minimum,
                    max: number.maximum,
                    exclusive_min: number.exclusive_minimum,
                    exclusive_max: number.exclusive_maximum,
                },
            },
            oa::Type::String(string) => {
                let values: Vec<String> = string.enumeration.iter().flatten().cloned().collect();
                if values.is_empty() {
                    SchemaKind::String(StringSchema {
                        min: string.min_length,
                        max: string.max_length,
                        pattern: string.pattern.clone(),
                        format: format(&string.format),
                    })
                } else {
                    SchemaKind::Enum { values }
                }
            }
            oa::Type::Array(array) => SchemaKind::Array {
                items: Box::new(read_boxed(array.items.as_ref().ok_or("an array without items")?)?),
                min: array.min_items,
                max: array.max_items,
                unique: array.unique_items,
            },
            oa::Type::Object(object) => return read_object(object),
        },
        other => return Err(format!("an unsupported kind of schema: {other:?}")),
    })
}

fn read_object(object: &oa::ObjectType) -> Result<SchemaKind> {
    if object.properties.is_empty() {
        return Ok(match &object.additional_properties {
            Some(oa::AdditionalProperties::Schema(schema)) => {
                SchemaKind::Map(Box::new(read_schema(schema)?))
            }
            // Without properties and without additional ones: an object that is always
            // empty.
            Some(oa::AdditionalProperties::Any(false)) => SchemaKind::Object(Vec::new()),
            Some(oa::AdditionalProperties::Any(true)) | None => SchemaKind::AnyObject,
        });
    }
    let fields = object.properties.iter().map(|(wire, schema)| {
        Ok(Field {
            wire: wire.clone(),
            rust: names::snake(wire),
            required: object.required.contains(wire),
            schema: read_boxed(schema)?,
            wrapping: FieldWrapping::default(),
        })
    });
    let mut fields = fields.collect::<Result<Vec<_>>>()?;
    fields.sort_by_key(|field| !field.required);
    Ok(SchemaKind::Object(fields))
}

fn format(format: &oa::VariantOrUnknownOrEmpty<oa::StringFormat>) -> Option<String> {
    match format {
        oa::VariantOrUnknownOrEmpty::Empty => None,
        oa::VariantOrUnknownOrEmpty::Unknown(name) => Some(name.clone()),
        oa::VariantOrUnknownOrEmpty::Item(item) => {
            serde_json::to_value(item).ok().and_then(|v| v.as_str().map(str::to_owned))
        }
    }
}
