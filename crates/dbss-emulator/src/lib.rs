#![doc = include_str!("../README.md")]

mod admin;
mod auth;
mod builder;
mod clock;
mod emulator;
mod error;
mod faults;
mod iam;
mod limits;
mod record;
mod server;
mod service;
mod shared;
mod signature;
mod state;
mod store;
mod time;

pub use self::builder::EmulatorBuilder;
pub use self::clock::Clock;
pub use self::emulator::Emulator;
pub use self::error::StartError;
pub use self::faults::{Fault, InvalidFault, RetryAfter};
pub use self::limits::Limits;
pub use self::record::RecordedRequest;
pub use self::service::ErrorShape;
#[cfg(feature = "yaml")]
pub use self::state::InvalidStateFile;
pub use self::state::{
    AccessKey, Account, Instance, InstanceStatus, InvalidState, Project, Scope, State, Task, Token,
    User,
};
/// Re-exported for [`Fault`].
pub use http::{HeaderName, HeaderValue, Method, StatusCode};
