#![doc = include_str!("../README.md")]
// Whether a type can be sent between threads takes up to five steps for each object within it, one
// after the other, and a contract may have hundreds that refer to each other.
#![recursion_limit = "4096"]

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
#[allow(unused_imports, reason = "which of them generated code names depends on the contract")]
use self::{
    call::Call,
    descriptor::{
        DocumentedResponse, Example, Field, Operation, Parameter, Schema, SchemaKind, recode,
    },
    generated::contract::{parameters, responses, schemas},
    generated::operations::inputs,
};

mod auth;
mod builder;
mod call;
mod client;
mod credentials;
mod date;
pub mod descriptor;
#[cfg(any(doc, doctest))]
pub mod docs;
mod error;
mod generated;
mod http;
mod input;
mod note;
mod observer;
mod paging;
mod project;
mod response;
mod retry;
#[doc(hidden)]
pub mod text;
mod time;
mod variables;
mod waiting;

pub use self::auth::{
    AccessKey, CredentialsError, Identity, IdentityFuture, ProvideCredentials, ProviderContext,
    Token,
};
pub use self::builder::ClientBuilder;
/// The inner value of [`raw::Client`], which only [`Client::raw`] makes.
#[doc(hidden)]
pub use self::call::Context;
pub use self::call::{CallProgress, InvokeFuture, PrepareFuture};
pub use self::client::Client;
pub use self::credentials::{
    Credentials, CredentialsKind, CredentialsOrigin, PasswordLogin, Profile, ProfileFile,
};
pub use self::error::{ClockSkew, Error, ErrorKind, FailedAttempt, Mismatch, Outcome};
pub use self::generated::{MODE, Mode, SOURCES, contract, operations, raw, types};
pub use self::http::{ErrorDetail, Peer, TransportFailure};
pub use self::input::{
    Arguments, InputLocation, Number, Problem, ProblemKind, UnlistedValue, ValueType,
};
pub use self::note::Note;
pub use self::observer::Retry;
pub use self::paging::Items;
pub use self::response::Response;
pub use self::retry::RetryPolicy;
pub use self::time::{Clock, Sleep, SystemClock};
pub use self::waiting::{Condition, Look, WaitError, WaitErrorKind, Waited, Waiting};
/// The request that [`Operation::prepare`](descriptor::Operation::prepare) returns and
/// [`Identity::authenticate`] takes; reqwest's own.
pub use reqwest::Request;

/// Clients, calls and what comes of them can be moved between threads.
const _: () = {
    const fn send_and_sync<T: Send + Sync>() {}
    const fn send<T: Send>() {}
    send_and_sync::<Client>();
    send_and_sync::<ClientBuilder>();
    send_and_sync::<Credentials>();
    send_and_sync::<ProviderContext>();
    send_and_sync::<CallProgress>();
    send_and_sync::<Arguments>();
    send_and_sync::<Response<()>>();
    send_and_sync::<Error>();
    send_and_sync::<CredentialsError>();
    send_and_sync::<WaitError>();
    send_and_sync::<Waited<()>>();
    send::<Items<()>>();
    send::<Waiting<()>>();
    send_and_sync::<ClockSkew>();
    send_and_sync::<FailedAttempt>();
    send_and_sync::<Mismatch>();
    send_and_sync::<Outcome>();
    send_and_sync::<Retry>();
    send_and_sync::<TransportFailure>();
    send::<InvokeFuture>();
    send::<PrepareFuture>();
};

#[cfg(test)]
mod tests {
    #[test]
    fn names_the_rust_version_of_the_manifest_on_the_first_page() {
        let sentence = concat!("It needs Rust ", env!("CARGO_PKG_RUST_VERSION"), " or later");
        assert!(include_str!("../README.md").contains(sentence), "{sentence}");
    }
}
