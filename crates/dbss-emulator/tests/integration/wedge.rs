//! The command under conditions in which it could hang: nobody reads what it logs, clients
//! that send slowly, and a signal.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::command::Running;
use crate::common::stop_path;

/// With `DBSS_SLOW_TESTS`, which CI sets, as many calls as take some seconds.
fn calls() -> usize {
    let slow = std::env::var_os("DBSS_SLOW_TESTS").is_some_and(|value| !value.is_empty());
    if slow { 5_000 } else { 1_000 }
}

/// A client that keeps its connection.
struct Caller {
    stream: BufReader<TcpStream>,
    request: String,
}

impl Caller {
    fn new(running: &Running) -> Self {
        let address = running.address();
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let body = json!({"instance_id": running.ready["instances"][0]["id"]}).to_string();
        let path = stop_path(running.field("project_id"));
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nx-auth-token: emulator-token\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        Self { stream: BufReader::new(stream), request }
    }

    /// The status of one call.
    fn call(&mut self) -> u16 {
        self.stream.get_mut().write_all(self.request.as_bytes()).unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(self.stream.read_line(&mut head).unwrap(), 0, "ended after {head}");
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        self.stream.read_exact(&mut body).unwrap();
        head.get(9..12).unwrap().parse().unwrap()
    }
}

/// Waits for the end, 5 s at most, and returns the exit code.
fn exit_code_in_time(running: &mut Running) -> Option<i32> {
    let start = Instant::now();
    loop {
        if let Some(status) = running.child.try_wait().unwrap() {
            return status.code();
        }
        assert!(start.elapsed() < Duration::from_secs(5), "it still runs after 5 s");
        std::thread::yield_now();
    }
}

#[test]
fn answers_and_ends_when_nobody_reads_its_log_and_clients_trickle() {
    let mut running = Running::start(&[]);
    // One client never ends its head, another one its body.
    let mut trickling = Vec::new();
    for start in [
        "GET / HTTP/1.1\r\nx: ".to_owned(),
        format!("POST / HTTP/1.1\r\nhost: {}\r\ncontent-length: 100\r\n\r\n", running.address()),
    ] {
        let mut stream = TcpStream::connect(running.address()).unwrap();
        stream.write_all(start.as_bytes()).unwrap();
        trickling.push(stream);
    }
    let mut caller = Caller::new(&running);
    for _ in 0..500 {
        assert!([200, 400].contains(&caller.call()));
    }
    #[cfg(target_os = "linux")]
    let warm = running.resident_kib();
    for number in 0..calls() {
        assert!([200, 400].contains(&caller.call()), "call {number}");
        if number % 250 == 0 {
            for stream in &mut trickling {
                stream.write_all(b"x").unwrap();
            }
        }
    }
    #[cfg(target_os = "linux")]
    {
        let growth = running.resident_kib().saturating_sub(warm);
        assert!(growth < 20 * 1024, "the memory grew by {growth} KiB");
    }
    running.signal("TERM");
    assert_eq!(exit_code_in_time(&mut running), Some(0));
}

#[test]
fn ends_on_a_signal_before_it_has_read_its_state() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("state");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let mut running = Running::without_ready_line(&["--state", pipe.to_str().unwrap()]);
    // The command has opened the pipe, so it watches for signals already.
    let _writer = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    running.signal("INT");
    assert_eq!(exit_code_in_time(&mut running), Some(0));
}
