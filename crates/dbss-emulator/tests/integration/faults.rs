//! Injected faults.

use std::time::{Duration, Instant};

use crate::common::{get, send, stop, switch, try_send};
use dbss_emulator::{
    Emulator, Fault, HeaderName, HeaderValue, InstanceStatus, Limits, Method, RetryAfter,
    StatusCode, Task,
};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

async fn with(fault: Fault) -> Emulator {
    Emulator::builder().fault(fault).start().await.unwrap()
}

fn task(emulator: &Emulator) -> Task {
    emulator.instance(emulator.instance_id()).unwrap().task
}

/// Sends a request to stop the first instance and reads until the connection ends.
async fn raw_stop(emulator: &Emulator) -> (Vec<u8>, Option<std::io::ErrorKind>) {
    let request = stop(emulator, emulator.instance_id());
    let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
    let mut text = format!(
        "POST {} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n",
        request.uri(),
        request.body().len()
    );
    for (name, value) in request.headers() {
        text = format!("{text}{name}: {}\r\n", value.to_str().unwrap());
    }
    stream.write_all(format!("{text}\r\n{}", request.body()).as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let end = stream.read_to_end(&mut received).await;
    (received, end.err().map(|error| error.kind()))
}

#[tokio::test]
async fn replaces_the_call_by_a_custom_response() {
    let fault = Fault::response(StatusCode::SERVICE_UNAVAILABLE)
        .header(HeaderName::from_static("x-a"), HeaderValue::from_static("b"))
        .body("busy")
        .times(2);
    let emulator = with(fault).await;
    for _ in 0..2 {
        let response = send(&emulator, stop(&emulator, emulator.instance_id())).await;
        assert_eq!(
            (response.status, response.header("x-a"), response.text().as_str()),
            (503, "b", "busy")
        );
        assert_eq!(response.header("x-request-id").len(), 32);
    }
    assert_eq!(task(&emulator), Task::None);
    assert_eq!(send(&emulator, stop(&emulator, emulator.instance_id())).await.status, 200);
    let requests = emulator.requests();
    let faults: Vec<_> = requests.iter().map(|request| request.fault.as_deref()).collect();
    assert_eq!(faults, [Some("response"), Some("response"), None]);
}

#[tokio::test]
async fn sends_a_custom_response_whole_whatever_headers_it_has() {
    for (name, value) in [
        ("content-length", "5"),
        ("content-length", "x"),
        ("transfer-encoding", "chunked"),
        ("transfer-encoding", "gzip"),
    ] {
        let fault = Fault::response(StatusCode::OK)
            .header(HeaderName::from_static(name), HeaderValue::from_static(value))
            .body("busy");
        let emulator = with(fault).await;
        let response = send(&emulator, stop(&emulator, emulator.instance_id())).await;
        assert_eq!((response.status, response.text().as_str()), (200, "busy"), "{name}: {value}");
    }
}

#[tokio::test]
async fn applies_faults_only_to_matching_calls() {
    let emulator = with(Fault::html(StatusCode::BAD_GATEWAY).on("SetAuditScopeRuleSwitch")).await;
    emulator.add_fault(Fault::response(StatusCode::IM_A_TEAPOT).method(Method::GET).path("/v3/"));
    let id = emulator.instance_id();
    assert_eq!(send(&emulator, stop(&emulator, id)).await.status, 200);
    assert_eq!(get(&emulator, "/nowhere").await.status, 404);
    assert_eq!(get(&emulator, "/v3/projects").await.status, 418);
    let page = send(&emulator, switch(&emulator, id, &["x"], "ON")).await;
    assert_eq!((page.status, page.header("content-type")), (502, "text/html"));
    assert!(page.text().starts_with("<html>"), "{}", page.text());
    assert!(emulator.faults().is_empty());
}

#[tokio::test]
async fn sends_retry_after_in_each_form_when_throttling() {
    let emulator = with(Fault::throttle(RetryAfter::Seconds(7))).await;
    emulator.add_fault(Fault::throttle(RetryAfter::DateIn(60)));
    emulator.add_fault(Fault::throttle(RetryAfter::Absent));
    let mut retry_after = Vec::new();
    for _ in 0..3 {
        let response = send(&emulator, stop(&emulator, emulator.instance_id())).await;
        assert_eq!(response.error(), (429, "APIGW.0308".to_owned()));
        assert_eq!(response.message(), "The throttling threshold has been reached");
        retry_after.push(response.header("retry-after").to_owned());
    }
    let [seconds, date, none] = &retry_after[..] else { panic!("{retry_after:?}") };
    assert_eq!((seconds.as_str(), none.as_str()), ("7", ""));
    let date = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(date.replace("GMT", "+0000"))
        .unwrap();
    let wait = date.duration_since(jiff::Timestamp::now()).as_secs();
    assert!((50..=60).contains(&wait), "{wait}");
}

#[tokio::test]
async fn returns_200_with_failure_values_for_a_failed_outcome() {
    let emulator = with(Fault::failed().times(2)).await;
    let id = emulator.instance_id();
    let stopped = send(&emulator, stop(&emulator, id)).await;
    assert_eq!((stopped.status, stopped.json()), (200, json!({"result": "failed"})));
    let switched = send(&emulator, switch(&emulator, id, &["x"], "ON")).await;
    assert_eq!((switched.status, switched.json()), (200, json!({"status": "FAILED"})));
    assert_eq!(task(&emulator), Task::None);
}

#[tokio::test]
async fn delays_a_response() {
    let delay = Duration::from_millis(50);
    let emulator = with(Fault::delay(delay)).await;
    let start = Instant::now();
    assert_eq!(send(&emulator, stop(&emulator, emulator.instance_id())).await.status, 200);
    assert!(start.elapsed() >= delay);
}

#[tokio::test]
async fn resets_the_connection_with_or_without_effect() {
    for (fault, after) in
        [(Fault::reset(), Task::None), (Fault::reset().after_effect(), Task::PoweringOff)]
    {
        let emulator = with(fault).await;
        let (received, end) = raw_stop(&emulator).await;
        assert_eq!(
            (received.as_slice(), end),
            (&b""[..], Some(std::io::ErrorKind::ConnectionReset))
        );
        assert_eq!(task(&emulator), after);
        assert_eq!(emulator.requests().first().unwrap().status, None);
    }
}

#[tokio::test]
async fn sends_half_of_the_usual_body() {
    let emulator = with(Fault::half_body()).await;
    let (received, end) = raw_stop(&emulator).await;
    let text = String::from_utf8(received).unwrap();
    let whole = json!({"result": "success"}).to_string();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(head.contains(&format!("content-length: {}", whole.len())), "{head}");
    assert_eq!(Some(body), whole.get(..whole.len() / 2));
    assert_eq!(end, None, "the connection is closed, not reset");
    assert_eq!(task(&emulator), Task::PoweringOff);
}

#[tokio::test]
async fn ends_a_stall_at_the_limit_or_at_shutdown() {
    let mut limits = Limits::default();
    limits.stall_time = Duration::from_millis(50);
    let emulator = Emulator::builder().limits(limits).fault(Fault::stall()).start().await.unwrap();
    let (received, end) = raw_stop(&emulator).await;
    assert_eq!((received.as_slice(), end), (&b""[..], None));
    assert_eq!(task(&emulator), Task::None);

    let emulator = with(Fault::stall().forever()).await;
    let address = emulator.address();
    let request = stop(&emulator, emulator.instance_id());
    let stalled = tokio::spawn(try_send(address, request));
    while emulator.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let start = Instant::now();
    emulator.shutdown().await;
    assert!(stalled.await.unwrap().is_err());
    assert!(start.elapsed() < Duration::from_secs(4), "the shutdown must not wait for the stall");
}

#[tokio::test]
async fn lets_a_call_take_effect_before_the_fault() {
    let fault = Fault::response(StatusCode::INTERNAL_SERVER_ERROR).after_effect();
    let emulator =
        Emulator::builder().task_duration(Duration::ZERO).fault(fault).start().await.unwrap();
    assert_eq!(send(&emulator, stop(&emulator, emulator.instance_id())).await.status, 500);
    let status = emulator.instance(emulator.instance_id()).unwrap().status;
    assert_eq!(status, InstanceStatus::Shutoff);
}

#[tokio::test]
async fn repeats_random_faults_for_the_same_seed() {
    let run = async |seed| {
        let emulator = Emulator::builder().seed(seed).random_faults(0.5).start().await.unwrap();
        for _ in 0..40 {
            let _ = try_send(emulator.address(), stop(&emulator, emulator.instance_id())).await;
        }
        emulator.requests().into_iter().map(|request| request.fault).collect::<Vec<_>>()
    };
    let first = run(1).await;
    assert_eq!(first, run(1).await);
    assert_ne!(first, run(2).await);
    let kinds: std::collections::HashSet<_> = first.iter().flatten().collect();
    assert!(kinds.len() > 4, "{kinds:?}");
}
