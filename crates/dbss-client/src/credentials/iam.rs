//! Huawei's Identity and Access Management: login with a password, and the project of a
//! region.
//!
//! Source: IAM's API reference, "Obtaining a User Token Through Password
//! Authentication" and "Querying Project Information".

mod error_response;
mod login;
mod session;
pub(crate) mod single_flight;
#[cfg(test)]
pub(crate) mod testing;

use std::time::Duration;

use reqwest::{Method, Request, Url};

use crate::auth::{CredentialsError, ProviderContext};
use crate::http::{RawResponse, response};

pub(crate) use self::error_response::error_response;
pub use self::login::PasswordLogin;
pub(crate) use self::session::Session;

/// Timeout of a request to IAM, up to the last byte of the response.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Limit of the size of a response, in bytes. The roles of a token and a list of projects
/// take some kilobytes.
const SIZE_LIMIT: usize = 1 << 20;

/// A request to that path of IAM.
pub(crate) fn request(
    context: &ProviderContext,
    method: Method,
    path: &str,
) -> Result<Request, CredentialsError> {
    let endpoint = context.iam_endpoint();
    let url = Url::parse(&format!("{endpoint}{path}")).map_err(|source| {
        CredentialsError::new(format!("`{}` is not an address of IAM", endpoint.escape_debug()))
            .help("give one such as `https://iam.example.com`")
            .with_source(source)
    })?;
    Ok(Request::new(method, url))
}

/// Sends a request and reads the response, whatever its status, within the limits of time
/// and size. `what` begins the error message.
pub(crate) async fn send(
    context: &ProviderContext,
    mut request: Request,
    what: &str,
    time_limit: Duration,
) -> Result<RawResponse, CredentialsError> {
    *request.timeout_mut() = Some(time_limit);
    let failed = |source: reqwest::Error| {
        let endpoint = context.iam_endpoint();
        let reason = if source.is_timeout() {
            "did not respond in time"
        } else if source.is_connect() {
            "cannot be connected to"
        } else {
            "did not respond"
        };
        CredentialsError::no_response(format!("{what}: IAM at {endpoint} {reason}"), source)
    };
    let send = response::send(context.http(), request, SIZE_LIMIT);
    let response = send.await.map_err(failed)?;
    if response.truncated && response.status.is_success() {
        return Err(CredentialsError::new(format!(
            "{what}: the response of IAM is larger than 1 MiB"
        )));
    }
    Ok(response)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use scripted_server::{ClosedPort, ScriptedServer, Step};

    use super::testing::{context, http, respond};
    use super::*;

    async fn asked(endpoint: &str, time_limit: Duration) -> Result<RawResponse, CredentialsError> {
        let context = context(endpoint).0;
        let request = request(&context, Method::GET, "/v3/projects").unwrap();
        send(&context, request, "asking", time_limit).await
    }

    #[tokio::test]
    async fn classifies_missing_iam_responses() {
        let server = ScriptedServer::always(Step::Stall).await.unwrap();
        let error = asked(&server.endpoint(), Duration::from_millis(20)).await.unwrap_err();
        assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
        let expected = format!("asking: IAM at {} did not respond in time", server.endpoint());
        assert_eq!(error.to_string(), expected);

        let closed = ClosedPort::reserve().unwrap();
        let error = asked(&closed.endpoint().unwrap(), TIME_LIMIT).await.unwrap_err();
        assert!(error.is_connect() && error.is_retryable(), "{error:?}");

        let cut = ScriptedServer::with_script(|_| Step::ReadThenClose).await.unwrap();
        let error = asked(&cut.endpoint(), TIME_LIMIT).await.unwrap_err();
        assert!(!error.is_connect() && error.is_retryable(), "{error:?}");
    }

    #[tokio::test]
    async fn limits_size_of_iam_responses() {
        let server =
            ScriptedServer::with_script(|_| respond(200, "x".repeat(SIZE_LIMIT))).await.unwrap();
        assert_eq!(asked(&server.endpoint(), TIME_LIMIT).await.unwrap().body.len(), SIZE_LIMIT);
        let server = ScriptedServer::with_script(|_| respond(200, "x".repeat(SIZE_LIMIT + 1)))
            .await
            .unwrap();
        let error = asked(&server.endpoint(), TIME_LIMIT).await.unwrap_err();
        assert_eq!(error.to_string(), "asking: the response of IAM is larger than 1 MiB");
    }

    #[test]
    fn rejects_invalid_iam_endpoint() {
        let context = ProviderContext::new(http()).with_iam_endpoint("not an address");
        let error = request(&context, Method::GET, "/v3").unwrap_err();
        assert!(error.to_string().starts_with("`not an address` is not an address of IAM"));
    }
}
