#![doc = include_str!("../README.md")]

mod admin;
mod app_state;
mod auth;
mod clock;
mod contract_limits;
mod emulator;
mod error;
mod faults;
mod host;
mod iam;
mod json;
mod large_responses;
mod limits;
mod memory_budget;
mod metadata;
mod observer;
mod operations;
mod record;
mod request_body;
mod request_context;
mod response;
mod router;
mod server;
mod service;
mod shutdown;
mod signature;
mod state;
mod store;
mod time;

pub use self::clock::Clock;
pub use self::emulator::{Emulator, EmulatorBuilder};
pub use self::error::StartError;
pub use self::faults::{Fault, InvalidFault, RetryAfter};
pub use self::limits::Limits;
pub use self::record::RecordedRequest;
pub use self::response::ErrorShape;
#[cfg(feature = "yaml")]
pub use self::state::InvalidStateFile;
pub use self::state::{
    AccessKey, Account, Instance, InstanceStatus, InvalidState, Project, Scope, State, Task, Token,
    User,
};
/// Re-exported for [`Fault`].
pub use http::{HeaderName, HeaderValue, Method, StatusCode};
/// Re-exported for the secrets of a [`State`].
pub use secrecy::SecretString;
