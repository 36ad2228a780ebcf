//! `dbss api`: one command for each operation of the contract, made from its
//! descriptor. Nothing here knows an operation.

use std::collections::BTreeSet;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command};
use dbss_client::descriptor::{Location, Operation, Parameter, Shape};
use dbss_client::descriptors::API;

use crate::describe::{self, resolve};
use crate::globals::Globals;

/// The name of the command.
pub(crate) const COMMAND: &str = "api";

/// What it is for.
pub(crate) const ABOUT: &str = "Any operation of the service by its name in the API reference";

const BODY: &str = "body";

/// The operation of that id.
pub(crate) fn find(id: &str) -> Option<&'static Operation> {
    API.operation(id)
}

/// The commands below it, one for each operation.
pub(crate) fn commands() -> impl Iterator<Item = Command> {
    API.operations.iter().map(|operation| command(operation))
}

fn command(operation: &'static Operation) -> Command {
    let deprecated = if operation.deprecated { "Deprecated: " } else { "" };
    let mut command = Command::new(operation.id)
        .about(format!("{deprecated}{}", operation.summary))
        .long_about(describe::operation(operation))
        .args(flags(operation).into_iter().map(|(parameter, flag)| argument(parameter, flag)));
    if let Some(body) = &operation.body {
        let argument = Arg::new(BODY)
            .long(BODY)
            .value_name("JSON|@FILE|-")
            .help(describe::short(body.description, "as JSON, from a file, or from standard input"))
            .allow_hyphen_values(true);
        command = command.arg(argument).after_long_help(describe::body(body));
    }
    command
}

fn argument(parameter: &'static Parameter, flag: String) -> Arg {
    let schema = resolve(parameter.schema);
    let several = matches!(schema.shape, Shape::Array { .. });
    let mut argument = Arg::new(key(parameter))
        .long(flag)
        .required(parameter.required)
        .action(if several { ArgAction::Append } else { ArgAction::Set })
        .value_name(parameter.name.to_ascii_uppercase())
        .help(describe::short(parameter.description, &parameter.schema.limits.join(", ")))
        .long_help(describe::parameter(parameter));
    let item = match &schema.shape {
        Shape::Array { items, .. } => resolve(items),
        _ => schema,
    };
    match &item.shape {
        Shape::Enum { values, .. } if !values.is_empty() => {
            argument = argument.value_parser(PossibleValuesParser::new(values.iter().copied()));
        }
        Shape::Boolean => {
            argument = argument.value_parser(PossibleValuesParser::new(["true", "false"]));
        }
        Shape::Integer { .. } | Shape::Number { .. } => {
            argument = argument.allow_negative_numbers(true);
        }
        _ => {}
    }
    argument
}

/// The parameters that have a flag, and that flag. What the client fills in is given
/// by a global option.
pub(crate) fn flags(operation: &'static Operation) -> Vec<(&'static Parameter, String)> {
    let globals = Globals::augment_args(Command::new(COMMAND));
    let globals = globals.get_arguments().filter_map(|argument| argument.get_long());
    let fixed = globals.chain([BODY, "help", "version"]);
    let mut taken: BTreeSet<String> = fixed.map(str::to_owned).collect();
    let own = operation.parameters.iter().filter(|parameter| parameter.filled_in.is_none());
    own.map(|parameter| (parameter, flag(parameter.name, parameter.location, &mut taken))).collect()
}

/// The flag of a parameter. Where its name is taken, by a global option or by
/// another parameter, the flag says where the value travels.
fn flag(name: &str, location: Location, taken: &mut BTreeSet<String>) -> String {
    let mut flag = kebab(name);
    while !taken.insert(flag.clone()) {
        flag = format!("{}-{flag}", place(location));
    }
    flag
}

/// The values of the flags, by the names of the contract.
pub(crate) fn values(
    operation: &'static Operation,
    matches: &ArgMatches,
) -> Vec<(&'static str, String)> {
    let of = |parameter: &'static Parameter| {
        let values = matches.get_many::<String>(&key(parameter)).into_iter().flatten();
        values.map(|value| (parameter.name, value.clone()))
    };
    flags(operation).into_iter().flat_map(|(parameter, _)| of(parameter)).collect()
}

/// The value of `--body`, of an operation that has one.
pub(crate) fn body_argument(operation: &Operation, matches: &ArgMatches) -> Option<String> {
    operation.body.as_ref()?;
    matches.get_one::<String>(BODY).cloned()
}

/// By what clap knows a parameter, apart from everything else that it knows.
fn key(parameter: &Parameter) -> String {
    format!("parameter {}", parameter.name)
}

fn place(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
    }
}

/// A name as flags are written: `instance_id`, `instanceId` and `Instance-Id` are
/// `instance-id`.
fn kebab(name: &str) -> String {
    let mut flag = String::new();
    let mut after_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            after_lower = false;
            if !flag.is_empty() && !flag.ends_with('-') {
                flag.push('-');
            }
            continue;
        }
        if c.is_uppercase() && after_lower {
            flag.push('-');
        }
        after_lower = c.is_lowercase() || c.is_numeric();
        flag.extend(c.to_lowercase());
    }
    let flag = flag.trim_end_matches('-');
    if flag.is_empty() { "parameter".to_owned() } else { flag.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_written_alike() {
        for (name, flag) in [
            ("instance_id", "instance-id"),
            ("instanceId", "instance-id"),
            ("X-Request-Id", "x-request-id"),
            ("ids[]", "ids"),
            ("ipV4", "ip-v4"),
            ("_", "parameter"),
        ] {
            assert_eq!(kebab(name), flag);
        }
    }

    #[test]
    fn a_name_that_is_taken_says_where_it_travels() {
        let mut taken = BTreeSet::from(["timeout".to_owned()]);
        let mut flag = |name, location| flag(name, location, &mut taken);
        assert_eq!(flag("timeout", Location::Query), "query-timeout");
        assert_eq!(flag("Timeout", Location::Header), "header-timeout");
        assert_eq!(flag("TIMEOUT", Location::Query), "query-query-timeout");
        assert_eq!(flag("limit", Location::Query), "limit");
    }
}
