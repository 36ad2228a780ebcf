//! Parameters of operations, and headers of responses, which are serialised alike.

use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::json;

use super::operations::{OperationNode, placeholders};
use super::{DetectedChange, HttpMessage, PreparedWitness, ValueLocation, WireComparison, media};
use crate::change::{Aspect, AspectValue, Change, Part, Serialization};
use crate::compatibility::{Direction, Level, SetEffect};
use crate::resolver::{NodeRef, Resolver};
use crate::rules;
use crate::schema::TypeSet;
use crate::stability;
use crate::versions::Versions;

/// Header parameters that OpenAPI ignores, because other parts of the document describe them.
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// The location of a parameter, and what identifies it there: its name, or its position in a path.
type ParameterKey = (String, String);

/// A parameter, and the pointer of the list entry through which the operation has it.
struct Parameter<'d> {
    at: NodeRef<'d>,
    listed: Rc<str>,
}

/// The parameters of an operation: its own, and those of its path.
struct Parameters<'d> {
    known: IndexMap<ParameterKey, Parameter<'d>>,
    /// Whether a reference among them could not be resolved.
    unknown: bool,
}

fn parameters<'d>(resolver: &Resolver<'d>, operation: &OperationNode<'d>) -> Parameters<'d> {
    let positions = placeholders(&operation.item.path);
    let mut known = IndexMap::new();
    let mut unknown = false;
    let mut unmatched = Vec::new();
    for list in
        [operation.item.at.get("parameters"), operation.at.get("parameters")].into_iter().flatten()
    {
        for item in list.items() {
            let Some(at) = resolver.resolve(&item) else {
                unknown = true;
                continue;
            };
            let (Some(location), Some(name)) = (at.text("in"), at.text("name")) else { continue };
            let parameter = Parameter { at, listed: item.pointer };
            let name = match location {
                "header" => name.to_lowercase(),
                "path" => match positions.iter().position(|position| *position == name) {
                    Some(position) => position.to_string(),
                    None => {
                        unmatched.push(parameter);
                        continue;
                    }
                },
                _ => name.to_owned(),
            };
            if location == "header" && IGNORED_HEADERS.contains(&name.as_str()) {
                continue;
            }
            known.insert((location.to_owned(), name), parameter);
        }
    }
    // A path parameter whose name is not in the path is a mistake. Most likely it means one of the
    // placeholders that no other parameter describes.
    let mut free = (0..positions.len()).map(|position| ("path".to_owned(), position.to_string()));
    for parameter in unmatched {
        let key = free.find(|key| !known.contains_key(key));
        let key = key.unwrap_or_else(|| ("path".to_owned(), parameter.at.pointer.to_string()));
        known.insert(key, parameter);
    }
    Parameters { known, unknown }
}

fn required(at: &NodeRef<'_>) -> bool {
    at.text("in") == Some("path") || at.flag("required")
}

fn part(at: &NodeRef<'_>) -> Part {
    Part::Parameter {
        location: at.text("in").unwrap_or("header").to_owned(),
        name: at.text("name").unwrap_or_default().to_owned(),
    }
}

impl<'d> WireComparison<'d> {
    pub(super) fn compare_parameters(
        &mut self,
        message: HttpMessage,
        operations: Versions<&OperationNode<'d>>,
    ) {
        let Versions { base, head } = self
            .resolvers()
            .zip(operations)
            .map(|(resolver, operation)| parameters(resolver, operation));
        for (key, before) in &base.known {
            match head.known.get(key) {
                Some(after) => {
                    self.compare_parameter(message, Versions::new(&before.at, &after.at));
                }
                // It may be behind the unresolved reference.
                None if head.unknown => {}
                None => self.parameter_removed(message, before, operations.head),
            }
        }
        let added = head.known.iter().filter(|(key, _)| !base.known.contains_key(*key));
        for (_, after) in added.filter(|_| !base.unknown) {
            let required = required(&after.at);
            let effect = if required { SetEffect::NARROWS } else { SetEffect::NEITHER };
            let change = Change::Added { part: part(&after.at), required: Some(required) };
            let detected = DetectedChange::new(&rules::PARAMETER_ADDED, change)
                .by_compatibility_rule(effect, message.direction)
                .at(operations.base.at.location_of("parameters"), after.at.location())
                .target(None, Some(&after.listed))
                .prepared_witness(
                    required
                        .then(|| witness_without_parameter(&after.at, message.direction))
                        .flatten(),
                );
            self.report_for(message, detected);
        }
    }

    fn parameter_removed(
        &mut self,
        message: HttpMessage,
        before: &Parameter<'d>,
        new: &OperationNode<'d>,
    ) {
        let deprecated = before.at.flag("deprecated");
        let level = if deprecated { Level::Info } else { Level::Warning };
        let change = Change::Removed { part: part(&before.at), required: None, deprecated };
        let detected = DetectedChange::new(&rules::PARAMETER_REMOVED, change)
            .level(level)
            .at(before.at.location(), new.at.location_of("parameters"))
            .target(Some(&before.listed), None);
        self.report_for(message, detected);
    }

    fn compare_parameter(&mut self, message: HttpMessage, parameters: Versions<&NodeRef<'d>>) {
        let new = parameters.head;
        let part = part(new);
        let required = parameters.map(required);
        if required.differ() {
            let effect = SetEffect { narrows: required.head, widens: required.base };
            let change = Change::required(part.clone(), required.head);
            let prepared_witness =
                required.head.then(|| witness_without_parameter(new, message.direction)).flatten();
            let detected = DetectedChange::new(&rules::PARAMETER_REQUIRED, change)
                .by_compatibility_rule(effect, message.direction)
                .at_key(parameters, "required")
                .prepared_witness(prepared_witness);
            self.report_for(message, detected);
        }
        self.compare_deprecated(message, parameters, &part);
        self.compare_stability(message, parameters);
        for (keyword, rule) in [
            ("allowEmptyValue", &rules::PARAMETER_EMPTY),
            ("allowReserved", &rules::PARAMETER_STYLE),
        ] {
            let set = parameters.map(|at| at.flag(keyword));
            if set.differ() && new.text("in") == Some("query") {
                let effect = SetEffect { narrows: set.base, widens: set.head };
                let change = Change::Flag { keyword, part: part.clone(), set: set.head };
                let detected = DetectedChange::new(rule, change)
                    .by_compatibility_rule(effect, message.direction)
                    .at_key(parameters, keyword);
                self.report_for(message, detected);
            }
        }
        let location = new.text("in").unwrap_or("header").to_owned();
        let name = new.text("name").unwrap_or_default().to_owned();
        let omittable = !parameters.base.flag("required");
        let first = self.uses.len();
        self.compare_serialized_values(
            message,
            parameters,
            &part,
            ValueLocation::Parameter(location, name),
        );
        for usage in self.uses.iter_mut().skip(first) {
            usage.omittable = omittable;
        }
    }

    /// Compares what parameters and headers have in common: how the value is serialised, and its
    /// schema.
    pub(super) fn compare_serialized_values(
        &mut self,
        message: HttpMessage,
        at: Versions<&NodeRef<'d>>,
        part: &Part,
        value_location: ValueLocation,
    ) {
        let described = at.map(|at| content(at).map_or_else(|| at.clone(), |(_, content)| content));
        self.read_examples(described.each());
        let values = at.map(SerializedValue::of);
        let types = self.types_of(values.each().map(|value| value.schema.as_ref()));
        if values.head.repeats()
            && !types.base.has(TypeSet::ARRAY | TypeSet::OBJECT)
            && types.head == TypeSet::ARRAY
            && let Some(list) = values.head.schema.as_ref()
            && let Some(list) = self.resolvers().head.resolve(list)
        {
            self.report_array(message, at, part, &list);
            let schemas = Versions::new(values.base.schema, list.get("items"));
            self.compare_schemas(message, schemas, value_location, true);
            return;
        }
        let types = types.base | types.head;
        let serializations = values.each().map(|value| value.serialization(types));
        if serializations.differ() {
            let key = ["content", "style", "explode"].into_iter().find(|key| {
                let present = at.map(|at| at.node.get(key).is_some());
                present.base || present.head
            });
            let aspect_values =
                serializations.map(|serialization| Some(AspectValue::Serialization(serialization)));
            let change = Change::replaced(Aspect::Serialization(part.clone()), aspect_values);
            let detected = DetectedChange::new(&rules::PARAMETER_STYLE, change)
                .by_compatibility_rule(SetEffect::BOTH, message.direction)
                .at_key(at, key.unwrap_or("style"));
            self.report_for(message, detected);
        }
        let text = values.base.text && values.head.text;
        self.compare_schemas(message, values.map(|value| value.schema), value_location, text);
    }

    /// A query parameter that may now be repeated. A single value is an array of one item.
    fn report_array(
        &mut self,
        message: HttpMessage,
        at: Versions<&NodeRef<'d>>,
        part: &Part,
        list: &NodeRef<'d>,
    ) {
        let min_items =
            list.node.get("minItems").and_then(|node| node.as_number()?.as_u64()).unwrap_or(0);
        let effect = SetEffect { narrows: min_items > 1, widens: true };
        let detected = DetectedChange::new(&rules::TYPE, Change::BecameArray(part.clone()))
            .by_compatibility_rule(effect, message.direction)
            .at_key(at, "schema");
        self.report_for(message, detected);
    }

    fn types_of(&mut self, schemas: Versions<Option<&NodeRef<'d>>>) -> Versions<TypeSet> {
        self.schema_comparison.schemas.each_mut().zip(schemas).map(|(schemas, at)| {
            let Some(at) = at else { return TypeSet::STRING };
            let schema = schemas.read(at);
            let conjunction = schemas.one(schema);
            schemas.constraints(conjunction).types
        })
    }

    /// Compares `x-stability-level`.
    pub(super) fn compare_stability(&mut self, message: HttpMessage, at: Versions<&NodeRef<'d>>) {
        let levels = at.map(|at| stability::written(at.node));
        let Some((level, change)) = stability::compare(levels) else { return };
        let detected = DetectedChange::new(&rules::STABILITY, change)
            .level(level)
            .at_key(at, stability::KEYWORD);
        self.report(Some(message.operation), None, detected);
    }

    /// Compares `deprecated`.
    pub(super) fn compare_deprecated(
        &mut self,
        message: HttpMessage,
        at: Versions<&NodeRef<'d>>,
        part: &Part,
    ) {
        let deprecated = at.map(|at| at.flag("deprecated"));
        if !deprecated.differ() {
            return;
        }
        let change = Change::deprecated(part.clone(), deprecated.head);
        let detected = DetectedChange::new(&rules::DEPRECATED, change)
            .by_compatibility_rule(SetEffect::NEITHER, message.direction)
            .at_key(at, "deprecated");
        self.report_for(message, detected);
    }
}

/// How a parameter or header serialises its value.
struct SerializedValue<'d> {
    schema: Option<NodeRef<'d>>,
    media: Option<String>,
    /// Whether it is text, in which a string has no quotes.
    text: bool,
    location: String,
    style: String,
    explode: bool,
}

/// The only media type of a parameter or header that has one.
fn content<'d>(at: &NodeRef<'d>) -> Option<(&'d str, NodeRef<'d>)> {
    at.get("content").and_then(|content| content.entries().next())
}

impl<'d> SerializedValue<'d> {
    fn of(at: &NodeRef<'d>) -> Self {
        let location = at.text("in").unwrap_or("header").to_owned();
        let usual = if matches!(location.as_str(), "query" | "cookie") { "form" } else { "simple" };
        let style = at.text("style").unwrap_or(usual).to_owned();
        let explode = at
            .node
            .get("explode")
            .and_then(openapi_document::Node::as_bool)
            .unwrap_or(style == "form");
        match content(at) {
            Some((name, content)) => {
                let name = media::normal(name);
                let text = !media::is_json(&name);
                Self {
                    schema: content.get("schema"),
                    media: Some(name),
                    text,
                    location,
                    style,
                    explode,
                }
            }
            None => {
                Self { schema: at.get("schema"), media: None, text: true, location, style, explode }
            }
        }
    }

    /// Whether an array is serialised by repeating the parameter.
    fn repeats(&self) -> bool {
        self.media.is_none() && self.style == "form" && self.explode
    }

    /// The serialisation in a normal form: equal if values of the given types are serialised alike.
    fn serialization(&self, types: TypeSet) -> Serialization {
        let nested = types.has(TypeSet::ARRAY | TypeSet::OBJECT) && types != TypeSet::ALL;
        match &self.media {
            Some(media) if media == "text/plain" && !nested => Serialization::PlainText,
            Some(media) => Serialization::Media(media.clone()),
            None if nested => {
                Serialization::Style { style: self.style.clone(), explode: Some(self.explode) }
            }
            None if matches!(self.style.as_str(), "label" | "matrix")
                && self.location == "path" =>
            {
                Serialization::Style { style: self.style.clone(), explode: None }
            }
            None => Serialization::PlainText,
        }
    }
}

/// The witness for a parameter that became required: a call without it.
fn witness_without_parameter(at: &NodeRef<'_>, direction: Direction) -> Option<PreparedWitness> {
    let name = at.text("name")?;
    let location = at.text("in")?;
    if direction == Direction::Response || location == "path" {
        return None;
    }
    let base = json!({ "type": "object" });
    let head = json!({ "type": "object", "properties": { location: { "type": "object", "required": [name] } }, "required": [location] });
    Some(PreparedWitness {
        payload: json!({ location: {} }),
        schemas: Box::new(Versions::new(base, head)),
    })
}
