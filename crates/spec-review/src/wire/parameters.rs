//! Parameters of operations, and headers of answers, which are written alike.

use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::json;

use super::operations::{Call, placeholders};
use super::{Carrier, Message, Proof, Said, Wire, media};
use crate::change::{Aspect, Change, Fact, Part, Writing};
use crate::law::{Direction, Effect, Level};
use crate::rules;
use crate::schema::Types;
use crate::side::{At, Side};
use crate::versions::Versions;

/// Header parameters that OpenAPI tells readers to ignore: other parts of the document say them.
const IGNORED: [&str; 3] = ["accept", "content-type", "authorization"];

/// A location, and what tells parameters of one location apart.
type Key = (String, String);

/// A parameter, and the place in a list by which an operation has it.
struct Parameter<'d> {
    at: At<'d>,
    listed: Rc<str>,
}

/// The parameters of an operation: its own, and those of its path.
struct Parameters<'d> {
    known: IndexMap<Key, Parameter<'d>>,
    /// There are others of which nothing is known.
    unknown: bool,
}

fn parameters<'d>(side: &Side<'d>, call: &Call<'d>) -> Parameters<'d> {
    let positions = placeholders(&call.item.path);
    let mut known = IndexMap::new();
    let mut unknown = false;
    let mut strays = Vec::new();
    for list in [call.item.at.get("parameters"), call.at.get("parameters")].into_iter().flatten() {
        for item in list.items() {
            let Some(at) = side.resolve(&item) else {
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
                        strays.push(parameter);
                        continue;
                    }
                },
                _ => name.to_owned(),
            };
            if location == "header" && IGNORED.contains(&name.as_str()) {
                continue;
            }
            known.insert((location.to_owned(), name), parameter);
        }
    }
    // A path parameter whose name is not in the path is a mistake, and most likely means one of
    // the placeholders that nothing else describes.
    let mut free = (0..positions.len()).map(|position| ("path".to_owned(), position.to_string()));
    for stray in strays {
        let key = free.find(|key| !known.contains_key(key));
        let key = key.unwrap_or_else(|| ("path".to_owned(), stray.at.pointer.to_string()));
        known.insert(key, stray);
    }
    Parameters { known, unknown }
}

fn required(at: &At<'_>) -> bool {
    at.text("in") == Some("path") || at.flag("required")
}

fn part(at: &At<'_>) -> Part {
    Part::Parameter {
        location: at.text("in").unwrap_or("header").to_owned(),
        name: at.text("name").unwrap_or_default().to_owned(),
    }
}

impl<'d> Wire<'d> {
    pub(super) fn compare_parameters(&mut self, message: Message, calls: Versions<&Call<'d>>) {
        let Versions { base, head } =
            self.sides().zip(calls).map(|(side, call)| parameters(side, call));
        for (key, before) in &base.known {
            match head.known.get(key) {
                Some(after) => {
                    self.compare_parameter(message, Versions::new(&before.at, &after.at));
                }
                // It may be the one of which nothing is known.
                None if head.unknown => {}
                None => self.parameter_removed(message, before, calls.head),
            }
        }
        let added = head.known.iter().filter(|(key, _)| !base.known.contains_key(*key));
        for (_, after) in added.filter(|_| !base.unknown) {
            let required = required(&after.at);
            let effect = if required { Effect::NARROWS } else { Effect::NEITHER };
            let change = Change::Added { part: part(&after.at), required: Some(required) };
            let said = Said::new(&rules::PARAMETER_ADDED, change)
                .by(effect, message.direction)
                .at(calls.base.at.place_of("parameters"), after.at.place())
                .about(None, Some(&after.listed))
                .proof(required.then(|| absent(&after.at, message.direction)).flatten());
            self.say_of(message, said);
        }
    }

    fn parameter_removed(&mut self, message: Message, before: &Parameter<'d>, new: &Call<'d>) {
        let deprecated = before.at.flag("deprecated");
        let level = if deprecated { Level::Info } else { Level::Warning };
        let change = Change::Removed { part: part(&before.at), required: None, deprecated };
        let said = Said::new(&rules::PARAMETER_REMOVED, change)
            .level(level)
            .at(before.at.place(), new.at.place_of("parameters"))
            .about(Some(&before.listed), None);
        self.say_of(message, said);
    }

    fn compare_parameter(&mut self, message: Message, parameters: Versions<&At<'d>>) {
        let new = parameters.head;
        let part = part(new);
        let required = parameters.map(required);
        if required.differ() {
            let effect = Effect { narrows: required.head, widens: required.base };
            let change = Change::required(part.clone(), required.head);
            let proof = required.head.then(|| absent(new, message.direction)).flatten();
            let said = Said::new(&rules::PARAMETER_REQUIRED, change)
                .by(effect, message.direction)
                .at_key(parameters, "required")
                .proof(proof);
            self.say_of(message, said);
        }
        self.compare_deprecated(message, parameters, &part);
        for (keyword, rule) in [
            ("allowEmptyValue", &rules::PARAMETER_EMPTY),
            ("allowReserved", &rules::PARAMETER_STYLE),
        ] {
            let set = parameters.map(|at| at.flag(keyword));
            if set.differ() && new.text("in") == Some("query") {
                let effect = Effect { narrows: set.base, widens: set.head };
                let change = Change::Flag { keyword, of: part.clone(), set: set.head };
                let said = Said::new(rule, change)
                    .by(effect, message.direction)
                    .at_key(parameters, keyword);
                self.say_of(message, said);
            }
        }
        let location = new.text("in").unwrap_or("header").to_owned();
        let name = new.text("name").unwrap_or_default().to_owned();
        let omittable = !parameters.base.flag("required");
        let first = self.uses.len();
        self.compare_written(message, parameters, &part, Carrier::Parameter(location, name));
        for usage in self.uses.iter_mut().skip(first) {
            usage.omittable = omittable;
        }
    }

    /// Compares what is common to parameters and headers: how a value is written, and its schema.
    pub(super) fn compare_written(
        &mut self,
        message: Message,
        at: Versions<&At<'d>>,
        part: &Part,
        carrier: Carrier,
    ) {
        let written = at.map(Written::of);
        let types = self.types_of(written.each().map(|written| written.schema.as_ref()));
        if written.head.repeats()
            && !types.base.has(Types::ARRAY | Types::OBJECT)
            && types.head == Types::ARRAY
            && let Some(list) = written.head.schema.as_ref()
            && let Some(list) = self.sides().head.resolve(list)
        {
            self.note_list(message, at, part, &list);
            let schemas = Versions::new(written.base.schema, list.get("items"));
            self.compare_schemas(message, schemas, carrier, true);
            return;
        }
        let types = types.base | types.head;
        let manners = written.each().map(|written| written.manner(types));
        if manners.differ() {
            let key = ["content", "style", "explode"].into_iter().find(|key| {
                let said = at.map(|at| at.node.get(key).is_some());
                said.base || said.head
            });
            let facts = manners.map(|manner| Some(Fact::Writing(manner)));
            let change = Change::replaced(Aspect::Writing(part.clone()), facts);
            let said = Said::new(&rules::PARAMETER_STYLE, change)
                .by(Effect::BOTH, message.direction)
                .at_key(at, key.unwrap_or("style"));
            self.say_of(message, said);
        }
        let text = written.base.text && written.head.text;
        self.compare_schemas(message, written.map(|written| written.schema), carrier, text);
    }

    /// A query parameter that may now be repeated: what it took before is a list of one.
    fn note_list(&mut self, message: Message, at: Versions<&At<'d>>, part: &Part, list: &At<'d>) {
        let least =
            list.node.get("minItems").and_then(|node| node.as_number()?.as_u64()).unwrap_or(0);
        let effect = Effect { narrows: least > 1, widens: true };
        let said = Said::new(&rules::TYPE, Change::BecameList(part.clone()))
            .by(effect, message.direction)
            .at_key(at, "schema");
        self.say_of(message, said);
    }

    fn types_of(&mut self, schemas: Versions<Option<&At<'d>>>) -> Versions<Types> {
        self.schematics.schemas.each_mut().zip(schemas).map(|(schemas, at)| {
            let Some(at) = at else { return Types::STRING };
            let leaf = schemas.read(at);
            let conj = schemas.one(leaf);
            schemas.shape(conj).types
        })
    }

    /// Compares whether something is deprecated.
    pub(super) fn compare_deprecated(
        &mut self,
        message: Message,
        at: Versions<&At<'d>>,
        part: &Part,
    ) {
        let deprecated = at.map(|at| at.flag("deprecated"));
        if !deprecated.differ() {
            return;
        }
        let change = Change::deprecated(part.clone(), deprecated.head);
        let said = Said::new(&rules::DEPRECATED, change)
            .by(Effect::NEITHER, message.direction)
            .at_key(at, "deprecated");
        self.say_of(message, said);
    }
}

/// How a parameter or header writes its value.
struct Written<'d> {
    schema: Option<At<'d>>,
    media: Option<String>,
    /// Whether a string is written without quotes.
    text: bool,
    location: String,
    style: String,
    explode: bool,
}

impl<'d> Written<'d> {
    fn of(at: &At<'d>) -> Self {
        let location = at.text("in").unwrap_or("header").to_owned();
        let usual = if matches!(location.as_str(), "query" | "cookie") { "form" } else { "simple" };
        let style = at.text("style").unwrap_or(usual).to_owned();
        let explode = at
            .node
            .get("explode")
            .and_then(openapi_document::Node::as_bool)
            .unwrap_or(style == "form");
        let content = at.get("content").and_then(|content| content.entries().next());
        match content {
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

    /// Whether a list is written by repeating the parameter.
    fn repeats(&self) -> bool {
        self.media.is_none() && self.style == "form" && self.explode
    }

    /// The same for what is written alike, given the types that a value can have.
    fn manner(&self, types: Types) -> Writing {
        let nested = types.has(Types::ARRAY | Types::OBJECT) && types != Types::ALL;
        match &self.media {
            Some(media) if media == "text/plain" && !nested => Writing::PlainText,
            Some(media) => Writing::Media(media.clone()),
            None if nested => {
                Writing::Style { style: self.style.clone(), explode: Some(self.explode) }
            }
            None if matches!(self.style.as_str(), "label" | "matrix")
                && self.location == "path" =>
            {
                Writing::Style { style: self.style.clone(), explode: None }
            }
            None => Writing::PlainText,
        }
    }
}

/// The proof that a call without a parameter is refused now.
fn absent(at: &At<'_>, direction: Direction) -> Option<Proof> {
    let name = at.text("name")?;
    let location = at.text("in")?;
    if direction == Direction::Response || location == "path" {
        return None;
    }
    let base = json!({ "type": "object" });
    let head = json!({ "type": "object", "properties": { location: { "type": "object", "required": [name] } }, "required": [location] });
    Some(Proof { payload: json!({ location: {} }), schemas: Box::new(Versions::new(base, head)) })
}
