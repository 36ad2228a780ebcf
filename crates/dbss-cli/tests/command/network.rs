//! Proxies and certificates: by flag, and from the environment.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

use dbss_emulator::Emulator;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;

use crate::dbss::{Dbss, Finished, emulator};

const PASSWORD: &str = "pa55-of-a-proxy";

/// A proxy that refuses everything.
struct Proxy {
    listener: TcpListener,
    address: String,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        Self { listener, address }
    }

    /// With a user and a password.
    fn with_login(&self) -> String {
        format!("http://user:{PASSWORD}@{}", self.address)
    }

    /// Runs the command, and returns the first request that the proxy gets; `None` if it gets
    /// none.
    fn run(&self, run: Dbss) -> (Finished, Option<String>) {
        self.listener.set_nonblocking(true).unwrap();
        let running = std::thread::spawn(move || run.run());
        let mut request = None;
        while !running.is_finished() {
            let Ok((mut connection, _)) = self.listener.accept() else {
                std::thread::yield_now();
                continue;
            };
            connection.set_nonblocking(false).unwrap();
            let mut head = [0; 8192];
            let length = connection.read(&mut head).unwrap();
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            request.get_or_insert(head);
            let refused = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
            connection.write_all(refused.as_bytes()).unwrap();
        }
        (running.join().unwrap(), request)
    }
}

/// A call of a host that is not there.
fn stop(endpoint: &str) -> Dbss {
    Dbss::new(&["instance", "stop", "1d07f606-92d2-441c-b05c-dca47e180552", "--retries", "0"])
        .and(&["--connect-timeout", "500ms", "-vv", "--endpoint", endpoint])
        .env("DBSS_TOKEN", "t0ken")
        .env("DBSS_PROJECT_ID", "0123456789abcdef0123456789abcdef")
}

/// An address of nobody (RFC 5737).
const NOBODY: &str = "https://198.51.100.1";

#[test]
fn calls_through_the_proxy_of_the_flag_or_of_the_environment() {
    let proxy = Proxy::start();
    let with_login = proxy.with_login();
    for (name, run) in [
        ("--proxy", stop(NOBODY).and(&["--proxy", &with_login])),
        ("--proxy without a scheme", stop(NOBODY).and(&["--proxy", &proxy.address])),
        ("HTTPS_PROXY", stop(NOBODY).env("HTTPS_PROXY", &with_login)),
        ("https_proxy", stop(NOBODY).env("https_proxy", &with_login)),
        ("ALL_PROXY", stop(NOBODY).env("ALL_PROXY", &with_login)),
        ("all_proxy", stop(NOBODY).env("all_proxy", &with_login)),
        (
            "--proxy before HTTPS_PROXY",
            stop(NOBODY).and(&["--proxy", &with_login]).env("HTTPS_PROXY", "http://127.0.0.1:9"),
        ),
    ] {
        let (ran, request) = proxy.run(run);
        let request = request.unwrap_or_else(|| panic!("{name}: {}", ran.stderr));
        assert!(request.starts_with("CONNECT 198.51.100.1:443 "), "{name}: {request}");
        assert!(!request.contains("t0ken"), "{name}: {request}");
        assert_eq!(ran.code, 3, "{name}: {}", ran.stderr);
        assert!(!ran.stderr.contains(PASSWORD), "{name}: {}", ran.stderr);
    }
}

#[test]
fn calls_directly_what_no_proxy_has() {
    let proxy = Proxy::start();
    for (variable, value) in [
        ("NO_PROXY", "198.51.100.0/24"),
        ("no_proxy", "example.com, 198.51.100.1"),
        ("NO_PROXY", "*"),
    ] {
        let run = stop(NOBODY).env("HTTPS_PROXY", &proxy.with_login()).env(variable, value);
        let (ran, request) = proxy.run(run);
        assert_eq!((ran.code, request), (3, None), "{variable}={value}: {}", ran.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_loopback_addresses_directly() {
    let emulator = emulator().await;
    let proxy = Proxy::start();
    let of = |emulator: &Emulator| {
        emulator.reset();
        Dbss::with(emulator, &["instance", "stop", emulator.instance_id()])
    };
    for run in [
        of(&emulator).and(&["--proxy", &proxy.address]),
        of(&emulator).env("HTTP_PROXY", &proxy.address).env("ALL_PROXY", &proxy.address),
        of(&emulator).env("http_proxy", &proxy.address).and(&["--plain-http"]),
    ] {
        emulator.reset();
        let (ran, request) = proxy.run(run);
        assert_eq!((ran.code, request), (0, None), "{}", ran.stderr);
    }
}

#[test]
fn sends_clear_text_to_a_proxy_only_if_it_is_asked_for_by_name() {
    let proxy = Proxy::start();
    let http = || stop("http://198.51.100.1").and(&["--proxy", &proxy.address]);
    let (ran, request) = proxy.run(http());
    assert_eq!((ran.code, request), (2, None), "{}", ran.stderr);
    assert!(ran.stderr.contains("clear text"), "{}", ran.stderr);
    assert!(ran.stderr.contains("--plain-http"), "{}", ran.stderr);
    for run in [
        http().and(&["--plain-http"]),
        stop("http://198.51.100.1").and(&["--plain-http"]).env("HTTP_PROXY", &proxy.address),
    ] {
        let (_, request) = proxy.run(run);
        assert!(request.unwrap().starts_with("POST http://198.51.100.1/v1/"));
    }
}

#[test]
fn rejects_proxies_that_cannot_be_used() {
    for (run, parts) in [
        (stop(NOBODY).and(&["--proxy", "socks5://proxy.example.com"]), ["--proxy", "SOCKS"]),
        (stop(NOBODY).env("ALL_PROXY", "socks5h://u:pa55@proxy"), ["ALL_PROXY", "SOCKS"]),
        (stop(NOBODY).env("https_proxy", "ftp://proxy.example.com"), ["https_proxy", "ftp"]),
        (stop(NOBODY).and(&["--proxy", "http://[::1"]), ["--proxy", "URL"]),
    ] {
        let ran = run.run();
        assert_eq!(ran.code, 2, "{parts:?}: {}", ran.stderr);
        for part in parts {
            assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
        }
        assert!(!ran.stderr.contains("pa55"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("ClientBuilder"), "{}", ran.stderr);
    }
}

/// The PEM of an authority, and the address of a server with a certificate of it.
async fn https() -> (String, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new([Ipv4Addr::LOCALHOST.to_string()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap().der().clone();
    let provider = rustls::crypto::ring::default_provider();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(connection).await else { continue };
            let _ = stream.read(&mut [0; 8192]).await;
            let response = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                            connection: close\r\ncontent-length: 20\r\n\r\n{\"result\":\"success\"}";
            let _ = stream.write_all(response.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (pem, address)
}

#[tokio::test(flavor = "multi_thread")]
async fn trusts_the_authorities_of_files() {
    let (pem, address) = https().await;
    let (other, _) = https().await;
    let home = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (right, wrong) = (file("right.pem", &pem), file("wrong.pem", &other));
    let refused = stop(&address).run();
    assert_eq!(refused.code, 3, "{}", refused.stderr);
    for (name, run) in [
        ("--ca-file", stop(&address).and(&["--ca-file", &right])),
        ("several", stop(&address).and(&["--ca-file", &wrong, "--ca-file", &right])),
        ("SSL_CERT_FILE", stop(&address).env("SSL_CERT_FILE", &right)),
        ("both", stop(&address).env("SSL_CERT_FILE", &wrong).and(&["--ca-file", &right])),
        (
            "home",
            stop(&address)
                .env("HOME", home.path().to_str().unwrap())
                .env("USERPROFILE", home.path().to_str().unwrap())
                .and(&["--ca-file=~/right.pem"]),
        ),
    ] {
        let ran = run.run();
        assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
    }
    for run in
        [stop(&address).and(&["--ca-file", &wrong]), stop(&address).env("SSL_CERT_FILE", &wrong)]
    {
        let ran = run.run();
        assert_eq!(ran.code, 3, "{}", ran.stderr);
    }
}

#[test]
fn rejects_certificate_files_without_certificates() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let folder = directory.path().to_str().unwrap();
    for path in [
        file("empty", ""),
        file("text", "no certificate"),
        folder.to_owned(),
        "/no/such".to_owned(),
    ] {
        for (name, run) in [
            ("--ca-file", stop(NOBODY).and(&["--ca-file", &path])),
            ("SSL_CERT_FILE", stop(NOBODY).env("SSL_CERT_FILE", &path)),
        ] {
            let ran = run.run();
            assert_eq!(ran.code, 2, "{name} {path}: {}", ran.stderr);
            for part in [name, &path] {
                assert!(ran.stderr.contains(part), "{name} {path}: {}", ran.stderr);
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn ends_at_the_time_limit_while_it_reads_certificates() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("pipe");
    let path = pipe.to_str().unwrap();
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    for run in [
        stop(NOBODY).and(&["--ca-file", path, "--timeout", "300ms"]),
        stop(NOBODY).env("SSL_CERT_FILE", path).and(&["--timeout", "300ms"]),
    ] {
        let ran = run.run();
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        assert!(ran.stderr.contains("--ca-file and SSL_CERT_FILE"), "{}", ran.stderr);
    }
}
