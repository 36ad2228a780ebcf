//! What a caller gives, and what is wrong with it.

pub(crate) mod arguments;
pub(crate) mod kind;
pub(crate) mod problem;
pub(crate) mod unknown;
pub(crate) mod validation;

pub use self::arguments::Arguments;
pub use self::kind::{Number, ProblemKind, ValueType};
pub use self::problem::{Problem, Source};
pub use self::unknown::UnknownValue;
pub(crate) use self::validation::{Check, Path, Problems, TextLimits};
