//! What goes to standard output and standard error, and the exit code with it.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::colour;
use crate::failure::{Cause, Failure};
use crate::globals::Mode;
use crate::outcome::{Outcome, Warning};
use crate::render::{self, Printed};

/// Where results and errors are printed.
pub(crate) struct Screen {
    mode: Mode,
    /// Those that are printed with what the command comes to.
    warnings: Vec<Warning>,
}

impl Screen {
    pub(crate) fn new(mode: Mode) -> Self {
        Self { mode, warnings: Vec::new() }
    }

    /// Prints a warning; for scripts with the outcome.
    pub(crate) fn warn(&mut self, warning: Warning) {
        match self.mode {
            Mode::Table => complain(&render::warning(warning, self.mode)),
            Mode::Json => self.warnings.push(warning),
        }
    }

    /// Prints what the command came to.
    pub(crate) fn show(&self, result: &Result<Outcome, Failure>) -> ExitCode {
        match result {
            Ok(outcome) => self.print(&render::outcome(outcome, self.mode)),
            Err(failure) => self.fail(failure),
        }
    }

    fn print(&self, printed: &Printed) -> ExitCode {
        for warning in &self.warnings {
            complain(&render::warning(*warning, self.mode));
        }
        complain(&printed.stderr);
        let mut stdout = colour::stdout();
        match write!(stdout, "{}", printed.stdout).and_then(|()| stdout.flush()) {
            Ok(()) => ExitCode::SUCCESS,
            // Whoever read it has read enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Err(error) => self.fail(&Cause::Unwritten(error).into()),
        }
    }

    fn fail(&self, failure: &Failure) -> ExitCode {
        complain(&render::failure(failure, &self.warnings, self.mode));
        ExitCode::from(failure.exit_code())
    }
}

/// Writes to standard error. If that does not work there is nobody to tell.
fn complain(text: &str) {
    let mut stderr = colour::stderr();
    let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
}
