//! When a call is tried again, and when not.

mod budget;
mod classification;
mod policy;

pub(crate) use self::budget::Budget;
pub(crate) use self::classification::{is_transient, is_worth_repeating, may_have_taken_effect};
pub use self::policy::RetryPolicy;
