//! Huawei's Identity and Access Management, as far as a client needs it: a login
//! with a password, and the project of a region.
//!
//! Source: IAM's API reference, "Obtaining a User Token Through Password
//! Authentication" and "Querying Project Information".

mod answer;
pub(crate) mod flight;
mod login;
mod session;
#[cfg(test)]
pub(crate) mod testing;

use std::time::Duration;

use reqwest::{Method, Request, Url};

use crate::auth::{CredentialsError, Surroundings};
use crate::http::{Received, response};

pub(crate) use self::answer::refusal;
pub use self::login::PasswordLogin;
pub(crate) use self::session::Session;

/// How long one request to IAM may take, to the last byte of its answer.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How large an answer may be. A token's roles and a project list are some
/// kilobytes.
const SIZE_LIMIT: usize = 1 << 20;

/// A request to that path of IAM.
pub(crate) fn request(
    surroundings: &Surroundings,
    method: Method,
    path: &str,
) -> Result<Request, CredentialsError> {
    let endpoint = surroundings.iam_endpoint();
    let url = Url::parse(&format!("{endpoint}{path}")).map_err(|source| {
        CredentialsError::new(format!("`{}` is not an address of IAM", endpoint.escape_debug()))
            .help("give one such as `https://iam.example.com`")
            .caused_by(source)
    })?;
    Ok(Request::new(method, url))
}

/// Sends a request and takes its answer, whatever it is, within the limits of
/// time and size. `what` begins the sentence if there is none.
pub(crate) async fn exchange(
    surroundings: &Surroundings,
    mut request: Request,
    what: &str,
    time_limit: Duration,
) -> Result<Received, CredentialsError> {
    *request.timeout_mut() = Some(time_limit);
    let failed = |source: reqwest::Error| {
        let endpoint = surroundings.iam_endpoint();
        let reason = if source.is_timeout() {
            "did not answer in time"
        } else if source.is_connect() {
            "cannot be connected to"
        } else {
            "did not answer"
        };
        CredentialsError::unanswered(format!("{what}: IAM at {endpoint} {reason}"), source)
    };
    let exchange = response::exchange(surroundings.http(), request, SIZE_LIMIT);
    let received = exchange.await.map_err(failed)?;
    if received.truncated && received.status.is_success() {
        return Err(CredentialsError::new(format!(
            "{what}: the answer of IAM is larger than 1 MiB"
        )));
    }
    Ok(received)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use scripted_server::{ClosedPort, ScriptedServer, Step};

    use super::testing::{answer, http, surroundings};
    use super::*;

    async fn asked(endpoint: &str, time_limit: Duration) -> Result<Received, CredentialsError> {
        let surroundings = surroundings(endpoint).0;
        let request = request(&surroundings, Method::GET, "/v3/projects").unwrap();
        exchange(&surroundings, request, "asking", time_limit).await
    }

    #[tokio::test]
    async fn an_answer_that_does_not_come_is_told_by_its_kind() {
        let server = ScriptedServer::always(Step::Stall).await.unwrap();
        let error = asked(&server.endpoint(), Duration::from_millis(20)).await.unwrap_err();
        assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
        let expected = format!("asking: IAM at {} did not answer in time", server.endpoint());
        assert_eq!(error.to_string(), expected);

        let closed = ClosedPort::take().unwrap();
        let error = asked(&closed.endpoint().unwrap(), TIME_LIMIT).await.unwrap_err();
        assert!(error.is_connect() && error.is_retryable(), "{error:?}");

        let cut = ScriptedServer::scripted(|_| Step::ReadThenClose).await.unwrap();
        let error = asked(&cut.endpoint(), TIME_LIMIT).await.unwrap_err();
        assert!(!error.is_connect() && error.is_retryable(), "{error:?}");
    }

    #[tokio::test]
    async fn answers_are_bounded() {
        let server =
            ScriptedServer::scripted(|_| answer(200, "x".repeat(SIZE_LIMIT))).await.unwrap();
        assert_eq!(asked(&server.endpoint(), TIME_LIMIT).await.unwrap().body.len(), SIZE_LIMIT);
        let server =
            ScriptedServer::scripted(|_| answer(200, "x".repeat(SIZE_LIMIT + 1))).await.unwrap();
        let error = asked(&server.endpoint(), TIME_LIMIT).await.unwrap_err();
        assert_eq!(error.to_string(), "asking: the answer of IAM is larger than 1 MiB");
    }

    #[test]
    fn an_address_that_is_none_is_said() {
        let surroundings = Surroundings::new(http()).with_iam_endpoint("not an address");
        let error = request(&surroundings, Method::GET, "/v3").unwrap_err();
        assert!(error.to_string().starts_with("`not an address` is not an address of IAM"));
    }
}
