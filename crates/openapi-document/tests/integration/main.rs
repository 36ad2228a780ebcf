//! Documents as they are read: places, values, and what is refused.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod bombs;
mod pointers;
mod positions;
mod properties;
mod tolerance;
