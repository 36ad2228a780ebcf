//! Request bodies, and the media types of bodies in both directions.

use serde_json::json;

use super::{Carrier, OperationId, Proof, Said, Wire, media};
use crate::law::{Direction, Effect, Level};
use crate::rules;
use crate::side::{At, Side};

/// The media types of a body or an answer, in the order of the document.
fn contents<'d>(at: Option<&At<'d>>) -> Vec<(String, At<'d>)> {
    let content = at.and_then(|at| at.get("content"));
    content.iter().flat_map(At::entries).map(|(name, at)| (media::normal(name), at)).collect()
}

impl<'d> Wire<'d> {
    pub(super) fn compare_request_bodies(
        &mut self,
        (id, direction): (OperationId, Direction),
        old: &At<'d>,
        new: &At<'d>,
    ) {
        let body = |side: &Side<'d>, at: &At<'d>| match at.get("requestBody") {
            Some(at) => side.resolve(&at).map(Some),
            None => Some(None),
        };
        // Nothing is said of a body of which nothing is known.
        let (Some(base), Some(head)) = (body(self.base(), old), body(self.head(), new)) else {
            return;
        };
        let needed = |at: &At<'d>| at.flag("required");
        match (base, head) {
            (None, None) => {}
            (None, Some(after)) => {
                // Callers who send nothing go on doing so: only the required body is their affair.
                let (asked, effect) = if needed(&after) {
                    ("a required", Effect::NARROWS)
                } else {
                    ("an optional", Effect::WIDENS)
                };
                let said = Said::new(&rules::BODY_ADDED, format!("{asked} request body was added"))
                    .by(effect, direction)
                    .at(old.place(), after.place())
                    .proof(needed(&after).then(bodiless));
                self.say(Some(id), Some(direction), said);
            }
            (Some(before), None) => {
                let said = Said::new(&rules::BODY_REMOVED, "the request body was removed")
                    .by(Effect::NARROWS, direction)
                    .at(before.place(), new.place());
                self.say(Some(id), Some(direction), said);
            }
            (Some(before), Some(after)) => {
                let proof = needed(&after).then(bodiless);
                self.compare_needed(
                    (id, direction),
                    (&rules::BODY_REQUIRED, "the request body"),
                    ((&before, needed(&before)), (&after, needed(&after))),
                    proof,
                );
                self.compare_contents((id, direction), &before, &after, "the request body");
            }
        }
    }

    /// Compares the media types of a body, and the schemas under those that correspond.
    pub(super) fn compare_contents(
        &mut self,
        (id, direction): (OperationId, Direction),
        old: &At<'d>,
        new: &At<'d>,
        what: &str,
    ) {
        let (base, head) = (contents(Some(old)), contents(Some(new)));
        // The reader's list has to cover what the writer may choose: a caller chooses from the old
        // list, and an answer has to be one that the old list led the caller to expect.
        let corresponds = |before: &str, after: &str| match direction {
            Direction::Request => media::covers(after, before),
            Direction::Response => media::reads(before, after),
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
                self.compare_media((id, direction), (name, other), before, after);
                continue;
            }
            let message = format!("the media type `{name}` was removed from {what}");
            let said = Said::new(&rules::MEDIA_TYPE, message)
                .level(Level::Breaking)
                .effect(Effect::NARROWS)
                .at(before.place(), new.place_of("content"));
            self.say(Some(id), Some(direction), said);
        }
        for (index, (name, after)) in head.iter().enumerate() {
            let covered = met.get(index) == Some(&true)
                || base.iter().any(|(before, _)| media::covers(before, name));
            if covered {
                continue;
            }
            // An answer in another form is only given to those who ask for it, unless it is the
            // first one that there is.
            let message = format!("the media type `{name}` was added to {what}");
            let said = Said::new(&rules::MEDIA_TYPE, message)
                .effect(Effect::WIDENS)
                .at(old.place_of("content"), after.place());
            self.say(Some(id), Some(direction), said);
        }
    }

    fn compare_media(
        &mut self,
        (id, direction): (OperationId, Direction),
        (old_name, new_name): (&str, &str),
        old: &At<'d>,
        new: &At<'d>,
    ) {
        let text = !media::is_json(old_name) && !media::is_json(new_name);
        if media::is_form(old_name) {
            let encoding = |at: &At<'d>| {
                let encoding = at.node.get("encoding")?;
                Some(
                    encoding
                        .entries()
                        .iter()
                        .map(|entry| (entry.key.clone(), encoding_of(&entry.value)))
                        .collect::<Vec<_>>(),
                )
            };
            let (mut before, mut after) =
                (encoding(old).unwrap_or_default(), encoding(new).unwrap_or_default());
            before.sort();
            after.sort();
            before.retain(|(_, said)| !said.is_empty());
            after.retain(|(_, said)| !said.is_empty());
            if before != after {
                let at = (old, new, "encoding");
                let message = "how the parts of the body are written changed".to_owned();
                self.say_at((id, direction), &rules::ENCODING, Effect::BOTH, at, message, None);
            }
        }
        let schemas = (old.get("schema"), new.get("schema"));
        self.compare_schemas((id, direction), schemas, Carrier::Body, text);
    }
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
    Proof { payload: json!({}), accepted_by_base: true, schemas: Box::new((base, head)) }
}
