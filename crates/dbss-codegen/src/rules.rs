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

/// All rules that a contract is checked against, including those of the loader. Errors come before
/// warnings.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    openapi_document::rules::RULES.iter().chain(RULES)
}

rules! {
    Error {
        // The structure of objects.
        WRONG_KIND "wrong-kind" "A value is of the kind that its key takes."
        UNKNOWN_KEY "unknown-key" "A key is one that OpenAPI 3.0 gives its object."
        MISSING_KEY "missing-key" "A key that its object requires is there."
        UNKNOWN_VALUE "unknown-value" "A value is one of those that its key takes."
        UNSUPPORTED "unsupported" "Parts of OpenAPI that nothing is generated from are not used."
        OPENAPI_VERSION "openapi-version" "The contract is OpenAPI 3.0."
        VERSION_NOT_SEMVER "version-not-semver" "`info.version` is a semantic version."

        // Extensions.
        UNKNOWN_EXTENSION "unknown-extension" "An `x-dbss-` key is one that is documented."
        MISPLACED_EXTENSION "misplaced-extension" "An `x-dbss-` key stands where it has a requirement."
        FAILURE_VALUES "failure-values" "`x-dbss-failure-values` names values that the string can have."

        // References.
        EXTERNAL_REF "external-ref" "A reference points into the contract itself."
        DANGLING_REF "dangling-ref" "A reference points to a component that exists."
        WRONG_SECTION_REF "wrong-section-ref" "A reference points to the section that its place takes."
        COMPONENT_ALIAS "component-alias" "A component is more than a reference to another one."

        // Paths and operations.
        PATH_TEMPLATE "path-template" "A path is well formed, its placeholders whole segments."
        DUPLICATE_PATH "duplicate-path" "Two paths differ in more than the names of placeholders."
        UNDECLARED_PATH_PARAMETER "undeclared-path-parameter" "A placeholder has its path parameter."
        UNUSED_PATH_PARAMETER "unused-path-parameter" "A path parameter has its placeholder."
        OPERATION_ID "operation-id" "An operationId is an ASCII identifier."
        RESERVED_OPERATION_ID "reserved-operation-id" "An operationId is no name that the client needs."
        DUPLICATE_OPERATION_ID "duplicate-operation-id" "Two operationIds differ in Rust as well."

        // Parameters.
        PARAMETER_NAME "parameter-name" "A parameter's name can become a Rust identifier."
        RESERVED_PARAMETER "reserved-parameter" "A parameter's name is no name that a builder needs."
        DUPLICATE_PARAMETER "duplicate-parameter" "Two parameters of an operation differ in Rust as well."
        OPTIONAL_PATH_PARAMETER "optional-path-parameter" "A path parameter is required."
        PARAMETER_STYLE "parameter-style" "Parameters are serialised as OpenAPI does by default."
        PARAMETER_SCHEMA "parameter-schema" "A parameter is a scalar, or a list of scalars in the query."
        HEADER_NAME "header-name" "A header parameter has the name of a header."
        RESERVED_HEADER "reserved-header" "A header that is set elsewhere is no parameter."

        // Bodies and responses.
        UNEXPECTED_BODY "unexpected-body" "GET, HEAD and DELETE have no request body."
        OPTIONAL_BODY "optional-body" "A request body is required."
        MEDIA_TYPE "media-type" "A body is `application/json` and nothing else."
        STATUS_CODE "status-code" "A response key is a final status, a range of them, or `default`."
        NO_SUCCESS_RESPONSE "no-success-response" "An operation says what success looks like."
        SUCCESS_TYPES "success-types" "Every success of an operation has the same body type."
        ERROR_TYPES "error-types" "Every error of an operation has the same body type."

        // Schemas.
        ALL_OF_FORM "all-of-form" "`allOf` only wraps one reference."
        UNNAMED_SCHEMA "unnamed-schema" "What becomes a Rust type of its own is a named component."
        COMPONENT_NAME "component-name" "A component's name can become a Rust type's."
        RESERVED_COMPONENT_NAME "reserved-component-name" "A schema's name does not hide a Rust name."
        DUPLICATE_COMPONENT_NAME "duplicate-component-name" "Two schemas' names differ in Rust as well."
        PROPERTY_NAME "property-name" "A property's name can become a Rust field's."
        DUPLICATE_PROPERTY "duplicate-property" "Two properties of a schema differ in Rust as well."
        REQUIRED_LIST "required-list" "`required` lists declared properties, each once."
        MIXED_PROPERTIES "mixed-properties" "A schema is a record or a map, not both."
        CLOSED_RESPONSE "closed-response" "Answers may grow new properties."
        KEYWORD_FOR_TYPE "keyword-for-type" "A keyword means something for the schema's type."
        FORMAT "format" "A format keeps to the Rust types that the client has."
        BOUNDS "bounds" "Bounds are possible, and in order."
        EXCLUSIVE_BOUND "exclusive-bound" "An exclusive bound has the bound that it is about."
        PATTERN "pattern" "A pattern compiles."
        ENUM_TYPE "enum-type" "An enum lists strings."
        ENUM_VALUE "enum-value" "An enum's values are allowed by the rest of their schema."
        DUPLICATE_ENUM_VALUE "duplicate-enum-value" "An enum lists a value once."
        ENUM_NAME "enum-name" "An enum's values can become variants of a Rust enum."
        INFINITE_TYPE "infinite-type" "A schema has values that end."

        // Values.
        VALUE_MISMATCH "value-mismatch" "Defaults and examples fit their schema."
        TWO_EXAMPLE_KEYS "two-example-keys" "`example` and `examples` exclude each other."

        // Security, servers, tags.
        UNDECLARED_SCHEME "undeclared-scheme" "A security requirement names a declared scheme."
        SECURITY_SCOPES "security-scopes" "Only OAuth 2 and OpenID Connect schemes have scopes."
        SECURITY_SCHEME "security-scheme" "A security scheme has the keys of its type."
        SERVER_URL "server-url" "A server's URL and its variables agree."
        SERVER_VARIABLE "server-variable" "A server variable's default is one of its values."
        DUPLICATE_TAG "duplicate-tag" "A tag is declared, and given to an operation, once."
    }
    Warning {
        REF_SIBLINGS "ref-siblings" "Nothing stands beside `$ref`."
        NOT_GENERATED "not-generated" "The contract says nothing that gets lost in the client."
        UNQUOTED_STATUS "unquoted-status" "A response status is quoted."
        TRAILING_SLASH "trailing-slash" "A path does not end with a slash."
        UNDECLARED_TAG "undeclared-tag" "A tag is declared at the top."
        MISSING_DESCRIPTION "missing-description" "What people meet is described."
        MISSING_SUMMARY "missing-summary" "An operation has a summary."
        MISSING_EXAMPLE "missing-example" "Parameters and bodies have an example."
        UNUSED_COMPONENT "unused-component" "A component is used."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_ids_are_unique_kebab_case() {
        let mut seen = std::collections::BTreeSet::new();
        for rule in rules() {
            assert!(seen.insert(rule.id), "{} stands twice", rule.id);
            assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.id);
            assert!(rule.requirement.ends_with('.'), "{}", rule.requirement);
        }
    }
}
