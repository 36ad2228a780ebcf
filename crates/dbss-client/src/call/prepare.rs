//! Calls by name, and prepared requests.

use std::sync::Arc;

use super::future::{InvokeFuture, PrepareFuture};
use crate::client::{Client, DryRun};
use crate::descriptor::Operation;
use crate::error::Error;
use crate::input::Arguments;

impl Operation {
    /// Calls the operation with arguments by name. It runs the same code as the typed
    /// methods.
    pub fn invoke(&self, client: &Client, arguments: Arguments) -> InvokeFuture {
        (self.invoke)(client, arguments)
    }

    /// Prepares the first request that [`invoke`](Self::invoke) would send: checked and
    /// authenticated, but not sent.
    ///
    /// No request is sent to IAM either, so the call or the client must have the project.
    /// Headers with secrets are marked as sensitive. When it sends a request, the HTTP
    /// client adds headers such as `User-Agent`.
    ///
    /// # Errors
    ///
    /// Those of `invoke`, and [`ErrorKind::Credentials`](crate::ErrorKind::Credentials)
    /// if the credentials need a login.
    #[must_use = "a request is not made until it is awaited"]
    pub fn prepare(&self, client: &Client, arguments: Arguments) -> PrepareFuture {
        let dry_run = Arc::new(DryRun::default());
        let client =
            Client { shared: Arc::clone(&client.shared), dry_run: Some(Arc::clone(&dry_run)) };
        let (id, call) = (self.id, self.invoke(&client, arguments));
        Box::pin(async move {
            let outcome = call.await;
            match (dry_run.take(), outcome) {
                (Some(request), _) => Ok(request),
                (None, Err(error)) => Err(error),
                // A call succeeds only after a request.
                (None, Ok(_)) => Err(Error::invalid_input(Some(id), Vec::new())),
            }
        })
    }
}
