//! The order of the crates: which may depend on which.

/// The crates in the order in which data flows. Each may depend only on earlier ones, in its
/// tests too.
pub(crate) const CRATE_ORDER: [&str; 11] = [
    "scripted-server",
    "openapi-document",
    "dbss-codegen",
    "spec-review",
    "dbss-client",
    "dbss-emulator",
    "dbss-mocks",
    "dbss-cli",
    "dbss-tests",
    "dbss-benches",
    "xtask",
];
