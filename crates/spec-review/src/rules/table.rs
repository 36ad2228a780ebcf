//! The table of rules.

use super::{Axis, Reason, Rule, When, WitnessCriterion};
use crate::compatibility::Level;

const BY_COMPATIBILITY_RULE: &str = "By the compatibility rule: breaking where values are lost in a request or gained in a response, otherwise info.";

const fn reason(when: When, text: &'static str) -> Reason {
    Reason { when, text }
}

macro_rules! rules {
    ($($name:ident $axis:ident $id:literal : $meaning:literal, $level:expr, $advice:literal
        $(, { $($field:ident: $value:expr),* })?;)*) => {
        /// Identifies a rule.
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "the names of the constants")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) enum RuleId { $($name,)* }

        $(
            #[doc = $meaning]
            pub const $name: Rule = Rule {
                $($($field: $value,)*)?
                ..Rule::new(RuleId::$name, $id, Axis::$axis, $meaning, $level, $advice)
            };
        )*

        /// Every rule, in the order of the documentation.
        pub const RULES: &[Rule] = &[$($name,)*];
    };
}

rules! {
    // Schemas.
    TYPE Wire "type": "The types that a value can have changed.", BY_COMPATIBILITY_RULE,
        "add a property with the new type beside the old one, and deprecate the old one",
        { witness_criterion: WitnessCriterion::OtherType };
    NULLABLE Wire "nullable": "`null` became allowed, or is no longer allowed.", BY_COMPATIBILITY_RULE,
        "keep accepting null",
        { response_advice: Some("leave the property out instead of sending null"), witness_criterion: WitnessCriterion::OtherType };
    ENUM Wire "enum": "The list of allowed values was changed, added or removed.", BY_COMPATIBILITY_RULE,
        "keep accepting the old values",
        { response_advice: Some("send only the old values, unless callers ask for new ones") };
    EXTENSIBLE_ENUM Wire "extensible-enum": "A value was removed from `x-extensible-enum`.",
        "Breaking in requests, because callers may send the value. Added values are not reported: the extension announces that the list can grow.",
        "keep accepting the value";
    MIN_LENGTH Wire "min-length": "The minimum number of characters changed.", BY_COMPATIBILITY_RULE,
        "keep accepting what the old limit allowed",
        { response_advice: Some("send only what the old limit allowed") };
    MAX_LENGTH Wire "max-length": "The maximum number of characters changed.", BY_COMPATIBILITY_RULE,
        "keep accepting what the old limit allowed",
        { response_advice: Some("send only what the old limit allowed") };
    PATTERN Wire "pattern": "The pattern that strings have to match changed.",
        "By the compatibility rule. Automata decide which strings are lost or gained; for patterns that they cannot express, samples are tried.",
        "keep a pattern that accepts all old texts",
        { response_advice: Some("send only texts that match the old pattern") };
    FORMAT Wire "format": "The format changed.",
        "By the compatibility rule, as OpenAPI and JSON Schema define the formats. A change to or from any other format is suspected.",
        "keep the format, and add a property with the new format";
    MINIMUM Wire "minimum": "The lower end of the range changed.", BY_COMPATIBILITY_RULE,
        "keep accepting the old range",
        { response_advice: Some("send only numbers of the old range") };
    MAXIMUM Wire "maximum": "The upper end of the range changed.", BY_COMPATIBILITY_RULE,
        "keep accepting the old range",
        { response_advice: Some("send only numbers of the old range") };
    MULTIPLE_OF Wire "multiple-of": "`multipleOf` changed.", BY_COMPATIBILITY_RULE,
        "keep accepting the old multiples",
        { response_advice: Some("send only the old multiples") };
    MIN_ITEMS Wire "min-items": "The minimum number of items changed.", BY_COMPATIBILITY_RULE,
        "keep accepting what the old limit allowed",
        { response_advice: Some("send only what the old limit allowed") };
    MAX_ITEMS Wire "max-items": "The maximum number of items changed.", BY_COMPATIBILITY_RULE,
        "keep accepting what the old limit allowed",
        { response_advice: Some("send only what the old limit allowed") };
    UNIQUE_ITEMS Wire "unique-items": "Items may no longer repeat, or may now.", BY_COMPATIBILITY_RULE,
        "keep accepting lists with repeated items, and remove the duplicates in the service",
        { response_advice: Some("send lists without repeated items") };
    MIN_PROPERTIES Wire "min-properties": "The minimum number of properties changed.", BY_COMPATIBILITY_RULE,
        "keep accepting what the old limit allowed",
        { response_advice: Some("send only what the old limit allowed") };
    MAX_PROPERTIES Wire "max-properties": "The maximum number of properties changed.", BY_COMPATIBILITY_RULE,
        "keep accepting what the old limit allowed",
        { response_advice: Some("send only what the old limit allowed") };
    REQUIRED Wire "required": "A property became required, or is no longer.", BY_COMPATIBILITY_RULE,
        "keep it optional and use a default",
        { response_advice: Some("keep sending it, and keep it required"), reasons: &[reason(When::Narrows, "callers that leave it out are refused"),
            reason(When::Breaks, "readers rely on finding it in every response")] };
    PROPERTY_ADDED Wire "property-added": "A property was added.",
        "Info: existing callers do not send it, and readers ignore it. Breaking where it is required in a request, or where the schema of a response refuses properties that it does not name.",
        "make it optional",
        { response_advice: Some("send it only to callers who ask for it"), reasons: &[reason(When::Narrows, "existing callers do not send it and are refused"),
            reason(When::Breaks, "readers that refuse unknown properties refuse the response")] };
    PROPERTY_REMOVED Wire "property-removed": "A property was removed.",
        "Warning, or info if it was deprecated before: nothing is refused, but what a caller sends is ignored, and a reader finds nothing. Breaking where a response was required to have it, or where a request now refuses properties that it does not name.",
        "keep accepting it, deprecated, until nobody sends it",
        { response_advice: Some("keep sending it, deprecated, until nobody reads it"), reasons: &[reason(When::Harmless, "what a caller sends under this name is ignored, and a reader finds nothing there"),
            reason(When::Widens, "readers rely on finding it in every response")] };
    ADDITIONAL_PROPERTIES Wire "additional-properties": "`additionalProperties` changed: what is accepted beside the named properties.", BY_COMPATIBILITY_RULE,
        "keep accepting properties that are not named",
        { response_advice: Some("send only the properties that are named") };
    READ_ONLY Wire "read-only": "A property became read-only, or is no longer.",
        "A read-only property is not sent in requests, where `required` has no effect on it. Breaking where a required property is sent in requests because it is no longer read-only.",
        "make it optional in requests";
    WRITE_ONLY Wire "write-only": "A property became write-only, or is no longer.",
        "A write-only property is not sent in responses, where `required` has no effect on it. Breaking where a required property is missing from responses because it became write-only.",
        "keep sending it";
    ALTERNATIVE Wire "alternative": "An alternative of `anyOf` or `oneOf` was added or removed.", BY_COMPATIBILITY_RULE,
        "keep accepting the old alternatives",
        { response_advice: Some("send new alternatives only to callers who ask for them") };
    UNION_KIND Wire "union-kind": "`anyOf` became `oneOf`, or the reverse.",
        "By the compatibility rule, and only where a payload proves that alternatives overlap.",
        "keep `anyOf`, or make the alternatives exclude each other first",
        { witness_criterion: WitnessCriterion::DeclaredProperties };
    NOT Wire "not": "A `not` was added or removed.", BY_COMPATIBILITY_RULE, "keep accepting the values",
        { response_advice: Some("keep excluding the values") };
    DISCRIMINATOR Wire "discriminator": "The discriminator or its values changed.",
        "Warning: a discriminator does not change which values are accepted, but generated code dispatches by it.",
        "keep the property and its values, and only add values";
    DEFAULT Wire "default": "A default was changed, added or removed.",
        "No value is refused. Breaking for a parameter, because calls that leave it out now get the new default from the service. Warning in a request body, because clients often fill in its defaults themselves. Info in a response.",
        "keep the default, or add a parameter for the new behaviour",
        { reasons: &[reason(When::Breaks, "calls that leave it out now mean something else")], concerns_default: true };
    DEPRECATED Wire "deprecated": "Something was deprecated, or is no longer.",
        "Info: it still works.", "nothing has to be done now";
    XML Wire "xml": "The XML serialisation of a value changed.",
        "Breaking where the value travels in another format than JSON, otherwise not reported.",
        "keep the names and namespaces";
    OVERLAP Wire "overlap": "A payload was found that one document accepts and the other refuses, and no other finding explains it.",
        "Breaking: the payload proves it.", "compare what the two schemas say about the payload",
        { witness_criterion: WitnessCriterion::DeclaredProperties, requires_witness: true };

    // Operations and their parts.
    OPERATION_ADDED Wire "operation-added": "An operation was added.", "Info: nobody calls it yet.", "nothing has to be done";
    OPERATION_REMOVED Wire "operation-removed": "An operation was removed.",
        "Breaking: its callers are refused. Warning if it was deprecated before, info if `x-stability-level` called it draft or alpha.",
        "deprecate it first, and keep it until nobody calls it",
        { reasons: &[reason(When::Always, "calls to it fail")] };
    OPERATION_ID Wire "operation-id": "The id of an operation changed.",
        "Info: it is not part of any message. The Rust axis reports its effect on generated code.", "nothing has to be done on the wire",
        { affects_messages: false };
    STABILITY Wire "stability": "`x-stability-level` of an operation, a parameter, a header or a schema changed.",
        "Breaking where it was lowered, because callers were promised more. Info where it was raised. Suspected where a level is none of `draft`, `alpha`, `beta` and `stable`, and cannot be compared.",
        "keep the stability level",
        { reasons: &[reason(When::Breaks, "callers were promised more stability than now")] };
    PARAMETER_ADDED Wire "parameter-added": "A parameter was added.",
        "Breaking if it is required, because calls without it are refused; otherwise info.", "make it optional",
        { reasons: &[reason(When::Breaks, "existing calls do not send it and are refused")] };
    PARAMETER_REMOVED Wire "parameter-removed": "A parameter was removed.",
        "Warning: calls that send it are still accepted, but it has no effect. Info if it was deprecated before.",
        "deprecate it first",
        { reasons: &[reason(When::Always, "calls that send it are still accepted, but it no longer has an effect")] };
    PARAMETER_REQUIRED Wire "parameter-required": "A parameter became required, or is no longer.", BY_COMPATIBILITY_RULE,
        "keep it optional",
        { reasons: &[reason(When::Breaks, "calls that leave it out are refused")] };
    PARAMETER_STYLE Wire "parameter-style": "The serialisation of a parameter or header changed (`style`, `explode`, `allowReserved`, `content`).",
        "Breaking where the same value is now serialised differently. `allowReserved` by the compatibility rule.",
        "add a parameter with the new serialisation",
        { reasons: &[reason(When::Breaks, "existing calls serialise the value in a way that is no longer understood")] };
    PARAMETER_EMPTY Wire "parameter-empty": "A query parameter may no longer be empty, or may now (`allowEmptyValue`).", BY_COMPATIBILITY_RULE,
        "keep accepting the empty value";
    BODY_ADDED Wire "request-body-added": "A request body was added to an operation.",
        "Breaking if it is required, otherwise info.", "make it optional",
        { reasons: &[reason(When::Breaks, "existing calls send no body and are refused")] };
    BODY_REMOVED Wire "request-body-removed": "The request body of an operation was removed.",
        "Breaking: callers can no longer send what was in it, and services commonly refuse an unexpected body.",
        "keep it, optional and deprecated",
        { reasons: &[reason(When::Always, "callers can no longer send what was in it")] };
    BODY_REQUIRED Wire "request-body-required": "A request body became required, or is no longer.", BY_COMPATIBILITY_RULE, "keep it optional",
        { reasons: &[reason(When::Breaks, "calls without a body are refused")] };
    MEDIA_TYPE Wire "media-type": "A media type was added or removed.",
        "Breaking where one is removed, because callers send it or expect it; a range such as `application/*`, or `application/json` for `application/problem+json`, covers it. Info where one is added, because only callers who ask for it get it.",
        "keep the old media type beside the new one",
        { reasons: &[reason(When::Breaks, "callers that send or expect it are refused or get something else")] };
    ENCODING Wire "encoding": "The encoding of a part of a form or multipart body changed.",
        "Breaking: the same value is now serialised differently.", "keep the encoding";
    STATUS_ADDED Wire "status-added": "A status was added to an operation.",
        "Warning for a success, which callers may not expect; info for a failure. Where a range or `default` covered the status before, the two responses are compared instead.",
        "return the old status unless the caller asks for the new one",
        { reasons: &[reason(When::Warns, "callers that check for one status may treat this success as a failure")] };
    STATUS_REMOVED Wire "status-removed": "A status was removed from an operation.",
        "Breaking for a success: it is what callers wait for. Info for a failure.",
        "keep returning the old status",
        { reasons: &[reason(When::Breaks, "callers wait for this status to know that the call succeeded")] };
    HEADER_ADDED Wire "response-header-added": "A header was added to a response.", "Info: readers ignore it.", "nothing has to be done";
    HEADER_REMOVED Wire "response-header-removed": "A header was removed from a response.",
        "Breaking if it was required, otherwise warning.", "keep sending it",
        { reasons: &[reason(When::Breaks, "readers rely on finding it in every response")] };
    HEADER_REQUIRED Wire "response-header-required": "A header of a response became required, or is no longer.", BY_COMPATIBILITY_RULE, "keep sending it";
    LINK Wire "link": "A link of a response was changed, added or removed.",
        "Warning where one is changed or removed, info where one is added: links describe possible next calls, and no message is affected.", "keep the link";
    CALLBACK_ADDED Wire "callback-added": "A callback was added to an operation.",
        "Warning: the caller gets requests that it may not be ready for.", "call back only callers who ask for it";
    CALLBACK_REMOVED Wire "callback-removed": "A callback was removed from an operation.",
        "Breaking: the caller waits for it.", "keep calling back",
        { reasons: &[reason(When::Always, "callers wait to be called back")] };
    SECURITY Wire "security": "The credentials that a caller has to present changed.",
        "Breaking where credentials that were sufficient no longer are, otherwise info.",
        "keep the old requirement as an alternative",
        { reasons: &[reason(When::Breaks, "callers with credentials that were sufficient until now are refused")] };
    SECURITY_FLOW Wire "security-flow": "How tokens are obtained changed (OAuth flows, their URLs and scopes, `openIdConnectUrl`).",
        "Breaking where a flow is removed, because its callers can no longer obtain tokens. Warning for changed URLs and removed scopes, which leave tokens as they are.",
        "keep the old flow beside the new one",
        { reasons: &[reason(When::Breaks, "callers that use this flow can no longer obtain tokens")] };
    SERVER Wire "server": "The servers changed.",
        "Breaking where a server or a value of a variable was removed, or a variable's default changed, because callers keep using the old URL. Info where one was added.",
        "keep the old URL working and listed",
        { reasons: &[reason(When::Breaks, "callers keep using the old URL")] };
    EXTENSION Docs "extension": "An extension (`x-…`) changed.",
        "Info: OpenAPI gives it no meaning; the tools that read it may.", "check the tools that read it",
        { reasons: &[reason(When::Always, "tools that read the extension may behave differently")] };

    // Documentation.
    DOCUMENTATION Docs "documentation": "Text or examples changed.", "Info: no message is affected.", "nothing has to be done",
        { reasons: &[reason(When::Always, "only readers notice")] };
    TAGS Docs "tags": "The tags changed.", "Info: tags group operations for readers.", "nothing has to be done",
        { reasons: &[reason(When::Always, "only readers notice")] };
    INFO_VERSION Docs "version": "`info.version` changed.", "Info: the version section of the report says whether the bump is sufficient.", "nothing has to be done",
        { reasons: &[reason(When::Always, "only readers notice")] };
    UNRESOLVED Wire "unresolved": "A reference leads nowhere, in a circle, or to another file; its target was not compared.",
        "Warning: it may have changed unnoticed.", "bundle the document into one file, and fix the reference",
        { reasons: &[reason(When::Always, "what it refers to may have changed unnoticed")], default_level: Level::Warning };
    NOT_COMPARED Wire "not-compared": "Schemas are too large to be compared in bounded time, or a document has another version than OpenAPI 3.0.",
        "Warning: it may have changed unnoticed.", "split it, or compare it manually",
        { reasons: &[reason(When::Always, "what it refers to may have changed unnoticed")], default_level: Level::Warning };

    // The generated client.
    RUST_REMOVED Rust "rust-removed": "A public item of the generated client was removed or renamed.",
        "Breaking: code that names it does not compile.", "keep the name",
        { reasons: &[reason(When::Always, "code that names it no longer compiles")] };
    RUST_CHANGED Rust "rust-changed": "The type of a public item of the generated client changed.",
        "Breaking: code that uses it may not compile.", "keep the type";
    RUST_ADDED Rust "rust-added": "The generated client has a new public item.",
        "Info: existing code does not use it. Breaking for a variant or field of a type that is not `#[non_exhaustive]`, because existing code has to name all of them.",
        "make the enum or struct `#[non_exhaustive]` first";
    RUST_BEHAVIOUR Rust "rust-behaviour": "An extension that the client generator reads (`x-dbss-…`) changed.",
        "Warning: existing code still compiles, but which calls are retried, which responses count as done or as failed, how lists are paged, or when a wait ends, may change.",
        "tell callers about the new behaviour",
        { reasons: &[reason(When::Always, "the client decides by it which calls to retry, what responses say was done, how to page a list, or when a wait ends")], default_level: Level::Warning };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requires_unique_kebab_case_ids_and_complete_sentences() {
        let mut seen = std::collections::BTreeSet::new();
        for rule in RULES {
            assert!(seen.insert(rule.id), "{} stands twice", rule.id);
            assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.id);
            assert!(rule.meaning.ends_with('.') && rule.level_policy.ends_with('.'), "{}", rule.id);
            assert!(!rule.advice.ends_with('.'), "{}", rule.id);
        }
    }
}
