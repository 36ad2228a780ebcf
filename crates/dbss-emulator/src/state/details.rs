//! Details: what the lists show of an instance or scope, and the emulator does not act on.

use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde::{Deserialize as _, Serialize};
use serde_json::{Map, Value};

/// Deserializes details to the type that the contract gives. It would ignore a field that the
/// contract does not have; here that is an error, as everywhere in a state file.
pub(super) fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Serialize,
{
    let given = Map::deserialize(deserializer)?;
    let details: T =
        serde_json::from_value(Value::Object(given.clone())).map_err(D::Error::custom)?;
    let kept = serde_json::to_value(&details).map_err(D::Error::custom)?;
    // What is null or an empty list is the same as what is left out.
    let is_empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    match given.iter().find(|(name, value)| !is_empty(value) && kept.get(name.as_str()).is_none()) {
        Some((name, _)) => Err(D::Error::custom(format_args!("unknown field `{name}`"))),
        None => Ok(details),
    }
}

/// Whether there are none, so that they can be left out.
pub(super) fn are_none<T: Default + PartialEq>(details: &T) -> bool {
    *details == T::default()
}
