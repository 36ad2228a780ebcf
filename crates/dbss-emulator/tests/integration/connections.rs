//! Limits on connections, and the shutdown of an emulator.

use std::time::Duration;

use crate::common::{get, send, send_raw, stop, try_send};
use dbss_emulator::{Emulator, Fault, Limits, StartError, State};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const SHORT: Duration = Duration::from_millis(50);

async fn with(set: impl FnOnce(&mut Limits)) -> Emulator {
    let mut limits = Limits::default();
    set(&mut limits);
    Emulator::builder().limits(limits).start().await.unwrap()
}

#[tokio::test]
async fn closes_a_connection_when_the_head_is_late() {
    let emulator = with(|limits| limits.head_timeout = SHORT).await;
    assert_eq!(send_raw(&emulator, "").await, "");
    assert_eq!(send_raw(&emulator, "GET / HTTP/1.1\r\nhost:").await, "");
    let idle = send_raw(&emulator, "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert!(idle.starts_with("HTTP/1.1 404"), "{idle}");
}

#[tokio::test]
async fn returns_408_when_the_body_is_late() {
    let emulator = with(|limits| limits.body_timeout = SHORT).await;
    for path in ["/x", "/_emulator/faults"] {
        let head = "HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 5\r\nconnection: close";
        let response = send_raw(&emulator, &format!("POST {path} {head}\r\n\r\n12")).await;
        assert!(response.starts_with("HTTP/1.1 408"), "{response}");
    }
}

#[tokio::test]
async fn rejects_malformed_http() {
    let emulator = Emulator::start().await.unwrap();
    for text in [
        "\x16\x03\x01\x02 TLS?\r\n\r\n",
        "GET / HTTP/1.1\r\nhost x\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let response = send_raw(&emulator, text).await;
        assert!(response.starts_with("HTTP/1.1 400"), "{text}: {response}");
    }
    let endless = format!("GET / HTTP/1.1\r\nx: {}", "x".repeat(1_000_000));
    let response = send_raw(&emulator, &endless).await;
    assert!(response.is_empty() || response.starts_with("HTTP/1.1 431"), "{response}");
    assert_eq!(get(&emulator, "/nowhere").await.status, 404);
}

#[tokio::test]
async fn makes_connections_beyond_the_limit_wait() {
    let emulator = with(|limits| {
        limits.connections = 2;
        limits.head_timeout = SHORT;
    })
    .await;
    let mut idle = Vec::new();
    for _ in 0..4 {
        idle.push(TcpStream::connect(emulator.address()).await.unwrap());
    }
    // Two are served until they time out, then the next ones.
    assert_eq!(get(&emulator, "/nowhere").await.status, 404);
}

#[tokio::test]
async fn closes_a_connection_when_the_response_is_not_read() {
    let emulator = {
        let mut limits = Limits::default();
        limits.write_timeout = SHORT;
        limits.connections = 1;
        let large =
            Fault::response(dbss_emulator::StatusCode::OK).body("x".repeat(64 * 1024 * 1024));
        Emulator::builder().limits(limits).fault(large).start().await.unwrap()
    };
    let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    while emulator.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    // There is room for one connection only: this one is accepted once the first is
    // closed.
    assert_eq!(get(&emulator, "/nowhere").await.status, 404);
    drop(stream);
}

#[tokio::test]
async fn closes_a_connection_when_the_response_is_read_too_slowly() {
    const LENGTH: usize = 64 * 1024 * 1024;
    let emulator = {
        let mut limits = Limits::default();
        limits.write_timeout = Duration::from_millis(500);
        let large = Fault::response(dbss_emulator::StatusCode::OK).body("x".repeat(LENGTH));
        Emulator::builder().limits(limits).fault(large).start().await.unwrap()
    };
    let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut read = 0;
    let mut part = vec![0; 64 * 1024];
    // A part at a time, and in between another call: each part makes room for another one.
    while let Ok(length @ 1..) = stream.read(&mut part).await {
        read += length;
        assert_eq!(get(&emulator, "/nowhere").await.status, 404);
    }
    assert!(read < LENGTH, "it was read to its end");
}

#[tokio::test]
async fn finishes_responses_under_way_on_shutdown_and_accepts_no_more() {
    let delay = Fault::delay(Duration::from_secs(60));
    let emulator = Emulator::builder().fault(delay).start().await.unwrap();
    let address = emulator.address();
    let request = || stop(&emulator, emulator.instance_id());
    let (first, second) = (request(), request());
    let under_way = tokio::spawn(try_send(address, first));
    while emulator.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let idle = TcpStream::connect(address).await.unwrap();
    emulator.shutdown().await;
    assert_eq!(under_way.await.unwrap().unwrap().status, 200);
    assert!(try_send(address, second).await.is_err());
    drop(idle);
}

#[tokio::test]
async fn closes_connections_when_dropped() {
    let emulator = Emulator::start().await.unwrap();
    let address = emulator.address();
    let request = stop(&emulator, emulator.instance_id());
    let mut open = TcpStream::connect(address).await.unwrap();
    open.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut byte = [0];
    open.read_exact(&mut byte).await.unwrap();
    drop(emulator);
    let mut rest = Vec::new();
    let _ = open.read_to_end(&mut rest).await;
    assert!(try_send(address, request).await.is_err());
}

#[tokio::test]
async fn returns_an_error_when_it_cannot_start() {
    let first = Emulator::start().await.unwrap();
    let error = Emulator::builder().address(first.address()).start().await.unwrap_err();
    assert!(matches!(&error, StartError::Listen { address, .. } if *address == first.address()));
    assert_eq!(error.to_string(), format!("cannot listen on {}", first.address()));
    let mut state = State::default();
    state.projects.clear();
    let error = Emulator::builder().state(state).start().await.unwrap_err();
    assert!(error.to_string().contains("`projects` is empty"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serves_many_clients_at_once() {
    let emulator = std::sync::Arc::new(Emulator::start().await.unwrap());
    let calls = (0..200).map(|_| {
        let emulator = std::sync::Arc::clone(&emulator);
        tokio::spawn(async move {
            send(&emulator, stop(&emulator, emulator.instance_id())).await.status
        })
    });
    let mut statuses = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        statuses.push(call.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 199);
}
