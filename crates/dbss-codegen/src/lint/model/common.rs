//! Objects that stand in many others.

use super::Shape::{Any, Text};
use super::{Kind, Object, optional, refused, required};

pub(super) static EXTERNAL_DOCS: Object = Object::new(
    Kind::Other,
    "external documentation",
    &[optional("description", Text), required("url", Text)],
);

pub(super) static EXAMPLE: Object = Object::new(
    Kind::Example,
    "an example",
    &[
        optional("summary", Text),
        optional("description", Text),
        optional("value", Any),
        refused(
            "externalValue",
            "an example elsewhere cannot be checked",
            "write the `value` here",
        ),
    ],
)
.in_section("examples")
.with_one_of(&[&["value", "externalValue"]]);
