#![doc = include_str!("../README.md")]

// Generated code refers to the enums by this crate's own name, so that the path also
// resolves in other crates that contain generated code, such as the mocks.
extern crate self as dbss_client;

// Generated code names everything by absolute paths, so that no name of a contract can collide.
// These are the shortest ones, as `crate::Option`, for what it names on nearly every line.
#[allow(unused_imports, reason = "which of them generated code names depends on the contract")]
use std::{
    convert::Into,
    iter::IntoIterator,
    option::Option::{self, None, Some},
    string::String,
    vec::Vec,
};
type Result<T> = std::result::Result<T, Error>;

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
pub use self::error::{Error, ErrorKind};
pub use self::generated::{MODE, Mode, SOURCES, contract, operations, raw, types};
pub use self::http::ErrorDetail;
pub use self::input::{
    Arguments, InputLocation, Number, Problem, ProblemKind, UnknownValue, ValueType,
};
pub use self::response::Response;
pub use self::retry::RetryPolicy;
pub use self::time::{Clock, Sleep, SystemClock};
/// Re-exported for [`Operation::prepare`](descriptor::Operation::prepare).
pub use reqwest::Request;
