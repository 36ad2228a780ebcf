//! Responses: statuses with ranges and `default`, headers, links.

use std::collections::BTreeSet;
use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::Value;

use super::{DetectedChange, HttpMessage, OperationIndex, ValueLocation, WireComparison};
use crate::change::{Aspect, AspectValue, Change, Part};
use crate::compatibility::{Direction, Level, SetEffect, compatibility_level};
use crate::resolver::{NodeRef, Resolver, join};
use crate::rules;
use crate::versions::Versions;

/// The responses of an operation by status, in upper case: `200`, `4XX`, `DEFAULT`.
type Responses<'d> = IndexMap<String, NodeRef<'d>>;

/// The responses, and the statuses whose references could not be resolved.
fn responses_of<'d>(
    resolver: &Resolver<'d>,
    at: &NodeRef<'d>,
) -> (Responses<'d>, BTreeSet<String>) {
    let responses = at.get("responses");
    let list: Vec<_> = responses.iter().flat_map(NodeRef::entries).collect();
    let entries = resolver.resolve_each(list.into_iter());
    (
        entries.known.into_iter().map(|(status, at)| (status.to_uppercase(), at)).collect(),
        entries.unknown.iter().map(|status| status.to_uppercase()).collect(),
    )
}

/// The headers of a response, by their names in lower case.
struct Headers<'d> {
    known: IndexMap<String, (String, NodeRef<'d>)>,
    unknown: BTreeSet<String>,
}

fn headers<'d>(resolver: &Resolver<'d>, at: &NodeRef<'d>) -> Headers<'d> {
    let headers = at.get("headers");
    let list: Vec<_> = headers.iter().flat_map(NodeRef::all_entries).collect();
    // The media types determine it.
    let others = list.into_iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    let entries = resolver.resolve_each(others);
    let named = |(name, at): (&str, NodeRef<'d>)| (name.to_lowercase(), (name.to_owned(), at));
    Headers {
        known: entries.known.into_iter().map(named).collect(),
        unknown: entries.unknown.iter().map(|name| name.to_lowercase()).collect(),
    }
}

fn is_range(status: &str) -> bool {
    status.ends_with("XX")
}

/// Whether a range or `default` applies to a status.
fn covers(wide: &str, status: &str) -> bool {
    wide == "DEFAULT" && status != "DEFAULT"
        || is_range(wide)
            && !is_range(status)
            && wide.get(..1) == status.get(..1)
            && status != "DEFAULT"
}

/// The response that applies to a status: that of the status itself, of its range, or `default`.
fn response_for<'m, 'd>(
    responses: &'m Responses<'d>,
    status: &str,
) -> Option<(&'m String, &'m NodeRef<'d>)> {
    responses
        .get_key_value(status)
        .or_else(|| responses.iter().find(|(wide, _)| is_range(wide) && covers(wide, status)))
        .or_else(|| responses.get_key_value("DEFAULT").filter(|_| status != "DEFAULT"))
}

/// Whether callers take the response for a success. `default` is one where no 2xx is documented.
fn is_success(responses: &Responses<'_>, status: &str) -> bool {
    status.starts_with('2')
        || status == "DEFAULT" && !responses.keys().any(|status| status.starts_with('2'))
}

/// The pointer of the response with a status in an operation.
fn pointer_of_status(operation: &NodeRef<'_>, status: &str) -> Rc<str> {
    pointer_under(operation, "responses", if status == "DEFAULT" { "default" } else { status })
}

/// The pointer of an entry of a map, whether or not it exists.
fn pointer_under(at: &NodeRef<'_>, map: &str, key: &str) -> Rc<str> {
    join(&join(&at.pointer, map), key)
}

impl<'d> WireComparison<'d> {
    pub(super) fn compare_responses(
        &mut self,
        message: HttpMessage,
        operations: Versions<&NodeRef<'d>>,
    ) {
        let responses =
            self.resolvers().zip(operations).map(|(resolver, at)| responses_of(resolver, at));
        let unknown = responses.each().map(|(_, unknown)| unknown.clone());
        let mut responses = responses.map(|(known, _)| known);
        responses.base.retain(|status, _| !unknown.head.contains(status));
        responses.head.retain(|status, _| !unknown.base.contains(status));
        let Versions { base, head } = responses.each();
        let mut removed_success = false;
        for (status, before) in base {
            match response_for(head, status) {
                Some((key, after))
                    if key == status || !(key == "DEFAULT" && status.starts_with('2')) =>
                {
                    self.compare_response(message, status, Versions::new(before, after));
                }
                _ => {
                    removed_success |=
                        self.status_removed(message, responses.each(), status, operations);
                }
            }
        }
        for (status, after) in head.iter().filter(|(status, _)| !base.contains_key(*status)) {
            let (by_compatibility_rule, before) = match response_for(base, status) {
                Some((by_compatibility_rule, before)) => {
                    (Some(by_compatibility_rule), Some(before))
                }
                None => (None, None),
            };
            // A `default` for failures does not apply to a new success.
            let spoken_for = by_compatibility_rule.is_some_and(|by_compatibility_rule| {
                by_compatibility_rule != "DEFAULT"
                    || !status.starts_with('2')
                    || is_success(base, "DEFAULT")
            });
            if let Some(before) = before.filter(|_| spoken_for) {
                self.compare_response(message, status, Versions::new(before, after));
                continue;
            }
            // A range in place of one of its statuses adds the others.
            let level = if is_success(head, status)
                && !removed_success
                && message.direction == Direction::Response
            {
                Level::Warning
            } else {
                Level::Info
            };
            let pointer = pointer_of_status(operations.head, status);
            let part = Part::Status(status.to_lowercase());
            let detected = DetectedChange::new(&rules::STATUS_ADDED, Change::added(part))
                .level(level)
                .effect(SetEffect::WIDENS)
                .at(operations.base.location_of("responses"), after.location())
                .target(None, Some(&pointer));
            self.report_for(message, detected);
        }
    }

    /// Reports a removed status. Returns whether it was a success.
    fn status_removed(
        &mut self,
        message: HttpMessage,
        responses: Versions<&Responses<'d>>,
        status: &str,
        operations: Versions<&NodeRef<'d>>,
    ) -> bool {
        let Versions { base, head } = responses;
        let Some(before) = base.get(status) else { return false };
        // Replacing a range by some of its statuses only makes it more precise.
        let inside = head.iter().find(|(known, _)| is_range(status) && covers(status, known));
        if let Some((_, after)) = inside {
            self.compare_response(message, status, Versions::new(before, after));
        }
        let explicit = status != "DEFAULT" || head.is_empty() && base.len() > 1;
        let success = is_success(base, status) && explicit && inside.is_none();
        let level = if success { Level::Breaking } else { Level::Info };
        let pointer = pointer_of_status(operations.base, status);
        let part = Part::Status(status.to_lowercase());
        let detected = DetectedChange::new(&rules::STATUS_REMOVED, Change::removed(part))
            .level(level)
            .effect(SetEffect::NARROWS)
            .at(before.location(), operations.head.location_of("responses"))
            .target(Some(&pointer), None);
        self.report_for(message, detected);
        success
    }

    fn compare_response(
        &mut self,
        message: HttpMessage,
        status: &str,
        responses: Versions<&NodeRef<'d>>,
    ) {
        // A response component that applies to several statuses is compared for each of them.
        self.compare_contents(message, responses, Some(status));
        self.compare_headers(message, responses);
        self.compare_links(message.operation, responses);
    }

    fn compare_headers(&mut self, message: HttpMessage, responses: Versions<&NodeRef<'d>>) {
        let mut headers =
            self.resolvers().zip(responses).map(|(resolver, at)| headers(resolver, at));
        headers.base.known.retain(|key, _| !headers.head.unknown.contains(key));
        headers.head.known.retain(|key, _| !headers.base.unknown.contains(key));
        let Versions { base, head } = headers.map(|headers| headers.known);
        for (key, (name, before)) in &base {
            match head.get(key) {
                Some((_, after)) => {
                    self.compare_header(message, name, Versions::new(before, after));
                }
                None => self.header_removed(message, name, before, responses),
            }
        }
        for (_, (name, after)) in head.iter().filter(|(key, _)| !base.contains_key(*key)) {
            let pointer = pointer_under(responses.head, "headers", name);
            let detected = DetectedChange::new(
                &rules::HEADER_ADDED,
                Change::added(Part::Header(name.clone())),
            )
            .at(responses.base.location_of("headers"), after.location())
            .target(Some(&responses.base.pointer), Some(&pointer));
            self.report_for(message, detected);
        }
    }

    fn header_removed(
        &mut self,
        message: HttpMessage,
        name: &str,
        before: &NodeRef<'d>,
        responses: Versions<&NodeRef<'d>>,
    ) {
        let required = before.flag("required");
        let effect = if required { SetEffect::WIDENS } else { SetEffect::NEITHER };
        let level = compatibility_level(effect, message.direction).min(Level::Warning);
        let change = Change::Removed {
            part: Part::Header(name.to_owned()),
            required: Some(required),
            deprecated: false,
        };
        let pointer = pointer_under(responses.base, "headers", name);
        let detected = DetectedChange::new(&rules::HEADER_REMOVED, change)
            .level(level)
            .effect(effect)
            .at(before.location(), responses.head.location_of("headers"))
            .target(Some(&pointer), Some(&responses.head.pointer));
        self.report_for(message, detected);
    }

    fn compare_header(
        &mut self,
        message: HttpMessage,
        name: &str,
        headers: Versions<&NodeRef<'d>>,
    ) {
        let part = Part::Header(name.to_owned());
        let required = headers.map(|at| at.flag("required"));
        if required.differ() {
            let effect = SetEffect { narrows: required.head, widens: required.base };
            let change = Change::required(part.clone(), required.head);
            let detected = DetectedChange::new(&rules::HEADER_REQUIRED, change)
                .by_compatibility_rule(effect, message.direction)
                .at_key(headers, "required");
            self.report_for(message, detected);
        }
        self.compare_deprecated(message, headers, &part);
        self.compare_stability(message, headers);
        self.compare_serialized_values(
            message,
            headers,
            &part,
            ValueLocation::Header(name.to_owned()),
        );
    }

    fn compare_links(&mut self, id: OperationIndex, responses: Versions<&NodeRef<'d>>) {
        let links = self.resolvers().zip(responses).map(|(resolver, at)| links(resolver, at));
        let names: BTreeSet<&str> =
            links.base.known.keys().chain(links.head.known.keys()).copied().collect();
        for name in names {
            if links.base.unknown.contains(name) || links.head.unknown.contains(name) {
                continue;
            }
            let found = links.each().map(|links| links.known.get(name));
            let part = || Part::Link(name.to_owned());
            let (level, change) = match (found.base, found.head) {
                (Some((_, before)), Some((_, after))) if before == after => continue,
                (Some((_, before)), Some((_, after))) => {
                    let values = Versions::new(before, after).cloned();
                    let values = values.map(|values| Some(AspectValue::Value(values)));
                    let what = Aspect::Link(name.to_owned());
                    (Level::Warning, Change::replaced(what, values))
                }
                (Some(_), None) => (Level::Warning, Change::removed(part())),
                (None, _) => (Level::Info, Change::added(part())),
            };
            let at = found.map(|found| found.map(|(at, _)| at.location()));
            let at = at.or(responses.map(|at| Some(at.location())));
            let pointer = responses.map(|at| pointer_under(at, "links", name));
            let detected = DetectedChange::new(&rules::LINK, change)
                .level(level)
                .at(at.base, at.head)
                .target(Some(&pointer.base), Some(&pointer.head));
            self.report(Some(id), None, detected);
        }
    }
}

/// The links of a response: each with its node and its content without texts.
struct Links<'d> {
    known: IndexMap<&'d str, (NodeRef<'d>, Value)>,
    unknown: BTreeSet<&'d str>,
}

fn links<'d>(resolver: &Resolver<'d>, at: &NodeRef<'d>) -> Links<'d> {
    let links = at.get("links");
    let list: Vec<_> = links.iter().flat_map(NodeRef::all_entries).collect();
    let entries = resolver.resolve_each(list.into_iter());
    let content_of = |(name, at): (&'d str, NodeRef<'d>)| {
        let mut content = at.node.to_json();
        if let Some(content) = content.as_object_mut() {
            content.retain(|key, _| key != "description" && !key.starts_with("x-"));
        }
        (name, (at, content))
    };
    Links { known: entries.known.into_iter().map(content_of).collect(), unknown: entries.unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applies_ranges_and_default_to_statuses() {
        assert!(covers("2XX", "204") && !covers("2XX", "404") && !covers("2XX", "2XX"));
        assert!(covers("DEFAULT", "404") && covers("DEFAULT", "4XX") && !covers("4XX", "DEFAULT"));
    }
}
