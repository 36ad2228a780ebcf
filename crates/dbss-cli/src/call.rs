//! One call, from its inputs to its output or failure.

use dbss_client::descriptor::Operation;
use dbss_client::{Arguments, CallProgress, Client, Error, ErrorKind, WaitErrorKind, contract};

use crate::action::Action;
use crate::dry_run::PreparedRequest;
use crate::failure::{Cause, ContractKey, FailedCall, Failure};
use crate::global_options::GlobalOptions;
use crate::input::Reader;
use crate::instances::{self, KnownInstance};
use crate::invocation::{Invocation, Purpose};
use crate::output::{Output, Warning};
use crate::progress::Progress;
use crate::settings::{self, Settings};
use crate::signals::Interrupts;
use crate::success::Success;
use crate::wait::WaitLog;
use crate::{client, credentials, listing};

/// How far a call has come. It is kept outside of the future that makes the call,
/// so that it can still be read after an interrupt has dropped that future.
struct CallState {
    operation: &'static Operation,
    /// Known once the inputs are read; none for `dbss api`.
    action: Option<Action>,
    /// Known once the call is under way.
    progress: Option<CallProgress>,
    /// Of a call that is waited for.
    wait: Option<WaitLog>,
}

/// Makes the call, unless it is interrupted.
pub(crate) async fn run(
    options: &GlobalOptions,
    invocation: &Invocation,
    warn: &mut dyn FnMut(Warning),
    interrupts: &mut Interrupts,
) -> Result<Output, Failure> {
    let operation = invocation.operation;
    let mut state = CallState { operation, action: None, progress: None, wait: None };
    let shown = Progress::new(options);
    let result = tokio::select! {
        biased;
        () = interrupts.next() => Err(Cause::Interrupted),
        result = execute(options, invocation, &shown, warn, &mut state) => result,
    };
    shown.end();
    result.map_err(|cause| failure(cause, options, invocation, state))
}

fn failure(
    cause: Cause,
    options: &GlobalOptions,
    invocation: &Invocation,
    state: CallState,
) -> Failure {
    let CallState { operation, action, progress, wait } = state;
    let may_have_taken_effect = match &cause {
        Cause::Client(error) => error.may_have_taken_effect(),
        Cause::Wait(error) => match error.kind() {
            WaitErrorKind::Start => error.error().is_none_or(Error::may_have_taken_effect),
            // As for a response that reports a failure.
            kind => kind != WaitErrorKind::Failed,
        },
        _ => progress.as_ref().is_some_and(CallProgress::may_have_taken_effect),
    };
    let call = FailedCall {
        operation,
        input_names: invocation.input_names,
        action,
        dry_run: options.dry_run,
        has_project: settings::project_id(options).is_some(),
        attempts: progress.as_ref().map_or(0, CallProgress::attempts),
        may_have_taken_effect: may_have_taken_effect && !operation.is_read(),
        wait: wait.map(|log| log.seen()),
        done: None,
    };
    Failure { cause, call: Some(Box::new(call)) }
}

async fn execute(
    options: &GlobalOptions,
    invocation: &Invocation,
    shown: &Progress,
    warn: &mut dyn FnMut(Warning),
    state: &mut CallState,
) -> Result<Output, Cause> {
    let settings = Settings::new(options)?;
    let mut reader = Reader::new(settings.timeout);
    let inputs = invocation.read_inputs(&mut reader).await?;
    state.action.clone_from(&inputs.action);
    let found = credentials::find(options, &mut reader, warn).await?;
    let client = client::build(settings, found.credentials, shown, &reader, warn).await?;
    let instance_id = match &invocation.instance {
        Some(named) if !instances::is_id(named) => {
            if options.dry_run {
                return Err(Cause::NameInDryRun(named.clone()));
            }
            let id = instance_id(&client, named).await?;
            name_instance(state, named, &id);
            Some(id)
        }
        given => given.clone(),
    };
    let arguments = invocation.arguments(inputs, instance_id.as_deref());
    if options.dry_run {
        let prepared = invocation.operation.prepare(&client, arguments).await;
        let request = prepared.map_err(Cause::Client)?;
        return Ok(Output::DryRun(PreparedRequest::new(invocation.operation, &request)));
    }
    let called = perform(invocation, &client, arguments.clone(), shown, state).await;
    match (called, invocation.replacement) {
        (Err(cause), Some(replacement)) if is_path_offline(&cause) => {
            warn(Warning::PathOffline { operation: state.operation.id, called: replacement.id });
            state.operation = replacement;
            perform(invocation, &client, arguments, shown, state).await
        }
        (called, _) => called,
    }
}

/// Calls the operation of the state, for the purpose of the invocation.
async fn perform(
    invocation: &Invocation,
    client: &Client,
    arguments: Arguments,
    shown: &Progress,
    state: &mut CallState,
) -> Result<Output, Cause> {
    let operation = state.operation;
    match &invocation.purpose {
        Purpose::Call => {
            let call = operation.invoke(client, arguments);
            state.progress = Some(call.progress());
            let response = call.await.map_err(Cause::Client)?;
            Ok(Output::Response(Success::new(operation, &response, state.action.clone())))
        }
        Purpose::Wait(timeout) => {
            let Some(wait) = operation.invoke_and_wait(client, arguments) else {
                return Err(Cause::ContractLacks { operation, key: ContractKey::Completion });
            };
            state.progress = Some(wait.progress());
            let log = WaitLog::default();
            state.wait = Some(log.clone());
            let (started, looked) = (log.clone(), log);
            let (shown_start, shown_look) = (shown.clone(), shown.clone());
            let verb = state.action.as_ref().map(|action| action.verb);
            let wait = wait
                .timeout(*timeout)
                .on_start(move |_| {
                    started.accept();
                    shown_start.accepted(verb);
                })
                .on_look(move |look| {
                    looked.look(look);
                    shown_look.looked(look);
                });
            let waited = wait.await.map_err(Cause::Wait)?;
            Ok(Output::Response(Success::waited(operation, &waited, state.action.clone())))
        }
        Purpose::List(options) => {
            Ok(Output::Listing(listing::read(operation, client, arguments, options).await?))
        }
    }
}

/// Looks up the id of the instance of that name.
async fn instance_id(client: &Client, named: &str) -> Result<String, Cause> {
    let operation = &contract::LIST_AUDIT_INSTANCES_LAST;
    let Some(mut items) = operation.items(client, Arguments::new()) else {
        return Err(Cause::ContractLacks { operation, key: ContractKey::Pages });
    };
    let mut instances = Vec::new();
    while let Some(item) = items.next().await {
        let item = item.map_err(|error| match error.kind() {
            // What is wrong is wrong for every call.
            ErrorKind::InvalidInput => Cause::Client(error),
            _ => Cause::InstanceNotLookedUp { named: named.to_owned(), error },
        })?;
        instances.push(KnownInstance::new(&item));
    }
    let found = instances::only_one(named, instances);
    found.map_err(|error| Cause::NotOneInstance(Box::new(error)))
}

/// The action is to this instance, if it is to an instance.
fn name_instance(state: &mut CallState, named: &str, id: &str) {
    if let Some(action) = &mut state.action
        && action.verb.is_of_instance()
        && id != named
    {
        action.ids = vec![id.to_owned()];
        action.name = Some(named.to_owned());
    }
}

/// Whether the gateway says that there is no such path, so that nothing happened.
fn is_path_offline(cause: &Cause) -> bool {
    let error = match cause {
        Cause::Client(error) => Some(error),
        Cause::Wait(error) if error.kind() == WaitErrorKind::Start => error.error(),
        _ => None,
    };
    error.is_some_and(|error| {
        error.status() == Some(404)
            && error.code() == Some("APIGW.0101")
            && !error.may_have_taken_effect()
    })
}
