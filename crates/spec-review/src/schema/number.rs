//! Numbers that are compared exactly as far as JSON numbers allow.

use std::cmp::Ordering;

use serde::{Serialize, Serializer};
use serde_json::Number;

/// A number of JSON: an integer, or a float that is no whole number.
#[derive(Debug, Clone, Copy)]
pub enum Num {
    /// An integer, including one written as `1.0`.
    Int(i128),
    /// Any other number.
    Float(f64),
}

impl Serialize for Num {
    /// As text, because not every such integer fits into a JSON number.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Num {
    pub(crate) fn of(number: &Number) -> Self {
        if let Some(int) = number.as_i64() {
            return Self::Int(int.into());
        }
        if let Some(int) = number.as_u64() {
            return Self::Int(int.into());
        }
        Self::float(number.as_f64().unwrap_or(f64::NAN))
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range is checked, and the fraction is none"
    )]
    pub(crate) fn float(float: f64) -> Self {
        if float.fract() == 0.0 && float.abs() < 1e30 {
            Self::Int(float as i128)
        } else {
            Self::Float(float)
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "only where the other side is a float")]
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }

    pub(crate) fn is_integer(self) -> bool {
        matches!(self, Self::Int(_))
    }

    /// The smallest integer that is not less.
    pub(crate) fn ceil(self) -> Self {
        match self {
            Self::Int(_) => self,
            Self::Float(float) => Self::float(float.ceil()),
        }
    }

    /// The largest integer that is not greater.
    pub(crate) fn floor(self) -> Self {
        match self {
            Self::Int(_) => self,
            Self::Float(float) => Self::float(float.floor()),
        }
    }

    pub(crate) fn plus(self, difference: i32) -> Self {
        match self {
            Self::Int(int) => Self::Int(int.saturating_add(difference.into())),
            Self::Float(float) => Self::Float(float + f64::from(difference)),
        }
    }

    /// Whether this is a multiple of `of`.
    pub(crate) fn is_multiple(self, of: Self) -> bool {
        match (self, of) {
            (Self::Int(value), Self::Int(of)) => of != 0 && value % of == 0,
            _ => {
                let quotient = self.as_f64() / of.as_f64();
                quotient.is_finite()
                    && (quotient - quotient.round()).abs() <= 1e-9 * quotient.abs().max(1.0)
            }
        }
    }

    /// As a JSON number, if it fits into one.
    pub(crate) fn to_number(self) -> Option<Number> {
        match self {
            Self::Int(int) => i64::try_from(int)
                .map(Number::from)
                .or_else(|_| u64::try_from(int).map(Number::from))
                .ok()
                .or_else(|| Number::from_f64(self.as_f64())),
            Self::Float(float) => Number::from_f64(float),
        }
    }
}

/// The range of a numeric format.
pub(crate) fn range_of(format: &str) -> Option<(Num, Num)> {
    Some(match format {
        "int32" => (Num::Int(i32::MIN.into()), Num::Int(i32::MAX.into())),
        "int64" => (Num::Int(i64::MIN.into()), Num::Int(i64::MAX.into())),
        "float" => (Num::float(f32::MIN.into()), Num::float(f32::MAX.into())),
        _ => return None,
    })
}

impl PartialEq for Num {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Num {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => Some(left.cmp(right)),
            _ => self.as_f64().partial_cmp(&other.as_f64()),
        }
    }
}

impl std::fmt::Display for Num {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int(int) => write!(f, "{int}"),
            Self::Float(float) => write!(f, "{float}"),
        }
    }
}
