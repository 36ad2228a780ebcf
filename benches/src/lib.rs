//! The request and the responses that the benchmarks' client and server share.

/// The project of every call.
pub const PROJECT: &str = "0123456789abcdef0123456789abcdef";

/// An instance for which the server returns a success.
pub const INSTANCE: &str = "1d07f606-92d2-441c-b05c-dca47e180552";

/// An instance for which the server returns an error.
pub const UNKNOWN_INSTANCE: &str = "00000000-0000-4000-8000-000000000400";

/// The audit scope rules of every call.
pub const SCOPES: [&str; 2] = ["ne-pwZgBxmBODPrxTO7F", "hb-Wb2YBxmBODPrxTO7L"];

/// The body of a success response.
pub const SUCCESS_BODY: &str = r#"{"status":"SUCCESS"}"#;

/// The body of an error response.
pub const ERROR_BODY: &str =
    r#"{"error":{"error_code":"DBSS.10020131","error_msg":"the instance does not exist"}}"#;

/// A made-up access key.
pub const ACCESS_KEY: &str = "AKEXAMPLE0123456789A";

/// Its secret key.
pub const SECRET_KEY: &str = "skExample0123456789skExample0123456789sk";

/// A made-up token, as long as that of a user with few roles.
#[must_use]
pub fn token() -> String {
    "MIIF0123456789abcdefABCDEF-".repeat(60)
}
