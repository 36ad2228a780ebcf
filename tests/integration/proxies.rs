//! Which requests go through a proxy, and what a proxy gets to see of them.

use dbss_client::types::AuditScopeStatus;
use dbss_client::{
    Client, ClientBuilder, Credentials, Error, ErrorKind, PasswordLogin, RetryPolicy,
};
use dbss_tests::calls::{INSTANCE, PROJECT, TOKEN};
use scripted_server::{CannedResponse, ScriptedServer, Step};

/// An endpoint that is nowhere: only a proxy can be asked for it.
const HTTPS: &str = "https://dbss.example.com";
const HTTP: &str = "http://dbss.example.com";

fn builder(endpoint: impl Into<String>) -> ClientBuilder {
    Client::builder()
        .endpoint(endpoint)
        .credentials(Credentials::token(TOKEN))
        .project_id(PROJECT)
        .retry(RetryPolicy::none())
}

async fn call(client: &Client) -> Result<(), Error> {
    let call = client.set_audit_scope_rule_switch().instance_id(INSTANCE);
    call.ids(["a-scope"]).status(AuditScopeStatus::Off).await.map(drop)
}

async fn succeeding() -> ScriptedServer {
    let success = CannedResponse::new(200, r#"{"status":"SUCCESS"}"#);
    ScriptedServer::always(Step::Respond(success)).await.unwrap()
}

/// A proxy that opens no tunnel.
async fn refusing() -> ScriptedServer {
    ScriptedServer::always(Step::Respond(CannedResponse::new(502, ""))).await.unwrap()
}

#[tokio::test]
async fn sends_calls_and_logins_to_loopback_directly() {
    let proxy = refusing().await;
    let service = succeeding().await;
    let port = service.endpoint().rsplit(':').next().unwrap().to_owned();
    for endpoint in [service.endpoint(), format!("http://localhost:{port}")] {
        let client = builder(endpoint.as_str()).proxy(proxy.endpoint());
        call(&client.clone().build().unwrap()).await.unwrap();
        call(&client.allow_plain_http().build().unwrap()).await.unwrap();
        let login = Credentials::iam_password(PasswordLogin::new("account", "user", "s3cret"));
        let client = builder(HTTPS).proxy(proxy.endpoint()).credentials(login);
        let error = call(&client.iam_endpoint(endpoint).build().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
    }
    assert_eq!((proxy.arrivals(), service.request_count()), (0, 6));
}

#[tokio::test]
async fn sends_no_credentials_to_a_proxy_in_clear() {
    let proxy = refusing().await;
    let error = builder(HTTP).proxy(proxy.endpoint()).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("in clear text"), "{error}");

    let client = builder(HTTPS).proxy(proxy.endpoint()).build().unwrap();
    assert_eq!(call(&client).await.unwrap_err().kind(), ErrorKind::Connect);
    let requests = proxy.requests();
    let [request] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!(request.line(), "CONNECT dbss.example.com:443 HTTP/1.1");
    assert!(!format!("{request:?}").contains(TOKEN), "{request:?}");
}

#[tokio::test]
async fn sends_plain_http_through_the_proxy_when_asked_by_name() {
    let proxy = succeeding().await;
    let client = builder(HTTP).proxy(proxy.endpoint()).allow_plain_http().build().unwrap();
    call(&client).await.unwrap();
    let line = proxy.requests()[0].line();
    assert!(line.starts_with("POST http://dbss.example.com/"), "{line}");
}

#[tokio::test]
async fn accepts_a_proxy_without_scheme_and_sends_its_password_to_it_alone() {
    let proxy = refusing().await;
    let address = proxy.endpoint().replace("http://", "user:s3cret@");
    let client = builder(HTTPS).proxy(address).build().unwrap();
    let error = call(&client).await.unwrap_err();
    assert!(!format!("{error} {error:?} {client:?}").contains("s3cret"), "{error:?}");
    let requests = proxy.requests();
    assert_eq!(requests[0].header("proxy-authorization"), Some("Basic dXNlcjpzM2NyZXQ="));
}

#[test]
fn rejects_proxies_that_cannot_be_used() {
    for (address, expected) in [
        ("socks5://user:s3cret@proxy.example.com:1080", "SOCKS"),
        ("socks5h://proxy.example.com", "SOCKS"),
        ("SOCKS4://proxy.example.com", "SOCKS"),
        ("socks4a://proxy.example.com", "SOCKS"),
        ("ftp://user:s3cret@proxy.example.com", "has the scheme `ftp`"),
        ("http://user:s3cret@", "is not a URL"),
        ("http://user:s3cret@proxy.example.com:port", "is not a URL"),
        ("", "is not a URL"),
        ("http://", "is not a URL"),
        ("http://user:12/s3cret@proxy.example.com:3128", "has a path, a query or a fragment"),
        ("http://user:12#s3cret@proxy.example.com:3128", "has a path, a query or a fragment"),
        ("http://proxy.example.com:3128/?token=s3cret", "has a path, a query or a fragment"),
    ] {
        // Whether it would be used or not.
        for endpoint in [HTTPS, "http://127.0.0.1:9"] {
            let builder = builder(endpoint).proxy(address);
            let printed = format!("{builder:?}");
            let error = builder.build().expect_err(address);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{address}: {error}");
            let problem = &error.problems()[0];
            assert_eq!(problem.field(), "proxy", "{address}: {error}");
            assert!(error.to_string().contains(expected), "{address}: {error}");
            assert!(!format!("{error} {error:?} {printed}").contains("s3cret"), "{error:?}");
        }
    }
}
