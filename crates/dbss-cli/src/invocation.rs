//! Which operation a command calls, with which inputs and what for.

use std::time::Duration;

use clap::ArgMatches;
use dbss_client::Arguments;
use dbss_client::descriptor::Operation;
use serde_json::{Value, json};

use crate::action::{Action, Verb};
use crate::failure::Cause;
use crate::ids;
use crate::input::{self, Reader};
use crate::listing::ListOptions;
use crate::operations;

/// An operation and the inputs to call it with, which may have to be read or looked up first.
pub(crate) struct Invocation {
    pub(crate) operation: &'static Operation,
    pub(crate) purpose: Purpose,
    pub(crate) parameters: Vec<(&'static str, String)>,
    pub(crate) body: BodySource,
    /// The instance that it is about, by id or name.
    pub(crate) instance: Option<String>,
    /// The names of inputs on the command line, by their names in the contract,
    /// where the two differ by more than the spelling of a flag.
    pub(crate) input_names: &'static [(&'static str, &'static str)],
    pub(crate) verb: Option<Verb>,
    /// What to call if the service has taken the operation's path offline.
    pub(crate) replacement: Option<&'static Operation>,
}

/// What an operation is called for.
pub(crate) enum Purpose {
    /// Its response.
    Call,
    /// What it starts, which is waited for, in that time at most.
    Wait(Duration),
    /// The list that it returns in pages.
    List(ListOptions),
}

/// What the body is made from.
pub(crate) enum BodySource {
    /// The value of `--body`.
    Argument(Option<String>),
    /// The id of the instance, which is no parameter then.
    Instance,
    Switch {
        scopes: Vec<String>,
        status: &'static str,
    },
}

/// The inputs of a call, all of them read; an instance is still to be looked up.
pub(crate) struct CallInputs {
    body: Option<Value>,
    pub(crate) action: Option<Action>,
}

impl Invocation {
    /// An operation without inputs.
    pub(crate) fn new(operation: &'static Operation, purpose: Purpose) -> Self {
        Self {
            operation,
            purpose,
            parameters: Vec::new(),
            body: BodySource::Argument(None),
            instance: None,
            input_names: &[],
            verb: None,
            replacement: None,
        }
    }

    /// `dbss api`.
    pub(crate) fn api(operation: &'static Operation, matches: &ArgMatches) -> Self {
        Self {
            parameters: operations::parameter_values(operation, matches),
            body: BodySource::Argument(operations::body_argument(operation, matches)),
            ..Self::new(operation, Purpose::Call)
        }
    }

    /// Reads the inputs that come from standard input or a file.
    pub(crate) async fn read_inputs(&self, reader: &mut Reader) -> Result<CallInputs, Cause> {
        let (body, ids) = match &self.body {
            BodySource::Argument(None) => (None, Vec::new()),
            BodySource::Argument(Some(argument)) => {
                (Some(input::read_body(argument, reader).await?), Vec::new())
            }
            BodySource::Instance => (None, self.instance.iter().cloned().collect()),
            BodySource::Switch { scopes, status } => {
                let ids = ids::read(scopes, reader).await?;
                (Some(json!({"ids": ids, "status": status})), ids)
            }
        };
        let action = self.verb.map(|verb| Action { verb, ids, name: None });
        Ok(CallInputs { body, action })
    }

    /// The arguments of the call, with the id of the instance that it is about.
    pub(crate) fn arguments(&self, inputs: CallInputs, instance_id: Option<&str>) -> Arguments {
        let mut arguments = Arguments::new();
        for (name, value) in &self.parameters {
            arguments = arguments.parameter(*name, value);
        }
        match (instance_id, &self.body) {
            (Some(id), BodySource::Instance) => {
                return arguments.body(json!({ "instance_id": id }));
            }
            (Some(id), _) => arguments = arguments.parameter("instance_id", id),
            (None, _) => {}
        }
        match inputs.body {
            Some(body) => arguments.body(body),
            None => arguments,
        }
    }
}
