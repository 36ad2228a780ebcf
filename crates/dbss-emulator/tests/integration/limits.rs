//! Limits hold on every route and on every branch.

use std::time::Duration;

use crate::common::{emulated, get, post, send, send_raw, try_send, with_token};
use dbss_client::contract::API;
use dbss_client::descriptor::Operation;
use dbss_emulator::{Emulator, Limits};
use http::Request;
use serde_json::json;

const MIB: usize = 1024 * 1024;

/// The largest request body that the gateway takes.
#[cfg(all(feature = "cli", target_os = "linux"))]
const LARGEST: usize = 12 * MIB;

/// The method and path of each route: the operations, IAM's, the admin path, and unknown paths.
fn routes(
    operations: &[&'static Operation],
    project: &str,
    instance: &str,
) -> Vec<(&'static str, String)> {
    let of_operation =
        |path: &str| path.replace("{project_id}", project).replace("{instance_id}", instance);
    let mut routes: Vec<_> = operations
        .iter()
        .map(|operation| (operation.method, of_operation(operation.path)))
        .collect();
    for (method, path) in [
        ("POST", "/v3/auth/tokens"),
        ("GET", "/v3/projects"),
        ("PUT", "/meta-data/latest/api/token"),
        ("GET", "/openstack/latest/securitykey"),
        ("POST", "/x/auth/y"),
        ("POST", "/nowhere"),
        ("GET", "/_emulator"),
        ("GET", "/_emulator/state"),
        ("PUT", "/_emulator/instances"),
        ("GET", "/_emulator/requests"),
        ("POST", "/_emulator/faults"),
        ("POST", "/_emulator/clock"),
    ] {
        routes.push((method, path.to_owned()));
    }
    routes
}

fn request_to((method, path): &(&'static str, String), body: String) -> Request<String> {
    let request = Request::builder().method(*method).uri(path);
    with_token(request, "emulator-token").body(body).unwrap()
}

#[tokio::test]
async fn records_at_most_16_kib_of_each_body() {
    let emulator = Emulator::start().await.unwrap();
    let value = "x".repeat(MIB);
    for route in routes(API.operations, emulator.project_id(), emulator.instance_id()) {
        for body in [json!({"auth": {"user": value}}), json!({"instance_id": value})] {
            send(&emulator, request_to(&route, body.to_string())).await;
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
async fn rejects_heads_beyond_their_limits_on_each_route() {
    let emulator = Emulator::start().await.unwrap();
    for (method, path) in routes(API.operations, emulator.project_id(), emulator.instance_id()) {
        let long = request_to(&(method, format!("{path}?{}", "x".repeat(9_000))), String::new());
        let mut large = request_to(&(method, path.clone()), String::new());
        large.headers_mut().insert("x-large", "x".repeat(33_000).parse().unwrap());
        for (request, status) in [(long, 414), (large, 494)] {
            let response = send(&emulator, request).await;
            assert_eq!(response.error(), (status, "APIGW.0201".to_owned()), "{method} {path}");
            assert_eq!(response.header("x-request-id").len(), 32, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn reads_a_small_body_of_unknown_length_while_others_are_late() {
    let emulator = Emulator::start().await.unwrap();
    let head = "POST /nowhere HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n";
    let mut late = Vec::new();
    for _ in 0..20 {
        let mut stream = tokio::net::TcpStream::connect(emulator.address()).await.unwrap();
        let begun = format!("{head}\r\n1\r\nx\r\n");
        tokio::io::AsyncWriteExt::write_all(&mut stream, begun.as_bytes()).await.unwrap();
        late.push(stream);
    }
    let text = format!("{head}connection: close\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n");
    let sent = tokio::time::timeout(Duration::from_secs(10), send_raw(&emulator, &text)).await;
    let response = sent.unwrap();
    assert!(response.starts_with("HTTP/1.1 404"), "{response}");
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
    let routes = routes(&emulated().await, emulator.project_id(), emulator.instance_id());
    let (gateway, admin): (Vec<_>, Vec<_>) =
        routes.iter().partition(|(_, path)| !path.starts_with("/_emulator"));
    let without_body = ["/nowhere", "/x/auth/y", "/meta-data/latest/api/token"];
    for route in gateway
        .iter()
        .filter(|(method, path)| *method != "GET" && !without_body.contains(&path.as_str()))
    {
        for body in &bodies {
            let response = send(&emulator, request_to(route, body.clone())).await;
            assert_eq!(response.status, 400, "{route:?}");
            let reason = response.header("x-dbss-emulator-reason");
            assert!(reason.contains("100,000 values"), "{route:?}: {reason}");
        }
    }
    for route in admin.iter().filter(|(method, _)| *method != "GET") {
        let response = send(&emulator, request_to(route, bodies[0].clone())).await;
        assert_eq!(response.error(), (400, "EMULATOR.0400".to_owned()), "{route:?}");
        assert!(response.message().contains("100,000 values"), "{route:?}");
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
        (
            format!(
                "GET /a HTTP/1.0\r\nhost: {authority}\r\nconnection: keep-alive\r\n\r\nnonsense\r\n\r\n"
            ),
            400,
        ),
        // The beginning of HTTP/2.
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), 400),
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

#[cfg(all(feature = "cli", unix))]
#[tokio::test]
async fn serves_a_client_when_idle_connections_take_all_files_that_may_be_open() {
    use crate::command::Running;

    let running = Running::start_with_open_files(48);
    let mut idle = Vec::new();
    for _ in 0..100 {
        idle.push(tokio::net::TcpStream::connect(running.address()).await.unwrap());
    }
    let request = Request::get("/nowhere").body(String::new()).unwrap();
    let response = try_send(running.address(), request);
    let response = tokio::time::timeout(Duration::from_secs(10), response).await;
    assert_eq!(response.unwrap().unwrap().status, 404);
}

/// The files that this process may have open.
#[cfg(all(feature = "cli", target_os = "linux"))]
fn open_files_limit() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap_or(usize::MAX)
}

#[cfg(all(feature = "cli", target_os = "linux"))]
#[tokio::test]
async fn serves_a_client_within_a_second_while_10_000_idle_connections_stand() {
    const IDLE: usize = 10_000;
    if std::env::var_os("DBSS_SLOW_TESTS").is_none_or(|value| value.is_empty()) {
        eprintln!("left out without DBSS_SLOW_TESTS=1: 10,000 idle connections");
        return;
    }
    let limit = open_files_limit();
    if limit < IDLE + 1_000 {
        eprintln!("SKIPPED: 10,000 idle connections need `ulimit -n 11000`, it is {limit}");
        return;
    }
    let running = crate::command::Running::start(&["--quiet"]);
    let address = running.address();
    let mut idle = Vec::new();
    for number in 0..IDLE {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        // Some have sent nothing, some a part of a head, and some have got a response.
        let sent: &[u8] = match number % 3 {
            0 => b"",
            1 => b"GET / HTTP/1.1\r\nx",
            _ => b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n",
        };
        let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, sent).await;
        idle.push(stream);
    }
    let call = || try_send(address, Request::get("/nowhere").body(String::new()).unwrap());
    // Behind those that the system has not handed over yet.
    assert_eq!(call().await.unwrap().status, 404);
    for _ in 0..10 {
        let response = tokio::time::timeout(Duration::from_secs(1), call()).await;
        assert_eq!(response.unwrap().unwrap().status, 404);
    }
    let open = std::fs::read_dir(format!("/proc/{}/fd", running.child.id())).unwrap().count();
    assert!(open < 600, "the emulator has {open} files open");
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
    let emulated = routes(&emulated().await, project, instance);
    for route in routes(API.operations, project, instance) {
        let mut sent = tokio::task::JoinSet::new();
        for body in bodies.iter().chain(&bodies) {
            sent.spawn(try_send(address, request_to(&route, body.clone())));
        }
        while let Some(response) = sent.join_next().await {
            // A client that does not read before it has written may find it closed.
            if let Ok(response) = response.unwrap() {
                let expected: &[u16] = match route.0 {
                    _ if !emulated.contains(&route) => &[413, 501],
                    "GET" => &[200, 413],
                    _ => &[400, 404, 413],
                };
                assert!(expected.contains(&response.status), "{route:?} {}", response.status);
            }
        }
    }
    let growth = running.peak_kib() - before;
    assert!(growth < 200 * 1024, "the memory grew by {growth} KiB at its peak");
}

/// Adds pending faults up to their limit, which makes the list of them a large response.
#[cfg(feature = "cli")]
async fn add_large_faults(address: std::net::SocketAddr) {
    let fault =
        json!({"kind": "response", "status": 200, "body": "x".repeat(900_000), "path": "/never"});
    let fault = request_to(&("POST", "/_emulator/faults".to_owned()), fault.to_string());
    for _ in 0..9 {
        try_send(address, fault.clone()).await.unwrap();
    }
}

/// A connection with a request, whose response has not been read.
#[cfg(feature = "cli")]
async fn ask(address: std::net::SocketAddr, path: &str) -> tokio::net::TcpStream {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    tokio::io::AsyncWriteExt::write_all(&mut stream, head.as_bytes()).await.unwrap();
    stream
}

/// The memory of the command while many clients ask for the largest responses of the admin path
/// and do not read them.
#[cfg(all(feature = "cli", target_os = "linux"))]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stays_within_its_memory_when_nobody_reads_the_largest_admin_responses() {
    use crate::command::Running;

    let running = Running::start(&["--quiet"]);
    let address = running.address();
    let before = running.resident_kib();
    let target = format!("/{}", "x".repeat(8_000));
    for _ in 0..1_000 {
        let request = Request::get(&target).header("user-agent", "u".repeat(8_000));
        try_send(address, request.body(String::new()).unwrap()).await.unwrap();
    }
    add_large_faults(address).await;
    let mut unread = Vec::new();
    for path in ["/_emulator/requests", "/_emulator/faults"] {
        for _ in 0..20 {
            unread.push(ask(address, path).await);
        }
    }
    // As many responses as there is room for have begun, and others are served meanwhile.
    for stream in unread.iter().take(3) {
        stream.readable().await.unwrap();
    }
    let request = Request::get("/nowhere").body(String::new()).unwrap();
    let response = tokio::time::timeout(Duration::from_secs(10), try_send(address, request)).await;
    assert_eq!(response.unwrap().unwrap().status, 404);
    let growth = running.peak_kib() - before;
    assert!(growth < 200 * 1024, "the memory grew by {growth} KiB at its peak");
    drop(unread);
    // They are read now, one after the other.
    for path in ["/_emulator/requests", "/_emulator/faults"] {
        let response =
            try_send(address, request_to(&("GET", path.to_owned()), String::new())).await;
        assert!(response.unwrap().body.len() > 7 * MIB, "{path}");
    }
}

#[cfg(feature = "cli")]
#[tokio::test]
async fn sends_small_admin_responses_while_nobody_reads_large_ones() {
    use crate::command::Running;

    let running = Running::start(&["--quiet"]);
    let address = running.address();
    add_large_faults(address).await;
    let mut unread = Vec::new();
    for _ in 0..200 {
        unread.push(ask(address, "/_emulator/faults").await);
    }
    for path in ["/_emulator", "/_emulator/clock", "/_emulator/state", "/_emulator/requests"] {
        let request = request_to(&("GET", path.to_owned()), String::new());
        let response = tokio::time::timeout(Duration::from_secs(10), try_send(address, request));
        let response = response.await.unwrap().unwrap();
        assert_eq!(response.status, 200, "{path}");
    }
}
