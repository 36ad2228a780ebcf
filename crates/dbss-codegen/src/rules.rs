//! The table of the lint's rules.
//!
//! Checks can report nothing but a constant of this table, so it is complete. The rules of the
//! loader are in `openapi_document::rules`.

use openapi_document::{Rule, Severity};

macro_rules! rules {
    ($($severity:ident { $($name:ident $id:literal $requirement:literal)* })*) => {
        $($(
            pub(crate) const $name: Rule = Rule::new($id, Severity::$severity, $requirement);
        )*)*

        const RULES: &[Rule] = &[$($($name,)*)*];
    };
}

/// All rules that a contract is checked against: those of the loader, then those of the lint, errors
/// before warnings.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    openapi_document::rules::RULES.iter().chain(RULES)
}

rules! {
    Error {
        // The structure of objects.
        WRONG_KIND "wrong-kind" "A value has the kind that its key requires, such as a string or a list."
        UNKNOWN_KEY "unknown-key" "A key is one that OpenAPI 3.0 defines for its object."
        MISSING_KEY "missing-key" "A key that its object requires is present."
        UNKNOWN_VALUE "unknown-value" "A value is one of those that are defined for its key."
        UNSUPPORTED "unsupported" "Unsupported parts of OpenAPI are not used."
        OPENAPI_VERSION "openapi-version" "The contract is OpenAPI 3.0."
        VERSION_NOT_SEMVER "version-not-semver" "`info.version` is a semantic version."

        // Extensions.
        UNKNOWN_EXTENSION "unknown-extension" "An `x-dbss-` key is a documented one."
        MISPLACED_EXTENSION "misplaced-extension" "An `x-dbss-` key is on an object that it applies to."
        PAGES "pages" "`x-dbss-pages` names parameters and fields that the operation has."
        COMPLETION "completion" "`x-dbss-completion` names an operation, inputs, fields and values that there are."
        OUTCOME_VALUES "outcome-values" "`x-dbss-outcome` lists values that the string can have, each once."

        // References.
        EXTERNAL_REF "external-ref" "A reference points into the contract itself."
        DANGLING_REF "dangling-ref" "A reference points to a component that exists."
        WRONG_SECTION_REF "wrong-section-ref" "A reference points to the right section of `components`."
        COMPONENT_ALIAS "component-alias" "A component is not only a reference to another one."

        // Paths and operations.
        PATH_TEMPLATE "path-template" "A path is well formed, and its placeholders are whole segments."
        DUPLICATE_PATH "duplicate-path" "Two paths differ in more than the names of placeholders."
        UNDECLARED_PATH_PARAMETER "undeclared-path-parameter" "Each placeholder has a path parameter."
        UNUSED_PATH_PARAMETER "unused-path-parameter" "Each path parameter has a placeholder."
        NO_OPERATION "no-operation" "A contract has an operation."
        OPERATION_ID "operation-id" "An operationId is an ASCII identifier."
        RESERVED_OPERATION_ID "reserved-operation-id" "An operationId is not reserved by the client or Rust."
        DUPLICATE_OPERATION_ID "duplicate-operation-id" "OperationIds are unique, also as Rust names."

        // Parameters.
        PARAMETER_NAME "parameter-name" "A parameter's name can become a Rust identifier."
        RESERVED_PARAMETER "reserved-parameter" "A parameter's name is not reserved by the builders."
        DUPLICATE_PARAMETER "duplicate-parameter" "The parameters of an operation are unique, also as Rust names."
        OPTIONAL_PATH_PARAMETER "optional-path-parameter" "A path parameter is required."
        PARAMETER_STYLE "parameter-style" "Parameters have OpenAPI's default serialisation."
        PARAMETER_SCHEMA "parameter-schema" "A parameter is a scalar, or a list of scalars in the query."
        HEADER_NAME "header-name" "A header parameter's name is a valid header name."
        RESERVED_HEADER "reserved-header" "A header that is set elsewhere is not a parameter."

        // Bodies and responses.
        UNEXPECTED_BODY "unexpected-body" "GET, HEAD and DELETE have no request body."
        OPTIONAL_BODY "optional-body" "A request body is required."
        MEDIA_TYPE "media-type" "A body is `application/json` and nothing else."
        STATUS_CODE "status-code" "A response key is a final status, a range of them, or `default`."
        RESPONSE_BODY "response-body" "A response to HEAD, and one with the status 204 or 205, has no body."
        NO_SUCCESS_RESPONSE "no-success-response" "An operation has a success response."
        SUCCESS_TYPES "success-types" "All success responses of an operation have the same body type."
        ERROR_TYPES "error-types" "All error responses of an operation have the same body type."

        // Schemas.
        ALL_OF_FORM "all-of-form" "`allOf` only wraps one reference."
        UNNAMED_SCHEMA "unnamed-schema" "A schema that becomes a Rust type is a named component."
        COMPONENT_NAME "component-name" "A component's name can become the name of a Rust type."
        RESERVED_COMPONENT_NAME "reserved-component-name" "A schema's name does not shadow a Rust name."
        DUPLICATE_COMPONENT_NAME "duplicate-component-name" "The names of schemas are unique, also as Rust names."
        PROPERTY_NAME "property-name" "A property's name can become the name of a Rust field."
        DUPLICATE_PROPERTY "duplicate-property" "The properties of a schema are unique, also as Rust names."
        REQUIRED_LIST "required-list" "`required` lists declared properties, each once."
        MIXED_PROPERTIES "mixed-properties" "A schema is a record or a map, not both."
        CLOSED_RESPONSE "closed-response" "Schemas of responses allow new properties."
        KEYWORD_FOR_TYPE "keyword-for-type" "A keyword applies to the schema's type."
        FORMAT "format" "The format of a number is one with a Rust type."
        BOUNDS "bounds" "Limits are valid for the type, and some value satisfies them."
        EXCLUSIVE_BOUND "exclusive-bound" "`exclusiveMinimum` needs `minimum`, and `exclusiveMaximum` needs `maximum`."
        PATTERN "pattern" "A pattern compiles."
        ENUM_TYPE "enum-type" "An enum lists strings."
        ENUM_VALUE "enum-value" "An enum's values satisfy the rest of their schema."
        DUPLICATE_ENUM_VALUE "duplicate-enum-value" "An enum lists a value once."
        ENUM_NAME "enum-name" "An enum's values can become variants of a Rust enum."
        INFINITE_TYPE "infinite-type" "A schema has finite values."
        HUGE_TYPE "huge-type" "A value of a schema fits on a stack."

        // Values.
        VALUE_MISMATCH "value-mismatch" "Defaults and examples fit their schema."
        TWO_EXAMPLE_KEYS "two-example-keys" "`example` and `examples` are not used together."

        // Security, servers, tags.
        UNDECLARED_SCHEME "undeclared-scheme" "A security requirement names a declared scheme."
        SECURITY_SCOPES "security-scopes" "Only OAuth 2 and OpenID Connect schemes have scopes."
        SECURITY_SCHEME "security-scheme" "A security scheme has the keys of its type."
        SERVER_URL "server-url" "A server's URL and its variables agree."
        SERVER_VARIABLE "server-variable" "A server variable's values are valid, and its default is one of them."
        DUPLICATE_TAG "duplicate-tag" "A tag is declared once, and listed once for an operation."
    }
    Warning {
        REF_SIBLINGS "ref-siblings" "`$ref` has no other keys beside it."
        NOT_GENERATED "not-generated" "The contract has no keys that have no effect on the client."
        NULL_NOT_SENT "null-not-sent" "An optional property of what is only sent is not nullable."
        UNQUOTED_STATUS "unquoted-status" "A response status is quoted."
        TRAILING_SLASH "trailing-slash" "A path does not end with a slash."
        UNDECLARED_TAG "undeclared-tag" "A tag is declared at the top level."
        MISSING_DESCRIPTION "missing-description" "Operations, parameters, schemas and the like have a description."
        MISSING_SUMMARY "missing-summary" "An operation has a summary."
        MISSING_EXAMPLE "missing-example" "Parameters and bodies have an example."
        UNUSED_COMPONENT "unused-component" "A component is used."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_have_unique_kebab_case_ids() {
        let mut seen = std::collections::BTreeSet::new();
        for rule in rules() {
            assert!(seen.insert(rule.id), "{} is not unique", rule.id);
            assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.id);
            assert!(rule.requirement.ends_with('.'), "{}", rule.requirement);
        }
    }
}
