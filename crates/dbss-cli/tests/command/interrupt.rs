//! Ctrl-C and SIGTERM.

#![cfg(unix)]

use std::io::Read as _;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use dbss_emulator::{Fault, StatusCode};
use serde_json::{Value, json};

use crate::dbss::{Dbss, Finished, emulator};

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
    send(signal, child.id());
    Finished::wait_for(child, String::new())
}

pub(crate) fn send(signal: &str, id: u32) {
    let mut kill = Command::new("kill");
    let sent = kill.args(["-s", signal, &id.to_string()]).stdin(Stdio::null()).status();
    assert!(sent.unwrap().success());
}

/// Sends the signal, which has to end the command; it is killed if it does not.
fn ended_by(signal: &str, child: Child) -> Finished {
    send(signal, child.id());
    ended(child)
}

/// The command, which has to end; it is killed if it does not.
fn ended(child: Child) -> Finished {
    let id = child.id();
    let (sender, receiver) = mpsc::channel();
    let waiting = std::thread::spawn(move || {
        let ended = Finished::wait_for(child, String::new());
        let _ = sender.send(());
        ended
    });
    let in_time = receiver.recv_timeout(Duration::from_secs(20)).is_ok();
    if !in_time {
        send("KILL", id);
    }
    let ended = waiting.join().unwrap();
    assert!(in_time, "the command did not end: {}", ended.stderr);
    ended
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
        assert_eq!(ran.kind(), ("interrupted".into(), 5));
        let error = ran.error();
        assert_eq!(error.get("message").unwrap(), "interrupted; the request may have taken effect");
        assert_eq!(error.get("attempts").and_then(Value::as_u64), Some(1));
        assert_eq!(error.get("operation").unwrap(), "StopAuditInstance");
    }
    let ran = interrupted("INT", "table", b"}", calling);
    assert_eq!((ran.code, ran.stdout.as_str()), (5, ""));
    assert_eq!(
        ran.stderr,
        format!("error: interrupted; the request may have taken effect\nunknown  {INSTANCE}\n")
    );
}

/// Command lines that read from a named pipe, and ones that read from standard input.
fn readers(pipe: &str) -> [(Vec<String>, &'static str); 6] {
    let words = |line: &str| line.split(' ').map(str::to_owned).collect();
    [
        (words(&format!("api StopAuditInstance --body @{pipe}")), "the body"),
        (words(&format!("instance stop {INSTANCE} --profile {pipe}")), "the profile"),
        (words(&format!("instance stop {INSTANCE} --profile {pipe}#ops")), "the profile"),
        (words("api StopAuditInstance --body -"), "the body"),
        (words(&format!("policy disable --instance {INSTANCE} -")), "the ids"),
        (words(&format!("instance stop {INSTANCE} --token -")), "the token"),
    ]
}

/// The command with the words of a line, calling nobody.
fn reading(line: &[String]) -> Dbss {
    let words: Vec<_> = line.iter().map(String::as_str).collect();
    calling(Dbss::new(&words), "http://127.0.0.1:9")
}

fn named_pipe(directory: &tempfile::TempDir) -> String {
    let pipe = directory.path().join("pipe");
    let path = pipe.to_str().unwrap();
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    path.to_owned()
}

#[test]
fn ends_at_the_time_limit_while_it_reads() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = named_pipe(&directory);
    for (line, what) in readers(&pipe) {
        // A pipe that nobody opens for writing, and one that somebody does.
        for writes in [false, true] {
            let writer = writes
                .then(|| std::fs::File::options().read(true).write(true).open(&pipe).unwrap());
            let run = reading(&line).and(&["--timeout", "300ms", "--output", "json"]);
            let (child, stdin) = run.start_with_open_stdin();
            let ran = ended(child);
            assert_eq!(ran.kind(), ("timeout".into(), 3), "{line:?}: {}", ran.stderr);
            let error = ran.error();
            let message = error.get("message").and_then(Value::as_str).unwrap();
            assert!(message.contains(what), "{line:?}: {message}");
            assert!(message.contains("--timeout"), "{line:?}: {message}");
            assert_eq!(error.get("may_have_taken_effect"), Some(&Value::Bool(false)));
            drop((stdin, writer));
        }
    }
    // So it is for the profile file that a variable names.
    let run = reading(&["instance".to_owned(), "stop".to_owned(), INSTANCE.to_owned()])
        .without("DBSS_TOKEN")
        .env("HUAWEICLOUD_SDK_CREDENTIALS_FILE", &pipe)
        .and(&["--timeout", "300ms", "--output", "json"]);
    let (child, _stdin) = run.start_with_open_stdin();
    assert_eq!(ended(child).kind(), ("timeout".into(), 3));
}

#[test]
fn ends_when_interrupted_while_it_reads_standard_input() {
    for (line, _) in readers("no-pipe").iter().skip(3) {
        for signal in ["INT", "TERM"] {
            let (child, stdin) = reading(line).start_with_open_stdin();
            wait_until_it_handles_signals(child.id());
            let ran = ended_by(signal, child);
            assert_eq!(ran.code, 3, "{line:?}: {}", ran.stderr);
            assert!(ran.stderr.contains("before the request was sent"), "{}", ran.stderr);
            drop(stdin);
        }
    }
}

/// Until then a signal ends the process by itself.
fn wait_until_it_handles_signals(id: u32) {
    let begun = std::time::Instant::now();
    let caught = |status: String| {
        let line = status.lines().find_map(|line| line.strip_prefix("SigCgt:"))?.trim().to_owned();
        // SIGTERM is number 15.
        Some(u64::from_str_radix(&line, 16).unwrap_or_default() & (1 << 14) != 0)
    };
    while begun.elapsed() < Duration::from_secs(20) {
        match std::fs::read_to_string(format!("/proc/{id}/status")).map(caught) {
            Ok(Some(false)) => std::thread::yield_now(),
            // Caught, or a system without `/proc`.
            _ => return,
        }
    }
}

#[test]
fn ends_when_interrupted_while_it_reads_a_pipe() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = named_pipe(&directory);
    for (line, _) in readers(&pipe).iter().take(3) {
        for signal in ["INT", "TERM"] {
            let child = reading(line).start_piped();
            // Opens once the command reads; what it reads never comes.
            let writer = std::fs::File::options().write(true).open(&pipe).unwrap();
            let ran = ended_by(signal, child);
            assert_eq!(ran.code, 3, "{}", ran.stderr);
            assert!(ran.stderr.contains("before the request was sent"), "{}", ran.stderr);
            drop(writer);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ends_when_interrupted_while_its_output_is_not_read() {
    let emulator = emulator().await;
    let instance = emulator.instance_id();
    let body = json!({"result": "success", "more": "x".repeat(500_000)}).to_string();
    let line = json!({"instance_id": instance}).to_string();
    for output in ["table", "json"] {
        emulator.add_fault(Fault::response(StatusCode::OK).body(&body));
        let mut run = Dbss::with(&emulator, &["api", "StopAuditInstance", "--body", &line])
            .and(&["--output", output]);
        let mut child = run.start_piped();
        // The pipe is full long before the output ends.
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0]).unwrap();
        let ran = ended_by("INT", child);
        assert_eq!(ran.code, 5, "{}", ran.stderr);
        assert!(ran.stderr.contains("interrupted"), "{}", ran.stderr);
        assert!(ran.stderr.contains("StopAuditInstance"), "{}", ran.stderr);
        drop(stdout);
    }
}
