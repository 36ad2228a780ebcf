//! Schemas.

use super::Shape::{Any, Bool, BoolOr, Count, List, Map, Number, Object as In, RefOr, Text, Word};
use super::common::EXTERNAL_DOCS;
use super::{Kind, Object, lost, optional, refused};

const CHOICE_WHY: &str = "Rust types are generated from plain schemas only";
const CHOICE_HELP: &str =
    "give each shape a component of its own, or one object with optional properties";
const UNENFORCED_WHY: &str = "nothing would enforce it";
const UNENFORCED_HELP: &str = "say it in the description";
const DIRECTION_HELP: &str = "use one schema for requests and another for answers";

pub(in super::super) static SCHEMA: Object = Object::new(
    Kind::Schema,
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
        optional("x-dbss-failure-values", List(&Text)),
        lost("deprecated", Bool, "say so in the description"),
        lost("readOnly", Bool, DIRECTION_HELP),
        lost("writeOnly", Bool, DIRECTION_HELP),
        lost("externalDocs", In(&EXTERNAL_DOCS), "put the link into the description"),
        refused("oneOf", CHOICE_WHY, CHOICE_HELP),
        refused("anyOf", CHOICE_WHY, CHOICE_HELP),
        refused("not", CHOICE_WHY, CHOICE_HELP),
        refused("discriminator", CHOICE_WHY, CHOICE_HELP),
        refused("xml", "bodies are JSON", "remove it"),
        refused("multipleOf", UNENFORCED_WHY, UNENFORCED_HELP),
        refused("minProperties", UNENFORCED_WHY, UNENFORCED_HELP),
        refused("maxProperties", UNENFORCED_WHY, UNENFORCED_HELP),
    ],
)
.in_section("schemas")
.with_one_of(&[&["type", "allOf", "oneOf", "anyOf", "not"]]);
