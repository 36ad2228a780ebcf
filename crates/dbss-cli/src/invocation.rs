//! Which operation is called, with what. `dbss instance` and `dbss policy` are
//! other words for what `dbss api` takes.

use clap::ArgMatches;
use dbss_client::descriptor::Operation;
use dbss_client::{Arguments, descriptors};
use serde_json::{Value, json};

use crate::effect::{Action, Effect};
use crate::failure::Cause;
use crate::input::{self, Stdin};
use crate::operations;

/// A call that is wanted.
pub(crate) struct Invocation {
    pub(crate) operation: &'static Operation,
    parameters: Vec<(&'static str, String)>,
    body: Wanted,
    /// What the inputs are called on the command line, where that is neither
    /// their flag nor the name of a field.
    pub(crate) names: &'static [(&'static str, &'static str)],
    action: Option<Action>,
}

/// The body before what it is made of is read.
enum Wanted {
    Given(Option<String>),
    Stop { instance: String },
    Switch { scopes: Vec<String>, status: &'static str },
}

/// A call that can be made.
pub(crate) struct Ready {
    pub(crate) arguments: Arguments,
    pub(crate) effect: Option<Effect>,
}

impl Invocation {
    /// `dbss api`.
    pub(crate) fn of(operation: &'static Operation, matches: &ArgMatches) -> Self {
        Self {
            operation,
            parameters: operations::values(operation, matches),
            body: Wanted::Given(operations::body_argument(operation, matches)),
            names: &[],
            action: None,
        }
    }

    /// `dbss instance stop`.
    pub(crate) fn stop(matches: &ArgMatches) -> Self {
        Self {
            operation: &descriptors::STOP_AUDIT_INSTANCE,
            parameters: Vec::new(),
            body: Wanted::Stop { instance: text(matches, "id") },
            names: &[("instance_id", "ID")],
            action: Some(Action::Stop),
        }
    }

    /// `dbss policy enable` and `dbss policy disable`.
    pub(crate) fn switch(enable: bool, matches: &ArgMatches) -> Self {
        let scopes = matches.get_many::<String>("scope").into_iter().flatten().cloned().collect();
        let (status, action) =
            if enable { ("ON", Action::Enable) } else { ("OFF", Action::Disable) };
        Self {
            operation: &descriptors::SET_AUDIT_SCOPE_RULE_SWITCH,
            parameters: vec![("instance_id", text(matches, "instance"))],
            body: Wanted::Switch { scopes, status },
            names: &[("instance_id", "--instance"), ("ids", "SCOPE_ID")],
            action: Some(action),
        }
    }

    /// Reads what the call is made of.
    pub(crate) async fn ready(&self, stdin: &mut Stdin) -> Result<Ready, Cause> {
        let (body, ids) = match &self.body {
            Wanted::Given(None) => (None, Vec::new()),
            Wanted::Given(Some(given)) => (Some(input::body(given, stdin).await?), Vec::new()),
            Wanted::Stop { instance } => {
                (Some(json!({"instance_id": instance})), vec![instance.clone()])
            }
            Wanted::Switch { scopes, status } => {
                let ids = input::ids(scopes, stdin).await?;
                (Some(json!({"ids": ids, "status": status})), ids)
            }
        };
        let named = Arguments::new();
        let named = self
            .parameters
            .iter()
            .fold(named, |named, (name, value)| named.parameter(*name, value));
        let arguments = body.into_iter().fold(named, |arguments, body: Value| arguments.body(body));
        Ok(Ready { arguments, effect: self.action.map(|action| Effect { action, ids }) })
    }
}

/// The value of an argument that clap insists on.
fn text(matches: &ArgMatches, name: &str) -> String {
    matches.get_one::<String>(name).cloned().unwrap_or_default()
}
