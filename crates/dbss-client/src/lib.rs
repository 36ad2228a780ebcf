#![doc = include_str!("../README.md")]

// Generated code refers to the enums by this crate's own name, so that the path also
// resolves in other crates that contain generated code, such as the mocks.
extern crate self as dbss_client;

mod auth;
mod builder;
mod call;
mod client;
mod credentials;
pub mod descriptor;
#[cfg(any(doc, doctest))]
pub mod docs;
mod error;
mod generated;
mod http;
mod input;
mod observer;
mod project;
mod response;
mod retry;
mod time;

pub use self::auth::{
    AccessKey, CredentialsError, Identity, IdentityFuture, ProvideCredentials, ProviderContext,
    Token,
};
pub use self::builder::ClientBuilder;
pub use self::call::{CallProgress, Context, InvokeFuture, PrepareFuture};
pub use self::client::Client;
pub use self::credentials::{Credentials, PasswordLogin};
pub use self::error::{ClockSkew, Error, ErrorKind, FailedAttempt};
pub use self::generated::{MODE, Mode, SOURCES, contract, operations, raw, types};
pub use self::http::{ErrorDetail, Peer, TransportFailure};
pub use self::input::{
    Arguments, InputLocation, Number, Problem, ProblemKind, UnknownValue, ValueType,
};
pub use self::observer::Retry;
pub use self::response::Response;
pub use self::retry::RetryPolicy;
pub use self::time::{Clock, Sleep, SystemClock};
/// Re-exported for [`Operation::prepare`](descriptor::Operation::prepare).
pub use reqwest::Request;
