//! The contract's frame: info, servers, tags, components.

use super::Shape::{Extensible, List, Map, Object as In, RefOr, Text};
use super::common::{EXAMPLE, EXTERNAL_DOCS};
use super::operation::{HEADER, OPERATION_KEYS_HELP, PARAMETER, PATH_ITEM, REQUEST_BODY, RESPONSE};
use super::schema::SCHEMA;
use super::security::{REQUIREMENT, SECURITY_SCHEME};
use super::{Kind, Object, lost, optional, refused, required};

pub(in super::super) static ROOT: Object = Object::new(
    Kind::Root,
    "a contract",
    &[
        required("openapi", Text),
        required("info", In(&INFO)),
        optional("servers", List(&In(&SERVER))),
        required("paths", Extensible(&In(&PATH_ITEM))),
        optional("components", In(&COMPONENTS)),
        optional("security", List(&REQUIREMENT)),
        optional("tags", List(&In(&TAG))),
        lost("externalDocs", In(&EXTERNAL_DOCS), "put the link into `info.description`"),
    ],
);

static INFO: Object = Object::new(
    Kind::Info,
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

static CONTACT: Object = Object::new(
    Kind::Other,
    "a contact",
    &[optional("name", Text), optional("url", Text), optional("email", Text)],
);

static LICENSE: Object =
    Object::new(Kind::Other, "a license", &[required("name", Text), optional("url", Text)]);

static SERVER: Object = Object::new(
    Kind::Server,
    "a server",
    &[
        required("url", Text),
        optional("description", Text),
        optional("variables", Map(&In(&SERVER_VARIABLE))),
    ],
);

static SERVER_VARIABLE: Object = Object::new(
    Kind::ServerVariable,
    "a server variable",
    &[optional("enum", List(&Text)), required("default", Text), optional("description", Text)],
);

static TAG: Object = Object::new(
    Kind::Tag,
    "a tag",
    &[
        required("name", Text),
        optional("description", Text),
        lost("externalDocs", In(&EXTERNAL_DOCS), "put the link into the description"),
    ],
);

pub(super) static COMPONENTS: Object = Object::new(
    Kind::Components,
    "`components`",
    &[
        optional("schemas", Map(&RefOr(&SCHEMA))),
        optional("responses", Map(&RefOr(&RESPONSE))),
        optional("parameters", Map(&RefOr(&PARAMETER))),
        optional("examples", Map(&RefOr(&EXAMPLE))),
        optional("requestBodies", Map(&RefOr(&REQUEST_BODY))),
        optional("headers", Map(&RefOr(&HEADER))),
        optional("securitySchemes", Map(&RefOr(&SECURITY_SCHEME))),
        refused("links", "links are not generated", OPERATION_KEYS_HELP),
        refused("callbacks", "callbacks are not generated", OPERATION_KEYS_HELP),
    ],
);
