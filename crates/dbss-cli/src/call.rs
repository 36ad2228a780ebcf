//! One call, from its inputs to what came of it.

use crate::client;
use crate::dry_run::Rehearsed;
use crate::effect::Effect;
use crate::failure::{Cause, FailedCall, Failure};
use crate::globals::Globals;
use crate::input::Stdin;
use crate::invocation::Invocation;
use crate::outcome::{Outcome, Warning};
use crate::progress::Progress;
use crate::signals;
use crate::success::Success;

/// Makes the call, unless it is interrupted.
pub(crate) async fn run(
    globals: &Globals,
    invocation: Invocation,
    progress: &Progress,
    warn: &mut dyn FnMut(Warning),
) -> Result<Outcome, Failure> {
    let mut effect = None;
    let outcome = tokio::select! {
        // Signals are watched for before anything is sent.
        biased;
        () = signals::interrupted() => Err(Cause::Interrupted),
        outcome = attempt(globals, &invocation, warn, &mut effect) => outcome,
    };
    outcome.map_err(|cause| {
        let attempts = match &cause {
            Cause::Client(error) => error.attempts(),
            _ => progress.attempts(),
        };
        let call = FailedCall {
            operation: invocation.operation,
            names: invocation.names,
            effect,
            dry_run: globals.dry_run,
            attempts,
            may_have_taken_effect: progress.may_have_had_effect(),
        };
        Failure { cause, call: Some(Box::new(call)) }
    })
}

async fn attempt(
    globals: &Globals,
    invocation: &Invocation,
    warn: &mut dyn FnMut(Warning),
    effect: &mut Option<Effect>,
) -> Result<Outcome, Cause> {
    let mut stdin = Stdin::default();
    let ready = invocation.ready(&mut stdin).await?;
    effect.clone_from(&ready.effect);
    let client = client::connect(globals, &mut stdin, warn).await?;
    let operation = invocation.operation;
    if globals.dry_run {
        let prepared = operation.prepare(&client, ready.arguments).await;
        let request = prepared.map_err(Cause::Client)?;
        return Ok(Outcome::Rehearsed(Rehearsed::new(operation, &request)));
    }
    let response = operation.invoke(&client, ready.arguments).await.map_err(Cause::Client)?;
    Ok(Outcome::Sent(Success::new(operation, &response, ready.effect)))
}
