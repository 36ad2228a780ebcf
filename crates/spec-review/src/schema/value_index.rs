//! Finds values in long lists: an `enum` may have tens of thousands.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::Value;

use super::json_equal;

/// Values of a list, found by their content.
#[derive(Debug, Default)]
pub(crate) struct ValueIndex<'v>(HashMap<u64, Vec<&'v Value>>);

impl<'v> ValueIndex<'v> {
    pub(crate) fn of(values: impl IntoIterator<Item = &'v Value>) -> Self {
        let mut index = Self::default();
        for value in values {
            index.insert(value);
        }
        index
    }

    /// Adds a value. `false` if it is there already.
    pub(crate) fn insert(&mut self, value: &'v Value) -> bool {
        let known = self.0.entry(hash(value)).or_default();
        let new = !known.iter().any(|known| json_equal(known, value));
        if new {
            known.push(value);
        }
        new
    }

    pub(crate) fn contains(&self, value: &Value) -> bool {
        let known = self.0.get(&hash(value));
        known.is_some_and(|known| known.iter().any(|known| json_equal(known, value)))
    }
}

/// A number that is the same for equal values.
fn hash(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Null => 0.hash(&mut hasher),
        Value::Bool(flag) => flag.hash(&mut hasher),
        // `1` equals `1.0`, and `-0.0` equals `0`.
        Value::Number(number) => {
            (number.as_f64().unwrap_or_default() + 0.0).to_bits().hash(&mut hasher);
        }
        Value::String(text) => text.hash(&mut hasher),
        Value::Array(items) => items.iter().for_each(|item| hash(item).hash(&mut hasher)),
        Value::Object(object) => {
            // In any order.
            let entries = object.iter().map(|(key, value)| {
                let mut entry = DefaultHasher::new();
                (key, hash(value)).hash(&mut entry);
                entry.finish()
            });
            entries.fold(0_u64, u64::wrapping_add).hash(&mut hasher);
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn finds_equal_values_however_they_are_written() {
        let values = [json!(1), json!({"a": 1, "b": [-0.0]}), json!("1"), json!(null), json!([])];
        let index = ValueIndex::of(&values);
        for there in [json!(1.0), json!({"b": [0], "a": 1.0}), json!("1"), json!(null), json!([])] {
            assert!(index.contains(&there), "{there}");
        }
        for absent in [json!(2), json!({"a": 1}), json!("2"), json!(false), json!([1]), json!({})] {
            assert!(!index.contains(&absent), "{absent}");
        }
    }
}
