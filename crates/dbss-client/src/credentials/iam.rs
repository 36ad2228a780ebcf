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

use bytes::Bytes;
use reqwest::{Method, Request, Url};

use crate::auth::{CredentialsError, ProviderContext};
use crate::http::{Authority, Handover, Peer, RawResponse, Target, TransportFailure, response};
use crate::text;

pub(crate) use self::error_response::error_response;
pub use self::login::PasswordLogin;
pub(crate) use self::session::Session;

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
        let shown = text::without_login(endpoint);
        CredentialsError::new(format!("`{}` is not an address of IAM", text::escaped(&shown)))
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
    body: Bytes,
    what: &str,
) -> Result<RawResponse, CredentialsError> {
    *request.timeout_mut() = Some(context.request_timeout());
    let handover = Handover::default();
    *request.body_mut() = Some(handover.body(body));
    let at = Authority::of(request.url());
    let send = response::send(context.http(), request, SIZE_LIMIT);
    let (response, _) = send.await.map_err(|source| {
        let failure = TransportFailure::new(&source, &handover, target(context, &at));
        CredentialsError::no_response(what, failure, Some(source))
    })?;
    if response.truncated && response.status.is_success() {
        return Err(CredentialsError::new(format!(
            "{what}: the response of IAM is larger than 1 MiB"
        )));
    }
    Ok(response)
}

/// The time limit of a call passed while IAM had not responded.
pub(crate) fn timed_out(context: &ProviderContext) -> CredentialsError {
    let what = "no credentials within the time limit of the call";
    match Authority::parse(context.iam_endpoint()) {
        Some(at) => {
            let failure = TransportFailure::timed_out(&target(context, &at));
            CredentialsError::no_response(what, failure, None)
        }
        None => CredentialsError::timed_out(),
    }
}

fn target<'a>(context: &'a ProviderContext, at: &'a Authority) -> Target<'a> {
    let proxy = context.proxy_of(context.iam_endpoint()).map(|(_, proxy)| proxy);
    Target { peer: Peer::Iam, at, proxy }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::time::Duration;

    use scripted_server::{ClosedPort, ScriptedServer, Step};

    use super::testing::{context, http, respond};
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    async fn asked(endpoint: &str, time_limit: Duration) -> Result<RawResponse, CredentialsError> {
        let context = context(endpoint).0.with_request_timeout(time_limit);
        let request = request(&context, Method::GET, "/v3/projects").unwrap();
        send(&context, request, Bytes::new(), "asking").await
    }

    #[tokio::test]
    async fn classifies_missing_iam_responses() {
        let server = ScriptedServer::always(Step::Stall).await.unwrap();
        let error = asked(&server.endpoint(), Duration::from_millis(500)).await.unwrap_err();
        assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
        let at = server.endpoint().replace("http://", "");
        let expected = format!("asking: no response from IAM at {at} within the time limit");
        assert_eq!(error.to_string(), expected);

        let closed = ClosedPort::reserve().unwrap();
        let error = asked(&closed.endpoint().unwrap(), LONG).await.unwrap_err();
        assert!(error.is_connect() && error.is_retryable(), "{error:?}");

        let cut = ScriptedServer::with_script(|_| Step::ReadThenClose).await.unwrap();
        let error = asked(&cut.endpoint(), LONG).await.unwrap_err();
        assert!(!error.is_connect() && error.is_retryable(), "{error:?}");
    }

    #[tokio::test]
    async fn limits_size_of_iam_responses() {
        let server =
            ScriptedServer::with_script(|_| respond(200, "x".repeat(SIZE_LIMIT))).await.unwrap();
        assert_eq!(asked(&server.endpoint(), LONG).await.unwrap().body.len(), SIZE_LIMIT);
        let server = ScriptedServer::with_script(|_| respond(200, "x".repeat(SIZE_LIMIT + 1)))
            .await
            .unwrap();
        let error = asked(&server.endpoint(), LONG).await.unwrap_err();
        assert_eq!(error.to_string(), "asking: the response of IAM is larger than 1 MiB");
    }

    #[test]
    fn rejects_invalid_iam_endpoint() {
        let context = ProviderContext::new(http()).with_iam_endpoint("not an address");
        let error = request(&context, Method::GET, "/v3").unwrap_err();
        assert!(error.to_string().starts_with("`not an address` is not an address of IAM"));
    }
}
