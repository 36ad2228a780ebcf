//! What a web page in a browser on the same machine can do: nothing.

use std::net::SocketAddr;

use crate::common::{get, send, send_raw, try_send, with_token};
use dbss_emulator::{Emulator, Task};
use http::Request;
use serde_json::json;

#[tokio::test]
async fn rejects_hosts_that_are_neither_loopback_nor_its_own_address() {
    let emulator = Emulator::start().await.unwrap();
    let port = emulator.address().port();
    for (host, status) in [
        ("evil.example".to_owned(), 421),
        (format!("evil.example:{port}"), 421),
        ("localhost.evil.example".to_owned(), 421),
        ("127.0.0.1.evil.example".to_owned(), 421),
        ("192.0.2.1".to_owned(), 421),
        ("[2001:db8::1]".to_owned(), 421),
        (String::new(), 400),
        ("user@127.0.0.1".to_owned(), 400),
        ("127.0.0.1:99999".to_owned(), 400),
        ("127.0.0.1/x".to_owned(), 400),
        ("localhost".to_owned(), 200),
        (format!("LocalHost.:{port}"), 200),
        ("127.0.0.2:1".to_owned(), 200),
        ("[::1]".to_owned(), 200),
        (emulator.address().to_string(), 200),
    ] {
        for path in ["/_emulator", "/_emulator/state", "/v3/projects"] {
            let request = with_token(Request::get(path), emulator.token()).header("host", &host);
            let response = send(&emulator, request.body(String::new()).unwrap()).await;
            assert_eq!(response.status, status, "{host} {path}: {}", response.text());
            assert_eq!(response.header("x-request-id").len(), 32);
        }
    }
    let state = Request::delete("/_emulator/state").header("host", "evil.example");
    assert_eq!(send(&emulator, state.body(String::new()).unwrap()).await.status, 421);
    let recorded = emulator.requests();
    assert!(recorded.iter().any(|request| request.status == Some(421)));
}

#[tokio::test]
async fn rejects_missing_and_doubled_hosts() {
    let emulator = Emulator::start().await.unwrap();
    let own = emulator.address();
    for path in ["/v3/projects", "/_emulator"] {
        for (head, status) in [
            (format!("GET {path} HTTP/1.1\r\n"), "400"),
            (format!("GET {path} HTTP/1.0\r\n"), "400"),
            (format!("GET {path} HTTP/1.1\r\nhost: {own}\r\nhost: {own}\r\n"), "400"),
            (format!("GET {path} HTTP/1.1\r\nhost: {own}\r\nHost: evil.example\r\n"), "400"),
            (format!("GET http://evil.example{path} HTTP/1.1\r\nhost: {own}\r\n"), "421"),
        ] {
            let response = send_raw(&emulator, &format!("{head}connection: close\r\n\r\n")).await;
            let given = response.split(' ').nth(1);
            assert_eq!(given, Some(status), "{head}: {response}");
        }
    }
}

#[tokio::test]
async fn accepts_names_that_were_allowed() {
    let emulator = Emulator::builder().allow_host("emulator.Test").start().await.unwrap();
    for (host, status) in [("emulator.test:80", 200), ("Emulator.test", 200), ("test", 421)] {
        let request = Request::get("/_emulator").header("host", host);
        let response = send(&emulator, request.body(String::new()).unwrap()).await;
        assert_eq!(response.status, status, "{host}");
    }
}

#[tokio::test]
async fn accepts_any_address_when_it_listens_on_all_interfaces() {
    let all = SocketAddr::from(([0, 0, 0, 0], 0));
    let emulator = Emulator::builder().address(all).admin(true).start().await.unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], emulator.address().port()));
    for (host, status) in [("192.0.2.1:80", 200), ("[2001:db8::1]", 200), ("evil.example", 421)] {
        let request = Request::get("/_emulator").header("host", host);
        let response = try_send(address, request.body(String::new()).unwrap()).await.unwrap();
        assert_eq!(response.status, status, "{host}");
    }
}

#[tokio::test]
async fn takes_only_json_so_that_no_page_can_lock_a_user_out() {
    let emulator = Emulator::start().await.unwrap();
    let login = |password: &str| {
        json!({"auth": {"identity": {"methods": ["password"], "password": {"user": {
            "name": "dbss-operator", "password": password, "domain": {"name": "dbss-account"},
        }}}}})
        .to_string()
    };
    for content_type in
        [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("text/json")]
    {
        for _ in 0..6 {
            let mut request = Request::post("/v3/auth/tokens");
            if let Some(content_type) = content_type {
                request = request.header("content-type", content_type);
            }
            let response = send(&emulator, request.body(login("wrong")).unwrap()).await;
            assert_eq!(response.status, 400, "{content_type:?}");
        }
    }
    let request = Request::post("/v3/auth/tokens").header("content-type", "application/json");
    let response = send(&emulator, request.body(login("local-password-1")).unwrap()).await;
    assert_eq!(response.status, 201, "the user is not locked");
    assert_eq!(emulator.instance(emulator.instance_id()).unwrap().task, Task::None);
    // Nor may a page ask whether it may send JSON.
    for path in ["/v3/auth/tokens", "/_emulator/faults", "/_emulator/state"] {
        let preflight = Request::options(path)
            .header("origin", "http://evil.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type");
        let response = send(&emulator, preflight.body(String::new()).unwrap()).await;
        assert_eq!(response.status, 405, "{path}");
        assert!(response.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
    }
    assert_eq!(get(&emulator, "/_emulator/faults").await.json(), json!({"faults": []}));
}
