//! What goes to standard output and standard error, and the exit code with it.

use std::io::{self, Write as _};
use std::process::ExitCode;

use serde::Serialize;

use crate::arguments::Mode;
use crate::colour::{self, BAD, CAREFUL};
use crate::failure::Failure;

/// Where results and errors are printed.
pub(crate) struct Screen {
    mode: Mode,
    warnings: Vec<&'static str>,
}

/// The object of a failure.
#[derive(Serialize)]
struct Report<'a> {
    error: &'a Failure,
    /// Standard error must hold one object and nothing else, so warnings go along.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    warnings: &'a [&'static str],
}

impl Screen {
    pub(crate) fn new(mode: Mode) -> Self {
        Self { mode, warnings: Vec::new() }
    }

    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }

    /// Prints a warning; for scripts with the outcome.
    pub(crate) fn warn(&mut self, warning: &'static str) {
        if self.mode == Mode::Table {
            self.complain(&format!("{CAREFUL}warning:{CAREFUL:#} {warning}\n"));
        } else {
            self.warnings.push(warning);
        }
    }

    /// Prints a result, which may be styled.
    pub(crate) fn print(&self, text: &str) -> ExitCode {
        for warning in &self.warnings {
            self.complain(&format!("warning: {warning}\n"));
        }
        let mut stdout = colour::stdout();
        match write!(stdout, "{text}").and_then(|()| stdout.flush()) {
            Ok(()) => ExitCode::SUCCESS,
            // Whoever read it has read enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Err(error) => self.fail(&Failure::unwritten(&error)),
        }
    }

    /// Prints a result as one line of JSON.
    pub(crate) fn print_json(&self, result: &impl Serialize) -> ExitCode {
        self.print(&line(result))
    }

    /// Prints a failure.
    pub(crate) fn fail(&self, failure: &Failure) -> ExitCode {
        self.complain(&match self.mode {
            Mode::Json => line(&Report { error: failure, warnings: &self.warnings }),
            Mode::Table => format!("{BAD}error:{BAD:#} {}", failure.text()),
        });
        ExitCode::from(failure.exit_code())
    }

    /// Writes to standard error. If that does not work there is nobody to tell.
    #[allow(clippy::unused_self, reason = "who prints has a screen")]
    pub(crate) fn complain(&self, text: &str) {
        let mut stderr = colour::stderr();
        let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
    }
}

fn line(value: &impl Serialize) -> String {
    // Text, numbers and JSON itself can always be written as JSON.
    let mut line = serde_json::to_string(value).unwrap_or_default();
    line.push('\n');
    line
}

/// Text of someone else on one line: nothing in it moves the cursor.
pub(crate) fn plain(text: &str) -> String {
    let escape =
        |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() };
    text.chars().map(escape).collect()
}
