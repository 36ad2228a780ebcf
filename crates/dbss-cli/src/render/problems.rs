//! Problems with the inputs in the words of the command line.

use dbss_client::descriptor::ClientValue;
use dbss_client::{Problem, ProblemKind, Source};

use crate::failure::FailedCall;
use crate::operations;

/// What is wrong with the inputs, all of it.
pub(super) fn text(problems: &[Problem], call: Option<&FailedCall>) -> String {
    let texts: Vec<_> = problems.iter().map(|problem| in_words(problem, call)).collect();
    texts.join("; ")
}

fn in_words(problem: &Problem, call: Option<&FailedCall>) -> String {
    let name = name(problem, call);
    // `--region: `x` is …`, but `--region is …`.
    let joint = if begins_with_value(problem.kind()) { ": " } else { " " };
    let message = problem.message();
    let help = match problem.kind() {
        ProblemKind::Missing if is_project(problem, call) => {
            if call.is_some_and(|call| call.dry_run) {
                " (a dry run does not ask IAM for it)"
            } else {
                " (set DBSS_PROJECT_ID, or give --region to have it looked up)"
            }
        }
        _ if problem.source() == Source::Configuration && problem.field() == "region" => {
            " (`dbss regions` lists them; --endpoint takes any other address)"
        }
        _ => "",
    };
    format!("{name}{joint}{message}{help}")
}

/// Whether the message begins with what was given.
fn begins_with_value(kind: &ProblemKind) -> bool {
    matches!(
        kind,
        ProblemKind::UnknownRegion { .. }
            | ProblemKind::AddressWithoutHost { .. }
            | ProblemKind::PlainHttp { .. }
            | ProblemKind::UnsupportedScheme { .. }
    )
}

/// What the input is called on the command line.
fn name(problem: &Problem, call: Option<&FailedCall>) -> String {
    let field = problem.field();
    if problem.source() == Source::Configuration {
        return match field {
            "attempt_timeout" => "--timeout".to_owned(),
            "retry" => "--retries".to_owned(),
            "credentials" => "the credentials:".to_owned(),
            "iam_endpoint" => "the address of IAM".to_owned(),
            other => format!("--{}", other.replace('_', "-")),
        };
    }
    // `ids[3]` is the fourth of what is called `ids`.
    let (root, rest) = field.split_at(field.find(['[', '.']).unwrap_or(field.len()));
    let given = call.into_iter().flat_map(|call| call.names).find(|(known, _)| *known == root);
    if let Some((_, shown)) = given {
        return format!("{shown}{rest}");
    }
    if is_project(problem, call) {
        return "--project-id".to_owned();
    }
    if problem.source() == Source::Body {
        return match (field, problem.kind()) {
            ("body", _) => "--body".to_owned(),
            // The message says of what.
            (_, ProblemKind::UnknownField) => format!("`{field}`"),
            _ => format!("`{field}` of the body"),
        };
    }
    let flags = call.map(|call| operations::flags(call.operation)).unwrap_or_default();
    match flags.into_iter().find(|(parameter, _)| parameter.name == root) {
        Some((_, flag)) => format!("--{flag}{rest}"),
        None => format!("`{field}`"),
    }
}

/// Whether it is the parameter that `--project-id` gives.
fn is_project(problem: &Problem, call: Option<&FailedCall>) -> bool {
    let mut parameters = call.into_iter().flat_map(|call| call.operation.parameters);
    problem.source() != Source::Body
        && parameters.any(|parameter| {
            parameter.name == problem.field() && parameter.filled_in == Some(ClientValue::ProjectId)
        })
}
