//! From the command line to the exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{ArgMatches, FromArgMatches as _};
use clap_complete::Shell;

use crate::failure::{Cause, Failure};
use crate::globals::{Globals, Mode};
use crate::invocation::Invocation;
use crate::outcome::Outcome;
use crate::screen::Screen;
use crate::{arguments, call, log, operations, regions, usage};

/// Runs the command line, whose first part is the name of the program.
pub(crate) fn run(line: &[OsString]) -> ExitCode {
    let parsed = arguments::command().try_get_matches_from(line);
    let parsed = parsed.and_then(|matches| Ok((Globals::from_arg_matches(&matches)?, matches)));
    match parsed {
        Ok((globals, matches)) => {
            let mut screen = Screen::new(globals.output);
            let result = act(&globals, &matches, &mut screen);
            screen.show(&result)
        }
        // What is wrong with the line may come before it says what it wants.
        Err(error) => Screen::new(Mode::guess(line)).show(&usage::outcome(error, line)),
    }
}

fn act(globals: &Globals, matches: &ArgMatches, screen: &mut Screen) -> Result<Outcome, Failure> {
    match subcommand(matches) {
        ("regions", _) => Ok(Outcome::Regions(regions::all())),
        ("completions", matches) => Ok(Outcome::Completions(completions(matches))),
        ("instance", matches) => {
            let (_, matches) = subcommand(matches);
            send(globals, screen, Invocation::stop(matches))
        }
        ("policy", matches) => {
            let (verb, matches) = subcommand(matches);
            send(globals, screen, Invocation::switch(verb == "enable", matches))
        }
        (_, matches) => {
            let (id, matches) = subcommand(matches);
            match operations::find(id) {
                Some(operation) => send(globals, screen, Invocation::of(operation, matches)),
                // clap let nothing else through.
                None => Err(usage::unknown_operation(id.to_owned(), None)),
            }
        }
    }
}

/// The subcommand, which clap insists on.
fn subcommand(matches: &ArgMatches) -> (&str, &ArgMatches) {
    matches.subcommand().unwrap_or(("", matches))
}

fn send(
    globals: &Globals,
    screen: &mut Screen,
    invocation: Invocation,
) -> Result<Outcome, Failure> {
    log::start(globals.verbose);
    // One call at a time has no use for more threads.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Cause::Runtime)?;
    let mut warn = |warning| screen.warn(warning);
    let outcome = runtime.block_on(call::run(globals, invocation, &mut warn));
    // A read of standard input or a look-up of a name may still be under way,
    // and nobody waits for it any more.
    runtime.shutdown_background();
    outcome
}

fn completions(matches: &ArgMatches) -> String {
    let mut script = Vec::new();
    if let Some(shell) = matches.get_one::<Shell>("shell") {
        clap_complete::generate(*shell, &mut arguments::command(), arguments::NAME, &mut script);
    }
    String::from_utf8_lossy(&script).into_owned()
}
