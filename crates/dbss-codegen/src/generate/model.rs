//! The contract as the generators see it: operations, and schemas by name.
//!
//! It is built from a checked document only. What the checker refuses has no
//! form here, so a construct that turns up all the same is an error that names
//! it, never a guess.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3 as oa;
use serde_json::Value;

use super::names;

/// What went wrong, and where in the contract (a JSON Pointer or a name).
pub(crate) type Result<T> = std::result::Result<T, String>;

/// The whole contract.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) server: Option<Server>,
    pub(crate) schemas: BTreeMap<String, Named>,
    pub(crate) operations: Vec<Operation>,
}

/// The first server of the contract.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) variables: Vec<(String, String, Vec<String>)>,
}

/// A schema under `components/schemas`.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) wire: String,
    /// Its Rust type, as typify calls it.
    pub(crate) rust: String,
    pub(crate) slot: Slot,
    /// Whether an answer can hold it.
    pub(crate) in_answer: bool,
    /// Whether a caller can give it as a value, by itself or within another.
    pub(crate) in_input: bool,
}

/// A place that holds a value: a property, an item, a parameter, a body.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) shape: Shape,
    pub(crate) nullable: bool,
    pub(crate) description: Option<String>,
    pub(crate) default: Option<Value>,
    pub(crate) example: Option<Value>,
}

impl Slot {
    /// The same place where the value is known to be there.
    pub(crate) fn present(&self) -> Self {
        Self { nullable: false, ..self.clone() }
    }
}

/// What a value looks like.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Boolean,
    Integer { short: bool, bounds: Bounds<i64> },
    Number { short: bool, bounds: Bounds<f64> },
    String(Text),
    Enum { values: Vec<String>, failures: Vec<String> },
    Array { items: Box<Slot>, min: Option<usize>, max: Option<usize>, unique: bool },
    Map(Box<Slot>),
    Free,
    Object(Vec<Field>),
    Ref(String),
}

/// Limits of a string, and what its values mean.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    pub(crate) min: Option<usize>,
    pub(crate) max: Option<usize>,
    pub(crate) pattern: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) failures: Vec<String>,
}

/// Limits of a number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bounds<T> {
    pub(crate) min: Option<T>,
    pub(crate) max: Option<T>,
    pub(crate) above: bool,
    pub(crate) below: bool,
}

/// How typify wraps the type of a field.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Form {
    pub(crate) optional: bool,
    pub(crate) boxed: bool,
}

/// A property of an object.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) wire: String,
    /// The field of the Rust struct, as typify calls it.
    pub(crate) rust: String,
    pub(crate) required: bool,
    pub(crate) slot: Slot,
    pub(crate) form: Form,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
}

/// A parameter of an operation.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) wire: String,
    /// The setter, as progenitor calls it.
    pub(crate) rust: String,
    pub(crate) location: Location,
    pub(crate) required: bool,
    pub(crate) slot: Slot,
    /// What the client fills in where a call does not give it.
    pub(crate) filled_in: Option<ClientValue>,
}

/// What a client knows for all of its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientValue {
    ProjectId,
}

impl ClientValue {
    /// What the client fills in for a parameter: the project that the path of a
    /// request names, which Huawei's API always calls so. This is the one place
    /// that decides it; all others follow the descriptor.
    fn of(parameter: &Parameter, model: &Model) -> Option<Self> {
        let project = parameter.wire == "project_id"
            && parameter.location == Location::Path
            && parameter.required
            && !parameter.slot.nullable
            && matches!(model.resolve(&parameter.slot.shape), Shape::String(_));
        project.then_some(Self::ProjectId)
    }
}

/// An example in the contract, or one made from the schema.
#[derive(Debug)]
pub(crate) struct Example {
    pub(crate) name: String,
    pub(crate) value: Value,
}

/// The body of a request.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) description: Option<String>,
    pub(crate) slot: Slot,
    pub(crate) examples: Vec<Example>,
}

/// A documented answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// As the contract writes it: `200`, `4XX`, `default`.
    pub(crate) status: String,
    pub(crate) description: String,
    pub(crate) slot: Option<Slot>,
    pub(crate) examples: Vec<Example>,
}

impl Answer {
    /// Whether a caller takes it for success; a `default` answers what no other
    /// entry does, and counts as success only where nothing else is one.
    pub(crate) fn is_success(&self) -> bool {
        self.status.starts_with('2')
    }
}

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) deprecated: bool,
    pub(crate) idempotent: bool,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) answers: Vec<Answer>,
}

impl Operation {
    /// The documented success; the checker sees to it that there is one type.
    pub(crate) fn success(&self) -> Option<&Answer> {
        self.answers
            .iter()
            .find(|answer| answer.is_success())
            .or_else(|| self.answers.iter().find(|answer| answer.status == "default"))
    }
}

impl Model {
    /// Follows references to the shape that stands behind them.
    pub(crate) fn resolve<'a>(&'a self, mut shape: &'a Shape) -> &'a Shape {
        let mut seen = BTreeSet::new();
        while let Shape::Ref(name) = shape {
            match self.schemas.get(name) {
                Some(named) if seen.insert(name) => shape = &named.slot.shape,
                _ => break,
            }
        }
        shape
    }

    /// Builds the model of a checked contract.
    pub(crate) fn new(api: &oa::OpenAPI) -> Result<Self> {
        let reader = Reader { components: api.components.as_ref() };
        let mut model = Self {
            title: api.info.title.clone(),
            version: api.info.version.clone(),
            server: api.servers.first().map(server),
            schemas: reader.schemas()?,
            operations: Vec::new(),
        };
        for (path, item) in &api.paths.paths {
            let item = item.as_item().ok_or_else(|| format!("path item {path} is a reference"))?;
            for (method, operation) in item.iter() {
                model.operations.push(reader.operation(
                    path,
                    method,
                    operation,
                    &item.parameters,
                )?);
            }
        }
        model.mark_uses();
        model.mark_filled_in();
        Ok(model)
    }

    /// Marks the schemas that answers hold, and those that callers give. The
    /// object of a body is not among the latter: callers give its fields.
    fn mark_uses(&mut self) {
        let (mut answers, mut inputs) = (Vec::new(), Vec::new());
        for operation in &self.operations {
            for slot in operation.answers.iter().filter_map(|answer| answer.slot.as_ref()) {
                references(&slot.shape, &mut answers);
            }
            for parameter in &operation.parameters {
                references(&parameter.slot.shape, &mut inputs);
            }
            if let Some(body) = &operation.body {
                match self.resolve(&body.slot.shape) {
                    object @ Shape::Object(_) => references(object, &mut inputs),
                    _ => references(&body.slot.shape, &mut inputs),
                }
            }
        }
        self.mark(answers, |named| &mut named.in_answer);
        self.mark(inputs, |named| &mut named.in_input);
    }

    /// Marks the parameters that the client fills in.
    fn mark_filled_in(&mut self) {
        let mut operations = std::mem::take(&mut self.operations);
        for parameter in operations.iter_mut().flat_map(|operation| &mut operation.parameters) {
            parameter.filled_in = ClientValue::of(parameter, self);
        }
        self.operations = operations;
    }

    fn mark(&mut self, mut open: Vec<String>, flag: impl Fn(&mut Named) -> &mut bool) {
        while let Some(name) = open.pop() {
            if let Some(named) = self.schemas.get_mut(&name)
                && !std::mem::replace(flag(named), true)
            {
                references(&named.slot.shape, &mut open);
            }
        }
    }
}

/// Appends the names that a shape refers to.
fn references(shape: &Shape, into: &mut Vec<String>) {
    match shape {
        Shape::Ref(name) => into.push(name.clone()),
        Shape::Array { items, .. } => references(&items.shape, into),
        Shape::Map(slot) => references(&slot.shape, into),
        Shape::Object(fields) => {
            for field in fields {
                references(&field.slot.shape, into);
            }
        }
        Shape::Boolean
        | Shape::Integer { .. }
        | Shape::Number { .. }
        | Shape::String(_)
        | Shape::Enum { .. }
        | Shape::Free => {}
    }
}

fn server(server: &oa::Server) -> Server {
    let variables = server.variables.iter().flatten();
    Server {
        url: server.url.clone(),
        variables: variables
            .map(|(name, v)| (name.clone(), v.default.clone(), v.enumeration.clone()))
            .collect(),
    }
}

/// Reads openapiv3's types, resolving component references.
struct Reader<'a> {
    components: Option<&'a oa::Components>,
}

impl Reader<'_> {
    fn schemas(&self) -> Result<BTreeMap<String, Named>> {
        let mut schemas = BTreeMap::new();
        for (wire, schema) in self.components.iter().flat_map(|c| &c.schemas) {
            let named = Named {
                wire: wire.clone(),
                rust: names::pascal(wire),
                slot: slot(schema)?,
                in_answer: false,
                in_input: false,
            };
            schemas.insert(wire.clone(), named);
        }
        Ok(schemas)
    }

    fn operation(
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
        let place = |p: &Parameter| match p.location {
            Location::Path => path.find(&format!("{{{}}}", p.wire)).unwrap_or(usize::MAX),
            Location::Query | Location::Header => usize::MAX,
        };
        parameters.sort_by_key(|p| (place(p), !p.required));
        let body = operation.request_body.as_ref().map(|body| self.body(body)).transpose()?;
        let responses = &operation.responses;
        let mut answers = Vec::new();
        for (status, response) in &responses.responses {
            answers.push(self.answer(&status.to_string(), response)?);
        }
        answers.sort_by(|a, b| a.status.cmp(&b.status));
        if let Some(response) = &responses.default {
            answers.push(self.answer("default", response)?);
        }
        Ok(Operation {
            id,
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            summary: text(operation.summary.as_ref()),
            description: text(operation.description.as_ref()),
            tags: operation.tags.clone(),
            deprecated: operation.deprecated,
            idempotent: operation.extensions.get("x-dbss-idempotent") == Some(&Value::Bool(true)),
            parameters,
            body,
            answers,
        })
    }

    fn parameter(&self, parameter: &oa::ReferenceOr<oa::Parameter>) -> Result<Parameter> {
        let parameter = self.resolve(parameter, |c| &c.parameters)?;
        let location = match parameter {
            oa::Parameter::Path { .. } => Location::Path,
            oa::Parameter::Query { .. } => Location::Query,
            oa::Parameter::Header { .. } => Location::Header,
            oa::Parameter::Cookie { .. } => return Err("a cookie parameter".to_owned()),
        };
        let data = parameter.parameter_data_ref();
        let oa::ParameterSchemaOrContent::Schema(schema) = &data.format else {
            return Err(format!("parameter {} has content instead of a schema", data.name));
        };
        let mut slot = slot(schema)?;
        slot.example = examples(data.example.as_ref(), &data.examples, self)?
            .into_iter()
            .map(|e| e.value)
            .next()
            .or(slot.example);
        slot.description = text(data.description.as_ref()).or(slot.description);
        Ok(Parameter {
            wire: data.name.clone(),
            rust: names::parameter(&data.name),
            location,
            required: data.required,
            slot,
            filled_in: None,
        })
    }

    fn body(&self, body: &oa::ReferenceOr<oa::RequestBody>) -> Result<Body> {
        let body = self.resolve(body, |c| &c.request_bodies)?;
        let media = body.content.values().next().ok_or("a request body without content")?;
        let schema = media.schema.as_ref().ok_or("a request body without a schema")?;
        Ok(Body {
            description: text(body.description.as_ref()),
            slot: slot(schema)?,
            examples: examples(media.example.as_ref(), &media.examples, self)?,
        })
    }

    fn answer(&self, status: &str, response: &oa::ReferenceOr<oa::Response>) -> Result<Answer> {
        let response = self.resolve(response, |c| &c.responses)?;
        let media = response.content.values().next();
        Ok(Answer {
            status: status.to_owned(),
            description: response.description.trim().to_owned(),
            slot: media.and_then(|media| media.schema.as_ref()).map(slot).transpose()?,
            examples: match media {
                Some(media) => examples(media.example.as_ref(), &media.examples, self)?,
                None => Vec::new(),
            },
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
                let name = last_segment(reference);
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

/// The name at the end of a reference, unescaped.
fn last_segment(reference: &str) -> String {
    let segment = reference.rsplit('/').next().unwrap_or(reference);
    segment.replace("~1", "/").replace("~0", "~")
}

fn text(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn slot(schema: &oa::ReferenceOr<oa::Schema>) -> Result<Slot> {
    match schema {
        oa::ReferenceOr::Reference { reference } => Ok(Slot {
            shape: Shape::Ref(last_segment(reference)),
            nullable: false,
            description: None,
            default: None,
            example: None,
        }),
        oa::ReferenceOr::Item(schema) => {
            let data = &schema.schema_data;
            Ok(Slot {
                shape: shape(schema)?,
                nullable: data.nullable,
                description: text(data.description.as_ref()),
                default: data.default.clone(),
                example: data.example.clone(),
            })
        }
    }
}

fn boxed(schema: &oa::ReferenceOr<Box<oa::Schema>>) -> Result<Slot> {
    slot(&schema.clone().unbox())
}

fn shape(schema: &oa::Schema) -> Result<Shape> {
    let failures = match schema.schema_data.extensions.get("x-dbss-failure-values") {
        Some(Value::Array(values)) => {
            values.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    };
    Ok(match &schema.schema_kind {
        oa::SchemaKind::AllOf { all_of } => match all_of.as_slice() {
            [oa::ReferenceOr::Reference { reference }] => Shape::Ref(last_segment(reference)),
            _ => return Err("an allOf of anything but one reference".to_owned()),
        },
        oa::SchemaKind::Type(kind) => match kind {
            oa::Type::Boolean(_) => Shape::Boolean,
            oa::Type::Integer(integer) => Shape::Integer {
                short: integer.format
                    == oa::VariantOrUnknownOrEmpty::Item(oa::IntegerFormat::Int32),
                bounds: Bounds {
                    min: integer.minimum,
                    max: integer.maximum,
                    above: integer.exclusive_minimum,
                    below: integer.exclusive_maximum,
                },
            },
            oa::Type::Number(number) => Shape::Number {
                short: number.format == oa::VariantOrUnknownOrEmpty::Item(oa::NumberFormat::Float),
                bounds: Bounds {
                    min: number.minimum,
                    max: number.maximum,
                    above: number.exclusive_minimum,
                    below: number.exclusive_maximum,
                },
            },
            oa::Type::String(string) => {
                let values: Vec<String> = string.enumeration.iter().flatten().cloned().collect();
                if values.is_empty() {
                    Shape::String(Text {
                        min: string.min_length,
                        max: string.max_length,
                        pattern: string.pattern.clone(),
                        format: format(&string.format),
                        failures,
                    })
                } else {
                    Shape::Enum { values, failures }
                }
            }
            oa::Type::Array(array) => Shape::Array {
                items: Box::new(boxed(array.items.as_ref().ok_or("an array without items")?)?),
                min: array.min_items,
                max: array.max_items,
                unique: array.unique_items,
            },
            oa::Type::Object(object) => return object_shape(object),
        },
        other => return Err(format!("an unsupported kind of schema: {other:?}")),
    })
}

fn object_shape(object: &oa::ObjectType) -> Result<Shape> {
    if object.properties.is_empty() {
        return Ok(match &object.additional_properties {
            Some(oa::AdditionalProperties::Schema(schema)) => Shape::Map(Box::new(slot(schema)?)),
            // No properties and none allowed: an object that is always empty.
            Some(oa::AdditionalProperties::Any(false)) => Shape::Object(Vec::new()),
            Some(oa::AdditionalProperties::Any(true)) | None => Shape::Free,
        });
    }
    let fields = object.properties.iter().map(|(wire, schema)| {
        Ok(Field {
            wire: wire.clone(),
            rust: names::snake(wire),
            required: object.required.contains(wire),
            slot: boxed(schema)?,
            form: Form::default(),
        })
    });
    let mut fields = fields.collect::<Result<Vec<_>>>()?;
    fields.sort_by_key(|field| !field.required);
    Ok(Shape::Object(fields))
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
