//! Runs the command and captures its output.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use dbss_emulator::Emulator;
use serde_json::Value;

/// Another instance of the emulator's default state: it is stopped.
pub(crate) const STOPPED: &str = "2e18f717-a3e3-452d-a16d-edb58f291663";

/// An emulator whose request ids are the same in each run.
pub(crate) async fn emulator() -> Emulator {
    Emulator::builder().seed(7).start().await.unwrap()
}

/// The command with nothing in its environment.
pub(crate) struct Dbss {
    command: Command,
    line: Vec<String>,
    stdin: Option<Vec<u8>>,
}

/// The output of a run.
pub(crate) struct Finished {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    line: String,
}

impl Dbss {
    pub(crate) fn new(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dbss"));
        let no_home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no-home");
        // Windows opens no sockets without this variable.
        let kept = std::env::var_os("SystemRoot").map(|value| ("SystemRoot", value));
        command.env_clear().envs(kept).env("HOME", &no_home).env("USERPROFILE", &no_home);
        // The machine of the test may be an ECS instance.
        command.env("DBSS_METADATA", "off").args(arguments);
        let line = arguments.iter().map(|&word| word.to_owned()).collect();
        Self { command, line, stdin: None }
    }

    /// With the address, the token and the project of an emulator.
    pub(crate) fn with(emulator: &Emulator, arguments: &[&str]) -> Self {
        Self::new(arguments)
            .env("DBSS_ENDPOINT", emulator.endpoint())
            .env("DBSS_TOKEN", emulator.token())
            .env("DBSS_PROJECT_ID", emulator.project_id())
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    pub(crate) fn and(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self.line.extend(arguments.iter().map(|&word| word.to_owned()));
        self
    }

    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(text.into());
        self
    }

    pub(crate) fn stdout(mut self, stdout: impl Into<Stdio>) -> Finished {
        self.command.stdout(stdout);
        self.finish()
    }

    fn start(&mut self) -> Child {
        let stdin = if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() };
        let mut child = self.command.stdin(stdin).stderr(Stdio::piped()).spawn().unwrap();
        if let (Some(text), Some(mut pipe)) = (self.stdin.take(), child.stdin.take()) {
            // The command may end without reading its input: not an error here.
            let _ = pipe.write_all(&text);
        }
        child
    }

    /// Starts the command with its outputs captured.
    #[cfg(unix)]
    pub(crate) fn start_piped(&mut self) -> Child {
        self.command.stdout(Stdio::piped());
        self.start()
    }

    pub(crate) fn run(self) -> Finished {
        self.stdout(Stdio::piped())
    }

    /// Runs the command with `--output json`.
    pub(crate) fn json(self) -> Finished {
        self.and(&["--output", "json"]).run()
    }

    /// Starts the command with a standard input that stays open, and its outputs captured.
    #[cfg(unix)]
    pub(crate) fn start_with_open_stdin(mut self) -> (Child, std::process::ChildStdin) {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        (child, stdin)
    }

    /// The command, to be run by another program.
    #[cfg(target_os = "linux")]
    pub(crate) fn into_parts(self) -> (Command, Vec<String>) {
        (self.command, self.line)
    }

    fn finish(mut self) -> Finished {
        let child = self.start();
        Finished::wait_for(child, format!("dbss {}", self.line.join(" ")))
    }
}

impl Finished {
    pub(crate) fn wait_for(child: Child, line: String) -> Self {
        let output = child.wait_with_output().unwrap();
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            line,
        }
    }

    /// The one object on standard output, with nothing on standard error.
    pub(crate) fn result(&self) -> Value {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{}", self.stdout);
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// The `error` of the one object on standard error, with nothing on standard
    /// output.
    pub(crate) fn error(&self) -> Value {
        assert_eq!(self.stdout, "");
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        let report: Value = serde_json::from_str(&self.stderr).unwrap();
        report.get("error").unwrap().clone()
    }

    /// The kind of the error, and the exit code.
    pub(crate) fn kind(&self) -> (String, i32) {
        let error = self.error();
        (error.get("kind").and_then(Value::as_str).unwrap().to_owned(), self.code)
    }

    /// The command line, both outputs and the exit code, for a snapshot.
    pub(crate) fn transcript(&self) -> String {
        let mut text = format!("$ {}\n", self.line);
        for (name, output) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !output.is_empty() {
                text = format!("{text}--- {name}\n{}\n", output.trim_end());
            }
        }
        format!("{text}--- exit code {}\n", self.code)
    }
}

/// Compares with a file in `tests/snapshots`.
pub(crate) fn assert_snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
