//! Limits hold on every route and on every branch.

use std::time::Duration;

use crate::common::{get, post, send, send_raw, stop_path, switch_path, try_send, with_token};
use dbss_emulator::{Emulator, Limits};
use http::Request;
use serde_json::json;

const MIB: usize = 1024 * 1024;

/// The largest request body that the gateway takes.
const LARGEST: usize = 12 * MIB;

/// One path of each kind, those of the admin path last.
fn paths(emulator: &Emulator) -> Vec<String> {
    let project = emulator.project_id();
    let mut paths = vec![
        stop_path(project),
        switch_path(project, emulator.instance_id()),
        "/v3/auth/tokens".to_owned(),
        "/v3/projects".to_owned(),
        "/x/auth/y".to_owned(),
        "/nowhere".to_owned(),
    ];
    for name in ["", "/state", "/requests", "/faults", "/clock"] {
        paths.push(format!("/_emulator{name}"));
    }
    paths
}

#[tokio::test]
async fn records_at_most_16_kib_of_each_body() {
    let emulator = Emulator::start().await.unwrap();
    let value = "x".repeat(MIB);
    for path in paths(&emulator) {
        for body in [json!({"auth": {"user": value}}), json!({"instance_id": value})] {
            send(&emulator, post(&emulator, &path, &body)).await;
        }
    }
    for request in emulator.requests() {
        assert!(request.body.len() <= 16 * 1024, "{} {}", request.path, request.body.len());
    }
}

#[tokio::test]
async fn drops_the_oldest_requests_beyond_the_byte_budget() {
    let mut limits = Limits::default();
    limits.recorded_bytes = 100_000;
    let emulator = Emulator::builder().limits(limits).start().await.unwrap();
    for number in 0..100 {
        get(&emulator, &format!("/{number}/{}", "x".repeat(5_000))).await;
    }
    let paths: Vec<_> = emulator.requests().into_iter().map(|request| request.path).collect();
    assert!((10..20).contains(&paths.len()), "{}", paths.len());
    assert!(paths.last().unwrap().starts_with("/99/"));
    let read = get(&emulator, "/_emulator/requests").await;
    assert!(read.body.len() < 120_000, "{}", read.body.len());
}

#[tokio::test]
async fn returns_413_with_an_id_when_an_admin_body_is_too_large() {
    let emulator = Emulator::start().await.unwrap();
    for path in ["/_emulator/faults", "/_emulator/clock"] {
        let body = json!({"kind": "response", "status": 200, "body": "x".repeat(MIB)});
        let response = send(&emulator, post(&emulator, path, &body)).await;
        assert_eq!(response.error(), (413, "APIGW.0201".to_owned()), "{path}");
        assert_eq!(response.header("x-request-id").len(), 32, "{path}");
    }
    assert!(emulator.faults().is_empty());
}

#[tokio::test]
async fn rejects_pending_faults_beyond_their_limits() {
    let emulator = Emulator::start().await.unwrap();
    let large = json!({"kind": "response", "status": 200, "body": "x".repeat(1_000_000)});
    let small = json!({"kind": "reset", "path": "/never"});
    for (fault, most) in [(large, 8), (small, 1_000)] {
        emulator.clear_faults();
        let mut added = 0;
        let rejected = loop {
            let response = send(&emulator, post(&emulator, "/_emulator/faults", &fault)).await;
            if response.status != 200 {
                break response;
            }
            added += 1;
            assert!(added <= most);
        };
        assert_eq!(rejected.error(), (400, "EMULATOR.0400".to_owned()));
        assert!(rejected.message().contains("pending"), "{}", rejected.message());
        assert_eq!(added, most);
    }
}

#[tokio::test]
async fn rejects_bodies_with_too_many_values() {
    let emulator = Emulator::start().await.unwrap();
    let many = format!("[{}0]", "0,".repeat(200_000));
    let bodies = [many.clone(), format!(r#"{{"ids":{many}}}"#), format!(r#"{{"auth":{many}}}"#)];
    for path in paths(&emulator).iter().take(3) {
        for body in &bodies {
            let request = with_token(Request::post(path), emulator.token());
            let response = send(&emulator, request.body(body.clone()).unwrap()).await;
            assert_eq!(response.status, 400, "{path}");
            let reason = response.header("x-dbss-emulator-reason");
            assert!(reason.contains("100,000 values"), "{path}: {reason}");
        }
    }
}

#[tokio::test]
async fn gives_an_id_to_what_is_answered_before_routing_and_records_it() {
    let emulator = Emulator::start().await.unwrap();
    let authority = emulator.address();
    for (text, status) in [
        ("GET / HTTP/1.1\r\nhost x\r\n\r\n".to_owned(), 400),
        (format!("POST / HTTP/1.1\r\nhost: {authority}\r\ncontent-length: -1\r\n\r\n"), 400),
        ("\x16\x03\x01\x02 TLS?\r\n\r\n".to_owned(), 400),
        (format!("GET /{} HTTP/1.1\r\nhost: {authority}\r\n\r\n", "x".repeat(70_000)), 414),
        (format!("GET / HTTP/1.1\r\nhost: {authority}\r\nx: {}\r\n\r\n", "x".repeat(200_000)), 431),
        (format!("GET / HTTP/1.1\r\nhost: {authority}\r\n{}\r\n", "x: y\r\n".repeat(200)), 431),
        // After a request that is well-formed, on the same connection.
        (format!("GET /a HTTP/1.1\r\nhost: {authority}\r\n\r\nnonsense\r\n\r\n"), 400),
    ] {
        emulator.clear_requests();
        let received = send_raw(&emulator, &text).await;
        let response = received.rsplit("HTTP/1.1 ").next().unwrap();
        let shown = text.get(..40).unwrap_or(&text);
        assert!(response.starts_with(&status.to_string()), "{shown}: {received}");
        let Some((head, body)) = response.split_once("\r\n\r\n") else { panic!("{received}") };
        let id = head.lines().find_map(|line| line.strip_prefix("x-request-id: "));
        let id = id.unwrap_or_else(|| panic!("{shown}: {received}"));
        assert!(head.contains("\r\ndate: "), "{head}");
        assert!(body.contains(r#""error_code":"APIGW.0201""#) && body.contains(id), "{body}");
        let requests = emulator.requests();
        let last = requests.last().unwrap();
        assert_eq!((last.request_id.as_str(), last.status), (id, Some(status)), "{shown}");
    }
}

#[tokio::test]
async fn serves_a_client_at_once_when_idle_connections_exceed_the_limit() {
    let mut limits = Limits::default();
    limits.connections = 8;
    let emulator = Emulator::builder().limits(limits).start().await.unwrap();
    let mut idle = Vec::new();
    for number in 0..100 {
        let mut stream = tokio::net::TcpStream::connect(emulator.address()).await.unwrap();
        if number % 2 == 0 {
            tokio::io::AsyncWriteExt::write_all(&mut stream, b"GET / HTTP/1.1\r\nx").await.unwrap();
        }
        idle.push(stream);
    }
    let request = get(&emulator, "/nowhere");
    let response = tokio::time::timeout(Duration::from_secs(5), request).await.unwrap();
    assert_eq!(response.status, 404);
}

#[tokio::test]
async fn keeps_connections_with_a_request_under_way_when_there_are_too_many() {
    let mut limits = Limits::default();
    limits.connections = 2;
    let delay = dbss_emulator::Fault::delay(Duration::from_millis(500));
    let emulator = Emulator::builder().limits(limits).fault(delay).start().await.unwrap();
    let slow = Request::get("/slow").body(String::new()).unwrap();
    let slow = tokio::spawn(try_send(emulator.address(), slow));
    while emulator.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    for _ in 0..10 {
        assert_eq!(get(&emulator, "/nowhere").await.status, 404);
    }
    assert_eq!(slow.await.unwrap().unwrap().status, 404);
}

/// The memory of the command while it gets the largest requests, many at a time.
#[cfg(all(feature = "cli", target_os = "linux"))]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stays_within_its_memory_when_each_route_gets_the_largest_request() {
    use crate::command::Running;

    let running = Running::start(&["--quiet"]);
    let address = running.address();
    let project = running.field("project_id");
    let instance = running.ready["instances"][0]["id"].as_str().unwrap();
    let before = running.resident_kib();
    let bodies = [
        format!(r#"{{"instance_id":"{}"}}"#, "x".repeat(LARGEST - 20)),
        format!(r#"{{"auth":{{"x":"{}"}}}}"#, "y".repeat(LARGEST - 20)),
        format!(r#"{{"ids":[{}"a"],"status":"OFF"}}"#, r#""a","#.repeat(LARGEST / 4 - 10)),
        "[".repeat(LARGEST),
        "\u{1}".repeat(LARGEST),
    ];
    for path in [
        stop_path(project),
        switch_path(project, instance),
        "/v3/auth/tokens".to_owned(),
        "/v3/projects".to_owned(),
        "/x/auth/y".to_owned(),
        "/_emulator/faults".to_owned(),
        "/_emulator/clock".to_owned(),
    ] {
        let mut sent = tokio::task::JoinSet::new();
        for body in bodies.iter().chain(&bodies) {
            let request = with_token(Request::post(&path), "emulator-token");
            sent.spawn(try_send(address, request.body(body.clone()).unwrap()));
        }
        while let Some(response) = sent.join_next().await {
            // A client that does not read before it has written may find it closed.
            if let Ok(response) = response.unwrap() {
                assert!([400, 404, 405, 413].contains(&response.status), "{}", response.status);
            }
        }
    }
    let growth = running.peak_kib() - before;
    assert!(growth < 200 * 1024, "the memory grew by {growth} KiB at its peak");
}
