//! An IAM for tests: a loopback server with prepared answers, and a clock that
//! only tests move.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::Client;
use crate::auth::Surroundings;
use crate::credentials::Credentials;
use crate::time::{Clock, Sleep};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The first line and the headers, names in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// What is answered.
pub(crate) struct Reply(Option<String>);

impl Reply {
    pub(crate) fn new(status: u16, body: impl AsRef<str>) -> Self {
        Self::with_headers(status, &[], body)
    }

    pub(crate) fn with_headers(
        status: u16,
        headers: &[(&str, &str)],
        body: impl AsRef<str>,
    ) -> Self {
        let body = body.as_ref();
        let mut text = format!("HTTP/1.1 {status} Status\r\nconnection: close\r\n");
        for (name, value) in headers {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        let _ = write!(text, "content-length: {}\r\n\r\n{body}", body.len());
        Self(Some(text))
    }

    /// The connection ends without an answer.
    pub(crate) fn cut() -> Self {
        Self(None)
    }
}

pub(crate) struct Server {
    endpoint: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers every request, one at a time.
    pub(crate) fn start(mut answer: impl FnMut(&Request) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let server = Self::at(&listener);
        let requests = Arc::clone(&server.requests);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let Some(request) = read(&stream) else { continue };
                requests.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
                if let Reply(Some(text)) = answer(&request) {
                    // Who asked may be gone.
                    let _ = stream.write_all(text.as_bytes());
                }
            }
        });
        server
    }

    /// Where nobody listens any more.
    pub(crate) fn closed() -> Self {
        Self::at(&TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap())
    }

    fn at(listener: &TcpListener) -> Self {
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        Self { endpoint, requests: Arc::default() }
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let mut request = Request { head: head.replace("\r\n", "\n"), body: String::new() };
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    reader.take(length).read_to_string(&mut request.body).ok()?;
    Some(request)
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub(crate) struct StoppedClock {
    start: SystemTime,
    elapsed: Mutex<Duration>,
}

impl StoppedClock {
    pub(crate) fn advance(&self, by: Duration) {
        *self.elapsed.lock().unwrap() += by;
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> SystemTime {
        self.start + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().unwrap()
    }

    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(std::future::ready(()))
    }
}

/// The connections that a client of this crate has.
pub(crate) fn http() -> reqwest::Client {
    let builder =
        Client::builder().endpoint("http://127.0.0.1").credentials(Credentials::token("t"));
    builder.build().unwrap().shared.http.clone()
}

/// Region `cn-north-4`, the server as its IAM, and the clock, at 2026-01-15
/// 08:30:00.
pub(crate) fn surroundings(server: &Server) -> (Surroundings, Arc<StoppedClock>) {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_768_465_800);
    let clock = Arc::new(StoppedClock { start, elapsed: Mutex::default() });
    let surroundings = Surroundings::new(http())
        .with_region("cn-north-4")
        .with_iam_endpoint(server.endpoint())
        .with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
    (surroundings, clock)
}

/// An answer to a login: that token, good for that many hours from the start of
/// the clock of [`surroundings`].
pub(crate) fn issued(token: &str, hours: u64) -> Reply {
    let body = format!(
        r#"{{"token":{{"issued_at":"2026-01-{:02}T08:30:00.000000Z","expires_at":"2026-01-{:02}T{:02}:30:00.000000Z","project":{{"id":"p1","name":"cn-north-4"}}}}}}"#,
        15,
        15 + (8 + hours) / 24,
        (8 + hours) % 24,
    );
    Reply::with_headers(201, &[("X-Subject-Token", token)], body)
}
