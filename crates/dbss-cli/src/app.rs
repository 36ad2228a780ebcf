//! From the command line to the exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{ArgMatches, FromArgMatches as _};
use clap_complete::Shell;

use crate::action::Verb;
use crate::failure::{Cause, Failure};
use crate::global_options::{GlobalOptions, OutputFormat};
use crate::invocation::Invocation;
use crate::output::Output;
use crate::printer::Printer;
use crate::{arguments, call, log, operations, regions, usage};

/// Runs the command line; the first argument is the name of the program.
pub(crate) fn run(command_line: &[OsString]) -> ExitCode {
    let parsed = arguments::command().try_get_matches_from(command_line);
    let parsed =
        parsed.and_then(|matches| Ok((GlobalOptions::from_arg_matches(&matches)?, matches)));
    match parsed {
        Ok((options, matches)) => {
            let mut printer = Printer::new(options.output);
            let result = dispatch(&options, &matches, &mut printer);
            printer.print_result(&result)
        }
        // The mistake may stand before `--output`, so clap has not read that option.
        Err(error) => Printer::new(OutputFormat::detect(command_line))
            .print_result(&usage::result(error, command_line)),
    }
}

fn dispatch(
    options: &GlobalOptions,
    matches: &ArgMatches,
    printer: &mut Printer,
) -> Result<Output, Failure> {
    match subcommand(matches) {
        ("regions", _) => Ok(Output::Regions(regions::all())),
        ("completions", matches) => Ok(Output::Completions(completions(matches))),
        ("instance", matches) => {
            let (_, matches) = subcommand(matches);
            call(options, printer, Invocation::instance_stop(matches))
        }
        ("policy", matches) => {
            let (verb, matches) = subcommand(matches);
            let verb = if verb == "enable" { Verb::Enable } else { Verb::Disable };
            call(options, printer, Invocation::policy(verb, matches))
        }
        (_, matches) => {
            let (id, matches) = subcommand(matches);
            match operations::find(id) {
                Some(operation) => call(options, printer, Invocation::api(operation, matches)),
                // clap accepts the ids of operations only.
                None => Err(usage::unknown_operation(id.to_owned(), None)),
            }
        }
    }
}

/// The subcommand, which clap requires.
fn subcommand(matches: &ArgMatches) -> (&str, &ArgMatches) {
    matches.subcommand().unwrap_or(("", matches))
}

fn call(
    options: &GlobalOptions,
    printer: &mut Printer,
    invocation: Invocation,
) -> Result<Output, Failure> {
    log::start(options.verbose);
    // A single call does not benefit from more threads.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Cause::Runtime)?;
    let mut warn = |warning| printer.warn(warning);
    let result = runtime.block_on(call::run(options, invocation, &mut warn));
    // After an interrupt, a blocking read of standard input or a DNS look-up may
    // still be running; dropping the runtime normally would wait for it.
    runtime.shutdown_background();
    result
}

fn completions(matches: &ArgMatches) -> String {
    let mut script = Vec::new();
    if let Some(shell) = matches.get_one::<Shell>("shell") {
        clap_complete::generate(*shell, &mut arguments::command(), arguments::NAME, &mut script);
    }
    String::from_utf8_lossy(&script).into_owned()
}
