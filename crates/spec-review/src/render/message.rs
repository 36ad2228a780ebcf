//! The message of a finding: what changed.

use std::collections::BTreeSet;

use serde_json::Value;

use super::headline::and;
use super::items::{Item, required_property};
use super::pointer_label::{label, short};
use crate::change::{
    AccessMode, AdditionalPropertiesChange, Aspect, AspectValue, Change, ItemKind, Part,
    STABILITY_LEVELS, SecurityRequirement, Serialization, StabilityChange, VariableValues,
};
use crate::compatibility::Direction;
use crate::report::Finding;
use crate::schema::{TypeSet, UnionKeyword};
use crate::subject::{ItemPath, Subject, Target};
use crate::versions::Versions;

/// At most so many values are listed in a message.
const MAX_VALUES_SHOWN: usize = 5;

/// What changed, on one line; names and values are in backticks.
#[must_use]
pub fn message(finding: &Finding) -> String {
    match &finding.subject.target {
        Target::Item { path, lower_layers } => {
            let follows = if *lower_layers { " (also in the lower layers)" } else { "" };
            format!("{}{follows}", item(path, &finding.change))
        }
        Target::Document { pointer, negated, is_schema } => {
            let Versions { base, head } = pointer.each().map(Option::as_deref);
            let old = finding.change.is_removal() || head.is_none();
            let pointer = if old { base } else { head };
            let negated = if *negated { "under `not`: " } else { "" };
            let directions = if *is_schema { directions(&finding.subject) } else { "" };
            let change = change(&finding.change);
            format!("{}: {negated}{change}{directions}", label(pointer.unwrap_or_default()))
        }
    }
}

/// The message of an item: that of its finding, or one for all properties that it concerns.
pub(super) fn item_message(item: &Item<'_>) -> String {
    let properties: Vec<_> = item.findings().filter_map(required_property).collect();
    let [first, _, ..] = properties.as_slice() else { return message(item.first) };
    let names: Vec<String> =
        properties.iter().map(|property| format!("`{}`", property.name)).collect();
    let names = and(&names);
    let change = match item.first.change {
        Change::Added { .. } => format!("the required properties {names} were added"),
        _ => format!("the properties {names} are now required"),
    };
    format!("{}: {change}{}", label(first.schema), directions(&item.first.subject))
}

fn directions(subject: &Subject) -> &'static str {
    match subject.directions.as_slice() {
        [] => "",
        [Direction::Request] => " (in requests)",
        [Direction::Response] => " (in responses)",
        _ => " (in requests and responses)",
    }
}

fn change(change: &Change) -> String {
    match change {
        Change::Added { part, required } => added(part, *required),
        Change::Removed { part, required, deprecated } => removed(part, *required, *deprecated),
        Change::Altered(part) => altered(part),
        Change::Replaced { aspect, values } => replaced(aspect, values),
        Change::BecameRequired(Part::Header(name)) => {
            format!("the header `{name}` is now always sent")
        }
        Change::BecameOptional(Part::Header(name)) => {
            format!("the header `{name}` is no longer always sent")
        }
        Change::BecameRequired(part) => format!("the {} is now required", noun(part)),
        Change::BecameOptional(part) => format!("the {} is no longer required", noun(part)),
        Change::BecameDeprecated(part) => format!("the {} is now deprecated", noun(part)),
        Change::NoLongerDeprecated(part) => format!("the {} is no longer deprecated", noun(part)),
        Change::BecameArray(part) => {
            format!("the {} is now a list; the old value is one item of it", noun(part))
        }
        Change::Nullable { allowed: true } => "`null` is now allowed".to_owned(),
        Change::Nullable { allowed: false } => "`null` is no longer allowed".to_owned(),
        Change::EnumValues { .. } | Change::EnumAdded { .. } | Change::EnumRemoved { .. } => {
            enum_change(change)
        }
        Change::ExtensibleEnumValues { removed } => {
            format!("removed from the values of `x-extensible-enum`: {}", values(removed))
        }
        Change::DiscriminatorValues { removed, added } => format!(
            "the discriminator's values changed{}{}",
            names(", without ", removed),
            names(", with ", added)
        ),
        Change::AdditionalProperties(change) => additional_properties(*change).to_owned(),
        Change::AccessMode { property, required, mode, set } => {
            let change = if *set { "is now" } else { "is no longer" };
            format!(
                "the {} property `{property}` {change} {}",
                presence(*required),
                access_mode(*mode)
            )
        }
        Change::UnionKeyword(kinds) => union_kind(kinds.head).to_owned(),
        Change::AlternativesOverlap => OVERLAP.to_owned(),
        Change::Unexplained => {
            "a payload that one document accepts is refused by the other".to_owned()
        }
        Change::Flag { keyword, part, set } => {
            let change = if *set { "is now set" } else { "is no longer set" };
            format!("`{keyword}` of the {} {change}", noun(part))
        }
        Change::Stability { change, levels } => stability(change, levels),
        Change::Security { refused, alternatives }
        | Change::SecurityScheme { refused, alternatives, .. } => {
            security(refused.as_ref(), alternatives)
        }
        Change::ServerVariable { name, values } => server_variable(name, values),
        Change::Unresolved { reference } => format!(
            "the reference `{reference}` could not be followed, so nothing behind it was compared"
        ),
        Change::UnsupportedVersion { version } => {
            format!(
                "the version is `{version}`; keywords that OpenAPI 3.0 does not have were not compared"
            )
        }
        Change::TooLarge => {
            "the schemas are too large, or refer to each other too much, to be compared completely"
                .to_owned()
        }
        // Only for items of the generated client; see `item`.
        Change::Exhaustiveness { kind, exhaustive } => {
            exhaustiveness(item_kind(*kind), *exhaustive)
        }
    }
}

/// The name of a part, without an article.
fn noun(part: &Part) -> String {
    match part {
        Part::Value => "value".to_owned(),
        Part::Property(name) => format!("property `{name}`"),
        Part::Not => "`not`".to_owned(),
        Part::Alternative { name: Some(name), .. } => format!("alternative `{name}`"),
        Part::Alternative { name: None, types: only, .. } => {
            format!("alternative {}", types(*only))
        }
        Part::UniqueItems => "`uniqueItems`".to_owned(),
        Part::IneffectiveNullable => "`nullable`".to_owned(),
        Part::Discriminator => "discriminator".to_owned(),
        Part::Xml => "XML".to_owned(),
        Part::Operation => "operation".to_owned(),
        Part::Parameter { location, name } => format!("{location} parameter `{name}`"),
        Part::Header(name) => format!("header `{name}`"),
        Part::RequestBody => "request body".to_owned(),
        Part::MediaType { name, .. } => format!("media type `{name}`"),
        Part::Status(status) => format!("status `{status}`"),
        Part::Link(name) => format!("link `{name}`"),
        Part::Callback(name) => format!("callback `{name}`"),
        Part::Server(url) => format!("server `{url}`"),
        Part::OAuthFlow { flow, scheme } => format!("flow `{flow}` of `{scheme}`"),
        Part::OAuthScope { scope, flow, scheme } => {
            format!("scope `{scope}` of the flow `{flow}` of `{scheme}`")
        }
        Part::Tag(name) => format!("tag `{name}`"),
        Part::Text(keyword) => format!("`{keyword}`"),
        Part::Extension(keyword) => format!("extension `{keyword}`"),
        Part::Item { kind, .. } => item_kind(*kind).to_owned(),
    }
}

const fn presence(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

const OVERLAP: &str = "a value that one document accepts is refused by the other, because `oneOf` depends on how many alternatives accept it";

const WITHOUT_EFFECT: &str = "where OpenAPI 3.0 gives it no effect (no `type` beside it, or an `enum` without null); many tools read it as allowing null";

fn added(part: &Part, required: Option<bool>) -> String {
    match (part, required) {
        (Part::UniqueItems, _) => "items may no longer repeat (`uniqueItems` was added)".to_owned(),
        (Part::IneffectiveNullable, _) => format!("`nullable` was added {WITHOUT_EFFECT}"),
        (Part::Tag(_), _) => format!("the {} is now described", noun(part)),
        (Part::Text(keyword), _) => format!("`{keyword}` was added"),
        (Part::Not | Part::Discriminator, _) => format!("a {} was added", noun(part)),
        (Part::RequestBody, Some(true)) => "a required request body was added".to_owned(),
        (Part::RequestBody, _) => "an optional request body was added".to_owned(),
        (Part::MediaType { response, statuses, .. }, _) => {
            format!("the {} was added to {}", noun(part), media_type_owner(*response, statuses))
        }
        (_, Some(required)) => format!("the {} {} was added", presence(required), noun(part)),
        (_, None) => format!("the {} was added", noun(part)),
    }
}

fn removed(part: &Part, required: Option<bool>, deprecated: bool) -> String {
    match (part, required) {
        (Part::UniqueItems, _) => "items may now repeat (`uniqueItems` was removed)".to_owned(),
        (Part::IneffectiveNullable, _) => format!("`nullable` was removed {WITHOUT_EFFECT}"),
        (Part::Tag(_), _) => format!("the {} is no longer described", noun(part)),
        (Part::Text(keyword), _) => format!("`{keyword}` was removed"),
        (Part::Not, _) => "a `not` was removed".to_owned(),
        (Part::MediaType { response, statuses, .. }, _) => {
            format!("the {} was removed from {}", noun(part), media_type_owner(*response, statuses))
        }
        (Part::Operation, _) if deprecated => {
            "the operation, which was deprecated, was removed".to_owned()
        }
        (_, Some(required)) => format!("the {} {} was removed", presence(required), noun(part)),
        (_, None) if deprecated => format!("the deprecated {} was removed", noun(part)),
        (_, None) => format!("the {} was removed", noun(part)),
    }
}

/// The part of a message that has a media type.
fn media_type_owner(response: bool, statuses: &BTreeSet<String>) -> String {
    if !response {
        return "the request body".to_owned();
    }
    let plural = if statuses.len() > 1 { "s" } else { "" };
    format!("the response{plural}{}", names(" ", statuses))
}

fn altered(part: &Part) -> String {
    match part {
        Part::Text(keyword) => format!("`{keyword}` changed"),
        part => format!("the {} changed", noun(part)),
    }
}

fn replaced(aspect: &Aspect, values: &Versions<Option<AspectValue>>) -> String {
    let from_to = |what: &str| {
        let Versions { base, head } =
            values.each().map(|fact| fact.as_ref().map_or_else(|| "none".to_owned(), aspect_value));
        format!("{what} changed from {base} to {head}")
    };
    match aspect {
        Aspect::Types => from_to("the type"),
        Aspect::Minimum => from_to("the minimum"),
        Aspect::Maximum => from_to("the maximum"),
        Aspect::MultipleOf => from_to("`multipleOf`"),
        Aspect::CountLimit(keyword) => from_to(&format!("`{keyword}`")),
        Aspect::Pattern => from_to("the pattern"),
        Aspect::Format => from_to("the format"),
        Aspect::OperationId => from_to("the operation id"),
        Aspect::ServerVariableDefault(name) => {
            from_to(&format!("the default of the server variable `{name}`"))
        }
        Aspect::Signature(kind) => from_to(item_kind(*kind)),
        Aspect::ItemKind => from_to("the kind"),
        Aspect::Default => format!("the default changed {}", shortened_from_to(values, "`")),
        Aspect::Extension(keyword) => {
            format!("`{keyword}` changed {}", shortened_from_to(values, ""))
        }
        Aspect::Version => match (&values.base, &values.head) {
            (None, _) => "`version` was added".to_owned(),
            (_, None) => "`version` was removed".to_owned(),
            _ => format!("`version` changed {}", shortened_from_to(values, "")),
        },
        Aspect::Xml => "the XML serialisation of the value changed".to_owned(),
        Aspect::Encoding => "the encoding of the parts of the body changed".to_owned(),
        Aspect::Link(name) => format!("the link `{name}` changed"),
        Aspect::DiscriminatorProperty => {
            let Versions { base, head } =
                values.each().map(|fact| fact.as_ref().map(aspect_value).unwrap_or_default());
            format!("the property of the discriminator changed from {base} to {head}")
        }
        Aspect::Serialization(part) => {
            let Versions { base, head } =
                values.each().map(|fact| fact.as_ref().map(aspect_value).unwrap_or_default());
            format!("the {} is serialised differently: {base} before, {head} now", noun(part))
        }
        Aspect::OpenIdConnectUrl(scheme) => format!("the `openIdConnectUrl` of `{scheme}` changed"),
        Aspect::OAuthUrl { keyword, flow, scheme } => {
            format!("`{keyword}` of the flow `{flow}` of `{scheme}` changed")
        }
    }
}

/// Values of any length, shortened.
fn shortened_from_to(values: &Versions<Option<AspectValue>>, quote: &str) -> String {
    let Versions { base, head } = values.each().map(|fact| match fact {
        Some(AspectValue::Value(value)) => format!("{quote}{}{quote}", short(value)),
        Some(fact) => aspect_value(fact),
        None => "none".to_owned(),
    });
    format!("from {base} to {head}")
}

fn aspect_value(fact: &AspectValue) -> String {
    match fact {
        AspectValue::Types(set) => types(*set),
        AspectValue::Number(number) | AspectValue::Bound { number, exclusive: false } => {
            number.to_string()
        }
        AspectValue::Bound { number, exclusive: true } => format!("{number} (exclusive)"),
        AspectValue::Count(count) => count.to_string(),
        AspectValue::Value(Value::String(text)) => format!("`{text}`"),
        AspectValue::Value(value) => format!("`{value}`"),
        AspectValue::Serialization(writing) => match writing {
            Serialization::PlainText => "as plain text".to_owned(),
            Serialization::Media(media) => format!("as {media}"),
            Serialization::Style { style, explode: None } => format!("style `{style}`"),
            Serialization::Style { style, explode: Some(explode) } => {
                format!("style `{style}`, explode {explode}")
            }
        },
        AspectValue::ItemKind(kind) => item_kind(*kind).to_owned(),
    }
}

/// The names of a set of types.
fn types(types: TypeSet) -> String {
    if types == TypeSet::ALL || types == TypeSet::ALL - TypeSet::NULL {
        return "any type".to_owned();
    }
    let names: Vec<&str> = types.names().collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(" or ") }
}

/// The first values of a list.
fn values(values: &[Value]) -> String {
    let mut shown: Vec<_> =
        values.iter().take(MAX_VALUES_SHOWN).map(|value| format!("`{}`", short(value))).collect();
    if values.len() > MAX_VALUES_SHOWN {
        shown.push(format!("and {} more", values.len() - MAX_VALUES_SHOWN));
    }
    shown.join(", ")
}

fn enum_change(change: &Change) -> String {
    let none = Vec::new();
    let (limits, lost, gained) = match change {
        Change::EnumAdded { values: list, .. } if list.is_empty() => {
            (Some("no value is allowed any more (`enum` lists none)".to_owned()), &none, &none)
        }
        Change::EnumAdded { values: list, added } => {
            (Some(format!("values are now limited to a list: {}", values(list))), &none, added)
        }
        Change::EnumRemoved { removed } => {
            (Some("values are no longer limited to a list".to_owned()), removed, &none)
        }
        Change::EnumValues { removed, added } => (None, removed, added),
        _ => (None, &none, &none),
    };
    let lost =
        (!lost.is_empty()).then(|| format!("removed from the allowed values: {}", values(lost)));
    let gained =
        (!gained.is_empty()).then(|| format!("added to the allowed values: {}", values(gained)));
    limits.into_iter().chain(lost).chain(gained).collect::<Vec<_>>().join("; ")
}

fn names(start: &str, names: &BTreeSet<String>) -> String {
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("{start}{}", names.join(", "))
}

const fn additional_properties(additional_properties: AdditionalPropertiesChange) -> &'static str {
    match additional_properties {
        AdditionalPropertiesChange::Refused => "properties that are not named are now refused",
        AdditionalPropertiesChange::Allowed => "properties that are not named are now allowed",
        AdditionalPropertiesChange::Constrained => {
            "properties that are not named now have to satisfy a schema"
        }
        AdditionalPropertiesChange::Unconstrained => {
            "properties that are not named no longer have to satisfy a schema"
        }
    }
}

const fn access_mode(access_mode: AccessMode) -> &'static str {
    match access_mode {
        AccessMode::ReadOnly => "read-only",
        AccessMode::WriteOnly => "write-only",
    }
}

const fn union_kind(now: UnionKeyword) -> &'static str {
    match now {
        UnionKeyword::OneOf => {
            "values that several alternatives accept are now refused (`anyOf` became `oneOf`)"
        }
        UnionKeyword::AnyOf => {
            "values that several alternatives accept are no longer refused (`oneOf` became `anyOf`)"
        }
    }
}

fn stability(promise: &StabilityChange, levels: &Versions<Option<String>>) -> String {
    let Versions { base, head } = levels.each().map(|level| level.as_deref().unwrap_or("none"));
    match promise {
        StabilityChange::Lowered => {
            format!("the stability level went down from `{base}` to `{head}`")
        }
        StabilityChange::Raised => format!("the stability level went up from `{base}` to `{head}`"),
        StabilityChange::Unknown(level) => format!(
            "the stability level changed, and cannot be compared: `{level}` is not one of {}",
            STABILITY_LEVELS.join(", ")
        ),
    }
}

fn security(
    refused: Option<&SecurityRequirement>,
    enough: &Versions<BTreeSet<SecurityRequirement>>,
) -> String {
    let Versions { base, head } =
        enough.each().map(|list| list.iter().map(credentials).collect::<Vec<_>>().join(", or "));
    match refused {
        Some(refused) => {
            format!(
                "calls that present {} are now refused; required is {head}",
                credentials(refused)
            )
        }
        None => format!(
            "calls need fewer or other credentials: {base} was required, now {head} suffices"
        ),
    }
}

fn credentials(credentials: &SecurityRequirement) -> String {
    if credentials.credentials.is_empty() {
        return "nothing".to_owned();
    }
    let parts = credentials.credentials.iter().map(|(credential, scopes)| {
        if scopes.is_empty() {
            credential.name()
        } else {
            let scopes = scopes.iter().cloned().collect::<Vec<_>>().join(" ");
            format!("{} with {scopes}", credential.name())
        }
    });
    parts.collect::<Vec<_>>().join(" and ")
}

fn server_variable(name: &str, values: &VariableValues) -> String {
    match values {
        VariableValues::Removed(values) => {
            format!("the server variable `{name}` no longer accepts {}", values.join(", "))
        }
        VariableValues::Limited(values) => {
            let values = values.iter().cloned().collect::<Vec<_>>().join(", ");
            format!("the server variable `{name}` is now limited to {values}")
        }
        VariableValues::Added(_) | VariableValues::Unlimited => {
            format!("the server variable `{name}` accepts more values")
        }
    }
}

/// The message of a changed item of the generated client.
fn item(path: &ItemPath, change: &Change) -> String {
    match change {
        Change::Removed { part, .. } => {
            format!("the {} `{path}` was removed or renamed", noun(part))
        }
        Change::Added { part, .. } => format!("the {} `{path}` was added", noun(part)),
        Change::Replaced { aspect: Aspect::ItemKind, values } => {
            let Versions { base, head } =
                values.each().map(|fact| fact.as_ref().map(aspect_value).unwrap_or_default());
            format!("`{path}` was a {base} and is a {head} now")
        }
        Change::Replaced { aspect: Aspect::Signature(kind), values } => {
            let Versions { base, head } =
                values.each().map(|fact| fact.as_ref().map(aspect_value).unwrap_or_default());
            format!("the {} `{path}` changed from {base} to {head}", item_kind(*kind))
        }
        Change::Exhaustiveness { kind, exhaustive } => {
            exhaustiveness(&format!("{} `{path}`", item_kind(*kind)), *exhaustive)
        }
        other => self::change(other),
    }
}

fn exhaustiveness(item: &str, now: bool) -> String {
    let change = if now { "is no longer" } else { "is" };
    let now = if now { "" } else { " now" };
    format!("the {item} {change} `#[non_exhaustive]`{now}")
}

const fn item_kind(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Struct => "struct",
        ItemKind::Enum => "enum",
        ItemKind::Field => "field",
        ItemKind::Variant => "variant",
        ItemKind::Method => "method",
        ItemKind::Implementation => "implementation",
        ItemKind::Other => "item",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_types_as_the_type_keyword_does() {
        assert_eq!(types(TypeSet::NUMBER | TypeSet::STRING), "string or number");
        assert_eq!(types(TypeSet::ALL - TypeSet::NULL), "any type");
        assert_eq!(types(TypeSet::NONE), "nothing");
    }
}
