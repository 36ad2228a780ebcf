//! What a caller has to present.
//!
//! A requirement is a list of alternatives, each a set of credentials. An alternative is enough if
//! all of it is presented; more does no harm. So a caller who presented an old alternative is
//! refused unless one of the new ones is a part of it.

use std::collections::{BTreeMap, BTreeSet};

use openapi_document::Node;
use serde_json::{Value, json};

use super::{OperationId, Proof, Said, Wire};
use crate::law::{Direction, Effect, Level};
use crate::rules;
use crate::side::{At, Place, Side};

/// Credentials, and the scopes that they need.
type Alternative = BTreeMap<String, BTreeSet<String>>;

/// The schemes of both documents: name to what travels.
#[derive(Debug, Default)]
pub(super) struct Schemes {
    base: BTreeMap<String, String>,
    head: BTreeMap<String, String>,
    compared: BTreeSet<String>,
}

fn schemes<'d>(side: &Side<'d>) -> BTreeMap<String, At<'d>> {
    let schemes =
        side.root().get("components").and_then(|components| components.get("securitySchemes"));
    let list = schemes.iter().flat_map(At::named).collect::<Vec<_>>();
    list.into_iter().filter_map(|(name, at)| Some((name.to_owned(), side.resolve(&at)?))).collect()
}

/// What a scheme makes callers send: the name that it has in the document does not travel.
fn kinds(side: &Side<'_>) -> BTreeMap<String, String> {
    let schemes = schemes(side);
    let several =
        |kind: &str| schemes.values().filter(|at| at.text("type") == Some(kind)).count() > 1;
    schemes
        .iter()
        .map(|(name, at)| {
            let kind = match at.text("type") {
                Some("apiKey") => {
                    let location = at.text("in").unwrap_or("header");
                    let key = at.text("name").unwrap_or_default();
                    let key =
                        if location == "header" { key.to_lowercase() } else { key.to_owned() };
                    format!("apiKey in {location} `{key}`")
                }
                Some("http") => {
                    format!("http {}", at.text("scheme").unwrap_or_default().to_lowercase())
                }
                Some(kind) if several(kind) => format!("{kind} `{name}`"),
                Some(kind) => kind.to_owned(),
                None => format!("`{name}`"),
            };
            (name.clone(), kind)
        })
        .collect()
}

impl Schemes {
    pub(super) fn of(base: &Side<'_>, head: &Side<'_>) -> Self {
        Self { base: kinds(base), head: kinds(head), compared: BTreeSet::new() }
    }
}

/// The alternatives of an operation. Nothing required is one alternative that is empty.
fn alternatives(
    requirement: Option<&At<'_>>,
    kinds: &BTreeMap<String, String>,
) -> BTreeSet<Alternative> {
    let mut all = BTreeSet::new();
    for alternative in requirement.iter().flat_map(|at| at.node.items()) {
        let mut needs = Alternative::new();
        for entry in alternative.entries() {
            let kind = kinds.get(&entry.key).cloned().unwrap_or_else(|| format!("`{}`", entry.key));
            let scopes =
                entry.value.items().iter().filter_map(|scope| scope.as_str()).map(str::to_owned);
            needs.entry(kind).or_default().extend(scopes);
        }
        all.insert(needs);
    }
    if all.is_empty() {
        all.insert(Alternative::new());
    }
    all
}

/// Whether whoever presents `presented` has what `needed` asks for.
fn satisfies(presented: &Alternative, needed: &Alternative) -> bool {
    needed
        .iter()
        .all(|(kind, scopes)| presented.get(kind).is_some_and(|have| scopes.is_subset(have)))
}

fn show(alternative: &Alternative) -> String {
    if alternative.is_empty() {
        return "nothing".to_owned();
    }
    let parts = alternative.iter().map(|(kind, scopes)| {
        if scopes.is_empty() {
            kind.clone()
        } else {
            format!("{kind} with {}", scopes.iter().cloned().collect::<Vec<_>>().join(" "))
        }
    });
    parts.collect::<Vec<_>>().join(" and ")
}

fn show_all(alternatives: &BTreeSet<Alternative>) -> String {
    alternatives.iter().map(show).collect::<Vec<_>>().join(", or ")
}

/// The requirement as a JSON Schema of the credentials that a call presents.
fn schema(alternatives: &BTreeSet<Alternative>) -> Value {
    let each = alternatives.iter().map(|alternative| {
        let properties: serde_json::Map<String, Value> = alternative
            .iter()
            .map(|(kind, scopes)| {
                let contains: Vec<Value> = scopes.iter().map(|scope| json!({ "contains": { "const": scope } })).collect();
                let scopes = if contains.is_empty() { json!({}) } else { json!({ "allOf": contains }) };
                (kind.clone(), scopes)
            })
            .collect();
        json!({ "type": "object", "required": alternative.keys().collect::<Vec<_>>(), "properties": properties })
    });
    json!({ "type": "object", "properties": { "credentials": { "anyOf": each.collect::<Vec<_>>() } }, "required": ["credentials"] })
}

impl<'d> Wire<'d> {
    pub(super) fn compare_security(&mut self, id: OperationId, old: &At<'d>, new: &At<'d>) {
        let find = |side: &Side<'d>, at: &At<'d>| {
            at.get("security").or_else(|| side.root().get("security"))
        };
        let (before, after) = (find(self.base(), old), find(self.head(), new));
        let base = alternatives(before.as_ref(), &self.schemes.base);
        let head = alternatives(after.as_ref(), &self.schemes.head);
        self.compare_flows(id, before.as_ref(), after.as_ref());
        let lost: Vec<&Alternative> =
            base.iter().filter(|old| !head.iter().any(|new| satisfies(old, new))).collect();
        let gained: Vec<&Alternative> =
            head.iter().filter(|new| !base.iter().any(|old| satisfies(new, old))).collect();
        let effect = Effect { narrows: !lost.is_empty(), widens: !gained.is_empty() };
        if effect == Effect::NEITHER {
            return;
        }
        let message = match lost.first() {
            Some(lost) => format!(
                "calls that present {} are refused now; enough is {}",
                show(lost),
                show_all(&head)
            ),
            None => format!(
                "calls need less than before: {} was needed, now {} is enough",
                show_all(&base),
                show_all(&head)
            ),
        };
        let proof = lost.first().map(|lost| Proof {
            payload: json!({ "credentials": lost }),
            accepted_by_base: true,
            schemas: Box::new((schema(&base), schema(&head))),
        });
        let (base_at, head_at) = self.security_places(before.as_ref(), after.as_ref());
        let said = Said::new(&rules::SECURITY, message)
            .by(effect, Direction::Request)
            .at(base_at.or(Some(old.place())), head_at.or(Some(new.place())))
            .proof(proof);
        self.say(Some(id), Some(Direction::Request), said);
    }

    /// Where the change was made: at the requirement, or at a scheme if that reads as before.
    fn security_places(
        &self,
        before: Option<&At<'d>>,
        after: Option<&At<'d>>,
    ) -> (Option<Place>, Option<Place>) {
        let said = |at: Option<&At<'d>>| at.map(|at| at.node.to_json());
        if said(before) != said(after) {
            return (before.map(At::place), after.map(At::place));
        }
        let names = before.iter().flat_map(|at| at.node.items()).flat_map(Node::entries);
        let changed = names
            .map(|entry| &entry.key)
            .find(|name| self.schemes.base.get(*name) != self.schemes.head.get(*name));
        let place = |side: &Side<'d>, name: &String| schemes(side).get(name).map(At::place);
        let found = changed.map(|name| (place(self.base(), name), place(self.head(), name)));
        found.unwrap_or_else(|| (before.map(At::place), after.map(At::place)))
    }

    /// Compares how tokens are obtained, for the schemes that an operation names.
    fn compare_flows(&mut self, id: OperationId, before: Option<&At<'d>>, after: Option<&At<'d>>) {
        let names = |at: Option<&At<'d>>| -> BTreeSet<String> {
            at.iter()
                .flat_map(|at| at.node.items())
                .flat_map(Node::entries)
                .map(|entry| entry.key.clone())
                .collect()
        };
        for name in names(before).intersection(&names(after)) {
            self.compare_scheme(Some(id), name);
        }
    }

    /// Schemes that no operation asks for.
    pub(super) fn compare_unused_schemes(&mut self) {
        let names: Vec<String> = self
            .schemes
            .base
            .keys()
            .filter(|name| !self.schemes.compared.contains(*name))
            .cloned()
            .collect();
        for name in names {
            self.compare_scheme(None, &name);
        }
    }

    fn compare_scheme(&mut self, operation: Option<OperationId>, name: &str) {
        self.schemes.compared.insert(name.to_owned());
        let scheme = |side: &Side<'d>| {
            let schemes = side.root().get("components")?.get("securitySchemes")?.get(name)?;
            side.resolve(&schemes)
        };
        let (Some(old), Some(new)) = (scheme(self.base()), scheme(self.head())) else { return };
        let mut found = Vec::new();
        let key = "openIdConnectUrl";
        if url(&old, key) != url(&new, key) {
            let message = format!("the address of `{name}` changed");
            let at = (old.place_of(key), new.place_of(key));
            found.push(Flow { level: Level::Warning, effect: Effect::NEITHER, at, message });
        }
        let (before, after) = (flows(&old), flows(&new));
        let both_oauth = old.text("type") == Some("oauth2") && new.text("type") == Some("oauth2");
        for (flow, at) in &before {
            if let Some(new_flow) = after.get(flow) {
                compare_flow(&format!("the flow `{flow}` of `{name}`"), at, new_flow, &mut found);
            } else if both_oauth {
                let level = if operation.is_some() { Level::Breaking } else { Level::Info };
                let message = format!("the flow `{flow}` of `{name}` was removed");
                let at = (at.place(), new.place_of("flows"));
                found.push(Flow { level, effect: Effect::NARROWS, at, message });
            }
        }
        let added = after.iter().filter(|(flow, _)| both_oauth && !before.contains_key(*flow));
        for (flow, at) in added {
            let message = format!("the flow `{flow}` of `{name}` was added");
            let at = (old.place_of("flows"), at.place());
            found.push(Flow { level: Level::Info, effect: Effect::WIDENS, at, message });
        }
        for Flow { level, effect, at, message } in found {
            let said = Said::new(&rules::SECURITY_FLOW, message)
                .level(level)
                .effect(effect)
                .at(at.0, at.1);
            self.say(operation, Some(Direction::Request), said);
        }
    }
}

/// A change in how tokens are obtained.
struct Flow {
    level: Level,
    effect: Effect,
    at: (Place, Place),
    message: String,
}

fn url(at: &At<'_>, key: &str) -> String {
    at.text(key).unwrap_or_default().trim_end_matches('/').to_owned()
}

fn flows<'d>(at: &At<'d>) -> BTreeMap<String, At<'d>> {
    let flows = at.get("flows");
    flows.iter().flat_map(At::entries).map(|(name, at)| (name.to_owned(), at)).collect()
}

fn compare_flow(what: &str, old: &At<'_>, new: &At<'_>, found: &mut Vec<Flow>) {
    let effect = Effect::NEITHER;
    for key in ["authorizationUrl", "tokenUrl", "refreshUrl"] {
        if url(old, key) != url(new, key) {
            let said = old.node.get(key).is_some();
            let level = if said { Level::Warning } else { Level::Info };
            let message = format!("`{key}` of {what} changed");
            found.push(Flow { level, effect, at: (old.place_of(key), new.place_of(key)), message });
        }
    }
    let scopes = |at: &At<'_>| -> BTreeSet<String> {
        let scopes = at.node.get("scopes").map(Node::entries).unwrap_or_default();
        scopes.iter().map(|entry| entry.key.clone()).collect()
    };
    let (had, has) = (scopes(old), scopes(new));
    for scope in had.symmetric_difference(&has) {
        let (level, change) =
            if had.contains(scope) { (Level::Warning, "removed") } else { (Level::Info, "added") };
        let message = format!("the scope `{scope}` of {what} was {change}");
        let at = (old.place_of("scopes"), new.place_of("scopes"));
        found.push(Flow { level, effect, at, message });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_needed_is_enough() {
        let of = |list: &[(&str, &[&str])]| -> Alternative {
            list.iter()
                .map(|(kind, scopes)| {
                    ((*kind).to_owned(), scopes.iter().map(|s| (*s).to_owned()).collect())
                })
                .collect()
        };
        assert!(satisfies(&of(&[("oauth2", &["read", "write"])]), &of(&[("oauth2", &["read"])])));
        assert!(!satisfies(&of(&[("oauth2", &["read"])]), &of(&[("oauth2", &["read", "write"])])));
        assert!(satisfies(&of(&[("a", &[]), ("b", &[])]), &of(&[("a", &[])])));
        assert!(satisfies(&of(&[]), &of(&[])) && !satisfies(&of(&[]), &of(&[("a", &[])])));
    }
}
