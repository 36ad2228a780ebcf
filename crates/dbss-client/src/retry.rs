//! Retries: which attempts are repeated, how often, and when.

mod budget;
mod classification;
mod policy;

pub(crate) use self::budget::RetryBudget;
pub(crate) use self::classification::{is_retryable, is_retryable_status, may_have_taken_effect};
pub use self::policy::RetryPolicy;
pub(crate) use self::policy::random_fraction;
