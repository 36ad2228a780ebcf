//! What the generated facade stands on. Nothing here knows an operation.

mod arguments;
pub(crate) mod attempts;
mod call;
mod context;
mod outcome;
mod problems;
mod rehearsal;
mod unknown;

use std::future::Future;
use std::pin::Pin;

use http::HeaderMap;

use crate::{Error, Response};

pub use self::arguments::Arguments;
pub(crate) use self::call::Call;
pub use self::context::Context;
pub(crate) use self::context::{Received, Shared};
pub(crate) use self::outcome::{FailedValue, Outcome, failed};
pub(crate) use self::problems::{Check, Path, Problems};
pub use self::rehearsal::PrepareFuture;
pub(crate) use self::rehearsal::{Rehearsal, prepare};
pub use self::unknown::UnknownValue;
pub(crate) use crate::descriptor::Bound as Limit;
pub(crate) use crate::error::Source;

/// What awaiting a call awaits.
pub(crate) type CallFuture<T> = Pin<Box<dyn Future<Output = Result<Response<T>, Error>> + Send>>;

/// A call by name, see [`Operation::invoke`](crate::descriptor::Operation::invoke).
pub type InvokeFuture = CallFuture<serde_json::Value>;

/// The id that the service gave to a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-request-id")?.to_str().ok().filter(|id| !id.is_empty())
}
