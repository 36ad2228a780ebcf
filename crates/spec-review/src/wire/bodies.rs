//! Request bodies, and the media types of bodies in both directions.

use std::collections::BTreeMap;

use serde_json::json;

use super::{DetectedChange, HttpMessage, PreparedWitness, ValueLocation, WireComparison, media};
use crate::change::{Aspect, AspectValue, Change, Part};
use crate::compatibility::{Direction, Level, SetEffect};
use crate::resolver::{NodeRef, join};
use crate::rules;
use crate::versions::Versions;

/// The media types of a request body or response, in the order of the document.
fn media_types<'d>(at: Option<&NodeRef<'d>>) -> Vec<(String, NodeRef<'d>)> {
    let content = at.and_then(|at| at.get("content"));
    content.iter().flat_map(NodeRef::entries).map(|(name, at)| (media::normal(name), at)).collect()
}

impl<'d> WireComparison<'d> {
    pub(super) fn compare_request_bodies(
        &mut self,
        message: HttpMessage,
        operations: Versions<&NodeRef<'d>>,
    ) {
        let bodies =
            self.resolvers().zip(operations).map(|(resolver, at)| match at.get("requestBody") {
                Some(at) => resolver.resolve(&at).map(Some),
                None => Some(None),
            });
        // A body behind an unresolved reference is not compared.
        let Some(Versions { base, head }) = bodies.complete() else { return };
        let needed = |at: &NodeRef<'d>| at.flag("required");
        let pointers = operations.map(|at| join(&at.pointer, "requestBody"));
        match (base, head) {
            (None, None) => {}
            (None, Some(after)) => {
                // An optional body changes nothing for callers who send none; a required one does.
                let required = needed(&after);
                let effect = if required { SetEffect::NARROWS } else { SetEffect::WIDENS };
                let change = Change::Added { part: Part::RequestBody, required: Some(required) };
                let detected = DetectedChange::new(&rules::BODY_ADDED, change)
                    .by_compatibility_rule(effect, message.direction)
                    .at(operations.base.location(), after.location())
                    .target(None, Some(&pointers.head))
                    .prepared_witness(required.then(witness_without_body));
                self.report_for(message, detected);
            }
            (Some(before), None) => {
                let detected =
                    DetectedChange::new(&rules::BODY_REMOVED, Change::removed(Part::RequestBody))
                        .by_compatibility_rule(SetEffect::NARROWS, message.direction)
                        .at(before.location(), operations.head.location())
                        .target(Some(&pointers.base), None);
                self.report_for(message, detected);
            }
            (Some(before), Some(after)) => {
                let bodies = Versions::new(&before, &after);
                let required = bodies.map(needed);
                if required.differ() {
                    let change = Change::required(Part::RequestBody, required.head);
                    let effect = SetEffect { narrows: required.head, widens: required.base };
                    let detected = DetectedChange::new(&rules::BODY_REQUIRED, change)
                        .by_compatibility_rule(effect, message.direction)
                        .at_key(bodies, "required")
                        .prepared_witness(required.head.then(witness_without_body));
                    self.report_for(message, detected);
                }
                self.compare_contents(message, bodies, None);
            }
        }
    }

    /// Compares the media types of a request body, or of the response with a status, and the
    /// schemas of those that correspond.
    pub(super) fn compare_contents(
        &mut self,
        message: HttpMessage,
        parents: Versions<&NodeRef<'d>>,
        status: Option<&str>,
    ) {
        let Versions { base, head } = parents.map(|at| media_types(Some(at)));
        // The reader's list has to cover what the writer chooses. A caller chooses from the base
        // list; a response has to be one that the base list led the caller to expect.
        let corresponds = |before: &str, after: &str| match message.direction {
            Direction::Request => media::covers(after, before),
            Direction::Response => media::reads(before, after),
        };
        let part = |name: &str| Part::MediaType {
            name: name.to_owned(),
            response: status.is_some(),
            statuses: status.map(str::to_lowercase).into_iter().collect(),
        };
        let mut matched = vec![false; head.len()];
        for (name, before) in &base {
            let exact = head.iter().position(|(other, _)| other == name);
            let found =
                exact.or_else(|| head.iter().position(|(other, _)| corresponds(name, other)));
            if let Some((index, (other, after))) =
                found.and_then(|index| Some((index, head.get(index)?)))
            {
                if let Some(slot) = matched.get_mut(index) {
                    *slot = true;
                }
                let media = Versions::new((name.as_str(), before), (other.as_str(), after));
                self.compare_media(message, media);
                continue;
            }
            let detected = DetectedChange::new(&rules::MEDIA_TYPE, Change::removed(part(name)))
                .level(Level::Breaking)
                .effect(SetEffect::NARROWS)
                .at(before.location(), parents.head.location_of("content"))
                .target(Some(&before.pointer), Some(&parents.head.pointer));
            self.report_for(message, detected);
        }
        for (index, (name, after)) in head.iter().enumerate() {
            let covered = matched.get(index) == Some(&true)
                || base.iter().any(|(before, _)| media::covers(before, name));
            if covered {
                continue;
            }
            // A response in another format is only sent to callers who ask for it.
            let detected = DetectedChange::new(&rules::MEDIA_TYPE, Change::added(part(name)))
                .effect(SetEffect::WIDENS)
                .at(parents.base.location_of("content"), after.location())
                .target(Some(&parents.base.pointer), Some(&after.pointer));
            self.report_for(message, detected);
        }
    }

    fn compare_media(&mut self, message: HttpMessage, media: Versions<(&str, &NodeRef<'d>)>) {
        let names = media.map(|(name, _)| name);
        let media = media.map(|(_, at)| at);
        let json = names.map(media::is_json);
        if media::is_form(names.base) {
            let encodings = media.map(encodings);
            if encodings.differ() {
                let change = Change::replaced(
                    Aspect::Encoding,
                    encodings.map(|keywords| {
                        (!keywords.is_empty()).then(|| AspectValue::Value(json!(keywords)))
                    }),
                );
                let detected = DetectedChange::new(&rules::ENCODING, change)
                    .by_compatibility_rule(SetEffect::BOTH, message.direction)
                    .at_key(media, "encoding");
                self.report_for(message, detected);
            }
        }
        self.read_examples(media);
        let schemas = media.map(|at| at.get("schema"));
        self.compare_schemas(message, schemas, ValueLocation::Body, !json.base && !json.head);
    }
}

/// What a media type says about the parts of a form, by their names, without what is the default.
fn encodings(media: &NodeRef<'_>) -> BTreeMap<String, Vec<String>> {
    let encoding = media.node.get("encoding");
    let parts = encoding.iter().flat_map(|encoding| encoding.entries());
    let keywords = parts.map(|entry| (entry.key.clone(), encoding_of(&entry.value)));
    keywords.filter(|(_, keywords)| !keywords.is_empty()).collect()
}

/// The keywords of an encoding object whose values are not the defaults.
fn encoding_of(node: &openapi_document::Node) -> Vec<String> {
    let style = node.get("style").and_then(|node| node.as_str()).unwrap_or("form");
    let mut keywords = Vec::new();
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
            keywords.push(format!("{}={value}", entry.key));
        }
    }
    keywords.sort();
    keywords
}

/// The witness for a body that became required: a call without one.
fn witness_without_body() -> PreparedWitness {
    let base = json!({ "type": "object" });
    let head = json!({ "type": "object", "required": ["body"] });
    PreparedWitness { payload: json!({}), schemas: Box::new(Versions::new(base, head)) }
}
