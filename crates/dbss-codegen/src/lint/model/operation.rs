//! Paths, operations, parameters, bodies and responses.

use super::Shape::{Any, Bool, Extensible, List, Map, Object as In, RefOr, Text, Word};
use super::common::{EXAMPLE, EXTERNAL_DOCS};
use super::schema::SCHEMA;
use super::security::REQUIREMENT;
use super::{Kind, Object, lost, optional, refused, required};

/// The way out for keys that nothing is generated from.
pub(super) const OPERATION_KEYS_HELP: &str =
    "remove it, or rename it to a key that starts with `x-`";

const SERVERS_WHY: &str = "the client sends everything to the one server that it is given";
const SERVERS_HELP: &str = "list servers at the top of the contract";

pub(in super::super) static PATH_ITEM: Object = Object::new(
    Kind::PathItem,
    "a path",
    &[
        refused("$ref", "a path cannot stand elsewhere", "write the path's operations here"),
        optional("summary", Text),
        optional("description", Text),
        optional("get", In(&OPERATION)),
        optional("put", In(&OPERATION)),
        optional("post", In(&OPERATION)),
        optional("delete", In(&OPERATION)),
        refused("options", "the generated client cannot send OPTIONS", "remove the operation"),
        optional("head", In(&OPERATION)),
        optional("patch", In(&OPERATION)),
        refused("trace", "TRACE is not a method that a client calls", "remove the operation"),
        refused("servers", SERVERS_WHY, SERVERS_HELP),
        optional("parameters", List(&RefOr(&PARAMETER))),
    ],
);

pub(in super::super) static OPERATION: Object = Object::new(
    Kind::Operation,
    "an operation",
    &[
        optional("tags", List(&Text)),
        optional("summary", Text),
        optional("description", Text),
        lost("externalDocs", In(&EXTERNAL_DOCS), "put the link into the description"),
        required("operationId", Text),
        optional("parameters", List(&RefOr(&PARAMETER))),
        optional("requestBody", RefOr(&REQUEST_BODY)),
        required("responses", Extensible(&RefOr(&RESPONSE))),
        refused("callbacks", "callbacks are not generated", OPERATION_KEYS_HELP),
        optional("deprecated", Bool),
        optional("security", List(&REQUIREMENT)),
        refused("servers", SERVERS_WHY, SERVERS_HELP),
        optional("x-dbss-idempotent", Bool),
    ],
);

pub(super) static PARAMETER: Object = Object::new(
    Kind::Parameter,
    "a parameter",
    &[
        required("name", Text),
        required("in", Word(&["path", "query", "header", "cookie"])),
        optional("description", Text),
        optional("required", Bool),
        lost("deprecated", Bool, "say so in the description"),
        optional("allowEmptyValue", Bool),
        optional("style", Word(&STYLES)),
        optional("explode", Bool),
        optional("allowReserved", Bool),
        optional("schema", RefOr(&SCHEMA)),
        optional("example", Any),
        optional("examples", Map(&RefOr(&EXAMPLE))),
        refused("content", "a parameter is serialised by its schema alone", "give it a `schema`"),
    ],
)
.in_section("parameters")
.with_one_of(&[&["schema", "content"]]);

static STYLES: [&str; 7] =
    ["form", "simple", "matrix", "label", "spaceDelimited", "pipeDelimited", "deepObject"];

pub(super) static REQUEST_BODY: Object = Object::new(
    Kind::RequestBody,
    "a request body",
    &[
        optional("description", Text),
        required("content", Map(&In(&MEDIA_TYPE))),
        optional("required", Bool),
    ],
)
.in_section("requestBodies");

static MEDIA_TYPE: Object = Object::new(
    Kind::MediaType,
    "a media type",
    &[
        required("schema", RefOr(&SCHEMA)),
        optional("example", Any),
        optional("examples", Map(&RefOr(&EXAMPLE))),
        refused("encoding", "JSON has no encoding of single properties", "remove it"),
    ],
);

pub(super) static RESPONSE: Object = Object::new(
    Kind::Response,
    "a response",
    &[
        required("description", Text),
        lost(
            "headers",
            Map(&RefOr(&HEADER)),
            "callers find all headers in the answer; describe these in the operation's description",
        ),
        optional("content", Map(&In(&MEDIA_TYPE))),
        refused("links", "links are not generated", OPERATION_KEYS_HELP),
    ],
)
.in_section("responses");

/// A response header. None are generated: the client hands all of an answer's headers out.
pub(super) static HEADER: Object = Object::new(
    Kind::Header,
    "a header",
    &[
        optional("description", Text),
        optional("required", Bool),
        optional("deprecated", Bool),
        optional("allowEmptyValue", Bool),
        optional("style", Text),
        optional("explode", Bool),
        optional("allowReserved", Bool),
        optional("schema", RefOr(&SCHEMA)),
        optional("example", Any),
        optional("examples", Map(&RefOr(&EXAMPLE))),
        optional("content", Any),
    ],
)
.in_section("headers");
