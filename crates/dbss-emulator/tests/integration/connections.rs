//! Clients that would keep the others out, and the end of an emulator.

use std::time::Duration;

use crate::common::{get, send, stop, try_send};
use dbss_emulator::{Emulator, Fault, Limits, StartError, State};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const SHORT: Duration = Duration::from_millis(50);

async fn with(set: impl FnOnce(&mut Limits)) -> Emulator {
    let mut limits = Limits::default();
    set(&mut limits);
    Emulator::builder().limits(limits).start().await.unwrap()
}

/// What comes back until the connection ends.
async fn after(emulator: &Emulator, text: &str) -> String {
    let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let _ = stream.read_to_end(&mut received).await;
    String::from_utf8(received).unwrap()
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let emulator = with(|limits| limits.head_time = SHORT).await;
    assert_eq!(after(&emulator, "").await, "");
    assert_eq!(after(&emulator, "GET / HTTP/1.1\r\nhost:").await, "");
    let idle = after(&emulator, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(idle.starts_with("HTTP/1.1 404"), "{idle}");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let emulator = with(|limits| limits.body_time = SHORT).await;
    for path in ["/x", "/_emulator/faults"] {
        let head = "HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5\r\nconnection: close";
        let answer = after(&emulator, &format!("POST {path} {head}\r\n\r\n12")).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
}

#[tokio::test]
async fn what_is_no_http_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    for text in [
        "\x16\x03\x01\x02 TLS?\r\n\r\n",
        "GET / HTTP/1.1\r\nhost x\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let answer = after(&emulator, text).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{text}: {answer}");
    }
    let endless = format!("GET / HTTP/1.1\r\nx: {}", "x".repeat(1_000_000));
    let answer = after(&emulator, &endless).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    assert_eq!(get(&emulator, "/nowhere").await.status, 404);
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_those_within() {
    let emulator = with(|limits| {
        limits.connections = 2;
        limits.head_time = SHORT;
    })
    .await;
    let mut idle = Vec::new();
    for _ in 0..4 {
        idle.push(TcpStream::connect(emulator.address()).await.unwrap());
    }
    // Two are served until their time is over, and then the next ones.
    assert_eq!(get(&emulator, "/nowhere").await.status, 404);
}

#[tokio::test]
async fn an_answer_that_is_not_read_is_given_up() {
    let emulator = {
        let mut limits = Limits::default();
        limits.write_time = SHORT;
        limits.connections = 1;
        let large = Fault::answer(dbss_emulator::StatusCode::OK).body("x".repeat(64 * 1024 * 1024));
        Emulator::builder().limits(limits).fault(large).start().await.unwrap()
    };
    let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    // There is room for one connection only: this one gets it when that is given up.
    assert_eq!(get(&emulator, "/nowhere").await.status, 404);
    drop(stream);
}

#[tokio::test]
async fn a_shutdown_lets_answers_end_and_refuses_more() {
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
async fn dropping_it_ends_it() {
    let emulator = Emulator::start().await.unwrap();
    let address = emulator.address();
    let request = stop(&emulator, emulator.instance_id());
    let mut open = TcpStream::connect(address).await.unwrap();
    open.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut byte = [0];
    open.read_exact(&mut byte).await.unwrap();
    drop(emulator);
    let mut rest = Vec::new();
    let _ = open.read_to_end(&mut rest).await;
    assert!(try_send(address, request).await.is_err());
}

#[tokio::test]
async fn what_keeps_it_from_starting_is_said() {
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
async fn many_clients_at_once_each_get_their_answer() {
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
