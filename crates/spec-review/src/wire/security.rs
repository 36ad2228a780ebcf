//! Security: the credentials that a caller has to present.
//!
//! `security` lists alternative requirements, each a set of credentials that have to be presented
//! together; presenting more does no harm. So a caller that satisfied a requirement of the base
//! document is refused unless its credentials satisfy one of the head document.

use std::collections::{BTreeMap, BTreeSet};

use openapi_document::Node;
use serde_json::{Value, json};

use super::{DetectedChange, HttpMessage, OperationIndex, PreparedWitness, WireComparison};
use crate::change::{Aspect, AspectValue, Change, Credential, Part, SecurityRequirement, Spelling};
use crate::compatibility::{Direction, Level, SetEffect};
use crate::resolver::{NodeLocation, NodeRef, Resolver};
use crate::rules;
use crate::versions::Versions;

/// The credentials of a document by the names of their security schemes.
type CredentialsByScheme = BTreeMap<String, Credential>;

/// The security schemes of both documents.
#[derive(Debug)]
pub(super) struct SecuritySchemes {
    credentials: Versions<CredentialsByScheme>,
    compared: BTreeSet<String>,
}

fn schemes<'d>(resolver: &Resolver<'d>) -> BTreeMap<String, NodeRef<'d>> {
    let schemes =
        resolver.root().get("components").and_then(|components| components.get("securitySchemes"));
    let list = schemes.iter().flat_map(NodeRef::all_entries).collect::<Vec<_>>();
    list.into_iter()
        .filter_map(|(name, at)| Some((name.to_owned(), resolver.resolve(&at)?)))
        .collect()
}

/// The credential of each security scheme.
fn credentials_by_scheme(resolver: &Resolver<'_>) -> CredentialsByScheme {
    let schemes = schemes(resolver);
    let several =
        |kind: &str| schemes.values().filter(|at| at.text("type") == Some(kind)).count() > 1;
    let kind = |name: &String, at: &NodeRef<'_>| match at.text("type") {
        Some("apiKey") => {
            let location = at.text("in").unwrap_or("header").to_owned();
            let key = at.text("name").unwrap_or_default();
            let name = if location == "header" { key.to_lowercase() } else { key.to_owned() };
            Credential::ApiKey { location, name, spelling: Spelling(key.to_owned()) }
        }
        Some("http") => Credential::Http(at.text("scheme").unwrap_or_default().to_lowercase()),
        Some(kind) => {
            let name = several(kind).then(|| name.clone());
            Credential::Other { kind: kind.to_owned(), name }
        }
        None => Credential::Unknown(name.clone()),
    };
    schemes.iter().map(|(name, at)| (name.clone(), kind(name, at))).collect()
}

impl SecuritySchemes {
    pub(super) fn of(resolvers: Versions<&Resolver<'_>>) -> Self {
        Self { credentials: resolvers.map(credentials_by_scheme), compared: BTreeSet::new() }
    }
}

/// The alternative requirements of an operation. No requirement is one that is empty.
fn read_alternatives(
    requirement: Option<&NodeRef<'_>>,
    credentials: &CredentialsByScheme,
) -> BTreeSet<SecurityRequirement> {
    let mut all = BTreeSet::new();
    for alternative in requirement.iter().flat_map(|at| at.node.items()) {
        let mut needed = SecurityRequirement::default();
        for entry in alternative.entries() {
            let credential = credentials.get(&entry.key).cloned();
            let credential = credential.unwrap_or_else(|| Credential::Unknown(entry.key.clone()));
            let scopes =
                entry.value.items().iter().filter_map(|scope| scope.as_str()).map(str::to_owned);
            needed.credentials.entry(credential).or_default().extend(scopes);
        }
        all.insert(needed);
    }
    if all.is_empty() {
        all.insert(SecurityRequirement::default());
    }
    all
}

/// Whether the credentials in `presented` satisfy the requirement `needed`.
fn satisfies(presented: &SecurityRequirement, needed: &SecurityRequirement) -> bool {
    let is_presented = |(credential, scopes): (&Credential, &BTreeSet<String>)| {
        presented.credentials.get(credential).is_some_and(|have| scopes.is_subset(have))
    };
    needed.credentials.iter().all(is_presented)
}

/// A requirement of one document whose credentials satisfy none of the other document.
fn unsatisfied<'a>(
    presented: &'a BTreeSet<SecurityRequirement>,
    alternatives: &BTreeSet<SecurityRequirement>,
) -> Option<&'a SecurityRequirement> {
    presented
        .iter()
        .find(|presented| !alternatives.iter().any(|needed| satisfies(presented, needed)))
}

/// The payload of a witness that presents credentials.
fn payload(requirement: &SecurityRequirement) -> Value {
    let list = requirement
        .credentials
        .iter()
        .map(|(credential, scopes)| (credential.name(), json!(scopes)));
    json!({ "credentials": list.collect::<serde_json::Map<_, _>>() })
}

/// The JSON Schema of calls that satisfy one of the requirements, in which credentials have the names
/// that they have in the payload of a requirement.
fn schema(alternatives: &BTreeSet<SecurityRequirement>, presented: &SecurityRequirement) -> Value {
    // The same header can be spelled differently in the two documents.
    let name = |credential: &Credential| {
        let known = presented.credentials.get_key_value(credential);
        known.map_or(credential, |(known, _)| known).name()
    };
    let each = alternatives.iter().map(|alternative| {
        let properties: serde_json::Map<String, Value> = alternative
            .credentials
            .iter()
            .map(|(credential, scopes)| {
                let contains: Vec<Value> =
                    scopes.iter().map(|scope| json!({ "contains": { "const": scope } })).collect();
                let scopes =
                    if contains.is_empty() { json!({}) } else { json!({ "allOf": contains }) };
                (name(credential), scopes)
            })
            .collect();
        let required: Vec<String> = alternative.credentials.keys().map(name).collect();
        json!({ "type": "object", "required": required, "properties": properties })
    });
    json!({ "type": "object", "properties": { "credentials": { "anyOf": each.collect::<Vec<_>>() } }, "required": ["credentials"] })
}

impl<'d> WireComparison<'d> {
    pub(super) fn compare_security(
        &mut self,
        operation: OperationIndex,
        at: Versions<&NodeRef<'d>>,
    ) {
        let requirements = self
            .resolvers()
            .zip(at)
            .map(|(resolver, at)| at.get("security").or_else(|| resolver.root().get("security")));
        let requirements = requirements.each().map(Option::as_ref);
        let alternatives = requirements.zip(self.schemes.credentials.each());
        let alternatives = alternatives
            .map(|(requirement, credentials)| read_alternatives(requirement, credentials));
        self.compare_flows(operation, requirements);
        let refused = unsatisfied(&alternatives.base, &alternatives.head).cloned();
        let gained = unsatisfied(&alternatives.head, &alternatives.base).is_some();
        let effect = SetEffect { narrows: refused.is_some(), widens: gained };
        if effect == SetEffect::NEITHER {
            return;
        }
        let prepared_witness = refused.as_ref().map(|refused| PreparedWitness {
            payload: payload(refused),
            schemas: Box::new(alternatives.each().map(|needed| schema(needed, refused))),
        });
        let (locations, change) = match self.changed_scheme(requirements) {
            Some(name) => {
                let locations = self
                    .resolvers()
                    .map(|resolver| schemes(resolver).get(name).map(NodeRef::location));
                let credential = self
                    .schemes
                    .credentials
                    .each()
                    .map(|credentials| credentials.get(name).cloned());
                (locations, Change::SecurityScheme { credential, refused, alternatives })
            }
            None => {
                let locations = requirements.map(|at| at.map(NodeRef::location));
                (locations, Change::Security { refused, alternatives })
            }
        };
        let locations = locations.or(at.map(|at| Some(at.location())));
        let message = HttpMessage { operation, direction: Direction::Request };
        let detected = DetectedChange::new(&rules::SECURITY, change)
            .by_compatibility_rule(effect, message.direction)
            .at(locations.base, locations.head)
            .prepared_witness(prepared_witness);
        self.report_for(message, detected);
    }

    /// The scheme that changed, if the requirements are written as before.
    fn changed_scheme(&self, requirements: Versions<Option<&NodeRef<'d>>>) -> Option<&'d str> {
        if requirements.map(|at| at.map(|at| at.node.to_json())).differ() {
            return None;
        }
        let before = requirements.base;
        let names = before.iter().flat_map(|at| at.node.items()).flat_map(Node::entries);
        let credentials = self.schemes.credentials.each();
        names
            .map(|entry| entry.key.as_str())
            .find(|name| credentials.map(|credentials| credentials.get(*name)).differ())
    }

    /// Compares the OAuth flows of the schemes that an operation uses.
    fn compare_flows(&mut self, id: OperationIndex, requirements: Versions<Option<&NodeRef<'d>>>) {
        let names = requirements.map(|at| -> BTreeSet<String> {
            let entries = at.iter().flat_map(|at| at.node.items()).flat_map(Node::entries);
            entries.map(|entry| entry.key.clone()).collect()
        });
        for name in names.base.intersection(&names.head) {
            self.compare_scheme(Some(id), name);
        }
    }

    /// Compares the schemes that no operation uses.
    pub(super) fn compare_unused_schemes(&mut self) {
        let names: Vec<String> = self
            .schemes
            .credentials
            .base
            .keys()
            .filter(|name| !self.schemes.compared.contains(*name))
            .cloned()
            .collect();
        for name in names {
            self.compare_scheme(None, &name);
        }
    }

    fn compare_scheme(&mut self, operation: Option<OperationIndex>, name: &str) {
        self.schemes.compared.insert(name.to_owned());
        let schemes = self.resolvers().map(|resolver| {
            let schemes = resolver.root().get("components")?.get("securitySchemes")?.get(name)?;
            resolver.resolve(&schemes)
        });
        let Some(schemes) = schemes.complete() else { return };
        let schemes = schemes.each();
        let mut found = Vec::new();
        let key = "openIdConnectUrl";
        let urls = schemes.map(|at| url(at, key));
        if urls.differ() {
            let change = address_changed(Aspect::OpenIdConnectUrl(name.to_owned()), urls);
            found.push(
                FlowChange::of(change, schemes.map(|at| at.location_of(key))).level(Level::Warning),
            );
        }
        let flows = schemes.map(flows);
        let oauth = schemes.map(|at| at.text("type") == Some("oauth2"));
        let oauth = oauth.base && oauth.head;
        let part = |flow: &String| Part::OAuthFlow { flow: flow.clone(), scheme: name.to_owned() };
        for (flow, at) in &flows.base {
            if let Some(new_flow) = flows.head.get(flow) {
                compare_flow(name, flow, Versions::new(at, new_flow), &mut found);
            } else if oauth {
                let level = if operation.is_some() { Level::Breaking } else { Level::Info };
                let locations = Versions::new(at.location(), schemes.head.location_of("flows"));
                let removed = FlowChange::of(Change::removed(part(flow)), locations);
                found.push(FlowChange { effect: SetEffect::NARROWS, ..removed.level(level) });
            }
        }
        let added = flows.head.iter().filter(|(flow, _)| !flows.base.contains_key(*flow));
        for (flow, at) in added.filter(|_| oauth) {
            let locations = Versions::new(schemes.base.location_of("flows"), at.location());
            let added = FlowChange::of(Change::added(part(flow)), locations);
            found.push(FlowChange { effect: SetEffect::WIDENS, ..added });
        }
        for FlowChange { level, effect, at, change } in found {
            let detected = DetectedChange::new(&rules::SECURITY_FLOW, change)
                .level(level)
                .effect(effect)
                .at(at.base, at.head);
            self.report(operation, Some(Direction::Request), detected);
        }
    }
}

/// A change of how tokens are obtained.
struct FlowChange {
    level: Level,
    effect: SetEffect,
    at: Versions<NodeLocation>,
    change: Change,
}

impl FlowChange {
    fn of(change: Change, at: Versions<NodeLocation>) -> Self {
        Self { level: Level::Info, effect: SetEffect::NEITHER, at, change }
    }

    fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }
}

/// A change of a URL; an empty URL counts as absent.
fn address_changed(what: Aspect, urls: Versions<String>) -> Change {
    let facts = urls.map(|url| (!url.is_empty()).then(|| AspectValue::from(url.as_str())));
    Change::replaced(what, facts)
}

fn url(at: &NodeRef<'_>, key: &str) -> String {
    at.text(key).unwrap_or_default().trim_end_matches('/').to_owned()
}

fn flows<'d>(at: &NodeRef<'d>) -> BTreeMap<String, NodeRef<'d>> {
    let flows = at.get("flows");
    flows.iter().flat_map(NodeRef::entries).map(|(name, at)| (name.to_owned(), at)).collect()
}

fn compare_flow(
    scheme: &str,
    flow: &str,
    flows: Versions<&NodeRef<'_>>,
    found: &mut Vec<FlowChange>,
) {
    let (scheme, flow) = (scheme.to_owned(), flow.to_owned());
    for keyword in ["authorizationUrl", "tokenUrl", "refreshUrl"] {
        let urls = flows.map(|at| url(at, keyword));
        if urls.differ() {
            let detected = flows.base.node.get(keyword).is_some();
            let level = if detected { Level::Warning } else { Level::Info };
            let (flow, scheme) = (flow.clone(), scheme.clone());
            let change = address_changed(Aspect::OAuthUrl { keyword, flow, scheme }, urls);
            found
                .push(FlowChange::of(change, flows.map(|at| at.location_of(keyword))).level(level));
        }
    }
    let scopes = flows.map(|at| -> BTreeSet<String> {
        let scopes = at.node.get("scopes").map(Node::entries).unwrap_or_default();
        scopes.iter().map(|entry| entry.key.clone()).collect()
    });
    for scope in scopes.base.symmetric_difference(&scopes.head) {
        let removed = scopes.base.contains(scope);
        let level = if removed { Level::Warning } else { Level::Info };
        let (scope, flow, scheme) = (scope.clone(), flow.clone(), scheme.clone());
        let change = Change::presence(Part::OAuthScope { scope, flow, scheme }, !removed);
        found.push(FlowChange::of(change, flows.map(|at| at.location_of("scopes"))).level(level));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_more_credentials_than_needed() {
        let of = |list: &[(&str, &[&str])]| -> SecurityRequirement {
            let one = |(kind, scopes): &(&str, &[&str])| {
                let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
                (Credential::Unknown((*kind).to_owned()), scopes)
            };
            SecurityRequirement { credentials: list.iter().map(one).collect() }
        };
        assert!(satisfies(&of(&[("oauth2", &["read", "write"])]), &of(&[("oauth2", &["read"])])));
        assert!(!satisfies(&of(&[("oauth2", &["read"])]), &of(&[("oauth2", &["read", "write"])])));
        assert!(satisfies(&of(&[("a", &[]), ("b", &[])]), &of(&[("a", &[])])));
        assert!(satisfies(&of(&[]), &of(&[])) && !satisfies(&of(&[]), &of(&[("a", &[])])));
    }
}
