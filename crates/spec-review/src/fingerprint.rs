//! Fingerprints: what identifies a finding, computed from its rule, its target and its change.
//!
//! Approvals hold fingerprints. So a fingerprint must not move when a message is reworded, a line
//! is inserted, or one more operation uses a shared schema; and two changes must never have the
//! same one. It is therefore computed from the data of the change. The text made for readers is not
//! an input, and neither are the operations that the change reaches: this module imports no
//! renderer.

use serde_json::Value;

use crate::change::Change;
use crate::rules::Rule;
use crate::subject::Target;

/// The fingerprint of a finding.
pub(crate) fn fingerprint(rule: &Rule, target: &Target, change: &Change) -> String {
    let mut hash = Hash::new();
    hash.part(rule.id);
    match target {
        Target::Document { pointer, negated, .. } => {
            for pointer in [&pointer.base, &pointer.head] {
                // The document itself has a pointer too, the empty one, so `None` needs a mark of
                // its own.
                hash.part(if pointer.is_some() { "at" } else { "nowhere" });
                hash.part(pointer.as_deref().unwrap_or_default());
            }
            hash.part(if *negated { "not" } else { "" });
        }
        Target::Item { path, .. } => {
            hash.part("item");
            hash.part(&path.to_string());
        }
    }
    hash.part(&canonical(change));
    hash.finish()
}

/// A change as JSON with sorted keys, so that the order of keys in a document does not matter.
pub(crate) fn canonical(change: &Change) -> String {
    let mut value = serde_json::to_value(change).unwrap_or_default();
    sort(&mut value);
    value.to_string()
}

fn sort(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.sort_keys();
            object.values_mut().for_each(sort);
        }
        Value::Array(items) => items.iter_mut().for_each(sort),
        _ => {}
    }
}

/// FNV-1a. The hashers of the standard library may give other values in another release of Rust.
struct Hash(u64);

impl Hash {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds a part and a separator, so that the same text split at another place hashes
    /// differently.
    fn part(&mut self, part: &str) {
        for byte in part.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::change::{Aspect, AspectValue};
    use crate::rules;
    use crate::versions::Versions;

    #[test]
    fn ignores_the_order_of_keys() {
        let default = |value: Value| {
            let values = Versions::new(None, Some(AspectValue::Value(value)));
            canonical(&Change::replaced(Aspect::Default, values))
        };
        assert_eq!(
            default(json!({"a": 1, "b": {"c": 2, "d": 3}})),
            default(json!({"b": {"d": 3, "c": 2}, "a": 1}))
        );
        assert_ne!(default(json!([1, 2])), default(json!([2, 1])));
    }

    #[test]
    fn distinguishes_an_absent_place_from_the_whole_document() {
        let at = |head: Option<&str>| {
            let pointer = Versions::new(Some("/a".to_owned()), head.map(str::to_owned));
            let target = Target::Document { pointer, negated: false, is_schema: false };
            fingerprint(&rules::TYPE, &target, &Change::TooLarge)
        };
        assert_ne!(at(None), at(Some("")));
        assert_ne!(at(Some("")), at(Some("/a")));
    }
}
