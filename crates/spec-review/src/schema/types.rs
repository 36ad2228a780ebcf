//! Sets of JSON types.

use std::fmt;
use std::ops::{BitAnd, BitOr, Sub};

use serde::{Serialize, Serializer};
use serde_json::Value;

/// A set of JSON types. Numbers are integers or fractions, so that `integer` is a subset of
/// `number`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TypeSet(u8);

impl TypeSet {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const NULL: Self = Self(1);
    pub(crate) const BOOLEAN: Self = Self(1 << 1);
    pub(crate) const INTEGER: Self = Self(1 << 2);
    pub(crate) const FRACTION: Self = Self(1 << 3);
    pub(crate) const STRING: Self = Self(1 << 4);
    pub(crate) const ARRAY: Self = Self(1 << 5);
    pub(crate) const OBJECT: Self = Self(1 << 6);
    pub(crate) const NUMBER: Self = Self(Self::INTEGER.0 | Self::FRACTION.0);
    /// Types that are serialised as plain text without being strings.
    pub(crate) const SCALAR: Self = Self(Self::BOOLEAN.0 | Self::NUMBER.0);
    pub(crate) const ALL: Self = Self(0x7f);

    /// Each type as a set of its own.
    pub(crate) const EACH: [Self; 7] = [
        Self::NULL,
        Self::BOOLEAN,
        Self::INTEGER,
        Self::FRACTION,
        Self::STRING,
        Self::ARRAY,
        Self::OBJECT,
    ];

    /// The types of a name in the keyword `type`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => return None,
        })
    }

    /// The type of a value. As in JSON Schema, `1.0` is an integer.
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) => {
                let whole = number.as_f64().is_some_and(|number| number.fract() == 0.0);
                if whole { Self::INTEGER } else { Self::FRACTION }
            }
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    /// The names of the types in the keyword `type`. Numbers that are not integers, for which it
    /// has no name, are `fraction`.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let named = [
            (Self::STRING, "string"),
            (Self::NUMBER, "number"),
            (Self::INTEGER, "integer"),
            (Self::FRACTION, "fraction"),
            (Self::BOOLEAN, "boolean"),
            (Self::ARRAY, "array"),
            (Self::OBJECT, "object"),
            (Self::NULL, "null"),
        ];
        named.into_iter().filter_map(move |(types, name)| {
            let part_of_number =
                types != Self::NUMBER && Self::NUMBER.has(types) && self.contains(Self::NUMBER);
            (self.contains(types) && !part_of_number).then_some(name)
        })
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The number of types, with `number` counted once.
    pub(crate) fn count(self) -> u32 {
        self.0.count_ones() - u32::from(self.contains(Self::NUMBER))
    }
}

impl BitAnd for TypeSet {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for TypeSet {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Sub for TypeSet {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl fmt::Debug for TypeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl Serialize for TypeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

/// Equality of JSON Schema: `1` equals `1.0`, and the order of keys does not matter.
pub(crate) fn json_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right
                || (left.is_f64() || right.is_f64())
                    && left.as_f64().is_some_and(|left| Some(left) == right.as_f64())
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| json_equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| {
                    right.get(key).is_some_and(|other| json_equal(value, other))
                })
        }
        _ => left == right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn treats_integers_as_a_subset_of_numbers() {
        assert!(TypeSet::NUMBER.contains(TypeSet::INTEGER));
        assert!((TypeSet::NUMBER | TypeSet::STRING).names().eq(["string", "number"]));
        assert_eq!((TypeSet::NUMBER | TypeSet::STRING).count(), 2);
        assert_eq!(TypeSet::of(&serde_json::json!(2.0)), TypeSet::INTEGER);
        assert!(json_equal(
            &serde_json::json!({"a": 1, "b": [2.0]}),
            &serde_json::json!({"b": [2], "a": 1.0})
        ));
    }
}
