//! What both sides of the benchmarks agree on: the request and its answers.

/// The project of every call.
pub const PROJECT: &str = "0123456789abcdef0123456789abcdef";

/// The instance that the server answers for.
pub const INSTANCE: &str = "1d07f606-92d2-441c-b05c-dca47e180552";

/// The instance that the server refuses.
pub const UNKNOWN_INSTANCE: &str = "00000000-0000-4000-8000-000000000400";

/// The audit scope rules of every call.
pub const SCOPES: [&str; 2] = ["ne-pwZgBxmBODPrxTO7F", "hb-Wb2YBxmBODPrxTO7L"];

/// The body of a success.
pub const SUCCESS: &str = r#"{"status":"SUCCESS"}"#;

/// The body of a refusal.
pub const REFUSAL: &str =
    r#"{"error":{"error_code":"DBSS.10020131","error_msg":"the instance does not exist"}}"#;

/// An access key that opens nothing.
pub const ACCESS_KEY: &str = "AKEXAMPLE0123456789A";

/// Its secret.
pub const SECRET_KEY: &str = "skExample0123456789skExample0123456789sk";

/// As long as the token of a user with few roles, in the characters of one.
#[must_use]
pub fn token() -> String {
    "MIIF0123456789abcdefABCDEF-".repeat(60)
}
