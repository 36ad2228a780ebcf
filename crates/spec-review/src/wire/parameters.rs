//! Parameters of operations, and headers of answers, which are written alike.

use indexmap::IndexMap;

use super::operations::{Call, placeholders};
use super::{Carrier, OperationId, Proof, Said, Wire, media};
use crate::law::{Direction, Effect, Level};
use crate::rules;
use crate::schema::{Schemas, Types};
use crate::side::{At, Side};

/// Header parameters that OpenAPI tells readers to ignore: other parts of the document say them.
const IGNORED: [&str; 3] = ["accept", "content-type", "authorization"];

/// A location, and what tells parameters of one location apart.
type Key = (String, String);

/// The parameters of an operation: its own, and those of its path. The flag says that there are
/// others of which nothing is known.
fn parameters<'d>(side: &Side<'d>, call: &Call<'d>) -> (IndexMap<Key, At<'d>>, bool) {
    let positions = placeholders(&call.item.path);
    let mut all = IndexMap::new();
    let mut unknown = false;
    let mut strays = Vec::new();
    for list in [call.item.at.get("parameters"), call.at.get("parameters")].into_iter().flatten() {
        for at in list.items() {
            let Some(at) = side.resolve(&at) else {
                unknown = true;
                continue;
            };
            let (Some(location), Some(name)) = (at.text("in"), at.text("name")) else { continue };
            let name = match location {
                "header" => name.to_lowercase(),
                "path" => match positions.iter().position(|position| *position == name) {
                    Some(position) => position.to_string(),
                    None => {
                        strays.push(at);
                        continue;
                    }
                },
                _ => name.to_owned(),
            };
            if location == "header" && IGNORED.contains(&name.as_str()) {
                continue;
            }
            all.insert((location.to_owned(), name), at);
        }
    }
    // A path parameter whose name is not in the path is a mistake, and most likely means one of
    // the placeholders that nothing else describes.
    let mut free = (0..positions.len()).map(|position| ("path".to_owned(), position.to_string()));
    for at in strays {
        let key = free.find(|key| !all.contains_key(key));
        all.insert(key.unwrap_or_else(|| ("path".to_owned(), at.pointer.to_string())), at);
    }
    (all, unknown)
}

fn required(at: &At<'_>) -> bool {
    at.text("in") == Some("path") || at.flag("required")
}

fn shown(at: &At<'_>) -> String {
    format!(
        "{} parameter `{}`",
        at.text("in").unwrap_or("header"),
        at.text("name").unwrap_or_default()
    )
}

impl<'d> Wire<'d> {
    pub(super) fn compare_parameters(
        &mut self,
        (id, direction): (OperationId, Direction),
        old: &Call<'d>,
        new: &Call<'d>,
    ) {
        let (base, unknown_base) = parameters(self.base(), old);
        let (head, unknown_head) = parameters(self.head(), new);
        for (key, before) in &base {
            match head.get(key) {
                Some(after) => self.compare_parameter((id, direction), before, after),
                // It may be the one of which nothing is known.
                None if unknown_head => {}
                None => self.parameter_removed((id, direction), before, new),
            }
        }
        let added = head.iter().filter(|(key, _)| !base.contains_key(*key) && !unknown_base);
        for (_, after) in added {
            let needed = required(after);
            let (asked, effect) =
                if needed { ("required", Effect::NARROWS) } else { ("optional", Effect::NEITHER) };
            let message = format!("the {asked} {} was added", shown(after));
            let said = Said::new(&rules::PARAMETER_ADDED, message)
                .by(effect, direction)
                .at(old.at.place_of("parameters"), after.place())
                .proof(needed.then(|| absent(after, direction)).flatten());
            self.say(Some(id), Some(direction), said);
        }
    }

    fn parameter_removed(
        &mut self,
        (id, direction): (OperationId, Direction),
        before: &At<'d>,
        new: &Call<'d>,
    ) {
        let deprecated = before.flag("deprecated");
        let level = if deprecated { Level::Info } else { Level::Warning };
        let word = if deprecated { "deprecated " } else { "" };
        let message = format!("the {word}{} was removed", shown(before));
        let said = Said::new(&rules::PARAMETER_REMOVED, message)
            .level(level)
            .at(before.place(), new.at.place_of("parameters"));
        self.say(Some(id), Some(direction), said);
    }

    fn compare_parameter(
        &mut self,
        (id, direction): (OperationId, Direction),
        old: &At<'d>,
        new: &At<'d>,
    ) {
        let what = shown(new);
        let proof = absent(new, direction);
        self.compare_needed(
            (id, direction),
            (&rules::PARAMETER_REQUIRED, &format!("the {what}")),
            ((old, required(old)), (new, required(new))),
            proof,
        );
        self.compare_deprecated((id, direction), (old, new), &format!("the {what}"));
        for (key, rule) in [
            ("allowEmptyValue", &rules::PARAMETER_EMPTY),
            ("allowReserved", &rules::PARAMETER_STYLE),
        ] {
            let (was, is) = (old.flag(key), new.flag(key));
            if was != is && new.text("in") == Some("query") {
                let effect = Effect { narrows: was, widens: is };
                let change = if is { "is now set" } else { "is no longer set" };
                self.say_at(
                    (id, direction),
                    rule,
                    effect,
                    (old, new, key),
                    format!("`{key}` of the {what} {change}"),
                    None,
                );
            }
        }
        let location = new.text("in").unwrap_or("header").to_owned();
        let name = new.text("name").unwrap_or_default().to_owned();
        let omittable = !old.flag("required");
        let first = self.uses.len();
        self.compare_written(
            (id, direction),
            (old, new),
            &what,
            Carrier::Parameter(location, name),
        );
        for usage in self.uses.iter_mut().skip(first) {
            usage.omittable = omittable;
        }
    }

    /// Compares what is common to parameters and headers: how a value is written, and its schema.
    pub(super) fn compare_written(
        &mut self,
        (id, direction): (OperationId, Direction),
        (old, new): (&At<'d>, &At<'d>),
        what: &str,
        carrier: Carrier,
    ) {
        let (before, after) = (Written::of(old), Written::of(new));
        let (was, is) = (
            self.types_of(before.schema.as_ref(), false),
            self.types_of(after.schema.as_ref(), true),
        );
        if after.repeats()
            && !was.has(Types::ARRAY | Types::OBJECT)
            && is == Types::ARRAY
            && let Some(after) = after.schema.as_ref().and_then(|at| self.head().resolve(at))
        {
            self.compare_list((id, direction), (before.schema, after), (old, new, what), carrier);
            return;
        }
        let types = was | is;
        let (one, other) = (before.manner(types), after.manner(types));
        if one != other {
            let message = format!("the {what} is written differently: {one} before, {other} now");
            let key = ["content", "style", "explode"]
                .into_iter()
                .find(|key| new.node.get(key).is_some() || old.node.get(key).is_some());
            self.say_at(
                (id, direction),
                &rules::PARAMETER_STYLE,
                Effect::BOTH,
                (old, new, key.unwrap_or("style")),
                message,
                None,
            );
        }
        let text = before.text && after.text;
        self.compare_schemas((id, direction), (before.schema, after.schema), carrier, text);
    }

    /// A query parameter that may now be repeated: what it took before is a list of one.
    fn compare_list(
        &mut self,
        (id, direction): (OperationId, Direction),
        (before, after): (Option<At<'d>>, At<'d>),
        (old, new, what): (&At<'d>, &At<'d>, &str),
        carrier: Carrier,
    ) {
        let least =
            after.node.get("minItems").and_then(|node| node.as_number()?.as_u64()).unwrap_or(0);
        let effect = Effect { narrows: least > 1, widens: true };
        let message = format!("the {what} takes a list now, of which the old value is one item");
        self.say_at((id, direction), &rules::TYPE, effect, (old, new, "schema"), message, None);
        self.compare_schemas((id, direction), (before, after.get("items")), carrier, true);
    }

    fn types_of(&mut self, at: Option<&At<'d>>, of_head: bool) -> Types {
        let schemas: &mut Schemas<'d> =
            if of_head { &mut self.schematics.head } else { &mut self.schematics.base };
        let Some(at) = at else { return Types::STRING };
        let leaf = schemas.read(at);
        let conj = schemas.one(leaf);
        schemas.shape(conj).types
    }

    /// Compares whether something has to be there.
    pub(super) fn compare_needed(
        &mut self,
        at: (OperationId, Direction),
        (rule, what): (&'static rules::Rule, &str),
        ((old, was), (new, is)): ((&At<'d>, bool), (&At<'d>, bool)),
        proof: Option<Proof>,
    ) {
        if was == is {
            return;
        }
        let effect = Effect { narrows: is, widens: was };
        let change = if is { "is now required" } else { "is no longer required" };
        let proof = proof.filter(|_| is);
        let message = format!("{what} {change}");
        self.say_at(at, rule, effect, (old, new, "required"), message, proof);
    }

    /// Compares whether something is deprecated.
    pub(super) fn compare_deprecated(
        &mut self,
        at: (OperationId, Direction),
        (old, new): (&At<'d>, &At<'d>),
        what: &str,
    ) {
        let (was, is) = (old.flag("deprecated"), new.flag("deprecated"));
        if was == is {
            return;
        }
        let change = if is { "is now deprecated" } else { "is no longer deprecated" };
        let (place, message) = ((old, new, "deprecated"), format!("{what} {change}"));
        self.say_at(at, &rules::DEPRECATED, Effect::NEITHER, place, message, None);
    }

    pub(super) fn say_at(
        &mut self,
        (id, direction): (OperationId, Direction),
        rule: &'static rules::Rule,
        effect: Effect,
        (old, new, key): (&At<'d>, &At<'d>, &str),
        message: String,
        proof: Option<Proof>,
    ) {
        let said = Said::new(rule, message)
            .by(effect, direction)
            .at(old.place_of(key), new.place_of(key))
            .proof(proof);
        self.say(Some(id), Some(direction), said);
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

    /// The same text for what is written alike, given the types that a value can have.
    fn manner(&self, types: Types) -> String {
        let nested = types.has(Types::ARRAY | Types::OBJECT) && types != Types::ALL;
        match &self.media {
            Some(media) if media == "text/plain" && !nested => "as plain text".to_owned(),
            Some(media) => format!("as {media}"),
            None if nested => format!("style `{}`, explode {}", self.style, self.explode),
            None if matches!(self.style.as_str(), "label" | "matrix")
                && self.location == "path" =>
            {
                format!("style `{}`", self.style)
            }
            None => "as plain text".to_owned(),
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
    let base = serde_json::json!({ "type": "object" });
    let head = serde_json::json!({ "type": "object", "properties": { location: { "type": "object", "required": [name] } }, "required": [location] });
    Some(Proof {
        payload: serde_json::json!({ location: {} }),
        accepted_by_base: true,
        schemas: Box::new((base, head)),
    })
}
