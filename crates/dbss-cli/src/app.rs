//! From the command line to the exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{ArgMatches, FromArgMatches as _};
use clap_complete::Shell;

use crate::exit_status::ExitStatus;
use crate::failure::{Cause, Failure};
use crate::global_options::{GlobalOptions, OutputFormat};
use crate::invocation::{Invocation, Purpose};
use crate::output::Output;
use crate::printer::Printer;
use crate::short_forms::{instance, policy};
use crate::signals::Interrupts;
use crate::{arguments, call, log, operations, profiles, regions, usage, whoami};

/// Runs the command line; the first argument is the name of the program.
pub(crate) fn run(command_line: &[OsString]) -> ExitCode {
    let parsed = arguments::command().try_get_matches_from(command_line);
    let parsed =
        parsed.and_then(|matches| Ok((GlobalOptions::from_arg_matches(&matches)?, matches)));
    let status = match parsed {
        Ok((options, matches)) => {
            let printer = Printer::new(options.output, options.verbose > 0);
            match dispatch(&matches).and_then(|task| task.printable_as(options.output)) {
                Ok(Task::Work(work)) => carry_out(&options, printer, &work),
                Ok(Task::Print(output)) => printer.print(Ok(*output)),
                Err(failure) => printer.print(Err(failure)),
            }
        }
        // The mistake may stand before `--output`, so clap has not read that option.
        Err(error) => Printer::new(OutputFormat::detect(command_line), false)
            .print(usage::result(error, command_line)),
    };
    status.into()
}

/// What a command line asks for.
enum Task {
    Print(Box<Output>),
    Work(Work),
}

/// What takes time, and can be interrupted.
enum Work {
    Call(Box<Invocation>),
    Profiles,
    WhoAmI,
}

impl Task {
    fn printing(output: Output) -> Self {
        Self::Print(Box::new(output))
    }

    fn calling(invocation: Invocation) -> Self {
        Self::Work(Work::Call(Box::new(invocation)))
    }

    /// The task, unless its result has no such form.
    fn printable_as(self, format: OutputFormat) -> Result<Self, Failure> {
        let is_list = match &self {
            Self::Print(output) => matches!(**output, Output::Regions(_)),
            Self::Work(Work::Call(invocation)) => matches!(invocation.purpose, Purpose::List(_)),
            Self::Work(Work::Profiles) => true,
            Self::Work(Work::WhoAmI) => false,
        };
        if format == OutputFormat::Ids && !is_list {
            Err(Cause::NoIdsToPrint.into())
        } else {
            Ok(self)
        }
    }
}

fn dispatch(matches: &ArgMatches) -> Result<Task, Failure> {
    Ok(match subcommand(matches) {
        ("regions", _) => Task::printing(Output::Regions(regions::all())),
        ("completions", matches) => Task::printing(Output::Text(completions(matches))),
        (arguments::VERSION, _) => {
            Task::printing(Output::Text(arguments::command().render_version()))
        }
        (profiles::COMMAND, _) => Task::Work(Work::Profiles),
        (whoami::COMMAND, _) => Task::Work(Work::WhoAmI),
        (instance::COMMAND, matches) => {
            let (subcommand, matches) = subcommand(matches);
            Task::calling(instance::invocation(subcommand, matches))
        }
        (policy::COMMAND, matches) => {
            let (subcommand, matches) = subcommand(matches);
            Task::calling(policy::invocation(subcommand, matches))
        }
        (_, matches) => {
            let (id, matches) = subcommand(matches);
            match operations::find(id) {
                Some(operation) => Task::calling(Invocation::api(operation, matches)),
                // clap accepts the ids of operations only.
                None => return Err(usage::unknown_operation(id.to_owned(), None)),
            }
        }
    })
}

/// The subcommand, which clap requires.
fn subcommand(matches: &ArgMatches) -> (&str, &ArgMatches) {
    matches.subcommand().unwrap_or(("", matches))
}

/// Does the work and prints its result.
fn carry_out(options: &GlobalOptions, mut printer: Printer, work: &Work) -> ExitStatus {
    log::start(options.verbose);
    // A single call does not benefit from more threads.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return printer.print(Err(Cause::Runtime(error).into())),
    };
    let status = runtime.block_on(async {
        let mut interrupts = Interrupts::new();
        let mut warn = |warning| printer.warn(warning);
        let result = match work {
            Work::Call(invocation) => {
                call::run(options, invocation, &mut warn, &mut interrupts).await
            }
            Work::Profiles => profiles::list(options, &mut warn, &mut interrupts).await,
            Work::WhoAmI => whoami::run(options, &mut warn, &mut interrupts).await,
        };
        printer.print_call(result, &mut interrupts).await
    });
    // After an interrupt, a blocking read or write or a DNS look-up may still be running;
    // dropping the runtime normally would wait for it.
    runtime.shutdown_background();
    status
}

fn completions(matches: &ArgMatches) -> String {
    let mut script = Vec::new();
    if let Some(shell) = matches.get_one::<Shell>("shell") {
        clap_complete::generate(*shell, &mut arguments::command(), arguments::NAME, &mut script);
    }
    String::from_utf8_lossy(&script).into_owned()
}
