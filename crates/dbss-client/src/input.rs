//! Inputs of calls and of the configuration, and their problems.

pub(crate) mod arguments;
pub(crate) mod kind;
pub(crate) mod problem;
pub(crate) mod text_pattern;
pub(crate) mod unlisted;
pub(crate) mod validation;

pub use self::arguments::Arguments;
pub use self::kind::{Number, ProblemKind, ValueType};
pub use self::problem::{InputLocation, Problem};
pub use self::unlisted::UnlistedValue;
pub(crate) use self::validation::Problems;
#[allow(unused_imports, reason = "generated code of a contract without limits names none")]
pub(crate) use self::validation::{CheckLimits, InputPath, TextLimits};
