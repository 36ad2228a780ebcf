//! Prompts without echo: `script` gives the command a terminal.

#![cfg(target_os = "linux")]

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use dbss_emulator::Emulator;
use serde_json::Value;

use crate::dbss::{Dbss, emulator};

/// A command on a terminal.
struct Terminal {
    script: Child,
    keyboard: ChildStdin,
    shown: Receiver<Vec<u8>>,
    /// All that was shown.
    screen: String,
}

impl Terminal {
    /// Runs the command, and `then` in the same shell; `None` if there is no `script` on this
    /// machine.
    fn run(run: Dbss, then: &str) -> Option<Self> {
        Self::run_with(run, "", then)
    }

    /// Likewise, with a redirection of the command.
    fn run_with(run: Dbss, redirection: &str, then: &str) -> Option<Self> {
        let (command, line) = run.into_parts();
        let words: Vec<_> = line.iter().map(|word| format!("'{word}'")).collect();
        // Ctrl-C goes to the shell as well, which goes on.
        let (dbss, words) = (env!("CARGO_BIN_EXE_dbss"), words.join(" "));
        let line = format!("trap : INT; {dbss} {words} {redirection}; {then}");
        let environment = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
        let script = Command::new("script")
            .args(["--quiet", "--return", "--command", &line, "/dev/null"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("SHELL", "/bin/sh")
            .env("TERM", "xterm")
            .envs(environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut script) = script else {
            eprintln!("skipped: there is no `script` on this machine");
            return None;
        };
        let (keyboard, mut output) = (script.stdin.take().unwrap(), script.stdout.take().unwrap());
        let (sender, shown) = mpsc::channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                let _ = sender.send(bytes.get(..count).unwrap_or_default().to_vec());
            }
        });
        Some(Self { script, keyboard, shown, screen: String::new() })
    }

    /// Waits until the text is shown.
    fn expect(&mut self, text: &str) {
        while !self.screen.contains(text) {
            let Ok(bytes) = self.shown.recv_timeout(Duration::from_secs(20)) else {
                panic!("`{text}` is not shown: {}", self.screen)
            };
            self.screen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    fn type_in(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// All that was shown, once the shell has ended.
    fn end(mut self) -> String {
        while let Ok(bytes) = self.shown.recv_timeout(Duration::from_secs(20)) {
            self.screen.push_str(&String::from_utf8_lossy(&bytes));
        }
        drop(self.keyboard);
        self.script.wait().unwrap();
        self.screen
    }
}

fn stop(emulator: &Emulator) -> Dbss {
    Dbss::with(emulator, &["instance", "stop", emulator.instance_id()]).without("DBSS_TOKEN")
}

const EXIT_CODE: &str = "echo exit code $?";

#[tokio::test(flavor = "multi_thread")]
async fn prompts_for_a_token_without_echo() {
    let emulator = emulator().await;
    let Some(mut terminal) = Terminal::run(stop(&emulator).and(&["--token", "-"]), EXIT_CODE)
    else {
        return;
    };
    terminal.expect("Token: ");
    // A mistake that is taken back.
    terminal.type_in(&format!("x\u{7f}{}\r", emulator.token()));
    let screen = terminal.end();
    assert!(screen.contains("exit code 0"), "{screen}");
    assert!(screen.contains("stopping"), "{screen}");
    assert!(!screen.contains(emulator.token()), "{screen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_a_token_that_is_longer_than_a_line_of_a_terminal() {
    let emulator = emulator().await;
    let line = stop(&emulator).and(&["--token", "-", "--output", "json", "--dry-run"]);
    let Some(mut terminal) = Terminal::run(line, EXIT_CODE) else { return };
    terminal.expect("Token: ");
    terminal.type_in(&"t0ken".repeat(2_000));
    terminal.type_in("\r");
    let screen = terminal.end();
    assert!(screen.contains("exit code 0"), "{screen}");
    assert!(!screen.contains("t0ken"), "{screen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn prompts_for_the_password_of_a_login_without_echo() {
    let emulator = emulator().await;
    let login = || {
        stop(&emulator)
            .without("DBSS_PROJECT_ID")
            .and(&["--user", "dbss-operator", "--account", "dbss-account"])
            .and(&["--region", "cn-north-4", "--iam-endpoint", emulator.endpoint()])
    };
    let Some(mut terminal) = Terminal::run(login(), EXIT_CODE) else { return };
    terminal.expect("Password of user dbss-operator of account dbss-account: ");
    terminal.type_in("local-password-1\r");
    let screen = terminal.end();
    assert!(screen.contains("exit code 0"), "{screen}");
    assert!(!screen.contains("local-password-1"), "{screen}");

    // A wrong one is not shown either, and nothing is asked for again.
    emulator.reset();
    let Some(mut terminal) = Terminal::run(login().and(&["-vv"]), EXIT_CODE) else { return };
    terminal.expect("Password of user dbss-operator");
    terminal.type_in("wr0ng-pa55\r");
    let screen = terminal.end();
    assert!(screen.contains("exit code 4"), "{screen}");
    assert!(!screen.contains("wr0ng-pa55"), "{screen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn gives_the_terminal_its_echo_back_when_a_prompt_ends_early() {
    let emulator = emulator().await;
    let line = |more: &[&str]| stop(&emulator).and(&["--token", "-"]).and(more);
    let then = format!("{EXIT_CODE}; stty -a");
    let echoes = |screen: &str| {
        let settings = screen.rsplit("exit code").next().unwrap_or_default();
        settings.contains(" echo ") && settings.contains(" icanon ") && settings.contains("isig")
    };
    // Ctrl-C.
    let Some(mut terminal) = Terminal::run(line(&[]), &then) else { return };
    terminal.expect("Token: ");
    terminal.type_in("half\u{3}");
    let screen = terminal.end();
    assert!(screen.contains("interrupted before the request was sent"), "{screen}");
    assert!(screen.contains("exit code 3") && echoes(&screen), "{screen}");
    assert!(!screen.contains("half"), "{screen}");
    // The time limit.
    let Some(terminal) = Terminal::run(line(&["--timeout", "300ms"]), &then) else { return };
    let screen = terminal.end();
    assert!(screen.contains("exit code 3") && echoes(&screen), "{screen}");
    assert!(screen.contains("--timeout"), "{screen}");
    // The end of the input, with nothing typed.
    let Some(mut terminal) = Terminal::run(line(&[]), &then) else { return };
    terminal.expect("Token: ");
    terminal.type_in("\u{4}");
    let screen = terminal.end();
    assert!(screen.contains("exit code 4") && echoes(&screen), "{screen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ends_at_the_time_limit_while_somebody_could_type() {
    let emulator = emulator().await;
    let line = Dbss::with(&emulator, &["api", "StopAuditInstance", "--body", "-"])
        .and(&["--timeout", "300ms"]);
    let Some(terminal) = Terminal::run(line, EXIT_CODE) else { return };
    let screen = terminal.end();
    assert!(screen.contains("exit code 3") && screen.contains("--timeout"), "{screen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn prompts_where_standard_input_has_something_else() {
    let emulator = emulator().await;
    let scope = emulator.scope_ids()[0].to_owned();
    let directory = tempfile::tempdir().unwrap();
    let ids = directory.path().join("ids");
    std::fs::write(&ids, scope).unwrap();
    let line = Dbss::with(&emulator, &["policy", "disable", "--instance", emulator.instance_id()])
        .without("DBSS_TOKEN")
        .env("IDS", ids.to_str().unwrap())
        .and(&["-", "--user", "dbss-operator", "--account", "dbss-account"])
        .and(&["--region", "cn-north-4", "--iam-endpoint", emulator.endpoint()]);
    let Some(mut terminal) = Terminal::run_with(line, "< \"$IDS\"", EXIT_CODE) else { return };
    terminal.expect("Password of user");
    terminal.type_in("local-password-1\r");
    let screen = terminal.end();
    assert!(screen.contains("exit code 0") && screen.contains("disabled"), "{screen}");
}

#[test]
fn reports_what_is_missing_where_there_is_no_terminal() {
    // `setsid` gives the command no terminal, as cron does.
    let (command, line) = Dbss::new(&["instance", "stop", "1d07f606-92d2-441c-b05c-dca47e180552"])
        .env("DBSS_ENDPOINT", "http://127.0.0.1:9")
        .and(&["--user", "somebody", "--account", "an-account", "--output", "json"])
        .into_parts();
    let environment = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
    let ran = Command::new("setsid")
        .args(["--wait", env!("CARGO_BIN_EXE_dbss")])
        .args(line)
        .env_clear()
        .envs(environment)
        .stdin(Stdio::null())
        .output();
    let Ok(ran) = ran else {
        eprintln!("skipped: there is no `setsid` on this machine");
        return;
    };
    let stderr = String::from_utf8(ran.stderr).unwrap();
    let report: Value = serde_json::from_str(&stderr).unwrap();
    assert_eq!(ran.status.code(), Some(4), "{stderr}");
    assert_eq!(report.pointer("/error/kind").unwrap(), "credentials");
    assert!(stderr.contains("DBSS_PASSWORD"), "{stderr}");
}
