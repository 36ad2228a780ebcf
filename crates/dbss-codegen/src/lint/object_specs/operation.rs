//! Paths, operations, parameters, bodies and responses.

use super::ValueKind::{Any, Bool, Extensible, List, Map, Object as In, RefOr, Text, Word};
use super::common::{EXAMPLE, EXTERNAL_DOCS};
use super::schema::SCHEMA;
use super::security::REQUIREMENT;
use super::{ObjectKind, ObjectSpec, not_generated, optional, required, unsupported};

/// The help for keys that are never generated.
pub(super) const OPERATION_KEYS_HELP: &str =
    "remove it, or rename it to a key that starts with `x-`";

const SERVERS_REASON: &str = "the client sends everything to the one server that it is given";
const SERVERS_HELP: &str = "list the servers at the top of the contract; an operation of another server is called by a client of its own";

pub(in super::super) static PATH_ITEM: ObjectSpec = ObjectSpec::new(
    ObjectKind::PathItem,
    "a path",
    &[
        unsupported("$ref", "a path cannot be a reference", "write the path's operations here"),
        optional("summary", Text),
        optional("description", Text),
        optional("get", In(&OPERATION)),
        optional("put", In(&OPERATION)),
        optional("post", In(&OPERATION)),
        optional("delete", In(&OPERATION)),
        unsupported(
            "options",
            "the generated client cannot send OPTIONS",
            "this operation cannot be generated: leave it out",
        ),
        optional("head", In(&OPERATION)),
        optional("patch", In(&OPERATION)),
        unsupported(
            "trace",
            "TRACE is not a method that a client calls",
            "this operation cannot be generated: leave it out",
        ),
        unsupported("servers", SERVERS_REASON, SERVERS_HELP),
        optional("parameters", List(&RefOr(&PARAMETER))),
    ],
);

pub(in super::super) static OPERATION: ObjectSpec = ObjectSpec::new(
    ObjectKind::Operation,
    "an operation",
    &[
        optional("tags", List(&Text)),
        optional("summary", Text),
        optional("description", Text),
        not_generated("externalDocs", In(&EXTERNAL_DOCS), "put the link into the description"),
        required("operationId", Text),
        optional("parameters", List(&RefOr(&PARAMETER))),
        optional("requestBody", RefOr(&REQUEST_BODY)),
        required("responses", Extensible(&RefOr(&RESPONSE))),
        unsupported("callbacks", "callbacks are not generated", OPERATION_KEYS_HELP),
        optional("deprecated", Bool),
        optional("security", List(&REQUIREMENT)),
        unsupported("servers", SERVERS_REASON, SERVERS_HELP),
        optional("x-dbss-idempotent", Bool),
        optional("x-dbss-pages", In(&PAGES)),
        optional("x-dbss-completion", In(&COMPLETION)),
    ],
);

/// The value of `x-dbss-pages`.
static PAGES: ObjectSpec = ObjectSpec::new(
    ObjectKind::Other,
    "`x-dbss-pages`",
    &[
        required("offset", Text),
        required("limit", Text),
        required("items", Text),
        optional("total", Text),
        required("id", Text),
    ],
);

/// The value of `x-dbss-completion`.
static COMPLETION: ObjectSpec = ObjectSpec::new(
    ObjectKind::Other,
    "`x-dbss-completion`",
    &[
        required("operation", Text),
        optional("parameters", Map(&Text)),
        optional("item", Map(&Text)),
        required("done", Map(&List(&Text))),
        optional("under_way", Map(&List(&Text))),
        optional("failed", Map(&List(&Text))),
    ],
);

pub(super) static PARAMETER: ObjectSpec = ObjectSpec::new(
    ObjectKind::Parameter,
    "a parameter",
    &[
        required("name", Text),
        required("in", Word(&["path", "query", "header", "cookie"])),
        optional("description", Text),
        optional("required", Bool),
        not_generated("deprecated", Bool, "say so in the description"),
        optional("allowEmptyValue", Bool),
        optional("style", Word(&STYLES)),
        optional("explode", Bool),
        optional("allowReserved", Bool),
        optional("schema", RefOr(&SCHEMA)),
        optional("example", Any),
        optional("examples", Map(&RefOr(&EXAMPLE))),
        unsupported(
            "content",
            "parameters are serialised by their `schema`",
            "describe it by a `schema`; a parameter in another form cannot be generated",
        ),
    ],
)
.in_section("parameters")
.with_one_of(&[&["schema", "content"]]);

static STYLES: [&str; 7] =
    ["form", "simple", "matrix", "label", "spaceDelimited", "pipeDelimited", "deepObject"];

pub(super) static REQUEST_BODY: ObjectSpec = ObjectSpec::new(
    ObjectKind::RequestBody,
    "a request body",
    &[
        optional("description", Text),
        required("content", Map(&In(&MEDIA_TYPE))),
        optional("required", Bool),
    ],
)
.in_section("requestBodies");

static MEDIA_TYPE: ObjectSpec = ObjectSpec::new(
    ObjectKind::MediaType,
    "a media type",
    &[
        required("schema", RefOr(&SCHEMA)),
        optional("example", Any),
        optional("examples", Map(&RefOr(&EXAMPLE))),
        unsupported("encoding", "JSON bodies have no encoding per property", "remove it"),
    ],
);

pub(super) static RESPONSE: ObjectSpec = ObjectSpec::new(
    ObjectKind::Response,
    "a response",
    &[
        required("description", Text),
        not_generated(
            "headers",
            Map(&RefOr(&HEADER)),
            "the client gives access to all response headers; describe these in the operation's description",
        ),
        optional("content", Map(&In(&MEDIA_TYPE))),
        unsupported("links", "links are not generated", OPERATION_KEYS_HELP),
    ],
)
.in_section("responses");

/// A response header. Headers are not generated, because the client gives access to all headers of
/// a response.
pub(super) static HEADER: ObjectSpec = ObjectSpec::new(
    ObjectKind::Header,
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
