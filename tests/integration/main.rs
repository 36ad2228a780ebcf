//! The tests of the workspace as a whole, in one binary: what is produced, and the
//! operations over real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]
#![allow(deprecated, reason = "StopAuditInstance is one of the two documented operations")]

mod accepted;
mod called;
mod concurrency;
mod connections;
mod credentials;
mod doubt;
mod end_to_end;
mod generated;
mod invented;
mod nested_inputs;
mod outcomes;
mod paging;
mod profiles;
mod proxies;
mod reasons;
mod retries;
mod secrets;
mod signing;
mod snapshots;
mod spans;
mod waiting;
mod whole_job;
