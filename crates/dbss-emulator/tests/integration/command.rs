//! The command `dbss-emulator`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};

use crate::common::{stop_path, try_send, with_token};
use http::Request;
use serde_json::{Value, json};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dbss-emulator"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The running command; killed when dropped.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) ready: Value,
}

impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::without_ready_line(arguments).with_ready_line()
    }

    /// The command, which may have that many files open.
    #[cfg(unix)]
    pub(crate) fn start_with_open_files(limit: usize) -> Self {
        let mut shell = Command::new("sh");
        let script = format!("ulimit -n {limit}; exec \"$0\" --port 0 --ready-json --quiet");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_dbss-emulator")]);
        let child = shell.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        Self { child, ready: Value::Null }.with_ready_line()
    }

    fn with_ready_line(mut self) -> Self {
        let mut line = String::new();
        BufReader::new(self.child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        self.ready = serde_json::from_str(&line).unwrap();
        self
    }

    /// Does not wait for the ready line.
    pub(crate) fn without_ready_line(arguments: &[&str]) -> Self {
        let child = command(&["--port", "0", "--ready-json"]).args(arguments).spawn().unwrap();
        Self { child, ready: Value::Null }
    }

    /// A number of KiB that Linux tells of the process.
    #[cfg(target_os = "linux")]
    fn memory_kib(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// The resident memory.
    #[cfg(target_os = "linux")]
    pub(crate) fn resident_kib(&self) -> u64 {
        self.memory_kib("VmRSS:")
    }

    /// The most that the resident memory has been.
    #[cfg(target_os = "linux")]
    pub(crate) fn peak_kib(&self) -> u64 {
        self.memory_kib("VmHWM:")
    }

    pub(crate) fn field(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap_or_default()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.field("endpoint").strip_prefix("http://").unwrap().parse().unwrap()
    }

    /// Calls `StopAuditInstance` for the first instance and returns the status.
    async fn stop(&self, token: &str) -> u16 {
        let body = json!({"instance_id": self.ready["instances"][0]["id"]}).to_string();
        let request = with_token(Request::post(stop_path(self.field("project_id"))), token);
        try_send(self.address(), request.body(body).unwrap()).await.unwrap().status
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Waits for the end and returns the exit code and standard error.
    fn end(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (code, log)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn prints_a_ready_line_with_what_a_call_needs() {
    let running = Running::start(&[]);
    assert_eq!(running.stop(running.field("token")).await, 200);
    let expected = json!({
        "region": "cn-north-4",
        "project_id": "0123456789abcdef0123456789abcdef",
        "account": "dbss-account",
        "token": "emulator-token",
        "access_key": "EMULATORAK0123456789",
        "secret_key": "emulator-secret-key-not-real-0123456789a",
        "user": "dbss-operator",
        "password": "local-password-1",
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&running.ready[name], value, "{name}");
    }
    let first = &running.ready["instances"][0];
    assert_eq!(first["status"], "ACTIVE");
    assert_eq!(first["scopes"][0], json!({"id": "ne-pwZgBxmBODPrxTO7F", "enabled": true}));
    assert_eq!(running.field("admin"), format!("{}/_emulator", running.field("endpoint")));
}

#[cfg(unix)]
#[tokio::test]
async fn exits_with_0_after_sigint_and_sigterm() {
    for name in ["INT", "TERM"] {
        let running = Running::start(&[]);
        running.stop("emulator-token").await;
        running.stop("unknown-secret").await;
        running.signal(name);
        let (code, log) = running.end();
        assert_eq!(code, Some(0), "{name}: {log}");
        let lines: Vec<_> = log.lines().collect();
        let [accepted, rejected] = lines[..] else { panic!("{log}") };
        let path = stop_path("0123456789abcdef0123456789abcdef");
        assert!(
            accepted.starts_with(&format!("POST {path} 200 StopAuditInstance request_id=")),
            "{log}"
        );
        assert!(
            rejected.starts_with(&format!("POST {path} 401 StopAuditInstance request_id=")),
            "{log}"
        );
        assert!(!log.contains("emulator-token") && !log.contains("unknown-secret"), "{log}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn applies_its_options() {
    let running = Running::start(&[
        "--quiet",
        "--admin",
        "off",
        "--error-shape",
        "flat",
        "--task-duration",
        "0s",
        "--fault",
        "response,status=503,times=1",
        "--fault",
        r#"{"kind":"html","status":502}"#,
    ]);
    assert_eq!(running.ready["admin"], Value::Null);
    assert_eq!(running.stop("emulator-token").await, 503);
    assert_eq!(running.stop("emulator-token").await, 502);
    assert_eq!(running.stop("emulator-token").await, 200);
    assert_eq!(running.stop("emulator-token").await, 400);
    running.signal("TERM");
    assert_eq!(running.end(), (Some(0), String::new()));
}

#[tokio::test]
async fn uses_a_state_file_and_prints_its_secrets_only_on_request() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        file.path(),
        "tokens:\n  - {token: secret-of-the-file, user: dbss-operator, project_id: 0123456789abcdef0123456789abcdef}\n\
         instances:\n  - {id: 00000000000000000000000000000001, status: ACTIVE}\n",
    )
    .unwrap();
    let path = file.path().to_str().unwrap();
    let running = Running::start(&["--state", path]);
    assert_eq!(running.ready.get("token"), None);
    assert_eq!(running.ready["instances"][0]["id"], "00000000000000000000000000000001");
    assert_eq!(running.stop("secret-of-the-file").await, 200);
    assert_eq!(running.stop("emulator-token").await, 401);
    let running = Running::start(&["--state", path, "--show-secrets"]);
    assert_eq!(running.field("token"), "secret-of-the-file");
}

#[tokio::test]
async fn accepts_the_printed_state_as_a_state_file() {
    let printed = run(&["--print-state"]);
    assert!(printed.status.success());
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &printed.stdout).unwrap();
    let running = Running::start(&["--state", file.path().to_str().unwrap()]);
    assert_eq!(running.stop("emulator-token").await, 200);
}

#[test]
fn returns_2_with_a_reason_when_it_cannot_start() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "instances:\n  - {id: short}\n").unwrap();
    let invalid = file.path().to_str().unwrap();
    let other = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(other.path(), "region: a\nregoin: b\n").unwrap();
    let misspelt = other.path().to_str().unwrap();
    for (arguments, parts) in [
        (
            &["--state", "does-not-exist.yaml"][..],
            &["cannot use the state file does-not-exist.yaml"][..],
        ),
        (
            &["--state", invalid],
            &["cannot start", "instance `short`: its id is shorter than 32 characters"],
        ),
        (&["--state", misspelt], &["unknown field `regoin`", "line 2"]),
        (&["--fault", "explode"], &["`explode` is not a fault"]),
        (&["--random-faults", "2"], &["not a number from 0 to 1"]),
        (&["--task-duration", "soon"], &["not a time like"]),
        (&["--prot", "1"], &["unexpected argument"]),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        for part in parts {
            assert!(text(&output.stderr).contains(part), "{arguments:?}: {}", text(&output.stderr));
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn returns_2_when_its_reason_cannot_be_written() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = command(&["--state", "does-not-exist.yaml"]);
    assert_eq!(command.stderr(full).status().unwrap().code(), Some(2));
}

#[cfg(unix)]
#[test]
fn returns_2_when_the_state_file_never_ends() {
    let output = run(&["--state", "/dev/zero"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("larger than"), "{}", text(&output.stderr));
}

#[test]
fn prints_no_password_of_an_address() {
    for address in [
        "https://user:pa55@iam.example.com",
        "user:pa55@iam.example.com",
        "https://user:a b'pa55@iam.example.com",
    ] {
        let fault = format!("answer,bodyy={address}");
        for arguments in [
            &[address][..],
            &["--host", address],
            &["--port", address],
            &["--state", address],
            &["--no-such-option", address],
            &["--fault", address],
            &["--fault", &fault],
            &[&format!("--admin={address}")],
        ] {
            let output = run(arguments);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}");
            let printed = format!("{}{}", text(&output.stdout), text(&output.stderr));
            assert!(!printed.contains("pa55"), "{arguments:?}: {printed}");
        }
    }
}

#[test]
fn escapes_control_characters_of_a_state_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let state = "account: {id: a, name: \"b\\e[2Jc\"}\n\
                 instances:\n  - {id: \"\\e[31m0000000000000000000000000000\", scopes: [{id: \"x\\ny\", enabled: true}]}\n";
    std::fs::write(file.path(), state).unwrap();
    let path = file.path().to_str().unwrap();
    let mut child = command(&["--port", "0", "--show-secrets", "--state", path]).spawn().unwrap();
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines().map(Result::unwrap);
    let shown: Vec<_> = lines.take_while(|line| !line.starts_with("Ctrl-C")).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    let shown = shown.join("|");
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
    for part in [r"b\u{1b}[2Jc", r"\u{1b}[31m0000", r"x\ny"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn says_what_it_means_to_listen_on_all_interfaces() {
    let running = Running::start(&["--host", "0.0.0.0", "--allow-host", "emulator"]);
    running.signal("TERM");
    let (code, log) = running.end();
    assert_eq!(code, Some(0));
    assert!(log.contains("every machine that reaches this one"), "{log}");
}

#[cfg(unix)]
#[tokio::test]
async fn prints_addresses_that_work_and_what_to_pass_when_it_listens_on_all_interfaces() {
    for host in ["0.0.0.0", "::"] {
        let running = Running::start(&["--host", host]);
        // From this machine.
        let endpoint = running.field("endpoint").to_owned();
        assert!(endpoint.contains("127.0.0.1") || endpoint.contains("[::1]"), "{endpoint}");
        assert_eq!(running.stop("emulator-token").await, 200);
        // From another one, if this one has a network. Without one there is no such address.
        let Some(network) = running.ready.get("network_endpoint").and_then(Value::as_str) else {
            continue;
        };
        assert!(!["0.0.0.0", "127.", "[::]", "[::1]"].iter().any(|part| network.contains(part)));
        let authority: SocketAddr = network.strip_prefix("http://").unwrap().parse().unwrap();
        assert_eq!(authority.port().to_string(), endpoint.rsplit(':').next().unwrap());
        let request = with_token(Request::get("/v3/projects"), "emulator-token");
        let response = try_send(authority, request.body(String::new()).unwrap()).await.unwrap();
        assert_eq!(response.status, 200);
    }
    // A loopback address is all there is then.
    assert_eq!(Running::start(&[]).ready.get("network_endpoint"), None);

    let text = first_lines(&["--host", "0.0.0.0"]);
    assert!(!text.contains("http://0.0.0.0"), "{text}");
    assert!(text.contains("http://127.0.0.1:"), "{text}");
    for part in ["--plain-http", "--iam-endpoint", "--allow-host NAME"] {
        let has_network = text.contains("From other machines");
        assert!(!has_network || text.contains(part), "{part}: {text}");
    }
    assert!(!first_lines(&[]).contains("--plain-http"));
}

/// The message for people, up to its last line.
#[cfg(unix)]
fn first_lines(arguments: &[&str]) -> String {
    let mut child = command(&["--port", "0"]).args(arguments).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut text = String::new();
    for line in lines {
        text = format!("{text}{line}\n");
        if line == "Ctrl-C stops it." {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    text
}

#[test]
fn prints_help_with_credentials_faults_and_the_admin_path() {
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    let help = text(&help.stdout);
    for part in [
        "emulator-token",
        "EMULATORAK0123456789",
        "HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4",
        "X-Auth-Token",
        "retry_after_date",
        "/_emulator/requests",
        "--ready-json",
        "Exit code",
    ] {
        assert!(help.contains(part), "{part}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 100), "a line is too long");
}
