//! Where a state has objects, and where names: serde alone reads an object from a list as well,
//! and a name from an object. What is not named here, it checks.

use crate::json::BodySchema;

const INSTANCE: BodySchema = BodySchema::Object(&[
    ("status", BodySchema::Scalar),
    ("task", BodySchema::Scalar),
    ("details", BodySchema::Object(&[])),
    ("scopes", BodySchema::List(&SCOPE)),
]);

const SCOPE: BodySchema = BodySchema::Object(&[("details", BodySchema::Object(&[]))]);

/// An object with a list of instances.
pub(crate) const INSTANCES: BodySchema =
    BodySchema::Object(&[("instances", BodySchema::List(&INSTANCE))]);

/// A whole state.
#[cfg(feature = "yaml")]
pub(super) const STATE: BodySchema = BodySchema::Object(&[
    ("account", BodySchema::Object(&[])),
    ("projects", BodySchema::List(&BodySchema::Object(&[]))),
    ("users", BodySchema::List(&BodySchema::Object(&[]))),
    ("access_keys", BodySchema::List(&BodySchema::Object(&[]))),
    ("tokens", BodySchema::List(&BodySchema::Object(&[]))),
    ("instances", BodySchema::List(&INSTANCE)),
]);
