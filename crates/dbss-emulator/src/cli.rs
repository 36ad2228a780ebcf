//! What the command does: start, say so, serve until told to stop.

mod arguments;
mod ready;
mod signals;

use std::error::Error;
use std::fmt;
use std::io::Write as _;

use dbss_emulator::{RecordedRequest, State};

pub(crate) use self::arguments::Arguments;

/// Why the command could not do its work.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// What was tried, and each cause in turn.
    fn new(what: impl fmt::Display, cause: &dyn Error) -> Self {
        let mut text = format!("{what}: {cause}");
        let mut deeper = cause.source();
        while let Some(cause) = deeper {
            text = format!("{text}: {cause}");
            deeper = cause.source();
        }
        Self(text)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Runs the command until it is told to stop.
pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    if arguments.print_state {
        return say(State::DEFAULT_YAML);
    }
    // Before the ready line: whoever reads it may stop us right away.
    let mut signals = signals::Signals::new()
        .map_err(|cause| Failure::new("cannot watch for signals", &cause))?;
    let own_state = arguments.state.as_deref().map(read_state).transpose()?;
    let from_file = own_state.is_some();
    let mut builder = arguments.builder();
    if let Some(state) = own_state {
        builder = builder.state(state);
    }
    if !arguments.quiet {
        builder = builder.on_answer(log);
    }
    let emulator = builder.start().await.map_err(|cause| Failure::new("cannot start", &cause))?;
    let ready = ready::Ready::new(&emulator, !from_file || arguments.show_secrets);
    say(&if arguments.ready_json { ready.json() } else { ready.text() })?;
    signals.next().await;
    tokio::select! {
        () = emulator.shutdown() => {}
        // Whoever asks twice means it.
        () = signals.next() => {}
    }
    Ok(())
}

fn read_state(path: &std::path::Path) -> Result<State, Failure> {
    let file = format!("cannot use the state file {}", path.display());
    let text = std::fs::read_to_string(path).map_err(|cause| Failure::new(&file, &cause))?;
    State::from_yaml(&text).map_err(|cause| Failure::new(&file, &cause))
}

/// Writes to standard output, which scripts wait for.
fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text.trim_end())
        .and_then(|()| out.flush())
        .map_err(|cause| Failure::new("cannot write to standard output", &cause))
}

/// One line on standard error for each request.
fn log(request: &RecordedRequest) {
    let status = request.status.map_or_else(|| "cut".to_owned(), |status| status.to_string());
    let mut line = format!("{} {} {status}", request.method, request.path.escape_debug());
    for (name, value) in [("", request.operation), (" fault=", request.fault.as_deref())] {
        if let Some(value) = value {
            line = format!("{line} {name}{value}").replace("  ", " ");
        }
    }
    // A log that cannot be written is no reason to stop.
    let _ = writeln!(std::io::stderr(), "{line} request_id={}", request.request_id);
}
