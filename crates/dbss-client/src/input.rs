//! Inputs of calls and of the configuration, and their problems.

pub(crate) mod arguments;
pub(crate) mod kind;
pub(crate) mod problem;
pub(crate) mod text_pattern;
pub(crate) mod unlisted;
pub(crate) mod validation;
pub(crate) mod value;

pub(crate) use self::arguments::Argument;
pub use self::arguments::Arguments;
pub use self::kind::{Number, ProblemKind, ValueType};
pub use self::problem::{InputLocation, Problem};
pub use self::unlisted::UnlistedValue;
#[allow(unused_imports, reason = "a contract may have no enum")]
pub(crate) use self::unlisted::open_enum;
#[allow(unused_imports, reason = "generated code of a contract without limits names none")]
pub(crate) use self::validation::TextLimits;
pub(crate) use self::validation::{InputPath, Problems};
pub(crate) use self::value::Input;
#[allow(unused_imports, reason = "a contract may have no named texts or lists")]
pub(crate) use self::value::read_within;
