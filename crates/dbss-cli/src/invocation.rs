//! Which operation is called, with what. `dbss instance` and `dbss policy` are
//! other words for what `dbss api` takes.

use clap::ArgMatches;
use dbss_client::descriptor::Operation;
use dbss_client::{Arguments, descriptors};
use serde_json::{Value, json};

use crate::failure::Failure;
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
    words: Option<Words>,
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
    pub(crate) deed: Option<Deed>,
}

/// What the call does to what, in words.
pub(crate) struct Deed {
    pub(crate) words: Words,
    pub(crate) ids: Vec<String>,
}

/// What became of an id.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    pub(crate) done: &'static str,
    pub(crate) not_done: &'static str,
}

impl Invocation {
    /// `dbss api`.
    pub(crate) fn of(operation: &'static Operation, matches: &ArgMatches) -> Self {
        Self {
            operation,
            parameters: operations::values(operation, matches),
            body: Wanted::Given(operations::body_argument(operation, matches)),
            names: &[],
            words: None,
        }
    }

    /// `dbss instance stop`.
    pub(crate) fn stop(matches: &ArgMatches) -> Self {
        Self {
            operation: &descriptors::STOP_AUDIT_INSTANCE,
            parameters: Vec::new(),
            body: Wanted::Stop { instance: text(matches, "id") },
            names: &[("instance_id", "ID")],
            words: Some(Words { done: "stopping", not_done: "not stopped" }),
        }
    }

    /// `dbss policy enable` and `dbss policy disable`.
    pub(crate) fn switch(enable: bool, matches: &ArgMatches) -> Self {
        let scopes = matches.get_many::<String>("scope").into_iter().flatten().cloned().collect();
        let (status, words) = if enable {
            ("ON", Words { done: "enabled", not_done: "not enabled" })
        } else {
            ("OFF", Words { done: "disabled", not_done: "not disabled" })
        };
        Self {
            operation: &descriptors::SET_AUDIT_SCOPE_RULE_SWITCH,
            parameters: vec![("instance_id", text(matches, "instance"))],
            body: Wanted::Switch { scopes, status },
            names: &[("instance_id", "--instance"), ("ids", "SCOPE_ID")],
            words: Some(words),
        }
    }

    /// Reads what the call is made of.
    pub(crate) async fn ready(&self, stdin: &mut Stdin) -> Result<Ready, Failure> {
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
        Ok(Ready { arguments, deed: self.words.map(|words| Deed { words, ids }) })
    }
}

/// The value of an argument that clap insists on.
fn text(matches: &ArgMatches, name: &str) -> String {
    matches.get_one::<String>(name).cloned().unwrap_or_default()
}
