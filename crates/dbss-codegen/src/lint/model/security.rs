//! Security requirements and schemes.

use super::Shape::{self, List, Map, Object as In, Text, Word};
use super::{Kind, Object, optional, required};

/// Names of schemes to scopes.
pub(super) static REQUIREMENT: Shape = Map(&List(&Text));

pub(super) static SECURITY_SCHEME: Object = Object::new(
    Kind::SecurityScheme,
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

static FLOWS: Object = Object::new(
    Kind::Other,
    "a set of OAuth flows",
    &[
        optional("implicit", In(&IMPLICIT_FLOW)),
        optional("password", In(&TOKEN_FLOW)),
        optional("clientCredentials", In(&TOKEN_FLOW)),
        optional("authorizationCode", In(&CODE_FLOW)),
    ],
);

static IMPLICIT_FLOW: Object = Object::new(
    Kind::Other,
    "an implicit flow",
    &[
        required("authorizationUrl", Text),
        optional("refreshUrl", Text),
        required("scopes", Map(&Text)),
    ],
);

static TOKEN_FLOW: Object = Object::new(
    Kind::Other,
    "a token flow",
    &[required("tokenUrl", Text), optional("refreshUrl", Text), required("scopes", Map(&Text))],
);

static CODE_FLOW: Object = Object::new(
    Kind::Other,
    "an authorization code flow",
    &[
        required("authorizationUrl", Text),
        required("tokenUrl", Text),
        optional("refreshUrl", Text),
        required("scopes", Map(&Text)),
    ],
);
