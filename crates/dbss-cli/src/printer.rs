//! Prints results to standard output and errors to standard error, and gives the
//! exit code.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::colour;
use crate::failure::{Cause, Failure};
use crate::global_options::OutputFormat;
use crate::output::{Output, Warning};
use crate::render::{self, Rendered};

/// Prints results, errors and warnings in one format.
pub(crate) struct Printer {
    format: OutputFormat,
    /// In JSON format, warnings wait here for the result or the error.
    warnings: Vec<Warning>,
}

impl Printer {
    pub(crate) fn new(format: OutputFormat) -> Self {
        Self { format, warnings: Vec::new() }
    }

    /// Prints a warning; in JSON format together with the result.
    pub(crate) fn warn(&mut self, warning: Warning) {
        match self.format {
            OutputFormat::Table => write_stderr(&render::warning(warning, self.format)),
            OutputFormat::Json => self.warnings.push(warning),
        }
    }

    /// Prints the result of the command.
    pub(crate) fn print_result(&self, result: &Result<Output, Failure>) -> ExitCode {
        match result {
            Ok(output) => self.print_output(&render::output(output, self.format)),
            Err(failure) => self.print_failure(failure),
        }
    }

    fn print_output(&self, rendered: &Rendered) -> ExitCode {
        for warning in &self.warnings {
            write_stderr(&render::warning(*warning, self.format));
        }
        write_stderr(&rendered.stderr);
        let mut stdout = colour::stdout();
        match write!(stdout, "{}", rendered.stdout).and_then(|()| stdout.flush()) {
            Ok(()) => ExitCode::SUCCESS,
            // The reader closed the pipe, as `head` does: not an error.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Err(error) => self.print_failure(&Cause::OutputNotWritten(error).into()),
        }
    }

    fn print_failure(&self, failure: &Failure) -> ExitCode {
        write_stderr(&render::failure(failure, &self.warnings, self.format));
        ExitCode::from(failure.exit_code())
    }
}

/// Writes to standard error. A failure to do so cannot be reported anywhere.
fn write_stderr(text: &str) {
    let mut stderr = colour::stderr();
    let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
}
