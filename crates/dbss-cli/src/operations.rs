//! `dbss api`: a subcommand for each operation of the contract, made from its
//! descriptor. There is no code per operation here.

use std::collections::BTreeSet;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command};
use dbss_client::contract::API;
use dbss_client::descriptor::{Operation, Parameter, ParameterLocation, SchemaKind};
use serde::Serializer;

use crate::global_options::GlobalOptions;
use crate::operation_help::{self, resolve};
use crate::terminal;

/// The name of the command that groups them.
pub(crate) const COMMAND: &str = "api";

/// Its help.
pub(crate) const ABOUT: &str = "Any operation of the service by its name in the API reference";

const BODY: &str = "body";

/// The operation with that id.
pub(crate) fn find(id: &str) -> Option<&'static Operation> {
    API.operation(id)
}

/// Writes an operation as its id.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub(crate) fn serialize_id<S: Serializer>(
    operation: &&'static Operation,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(operation.id)
}

/// The command that groups them. Its help lists the operations under their tags, which clap has no
/// means for: it is told to leave them out of its own list.
pub(crate) fn commands(group: Command) -> Command {
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{}{{all-args}}{{after-help}}",
        operation_help::list(API.operations, about, terminal::help_width())
    );
    group
        .subcommands(API.operations.iter().map(|operation| command(operation).hide(true)))
        .override_usage(format!("dbss {COMMAND} [OPTIONS] <OPERATION>"))
        .help_template(template)
}

/// One line on what an operation does.
fn about(operation: &Operation) -> String {
    let deprecated = if operation.deprecated { "Deprecated: " } else { "" };
    format!("{deprecated}{}", operation.summary)
}

fn command(operation: &'static Operation) -> Command {
    let flags = flags(operation);
    let usage = operation_help::usage(COMMAND, operation, &flags);
    let mut command = Command::new(operation.id)
        .about(about(operation))
        .long_about(operation_help::operation(operation))
        .override_usage(usage)
        .args(flags.into_iter().map(|(parameter, flag)| argument(parameter, flag)));
    if let Some(body) = &operation.body {
        let argument = Arg::new(BODY)
            .long(BODY)
            .value_name(operation_help::BODY_VALUE)
            .help(operation_help::short(
                body.description,
                "as JSON, from a file, or from standard input",
            ))
            .allow_hyphen_values(true);
        command = command.arg(argument).after_long_help(operation_help::body(body));
    }
    command
}

fn argument(parameter: &'static Parameter, flag: String) -> Arg {
    let schema = resolve(parameter.schema);
    let is_list = matches!(schema.kind, SchemaKind::Array { .. });
    let mut argument = Arg::new(argument_id(parameter))
        .long(flag)
        .required(parameter.required)
        .action(if is_list { ArgAction::Append } else { ArgAction::Set })
        .value_name(parameter.name.to_ascii_uppercase())
        .help(operation_help::short(parameter.description, &parameter.schema.limits.join(", ")))
        .long_help(operation_help::parameter(parameter));
    let item = match &schema.kind {
        SchemaKind::Array { items, .. } => resolve(items),
        _ => schema,
    };
    match &item.kind {
        SchemaKind::Enum { values, .. } if !values.is_empty() => {
            argument = argument.value_parser(PossibleValuesParser::new(values.iter().copied()));
        }
        SchemaKind::Boolean => {
            argument = argument.value_parser(PossibleValuesParser::new(["true", "false"]));
        }
        SchemaKind::Integer { .. } | SchemaKind::Number { .. } => {
            argument = argument.allow_negative_numbers(true);
        }
        _ => {}
    }
    argument
}

/// The parameters that have a flag, and that flag. Those that the client fills in
/// have none: they are global options.
pub(crate) fn flags(operation: &'static Operation) -> Vec<(&'static Parameter, String)> {
    let globals = GlobalOptions::augment_args(Command::new(COMMAND));
    let globals = globals.get_arguments().filter_map(|argument| argument.get_long());
    let reserved = globals.chain([BODY, "help", "version"]);
    let mut taken: BTreeSet<String> = reserved.map(str::to_owned).collect();
    let own =
        operation.parameters.iter().copied().filter(|parameter| parameter.filled_in.is_none());
    own.map(|parameter| (parameter, unique_flag(parameter.name, parameter.location, &mut taken)))
        .collect()
}

/// The flag of a parameter. If it is taken, by a global option or by another
/// parameter, the location of the parameter is put in front, as in `query-timeout`.
fn unique_flag(name: &str, location: ParameterLocation, taken: &mut BTreeSet<String>) -> String {
    let mut flag = kebab_case(name);
    while !taken.insert(flag.clone()) {
        flag = format!("{location}-{flag}");
    }
    flag
}

/// The values of the flags, by the names that the parameters have in the contract.
pub(crate) fn parameter_values(
    operation: &'static Operation,
    matches: &ArgMatches,
) -> Vec<(&'static str, String)> {
    let values_of = |parameter: &'static Parameter| {
        let values = matches.get_many::<String>(&argument_id(parameter)).into_iter().flatten();
        values.map(|value| (parameter.name, value.clone()))
    };
    flags(operation).into_iter().flat_map(|(parameter, _)| values_of(parameter)).collect()
}

/// The value of `--body`, if the operation has a body.
pub(crate) fn body_argument(operation: &Operation, matches: &ArgMatches) -> Option<String> {
    operation.body.as_ref()?;
    matches.get_one::<String>(BODY).cloned()
}

/// The id of a parameter's argument in clap. The prefix keeps it apart from the ids
/// of global options.
fn argument_id(parameter: &Parameter) -> String {
    format!("parameter {}", parameter.name)
}

/// A name in kebab case: `instance_id`, `instanceId` and `Instance-Id` become
/// `instance-id`.
fn kebab_case(name: &str) -> String {
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
    fn converts_names_to_kebab_case() {
        for (name, flag) in [
            ("instance_id", "instance-id"),
            ("instanceId", "instance-id"),
            ("X-Request-Id", "x-request-id"),
            ("ids[]", "ids"),
            ("ipV4", "ip-v4"),
            ("_", "parameter"),
        ] {
            assert_eq!(kebab_case(name), flag);
        }
    }

    #[test]
    fn prefixes_a_flag_that_is_taken_with_its_location() {
        let mut taken = BTreeSet::from(["timeout".to_owned()]);
        let mut flag = |name, location| unique_flag(name, location, &mut taken);
        assert_eq!(flag("timeout", ParameterLocation::Query), "query-timeout");
        assert_eq!(flag("Timeout", ParameterLocation::Header), "header-timeout");
        assert_eq!(flag("TIMEOUT", ParameterLocation::Query), "query-query-timeout");
        assert_eq!(flag("limit", ParameterLocation::Query), "limit");
    }
}
