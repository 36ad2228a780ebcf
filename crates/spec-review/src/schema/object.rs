//! A schema object as written, with the schemas inside it read as well.

use indexmap::IndexMap;
use openapi_document::{Node, Value as Yaml};
use serde_json::{Number, Value};

use super::Schemas;
use super::types::TypeSet;
use crate::resolver::{NodeLocation, NodeRef, join};

/// Identifies a schema object of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SchemaId(pub(crate) u32);

/// `additionalProperties` as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AdditionalKeyword {
    /// Absent, `true`, or `{}`.
    Open,
    /// `false`.
    Closed,
    /// A schema with constraints.
    Schema(SchemaId),
}

/// `discriminator`, with its mapping as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Discriminator {
    pub(crate) property: String,
    pub(crate) mapping: IndexMap<String, String>,
}

/// The keywords of one schema object.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are the keywords of a schema object")]
pub(crate) struct SchemaObject<'d> {
    /// `None` for the built-in schemas, which are in no document.
    pub(crate) at: Option<NodeRef<'d>>,
    pub(crate) types: Option<TypeSet>,
    pub(crate) nullable: bool,
    pub(crate) values: Option<Vec<Value>>,
    pub(crate) minimum: Option<Number>,
    pub(crate) exclusive_minimum: bool,
    pub(crate) maximum: Option<Number>,
    pub(crate) exclusive_maximum: bool,
    pub(crate) multiple_of: Option<Number>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) pattern: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) min_items: Option<u64>,
    pub(crate) max_items: Option<u64>,
    pub(crate) unique_items: bool,
    pub(crate) items: Option<SchemaId>,
    pub(crate) min_properties: Option<u64>,
    pub(crate) max_properties: Option<u64>,
    pub(crate) required: Vec<String>,
    pub(crate) properties: IndexMap<String, SchemaId>,
    pub(crate) additional: Option<AdditionalKeyword>,
    pub(crate) all_of: Vec<SchemaId>,
    pub(crate) any_of: Vec<SchemaId>,
    pub(crate) one_of: Vec<SchemaId>,
    pub(crate) not: Option<SchemaId>,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    pub(crate) deprecated: bool,
    pub(crate) default: Option<Value>,
    pub(crate) discriminator: Option<Discriminator>,
    pub(crate) xml: Option<Value>,
    /// The first alternative that says only `nullable: true`, read as `null`.
    pub(crate) null_only: Option<NodeLocation>,
    /// `x-extensible-enum`: a list of values that may be extended.
    pub(crate) extensible: Option<Vec<Value>>,
}

impl<'d> SchemaObject<'d> {
    /// Reads a schema object. `intern` returns the ids of the schemas inside it.
    pub(crate) fn read(at: NodeRef<'d>, intern: &mut dyn FnMut(NodeRef<'d>) -> SchemaId) -> Self {
        let mut object = Self::default();
        for (key, value) in at.entries() {
            let node = value.node;
            let number = || node.as_number().cloned();
            let count = || node.as_number().and_then(count);
            let flag = || node.as_bool().unwrap_or(false);
            let text = || node.as_str().map(str::to_owned);
            match key {
                "type" => object.types = types(node),
                "nullable" => object.nullable = flag(),
                "enum" => object.values = values(node),
                "minimum" => object.minimum = number(),
                "maximum" => object.maximum = number(),
                "exclusiveMinimum" => object.exclusive_minimum = flag(),
                "exclusiveMaximum" => object.exclusive_maximum = flag(),
                "multipleOf" => {
                    object.multiple_of = number().filter(|n| n.as_f64().is_some_and(|n| n > 0.0));
                }
                "minLength" => object.min_length = count(),
                "maxLength" => object.max_length = count(),
                "pattern" => object.pattern = text(),
                "format" => object.format = text(),
                "minItems" => object.min_items = count(),
                "maxItems" => object.max_items = count(),
                "uniqueItems" => object.unique_items = flag(),
                "items" => object.items = Some(intern(value)),
                "minProperties" => object.min_properties = count(),
                "maxProperties" => object.max_properties = count(),
                "required" => {
                    object.required =
                        node.items().iter().filter_map(Node::as_str).map(str::to_owned).collect();
                }
                "properties" => {
                    object.properties = value
                        .all_entries()
                        .map(|(name, at)| (name.to_owned(), intern(at)))
                        .collect();
                }
                "additionalProperties" => {
                    object.additional = Some(match &node.value {
                        Yaml::Bool(false) => AdditionalKeyword::Closed,
                        Yaml::Mapping(entries) if !entries.is_empty() => {
                            AdditionalKeyword::Schema(intern(value))
                        }
                        _ => AdditionalKeyword::Open,
                    });
                }
                "allOf" => object.all_of = value.items().map(&mut *intern).collect(),
                "anyOf" => object.any_of = alternatives(&value, &mut object.null_only, intern),
                "oneOf" => object.one_of = alternatives(&value, &mut object.null_only, intern),
                "not" => object.not = Some(intern(value)),
                "readOnly" => object.read_only = flag(),
                "writeOnly" => object.write_only = flag(),
                "deprecated" => object.deprecated = flag(),
                "default" => object.default = Some(node.to_json()),
                "discriminator" => object.discriminator = discriminator(node),
                "xml" => object.xml = Some(node.to_json()),
                _ => {}
            }
        }
        object.extensible = at.node.get("x-extensible-enum").and_then(values);
        object.at = Some(at);
        object
    }

    /// The location of a keyword, or of the schema where the keyword is absent.
    pub(crate) fn location_of(&self, key: &str) -> Option<NodeLocation> {
        self.at.as_ref().map(|at| at.location_of(key))
    }

    /// The location of a property.
    pub(crate) fn location_of_property(&self, name: &str) -> Option<NodeLocation> {
        let properties = self.at.as_ref()?.get("properties")?;
        // Both have the order of the document. A search by name would be linear.
        let entry = properties.node.entries().get(self.properties.get_index_of(name)?)?;
        Some(NodeLocation { pointer: join(&properties.pointer, name), span: entry.key_span })
    }

    pub(crate) fn location(&self) -> Option<NodeLocation> {
        self.at.as_ref().map(NodeRef::location)
    }

    /// Whether it only wraps another schema.
    pub(crate) fn is_wrapper(&self) -> bool {
        self.all_of.len() + self.any_of.len() + self.one_of.len() == 1 && self.has_only_schemas()
    }

    /// Whether all that it says of a value is in its `allOf`, `anyOf` and `oneOf`.
    pub(super) fn has_only_schemas(&self) -> bool {
        let silent = ["description", "title", "allOf", "anyOf", "oneOf", "example", "externalDocs"];
        let written = self.at.as_ref().map(|at| at.node.entries()).unwrap_or_default();
        written.iter().all(|entry| silent.contains(&entry.key.as_str()))
    }

    /// The name under `components/schemas`, if it has one.
    pub(crate) fn name(&self) -> Option<&str> {
        let name = self.at.as_ref()?.pointer.strip_prefix("/components/schemas/")?;
        (!name.contains('/')).then_some(name)
    }
}

/// The alternatives of a union. An alternative that says only `nullable: true` accepts anything by
/// the text of OpenAPI 3.0, beside which no other alternative would matter. Generators (schemars,
/// and so much of Rust) write it for `null`, and it is read as that.
fn alternatives<'d>(
    union: &NodeRef<'d>,
    null_only: &mut Option<NodeLocation>,
    intern: &mut dyn FnMut(NodeRef<'d>) -> SchemaId,
) -> Vec<SchemaId> {
    let several = union.node.items().len() > 1;
    let branches = union.items().map(|branch| {
        let silent = ["nullable", "description", "title"];
        let keys = branch.node.entries().iter().map(|entry| entry.key.as_str());
        let only = branch.flag("nullable") && keys.into_iter().all(|key| silent.contains(&key));
        if several && only {
            null_only.get_or_insert_with(|| branch.location());
            Schemas::of_type(TypeSet::NULL)
        } else {
            intern(branch)
        }
    });
    branches.collect()
}

/// A type name, or a list of names as in OpenAPI 3.1.
fn types(node: &Node) -> Option<TypeSet> {
    if let Some(name) = node.as_str() {
        return TypeSet::named(name);
    }
    let named = node.items().iter().filter_map(Node::as_str).filter_map(TypeSet::named);
    named.reduce(|all, next| all | next)
}

/// A list of values; `None` if it is not a list.
fn values(node: &Node) -> Option<Vec<Value>> {
    matches!(node.value, Yaml::Sequence(_))
        .then(|| node.items().iter().map(Node::to_json).collect())
}

/// A count, which may be written as `3.0`.
fn count(number: &Number) -> Option<u64> {
    number.as_u64().or_else(|| {
        let whole = number.as_f64().filter(|float| *float >= 0.0 && float.fract() == 0.0)?;
        format!("{whole:.0}").parse().ok()
    })
}

fn discriminator(node: &Node) -> Option<Discriminator> {
    let property = node.get("propertyName")?.as_str()?.to_owned();
    let mapping = node.get("mapping").map(Node::entries).unwrap_or_default();
    let mapping = mapping
        .iter()
        .filter_map(|entry| Some((entry.key.clone(), entry.value.as_str()?.to_owned())))
        .collect();
    Some(Discriminator { property, mapping })
}
