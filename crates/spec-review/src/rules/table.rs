//! The table of rules.

use super::{Axis, Reason, Rule, When, WitnessCriterion};
use crate::compatibility::Level;

const BY_COMPATIBILITY_RULE: &str =
    "By the law: breaking where values are lost in a request or gained in an answer, else info.";

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
        "in a request keep taking null; in an answer leave the property out instead",
        { witness_criterion: WitnessCriterion::OtherType };
    ENUM Wire "enum": "The list of allowed values changed, came or went.", BY_COMPATIBILITY_RULE,
        "in a request keep taking the old values; in an answer keep to the old values unless callers ask for new ones";
    EXTENSIBLE_ENUM Wire "extensible-enum": "A value was removed from `x-extensible-enum`.",
        "Breaking in requests: callers may send the value. New values are what the extension announces.",
        "keep taking the value";
    MIN_LENGTH Wire "min-length": "The least number of characters changed.", BY_COMPATIBILITY_RULE,
        "keep the old limit for this operation";
    MAX_LENGTH Wire "max-length": "The greatest number of characters changed.", BY_COMPATIBILITY_RULE,
        "keep the old limit for this operation";
    PATTERN Wire "pattern": "The pattern that texts have to match changed.",
        "By the law. Which texts are lost or gained is decided by automata; where a pattern is outside of what they can express, by trying.",
        "keep a pattern that takes all old texts, or in answers no new ones";
    FORMAT Wire "format": "The format changed.",
        "By the law, with the formats that OpenAPI and JSON Schema define taken at their word. A change to or from any other format is suspected.",
        "keep the format, and give the new form a property of its own";
    MINIMUM Wire "minimum": "The lower end of the range changed.", BY_COMPATIBILITY_RULE,
        "keep the old range for this operation";
    MAXIMUM Wire "maximum": "The upper end of the range changed.", BY_COMPATIBILITY_RULE,
        "keep the old range for this operation";
    MULTIPLE_OF Wire "multiple-of": "The number of which values have to be multiples changed.", BY_COMPATIBILITY_RULE,
        "keep the old step for this operation";
    MIN_ITEMS Wire "min-items": "The least number of items changed.", BY_COMPATIBILITY_RULE,
        "keep the old limit for this operation";
    MAX_ITEMS Wire "max-items": "The greatest number of items changed.", BY_COMPATIBILITY_RULE,
        "keep the old limit for this operation";
    UNIQUE_ITEMS Wire "unique-items": "Whether items may repeat changed.", BY_COMPATIBILITY_RULE,
        "keep taking lists with repeated items, and drop the repetitions in the service";
    MIN_PROPERTIES Wire "min-properties": "The least number of properties changed.", BY_COMPATIBILITY_RULE,
        "keep the old limit for this operation";
    MAX_PROPERTIES Wire "max-properties": "The greatest number of properties changed.", BY_COMPATIBILITY_RULE,
        "keep the old limit for this operation";
    REQUIRED Wire "required": "Whether a property has to be there changed.", BY_COMPATIBILITY_RULE,
        "in a request keep it optional and fill it in; in an answer keep sending it",
        { reasons: &[reason(When::Narrows, "callers that leave it out are refused"),
            reason(When::Breaks, "readers rely on finding it in every answer")] };
    PROPERTY_ADDED Wire "property-added": "A property was added.",
        "Info: callers who do not know it do not send it, readers ignore it. Breaking where it is required in a request, or where the schema of an answer refuses properties that it does not name.",
        "make it optional",
        { reasons: &[reason(When::Narrows, "existing callers do not send it and are refused"),
            reason(When::Breaks, "readers that refuse properties they do not know refuse the answer")] };
    PROPERTY_REMOVED Wire "property-removed": "A property was removed.",
        "Warning, or info if it was deprecated before: nothing is refused, but what a caller sends is ignored, and a reader finds nothing. Breaking where an answer had to have it, or where a request now refuses properties that it does not name.",
        "deprecate it first, and keep it until nobody uses it",
        { reasons: &[reason(When::Harmless, "what a caller sends under this name is ignored, and a reader finds nothing there"),
            reason(When::Widens, "readers rely on finding it in every answer")] };
    ADDITIONAL_PROPERTIES Wire "additional-properties": "What may stand beside the named properties changed.", BY_COMPATIBILITY_RULE,
        "keep taking properties that are not named";
    READ_ONLY Wire "read-only": "A property became read-only, or is no longer.",
        "Requests do not carry what is read-only, and `required` has no effect on it there: breaking where a required property appears in requests in this way.",
        "make it optional in requests";
    WRITE_ONLY Wire "write-only": "A property became write-only, or is no longer.",
        "Answers do not carry what is write-only, and `required` has no effect on it there: breaking where a required property vanishes from answers in this way.",
        "keep sending it";
    ALTERNATIVE Wire "alternative": "An alternative of `anyOf` or `oneOf` came or went.", BY_COMPATIBILITY_RULE,
        "keep the alternatives of a request; let callers ask for new ones in an answer";
    UNION_KIND Wire "union-kind": "`anyOf` became `oneOf`, or the reverse.",
        "By the law, and only where a payload proves that alternatives overlap.",
        "keep `anyOf`, or make the alternatives exclude each other first",
        { witness_criterion: WitnessCriterion::DeclaredProperties };
    NOT Wire "not": "A `not` came or went.", BY_COMPATIBILITY_RULE, "keep taking the values";
    DISCRIMINATOR Wire "discriminator": "The discriminator or its values changed.",
        "Warning: a discriminator is a hint beside schemas that decide for themselves, but generated code dispatches by it.",
        "keep the property and its values, and add to them";
    DEFAULT Wire "default": "A default changed, came or went.",
        "No value is refused. A parameter is left out in most calls and the service fills it in, so whoever leaves it out gets something else: breaking. A body is written whole, by code that often fills defaults in on its own side: warning. In an answer: info.",
        "keep the default, or add a parameter for the new behaviour",
        { reasons: &[reason(When::Breaks, "calls that leave it out now mean something else")], concerns_default: true };
    DEPRECATED Wire "deprecated": "Something was deprecated, or is no longer.",
        "Info: it still works.", "nothing has to be done at once";
    XML Wire "xml": "How a value is written as XML changed.",
        "Breaking where the value travels as text other than JSON, else without effect.",
        "keep the names and namespaces";
    OVERLAP Wire "overlap": "A payload was found that one document accepts and the other refuses, and no other finding explains it.",
        "Breaking: it is proven by the payload.", "compare what the two schemas say about the payload",
        { witness_criterion: WitnessCriterion::DeclaredProperties, requires_witness: true };

    // Operations and their parts.
    OPERATION_ADDED Wire "operation-added": "An operation was added.", "Info: nobody calls it yet.", "nothing has to be done";
    OPERATION_REMOVED Wire "operation-removed": "An operation was removed.",
        "Breaking: its callers are refused. Warning if it was deprecated before, info if `x-stability-level` called it draft or alpha.",
        "deprecate it first, and keep it until nobody calls it",
        { reasons: &[reason(When::Always, "calls to it are answered with an error")] };
    OPERATION_ID Wire "operation-id": "The id of an operation changed.",
        "Info: it does not travel. The Rust axis says what it does to generated code.", "nothing has to be done on the wire",
        { affects_messages: false };
    STABILITY Wire "stability": "`x-stability-level` changed.",
        "Breaking where it went down: what callers were promised is withdrawn. Info where it went up. Suspected where a level is none of `draft`, `alpha`, `beta` and `stable`, so that nobody can tell.",
        "keep the promise",
        { reasons: &[reason(When::Breaks, "callers were promised more than they have now")] };
    PARAMETER_ADDED Wire "parameter-added": "A parameter was added.",
        "Breaking if it is required, because calls without it are refused; else info.", "make it optional",
        { reasons: &[reason(When::Breaks, "existing calls do not send it and are refused")] };
    PARAMETER_REMOVED Wire "parameter-removed": "A parameter was removed.",
        "Warning: calls that send it are still taken, but it has no effect. Info if it was deprecated before.",
        "deprecate it first",
        { reasons: &[reason(When::Always, "calls that send it are still taken, but it has no effect any more")] };
    PARAMETER_REQUIRED Wire "parameter-required": "Whether a parameter has to be sent changed.", BY_COMPATIBILITY_RULE,
        "keep it optional",
        { reasons: &[reason(When::Breaks, "calls that leave it out are refused")] };
    PARAMETER_STYLE Wire "parameter-style": "How the value of a parameter or header is written changed (`style`, `explode`, `allowReserved`, `content`).",
        "Breaking where the same value is now written differently; info where it is written alike.",
        "add a parameter that is written the new way",
        { reasons: &[reason(When::Breaks, "existing calls write the value in a way that is not understood any more")] };
    PARAMETER_EMPTY Wire "parameter-empty": "Whether a query parameter may be empty changed (`allowEmptyValue`).", BY_COMPATIBILITY_RULE,
        "keep taking the empty value";
    BODY_ADDED Wire "request-body-added": "An operation takes a request body now.",
        "Breaking if it is required, else info.", "make it optional",
        { reasons: &[reason(When::Breaks, "existing calls send no body and are refused")] };
    BODY_REMOVED Wire "request-body-removed": "An operation takes no request body any more.",
        "Breaking: what callers tell the service by it has no place any more, and a body where none is expected is commonly refused.",
        "keep it, optional and deprecated",
        { reasons: &[reason(When::Always, "what callers tell the service by it has no place any more")] };
    BODY_REQUIRED Wire "request-body-required": "Whether a request body has to be sent changed.", BY_COMPATIBILITY_RULE, "keep it optional",
        { reasons: &[reason(When::Breaks, "calls without a body are refused")] };
    MEDIA_TYPE Wire "media-type": "A media type came or went.",
        "Breaking where one is removed: callers send it or expect it. A range, or the general form of the same syntax, covers it. An added one is info, because nobody gets it without asking.",
        "keep the old media type beside the new one",
        { reasons: &[reason(When::Breaks, "callers that send or expect it are refused or get something else")] };
    ENCODING Wire "encoding": "How a part of a form or multipart body is written changed.",
        "Breaking: the same value is now written differently.", "keep the encoding";
    STATUS_ADDED Wire "status-added": "An operation can answer with another status.",
        "Warning for a success, which callers may not be ready for; info for a failure. Where a range or `default` spoke for it before, the bodies are compared as well.",
        "answer with the old status unless the caller asks for the new one",
        { reasons: &[reason(When::Warns, "callers that check for one status may take this success for a failure")] };
    STATUS_REMOVED Wire "status-removed": "An operation no longer answers with a status.",
        "Breaking for a success: it is what callers wait for. Info for a failure.",
        "keep answering with the old status",
        { reasons: &[reason(When::Breaks, "callers wait for this status to know that the call succeeded")] };
    HEADER_ADDED Wire "response-header-added": "An answer has another header.", "Info: readers ignore it.", "nothing has to be done";
    HEADER_REMOVED Wire "response-header-removed": "An answer lacks a header that it had.",
        "Breaking if it had to be there, else warning.", "keep sending it",
        { reasons: &[reason(When::Breaks, "readers rely on finding it in every answer")] };
    HEADER_REQUIRED Wire "response-header-required": "Whether an answer has to have a header changed.", BY_COMPATIBILITY_RULE, "keep sending it";
    LINK Wire "link": "A link of an answer changed, came or went.",
        "Warning: a link describes what can be called next; no message changes by it.", "keep the link";
    CALLBACK_ADDED Wire "callback-added": "The service calls the caller back in another way.",
        "Warning: the caller gets requests that it may not be ready for.", "let callers ask for it";
    CALLBACK_REMOVED Wire "callback-removed": "The service no longer calls the caller back.",
        "Breaking: the caller waits for it.", "keep calling back",
        { reasons: &[reason(When::Always, "callers wait to be called back")] };
    SECURITY Wire "security": "What a caller has to present changed.",
        "Breaking where credentials that were enough no longer are; info where fewer or others are enough now.",
        "keep the old way as an alternative",
        { reasons: &[reason(When::Breaks, "callers that present what was enough until now are turned away")] };
    SECURITY_FLOW Wire "security-flow": "Where or how tokens are obtained changed (flows, their addresses and scopes, `openIdConnectUrl`).",
        "Breaking where a flow is gone, because its callers get no token any more. Warning for addresses and scopes, which leave tokens as they are.",
        "keep the old flow beside the new one",
        { reasons: &[reason(When::Breaks, "callers that obtain their tokens this way get none any more")] };
    SERVER Wire "server": "The addresses under which the service is reached changed.",
        "Breaking where one is gone, a value of a variable is gone, or a variable's default changed: callers go to the old address. Info where one was added.",
        "keep the old address working and listed",
        { reasons: &[reason(When::Breaks, "callers go on calling the old address")] };
    EXTENSION Docs "extension": "An extension (`x-…`) changed.",
        "Info: OpenAPI gives it no meaning; the tools that read it may.", "check the tools that read it",
        { reasons: &[reason(When::Always, "tools that read the extension may behave differently")] };

    // Documentation.
    DOCUMENTATION Docs "documentation": "Text or examples changed.", "Info: nothing travels differently.", "nothing has to be done",
        { reasons: &[reason(When::Always, "only readers notice")] };
    TAGS Docs "tags": "The tags changed.", "Info: tags group operations for readers.", "nothing has to be done",
        { reasons: &[reason(When::Always, "only readers notice")] };
    INFO_VERSION Docs "version": "`info.version` changed.", "Info: the version section says whether it is enough.", "nothing has to be done",
        { reasons: &[reason(When::Always, "only readers notice")] };
    UNRESOLVED Wire "unresolved": "A reference leads nowhere, in a circle, or to another file; what it stands for was not compared.",
        "Warning: what is behind it is unknown.", "bundle the document into one file, and mend the reference",
        { reasons: &[reason(When::Always, "what is behind it may have changed unseen")], default_level: Level::Warning };
    NOT_COMPARED Wire "not-compared": "Something is too large to be compared in bounded time, or is of another version than OpenAPI 3.0.",
        "Warning: what is behind it is unknown.", "split it, or compare it by eye",
        { reasons: &[reason(When::Always, "what is behind it may have changed unseen")], default_level: Level::Warning };

    // The generated client.
    RUST_REMOVED Rust "rust-removed": "A public item of the generated client is gone or has another name.",
        "Breaking: code that names it does not compile.", "keep the name",
        { reasons: &[reason(When::Always, "code that names it does not compile any more")] };
    RUST_CHANGED Rust "rust-changed": "The type of a public item of the generated client changed.",
        "Breaking: code that uses it may not compile.", "keep the type";
    RUST_ADDED Rust "rust-added": "The generated client has a new public item.",
        "Info: code that compiles today does not know it. Breaking where code has to name all of them: a variant of a closed enum, a field of a struct that is not `#[non_exhaustive]`.",
        "make the enum open, or the struct non-exhaustive, first";
    RUST_BEHAVIOUR Rust "rust-behaviour": "An extension that the client is generated by (`x-dbss-…`) changed.",
        "Warning: the same code compiles, and calls are tried again, or answers taken for failures, where they were not, or the reverse.",
        "tell callers what they have to expect",
        { reasons: &[reason(When::Always, "the client decides by it which calls it tries again, or which answers are failures")], default_level: Level::Warning };
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
