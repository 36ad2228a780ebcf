#![doc = include_str!("../README.md")]

// Generated code names replaced types by this crate's own name, so that it
// resolves in every crate that it is pasted into.
extern crate self as dbss_client;

mod client;
mod credentials;
pub mod descriptor;
mod error;
mod generated;
mod response;
mod runtime;
mod transport;

pub use self::client::{Client, ClientBuilder};
pub use self::credentials::Credentials;
pub use self::error::{Error, ErrorDetail, ErrorKind, Problem, Source};
pub use self::generated::{MODE, Mode, SOURCES, descriptors, operations, raw, types};
pub use self::response::Response;
pub use self::runtime::{Arguments, Context, InvokeFuture, UnknownValue};
