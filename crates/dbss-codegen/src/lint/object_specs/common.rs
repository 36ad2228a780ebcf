//! Objects that several others contain.

use super::ValueKind::{Any, Text};
use super::{ObjectKind, ObjectSpec, optional, required, unsupported};

pub(super) static EXTERNAL_DOCS: ObjectSpec = ObjectSpec::new(
    ObjectKind::Other,
    "external documentation",
    &[optional("description", Text), required("url", Text)],
);

pub(super) static EXAMPLE: ObjectSpec = ObjectSpec::new(
    ObjectKind::Example,
    "an example",
    &[
        optional("summary", Text),
        optional("description", Text),
        optional("value", Any),
        unsupported(
            "externalValue",
            "an external example cannot be checked",
            "write the `value` here",
        ),
    ],
)
.in_section("examples")
.with_one_of(&[&["value", "externalValue"]]);
