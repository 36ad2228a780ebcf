//! Schemas.

use super::ValueKind::{
    Any, Bool, BoolOr, Count, List, Map, Number, Object as In, RefOr, Text, Word,
};
use super::common::EXTERNAL_DOCS;
use super::{ObjectKind, ObjectSpec, not_generated, optional, unsupported};

const CHOICE_REASON: &str = "Rust types are generated from plain schemas only";
const CHOICE_HELP: &str = "describe one object with optional properties for what differs, or one without properties, which takes anything";
const UNENFORCED_REASON: &str = "the generated code would not enforce it";
const UNENFORCED_HELP: &str = "say it in the description";
const DIRECTION_HELP: &str = "use one schema for requests and another for responses";

pub(in super::super) static SCHEMA: ObjectSpec = ObjectSpec::new(
    ObjectKind::Schema,
    "a schema",
    &[
        optional("title", Text),
        optional("description", Text),
        optional("type", Word(&["string", "integer", "number", "boolean", "array", "object"])),
        optional("format", Text),
        optional("nullable", Bool),
        optional("default", Any),
        optional("example", Any),
        optional("enum", List(&Any)),
        optional("minLength", Count),
        optional("maxLength", Count),
        optional("pattern", Text),
        optional("minimum", Number),
        optional("maximum", Number),
        optional("exclusiveMinimum", Bool),
        optional("exclusiveMaximum", Bool),
        optional("items", RefOr(&SCHEMA)),
        optional("minItems", Count),
        optional("maxItems", Count),
        optional("uniqueItems", Bool),
        optional("properties", Map(&RefOr(&SCHEMA))),
        optional("required", List(&Text)),
        optional("additionalProperties", BoolOr(&RefOr(&SCHEMA))),
        optional("allOf", List(&RefOr(&SCHEMA))),
        optional("x-dbss-outcome", In(&OUTCOME)),
        not_generated("deprecated", Bool, "say so in the description"),
        not_generated("readOnly", Bool, DIRECTION_HELP),
        not_generated("writeOnly", Bool, DIRECTION_HELP),
        not_generated("externalDocs", In(&EXTERNAL_DOCS), "put the link into the description"),
        unsupported("oneOf", CHOICE_REASON, CHOICE_HELP),
        unsupported("anyOf", CHOICE_REASON, CHOICE_HELP),
        unsupported("not", CHOICE_REASON, CHOICE_HELP),
        unsupported("discriminator", CHOICE_REASON, CHOICE_HELP),
        unsupported("xml", "bodies are JSON", "remove it"),
        unsupported("multipleOf", UNENFORCED_REASON, UNENFORCED_HELP),
        unsupported("minProperties", UNENFORCED_REASON, UNENFORCED_HELP),
        unsupported("maxProperties", UNENFORCED_REASON, UNENFORCED_HELP),
    ],
)
.in_section("schemas")
.with_one_of(&[&["type", "allOf", "oneOf", "anyOf", "not"]]);

/// The value of `x-dbss-outcome`.
static OUTCOME: ObjectSpec = ObjectSpec::new(
    ObjectKind::Other,
    "`x-dbss-outcome`",
    &[optional("succeeded", List(&Text)), optional("failed", List(&Text))],
);
