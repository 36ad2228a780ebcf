//! Connections that fail: whether a request may have reached the service, compared with
//! the bytes of HTTP that a server received, and what the error says.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dbss_client::types::AuditScopeStatus;
use dbss_client::{
    Client, ClientBuilder, Credentials, Error, ErrorKind, PasswordLogin, Peer, RetryPolicy,
};
use dbss_tests::calls::{INSTANCE, PROJECT, SHORT, TOKEN};
use dbss_tests::real_time;
use scripted_server::{CannedResponse, ClosedPort, ScriptedServer, Step};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

const SUCCESS: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                         content-length: 20\r\n\r\n{\"status\":\"SUCCESS\"}";

fn builder(endpoint: String) -> ClientBuilder {
    Client::builder()
        .endpoint(endpoint)
        .credentials(Credentials::token(TOKEN))
        .project_id(PROJECT)
        .retry(RetryPolicy::none())
}

/// Disables scopes, so many that the request does not fit into the buffers of a socket.
async fn disable_many(client: &Client) -> Result<(), Error> {
    disable(client, 100_000).await
}

async fn disable(client: &Client, count: usize) -> Result<(), Error> {
    let ids = (0..count).map(|number| format!("scope-with-a-rather-long-id-{number:032}"));
    let call = client.set_audit_scope_rule_switch().instance_id(INSTANCE);
    call.ids(ids).status(AuditScopeStatus::Off).await.map(drop)
}

/// What the server does with the connections after the first request of the first one.
#[derive(Clone, Copy)]
enum End {
    /// It resets the connection.
    Reset,
    /// It reads no more and keeps the connection.
    Stall,
}

/// A server that reads a number of bytes of HTTP and then ends as it is told to.
struct CountingServer {
    port: u16,
    /// The bytes of HTTP that were read.
    bytes: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl CountingServer {
    /// Responds to a first request if `warm`, then reads `most` bytes.
    async fn start(warm: bool, most: usize, end: End) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let bytes = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&bytes);
        let task = tokio::spawn(async move {
            let mut kept = Vec::new();
            let mut warm = warm;
            while let Ok((mut stream, _)) = listener.accept().await {
                if std::mem::take(&mut warm) {
                    respond(&mut stream).await;
                }
                read(&mut stream, most, &count).await;
                match end {
                    End::Reset => stream.set_zero_linger().unwrap(),
                    End::Stall => kept.push(stream),
                }
            }
        });
        Self { port, bytes, task }
    }

    fn endpoint(&self, scheme: &str) -> String {
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    fn bytes(&self) -> usize {
        self.bytes.load(Ordering::SeqCst)
    }
}

impl Drop for CountingServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Reads a request of less than 64 KiB and responds, keeping the connection.
async fn respond(stream: &mut TcpStream) {
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        assert!(stream.read_buf(&mut request).await.unwrap() > 0);
    }
    stream.write_all(SUCCESS).await.unwrap();
}

async fn read(stream: &mut TcpStream, most: usize, count: &AtomicUsize) {
    let mut left = most;
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        let room = left.min(buffer.len());
        match stream.read(&mut buffer[..room]).await {
            Ok(read @ 1..) => {
                count.fetch_add(read, Ordering::SeqCst);
                left -= read;
            }
            _ => break,
        }
    }
}

/// A port whose queue of connections is full, so that the kernel drops further ones.
struct FullPort {
    endpoint: String,
    _listener: TcpListener,
    _queued: Vec<TcpStream>,
}

impl FullPort {
    async fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let listener = socket.listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queued = Vec::new();
        while let Ok(stream) =
            tokio::time::timeout(Duration::from_millis(100), TcpStream::connect(address)).await
        {
            queued.push(stream.unwrap());
        }
        Self { endpoint: format!("http://{address}"), _listener: listener, _queued: queued }
    }
}

/// Fails unless the error is of that kind, and says what the count of bytes says.
#[track_caller]
fn assert_reached(name: &str, error: &Error, kind: ErrorKind, bytes: usize) {
    assert_eq!(error.kind(), kind, "{name}: {error}");
    assert_eq!(error.may_have_reached_service(), bytes > 0, "{name}: {bytes} bytes, {error}");
    assert_eq!(error.may_have_taken_effect(), bytes > 0, "{name}: {bytes} bytes, {error}");
}

#[tokio::test]
async fn reports_that_nothing_was_sent_when_attempt_ends_while_connecting() {
    let _alone = real_time::alone().await;
    let silent = CountingServer::start(false, 0, End::Stall).await;
    let full = FullPort::new().await;
    for (name, endpoint) in
        [("no answer to SYN", full.endpoint.clone()), ("TLS handshake", silent.endpoint("https"))]
    {
        // Whether it is the limit of the call, the attempt or connecting that passes.
        for limit in ["timeout", "attempt_timeout", "connect_timeout"] {
            let client = builder(endpoint.clone());
            let client = match limit {
                "timeout" => client.timeout(SHORT),
                "attempt_timeout" => client.attempt_timeout(SHORT),
                _ => client.connect_timeout(SHORT),
            };
            let error = disable(&client.build().unwrap(), 1).await.unwrap_err();
            assert_reached(&format!("{name}, {limit}"), &error, ErrorKind::Connect, silent.bytes());
        }
    }
}

#[tokio::test]
async fn reports_that_request_may_have_arrived_once_a_part_was_received() {
    let _alone = real_time::alone().await;
    for (name, most, end, kind) in [
        ("first bytes of the head", 10, End::Reset, ErrorKind::Interrupted),
        ("first bytes of the head", 10, End::Stall, ErrorKind::Timeout),
        ("half of the body", 3 << 20, End::Reset, ErrorKind::Interrupted),
        ("half of the body", 3 << 20, End::Stall, ErrorKind::Timeout),
    ] {
        let server = CountingServer::start(false, most, end).await;
        let client = builder(server.endpoint("http")).attempt_timeout(SHORT).build().unwrap();
        let error = disable_many(&client).await.unwrap_err();
        assert_reached(name, &error, kind, server.bytes());
    }
}

#[tokio::test]
async fn reports_that_request_may_have_arrived_on_reset_pooled_connection() {
    for most in [1, 10, 200] {
        let server = CountingServer::start(true, most, End::Reset).await;
        let client = builder(server.endpoint("http")).build().unwrap();
        disable(&client, 1).await.unwrap();
        let error = disable(&client, 1).await.unwrap_err();
        assert_reached("pooled", &error, ErrorKind::Interrupted, server.bytes());
    }
}

/// Ctrl-C while connecting: the progress of a dropped call says that nothing was sent.
#[tokio::test]
async fn reports_no_effect_of_call_dropped_while_connecting() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let endpoint = format!("https://{}", listener.local_addr().unwrap());
    let client = builder(endpoint).build().unwrap();
    let mut call = client.stop_audit_instance().instance_id(INSTANCE);
    let progress = call.progress();
    let call = tokio::spawn(call.send());
    let (mut stream, _) = listener.accept().await.unwrap();
    assert!(stream.read(&mut [0; 16]).await.unwrap() > 0, "the start of a handshake");
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert!(progress.is_attempt_under_way());
    assert!(!progress.may_have_taken_effect());
}

/// The request is the same as one that nobody watches: with a length, not in chunks.
#[tokio::test]
async fn sends_content_length_of_body() {
    let server = ScriptedServer::sequence([
        Step::Respond(CannedResponse::new(503, "{}")),
        Step::Respond(CannedResponse::new(200, "{}")),
    ])
    .await
    .unwrap();
    let client =
        builder(server.endpoint()).retry(RetryPolicy::default().initial_backoff(Duration::ZERO));
    disable(&client.build().unwrap(), 1).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        let length = request.body.len().to_string();
        assert_eq!(request.header("content-length"), Some(length.as_str()));
        assert_eq!(request.header("transfer-encoding"), None);
        assert_eq!(request.body, requests[0].body);
    }
}

/// An address without a scheme, as it is to be named.
fn bare(endpoint: &str) -> &str {
    endpoint.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn names_host_port_and_reason_of_failed_connection() {
    let closed = ClosedPort::reserve().unwrap();
    let endpoint = closed.endpoint().unwrap();
    let plain = ScriptedServer::always(Step::RespondUnread(b"HTTP/1.1 400 No\r\n\r\n".to_vec()))
        .await
        .unwrap();
    let elsewhere = || builder("https://dbss.example.com".to_owned());
    let login = Credentials::iam_password(PasswordLogin::new("account", "user", "wr0ng"));
    let iam = || Client::builder().region("cn-north-4").endpoint("http://127.0.0.1:9");
    let refused = "connection refused";
    for (name, peer, client, host, reason) in [
        ("service", Peer::Service, builder(endpoint.clone()), bare(&endpoint), refused),
        (
            "TLS",
            Peer::Service,
            builder(plain.tls_endpoint()),
            bare(&plain.endpoint()),
            "does not speak tls",
        ),
        ("proxy", Peer::Proxy, elsewhere().proxy(endpoint.clone()), bare(&endpoint), refused),
        (
            "proxy with a password",
            Peer::Proxy,
            elsewhere().proxy(endpoint.replace("://", "://user:s3cret@")),
            bare(&endpoint),
            refused,
        ),
        (
            "login",
            Peer::Iam,
            iam().project_id(PROJECT).credentials(login).iam_endpoint(endpoint.clone()),
            bare(&endpoint),
            refused,
        ),
        (
            "project lookup",
            Peer::Iam,
            iam().credentials(Credentials::token(TOKEN)).iam_endpoint(endpoint.clone()),
            bare(&endpoint),
            refused,
        ),
    ] {
        let client = client.retry(RetryPolicy::none()).build().unwrap();
        let error = disable(&client, 1).await.unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains(host), "{name}: no {host} in {shown}");
        assert!(shown.to_lowercase().contains(reason), "{name}: no {reason} in {shown}");
        assert!(!shown.contains("s3cret"), "{name}: {shown}");
        let failure = error.transport_failure().unwrap();
        let at = format!("{}:{}", failure.host(), failure.port().unwrap());
        assert_eq!((failure.peer(), at.as_str()), (peer, host), "{name}");
        assert!(failure.reason().to_lowercase().contains(reason), "{name}: {}", failure.reason());
        assert!(!error.may_have_reached_service(), "{name}: {shown}");
    }
}

/// The proxy itself is there, and does not connect to the service.
#[tokio::test]
async fn names_proxy_that_refuses_to_connect() {
    let response = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n".to_vec();
    let proxy = ScriptedServer::always(Step::RespondUnread(response)).await.unwrap();
    let client = builder("https://dbss.example.com".to_owned()).proxy(proxy.endpoint());
    let error = disable(&client.build().unwrap(), 1).await.unwrap_err();
    let shown = error.to_string();
    assert_eq!(error.kind(), ErrorKind::Connect, "{shown}");
    for part in [bare(&proxy.endpoint()), "dbss.example.com:443", "authorization required"] {
        assert!(shown.contains(part), "no {part} in {shown}");
    }
}

/// An answer is waited for as long as the call may take, unless an attempt has a limit of
/// its own. Time is tokio's, which passes at once when everybody waits.
#[tokio::test(start_paused = true)]
async fn waits_for_late_answer_within_timeout_of_call() {
    for (timeout, late) in [(None, 12), (Some(40), 12), (Some(40), 39), (Some(90), 80)] {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (seen, mut requests) = watch::channel(0);
        let server = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                seen.send_modify(|count| *count += 1);
                let mut request = Vec::new();
                while !request.ends_with(b"}") {
                    assert!(stream.read_buf(&mut request).await.unwrap() > 0);
                }
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_secs(late)).await;
                    let _ = stream.write_all(SUCCESS).await;
                });
            }
        });
        let mut client = builder(endpoint).retry(RetryPolicy::default());
        if let Some(seconds) = timeout {
            client = client.timeout(Duration::from_secs(seconds));
        }
        let result = disable(&client.build().unwrap(), 1).await;
        assert!(result.is_ok(), "after {late} s of {timeout:?}: {result:?}");
        assert_eq!(*requests.borrow_and_update(), 1);
        server.abort();
    }
}
