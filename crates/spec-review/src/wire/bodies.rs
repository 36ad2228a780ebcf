//! Request bodies, and the media types of bodies in both directions.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Carrier, Message, Proof, Said, Wire, media};
use crate::change::{Aspect, Change, Fact, Part};
use crate::law::{Direction, Effect, Level};
use crate::rules;
use crate::side::{At, join};
use crate::versions::Versions;

/// The media types of a body or an answer, in the order of the document.
fn contents<'d>(at: Option<&At<'d>>) -> Vec<(String, At<'d>)> {
    let content = at.and_then(|at| at.get("content"));
    content.iter().flat_map(At::entries).map(|(name, at)| (media::normal(name), at)).collect()
}

impl<'d> Wire<'d> {
    pub(super) fn compare_request_bodies(&mut self, message: Message, calls: Versions<&At<'d>>) {
        let bodies = self.sides().zip(calls).map(|(side, at)| match at.get("requestBody") {
            Some(at) => side.resolve(&at).map(Some),
            None => Some(None),
        });
        // Nothing is said of a body of which nothing is known.
        let Some(Versions { base, head }) = bodies.complete() else { return };
        let needed = |at: &At<'d>| at.flag("required");
        let written = calls.map(|at| join(&at.pointer, "requestBody"));
        match (base, head) {
            (None, None) => {}
            (None, Some(after)) => {
                // Callers who send nothing go on doing so: only the required body is their affair.
                let required = needed(&after);
                let effect = if required { Effect::NARROWS } else { Effect::WIDENS };
                let change = Change::Added { part: Part::RequestBody, required: Some(required) };
                let said = Said::new(&rules::BODY_ADDED, change)
                    .by(effect, message.direction)
                    .at(calls.base.place(), after.place())
                    .about(None, Some(&written.head))
                    .proof(required.then(bodiless));
                self.say_of(message, said);
            }
            (Some(before), None) => {
                let said = Said::new(&rules::BODY_REMOVED, Change::removed(Part::RequestBody))
                    .by(Effect::NARROWS, message.direction)
                    .at(before.place(), calls.head.place())
                    .about(Some(&written.base), None);
                self.say_of(message, said);
            }
            (Some(before), Some(after)) => {
                let bodies = Versions::new(&before, &after);
                let required = bodies.map(needed);
                if required.differ() {
                    let change = Change::required(Part::RequestBody, required.head);
                    let effect = Effect { narrows: required.head, widens: required.base };
                    let said = Said::new(&rules::BODY_REQUIRED, change)
                        .by(effect, message.direction)
                        .at_key(bodies, "required")
                        .proof(required.head.then(bodiless));
                    self.say_of(message, said);
                }
                self.compare_contents(message, bodies, None);
            }
        }
    }

    /// Compares the media types of a request body or of the answer with a status, and the schemas
    /// under those that correspond.
    pub(super) fn compare_contents(
        &mut self,
        message: Message,
        carriers: Versions<&At<'d>>,
        status: Option<&str>,
    ) {
        let Versions { base, head } = carriers.map(|at| contents(Some(at)));
        // The reader's list has to cover what the writer may choose: a caller chooses from the old
        // list, and an answer has to be one that the old list led the caller to expect.
        let corresponds = |before: &str, after: &str| match message.direction {
            Direction::Request => media::covers(after, before),
            Direction::Response => media::reads(before, after),
        };
        let part = |name: &str| Part::MediaType {
            name: name.to_owned(),
            response: status.is_some(),
            statuses: status.map(str::to_lowercase).into_iter().collect(),
        };
        let mut met = vec![false; head.len()];
        for (name, before) in &base {
            let exact = head.iter().position(|(other, _)| other == name);
            let found =
                exact.or_else(|| head.iter().position(|(other, _)| corresponds(name, other)));
            if let Some((index, (other, after))) =
                found.and_then(|index| Some((index, head.get(index)?)))
            {
                if let Some(slot) = met.get_mut(index) {
                    *slot = true;
                }
                let media = Versions::new((name.as_str(), before), (other.as_str(), after));
                self.compare_media(message, media);
                continue;
            }
            let said = Said::new(&rules::MEDIA_TYPE, Change::removed(part(name)))
                .level(Level::Breaking)
                .effect(Effect::NARROWS)
                .at(before.place(), carriers.head.place_of("content"))
                .about(Some(&before.pointer), Some(&carriers.head.pointer));
            self.say_of(message, said);
        }
        for (index, (name, after)) in head.iter().enumerate() {
            let covered = met.get(index) == Some(&true)
                || base.iter().any(|(before, _)| media::covers(before, name));
            if covered {
                continue;
            }
            // An answer in another form is only given to those who ask for it, unless it is the
            // first one that there is.
            let said = Said::new(&rules::MEDIA_TYPE, Change::added(part(name)))
                .effect(Effect::WIDENS)
                .at(carriers.base.place_of("content"), after.place())
                .about(Some(&carriers.base.pointer), Some(&after.pointer));
            self.say_of(message, said);
        }
    }

    fn compare_media(&mut self, message: Message, media: Versions<(&str, &At<'d>)>) {
        let names = media.map(|(name, _)| name);
        let media = media.map(|(_, at)| at);
        let json = names.map(media::is_json);
        if media::is_form(names.base) {
            let encodings = media.map(encodings);
            if encodings.differ() {
                let change = Change::replaced(
                    Aspect::Encoding,
                    encodings.map(|said| (!said.is_empty()).then(|| Fact::Value(json!(said)))),
                );
                let said = Said::new(&rules::ENCODING, change)
                    .by(Effect::BOTH, message.direction)
                    .at_key(media, "encoding");
                self.say_of(message, said);
            }
        }
        let schemas = media.map(|at| at.get("schema"));
        self.compare_schemas(message, schemas, Carrier::Body, !json.base && !json.head);
    }
}

/// What a media type says about the parts of a form, by their names, as far as it is not said by
/// default.
fn encodings(media: &At<'_>) -> BTreeMap<String, Vec<String>> {
    let encoding = media.node.get("encoding");
    let parts = encoding.iter().flat_map(|encoding| encoding.entries());
    let said = parts.map(|entry| (entry.key.clone(), encoding_of(&entry.value)));
    said.filter(|(_, said)| !said.is_empty()).collect()
}

/// What an encoding object says that is not said by default.
fn encoding_of(node: &openapi_document::Node) -> Vec<String> {
    let style = node.get("style").and_then(|node| node.as_str()).unwrap_or("form");
    let mut said = Vec::new();
    for entry in node.entries().iter().filter(|entry| !entry.key.starts_with("x-")) {
        let value = entry.value.to_json();
        let usual = match entry.key.as_str() {
            "style" => value == json!("form"),
            "explode" => value == json!(style == "form"),
            "allowReserved" => value == json!(false),
            "headers" => entry.value.entries().is_empty(),
            _ => false,
        };
        if !usual {
            said.push(format!("{}={value}", entry.key));
        }
    }
    said.sort();
    said
}

/// The proof that a call without a body is refused now.
fn bodiless() -> Proof {
    let base = json!({ "type": "object" });
    let head = json!({ "type": "object", "required": ["body"] });
    Proof { payload: json!({}), schemas: Box::new(Versions::new(base, head)) }
}
