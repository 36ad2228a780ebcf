//! Prints results to standard output and errors to standard error, and gives the
//! exit status.

use std::io::{self, Write as _};

use crate::colour;
use crate::exit_status::ExitStatus;
use crate::failure::{Cause, Failure};
use crate::global_options::OutputFormat;
use crate::output::{Output, Warning};
use crate::render::{self, Rendered};
use crate::signals::Interrupts;
use crate::terminal;

/// Prints results, errors and warnings in one format.
pub(crate) struct Printer {
    format: OutputFormat,
    verbose: bool,
    /// In JSON format, warnings wait here for the result or the error.
    warnings: Vec<Warning>,
}

impl Printer {
    pub(crate) fn new(format: OutputFormat, verbose: bool) -> Self {
        Self { format, verbose, warnings: Vec::new() }
    }

    /// Prints a warning; in JSON format together with the result.
    pub(crate) fn warn(&mut self, warning: Warning) {
        if warning.is_only_for_verbose() && !self.verbose {
            return;
        }
        match self.format {
            OutputFormat::Json => self.warnings.push(warning),
            _ => write_stderr(&render::warning(&warning, self.format)),
        }
    }

    /// Prints the result of a command that calls nothing.
    pub(crate) fn print(&self, result: Result<Output, Failure>) -> ExitStatus {
        let failure = match result {
            Ok(output) => match write(&self.rendered(&output)) {
                Ok(()) => return output.exit_status(),
                Err(error) => output.into_failure(Cause::OutputNotWritten(error)),
            },
            Err(failure) => failure,
        };
        write_stderr(&self.rendered_failure(&failure));
        failure.exit_status()
    }

    /// Prints the result of a call. A signal ends it also if nobody reads what is printed.
    pub(crate) async fn print_call(
        &self,
        result: Result<Output, Failure>,
        interrupts: &mut Interrupts,
    ) -> ExitStatus {
        let failure = match result {
            Ok(output) => {
                let rendered = self.rendered(&output);
                match unless_interrupted(interrupts, move || write(&rendered)).await {
                    Some(Ok(())) => return output.exit_status(),
                    Some(Err(error)) => output.into_failure(Cause::OutputNotWritten(error)),
                    None => output.into_failure(Cause::Interrupted),
                }
            }
            Err(failure) => failure,
        };
        let text = self.rendered_failure(&failure);
        unless_interrupted(interrupts, move || write_stderr(&text)).await;
        failure.exit_status()
    }

    fn rendered(&self, output: &Output) -> Rendered {
        let mut rendered = render::output(output, self.format, terminal::width());
        for warning in self.warnings.iter().rev() {
            rendered.stderr.insert_str(0, &render::warning(warning, self.format));
        }
        rendered
    }

    fn rendered_failure(&self, failure: &Failure) -> String {
        render::failure(failure, &self.warnings, self.format, self.verbose)
    }
}

/// Writes on a thread of its own; `None` if a signal comes first.
async fn unless_interrupted<T: Send + 'static>(
    interrupts: &mut Interrupts,
    write: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let written = tokio::task::spawn_blocking(write);
    tokio::select! {
        // What is written is written.
        biased;
        written = written => written.ok(),
        () = interrupts.next() => None,
    }
}

fn write(rendered: &Rendered) -> io::Result<()> {
    write_stderr(&rendered.stderr);
    let mut stdout = colour::stdout();
    match write!(stdout, "{}", rendered.stdout).and_then(|()| stdout.flush()) {
        // The reader closed the pipe, as `head` does: not an error.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Writes to standard error. A failure to do so cannot be reported anywhere.
pub(crate) fn write_stderr(text: &str) {
    let mut stderr = colour::stderr();
    let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
}
