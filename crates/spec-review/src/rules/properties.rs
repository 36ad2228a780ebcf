//! Every property of every OpenAPI 3.0 object: which rules report a change of it, or why none does.
//!
//! Objects and properties have the names of the JSON Schema that the OpenAPI Initiative publishes.
//! A pattern stands for properties whose names the author chooses.

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

/// How a change of a property is reported.
#[derive(Debug, Clone, Copy)]
pub enum Coverage {
    /// By one of these rules.
    ReportedBy(&'static [&'static Rule]),
    /// Not at all, for this reason.
    Ignored(&'static str),
}

/// How a property contains other objects. Several kinds mean that the object may be of any of them.
#[derive(Debug, Clone, Copy)]
pub enum Children {
    /// A single object.
    One(&'static [ObjectKind]),
    /// A list of objects.
    List(&'static [ObjectKind]),
    /// A map of names to objects.
    Map(&'static [ObjectKind]),
    /// One object for each HTTP method.
    Methods(&'static [ObjectKind]),
}

/// One property of one kind of object.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ObjectProperty {
    /// The kind of object.
    pub object: ObjectKind,
    /// The name of the property, or the pattern of its name.
    pub property: &'static str,
    /// How a change of it is reported.
    pub coverage: Coverage,
    /// The objects that it contains, whose own properties are compared as well.
    pub children: Option<Children>,
}

macro_rules! properties_of {
    ($($object:ident $name:literal { $($property:literal $coverage:tt $(=> $form:ident [$($inside:ident),*])?)* })*) => {
        /// A kind of object.
        #[expect(missing_docs, reason = "they are OpenAPI's")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum ObjectKind { $($object,)* }

        impl ObjectKind {
            /// The name in OpenAPI's JSON Schema; `OpenAPI` is the document.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$object => $name,)* }
            }
        }

        /// Every property of every object.
        pub const OBJECT_PROPERTIES: &[ObjectProperty] = &[$($(properties_of!(@row $object $property $coverage $($form $($inside)*)?),)*)*];

        /// The properties of one kind of object.
        #[must_use]
        pub fn properties_of(object: ObjectKind) -> &'static [ObjectProperty] {
            match object {
                $(ObjectKind::$object => &const { [$(properties_of!(@row $object $property $coverage $($form $($inside)*)?),)*] },)*
            }
        }
    };
    (@row $object:ident $property:literal $coverage:tt $($form:ident $($inside:ident)*)?) => {
        ObjectProperty {
            object: ObjectKind::$object,
            property: $property,
            coverage: properties_of!(@coverage $coverage),
            children: properties_of!(@children $($form $($inside)*)?),
        }
    };
    (@coverage [$($rule:ident),*]) => { Coverage::ReportedBy(&[$(&$rule),*]) };
    (@coverage ($reason:literal)) => { Coverage::Ignored($reason) };
    (@children) => { None };
    (@children $form:ident $($inside:ident)*) => { Some(Children::$form(&[$(ObjectKind::$inside),*])) };
}

properties_of! {
    OpenApi "OpenAPI" {
        "openapi" ("the patch releases of OpenAPI 3.0 differ in wording, not in the meaning of documents")
        "info" [DOCUMENTATION, INFO_VERSION] => One[Info]
        "externalDocs" [DOCUMENTATION]
        "servers" [SERVER] => List[Server]
        "security" [SECURITY]
        "tags" [TAGS, DOCUMENTATION] => List[Tag]
        "paths" [OPERATION_ADDED, OPERATION_REMOVED] => Map[PathItem]
        "components" ("a component is compared where it is used, and its generated type on the Rust axis") => One[Components]
        "^x-" [EXTENSION]
    }
    Reference "Reference" { "^\\$ref$" [UNRESOLVED] }
    Info "Info" {
        "title" [DOCUMENTATION]
        "description" [DOCUMENTATION]
        "termsOfService" [DOCUMENTATION]
        "contact" [DOCUMENTATION]
        "license" [DOCUMENTATION]
        "version" [INFO_VERSION]
        "^x-" [EXTENSION]
    }
    Contact "Contact" { "name" [DOCUMENTATION] "url" [DOCUMENTATION] "email" [DOCUMENTATION] "^x-" [DOCUMENTATION] }
    License "License" { "name" [DOCUMENTATION] "url" [DOCUMENTATION] "^x-" [DOCUMENTATION] }
    Server "Server" { "url" [SERVER] "description" [DOCUMENTATION] "variables" [SERVER] => Map[ServerVariable] "^x-" [EXTENSION] }
    ServerVariable "ServerVariable" { "enum" [SERVER] "default" [SERVER] "description" [DOCUMENTATION] "^x-" [EXTENSION] }
    Components "Components" {
        "schemas" [RUST_ADDED, RUST_REMOVED] => Map[Schema]
        "responses" ("a name for responses, which are compared where they are used") => Map[Response]
        "parameters" ("a name for parameters, which are compared where they are used") => Map[Parameter]
        "examples" [DOCUMENTATION] => Map[Example]
        "requestBodies" ("a name for request bodies, which are compared where they are used") => Map[RequestBody]
        "headers" ("a name for headers, which are compared where they are used") => Map[Header]
        "securitySchemes" [SECURITY, SECURITY_FLOW] => Map[ApiKeySecurityScheme, HttpSecurityScheme, OAuth2SecurityScheme, OpenIdConnectSecurityScheme]
        "links" ("a name for links, which are compared where they are used") => Map[Link]
        "callbacks" ("a name for callbacks, which are compared where they are used") => Map[Callback]
        "^x-" [EXTENSION]
    }
    Schema "Schema" {
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
        "not" [NOT] => One[Schema]
        "allOf" [TYPE, PROPERTY_ADDED, PROPERTY_REMOVED, REQUIRED] => List[Schema]
        "oneOf" [ALTERNATIVE, UNION_KIND, ENUM] => List[Schema]
        "anyOf" [ALTERNATIVE, UNION_KIND, ENUM] => List[Schema]
        "items" [TYPE] => One[Schema]
        "properties" [PROPERTY_ADDED, PROPERTY_REMOVED] => Map[Schema]
        "additionalProperties" [ADDITIONAL_PROPERTIES] => One[Schema]
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
        "^x-" [EXTENSION, EXTENSIBLE_ENUM, STABILITY, RUST_BEHAVIOUR]
    }
    Discriminator "Discriminator" { "propertyName" [DISCRIMINATOR] "mapping" [DISCRIMINATOR] }
    Xml "XML" {
        "name" [XML]
        "namespace" [XML]
        "prefix" [XML]
        "attribute" [XML]
        "wrapped" [XML]
        "^x-" [XML]
    }
    Response "Response" {
        "description" [DOCUMENTATION]
        "headers" [HEADER_ADDED, HEADER_REMOVED] => Map[Header]
        "content" [MEDIA_TYPE] => Map[MediaType]
        "links" [LINK] => Map[Link]
        "^x-" [EXTENSION]
    }
    MediaType "MediaType" {
        "schema" [TYPE] => One[Schema]
        "example" [DOCUMENTATION]
        "examples" [DOCUMENTATION]
        "encoding" [ENCODING]
        "^x-" [EXTENSION]
    }
    Example "Example" {
        "summary" [DOCUMENTATION]
        "description" [DOCUMENTATION]
        "value" [DOCUMENTATION]
        "externalValue" [DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    Header "Header" {
        "description" [DOCUMENTATION]
        "required" [HEADER_REQUIRED]
        "deprecated" [DEPRECATED]
        "allowEmptyValue" ("it is defined for query parameters, and has no meaning for a header")
        "style" [PARAMETER_STYLE]
        "explode" [PARAMETER_STYLE]
        "allowReserved" ("it is defined for query parameters, and has no meaning for a header")
        "schema" [TYPE] => One[Schema]
        "content" [PARAMETER_STYLE] => Map[MediaType]
        "example" [DOCUMENTATION]
        "examples" [DOCUMENTATION]
        "^x-" [EXTENSION, STABILITY]
    }
    Paths "Paths" { "^\\/" [OPERATION_ADDED, OPERATION_REMOVED] "^x-" [EXTENSION] }
    PathItem "PathItem" {
        "$ref" [UNRESOLVED]
        "summary" [DOCUMENTATION]
        "description" [DOCUMENTATION]
        "servers" [SERVER] => List[Server]
        "parameters" [PARAMETER_ADDED, PARAMETER_REMOVED] => List[Parameter]
        "^(get|put|post|delete|options|head|patch|trace)$" [OPERATION_ADDED, OPERATION_REMOVED] => Methods[Operation]
        "^x-" [EXTENSION]
    }
    Operation "Operation" {
        "tags" [TAGS]
        "summary" [DOCUMENTATION]
        "description" [DOCUMENTATION]
        "externalDocs" [DOCUMENTATION]
        "operationId" [OPERATION_ID]
        "parameters" [PARAMETER_ADDED, PARAMETER_REMOVED] => List[Parameter]
        "requestBody" [BODY_ADDED, BODY_REMOVED] => One[RequestBody]
        "responses" [STATUS_ADDED, STATUS_REMOVED] => Map[Response]
        "callbacks" [CALLBACK_ADDED, CALLBACK_REMOVED] => Map[Callback]
        "deprecated" [DEPRECATED]
        "security" [SECURITY]
        "servers" [SERVER] => List[Server]
        "^x-" [EXTENSION, STABILITY, RUST_BEHAVIOUR]
    }
    Responses "Responses" {
        "default" [STATUS_ADDED, STATUS_REMOVED]
        "^[1-5](?:\\d{2}|XX)$" [STATUS_ADDED, STATUS_REMOVED]
        "^x-" [EXTENSION]
    }
    SecurityRequirement "SecurityRequirement" { "*" [SECURITY] }
    Tag "Tag" { "name" [TAGS] "description" [DOCUMENTATION] "externalDocs" [DOCUMENTATION] "^x-" [EXTENSION] }
    ExternalDocumentation "ExternalDocumentation" { "description" [DOCUMENTATION] "url" [DOCUMENTATION] "^x-" [DOCUMENTATION] }
    Parameter "Parameter" {
        "name" [PARAMETER_ADDED, PARAMETER_REMOVED]
        "in" [PARAMETER_ADDED, PARAMETER_REMOVED]
        "description" [DOCUMENTATION]
        "required" [PARAMETER_REQUIRED]
        "deprecated" [DEPRECATED]
        "allowEmptyValue" [PARAMETER_EMPTY]
        "style" [PARAMETER_STYLE]
        "explode" [PARAMETER_STYLE]
        "allowReserved" [PARAMETER_STYLE]
        "schema" [TYPE] => One[Schema]
        "content" [PARAMETER_STYLE] => Map[MediaType]
        "example" [DOCUMENTATION]
        "examples" [DOCUMENTATION]
        "^x-" [EXTENSION, STABILITY]
    }
    RequestBody "RequestBody" {
        "description" [DOCUMENTATION]
        "content" [MEDIA_TYPE] => Map[MediaType]
        "required" [BODY_REQUIRED]
        "^x-" [EXTENSION]
    }
    ApiKeySecurityScheme "APIKeySecurityScheme" {
        "type" [SECURITY]
        "name" [SECURITY]
        "in" [SECURITY]
        "description" [DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    HttpSecurityScheme "HTTPSecurityScheme" {
        "scheme" [SECURITY]
        "bearerFormat" [DOCUMENTATION]
        "description" [DOCUMENTATION]
        "type" [SECURITY]
        "^x-" [EXTENSION]
    }
    OAuth2SecurityScheme "OAuth2SecurityScheme" {
        "type" [SECURITY]
        "flows" [SECURITY_FLOW] => One[OAuthFlows]
        "description" [DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    OpenIdConnectSecurityScheme "OpenIdConnectSecurityScheme" {
        "type" [SECURITY]
        "openIdConnectUrl" [SECURITY_FLOW]
        "description" [DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    OAuthFlows "OAuthFlows" {
        "implicit" [SECURITY_FLOW] => One[ImplicitOAuthFlow]
        "password" [SECURITY_FLOW] => One[PasswordOAuthFlow]
        "clientCredentials" [SECURITY_FLOW] => One[ClientCredentialsFlow]
        "authorizationCode" [SECURITY_FLOW] => One[AuthorizationCodeOAuthFlow]
        "^x-" [EXTENSION]
    }
    ImplicitOAuthFlow "ImplicitOAuthFlow" {
        "authorizationUrl" [SECURITY_FLOW]
        "refreshUrl" [SECURITY_FLOW]
        "scopes" [SECURITY_FLOW, DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    PasswordOAuthFlow "PasswordOAuthFlow" {
        "tokenUrl" [SECURITY_FLOW]
        "refreshUrl" [SECURITY_FLOW]
        "scopes" [SECURITY_FLOW, DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    ClientCredentialsFlow "ClientCredentialsFlow" {
        "tokenUrl" [SECURITY_FLOW]
        "refreshUrl" [SECURITY_FLOW]
        "scopes" [SECURITY_FLOW, DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    AuthorizationCodeOAuthFlow "AuthorizationCodeOAuthFlow" {
        "authorizationUrl" [SECURITY_FLOW]
        "tokenUrl" [SECURITY_FLOW]
        "refreshUrl" [SECURITY_FLOW]
        "scopes" [SECURITY_FLOW, DOCUMENTATION]
        "^x-" [EXTENSION]
    }
    Link "Link" {
        "operationId" [LINK]
        "operationRef" [LINK]
        "parameters" [LINK]
        "requestBody" [LINK]
        "description" [DOCUMENTATION]
        "server" [LINK]
        "^x-" [EXTENSION]
    }
    Callback "Callback" { "*" [CALLBACK_ADDED, CALLBACK_REMOVED] "^x-" [EXTENSION] }
    Encoding "Encoding" {
        "contentType" [ENCODING]
        "headers" [ENCODING]
        "style" [ENCODING]
        "explode" [ENCODING]
        "allowReserved" [ENCODING]
        "^x-" [EXTENSION]
    }
}
