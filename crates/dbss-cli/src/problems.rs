//! The client's errors in the words of the command line.

use dbss_client::{Error, ErrorKind, Problem, Source};

use crate::failure::Failure;
use crate::invocation::Invocation;
use crate::operations::{self, PROJECT_ID};

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
    let message = problem.message();
    // `--region: `x` is …`, but `--region is …`.
    let joint = if message.starts_with('`') { ": " } else { " " };
    let help = match problem.field() {
        PROJECT_ID if message != "is missing" => "",
        PROJECT_ID if dry_run => " (a dry run does not ask IAM for it)",
        PROJECT_ID => " (set DBSS_PROJECT_ID, or give --region to have it looked up)",
        "region" => " (`dbss regions` lists them; --endpoint takes any other address)",
        _ => "",
    };
    format!("{name}{joint}{message}{help}")
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
    if field == PROJECT_ID {
        return "--project-id".to_owned();
    }
    if problem.source() == Source::Body {
        return match field {
            "body" => "--body".to_owned(),
            _ if problem.message().contains("of the body") => format!("`{field}`"),
            _ => format!("`{field}` of the body"),
        };
    }
    let flags = call.map(|call| operations::flags(call.operation)).unwrap_or_default();
    match flags.into_iter().find(|(parameter, _)| parameter.name == root) {
        Some((_, flag)) => format!("--{flag}{rest}"),
        None => format!("`{field}`"),
    }
}
