//! Which requests go through a proxy, and what a proxy gets to see of them.

use std::io::Write as _;

use dbss_client::types::AuditScopeStatus;
use dbss_client::{
    Client, ClientBuilder, Credentials, Error, ErrorKind, PasswordLogin, RetryPolicy,
};
use dbss_tests::alone;
use dbss_tests::calls::{INSTANCE, PROJECT, TOKEN};
use scripted_server::{CannedResponse, ScriptedServer, Step};

/// An endpoint that is nowhere: only a proxy can be asked for it.
const HTTPS: &str = "https://dbss.example.com";
const HTTP: &str = "http://dbss.example.com";

/// All variables that could be set on the machine of the test.
const VARIABLES: [&str; 9] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "REQUEST_METHOD",
];

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
    assert_eq!(client.proxy().as_deref(), Some(proxy.endpoint().as_str()));
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
            let error = builder.build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{address}: {error}");
            let problem = &error.problems()[0];
            assert_eq!(problem.field(), "proxy", "{address}: {error}");
            assert!(error.to_string().contains(expected), "{address}: {error}");
            assert!(!format!("{error} {error:?} {printed}").contains("s3cret"), "{error:?}");
        }
    }
}

#[test]
fn rejects_proxy_settings_beside_a_custom_http_client() {
    // What the process has already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let own = reqwest::Client::builder().no_proxy().build().unwrap();
    for client in
        [builder(HTTPS).proxy("proxy.example.com"), builder(HTTPS).proxy_from_environment()]
    {
        let error = client.http_client(own.clone()).build().unwrap_err();
        assert!(error.to_string().contains("cannot be set together with `http_client`"), "{error}");
    }
}

/// An endpoint, variables, and how many requests come to the proxy.
type InEnvironment<'a> = (&'a str, Vec<(&'static str, String)>, usize);

/// What a process with some variables does: it prints what became of it.
fn in_environment(test: &str, variables: &[(&str, String)]) -> String {
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    alone::printed(&format!("proxies::{test}"), &VARIABLES, &variables)
}

/// Makes a call to an address, which it reads from the environment, and prints the error of
/// building the client, or the proxy of the client and what became of the call.
async fn call_in_environment() {
    let mut client = builder(std::env::var("TEST_ENDPOINT").unwrap());
    if let Ok(iam) = std::env::var("TEST_IAM") {
        let login = Credentials::iam_password(PasswordLogin::new("account", "user", "s3cret"));
        client = client.credentials(login).iam_endpoint(iam);
    }
    if let Ok(proxy) = std::env::var("TEST_PROXY") {
        client = client.proxy(proxy);
    }
    if std::env::var_os("TEST_PLAIN_HTTP").is_some() {
        client = client.allow_plain_http();
    }
    if std::env::var_os("TEST_UNASKED").is_none() {
        client = client.proxy_from_environment();
    }
    let printed = match client.build() {
        Ok(client) => {
            // Nothing leaves this machine.
            let here = client.endpoint().contains("127.0.0.1");
            let outcome = if here || client.proxy().is_some() {
                call(&client).await.map_err(|error| error.to_string())
            } else {
                Ok(())
            };
            format!("proxy: {:?}, outcome: {outcome:?}", client.proxy())
        }
        Err(error) => format!("refused: {error}"),
    };
    let _ = writeln!(std::io::stdout(), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_proxies_of_the_environment_when_asked() {
    if alone::is_child() {
        return call_in_environment().await;
    }
    let proxy = succeeding().await;
    let other = succeeding().await;
    let loopback = succeeding().await;
    let (of, not, direct) = (proxy.endpoint(), other.endpoint(), loopback.endpoint());
    let none = String::new;
    let is = |text: &str| text.to_owned();
    let cases: Vec<InEnvironment<'_>> = vec![
        (HTTPS, vec![("HTTPS_PROXY", of.clone())], 1),
        (HTTPS, vec![("https_proxy", of.clone())], 1),
        (HTTPS, vec![("ALL_PROXY", of.clone())], 1),
        (HTTPS, vec![("all_proxy", of.replace("http://", ""))], 1),
        (HTTPS, vec![("HTTPS_PROXY", none()), ("https_proxy", of.clone())], 1),
        (HTTPS, vec![("HTTPS_PROXY", none()), ("ALL_PROXY", of.clone())], 1),
        (HTTPS, vec![("HTTPS_PROXY", of.clone()), ("ALL_PROXY", not.clone())], 1),
        // What is not for this address does not matter, however wrong it is.
        (
            HTTPS,
            vec![("HTTPS_PROXY", of.clone()), ("ALL_PROXY", is("socks5://proxy.example.com"))],
            1,
        ),
        (
            HTTPS,
            vec![("HTTPS_PROXY", of.clone()), ("NO_PROXY", is("example.org, notdbss.example.com"))],
            1,
        ),
        (HTTPS, vec![("HTTPS_PROXY", of.clone()), ("TEST_UNASKED", is("1"))], 0),
        (HTTPS, vec![("HTTP_PROXY", of.clone())], 0),
        (HTTPS, vec![("HTTPS_PROXY", of.clone()), ("NO_PROXY", is("dbss.example.com"))], 0),
        (HTTPS, vec![("HTTPS_PROXY", of.clone()), ("no_proxy", is("localhost,.EXAMPLE.com"))], 0),
        (HTTPS, vec![("HTTPS_PROXY", of.clone()), ("NO_PROXY", is("localhost example.com"))], 0),
        (HTTPS, vec![("HTTPS_PROXY", of.clone()), ("NO_PROXY", is("*"))], 0),
        ("https://192.0.2.1", vec![("HTTPS_PROXY", of.clone()), ("NO_PROXY", is("*"))], 0),
        (
            "https://192.0.2.1",
            vec![("HTTPS_PROXY", of.clone()), ("NO_PROXY", is("192.0.2.0/24"))],
            0,
        ),
        (
            "https://[2001:db8::1]",
            vec![("HTTPS_PROXY", of.clone()), ("NO_PROXY", is("[2001:db8::1]"))],
            0,
        ),
        (
            &direct,
            vec![("HTTP_PROXY", of.clone()), ("HTTPS_PROXY", is("socks5://proxy.example.com"))],
            0,
        ),
        (HTTP, vec![("http_proxy", of.clone()), ("TEST_PLAIN_HTTP", is("1"))], 1),
        (HTTP, vec![("ALL_PROXY", of.clone()), ("TEST_PLAIN_HTTP", is("1"))], 1),
        (HTTP, vec![("HTTP_PROXY", of.clone())], 0),
        // The server of a CGI program sets this from a header of whoever calls it.
        (
            HTTP,
            vec![
                ("HTTP_PROXY", of.clone()),
                ("REQUEST_METHOD", is("GET")),
                ("TEST_PLAIN_HTTP", is("1")),
            ],
            0,
        ),
        // As curl: the given proxy wins, and `NO_PROXY` applies.
        (HTTPS, vec![("HTTPS_PROXY", not.clone()), ("TEST_PROXY", of.clone())], 1),
        (HTTPS, vec![("NO_PROXY", is("example.com")), ("TEST_PROXY", of.clone())], 0),
    ];
    for (endpoint, mut variables, expected) in cases {
        let before = proxy.request_count();
        let shown = format!("{endpoint} {variables:?}");
        variables.push(("TEST_ENDPOINT", endpoint.to_owned()));
        let printed = tokio::task::spawn_blocking(move || {
            in_environment("takes_proxies_of_the_environment_when_asked", &variables)
        });
        let printed = printed.await.unwrap();
        assert_eq!(proxy.request_count() - before, expected, "{shown}: {printed}");
        let said = printed.contains(&format!("proxy: Some({of:?})"));
        assert_eq!(said, expected > 0, "{shown}: {printed}");
    }
    assert_eq!(other.arrivals(), 0);
    assert_eq!(loopback.request_count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rejects_proxies_of_the_environment_by_the_name_of_the_variable() {
    if alone::is_child() {
        return call_in_environment().await;
    }
    for (variable, address, expected) in [
        (
            "HTTPS_PROXY",
            "socks5://user:s3cret@proxy.example.com",
            "refused: invalid input: `HTTPS_PROXY`",
        ),
        (
            "https_proxy",
            "http://user:s3cret@proxy.example.com:port",
            "refused: invalid input: `https_proxy` is not a URL",
        ),
        ("ALL_PROXY", "ftp://user:s3cret@proxy.example.com", "refused: invalid input: `ALL_PROXY`"),
        (
            "all_proxy",
            "socks5h://user:s3cret@proxy.example.com",
            "refused: invalid input: `all_proxy`",
        ),
    ] {
        let variables = vec![(variable, address.to_owned()), ("TEST_ENDPOINT", HTTPS.to_owned())];
        let test = "rejects_proxies_of_the_environment_by_the_name_of_the_variable";
        let printed = in_environment(test, &variables);
        assert!(printed.contains(expected), "{variable}: {printed}");
        assert!(!printed.contains("s3cret"), "{variable}: {printed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_the_proxy_that_a_login_went_through() {
    if alone::is_child() {
        return call_in_environment().await;
    }
    let proxy = refusing().await;
    let loopback = succeeding().await;
    let iam = "https://iam.example.com".to_owned();
    let variables = vec![
        ("HTTPS_PROXY", proxy.endpoint()),
        ("TEST_ENDPOINT", loopback.endpoint()),
        ("TEST_IAM", iam),
    ];
    let printed = tokio::task::spawn_blocking(move || {
        in_environment("names_the_proxy_that_a_login_went_through", &variables)
    });
    let printed = printed.await.unwrap();
    let at = proxy.endpoint().replace("http://", "");
    assert!(printed.contains(&format!("through the proxy at {at}")), "{printed}");
    assert!(printed.contains("proxy: None"), "{printed}");
}
