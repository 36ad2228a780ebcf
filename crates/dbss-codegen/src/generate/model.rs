//! The contract as the generators use it: operations, and schemas by name.
//!
//! It is built only from a checked contract. Constructs that the lint rejects are not
//! represented; if one occurs all the same, it is an error that names it.

mod completion;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3 as oa;
use serde_json::Value;

use super::raw_names;

pub(crate) use self::completion::{Completion, Pages};

/// A message with the location in the contract (a JSON Pointer or a name).
pub(crate) type Result<T> = std::result::Result<T, String>;

/// The whole contract.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) server: Option<Server>,
    pub(crate) schemas: BTreeMap<String, NamedSchema>,
    pub(crate) operations: Vec<Operation>,
    /// The Rust types that typify boxes wherever they are optional, to break recursion.
    pub(crate) boxed_options: BTreeSet<String>,
}

/// The first server of the contract.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) variables: Vec<(String, String, Vec<String>)>,
}

/// A schema under `components/schemas`.
#[derive(Debug)]
pub(crate) struct NamedSchema {
    pub(crate) wire: String,
    /// The name of its Rust type, which is also that of typify.
    pub(crate) rust: String,
    pub(crate) schema: Schema,
    /// Whether a response can contain it.
    pub(crate) in_response: bool,
    /// Whether a caller can give it as a value, by itself or within another.
    pub(crate) in_input: bool,
}

/// The schema of a property, an item, a parameter or a body: inline, or a reference.
#[derive(Debug, Clone)]
pub(crate) struct Schema {
    pub(crate) kind: SchemaKind,
    pub(crate) nullable: bool,
    pub(crate) description: Option<String>,
    pub(crate) default: Option<Value>,
    pub(crate) example: Option<Value>,
    /// What its values say about the outcome of the operation, if they say anything.
    pub(crate) outcome: Option<OutcomeValues>,
}

/// The values that report that an operation succeeded, and those that report that it failed.
#[derive(Debug, Clone, Default)]
pub(crate) struct OutcomeValues {
    pub(crate) succeeded: Vec<String>,
    pub(crate) failed: Vec<String>,
}

impl NamedSchema {
    /// Whether it becomes an enum, which is always ours and open, never typify's.
    pub(crate) fn is_enum(&self) -> bool {
        matches!(self.schema.kind, SchemaKind::Enum { .. })
    }
}

impl Schema {
    /// The same schema without `null`.
    pub(crate) fn present(&self) -> Self {
        Self { nullable: false, ..self.clone() }
    }
}

/// The kind of a schema, with its limits.
#[derive(Debug, Clone)]
pub(crate) enum SchemaKind {
    Boolean,
    Integer { is_32_bit: bool, bounds: Bounds<i64> },
    Number { is_32_bit: bool, bounds: Bounds<f64> },
    String(StringSchema),
    Enum { values: Vec<String> },
    Array { items: Box<Schema>, min: Option<usize>, max: Option<usize>, unique: bool },
    Map(Box<Schema>),
    AnyObject,
    Object(Vec<Field>),
    Reference(String),
}

/// Limits of a string.
#[derive(Debug, Clone, Default)]
pub(crate) struct StringSchema {
    pub(crate) min: Option<usize>,
    pub(crate) max: Option<usize>,
    pub(crate) pattern: Option<String>,
    pub(crate) format: Option<String>,
}

/// Limits of a number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bounds<T> {
    pub(crate) min: Option<T>,
    pub(crate) max: Option<T>,
    pub(crate) exclusive_min: bool,
    pub(crate) exclusive_max: bool,
}

/// How typify wraps the type of a field.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct FieldWrapping {
    pub(crate) optional: bool,
    pub(crate) boxed: bool,
}

/// A property of an object.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) wire: String,
    /// The name of the field in typify's struct.
    pub(crate) rust: String,
    pub(crate) required: bool,
    pub(crate) schema: Schema,
    pub(crate) wrapping: FieldWrapping,
}

/// Where in a request a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterLocation {
    Path,
    Query,
    Header,
}

/// A parameter of an operation.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) wire: String,
    /// The name of its setter in progenitor's builder.
    pub(crate) rust: String,
    pub(crate) location: ParameterLocation,
    pub(crate) required: bool,
    pub(crate) schema: Schema,
    /// What the client fills in if a call does not set it.
    pub(crate) filled_in: Option<ClientValue>,
    /// The name under `components/parameters`, where it comes from there.
    pub(crate) component: Option<String>,
}

/// A value that a client has for all of its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientValue {
    ProjectId,
}

impl ClientValue {
    /// What the client fills in for a parameter: the project id in the path, which always
    /// has the same name in Huawei's API. This is the only place that decides it;
    /// everything else reads it from the descriptor.
    fn of(parameter: &Parameter, model: &Model) -> Option<Self> {
        let project = parameter.wire == "project_id"
            && parameter.location == ParameterLocation::Path
            && parameter.required
            && !parameter.schema.nullable
            && matches!(model.resolve(&parameter.schema.kind), SchemaKind::String(_));
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
    pub(crate) schema: Schema,
    pub(crate) examples: Vec<Example>,
}

/// A documented response.
#[derive(Debug)]
pub(crate) struct DocumentedResponse {
    /// As the contract writes it: `200`, `4XX`, `default`.
    pub(crate) status: String,
    pub(crate) description: String,
    pub(crate) schema: Option<Schema>,
    pub(crate) examples: Vec<Example>,
    /// The name under `components/responses`, where it comes from there.
    pub(crate) component: Option<String>,
}

impl DocumentedResponse {
    /// Whether it is a success. A `default` stands for all other statuses, and is a
    /// success only if no other response is one.
    pub(crate) fn is_success(&self) -> bool {
        self.status.starts_with('2')
    }
}

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    /// The operationId that progenitor gets, which differs where the contract's would collide.
    pub(crate) raw_id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) deprecated: bool,
    pub(crate) idempotent: bool,
    pub(crate) pages: Option<Pages>,
    pub(crate) completion: Option<Completion>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) responses: Vec<DocumentedResponse>,
}

impl Operation {
    /// The documented responses that are no successes.
    pub(crate) fn errors(&self) -> impl Iterator<Item = &DocumentedResponse> {
        self.responses.iter().filter(|response| !response.is_success())
    }

    /// The documented success response; the lint ensures that all have one type.
    pub(crate) fn success(&self) -> Option<&DocumentedResponse> {
        self.responses
            .iter()
            .find(|response| response.is_success())
            .or_else(|| self.responses.iter().find(|response| response.status == "default"))
    }
}

impl Model {
    /// Follows references to the kind of the schema that they refer to.
    pub(crate) fn resolve<'a>(&'a self, mut kind: &'a SchemaKind) -> &'a SchemaKind {
        let mut seen = BTreeSet::new();
        while let SchemaKind::Reference(name) = kind {
            match self.schemas.get(name) {
                Some(named) if seen.insert(name) => kind = &named.schema.kind,
                _ => break,
            }
        }
        kind
    }

    /// The default of a schema, or of the one that it refers to.
    pub(crate) fn default_of<'a>(&'a self, mut schema: &'a Schema) -> Option<&'a Value> {
        let mut seen = BTreeSet::new();
        loop {
            match (&schema.default, &schema.kind) {
                (Some(default), _) => return Some(default),
                (None, SchemaKind::Reference(name)) if seen.insert(name) => {
                    schema = &self.schemas.get(name)?.schema;
                }
                (None, _) => return None,
            }
        }
    }

    /// Builds the model of a checked contract.
    pub(crate) fn new(api: &oa::OpenAPI) -> Result<Self> {
        let reader = read::Reader { components: api.components.as_ref() };
        let mut model = Self {
            title: api.info.title.clone(),
            version: api.info.version.clone(),
            server: api.servers.first().map(read::server),
            schemas: reader.schemas()?,
            operations: Vec::new(),
            boxed_options: BTreeSet::new(),
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
        let ids = model.operations.iter().map(|operation| operation.id.as_str());
        let mut replaced = raw_names::replaced_ids(ids);
        for operation in &mut model.operations {
            operation.raw_id =
                replaced.remove(&operation.id).unwrap_or_else(|| operation.id.clone());
        }
        model.mark_uses();
        model.mark_filled_in();
        Ok(model)
    }

    /// Marks the schemas that responses contain, and those that callers give. The object
    /// of a body is not among the latter: callers give its fields.
    fn mark_uses(&mut self) {
        let (mut responses, mut inputs) = (Vec::new(), Vec::new());
        for operation in &self.operations {
            for schema in operation.responses.iter().filter_map(|response| response.schema.as_ref())
            {
                references(&schema.kind, &mut responses);
            }
            for parameter in &operation.parameters {
                references(&parameter.schema.kind, &mut inputs);
            }
            if let Some(body) = &operation.body {
                match self.resolve(&body.schema.kind) {
                    object @ SchemaKind::Object(_) if !body.schema.nullable => {
                        references(object, &mut inputs);
                    }
                    _ => references(&body.schema.kind, &mut inputs),
                }
            }
        }
        self.mark(responses, |named| &mut named.in_response);
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

    fn mark(&mut self, mut open: Vec<String>, flag: impl Fn(&mut NamedSchema) -> &mut bool) {
        while let Some(name) = open.pop() {
            if let Some(named) = self.schemas.get_mut(&name)
                && !std::mem::replace(flag(named), true)
            {
                references(&named.schema.kind, &mut open);
            }
        }
    }
}

/// Appends the names that a schema refers to.
fn references(kind: &SchemaKind, into: &mut Vec<String>) {
    match kind {
        SchemaKind::Reference(name) => into.push(name.clone()),
        SchemaKind::Array { items, .. } => references(&items.kind, into),
        SchemaKind::Map(schema) => references(&schema.kind, into),
        SchemaKind::Object(fields) => {
            for field in fields {
                references(&field.schema.kind, into);
            }
        }
        SchemaKind::Boolean
        | SchemaKind::Integer { .. }
        | SchemaKind::Number { .. }
        | SchemaKind::String(_)
        | SchemaKind::Enum { .. }
        | SchemaKind::AnyObject => {}
    }
}
