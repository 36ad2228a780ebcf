//! One call, from its inputs to what came of it.

use dbss_client::CallProgress;

use crate::client;
use crate::dry_run::Rehearsed;
use crate::effect::Effect;
use crate::failure::{Cause, FailedCall, Failure};
use crate::globals::Globals;
use crate::input::Stdin;
use crate::invocation::Invocation;
use crate::outcome::{Outcome, Warning};
use crate::signals;
use crate::success::Success;

/// How far a call has come: what is known of it even if it is interrupted.
#[derive(Default)]
struct Begun {
    /// What it does, once its inputs are read.
    effect: Option<Effect>,
    /// Its attempts, once it is made.
    progress: Option<CallProgress>,
}

/// Makes the call, unless it is interrupted.
pub(crate) async fn run(
    globals: &Globals,
    invocation: Invocation,
    warn: &mut dyn FnMut(Warning),
) -> Result<Outcome, Failure> {
    let mut begun = Begun::default();
    let outcome = tokio::select! {
        // Signals are watched for before anything is sent.
        biased;
        () = signals::interrupted() => Err(Cause::Interrupted),
        outcome = attempt(globals, &invocation, warn, &mut begun) => outcome,
    };
    outcome.map_err(|cause| {
        let Begun { effect, progress } = begun;
        let call = FailedCall {
            operation: invocation.operation,
            names: invocation.names,
            effect,
            dry_run: globals.dry_run,
            attempts: progress.as_ref().map_or(0, CallProgress::attempts),
            may_have_taken_effect: match &cause {
                Cause::Client(error) => error.may_have_taken_effect(),
                _ => progress.is_some_and(|progress| progress.may_have_taken_effect()),
            },
        };
        Failure { cause, call: Some(Box::new(call)) }
    })
}

async fn attempt(
    globals: &Globals,
    invocation: &Invocation,
    warn: &mut dyn FnMut(Warning),
    begun: &mut Begun,
) -> Result<Outcome, Cause> {
    let mut stdin = Stdin::default();
    let ready = invocation.ready(&mut stdin).await?;
    begun.effect.clone_from(&ready.effect);
    let client = client::connect(globals, &mut stdin, warn).await?;
    let operation = invocation.operation;
    if globals.dry_run {
        let prepared = operation.prepare(&client, ready.arguments).await;
        let request = prepared.map_err(Cause::Client)?;
        return Ok(Outcome::Rehearsed(Rehearsed::new(operation, &request)));
    }
    let call = operation.invoke(&client, ready.arguments);
    begun.progress = Some(call.progress());
    let response = call.await.map_err(Cause::Client)?;
    Ok(Outcome::Sent(Success::new(operation, &response, ready.effect)))
}
