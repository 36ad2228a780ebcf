//! Loading of documents: positions, values, pointers, tolerance and resource limits.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod pointers;
mod positions;
mod properties;
mod resource_limits;
mod tolerance;
