//! One call, from its inputs to what is to be printed.

use std::process::ExitCode;

use dbss_client::Response;
use serde_json::Value;

use crate::arguments::Globals;
use crate::dry_run::Rehearsed;
use crate::failure::Failure;
use crate::input::Stdin;
use crate::invocation::{Deed, Invocation};
use crate::progress::Progress;
use crate::screen::Screen;
use crate::success::Success;
use crate::{client, problems, signals};

/// What came of a call.
pub(crate) enum Outcome {
    Sent(Success),
    Rehearsed(Rehearsed),
}

impl Outcome {
    pub(crate) fn print(&self, screen: &Screen) -> ExitCode {
        match self {
            Self::Sent(success) => success.print(screen),
            Self::Rehearsed(rehearsed) => rehearsed.print(screen),
        }
    }
}

/// Makes the call, unless it is interrupted.
pub(crate) async fn run(
    globals: &Globals,
    invocation: Invocation,
    progress: &Progress,
    screen: &mut Screen,
) -> Result<Outcome, Failure> {
    let mut deed = None;
    let outcome = tokio::select! {
        // Signals are watched for before anything is sent.
        biased;
        () = signals::interrupted() => Err(Failure::interrupted(progress)),
        outcome = attempt(globals, &invocation, screen, &mut deed) => outcome,
    };
    match outcome {
        Ok(Done::Sent(response)) => {
            Ok(Outcome::Sent(Success::new(invocation.operation, &response, deed)))
        }
        Ok(Done::Rehearsed(rehearsed)) => Ok(Outcome::Rehearsed(rehearsed)),
        Err(failure) => Err(failure.regarding(invocation.operation, deed, progress)),
    }
}

enum Done {
    Sent(Response<Value>),
    Rehearsed(Rehearsed),
}

async fn attempt(
    globals: &Globals,
    invocation: &Invocation,
    screen: &mut Screen,
    deed: &mut Option<Deed>,
) -> Result<Done, Failure> {
    let mut stdin = Stdin::default();
    let ready = invocation.ready(&mut stdin).await?;
    *deed = ready.deed;
    let client = client::connect(globals, &mut stdin, screen).await?;
    let operation = invocation.operation;
    let failed = |error| problems::failure(&error, Some(invocation), globals.dry_run);
    if globals.dry_run {
        let request = operation.prepare(&client, ready.arguments).await.map_err(failed)?;
        return Ok(Done::Rehearsed(Rehearsed::new(operation, &request)));
    }
    operation.invoke(&client, ready.arguments).await.map(Done::Sent).map_err(failed)
}
