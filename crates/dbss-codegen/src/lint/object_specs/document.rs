//! The top level: info, servers, tags, components.

use super::ValueKind::{Extensible, List, Map, Object as In, RefOr, Text};
use super::common::{EXAMPLE, EXTERNAL_DOCS};
use super::operation::{HEADER, OPERATION_KEYS_HELP, PARAMETER, PATH_ITEM, REQUEST_BODY, RESPONSE};
use super::schema::SCHEMA;
use super::security::{REQUIREMENT, SECURITY_SCHEME};
use super::{ObjectKind, ObjectSpec, not_generated, optional, required, unsupported};

pub(in super::super) static ROOT: ObjectSpec = ObjectSpec::new(
    ObjectKind::Root,
    "a contract",
    &[
        required("openapi", Text),
        required("info", In(&INFO)),
        optional("servers", List(&In(&SERVER))),
        required("paths", Extensible(&In(&PATH_ITEM))),
        optional("components", In(&COMPONENTS)),
        optional("security", List(&REQUIREMENT)),
        optional("tags", List(&In(&TAG))),
        not_generated("externalDocs", In(&EXTERNAL_DOCS), "put the link into `info.description`"),
    ],
);

static INFO: ObjectSpec = ObjectSpec::new(
    ObjectKind::Info,
    "`info`",
    &[
        required("title", Text),
        optional("description", Text),
        optional("termsOfService", Text),
        optional("contact", In(&CONTACT)),
        optional("license", In(&LICENSE)),
        required("version", Text),
    ],
);

static CONTACT: ObjectSpec = ObjectSpec::new(
    ObjectKind::Other,
    "a contact",
    &[optional("name", Text), optional("url", Text), optional("email", Text)],
);

static LICENSE: ObjectSpec = ObjectSpec::new(
    ObjectKind::Other,
    "a license",
    &[required("name", Text), optional("url", Text)],
);

static SERVER: ObjectSpec = ObjectSpec::new(
    ObjectKind::Server,
    "a server",
    &[
        required("url", Text),
        optional("description", Text),
        optional("variables", Map(&In(&SERVER_VARIABLE))),
    ],
);

static SERVER_VARIABLE: ObjectSpec = ObjectSpec::new(
    ObjectKind::ServerVariable,
    "a server variable",
    &[optional("enum", List(&Text)), required("default", Text), optional("description", Text)],
);

static TAG: ObjectSpec = ObjectSpec::new(
    ObjectKind::Tag,
    "a tag",
    &[
        required("name", Text),
        optional("description", Text),
        not_generated("externalDocs", In(&EXTERNAL_DOCS), "put the link into the description"),
    ],
);

pub(super) static COMPONENTS: ObjectSpec = ObjectSpec::new(
    ObjectKind::Components,
    "`components`",
    &[
        optional("schemas", Map(&RefOr(&SCHEMA))),
        optional("responses", Map(&RefOr(&RESPONSE))),
        optional("parameters", Map(&RefOr(&PARAMETER))),
        optional("examples", Map(&RefOr(&EXAMPLE))),
        optional("requestBodies", Map(&RefOr(&REQUEST_BODY))),
        optional("headers", Map(&RefOr(&HEADER))),
        optional("securitySchemes", Map(&RefOr(&SECURITY_SCHEME))),
        unsupported("links", "links are not generated", OPERATION_KEYS_HELP),
        unsupported("callbacks", "callbacks are not generated", OPERATION_KEYS_HELP),
    ],
);
