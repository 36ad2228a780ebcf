//! The futures of calls.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use serde_json::Value;

use super::progress::CallProgress;
use crate::error::Error;
use crate::response::Response;

/// The future of a call.
pub(crate) type CallFuture<T> = Pin<Box<dyn Future<Output = Result<Response<T>, Error>> + Send>>;

/// The future of [`Operation::prepare`](crate::descriptor::Operation::prepare): the
/// [`Request`](crate::Request), or the [`Error`].
pub type PrepareFuture = Pin<Box<dyn Future<Output = Result<reqwest::Request, Error>> + Send>>;

/// The future of [`Operation::invoke`](crate::descriptor::Operation::invoke): the
/// [`Response`] with its body as JSON, or the [`Error`].
#[must_use = "a call does nothing until it is awaited"]
pub struct InvokeFuture {
    call: CallFuture<Value>,
    progress: CallProgress,
}

impl InvokeFuture {
    pub(crate) fn new(
        progress: CallProgress,
        call: impl Future<Output = Result<Response<Value>, Error>> + Send + 'static,
    ) -> Self {
        Self { call: Box::pin(call), progress }
    }

    /// The progress of the call: a handle that can be read while the call runs, and after
    /// its future was dropped.
    #[must_use]
    pub fn progress(&self) -> CallProgress {
        self.progress.clone()
    }
}

impl Future for InvokeFuture {
    type Output = Result<Response<Value>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.call.as_mut().poll(context)
    }
}

impl fmt::Debug for InvokeFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvokeFuture").field("progress", &self.progress).finish_non_exhaustive()
    }
}
