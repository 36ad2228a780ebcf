//! Problems with the inputs, under the names that the command line has for them.

use dbss_client::descriptor::ClientValue;
use dbss_client::{InputLocation, Problem, ProblemKind};

use crate::failure::FailedCall;
use crate::operations;

/// All problems, separated by semicolons.
pub(super) fn text(problems: &[Problem], call: Option<&FailedCall>) -> String {
    let texts: Vec<_> = problems.iter().map(|problem| problem_text(problem, call)).collect();
    texts.join("; ")
}

fn problem_text(problem: &Problem, call: Option<&FailedCall>) -> String {
    let name = name(problem, call);
    // `--region: `x` is …`, but `--region is …`.
    let separator = if begins_with_value(problem.kind()) { ": " } else { " " };
    let message = problem.message();
    let help = match problem.kind() {
        ProblemKind::Missing if is_project(problem, call) => {
            if call.is_some_and(|call| call.dry_run) {
                " (a dry run does not ask IAM for it)"
            } else {
                " (set DBSS_PROJECT_ID, or give --region to have it looked up)"
            }
        }
        ProblemKind::PlainHttp { .. } => " (use https; --plain-http allows it all the same)",
        _ if problem.location() == InputLocation::Configuration && problem.field() == "region" => {
            " (`dbss regions` lists them; --endpoint takes any other address)"
        }
        _ => "",
    };
    format!("{name}{separator}{message}{help}")
}

/// Whether the message begins with the value of the input.
fn begins_with_value(kind: &ProblemKind) -> bool {
    matches!(
        kind,
        ProblemKind::UnknownRegion { .. }
            | ProblemKind::UrlWithoutHost { .. }
            | ProblemKind::PlainHttp { .. }
            | ProblemKind::UnsupportedScheme { .. }
            | ProblemKind::SocksProxy { .. }
            | ProblemKind::InvalidCertificate { .. }
    )
}

/// The name of the input on the command line.
fn name(problem: &Problem, call: Option<&FailedCall>) -> String {
    let field = problem.field();
    if problem.location() == InputLocation::Configuration {
        return match field {
            "attempt_timeout" => "--attempt-timeout".to_owned(),
            "retry" => "--retries".to_owned(),
            "credentials" => "the credentials:".to_owned(),
            "iam_endpoint" => "the address of IAM (--iam-endpoint)".to_owned(),
            // A variable, which has the same name everywhere.
            other
                if other.ends_with("_proxy")
                    || other.contains(|c: char| c.is_ascii_uppercase()) =>
            {
                other.to_owned()
            }
            other => match other.strip_prefix("profile.") {
                Some(key) => format!("`{key}` of the profile"),
                None => format!("--{}", other.replace('_', "-")),
            },
        };
    }
    // `ids[3]` is an item of the input `ids`.
    let (root, rest) = field.split_at(field.find(['[', '.']).unwrap_or(field.len()));
    let mut input_names = call.into_iter().flat_map(|call| call.input_names);
    if let Some((_, name)) = input_names.find(|(field, _)| *field == root) {
        return format!("{name}{rest}");
    }
    if is_project(problem, call) {
        return "--project-id".to_owned();
    }
    if problem.location() == InputLocation::Body {
        return match (field, problem.kind()) {
            ("body", _) => "--body".to_owned(),
            // The message goes on with "is not a field of …".
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

/// Whether the problem concerns the parameter that `--project-id` sets.
fn is_project(problem: &Problem, call: Option<&FailedCall>) -> bool {
    let mut parameters = call.into_iter().flat_map(|call| call.operation.parameters);
    problem.location() != InputLocation::Body
        && parameters.any(|parameter| {
            parameter.name == problem.field() && parameter.filled_in == Some(ClientValue::ProjectId)
        })
}
