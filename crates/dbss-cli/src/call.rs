//! One call, from its inputs to its output or failure.

use dbss_client::CallProgress;

use crate::action::Action;
use crate::client;
use crate::dry_run::PreparedRequest;
use crate::failure::{Cause, FailedCall, Failure};
use crate::global_options::GlobalOptions;
use crate::input::Stdin;
use crate::invocation::Invocation;
use crate::output::{Output, Warning};
use crate::signals::Interrupts;
use crate::success::Success;

/// How far a call has come. It is kept outside of the future that makes the call,
/// so that it can still be read after an interrupt has dropped that future.
#[derive(Default)]
struct CallState {
    /// Known once the inputs are read; none for `dbss api`.
    action: Option<Action>,
    /// Known once the call is under way.
    progress: Option<CallProgress>,
}

/// Makes the call, unless it is interrupted.
pub(crate) async fn run(
    options: &GlobalOptions,
    invocation: &Invocation,
    warn: &mut dyn FnMut(Warning),
    interrupts: &mut Interrupts,
) -> Result<Output, Failure> {
    let mut state = CallState::default();
    let result = tokio::select! {
        biased;
        () = interrupts.next() => Err(Cause::Interrupted),
        result = execute(options, invocation, warn, &mut state) => result,
    };
    result.map_err(|cause| {
        let CallState { action, progress } = state;
        let call = FailedCall {
            operation: invocation.operation,
            input_names: invocation.input_names,
            action,
            dry_run: options.dry_run,
            has_project: client::project_id(options).is_some(),
            attempts: progress.as_ref().map_or(0, CallProgress::attempts),
            may_have_taken_effect: match &cause {
                Cause::Client(error) => error.may_have_taken_effect(),
                _ => progress.is_some_and(|progress| progress.may_have_taken_effect()),
            },
            done: None,
        };
        Failure { cause, call: Some(Box::new(call)) }
    })
}

async fn execute(
    options: &GlobalOptions,
    invocation: &Invocation,
    warn: &mut dyn FnMut(Warning),
    state: &mut CallState,
) -> Result<Output, Cause> {
    let mut stdin = Stdin::default();
    let inputs = invocation.read_inputs(&mut stdin).await?;
    state.action.clone_from(&inputs.action);
    let client = client::build(options, &mut stdin, warn).await?;
    let operation = invocation.operation;
    if options.dry_run {
        let prepared = operation.prepare(&client, inputs.arguments).await;
        let request = prepared.map_err(Cause::Client)?;
        return Ok(Output::DryRun(PreparedRequest::new(operation, &request)));
    }
    let call = operation.invoke(&client, inputs.arguments);
    state.progress = Some(call.progress());
    let response = call.await.map_err(Cause::Client)?;
    Ok(Output::Response(Success::new(operation, &response, inputs.action)))
}
