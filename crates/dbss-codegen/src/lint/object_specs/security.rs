//! Security requirements and schemes.

use super::ValueKind::{self, List, Map, Object as In, Text, Word};
use super::{ObjectKind, ObjectSpec, optional, required};

/// A security requirement: names of schemes and their scopes.
pub(super) static REQUIREMENT: ValueKind = Map(&List(&Text));

pub(super) static SECURITY_SCHEME: ObjectSpec = ObjectSpec::new(
    ObjectKind::SecurityScheme,
    "a security scheme",
    &[
        required("type", Word(&["apiKey", "http", "oauth2", "openIdConnect"])),
        optional("description", Text),
        optional("name", Text),
        optional("in", Word(&["query", "header", "cookie"])),
        optional("scheme", Text),
        optional("bearerFormat", Text),
        optional("flows", In(&FLOWS)),
        optional("openIdConnectUrl", Text),
    ],
)
.in_section("securitySchemes");

static FLOWS: ObjectSpec = ObjectSpec::new(
    ObjectKind::Other,
    "a set of OAuth flows",
    &[
        optional("implicit", In(&IMPLICIT_FLOW)),
        optional("password", In(&TOKEN_FLOW)),
        optional("clientCredentials", In(&TOKEN_FLOW)),
        optional("authorizationCode", In(&CODE_FLOW)),
    ],
);

static IMPLICIT_FLOW: ObjectSpec = ObjectSpec::new(
    ObjectKind::Other,
    "an implicit flow",
    &[
        required("authorizationUrl", Text),
        optional("refreshUrl", Text),
        required("scopes", Map(&Text)),
    ],
);

static TOKEN_FLOW: ObjectSpec = ObjectSpec::new(
    ObjectKind::Other,
    "a token flow",
    &[required("tokenUrl", Text), optional("refreshUrl", Text), required("scopes", Map(&Text))],
);

static CODE_FLOW: ObjectSpec = ObjectSpec::new(
    ObjectKind::Other,
    "an authorization code flow",
    &[
        required("authorizationUrl", Text),
        required("tokenUrl", Text),
        optional("refreshUrl", Text),
        required("scopes", Map(&Text)),
    ],
);
