//! Calls over TLS to a server with a certificate of the test's own authority, for
//! whichever implementation the client is built with:
//!
//! ```text
//! cargo test -p dbss-client --no-default-features --features native-tls --test tls
//! ```

#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(deprecated, reason = "StopAuditInstance is one of the two documented operations")]

#[cfg(any(feature = "rustls", feature = "rustls-aws-lc", feature = "native-tls"))]
mod authorities;
#[cfg(all(any(feature = "rustls", feature = "rustls-aws-lc"), not(feature = "native-tls")))]
mod failures;
mod server;

use dbss_client::{Client, ClientBuilder, Credentials};

#[cfg(any(feature = "rustls", feature = "rustls-aws-lc", feature = "native-tls"))]
use self::server::listen;
use self::server::{authority, https, plain};

const INSTANCE: &str = "1d07f606-92d2-441c-b05c-dca47e180552";
fn builder(endpoint: impl Into<String>) -> ClientBuilder {
    Client::builder()
        .endpoint(endpoint)
        .credentials(Credentials::token("a token"))
        .project_id("0123456789abcdef0123456789abcdef")
}

#[tokio::test]
async fn calls_loopback_over_http_without_tls() {
    let client = builder(format!("http://{}", plain().await)).build().unwrap();
    let done = client.stop_audit_instance().instance_id(INSTANCE).await.unwrap();
    assert_eq!(done.value().result.as_deref(), Some("success"));
}

#[cfg(any(feature = "rustls", feature = "rustls-aws-lc", feature = "native-tls"))]
mod with_tls {
    use dbss_client::ErrorKind;

    use super::*;

    #[tokio::test]
    async fn accepts_certificate_of_trusted_authority() {
        let authority = authority("one");
        let endpoint = format!("https://{}", https(&authority).await);
        let client = builder(endpoint).ca_certificate(authority.pem).build().unwrap();
        let done = client.stop_audit_instance().instance_id(INSTANCE).await.unwrap();
        assert_eq!(done.value().result.as_deref(), Some("success"));
    }

    #[tokio::test]
    async fn accepts_each_authority_of_a_bundle() {
        let (one, other) = (authority("one"), authority("other"));
        let endpoint = format!("https://{}", https(&other).await);
        let bundle = format!("{}{}", one.pem, other.pem);
        let client = builder(endpoint).ca_certificate(bundle).build().unwrap();
        assert!(client.stop_audit_instance().instance_id(INSTANCE).await.is_ok());
    }

    #[tokio::test]
    async fn reports_tls_error_for_unknown_authority() {
        let endpoint = format!("https://{}", https(&authority("one")).await);
        assert_tls_failure(builder(endpoint)).await;
    }

    #[tokio::test]
    async fn reports_tls_error_for_another_authority() {
        let endpoint = format!("https://{}", https(&authority("one")).await);
        assert_tls_failure(builder(endpoint).ca_certificate(authority("another").pem)).await;
    }

    #[tokio::test]
    async fn reports_tls_error_for_certificate_of_another_host() {
        let authority = authority("one");
        let endpoint = format!("https://localhost:{}", https(&authority).await.port());
        assert_tls_failure(builder(endpoint).ca_certificate(authority.pem)).await;
    }

    #[tokio::test]
    async fn reports_tls_error_for_server_without_tls() {
        let endpoint = format!("https://{}", plain().await);
        assert_tls_failure(builder(endpoint)).await;
    }

    #[tokio::test]
    async fn reports_connect_error_for_closed_port() {
        let (listener, address) = listen().await;
        drop(listener);
        let client = builder(format!("https://{address}"))
            .retry(dbss_client::RetryPolicy::none())
            .build()
            .unwrap();
        let error = client.stop_audit_instance().instance_id(INSTANCE).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    }

    #[test]
    fn rejects_invalid_ca_certificates() {
        for pem in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let error = builder("https://127.0.0.1").ca_certificate(pem).build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert_eq!(error.problems().first().unwrap().field(), "ca_certificate", "{pem:?}");
        }
    }

    /// Fails with a TLS error at the first attempt, which is not retried.
    async fn assert_tls_failure(builder: ClientBuilder) {
        let client = builder.build().unwrap();
        let error = client.stop_audit_instance().instance_id(INSTANCE).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
        assert_eq!(error.attempts(), 1);
        assert!(!error.may_have_reached_service());
        assert!(!error.is_retryable());
    }
}

#[cfg(not(any(feature = "rustls", feature = "rustls-aws-lc", feature = "native-tls")))]
mod without_tls {
    use dbss_client::ErrorKind;

    use super::*;

    #[test]
    fn rejects_https_without_tls_when_client_is_built() {
        for endpoint in ["https://127.0.0.1", "HTTPS://dbss.example.com"] {
            let error = builder(endpoint).build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().contains("`rustls-aws-lc`"), "{error}");
            assert_eq!(error.problems().first().unwrap().field(), "endpoint");
        }
        assert!(Client::builder().region("cn-north-4").build().is_err());
    }

    #[test]
    fn accepts_https_with_custom_http_client() {
        let own = reqwest::Client::new();
        assert!(builder("https://127.0.0.1").http_client(own).build().is_ok());
    }

    #[tokio::test]
    async fn rejects_ca_certificate_without_tls() {
        let endpoint = format!("https://{}", https(&authority("one")).await);
        let error = builder(endpoint).ca_certificate(authority("another").pem).build().unwrap_err();
        let fields: Vec<_> = error.problems().iter().map(dbss_client::Problem::field).collect();
        assert_eq!(fields, ["ca_certificate", "endpoint"]);
    }
}
