#![doc = include_str!("../README.md")]

mod admin;
mod auth;
mod clock;
mod emulator;
mod error;
mod exchange;
mod faults;
mod iam;
mod limits;
mod operations;
mod record;
mod reply;
mod router;
mod server;
mod service;
mod shared;
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
pub use self::reply::ErrorShape;
#[cfg(feature = "yaml")]
pub use self::state::InvalidStateFile;
pub use self::state::{
    AccessKey, Account, Instance, InstanceStatus, InvalidState, Project, Scope, State, Task, Token,
    User,
};
/// Re-exported for [`Fault`].
pub use http::{HeaderName, HeaderValue, Method, StatusCode};
