//! Everything that an OpenAPI 3.0 document can say: by which rule a change of it is found, or why
//! it does not matter.
//!
//! Objects and properties are called as in the JSON Schema that the OpenAPI Initiative publishes;
//! a pattern stands for the properties whose names the author chooses.

use super::{
    ADDITIONAL_PROPERTIES, ALTERNATIVE, BODY_ADDED, BODY_REMOVED, BODY_REQUIRED, CALLBACK_ADDED,
    CALLBACK_REMOVED, DEFAULT, DEPRECATED, DISCRIMINATOR, DOCUMENTATION, ENCODING, ENUM,
    EXTENSIBLE_ENUM, EXTENSION, FORMAT, HEADER_ADDED, HEADER_REMOVED, HEADER_REQUIRED,
    INFO_VERSION, LINK, MAX_ITEMS, MAX_LENGTH, MAX_PROPERTIES, MAXIMUM, MEDIA_TYPE, MIN_ITEMS,
    MIN_LENGTH, MIN_PROPERTIES, MINIMUM, MULTIPLE_OF, NOT, NULLABLE, OPERATION_ADDED, OPERATION_ID,
    OPERATION_REMOVED, PARAMETER_ADDED, PARAMETER_EMPTY, PARAMETER_REMOVED, PARAMETER_REQUIRED,
    PARAMETER_STYLE, PATTERN, PROPERTY_ADDED, PROPERTY_REMOVED, READ_ONLY, REQUIRED, RUST_ADDED,
    RUST_BEHAVIOUR, RUST_REMOVED, Rule, SECURITY, SECURITY_FLOW, SERVER, STABILITY, STATUS_ADDED,
    STATUS_REMOVED, TAGS, TYPE, UNION_KIND, UNIQUE_ITEMS, UNRESOLVED, WRITE_ONLY, XML,
};

/// What happens when something in a document changes.
#[derive(Debug, Clone, Copy)]
pub enum Says {
    /// One of these rules reports it.
    Rules(&'static [&'static Rule]),
    /// It does not matter, and why.
    Nothing(&'static str),
}

/// One property of one kind of object.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The kind of object; `OpenAPI` is the document.
    pub object: &'static str,
    /// The property, or the pattern of its name.
    pub property: &'static str,
    /// What happens when it changes.
    pub says: Says,
}

macro_rules! rows {
    ($($object:literal { $($property:literal $says:tt)* })*) => {
        /// Every property of every object.
        pub const ROWS: &[Row] = &[$($(Row { object: $object, property: $property, says: rows!(@ $says) },)*)*];
    };
    (@ [$($rule:ident),*]) => { Says::Rules(&[$(&$rule),*]) };
    (@ ($reason:literal)) => { Says::Nothing($reason) };
}

rows! {
    "OpenAPI" {
        "openapi" ("the releases of OpenAPI 3.0 differ in wording, not in what a document means")
        "info" [DOCUMENTATION, INFO_VERSION]
        "externalDocs" [DOCUMENTATION]
        "servers" [SERVER]
        "security" [SECURITY]
        "tags" [TAGS, DOCUMENTATION]
        "paths" [OPERATION_ADDED, OPERATION_REMOVED]
        "components" ("a component matters where it is used, and is compared there; the Rust axis reports its type")
        "^x-" [EXTENSION]
    }
    "Reference" { "^\\$ref$" [UNRESOLVED] }
    "Info" {
        "title" [DOCUMENTATION]
        "description" [DOCUMENTATION]
        "termsOfService" [DOCUMENTATION]
        "contact" [DOCUMENTATION]
        "license" [DOCUMENTATION]
        "version" [INFO_VERSION]
        "^x-" [EXTENSION]
    }
    "Contact" { "name" [DOCUMENTATION] "url" [DOCUMENTATION] "email" [DOCUMENTATION] "^x-" [DOCUMENTATION] }
    "License" { "name" [DOCUMENTATION] "url" [DOCUMENTATION] "^x-" [DOCUMENTATION] }
    "Server" { "url" [SERVER] "description" [DOCUMENTATION] "variables" [SERVER] "^x-" [EXTENSION] }
    "ServerVariable" { "enum" [SERVER] "default" [SERVER] "description" [DOCUMENTATION] "^x-" [EXTENSION] }
    "Components" {
        "schemas" [RUST_ADDED, RUST_REMOVED]
        "responses" ("a name for answers, which are compared where they are used")
        "parameters" ("a name for parameters, which are compared where they are used")
        "examples" [DOCUMENTATION]
        "requestBodies" ("a name for request bodies, which are compared where they are used")
        "headers" ("a name for headers, which are compared where they are used")
        "securitySchemes" [SECURITY, SECURITY_FLOW]
        "links" ("a name for links, which are compared where they are used")
        "callbacks" ("a name for callbacks, which are compared where they are used")
        "^x-" [EXTENSION]
    }
    "Schema" {
        "title" [DOCUMENTATION]
        "multipleOf" [MULTIPLE_OF]
        "maximum" [MAXIMUM]
        "exclusiveMaximum" [MAXIMUM]
        "minimum" [MINIMUM]
        "exclusiveMinimum" [MINIMUM]
        "maxLength" [MAX_LENGTH]
        "minLength" [MIN_LENGTH]
        "pattern" [PATTERN]
        "maxItems" [MAX_ITEMS]
        "minItems" [MIN_ITEMS]
        "uniqueItems" [UNIQUE_ITEMS]
        "maxProperties" [MAX_PROPERTIES]
        "minProperties" [MIN_PROPERTIES]
        "required" [REQUIRED]
        "enum" [ENUM]
        "type" [TYPE]
        "not" [NOT]
        "allOf" [TYPE, PROPERTY_ADDED, PROPERTY_REMOVED, REQUIRED]
        "oneOf" [ALTERNATIVE, UNION_KIND, ENUM]
        "anyOf" [ALTERNATIVE, UNION_KIND, ENUM]
        "items" [TYPE]
        "properties" [PROPERTY_ADDED, PROPERTY_REMOVED]
        "additionalProperties" [ADDITIONAL_PROPERTIES]
        "description" [DOCUMENTATION]
        "format" [FORMAT]
        "default" [DEFAULT]
        "nullable" [NULLABLE]
        "discriminator" [DISCRIMINATOR]
        "readOnly" [READ_ONLY]
        "writeOnly" [WRITE_ONLY]
        "example" [DOCUMENTATION]
        "externalDocs" [DOCUMENTATION]
        "deprecated" [DEPRECATED]
        "xml" [XML]
        "^x-" [EXTENSION, EXTENSIBLE_ENUM, RUST_BEHAVIOUR]
    }
    "Discriminator" { "propertyName" [DISCRIMINATOR] "mapping" [DISCRIMINATOR] }
    "XML" {
        "name" [XML]
        "namespace" [XML]
        "prefix" [XML]
        "attribute" [XML]
        "wrapped" [XML]
        "^x-" [XML]
    }
    "Response" {
        "description" [DOCUMENTATION]
        "headers" [HEADER_ADDED, HEADER_REMOVED]
        "content" [MEDIA_TYPE]
        "links" [LINK]
        "^x-" [EXTENSION]
    }
    "MediaType" {
        "schema" [TYPE]
        "example" [DOCUMENTATION]
        "examples" [DOCUMENTATION]
        "encoding" [ENCODING]
        "^x-" [EXTENSION]
    }
    "Example" {
        "summary" [DOCUMENTATION]
        "description" [DOCUMENTATION]
        "value" [DOCUMENTATION]
        "externalValue" [DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    "Header" {
        "description" [DOCUMENTATION]
        "required" [HEADER_REQUIRED]
        "deprecated" [DEPRECATED]
        "allowEmptyValue" ("it is defined for query parameters, and has no meaning for a header")
        "style" [PARAMETER_STYLE]
        "explode" [PARAMETER_STYLE]
        "allowReserved" ("it is defined for query parameters, and has no meaning for a header")
        "schema" [TYPE]
        "content" [PARAMETER_STYLE]
        "example" [DOCUMENTATION]
        "examples" [DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    "Paths" { "^\\/" [OPERATION_ADDED, OPERATION_REMOVED] "^x-" [EXTENSION] }
    "PathItem" {
        "$ref" [UNRESOLVED]
        "summary" [DOCUMENTATION]
        "description" [DOCUMENTATION]
        "servers" [SERVER]
        "parameters" [PARAMETER_ADDED, PARAMETER_REMOVED]
        "^(get|put|post|delete|options|head|patch|trace)$" [OPERATION_ADDED, OPERATION_REMOVED]
        "^x-" [EXTENSION]
    }
    "Operation" {
        "tags" [TAGS]
        "summary" [DOCUMENTATION]
        "description" [DOCUMENTATION]
        "externalDocs" [DOCUMENTATION]
        "operationId" [OPERATION_ID]
        "parameters" [PARAMETER_ADDED, PARAMETER_REMOVED]
        "requestBody" [BODY_ADDED, BODY_REMOVED]
        "responses" [STATUS_ADDED, STATUS_REMOVED]
        "callbacks" [CALLBACK_ADDED, CALLBACK_REMOVED]
        "deprecated" [DEPRECATED]
        "security" [SECURITY]
        "servers" [SERVER]
        "^x-" [EXTENSION, STABILITY, RUST_BEHAVIOUR]
    }
    "Responses" {
        "default" [STATUS_ADDED, STATUS_REMOVED]
        "^[1-5](?:\\d{2}|XX)$" [STATUS_ADDED, STATUS_REMOVED]
        "^x-" [EXTENSION]
    }
    "SecurityRequirement" { "*" [SECURITY] }
    "Tag" { "name" [TAGS] "description" [DOCUMENTATION] "externalDocs" [DOCUMENTATION] "^x-" [EXTENSION] }
    "ExternalDocumentation" { "description" [DOCUMENTATION] "url" [DOCUMENTATION] "^x-" [DOCUMENTATION] }
    "Parameter" {
        "name" [PARAMETER_ADDED, PARAMETER_REMOVED]
        "in" [PARAMETER_ADDED, PARAMETER_REMOVED]
        "description" [DOCUMENTATION]
        "required" [PARAMETER_REQUIRED]
        "deprecated" [DEPRECATED]
        "allowEmptyValue" [PARAMETER_EMPTY]
        "style" [PARAMETER_STYLE]
        "explode" [PARAMETER_STYLE]
        "allowReserved" [PARAMETER_STYLE]
        "schema" [TYPE]
        "content" [PARAMETER_STYLE]
        "example" [DOCUMENTATION]
        "examples" [DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    "RequestBody" {
        "description" [DOCUMENTATION]
        "content" [MEDIA_TYPE]
        "required" [BODY_REQUIRED]
        "^x-" [EXTENSION]
    }
    "APIKeySecurityScheme" {
        "type" [SECURITY]
        "name" [SECURITY]
        "in" [SECURITY]
        "description" [DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    "HTTPSecurityScheme" {
        "scheme" [SECURITY]
        "bearerFormat" [DOCUMENTATION]
        "description" [DOCUMENTATION]
        "type" [SECURITY]
        "^x-" [EXTENSION]
    }
    "OAuth2SecurityScheme" {
        "type" [SECURITY]
        "flows" [SECURITY_FLOW]
        "description" [DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    "OpenIdConnectSecurityScheme" {
        "type" [SECURITY]
        "openIdConnectUrl" [SECURITY_FLOW]
        "description" [DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    "OAuthFlows" {
        "implicit" [SECURITY_FLOW]
        "password" [SECURITY_FLOW]
        "clientCredentials" [SECURITY_FLOW]
        "authorizationCode" [SECURITY_FLOW]
        "^x-" [EXTENSION]
    }
    "ImplicitOAuthFlow" {
        "authorizationUrl" [SECURITY_FLOW]
        "refreshUrl" [SECURITY_FLOW]
        "scopes" [SECURITY_FLOW, DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    "PasswordOAuthFlow" {
        "tokenUrl" [SECURITY_FLOW]
        "refreshUrl" [SECURITY_FLOW]
        "scopes" [SECURITY_FLOW, DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    "ClientCredentialsFlow" {
        "tokenUrl" [SECURITY_FLOW]
        "refreshUrl" [SECURITY_FLOW]
        "scopes" [SECURITY_FLOW, DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    "AuthorizationCodeOAuthFlow" {
        "authorizationUrl" [SECURITY_FLOW]
        "tokenUrl" [SECURITY_FLOW]
        "refreshUrl" [SECURITY_FLOW]
        "scopes" [SECURITY_FLOW, DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    "Link" {
        "operationId" [LINK]
        "operationRef" [LINK]
        "parameters" [LINK]
        "requestBody" [LINK]
        "description" [DOCUMENTATION]
        "server" [LINK]
        "^x-" [EXTENSION]
    }
    "Callback" { "*" [CALLBACK_ADDED, CALLBACK_REMOVED] "^x-" [EXTENSION] }
    "Encoding" {
        "contentType" [ENCODING]
        "headers" [ENCODING]
        "style" [ENCODING]
        "explode" [ENCODING]
        "allowReserved" [ENCODING]
        "^x-" [EXTENSION]
    }
}
