//! Which operation a command calls, and with which inputs. `dbss instance` and
//! `dbss policy` are short forms of `dbss api` calls.

use clap::ArgMatches;
use dbss_client::descriptor::Operation;
use dbss_client::{Arguments, contract};
use serde_json::json;

use crate::action::{Action, Verb};
use crate::failure::Cause;
use crate::input::{self, Stdin};
use crate::operations;

/// An operation and the inputs to call it with, which may have to be read first.
pub(crate) struct Invocation {
    pub(crate) operation: &'static Operation,
    parameters: Vec<(&'static str, String)>,
    body: BodySource,
    /// The names of inputs on the command line, by their names in the contract,
    /// where the two differ by more than the spelling of a flag.
    pub(crate) input_names: &'static [(&'static str, &'static str)],
    verb: Option<Verb>,
}

/// What the body is made from.
enum BodySource {
    /// The value of `--body`.
    Argument(Option<String>),
    Stop {
        instance: String,
    },
    Switch {
        scopes: Vec<String>,
        status: &'static str,
    },
}

/// The inputs of a call, all of them read.
pub(crate) struct CallInputs {
    pub(crate) arguments: Arguments,
    pub(crate) action: Option<Action>,
}

impl Invocation {
    /// `dbss api`.
    pub(crate) fn api(operation: &'static Operation, matches: &ArgMatches) -> Self {
        Self {
            operation,
            parameters: operations::parameter_values(operation, matches),
            body: BodySource::Argument(operations::body_argument(operation, matches)),
            input_names: &[],
            verb: None,
        }
    }

    /// `dbss instance stop`.
    pub(crate) fn instance_stop(matches: &ArgMatches) -> Self {
        Self {
            operation: &contract::STOP_AUDIT_INSTANCE,
            parameters: Vec::new(),
            body: BodySource::Stop { instance: required_value(matches, "id") },
            input_names: &[("instance_id", "ID")],
            verb: Some(Verb::Stop),
        }
    }

    /// `dbss policy enable` and `dbss policy disable`.
    pub(crate) fn policy(verb: Verb, matches: &ArgMatches) -> Self {
        let scopes = matches.get_many::<String>("scope").into_iter().flatten().cloned().collect();
        let status = if matches!(verb, Verb::Enable) { "ON" } else { "OFF" };
        Self {
            operation: &contract::SET_AUDIT_SCOPE_RULE_SWITCH,
            parameters: vec![("instance_id", required_value(matches, "instance"))],
            body: BodySource::Switch { scopes, status },
            input_names: &[("instance_id", "--instance"), ("ids", "SCOPE_ID")],
            verb: Some(verb),
        }
    }

    /// Reads the inputs that come from standard input or a file.
    pub(crate) async fn read_inputs(&self, stdin: &mut Stdin) -> Result<CallInputs, Cause> {
        let (body, ids) = match &self.body {
            BodySource::Argument(None) => (None, Vec::new()),
            BodySource::Argument(Some(argument)) => {
                (Some(input::read_body(argument, stdin).await?), Vec::new())
            }
            BodySource::Stop { instance } => {
                (Some(json!({"instance_id": instance})), vec![instance.clone()])
            }
            BodySource::Switch { scopes, status } => {
                let ids = input::read_ids(scopes, stdin).await?;
                (Some(json!({"ids": ids, "status": status})), ids)
            }
        };
        let mut arguments = Arguments::new();
        for (name, value) in &self.parameters {
            arguments = arguments.parameter(*name, value);
        }
        if let Some(body) = body {
            arguments = arguments.body(body);
        }
        Ok(CallInputs { arguments, action: self.verb.map(|verb| Action { verb, ids }) })
    }
}

/// The value of an argument that clap requires.
fn required_value(matches: &ArgMatches, name: &str) -> String {
    matches.get_one::<String>(name).cloned().unwrap_or_default()
}
