//! The documentation axis: text, examples, tags and extensions, where both documents say the same
//! thing.
//!
//! Both trees are walked together, object by object as OpenAPI defines them, so that a property
//! called `description` is not taken for one.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use openapi_document::{Document, Node};

use crate::assemble::{build, locate};
use crate::explain::why;
use crate::law::{Effect, Level};
use crate::report::{Finding, Location};
use crate::rules::{self, Rule};
use crate::side::{At, Side};
use crate::text;
use crate::users::Users;

/// The kinds of object that hold text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Root,
    Info,
    Server,
    Variable,
    Tag,
    Components,
    PathItem,
    Operation,
    Parameter,
    Body,
    Media,
    Response,
    Header,
    Schema,
    Example,
    Link,
    Callback,
    Security,
    Flows,
    Flow,
}

/// How children hang under a key.
#[derive(Debug, Clone, Copy)]
enum Under {
    One(Kind),
    List(Kind),
    Map(Kind),
}

impl Kind {
    /// The keys whose values are text for readers.
    fn text(self) -> &'static [&'static str] {
        match self {
            Self::Root => &["externalDocs"],
            Self::Info => &["title", "description", "termsOfService", "contact", "license"],
            Self::Server | Self::Variable | Self::Body | Self::Response | Self::Link => {
                &["description"]
            }
            Self::Tag => &["description", "externalDocs"],
            Self::PathItem => &["summary", "description"],
            Self::Operation => &["summary", "description", "externalDocs"],
            Self::Parameter | Self::Header => &["description", "example", "examples"],
            Self::Media => &["example", "examples"],
            Self::Schema => &["title", "description", "example", "externalDocs"],
            Self::Example => &["summary", "description", "value", "externalValue"],
            Self::Security => &["description", "bearerFormat"],
            Self::Flow => &["scopes"],
            Self::Components | Self::Callback | Self::Flows => &[],
        }
    }

    fn children(self) -> &'static [(&'static str, Under)] {
        use Under::{List, Map, One};
        match self {
            Self::Root => &[
                ("info", One(Self::Info)),
                ("servers", List(Self::Server)),
                ("tags", List(Self::Tag)),
                ("paths", Map(Self::PathItem)),
                ("components", One(Self::Components)),
            ],
            Self::Components => &[
                ("schemas", Map(Self::Schema)),
                ("responses", Map(Self::Response)),
                ("parameters", Map(Self::Parameter)),
                ("examples", Map(Self::Example)),
                ("requestBodies", Map(Self::Body)),
                ("headers", Map(Self::Header)),
                ("securitySchemes", Map(Self::Security)),
                ("links", Map(Self::Link)),
                ("callbacks", Map(Self::Callback)),
            ],
            Self::Server => &[("variables", Map(Self::Variable))],
            Self::PathItem => &[
                ("get", One(Self::Operation)),
                ("put", One(Self::Operation)),
                ("post", One(Self::Operation)),
                ("delete", One(Self::Operation)),
                ("options", One(Self::Operation)),
                ("head", One(Self::Operation)),
                ("patch", One(Self::Operation)),
                ("trace", One(Self::Operation)),
                ("parameters", List(Self::Parameter)),
                ("servers", List(Self::Server)),
            ],
            Self::Operation => &[
                ("parameters", List(Self::Parameter)),
                ("requestBody", One(Self::Body)),
                ("responses", Map(Self::Response)),
                ("callbacks", Map(Self::Callback)),
                ("servers", List(Self::Server)),
            ],
            Self::Parameter | Self::Header => {
                &[("schema", One(Self::Schema)), ("content", Map(Self::Media))]
            }
            Self::Body => &[("content", Map(Self::Media))],
            Self::Media => &[("schema", One(Self::Schema))],
            Self::Response => &[
                ("headers", Map(Self::Header)),
                ("content", Map(Self::Media)),
                ("links", Map(Self::Link)),
            ],
            Self::Schema => &[
                ("properties", Map(Self::Schema)),
                ("items", One(Self::Schema)),
                ("additionalProperties", One(Self::Schema)),
                ("allOf", List(Self::Schema)),
                ("anyOf", List(Self::Schema)),
                ("oneOf", List(Self::Schema)),
                ("not", One(Self::Schema)),
            ],
            Self::Security => &[("flows", One(Self::Flows))],
            Self::Flows => &[
                ("implicit", One(Self::Flow)),
                ("password", One(Self::Flow)),
                ("clientCredentials", One(Self::Flow)),
                ("authorizationCode", One(Self::Flow)),
            ],
            Self::Info
            | Self::Variable
            | Self::Tag
            | Self::Example
            | Self::Link
            | Self::Flow
            | Self::Callback => &[],
        }
    }
}

/// What changed for readers.
pub(crate) fn findings(base: &Document, head: &Document) -> Vec<Finding> {
    let (old, new) = (Side::new(base), Side::new(head));
    let users = OnceCell::new();
    let mut walker = Walker { base, head, users, found: Vec::new() };
    walker.walk(Kind::Root, &old.root(), &new.root());
    walker.found
}

struct Walker<'w> {
    base: &'w Document,
    head: &'w Document,
    /// Those of the old document and of the new one, once somebody asks.
    users: OnceCell<[Users; 2]>,
    found: Vec<Finding>,
}

impl Walker<'_> {
    fn walk(&mut self, kind: Kind, old: &At<'_>, new: &At<'_>) {
        if old.node.get("$ref").is_some() || new.node.get("$ref").is_some() {
            return;
        }
        for key in kind.text() {
            self.compare(&rules::DOCUMENTATION, old, new, key);
        }
        match kind {
            Kind::Info => self.compare(&rules::INFO_VERSION, old, new, "version"),
            Kind::Operation => self.compare(&rules::TAGS, old, new, "tags"),
            _ => {}
        }
        self.extensions(old, new);
        for (key, under) in kind.children() {
            let (Some(old), Some(new)) = (old.get(key), new.get(key)) else { continue };
            match under {
                Under::One(kind) => self.walk(*kind, &old, &new),
                Under::Map(kind) => self.pairs(*kind, &index_map(&old), &index_map(&new)),
                Under::List(kind) => self.pairs(*kind, &index_list(&old), &index_list(&new)),
            }
        }
    }

    fn pairs(
        &mut self,
        kind: Kind,
        old: &BTreeMap<String, At<'_>>,
        new: &BTreeMap<String, At<'_>>,
    ) {
        for (key, before) in old {
            if let Some(after) = new.get(key) {
                self.walk(kind, before, after);
            } else if kind == Kind::Tag {
                self.said(
                    &rules::TAGS,
                    Some(before),
                    None,
                    &format!("the tag `{key}` is no longer described"),
                );
            }
        }
        if kind == Kind::Tag {
            for (key, after) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
                self.said(
                    &rules::TAGS,
                    None,
                    Some(after),
                    &format!("the tag `{key}` is now described"),
                );
            }
        }
    }

    fn compare(&mut self, rule: &'static Rule, old: &At<'_>, new: &At<'_>, key: &str) {
        let (before, after) =
            (old.node.get(key).map(Node::to_json), new.node.get(key).map(Node::to_json));
        let change = match (&before, &after) {
            (Some(before), Some(after)) if before == after => return,
            (None, None) => return,
            (Some(_), Some(_)) => "changed",
            (Some(_), None) => "was removed",
            (None, Some(_)) => "was added",
        };
        let message = match (rule.id, before, after) {
            (id, Some(before), Some(after)) if id == rules::INFO_VERSION.id => {
                format!(
                    "`version` changed from {} to {}",
                    text::short(&before),
                    text::short(&after)
                )
            }
            _ => format!("`{key}` {change}"),
        };
        self.said_at(rule, old, new, key, &message);
    }

    fn extensions(&mut self, old: &At<'_>, new: &At<'_>) {
        let keys = |at: &At<'_>| -> BTreeMap<String, serde_json::Value> {
            let entries = at.node.entries().iter().filter(|entry| entry.key.starts_with("x-"));
            entries.map(|entry| (entry.key.clone(), entry.value.to_json())).collect()
        };
        let (before, after) = (keys(old), keys(new));
        let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for key in all {
            if before.get(key) == after.get(key) {
                continue;
            }
            // What the generator of the client reads.
            if key.starts_with("x-dbss-") {
                let show = |values: &BTreeMap<String, serde_json::Value>| {
                    values.get(key).map_or_else(|| "none".to_owned(), text::short)
                };
                let message = format!("`{key}` changed from {} to {}", show(&before), show(&after));
                self.said_at(&rules::RUST_BEHAVIOUR, old, new, key, &message);
            } else {
                let message = format!("the extension `{key}` changed");
                self.said_at(&rules::EXTENSION, old, new, key, &message);
            }
        }
    }

    fn said_at(
        &mut self,
        rule: &'static Rule,
        old: &At<'_>,
        new: &At<'_>,
        key: &str,
        message: &str,
    ) {
        self.said(rule, Some(&keyed(old, key)), Some(&keyed(new, key)), message);
    }

    fn said(
        &mut self,
        rule: &'static Rule,
        old: Option<&At<'_>>,
        new: Option<&At<'_>>,
        message: &str,
    ) {
        let place = |at: Option<&At<'_>>| at.map(At::place);
        let locations =
            (locate(self.base, place(old).as_ref()), locate(self.head, place(new).as_ref()));
        let identity = match new.or(old) {
            Some(at) => {
                if new.is_some() { self.head } else { self.base }.named_pointer(&at.pointer)
            }
            None => String::new(),
        };
        let message = format!("{}: {message}", text::label(&identity));
        let level = if rule.id == rules::RUST_BEHAVIOUR.id { Level::Warning } else { Level::Info };
        let why = why(rule, level, None, Effect::NEITHER);
        let users = self
            .users
            .get_or_init(|| [self.base, self.head].map(|source| Users::of(&Side::new(source))));
        let at = |users: &Users, place: &Location| users.at(&place.pointer);
        let [old_users, new_users] = users;
        let (before, after) = (at(old_users, &locations.0), at(new_users, &locations.1));
        let operations = before.union(&after).cloned().collect();
        let found = build(rule, level, operations, locations, message, &identity, why, None);
        self.found.push(found);
    }
}

/// The same object, with the place of one of its keys.
fn keyed<'d>(at: &At<'d>, key: &str) -> At<'d> {
    At { node: at.node, pointer: at.pointer.clone(), span: at.place_of(key).span }
}

fn index_map<'d>(at: &At<'d>) -> BTreeMap<String, At<'d>> {
    at.named().map(|(key, at)| (key.to_owned(), at)).collect()
}

/// Items by what they are called; by their number where they are not called anything.
fn index_list<'d>(at: &At<'d>) -> BTreeMap<String, At<'d>> {
    let named = at.items().enumerate().map(|(index, item)| {
        let name = match (item.text("in"), item.text("name"), item.text("url"), item.text("$ref")) {
            (Some(location), Some(name), ..) => format!("{location} {name}"),
            (_, Some(name), ..) => name.to_owned(),
            (.., Some(url), _) => url.to_owned(),
            (.., Some(reference)) => reference.to_owned(),
            _ => index.to_string(),
        };
        (name, item)
    });
    named.collect()
}
