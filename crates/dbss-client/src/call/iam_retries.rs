//! Retries of requests for credentials and for the project, as the policy of the call
//! allows.

use std::pin::pin;
use std::time::Duration;

use crate::auth::CredentialsError;
use crate::client::Shared;
use crate::credentials::iam;
use crate::error::FailedAttempt;
use crate::http::Peer;
use crate::observer::Retry;
use crate::retry::RetryPolicy;

/// What limits the retries of one call.
pub(super) struct IamRetries<'a> {
    pub(super) shared: &'a Shared,
    pub(super) policy: &'a RetryPolicy,
    /// The deadline of the call, by the clock's elapsed time.
    pub(super) deadline: Duration,
}

impl IamRetries<'_> {
    /// The result of `first`, or of `again` while failures may pass. A login or a lookup is
    /// shared by calls, so that retries of several calls at once are one request to IAM.
    pub(super) async fn run<T, F>(
        &self,
        first: impl Future<Output = Result<T, CredentialsError>>,
        again: impl Fn() -> F,
    ) -> Result<T, CredentialsError>
    where
        F: Future<Output = Result<T, CredentialsError>>,
    {
        let mut attempts = 1;
        let mut result = self.within_time(first).await;
        loop {
            let error = match result {
                Ok(found) => return Ok(found),
                Err(error) => error,
            };
            let Some(pause) = self.pause(attempts, &error) else { return Err(error) };
            let failed = FailedAttempt::without_credentials(attempts, error);
            self.shared.wait(Retry::new(Peer::Iam, failed, pause)).await;
            attempts += 1;
            result = self.within_time(again()).await;
        }
    }

    /// The result of a request, unless the time of the call is up before.
    async fn within_time<T>(
        &self,
        request: impl Future<Output = Result<T, CredentialsError>>,
    ) -> Result<T, CredentialsError> {
        let left = self.shared.left(self.deadline);
        match tokio::time::timeout(left, pin!(request)).await {
            Ok(result) => result,
            Err(_) if self.shared.credentials.is_provider() => Err(CredentialsError::timed_out()),
            Err(_) => Err(iam::timed_out(&self.shared.provider_context)),
        }
    }

    /// The pause before another request, or `None` if there is none.
    fn pause(&self, attempts: u32, error: &CredentialsError) -> Option<Duration> {
        if !error.is_retryable() {
            return None;
        }
        let asked = error.retry_after();
        self.shared.pause_before_retry(self.policy, attempts, asked, self.deadline)
    }
}
