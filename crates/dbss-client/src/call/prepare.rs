//! Calls by name, and prepared requests.

use std::sync::Arc;

use super::future::{InvokeFuture, PrepareFuture};
use crate::client::{Client, DryRun};
use crate::descriptor::Operation;
use crate::error::Error;
use crate::input::Arguments;

impl Operation {
    /// Calls the operation with arguments by name, for programs that learn only at run time
    /// which operation to call. The call is made, checked and retried as by the method of
    /// [`Client`], with the client's timeouts and retry policy.
    ///
    /// Awaiting the future returns the decoded body as JSON, as in the documented response;
    /// `null` if it has none.
    ///
    /// ```no_run
    /// # async fn example(client: dbss_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use dbss_client::{Arguments, contract};
    ///
    /// let operation = contract::API.operation("StopAuditInstance").ok_or("no such operation")?;
    /// let body = serde_json::json!({ "instance_id": "1d07f606-92d2-441c-b05c-dca47e180552" });
    /// let response = operation.invoke(&client, Arguments::new().body(body)).await?;
    /// println!("{}", response.value());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The future returns an [`Error`] as the typed call does; arguments that the operation
    /// does not have, or that do not fit, are [problems](Error::problems) of it.
    ///
    /// # Panics
    ///
    /// The future panics outside of a Tokio runtime with I/O and time enabled.
    pub fn invoke(&self, client: &Client, arguments: Arguments) -> InvokeFuture {
        (self.invoke)(client, arguments)
    }

    /// Prepares the first request that [`invoke`](Self::invoke) would send: checked and
    /// authenticated, but not sent.
    ///
    /// No request is sent to IAM either, so the arguments, the client or its credentials must
    /// have the project. Headers with secrets are marked as sensitive. The HTTP client would
    /// add headers such as `User-Agent` when it sends the request.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), dbss_client::Error> {
    /// use dbss_client::{Arguments, Client, Credentials, contract};
    ///
    /// let client = Client::builder()
    ///     .region("cn-north-4")
    ///     .credentials(Credentials::token("a token"))
    ///     .project_id("0123456789abcdef0123456789abcdef")
    ///     .build()?;
    /// let body = serde_json::json!({ "instance_id": "1d07f606-92d2-441c-b05c-dca47e180552" });
    /// let request = contract::STOP_AUDIT_INSTANCE.prepare(&client, Arguments::new().body(body)).await?;
    /// assert_eq!(
    ///     request.url().path(),
    ///     "/v1/0123456789abcdef0123456789abcdef/dbss/audit/instance/stop"
    /// );
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The future returns the errors of `invoke` that are found before anything is sent, and
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) if the credentials need a
    /// login.
    ///
    /// # Panics
    ///
    /// As for [`invoke`](Self::invoke).
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
