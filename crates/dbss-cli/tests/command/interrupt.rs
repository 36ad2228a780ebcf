//! Ctrl-C and SIGTERM.

#![cfg(unix)]

use std::io::Read as _;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::dbss::{Dbss, Finished};

const INSTANCE: &str = "1d07f606-92d2-441c-b05c-dca47e180552";

/// Runs the command until its request has arrived up to `end`, then sends the signal.
fn interrupted(
    signal: &str,
    output: &str,
    end: &[u8],
    configure: impl Fn(Dbss, &str) -> Dbss,
) -> Finished {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let mut run =
        configure(Dbss::new(&["instance", "stop", INSTANCE, "--output", output]), &endpoint);
    let child = run.start_piped();
    let (mut stream, _) = listener.accept().unwrap();
    let mut read = Vec::new();
    while !read.ends_with(end) {
        let mut more = [0; 4096];
        let count = stream.read(&mut more).unwrap();
        assert!(count > 0, "the request ends early");
        read.extend_from_slice(&more[..count]);
    }
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-s", signal, &id]).stdin(Stdio::null()).status();
    assert!(sent.unwrap().success());
    Finished::wait_for(child, String::new())
}

fn calling(run: Dbss, endpoint: &str) -> Dbss {
    run.env("DBSS_ENDPOINT", endpoint)
        .env("DBSS_TOKEN", "token")
        .env("DBSS_PROJECT_ID", "0123456789abcdef0123456789abcdef")
}

#[test]
fn reports_no_effect_when_interrupted_during_the_project_lookup() {
    let ran = interrupted("INT", "table", b"\r\n\r\n", |run, endpoint| {
        run.env("DBSS_REGION", "cn-north-4")
            .env("HUAWEICLOUD_SDK_IAM_ENDPOINT", endpoint)
            .env("HUAWEICLOUD_SDK_AK", "AK")
            .env("HUAWEICLOUD_SDK_SK", "SK")
    });
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    assert_eq!(
        ran.stderr,
        format!("error: interrupted before the request was sent\nnot stopped  {INSTANCE}\n")
    );
}

#[test]
fn reports_that_an_interrupted_request_may_have_taken_effect() {
    for signal in ["INT", "TERM"] {
        let ran = interrupted(signal, "json", b"}", calling);
        assert_eq!(ran.kind(), ("interrupted".into(), 3));
        let error = ran.error();
        assert_eq!(error.get("message").unwrap(), "interrupted; the request may have taken effect");
        assert_eq!(error.get("attempts").and_then(Value::as_u64), Some(1));
        assert_eq!(error.get("operation").unwrap(), "StopAuditInstance");
    }
    let ran = interrupted("INT", "table", b"}", calling);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    assert_eq!(
        ran.stderr,
        format!("error: interrupted; the request may have taken effect\nunknown  {INSTANCE}\n")
    );
}
