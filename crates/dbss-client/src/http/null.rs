//! What generated types do with null: see `nulls.rs` of the generator.

#![allow(dead_code, reason = "which of this generated code uses depends on the contract")]

use serde::{Deserialize, Deserializer};

/// Reads null as what a list or map is where it is absent: empty.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Whether an optional value that is boxed as a whole is absent.
#[allow(clippy::borrowed_box, reason = "serde gives a reference to the field")]
pub(crate) fn is_none<T>(value: &Box<Option<T>>) -> bool {
    value.is_none()
}
