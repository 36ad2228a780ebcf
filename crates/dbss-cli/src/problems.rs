//! The client's errors in the words of the command line.

use dbss_client::descriptor::ClientValue;
use dbss_client::{Error, ErrorKind, Problem, ProblemKind, Source};

use crate::failure::Failure;
use crate::invocation::Invocation;
use crate::operations;

/// The failure of a call, or of making the client for it.
pub(crate) fn failure(error: &Error, call: Option<&Invocation>, dry_run: bool) -> Failure {
    let problems = error.problems();
    if error.kind() != ErrorKind::InvalidInput || problems.is_empty() {
        return Failure::of(error, error.kind(), None);
    }
    let words: Vec<_> = problems.iter().map(|problem| in_words(problem, call, dry_run)).collect();
    // The client takes credentials that do not fit for an input like others.
    let only_credentials = problems.iter().all(is_credentials);
    let kind = if only_credentials { ErrorKind::Credentials } else { ErrorKind::InvalidInput };
    Failure::of(error, kind, Some(words.join("; ")))
}

fn is_credentials(problem: &Problem) -> bool {
    problem.source() == Source::Configuration && problem.field() == "credentials"
}

fn in_words(problem: &Problem, call: Option<&Invocation>, dry_run: bool) -> String {
    let name = name(problem, call);
    // `--region: `x` is …`, but `--region is …`.
    let joint = match problem.kind() {
        ProblemKind::UnknownRegion { .. }
        | ProblemKind::AddressWithoutHost { .. }
        | ProblemKind::PlainHttp { .. }
        | ProblemKind::UnsupportedScheme { .. } => ": ",
        _ => " ",
    };
    let help = match problem.kind() {
        ProblemKind::Missing if is_project(problem, call) && dry_run => {
            " (a dry run does not ask IAM for it)"
        }
        ProblemKind::Missing if is_project(problem, call) => {
            " (set DBSS_PROJECT_ID, or give --region to have it looked up)"
        }
        _ if problem.source() == Source::Configuration && problem.field() == "region" => {
            " (`dbss regions` lists them; --endpoint takes any other address)"
        }
        _ => "",
    };
    format!("{name}{joint}{}{help}", problem.message())
}

/// Whether the input is the parameter that `--project-id` gives.
fn is_project(problem: &Problem, call: Option<&Invocation>) -> bool {
    let mut parameters = call.into_iter().flat_map(|call| call.operation.parameters);
    parameters.any(|parameter| {
        parameter.name == problem.field() && parameter.filled_in == Some(ClientValue::ProjectId)
    })
}

/// What the input is called on the command line.
fn name(problem: &Problem, call: Option<&Invocation>) -> String {
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
        return match field {
            "body" => "--body".to_owned(),
            // Its message says that already.
            _ if *problem.kind() == ProblemKind::UnknownField => format!("`{field}`"),
            _ => format!("`{field}` of the body"),
        };
    }
    let flags = call.map(|call| operations::flags(call.operation)).unwrap_or_default();
    match flags.into_iter().find(|(parameter, _)| parameter.name == root) {
        Some((_, flag)) => format!("--{flag}{rest}"),
        None => format!("`{field}`"),
    }
}
