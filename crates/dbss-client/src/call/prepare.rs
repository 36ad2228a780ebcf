//! A call by name, and one up to the point where it would be sent.

use std::sync::Arc;

use super::future::{InvokeFuture, PrepareFuture};
use crate::client::{Client, Rehearsal};
use crate::descriptor::Operation;
use crate::error::Error;
use crate::input::Arguments;

impl Operation {
    /// Calls the operation with arguments by name, through the same facade that
    /// the typed methods use.
    pub fn invoke(&self, client: &Client, arguments: Arguments) -> InvokeFuture {
        (self.invoke)(client, arguments)
    }

    /// The first request that [`invoke`](Self::invoke) would send: checked and
    /// signed, and not sent.
    ///
    /// Nothing is sent to IAM either, so that the call or the client has to name
    /// the project. Headers that hold secrets are marked as sensitive. The HTTP
    /// client adds a few headers of its own to a request that it sends, such as
    /// `User-Agent`.
    ///
    /// # Errors
    ///
    /// As those of `invoke`, and
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) where a login
    /// would be needed.
    #[must_use = "a request is not made until it is awaited"]
    pub fn prepare(&'static self, client: &Client, arguments: Arguments) -> PrepareFuture {
        let rehearsal = Arc::new(Rehearsal::default());
        let client =
            Client { shared: Arc::clone(&client.shared), rehearsal: Some(Arc::clone(&rehearsal)) };
        let call = self.invoke(&client, arguments);
        Box::pin(async move {
            let outcome = call.await;
            match (rehearsal.take(), outcome) {
                (Some(request), _) => Ok(request),
                (None, Err(error)) => Err(error),
                // A call ends in a success only by way of a request.
                (None, Ok(_)) => Err(Error::invalid_input(Some(self.id), Vec::new())),
            }
        })
    }
}
