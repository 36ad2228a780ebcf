//! The command: it starts an emulator, prints how to use it, and serves until a
//! signal ends it.

mod arguments;
mod ready;
mod signals;

use std::error::Error;
use std::fmt;
use std::io::Write as _;

use dbss_client::text::{escaped, with_shown_words, without_login};
use dbss_emulator::{RecordedRequest, State};

pub(crate) use self::arguments::Arguments;

/// What it means to listen on an address that is not a loopback address.
const EXPOSED: &str = "\
warning: every machine that reaches this one on that address can call the emulator, with the\n\
credentials that it prints; start it without --host unless that is meant\n";

/// Why the command failed.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// A message from what failed and its chain of causes.
    fn new(context: impl fmt::Display, cause: &dyn Error) -> Self {
        let mut text = format!("{context}: {cause}");
        let mut source = cause.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Self(text)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Prints why clap rejects the command line, or the help that it asks for, and exits.
pub(crate) fn reject(error: &clap::Error) -> ! {
    let words: Vec<_> =
        std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let text = error.render().to_string();
    let shown = with_shown_words(text.clone(), &words);
    if shown == text {
        error.exit();
    }
    write_log(&shown);
    std::process::exit(error.exit_code())
}

/// Runs the command until a signal ends it.
pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    if arguments.print_state {
        return print(State::DEFAULT_YAML);
    }
    // Before the ready message: a reader of it may send a signal at once.
    let mut signals = signals::Signals::new()
        .map_err(|cause| Failure::new("cannot watch for signals", &cause))?;
    let path = arguments.state.clone();
    let exposed = arguments.is_exposed();
    let reading = tokio::task::spawn_blocking(move || path.as_deref().map(read_state).transpose());
    let file_state = tokio::select! {
        read = reading => {
            read.map_err(|cause| Failure::new("cannot read the state file", &cause))??
        }
        () = signals.first() => return Ok(()),
    };
    let from_file = file_state.is_some();
    let mut builder = arguments.builder();
    if let Some(state) = file_state {
        builder = builder.state(state);
    }
    if !arguments.quiet {
        builder = builder.on_response(log).on_unobserved(log_unobserved);
    }
    let emulator = builder.start().await.map_err(|cause| Failure::new("cannot start", &cause))?;
    if exposed {
        write_log(EXPOSED);
    }
    let ready = ready::ReadyMessage::new(&emulator, !from_file || arguments.show_secrets);
    print(&if arguments.ready_json { ready.json() } else { ready.text() })?;
    signals.first().await;
    emulator.shutdown().await;
    Ok(())
}

fn read_state(path: &std::path::Path) -> Result<State, Failure> {
    let shown = path.to_string_lossy();
    let shown = without_login(&shown);
    let file = format!("cannot use the state file {}", escaped(&shown));
    let opened = std::fs::File::open(path).map_err(|cause| Failure::new(&file, &cause))?;
    State::read_yaml(opened).map_err(|cause| Failure::new(&file, &cause))
}

/// Writes to standard output and flushes it, because scripts wait for the line.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text.trim_end())
        .and_then(|()| out.flush())
        .map_err(|cause| Failure::new("cannot write to standard output", &cause))
}

/// Writes one line for each request to standard error.
fn log(request: &RecordedRequest) {
    let status = request.status.map_or_else(|| "cut".to_owned(), |status| status.to_string());
    let mut line = format!("{} {} {status}", request.method, request.path.escape_debug());
    for (name, value) in [("", request.operation), (" fault=", request.fault.as_deref())] {
        if let Some(value) = value {
            line = format!("{line} {name}{value}").replace("  ", " ");
        }
    }
    write_log(&format!("{line} request_id={}\n", request.request_id));
}

fn log_unobserved(count: u64) {
    let were = if count == 1 { "request was" } else { "requests were" };
    write_log(&format!("{count} {were} not logged: standard error was not read in time\n"));
}

/// Writes a whole line to standard error at once. A failure to do so does not end the command.
pub(crate) fn write_log(line: &str) {
    let _ = std::io::stderr().write_all(line.as_bytes());
}
